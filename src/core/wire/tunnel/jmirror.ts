import { END, NEXT_IP, UDP_PORT } from '../next';
import type { Protocol } from '../protocol';

/** Juniper packet mirror: eight bytes before an IP packet. */
export const jmirror: Protocol = {
  id: 'jmirror',
  place: 'tunnel',
  name: 'Juniper Packet Mirror',
  claims: [UDP_PORT + 30030],
  step(cursor) {
    if (!cursor.has(8)) return END;
    cursor.skip(8);
    return NEXT_IP;
  },
  describe(view) {
    view.hex('jmirror.mid', 'Mirror Identifier', 0, 4);
    view.hex('jmirror.sid', 'Session Identifier', 4, 4);
    return `session ${view.u32(4)}`;
  },
};
