import { u16be } from '../../bytes/endian';
import { END, NEXT_IPV6, UDP_PORT } from '../next';
import type { Protocol } from '../protocol';

const AUTHENTICATION = 0x0001;
const ORIGIN_INDICATION = 0x0000;

/** Teredo: IPv6 in UDP, with authentication and origin indications before it (RFC 4380 §5.1.1). */
export const teredo: Protocol = {
  id: 'teredo',
  place: 'tunnel',
  name: 'Teredo IPv6 over UDP Tunneling',
  claims: [UDP_PORT + 3544],
  step(cursor) {
    const { bytes } = cursor;
    if (cursor.has(4) && u16be(bytes, cursor.at) === AUTHENTICATION) {
      const length = 4 + bytes[cursor.at + 2]! + bytes[cursor.at + 3]! + 9;
      if (!cursor.has(length)) return END;
      cursor.skip(length);
    }
    if (cursor.has(8) && u16be(bytes, cursor.at) === ORIGIN_INDICATION) cursor.skip(8);
    return cursor.has(1) && bytes[cursor.at]! >>> 4 === 6 ? NEXT_IPV6 : END;
  },
  describe(view) {
    if (view.headerBytes > 0) view.raw('teredo.indication', 'Indications', 0, view.headerBytes);
    return view.headerBytes > 0 ? `${view.headerBytes} bytes of indications` : 'IPv6';
  },
};
