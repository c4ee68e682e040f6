import { u32 } from '../bytes/seq';
import { ACK, RST, SYN } from '../model/flags';
import { Endpoint, KNOWS_ISS, SHIFT_UNKNOWN } from '../tcp/endpoint';
import { FLAG_BITS } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import type { TcpContext } from '../wire/transport/tcp-describe';

/** What the tracker knows about a segment, for the meanings of its header's numbers. */
export function tcpContext(tracker: Tracker, segment: number): TcpContext {
  const { segments, connections } = tracker;
  const flow = segments.flow[segment]!;
  const connection = flow >> 1;
  const direction = flow & 1;
  const isClient = direction === connections.clientDirection(connection);
  const shift = tracker.shift(connection, direction);
  const flags = segments.bits[segment]! & FLAG_BITS;
  const scales = (flags & SYN) === 0 && shift !== SHIFT_UNKNOWN;
  const ends = [new Endpoint(), new Endpoint()] as const;
  const tracked = tracker.endpointsOf(connection, ends[0], ends[1]);
  const base = (side: number): number | null => {
    const raw = tracker.baseSeqAt(connection, side, segment);
    return raw === null ? null : u32(raw);
  };
  /** X and Y are initial sequence numbers: a base that stands in for one that was not captured has no name. */
  const name = (side: number, letter: string): string | null => {
    if (side === direction && flags & SYN) return letter;
    return tracked && startsAt(ends[side]!, base(side)) ? letter : null;
  };
  const seqName = name(direction, isClient ? 'X' : 'Y');
  return {
    seqBase: base(direction),
    ackBase: base(1 - direction),
    seqName,
    ackName: name(1 - direction, isClient ? 'Y' : 'X'),
    // RFC 9293 §3.10.7.1: <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>, in answer to a segment without an ACK.
    withoutIsn: (flags & (RST | ACK)) === (RST | ACK) && segments.seq[segment] === 0 && seqName === null,
    scaledWindow: scales ? segments.window[segment]! * 2 ** Math.max(0, shift) : null,
  };
}

const startsAt = (end: Endpoint, base: number | null): boolean => end.has(KNOWS_ISS) && u32(end.iss) === base;
