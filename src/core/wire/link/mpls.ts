import { u16be, u32be } from '../../bytes/endian';
import { message } from '../../model/message';
import type { Cursor } from '../cursor';
import {
  CISCO_HDLC_PROTOCOL,
  END,
  ETHERTYPE,
  GRE_PROTOCOL,
  IP_PROTOCOL,
  linkType,
  NEXT_ETHERNET,
  NEXT_IP,
  NEXT_MPLS,
  PPP_PROTOCOL,
  UDP_PORT,
} from '../next';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';

const BOTTOM_OF_STACK = 1;
/** Label of maintenance packets (ITU-T Y.1711). */
const OAM_ALERT = 14;
/** LLC control field. */
const UNNUMBERED_INFORMATION = 0x03;

const LABELS: Readonly<Record<number, string>> = {
  0: 'IPv4 Explicit Null',
  1: 'Router Alert',
  2: 'IPv6 Explicit Null',
  3: 'Implicit Null',
  7: 'Entropy Label Indicator',
  13: 'Generic Associated Channel',
  14: 'OAM Alert',
};

/** Channel types of a pseudowire's associated channel header (RFC 5586) that carry IP. */
const CHANNEL_IPV4 = 0x0021;
const CHANNEL_IPV6 = 0x0057;

/**
 * What a label stack carries: nothing in it says so, but IP can be told by its first four bits and the associated
 * channel by a 1 (RFC 4928 §3); with a 0, and wherever it looks like it, Ethernet.
 */
function payload(cursor: Cursor): number {
  if (!cursor.has(1)) return END;
  const { bytes, at } = cursor;
  switch (bytes[at]! >>> 4) {
    case 4:
    case 6:
      return NEXT_IP;
    case 1: {
      if (!cursor.has(4)) return END;
      const channel = u16be(bytes, at + 2);
      if (channel !== CHANNEL_IPV4 && channel !== CHANNEL_IPV6) return END;
      cursor.skip(4);
      return NEXT_IP;
    }
    case 0:
      if (looksLikeEthernet(cursor, at)) return NEXT_ETHERNET;
      // The control word of an Ethernet pseudowire (RFC 4448 §4.6).
      if (!looksLikeEthernet(cursor, at + 4)) return END;
      cursor.skip(4);
      return NEXT_ETHERNET;
    default:
      return looksLikeEthernet(cursor, at) ? NEXT_ETHERNET : END;
  }
}

/** Whether an EtherType that is decoded stands where Ethernet has it, or a length and LLC behind it. */
function looksLikeEthernet(cursor: Cursor, at: number): boolean {
  if (cursor.end < at + 14) return false;
  const { bytes, limit } = cursor;
  const type = u16be(bytes, at + 12);
  if (type >= 0x0600) return cursor.knows(ETHERTYPE + type);
  return (
    type >= 3 &&
    at + 14 + type <= limit &&
    bytes[at + 16] === UNNUMBERED_INFORMATION &&
    bytes[at + 14] === bytes[at + 15]
  );
}

/** An MPLS label stack (RFC 3032 §2.1). */
export const mpls: Protocol = {
  id: 'mpls',
  place: 'shim',
  name: 'Multiprotocol Label Switching',
  claims: [
    NEXT_MPLS,
    linkType(219),
    ETHERTYPE + 0x8847,
    ETHERTYPE + 0x8848,
    GRE_PROTOCOL + 0x8847,
    GRE_PROTOCOL + 0x8848,
    CISCO_HDLC_PROTOCOL + 0x8847,
    CISCO_HDLC_PROTOCOL + 0x8848,
    PPP_PROTOCOL + 0x0281,
    PPP_PROTOCOL + 0x0283,
    IP_PROTOCOL + 137,
    UDP_PORT + 6635,
  ],
  step(cursor) {
    const { bytes } = cursor;
    for (;;) {
      if (!cursor.has(4)) return END;
      const label = u32be(bytes, cursor.at) >>> 12;
      const bottom = bytes[cursor.at + 2]! & BOTTOM_OF_STACK;
      cursor.skip(4);
      if (bottom) return label === OAM_ALERT ? END : payload(cursor);
    }
  },
  describe(view) {
    const labels: number[] = [];
    for (let at = 0; view.has(at, 4); at += 4) {
      const label = view.u32(at) >>> 12;
      labels.push(label);
      view.bits('mpls.label', 'Label', at * 8, 20, String, { meaning: nameOf(LABELS, label) });
      view.bits('mpls.exp', 'Traffic Class', at * 8 + 20, 3);
      const bottom = view.u8(at + 2) & BOTTOM_OF_STACK;
      view.bits('mpls.bottom', 'Bottom of Stack', at * 8 + 23, 1, String, {
        meaning: bottom ? message('last label') : undefined,
      });
      view.bits('mpls.ttl', 'Time to Live', at * 8 + 24, 8);
      if (!bottom) continue;
      if (view.headerBytes > at + 4) view.raw('pwmcw', 'Control Word', at + 4, view.headerBytes - at - 4);
      break;
    }
    return labels.join(', ');
  },
};
