import {
  HEADER_CUT,
  LENGTH_UNKNOWN,
  NO_ACK,
  NO_FLAGS,
  NO_SEQ,
  NO_WINDOW,
  OPTIONS_CUT,
  type SegmentFacts,
} from '../model/facts';
import { ACK, AE, CWR, ECE, FIN, PSH, RST, SYN, URG } from '../model/flags';
import { takeChecksum } from './checksum';
import {
  BEGINS,
  CONTINUES,
  type Dialect,
  type NumberStyle,
  OTHER,
  type PacketText,
  type TextContext,
  type TextFormat,
  type TextHead,
} from './format';
import { controlIn, noteControl, noteCut, noteCutValues, noteJoined, notePrefix } from './damage';
import { takeDumpLine } from './hex-lines';
import { portOf, takeHosts } from './hosts';
import { endOfLine, linesOf } from './lines';
import type { Marks } from './marks';
import { OptionWriter } from './options';
import {
  ascii,
  find,
  hexDigit,
  isDigit,
  isSpace,
  NEWLINE,
  RETURN,
  Scanner,
  slice,
  SPACE,
  startsWith,
  TAB,
} from './scan';
import { takeOptions } from './tcpdump-options';
import { SpanSample, type TimeMeaning, type TimeStyle, TimeValue } from './times';

/** The text that tcpdump prints (print-tcp.c is its definition), and its forerunners in books and old archives. */
export const tcpdump: TextFormat = {
  id: 'tcpdump',
  name: 'tcpdump',
  sniff(head) {
    let claimed = 0;
    for (const { start, end } of linesOf(head)) {
      // Dumps and details are those of the packet before them.
      const isPart = claimed > 0 && head.bytes[start] === TAB;
      if (isPart || core.findIn(head.bytes, start, end) || isOtherPacket(head.bytes, start, end))
        claimed += end - start;
    }
    return claimed;
  },
  open: (head, context) => new TcpdumpDialect(learnStyle(head), context),
};

const FLAGS = ascii('Flags [');
const TCP_QUIET = ascii('tcp ');
const TRUNCATED_TCP = ascii('[|tcp]');
const ICMP = ascii('ICMP');
const NONE = ascii('none');

/** What stands behind `source > destination: `. */
const Kind = {
  NOT_TCP: 0,
  /** `Flags [S.], seq …`. */
  FLAGS: 1,
  /** `tcp 198` (`-q`). */
  QUIET: 2,
  /** `[|tcp]`: the capture ends before the flags do. */
  CUT: 3,
  /** `S 1415531521:1415531521(0) win 4096 <mss 1024>`: before tcpdump 4. */
  OLD: 4,
  ICMP: 5,
} as const;

/** Where a segment is in a line: `source > destination: body`. */
class Core {
  sourceStart = 0;
  sourceEnd = 0;
  destinationStart = 0;
  destinationEnd = 0;
  /** Hosts around a pair that has ports only (behind an extension header): the pair before it. */
  outerSourceStart = -1;
  outerSourceEnd = -1;
  outerDestinationStart = -1;
  outerDestinationEnd = -1;
  bodyAt = 0;
  kind: number = Kind.NOT_TCP;

  /**
   * Finds the segment in `[start, end)`: the last pair of a chain of tunnels. Returns false where there is no TCP, or
   * where it is quoted in an ICMP error.
   */
  findIn(bytes: Uint8Array, start: number, end: number): boolean {
    this.kind = Kind.NOT_TCP;
    this.sourceStart = -1;
    for (let at = start + 1; at + 2 < end; at++) {
      if (bytes[at] !== GREATER || bytes[at - 1] !== SPACE || bytes[at + 1] !== SPACE) continue;
      let destinationStart = at + 2;
      while (destinationStart < end && bytes[destinationStart] === SPACE) destinationStart++;
      let destinationEnd = destinationStart;
      while (destinationEnd < end && !isSpace(bytes[destinationEnd]!)) destinationEnd++;
      if (bytes[destinationEnd - 1] !== COLON || destinationEnd === destinationStart) continue;
      let sourceStart = at - 1;
      while (sourceStart > start && !isSpace(bytes[sourceStart - 1]!)) sourceStart--;
      if (sourceStart === at - 1) continue;
      this.outerSourceStart = this.sourceStart;
      this.outerSourceEnd = this.sourceEnd;
      this.outerDestinationStart = this.destinationStart;
      this.outerDestinationEnd = this.destinationEnd;
      this.sourceStart = sourceStart;
      this.sourceEnd = at - 1;
      this.destinationStart = destinationStart;
      this.destinationEnd = destinationEnd - 1;
      let body = destinationEnd;
      while (body < end && bytes[body] === SPACE) body++;
      this.bodyAt = body;
      this.kind = kindOf(bytes, body, end);
      if (this.kind === Kind.ICMP) return false;
      if (this.kind !== Kind.NOT_TCP) return true;
      at = destinationEnd - 1;
    }
    return false;
  }
}

const GREATER = 0x3e;
const COLON = 0x3a;
const core = new Core();

