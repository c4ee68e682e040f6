import {
  BAD,
  GOOD,
  NO_ACK,
  NO_FLAGS,
  NO_SEQ,
  NO_URGENT,
  NO_WINDOW,
  LENGTH_UNKNOWN,
  OPTIONS_CUT,
  type SegmentFacts,
} from '../model/facts';
import { ACK, URG } from '../model/flags';
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
import { isListDump } from './hex-lines';
import { noteCut, noteCutValues } from './damage';
import { portOf, takeHosts } from './hosts';
import { isDumpLabel } from './dump-labels';
import { endOfLine, linesOf } from './lines';
import type { MarkId, Marks } from './marks';
import { FAST_OPEN_EXPERIMENT, KIND, OptionWriter } from './options';
import { takeDump, takeDumpLines } from './packet-dump';
import { ascii, find, hexDigit, isDigit, RETURN, Scanner, SPACE, startsWith } from './scan';
import { TimeColumn, type TimeMeaning, type TimeStyle } from './times';
import { arrowAt, infoAt, takeInfo } from './tshark-info';

const FRAME = ascii('Frame ');
const ON_WIRE = ascii(' bytes on wire');
const RAW_SEQ = ascii('Sequence Number (raw): ');
const SEQUENCES = ['    Sequence Number: ', '    Sequence number: '].map(ascii);
const RELATIVE = ascii('(relative sequence number)');

/** Details as `tshark -V` prints them and Wireshark exports as plain text: a line a field, indented by its layer. */
export const tsharkVerbose: TextFormat = {
  id: 'tshark-verbose',
  name: 'tshark details',
  sniff(head) {
    // All between two packets is theirs, and what stands behind the last one.
    let titles = -1;
    for (const { start, end } of linesOf(head)) {
      if (areTitles(head.bytes, start, end)) titles = start;
      if (beginsPacket(head.bytes, start, end)) return head.end - (titles >= 0 ? titles : start);
    }
    return 0;
  },
  open: (head, context) => new VerboseDialect(head, context),
};

/** `Frame 1: 74 bytes on wire (592 bits), 74 bytes captured (592 bits)`; old versions have `Frame 1 (74 bytes on wire`. */
function beginsPacket(bytes: Uint8Array, start: number, end: number): boolean {
  if (startsWith(bytes, start, end, FRAME)) return isDigit(bytes[start + 6]!) && find(bytes, start, end, ON_WIRE) >= 0;
  return OTHER_RECORDS.some((name) => startsWith(bytes, start, end, name) && isDigit(bytes[start + name.length]!));
}

/** The titles of the list, which Wireshark prints in front of every packet, with its line of the list. */
const areTitles = (bytes: Uint8Array, start: number, end: number): boolean =>
  startsWith(bytes, start, end, TITLE_NUMBER) && find(bytes, start, end, TITLE_INFO) >= 0;

const TITLE_NUMBER = ascii('No. ');
const TITLE_INFO = ascii(' Info');

/** Records of a capture file that are no packets have a number as packets have one. */
const OTHER_RECORDS = [
  'PCAPNG Custom Block ',
  'Systemd Journal Entry ',
  'System Event ',
  'File-Type-Specific Event ',
].map(ascii);

const scanner = new Scanner();

