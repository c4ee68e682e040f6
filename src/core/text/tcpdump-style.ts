import { LineEnds, MOST, SOME } from './damage';
import type { TextHead } from './format';
import { dumpLineAt } from './hex-lines';
import { isHardwareAddress } from './hosts';
import { linesOf } from './lines';
import { ascii, find, isDigit, isSpace, Scanner, slice, SPACE, startsWith, TAB } from './scan';
import { COLON, Core, Kind } from './tcpdump-core';
import {
  beginsIp,
  COMMA,
  endsIn,
  endsInTunnel,
  isFirstLine,
  isSecondLine,
  looksLikeRest,
  wrappedSegments,
} from './tcpdump-lines';
import { SpanSample, type TimeMeaning, type TimeStyle, TimeValue } from './times';

const core = new Core();

/** What is the same in all lines of a trace. */
export interface Style {
  /** `tcpdump -#`: a number in front. */
  readonly numbered: boolean;
  readonly time: TimeStyle;
  readonly meaning: TimeMeaning;
  /** Something else stands before the packets: a logger's own time and name. */
  readonly prefixed: boolean;
  /** `-A`: lines behind a packet are its payload. */
  readonly ascii: boolean;
  /** `-x`, `-X`: a dump behind a packet, perhaps with something that a protocol's printer adds between them. */
  readonly dumps: boolean;
  /** Offset of the last line of the longest of them; 0 where there is none. */
  readonly longestDump: number;
  /** Times are followed by the time since the packet before, in parentheses (Stevens' books). */
  readonly old: boolean;
  /** Fields are left out of most lines, their ends too: somebody shows what matters. */
  readonly abridged: boolean;
  readonly linkType: number;
  /** Blanks in front of every line: code in Markdown. */
  readonly indent: number;
  readonly description: string;
}

export const TIME_STYLES: readonly TimeStyle[] = ['time-of-day', 'date', 'span', 'seconds'];
/** Packets of the beginning that are looked at. */
const SAMPLE_PACKETS = 2000;

const scanner = new Scanner();
const time = new TimeValue();

