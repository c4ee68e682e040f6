import { u16be } from '../../bytes/endian';
import { message } from '../../model/message';
import { END, ETHERTYPE, UDP_PORT } from '../next';
import { etherTypeMeaning } from '../numbers';
import type { Protocol } from '../protocol';

/** Generic Network Virtualization Encapsulation (RFC 8926 §3.4). */
export const geneve: Protocol = {
  id: 'geneve',
  place: 'tunnel',
  name: 'Generic Network Virtualization Encapsulation',
  claims: [UDP_PORT + 6081],
  step(cursor) {
    if (!cursor.has(8)) return END;
    const { bytes, at } = cursor;
    const length = 8 + (bytes[at]! & 0x3f) * 4;
    if (!cursor.has(length)) return END;
    cursor.skip(length);
    return ETHERTYPE + u16be(bytes, at + 2);
  },
  describe(view) {
    const optionBytes = (view.u8(0) & 0x3f) * 4;
    view.bits('geneve.version', 'Version', 0, 2);
    view.bits('geneve.option.length', 'Options Length', 2, 6, String, { meaning: message('{0} bytes', optionBytes) });
    view.bits('geneve.flags.oam', 'Control Packet', 8, 1);
    view.bits('geneve.flags.critical', 'Critical Options Present', 9, 1);
    view.bits('geneve.flags.reserved', 'Reserved', 10, 6);
    view.hex('geneve.proto_type', 'Protocol Type', 2, 2, { meaning: etherTypeMeaning(view.u16(2)) });
    view.uint('geneve.vni', 'Network Identifier', 4, 3);
    view.uint('geneve.reserved', 'Reserved', 7, 1);
    if (optionBytes > 0) view.raw('geneve.options', 'Options', 8, optionBytes);
    return `VNI ${view.u32(4) >>> 8}`;
  },
};
