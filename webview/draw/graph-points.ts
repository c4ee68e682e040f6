import type { GraphData, GraphLineKind, GraphMarkKind } from '../../src/core/model/graph';

/** A point that can be pointed at. */
export interface GraphPoint {
  readonly kind: GraphLineKind | GraphMarkKind;
  /** Nanoseconds since the connection's first segment. */
  readonly time: number;
  readonly low: number;
  readonly high: number;
  readonly row: number;
}

/** Every point of a graph in `[from, to]`, in the order of time. */
export function pointsOf(data: GraphData, from: number, to: number): GraphPoint[] {
  const points: GraphPoint[] = [];
  const add = (point: GraphPoint): void => {
    if (point.time >= from && point.time <= to && !Number.isNaN(point.low)) points.push(point);
  };
  for (const { kind, times, lows, highs, rows } of data.marks)
    times.forEach((time, i) => add({ kind, time, low: lows[i]!, high: highs[i]!, row: rows[i]! }));
  for (const { kind, times, values, rows } of data.lines)
    times.forEach((time, i) => add({ kind, time, low: values[i]!, high: values[i]!, row: rows[i]! }));
  return points.sort((a, b) => a.time - b.time);
}

/** Index of the first point that is not before a time; `points.length` for none. */
export function firstFrom(points: readonly GraphPoint[], time: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (points[middle]!.time < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The point nearest to a place: `x` and `y` in pixels, `place` gives the pixels of a value. `reach` is how far away it
 * may be either way; -1 where there is none.
 */
export function nearest(
  points: readonly GraphPoint[],
  at: { readonly x: number; readonly y: number },
  interval: readonly [from: number, to: number],
  place: (x: number, y: number) => { readonly x: number; readonly y: number },
  reach: number,
): number {
  let best = -1;
  let least = reach * reach;
  for (let i = firstFrom(points, interval[0]); i < points.length && points[i]!.time <= interval[1]; i++) {
    const { time, low, high } = points[i]!;
    const bottom = place(time, low);
    const top = high === low ? bottom : place(time, high);
    const x = bottom.x - at.x;
    const y = at.y > bottom.y ? at.y - bottom.y : at.y < top.y ? top.y - at.y : 0;
    const distance = x * x + y * y;
    if (distance <= least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

/** Lowest and highest value in a graph, and what lies beside the interval only where a line comes from there. */
export function extent(data: GraphData, from: number, to: number): [low: number, high: number] | null {
  let low = Infinity;
  let high = -Infinity;
  const take = (value: number): void => {
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const { times, lows, highs } of data.marks)
    times.forEach((time, i) => {
      if (time < from || time > to) return;
      take(lows[i]!);
      take(highs[i]!);
    });
  for (const { times, values } of data.lines)
    times.forEach((time, i) => {
      if (time <= to && (time >= from || (times[i + 1] ?? to) > from)) take(values[i]!);
    });
  return low <= high ? [low, high] : null;
}
