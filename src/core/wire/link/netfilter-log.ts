import { u16be, u16le } from '../../bytes/endian';
import { END, linkType, NEXT_IP, NEXT_IPV6 } from '../next';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';

const HEADER_BYTES = 4;
const PAYLOAD = 9;
const AF_INET = 2;
const AF_INET6 = 10;

const TYPES: Readonly<Record<number, string>> = {
  1: 'Packet Header',
  2: 'Mark',
  3: 'Timestamp',
  4: 'Input Interface',
  5: 'Output Interface',
  6: 'Physical Input Interface',
  7: 'Physical Output Interface',
  8: 'Hardware Address',
  9: 'Payload',
  10: 'Prefix',
  11: 'User ID',
  12: 'Sequence Number',
  13: 'Global Sequence Number',
  14: 'Group ID',
  15: 'Hardware Type',
  16: 'Hardware Header',
  17: 'Hardware Header Length',
};

/** Whether the attributes fit into the bytes when their lengths are read that way. */
function fits(bytes: Uint8Array, at: number, end: number, u16: typeof u16be): boolean {
  while (at + 4 <= end) {
    const length = u16(bytes, at);
    if (length < 4 || at + length > end) return false;
    at += (length + 3) & ~3;
  }
  return true;
}

/** The byte order of the host that captured: nothing says it, but only one of them gives lengths that fit. */
const byteOrder = (bytes: Uint8Array, at: number, end: number): typeof u16be =>
  fits(bytes, at, end, u16le) || !fits(bytes, at, end, u16be) ? u16le : u16be;

/** Linux netfilter log (NFLOG): attributes, one of which holds the packet. */
export const netfilterLog: Protocol = {
  id: 'nflog',
  place: 'capture',
  name: 'Linux Netfilter Log',
  claims: [linkType(239)],
  step(cursor) {
    const { bytes, at, end } = cursor;
    if (!cursor.has(HEADER_BYTES)) return END;
    const family = bytes[at]!;
    const u16 = byteOrder(bytes, at + HEADER_BYTES, end);
    cursor.skip(HEADER_BYTES);
    while (cursor.has(4)) {
      const length = u16(bytes, cursor.at);
      if (length < 4 || cursor.at + length > cursor.limit) return END;
      if (u16(bytes, cursor.at + 2) === PAYLOAD) {
        cursor.narrow(length);
        cursor.skip(4);
        return family === AF_INET ? NEXT_IP : family === AF_INET6 ? NEXT_IPV6 : END;
      }
      cursor.skip((length + 3) & ~3);
    }
    return END;
  },
  describe(view) {
    const u16 = byteOrder(view.bytes, view.start + HEADER_BYTES, view.end);
    view.uint('nflog.family', 'Family', 0, 1);
    view.uint('nflog.version', 'Version', 1, 1);
    view.uint('nflog.res_id', 'Resource ID', 2, 2);
    for (let at = HEADER_BYTES; view.start + at + 4 <= Math.min(view.next, view.end);) {
      const length = u16(view.bytes, view.start + at);
      const type = u16(view.bytes, view.start + at + 2);
      if (length < 4) break;
      const shown = type === PAYLOAD ? 4 : length;
      view.raw('nflog.tlv', TYPES[type] ?? 'Attribute', at, shown, { meaning: nameOf(TYPES, type) });
      at += (length + 3) & ~3;
    }
    return `group ${view.u16(2)}`;
  },
};