/** Texts in front of a value, as a scanner's bytes. */
const L = {
  identification: ascii('Identification: 0x'),
  timeToLive: ascii('Time to Live: '),
  hopLimit: ascii('Hop Limit: '),
  epoch: ascii('Epoch Time: '),
  epochArrival: ascii('Epoch Arrival Time: '),
  ipv4: ascii('Internet Protocol Version 4, Src: '),
  ipv6: ascii('Internet Protocol Version 6, Src: '),
  ipOld: ascii('Internet Protocol, Src: '),
  tcp: ascii('Transmission Control Protocol, Src Port: '),
  // Titles of layers that were told to leave their values to the lines below them.
  ipv4Bare: ascii('Internet Protocol Version 4'),
  ipv6Bare: ascii('Internet Protocol Version 6'),
  tcpBare: ascii('Transmission Control Protocol'),
  sourceAddress: ascii('Source Address: '),
  destinationAddress: ascii('Destination Address: '),
  sourcePort: ascii('Source Port: '),
  destinationPortBare: ascii('Destination Port: '),
  sequenceBare: ascii('Sequence Number: '),
  ackBare: ascii('Acknowledgment Number: '),
  ackBareOld: ascii('Acknowledgment number: '),
  icmp: ascii('Internet Control Message Protocol'),
  homeAddress: ascii('MIPv6 Home Address: '),
  segmentsLeft: ascii('Segments Left: '),
  routeAddress: ascii('Address['),
  routeAddressEnd: ascii(']: '),
  destination: ascii(', Dst: '),
  destinationPort: ascii(', Dst Port: '),
  sequence: ascii(', Seq: '),
  length: ascii(', Len: '),
  ack: ascii(', Ack: '),
  rawSeq: ascii('Sequence Number (raw): '),
  rawSeqOld: ascii('Sequence number (raw): '),
  rawAck: ascii('Acknowledgment number (raw): '),
  rawAckNew: ascii('Acknowledgment Number (raw): '),
  headerLength: ascii(' = Header Length: '),
  flags: ascii('Flags: 0x'),
  window: ascii('Window: '),
  windowOld: ascii('Window size value: '),
  windowOldest: ascii('Window size: '),
  segmentLength: ascii('[TCP Segment Len: '),
  checksum: ascii('Checksum: 0x'),
  correct: ascii('[correct]'),
  incorrect: ascii('[incorrect'),
  statusGood: ascii('[Checksum Status: Good]'),
  statusBad: ascii('[Checksum Status: Bad]'),
  urgent: ascii('Urgent Pointer: '),
  urgentOld: ascii('Urgent pointer: '),
  option: ascii('TCP Option - '),
  options: ascii('Options: ('),
  digest: ascii('MD5 digest: '),
  experiment1: ascii('Kind: RFC3692-style Experiment 1'),
  cookie: ascii('Fast Open Cookie: '),
  cookieRequest: ascii('Fast Open Cookie Request'),
  scaled: ascii('(scaled)'),
  arrival: ascii('Arrival Time: '),
  captured: ascii(' bytes captured'),
  protocols: ascii('[Protocols in frame: '),
  limited: ascii('[Packet size limited during capture: TCP'),
} as const;

/** Fields that tell when the packet came. */
const TIMES = [L.epoch, L.epochArrival, L.arrival];

const O = {
  mss: ascii('Maximum segment size: '),
  nop: ascii('No-Operation'),
  end: ascii('End of Option List'),
  windowScale: ascii('Window scale: '),
  sackPermitted: ascii('SACK permitted'),
  timestamps: ascii('Timestamps'),
  timestampValue: ascii('TSval '),
  sack: ascii('SACK '),
  md5: ascii('TCP MD5 signature'),
  accurateEcn: ascii('Accurate ECN (Order '),
  fastOpen: ascii('TCP Fast Open'),
  fastOpenExperiment: ascii('Experimental: Fast Open'),
} as const;

class VerboseDialect implements Dialect {
  readonly description = 'tshark -V';
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle;
  readonly key: string;
  private readonly writer = new OptionWriter();
  private readonly raw: boolean;
  /** How the list writes the time, where the details do not tell it. */
  private readonly listTime: TimeStyle;
  /** Each packet's line of the list stands in front of its details, without titles. */
  private readonly isListed: boolean;
  /** The packet has begun with its line of the list, and its details have not. */
  private titled = false;

  constructor(
    head: TextHead,
    private readonly context: TextContext,
  ) {
    const { bytes, start, end } = head;
    const has = (label: Uint8Array): boolean => find(bytes, start, end, label) >= 0;
    this.raw = has(RAW_SEQ) || has(L.rawSeqOld);
    // Told not to count from the first number, tshark prints it once, and calls none relative.
    const isAbsolute = SEQUENCES.some(has) && !has(RELATIVE);
    this.numbers = this.raw || isAbsolute ? 'raw' : 'relative';
    const isTimed = TIMES.some(has);
    const column = isTimed ? null : timesOfList(head, areListed(head));
    this.listTime = column?.style ?? 'none';
    this.times = column?.meaning ?? 'absolute';
    this.isListed = areListed(head);
    this.key = JSON.stringify([this.numbers, this.raw, this.listTime, this.times, this.isListed]);
  }

  line(bytes: Uint8Array, start: number, end: number, after: boolean): number {
    if (areTitles(bytes, start, end)) {
      this.titled = true;
      return BEGINS;
    }
    if (beginsPacket(bytes, start, end)) {
      const isRest = after && this.titled;
      this.titled = false;
      return isRest ? CONTINUES : BEGINS;
    }
    if (this.isListed && !this.titled && isOfList(bytes, start, end)) {
      this.titled = true;
      return BEGINS;
    }
    return after ? CONTINUES : OTHER;
  }

