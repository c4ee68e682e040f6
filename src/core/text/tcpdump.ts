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
import { controlIn, noteControl, noteCut, noteCutHeader, notePortless, notePrefix, noteWrapped } from './damage';
import { dumpLineAt } from './hex-lines';
import { beginsWithIp } from './link-guess';
import { ipv4Of, portOf, takeHosts } from './hosts';
import { endOfLine, linesOf, trimmedEnd } from './lines';
import type { Marks } from './marks';
import { PacketDump } from './packet-dump';
import { ascii, find, isSpace, RETURN, Scanner, SPACE, startsWith, TAB } from './scan';
import { BodyReader } from './tcpdump-body';
import { Core, GREATER, Kind, TCP_QUIET } from './tcpdump-core';
import {
  linkBytesOf,
  missingBytes,
  restoreEthernet,
  takeFrameHeader,
  takeIpHeader,
  breaksOffInHeader,
  tcpBytesOf,
} from './tcpdump-headers';
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
  wrappedInHeader,
  wrappedSegments,
} from './tcpdump-lines';
import {
  beginsUntimed,
  isOtherPacket,
  isTwoLined,
  learnStyle,
  MAX_PREFIX,
  type Style,
  takeNumber,
  timeBefore,
  TIME_STYLES,
} from './tcpdump-style';
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
  private readonly body: BodyReader;
  private readonly core = new Core();
  private readonly dump = new PacketDump();
  /** Whether the last packet's text seems to go on: it was wrapped. */
  private open: number = Open.NO;
  /** The last line is the first of a packet with `-v`, and the next has its addresses, however far it is indented. */
  private headed = false;
  /** The last line is of a packet's payload in words, whose empty lines may have lost their tab. */
  private detailed = false;
  /** What is inside the last packet has the next line. */
  private tunnelled = false;
  /** The line in front of that with the addresses was cut. */
  private isHeaderCut = false;
  /** The last packet's dump has begun. */
  private dumped = false;

  constructor(
    private readonly style: Style,
    private readonly context: TextContext,
  ) {
    this.description = style.description;
    this.key = JSON.stringify(style);
    this.times = style.meaning;
    this.body = new BodyReader(style.abridged);
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
    if (startsWith(bytes, start, end, INVALID_HEADER)) return true;
    const s = this.s.set(bytes, start, end);
    if (!style.prefixed) {
      if (style.numbered) {
        if (takeNumber(s) >= 0) return true;
      } else if (style.time === 'none') {
        if (beginsUntimed(bytes, start, end)) return true;
      } else if (
        time.take(s, style.time) &&
        // Of Juniper's captures nothing stands behind it but a blank.
        s.at + (style.time === 'seconds' ? 1 : 0) < end &&
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
    const breaks = (this.style.ascii ? wrappedInHeader : wrappedAt)(bytes, start, end);
    const before = breaks.map((at) => bytes[at]!);
    for (const at of breaks) bytes[at] = SPACE;
    this.parseJoined(bytes, this.indented(bytes, start, end), end, packet, marks);
    breaks.forEach((at, i) => (bytes[at] = before[i]!));
    if (breaks.length > 0 && packet.segmentCount > 0) noteWrapped(packet, breaks[0]!);
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
    if (style.numbered && takeNumber(s) >= 0) marks?.mark('frame.number', numberAt, trimmedEnd(bytes, numberAt, s.at));
    const timeAt = s.at;
    if (!style.prefixed && style.time !== 'none' && packet.time.take(s, style.time)) {
      packet.timed = true;
      marks?.mark('frame.time', timeAt, s.at);
    }
    const bodyAt = s.at;
    const found = this.findSegment(bytes, bodyAt, lineEnd, end);
    if (found >= 0) lineEnd = found;
    if (style.time !== 'none' && !packet.timed) this.takePrefixed(bytes, start, packet, marks);
    takeFrameHeader(bytes, start, this.core.sourceStart < 0 ? lineEnd : this.core.sourceStart, packet, marks);
    if (found >= 0 && this.isHeaderCut) noteCutHeader(packet, endOfLine(bytes, start, end));
    const control = found < 0 ? -1 : controlIn(bytes, start, found);
    if (control >= 0) noteControl(packet, control);
    else if (found >= 0) this.takeSegment(bytes, start, found, end, packet, marks);
    else if (breaksOff(bytes, bodyAt, lineEnd, end)) noteCut(packet, lineEnd);
    this.takeHex(bytes, start, end, packet, marks);
  }

  /** Finds the segment in the first line, or in those that go on from a `(…)` at its end. Returns that line's end. */
  private findSegment(bytes: Uint8Array, from: number, firstEnd: number, end: number): number {
    this.isHeaderCut = false;
    let start = from;
    let lineEnd = firstEnd;
    for (let lines = 0; lines < MAX_HEADER_LINES; lines++) {
      if (this.core.findIn(bytes, start, lineEnd)) return lineEnd;
      if (this.core.kind === Kind.ICMP || lineEnd >= end) return -1;
      let last = lineEnd - 1;
      while (last > start && isSpace(bytes[last]!)) last--;
      // A line that was wrapped in front of the ports goes on, too.
      const isWrapped = lines === 0 && (bytes[last] === GREATER || this.core.kind === Kind.BROKEN);
      // Of MPLS labels and of headers inside each has a line of its own.
      const isHeader = bytes[lineEnd + 1] === TAB && !startsWith(bytes, lineEnd + 1, end, HEX_LINE);
      let goesOn = bytes[last] === 0x29 || endsInTunnel(bytes, start, last + 1);
      if (!goesOn && breaksOffInHeader(bytes, start, lineEnd, end)) goesOn = this.isHeaderCut = true;
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

  private takeSegment(
    bytes: Uint8Array,
    start: number,
    lineEnd: number,
    end: number,
    packet: PacketText,
    marks: Marks | null,
  ): void {
    const { core: found, body } = this;
    const facts = packet.addSegment();
    this.takeEndpoints(bytes, start, facts, packet, marks);
    takeIpHeader(bytes, start, found.sourceStart, facts);
    const s = this.s.set(bytes, found.bodyAt, this.open ? end : lineEnd);
    switch (found.kind) {
      case Kind.FLAGS:
        // A wrapped line goes on behind its break, but a hex dump does not belong to it.
        s.end = bodyEnd(bytes, found.bodyAt, end);
        body.take(s, facts, packet, marks);
        this.takeChecksum(bytes, start, facts);
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
        body.takeOld(s, facts, packet, marks);
        this.takeChecksum(bytes, start, facts);
        break;
      default:
        facts.defects = HEADER_CUT | LENGTH_UNKNOWN;
        facts.headerBytes = facts.headerCaptured = 0;
        facts.absent = NO_FLAGS | NO_SEQ | NO_ACK | NO_WINDOW;
    }
    this.takeMissing(bytes, start, facts);
  }

  private takeChecksum(bytes: Uint8Array, start: number, facts: SegmentFacts): void {
    const { checksum, isCorrect } = this.body;
    if (checksum < 0) return;
    const tcpBytes = tcpBytesOf(bytes, start, this.core.sourceStart);
    takeChecksum(facts, checksum, isCorrect, this.context.addresses, tcpBytes);
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

  private takeEndpoints(
    bytes: Uint8Array,
    start: number,
    facts: SegmentFacts,
    packet: PacketText,
    marks: Marks | null,
  ): void {
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
            ...(sourceRouteEnd(bytes, start, found.sourceStart) ?? [
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

  /** The bytes that `-x` and `-X` print. They begin behind the link layer, those of `-xx` and `-XX` with it. */
  private takeHex(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    this.dump.begin();
    let lineEnd = endOfLine(bytes, start, end);
    while (lineEnd < end) {
      const lineStart = lineEnd + 1;
      lineEnd = endOfLine(bytes, lineStart, end);
      const dumpAt = this.indented(bytes, lineStart, lineEnd);
      if (!startsWith(bytes, dumpAt, lineEnd, HEX_LINE)) continue;
      // What a protocol's printer dumps of its payload stands before the dump of the packet.
      if (dumpLineAt(bytes, dumpAt, lineEnd)?.offset === 0) {
        packet.hexLength = 0;
        this.dump.begin();
      }
      this.dump.take(packet, bytes, dumpAt + 1, trimmed(bytes, lineStart, lineEnd), marks);
    }
    const isWhole = missingBytes(bytes, start, endOfLine(bytes, start, end)) === 0;
    this.settleHex(bytes, start, end, isWhole, packet);
    // Where the packet itself is shorter than its IP header says, tcpdump says so; else the capture has cut it.
    this.dump.end(packet, isWhole && packet.segmentCount > 0 ? this.style.longestDump - LINK_BYTES : 0, -1);
  }

  /** What the bytes are, if they are the packet's. */
  private settleHex(bytes: Uint8Array, start: number, end: number, isWhole: boolean, packet: PacketText): void {
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
    packet.isCut = isWhole;
  }
}

/** Lines in front of that with the ports: one each of Juniper's extensions, and of headers and labels. */
const MAX_HEADER_LINES = 24;

const ARROW = ascii(' > ');
const MORE_FRAGMENTS = ascii(', flags [+');
/** Headers of link layers, in front of a packet that is no IP. */
const NOT_IP = [' DSAP 0x', 'ethertype Unknown (0x', 'Unknown Ethertype (0x'].map(ascii);
/** A packet of which the capture has nothing: tcpdump says so instead of its number and its time. */
const INVALID_HEADER = ascii('[Invalid header: caplen==');
const HEX_LINE = ascii('\t0x');
/** By as much the link layer's headers may differ, which `-x` leaves off. */
const LINK_BYTES = 16;

/** Without a carriage return at its end. */
const trimmed = (bytes: Uint8Array, start: number, end: number): number =>
  end > start && bytes[end - 1] === RETURN ? end - 1 : end;

/** The dot in front of the port; -1 where there is none, as behind an address that stands alone. */
function portDot(bytes: Uint8Array, start: number, end: number): number {
  if (ipv4Of(bytes, start, end) !== null) return -1;
  for (let at = end - 1; at > start; at--) if (bytes[at] === 0x2e) return at;
  return -1;
}
