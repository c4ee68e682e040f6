/** What is fuzzed: one file, and one line in `targets.ts`. */
export interface FuzzTarget {
  readonly id: string;
  /** What one input is, for people. */
  readonly about: string;
  /** How many of every thousand inputs of a run over all targets are for this one: what is quick gets more. */
  readonly share: number;
  /** Loads what inputs are made of. The result makes the input of a seed, gives it to the code, and throws what is wrong. */
  readonly prepare: () => (seed: number) => void;
}
