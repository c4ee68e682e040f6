/** What one thread is to do: the inputs of seeds `[from, end)` of a target. */
export interface FuzzTask {
  readonly target: string;
  readonly from: number;
  readonly end: number;
  /** Milliseconds that one input may take. */
  readonly slowMs: number;
}

/** Milliseconds of CPU that this process has used since; on a busy machine time itself tells nothing. */
export function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
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