function kindOf(bytes: Uint8Array, body: number, end: number): number {
  if (startsWith(bytes, body, end, FLAGS)) return Kind.FLAGS;
  if (startsWith(bytes, body, end, TCP_QUIET) && body + 4 < end && isDigit(bytes[body + 4]!)) return Kind.QUIET;
  if (startsWith(bytes, body, end, TRUNCATED_TCP)) return Kind.CUT;
  if (startsWith(bytes, body, end, ICMP)) return Kind.ICMP;
  return isOldStyle(bytes, body, end) ? Kind.OLD : Kind.NOT_TCP;
}

/** Letters of flags or a dot, then a number with its range, or an acknowledgment, or the window. */
function isOldStyle(bytes: Uint8Array, body: number, end: number): boolean {
  let at = body;
  while (at < end && at - body < 8 && oldFlag(bytes[at]!) >= 0) at++;
  if (at === body || at >= end || bytes[at] !== SPACE) return false;
  at++;
  if (startsWith(bytes, at, end, ACK_WORD) || startsWith(bytes, at, end, WIN_WORD)) return true;
  const from = at;
  while (at < end && isDigit(bytes[at]!)) at++;
  return at > from && at < end && (bytes[at] === COLON || bytes[at] === 0x28);
}

const ACK_WORD = ascii('ack ');
const WIN_WORD = ascii('win ');
const URG_WORD = ascii('urg ');

function oldFlag(c: number): number {
  switch (c) {
    case 0x2e:
      return 0;
    case 0x5b: // [ECN-Echo,CWR] is behind the letters in some versions
      return -1;
    default:
      return newFlag(c);
  }
}

function newFlag(c: number): number {
  switch (c) {
    case 0x46:
      return FIN;
    case 0x53:
      return SYN;
    case 0x52:
      return RST;
    case 0x50:
      return PSH;
    case 0x2e:
      return ACK;
    case 0x55:
      return URG;
    case 0x45:
      return ECE;
    case 0x57:
      return CWR;
    case 0x65:
      return AE;
    default:
      return -1;
  }
}

/** What is the same in all lines of a trace. */
interface Style {
  /** `tcpdump -#`: a number in front. */
  readonly numbered: boolean;
  readonly time: TimeStyle;
  readonly meaning: TimeMeaning;
  /** Something else stands before the packets: a logger's own time and name. */
  readonly prefixed: boolean;
  /** `-A`: lines behind a packet are its payload. */
  readonly ascii: boolean;
  /** Times are followed by the time since the packet before, in parentheses (Stevens' books). */
  readonly old: boolean;
  readonly linkType: number;
  /** Blanks in front of every line: code in Markdown. */
  readonly indent: number;
  readonly description: string;
}

const TIME_STYLES: readonly TimeStyle[] = ['time-of-day', 'date', 'span', 'seconds'];
/** Packets of the beginning that are looked at. */
const SAMPLE_PACKETS = 2000;

const scanner = new Scanner();
const time = new TimeValue();

function learnStyle(head: TextHead): Style {
  const { bytes } = head;
  const counts = new Map<string, number>();
  let packets = 0;
  let prefixed = 0;
  let payloads = 0;
  let old = 0;
  let linkType = -1;
  let justPacket = false;
  /** The last line that may begin a packet. */
  let from = head.start;
  let to = head.start;
  let isInner = false;
  const indents: number[] = [];
  for (const { start, end } of linesOf(head)) {
    if (justPacket && (bytes[start] === 0x45 || bytes[start] === 0x60) && end - start > 20) payloads++;
    justPacket = false;
    if (linkType < 0) linkType = announcedLinkType(bytes, start, end);
    const isSecond = isIndented(bytes, start, end) || (isInner && beginsUntimed(bytes, start, end));
    isInner = endsInTunnel(bytes, start, end);
    if (bytes[start] !== TAB && !isSecond) {
      from = start;
      to = end;
    }
    if (!core.findIn(bytes, start, end) || bytes[start] === TAB) continue;
    packets++;
    justPacket = true;
    // The two-line form of `-v` has time and number on the first line.
    if (!isSecond) {
      from = start;
      to = end;
    }
    if (core.kind === Kind.OLD) old++;
    const numbered = takeNumber(scanner.set(bytes, from, to)) >= 0;
    let style = takeStyle(scanner);
    if (style === null && !numbered) {
      scanner.skipSpaces();
      const blanks = scanner.at - from;
      style = takeStyle(scanner);
      if (style !== null && blanks > 1) indents.push(blanks);
    }
    style ??= 'none';
    if (style === 'none' && !numbered && !isSecond && !beginsUntimed(bytes, from, to)) {
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
    old: old * 2 > packets,
    linkType,
    indent: indents.length * 2 > packets ? Math.min(...indents) : 0,
    description: describe(numbered, style, old * 2 > packets),
  };
}

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
  return takeStyle(scanner) === null;
}

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

