import { UNKNOWN_LINK_TYPE } from '../model/capture';
import type { PacketText } from './format';

/** LINKTYPE_ numbers. */
const NULL = 0;
const ETHERNET = 1;
const PPP = 9;
const ARCNET = 7;
const FDDI = 10;
const RAW = 101;
const C_HDLC = 104;
const FRELAY = 107;
const LINUX_SLL = 113;
const ARCNET_LINUX = 129;
const JUNIPER_ETHERNET = 178;
const NFLOG = 239;
const LINUX_SLL2 = 276;

const ETHERTYPES = new Set([
  ...[
    0x0800, 0x0806, 0x22f3, 0x6558, 0x86dd, 0x8100, 0x8870, 0x88a8, 0x9100, 0x88e7, 0x8903, 0x8926, 0x892f, 0x893f,
    0x894f, 0x88e5,
  ],
  ...[0x8863, 0x8864, 0x8847, 0x8848],
]);

/** Offset of the IP header in a frame whose link layer has a fixed length. */
const FIXED: readonly (readonly [linkType: number, headerBytes: number])[] = [
  [RAW, 0],
  [NULL, 4],
  [ETHERNET, 14],
  [LINUX_SLL, 16],
  [LINUX_SLL2, 20],
  [C_HDLC, 4],
  [FRELAY, 4],
  [FDDI, 21],
  [ARCNET_LINUX, 5],
  [ARCNET, 3],
];

/**
 * Link type of bytes that a text gives. Dumps begin at the frame's first byte or, those of `tcpdump -x`, behind the link
 * layer; hardly any says which. What looks like an IP header, by its lengths, decides; then what the text announced.
 * PPPoE and MPLS headers, behind which no link type begins, are taken off the packet.
 */
export function linkTypeOf(packet: PacketText): number {
  const { hex, hexLength } = packet;
  if (beginsWithIp(hex, hexLength)) return RAW;
  const announced = packet.linkType;
  if (announced >= 0 && announced !== RAW && fits(announced, hex, hexLength)) return announced;
  for (const [linkType, headerBytes] of FIXED)
    if (linkType !== RAW && fitsFixed(linkType, headerBytes, hex, hexLength)) return linkType;
  if (isEthernet(hex, 0, hexLength)) return ETHERNET;
  if (announced === NFLOG || isNetfilterLog(hex, hexLength)) return NFLOG;
  if (isJuniperEthernet(hex, hexLength)) return JUNIPER_ETHERNET;
  if (stripTunnel(packet)) return linkTypeOf(packet);
  // A PPP protocol field may be one byte (RFC 1661 §6.5), behind address and control or without them.
  if (hexLength > 4 && isPppIp(hex[0]!) && isIp(hex, 1, hexLength)) return PPP;
  if (hexLength > 4 && (hex[0] === 0xff || hex[0] === 0x00) && isIp(hex, hex[0] === 0xff ? 4 : 2, hexLength))
    return PPP;
  return announced >= 0 ? announced : UNKNOWN_LINK_TYPE;
}

/** Bytes by which the IP packet in a frame goes on behind what is there, 0 where it does not or is not found. */
export function cutBytes({ hex, hexLength }: PacketText, linkType: number): number {
  const at = ipAt(hex, linkType);
  if (!isIp(hex, at, hexLength)) return 0;
  const total = hex[at]! >>> 4 === 4 ? (hex[at + 2]! << 8) | hex[at + 3]! : 40 + ((hex[at + 4]! << 8) | hex[at + 5]!);
  return Math.max(0, at + total - hexLength);
}

/** Where the IP header is to be expected. */
function ipAt(hex: Uint8Array, linkType: number): number {
  let at = FIXED.find(([known]) => known === linkType)?.[1] ?? 0;
  if (linkType === ETHERNET) while (at < 30 && hex[at - 2] === 0x81 && hex[at - 1] === 0) at += 4;
  return at;
}

/** Whether the bytes reach behind the header of a segment (RFC 9293 §3.1), where nothing else stands in front of it. */
export function hasWholeHeaders({ hex, hexLength }: PacketText, linkType: number): boolean {
  const at = ipAt(hex, linkType);
  const isV4 = hex[at]! >>> 4 === 4;
  if (hexLength < at + 20) return false;
  if (hex[at + (isV4 ? 9 : 6)] !== TCP) return true;
  const tcpAt = at + (isV4 ? (hex[at]! & 15) * 4 : 40);
  return hexLength >= tcpAt + 20 && hexLength >= tcpAt + (hex[tcpAt + 12]! >>> 4) * 4;
}

const TCP = 6;

function fits(linkType: number, hex: Uint8Array, length: number): boolean {
  const fixed = FIXED.find(([known]) => known === linkType);
  if (fixed === undefined || linkType === ETHERNET) return true;
  return fitsFixed(linkType, fixed[1], hex, length);
}

function fitsFixed(linkType: number, headerBytes: number, hex: Uint8Array, length: number): boolean {
  if (!isIp(hex, headerBytes, length)) return false;
  const protocol = headerBytes >= 2 ? (hex[headerBytes - 2]! << 8) | hex[headerBytes - 1]! : 0;
  switch (linkType) {
    case ETHERNET:
    case LINUX_SLL:
    case C_HDLC:
      return protocol === 0x0800 || protocol === 0x86dd;
    case LINUX_SLL2:
      return ((hex[0]! << 8) | hex[1]!) === 0x0800 || ((hex[0]! << 8) | hex[1]!) === 0x86dd;
    case FDDI:
      // Asynchronous LLC frame, then a SNAP header (RFC 1188).
      return (hex[0]! & 0xf0) === 0x50 && hex[13] === 0xaa && hex[14] === 0xaa;
    case ARCNET:
    case ARCNET_LINUX:
      // IP without a header of its own (RFC 1051).
      return hex[headerBytes - 1] === 0xf0 && isSumRight(hex, headerBytes, (hex[headerBytes]! & 15) * 4, length);
    case FRELAY:
      return hex[2] === 0x03 && hex[3] === 0xcc;
    case NULL:
      return isAddressFamily(hex);
    default:
      return true;
  }
}

