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
import { ACK, ECE, FIN, RST, SYN, URG } from '../model/flags';
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
} from './format';
import { controlIn, noteControl, noteCut, noteCutValues, noteJoined, notePortless, notePrefix } from './damage';
import { dumpLineAt, takeDumpLine } from './hex-lines';
import { beginsWithIp } from './link-guess';
import { ipv4Of, portOf, takeHosts } from './hosts';
import { endOfLine, linesOf } from './lines';
import type { Marks } from './marks';
import { OptionWriter } from './options';
import { ascii, find, hexDigit, isDigit, isSpace, RETURN, Scanner, SPACE, startsWith, TAB } from './scan';
import {
  ACK_WORD,
  COLON,
  Core,
  FLAGS,
  GREATER,
  Kind,
  oldFlag,
  takeFlags,
  TCP_QUIET,
  TRUNCATED_TCP,
  URG_WORD,
  WIN_WORD,
} from './tcpdump-core';
import {
  bodyEnd,
  breaksOff,
  COMMA,
  endsHeader,
  endsIn,
  endsInTunnel,
  isFirstLine,
  isSecondLine,
  looksLikeRest,
  Open,
  openness,
  opennessBehind,
  wrappedAt,
  wrappedSegments,
} from './tcpdump-lines';
import {
  beginsUntimed,
  isHardwareAddress,
  isOtherPacket,
  isTwoLined,
  learnStyle,
  MAX_PREFIX,
  type Style,
  takeNumber,
  timeBefore,
  TIME_STYLES,
} from './tcpdump-style';
import { takeBareOptions, takeOptions } from './tcpdump-options';
import { homeAddress, routedDestination, sourceRouteEnd } from './tcpdump-routes';
import { type TimeMeaning, TimeValue } from './times';

/** The text that tcpdump prints (print-tcp.c is its definition), and its forerunners in books and old archives. */
export const tcpdump: TextFormat = {
  id: 'tcpdump',
  name: 'tcpdump',
  sniff(head) {
    let packets = 0;
    // Dumps and details are those of the packet before them, of which nothing is known where it is no IP.
    let parts = 0;
    for (const { start, end } of linesOf(head))
      if (head.bytes[start] === TAB) parts += end - start;
      else if (core.findIn(head.bytes, start, end) || isOtherPacket(head.bytes, start, end)) packets += end - start;
    for (const { from, to } of wrappedSegments(head)) packets += to - from;
    return packets > 0 ? packets + parts : 0;
  },
  open: (head, context) => new TcpdumpDialect(learnStyle(head), context),
};

const core = new Core();
const scanner = new Scanner();
const time = new TimeValue();

class TcpdumpDialect implements Dialect {
  readonly description: string;
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle = 'tcpdump';
  readonly key: string;
  private readonly s = new Scanner();
  private readonly writer = new OptionWriter();
  private readonly core = new Core();
  /** Whether the last packet's text seems to go on: it was wrapped. */
  private open: number = Open.NO;
  /** The last line is the first of a packet with `-v`, and the next has its addresses, however far it is indented. */
  private headed = false;
  /** The last line is of a packet's payload in words, whose empty lines may have lost their tab. */
  private detailed = false;
  /** What is inside the last packet has the next line. */
  private tunnelled = false;
  /** The last packet's dump has begun. */
  private dumped = false;
  /** Where the packet that is read begins. */
  private packetStart = 0;

  constructor(
    private readonly style: Style,
    private readonly context: TextContext,
  ) {
    this.description = style.description;
    this.key = JSON.stringify(style);
    this.times = style.meaning;
  }

  line(bytes: Uint8Array, lineStart: number, end: number, after: boolean): number {
    const start = this.indented(bytes, lineStart, end);
    if (end <= start) {
      this.headed = false;
      return (this.style.ascii || this.detailed || this.open === Open.OLD) && after ? CONTINUES : OTHER;
    }
    const first = bytes[start]!;
    if (first === TAB) {
      if (startsWith(bytes, start, end, HEX_LINE)) this.dumped = true;
      this.detailed = dumpLineAt(bytes, start, end) === null;
      return after ? CONTINUES : OTHER;
    }
    this.detailed = false;
    const isInner = after && this.tunnelled && beginsUntimed(bytes, start, end);
    this.tunnelled = endsInTunnel(bytes, start, end);
    const isSecond = after && this.headed && isSecondLine(bytes, start, end);
    this.headed = false;
    if (!isInner && !isSecond && this.begins(bytes, start, end)) {
      this.headed = isFirstLine(bytes, start, end);
      this.open = this.headed ? Open.NO : this.opennessOf(bytes, start, end);
      this.dumped = false;
      return BEGINS;
    }
    if (!after) return OTHER;
    if (isInner || isSecond || (first === SPACE && end - start > 4 && bytes[start + 3] === SPACE)) {
      this.open = this.opennessOf(bytes, start, end);
      return CONTINUES;
    }
    if (this.style.ascii || (this.style.dumps && !this.dumped)) return CONTINUES;
    if (this.open !== Open.NO && looksLikeRest(bytes, start, end)) {
      this.open = opennessBehind(this.open, bytes, start, end);
      this.headed = endsHeader(bytes, start, end);
      return CONTINUES;
    }
    return OTHER;
  }

