import { readFileSync } from 'node:fs';

/** Results of a suite. A test that did not run counts as failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export const addCounts = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
});

/** What the reporter wrote at the end of a suite (reporter.cjs); `null` where it did not come to its end. */
export function readCounts(file: string): Counts | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts;
  } catch {
    return null;
  }
}
