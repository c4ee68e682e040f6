import { u16be } from '../../bytes/endian';
import { END, linkType, NEXT_ETHERNET, NEXT_WLAN, UDP_PORT } from '../next';
import type { Protocol } from '../protocol';

/** Kinds of packets that hold no frame: that the device is still there, and that its port is open. */
const WITHOUT_FRAME = new Set([4, 5]);
const TAG_PADDING = 0;
const TAG_END = 1;

const ENCAPSULATED: Readonly<Record<number, number>> = {
  0x01: NEXT_ETHERNET,
  0x02: linkType(6),
  0x04: linkType(9),
  0x05: linkType(10),
  0x07: linkType(101),
  0x12: NEXT_WLAN,
  0x77: linkType(119),
  0x7f: linkType(163),
};

/** TaZmen Sniffer Protocol: frames that a device sends to whoever analyses them. */
export const tzsp: Protocol = {
  id: 'tzsp',
  place: 'tunnel',
  name: 'Tazmen Sniffer Protocol',
  claims: [UDP_PORT + 37008, linkType(128)],
  step(cursor) {
    if (!cursor.has(4)) return END;
    const { bytes, at } = cursor;
    if (WITHOUT_FRAME.has(bytes[at + 1]!)) return END;
    cursor.skip(4);
    for (;;) {
      if (!cursor.has(1)) return END;
      const tag = bytes[cursor.at]!;
      cursor.skip(1);
      if (tag === TAG_END) break;
      if (tag === TAG_PADDING) continue;
      if (!cursor.has(1)) return END;
      const length = 1 + bytes[cursor.at]!;
      if (!cursor.has(length)) return END;
      cursor.skip(length);
    }
    return ENCAPSULATED[u16be(bytes, at + 2)] ?? END;
  },
  describe(view) {
    view.uint('tzsp.version', 'Version', 0, 1);
    view.uint('tzsp.type', 'Type', 1, 1);
    view.uint('tzsp.encap', 'Encapsulates', 2, 2);
    if (view.headerBytes > 4) view.raw('tzsp.tags', 'Tags', 4, view.headerBytes - 4);
    return `type ${view.u8(1)}`;
  },
};
