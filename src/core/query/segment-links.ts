import { seqAdd, seqGe } from '../bytes/seq';
import { NO_ACK, NO_FLAGS } from '../model/facts';
import { ACK, FIN, RST, SYN } from '../model/flags';
import { noteBit } from '../model/segment';
import type { SegmentLinkKind } from '../model/text';
import { FLAG_BITS, type SegmentTable } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import type { ConnectionView } from './connection-view';

/** Links that are listed; nobody reads on. */
const MAX_LINKS = 1000;
/** Sequence numbers that are farther apart than any window reaches (RFC 7323 §2.3) are of another turn of the space. */
const FAR = 1 << 30;

const DUPLICATE_ACK = noteBit('duplicate-ack');

export interface RowLink {
  readonly row: number;
  readonly kind: SegmentLinkKind;
}

/** Sequence numbers that a segment takes: payload, SYN and FIN (RFC 9293 §3.4). */
function lengthOf(table: SegmentTable, segment: number): number {
  const flags = table.bits[segment]! & FLAG_BITS;
  return Math.max(0, table.payloadBytes.of(segment)) + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
}

const hasAck = (table: SegmentTable, segment: number): boolean =>
  (table.bits[segment]! & ACK) !== 0 && (table.absentOf(segment) & (NO_ACK | NO_FLAGS)) === 0;

/**
 * The rows before `row` that carried the last of what it acknowledges, in order: the original and what was sent again.
 * Empty where it acknowledges nothing, or what was not seen.
 */
export function carriersOf(tracker: Tracker, view: ConnectionView, row: number): number[] {
  const { segments: table } = tracker;
  const segment = view.segments[row]!;
  if (!hasAck(table, segment)) return [];
  const last = seqAdd(table.ack[segment]!, -1);
  const direction = table.flow[segment]! & 1;
  const rows: number[] = [];
  for (let at = row - 1; at >= 0 && rows.length < MAX_LINKS; at--) {
    const other = view.segments[at]!;
    if ((table.flow[other]! & 1) === direction) continue;
    const distance = (last - table.seq[other]!) | 0;
    if (distance > FAR) break;
    if (distance >= 0 && distance < lengthOf(table, other)) rows.push(at);
  }
  return rows.reverse();
}

/**
 * Every segment that refers to the one in `row`: what carries the same bytes, the acknowledgment of its last byte, and
 * the duplicate ACKs that ask for it or repeat its acknowledgment. Of a bare ACK: those that repeat it.
 */
export function linksOf(tracker: Tracker, view: ConnectionView, row: number): RowLink[] {
  const { segments: table } = tracker;
  const segment = view.segments[row]!;
  const direction = table.flow[segment]! & 1;
  const start = table.seq[segment]!;
  const length = lengthOf(table, segment);
  const end = seqAdd(start, length);
  const links: RowLink[] = [];
  let isAcked = false;
  for (let at = 0; at < view.length && links.length < MAX_LINKS; at++) {
    if (at === row) continue;
    const other = view.segments[at]!;
    const isDuplicate = (table.notes[other]! & DUPLICATE_ACK) !== 0;
    if ((table.flow[other]! & 1) === direction) {
      const distance = (table.seq[other]! - start) | 0;
      if (at > row && isAcked && distance > FAR) break;
      const sameBytes = length > 0 && distance < length && distance + lengthOf(table, other) > 0;
      if (sameBytes && Math.abs(distance) < FAR) {
        if (lengthOf(table, other) > 0) links.push({ row: at, kind: 'same-bytes' });
      } else if (length === 0 && at > row && isDuplicate && table.ack[other] === table.ack[segment])
        links.push({ row: at, kind: 'duplicate-ack' });
    } else if (length > 0 && hasAck(table, other) && (table.bits[other]! & RST) === 0) {
      const ack = table.ack[other]!;
      if (isDuplicate && (ack === start || (ack === end && isAcked))) links.push({ row: at, kind: 'duplicate-ack' });
      else if (at > row && !isAcked && seqGe(ack, end)) {
        links.push({ row: at, kind: 'acknowledgment' });
        isAcked = true;
      }
    }
  }
  return links;
}
