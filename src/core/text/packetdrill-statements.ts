import { AE, CWR } from '../model/flags';
import { ascii, find, isDigit, isSpace, NEWLINE, Scanner, slice, SPACE, startsWith } from './scan';
import { newFlag } from './tcpdump-core';

/** Statements of packetdrill scripts: where they begin and end, and their times. */

/** Begins a section of code. */
export const CODE = ascii('%{');
/** A call that blocks, and a result that may be anything. */
export const ELLIPSIS = ascii('...');

/** Follows what goes on over several lines: comments, commands, code and parentheses. */
export class Lexer {
  private inComment = false;
  private inCommand = false;
  private inCode = false;
  private depth = 0;

  /** Takes the next line, and returns whether a statement begins on it. */
  line(bytes: Uint8Array, start: number, end: number): boolean {
    const isInside = this.isInside;
    let first = -1;
    for (let at = start; at < end; at++) {
      const c = bytes[at]!;
      if (this.inComment) {
        if (c === 0x2a && bytes[at + 1] === 0x2f && at + 1 < end) {
          this.inComment = false;
          at++;
        }
      } else if (this.inCode) {
        if (c === 0x7d && bytes[at + 1] === 0x25 && at + 1 < end) {
          this.inCode = false;
          at++;
        }
      } else if (this.inCommand) {
        if (c === 0x5c) at++;
        else if (c === 0x60) this.inCommand = false;
      } else if (c === 0x2f && bytes[at + 1] === 0x2f && at + 1 < end) break;
      else if (c === 0x2f && bytes[at + 1] === 0x2a && at + 1 < end) {
        this.inComment = true;
        at++;
      } else {
        if (first < 0 && !isSpace(c)) first = at;
        if (c === 0x60) this.inCommand = true;
        else if (c === 0x25 && bytes[at + 1] === 0x7b && at + 1 < end) {
          this.inCode = true;
          at++;
        } else if (c === 0x22) at = endOfString(bytes, at, end);
        else if (c === 0x28) this.depth++;
        else if (c === 0x29 && this.depth > 0) this.depth--;
        else if (c === 0x23 && first === at) break;
      }
    }
    this.saw = first >= 0 || isInside;
    return !isInside && first >= 0 && isBeginning(bytes[first]!);
  }

  /** The last line had something besides a comment. */
  saw = false;

  private get isInside(): boolean {
    return this.inCommand || this.inCode || this.depth > 0;
  }
}

export function endOfString(bytes: Uint8Array, at: number, end: number): number {
  let i = at + 1;
  while (i < end && bytes[i] !== 0x22) i += bytes[i] === 0x5c ? 2 : 1;
  return Math.min(i, end);
}

/** `+`, a digit, a point, `*`, an option's `-`, a command's quote, code, a preprocessor's `#`. */
const isBeginning = (c: number): boolean =>
  c === 0x2b || isDigit(c) || c === 0x2e || c === 0x2a || c === 0x2d || c === 0x60 || c === 0x25 || c === 0x23;

const scanner = new Scanner();

/** How sure it is that a line begins an event of a script. */
export const Event = {
  NONE: 0,
  /** A command or code: a list in Markdown has its code so, too. */
  PERHAPS: 1,
  SURE: 2,
} as const;

/** Whether a line has a time, then a direction, a call, a command or code. */
export function eventIn(bytes: Uint8Array, start: number, end: number): number {
  const s = scanner.set(bytes, start, end);
  s.skipSpaces();
  const timeAt = s.at;
  if (takeEventTime(s) === null) return Event.NONE;
  const isAny = bytes[timeAt] === 0x2a;
  // `1.` is the first item of a list.
  if (bytes[s.at - 1] === 0x2e && s.next === SPACE) return Event.NONE;
  const isApart = isSpace(s.next);
  s.skipSpaces();
  const c = s.next;
  if (c === 0x3c || c === 0x3e) return isFlagAhead(s) ? Event.SURE : Event.NONE;
  if (c === 0x60 || startsWith(bytes, s.at, end, CODE)) return Event.PERHAPS;
  takeRest(s);
  const from = s.at;
  while (isWordByte(s.next)) s.at++;
  if (s.at === from || isDigit(bytes[from]!) || s.next !== 0x28) return Event.NONE;
  if (isAny && !isApart) return Event.NONE;
  // A call has a result, perhaps some lines below.
  return find(bytes, s.at, end, RESULT) >= 0 || !isClosed(bytes, s.at, end) ? Event.SURE : Event.NONE;
}