  parse(bytes: Uint8Array, from: number, end: number, packet: PacketText, marks: Marks | null): void {
    const start = this.takeList(bytes, from, end, packet, marks);
    let facts: SegmentFacts | null = null;
    let sourceStart = 0;
    let sourceEnd = 0;
    let destinationStart = 0;
    let destinationEnd = 0;
    let ttl = 0;
    let ipId = 0;
    let segmentsLeft = 0;
    /** The frame's details name TCP as one of its protocols, outside of an ICMP message. */
    let isTcp = false;
    /** The segment's title is followed by its fields. */
    let isUnfolded = false;
    /** The capture holds less than the packet, or it is malformed. */
    let isLimited = false;
    /** The layer is IP's, and its title has no addresses. */
    let isBareHost = false;
    const finish = (): void => {
      if (facts === null) return;
      if (this.isBare && this.missingPorts > 0) {
        packet.segmentCount--;
        facts = null;
        return;
      }
      if (facts.absent & NO_FLAGS) this.takeListed(bytes, facts, marks);
      this.finish(facts);
      takeHosts(this.context.addresses, facts, bytes, sourceStart, sourceEnd, destinationStart, destinationEnd);
      facts.ttl = ttl & 0xff;
      facts.ipId = ipId & 0xffff;
      facts = null;
    };
    for (let at = start; at < end;) {
      const next = endOfLine(bytes, at, end);
      const lineEnd = next > at && bytes[next - 1] === RETURN ? next - 1 : next;
      const isTop = bytes[at] !== SPACE;
      let i = at;
      while (i < lineEnd && bytes[i] === SPACE) i++;
      if (isTop) {
        if (isDumpLabel(bytes, at, lineEnd)) {
          takeDump(packet, bytes, at, end, 0, marks);
          break;
        }
        if (isListDump(bytes, at, lineEnd)) {
          const behind = takeDumpLines(packet, bytes, at, end, this.captured, marks);
          if (packet.hexLength > 0) break;
          at = behind;
          continue;
        }
        if (at === start) this.takeFrame(bytes, at, lineEnd, packet, marks);
        else if (facts !== null && isField(bytes, at, lineEnd)) this.takeField(bytes, at, lineEnd, facts, marks);
        else {
          if (facts !== null && startsWith(bytes, at, lineEnd, L.limited)) facts.defects |= OPTIONS_CUT;
          isLimited ||= bytes[at] === 0x5b;
          isUnfolded = false;
          finish();
          isBareHost = false;
          const address = [L.ipv4, L.ipv6, L.ipOld].find((text) => startsWith(bytes, at, lineEnd, text));
          if (address !== undefined) {
            ttl = ipId = segmentsLeft = 0;
            const destination = find(bytes, at, lineEnd, L.destination);
            if (destination >= 0) {
              [sourceStart, sourceEnd] = hostIn(bytes, at + address.length, destination);
              [destinationStart, destinationEnd] = hostIn(bytes, destination + L.destination.length, lineEnd);
              marks?.mark('ip.src', sourceStart, sourceEnd);
              marks?.mark('ip.dst', destinationStart, destinationEnd);
            }
          } else if (isTitle(bytes, at, lineEnd, L.ipv4Bare) || isTitle(bytes, at, lineEnd, L.ipv6Bare)) {
            ttl = ipId = segmentsLeft = 0;
            isBareHost = true;
          } else if (startsWith(bytes, at, lineEnd, L.tcp))
            facts = this.beginSegment(bytes, at, lineEnd, packet, marks);
          else if (isTitle(bytes, at, lineEnd, L.tcpBare)) facts = this.beginBareSegment(packet);
        }
      } else if (TIMES.some((label) => startsWith(bytes, i, lineEnd, label))) {
        const value = find(bytes, i, lineEnd, COLON_SPACE) + 2;
        packet.timed =
          packet.time.take(scanner.set(bytes, value, lineEnd), 'date') ||
          packet.time.take(scanner.set(bytes, value, lineEnd), 'seconds');
        marks?.mark('frame.time', value, scanner.at);
      } else if (facts === null && startsWith(bytes, i, lineEnd, L.protocols)) {
        const tcp = find(bytes, i, lineEnd, COLON_TCP);
        isTcp = tcp >= 0 && find(bytes, i, tcp, COLON_ICMP) < 0;
      } else if (isBareHost && startsWith(bytes, i, lineEnd, L.sourceAddress)) {
        [sourceStart, sourceEnd] = hostIn(bytes, i + L.sourceAddress.length, lineEnd);
        marks?.mark('ip.src', sourceStart, sourceEnd);
      } else if (isBareHost && startsWith(bytes, i, lineEnd, L.destinationAddress)) {
        [destinationStart, destinationEnd] = hostIn(bytes, i + L.destinationAddress.length, lineEnd);
        marks?.mark('ip.dst', destinationStart, destinationEnd);
      } else if (facts === null && startsWith(bytes, i, lineEnd, L.homeAddress))
        // By which the connection is known (RFC 6275 §6.3).
        [sourceStart, sourceEnd] = [i + L.homeAddress.length, lineEnd];
      else if (facts === null && startsWith(bytes, i, lineEnd, L.segmentsLeft))
        segmentsLeft = scanner.set(bytes, i + L.segmentsLeft.length, lineEnd).uint();
      else if (facts === null && segmentsLeft > 0 && startsWith(bytes, i, lineEnd, L.routeAddress)) {
        // The last address is the one that checksums count (RFC 8200 §4.4), of segment routing that with the index 0.
        const s = scanner.set(bytes, i + L.routeAddress.length, lineEnd);
        if (s.uint() === 0) segmentsLeft = 0;
        if (s.take(L.routeAddressEnd)) [destinationStart, destinationEnd] = [s.at, lineEnd];
      } else if (facts === null && startsWith(bytes, i, lineEnd, L.identification))
        ipId = Math.max(0, scanner.set(bytes, i + L.identification.length, lineEnd).hex());
      else if (facts === null && startsWith(bytes, i, lineEnd, L.timeToLive))
        ttl = Math.max(0, scanner.set(bytes, i + L.timeToLive.length, lineEnd).uint());
      else if (facts === null && startsWith(bytes, i, lineEnd, L.hopLimit))
        ttl = Math.max(0, scanner.set(bytes, i + L.hopLimit.length, lineEnd).uint());
      else if (facts !== null) {
        isUnfolded = true;
        this.takeField(bytes, i, lineEnd, facts, marks);
      }
      at = next + 1;
    }
    const isOpen = facts !== null;
    const isCut = isOpen && isUnfolded && (facts!.absent & NO_FLAGS) !== 0;
    finish();
    if (packet.hexLength === 0 && !isLimited && (isCut || (!isOpen && isTcp && packet.segmentCount === 0)))
      (packet.segmentCount > 0 ? noteCutValues : noteCut)(packet, end);
    // Dumps of bytes that were cut or put together are not the packet's own.
    if (packet.hexLength > 0) packet.isCut = packet.wireBytes > packet.hexLength;
  }