  /** Where people leave out what they find of no interest, a line without it is complete. */
  private opennessOf(bytes: Uint8Array, start: number, end: number): number {
    const open = openness(bytes, start, end);
    if (open !== Open.FLAGS || !this.style.abridged || endsIn(COMMA, bytes, start, end)) return open;
    return this.core.findIn(bytes, start, end) ? Open.NO : open;
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
    // Another style, as behind another run of tcpdump in the same log, or something in front of it.
    if (style.ascii) return false;
    const to = Math.min(end, start + 512);
    if (isTwoLined(bytes, start, to)) return true;
    const c = bytes[start]!;
    return c !== SPACE && c !== TAB && (this.core.findIn(bytes, start, to) || this.beginsBroken(bytes, start, to));
  }

  /** A line that breaks off in front of the flags or of the destination, with a time in front of the source. */
  private beginsBroken(bytes: Uint8Array, start: number, end: number): boolean {
    const { style } = this;
    const isBroken = this.core.kind === Kind.BROKEN || endsIn(GREATER, bytes, start, end);
    return isBroken && style.prefixed && style.time !== 'none' && timeBefore(bytes, start, end, style.time) >= 0;
  }

  /**
   * What follows a time of one number must look like a packet: other programs begin their lines so, too. So do
   * lines of a payload (`-A`), where a packet of any kind has a protocol's name or an arrow.
   */
  private goesOn(bytes: Uint8Array, at: number, end: number): boolean {
    if (this.style.ascii && this.style.time === 'seconds')
      return beginsUntimed(bytes, at, end) || find(bytes, at, Math.min(end, at + MAX_PREFIX), ARROW) >= 0;
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
    this.packetStart = start;
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
      const isWrapped = lines === 0 && (bytes[last] === GREATER || this.core.kind === Kind.BROKEN);
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
    this.takeEndpoints(bytes, facts, packet, marks);
    this.takeIpHeader(bytes, facts);
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
    if (find(bytes, start, this.core.sourceStart, MORE_FRAGMENTS) >= 0) {
      // The first piece of a packet (RFC 791 §3.2): how long the whole is, it does not say.
      facts.defects |= LENGTH_UNKNOWN;
      facts.payloadBytes = 0;
      return;
    }
    const missing = missingBytes(bytes, start, this.core.sourceStart);
    if (missing === 0 || facts.defects & LENGTH_UNKNOWN) return;
    if (missing > facts.payloadBytes) facts.defects |= LENGTH_UNKNOWN | OPTIONS_CUT;
    facts.payloadBytes = Math.max(0, facts.payloadBytes - missing);
  }

  private takeEndpoints(bytes: Uint8Array, facts: SegmentFacts, packet: PacketText, marks: Marks | null): void {
    const { core: found } = this;
    const { addresses, services } = this.context;
    const sourceDot = portDot(bytes, found.sourceStart, found.sourceEnd);
    const destinationDot = portDot(bytes, found.destinationStart, found.destinationEnd);
    const portsOnly = sourceDot < 0 && destinationDot < 0;
    if (portsOnly && found.outerSourceStart < 0) {
      notePortless(packet, found.sourceStart);
      facts.sourcePort = facts.destinationPort = 0;
      const { sourceStart, sourceEnd, destinationStart, destinationEnd } = found;
      takeHosts(addresses, facts, bytes, sourceStart, sourceEnd, destinationStart, destinationEnd);
      marks?.mark('ip.src', sourceStart, sourceEnd);
      marks?.mark('ip.dst', destinationStart, destinationEnd);
      return;
    }
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
        ? [...homeAddress(bytes, found), ...routedDestination(bytes, found)]
        : [
            found.sourceStart,
            Math.max(sourceDot, found.sourceStart),
            ...(sourceRouteEnd(bytes, this.packetStart, found.sourceStart) ?? [
              found.destinationStart,
              Math.max(destinationDot, found.destinationStart),
            ]),
          ];
    takeHosts(addresses, facts, bytes, sourceStart, sourceEnd, destinationStart, destinationEnd);
    if (marks === null) return;
    marks.mark('ip.src', sourceStart, sourceEnd);
    marks.mark('tcp.srcport', sourceDot < 0 ? found.sourceStart : sourceDot + 1, found.sourceEnd);
    marks.mark('ip.dst', destinationStart, destinationEnd);
    marks.mark('tcp.dstport', destinationDot < 0 ? found.destinationStart : destinationDot + 1, found.destinationEnd);
  }

