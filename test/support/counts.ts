/** Results of a suite. A test that did not run counts as failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export const addCounts = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
});
