import assert from 'node:assert/strict';
import type { QuietRun } from '../../../src/core/model/connection';
import { Folds, type Gap } from '../../../webview/draw/folds';

const NONE = { client: 0, server: 0 };
const run = (start: number, end: number): QuietRun => ({
  start,
  end,
  dataSegments: NONE,
  payloadBytes: NONE,
  acks: NONE,
  durationNs: 0,
});

/** The lines as text: rows by number, runs as "+" while folded and "-" while open, time by its part. */
const lines = (folds: Folds): string =>
  Array.from({ length: folds.lineCount }, (_, line) => {
    const at = folds.lineAt(line);
    if (at.kind === 'gap') return `.${at.part}`;
    return at.kind === 'segment' ? String(at.row) : at.open ? '-' : '+';
  }).join(' ');

describe('folds', () => {
  const RUNS = [run(2, 5), run(6, 8)];

  it('show every row where nothing is folded', () => {
    assert.equal(lines(new Folds(4, [], new Set())), '0 1 2 3');
    assert.equal(lines(new Folds(0, [], new Set())), '');
  });

  it('take one line for a folded run', () => {
    assert.equal(lines(new Folds(10, RUNS, new Set())), '0 1 + 5 + 8 9');
  });

  it('keep the run’s own line above its rows while it is open', () => {
    assert.equal(lines(new Folds(10, RUNS, new Set([2]))), '0 1 - 2 3 4 5 + 8 9');
    assert.equal(lines(new Folds(10, RUNS, new Set([2, 6]))), '0 1 - 2 3 4 5 - 6 7 8 9');
  });

  it('work at both edges and back to back', () => {
    assert.equal(lines(new Folds(6, [run(0, 3), run(3, 6)], new Set())), '+ +');
    assert.equal(lines(new Folds(6, [run(0, 3), run(3, 6)], new Set([3]))), '+ - 3 4 5');
  });

  it('find the line of each row, and that of the run that hides it', () => {
    const gaps: Gap[] = [2, 4, 5, 9].map((row) => ({ row, ns: 1, lines: row }));
    for (const [unfolded, between] of [[], [2], [6], [2, 6]].flatMap((open) => [
      [open, []] as const,
      [open, gaps] as const,
    ])) {
      const folds = new Folds(10, RUNS, new Set(unfolded), between);
      for (let row = 0; row < 10; row++) {
        const at = folds.lineAt(folds.lineOf(row));
        const hiding = folds.runOf(row);
        if (hiding < 0 || folds.isOpen(hiding)) assert.deepEqual(at, { kind: 'segment', row });
        else assert.deepEqual(at, { kind: 'run', run: hiding, open: false });
      }
    }
  });

  it('put lines of time before their rows, and none inside a folded run', () => {
    const gap = (row: number, lines = 1): Gap => ({ row, ns: lines, lines });
    assert.equal(lines(new Folds(4, [], new Set(), [gap(1), gap(3, 2)])), '0 .0 1 2 .0 .1 3');
    const gaps = [gap(2), gap(4), gap(5, 2), gap(8)];
    assert.equal(lines(new Folds(10, RUNS, new Set(), gaps)), '0 1 .0 + .0 .1 5 + .0 8 9');
    assert.equal(lines(new Folds(10, RUNS, new Set([2]), gaps)), '0 1 .0 - 2 3 .0 4 .0 .1 5 + .0 8 9');
  });

  it('stay right at a million rows', () => {
    const runs = Array.from({ length: 1000 }, (_, i) => run(i * 1000 + 10, i * 1000 + 990));
    const folds = new Folds(1_000_000, runs, new Set([500_010]));
    assert.equal(folds.lineCount, 1000 * 21 + 980);
    assert.deepEqual(folds.lineAt(folds.lineCount - 1), { kind: 'segment', row: 999_999 });
    assert.equal(folds.lineOf(500_009), 500 * 21 + 9);
    assert.equal(folds.lineOf(500_010), 500 * 21 + 11);
  });
});
