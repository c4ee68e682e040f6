import { u16be, u32be, u32le } from '../../bytes/endian';
import { BSD_FAMILY, END, ETHERTYPE, linkType, NEXT_PPP_HDLC } from '../next';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';

const FAMILIES: Readonly<Record<number, string>> = {
  2: 'IPv4',
  10: 'IPv6 (Linux)',
  24: 'IPv6 (NetBSD, OpenBSD)',
  28: 'IPv6 (FreeBSD)',
  30: 'IPv6 (macOS)',
};

/** Numbers above are EtherTypes. */
const MAX_LENGTH = 1500;
const MAX_FAMILY = 255;

/**
 * BSD loopback (LINKTYPE_NULL and LINKTYPE_LOOP): an address family in the byte order of whoever wrote the file, which is
 * told by which half of the four bytes is zero.
 */
export const bsdLoopback: Protocol = {
  id: 'null',
  place: 'link',
  name: 'Null/Loopback',
  claims: [linkType(0), linkType(108)],
  step(cursor) {
    if (!cursor.has(4)) return END;
    const { bytes, at } = cursor;
    // ISDN on old BSD systems: PPP with its address and control fields stands here instead.
    if (u16be(bytes, at) === 0xff03) return NEXT_PPP_HDLC;
    const family = familyOf(bytes, at);
    cursor.skip(4);
    if (family > MAX_LENGTH) return ETHERTYPE + family;
    return BSD_FAMILY + family;
  },
  describe(view) {
    const family = view.captured >= 4 ? familyOf(view.bytes, view.start) : 0;
    view.has(0, 4);
    view.put('null.family', 'Family', 0, 32, `${family}`, { meaning: nameOf(FAMILIES, family) });
    return FAMILIES[family] ?? `family ${family}`;
  },
};

function familyOf(bytes: Uint8Array, at: number): number {
  const big = u32be(bytes, at);
  const little = u32le(bytes, at);
  // Some writers have put 16 bits into the second half, and garbage before them.
  const value = big <= 0xffff ? big : little <= 0xffff ? little : big & 0xffff;
  const isSwapped = value > MAX_FAMILY && value <= MAX_LENGTH;
  return isSwapped ? ((value & 0xff) << 8) | (value >>> 8) : value;
}
