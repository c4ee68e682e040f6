import { END, IP_PROTOCOL, NEXT_IP } from '../next';
import type { Protocol } from '../protocol';

const VERSION_2_REGISTER = 0x21;

/** PIM register messages carry a whole multicast packet (RFC 7761 §4.9.3). */
export const pim: Protocol = {
  id: 'pim',
  place: 'tunnel',
  name: 'Protocol Independent Multicast',
  claims: [IP_PROTOCOL + 103],
  step(cursor) {
    if (!cursor.has(8) || cursor.bytes[cursor.at] !== VERSION_2_REGISTER) return END;
    cursor.skip(8);
    return NEXT_IP;
  },
  describe(view) {
    view.bits('pim.version', 'Version', 0, 4);
    view.bits('pim.type', 'Type', 4, 4);
    view.hex('pim.res_bytes', 'Reserved', 1, 1);
    view.hex('pim.cksum', 'Checksum', 2, 2);
    view.hex('pim.register_flag', 'Register Flags', 4, 4);
    return `type ${view.u8(0) & 15}`;
  },
};
