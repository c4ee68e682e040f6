import { END, linkType, NEXT_LLC } from '../next';
import type { Protocol } from '../protocol';

const HEADER_BYTES = 14;
const SOURCE_ROUTED = 0x80;
/** Frame control: the two high bits are 01 for LLC frames (IEEE 802.5 §3.2.3). */
const isLlc = (frameControl: number): boolean => frameControl >>> 6 === 1;

/** Token Ring (IEEE 802.5), with the routing information that a set first bit of the source address announces. */
export const tokenRing: Protocol = {
  id: 'tr',
  place: 'link',
  name: 'Token Ring',
  claims: [linkType(6)],
  step(cursor) {
    const { bytes, at } = cursor;
    if (!cursor.has(HEADER_BYTES)) return END;
    cursor.skip(HEADER_BYTES);
    if (bytes[at + 8]! & SOURCE_ROUTED && cursor.has(1)) {
      const length = bytes[cursor.at]! & 0x1f;
      if (!cursor.has(length)) return END;
      cursor.skip(length);
    }
    return isLlc(bytes[at + 1]!) ? NEXT_LLC : END;
  },
  describe(view) {
    view.hex('tr.ac', 'Access Control', 0, 1);
    view.hex('tr.fc', 'Frame Control', 1, 1);
    view.mac('tr.dst', 'Destination', 2);
    view.mac('tr.src', 'Source', 8);
    if (view.headerBytes > HEADER_BYTES)
      view.raw('tr.rif', 'Routing Information', HEADER_BYTES, view.headerBytes - HEADER_BYTES);
    return `${view.macText(8)} → ${view.macText(2)}`;
  },
};
