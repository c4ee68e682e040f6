import { u16be } from '../../bytes/endian';
import { END, linkType, NEXT_IP, NEXT_PPP_HDLC } from '../next';
import type { Protocol } from '../protocol';

const PPP_ADDRESS_AND_CONTROL = 0xff03;
const ZEROS = 10;

/**
 * Frames without a link layer. They begin with IP, except on the ISDN devices of old Linux kernels, which put 6 bytes of
 * made-up address, or 1 byte, before PPP, or ten zeros before IP; Wireshark tells them apart the same way.
 */
export const raw: Protocol = {
  id: 'raw',
  place: 'link',
  name: 'Raw packet',
  claims: [linkType(12), linkType(14), linkType(101)],
  step(cursor) {
    const { bytes, at } = cursor;
    if (cursor.end <= at) return END;
    const version = bytes[at]! >>> 4;
    if (cursor.has(8)) {
      for (const offset of [0, 6, 1]) {
        if (u16be(bytes, at + offset) !== PPP_ADDRESS_AND_CONTROL) continue;
        cursor.skip(offset);
        return NEXT_PPP_HDLC;
      }
      if (bytes[at] === 0 && cursor.has(ZEROS) && bytes.subarray(at, at + ZEROS).every((byte) => byte === 0)) {
        cursor.skip(ZEROS);
        return NEXT_IP;
      }
    }
    return version === 4 || version === 6 ? NEXT_IP : END;
  },
  describe(view) {
    if (view.headerBytes > 0) view.raw('raw.filler', 'Filler', 0, view.headerBytes);
    return `${view.headerBytes} bytes`;
  },
};
