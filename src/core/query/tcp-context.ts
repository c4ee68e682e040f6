import { u32 } from '../bytes/seq';
import { SYN } from '../model/flags';
import { CLIENT_IS_B } from '../tcp/connection-table';
import { SHIFT_UNKNOWN } from '../tcp/endpoint';
import { FLAG_BITS } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import type { TcpContext } from '../wire/transport/tcp-describe';

/** What the tracker knows about a segment, for the meanings of its header's numbers. */
export function tcpContext(tracker: Tracker, segment: number): TcpContext {
  const { segments, connections } = tracker;
  const flow = segments.flow[segment]!;
  const connection = flow >> 1;
  const direction = flow & 1;
  const isClient = direction === (connections.marks[connection]! & CLIENT_IS_B ? 1 : 0);
  const shift = tracker.shift(connection, direction);
  const scales = (segments.bits[segment]! & FLAG_BITS & SYN) === 0 && shift !== SHIFT_UNKNOWN;
  const base = (side: number): number | null => {
    const raw = tracker.baseSeqAt(connection, side, segment);
    return raw === null ? null : u32(raw);
  };
  return {
    seqBase: base(direction),
    ackBase: base(1 - direction),
    seqName: isClient ? 'X' : 'Y',
    ackName: isClient ? 'Y' : 'X',
    scaledWindow: scales ? segments.window[segment]! * 2 ** Math.max(0, shift) : null,
  };
}