  /** Time to live and identification of `-v`, from the last `(tos …)` before the addresses. */
  private takeIpHeader(bytes: Uint8Array, facts: SegmentFacts): void {
    const start = this.packetStart;
    const before = this.core.sourceStart;
    let close = before - 1;
    while (close > start && isSpace(bytes[close]!)) close--;
    if (bytes[close] !== 0x29) return;
    const from = Math.max(start, before - MAX_PREFIX);
    facts.ttl = Math.max(0, numberBehind(bytes, from, before, TTL), numberBehind(bytes, from, before, HLIM)) & 255;
    facts.ipId = Math.max(0, numberBehind(bytes, from, before, ID)) & 0xffff;
  }

  /** `Flags [P.], cksum 0x0c3a (correct), seq 1:518, ack 1, win 4096, options […], length 517: …`. */
  private takeBody(s: Scanner, facts: SegmentFacts, packet: PacketText, marks: Marks | null): void {
    if (!s.take(FLAGS)) s.at++;
    const flagsAt = s.at;
    takeFlags(s, facts);
    marks?.mark('tcp.flags', flagsAt, s.at);
    if (!s.takeByte(0x5d)) {
      facts.defects |= OPTIONS_CUT;
      noteCutValues(packet, s.at);
      return;
    }
    facts.absent = NO_SEQ | NO_ACK | NO_WINDOW;
    let printedLength = -1;
    let rangeLength = -1;
    let checksum = -1;
    let isCorrect = false;
    /** What is missing has been left out. */
    let isAbridged = this.style.abridged;
    for (;;) {
      while (s.next === COMMA || s.next === PLUS || isSpace(s.next)) s.at++;
      if (s.atEnd) break;
      if (takeEllipsis(s)) isAbridged = true;
      else if (s.takeWord(SEQ) || s.takeWord(SEQ_COMMA)) {
        const at = s.at;
        const seq = s.uint();
        if (seq < 0 && isLeftOut(s)) continue;
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
        if (ack < 0 && isLeftOut(s)) continue;
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
      } else if (s.take(OPTIONS) || s.take(OPTS) || takeBareOptions(s)) {
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
        checksum = takeChecksumField(s, marks);
        isCorrect = takeVerdict(s);
      } else if (s.take(BAD_HEADER)) {
        facts.defects |= LENGTH_UNKNOWN | OPTIONS_CUT;
        break;
      } else if (s.next === 0x5b) {
        // "[ack 5 != 0 while ACK flag not set]"
        if (!s.seek(0x5d)) break;
        s.at++;
      } else break;
    }
    // The sequence number stands before the acknowledgment, and is printed of every segment that carries data.
    const isEmpty = (facts.absent & (NO_SEQ | NO_ACK)) === NO_SEQ && !(facts.flags & (SYN | FIN | RST));
    const hasLength = printedLength >= 0 || rangeLength >= 0 || isEmpty;
    if (core.findIn(s.bytes, s.at, s.end)) noteJoined(packet, s.at);
    facts.payloadBytes = printedLength >= 0 ? printedLength : Math.max(0, rangeLength);
    // A line that has its end was not cut: who shows it has left out the rest.
    isAbridged ||= printedLength >= 0;
    if (facts.absent & NO_WINDOW && !(facts.defects & LENGTH_UNKNOWN)) {
      facts.defects |= OPTIONS_CUT;
      if (!isAbridged) noteCutValues(packet, s.at);
      if (!hasLength) facts.defects |= LENGTH_UNKNOWN;
    } else if (printedLength < 0 && !(facts.defects & LENGTH_UNKNOWN)) {
      if (find(s.bytes, s.at, s.end, TRUNCATED_TCP) < 0) {
        facts.defects |= OPTIONS_CUT;
        if (!isAbridged) noteCutValues(packet, s.at);
      }
      if (!hasLength && facts.flags & (SYN | FIN | RST)) facts.defects |= LENGTH_UNKNOWN;
    }
    if (!(facts.flags & ACK)) facts.absent |= NO_ACK;
    if (checksum >= 0) takeChecksum(facts, checksum, isCorrect, this.context.addresses, this.tcpBytes(s.bytes));
  }