/** The number that `-#` prints: right-aligned in five places, then two spaces. Takes it, or returns -1. */
function takeNumber(s: Scanner): number {
  const from = s.at;
  while (s.next === SPACE && s.at - from < 5) s.at++;
  const number = s.uint();
  if (number < 1 || s.at - from < 5 || s.next !== SPACE || s.bytes[s.at + 1] !== SPACE) {
    s.at = from;
    return -1;
  }
  s.at += 2;
  return number;
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
  ...['[|', ' [|', '[Invalid header', 'Invalid direction', 'version 0, '],
].map(ascii);

/** How Linux's cooked captures (`-i any`) say which way a packet goes. */
const DIRECTIONS = ['In ', 'Out ', 'B ', 'M ', 'P '].map(ascii);

function beginsUntimed(bytes: Uint8Array, start: number, end: number): boolean {
  for (const word of UNTIMED) if (startsWith(bytes, start, end, word)) return true;
  return isHardwareAddress(bytes, start, end) || beginsCooked(bytes, start, end);
}

/** ` In 00:0c:29:01:02:03 ethertype`, `eth0  Out IP `, `?     In  ifindex 20 `. */
function beginsCooked(bytes: Uint8Array, start: number, end: number): boolean {
  const s = cooked.set(bytes, start, Math.min(end, start + 40));
  s.skipSpaces();
  if (s.at - start > 2) return false;
  if (takeDirection(s)) return true;
  s.skipWord();
  s.skipSpaces();
  return takeDirection(s);
}

const cooked = new Scanner();

/** A direction, and behind it a protocol or an address. */
function takeDirection(s: Scanner): boolean {
  const from = s.at;
  if (!DIRECTIONS.some((word) => s.take(word))) return false;
  s.skipSpaces();
  const { bytes, at, end } = s;
  const goesOn =
    COOKED.some((word) => startsWith(bytes, at, end, word)) || isHardwareAddress(bytes, at, Math.min(end, at + 17));
  if (!goesOn) s.at = from;
  return goesOn;
}

const COOKED = ['IP', 'ARP', 'ethertype ', 'ifindex ', 'MPLS', 'PPPoE'].map(ascii);

/** `00:0b:ab:0e:e8:ec`. */
function isHardwareAddress(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 17) return false;
  for (let i = 0; i < 17; i++) {
    const c = bytes[at + i]!;
    if (i % 3 === 2 ? c !== COLON : hexDigit(c) < 0) return false;
  }
  return true;
}

/** The style of the time that stands directly before the packet, in a line that begins with something else. */
function prefixedStyle(bytes: Uint8Array, start: number, before: number): TimeStyle {
  for (const style of ['date', 'time-of-day', 'seconds'] as const)
    if (timeBefore(bytes, start, before, style) >= 0) return style;
  return 'none';
}

/** Bytes between the time and the addresses that are looked through. */
const MAX_PREFIX = 256;

