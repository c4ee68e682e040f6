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
  type TextHead,
} from './format';
import {
  controlIn,
  LineEnds,
  MOST,
  noteControl,
  noteCut,
  noteCutValues,
  noteJoined,
  notePrefix,
  noteWrapped,
} from './damage';
import { HiddenSegments } from './hidden';
import { takeHosts } from './hosts';
import { isDumpLabel } from './dump-labels';
import { dumpLineAt, isListDump } from './hex-lines';
import { endOfLine } from './lines';
import type { Marks } from './marks';
import { longestListDump, takeDump } from './packet-dump';
import { OptionWriter } from './options';
import { ascii, find, hexDigit, isDigit, isSpace, Scanner, SPACE } from './scan';
import { SpanSample, type TimeMeaning, type TimeStyle, TimeValue } from './times';
import { arrowAt, ARROWS, infoAt, SeqSample, takeInfo, takeInfoChecksum } from './tshark-info';
import { behindQuotes, entriesOf, type LineKinds, piecesOf, Wrapping } from './tshark-wrapped';

/** The list of packets that tshark prints by default: number, time, addresses, protocol, length, info. */
export const tsharkSummary: TextFormat = {
  id: 'tshark-summary',
  name: 'tshark',
  sniff(head) {
    let claimed = 0;
    // The text may begin in the middle of a packet's dump; one that begins before any list is a packet of its own.
    let rest = 0;
    for (const { bytes, start, end } of entriesOf(head, LINE_KINDS)) {
      if (isListDump(bytes, start, end)) {
        if (claimed > 0) claimed += end - start;
        else rest = dumpLineAt(bytes, start, end)!.offset === 0 ? NaN : rest + end - start;
      } else if (styleOf(bytes, start, end) !== null || isPrefixed(bytes, start, end)) {
        if (claimed === 0 && rest > 0) claimed = rest;
        claimed += end - start;
      }
    }
    return claimed;
  },
  open: (head, context) => new SummaryDialect(learn(head), context),
};

interface LineStyle {
  readonly numbered: boolean;
  readonly time: TimeStyle;
}

interface Style extends LineStyle {
  readonly meaning: TimeMeaning;
  readonly numbers: NumberStyle;
  /** Something else stands in front of most lines: a logger's own time and name, a diff's sign. */
  readonly prefixed: boolean;
  /** Fields are left out of most lines, the length too: somebody shows what matters. */
  readonly abridged: boolean;
  /**
   * Lines state notes: what has none was found to have none. Where lines hide TCP's numbers behind another protocol's,
   * nobody can find them again.
   */
  readonly statesNotes: boolean;
  /** Offset of the last line of the longest dump; 0 where there is none. */
  readonly longestDump: number;
}

const TIME_STYLES: readonly TimeStyle[] = ['date', 'time-of-day', 'seconds', 'none'];
const STYLES: readonly LineStyle[] = [true, false].flatMap((numbered) =>
  TIME_STYLES.map((time): LineStyle => ({ numbered, time })),
);

const time = new TimeValue();
const scanner = new Scanner();
const NOTE = ascii('[TCP ');
const SEQ = ascii('] Seq=');
const LENGTH = ascii('Len=');

/** Behind number and time comes one word, the source, then an arrow, a word, and the protocol. */
function fits(bytes: Uint8Array, start: number, arrow: number, style: LineStyle): boolean {
  const s = scanner.set(bytes, start, arrow);
  if (!takeFront(s, style)) return false;
  if (s.atEnd) return isEmptyColumn(bytes, start, arrow);
  const from = s.at;
  s.skipWord();
  const isNumber = isAllDigits(bytes, from, s.at);
  s.skipSpaces();
  return s.atEnd && !isNumber;
}

function isAllDigits(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && isDigit(bytes[at]!)) at++;
  return at === end;
}

/** Packets without addresses leave the column empty; a length and a port before an arrow are no number and time. */
const isEmptyColumn = (bytes: Uint8Array, start: number, arrow: number): boolean =>
  arrow - start > 1 && isSpace(bytes[arrow - 1]!) && isSpace(bytes[arrow - 2]!);

/** A record that is no packet has neither time nor addresses, where these columns are. */
function isNoPacket(bytes: Uint8Array, start: number, arrow: number, behind: number): boolean {
  for (let at = start; at < arrow; at++) if (bytes[at] !== SPACE) return false;
  return arrow - start > 8 && bytes[behind + 1] === SPACE && bytes[behind + 2] === SPACE;
}

