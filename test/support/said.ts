/** A sentence about a segment with all that is shown beside it, and what its truth is worked out from. */
import type { MessageArgument } from '../../src/core/model/message';
import type { NoteKind, SegmentRow, Side, Tcb } from '../../src/core/model/segment';
import { otherSide } from '../../src/core/model/side';

/** A sentence with all that is shown beside it. */
export interface Said {
  readonly row: SegmentRow;
  /** All segments of its connection, in order. */
  readonly rows: readonly SegmentRow[];
  readonly args: readonly MessageArgument[];
  /** Segments by their packet, of the whole capture. */
  readonly packets: ReadonlyMap<number, readonly SegmentRow[]>;
  /** The capture is of real ends, which remember what they said; not of segments thrown together. */
  readonly isOrdinary: boolean;
}

/** Whether the sentence is true. */
export type Truth = (said: Said) => boolean;

export const set = ({ flags }: SegmentRow, ...names: SegmentRow['flags'][number][]): boolean =>
  names.every((name) => flags.includes(name));

export const diff = (a: number, b: number): number => (a - b) | 0;

/** Sequence numbers that it takes; a FIN beside a bare SYN is none. */
export const lengthOf = (row: SegmentRow): number => row.len + (set(row, 'SYN') || set(row, 'FIN') ? 1 : 0);

export const endOf = (row: SegmentRow): number => row.seqRaw + lengthOf(row);

export const peerOf = (row: SegmentRow): Side => otherSide(row.from);

export const own = (row: SegmentRow): Tcb => row[row.from];

export const peer = (row: SegmentRow): Tcb => row[peerOf(row)];

export const ownBefore = (row: SegmentRow): Tcb | null => row.before?.[row.from] ?? null;

export const peerBefore = (row: SegmentRow): Tcb | null => row.before?.[peerOf(row)] ?? null;

export const isText = (arg: MessageArgument | undefined, text: string): boolean =>
  typeof arg === 'object' && arg.text === text && arg.args.length === 0;

export const isSide = (arg: MessageArgument | undefined, side: Side): boolean => isText(arg, side);

export const earlier = ({ row, rows }: Said): readonly SegmentRow[] => rows.slice(0, row.row);

export const later = ({ row, rows }: Said): readonly SegmentRow[] => rows.slice(row.row + 1);

export const packetRows = ({ packets }: Said, packet: MessageArgument | undefined): readonly SegmentRow[] =>
  packets.get(Number(packet)) ?? [];

export const noted =
  (kind: NoteKind, truth: Truth = () => true): Truth =>
  (said) =>
    said.row.notes.some((note) => note.kind === kind) && truth(said);

/**
 * A note that means what Wireshark means: its memory of a connection where nothing fits is not what the segments say, and
 * other tests hold it against Wireshark.
 */
export const notedAsWireshark = (kind: NoteKind, truth: Truth): Truth =>
  noted(kind, (said) => !said.isOrdinary || truth(said));

/** The number itself, but where the text gives relative ones only. */
export const isRaw = (arg: MessageArgument | undefined, raw: number): boolean =>
  arg === raw || isText(arg, '(not in this text)');

export const moved = ({ row }: Said, from: string, to: string): boolean =>
  peerBefore(row)?.state === from && peer(row).state === to;

export const isOpen = ({ state }: Tcb): boolean =>
  state !== null && !['CLOSED', 'LISTEN', 'SYN-SENT', 'SYN-RECEIVED'].includes(state);

export const hasSentFin = ({ state }: Tcb): boolean =>
  ['FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSING', 'LAST-ACK', 'TIME-WAIT', 'CLOSED'].includes(state ?? '');

/** An earlier packet of the same end with bytes of this one. */
export const isResentFrom = (said: Said, packet: MessageArgument | undefined): boolean =>
  packetRows(said, packet).some(
    (other) =>
      other.from === said.row.from &&
      other.row < said.row.row &&
      diff(other.seqRaw, endOf(said.row)) < 0 &&
      diff(endOf(other), said.row.seqRaw) > 0,
  );

export const completes = ({ row }: Said): boolean =>
  set(row, 'ACK') &&
  !set(row, 'SYN') &&
  peerBefore(row)?.state === 'SYN-RECEIVED' &&
  isOpen(peer(row)) &&
  (peer(row).iss === null || diff(row.ackRaw, peer(row).iss!) >= 1);

export const isBareSyn = ({ row }: Said): boolean => set(row, 'SYN') && !set(row, 'ACK');

export const isReset = ({ row }: Said): boolean => set(row, 'RST');

export const says = ({ row, args }: Said): boolean => isSide(args[0], row.from);

/** Whether these segments have every number from the first of them on up to this one. */
export function isCoveredUpTo(segments: readonly SegmentRow[], end: number): boolean {
  const [first] = segments;
  if (first === undefined) return false;
  const stretches = segments.map((row) => [diff(row.seqRaw, first.seqRaw), diff(endOf(row), first.seqRaw)] as const);
  stretches.sort(([a], [b]) => a - b);
  let covered = stretches[0]![0];
  for (const [start, stop] of stretches) if (start <= covered) covered = Math.max(covered, stop);
  return covered >= diff(end, first.seqRaw);
}
