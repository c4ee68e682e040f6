import { LENGTH_UNKNOWN, NAME, NO_ACK, NO_SEQ, NO_WINDOW, OPTIONS_CUT, type SegmentFacts } from '../model/facts';
import { ACK, CWR, ECE, FIN, PSH, RST, SYN, URG } from '../model/flags';
import { STATES } from '../model/states';
import {
  BEGINS,
  type Dialect,
  type NumberStyle,
  OTHER,
  type PacketText,
  type TextContext,
  type TextFormat,
} from './format';
import { linesOf } from './lines';
import type { Marks } from './marks';
import { ascii, find, isDigit, Scanner, slice, SPACE, startsWith } from './scan';
import type { TimeMeaning } from './times';

/**
 * Figures as RFC 793 and RFC 9293 (§3.5, §3.6) draw connections: peer A on the left, peer B on the right, a segment in
 * angle brackets between arrows, a state at either end. `...` in place of an arrow is a segment under way.
 */
export const rfcFigure: TextFormat = {
  id: 'rfc-figure',
  name: 'RFC figure',
  sniff(head) {
    let claimed = 0;
    for (const { start, end } of linesOf(head)) if (segmentAt(head.bytes, start, end) >= 0) claimed += end - start;
    return claimed;
  },
  open: (_, context) => new FigureDialect(context),
};

const SEQ = ascii('<SEQ=');
const RIGHT = ascii('-->');
const LEFT = ascii('<--');
const UNDER_WAY = ascii('...');

const A = 'A';
const B = 'B';
/** Each figure is a connection of its own. */
const FIRST_PORT = 1000;
const B_PORT = 80;

/** Where the segment of a line begins, -1 where it has none. There is an arrow on at least one side. */
function segmentAt(bytes: Uint8Array, start: number, end: number): number {
  const at = find(bytes, start, end, SEQ);
  if (at < 0) return -1;
  return arrowBefore(bytes, start, at) !== null || arrowBehind(bytes, at, end) !== null ? at : -1;
}

type Arrow = 'right' | 'left' | 'under-way';

interface Found {
  readonly arrow: Arrow;
  readonly start: number;
  readonly end: number;
}

function arrowIn(bytes: Uint8Array, at: number, end: number): Arrow | null {
  if (startsWith(bytes, at, end, RIGHT)) return 'right';
  if (startsWith(bytes, at, end, LEFT)) return 'left';
  return startsWith(bytes, at, end, UNDER_WAY) ? 'under-way' : null;
}

/** The arrow directly before the segment. */
function arrowBefore(bytes: Uint8Array, start: number, segment: number): Found | null {
  let end = segment;
  while (end > start && bytes[end - 1] === SPACE) end--;
  if (end - 3 < start) return null;
  const arrow = arrowIn(bytes, end - 3, end);
  return arrow === null ? null : { arrow, start: end - 3, end };
}

/** The arrow directly behind the segment's last bracket. */
function arrowBehind(bytes: Uint8Array, segment: number, end: number): Found | null {
  let at = segment;
  while (at < end && bytes[at] === 0x3c && !startsWith(bytes, at, end, LEFT)) {
    while (at < end && bytes[at] !== 0x3e) at++;
    at++;
  }
  while (at < end && bytes[at] === SPACE) at++;
  const arrow = at < end ? arrowIn(bytes, at, end) : null;
  return arrow === null ? null : { arrow, start: at, end: at + 3 };
}

const FLAGS: Readonly<Record<string, number>> = { FIN, SYN, RST, PSH, ACK, URG, ECE, CWR };

const scanner = new Scanner();

class FigureDialect implements Dialect {
  readonly description = 'RFC figure';
  readonly times: TimeMeaning = 'none';
  readonly numbers: NumberStyle = 'raw';
  private readonly a: number;
  private readonly b: number;
  private figure = 0;
  /** Segments of the figure so far. */
  private segments = 0;
  /** Segments under way, by what stands in their brackets, to A and to B. */
  private toA: string[] = [];
  private toB: string[] = [];
  /** Numbers that letters stand for. */
  private readonly symbols = new Map<string, number>();

  constructor(context: TextContext) {
    this.a = context.addresses.intern(A);
    this.b = context.addresses.intern(B);
  }

