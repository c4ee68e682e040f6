import type { AddressTable } from '../model/addresses';
import {
  HAS_SACK,
  LENGTH_UNKNOWN,
  NAME,
  NO_ACK,
  NO_SEQ,
  NO_URGENT,
  NO_WINDOW,
  OPTIONS_CUT,
  type SegmentFacts,
} from '../model/facts';
import { ACK, flagsOfAce, SYN, URG } from '../model/flags';
import { message } from '../model/message';
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
import { linesOf } from './lines';
import type { Marks } from './marks';
import { OptionWriter } from './options';
import { ascii, find, isBlank, isDigit, isSpace, Scanner, slice, startsWith } from './scan';
import { takeAssertions } from './packetdrill-assertions';
import {
  CODE,
  ELLIPSIS,
  endOfString,
  type EventTime,
  Event,
  eventIn,
  flagOf,
  isWordByte,
  Lexer,
  lineEnd,
  oneLine,
  takeEventTime,
  takeRest,
} from './packetdrill-statements';
import { takeOptions } from './tcpdump-options';
import type { TimeMeaning } from './times';

/**
 * Scripts of packetdrill: what is sent to a TCP (`<`), what it must send (`>`), and the system calls of the application
 * between them, each with its time. FreeBSD's suites go through the C preprocessor first, whose lines are obeyed.
 */
export const packetdrill: TextFormat = {
  id: 'packetdrill',
  name: 'packetdrill script',
  isWritten: true,
  sniff(head) {
    let claimed = 0;
    let isSure = false;
    const lexer = new Lexer();
    for (const { start, end } of linesOf(head)) {
      const event = lexer.line(head.bytes, start, end) ? eventIn(head.bytes, start, end) : Event.NONE;
      if (event !== Event.NONE) claimed += end - start;
      isSure ||= event === Event.SURE;
    }
    return isSure ? claimed : 0;
  },
  open: (_, context) => new ScriptDialect(context),
};

const CODE_END = ascii('}%');
const COMMENT = ascii('//');

/** The endpoints have no addresses in a script: the TCP under test, and what packetdrill plays. */
const LOCAL = 'local';
const REMOTE = 'remote';
/** Where a server listens, as packetdrill has it by default; clients count up from the other. */
const SERVER_PORT = 8080;
const FIRST_CLIENT_PORT = 40000;

const PREFIXES = ['ipv4', 'ipv6', 'gre', 'GREv0', 'mpls'].map(ascii);
const ENCAP = ascii('encap');
const UDP = ascii('udp');
const SCTP = ascii('sctp');
const ICMP = ascii('icmp');
const ACK_WORD = ascii('ack');
const WIN_WORD = ascii('win');
const URG_WORD = ascii('urg');
const UDP_SUFFIX = ascii('/udp(');
const SOCKET = ascii('sock(');
const ADDRESS = ascii('addr[');
const NO_CHECK = ascii('nocheck');
const COLON_SPACE = ascii(': ');

const scanner = new Scanner();

class ScriptDialect implements Dialect {
  readonly description = 'packetdrill script';
  readonly times: TimeMeaning = 'elapsed';
  readonly numbers: NumberStyle = 'relative';
  private readonly lexer = new Lexer();
  private readonly writer = new OptionWriter();
  private readonly addresses: AddressTable;
  private readonly local: number;
  private readonly remote: number;
  /** Preprocessor conditions that are open, outermost first: whether their lines count. */
  private readonly conditions: boolean[] = [];
  /** Connections so far, and what the next SYN of each side would open. */
  private connections = 0;
  private isPassive = false;
  private armed = true;
  /** Numbers of the last SYN of the end under test and of the other, by their addresses. */
  private readonly isns = new Map<number, Int32Array>();
  /** Which way the packet goes that was read last, and the addresses that it names. */
  private isInbound = false;
  private readonly named: { local: number | null; remote: number | null } = { local: null, remote: null };
  /** Addresses of the last SYN. */
  private subflow: { readonly local: number; readonly remote: number };

  constructor(context: TextContext) {
    this.addresses = context.addresses;
    this.local = this.addresses.intern(LOCAL);
    this.remote = this.addresses.intern(REMOTE);
    this.subflow = { local: this.local, remote: this.remote };
  }

  line(bytes: Uint8Array, start: number, end: number, after: boolean): number {
    const begins = this.lexer.line(bytes, start, end);
    if (begins) {
      let at = start;
      while (at < end && isBlank(bytes[at]!)) at++;
      if (bytes[at] === 0x23) {
        this.condition(slice(bytes, at, Math.min(end, at + 200)));
        return OTHER;
      }
      return this.conditions.every(Boolean) ? BEGINS : OTHER;
    }
    if (!this.conditions.every(Boolean)) return OTHER;
    return after && this.lexer.saw ? CONTINUES : OTHER;
  }