/** Where the last time in `style` before `before` begins, -1 where there is none. */
function timeBefore(bytes: Uint8Array, start: number, before: number, style: TimeStyle): number {
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

class TcpdumpDialect implements Dialect {
  readonly description: string;
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle = 'tcpdump';
  private readonly s = new Scanner();
  private readonly writer = new OptionWriter();
  private readonly core = new Core();
  /** The last packet's text seems to go on: it was wrapped. */
  private open = false;
  /** What is inside the last packet has the next line. */
  private tunnelled = false;

  constructor(
    private readonly style: Style,
    private readonly context: TextContext,
  ) {
    this.description = style.description;
    this.times = style.meaning;
  }

  line(bytes: Uint8Array, lineStart: number, end: number, after: boolean): number {
    const start = this.indented(bytes, lineStart, end);
    if (end <= start) return this.style.ascii && after ? CONTINUES : OTHER;
    const first = bytes[start]!;
    if (first === TAB) return after ? CONTINUES : OTHER;
    const isInner = after && this.tunnelled && beginsUntimed(bytes, start, end);
    this.tunnelled = endsInTunnel(bytes, start, end);
    if (!isInner && this.begins(bytes, start, end)) {
      this.open = isOpen(bytes, start, end);
      return BEGINS;
    }
    if (!after) return OTHER;
    if (isInner || (first === SPACE && end - start > 4 && bytes[start + 3] === SPACE)) {
      this.open = isOpen(bytes, start, end);
      return CONTINUES;
    }
    if (this.style.ascii) return CONTINUES;
    if (this.open && looksLikeRest(bytes, start, end)) {
      this.open = find(bytes, start, end, LENGTH) < 0;
      return CONTINUES;
    }
    return OTHER;
  }

  private begins(bytes: Uint8Array, start: number, end: number): boolean {
    const { style } = this;
    const s = this.s.set(bytes, start, end);
    if (!style.prefixed) {
      if (style.numbered) {
        if (takeNumber(s) >= 0) return true;
      } else if (style.time === 'none') {
        if (beginsUntimed(bytes, start, end)) return true;
      } else if (
        time.take(s, style.time) &&
        s.at + 1 < end &&
        bytes[s.at] === SPACE &&
        this.goesOn(bytes, s.at + 1, end)
      )
        return true;
    }
    // Another style, or something in front of it.
    const c = bytes[start]!;
    return c !== SPACE && c !== TAB && !style.ascii && this.core.findIn(bytes, start, Math.min(end, start + 512));
  }

  /** What follows a time of one number must look like a packet: other programs begin their lines so, too. */
  private goesOn(bytes: Uint8Array, at: number, end: number): boolean {
    if (this.style.time !== 'seconds' || !this.style.old) return true;
    return find(bytes, at, Math.min(end, at + 128), ARROW) >= 0;
  }

  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    // Where a mailer wrapped, the packet is read as if it had not.
    const breaks = this.style.ascii ? [] : wrappedAt(bytes, start, end);
    const before = breaks.map((at) => bytes[at]!);
    for (const at of breaks) bytes[at] = SPACE;
    this.parseJoined(bytes, this.indented(bytes, start, end), end, packet, marks);
    breaks.forEach((at, i) => (bytes[at] = before[i]!));
  }

  /** Behind the blanks that all lines begin with. */
  private indented(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && at - start < this.style.indent && bytes[at] === SPACE) at++;
    return at;
  }

  private parseJoined(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    const { s, style } = this;
    let lineEnd = endOfLine(bytes, start, end);
    s.set(bytes, start, lineEnd);
    const numberAt = s.at;
    if (style.numbered && takeNumber(s) >= 0) marks?.mark('frame.number', numberAt, s.at - 2);
    const timeAt = s.at;
    if (!style.prefixed && style.time !== 'none' && packet.time.take(s, style.time)) {
      packet.timed = true;
      marks?.mark('frame.time', timeAt, s.at);
    }
    const bodyAt = s.at;
    const found = this.findSegment(bytes, bodyAt, lineEnd, end);
    if (found >= 0) lineEnd = found;
    if (style.time !== 'none' && !packet.timed) this.takePrefixed(bytes, start, packet, marks);
    this.takeLinkHeader(bytes, start, this.core.sourceStart < 0 ? lineEnd : this.core.sourceStart, packet, marks);
    const control = found < 0 ? -1 : controlIn(bytes, start, found);
    if (control >= 0) noteControl(packet, control);
    else if (found >= 0) this.takeSegment(bytes, start, found, end, packet, marks);
    else if (breaksOff(bytes, bodyAt, lineEnd, end)) noteCut(packet, lineEnd);
    this.takeHex(bytes, start, end, packet, marks);
  }

  /** Finds the segment in the first line, or in those that go on from a `(…)` at its end. Returns that line's end. */
  private findSegment(bytes: Uint8Array, from: number, firstEnd: number, end: number): number {
    let start = from;
    let lineEnd = firstEnd;
    for (let lines = 0; lines < 8; lines++) {
      if (this.core.findIn(bytes, start, lineEnd)) return lineEnd;
      if (this.core.kind === Kind.ICMP || lineEnd >= end) return -1;
      let last = lineEnd - 1;
      while (last > start && isSpace(bytes[last]!)) last--;
      // A line that was wrapped in front of the ports goes on, too.
      const isWrapped = lines === 0 && bytes[last] === GREATER;
      // Of MPLS labels and of headers inside each has a line of its own.
      const isHeader = bytes[lineEnd + 1] === TAB && !startsWith(bytes, lineEnd + 1, end, HEX_LINE);
      const goesOn = bytes[last] === 0x29 || endsInTunnel(bytes, start, last + 1);
      if (!isHeader && !isWrapped && (!goesOn || bytes[lineEnd + 1] === TAB)) return -1;
      if (!isWrapped) start = lineEnd + 1;
      lineEnd = endOfLine(bytes, lineEnd + 1, end);
    }
    return -1;
  }

  private takePrefixed(bytes: Uint8Array, start: number, packet: PacketText, marks: Marks | null): void {
    const { style, core: found } = this;
    const before = found.sourceStart < 0 ? start + MAX_PREFIX : found.sourceStart;
    for (const kind of [style.time, ...TIME_STYLES]) {
      if (kind === 'span' || kind === 'none') continue;
      const at = timeBefore(bytes, start, Math.min(before, bytes.length), kind);
      if (at < 0) continue;
      scanner.set(bytes, at, before);
      if (kind === style.time) packet.timed = packet.time.take(scanner, kind);
      marks?.mark('frame.time', at, scanner.at);
      break;
    }
    if (!style.prefixed) notePrefix(packet, start);
  }

  /** `-e`: hardware addresses and the frame's length; `-v`: fields of the IP header. Anything may be missing. */
  private takeLinkHeader(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
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

  private takeSegment(
    bytes: Uint8Array,
    start: number,
    lineEnd: number,
    end: number,
    packet: PacketText,
    marks: Marks | null,
  ): void {
    const found = this.core;
    const facts = packet.addSegment();
    this.takeEndpoints(bytes, facts, marks);
    this.takeIpHeader(bytes, found.sourceStart, facts);
    const s = this.s.set(bytes, found.bodyAt, this.open ? end : lineEnd);
    switch (found.kind) {
      case Kind.FLAGS:
        // A wrapped line goes on behind its break, but a hex dump does not belong to it.
        s.end = bodyEnd(bytes, found.bodyAt, end);
        this.takeBody(s, facts, packet, marks);
        break;
      case Kind.QUIET: {
        s.at += TCP_QUIET.length;
        const from = s.at;
        facts.payloadBytes = Math.max(0, s.uint());
        facts.absent = NO_FLAGS | NO_SEQ | NO_ACK | NO_WINDOW;
        facts.defects = OPTIONS_CUT;
        marks?.mark('tcp.len', from, s.at);
        break;
      }
      case Kind.OLD:
        s.end = bodyEnd(bytes, found.bodyAt, end);
        this.takeOldBody(s, facts, packet, marks);
        break;
      default:
        facts.defects = HEADER_CUT | LENGTH_UNKNOWN;
        facts.headerBytes = facts.headerCaptured = 0;
        facts.absent = NO_FLAGS | NO_SEQ | NO_ACK | NO_WINDOW;
    }
    this.takeMissing(bytes, start, facts);
  }

  /** What the IP header promises and the frame does not hold is no payload. */
  private takeMissing(bytes: Uint8Array, start: number, facts: SegmentFacts): void {
    const missing = missingBytes(bytes, start, this.core.sourceStart);
    if (missing === 0 || facts.defects & LENGTH_UNKNOWN) return;
    if (missing > facts.payloadBytes) facts.defects |= LENGTH_UNKNOWN | OPTIONS_CUT;
    facts.payloadBytes = Math.max(0, facts.payloadBytes - missing);
  }

  private takeEndpoints(bytes: Uint8Array, facts: SegmentFacts, marks: Marks | null): void {
    const { core: found } = this;
    const { addresses, services } = this.context;
    const sourceDot = lastDot(bytes, found.sourceStart, found.sourceEnd);
    const destinationDot = lastDot(bytes, found.destinationStart, found.destinationEnd);
    const portsOnly = sourceDot < 0 && destinationDot < 0;
    facts.sourcePort = Math.max(
      0,
      portOf(services, bytes, sourceDot < 0 ? found.sourceStart : sourceDot + 1, found.sourceEnd),
    );
    facts.destinationPort = Math.max(
      0,
      portOf(services, bytes, destinationDot < 0 ? found.destinationStart : destinationDot + 1, found.destinationEnd),
    );
    const [sourceStart, sourceEnd, destinationStart, destinationEnd] =
      portsOnly && found.outerSourceStart >= 0
        ? [found.outerSourceStart, found.outerSourceEnd, found.outerDestinationStart, found.outerDestinationEnd]
        : [
            found.sourceStart,
            Math.max(sourceDot, found.sourceStart),
            found.destinationStart,
            Math.max(destinationDot, found.destinationStart),
          ];
    takeHosts(addresses, facts, bytes, sourceStart, sourceEnd, destinationStart, destinationEnd);
    if (marks === null) return;
    marks.mark('ip.src', sourceStart, sourceEnd);
    marks.mark('tcp.srcport', sourceDot < 0 ? found.sourceStart : sourceDot + 1, found.sourceEnd);
    marks.mark('ip.dst', destinationStart, destinationEnd);
    marks.mark('tcp.dstport', destinationDot < 0 ? found.destinationStart : destinationDot + 1, found.destinationEnd);
  }

  /** Time to live and identification of `-v`, from the last `(tos …)` before the addresses. */
  private takeIpHeader(bytes: Uint8Array, before: number, facts: SegmentFacts): void {
    let close = before - 1;
    while (close > 0 && isSpace(bytes[close]!)) close--;
    if (bytes[close] !== 0x29) return;
    const from = Math.max(0, before - MAX_PREFIX);
    facts.ttl = Math.max(0, numberBehind(bytes, from, before, TTL), numberBehind(bytes, from, before, HLIM)) & 255;
    facts.ipId = Math.max(0, numberBehind(bytes, from, before, ID)) & 0xffff;
  }

  /** `Flags [P.], cksum 0x0c3a (correct), seq 1:518, ack 1, win 4096, options […], length 517: …`. */
  private takeBody(s: Scanner, facts: SegmentFacts, packet: PacketText, marks: Marks | null): void {
    s.at += FLAGS.length;
    const flagsAt = s.at;
    if (!s.take(NONE))
      while (!s.atEnd && s.next !== 0x5d) {
        const flag = newFlag(s.next);
        if (flag >= 0) facts.flags |= flag;
        s.at++;
      }
    marks?.mark('tcp.flags', flagsAt, s.at);
    if (!s.takeByte(0x5d)) {
      cutLine(facts, packet, s);
      return;
    }
    facts.absent = NO_SEQ | NO_ACK | NO_WINDOW;
    let printedLength = -1;
    let rangeLength = -1;
    let checksum = -1;
    let isCorrect = false;
    for (;;) {
      while (s.next === 0x2c || isSpace(s.next)) s.at++;
      if (s.atEnd) break;
      const from = s.at;
      if (s.takeWord(SEQ)) {
        const at = s.at;
        const seq = s.uint();
        if (seq < 0) break;
        facts.seq = seq | 0;
        facts.absent &= ~NO_SEQ;
        marks?.mark('tcp.seq', at, s.at);
        if (s.takeByte(COLON)) {
          const endAt = s.at;
          const last = s.uint();
          if (last >= 0) rangeLength = (last - seq) >>> 0;
          marks?.mark('tcp.nxtseq', endAt, s.at);
        } else rangeLength = 0;
      } else if (s.takeWord(ACK_WORD)) {
        const at = s.at;
        const ack = s.uint();
        if (ack < 0) break;
        facts.ack = ack | 0;
        facts.absent &= ~NO_ACK;
        marks?.mark('tcp.ack', at, s.at);
      } else if (s.takeWord(WIN_WORD)) {
        const at = s.at;
        const window = s.uint();
        if (window < 0) break;
        facts.window = window & 0xffff;
        facts.absent &= ~NO_WINDOW;
        marks?.mark('tcp.window_size_value', at, s.at);
      } else if (s.takeWord(URG_WORD)) {
        const at = s.at;
        facts.urgentPointer = Math.max(0, s.uint()) & 0xffff;
        marks?.mark('tcp.urgent_pointer', at, s.at);
      } else if (s.take(OPTIONS)) {
        const at = s.at;
        takeOptions(s, 0x5d, this.writer.begin(facts), marks);
        this.writer.end();
        marks?.mark('tcp.options', at, s.at);
      } else if (s.takeWord(LENGTH)) {
        const at = s.at;
        printedLength = s.uint();
        marks?.mark('tcp.len', at, s.at);
        if (printedLength >= 0) break;
      } else if (s.take(CHECKSUM)) {
        checksum = Math.max(0, s.hex());
        marks?.mark('tcp.checksum', from + CHECKSUM.length, s.at);
        s.skipSpaces();
        isCorrect = s.take(CORRECT);
        if (!isCorrect && s.next === 0x28) s.seek(0x29);
        s.takeByte(0x29);
      } else if (s.take(BAD_HEADER)) {
        facts.defects |= LENGTH_UNKNOWN | OPTIONS_CUT;
        break;
      } else if (s.next === 0x5b) {
        // "[ack 5 != 0 while ACK flag not set]"
        if (!s.seek(0x5d)) break;
        s.at++;
      } else break;
    }
    const hasLength = printedLength >= 0 || rangeLength >= 0;
    if (core.findIn(s.bytes, s.at, s.end)) noteJoined(packet, s.at);
    facts.payloadBytes = printedLength >= 0 ? printedLength : Math.max(0, rangeLength);
    if (facts.absent & NO_WINDOW && !(facts.defects & LENGTH_UNKNOWN)) {
      cutLine(facts, packet, s);
      if (!hasLength) facts.defects |= LENGTH_UNKNOWN;
    } else if (printedLength < 0 && !(facts.defects & LENGTH_UNKNOWN)) {
      if (find(s.bytes, s.at, s.end, TRUNCATED_TCP) < 0) cutLine(facts, packet, s);
      if (!hasLength && facts.flags & (SYN | FIN | RST)) facts.defects |= LENGTH_UNKNOWN;
    }
    if (!(facts.flags & ACK)) facts.absent |= NO_ACK;
    if (checksum >= 0) takeChecksum(facts, checksum, isCorrect, this.tcpBytes(s.bytes));
  }

  /** Length of header and payload by the IPv4 header of `-v`, -1 where there is none or it has options. */
  private tcpBytes(bytes: Uint8Array): number {
    const { sourceStart } = this.core;
    let close = sourceStart - 1;
    while (close > 0 && isSpace(bytes[close]!)) close--;
    const from = Math.max(0, close - MAX_PREFIX);
    if (find(bytes, from, close, IP_OPTIONS) >= 0 || find(bytes, from, close, IP_TO) < 0) return -1;
    const length = numberBehind(bytes, from, close + 1, LENGTH);
    return length < 40 ? -1 : length - 20;
  }

  /** `P 1:15(14) ack 1 win 4096 urg 5 <nop,nop,timestamp 1 2>`. */
  private takeOldBody(s: Scanner, facts: SegmentFacts, packet: PacketText, marks: Marks | null): void {
    const flagsAt = s.at;
    while (!s.atEnd && oldFlag(s.next) >= 0) facts.flags |= oldFlag(s.bytes[s.at++]!);
    marks?.mark('tcp.flags', flagsAt, s.at);
    facts.absent = NO_SEQ | NO_ACK | NO_WINDOW;
    for (;;) {
      while (s.next === 0x2c || isSpace(s.next)) s.at++;
      if (s.atEnd) break;
      const at = s.at;
      if (isDigit(s.next)) {
        const seq = s.uint();
        if (s.next !== COLON && s.next !== 0x28) break;
        facts.seq = seq | 0;
        facts.absent &= ~NO_SEQ;
        marks?.mark('tcp.seq', at, s.at);
        if (s.takeByte(COLON)) {
          const endAt = s.at;
          facts.payloadBytes = (s.uint() - seq) >>> 0;
          marks?.mark('tcp.nxtseq', endAt, s.at);
        }
        if (s.takeByte(0x28)) {
          const lengthAt = s.at;
          const length = s.uint();
          if (length >= 0) facts.payloadBytes = length;
          marks?.mark('tcp.len', lengthAt, s.at);
          s.takeByte(0x29);
        }
      } else if (s.take(ACK_WORD)) {
        const ackAt = s.at;
        const ack = s.uint();
        if (ack < 0) break;
        facts.ack = ack | 0;
        facts.flags |= ACK;
        facts.absent &= ~NO_ACK;
        marks?.mark('tcp.ack', ackAt, s.at);
      } else if (s.take(WIN_WORD)) {
        const windowAt = s.at;
        const window = s.uint();
        if (window < 0) break;
        facts.window = window & 0xffff;
        facts.absent &= ~NO_WINDOW;
        marks?.mark('tcp.window_size_value', windowAt, s.at);
      } else if (s.take(URG_WORD)) {
        facts.flags |= URG;
        facts.urgentPointer = Math.max(0, s.uint()) & 0xffff;
      } else if (s.takeByte(0x3c)) {
        takeOptions(s, GREATER, this.writer.begin(facts), marks);
        this.writer.end();
        marks?.mark('tcp.options', at, s.at);
      } else if (s.next === 0x5b || s.next === 0x28) {
        // [tcp sum ok] [ECN-Echo,CWR] [|tcp], (DF)
        if (startsWith(s.bytes, s.at, s.end, ECN_ECHO)) facts.flags |= ECE;
        if (!s.seek(s.next === 0x5b ? 0x5d : 0x29)) break;
        s.at++;
      } else break;
    }
    if (facts.absent & NO_WINDOW) cutLine(facts, packet, s);
  }

  /** The bytes that `-x` and `-X` print. They begin behind the link layer, those of `-xx` and `-XX` with it. */
  private takeHex(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    let lineEnd = endOfLine(bytes, start, end);
    while (lineEnd < end) {
      const lineStart = lineEnd + 1;
      lineEnd = endOfLine(bytes, lineStart, end);
      const dumpAt = this.indented(bytes, lineStart, lineEnd);
      if (!startsWith(bytes, dumpAt, lineEnd, HEX_LINE)) continue;
      const dump = takeDumpLine(packet, bytes, dumpAt, trimmed(bytes, lineStart, lineEnd));
      if (dump !== null) marks?.mark('hex', lineStart + 1, lineEnd);
    }
    if (packet.hexLength === 0) return;
    packet.linkType = this.style.linkType;
    // Where the packet itself is shorter than its IP header says, tcpdump says so; else the capture has cut it.
    packet.isCut = missingBytes(bytes, start, endOfLine(bytes, start, end)) === 0;
  }
}

