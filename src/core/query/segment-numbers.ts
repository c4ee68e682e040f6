import { u32 } from '../bytes/seq';
import { NO_FLAGS } from '../model/facts';
import { ACK, SYN } from '../model/flags';
import { SHIFT_UNKNOWN } from '../tcp/endpoint';
import { FLAG_BITS } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';

const relative = (raw: number, base: number | null): number => (base === null ? u32(raw) : u32(raw - base));

/** Numbers of a segment that is not whole are not made relative: nothing says that they belong to this connection. */
const counts = ({ segments }: Tracker, segment: number): boolean =>
  segments.payloadBytes.of(segment) >= 0 && (segments.absentOf(segment) & NO_FLAGS) === 0;

/** Sequence number relative to the first one of its direction. */
export function relativeSeq(tracker: Tracker, segment: number): number {
  const { flow, seq } = tracker.segments;
  const raw = seq[segment]!;
  if (!counts(tracker, segment)) return u32(raw);
  return relative(raw, tracker.baseSeqAt(flow[segment]! >> 1, flow[segment]! & 1, segment));
}

/** Acknowledgment number relative to the first sequence number of the other direction; raw where the flag is not set. */
export function relativeAck(tracker: Tracker, segment: number): number {
  const { flow, ack, bits } = tracker.segments;
  const raw = ack[segment]!;
  if (!counts(tracker, segment) || (bits[segment]! & ACK) === 0) return u32(raw);
  return relative(raw, tracker.baseSeqAt(flow[segment]! >> 1, 1 - (flow[segment]! & 1), segment));
}

/** The window in bytes; `null` while its scale is not known. That of a SYN is never scaled (RFC 7323 §2.2). */
export function scaledWindow(tracker: Tracker, segment: number): number | null {
  const { flow, window, bits } = tracker.segments;
  const raw = window[segment]!;
  const shift = tracker.shift(flow[segment]! >> 1, flow[segment]! & 1);
  if (bits[segment]! & FLAG_BITS & SYN || (!counts(tracker, segment) && shift !== SHIFT_UNKNOWN)) return raw;
  return shift === SHIFT_UNKNOWN ? null : raw * 2 ** Math.max(0, shift);
}