export function learnStyle(head: TextHead): Style {
  const { bytes } = head;
  const counts = new Map<string, number>();
  let packets = 0;
  let prefixed = 0;
  let payloads = 0;
  let dumps = 0;
  let longestDump = 0;
  let old = 0;
  let linkType = -1;
  let justPacket = false;
  /** The last line that may begin a packet. */
  let from = head.start;
  let to = head.start;
  let isInner = false;
  let isHeaded = false;
  const indents: number[] = [];
  const ends = new LineEnds();
  let saysEmpty = false;
  /** Where the line before begins. */
  let last = head.start;
  const wrapped = new Map<number, number>();
  for (const { from, to } of wrappedSegments(head)) wrapped.set(from, to);
  const lines = linesOf(head);
  for (const [i, { start, end }] of lines.entries()) {
    // Details that a protocol's printer adds stand before the payload.
    if (bytes[start] !== TAB) {
      const isPayload = (bytes[start] === 0x45 || bytes[start] === 0x60) && end - start > 20;
      if (justPacket && isPayload) payloads++;
      justPacket &&= !isPayload && isRest(bytes, start, end);
    }
    if (linkType < 0) linkType = announcedLinkType(bytes, start, end);
    const isSecond =
      isIndented(bytes, start, end) ||
      (isInner && beginsUntimed(bytes, start, end)) ||
      (isHeaded && isSecondLine(bytes, start, end));
    isInner = endsInTunnel(bytes, start, end);
    isHeaded = isFirstLine(bytes, start, end);
    if (bytes[start] !== TAB && !isSecond) {
      from = start;
      to = end;
    }
    if (startsWith(bytes, start, end, FIRST_OF_DUMP)) dumps++;
    if (startsWith(bytes, start, end, DUMP))
      longestDump = Math.max(longestDump, dumpLineAt(bytes, start, end)?.offset ?? 0);
    const before = last;
    last = start;
    if (!core.findIn(bytes, start, wrapped.get(start) ?? end) || bytes[start] === TAB) continue;
    packets++;
    if (core.kind === Kind.FLAGS) {
      const { bodyAt } = core;
      const isWhole = find(bytes, bodyAt, end, WIN) >= 0 && find(bytes, bodyAt, end, LENGTH) >= 0;
      const next = lines[i + 1];
      const goesOn = (): boolean =>
        endsIn(COMMA, bytes, start, end) || (next !== undefined && isRest(bytes, next.start, next.end));
      ends.add(isWhole || goesOn(), end - start);
      if (isWhole && find(bytes, bodyAt, end, LENGTH_0) >= 0) saysEmpty = true;
    }
    justPacket = true;
    // The two-line form of `-v` has time and number on the first line.
    if (!isSecond) {
      from = start;
      to = end;
    }
    // A line that was wrapped in front of the addresses, too.
    if (wrapped.has(start) && takeStyle(scanner.set(bytes, start, end)) === null)
      if (takeStyle(scanner.set(bytes, before, start)) !== null) from = before;
    if (core.kind === Kind.OLD) old++;
    const numbered = takeNumber(scanner.set(bytes, from, to)) >= 0;
    let style = takeStyle(scanner);
    if (style === null && !numbered) {
      scanner.skipSpaces();
      const blanks = scanner.at - from;
      style = takeStyle(scanner);
      if (blanks > 1 && (style !== null || beginsUntimed(bytes, scanner.at, to))) indents.push(blanks);
    }
    const behind = scanner.at;
    const nearest = isSecond || style === null ? null : nearestTime(bytes, from, core.sourceStart);
    if (nearest !== null && nearest.end > behind) {
      // The first time on the line is a logger's.
      prefixed++;
      style = nearest.style;
    }
    style ??= 'none';
    if (style === 'none' && !numbered && !isSecond && !beginsUntimed(bytes, behind, to)) {
      prefixed++;
      style = prefixedStyle(bytes, from, core.sourceStart);
    }
    const key = `${numbered ? '#' : ''}${style}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (packets >= SAMPLE_PACKETS) break;
  }
  // Bytes may hold the only segments.
  if (packets === 0)
    for (const { start, end } of linesOf(head)) {
      if (!isOtherPacket(bytes, start, end)) continue;
      const numbered = takeNumber(scanner.set(bytes, start, end)) >= 0;
      const key = `${numbered ? '#' : ''}${takeStyle(scanner) ?? 'none'}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  const [key] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? ['none'];
  const numbered = key.startsWith('#');
  const style = key.slice(numbered ? 1 : 0) as TimeStyle;
  const isPrefixed = prefixed * 2 > packets;
  return {
    numbered,
    time: style,
    meaning: meaningOf(head, numbered, style),
    prefixed: isPrefixed,
    ascii: payloads * 2 > packets,
    dumps: dumps * 2 > packets,
    longestDump,
    // Where no line says that a segment is empty, those without a length are: as in the manual of tcpdump.
    abridged: ends.areLeftOut(saysEmpty ? MOST : SOME),
    old: old * 2 > packets,
    linkType,
    indent: indents.length * 2 > packets ? Math.min(...indents) : 0,
    description: describe(numbered, style, old * 2 > packets),
  };
}

const other = new Core();

/** Whether a line looks like the rest of a wrapped one, and not like a packet of its own. */
const isRest = (bytes: Uint8Array, start: number, end: number): boolean =>
  looksLikeRest(bytes, start, end) && !other.findIn(bytes, start, end);

const WIN = ascii(' win ');
const LENGTH = ascii('length ');
const LENGTH_0 = ascii('length 0');

/** Takes the time that is next and tells how it is written; `null` where there is none. */
function takeStyle(s: Scanner): TimeStyle | null {
  const from = s.at;
  for (const style of TIME_STYLES) {
    if (time.take(s, style) && isSpace(s.next)) return style;
    // The beginning of a hardware address is no time.
    s.at = from;
  }
  return null;
}

/** Four spaces: the second line of a packet with `-v`, unless that is a number or a span with blanks in front. */
function isIndented(bytes: Uint8Array, start: number, end: number): boolean {
  if (start + 4 >= end || bytes[start] !== SPACE || bytes[start + 3] !== SPACE) return false;
  if (hasNumber(bytes, start) || takeStyle(scanner.set(bytes, start, end)) !== null) return false;
  scanner.skipSpaces();
  return takeStyle(scanner) === null && !beginsUntimed(bytes, scanner.at, end);
}

const FIRST_OF_DUMP = ascii('\t0x0000:');
const DUMP = ascii('\t0x');
const READING = ascii('link-type ');

/** `reading from file x.pcap, link-type EN10MB (Ethernet), snapshot length 65535`: LINKTYPE_ of that name, else -1. */
function announcedLinkType(bytes: Uint8Array, start: number, end: number): number {
  const at = find(bytes, start, end, READING);
  if (at < 0) return -1;
  const from = at + READING.length;
  let to = from;
  while (to < end && to - from < 32 && bytes[to] !== SPACE && bytes[to] !== 0x2c) to++;
  return LINK_TYPES[slice(bytes, from, to)] ?? -1;
}

/** LINKTYPE_ numbers of libpcap's DLT_ names. */
const LINK_TYPES: Readonly<Record<string, number>> = {
  NULL: 0,
  EN10MB: 1,
  IEEE802: 6,
  SLIP: 8,
  PPP: 9,
  FDDI: 10,
  PPP_SERIAL: 50,
  PPP_ETHER: 51,
  RAW: 101,
  C_HDLC: 104,
  IEEE802_11: 105,
  FRELAY: 107,
  LOOP: 108,
  LINUX_SLL: 113,
  PFLOG: 117,
  PRISM_HEADER: 119,
  IEEE802_11_RADIO: 127,
  IEEE802_11_RADIO_AVS: 163,
  PPI: 192,
  IPV4: 228,
  IPV6: 229,
  NFLOG: 239,
  LINUX_SLL2: 276,
};

/** Whether spans and plain seconds count from the first packet or from the one before. */
function meaningOf(head: TextHead, numbered: boolean, style: TimeStyle): TimeMeaning {
  if (style === 'none') return 'none';
  if (style === 'time-of-day') return 'time-of-day';
  if (style === 'date') return 'absolute';
  const spans = new SpanSample();
  for (const { start, end } of linesOf(head)) {
    scanner.set(head.bytes, start, end);
    if (numbered && takeNumber(scanner) < 0) continue;
    if (time.take(scanner, style) && isSpace(scanner.next)) spans.add(time);
  }
  const meaning = spans.meaning();
  return style === 'span' && meaning === 'absolute' ? 'elapsed' : meaning;
}

const DESCRIBED: Readonly<Record<TimeStyle, string>> = {
  none: ' -t',
  'time-of-day': '',
  seconds: ' -tt',
  span: ' -ttt',
  date: ' -tttt',
};

const describe = (numbered: boolean, style: TimeStyle, old: boolean): string =>
  old ? 'tcpdump 3 text' : `tcpdump text${numbered ? ' -#' : ''}${DESCRIBED[style]}`;

/**
 * The number that `-#` prints: right-aligned in five places, then two spaces; or that books have, in any column, then
 * blanks and a time. Takes it with the blanks, or returns -1.
 */
export function takeNumber(s: Scanner): number {
  const from = s.at;
  while (s.next === SPACE && s.at - from < 5) s.at++;
  const number = s.uint();
  const width = s.at - from;
  if (number >= 1 && s.next === SPACE && s.bytes[s.at + 1] === SPACE) {
    s.at += 2;
    if (width >= 5) return number;
    s.skipSpaces();
    if (isDigit(s.next)) return number;
  }
  s.at = from;
  return -1;
}

const hasNumber = (bytes: Uint8Array, start: number): boolean => takeNumber(scanner.set(bytes, start, start + 16)) >= 0;

/** First words of packets that have no time in front: of protocols, and of link layers with `-e`. */
const UNTIMED = [
  ...['IP ', 'IP (', 'IP6 ', 'IPv4', 'IPv6', 'ip: ', 'ip6: ', 'ARP', 'RARP', 'ICMP', 'AF ', 'IPX ', 'AppleTalk'],
  ...['PPPoE ', 'MPLS ', 'STP ', 'LLDP', 'CDPv', 'vlan ', '802.', 'EAPOL', 'LLC', 'IS-IS', 'Slow Protocols'],
  ...[
    'RadioTap',
    'BSSID:',
    'Q.922',
    'async',
    'NLPID',
    'FRF.',
    'IPOIB',
    'unicast, ',
    'bcast, ',
    'BRCM ',
    'UNSUPPORTED',
    'unknown ',
  ],
  ...['[Invalid header', 'Invalid direction', 'version 0, ', 'IP6, wrong', 'IP6 version error', 'ip v', 'CF +QoS'],
  ...['PTPv', 'AoE length ', 'SLARP (', 'UDLDv', 'EAP packet', 'LACPv', 'Arista Vendor', 'TIPC v', 'DTPv', 'CFMv'],
  ...['EDSA 0x', 'DSA Forward', 'DSA CPU', 'Loopback, skipCount', 'NSH, flags', 'VIRTIO ', 'EN10MB, ', 'DLT EN10MB'],
  ...['V.0 DLT', 'MS NLB heartbeat', 'GeoNet src', 'CALM FAST', 'CLNP', 'ES-IS', 'endnode-hello '],
  ...Array.from({ length: 16 }, (_, version) => `IP${version} (invalid`),
].map(ascii);

/** What sentences begin with, too. */
const WORDS_OF_IP = UNTIMED.slice(0, 3);

/** How Linux's cooked captures (`-i any`) say which way a packet goes. */
const DIRECTIONS = ['In ', 'Out ', 'B ', 'M ', 'P '].map(ascii);

export function beginsUntimed(bytes: Uint8Array, start: number, end: number): boolean {
  for (const word of UNTIMED)
    if (startsWith(bytes, start, end, word)) return !WORDS_OF_IP.includes(word) || beginsIp(bytes, start, end);
  return (
    isHardwareAddress(bytes, start, end) ||
    beginsCut(bytes, start, end) ||
    beginsCooked(bytes, start, end) ||
    beginsRadio(bytes, start, end)
  );
}

/** `10017245us tsft 1.0 Mb/s`: what a radio header says first. */
function beginsRadio(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && isDigit(bytes[at]!)) at++;
  return at > start && startsWith(bytes, at, end, RADIO_TIME);
}

