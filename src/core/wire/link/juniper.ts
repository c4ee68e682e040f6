import { u16be, u16le, u24be } from '../../bytes/endian';
import type { Cursor } from '../cursor';
import { ascii, type HeaderView } from '../header-view';
import {
  END,
  ETHERTYPE,
  linkType,
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
import { etherTypeMeaning, ipProtocolMeaning } from '../numbers';
import type { Protocol } from '../protocol';
import {
  CARD,
  describeJuniperHeader,
  describeJuniperProtocol,
  INCOMING,
  juniperProtocol,
  stepJuniperHeader,
} from './juniper-header';

/** What a kind of interface card puts between the header that all have and the frame. */
interface Card {
  /** Steps over it. The cursor stands behind the common header, whose flags these are. */
  readonly step: (cursor: Cursor, flags: number) => number;
  /** Frames without the common header are something else. */
  readonly isStrict?: boolean;
  /** Describes it; it begins at `at`. */
  readonly describe?: (view: HeaderView, at: number) => void;
}

const juniper = (id: string, name: string, number: number, card: Card): Protocol => ({
  id,
  place: 'capture',
  name,
  claims: [linkType(number)],
  step(cursor) {
    const { bytes, at } = cursor;
    const next = stepJuniperHeader(cursor);
    if (next !== CARD) return next;
    return cursor.at === at && card.isStrict === true ? END : card.step(cursor, bytes[at + 3]!);
  },
  describe(view) {
    const at = describeJuniperHeader(view);
    if (at >= 0 && at < view.headerBytes) card.describe?.(view, at);
    return at === 0 ? '' : view.u8(3) & INCOMING ? 'incoming' : 'outgoing';
  },
});

const describeCookie = (view: HeaderView, at: number): void =>
  view.raw('juniper.cookie', 'Cookie', at, view.headerBytes - at);

/** A card that puts so many bytes before frames of one kind. */
const plain = (next: number, skipped = 0): Card => ({
  step(cursor) {
    if (!cursor.has(skipped)) return END;
    cursor.skip(skipped);
    return next;
  },
  describe: describeCookie,
});

export const juniperPppoe = juniper('juniper.pppoe', 'Juniper PPPoE', 167, plain(NEXT_ETHERNET));
export const juniperEthernet = juniper('juniper.ether', 'Juniper Ethernet', 178, plain(NEXT_ETHERNET));
/** Address and control field stand before the protocol. */
export const juniperPpp = juniper('juniper.ppp', 'Juniper PPP', 179, plain(NEXT_PPP, 2));
export const juniperFrameRelay = juniper('juniper.frelay', 'Juniper Frame Relay', 180, plain(NEXT_FRAME_RELAY));
export const juniperCiscoHdlc = juniper('juniper.chdlc', 'Juniper Cisco HDLC', 181, plain(NEXT_CISCO_HDLC));
export const juniperVoice = juniper('juniper.vp', 'Juniper Voice', 183, plain(NEXT_IP, 18));

/** PPPoE sessions over ATM: an EtherType, and what it names. Known to tcpdump, not to Wireshark. */
export const juniperPppoeAtm = juniper('juniper.pppoe_atm', 'Juniper PPPoE over ATM', 168, {
  step(cursor) {
    if (!cursor.has(2)) return END;
    cursor.skip(2);
    return ETHERTYPE + u16be(cursor.bytes, cursor.at - 2);
  },
  describe: (view, at) => view.hex('juniper.type', 'Type', at, 2, { meaning: etherTypeMeaning(view.u16(at)) }),
});

/** Flow monitoring, with IP of either version. Known to tcpdump, not to Wireshark. */
export const juniperMonitor = juniper('juniper.monitor', 'Juniper Monitor', 164, {
  step(cursor) {
    if (!cursor.has(9)) return END;
    cursor.skip(8);
    return ipNext(cursor.bytes[cursor.at]!);
  },
  describe: describeCookie,
});

export const juniperServices = juniper('juniper.svcs', 'Juniper Services', 136, {
  step: (cursor, flags) => plain(NEXT_IP, flags & INCOMING ? 16 : 12).step(cursor, flags),
  describe: describeCookie,
});

export const juniperGgsn = juniper('juniper.ggsn', 'Juniper GGSN', 133, {
  step(cursor) {
    if (!cursor.has(4)) return END;
    const protocol = u16le(cursor.bytes, cursor.at);
    cursor.skip(4);
    if (protocol !== WITH_MORE) return juniperProtocol(protocol);
    if (!cursor.has(4)) return END;
    cursor.skip(4);
    return NEXT_IP;
  },
  describe(view, at) {
    describeJuniperProtocol(view, at, 2);
    view.put('juniper.vlan', 'VLAN ID', (at + 2) * 8, 16, `${view.u8(at + 2) | (view.u8(at + 3) << 8)}`);
    if (view.headerBytes > at + 4) view.raw('juniper.unknown_data', 'Unknown', at + 4, 4);
  },
});
/** A protocol of which no more is known than that four bytes and IP follow. */
const WITH_MORE = 0xa248;

/** First byte of the cookies of link services, and of the two kinds of adaptive services. */
const LINK_SERVICES = 0x54;
const ADAPTIVE_SERVICES = new Set([0x40, 0x47]);
const LINK_COOKIE_BYTES = 4;
const ADAPTIVE_COOKIE_BYTES = 8;

function cookieBytes(first: number): number {
  if (first === LINK_SERVICES) return LINK_COOKIE_BYTES;
  return ADAPTIVE_SERVICES.has(first) ? ADAPTIVE_COOKIE_BYTES : 0;
}

/** What a cookie of adaptive services says that follows; `ip` where that is IPv4, or nothing. */
function adaptiveNext(bytes: Uint8Array, at: number, ip: number): number {
  switch (bytes[at + 5]! >>> 4) {
    case 0:
      return ip;
    case 1:
      return NEXT_IPV6;
    case 2:
      return NEXT_MPLS;
    case 3:
      return NEXT_OSI;
    default:
      return END;
  }
}

/** Both bits set: to or from the routing engine. */
const isRoutingEngine = (bytes: Uint8Array, at: number): boolean => (bytes[at + 4]! & 3) === 3;

/** Protocols that Juniper's routers speak over PPP. */
const PPP_PROTOCOLS = new Set([
  0x0021, 0x0023, 0x003d, 0x0057, 0x0281, 0x0283, 0x8021, 0x8023, 0x8057, 0x8281, 0xc021, 0xc023, 0xc223,
]);
const PPP_ADDRESS_AND_CONTROL = 0xff03;
const UNNUMBERED_INFORMATION = 0x03;

function describeServicesCookie(view: HeaderView, at: number): void {
  const length = cookieBytes(view.u8(at));
  if (length === ADAPTIVE_COOKIE_BYTES) view.raw('juniper.aspic.cookie', 'Cookie', at, length);
  else if (length === LINK_COOKIE_BYTES) view.hex('juniper.lspic.cookie', 'Cookie', at, length);
  else if (view.u16(at) !== PPP_ADDRESS_AND_CONTROL) view.hex('juniper.mlpic.cookie', 'Cookie', at, 2);
  const more = length || 2;
  if (view.headerBytes > at + more) view.raw('juniper.control', 'Control', at + more, view.headerBytes - at - more);
}

/** Multilink PPP: bundles with a cookie of the card, or one link of them without. */
export const juniperMlppp = juniper('juniper.mlppp', 'Juniper Multilink PPP', 130, {
  step(cursor, flags) {
    if (!cursor.has(ADAPTIVE_COOKIE_BYTES)) return END;
    const { bytes, at } = cursor;
    const length = cookieBytes(bytes[at]!);
    cursor.skip(length);
    if (length === LINK_COOKIE_BYTES) return NEXT_PPP;
    if (length === ADAPTIVE_COOKIE_BYTES)
      return adaptiveNext(bytes, at, flags & INCOMING && !isRoutingEngine(bytes, at) ? NEXT_PPP : NEXT_IP);
    const hasAddress = u16be(bytes, at) === PPP_ADDRESS_AND_CONTROL;
    if (hasAddress) cursor.skip(2);
    if (PPP_PROTOCOLS.has(u16be(bytes, cursor.at + 2))) {
      cursor.skip(2);
      return NEXT_PPP;
    }
    return hasAddress || PPP_PROTOCOLS.has(u16be(bytes, cursor.at)) ? NEXT_PPP : END;
  },
  describe: describeServicesCookie,
});

/** Multilink Frame Relay (FRF.15), likewise. */
export const juniperMlfr = juniper('juniper.mlfr', 'Juniper Multilink Frame Relay', 131, {
  step(cursor) {
    if (!cursor.has(ADAPTIVE_COOKIE_BYTES)) return END;
    const { bytes, at } = cursor;
    const length = cookieBytes(bytes[at]!);
    cursor.skip(length);
    if (!cursor.has(2)) return END;
    if (length === ADAPTIVE_COOKIE_BYTES) {
      const next = adaptiveNext(bytes, at, isRoutingEngine(bytes, at) ? END : NEXT_IP);
      if (next !== END || bytes[cursor.at] !== UNNUMBERED_INFORMATION) return next;
      cursor.skip(1);
      return NEXT_OSI;
    }
    if (length === LINK_COOKIE_BYTES) {
      if (isControl(bytes, cursor.at)) cursor.skip(2);
      if (cursor.has(1) && bytes[cursor.at] === UNNUMBERED_INFORMATION) cursor.skip(1);
      return NEXT_OSI;
    }
    if (u16be(bytes, at + 2) === Q_933) return END;
    if (isControl(bytes, at + 2)) cursor.skip(4);
    else if (bytes[at + 2] === UNNUMBERED_INFORMATION) cursor.skip(3);
    else return END;
    return NEXT_OSI;
  },
  describe: describeServicesCookie,
});
/** Control field and protocol of the link's own management. */
const Q_933 = 0x0308;

/** A control field with a byte of padding before or behind it. */
function isControl(bytes: Uint8Array, at: number): boolean {
  const value = u16be(bytes, at);
  return value === UNNUMBERED_INFORMATION || value === UNNUMBERED_INFORMATION << 8;
}

/** IP, if that is what a packet's first byte looks like. */
function ipNext(first: number): number {
  if (first >= 0x45 && first <= 0x4f) return NEXT_IP;
  return first >>> 4 === 6 ? NEXT_IPV6 : END;
}

const SNAP = 0xaaaa03;
const ROUTED_OSI = 0xfefe03;

/** What an ATM card carries, told by its first bytes; `isAtm2` for what only the newer one does. */
function atmNext(cursor: Cursor, isAtm2: boolean, isBridged: boolean): number {
  if (!cursor.has(3)) return END;
  const { bytes, at } = cursor;
  const header = u24be(bytes, at);
  if (header === SNAP || header === ROUTED_OSI) return NEXT_LLC;
  if (isBridged) return NEXT_ETHERNET;
  if (isAtm2 && PPP_PROTOCOLS.has(header >>> 8)) return NEXT_PPP;
  const first = header >>> 16;
  if (first !== UNNUMBERED_INFORMATION) return ipNext(first);
  cursor.skip(1);
  return NEXT_OSI;
}

/** First byte of the cookie for cells of operation and maintenance. */
const ATM1_OAM = 0x80;
export const juniperAtm1 = juniper('juniper.atm1', 'Juniper ATM1', 137, {
  step(cursor) {
    if (!cursor.has(8)) return END;
    const isOam = cursor.bytes[cursor.at] === ATM1_OAM;
    cursor.skip(4);
    return isOam ? END : atmNext(cursor, false, false);
  },
  describe(view, at) {
    view.hex('juniper.atm1.cookie', 'Cookie', at, 4);
    if (view.headerBytes > at + 4) view.hex('juniper.control', 'Control', at + 4, 1);
  },
});

/** Bits of the last byte of the cookie that only such cells have set. */
const ATM2_OAM = 0x70;
/** Bits of the fourth byte: a gap, which there is in Ethernet frames that go out. */
const ATM2_GAP = 0x3f;
export const juniperAtm2 = juniper('juniper.atm2', 'Juniper ATM2', 135, {
  step(cursor, flags) {
    if (!cursor.has(8)) return END;
    const { bytes, at } = cursor;
    const isOam = (bytes[at + 7]! & ATM2_OAM) !== 0;
    cursor.skip(8);
    return isOam ? END : atmNext(cursor, true, !(flags & INCOMING) && (bytes[at + 3]! & ATM2_GAP) !== 0);
  },
  describe(view, at) {
    view.raw('juniper.atm2.cookie', 'Cookie', at, 8);
    if (view.headerBytes > at + 8) view.hex('juniper.control', 'Control', at + 8, 1);
  },
});

const ETHERNET_BYTES = 14;
const IPV4 = 0x0800;
const ESP = 50;
const ESP_BYTES = 8;
/** Bytes between the outer headers and the packet, of which nothing is known. */
const UNKNOWN_BYTES = 16;

/** Secure tunnels: the headers of the tunnel as they were, and the packet inside decrypted. */
export const juniperTunnel = juniper('juniper.st', 'Juniper Secure Tunnel', 200, {
  isStrict: true,
  step(cursor) {
    if (!cursor.has(ETHERNET_BYTES + 20)) return END;
    const { bytes, at } = cursor;
    const headerBytes = (bytes[at + ETHERNET_BYTES]! & 0x0f) * 4;
    const length = ETHERNET_BYTES + headerBytes + ESP_BYTES + UNKNOWN_BYTES;
    if (u16be(bytes, at + 12) !== IPV4 || bytes[at + ETHERNET_BYTES + 9] !== ESP || !cursor.has(length + 1)) return END;
    cursor.skip(length);
    return ipNext(bytes[cursor.at]!);
  },
  describe(view, at) {
    view.mac('juniper.st.eth.dst', 'Destination', at);
    view.mac('juniper.st.eth.src', 'Source', at + 6);
    view.hex('juniper.st.eth.type', 'Type', at + 12, 2, { meaning: etherTypeMeaning(view.u16(at + 12)) });
    const ip = at + ETHERNET_BYTES;
    const ipBytes = (view.u8(ip) & 0x0f) * 4;
    view.bits('juniper.st.ip.len', 'Header Length', ip * 8 + 4, 4);
    view.uint('juniper.st.ip.proto', 'Protocol', ip + 9, 1, { meaning: ipProtocolMeaning(view.u8(ip + 9)) });
    view.uint('juniper.st.esp.spi', 'Security Parameters Index', ip + ipBytes, 4);
    view.uint('juniper.st.esp.seq', 'Sequence Number', ip + ipBytes + 4, 4);
    view.raw('juniper.unknown_data', 'Unknown', ip + ipBytes + ESP_BYTES, UNKNOWN_BYTES);
  },
});

const VN_HOST = 1;
const VN_FLAGS = 2;
const VN_NAMES: Readonly<Record<number, readonly [id: string, name: string]>> = {
  3: ['juniper.vn.src', 'Source Virtual Network'],
  4: ['juniper.vn.dst', 'Destination Virtual Network'],
};
const VN_END = 255;

/** Virtual networks: elements of type, length and value, the last of type 255, before an Ethernet frame. */
export const juniperVirtualNetwork: Protocol = {
  id: 'juniper.vn',
  place: 'capture',
  name: 'Juniper Virtual Network Information',
  claims: [linkType(184)],
  step(cursor) {
    while (cursor.has(2)) {
      const type = cursor.bytes[cursor.at]!;
      const length = 2 + cursor.bytes[cursor.at + 1]!;
      if (!cursor.has(length) || (type !== VN_HOST && type !== VN_FLAGS && type !== VN_END && !VN_NAMES[type])) break;
      cursor.skip(length);
      if (type === VN_END) return NEXT_ETHERNET;
    }
    return END;
  },
  describe(view) {
    for (let at = 0; at < view.headerBytes; at += 2 + view.u8(at + 1)) {
      const type = view.u8(at);
      const length = view.u8(at + 1);
      const start = view.start + at + 2;
      if (type === VN_HOST) view.ipv4('juniper.vn.host_ip', 'Host Address', at + 2);
      else if (type === VN_FLAGS) view.hex('juniper.vn.flags', 'Flags', at + 2, 4);
      else if (type === VN_END) view.raw('juniper.vn.end', 'End', at, 2 + length);
      else {
        const [id, name] = VN_NAMES[type]!;
        view.put(id, name, at * 8, (2 + length) * 8, ascii(view.bytes, start, start + length));
      }
    }
    return '';
  },
};