  /**
   * Takes the line of the list in front of the details, if there is one. Returns where the details begin; the end where
   * there are none.
   */
  private takeList(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): number {
    this.listed = -1;
    let at = start;
    for (let lines = 0; at < end && lines < MAX_LIST_LINES; lines++) {
      const lineEnd = endOfLine(bytes, at, end);
      if (beginsPacket(bytes, at, lineEnd)) return at;
      const timeAt = timeOfList(bytes, at, lineEnd);
      if (timeAt >= 0) {
        this.listed = infoAt(bytes, timeAt, lineEnd);
        // Behind the arrow between the addresses, where there is one.
        const arrow = this.listed < 0 ? arrowAt(bytes, timeAt, Math.min(lineEnd, timeAt + FRONT_BYTES)) : null;
        if (arrow !== null) this.listed = infoAt(bytes, arrow.end, lineEnd);
        this.listedEnd = lineEnd;
        const s = scanner.set(bytes, timeAt, lineEnd);
        if (this.listTime !== 'none' && packet.time.take(s, this.listTime)) {
          packet.timed = true;
          marks?.mark('frame.time', timeAt, s.at);
        }
      }
      at = lineEnd + 1;
    }
    return start;
  }

  /** What the list says of the packet's segment, whose details are folded up. */
  private takeListed(bytes: Uint8Array, facts: SegmentFacts, marks: Marks | null): void {
    if (this.listed < 0 || this.raw) return;
    const { sourcePort, destinationPort } = facts;
    const info = takeInfo(bytes, this.listed, this.listedEnd, facts, this.context.services, this.writer, marks);
    if (info.hasSegment && facts.sourcePort === sourcePort && facts.destinationPort === destinationPort) {
      facts.defects &= ~LENGTH_UNKNOWN;
      return;
    }
    // That of another layer.
    facts.sourcePort = sourcePort;
    facts.destinationPort = destinationPort;
    facts.flags = 0;
    facts.absent = NO_SEQ | NO_ACK | NO_FLAGS | NO_WINDOW;
    this.writer.begin(facts);
  }