/** Takes number and time, behind which something else comes unless the line may end there. */
function takeFront(s: Scanner, style: LineStyle, mayEnd = false): boolean {
  s.skipSpaces();
  if (style.numbered) {
    if (s.uint() < 1 || !isSpace(s.next)) return false;
    s.skipSpaces();
  }
  if (style.time === 'none') return true;
  if (!time.take(s, style.time) || !(isSpace(s.next) || (mayEnd && s.atEnd))) return false;
  s.skipSpaces();
  return true;
}

/** What a line is written in; `null` where it is no packet. A word and an arrow alone are none: there must be more. */
function styleOf(bytes: Uint8Array, start: number, end: number): LineStyle | null {
  const arrow = arrowAt(bytes, start, Math.min(end, start + FRONT_BYTES));
  if (arrow === null || !looksLikeHost(bytes, arrow.end, end)) return null;
  for (const style of STYLES)
    if (hasFront(style, bytes, start, end) && fits(bytes, start, arrow.start - 1, style)) return style;
  return null;
}

/** Where a line's own front begins, behind what a logger, a mailer or a diff has put there; -1 where it has none. */
function frontAt(bytes: Uint8Array, start: number, arrow: number, style: LineStyle): number {
  if (fits(bytes, start, arrow, style)) return start;
  if (!style.numbered && style.time === 'none') return -1;
  for (let at = start + 1; at < arrow; at++)
    if (isDigit(bytes[at]!) && !isOfNumber(bytes[at - 1]!) && fits(bytes, at, arrow, style)) return at;
  return -1;
}

const isOfNumber = (c: number): boolean => isDigit(c) || c === 0x2e || c === 0x3a || c === 0x2d || c === 0x2f;

/** Without number and time only what TCP's own column says makes a line one of a list. */
const hasFront = (style: LineStyle, bytes: Uint8Array, start: number, end: number): boolean =>
  style.numbered || style.time !== 'none' || find(bytes, start, end, SEQ) >= 0;

/** A line of TCP's own with something in front of its number or time. */
const isPrefixed = (bytes: Uint8Array, start: number, end: number): boolean =>
  find(bytes, start, end, SEQ) >= 0 && prefixedStyle(bytes, start, end) !== null;

function prefixedStyle(bytes: Uint8Array, start: number, end: number): LineStyle | null {
  const arrow = arrowAt(bytes, start, Math.min(end, start + FRONT_BYTES));
  if (arrow === null || !looksLikeHost(bytes, arrow.end, end)) return null;
  return STYLES.find((style) => frontAt(bytes, start, arrow.start - 1, style) >= 0) ?? null;
}

/** What a line is of a list in whatever style. */
const LINE_KINDS: LineKinds = {
  begins: (bytes, start, end) =>
    styleOf(bytes, start, end) !== null ||
    prefixedStyle(bytes, start, end) !== null ||
    STYLES.some((style) => breaksOff(bytes, start, end, style)) ||
    STYLES.some((style) => breaksOffBehind(bytes, start, end, style)),
  isWhole(bytes, start, end, isFront) {
    const style = styleOf(bytes, start, end);
    // Addresses at the beginning of a line are the rest of a front that has none yet.
    if (style !== null) return !isFront || style.numbered || style.time !== 'none';
    return prefixedStyle(bytes, start, end) !== null;
  },
};

/** {@link breaksOff}, with something in front of the number. */
function breaksOffBehind(bytes: Uint8Array, start: number, end: number, style: LineStyle): boolean {
  if (!style.numbered || style.time === 'none') return false;
  const arrow = arrowAt(bytes, start, end);
  if (arrow !== null) {
    const s = scanner.set(bytes, arrow.end, end);
    s.skipSpaces();
    s.skipWord();
    if (!s.atEnd) return false;
  }
  for (let at = Math.max(start + 1, end - BROKEN_BYTES); at < end; at++)
    if (isDigit(bytes[at]!) && !isOfNumber(bytes[at - 1]!) && breaksOff(bytes, at, end, style)) return true;
  return false;
}

/** Number, time and two addresses are no more. */
const BROKEN_BYTES = 140;

/**
 * Whether a line is the front of a packet and breaks off before the protocol: number and time alone, or one of them and
 * the source with an arrow.
 */
function breaksOff(bytes: Uint8Array, start: number, end: number, style: LineStyle): boolean {
  if (!style.numbered && style.time === 'none') return false;
  const s = scanner.set(bytes, start, end);
  s.skipSpaces();
  if (!isDigit(s.next) || !takeFront(s, style, true)) return false;
  if (s.atEnd) return style.numbered && style.time !== 'none';
  const { at } = s;
  if (takeArrow(s)) {
    if (!isEmptyColumn(bytes, start, at)) return false;
    s.at = at;
  } else s.skipWord();
  s.skipSpaces();
  if (s.atEnd) return style.numbered && style.time !== 'none';
  if (!takeArrow(s)) return false;
  s.skipSpaces();
  s.skipWord();
  s.skipSpaces();
  return s.atEnd;
}

