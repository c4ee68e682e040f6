import type { TextHead } from './format';
import { isListDump } from './hex-lines';
import { isEmpty, linesOf, shareOfLines } from './lines';
import { isBlank, isDigit, Scanner, SPACE } from './scan';
import type { TimeValue } from './times';

/**
 * What stands in front of every line of a text that something has copied or logged: the time and the name that a logger
 * writes, a counter, a file's name, the marks of a quotation, an indentation. One code for each character, and
 * {@link NUMBER} or {@link QUOTES} for what varies.
 */
export type Front = readonly number[];

/** Digits, with the blanks in front of them: counters and days of the month are right-aligned. */
const NUMBER = -1;
/** `> `, once for each time that the text was quoted. */
const QUOTES = -2;

const GREATER = 0x3e;
const POINT = 0x2e;
/** Characters of a front at most: a time, a host, a process and a place in its source. */
const MAX_FRONT = 160;
/** Lines of the beginning that are looked at. */
const SAMPLE_LINES = 400;
/** Fronts that are told apart in them, and those that are worth a trial. */
const MAX_KNOWN = 20_000;
const MAX_FRONTS = 6;

/** The marks of a quotation. */
export const QUOTATION: Front = [QUOTES];

/** Whether a front is the same in front of every line, and more than blanks, with which lines may begin by themselves. */
export const isQuotation = (front: Front): boolean => !front.includes(NUMBER) && !front.every(isBlank);

/**
 * Behind the front of a line; -1 where it has another one. An empty line lacks the blanks that its front ends in.
 *
 * @param depth marks of a quotation that are taken at most
 */
export function frontEnd(front: Front, bytes: Uint8Array, start: number, end: number, depth = Infinity): number {
  let at = start;
  for (const code of front) {
    if (code === QUOTES) {
      at = behindQuotes(bytes, at, end, depth);
      continue;
    }
    if (code === NUMBER) {
      while (at < end && isBlank(bytes[at]!)) at++;
      const from = at;
      while (at < end && isDigit(bytes[at]!)) at++;
      if (at === from) return -1;
      continue;
    }
    if (at >= end) {
      if (isBlank(code)) continue;
      return -1;
    }
    if (bytes[at] !== code) return -1;
    at++;
  }
  return at;
}

/** How often the text of a line was quoted that a front has been taken off. */
export function depthOf(front: Front, bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  if (front.includes(QUOTES)) for (let at = start; at < end; at++) if (bytes[at] === GREATER) depth++;
  return depth;
}

function behindQuotes(bytes: Uint8Array, start: number, end: number, depth = Infinity): number {
  let at = start;
  for (let marks = 0; marks < depth && at < end && bytes[at] === GREATER; marks++) {
    at++;
    if (at < end && bytes[at] === SPACE) at++;
  }
  return at;
}

/** How many of the lines of a text have a front: see {@link shareOfLines}. */
export const shareOf = (front: Front, head: TextHead, from?: number): number =>
  shareOfLines(head, (start, end) => frontEnd(front, head.bytes, start, end) >= 0, from);

/** Whether a text is a quotation but for what is said of it: an arrow may begin a line, too, that goes on. */
export function isQuoted(head: TextHead): boolean {
  const { bytes } = head;
  const lines = linesOf(head).filter(({ start, end }) => !isEmpty(bytes, start, end));
  const isMarked = (start: number): boolean => bytes[start] === GREATER;
  const marked = lines.filter(({ start }) => isMarked(start)).length;
  return marked * 2 > lines.length && shareOfLines(head, isMarked) >= NEARLY_EVERY;
}

/** Share of the lines of a quotation that have its mark. */
const NEARLY_EVERY = 0.8;

/**
 * Fronts that lines of a text share with the line before them, most usual first. Of two that are in as many lines the
 * longer one is told alone.
 */
export function frontsOf(head: TextHead): Front[] {
  const counts = new Map<string, number>();
  let before: { readonly start: number; readonly end: number } | null = null;
  let lines = 0;
  for (const { start, end } of linesOf(head)) {
    // Bytes that dumps have in common are no front.
    if (isEmpty(head.bytes, start, end) || isListDump(head.bytes, start, end)) continue;
    if (before !== null)
      for (const front of sharedFronts(head.bytes, before.start, before.end, start, end))
        if (counts.has(front) || counts.size < MAX_KNOWN) counts.set(front, (counts.get(front) ?? 0) + 1);
    before = { start, end };
    if (++lines >= SAMPLE_LINES) break;
  }
  const sorted = [...counts].sort(([a, ofA], [b, ofB]) => ofB - ofA || b.length - a.length);
  const told: [string, number][] = [];
  for (const [front, count] of sorted) {
    if (told.length >= MAX_FRONTS) break;
    if (!told.some(([longer, ofLonger]) => ofLonger === count && longer.startsWith(front))) told.push([front, count]);
  }
  // Blanks in front of a number belong to it in the longer ones.
  const blanks = sorted.filter(([front]) => front.trim() === '').slice(0, 1);
  const fronts = new Set([...told, ...blanks].flatMap(([front]) => [front, ...shorterOnes(front)]));
  return [...fronts].filter((front) => !endsInCell(front) && !DUMP.test(front)).map(codesOf);
}

const codesOf = (front: string): Front =>
  Array.from(front, (character) => CODES.get(character) ?? character.charCodeAt(0));

/**
 * What else may be the front where all lines share more: with fewer blanks at its end, which lines may begin with by
 * themselves, and what is in front of a time, of a quoted cell, or of an object or element.
 */
