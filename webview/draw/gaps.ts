import type { Pause } from '../../src/core/model/connection';
import type { Gap } from './folds';

/** How time is drawn: pauses as one broken line each, or all of it to scale. */
export interface TimeScale {
  /** What one empty line stands for, in nanoseconds; `null` where pauses are only broken lines. */
  readonly stepNs: number | null;
  /** Shorter pauses take no line. */
  readonly atLeastNs: number;
}

const SECOND = 1e9;
/** A pause in a short connection is what takes so much of it. */
const SHARE = 0.1;
const SHORTEST_NS = 10e6;
/** Empty lines that a whole connection should have about. */
const LINES = 80;
/** Bounds of what a line stands for: a microsecond and a day. */
const [MIN_STEP_NS, MAX_STEP_NS] = [1e3, 86_400e9];

/** A second, or a tenth of the connection where that is shorter. */
export const brokenLines = (durationNs: number): TimeScale => ({
  stepNs: null,
  atLeastNs: Math.min(SECOND, Math.max(SHORTEST_NS, durationNs * SHARE)),
});

/** @param zoom steps of the series 1, 2, 5 to make a line stand for more (above 0) or for less time (below) */
export function toScale(durationNs: number, zoom: number): TimeScale {
  const stepNs = roundStep(Math.max(MIN_STEP_NS, durationNs / LINES), zoom);
  return { stepNs, atLeastNs: stepNs };
}

/** The next number of the series 1, 2, 5, 10… that is at least `value`, and `zoom` numbers on from there. */
function roundStep(value: number, zoom: number): number {
  const series = [1, 2, 5] as const;
  const power = Math.floor(Math.log10(value));
  const first = series.findIndex((digit) => digit * 10 ** power >= value * (1 - 1e-9));
  const place = (first < 0 ? power + 1 : power) * 3 + Math.max(0, first) + zoom;
  const index = ((place % 3) + 3) % 3;
  const step = series[index]! * 10 ** Math.floor(place / 3);
  return Math.min(MAX_STEP_NS, Math.max(MIN_STEP_NS, step));
}

export const gapsOf = (pauses: readonly Pause[], { stepNs }: TimeScale): Gap[] =>
  pauses.map(({ row, ns }) => ({ row, ns, lines: stepNs === null ? 1 : Math.max(1, Math.floor(ns / stepNs)) }));
