import {
  BAD,
  GOOD,
  HEADER_CUT,
  LENGTH_UNKNOWN,
  NO_ACK,
  NO_FLAGS,
  NO_SEQ,
  NO_URGENT,
  NO_WINDOW,
  OPTIONS_CUT,
  type SegmentFacts,
} from '../model/facts';
import { ACE, ACK, AE, CWR, ECE, FIN, flagsOfAce, PSH, RST, SYN, URG } from '../model/flags';
import { takeChecksum } from './checksum';
import type { PacketText, TextContext } from './format';
import { takeHosts } from './hosts';
import type { MarkId, Marks } from './marks';
import { OptionWriter, writeOptionBytes } from './options';
import { hexDigit, isDigit, isLetter, Scanner } from './scan';
import type { TimeMeaning } from './times';

const FLAG_FIELDS: Readonly<Record<string, number>> = {
  'tcp.flags.fin': FIN,
  'tcp.flags.syn': SYN,
  'tcp.flags.reset': RST,
  'tcp.flags.push': PSH,
  'tcp.flags.ack': ACK,
  'tcp.flags.urg': URG,
  'tcp.flags.ece': ECE,
  'tcp.flags.ecn': ECE,
  'tcp.flags.cwr': CWR,
  'tcp.flags.ns': AE,
  'tcp.flags.ae': AE,
};

/** Meanings of the fields that are marked, where the name alone does not say. */
const MARKED: Readonly<Record<string, MarkId>> = {
  'frame.number': 'frame.number',
  'frame.time_epoch': 'frame.time',
  'frame.time_relative': 'frame.time',
  'frame.len': 'frame.len',
  'eth.src': 'eth.src',
  'eth.dst': 'eth.dst',
  'ip.src': 'ip.src',
  'ip.dst': 'ip.dst',
  'ipv6.src': 'ip.src',
  'ipv6.dst': 'ip.dst',
  'ip.ttl': 'ip.ttl',
  'ip.id': 'ip.id',
  'ip.len': 'ip.len',
  'tcp.srcport': 'tcp.srcport',
  'tcp.dstport': 'tcp.dstport',
  'tcp.seq': 'tcp.seq',
  'tcp.seq_raw': 'tcp.seq',
  'tcp.nxtseq': 'tcp.nxtseq',
  'tcp.ack': 'tcp.ack',
  'tcp.ack_raw': 'tcp.ack',
  'tcp.flags': 'tcp.flags',
  'tcp.window_size_value': 'tcp.window_size_value',
  'tcp.window_size': 'tcp.window_size',
  'tcp.checksum': 'tcp.checksum',
  'tcp.urgent_pointer': 'tcp.urgent_pointer',
  'tcp.len': 'tcp.len',
  'tcp.options': 'tcp.options',
};

/** Fields that hold a packet's time, the best first, with what it means. */
export const TIME_FIELDS: readonly (readonly [name: string, meaning: TimeMeaning])[] = [
  ['frame.time_epoch', 'absolute'],
  ['frame.time', 'absolute'],
  ['frame.time_utc', 'absolute'],
  ['frame.time_relative', 'elapsed'],
  ['frame.time_delta', 'delta'],
  ['frame.time_delta_displayed', 'delta'],
];

const PORTS = 3;
const s = new Scanner();

/** The number in `[start, end)`, decimal or hexadecimal with `0x`; of several joined by commas the first. */
function numberIn(bytes: Uint8Array, start: number, end: number): number {
  s.set(bytes, start, end);
  if (bytes[start] === 0x30 && (bytes[start + 1]! | 0x20) === 0x78) {
    s.at += 2;
    return s.hex();
  }
  const negative = s.takeByte(0x2d);
  const value = s.uint();
  return negative ? -value : value;
}

/**
 * Collects a packet out of fields by Wireshark's names, whatever they are written in, in the packet's order. A segment
 * is complete when its protocol layer ends, or with the packet.
 */