const RADIO_TIME = ascii('us tsft ');

/** `[|ether]`, of a link layer that is cut; names of protocols above TCP, such as `[|BGP Update]`, are of a payload. */
function beginsCut(bytes: Uint8Array, start: number, end: number): boolean {
  const at = bytes[start] === SPACE ? start + 1 : start;
  return startsWith(bytes, at, end, CUT) && !PAYLOADS.some((name) => startsWith(bytes, at + CUT.length, end, name));
}

const CUT = ascii('[|');
const PAYLOADS = ['BGP', 'bgp'].map(ascii);

/** ` In 00:0c:29:01:02:03 ethertype`, `eth0  Out IP `, `?     In  ifindex 20 `. */
function beginsCooked(bytes: Uint8Array, start: number, end: number): boolean {
  const s = cooked.set(bytes, start, Math.min(end, start + 40));
  s.skipSpaces();
  if (s.at - start > 2) return false;
  if (takeDirection(s, end)) return true;
  s.skipWord();
  s.skipSpaces();
  return takeDirection(s, end);
}

const cooked = new Scanner();

/** A direction, and behind it a protocol, an address or, with `-e -q` where there is none, the IP header. */
function takeDirection(s: Scanner, lineEnd: number): boolean {
  const from = s.at;
  if (!DIRECTIONS.some((word) => s.take(word))) return false;
  s.skipSpaces();
  const { bytes, at, end } = s;
  const goesOn =
    COOKED.some((word) => startsWith(bytes, at, end, word)) ||
    isHardwareAddress(bytes, at, Math.min(end, at + 17)) ||
    beginsPair(bytes, at, Math.min(lineEnd, at + MAX_PREFIX));
  if (!goesOn) s.at = from;
  return goesOn;
}

