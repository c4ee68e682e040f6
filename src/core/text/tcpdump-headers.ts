import type { SegmentFacts } from '../model/facts';
import type { PacketText } from './format';
import { isHardwareAddress } from './hosts';
import { endOfLine } from './lines';
import type { Marks } from './marks';
import { ascii, find, hexDigit, isSpace, Scanner, SPACE, startsWith } from './scan';
import { COLON } from './tcpdump-core';
import { isSecondLine } from './tcpdump-lines';
import { MAX_PREFIX } from './tcpdump-style';

/** What tcpdump prints in front of a segment of the headers around it: the frame's with `-e`, IP's with `-v`. */

const scanner = new Scanner();

/** `-e`: hardware addresses and the frame's length; `-v`: fields of the IP header. Anything may be missing. */
export function takeFrameHeader(
  bytes: Uint8Array,
  start: number,
  end: number,
  packet: PacketText,
  marks: Marks | null,
): void {
  let at = find(bytes, start, end, LENGTH_COLON);
  // Of VLAN tags and PPPoE each has a length of its own: the first is the frame's.
  if (at >= 0) {
    const s = scanner.set(bytes, at + LENGTH_COLON.length, end);
    const from = s.at;
    const length = s.uint();
    if (length > 0 && s.next === COLON) {
      packet.wireBytes = length;
      marks?.mark('frame.len', from, s.at);
    } else if (length > 0 && bytes[at - 1] === 0x29)
      packet.wireBytes = Math.max(0, length - missingBytes(bytes, start, end));
  }
  if (marks === null) return;
  for (at = start; at < end; at++)
    if ((at === start || bytes[at - 1] === SPACE) && isHardwareAddress(bytes, at, end)) {
      const isSource = startsWith(bytes, at + 17, end, ARROW);
      marks.mark(isSource ? 'eth.src' : 'eth.dst', at, at + 17);
      at += 17;
    }
  markNumber(marks, 'ip.ttl', bytes, start, end, TTL);
  markNumber(marks, 'ip.ttl', bytes, start, end, HLIM);
  markNumber(marks, 'ip.id', bytes, start, end, ID);
}

/** Time to live and identification of `-v`, from the last `(tos …)` in front of the addresses, which begin at `before`. */
export function takeIpHeader(bytes: Uint8Array, start: number, before: number, facts: SegmentFacts): void {
  let close = before - 1;
  while (close > start && isSpace(bytes[close]!)) close--;
  if (bytes[close] !== 0x29) return;
  const from = Math.max(start, before - MAX_PREFIX);
  facts.ttl = Math.max(0, numberBehind(bytes, from, before, TTL), numberBehind(bytes, from, before, HLIM)) & 255;
  facts.ipId = Math.max(0, numberBehind(bytes, from, before, ID)) & 0xffff;
}

/** Length of header and payload by the IP header of `-v`, -1 where there is none, or other headers are behind it. */
export function tcpBytesOf(bytes: Uint8Array, start: number, before: number): number {
  let close = before - 1;
  while (close > start && isSpace(bytes[close]!)) close--;
  const from = Math.max(start, close - MAX_PREFIX);
  const next = find(bytes, from, close, NEXT_IS_TCP);
  if (next >= 0) return scanner.set(bytes, next + NEXT_IS_TCP.length, close).uint();
  if (find(bytes, from, close, IP_OPTIONS) >= 0 || find(bytes, from, close, TOS) < 0) return -1;
  const length = numberBehind(bytes, from, close + 1, LENGTH);
  // Where the header was cut, digits may be missing.
  return length < 40 || scanner.atEnd ? -1 : length - 20;
}

/** Whether a line is the first one of `-v`, cut within the IP header, and the next has the addresses. */
export function breaksOffInHeader(bytes: Uint8Array, start: number, lineEnd: number, end: number): boolean {
  const next = lineEnd + 1;
  return (
    bytes[next] === SPACE &&
    IP_HEADERS.some((header) => find(bytes, start, lineEnd, header) >= 0) &&
    isSecondLine(bytes, next, endOfLine(bytes, next, end))
  );
}

const IP_HEADERS = ['(tos 0x', 'IP6 (', ': (flowlabel 0x', ': (hlim ', ': (class 0x'].map(ascii);

/**
 * Of a frame whose type tcpdump does not know, `-x` and `-X` leave the Ethernet header off, and the line has all of it:
 * puts it in front of the bytes again. False where there is no such line.
 */