/** A packet without TCP: a time or a number, then the name of a protocol below it. */
function isOtherPacket(bytes: Uint8Array, start: number, end: number): boolean {
  const s = scanner.set(bytes, start, end);
  if (takeNumber(s) < 0) s.at = start;
  takeStyle(s);
  if (s.at === start && !isHardwareAddress(bytes, start, end)) return find(bytes, start, end, IP_TO) === start;
  s.skipSpaces();
  return (
    beginsUntimed(bytes, s.at, end) &&
    (find(bytes, s.at, end, COLON_SPACE) >= 0 ||
      find(bytes, s.at, end, IP_TO) >= 0 ||
      find(bytes, s.at, end, IP6_FLOW) >= 0)
  );
}

const IP_TO = ascii('IP (tos ');
const IP6_FLOW = ascii('IP6 (');
const COLON_SPACE = ascii(': ');
const ARROW = ascii(' > ');
const SEQ = ascii('seq ');
const OPTIONS = ascii('options [');
const LENGTH = ascii('length ');
const LENGTH_COLON = ascii(', length ');
const CHECKSUM = ascii('cksum 0x');
const CORRECT = ascii('(correct');
const BAD_HEADER = ascii('[bad hdr length');
const ECN_ECHO = ascii('[ECN-Echo');
const HEX_LINE = ascii('\t0x');
const IP_OPTIONS = ascii('options (');
const TRUNCATED = ascii('truncated-ip');
const MISSING = ascii(' - ');
const TTL = ascii('ttl ');
const HLIM = ascii('hlim ');
const ID = ascii('id ');

