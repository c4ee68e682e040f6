import type { SegmentRow, Side } from '../model/segment';

/** How sequence and acknowledgment numbers are printed: from the first of their direction, as on the wire, or as X + 1. */
export const SEQ_MODES = ['relative', 'raw', 'xy'] as const;
export type SeqMode = (typeof SEQ_MODES)[number];

/** Distances above this are of numbers a little before the base: a keep-alive's, or one of a duplicate SYN. */
const BEFORE_BASE = 0xffff_0000;
/** Numbers farther from what is expected than any window reaches (RFC 7323 §2.3) do not count from the same base. */
const FAR = 2 ** 30;

/** Distance of two sequence numbers, modulo 2^32. A position just before the base is negative. */
export const sequenceDistance = (value: number, base: number): number => {
  const distance = (value - base) >>> 0;
  return distance > BEFORE_BASE ? distance - 0x1_0000_0000 : distance;
};

/** As textbooks write a number that lies `distance` behind an initial sequence number: `X`, `X + 1`, `X − 1`. */
export const textbookNumber = (letter: string, distance: number): string =>
  distance === 0 ? letter : distance > 0 ? `${letter} + ${distance}` : `${letter} − ${-distance}`;

/** X is the client's initial sequence number, Y the server's. */
export const isnLetter = (side: Side): string => (side === 'client' ? 'X' : 'Y');

const otherSide = (side: Side): Side => (side === 'client' ? 'server' : 'client');

/**
 * A number of a segment as the mode says. Where a text trace has no raw numbers they stay relative; where the initial
 * sequence number is not known, or the number is nowhere near it, there is no X to count from.
 *
 * @param raw the number on the wire, in the sequence space of `side`; `relative` the same from the first one seen
 */
export function sequenceText(row: SegmentRow, side: Side, raw: number, relative: number, mode: SeqMode): string {
  if (mode === 'relative' || row.relativeOnly[side]) {
    const base = mode === 'xy' ? row[side].iss : null;
    return base === null ? String(relative) : textbookNumber(isnLetter(side), sequenceDistance(raw, base));
  }
  if (mode === 'raw') return String(raw);
  const { iss, sndNxt } = row[side];
  if (iss === null) return String(relative);
  if (sndNxt !== null && Math.abs((raw - sndNxt) | 0) > FAR) return String(raw);
  return textbookNumber(isnLetter(side), sequenceDistance(raw, iss));
}

/** The segment's own sequence number as the mode says. */
export const seqText = (row: SegmentRow, mode: SeqMode): string =>
  sequenceText(row, row.from, row.seqRaw, row.seq, mode);

/** What the segment acknowledges, as the mode says. */
export const ackText = (row: SegmentRow, mode: SeqMode): string =>
  sequenceText(row, otherSide(row.from), row.ackRaw, row.ack, mode);

/** A block that a segment acknowledges selectively (RFC 2018 §3), `[left, right)`, in numbers of the other side. */
export function sackBlockText(row: SegmentRow, [left, right]: readonly [number, number], mode: SeqMode): string {
  const side = otherSide(row.from);
  const print = (raw: number): string => sequenceText(row, side, raw, (row.ack + ((raw - row.ackRaw) | 0)) >>> 0, mode);
  return `${print(left)}–${print(right)}`;
}
