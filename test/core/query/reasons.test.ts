import assert from 'node:assert/strict';
import path from 'node:path';
import { DETECTORS } from '../../../src/core/findings/registry';
import { RULES } from '../../../src/core/rules/registry';
import { captureFiles, readTrace } from '../../support/traces';

describe('reasons', () => {
  for (const file of captureFiles())
    it(`are given for every note, with all conditions of its rule: ${path.basename(file)}`, function () {
      this.timeout(60_000);
      const trace = readTrace(file);
      const reasonsOf = trace.allReasons();
      for (const row of trace.allSegments()) {
        const reasons = reasonsOf(row.segment);
        assert.deepEqual(
          reasons.map(({ kind }) => kind).sort(),
          row.notes.map(({ kind }) => kind).sort(),
          `packet ${row.packet}`,
        );
        for (const { kind, cites, conditions } of reasons) {
          const rule = RULES.find((one) => one.kind === kind);
          const detector = DETECTORS.find((one) => one.kind === kind);
          assert.equal(cites, (rule ?? detector!).cites);
          if (rule !== undefined)
            assert.deepEqual(
              conditions.map(({ text, holds }) => [text, holds]),
              rule.conditions.map(({ text }) => [text, true]),
            );
          // What is found before there is anything to compare has no numbers.
          if (kind !== 'reused-ports')
            assert.ok(
              conditions.some(({ values }) => Object.keys(values).length > 0),
              `packet ${row.packet}: ${kind}`,
            );
        }
      }
    });

  it('of one row are those of the whole walk, in any order', () => {
    const trace = readTrace(captureFiles().find((file) => file.endsWith('zero-window.pcap'))!);
    const reasonsOf = trace.allReasons();
    const all = [...trace.allSegments()].map((row) => [row.connection, row.row, reasonsOf(row.segment)] as const);
    for (const [connection, row, reasons] of [...all, ...all.toReversed()])
      assert.deepEqual(trace.reasons(connection, row), reasons);
  });
});