/** The line breaks off: flags and window may be all there is. */
function cutLine(facts: SegmentFacts, packet: PacketText, s: Scanner): void {
  facts.defects |= OPTIONS_CUT;
  noteCutValues(packet, s.at);
}

/** Without a carriage return at its end. */
const trimmed = (bytes: Uint8Array, start: number, end: number): number =>
  end > start && bytes[end - 1] === RETURN ? end - 1 : end;

function lastDot(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at > start; at--) if (bytes[at] === 0x2e) return at;
  return -1;
}

/** End of what may belong to a segment's text: lines that go on are wrapped ones, up to a hex dump or another form. */
function bodyEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = endOfLine(bytes, from, end);
  while (at < end && bytes[at + 1] !== TAB && at - from < MAX_BODY) at = endOfLine(bytes, at + 1, end);
  return at;
}

const MAX_BODY = 4096;

/** Whether a packet's line seems to break off: no length at its end yet. */
function isOpen(bytes: Uint8Array, start: number, end: number): boolean {
  if (!core.findIn(bytes, start, end) || core.kind !== Kind.FLAGS)
    return core.kind === Kind.FLAGS || endsOpen(bytes, start, end) || isUnfinished(bytes, start, end);
  return find(bytes, core.bodyAt, end, LENGTH_COLON) < 0;
}