  line(bytes: Uint8Array, start: number, end: number): number {
    if (segmentAt(bytes, start, end) >= 0) return BEGINS;
    return isFirstStep(bytes, start, end) ? BEGINS : OTHER;
  }

  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    const at = segmentAt(bytes, start, end);
    packet.isPacket = false;
    if (at < 0) return;
    const before = arrowBefore(bytes, start, at);
    const behind = arrowBehind(bytes, at, end);
    const toRight = before?.arrow === 'right' || behind?.arrow === 'right';
    packet.isPacket = true;
    const facts = packet.addSegment();
    facts.family = NAME;
    facts.source = toRight ? this.a : this.b;
    facts.destination = toRight ? this.b : this.a;
    this.takeFields(bytes, at, behind?.start ?? end, facts, marks);
    const left = stateIn(bytes, start, before?.start ?? at);
    const right = stateIn(bytes, behind?.end ?? end, end);
    if (left !== null) {
      marks?.mark('state', left.start, left.end);
      packet.states.push({ host: A, state: left.state });
    }
    if (right !== null) {
      marks?.mark('state', right.start, right.end);
      packet.states.push({ host: B, state: right.state });
    }
    // What is on its way: it has left, or it arrives.
    const departs = (toRight ? before : behind)?.arrow !== 'under-way' && (toRight ? before : behind) !== null;
    const arrives = (toRight ? behind : before)?.arrow !== 'under-way';
    this.way = { key: slice(bytes, at, Math.min(behind?.start ?? end, at + 80)).trim(), toRight, departs, arrives };
  }

  private way = { key: '', toRight: true, departs: true, arrives: true };

  /** `<SEQ=101><ACK=301><CTL=SYN,ACK><DATA=10>`. */
  private takeFields(bytes: Uint8Array, start: number, end: number, facts: SegmentFacts, marks: Marks | null): void {
    facts.absent = NO_SEQ | NO_ACK | NO_WINDOW;
    facts.defects |= OPTIONS_CUT;
    const s = scanner.set(bytes, start, end);
    while (s.takeByte(0x3c)) {
      const nameAt = s.at;
      while (!s.atEnd && s.next !== 0x3d && s.next !== 0x3e) s.at++;
      const name = slice(bytes, nameAt, Math.min(s.at, nameAt + 8));
      const hasValue = s.takeByte(0x3d);
      const valueAt = s.at;
      while (!s.atEnd && s.next !== 0x3e) s.at++;
      const value = slice(bytes, valueAt, Math.min(s.at, valueAt + 64));
      switch (name) {
        case 'SEQ':
          facts.seq = this.number(value);
          facts.absent &= ~NO_SEQ;
          marks?.mark('tcp.seq', valueAt, s.at);
          break;
        case 'ACK':
          facts.ack = this.number(value);
          facts.absent &= ~NO_ACK;
          marks?.mark('tcp.ack', valueAt, s.at);
          break;
        case 'WND':
        case 'WIN':
          facts.window = this.number(value) & 0xffff;
          facts.absent &= ~NO_WINDOW;
          marks?.mark('tcp.window_size_value', valueAt, s.at);
          break;
        case 'CTL':
          for (const flag of value.split(',')) facts.flags |= FLAGS[flag.trim()] ?? 0;
          marks?.mark('tcp.flags', valueAt, s.at);
          break;
        case 'DATA':
          if (hasValue) facts.payloadBytes = Math.max(0, this.number(value));
          else facts.defects |= LENGTH_UNKNOWN;
          marks?.mark('tcp.len', nameAt, s.at);
          break;
      }
      s.takeByte(0x3e);
    }
  }

  /** A number, or a letter with or without something added: each letter stands for one number. */
  private number(text: string): number {
    if (isDigit(text.charCodeAt(0))) return Number.parseInt(text, 10) | 0;
    const plus = text.indexOf('+');
    const name = (plus < 0 ? text : text.slice(0, plus)).trim();
    let base = this.symbols.get(name);
    if (base === undefined) this.symbols.set(name, (base = 1000 * (this.symbols.size + 1)));
    return (base + (plus < 0 ? 0 : Number.parseInt(text.slice(plus + 1), 10) || 0)) | 0;
  }

  follow(packet: PacketText): void {
    if (!packet.isPacket) {
      // The first step of another figure.
      this.figure++;
      this.segments = 0;
      this.toA = [];
      this.toB = [];
      return;
    }
    const { key, toRight, departs, arrives } = this.way;
    const pending = toRight ? this.toB : this.toA;
    if (!departs) {
      const index = pending.indexOf(key);
      if (index >= 0) pending.splice(index, 1);
      // It has been told when it left. One that nobody sent is old, and counts where nothing else has been sent.
      if (index >= 0 || this.segments > 0) {
        packet.isPacket = false;
        packet.states.length = 0;
        return;
      }
    }
    this.segments++;
    const facts = packet.segments[0]!;
    facts.sourcePort = toRight ? FIRST_PORT + this.figure : B_PORT;
    facts.destinationPort = toRight ? B_PORT : FIRST_PORT + this.figure;
    // Who has not got all that is on its way to it is elsewhere than an observer takes it for.
    const isSure = (host: string): boolean =>
      host === A
        ? this.toA.length === 0 && (toRight || arrives) && (departs || !toRight)
        : this.toB.length === 0 && (!toRight || arrives) && (departs || toRight);
    const sure = packet.states.filter(({ host }) => isSure(host));
    packet.states.length = 0;
    packet.states.push(...sure);
    if (!arrives && pending.length < 64) pending.push(key);
  }
}

/** `1.  CLOSED                     LISTEN`: a figure begins. */
function isFirstStep(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && bytes[at] === SPACE) at++;
  return bytes[at] === 0x31 && bytes[at + 1] === 0x2e && bytes[at + 2] === SPACE && at + 2 < end;
}

/** The state that a piece of a line names: the only one, whatever stands beside it. */
function stateIn(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly state: string; readonly start: number; readonly end: number } | null {
  for (let at = start; at < Math.min(end, start + 200); at++) {
    if (bytes[at]! < 0x41 || bytes[at]! > 0x5a) continue;
    let to = at;
    while (to < end && ((bytes[to]! >= 0x41 && bytes[to]! <= 0x5a) || bytes[to] === 0x2d || isDigit(bytes[to]!))) to++;
    const word = slice(bytes, at, Math.min(to, at + 20));
    if ((STATES as readonly string[]).includes(word) && bytes[at - 1] !== 0x28)
      return { state: word, start: at, end: to };
    at = to;
  }
  return null;
}