  /** `#ifdef FreeBSD`: the dialect whose suites have such lines. Of alternatives for others none counts. */
  private condition(directive: string): void {
    const [name, what] = directive.slice(1).trim().split(' ');
    if (name === 'ifdef' || name === 'ifndef' || name === 'if')
      this.conditions.push((what === 'FreeBSD') === (name !== 'ifndef'));
    else if (name === 'else') this.conditions.push(!(this.conditions.pop() ?? false));
    else if (name === 'endif') this.conditions.pop();
  }

  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    packet.isPacket = false;
    const s = scanner.set(bytes, start, end);
    this.skip(s);
    const from = s.at;
    if (s.next === 0x2d) {
      marks?.mark('keyword', from, lineEnd(bytes, from, end));
      return;
    }
    if (s.next !== 0x60 && s.next !== 0x25) {
      const time = takeEventTime(s);
      if (time === null) {
        this.unknown(packet, from);
        return;
      }
      marks?.mark('frame.time', from, s.at);
      packet.timed = true;
      packet.isDelta = time.isDelta;
      const seconds = time.seconds ?? 0;
      packet.time.seconds = Math.floor(seconds);
      packet.time.nanos = Math.round((seconds - Math.floor(seconds)) * 1e9);
      if (packet.time.nanos === 1e9) {
        packet.time.seconds++;
        packet.time.nanos = 0;
      }
      this.skip(s);
      const c = s.next;
      if (c === 0x3c || c === 0x3e) {
        this.takePacket(s, packet, marks);
        return;
      }
      if (c !== 0x60 && c !== 0x25) {
        this.takeCall(s, time, packet, marks);
        return;
      }
    }
    if (s.next === 0x60) this.takeQuoted(s, packet, marks);
    else this.takeCode(s, packet, marks);
  }

  /** White space and comments. */
  private skip(s: Scanner): void {
    for (;;) {
      s.skipSpaces();
      if (startsWith(s.bytes, s.at, s.end, COMMENT)) s.at = lineEnd(s.bytes, s.at, s.end);
      else if (s.next === 0x2f && s.bytes[s.at + 1] === 0x2a) {
        s.at += 2;
        while (!s.atEnd && !(s.bytes[s.at] === 0x2a && s.bytes[s.at + 1] === 0x2f)) s.at++;
        s.at = Math.min(s.at + 2, s.end);
      } else return;
    }
  }

  private unknown(packet: PacketText, at: number): void {
    packet.problem('unknown-syntax', 'warning', message('This is no statement that packetdrill scripts have'), at);
  }

  private takeQuoted(s: Scanner, packet: PacketText, marks: Marks | null): void {
    const from = s.at++;
    while (!s.atEnd && s.next !== 0x60) s.at += s.next === 0x5c ? 2 : 1;
    s.at = Math.min(s.at + 1, s.end);
    marks?.mark('code', from, s.at);
    packet.events.push({
      kind: 'command',
      text: oneLine(s.bytes, from, s.at),
      start: from,
      end: s.at,
      blocksFor: null,
    });
    this.rest(s, packet);
  }

  private takeCode(s: Scanner, packet: PacketText, marks: Marks | null): void {
    const from = s.at;
    if (!s.take(CODE)) {
      this.unknown(packet, from);
      return;
    }
    const close = find(s.bytes, s.at, s.end, CODE_END);
    const to = close < 0 ? s.end : close;
    marks?.mark('code', from, Math.min(to + 2, s.end));
    packet.events.push({ kind: 'code', text: oneLine(s.bytes, from, to), start: from, end: to, blocksFor: null });
    takeAssertions(s.bytes, s.at, to, packet);
    s.at = Math.min(to + 2, s.end);
    this.rest(s, packet);
  }

  /** Nothing may follow a statement. */
  private rest(s: Scanner, packet: PacketText): void {
    this.skip(s);
    if (!s.atEnd) this.unknown(packet, s.at);
  }

  /** `...0.010 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)`. */
  private takeCall(s: Scanner, time: EventTime, packet: PacketText, marks: Marks | null): void {
    const from = s.at;
    const until = takeRest(s);
    const nameAt = s.at;
    while (isWordByte(s.next)) s.at++;
    const name = slice(s.bytes, nameAt, Math.min(s.at, nameAt + 64));
    const nameEnd = s.at;
    this.skip(s);
    if (name === '' || s.next !== 0x28 || !this.skipParentheses(s)) {
      this.unknown(packet, nameAt);
      return;
    }
    this.skip(s);
    if (!s.takeByte(0x3d)) {
      this.unknown(packet, s.at);
      return;
    }
    this.skip(s);
    this.takeResult(s);
    marks?.mark('syscall', nameAt, nameEnd);
    const end = s.at;
    packet.events.push({
      kind: 'syscall',
      text: oneLine(s.bytes, nameAt, end),
      start: from,
      end,
      blocksFor: until < 0 ? null : Math.max(0, time.isDelta ? until : until - (time.seconds ?? 0)),
    });
    this.rest(s, packet);
  }

  /** A number, `...` or a name; an error's name; a remark in parentheses. */
  private takeResult(s: Scanner): void {
    if (!s.take(ELLIPSIS)) {
      s.takeByte(0x2d);
      while (isWordByte(s.next) || s.next === 0x2e) s.at++;
    }
    let from = s.at;
    this.skip(s);
    if (isWordByte(s.next) && !isDigit(s.next)) {
      while (isWordByte(s.next)) s.at++;
      from = s.at;
      this.skip(s);
    }
    if (s.next === 0x28) this.skipParentheses(s);
    else s.at = from;
  }

  /** From one parenthesis to the one that closes it, strings left out. */
  private skipParentheses(s: Scanner): boolean {
    let depth = 0;
    while (!s.atEnd) {
      const c = s.next;
      if (c === 0x22) s.at = endOfString(s.bytes, s.at, s.end);
      else if (c === 0x28) depth++;
      else if (c === 0x29 && --depth === 0) {
        s.at++;
        return true;
      } else if (startsWith(s.bytes, s.at, s.end, COMMENT)) {
        s.at = lineEnd(s.bytes, s.at, s.end);
        continue;
      }
      s.at++;
    }
    return false;
  }

  private takePacket(s: Scanner, packet: PacketText, marks: Marks | null): void {
    packet.isPacket = true;
    const isInbound = s.next === 0x3c;
    const from = s.at++;
    this.skip(s);
    for (;;) {
      if (s.next === 0x28 || s.next === 0x5b) {
        // (tos 0x10), [ect0], (ttl 64), [noecn, flowlabel 0x1]
        if (!s.seek(s.next === 0x28 ? 0x29 : 0x5d)) break;
        s.at++;
      } else if (PREFIXES.some((word) => startsWith(s.bytes, s.at, s.end, word))) {
        const colon = find(s.bytes, s.at, s.end, COLON_SPACE);
        if (colon < 0) break;
        s.at = colon + 1;
      } else if (startsWith(s.bytes, s.at, s.end, ENCAP)) {
        // encap psp spi 0x…
        for (let word = 0; word < 4; word++) {
          s.skipWord();
          s.skipSpaces();
        }
      } else break;
      this.skip(s);
    }
    if ([UDP, ICMP, SCTP].some((name) => startsWith(s.bytes, s.at, s.end, name))) {
      marks?.mark('protocol', s.at, s.at + 4);
      return;
    }
    const facts = packet.addSegment();
    facts.family = NAME;
    this.isInbound = isInbound;
    marks?.mark('ip.src', from, from + 1);
    this.takeHosts(s, marks);
    facts.source = (isInbound ? this.named.remote : this.named.local) ?? (isInbound ? this.remote : this.local);
    facts.destination = (isInbound ? this.named.local : this.named.remote) ?? (isInbound ? this.local : this.remote);
    facts.absent = NO_ACK | NO_WINDOW | NO_SEQ;
    this.takePorts(s, facts, marks);
    if (!this.takeFlags(s, facts, marks)) {
      this.unknown(packet, s.at);
      facts.defects |= LENGTH_UNKNOWN | OPTIONS_CUT;
      return;
    }
    this.takeNumbers(s, facts, packet, marks);
    if (facts.flags & URG && facts.urgentPointer === 0) facts.absent |= NO_URGENT;
  }

  /** `addr[caddr0] > addr[saddr1]`, either of them alone: variables that hold addresses, in the dialect for Multipath TCP. */
  private takeHosts(s: Scanner, marks: Marks | null): void {
    const { isInbound, named } = this;
    const source = this.takeHost(s, 'ip.src', marks);
    const before = s.at;
    this.skip(s);
    let destination: number | null = null;
    if (s.takeByte(0x3e)) {
      this.skip(s);
      destination = this.takeHost(s, 'ip.dst', marks);
    }
    if (destination === null) s.at = before;
    named.local = isInbound ? destination : source;
    named.remote = isInbound ? source : destination;
    this.skip(s);
  }

  private takeHost(s: Scanner, id: 'ip.src' | 'ip.dst', marks: Marks | null): number | null {
    if (!s.take(ADDRESS)) return null;
    const from = s.at;
    while (isWordByte(s.next)) s.at++;
    const name = slice(s.bytes, from, Math.min(s.at, from + 64));
    marks?.mark(id, from, s.at);
    if (s.seek(0x5d)) s.at++;
    return name === '' ? null : this.addresses.intern(name);
  }

  /** `8080 > 40000`. */
  private takePorts(s: Scanner, facts: SegmentFacts, marks: Marks | null): void {
    const from = s.at;
    const source = s.uint();
    if (source < 0) return;
    const sourceEnd = s.at;
    this.skip(s);
    const hasArrow = s.takeByte(0x3e);
    this.skip(s);
    const destinationAt = s.at;
    const destination = hasArrow ? s.uint() : -1;
    if (destination < 0) {
      s.at = from;
      return;
    }
    facts.sourcePort = source & 0xffff;
    facts.destinationPort = destination & 0xffff;
    marks?.mark('tcp.srcport', from, sourceEnd);
    marks?.mark('tcp.dstport', destinationAt, s.at);
    this.skip(s);
  }

  /** `S.`, `P.5` (ACK with 5 in the three bits of Accurate ECN), `-` for none. */
  private takeFlags(s: Scanner, facts: SegmentFacts, marks: Marks | null): boolean {
    const from = s.at;
    if (!s.takeByte(0x2d))
      for (let flag = flagOf(s.next); !s.atEnd && flag >= 0; flag = flagOf(s.next)) {
        facts.flags |= flag;
        s.at++;
        if (flag === ACK && isDigit(s.next)) facts.flags |= flagsOfAce(s.uint());
      }
    // The point of ACK may stand apart.
    const gap = s.at;
    this.skip(s);
    if (s.next === 0x2e && isSpace(s.bytes[s.at + 1] ?? 0)) {
      facts.flags |= ACK;
      s.at++;
    } else s.at = gap;
    if (s.at === from || !(s.atEnd || isSpace(s.next))) {
      s.at = from;
      return false;
    }
    marks?.mark('tcp.flags', from, s.at);
    return true;
  }

  /** `1:1001(1000) ack 1 win 257 urg 5 <nop,nop,TS val 1 ecr 2>`. */
  private takeNumbers(s: Scanner, facts: SegmentFacts, packet: PacketText, marks: Marks | null): void {
    this.skip(s);
    const seqAt = s.at;
    // FreeBSD's dialect has any number (`...`), and numbers as on the wire (`!`), which nothing here is relative to.
    const isAny = s.take(ELLIPSIS);
    const seq = isAny ? 0 : s.uint();
    const seqEnd = s.at;
    const next = s.takeByte(0x3a) ? s.uint() : -1;
    const nextEnd = s.at;
    this.skip(s);
    const length = s.takeByte(0x28) ? s.uint() : -1;
    if (seq < 0 || length < 0 || !s.takeByte(0x29)) {
      facts.defects |= LENGTH_UNKNOWN | OPTIONS_CUT;
      this.unknown(packet, seqAt);
      return;
    }
    const isRaw = s.takeByte(0x21);
    facts.seq = seq | 0;
    // Any number is that which a SYN's relative numbers count from.
    if (!isRaw && (!isAny || facts.flags & SYN)) facts.absent &= ~NO_SEQ;
    facts.payloadBytes = length;
    marks?.mark('tcp.seq', seqAt, seqEnd);
    if (next >= 0) marks?.mark('tcp.nxtseq', seqEnd + 1, nextEnd);
    for (;;) {
      this.skip(s);
      if (s.atEnd) return;
      const from = s.at;
      if (s.take(ACK_WORD)) {
        facts.ack = this.number(s, marks, 'tcp.ack') | 0;
        facts.absent &= ~NO_ACK;
      } else if (s.take(WIN_WORD)) {
        facts.window = this.number(s, marks, 'tcp.window_size_value') & 0xffff;
        facts.absent &= ~NO_WINDOW;
      } else if (s.take(URG_WORD)) facts.urgentPointer = this.number(s, marks, 'tcp.urgent_pointer') & 0xffff;
      else if (s.takeByte(0x3c)) {
        this.skip(s);
        this.takeOptions(s, facts, packet, marks);
        marks?.mark('tcp.options', from, s.at);
      } else if (s.take(UDP_SUFFIX)) {
        if (s.seek(0x29)) s.at++;
      } else if (s.take(SOCKET)) {
        // The socket that the segment is of, in a dialect for Multipath TCP.
        if (s.seek(0x29)) s.at++;
      } else if (s.next === 0x7b && s.seek(0x7d)) {
        // `{rep tcp data_off 0x0F}`: what a fuzzer does to the bytes.
        s.at++;
      } else {
        this.unknown(packet, from);
        return;
      }
    }
  }

  /** Behind `<`: options, with `...` or `nocheck` where there may be any. */
  private takeOptions(s: Scanner, facts: SegmentFacts, packet: PacketText, marks: Marks | null): void {
    this.skip(s);
    const from = s.at;
    if (!s.take(ELLIPSIS)) {
      takeOptions(s, 0x3e, this.writer.begin(facts), marks);
      this.writer.end();
      if (!(facts.defects & OPTIONS_CUT)) return;
    }
    facts.defects |= OPTIONS_CUT;
    const at = s.at;
    const isAny = at > from && startsWith(s.bytes, from, s.end, ELLIPSIS);
    if (!isAny && !startsWith(s.bytes, at, s.end, NO_CHECK)) this.unknown(packet, at);
    s.seek(0x3e);
    s.takeByte(0x3e);
  }

  private number(
    s: Scanner,
    marks: Marks | null,
    id: 'tcp.ack' | 'tcp.window_size_value' | 'tcp.urgent_pointer',
  ): number {
    this.skip(s);
    const from = s.at;
    const value = s.uint();
    marks?.mark(id, from, s.at);
    return Math.max(0, value);
  }

  /**
   * Ports tell connections apart, and a script has none: the calls before a SYN tell whether it opens another
   * connection, as they do for packetdrill.
   */
  follow(packet: PacketText): void {
    for (const { kind, text } of packet.events) {
      if (kind !== 'syscall') continue;
      if (text.startsWith('listen(')) {
        this.armed = true;
        this.isPassive = true;
      } else if (text.startsWith('connect(') || text.startsWith('socket(')) {
        this.armed = true;
        this.isPassive = false;
      }
    }
    if (packet.segmentCount === 0) return;
    const facts = packet.segments[0]!;
    const { isInbound } = this;
    this.chooseSubflow(facts);
    if ((facts.flags & (SYN | ACK)) === SYN && this.armed) {
      // A SYN from outside to a socket that connects is a simultaneous open.
      if (this.connections === 0 || isInbound === this.isPassive) this.connections++;
      if (isInbound) this.isPassive = true;
      this.armed = false;
    }
    this.countFromSyn(facts, isInbound ? 1 : 0);
    if (facts.sourcePort !== 0 || facts.destinationPort !== 0) return;
    const client = FIRST_CLIENT_PORT + Math.max(0, this.connections - 1);
    const isFromServer = isInbound !== this.isPassive;
    facts.sourcePort = isFromServer ? SERVER_PORT : client;
    facts.destinationPort = isFromServer ? client : SERVER_PORT;
  }

  /** What names no addresses is of the subflow that was opened last. */
  private chooseSubflow(facts: SegmentFacts): void {
    const { named, subflow, isInbound } = this;
    const local = named.local ?? subflow.local;
    const remote = named.remote ?? subflow.remote;
    facts.source = isInbound ? remote : local;
    facts.destination = isInbound ? local : remote;
    if ((facts.flags & (SYN | ACK)) === SYN) this.subflow = { local, remote };
  }

  /** Numbers of a SYN stand for themselves, all others count from that of the SYN of their direction. */
  private countFromSyn(facts: SegmentFacts, direction: 0 | 1): void {
    const pair = Math.min(facts.source, facts.destination) * 0x10_0000 + Math.max(facts.source, facts.destination);
    let isn = this.isns.get(pair);
    if (isn === undefined) this.isns.set(pair, (isn = new Int32Array(2)));
    if (facts.flags & SYN) {
      isn[direction] = facts.absent & NO_SEQ ? 0 : facts.seq;
      if (!(facts.flags & ACK)) isn[1 - direction] = 0;
      return;
    }
    facts.seq = (facts.seq + isn[direction]!) | 0;
    const other = isn[1 - direction]!;
    facts.ack = (facts.ack + other) | 0;
    if (facts.options & HAS_SACK)
      for (let edge = 0; edge < facts.sackBlocks * 2; edge++) facts.sack[edge] = (facts.sack[edge]! + other) | 0;
  }
}