export class PacketFields {
  private readonly writer = new OptionWriter();
  private packet!: PacketText;
  private facts: SegmentFacts | null = null;
  private marks: Marks | null = null;
  private bytes!: Uint8Array;
  private readonly source = new Addresses();
  private readonly destination = new Addresses();
  private ttl = 0;
  private ipId = 0;
  /** Of a routing header. */
  private segmentsLeft = 0;
  /** Ports that the segment has. */
  private ports = 0;
  private hasLength = false;
  private hasOptions = false;
  private checksum = -1;
  private status = -1;
  private headerBytes = -1;
  private mss = -1;
  private shift = -1;
  private tsValue = -1;
  private tsEcho = -1;
  private sackPermitted = false;
  /** Edges of SACK blocks: the left ones, the right ones. */
  private readonly edges: readonly [left: number[], right: number[]] = [[], []];
  /** Hosts of IP headers behind which is TCP, in order; whether all stood in front of the first TCP header. */
  private readonly hosts: Hosts[] = [];
  private isGrouped = false;
  /** The IP header that is read has TCP behind it. */
  private isTcpNext = false;
  /** Fields that stand beside each other, until all are there. */
  private readonly flat = new FlatFields();
  private isSingle = false;

  constructor(
    private readonly context: TextContext,
    /** Numbers are those of fields like `tcp.seq_raw`, else relative ones. */
    private readonly raw: boolean,
    /** Names of fields that are told wherever a packet has them: what is not told of them is not there. */
    private readonly told: ReadonlySet<string> = new Set(),
  ) {}

  /** @param isSingle the packet has one segment at most, so that fields beside each other are its own */
  begin(packet: PacketText, bytes: Uint8Array, marks: Marks | null, isSingle = false): void {
    this.isSingle = isSingle;
    this.packet = packet;
    this.bytes = bytes;
    this.marks = marks;
    this.facts = null;
    this.source.reset();
    this.destination.reset();
    this.flat.reset();
    this.ttl = this.ipId = this.segmentsLeft = 0;
    this.hosts.length = 0;
    this.isGrouped = this.isTcpNext = false;
  }

  /** A TCP header begins: addresses seen last are its own. */
  beginSegment(): void {
    this.endSegment();
    const facts = this.packet.addSegment();
    this.facts = facts;
    if (this.packet.segmentCount === 1) this.isGrouped = this.hosts.length > 1;
    facts.absent = NO_SEQ | NO_ACK | NO_FLAGS | NO_WINDOW;
    this.ports = 0;
    this.hasLength = this.hasOptions = this.sackPermitted = false;
    this.checksum = this.status = this.headerBytes = this.mss = this.shift = this.tsValue = this.tsEcho = -1;
    for (const edges of this.edges) edges.length = 0;
  }

  /**
   * A field with the text of its value.
   * @param isFlat fields stand beside each other, not in layers: there may be several values, and the order tells nothing
   */
  take(name: string, start: number, end: number, isFlat = false): void {
    if (end <= start) return;
    const { bytes } = this;
    const mark = MARKED[name];
    if (mark !== undefined) this.marks?.mark(mark, start, end);
    const isLater = isFlat && !this.isSingle;
    if (isLater) this.flat.add(name, start, end);
    if (name.startsWith('tcp.')) {
      if (isLater) return;
      if (this.facts === null) this.beginSegment();
      this.takeTcp(this.facts!, name, start, end);
      return;
    }
    switch (name) {
      case 'frame.len':
        this.packet.wireBytes = Math.max(0, numberIn(bytes, start, end));
        break;
      case 'ip.src':
      case 'ipv6.src':
        this.source.take(bytes, start, end, name === 'ipv6.src', isFlat);
        break;
      case 'ip.dst':
      case 'ipv6.dst':
        this.destination.take(bytes, start, end, name === 'ipv6.dst', isFlat);
        if (this.isTcpNext) this.hosts.push([this.source.span, this.destination.span]);
        break;
      case 'ip.proto':
      case 'ipv6.nxt':
        this.isTcpNext = !isFlat && numberIn(bytes, start, end) === IP_PROTOCOL_TCP;
        break;
      case 'ipv6.opt.mipv6.home_address':
        // By which the connection is known (RFC 6275 §6.3).
        this.source.take(bytes, start, end, true, false);
        break;
      case 'ipv6.routing.segleft':
        this.segmentsLeft = numberIn(bytes, start, end);
        break;
      case 'ipv6.routing.src.addr':
      case 'ipv6.routing.mipv6.home_address':
        // While segments are left, the last address is the one that checksums count (RFC 8200 §4.4).
        if (this.segmentsLeft > 0) this.destination.take(bytes, start, end, true, false);
        break;
      case 'ipv6.routing.srh.addr':
        // Of segment routing the first (RFC 8754 §2).
        if (this.segmentsLeft > 0) this.destination.take(bytes, start, end, true, false);
        this.segmentsLeft = 0;
        break;
      case '_ws.col.Source':
        this.takeColumn(this.source, ['ip.src', 'ipv6.src'], start, end);
        break;
      case '_ws.col.Destination':
        this.takeColumn(this.destination, ['ip.dst', 'ipv6.dst'], start, end);
        break;
      case 'ip.ttl':
      case 'ipv6.hlim':
        this.ttl = Math.max(0, numberIn(bytes, lastOf(bytes, start, end), end));
        break;
      case 'ip.id':
        this.ipId = Math.max(0, numberIn(bytes, lastOf(bytes, start, end), end));
        break;
    }
  }

