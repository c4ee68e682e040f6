import { END, IP_PROTOCOL, NEXT_ETHERNET } from '../next';
import type { Protocol } from '../protocol';

/** Ethernet in IP (RFC 3378). */
export const etherIp: Protocol = {
  id: 'etherip',
  place: 'tunnel',
  name: 'Ethernet over IP',
  claims: [IP_PROTOCOL + 97],
  step(cursor) {
    if (!cursor.has(2)) return END;
    cursor.skip(2);
    return NEXT_ETHERNET;
  },
  describe(view) {
    const version = view.u8(0) >>> 4;
    view.bits('etherip.ver', 'Version', 0, 4, String, { verdict: version === 3 ? undefined : 'warning' });
    view.bits('etherip.reserved', 'Reserved', 4, 12);
    return `version ${version}`;
  },
};