/** Ends in `VXLAN, flags [I] (0x08), vni 100`: what is inside is printed like a packet, on a line of its own. */
function endsInTunnel(bytes: Uint8Array, start: number, end: number): boolean {
  let at = end;
  while (at > start && isDigit(bytes[at - 1]!)) at--;
  return at < end && startsWith(bytes, at - VNI.length, end, VNI);
}

const VNI = ascii('vni ');

/** Has the beginning of an IP packet, and no pair of addresses. */
function isUnfinished(bytes: Uint8Array, start: number, end: number): boolean {
  const at = find(bytes, start, Math.min(end, start + 64), IP_NAME);
  return at >= 0 && breaksOff(bytes, at + 1, end, end) && find(bytes, at, end, PROTOCOL_TCP) < 0;
}

const IP_NAME = ascii(' IP ');
const PROTOCOL_TCP = ascii('proto TCP');

/** Ends in `>` or a comma: the addresses or the fields go on. */
function endsOpen(bytes: Uint8Array, start: number, end: number): boolean {
  let last = end - 1;
  while (last > start && isSpace(bytes[last]!)) last--;
  return bytes[last] === GREATER || bytes[last] === 0x2c;
}

const REST = [
  'seq ',
  'ack ',
  'win ',
  'urg ',
  'options ',
  'length ',
  'Flags [',
  'cksum ',
  'val ',
  'ecr ',
  'nop',
  'mss ',
  'TS ',
  'sack',
  'wscale ',
  '[',
].map(ascii);