  /**
   * An address of Wireshark's list. Beside the fields of one IP header it is the one by which the connection is known: of
   * a routing header, a mobile node. Of several headers it may be that of a packet in the payload.
   */
  private takeColumn(addresses: Addresses, fields: readonly string[], start: number, end: number): void {
    if (!fields.some((name) => this.told.has(name))) addresses.take(this.bytes, start, end, false, true);
    else if (isAddress(this.bytes, start, end)) addresses.column = [start, end];
  }

  private takeTcp(facts: SegmentFacts, name: string, start: number, end: number): void {
    const { bytes } = this;
    const flag = FLAG_FIELDS[name];
    if (flag !== undefined) {
      facts.absent &= ~NO_FLAGS;
      if (bytes[start] === 0x31 || bytes[start] === 0x54 || bytes[start] === 0x74) facts.flags |= flag;
      return;
    }
    const value = (): number => numberIn(bytes, start, end);
    switch (name) {
      case 'tcp.srcport':
        facts.sourcePort = Math.max(0, value()) & 0xffff;
        this.ports |= 1;
        break;
      case 'tcp.dstport':
        facts.destinationPort = Math.max(0, value()) & 0xffff;
        this.ports |= 2;
        break;
      case 'tcp.seq_raw':
        facts.seq = value() | 0;
        facts.absent &= ~NO_SEQ;
        break;
      case 'tcp.ack_raw':
        facts.ack = value() | 0;
        facts.absent &= ~NO_ACK;
        break;
      case 'tcp.seq':
        if (this.raw) break;
        facts.seq = value() | 0;
        facts.absent &= ~NO_SEQ;
        break;
      case 'tcp.ack':
        if (this.raw) break;
        facts.ack = value() | 0;
        facts.absent &= ~NO_ACK;
        break;
      case 'tcp.flags':
        facts.flags = Math.max(0, value()) & 0xfff;
        facts.absent &= ~NO_FLAGS;
        break;
      case 'tcp.flags.ace':
        facts.flags = (facts.flags & ~ACE) | flagsOfAce(value());
        facts.absent &= ~NO_FLAGS;
        break;
      case 'tcp.flags.str':
        facts.flags = flagLetters(bytes, start, end);
        facts.absent &= ~NO_FLAGS;
        break;
      case 'tcp.window_size_value':
        facts.window = Math.max(0, value());
        facts.absent &= ~NO_WINDOW;
        facts.windowIsScaled = false;
        break;
      case 'tcp.window_size':
        if (facts.absent & NO_WINDOW) {
          facts.window = Math.max(0, value());
          facts.absent &= ~NO_WINDOW;
          facts.windowIsScaled = true;
        }
        break;
      case 'tcp.urgent_pointer':
        facts.urgentPointer = Math.max(0, value()) & 0xffff;
        break;
      case 'tcp.len':
        facts.payloadBytes = Math.max(0, value());
        this.hasLength = true;
        break;
      case 'tcp.hdr_len':
        this.headerBytes = value();
        break;
      case 'tcp.checksum':
        this.checksum = value();
        break;
      case 'tcp.checksum.status':
        this.status = statusIn(bytes, start, end);
        break;
      case 'tcp.options':
        this.takeOptions(facts, start, end);
        break;
      case 'tcp.options.mss_val':
        this.mss = value();
        break;
      case 'tcp.options.wscale.shift':
        this.shift = value();
        break;
      case 'tcp.options.timestamp.tsval':
        this.tsValue = value();
        break;
      case 'tcp.options.timestamp.tsecr':
        this.tsEcho = value();
        break;
      case 'tcp.options.sack_perm':
        this.sackPermitted = true;
        break;
      case 'tcp.options.sack_le':
      case 'tcp.options.sack_re':
        for (const [from, to] of valuesIn(bytes, start, end))
          this.edges[name === 'tcp.options.sack_le' ? 0 : 1].push(numberIn(bytes, from, to));
        break;
    }
  }

