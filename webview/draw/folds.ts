import type { QuietRun } from '../../src/core/model/connection';

/** What stands in one line of the diagram. */
export type Line =
  | { readonly kind: 'segment'; readonly row: number }
  | { readonly kind: 'run'; readonly run: number; readonly open: boolean }
  /** Time in which nothing was sent, in one line or in several; `part` counts them from 0. */
  | { readonly kind: 'gap'; readonly gap: number; readonly part: number };

/** Lines that stand for time before a row. */
export interface Gap {
  readonly row: number;
  readonly ns: number;
  readonly lines: number;
}

/**
 * Which line shows which row, when quiet runs may be folded and pauses take lines of their own: a run takes one line, and
 * its rows follow it while it is open; a gap stands before its row. Lines and rows count from 0.
 */
export class Folds {
  private readonly open: Uint8Array;
  /** What is inserted, in order: the first line of each, the row that it stands before, and its run or `~gap`. */
  private readonly lines: Float64Array;
  private readonly rows: Float64Array;
  private readonly what: Int32Array;
  private readonly runAt: Int32Array;
  readonly lineCount: number;

  /**
   * @param runs ascending and disjoint
   * @param gaps ascending, one a row at most; those inside a folded run are not shown
   */
  constructor(
    readonly rowCount: number,
    readonly runs: readonly QuietRun[],
    unfolded: ReadonlySet<number>,
    readonly gaps: readonly Gap[] = [],
  ) {
    this.open = new Uint8Array(runs.length);
    this.runAt = new Int32Array(runs.length);
    const most = runs.length + gaps.length;
    const [lines, rows, what] = [new Float64Array(most), new Float64Array(most), new Int32Array(most)];
    let used = 0;
    let line = 0;
    let row = 0;
    let gap = 0;
    const insert = (before: number, item: number): void => {
      line += before - row;
      row = before;
      lines[used] = line;
      rows[used] = before;
      what[used++] = item;
    };
    const insertGaps = (end: number): void => {
      for (; gap < gaps.length && gaps[gap]!.row < end; gap++) {
        if (gaps[gap]!.row < row) continue;
        insert(gaps[gap]!.row, ~gap);
        line += gaps[gap]!.lines;
      }
    };
    runs.forEach((run, i) => {
      insertGaps(run.start + 1);
      this.runAt[i] = used;
      insert(run.start, i);
      line++;
      if (unfolded.has(run.start)) this.open[i] = 1;
      else row = run.end;
    });
    insertGaps(rowCount);
    this.lines = lines.subarray(0, used);
    this.rows = rows.subarray(0, used);
    this.what = what.subarray(0, used);
    this.lineCount = line + Math.max(0, rowCount - row);
  }

  lineAt(line: number): Line {
    const item = lastAtMost(this.lines, line);
    if (item < 0) return { kind: 'segment', row: line };
    const after = line - this.lines[item]!;
    if (after < this.linesOf(item)) {
      const what = this.what[item]!;
      if (what < 0) return { kind: 'gap', gap: ~what, part: after };
      return { kind: 'run', run: what, open: this.open[what] === 1 };
    }
    return { kind: 'segment', row: this.rowAfter(item) + after - this.linesOf(item) };
  }

  /** The line that shows the row: its own, or that of the folded run that hides it. */
  lineOf(row: number): number {
    const item = lastAtMost(this.rows, row);
    if (item < 0) return row;
    const first = this.rowAfter(item);
    return row < first ? this.lines[item]! : this.lines[item]! + this.linesOf(item) + row - first;
  }

  lineOfRun(run: number): number {
    return this.lines[this.runAt[run]!]!;
  }

  /** The run that holds the row, or -1. */
  runOf(row: number): number {
    let low = 0;
    let high = this.runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.runs[middle]!.start <= row) low = middle + 1;
      else high = middle;
    }
    return low > 0 && row < this.runs[low - 1]!.end ? low - 1 : -1;
  }

  isOpen(run: number): boolean {
    return this.open[run] === 1;
  }

  private linesOf(item: number): number {
    const what = this.what[item]!;
    return what < 0 ? this.gaps[~what]!.lines : 1;
  }

  /** The first row that has a line of its own after the item. */
  private rowAfter(item: number): number {
    const what = this.what[item]!;
    return what < 0 || this.open[what] === 1 ? this.rows[item]! : this.runs[what]!.end;
  }
}

/** Index of the last element of an ascending array that is at most `value`, or -1. */
function lastAtMost(values: Float64Array, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
