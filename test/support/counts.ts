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

/**
 * Results of a suite that has ended with an exit code: what the reporter wrote (reporter.cjs). A suite that did not come
 * to its end, failed outside of its tests or has none has a failure more.
 */
export function countsOf(file: string, code: number): Counts {
  let counts: Counts | null = null;
  try {
    counts = JSON.parse(readFileSync(file, 'utf8')) as Counts;
  } catch {
    console.log('  ✖ the tests did not come to their end (see above)');
  }
  if (counts === null) return { passed: 0, failed: 1 };
  if (counts.passed === 0 && counts.failed === 0) {
    // mocha's --fail-zero asks each file for a test where files run at once.
    console.log('  ✖ there is no such test');
    return { passed: 0, failed: 1 };
  }
  if (code === 0 || counts.failed > 0) return counts;
  console.log(`  ✖ something failed outside of the tests (exit code ${code}, see above)`);
  return { ...counts, failed: 1 };
}