const takeArrow = (s: Scanner): boolean => ARROWS.some((arrow) => s.take(arrow)) && (s.atEnd || isSpace(s.next));

/** The same behind what a logger has put in front of it; its bytes are not read. */
function hasDump(bytes: Uint8Array, start: number, end: number): boolean {
  const last = Math.min(end, start + FRONT_BYTES);
  for (let at = start + 1; at < last; at++)
    if (bytes[at - 1] !== 0x2e && bytes[at - 1] !== 0x2d && hexDigit(bytes[at - 1]!) < 0 && isListDump(bytes, at, end))
      return true;
  return false;
}

function isBlankLine(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && isSpace(bytes[at]!)) at++;
  return at >= end;
}

/** Number, time and source are within so many bytes. */
const FRONT_BYTES = 300;

/** Behind the arrow: a word, blanks, and a word that begins with a letter or digit, the protocol. */
function looksLikeHost(bytes: Uint8Array, at: number, end: number): boolean {
  let i = at;
  while (i < end && isSpace(bytes[i]!)) i++;
  const from = i;
  while (i < end && !isSpace(bytes[i]!)) i++;
  // tcpdump's destinations end in a colon; an address of IPv6 may end in two.
  const endsInColon = bytes[i - 1] === 0x3a && !(bytes[i - 2] === 0x3a && bytes[i - 3] !== 0x3a);
  if (i === from || endsInColon || bytes[i - 1] === 0x2c) return false;
  while (i < end && isSpace(bytes[i]!)) i++;
  const c = i < end ? bytes[i]! | 0x20 : 0;
  return (c >= 0x61 && c <= 0x7a) || (i < end && isDigit(bytes[i]!));
}

function learn(head: TextHead): Style {
  const counts = new Map<LineStyle, number>();
  let statesNotes = false;
  const numbers = new SeqSample();
  let packets = 0;
  let prefixed = 0;
  const ends = new LineEnds();
  for (const { bytes, start, end } of entriesOf(head, LINE_KINDS)) {
    let style = styleOf(bytes, start, end);
    if (style === null) {
      style = prefixedStyle(bytes, start, end);
      if (style === null) continue;
      prefixed++;
    }
    packets++;
    counts.set(style, (counts.get(style) ?? 0) + 1);
    if (!statesNotes) statesNotes = find(bytes, start, end, NOTE) >= 0 || find(bytes, start, end, SEQ) < 0;
    if (find(bytes, start, end, SEQ) >= 0) ends.add(find(bytes, start, end, LENGTH) >= 0, end - start);
    numbers.add(style.numbered ? numberOf(bytes, start, end) : -1, bytes, start, end);
  }
  const [style] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [STYLES[0]!];
  return {
    ...style,
    meaning: meaningOf(head, style),
    numbers: numbers.isRaw ? 'raw' : 'relative',
    prefixed: prefixed * 2 > packets,
    abridged: ends.areLeftOut(MOST),
    longestDump: longestListDump(head),
    statesNotes,
  };
}

function numberOf(bytes: Uint8Array, start: number, end: number): number {
  scanner.set(bytes, start, end).skipSpaces();
  return scanner.uint();
}

function meaningOf(head: TextHead, style: LineStyle): TimeMeaning {
  if (style.time === 'none') return 'none';
  if (style.time === 'date') return 'absolute';
  if (style.time === 'time-of-day') return 'time-of-day';
  const sample = new SpanSample();
  for (const { bytes, start, end } of entriesOf(head, LINE_KINDS))
    if ((styleOf(bytes, start, end) ?? prefixedStyle(bytes, start, end)) === style) {
      const arrow = arrowAt(bytes, start, Math.min(end, start + FRONT_BYTES))!;
      const front = frontAt(bytes, start, arrow.start - 1, style);
      if (front >= 0 && takeFront(scanner.set(bytes, front, end), style)) sample.add(time);
    }
  return sample.meaning();
}

const MEANING: Readonly<Record<TimeMeaning, string>> = {
  absolute: '',
  'time-of-day': ' -t a',
  elapsed: '',
  delta: ' -t d',
  none: '',
};

