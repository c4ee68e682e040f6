import { u16be, u24be } from '../../bytes/endian';
import type { Cursor } from '../cursor';
import type { HeaderView } from '../header-view';
import {
  END,
  NEXT_CISCO_HDLC,
  NEXT_ETHERNET,
  NEXT_FRAME_RELAY,
  NEXT_IP,
  NEXT_IPV6,
  NEXT_LLC,
  NEXT_MPLS,
  NEXT_OSI,
  NEXT_PPP,
} from '../next';
import { nameOf } from '../numbers';

/**
 * What all captures of Juniper's routers begin with: "MGC", flags, where these say so extensions, and where they say that
 * the header of the link is gone the protocol. It is not published: this follows what tcpdump and Wireshark know.
 */

const MAGIC = 0x4d4743;
const WITHOUT_LINK = 0x02;
const EXTENDED = 0x80;
/** Flag: the router received the packet. */
export const INCOMING = 0x01;

/** Protocols as JUNOS numbers them, and from 200 on as Wireshark does. */
const FOLLOWERS: Readonly<Record<number, number>> = {
  2: NEXT_IP,
  3: NEXT_IP,
  4: NEXT_MPLS,
  5: NEXT_MPLS,
  6: NEXT_IPV6,
  7: NEXT_IPV6,
  8: NEXT_MPLS,
  10: NEXT_OSI,
  32: NEXT_MPLS,
  33: NEXT_OSI,
  200: NEXT_PPP,
  201: NEXT_OSI,
  202: NEXT_LLC,
  203: NEXT_LLC,
  204: NEXT_ETHERNET,
  207: NEXT_FRAME_RELAY,
  208: NEXT_CISCO_HDLC,
};

const PROTOCOLS: Readonly<Record<number, string>> = {
  2: 'IPv4',
  3: 'MPLS to IPv4',
  4: 'IPv4 to MPLS',
  5: 'MPLS',
  6: 'IPv6',
  7: 'MPLS to IPv6',
  8: 'IPv6 to MPLS',
  10: 'CLNP',
  32: 'CLNP to MPLS',
  33: 'MPLS to CLNP',
  200: 'PPP',
  201: 'OSI',
  202: 'LLC',
  203: 'LLC/SNAP',
  204: 'Ethernet',
  207: 'Frame Relay',
  208: 'Cisco HDLC',
};

/** What a protocol number of JUNOS stands for. */
export const juniperProtocol = (protocol: number): number => FOLLOWERS[protocol] ?? END;

/** The answer of {@link stepJuniperHeader} where the header of the card follows. */
export const CARD = -2;

/** Length of the header as far as the extensions; 0 where a frame has none (JUNOS 6.4 and before). */
function prefixBytes(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 4 || u24be(bytes, at) !== MAGIC) return 0;
  if (!(bytes[at + 3]! & EXTENDED)) return 4;
  return end - at < 6 ? end - at + 1 : 6 + u16be(bytes, at + 4);
}

/** Steps over the header and returns what follows it: {@link CARD}, or a code of `next.ts`. */
export function stepJuniperHeader(cursor: Cursor): number {
  const { bytes, at, end } = cursor;
  if (!cursor.has(4)) return END;
  const length = prefixBytes(bytes, at, end);
  if (!cursor.has(length)) return END;
  cursor.skip(length);
  if (length === 0 || !(bytes[at + 3]! & WITHOUT_LINK)) return CARD;
  if (!cursor.has(4)) return END;
  const protocol = bytes[cursor.at]!;
  cursor.skip(4);
  return juniperProtocol(protocol);
}

/** Describes a field that holds the number of a protocol, lowest byte first. */
export function describeJuniperProtocol(view: HeaderView, offset: number, length: number): void {
  const protocol = view.u8(offset) | (length === 2 ? view.u8(offset + 1) << 8 : 0);
  view.put('juniper.proto', 'Protocol', offset * 8, length * 8, `${protocol}`, {
    meaning: nameOf(PROTOCOLS, protocol),
  });
}

const DIRECTIONS: Readonly<Record<number, string>> = { 0: 'outgoing', 1: 'incoming' };
const LINK_HEADERS: Readonly<Record<number, string>> = { 0: 'present', 1: 'removed' };

/** Describes the header and returns where the card's begins: an offset, or -1 where there is none. */
export function describeJuniperHeader(view: HeaderView): number {
  const length = prefixBytes(view.bytes, view.start, view.end);
  if (length === 0) return 0;
  const flags = view.u8(3);
  view.hex('juniper.magic-number', 'Magic Number', 0, 3);
  view.bits('juniper.ext', 'Extensions Present', 24, 1);
  view.bits('juniper.l2hdr', 'Link Header', 30, 1, String, { meaning: nameOf(LINK_HEADERS, (flags >>> 1) & 1) });
  view.bits('juniper.direction', 'Direction', 31, 1, String, { meaning: nameOf(DIRECTIONS, flags & INCOMING) });
  if (flags & EXTENDED) {
    view.uint('juniper.ext_total_len', 'Extensions Length', 4, 2);
    const children = view.children(() => describeExtensions(view, 6, length));
    view.raw('juniper.ext.tlvs', 'Extensions', 6, length - 6, { children });
  }
  if (!(flags & WITHOUT_LINK)) return length;
  describeJuniperProtocol(view, length, 4);
  return -1;
}

/** Extensions by type: Wireshark's name and ours. */
const EXTENSIONS: Readonly<Record<number, readonly [id: string, name: string]>> = {
  1: ['juniper.ext.ifd', 'Device Interface Index'],
  2: ['juniper.ext.ifd_name', 'Device Interface Name'],
  3: ['juniper.ext.ifmt', 'Device Media Type'],
  4: ['juniper.ext.ifl', 'Logical Interface Index'],
  5: ['juniper.ext.unit', 'Logical Unit Number'],
  6: ['juniper.ext.ifle', 'Logical Interface Encapsulation'],
  7: ['juniper.ext.ttp_ifmt', 'Derived Device Media Type'],
  8: ['juniper.ext.ttp_ifle', 'Derived Logical Interface Encapsulation'],
};
const DEVICE_NAME = 2;
const UNKNOWN_EXTENSION = ['juniper.ext.unknown', 'Unknown Extension'] as const;
/** Types from here on have their values in network byte order, those before in that of the router's processor. */
const BIG_ENDIAN = 128;
const MAX_NUMBER_BYTES = 4;

/** Writes a field for each extension in `[at, end)`: type, length, value. */
function describeExtensions(view: HeaderView, at: number, end: number): void {
  while (at + 2 < end && view.start + at + 2 < view.end) {
    const type = view.u8(at);
    const length = view.u8(at + 1);
    if (length === 0 || at + 2 + length > end) return;
    const [id, name] = EXTENSIONS[type] ?? UNKNOWN_EXTENSION;
    if (type === DEVICE_NAME || length > MAX_NUMBER_BYTES) view.raw(id, name, at, 2 + length);
    else view.put(id, name, at * 8, (2 + length) * 8, `${numberAt(view, at + 2, length, type >= BIG_ENDIAN)}`);
    at += 2 + length;
  }
}

function numberAt(view: HeaderView, at: number, length: number, isBigEndian: boolean): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + view.u8(isBigEndian ? at + i : at + length - 1 - i);
  return value;
}