/** The first four bytes are a protocol family, in the byte order of whoever wrote it: one byte of them is not 0. */
const isAddressFamily = (hex: Uint8Array): boolean =>
  hex[1] === 0 && hex[2] === 0 && (hex[0] === 0 ? FAMILIES.has(hex[3]!) : hex[3] === 0 && FAMILIES.has(hex[0]!));

/** AF_INET; AF_INET6 of the BSDs, of macOS, and of Linux. */
const FAMILIES = new Set([2, 24, 28, 30, 10]);

/** A version 4 or 6 header whose lengths can be right. */
function isIp(hex: Uint8Array, at: number, length: number): boolean {
  if (at + 20 > length) return false;
  const version = hex[at]! >>> 4;
  if (version === 4) {
    const headerBytes = (hex[at]! & 15) * 4;
    const total = (hex[at + 2]! << 8) | hex[at + 3]!;
    return headerBytes >= 20 && (total >= headerBytes || total === 0) && hasChecksum(hex, at, headerBytes, length);
  }
  return version === 6 && at + 40 <= length && NEXT_HEADERS.has(hex[at + 6]!);
}

/**
 * An IP header at the very beginning. The first byte of a hardware address may look like one (60:38:e0 …): a frame whose
 * type is known is one, unless the lengths of IP are exactly those of the bytes.
 */
export function beginsWithIp(hex: Uint8Array, length: number): boolean {
  if (!isIp(hex, 0, length)) return false;
  const isV4 = hex[0]! >>> 4 === 4;
  if (isV4 && isSumRight(hex, 0, (hex[0]! & 15) * 4, length)) return true;
  // "M" would be the first byte of a header with options.
  if (fitsFixed(ETHERNET, 14, hex, length) || isJuniperEthernet(hex, length)) return false;
  if (!isEthernet(hex, 0, length)) return true;
  return length === (isV4 ? (hex[2]! << 8) | hex[3]! : 40 + ((hex[4]! << 8) | hex[5]!));
}

const NEXT_HEADERS = new Set([0, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 59, 60, 89, 103, 132, 135, 140]);

/** The checksum is right, or was left out, or the protocol is a common one. */
function hasChecksum(hex: Uint8Array, at: number, headerBytes: number, length: number): boolean {
  if (hex[at + 10] === 0 && hex[at + 11] === 0) return true;
  return COMMON.has(hex[at + 9]!) || isSumRight(hex, at, headerBytes, length);
}

function isSumRight(hex: Uint8Array, at: number, headerBytes: number, length: number): boolean {
  if (at + headerBytes > length) return false;
  let sum = 0;
  for (let i = 0; i < headerBytes; i += 2) sum += (hex[at + i]! << 8) | hex[at + i + 1]!;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

const COMMON = new Set([1, 2, 4, 6, 17, 41, 47, 50, 51, 89, 132]);

/** A type that is known, or a length with a SNAP header and such a type behind it (IEEE 802.3, RFC 1042). */
function isEthernet(hex: Uint8Array, at: number, length: number): boolean {
  if (at + 14 >= length) return false;
  const type = (hex[at + 12]! << 8) | hex[at + 13]!;
  if (type > 1500) return ETHERTYPES.has(type);
  const isSnap = at + 22 < length && hex[at + 14] === 0xaa && hex[at + 15] === 0xaa && hex[at + 16] === 3;
  return isSnap && ETHERTYPES.has((hex[at + 20]! << 8) | hex[at + 21]!);
}

/** PPP's numbers of IPv4 and IPv6, without the first byte, which is 0. */
const isPppIp = (protocol: number): boolean => protocol === 0x21 || protocol === 0x57;

/** Takes a PPPoE session header with its PPP protocol, or a stack of MPLS labels, off the front. */
function stripTunnel(packet: PacketText): boolean {
  const { hex, hexLength } = packet;
  let bytes = 0;
  // PPP's protocol field may be one byte (RFC 1661 §6.5).
  if (hexLength > 8 && hex[0] === 0x11 && hex[1] === 0 && isPppIp(hex[6] === 0 ? hex[7]! : hex[6]!))
    bytes = hex[6] === 0 ? 8 : 7;
  else
    for (let at = 0; at + 4 <= hexLength && at < 40; at += 4)
      if (hex[at + 2]! & 1) {
        if (isIp(hex, at + 4, hexLength) || isEthernet(hex, at + 4, hexLength)) bytes = at + 4;
        break;
      }
  if (bytes === 0) return false;
  hex.copyWithin(0, bytes, hexLength);
  packet.hexLength = hexLength - bytes;
  return true;
}

/** `AF, version 0, resource id`, then attributes of four bytes and more. */
function isNetfilterLog(hex: Uint8Array, length: number): boolean {
  return length > 8 && (hex[0] === 2 || hex[0] === 10) && hex[1] === 0 && hex[5] === 0 && hex[4]! >= 4;
}

/** "MGC", flags, where they say so (0x80) extensions behind their length, then a frame, unless its header is gone (0x02). */
function isJuniperEthernet(hex: Uint8Array, length: number): boolean {
  if (length < 8 || hex[0] !== 0x4d || hex[1] !== 0x47 || hex[2] !== 0x43 || hex[3]! & 0x02) return false;
  return isEthernet(hex, hex[3]! & 0x80 ? 6 + ((hex[4]! << 8) | hex[5]!) : 4, length);
}