const COOKED = [
  'IP',
  'ARP',
  'ethertype ',
  'ifindex ',
  'MPLS',
  'PPPoE',
  '(tos ',
  '(class ',
  '(flowlabel ',
  '(hlim ',
].map(ascii);

/** A word and an arrow. */
function beginsPair(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && !isSpace(bytes[at]!)) at++;
  return at > start && startsWith(bytes, at, end, ARROW);
}

const ARROW = ascii(' > ');

/** The style of the time that stands directly before the packet, in a line that begins with something else. */
const prefixedStyle = (bytes: Uint8Array, start: number, before: number): TimeStyle =>
  nearestTime(bytes, start, before)?.style ?? 'none';

interface FoundTime {
  readonly style: TimeStyle;
  readonly end: number;
}

/** The last time before `before`; of a date that is all of it, not its time of the day alone. */
function nearestTime(bytes: Uint8Array, start: number, before: number): FoundTime | null {
  let nearest: FoundTime | null = null;
  for (const style of ['date', 'time-of-day', 'seconds'] as const)
    if (timeBefore(bytes, start, before, style) >= 0 && scanner.at > (nearest?.end ?? -1))
      nearest = { style, end: scanner.at };
  return nearest;
}

/** Bytes between the time and the addresses that are looked through. */
export const MAX_PREFIX = 256;

