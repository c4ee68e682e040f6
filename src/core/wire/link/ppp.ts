import { u16be } from '../../bytes/endian';
import type { Cursor } from '../cursor';
import { hexOf, type HeaderView } from '../header-view';
import {
  END,
  ETHERTYPE,
  GRE_PROTOCOL,
  linkType,
  NEXT_CISCO_HDLC,
  NEXT_IP,
  NEXT_PPP,
  NEXT_PPP_HDLC,
  NLPID,
  PPP_PROTOCOL,
} from '../next';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';

const PROTOCOLS: Readonly<Record<number, string>> = {
  0x0021: 'IPv4',
  0x002d: 'Van Jacobson compressed TCP/IP',
  0x002f: 'Van Jacobson uncompressed TCP/IP',
  0x003d: 'Multilink',
  0x0057: 'IPv6',
  0x0281: 'MPLS unicast',
  0x8021: 'IP control protocol',
  0x8057: 'IPv6 control protocol',
  0x80fd: 'Compression control protocol',
  0xc021: 'Link control protocol',
  0xc023: 'Password authentication',
  0xc223: 'Challenge handshake authentication',
};

/** Steps over the protocol field; an odd first byte is the whole of it (RFC 1661 §6.5, field compression). */
function stepProtocol(cursor: Cursor): number {
  if (!cursor.has(1)) return END;
  const { bytes, at } = cursor;
  const first = bytes[at]!;
  if (first & 1) {
    cursor.skip(1);
    return PPP_PROTOCOL + first;
  }
  if (!cursor.has(2)) return END;
  cursor.skip(2);
  return PPP_PROTOCOL + u16be(bytes, at);
}

function describeProtocol(view: HeaderView, offset: number): string {
  const short = (view.u8(offset) & 1) !== 0;
  const protocol = short ? view.u8(offset) : view.u16(offset);
  const meaning = nameOf(PROTOCOLS, protocol);
  view.hex('ppp.protocol', 'Protocol', offset, short ? 1 : 2, { meaning });
  return meaning?.text ?? hexOf(4)(protocol);
}

/** Point-to-point protocol from its protocol field on (RFC 1661 §2). */
export const ppp: Protocol = {
  id: 'ppp',
  place: 'link',
  name: 'Point-to-Point Protocol',
  claims: [NEXT_PPP, NLPID + 0xcf],
  step: stepProtocol,
  describe: (view) => describeProtocol(view, 0),
};

/** Addresses of Cisco HDLC: unicast and multicast. */
const CISCO_UNICAST = 0x0f;
const CISCO_MULTICAST = 0x8f;

/** Address of PPP, which has but one (RFC 1662 §3.1). */
const ALL_STATIONS = 0xff;

/** Synchronous serial links: PPP in HDLC-like framing (RFC 1662), or Cisco HDLC, told apart by the address. */
export const pppHdlc: Protocol = {
  id: 'ppp_hdlc',
  place: 'link',
  name: 'PPP in HDLC-like Framing',
  claims: [NEXT_PPP_HDLC, linkType(9), linkType(50), GRE_PROTOCOL + 0x880b],
  step(cursor) {
    if (!cursor.has(2)) return END;
    const address = cursor.bytes[cursor.at]!;
    if (address === CISCO_UNICAST || address === CISCO_MULTICAST) return NEXT_CISCO_HDLC;
    // Both fields may have been left out by agreement (RFC 1661 §6.6).
    if (address === ALL_STATIONS) cursor.skip(2);
    return NEXT_PPP;
  },
  describe(view) {
    view.hex('ppp.address', 'Address', 0, 1);
    view.hex('ppp.control', 'Control', 1, 1);
    return '';
  },
};

const DIRECTIONS: Readonly<Record<number, string>> = { 0: 'received', 1: 'sent' };