class SummaryDialect implements Dialect {
  readonly description: string;
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle;
  readonly key: string;
  private readonly writer = new OptionWriter();
  private readonly hidden: HiddenSegments;
  /** Of the packet whose lines are being found, and of the one that is read. */
  private readonly wrapping = new Wrapping();
  private readonly pieces = new Wrapping();

  constructor(
    private readonly style: Style,
    private readonly context: TextContext,
  ) {
    this.hidden = new HiddenSegments(context.addresses);
    this.times = style.meaning;
    this.key = JSON.stringify(style);
    this.numbers = style.numbers;
    this.description = `tshark text${style.time === 'date' ? ' -t ad' : MEANING[style.meaning]}`;
  }

  line(bytes: Uint8Array, lineStart: number, end: number, after: boolean): number {
    const { wrapping } = this;
    const start = behindQuotes(bytes, lineStart, end);
    const isPart =
      isBlankLine(bytes, start, end) ||
      isListDump(bytes, start, end) ||
      isDumpLabel(bytes, start, end) ||
      (this.arrowOf(bytes, start, end) === null && hasDump(bytes, start, end));
    if (isPart) {
      wrapping.stop();
      return after ? CONTINUES : OTHER;
    }
    if (this.begins(bytes, start, end, after)) {
      wrapping.begin(bytes, start, end);
      return BEGINS;
    }
    if (!after) return OTHER;
    if (wrapping.goesOn(bytes, start, end)) return CONTINUES;
    wrapping.stop();
    return OTHER;
  }

  private begins(bytes: Uint8Array, start: number, end: number, after: boolean): boolean {
    const { style } = this;
    const isFront = after && this.wrapping.isFront;
    if (this.arrowOf(bytes, start, end) !== null && LINE_KINDS.isWhole(bytes, start, end, isFront)) return true;
    if (breaksOff(bytes, start, end, style)) return true;
    if (style.prefixed && breaksOffBehind(bytes, start, end, style)) return true;
    // Number and time of a packet, and nothing of it behind them.
    const isDamaged = style.numbered && style.time !== 'none' && takeFront(scanner.set(bytes, start, end), style);
    if (!isDamaged) return false;
    const { at } = scanner;
    return !takeArrow(scanner) || isEmptyColumn(bytes, start, at);
  }

  private arrowOf(bytes: Uint8Array, start: number, end: number): ReturnType<typeof arrowAt> {
    const arrow = arrowAt(bytes, start, Math.min(end, start + FRONT_BYTES));
    if (arrow === null || !looksLikeHost(bytes, arrow.end, end)) return null;
    const found =
      frontAt(bytes, start, arrow.start - 1, this.style) >= 0 ||
      styleOf(bytes, start, end) !== null ||
      (!this.style.numbered && isNoPacket(bytes, start, arrow.start, arrow.end));
    return found ? arrow : null;
  }

  parse(bytes: Uint8Array, start: number, all: number, packet: PacketText, marks: Marks | null): void {
    // Where a mailer wrapped, the packet is read as if it had not.
    const from = behindQuotes(bytes, start, all);
    const { end, blanks } = piecesOf(this.pieces, bytes, from, all);
    const before = blanks.map((at) => bytes[at]!);
    for (const at of blanks) bytes[at] = SPACE;
    this.parseLine(bytes, from, end, packet, marks);
    blanks.forEach((at, i) => (bytes[at] = before[i]!));
    if (blanks.length > 0 && packet.segmentCount > 0) noteWrapped(packet, blanks[0]!);
    if (end < all) takeDump(packet, bytes, endOfLine(bytes, end, all) + 1, all, this.style.longestDump, marks);
  }

