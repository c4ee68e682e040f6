import { FIN, RST, SYN } from '../model/flags';
import type { Arrival } from '../model/segment';
import { type SegmentTable, TEXT_UNDELIVERED, UNDELIVERED } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';

/** Segments that are searched for the answer and for the repetition. */
const SEARCH_SEGMENTS = 4096;

/** What later segments show of the arrival of one that the tracker has marked; `null` for every other. */
export function arrivalOf(tracker: Tracker, segment: number): Arrival | null {
  const table = tracker.segments;
  const bits = table.bits[segment]!;
  if ((bits & (UNDELIVERED | TEXT_UNDELIVERED)) === 0) return null;
  const direction = table.flow[segment]! & 1;
  const control = bits & (SYN | RST);
  const start = table.seq[segment]!;
  const length = occupied(table, segment);
  let after = -1;
  let sentAgain = -1;
  let other = table.next[segment]!;
  for (let looked = 0; other >= 0 && looked < SEARCH_SEGMENTS; looked++, other = table.next[other]!) {
    if ((table.flow[other]! & 1) !== direction) {
      if (after < 0) after = other;
    } else if (sentAgain < 0 && length > 0 && (table.bits[other]! & (SYN | RST)) === control) {
      const ahead = (table.seq[other]! - start) >>> 0;
      const overlaps = ahead < length || -ahead >>> 0 < occupied(table, other);
      if (overlaps && occupied(table, other) > 0) sentAgain = other;
    }
    if (after >= 0 && (sentAgain >= 0 || length === 0)) break;
  }
  if (after < 0) return null;
  const isReset = (table.bits[after]! & RST) !== 0;
  return { after: tracker.packetOf(after), isReset, sentAgain: sentAgain < 0 ? null : tracker.packetOf(sentAgain) };
}

/** Sequence numbers that a segment takes. */
const occupied = (table: SegmentTable, segment: number): number =>
  Math.max(0, table.payloadBytes.of(segment)) + (table.bits[segment]! & (SYN | FIN) ? 1 : 0);
