import { hexOf } from '../header-view';
import { END, NEXT_IP, UDP_PORT } from '../next';
import type { Protocol } from '../protocol';

/** Locator/ID Separation Protocol, data packets (RFC 9300 §5). */
export const lisp: Protocol = {
  id: 'lisp-data',
  place: 'tunnel',
  name: 'Locator/ID Separation Protocol (Data)',
  claims: [UDP_PORT + 4341],
  step(cursor) {
    if (!cursor.has(8)) return END;
    cursor.skip(8);
    return NEXT_IP;
  },
  describe(view) {
    view.bits('lisp-data.flags', 'Flags', 0, 8, hexOf(2));
    view.bits('lisp-data.nonce', 'Nonce or Map-Version', 8, 24, hexOf(6));
    view.hex('lisp-data.lsb', 'Instance ID or Locator Status Bits', 4, 4);
    return hexOf(8)(view.u32(4));
  },
};
