import type { Cursor } from '../cursor';
import type { HeaderView } from '../header-view';
import { END, linkType, NEXT_IP } from '../next';
import type { Protocol } from '../protocol';

/** Protocols: IP with RFC 1201's fragmentation header, and IP without (RFC 1051). */
const IP_RFC1201 = 0xd4;
const IP_RFC1051 = 0xf0;
const EXCEPTION = 0xff;

/** @param at where the protocol byte is, from the header's start */
function step(cursor: Cursor, at: number): number {
  if (!cursor.has(at + 1)) return END;
  const protocol = cursor.bytes[cursor.at + at]!;
  cursor.skip(at + 1);
  if (protocol === IP_RFC1051) return NEXT_IP;
  if (protocol !== IP_RFC1201 || !cursor.has(3)) return END;
  const split = cursor.bytes[cursor.at]!;
  const length = split === EXCEPTION ? 7 : 3;
  if (!cursor.has(length)) return END;
  cursor.skip(length);
  return NEXT_IP;
}

function describe(view: HeaderView, at: number): string {
  view.hex('arcnet.src', 'Source', 0, 1);
  view.hex('arcnet.dst', 'Destination', 1, 1);
  if (at > 2) view.hex('arcnet.offset', 'Offset', 2, at - 2);
  view.hex('arcnet.protID', 'Protocol', at, 1);
  if (view.headerBytes > at + 1) view.raw('arcnet.split', 'Split Flag and Sequence', at + 1, view.headerBytes - at - 1);
  return `${view.u8(0)} → ${view.u8(1)}`;
}

/** ARCNET; packets in several pieces are not put together. */
export const arcnet: Protocol = {
  id: 'arcnet',
  place: 'link',
  name: 'ARCNET',
  claims: [linkType(7)],
  step: (cursor) => step(cursor, 2),
  describe: (view) => describe(view, 2),
};

/** ARCNET as Linux captures it, with the offset field of the hardware's buffer. */
export const arcnetLinux: Protocol = {
  id: 'arcnet.linux',
  place: 'link',
  name: 'ARCNET (Linux)',
  claims: [linkType(129)],
  step: (cursor) => step(cursor, 4),
  describe: (view) => describe(view, 4),
};
