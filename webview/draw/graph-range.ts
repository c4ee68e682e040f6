import type { Interval } from './graph-plot';

/**
 * A shown interval made longer or shorter by a factor around a place in it, no shorter than `shortest`, inside the whole;
 * `null` where it would be all of it.
 */
export function zoomed(
  [from, to]: Interval,
  whole: Interval,
  factor: number,
  centre: number,
  shortest: number,
): Interval | null {
  const span = Math.max(shortest, (to - from) * factor);
  if (span >= whole[1] - whole[0]) return null;
  const share = (centre - from) / (to - from);
  return within([centre - share * span, centre + (1 - share) * span], whole);
}

/** A shown interval moved to begin elsewhere, as far as the whole reaches. */
export const moved = ([from, to]: Interval, whole: Interval, by: number): Interval =>
  within([from + by, to + by], whole);

function within([from, to]: Interval, [lowest, highest]: Interval): Interval {
  const start = Math.max(lowest, Math.min(from, highest - (to - from)));
  return [start, start + (to - from)];
}