  /** Where TCP's own column begins in the packet's line of the list, -1 where there is none. */
  private listed = -1;
  private listedEnd = 0;

  private takeFrame(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    const s = scanner.set(bytes, start + FRAME.length, end);
    const from = s.at;
    s.uint();
    marks?.mark('frame.number', from, s.at);
    while (!s.atEnd && !isDigit(s.next)) s.at++;
    const lengthAt = s.at;
    packet.wireBytes = Math.max(0, s.uint());
    marks?.mark('frame.len', lengthAt, s.at);
    // "74 bytes on wire (592 bits), 74 bytes captured (592 bits)"
    const captured = find(bytes, s.at, end, L.captured);
    const comma = find(bytes, s.at, end, COMMA_SPACE);
    this.captured = captured >= 0 && comma >= 0 ? scanner.set(bytes, comma + COMMA_SPACE.length, captured).uint() : -1;
  }

  /** Bytes of the packet that the capture holds, -1 where that is not told. */
  private captured = -1;

  /** `Transmission Control Protocol, Src Port: 59221, Dst Port: 4000, Seq: 0, Ack: 1, Len: 0`. */
  private beginSegment(
    bytes: Uint8Array,
    start: number,
    end: number,
    packet: PacketText,
    marks: Marks | null,
  ): SegmentFacts | null {
    const destination = find(bytes, start, end, L.destinationPort);
    if (destination < 0) return null;
    const facts = packet.addSegment();
    facts.absent = NO_SEQ | NO_ACK | NO_FLAGS | NO_WINDOW;
    const sourceAt = start + L.tcp.length;
    const destinationAt = destination + L.destinationPort.length;
    const destinationEnd = wordEnd(bytes, destinationAt, end);
    facts.sourcePort = this.port(bytes, sourceAt, destination);
    facts.destinationPort = this.port(bytes, destinationAt, destinationEnd);
    marks?.mark('tcp.srcport', sourceAt, destination);
    marks?.mark('tcp.dstport', destinationAt, destinationEnd);
    const number = (label: Uint8Array, id: MarkId): number => {
      const at = find(bytes, start, end, label);
      if (at < 0) return -1;
      const s = scanner.set(bytes, at + label.length, end);
      const from = s.at;
      const value = s.uint();
      marks?.mark(id, from, s.at);
      return value;
    };
    const seq = number(L.sequence, 'tcp.seq');
    const ack = number(L.ack, 'tcp.ack');
    const length = number(L.length, 'tcp.len');
    this.relativeAck = Math.max(0, ack);
    this.isBare = false;
    if (!this.raw) {
      if (seq >= 0) this.setSeq(facts, seq);
      if (ack >= 0) this.setAck(facts, ack);
    }
    if (length >= 0) facts.payloadBytes = length;
    else facts.defects |= LENGTH_UNKNOWN;
    this.writer.begin(facts);
    return facts;
  }

  /** A segment whose title has no values: the lines below it have. */
  private beginBareSegment(packet: PacketText): SegmentFacts {
    const facts = packet.addSegment();
    facts.absent = NO_SEQ | NO_ACK | NO_FLAGS | NO_WINDOW;
    facts.defects |= LENGTH_UNKNOWN;
    this.relativeAck = 0;
    this.isBare = true;
    this.missingPorts = 2;
    this.writer.begin(facts);
    return facts;
  }

  /** The segment's title has no values, and so many of its ports have not been told of below it. */
  private isBare = false;
  private missingPorts = 0;

  /** What the title of a segment has mostly. Returns whether it is that. */
  private takeBareField(
    bytes: Uint8Array,
    start: number,
    end: number,
    facts: SegmentFacts,
    marks: Marks | null,
  ): boolean {
    const s = scanner;
    const is = (label: Uint8Array): boolean => startsWith(bytes, start, end, label);
    const port = (label: Uint8Array, id: MarkId): number => {
      this.missingPorts--;
      marks?.mark(id, start + label.length, end);
      return this.port(bytes, start + label.length, end);
    };
    const number = (label: Uint8Array, id: MarkId): number => {
      s.set(bytes, start + label.length, end);
      const value = Math.max(0, s.uint());
      marks?.mark(id, start + label.length, s.at);
      return value;
    };
    if (is(L.sourcePort)) facts.sourcePort = port(L.sourcePort, 'tcp.srcport');
    else if (is(L.destinationPortBare)) facts.destinationPort = port(L.destinationPortBare, 'tcp.dstport');
    else if (is(L.sequenceBare)) {
      const value = number(L.sequenceBare, 'tcp.seq');
      if (!this.raw) this.setSeq(facts, value);
    } else if (is(L.ackBare) || is(L.ackBareOld)) {
      this.relativeAck = number(L.ackBare, 'tcp.ack');
      if (!this.raw) this.setAck(facts, this.relativeAck);
    } else return false;
    return true;
  }