/** Where the last time in `style` before `before` begins, -1 where there is none. */
export function timeBefore(bytes: Uint8Array, start: number, before: number, style: TimeStyle): number {
  const from = Math.max(start, before - MAX_PREFIX);
  for (let at = before - 1; at >= from; at--) {
    if (!isDigit(bytes[at]!) || (at > start && isOfWord(bytes[at - 1]!))) continue;
    scanner.set(bytes, at, before);
    if (time.take(scanner, style) && isSpace(scanner.next) && (style !== 'seconds' || scanner.at - at > 8)) return at;
  }
  return -1;
}

/** What may be in front of a digit of one word, number or time: a diff's `+` or a quote is none of it. */
const isOfWord = (c: number): boolean =>
  isDigit(c) || c === COLON || c === 0x2e || c === 0x2d || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);

/** A packet without TCP: a time or a number, then the name of a protocol below it. */
export function isOtherPacket(bytes: Uint8Array, start: number, end: number): boolean {
  const s = scanner.set(bytes, start, end);
  if (takeNumber(s) < 0) s.at = start;
  takeStyle(s);
  if (s.at === start && !isHardwareAddress(bytes, start, end))
    return startsWith(bytes, start, end, IP_TO) || beginsWithAddresses(bytes, start, end);
  s.skipSpaces();
  return (
    beginsUntimed(bytes, s.at, end) &&
    (find(bytes, s.at, end, COLON_SPACE) >= 0 ||
      find(bytes, s.at, end, IP_TO) >= 0 ||
      find(bytes, s.at, end, IP6_FLOW) >= 0 ||
      find(bytes, s.at, end, PROTOCOL) >= 0 ||
      startsWith(bytes, s.at, end, UNKNOWN_IP))
  );
}

/** `IP 192.0.2.1.137 > 192.0.2.255.137: UDP, length 50`. */
function beginsWithAddresses(bytes: Uint8Array, start: number, end: number): boolean {
  const to = Math.min(end, start + MAX_PREFIX);
  return (
    IP_NAMES.some((name) => startsWith(bytes, start, end, name) && beginsPair(bytes, start + name.length, to)) &&
    find(bytes, start, to, COLON_SPACE) >= 0
  );
}

const IP_NAMES = ['IP ', 'IP6 '].map(ascii);

/** The first line of a packet with `-v`, whose addresses are on the next one, whatever its time is written in. */
export function isTwoLined(bytes: Uint8Array, start: number, end: number): boolean {
  const s = scanner.set(bytes, start, end);
  if (takeNumber(s) < 0) s.at = start;
  if (takeStyle(s) !== null) s.skipSpaces();
  const { at } = s;
  if (isHardwareAddress(bytes, at, end)) return find(bytes, at, end, HEADER_OF_IP) >= 0;
  return startsWith(bytes, at, end, IP_TO) || startsWith(bytes, at, end, IP6_FLOW);
}

const HEADER_OF_IP = ascii(': (tos ');
const IP_TO = ascii('IP (tos ');
const PROTOCOL = ascii(' protocol (0x');
/** Of a version that is neither 4 nor 6. */
const UNKNOWN_IP = ascii('unknown ip ');
const IP6_FLOW = ascii('IP6 (');
const COLON_SPACE = ascii(': ');