  /** Length of header and payload by the IP header of `-v`, -1 where there is none, or other headers are behind it. */
  private tcpBytes(bytes: Uint8Array): number {
    const { sourceStart } = this.core;
    const start = this.packetStart;
    let close = sourceStart - 1;
    while (close > start && isSpace(bytes[close]!)) close--;
    const from = Math.max(start, close - MAX_PREFIX);
    const next = find(bytes, from, close, NEXT_IS_TCP);
    if (next >= 0) return scanner.set(bytes, next + NEXT_IS_TCP.length, close).uint();
    if (find(bytes, from, close, IP_OPTIONS) >= 0 || find(bytes, from, close, TOS) < 0) return -1;
    const length = numberBehind(bytes, from, close + 1, LENGTH);
    return length < 40 ? -1 : length - 20;
  }

  /** `P 1:15(14) ack 1 win 4096 urg 5 <nop,nop,timestamp 1 2>`. */
  private takeOldBody(s: Scanner, facts: SegmentFacts, packet: PacketText, marks: Marks | null): void {
    let checksum = -1;
    let isCorrect = false;
    const flagsAt = s.at;
    while (!s.atEnd && oldFlag(s.next) >= 0) facts.flags |= oldFlag(s.bytes[s.at++]!);
    marks?.mark('tcp.flags', flagsAt, s.at);
    facts.absent = NO_SEQ | NO_ACK | NO_WINDOW;
    for (;;) {
      while (s.next === COMMA || s.next === PLUS || isSpace(s.next)) s.at++;
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
      } else if (s.takeWord(ACK_WORD)) {
        const ackAt = s.at;
        const ack = s.uint();
        if (ack < 0) break;
        facts.ack = ack | 0;
        facts.flags |= ACK;
        facts.absent &= ~NO_ACK;
        marks?.mark('tcp.ack', ackAt, s.at);
      } else if (s.takeWord(WIN_WORD)) {
        const windowAt = s.at;
        const window = s.uint();
        if (window < 0) break;
        facts.window = window & 0xffff;
        facts.absent &= ~NO_WINDOW;
        marks?.mark('tcp.window_size_value', windowAt, s.at);
      } else if (s.takeWord(URG_WORD)) {
        facts.flags |= URG;
        facts.urgentPointer = Math.max(0, s.uint()) & 0xffff;
      } else if (s.takeByte(0x3c)) {
        takeOptions(s, GREATER, this.writer.begin(facts), marks);
        this.writer.end();
        marks?.mark('tcp.options', at, s.at);
      } else if (s.take(CHECKSUM)) {
        checksum = takeChecksumField(s, marks);
        isCorrect = takeVerdict(s);
      } else if (s.next === 0x5b || s.next === 0x28) {
        // [tcp sum ok] [ECN-Echo,CWR] [|tcp], (DF)
        if (startsWith(s.bytes, s.at, s.end, ECN_ECHO)) facts.flags |= ECE;
        if (!s.seek(s.next === 0x5b ? 0x5d : 0x29)) break;
        s.at++;
      } else break;
    }
    if (facts.absent & NO_WINDOW) {
      facts.defects |= OPTIONS_CUT;
      noteCutValues(packet, s.at);
    }
    if (checksum >= 0) takeChecksum(facts, checksum, isCorrect, this.context.addresses, this.tcpBytes(s.bytes));
  }

  /** The bytes that `-x` and `-X` print. They begin behind the link layer, those of `-xx` and `-XX` with it. */
  private takeHex(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    let lineEnd = endOfLine(bytes, start, end);
    while (lineEnd < end) {
      const lineStart = lineEnd + 1;
      lineEnd = endOfLine(bytes, lineStart, end);
      const dumpAt = this.indented(bytes, lineStart, lineEnd);
      if (!startsWith(bytes, dumpAt, lineEnd, HEX_LINE)) continue;
      // What a protocol's printer dumps of its payload stands before the dump of the packet.
      if (dumpLineAt(bytes, dumpAt, lineEnd)?.offset === 0) packet.hexLength = 0;
      const dump = takeDumpLine(packet, bytes, dumpAt, trimmed(bytes, lineStart, lineEnd));
      if (dump !== null) marks?.mark('hex', lineStart + 1, lineEnd);
    }
    if (packet.hexLength === 0) return;
    const firstEnd = endOfLine(bytes, start, end);
    if (restoreEthernet(bytes, start, firstEnd, packet)) return;
    if (beginsWithIp(packet.hex, packet.hexLength) && NOT_IP.some((word) => find(bytes, start, firstEnd, word) >= 0)) {
      // Service access points (IEEE 802.2) may look like an IP header, and what has another type is none.
      packet.hexLength = 0;
      return;
    }
    packet.linkType = this.style.linkType;
    if (beginsWithIp(packet.hex, packet.hexLength)) packet.linkBytes = linkBytesOf(bytes, start, firstEnd);
    // Where the packet itself is shorter than its IP header says, tcpdump says so; else the capture has cut it.
    packet.isCut = missingBytes(bytes, start, endOfLine(bytes, start, end)) === 0;
  }
}