export function restoreEthernet(bytes: Uint8Array, start: number, end: number, packet: PacketText): boolean {
  const word = UNKNOWN_TYPE.find((one) => find(bytes, start, end, one) >= 0);
  if (word === undefined) return false;
  const typeAt = find(bytes, start, end, word);
  const type = scanner.set(bytes, typeAt + word.length, end).hex();
  const destinationAt = addressBefore(bytes, start, typeAt);
  const sourceAt = destinationAt < 0 ? -1 : addressBefore(bytes, start, destinationAt);
  if (type < 0 || sourceAt < 0) return false;
  const header = [destinationAt, sourceAt].flatMap((from) =>
    Array.from({ length: 6 }, (_, i) => hexDigit(bytes[from + 3 * i]!) * 16 + hexDigit(bytes[from + 3 * i + 1]!)),
  );
  packet.linkType = ETHERNET;
  if (header.every((byte, i) => packet.hex[i] === byte)) return true;
  const rest = packet.hex.slice(0, packet.hexLength);
  packet.hexLength = 0;
  for (const byte of [...header, type >> 8, type & 255]) packet.addHex(byte);
  for (const byte of rest) packet.addHex(byte);
  return true;
}

/**
 * Length of the link layer's header by what `-e` prints of it: of Ethernet with VLAN tags, and of Linux's cooked
 * captures. 0 for others, and without `-e`.
 */
export function linkBytesOf(bytes: Uint8Array, start: number, end: number): number {
  const typeAt = Math.max(...IP_TYPES.map((type) => find(bytes, start, end, type)));
  if (typeAt < 0) return 0;
  let at = typeAt;
  while (at > start && !isHardwareAddress(bytes, at, typeAt)) at--;
  if (!isHardwareAddress(bytes, at, typeAt)) return 0;
  const sourceAt = addressBefore(bytes, start, at);
  if (sourceAt < 0) return find(bytes, start, typeAt, INTERFACE) >= 0 ? COOKED_2_BYTES : COOKED_BYTES;
  let header = ETHERNET_BYTES;
  for (let tag = find(bytes, start, typeAt, VLAN); tag >= 0; tag = find(bytes, tag + 1, typeAt, VLAN))
    header += VLAN_BYTES;
  return header;
}

/** The second and third are those of `-q`. */
const IP_TYPES = ['ethertype IPv', ', IPv4, length ', ', IPv6, length '].map(ascii);
const VLAN = ascii('vlan ');
const INTERFACE = ascii('ifindex ');
const ETHERNET_BYTES = 14;
const VLAN_BYTES = 4;
/** LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2. */
const COOKED_BYTES = 16;
const COOKED_2_BYTES = 20;

/** Where the last hardware address before `before` begins, -1 where there is none. */
function addressBefore(bytes: Uint8Array, start: number, before: number): number {
  for (let at = before - 17; at >= start; at--)
    if ((at === start || bytes[at - 1] === SPACE) && isHardwareAddress(bytes, at, before)) return at;
  return -1;
}

/** LINKTYPE_ETHERNET. */
const ETHERNET = 1;
const UNKNOWN_TYPE = ['ethertype Unknown (0x', 'Unknown Ethertype (0x'].map(ascii);

/** The number behind `word`, the last one in `[start, end)`; -1 where there is none. */
function numberBehind(bytes: Uint8Array, start: number, end: number, word: Uint8Array): number {
  for (let at = end - word.length; at > start; at--)
    if (
      bytes[at] === word[0] &&
      bytes[at - 1] !== 0x2d &&
      isBoundary(bytes[at - 1]!) &&
      startsWith(bytes, at, end, word)
    )
      return scanner.set(bytes, at + word.length, end).uint();
  return -1;
}

const isBoundary = (c: number): boolean => c === SPACE || c === 0x28 || c === 0x2c;

/** `truncated-ip - 8192 bytes missing!`: bytes that the IP header counts beyond the frame, else 0. */
export function missingBytes(bytes: Uint8Array, start: number, end: number): number {
  const at = find(bytes, start, end, TRUNCATED);
  const number = at < 0 ? -1 : find(bytes, at, end, MISSING);
  return number < 0 ? 0 : Math.max(0, scanner.set(bytes, number + MISSING.length, end).uint());
}

function markNumber(
  marks: Marks,
  id: 'ip.ttl' | 'ip.id',
  bytes: Uint8Array,
  start: number,
  end: number,
  word: Uint8Array,
): void {
  for (let at = start + 1; at < end - word.length; at++)
    if (isBoundary(bytes[at - 1]!) && startsWith(bytes, at, end, word)) {
      const s = scanner.set(bytes, at + word.length, end);
      const from = s.at;
      if (s.uint() >= 0) marks.mark(id, from, s.at);
      return;
    }
}

const ARROW = ascii(' > ');
const LENGTH_COLON = ascii(', length ');
/** Of IPv4: the header of IPv6 has a class. */
const TOS = ascii('(tos ');
const NEXT_IS_TCP = ascii('next-header TCP (6) payload length: ');
const IP_OPTIONS = ascii('options (');
const TRUNCATED = ascii('truncated-ip');
const MISSING = ascii(' - ');
const TTL = ascii('ttl ');
const HLIM = ascii('hlim ');
const ID = ascii('id ');
const LENGTH = ascii('length ');