/** Whether a line begins as the rest of a wrapped one would, with a field or a number, or has one in it. */
function looksLikeRest(bytes: Uint8Array, start: number, end: number): boolean {
  const at = behindQuote(bytes, start, end);
  if (at >= end) return false;
  if (isDigit(bytes[at]!)) return true;
  for (const word of REST) if (startsWith(bytes, at, end, word)) return true;
  for (const word of REST_INSIDE) if (find(bytes, at, end, word) >= 0) return true;
  return false;
}

const REST_INSIDE = [': Flags [', ', win ', ', length '].map(ascii);

/** Behind `> `, which a mailer puts in front of what it quotes. */
function behindQuote(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === GREATER || bytes[at] === SPACE)) at++;
  return at;
}

/**
 * The line breaks in a packet's lines that a mailer put there, with what it put behind them: all but those in front of
 * the second line of `-v`, of dumps and of details, and of what is inside a tunnel.
 */
function wrappedAt(bytes: Uint8Array, start: number, end: number): number[] {
  const found: number[] = [];
  for (let at = endOfLine(bytes, start, end); at < end; at = endOfLine(bytes, at + 1, end)) {
    const next = bytes[at + 1];
    const isPart = next === TAB || next === NEWLINE || (next === SPACE && bytes[at + 4] === SPACE);
    if (isPart || endsInTunnel(bytes, start, at)) continue;
    found.push(at);
    if (next === GREATER) found.push(at + 1);
  }
  return found;
}

/** Whether what stands behind a packet's time ends before a pair of addresses is complete. */
function breaksOff(bytes: Uint8Array, start: number, lineEnd: number, end: number): boolean {
  let from = start;
  while (from < lineEnd && bytes[from] === SPACE) from++;
  const text = slice(bytes, from, Math.min(lineEnd, from + 600)).trimEnd();
  if (text === 'I' || text === 'IP' || text === 'IP6') return true;
  if (!text.startsWith('IP ') && !text.startsWith('IP6 ')) return false;
  const arrow = text.indexOf(' > ');
  if (arrow < 0) {
    // Of the two-line form the second line is missing, or the first has no end.
    const isAlone = lineEnd >= end || bytes[lineEnd + 1] === TAB;
    return !text.includes('(') || (isAlone && (!text.includes(')') || text.includes('proto TCP (6)')));
  }
  const colon = text.indexOf(': ', arrow);
  return colon < 0 || 'Flags ['.startsWith(text.slice(colon + 2));
}

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
function missingBytes(bytes: Uint8Array, start: number, end: number): number {
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