/** PPP frames with a byte before them that tells the direction. */
export const pppWithDirection: Protocol = {
  id: 'ppp.direction',
  place: 'capture',
  name: 'PPP direction',
  claims: [linkType(204)],
  step(cursor) {
    if (!cursor.has(1)) return END;
    cursor.skip(1);
    return NEXT_PPP_HDLC;
  },
  describe(view) {
    view.uint('frame.p2p_dir', 'Direction', 0, 1);
    return DIRECTIONS[view.u8(0)] ?? DIRECTIONS[1]!;
  },
};

/** PPP frames as pppd has them: a direction in the place of the address, and the control field. */
export const pppOfPppd: Protocol = {
  id: 'ppp.pppd',
  place: 'link',
  name: 'PPP of pppd',
  claims: [linkType(166)],
  step(cursor) {
    if (!cursor.has(2)) return END;
    cursor.skip(2);
    return NEXT_PPP;
  },
  describe(view) {
    view.uint('frame.p2p_dir', 'Direction', 0, 1);
    view.hex('ppp.control', 'Control', 1, 1);
    return DIRECTIONS[view.u8(0)] ?? DIRECTIONS[1]!;
  },
};

/** PPP over Ethernet, session stage (RFC 2516 §6). */
export const pppoeSession: Protocol = {
  id: 'pppoes',
  place: 'link',
  name: 'PPP over Ethernet Session',
  claims: [ETHERTYPE + 0x8864, linkType(51)],
  step(cursor) {
    if (!cursor.has(6)) return END;
    const { bytes, at } = cursor;
    cursor.skip(6);
    cursor.narrow(u16be(bytes, at + 4));
    return NEXT_PPP;
  },
  describe(view) {
    view.bits('pppoe.version', 'Version', 0, 4);
    view.bits('pppoe.type', 'Type', 4, 4);
    view.hex('pppoe.code', 'Code', 1, 1);
    view.hex('pppoe.session_id', 'Session ID', 2, 2);
    view.uint('pppoe.payload_length', 'Payload Length', 4, 2);
    return `session ${hexOf(4)(view.u16(2))}`;
  },
};

const BEGINS_AND_ENDS = 0xc0;

/** Multilink PPP (RFC 1990) with the long header; only packets that one fragment holds whole are followed. */
export const multilink: Protocol = {
  id: 'mp',
  place: 'link',
  name: 'PPP Multilink Protocol',
  claims: [PPP_PROTOCOL + 0x003d],
  step(cursor) {
    if (!cursor.has(4)) return END;
    const flags = cursor.bytes[cursor.at]!;
    cursor.skip(4);
    return (flags & BEGINS_AND_ENDS) === BEGINS_AND_ENDS ? NEXT_PPP : END;
  },
  describe(view) {
    view.bits('mp.first', 'First Fragment', 0, 1);
    view.bits('mp.last', 'Last Fragment', 1, 1);
    view.bits('mp.sequence_num', 'Sequence Number', 8, 24);
    return `${view.u32(0) & 0xffffff}`;
  },
};

const PROTOCOL_OFFSET = 9;
const TCP = 6;

/**
 * A TCP/IP packet with Van Jacobson's header "uncompressed" (RFC 1144 §3.2.3): the IP protocol field holds the number of
 * the compression slot. Compressed packets can't be read without all that came before, and are not followed.
 */
export const vanJacobsonUncompressed: Protocol = {
  id: 'vjc',
  place: 'link',
  name: 'Van Jacobson Uncompressed TCP/IP',
  claims: [PPP_PROTOCOL + 0x002f],
  step(cursor) {
    const { bytes, at, end, limit } = cursor;
    if (!cursor.has(20) || bytes[at]! >>> 4 !== 4) return END;
    const restored = bytes.slice(at, end);
    restored[PROTOCOL_OFFSET] = TCP;
    cursor.enter(restored, 0, restored.length);
    cursor.limit = limit - at;
    return NEXT_IP;
  },
  describe(view) {
    view.uint('vj.connection_number', 'Slot', PROTOCOL_OFFSET, 1);
    return `slot ${view.u8(PROTOCOL_OFFSET)}`;
  },
};
