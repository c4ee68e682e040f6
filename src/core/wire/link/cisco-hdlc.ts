import { u16be } from '../../bytes/endian';
import type { Cursor } from '../cursor';
import { CISCO_HDLC_PROTOCOL, END, linkType, NEXT_CISCO_HDLC } from '../next';
import { etherTypeMeaning } from '../numbers';
import type { Protocol } from '../protocol';

/** The OSI network layer, before which stands a byte of padding. */
const OSI = 0xfefe;

/** What a protocol field of Cisco's says that follows. The cursor stands behind it. */
export function afterCiscoProtocol(cursor: Cursor, protocol: number): number {
  if (protocol === OSI) {
    if (!cursor.has(1)) return END;
    cursor.skip(1);
  }
  return CISCO_HDLC_PROTOCOL + protocol;
}

/** Cisco HDLC: address, control and an EtherType. */
export const ciscoHdlc: Protocol = {
  id: 'chdlc',
  place: 'link',
  name: 'Cisco HDLC',
  claims: [NEXT_CISCO_HDLC, linkType(104), linkType(112)],
  step(cursor) {
    if (!cursor.has(4)) return END;
    const { bytes, at } = cursor;
    cursor.skip(4);
    return afterCiscoProtocol(cursor, u16be(bytes, at + 2));
  },
  describe(view) {
    view.hex('chdlc.address', 'Address', 0, 1);
    view.hex('chdlc.control', 'Control', 1, 1);
    view.hex('chdlc.protocol', 'Protocol', 2, 2, { meaning: etherTypeMeaning(view.u16(2)) });
    if (view.headerBytes > 4) view.hex('chdlc.padding', 'Padding', 4, 1);
    return view.u8(0) === 0x0f ? 'unicast' : 'multicast';
  },
};

/** The same with a byte before it that tells the direction. */
export const ciscoHdlcWithDirection: Protocol = {
  id: 'chdlc.direction',
  place: 'capture',
  name: 'Cisco HDLC direction',
  claims: [linkType(205)],
  step(cursor) {
    if (!cursor.has(1)) return END;
    cursor.skip(1);
    return NEXT_CISCO_HDLC;
  },
  describe(view) {
    view.uint('frame.p2p_dir', 'Direction', 0, 1);
    return view.u8(0) === 0 ? 'received' : 'sent';
  },
};
