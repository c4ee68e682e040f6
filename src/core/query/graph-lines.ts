import type { GraphLine, GraphLineKind, GraphMarkKind, GraphMarks } from '../model/graph';

/** A range of time `[from, to]` in nanoseconds, and the pixel columns that it is drawn in. */
export interface GraphRange {
  readonly from: number;
  readonly to: number;
  readonly columns: number;
}

/** Columns a nanosecond. */
const scaleOf = ({ from, to, columns }: GraphRange): number => (to > from ? columns / (to - from) : 0);

/** Points that are kept of a column: the first and the last, the lowest and the highest. */
const KEPT = 4;
const [FIRST, LAST, LOWEST, HIGHEST] = [0, 1, 2, 3];

/**
 * Thins a line so that it looks the same in the columns of a range. Points may come in any order of time: a clock that
 * goes back is normal input.
 */
export class LineThinner {
  points = 0;
  /** {@link KEPT} a column, and one on either side of the range; a row of -1 is none. */
  private readonly times: Float64Array;
  private readonly values: Float64Array;
  private readonly rows: Int32Array;
  private readonly before: number;
  private readonly after: number;
  private readonly scale: number;

  constructor(
    private readonly kind: GraphLineKind,
    private readonly range: GraphRange,
  ) {
    this.scale = scaleOf(range);
    const places = range.columns * KEPT + 2;
    this.times = new Float64Array(places);
    this.values = new Float64Array(places);
    this.rows = new Int32Array(places).fill(-1);
    this.before = places - 2;
    this.after = places - 1;
  }

  add(time: number, value: number, row: number): void {
    const { range, times, values, rows } = this;
    if (time < range.from) {
      if (rows[this.before]! < 0 || time >= times[this.before]!) this.put(this.before, time, value, row);
      return;
    }
    if (time > range.to) {
      if (rows[this.after]! < 0 || time < times[this.after]!) this.put(this.after, time, value, row);
      return;
    }
    this.points++;
    const at = Math.min(range.columns - 1, Math.floor((time - range.from) * this.scale)) * KEPT;
    if (rows[at]! < 0) {
      for (let i = 0; i < KEPT; i++) this.put(at + i, time, value, row);
      return;
    }
    if (time < times[at + FIRST]!) this.put(at + FIRST, time, value, row);
    if (time >= times[at + LAST]!) this.put(at + LAST, time, value, row);
    if (value < values[at + LOWEST]! || Number.isNaN(values[at + LOWEST]!)) this.put(at + LOWEST, time, value, row);
    if (value > values[at + HIGHEST]! || Number.isNaN(values[at + HIGHEST]!)) this.put(at + HIGHEST, time, value, row);
  }

  result(): GraphLine {
    const { times, values, rows, before, after, range } = this;
    const kept: number[] = [];
    const keep = (place: number): void => {
      if (rows[place]! < 0) return;
      const last = kept.at(-1);
      if (last === undefined || rows[last] !== rows[place] || times[last] !== times[place]) kept.push(place);
    };
    keep(before);
    for (let column = 0; column < range.columns; column++) {
      const at = column * KEPT;
      if (rows[at]! < 0) continue;
      const inside = [at + LOWEST, at + HIGHEST].sort((a, b) => times[a]! - times[b]! || rows[a]! - rows[b]!);
      for (const place of [at + FIRST, ...inside, at + LAST]) keep(place);
    }
    keep(after);
    return {
      kind: this.kind,
      times: Float64Array.from(kept, (place) => times[place]!),
      values: Float64Array.from(kept, (place) => values[place]!),
      rows: Int32Array.from(kept, (place) => rows[place]!),
    };
  }

  private put(place: number, time: number, value: number, row: number): void {
    this.times[place] = time;
    this.values[place] = value;
    this.rows[place] = row;
  }
}

/** Marks that are kept apart in one column; what comes beyond them is joined to the last. */
const MARKS_IN_COLUMN = 16;

/** Collects marks of one kind in a range. In one column, what touches the mark before becomes one with it. */
export class MarkCollector {
  points = 0;
  private readonly times: number[] = [];
  private readonly lows: number[] = [];
  private readonly highs: number[] = [];
  private readonly rows: number[] = [];
  /** Of each column: its latest mark, and how many it has. */
  private readonly latest: Int32Array;
  private readonly scale: number;
  private ordered = true;
  private lastTime = -Infinity;
  private readonly counts: Uint8Array;

  constructor(
    private readonly kind: GraphMarkKind,
    private readonly range: GraphRange,
  ) {
    this.scale = scaleOf(range);
    this.latest = new Int32Array(range.columns).fill(-1);
    this.counts = new Uint8Array(range.columns);
  }

  add(time: number, low: number, high: number, row: number): void {
    const { range, lows, highs, latest, counts } = this;
    if (time < range.from || time > range.to) return;
    this.points++;
    const column = Math.min(range.columns - 1, Math.floor((time - range.from) * this.scale));
    const mark = latest[column]!;
    if (mark >= 0 && (counts[column] === MARKS_IN_COLUMN || (low <= highs[mark]! && high >= lows[mark]!))) {
      lows[mark] = Math.min(lows[mark]!, low);
      highs[mark] = Math.max(highs[mark]!, high);
      return;
    }
    latest[column] = this.times.length;
    if (time < this.lastTime) this.ordered = false;
    this.lastTime = time;
    counts[column]!++;
    this.times.push(time);
    lows.push(low);
    highs.push(high);
    this.rows.push(row);
  }

  result(): GraphMarks {
    const { times } = this;
    const order = Uint32Array.from(times, (_, index) => index);
    if (!this.ordered) order.sort((a, b) => times[a]! - times[b]!);
    const ordered = (values: readonly number[]): Float64Array => Float64Array.from(order, (index) => values[index]!);
    return {
      kind: this.kind,
      times: ordered(times),
      lows: ordered(this.lows),
      highs: ordered(this.highs),
      rows: Int32Array.from(order, (index) => this.rows[index]!),
    };
  }
}