const RESULT = ascii('=');

/** Whether the parenthesis at `start` is closed before `end`. */
function isClosed(bytes: Uint8Array, start: number, end: number): boolean {
  let depth = 0;
  for (let at = start; at < end; at++) {
    if (bytes[at] === 0x28) depth++;
    else if (bytes[at] === 0x29 && --depth === 0) return true;
  }
  return false;
}

/** Behind a direction: a bracket, or letters of flags and then numbers. Nothing else is a packet of a script. */
function isFlagAhead(s: Scanner): boolean {
  s.at++;
  s.skipSpaces();
  const c = s.next;
  if (c === 0x28 || c === 0x5b || c === 0x2e || c === 0x2d || isDigit(c)) return true;
  const from = s.at;
  let flags = 0;
  for (; isWordByte(s.next) || s.next === 0x2e; s.at++) if (flagOf(s.next) >= 0 || isDigit(s.next)) flags++;
  // A name in brackets is who has said the rest, in a chat.
  return s.at > from && s.next !== 0x3e && (flags === s.at - from || isLower(c));
}

/** tcpdump's letters, and those that packetdrill's dialects have for CWR and AE. */
export function flagOf(c: number): number {
  switch (c) {
    case 0x43:
      return CWR;
    case 0x41:
    case 0x4e:
      return AE;
    default:
      return newFlag(c);
  }
}

const isLower = (c: number): boolean => c >= 0x61 && c <= 0x7a;

export const isWordByte = (c: number): boolean =>
  (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || isDigit(c) || c === 0x5f;

export interface EventTime {
  readonly isDelta: boolean;
  /** Seconds; `null` for any (`*`). */
  readonly seconds: number | null;
}

/** `0.100`, `+.1`, `+0~+0.5`, `1~2`, `*`. Of a range the beginning counts. */
export function takeEventTime(s: Scanner): EventTime | null {
  if (s.takeByte(0x2a)) return { isDelta: true, seconds: null };
  const isDelta = s.takeByte(0x2b);
  if (isDelta) s.skipSpaces();
  const seconds = takeDecimal(s);
  if (seconds < 0) return null;
  const from = s.at;
  s.skipSpaces();
  if (!s.takeByte(0x7e)) {
    s.at = from;
    return { isDelta, seconds };
  }
  s.skipSpaces();
  s.takeByte(0x2b);
  s.skipSpaces();
  takeDecimal(s);
  return { isDelta, seconds };
}

/** A number with or without a fraction, as seconds; -1 where there is none. */
function takeDecimal(s: Scanner): number {
  const from = s.at;
  while (isDigit(s.next)) s.at++;
  // "0...0.010" is a number, then an ellipsis.
  if (s.next === 0x2e && !startsWith(s.bytes, s.at, s.end, ELLIPSIS)) {
    s.at++;
    while (isDigit(s.next)) s.at++;
  }
  const text = slice(s.bytes, from, s.at);
  if (text === '' || text === '.' || text.length > 40) {
    s.at = from;
    return -1;
  }
  return Number(text);
}

/** `...0.010`: until when a call blocks. Seconds, -1 where there is none. */
export function takeRest(s: Scanner): number {
  if (!s.take(ELLIPSIS)) return -1;
  s.skipSpaces();
  s.takeByte(0x2b);
  const until = takeDecimal(s);
  s.skipSpaces();
  return until;
}

/** The end of a line inside a statement of several. */
export const lineEnd = (bytes: Uint8Array, from: number, end: number): number => {
  let at = from;
  while (at < end && bytes[at] !== NEWLINE) at++;
  return at;
};

/** Characters of a statement that are kept for people. */
const MAX_TEXT = 500;

/** A statement on one line: white space of any kind becomes one blank. */
export function oneLine(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let isGap = false;
  for (let at = start; at < end && text.length < MAX_TEXT; at++) {
    const c = bytes[at]!;
    if (isSpace(c)) {
      isGap = text !== '';
      continue;
    }
    if (isGap) text += ' ';
    isGap = false;
    text += String.fromCharCode(c);
  }
  return text;
}