  /** `02:04:05:b4` or `020405b4`. */
  private takeOptions(facts: SegmentFacts, start: number, end: number): void {
    const options: number[] = [];
    for (let at = start; at < end && options.length < 40;) {
      const high = hexDigit(this.bytes[at]!);
      const low = at + 1 < end ? hexDigit(this.bytes[at + 1]!) : -1;
      if (high < 0 || low < 0) {
        at++;
        continue;
      }
      options.push(high * 16 + low);
      at += 2;
    }
    this.writer.begin(facts);
    writeOptionBytes(this.writer, options, 0, options.length);
    this.writer.end();
    this.hasOptions = options.length > 0;
  }

  /** The TCP header is over. A segment without ports is none. */
  endSegment(): void {
    const { facts } = this;
    if (facts === null) return;
    this.facts = null;
    // Of a header that an ICMP error quotes there is no length.
    const { source, destination } = this;
    const isInner = source.count > 1;
    const isQuoted = isInner && !this.hasLength && this.told.has('tcp.len');
    if (this.ports !== PORTS || isQuoted) {
      this.packet.segmentCount--;
      return;
    }
    if (!this.hasOptions) this.takeSeparateOptions(facts);
    else if (this.headerBytes > facts.headerBytes) facts.defects |= OPTIONS_CUT;
    const { bytes } = this;
    for (const addresses of [source, destination])
      if (addresses.count === 1 && addresses.column !== null) addresses.use(...addresses.column);
    const hosts = this.isGrouped ? this.hosts[this.packet.segmentCount - 1] : undefined;
    if (hosts !== undefined) {
      source.use(...hosts[0]);
      destination.use(...hosts[1]);
    } else if (isInner && this.isOuter(facts)) {
      source.useFirst();
      destination.useFirst();
    }
    takeHosts(this.context.addresses, facts, bytes, source.start, source.end, destination.start, destination.end);
    facts.ttl = this.ttl & 0xff;
    facts.ipId = this.ipId & 0xffff;
    if (!this.hasLength) facts.defects |= LENGTH_UNKNOWN;
    if (facts.absent & NO_FLAGS) {
      facts.absent |= NO_SEQ | NO_ACK | NO_WINDOW;
      facts.defects |= OPTIONS_CUT | (this.hasLength ? 0 : HEADER_CUT);
    } else if (!(facts.flags & ACK)) facts.absent |= this.raw ? 0 : NO_ACK;
    if (facts.flags & URG && facts.urgentPointer === 0) facts.absent |= NO_URGENT;
    if (this.status === GOOD) facts.checksum = GOOD;
    else if (this.status === BAD) {
      if (this.checksum >= 0) takeChecksum(facts, this.checksum, false, this.context.addresses);
      else facts.checksum = BAD;
    }
  }

  /**
   * Of several IP headers TCP's is the first: beside it, the TCP header and the payload the frame has no room for another
   * one, which is then in the payload. Not told where the length of the TCP header is not known.
   */
  private isOuter(facts: SegmentFacts): boolean {
    const isKnown = this.hasOptions || this.headerBytes > 0 || this.told.has('tcp.options');
    const { wireBytes } = this.packet;
    if (!isKnown || !this.hasLength || wireBytes <= SHORTEST_FRAME) return false;
    const header = Math.max(facts.headerBytes, this.headerBytes);
    const room = wireBytes - facts.payloadBytes - header - IP_HEADER_BYTES;
    return room >= 0 && room < IP_HEADER_BYTES;
  }

