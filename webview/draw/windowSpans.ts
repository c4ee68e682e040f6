import type { SegmentRow, Side, Tcb } from '../../src/core/model/segment';
import { sackSpans } from './sackStrip';

/** A stretch of one side's sequence space, in bytes from the left edge of the picture: `[start, end)`. */
export interface WindowSpan {
  readonly kind: 'acked' | 'flight' | 'usable' | 'received' | 'held' | 'window';
  readonly start: number;
  readonly end: number;
}

/** Where an edge was before the segment, if it moved. */
export interface MovedEdge {
  readonly of: 'una' | 'nxt' | 'right';
  readonly at: number;
}

/** One end's window over the sequence space that both ends of a direction share. */
export interface WindowBar {
  readonly spans: readonly WindowSpan[];
  readonly moved: readonly MovedEdge[];
}

/** Both ends of one direction, on one scale. */
export interface WindowPicture {
  readonly sender: Side;
  readonly send: WindowBar | null;
  readonly receive: WindowBar | null;
  /** Bytes that the picture is wide; 0 where nothing is known. */
  readonly width: number;
  readonly inFlight: number;
  /** What may still be sent: negative where more is in flight than the window holds now. */
  readonly usable: number;
  readonly receiveWindow: number;
}

/** Part of the picture on both sides of what it is about. */
const MARGIN = 0.06;

/** The largest without window scaling (RFC 9293 §3.1). */
const UNSCALED_WINDOW = 0xffff;

interface Edges {
  readonly una: number;
  readonly nxt: number;
  readonly right: number;
}

/** Edges of the send window (RFC 9293 §3.3.1, figure 3), counted from `base`; `null` where they are not known. */
function sendEdges({ sndUna, sndNxt, sndWnd }: Tcb, base: number): Edges | null {
  if (sndUna === null || sndNxt === null || sndWnd === null) return null;
  const una = (sndUna - base) | 0;
  return { una, nxt: (sndNxt - base) | 0, right: una + sndWnd };
}

/** Edges of the receive window (figure 4): there, `una` and `nxt` are one. */
function receiveEdges({ rcvNxt, rcvWnd }: Tcb, base: number): Edges | null {
  if (rcvNxt === null || rcvWnd === null) return null;
  const nxt = (rcvNxt - base) | 0;
  return { una: nxt, nxt, right: nxt + rcvWnd };
}

/** What the segment in `row` leaves of the windows of the direction in which `sender` sends. */
export function windowPicture(row: SegmentRow, sender: Side): WindowPicture {
  const receiver = sender === 'client' ? 'server' : 'client';
  const base = row[sender].sndUna ?? row[receiver].rcvNxt;
  const nothing = { sender, send: null, receive: null, width: 0, inFlight: 0, usable: 0, receiveWindow: 0 };
  if (base === null) return nothing;
  const send = sendEdges(row[sender], base);
  const receive = receiveEdges(row[receiver], base);
  const held = row.from === receiver ? sackSpans(row).filter(({ kind }) => kind === 'held') : [];
  const ackAt = (row.ackRaw - base) | 0;
  const edges = [send, receive].filter((edge) => edge !== null);
  if (edges.length === 0) return nothing;
  const before = row.before;
  const sendBefore = before && sendEdges(before[sender], base);
  const receiveBefore = before && receiveEdges(before[receiver], base);
  const first = Math.min(...edges.map(({ una }) => una));
  const right = Math.max(...edges.map((edge) => Math.max(edge.nxt, edge.right)), ...held.map(({ end }) => ackAt + end));
  // An edge that moved is shown where it was, unless that would leave no room for where it is.
  const came = [sendBefore, receiveBefore].flatMap((edge) => (edge === null ? [] : [edge.una]));
  const left = Math.min(first, ...came.filter((una) => first - una <= Math.max(right - first, UNSCALED_WINDOW)));
  const margin = Math.max(1, (right - left) * MARGIN);
  const from = left - margin;
  const span = (kind: WindowSpan['kind'], start: number, end: number): WindowSpan[] =>
    end > start ? [{ kind, start: start - from, end: end - from }] : [];
  const moved = (now: Edges, before: Edges | null): MovedEdge[] =>
    before === null
      ? []
      : (['una', 'nxt', 'right'] as const)
          .filter((of) => now[of] !== before[of] && before[of] >= from && before[of] <= right + margin)
          .map((of) => ({ of, at: before[of] - from }));
  return {
    sender,
    width: right - left + 2 * margin,
    send: send && {
      spans: [
        ...span('acked', from, send.una),
        ...span('flight', send.una, send.nxt),
        ...span('usable', Math.max(send.una, send.nxt), send.right),
      ],
      moved: moved(send, sendBefore),
    },
    receive: receive && {
      spans: [
        ...span('received', from, receive.nxt),
        ...span('window', receive.nxt, receive.right),
        ...held.flatMap(({ start, end }) => span('held', ackAt + start, ackAt + end)),
      ],
      moved: moved(receive, receiveBefore).filter(({ of }) => of !== 'una'),
    },
    inFlight: send === null ? 0 : send.nxt - send.una,
    usable: send === null ? 0 : send.right - Math.max(send.una, send.nxt),
    receiveWindow: row[receiver].rcvWnd ?? 0,
  };
}