  private setSeq(facts: SegmentFacts, value: number): void {
    facts.seq = value | 0;
    facts.absent &= ~NO_SEQ;
  }

  private setAck(facts: SegmentFacts, value: number): void {
    facts.ack = value | 0;
    facts.absent &= ~NO_ACK;
  }

  /** `4000`, or `terabase (4000)` where names are shown. */
  private port(bytes: Uint8Array, start: number, end: number): number {
    let from = start;
    let to = end;
    if (bytes[end - 1] === 0x29) {
      to = end - 1;
      from = to;
      while (from > start && isDigit(bytes[from - 1]!)) from--;
    }
    return Math.max(0, portOf(this.context.services, bytes, from, to));
  }

  private takeField(bytes: Uint8Array, start: number, end: number, facts: SegmentFacts, marks: Marks | null): void {
    const s = scanner.set(bytes, start, end);
    const value = (label: Uint8Array, id: MarkId): number => {
      s.at = start + label.length;
      const number = s.uint();
      marks?.mark(id, start + label.length, s.at);
      return number;
    };
    const is = (label: Uint8Array): boolean => startsWith(bytes, start, end, label);
    if (this.isBare && this.takeBareField(bytes, start, end, facts, marks)) return;
    if (is(L.digest)) this.writer.raw(KIND.md5, digitsIn(bytes, start + L.digest.length, end));
    else if (is(L.experiment1)) this.cookieKind = KIND.experiment1;
    else if (is(L.cookie)) this.takeCookie(digitsIn(bytes, start + L.cookie.length, end));
    else if (is(L.cookieRequest)) this.takeCookie([]);
    else if (is(L.option)) this.takeOption(bytes, start + L.option.length, end, facts, marks);
    else if (is(L.rawSeq) || is(L.rawSeqOld)) this.setSeq(facts, value(L.rawSeq, 'tcp.seq'));
    else if (is(L.rawAck) || is(L.rawAckNew)) this.setAck(facts, value(L.rawAck, 'tcp.ack'));
    else if (is(L.flags)) {
      s.at = start + L.flags.length;
      facts.flags = Math.max(0, s.hex()) & 0xfff;
      facts.absent &= ~NO_FLAGS;
      marks?.mark('tcp.flags', start + L.flags.length - 2, s.at);
    } else if (is(L.window) || is(L.windowOld)) {
      facts.window = Math.max(0, value(is(L.window) ? L.window : L.windowOld, 'tcp.window_size_value')) & 0xffff;
      facts.absent &= ~NO_WINDOW;
    } else if (is(L.windowOldest)) {
      facts.window = Math.max(0, value(L.windowOldest, 'tcp.window_size'));
      facts.windowIsScaled = find(bytes, start, end, L.scaled) >= 0;
      facts.absent &= ~NO_WINDOW;
    } else if (is(L.segmentLength)) {
      facts.payloadBytes = Math.max(0, value(L.segmentLength, 'tcp.len'));
      facts.defects &= ~LENGTH_UNKNOWN;
    } else if (is(L.checksum)) {
      s.at = start + L.checksum.length;
      this.checksum = s.hex();
      marks?.mark('tcp.checksum', start + L.checksum.length - 2, s.at);
      if (find(bytes, start, end, L.correct) >= 0) facts.checksum = GOOD;
      else if (find(bytes, start, end, L.incorrect) >= 0) facts.checksum = BAD;
    } else if (is(L.statusGood)) facts.checksum = GOOD;
    else if (is(L.statusBad)) facts.checksum = BAD;
    else if (is(L.urgent) || is(L.urgentOld))
      facts.urgentPointer = Math.max(0, value(L.urgent, 'tcp.urgent_pointer')) & 0xffff;
    else if (is(L.options)) marks?.mark('tcp.options', start, end);
    else {
      const at = find(bytes, start, Math.min(end, start + 64), L.headerLength);
      if (at >= 0) this.headerBytes = scanner.set(bytes, at + L.headerLength.length, end).uint();
    }
  }