  private takeSeparateOptions(facts: SegmentFacts): void {
    const { writer } = this;
    writer.begin(facts);
    if (this.mss >= 0) writer.mss(this.mss);
    if (this.sackPermitted) writer.sackPermitted();
    if (this.tsValue >= 0) writer.timestamps(this.tsValue, Math.max(0, this.tsEcho));
    if (this.shift >= 0) writer.windowScale(this.shift);
    const [left, right] = this.edges;
    if (right.length > 0) writer.sack(left.slice(0, right.length).flatMap((edge, i) => [edge, right[i]!]));
    writer.end();
    // A header longer than what is known of it has more.
    if (this.told.has('tcp.options')) return;
    if (this.headerBytes > facts.headerBytes || this.headerBytes < 0) {
      if (this.headerBytes > 0 || facts.flags & SYN)
        facts.defects |= this.mss >= 0 || this.shift >= 0 ? 0 : OPTIONS_CUT;
    }
  }

  end(): void {
    this.takeFlat();
    this.endSegment();
  }

  /** What stands beside each other: one segment, or as many as there are ports, with the innermost addresses. */
  private takeFlat(): void {
    const { flat, bytes } = this;
    if (flat.isEmpty) return;
    const count = flat.values(bytes, 'tcp.srcport').length;
    if (count <= 1) {
      flat.forEach((name, start, end) => {
        if (!name.startsWith('tcp.')) return;
        if (this.facts === null) this.beginSegment();
        this.takeTcp(this.facts!, name, start, end);
      });
      return;
    }
    for (let segment = 0; segment < count; segment++) {
      this.beginSegment();
      const facts = this.facts!;
      for (const name of flat.names()) {
        if (!name.startsWith('tcp.')) continue;
        const values = flat.values(bytes, name);
        // Whose options they are is not told where not each segment has some.
        if (values.length !== count && name.startsWith('tcp.options')) facts.defects |= OPTIONS_CUT;
        else if (segment < values.length) this.takeTcp(facts, name, ...values[segment]!);
      }
      for (const [addresses, names] of [
        [this.source, ['ip.src', 'ipv6.src']],
        [this.destination, ['ip.dst', 'ipv6.dst']],
      ] as const) {
        const spans = names.map((name) => flat.values(bytes, name)).find((values) => values.length >= count);
        if (spans !== undefined) addresses.use(...spans[spans.length - count + segment]!);
      }
      this.endSegment();
    }
  }
}

/** Fields of a packet in the order in which they stand, each perhaps with several values. */
class FlatFields {
  private readonly fields: { name: string; start: number; end: number }[] = [];
  private length = 0;

  reset(): void {
    this.length = 0;
  }

  get isEmpty(): boolean {
    return this.length === 0;
  }

  add(name: string, start: number, end: number): void {
    const field = this.fields[this.length];
    if (field === undefined) this.fields.push({ name, start, end });
    else [field.name, field.start, field.end] = [name, start, end];
    this.length++;
  }

  forEach(take: (name: string, start: number, end: number) => void): void {
    for (let i = 0; i < this.length; i++) {
      const { name, start, end } = this.fields[i]!;
      take(name, start, end);
    }
  }

  names(): ReadonlySet<string> {
    return new Set(this.fields.slice(0, this.length).map(({ name }) => name));
  }

  values(bytes: Uint8Array, name: string): Span[] {
    const values: Span[] = [];
    this.forEach((one, start, end) => {
      if (one === name) values.push(...valuesIn(bytes, start, end));
    });
    return values;
  }
}

type Hosts = readonly [source: Span, destination: Span];
type Span = readonly [start: number, end: number];

/** Whether a field has several values. */
export function hasSeveral(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isValueByte(bytes[at]!)) return true;
  return false;
}

