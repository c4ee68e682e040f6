import { hexOf } from '../header-view';
import {
  BSD_FAMILY,
  CISCO_HDLC_PROTOCOL,
  END,
  GRE_PROTOCOL,
  IP_PROTOCOL,
  LLC_SAP,
  NEXT_OSI,
  NLPID,
  PPP_PROTOCOL,
} from '../next';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';

const NAMES: Readonly<Record<number, string>> = {
  0x81: 'CLNP',
  0x82: 'ES-IS',
  0x83: 'IS-IS',
  0x8e: 'IPv6',
  0xcc: 'IPv4',
  0xcf: 'PPP',
};

/** What links leave to the OSI network layer: its first byte tells the protocol (ISO/IEC TR 9577), as in RFC 2684 §5.1. */
export const osi: Protocol = {
  id: 'osi',
  place: 'link',
  name: 'OSI Network Layer',
  claims: [
    NEXT_OSI,
    LLC_SAP + 0x14,
    LLC_SAP + 0x20,
    LLC_SAP + 0x34,
    LLC_SAP + 0x54,
    LLC_SAP + 0xfe,
    GRE_PROTOCOL + 0xfe,
    IP_PROTOCOL + 80,
    PPP_PROTOCOL + 0x23,
    BSD_FAMILY + 7,
    CISCO_HDLC_PROTOCOL + 0xfefe,
  ],
  step(cursor) {
    if (!cursor.has(1)) return END;
    const nlpid = cursor.bytes[cursor.at]!;
    cursor.skip(1);
    return NLPID + nlpid;
  },
  describe(view) {
    const meaning = nameOf(NAMES, view.u8(0));
    view.hex('osi.nlpid', 'Network Layer Protocol Identifier', 0, 1, { meaning });
    return meaning?.text ?? hexOf(2)(view.u8(0));
  },
};