  private parseLine(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    const arrow = arrowAt(bytes, start, Math.min(end, start + FRONT_BYTES));
    if (arrow === null || !looksLikeHost(bytes, arrow.end, end)) {
      this.takeFront(bytes, start, end, packet, marks);
      noteCut(packet, end);
      return;
    }
    const front = frontAt(bytes, start, arrow.start - 1, this.style);
    if (front > start && !this.style.prefixed) notePrefix(packet, start);
    this.takeFront(bytes, Math.max(front, start), arrow.start - 1, packet, marks);
    let sourceEnd = arrow.start - 1;
    while (sourceEnd > start && isSpace(bytes[sourceEnd - 1]!)) sourceEnd--;
    let sourceStart = sourceEnd;
    while (sourceStart > start && !isSpace(bytes[sourceStart - 1]!)) sourceStart--;
    const s = scanner.set(bytes, arrow.end, end);
    s.skipSpaces();
    const destinationStart = s.at;
    s.skipWord();
    const destinationEnd = s.at;
    marks?.mark('ip.src', sourceStart, sourceEnd);
    marks?.mark('ip.dst', destinationStart, destinationEnd);
    const protocolAt = s.at;
    const infoStart = takeProtocol(s, packet, marks);
    packet.isCut = packet.wireBytes === 0;
    const control = controlIn(bytes, start, end);
    if (control >= 0) {
      noteControl(packet, control);
      return;
    }
    const facts = packet.addSegment();
    const info = takeInfo(bytes, infoStart, end, facts, this.context.services, this.writer, marks);
    if (!info.hasSegment) {
      packet.segmentCount--;
      marks?.mark('text', infoStart, end);
      const [from, to] = wordIn(bytes, protocolAt, infoStart);
      packet.isRemembered = true;
      this.hidden.see(bytes, [sourceStart, sourceEnd, destinationStart, destinationEnd], from, to);
      return;
    }
    if (info.isCut && !this.style.abridged) {
      facts.absent |= info.last;
      noteCutValues(packet, end);
    }
    if (find(bytes, info.end, end, SEQ) >= 0) noteJoined(packet, info.end);
    takeInfoChecksum(facts, bytes, infoStart, end);
    if (this.style.statesNotes) facts.statedNotes = info.notes;
    takeHosts(this.context.addresses, facts, bytes, sourceStart, sourceEnd, destinationStart, destinationEnd);
  }

  follow(packet: PacketText): void {
    this.hidden.follow(packet);
  }

  private takeFront(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    const { style } = this;
    const s = scanner.set(bytes, start, end);
    s.skipSpaces();
    if (style.numbered) {
      const from = s.at;
      if (s.uint() > 0) marks?.mark('frame.number', from, s.at);
      s.skipSpaces();
    }
    const from = s.at;
    if (style.time !== 'none' && packet.time.take(s, style.time)) {
      packet.timed = true;
      marks?.mark('frame.time', from, s.at);
    } else if (style.time !== 'none')
      packet.problem('other-style', 'info', message('This line writes its time in another way than the others'), start);
  }
}

/**
 * Protocol, which may be several words (`GTP <TCP>`), and the length; returns where the info begins. Either may be
 * missing, and other columns may stand between them: what TCP says of itself shows where it begins.
 */
function takeProtocol(s: Scanner, packet: PacketText, marks: Marks | null): number {
  s.skipSpaces();
  const from = s.at;
  const infoStart = infoAt(s.bytes, from, s.end);
  if (infoStart >= 0) {
    takeColumns(s, infoStart, packet, marks);
    return infoStart;
  }
  for (let words = 0; words < 4; words++) {
    s.skipWord();
    const protocolEnd = s.at;
    s.skipSpaces();
    const at = s.at;
    const length = s.uint();
    if (length >= 0 && (isSpace(s.next) || s.atEnd)) {
      packet.wireBytes = length;
      marks?.mark('protocol', from, protocolEnd);
      marks?.mark('frame.len', at, s.at);
      s.skipSpaces();
      return s.at;
    }
    s.at = at;
  }
  // No length column: the info follows the first word.
  s.at = from;
  s.skipWord();
  marks?.mark('protocol', from, s.at);
  s.skipSpaces();
  return s.at;
}

/** The columns between the addresses and TCP's own: a word is the protocol, the last number the length. */
function takeColumns(s: Scanner, end: number, packet: PacketText, marks: Marks | null): void {
  const protocolAt = s.at;
  let protocolEnd = -1;
  let lengthAt = -1;
  let lengthEnd = -1;
  while (s.at < end) {
    const from = s.at;
    s.skipWord();
    if (isAllDigits(s.bytes, from, s.at)) {
      if (protocolEnd < 0) protocolEnd = from;
      lengthAt = from;
      lengthEnd = s.at;
    }
    s.skipSpaces();
  }
  marks?.mark('protocol', protocolAt, wordEnd(s.bytes, protocolAt, protocolEnd < 0 ? end : protocolEnd));
  if (lengthAt < 0) return;
  packet.wireBytes = scanner.set(s.bytes, lengthAt, lengthEnd).uint();
  marks?.mark('frame.len', lengthAt, lengthEnd);
}

/** `end` without the blanks before it. */
function wordEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(bytes[at - 1]!)) at--;
  return at;
}

/** The first word in `[start, end)`. */
function wordIn(bytes: Uint8Array, start: number, end: number): readonly [start: number, end: number] {
  const s = scanner.set(bytes, start, end);
  s.skipSpaces();
  const from = s.at;
  s.skipWord();
  return [from, s.at];
}
