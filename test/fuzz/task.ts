/** What one thread is to do: the inputs of seeds `[from, end)` of a target. */
export interface FuzzTask {
  readonly target: string;
  readonly from: number;
  readonly end: number;
  /** Milliseconds that one input may take. */
  readonly slowMs: number;
}

/** Places in the progress that is shared with a thread: the seed at work, and whether all are done (1) or not (0). */
export const SEED = 0;
export const DONE = 1;

export const FAILURE = 'failure';
export const END = 'end';

/** What a thread says last. */
export interface FuzzReport {
  readonly type: typeof FAILURE | typeof END;
  readonly what: string;
  readonly slowestMs: number;
}
