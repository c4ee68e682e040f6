import type { TextHead } from './format';
import { endOfLine, type Line, linesOf } from './lines';
import { ascii, find, isSpace, RETURN, SPACE, startsWith } from './scan';
import { arrowAt, ARROWS } from './tshark-info';

/** Lines of one packet are no longer than this together. */
const MAX_BYTES = 4096;
const MAX_PIECES = 8;

const SEQ = ascii('Seq=');
const LENGTH = ascii('Len=');
/** Values that stand between the sequence number and the length, and behind the length. */
const VALUES = ['Ack=', 'Win=', 'Urg=', 'Len='].map(ascii);
const OPTIONS = [
  'MSS=',
  'WS=',
  'SACK_PERM',
  'TSval=',
  'TSecr=',
  'TSV=',
  'TSER=',
  'SLE=',
  'SRE=',
  'TFO=',
  'MPTCP',
  'EE0B=',
  'ECEB=',
  'EE1B=',
].map(ascii);
/** The first line of a hex dump. */
const DUMP = ascii('0000  ');
const BRACKET = 0x5b;
const GREATER = 0x3e;
const BAR = 0x7c;

const isQuote = (c: number): boolean => c === GREATER || c === BAR;

/** Behind the `> ` that a mailer puts in front of what it quotes, once for each time that it was quoted. */
export function behindQuotes(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (;;) {
    let next = at;
    while (next < end && bytes[next] === SPACE && next - at < 2) next++;
    if (next >= end || !isQuote(bytes[next]!)) break;
    at = next + 1;
  }
  // One blank belongs to the quotation.
  return at > start && bytes[at] === SPACE ? at + 1 : at;
}

/**
 * Tells which lines of a list go on from the one before, where a mailer has wrapped them: of a packet whose length has not
 * been seen, lines with what comes before it, of another one lines that begin with a name of TCP's options. Lines are
 * told to it one after the other, without their quotation.
 */
export class Wrapping {
  private hasArrow = false;
  /** It has an address behind its arrow. */
  private isAddressed = false;
  private hasSeq = false;
  private hasLength = false;
  private pieces = 0;
  private size = 0;

  /** A line that begins a packet. */
  begin(bytes: Uint8Array, start: number, end: number): void {
    this.hasArrow = this.isAddressed = this.hasSeq = this.hasLength = false;
    this.pieces = this.size = 0;
    this.see(bytes, start, end);
  }

  /** Nothing goes on from here. */
  stop(): void {
    this.pieces = MAX_PIECES;
  }

  /** The packet has broken off in front of its second address. */
  get isFront(): boolean {
    return !this.hasArrow && this.pieces > 0 && this.pieces < MAX_PIECES;
  }

  /** Whether a line is the next piece of the packet; if so, it is taken for it. */
  goesOn(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start;
    while (at < end && isSpace(bytes[at]!)) at++;
    if (at >= end || this.pieces >= MAX_PIECES || this.size + end - start > MAX_BYTES) return false;
    if (startsWith(bytes, at, end, DUMP)) return false;
    const begins = (word: Uint8Array): boolean => startsWith(bytes, at, end, word);
    const fits = !this.isAddressed
      ? true
      : this.hasLength
        ? OPTIONS.some(begins)
        : this.hasSeq
          ? VALUES.some(begins)
          : find(bytes, at, end, SEQ) >= 0 || bytes[at] === BRACKET || hasArrow(bytes, at, end);
    if (fits) this.see(bytes, at, end);
    return fits;
  }

  private see(bytes: Uint8Array, start: number, end: number): void {
    this.pieces++;
    this.size += end - start;
    this.isAddressed ||= this.hasArrow || arrowAt(bytes, start, end) !== null || hasArrowFirst(bytes, start, end);
    this.hasArrow ||= this.isAddressed || hasArrowLast(bytes, start, end);
    this.hasSeq ||= find(bytes, start, end, SEQ) >= 0;
    this.hasLength ||= find(bytes, start, end, LENGTH) >= 0;
  }
}

/** An arrow between blanks, or at either end of the line. */
const hasArrow = (bytes: Uint8Array, start: number, end: number): boolean =>
  arrowAt(bytes, start, end) !== null || hasArrowFirst(bytes, start, end) || hasArrowLast(bytes, start, end);

const hasArrowFirst = (bytes: Uint8Array, start: number, end: number): boolean =>
  ARROWS.some((arrow) => startsWith(bytes, start, end, arrow) && bytes[start + arrow.length] === SPACE);

const hasArrowLast = (bytes: Uint8Array, start: number, end: number): boolean =>
  ARROWS.some((arrow) => {
    const at = end - arrow.length;
    return at > start && bytes[at - 1] === SPACE && startsWith(bytes, at, end, arrow);
  });

/** How far a packet goes, and the bytes in it that stand for blanks: line breaks, and quotations behind them. */
export interface Pieces {
  readonly end: number;
  readonly blanks: readonly number[];
}

/** The pieces of the packet whose first line begins at `start`, among the lines in `[start, end)`. */
export function piecesOf(wrapping: Wrapping, bytes: Uint8Array, start: number, end: number): Pieces {
  let at = endOfLine(bytes, start, end);
  const blanks: number[] = [];
  wrapping.begin(bytes, start, withoutReturn(bytes, at));
  while (at < end) {
    const next = endOfLine(bytes, at + 1, end);
    const from = behindQuotes(bytes, at + 1, next);
    if (!wrapping.goesOn(bytes, from, withoutReturn(bytes, next))) break;
    for (let i = withoutReturn(bytes, at); i < from; i++) blanks.push(i);
    at = next;
  }
  return { end: withoutReturn(bytes, at), blanks };
}

const withoutReturn = (bytes: Uint8Array, at: number): number => (bytes[at - 1] === RETURN ? at - 1 : at);

/** What a line is by itself. */
export interface LineKinds {
  /** It can be the beginning of a packet. */
  begins(bytes: Uint8Array, start: number, end: number): boolean;
  /** It has all of a packet's addresses and, behind a line that breaks off in front of them, a front of its own. */
  isWhole(bytes: Uint8Array, start: number, end: number, isFront: boolean): boolean;
}

/** A line, or several that were one. */
export interface Entry extends Line {
  readonly bytes: Uint8Array;
}

/** The lines of the beginning of a text without quotations, those that were wrapped put together. */
export function* entriesOf(head: TextHead, kinds: LineKinds): Generator<Entry> {
  const { bytes } = head;
  const wrapping = new Wrapping();
  let entry: Entry | null = null;
  for (const line of linesOf(head)) {
    const start = behindQuotes(bytes, line.start, line.end);
    const { end } = line;
    const isWhole = kinds.isWhole(bytes, start, end, wrapping.isFront);
    if (entry !== null && !isWhole && wrapping.goesOn(bytes, start, end)) {
      entry = joined(entry, bytes, start, end);
      continue;
    }
    if (entry !== null) yield entry;
    entry = { bytes, start, end };
    if (kinds.begins(bytes, start, end)) wrapping.begin(bytes, start, end);
    else wrapping.stop();
  }
  if (entry !== null) yield entry;
}

function joined(entry: Entry, bytes: Uint8Array, start: number, end: number): Entry {
  const before = entry.end - entry.start;
  const both = new Uint8Array(before + 1 + end - start);
  both.set(entry.bytes.subarray(entry.start, entry.end));
  both[before] = SPACE;
  both.set(bytes.subarray(start, end), before + 1);
  return { bytes: both, start: 0, end: both.length };
}
