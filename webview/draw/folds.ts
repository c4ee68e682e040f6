import type { QuietRun } from '../../src/core/model/connection';

/** What stands in one line of the diagram. */
export type Line =
  | { readonly kind: 'segment'; readonly row: number }
  | { readonly kind: 'run'; readonly run: number; readonly open: boolean };

/**
 * Which line shows which row, when quiet runs may be folded: a run takes one line of its own, and its rows follow it
 * while it is open. Lines and rows count from 0.
 */
export class Folds {
  private readonly open: Uint8Array;
  /** Line of each run's own line. */
  private readonly lines: Float64Array;
  readonly lineCount: number;

  /** @param runs ascending and disjoint. */
  constructor(
    readonly rowCount: number,
    readonly runs: readonly QuietRun[],
    unfolded: ReadonlySet<number>,
  ) {
    this.open = new Uint8Array(runs.length);
    this.lines = new Float64Array(runs.length);
    let line = 0;
    let row = 0;
    runs.forEach((run, i) => {
      line += run.start - row;
      this.lines[i] = line++;
      if (unfolded.has(run.start)) {
        this.open[i] = 1;
        line += run.end - run.start;
      }
      row = run.end;
    });
    this.lineCount = line + Math.max(0, rowCount - row);
  }

  lineAt(line: number): Line {
    const run = lastAtMost(this.lines, line);
    if (run < 0) return { kind: 'segment', row: line };
    const after = line - this.lines[run]! - 1;
    const { start, end } = this.runs[run]!;
    const open = this.open[run] === 1;
    if (after < 0) return { kind: 'run', run, open };
    return { kind: 'segment', row: open ? start + after : end + after };
  }

  /** The line that shows the row: its own, or that of the folded run that hides it. */
  lineOf(row: number): number {
    const run = this.runBefore(row);
    if (run < 0) return row;
    const { start, end } = this.runs[run]!;
    const line = this.lines[run]!;
    const open = this.open[run] === 1;
    if (row < end) return open ? line + 1 + row - start : line;
    return line + 1 + (open ? row - start : row - end);
  }

  lineOfRun(run: number): number {
    return this.lines[run]!;
  }

  /** The run that holds the row, or -1. */
  runOf(row: number): number {
    const run = this.runBefore(row);
    return run >= 0 && row < this.runs[run]!.end ? run : -1;
  }

  isOpen(run: number): boolean {
    return this.open[run] === 1;
  }

  /** The last run that starts at or before the row, or -1. */
  private runBefore(row: number): number {
    let low = 0;
    let high = this.runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.runs[middle]!.start <= row) low = middle + 1;
      else high = middle;
    }
    return low - 1;
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