  private relativeAck = 0;
  /** The kind of a Fast Open option, of RFC 7413 or of the experiment before it. */
  private cookieKind: number = KIND.fastOpen;
  private checksum = -1;
  private headerBytes = -1;

  /** `Maximum segment size: 1460 bytes`, `Timestamps: TSval 685169, TSecr 0`; older versions put values on lines below. */
  private takeOption(bytes: Uint8Array, start: number, end: number, facts: SegmentFacts, marks: Marks | null): void {
    const { writer } = this;
    const s = scanner.set(bytes, start, end);
    if (s.take(O.mss)) {
      writer.mss(Math.max(0, s.uint()));
      marks?.mark('tcp.options.mss', start, end);
    } else if (s.take(O.nop)) {
      writer.single(KIND.nop);
      marks?.mark('tcp.options.nop', start, end);
    } else if (s.take(O.end)) {
      writer.single(KIND.end);
      marks?.mark('tcp.options.eol', start, end);
    } else if (s.take(O.windowScale)) {
      writer.windowScale(Math.max(0, s.uint()));
      marks?.mark('tcp.options.wscale', start, end);
    } else if (s.take(O.sackPermitted)) {
      writer.sackPermitted();
      marks?.mark('tcp.options.sack_perm', start, end);
    } else if (s.take(O.timestamps)) {
      const at = find(bytes, start, end, O.timestampValue);
      const echo = find(bytes, start, end, TIMESTAMP_ECHO);
      if (at >= 0 && echo >= 0)
        writer.timestamps(
          scanner.set(bytes, at + O.timestampValue.length, end).uint(),
          scanner.set(bytes, echo + TIMESTAMP_ECHO.length, end).uint(),
        );
      else facts.defects |= OPTIONS_CUT;
      marks?.mark('tcp.options.timestamp', start, end);
    } else if (s.take(O.sack)) {
      this.takeSack(s, this.raw && !(facts.absent & NO_ACK) ? facts.ack - this.relativeAck : 0);
      marks?.mark('tcp.options.sack', start, end);
    } else if (s.take(O.accurateEcn)) {
      this.takeCounters(s, s.uint() === 1 ? KIND.accurateEcn1 : KIND.accurateEcn0);
      marks?.mark('tcp.options.other', start, end);
    } else if (s.take(O.fastOpen) || s.take(O.fastOpenExperiment)) {
      // Its cookie is on a line below.
      this.cookieKind = bytes[start] === O.fastOpen[0] ? KIND.fastOpen : KIND.experiment2;
      marks?.mark('tcp.options.tfo', start, end);
    } else if (!s.take(O.md5)) {
      facts.defects |= OPTIONS_CUT;
      marks?.mark('tcp.options.other', start, end);
    }
  }