/** Takes the number of `cksum 0x0c3a (correct)`, and the blanks behind it. */
function takeChecksumField(s: Scanner, marks: Marks | null): number {
  const from = s.at;
  const checksum = Math.max(0, s.hex());
  marks?.mark('tcp.checksum', from, s.at);
  s.skipSpaces();
  return checksum;
}

/** Takes what is in the parentheses behind the number, and returns whether it is that it is right. */
function takeVerdict(s: Scanner): boolean {
  const isCorrect = s.take(CORRECT);
  if (!isCorrect && s.next === 0x28) s.seek(0x29);
  s.takeByte(0x29);
  return isCorrect;
}

/** Takes `...` or `…`: somebody has left out the rest. */
function takeEllipsis(s: Scanner): boolean {
  const from = s.at;
  if (s.take(ELLIPSIS)) return true;
  while (s.next === 0x2e) s.at++;
  return s.at - from > 1;
}

const isLeftOut = (s: Scanner): boolean => s.next === 0x2e || s.next === ELLIPSIS[0];

const ELLIPSIS = Uint8Array.of(0xe2, 0x80, 0xa6);
/** Editors put a `+` in front of what they had to wrap. */
const PLUS = 0x2b;

const ARROW = ascii(' > ');
const MORE_FRAGMENTS = ascii(', flags [+');
/** Headers of link layers, in front of a packet that is no IP. */
const NOT_IP = [' DSAP 0x', 'ethertype Unknown (0x', 'Unknown Ethertype (0x'].map(ascii);
const SEQ = ascii('seq ');
/** As the manual of tcpdump has it once. */
const SEQ_COMMA = ascii('seq, ');
const OPTIONS = ascii('options [');
const OPTS = ascii('opts [');
const LENGTH = ascii('length ');
const LENGTH_COLON = ascii(', length ');
const CHECKSUM = ascii('cksum 0x');
const CORRECT = ascii('(correct');
const BAD_HEADER = ascii('[bad hdr length');
const ECN_ECHO = ascii('[ECN-Echo');
const HEX_LINE = ascii('\t0x');
/** Of IPv4: the header of IPv6 has a class. */
const TOS = ascii('(tos ');
const NEXT_IS_TCP = ascii('next-header TCP (6) payload length: ');
const IP_OPTIONS = ascii('options (');
const TRUNCATED = ascii('truncated-ip');
const MISSING = ascii(' - ');
const TTL = ascii('ttl ');
const HLIM = ascii('hlim ');
const ID = ascii('id ');

/**
 * Of a frame whose type tcpdump does not know, `-x` and `-X` leave the Ethernet header off, and the line has all of it:
 * puts it in front of the bytes again. False where there is no such line.
 */
function restoreEthernet(bytes: Uint8Array, start: number, end: number, packet: PacketText): boolean {
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
function linkBytesOf(bytes: Uint8Array, start: number, end: number): number {
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

/** Without a carriage return at its end. */
const trimmed = (bytes: Uint8Array, start: number, end: number): number =>
  end > start && bytes[end - 1] === RETURN ? end - 1 : end;

/** The dot in front of the port; -1 where there is none, as behind an address that stands alone. */
function portDot(bytes: Uint8Array, start: number, end: number): number {
  if (ipv4Of(bytes, start, end) !== null) return -1;
  for (let at = end - 1; at > start; at--) if (bytes[at] === 0x2e) return at;
  return -1;
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
