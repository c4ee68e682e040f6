import { END, NEXT_ETHERNET, NEXT_ISL } from '../next';
import type { Protocol } from '../protocol';

const HEADER_BYTES = 26;
/** Both the frame inside and the whole end with a check sequence; IP tells where its packet ends. */
const FCS_BYTES = 4;
const TYPE_ETHERNET = 0;

/** Cisco Inter-Switch Link: a whole Ethernet frame behind a header of its own. */
export const interSwitchLink: Protocol = {
  id: 'isl',
  place: 'link',
  name: 'Cisco Inter-Switch Link',
  claims: [NEXT_ISL],
  step(cursor) {
    if (!cursor.has(HEADER_BYTES)) return END;
    const type = cursor.bytes[cursor.at + 5]! >>> 4;
    cursor.skip(HEADER_BYTES);
    cursor.trim(FCS_BYTES);
    return type === TYPE_ETHERNET ? NEXT_ETHERNET : END;
  },
  describe(view) {
    view.raw('isl.addr', 'Destination', 0, 5);
    view.bits('isl.type', 'Type', 40, 4);
    view.bits('isl.user', 'User', 44, 4);
    view.mac('isl.src', 'Source', 6);
    view.uint('isl.len', 'Length', 12, 2);
    view.raw('isl.dsap', 'LLC', 14, 3);
    view.hex('isl.hsa', 'High Bits of Source Address', 17, 3);
    view.bits('isl.vlan_id', 'VLAN Identifier', 160, 15);
    view.bits('isl.bpdu', 'BPDU', 175, 1);
    view.uint('isl.index', 'Index', 22, 2);
    view.hex('isl.reserved', 'Reserved', 24, 2);
    return `VLAN ${view.u16(20) >>> 1}`;
  },
};
