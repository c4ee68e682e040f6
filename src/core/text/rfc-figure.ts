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
import { ascii, isDigit, isLetter, Scanner, slice, SPACE, startsWith } from './scan';
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

const UNDER_WAY = ascii('...');
/** Characters of an arrow's shaft: `-->`, `==>`. */
const SHAFT = new Set([0x2d, 0x3d]);
/** `→` and `⟶`, `←` and `⟵`. */
const RIGHT = [Uint8Array.of(0xe2, 0x86, 0x92), Uint8Array.of(0xe2, 0x9f, 0xb6)];
const LEFT = [Uint8Array.of(0xe2, 0x86, 0x90), Uint8Array.of(0xe2, 0x9f, 0xb5)];

const A = 'A';
const B = 'B';
/** Each figure is a connection of its own. */
const FIRST_PORT = 1000;
const B_PORT = 80;

/** Where the segment of a line begins, -1 where it has none. There is an arrow on at least one side. */
function segmentAt(bytes: Uint8Array, start: number, end: number): number {
  const at = fieldAt(bytes, start, end);
  if (at < 0) return -1;
  return arrowBefore(bytes, start, at) !== null || arrowBehind(bytes, at, end) !== null ? at : -1;
}

/** Where `<SEQ=` stands, in whatever case and with blanks as people type it; -1 where it does not. */
function fieldAt(bytes: Uint8Array, start: number, end: number): number {
  for (let open = start; open < end; open++) {
    if (bytes[open] !== 0x3c) continue;
    const s = scanner.set(bytes, open + 1, end);
    s.skipSpaces();
    if (end - s.at < 4 || slice(bytes, s.at, s.at + 3).toUpperCase() !== 'SEQ') continue;
    s.at += 3;
    s.skipSpaces();
    if (s.next === 0x3d) return open;
  }
  return -1;
}

type Arrow = 'right' | 'left' | 'under-way';

interface Found {
  readonly arrow: Arrow;
  readonly start: number;
  readonly end: number;
}

/** The arrow that begins at `at`: a shaft of any length with a head, one character, or the points of what is under way. */
function arrowIn(bytes: Uint8Array, at: number, end: number): Found | null {
  const isLeft = bytes[at] === 0x3c;
  const from = isLeft ? at + 1 : at;
  let to = from;
  while (to < end && SHAFT.has(bytes[to]!)) to++;
  if (to > from && isLeft) return { arrow: 'left', start: at, end: to };
  if (to > from && to < end && bytes[to] === 0x3e) return { arrow: 'right', start: at, end: to + 1 };
  if (startsWith(bytes, at, end, UNDER_WAY)) return { arrow: 'under-way', start: at, end: at + UNDER_WAY.length };
  for (const arrow of RIGHT)
    if (startsWith(bytes, at, end, arrow)) return { arrow: 'right', start: at, end: at + arrow.length };
  for (const arrow of LEFT)
    if (startsWith(bytes, at, end, arrow)) return { arrow: 'left', start: at, end: at + arrow.length };
  return null;
}

/** The arrow directly before the segment. */
function arrowBefore(bytes: Uint8Array, start: number, segment: number): Found | null {
  let end = segment;
  while (end > start && bytes[end - 1] === SPACE) end--;
  // It is one word, perhaps directly behind another one.
  let from = end;
  while (from > start && end - from < LONGEST_ARROW && bytes[from - 1] !== SPACE) from--;
  for (let at = from; at < end; at++) {
    const found = arrowIn(bytes, at, end);
    if (found?.end === end) return found;
  }
  return null;
}

const LONGEST_ARROW = 80;

/** The arrow directly behind the segment's last bracket. */
function arrowBehind(bytes: Uint8Array, segment: number, end: number): Found | null {
  let at = segment;
  while (at < end && bytes[at] === 0x3c && arrowIn(bytes, at, end) === null) {
    while (at < end && bytes[at] !== 0x3e) at++;
    at++;
    while (at < end && bytes[at] === SPACE) at++;
  }
  return at < end ? arrowIn(bytes, at, end) : null;
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
    this.way = {
      key: slice(bytes, at, Math.min(behind?.start ?? end, at + 80)).trim(),
      toRight,
      departs,
      arrives,
      isFirst: isFirstStep(bytes, start, end),
    };
  }

  private way = { key: '', toRight: true, departs: true, arrives: true, isFirst: false };

  /** `<SEQ=101><ACK=301><CTL=SYN,ACK><DATA=10>`. */
  private takeFields(bytes: Uint8Array, start: number, end: number, facts: SegmentFacts, marks: Marks | null): void {
    facts.absent = NO_SEQ | NO_ACK | NO_WINDOW;
    facts.defects |= OPTIONS_CUT;
    const s = scanner.set(bytes, start, end);
    for (s.skipSpaces(); s.takeByte(0x3c); s.skipSpaces()) {
      const nameAt = s.at;
      while (!s.atEnd && s.next !== 0x3d && s.next !== 0x3e) s.at++;
      const name = slice(bytes, nameAt, Math.min(s.at, nameAt + 16))
        .trim()
        .toUpperCase();
      const hasValue = s.takeByte(0x3d);
      s.skipSpaces();
      const valueAt = s.at;
      while (!s.atEnd && s.next !== 0x3e) s.at++;
      const value = slice(bytes, valueAt, Math.min(s.at, valueAt + 64)).trim();
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
          for (const flag of value.split(/[,|+ ]/)) facts.flags |= FLAGS[flag.toUpperCase()] ?? 0;
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

  private beginFigure(): void {
    this.figure++;
    this.segments = 0;
    this.toA = [];
    this.toB = [];
  }

  follow(packet: PacketText): void {
    if (!packet.isPacket) {
      this.beginFigure();
      return;
    }
    const { key, toRight, departs, arrives, isFirst } = this.way;
    if (isFirst && this.segments > 0) this.beginFigure();
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
    if (!isLetter(bytes[at]!)) continue;
    let to = at;
    while (to < end && (isLetter(bytes[to]!) || bytes[to] === 0x2d || bytes[to] === 0x5f || isDigit(bytes[to]!))) to++;
    const state = stateCalled(slice(bytes, at, Math.min(to, at + 20)));
    if (state !== undefined && bytes[at - 1] !== 0x28) return { state, start: at, end: to };
    at = to;
  }
  return null;
}

/** A state by its name, as the RFC writes it, as kernels and books do (`SYN_RCVD`, `ESTAB`, `FIN_WAIT_1`), in any case. */
function stateCalled(name: string): string | undefined {
  const plain = name.replaceAll('_', '-').toUpperCase();
  return (
    STATES.find((state) => state === plain || state.replaceAll('-', '') === plain.replaceAll('-', '')) ??
    OTHER_NAMES[plain]
  );
}

const OTHER_NAMES: Readonly<Record<string, string>> = {
  ESTAB: 'ESTABLISHED',
  'SYN-RCVD': 'SYN-RECEIVED',
  'SYN-RECV': 'SYN-RECEIVED',
};