/** Of a field with several values where each is. */
function valuesIn(bytes: Uint8Array, start: number, end: number): Span[] {
  const values: Span[] = [];
  for (let at = start; at < end; at++) {
    const from = at;
    while (at < end && isValueByte(bytes[at]!)) at++;
    if (at > from) values.push([from, at]);
  }
  return values;
}

const IP_PROTOCOL_TCP = 6;
/** An IPv4 header without options (RFC 791 §3.1), and an Ethernet frame that may be padded, without its checksum. */
const IP_HEADER_BYTES = 20;
const SHORTEST_FRAME = 60;

/** Where the addresses of one end are: of several headers the first, which is the outermost, and the last. */
class Addresses {
  start = 0;
  end = 0;
  /** How many there are. */
  count = 0;
  private firstStart = 0;
  private firstEnd = 0;
  private isV6 = false;
  /** That of a column, which may be another one. */
  column: Span | null = null;

  reset(): void {
    this.column = null;
    this.count = this.start = this.end = this.firstStart = this.firstEnd = 0;
    this.isV6 = false;
  }

  take(bytes: Uint8Array, start: number, end: number, isV6: boolean, isFlat: boolean): void {
    const isFurther = isFlat && this.count > 0;
    const last = lastOf(bytes, start, end);
    this.count = (isFurther ? this.count : 0) + (last > start ? 2 : 1);
    // Which of two versions is inside, fields beside each other do not tell: IPv6 in IPv4 is the usual one.
    const isAround = isFurther && this.isV6 && !isV6;
    if (!isFurther || isAround) {
      this.firstStart = start;
      this.firstEnd = firstEnd(bytes, start, end);
    }
    if (isAround) return;
    this.start = last;
    this.end = end;
    this.isV6 = isV6;
  }

  get span(): Span {
    return [this.start, this.end];
  }

  use(start: number, end: number): void {
    this.start = start;
    this.end = end;
  }

  useFirst(): void {
    this.start = this.firstStart;
    this.end = this.firstEnd;
  }
}

/** What addresses, names of hosts and numbers are made of; anything else joins several values (`-E aggregator`). */
const isValueByte = (c: number): boolean =>
  isDigit(c) || (c >= 0x2d && c <= 0x2e) || c === 0x3a || c === 0x5f || c === 0x25 || isLetter(c) || c >= 0x80;

/** Digits, and colons or dots: a name has other letters, or none of these. */
function isAddress(bytes: Uint8Array, start: number, end: number): boolean {
  let marks = 0;
  for (let at = start; at < end; at++) {
    if (bytes[at] === 0x3a || bytes[at] === 0x2e) marks++;
    else if (hexDigit(bytes[at]!) < 0) return false;
  }
  return marks > 1;
}

/** End of the first of several values. */
function firstEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) if (!isValueByte(bytes[at]!)) return at;
  return end;
}

/** Of several values (headers in tunnels) the last, which is the innermost. */
function lastOf(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at >= start; at--) if (!isValueByte(bytes[at]!)) return at + 1;
  return start;
}

/**
 * Flags by their places in `·······AP···`: three reserved bits, then AE to FIN. Behind an AccECN handshake the first three
 * of these are a counter: `···-5-·A····`.
 */
function flagLetters(bytes: Uint8Array, start: number, end: number): number {
  let flags = 0;
  let place = 0;
  for (let at = start; at < end; at++) {
    const c = bytes[at]!;
    // Of a dot outside of ASCII the further bytes are none of their own.
    if ((c & 0xc0) === 0x80) continue;
    if (isLetter(c) && place >= 3) flags |= LETTER_FLAGS[place - 3] ?? 0;
    else if (isDigit(c) && place === 4) flags |= flagsOfAce(c - 0x30);
    place++;
  }
  return flags;
}

const LETTER_FLAGS = [AE, CWR, ECE, URG, ACK, PSH, RST, SYN, FIN];

/** `1`/`Good`, `0`/`Bad`, `2`/`Unverified`; -1 for the last. */
function statusIn(bytes: Uint8Array, start: number, end: number): number {
  const c = bytes[lastOf(bytes, start, end)]! | 0x20;
  return c === 0x31 || c === 0x67 ? GOOD : c === 0x30 || c === 0x62 ? BAD : -1;
}