function shorterOnes(front: string): string[] {
  const shorter: string[] = [];
  if (front.startsWith(QUOTES_TEXT)) shorter.push(QUOTES_TEXT);
  const bare = front.trimEnd();
  for (const blanks of [0, 1, 2, 4, 8])
    if (blanks < front.length - bare.length) shorter.push(front.slice(0, bare.length + blanks));
  // A counter, perhaps behind a file's name.
  const counter = front.indexOf(NUMBER_TEXT);
  if (counter >= 0) shorter.push(front.slice(0, counter + 2));
  for (const beginning of ['"', '{', '<']) {
    const at = front.indexOf(beginning);
    if (at > 0) shorter.push(front.slice(0, at));
  }
  for (const time of [...DATE_AND_CLOCK, CLOCK])
    for (let at = front.indexOf(time, 1); at >= 0; at = front.indexOf(time, at + 1)) {
      const before = front.slice(0, at);
      // Two numbers have blanks between them, which belong to the second one here.
      if (before.endsWith(NUMBER_TEXT)) shorter.push(`${before}\t`, `${before} `);
      else shorter.push(before);
    }
  return shorter.filter((one) => one !== '' && !isWord(one.charCodeAt(one.length - 1)));
}

/** Whether a front ends within a quoted cell that has others in front of it: it is a part of a row. */
const endsInCell = (front: string): boolean =>
  front.includes('","') && !front.endsWith('"') && front.split('"').length % 2 === 0;

/** What lines of a dump have in common: `0x0010:`. */
const DUMP = /^[ \t]*\u0100x[\u0100a-f]{1,4}:/;

/** `HH:MM:SS`. */
const CLOCK = '\u0100:\u0100:\u0100';

/** Whether a front has a number with a fraction, or ends in front of one; no part of an address or of a time of the day. */
export const hasFraction = (front: Front): boolean =>
  front.some(
    (code, at) =>
      code === NUMBER &&
      front[at + 1] === POINT &&
      (front[at + 2] ?? NUMBER) === NUMBER &&
      front[at + 3] !== POINT &&
      !PARTS.has(front[at - 1] ?? SPACE),
  );

/** What stands in front of a further part of a number: `10.0.0`, `12:00:00`. */
const PARTS: ReadonlySet<number> = new Set([POINT, 0x3a]);

/** How the time in a front is written; `none` where it has none. */
export function timeStyleOf(front: Front): 'date' | 'time-of-day' | 'none' {
  const text = String.fromCharCode(...front.map((code) => (code === NUMBER ? 0x100 : code === QUOTES ? 0x101 : code)));
  if (DATE_AND_CLOCK.some((date) => text.includes(date))) return 'date';
  return text.includes(CLOCK) ? 'time-of-day' : 'none';
}

/** The blank between them belongs to the number behind it. */
const DATE_AND_CLOCK = ['-', '/'].flatMap((by) => ['T', ''].map((gap) => `\u0100${by}\u0100${by}\u0100${gap}${CLOCK}`));

/** Takes the time that a line has in its front, `[start, end)`. */
export function takeFrontTime(
  time: TimeValue,
  style: 'date' | 'time-of-day',
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  for (let at = start; at < end; at++) {
    if (!isDigit(bytes[at]!) || (at > start && isDigit(bytes[at - 1]!))) continue;
    if (time.take(scanner.set(bytes, at, end), style)) return true;
  }
  return false;
}

const scanner = new Scanner();

/** What stands for {@link NUMBER} and {@link QUOTES} where a front is a text: no byte is one of these characters. */
const NUMBER_TEXT = '\u0100';
const QUOTES_TEXT = '\u0101';
const CODES: ReadonlyMap<string, number> = new Map([
  [NUMBER_TEXT, NUMBER],
  [QUOTES_TEXT, QUOTES],
]);

/** The fronts that two lines share, shortest first: each ends behind a character that is no letter and no digit. */
function sharedFronts(bytes: Uint8Array, a: number, endA: number, b: number, endB: number): string[] {
  const fronts: string[] = [];
  let front = '';
  let i = a;
  let j = b;
  if (bytes[i] === GREATER && bytes[j] === GREATER) {
    i = behindQuotes(bytes, i, endA);
    j = behindQuotes(bytes, j, endB);
    fronts.push((front = QUOTES_TEXT));
  }
  // Where the blanks begin that the front ends in, which a number behind them takes in.
  let [blanksA, blanksB, withoutBlanks] = [i, j, front];
  while (i < endA && j < endB && front.length < MAX_FRONT) {
    const [isNumberA, isNumberB] = [isDigit(bytes[i]!), isDigit(bytes[j]!)];
    const mayAlign = blanksA < i && ((isNumberA && isBlank(bytes[j]!)) || (isNumberB && isBlank(bytes[i]!)));
    if ((isNumberA && isNumberB) || mayAlign) {
      const [afterA, afterB] = [behindNumber(bytes, i, endA), behindNumber(bytes, j, endB)];
      if (mayAlign && (afterA < 0 || afterA - blanksA !== afterB - blanksB)) break;
      [i, j] = [afterA, afterB];
      front = withoutBlanks + NUMBER_TEXT;
    } else {
      if (bytes[i] !== bytes[j]) break;
      const c = bytes[i]!;
      front += String.fromCharCode(c);
      i++;
      j++;
      if (!isLetter(c)) fronts.push(front);
      if (isBlank(c)) continue;
    }
    [blanksA, blanksB, withoutBlanks] = [i, j, front];
  }
  return fronts;
}

/** Behind blanks and the number after them; -1 where there is none. */
function behindNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(bytes[at]!)) at++;
  const from = at;
  while (at < end && isDigit(bytes[at]!)) at++;
  return at > from ? at : -1;
}

const isWord = (c: number): boolean => c === 0x100 || isLetter(c);
const isLetter = (c: number): boolean =>
  (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || (c >= 0x80 && c < 0x100);
