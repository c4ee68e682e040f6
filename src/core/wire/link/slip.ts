import { hexOf } from '../header-view';
import { END, linkType, NEXT_IP } from '../next';
import type { Protocol } from '../protocol';

/** What BSD systems put before the packet: a direction, and its compressed header as it was on the line. */
const COMPRESSED_HEADER_BYTES = 15;

/** Serial line IP (RFC 1055) as libpcap writes it: the packet is whole, whether or not it was compressed on the line. */
export const slip: Protocol = {
  id: 'slip',
  place: 'link',
  name: 'Serial Line IP',
  claims: [linkType(8)],
  step(cursor) {
    if (!cursor.has(1 + COMPRESSED_HEADER_BYTES)) return END;
    cursor.skip(1 + COMPRESSED_HEADER_BYTES);
    return NEXT_IP;
  },
  describe(view) {
    view.uint('slip.direction', 'Direction', 0, 1);
    view.raw('slip.compressed', 'Compressed Header', 1, COMPRESSED_HEADER_BYTES);
    return view.u8(0) === 0 ? 'received' : view.u8(0) === 1 ? 'sent' : hexOf(2)(view.u8(0));
  },
};
