'use strict';
// The reporter of every suite: mocha's "spec" for people, and the counts as JSON in the file named by TEST_COUNTS.
const { writeFileSync } = require('node:fs');
const { Spec } = require('mocha').reporters;

module.exports = class extends Spec {
  /** Called by mocha after the last test. */
  done(failures, finish) {
    const { passes, pending } = this.stats;
    // A skipped test is a test that did not do its work.
    const counts = { passed: passes, failed: failures + pending };
    if (process.env.TEST_COUNTS) writeFileSync(process.env.TEST_COUNTS, JSON.stringify(counts));
    finish?.(failures + pending);
  }
};