  /** `0): EE0B 1, ECEB 1000, EE1B 1`: counters of three bytes, as many as there are. */
  private takeCounters(s: Scanner, kind: number): void {
    const counters: number[] = [];
    s.skipWord();
    for (;;) {
      s.skipSpaces();
      s.skipWord();
      s.skipSpaces();
      const value = s.uint();
      if (value < 0 || counters.length >= 9) break;
      counters.push((value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
      s.takeByte(0x2c);
    }
    this.writer.raw(kind, counters);
  }

  private takeCookie(cookie: readonly number[]): void {
    const isExperiment = this.cookieKind !== KIND.fastOpen;
    const identifier = isExperiment ? [FAST_OPEN_EXPERIMENT >>> 8, FAST_OPEN_EXPERIMENT & 0xff] : [];
    this.writer.raw(this.cookieKind, [...identifier, ...cookie]);
  }

  /** `SACK 8401-12601 14001-15401`: as far from `base` as the relative acknowledgment number is. */
  private takeSack(s: Scanner, base: number): void {
    const edges: number[] = [];
    for (;;) {
      s.skipSpaces();
      const left = s.uint();
      if (left < 0 || !s.takeByte(0x2d)) break;
      const right = s.uint();
      if (right < 0) break;
      edges.push(left + base, right + base);
    }
    this.writer.sack(edges);
  }

  private finish(facts: SegmentFacts): void {
    this.writer.end();
    if (!(facts.flags & ACK) && this.numbers === 'relative') facts.absent |= NO_ACK;
    if (facts.flags & URG && facts.urgentPointer === 0) facts.absent |= NO_URGENT;
    if (this.headerBytes > facts.headerBytes) facts.defects |= OPTIONS_CUT;
    if (facts.absent & NO_FLAGS) facts.absent |= NO_SEQ | NO_ACK | NO_WINDOW;
    if (facts.checksum === BAD && this.checksum >= 0) takeChecksum(facts, this.checksum, false, this.context.addresses);
    this.checksum = this.headerBytes = -1;
  }
}

/** Whether a line is nothing but a layer's title. */
const isTitle = (bytes: Uint8Array, start: number, end: number, title: Uint8Array): boolean =>
  end - start === title.length && startsWith(bytes, start, end, title);

/** Lines of the list and empty ones that stand in front of a packet's details. */
const MAX_LIST_LINES = 4;

/** Where the time is in a line of the list, `      1 0.000000    192.168.1.1 …`; -1 where it is none. */
function timeOfList(bytes: Uint8Array, start: number, end: number): number {
  const s = scanner.set(bytes, start, end);
  s.skipSpaces();
  if (s.uint() < 1 || s.next !== SPACE) return -1;
  s.skipSpaces();
  return s.at < end ? s.at : -1;
}

/** Whether a line is one of tshark's list: behind number and time is an arrow between addresses. */
function isOfList(bytes: Uint8Array, start: number, end: number): boolean {
  const timeAt = timeOfList(bytes, start, end);
  return timeAt >= 0 && isDigit(bytes[timeAt]!) && arrowAt(bytes, timeAt, Math.min(end, timeAt + FRONT_BYTES)) !== null;
}

/** A time and two addresses are no longer. */
const FRONT_BYTES = 140;

/** Whether all lines of the list stand in front of the details of the same packet, as `tshark -P -V` prints them. */
function areListed(head: TextHead): boolean {
  let number = -1;
  let packets = 0;
  for (const { start, end } of linesOf(head)) {
    if (end === start) continue;
    const isDetails = startsWith(head.bytes, start, end, FRAME) && beginsPacket(head.bytes, start, end);
    if (number >= 0) {
      if (!isDetails || scanner.set(head.bytes, start + FRAME.length, end).uint() !== number) return false;
      packets++;
    }
    number = -1;
    if (!isOfList(head.bytes, start, end)) continue;
    scanner.set(head.bytes, start, end).skipSpaces();
    number = scanner.uint();
  }
  return packets > 0;
}

/** The times of the lines that stand below the list's titles, or in front of details. */
function timesOfList(head: TextHead, isListed: boolean): TimeColumn {
  const column = new TimeColumn();
  let isTitled = false;
  for (const { start, end } of linesOf(head)) {
    const timeAt = isTitled || (isListed && isOfList(head.bytes, start, end)) ? timeOfList(head.bytes, start, end) : -1;
    if (timeAt >= 0) column.add(head.bytes, timeAt, end);
    isTitled = areTitles(head.bytes, start, end);
  }
  return column;
}

/** Whether a line without indentation is a field and no layer: as where what has copied the details has lost blanks. */
function isField(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] === 0x5b) return !startsWith(bytes, start, end, L.limited);
  for (let at = start; at < end && bytes[at] !== 0x2c; at++) if (bytes[at] === 0x3a || bytes[at] === 0x3d) return true;
  return false;
}

const COLON_SPACE = ascii(': ');
const COLON_TCP = ascii(':tcp');
const COLON_ICMP = ascii(':icmp');
const COMMA_SPACE = ascii(', ');
const TIMESTAMP_ECHO = ascii('TSecr ');

/** The address in a title: `172.17.96.77`, or `host.example (172.17.96.77)`. */
function hostIn(bytes: Uint8Array, start: number, end: number): readonly [start: number, end: number] {
  let to = end;
  while (to > start && bytes[to - 1] === SPACE) to--;
  if (bytes[to - 1] !== 0x29) return [start, to];
  for (let at = to - 2; at > start; at--) if (bytes[at] === 0x28) return [at + 1, to - 1];
  return [start, to];
}

/** End of the word that begins at `start`, with the blank and parenthesis that may follow it. */
function wordEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== 0x2c) at++;
  return at;
}

/** The bytes of `1e7b2a31bec7f944f072b14b927caffd`, on a line of its own below the option's: at most 16. */
function digitsIn(bytes: Uint8Array, start: number, end: number): number[] {
  const digits: number[] = [];
  for (let at = start; at + 1 < end && digits.length < 16; at += 2) {
    const high = hexDigit(bytes[at]!);
    const low = hexDigit(bytes[at + 1]!);
    if (high < 0 || low < 0) break;
    digits.push(high * 16 + low);
  }
  return digits;
}
