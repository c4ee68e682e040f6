import { isDumpLabel } from './dump-labels';
import type { TextHead } from './format';
import { endsDumpLine, followsInDump } from './hex-lines';
import { isEmpty, linesOf, trimmedEnd } from './lines';
import { hexDigit, isBlank, isDigit, RETURN, SPACE, TAB } from './scan';

/** How lines were broken that were too long for something, over all of a text. */
export interface Wrapping {
  /** Characters that a line has at most. */
  readonly columns: number;
  /** Between words, as mailers do and `fold -s`; else where the columns end, as terminals do, or `fold`, which counts bytes. */
  readonly broken: 'between words' | 'at columns' | 'at bytes';
  /** What lines begin with that do not go on from another one: see {@link beginningOf}. */
  readonly beginnings: ReadonlySet<string>;
}

/** Columns of the widest terminal whose lines are put together again: what tcpdump prints is seldom longer. */
const MOST_COLUMNS = 240;
const FEWEST_COLUMNS = 20;
/** Lines that go on from others: one may be an accident, unless there are hardly any. */
const FEWEST_RESTS = 2;
const FEW_LINES = 8;
/** Beginnings that are told apart. */
const MAX_BEGINNINGS = 100;

/** Characters in UTF-8. */
function columnsOf(bytes: Uint8Array, start: number, end: number): number {
  let columns = 0;
  for (let at = start; at < end; at++) if ((bytes[at]! & 0xc0) !== 0x80) columns++;
  return columns;
}

/**
 * How a line begins, which tells that of a packet from the rest of another one: its first two words, with one digit for
 * each number (`9:9:9.9 IP`) and one form for all addresses of IPv6, and for all rows of CSV; where the first has numbers
 * and what stands between them alone, such as a time, that.
 */
function beginningOf(bytes: Uint8Array, start: number, end: number): string {
  const first = wordEnd(bytes, start, end);
  const word = shapeOf(bytes, start, first);
  // A packet may be older than the one that times count from.
  const fraction = word === '9.9' || word === '-9.9' ? secondsFraction(bytes, start, first) : 0;
  if (fraction > 0) return `seconds ${fraction}`;
  // A row of CSV is a long word, of which the columns behind the first one may end anywhere.
  if (BEGINS_ROW.test(word)) return ROW;
  if (/^9[^\w]+9/.test(word) && !/[a-z]/i.test(word)) return word;
  let second = first;
  while (second < end && isBlank(bytes[second]!)) second++;
  const behind = wordEnd(bytes, second, end);
  return `${word} ${isIpv6(bytes, second, behind) ? '::' : shapeOf(bytes, second, behind)}`;
}

/** Hexadecimal digits with colons between them, more than a time of the day has, or two beside each other; or a port behind. */
function isIpv6(bytes: Uint8Array, start: number, end: number): boolean {
  let colons = 0;
  let isShort = false;
  for (let at = start; at < end && bytes[at] !== POINT; at++) {
    const isColon = bytes[at] === COLON;
    if (!isColon && hexDigit(bytes[at]!) < 0) return false;
    if (isColon) colons++;
    isShort ||= isColon && bytes[at + 1] === COLON;
  }
  return colons > 2 || isShort;
}

/** Digits behind the point of a time in seconds, `1700000000.123456`; 0 where there is none. */
function secondsFraction(bytes: Uint8Array, start: number, end: number): number {
  const point = bytes.subarray(start, end).indexOf(POINT);
  const digits = end - start - point - 1;
  // No part of an address has so many.
  return point >= 1 && digits >= 6 ? digits : 0;
}

const POINT = 0x2e;
const COLON = 0x3a;

function wordEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && !isBlank(bytes[at]!) && bytes[at] !== RETURN) at++;
  return at;
}

/** Whether a line has no space behind its first word, at which it could be broken: of payloads, tabs are what they hold. */
function isUnbreakable(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && isBlank(bytes[at]!)) at++;
  return !bytes.subarray(at, end).includes(SPACE);
}

/** Characters of a word that are looked at. */
const MAX_SHAPE = 48;

function shapeOf(bytes: Uint8Array, start: number, end: number): string {
  let shape = '';
  for (let at = start; at < Math.min(end, start + MAX_SHAPE); at++)
    if (!isDigit(bytes[at]!)) shape += String.fromCharCode(bytes[at]!);
    else if (!shape.endsWith('9')) shape += '9';
  return shape;
}

/** Blanks to put between a line and the one in front of it, from which it goes on; -1 where it does not. */
export function goesOn(
  { columns, broken, beginnings }: Wrapping,
  bytes: Uint8Array,
  lastStart: number,
  lastEnd: number,
  start: number,
  end: number,
): number {
  const ofDump = broken === 'between words' ? endsDumpLine(bytes, lastStart, lastEnd, start, end) : 'nothing';
  // Bytes and their text have two between them at least.
  if (ofDump !== 'nothing') return ofDump === 'a part' ? 1 : 2;
  const isRest =
    mayGoOn(columns, broken, bytes, lastStart, lastEnd, start, end) && !beginnings.has(beginningOf(bytes, start, end));
  if (!isRest) return -1;
  return broken === 'between words' ? 1 : 0;
}

/** The shape of a time of the day or of a date, or one in seconds, with which nothing goes on. */
const TIME = /^(?:9([:/-])9\1[9](?:$|[.T ])|seconds )/;

/** What the details of a packet begin with. */
const DETAILS = 'Frame 9:';

/** What a row of Wireshark's CSV begins with: its number or its time. */
const ROW = '"9","';
const BEGINS_ROW = /^"-?9(?:\.9)?","/;

const firstWord = (beginning: string): string => beginning.slice(0, beginning.indexOf(' ') >>> 0);

/** A line whose beginning is so many times as frequent behind a full line as elsewhere is the rest of that. */
const SELDOM = 4;

/** Whether a line may be the rest of the one in front of it. Lines of a dump are as long as each other, and have labels. */
const mayGoOn = (...args: Parameters<typeof isFull>): boolean => {
  const [, broken, bytes, lastStart, lastEnd, start, end] = args;
  return (
    isFull(...args) &&
    !followsInDump(bytes, lastStart, lastEnd, start, end) &&
    (broken === 'between words' || endsDumpLine(bytes, lastStart, lastEnd, start, end) !== 'all its text') &&
    !isDumpLabel(bytes, start, trimmedEnd(bytes, start, end))
  );
};

/** Whether the first word of a line had no room on the line in front of it. */
function isFull(
  columns: number,
  broken: Wrapping['broken'],
  bytes: Uint8Array,
  lastStart: number,
  lastEnd: number,
  start: number,
  end: number,
): boolean {
  if (isEmpty(bytes, start, trimmedEnd(bytes, start, end)) || isEmpty(bytes, lastStart, lastEnd)) return false;
  if (broken !== 'between words') {
    // Two blanks are an indentation, too; one may be where the columns end.
    if (bytes[start] === TAB || (isBlank(bytes[start]!) && isBlank(bytes[start + 1]!))) return false;
    const to = lastEnd - (bytes[lastEnd - 1] === RETURN ? 1 : 0);
    return (broken === 'at bytes' ? to - lastStart : columnsOf(bytes, lastStart, to)) === columns;
  }
  // What tools indent begins a line of its own.
  if (isBlank(bytes[start]!)) return false;
  const last = columnsOf(bytes, lastStart, trimmedEnd(bytes, lastStart, lastEnd));
  // `fold -s` wants room for the blank behind the word as well.
  return last + 1 + columnsOf(bytes, start, wordEnd(bytes, start, end)) >= columns;
}

/**
 * How the lines of the beginning of a text may have been broken, the likelier first; nothing where they are too long for
 * that. Of lines that were broken between words few are full to the last column, of others nearly all.
 */
export function wrappingsOf(head: TextHead): Wrapping[] {
  const { bytes } = head;
  const lines = linesOf(head);
  const found: (Wrapping & { readonly rests: number })[] = [];
  for (const broken of ['between words', 'at columns', 'at bytes'] as const) {
    let columns = 0;
    for (const { start, end } of lines) {
      const last = broken === 'between words' ? trimmedEnd(bytes, start, end) : end;
      // A word that is too long has a line of its own, and cannot be broken.
      if (broken === 'between words' && isUnbreakable(bytes, start, last)) continue;
      columns = Math.max(columns, broken === 'at bytes' ? last - start : columnsOf(bytes, start, last));
    }
    if (columns > MOST_COLUMNS || columns < FEWEST_COLUMNS) continue;
    /** How often a line begins so that goes on from no other one, and that may. */
    const sure = new Map<string, number>();
    const unsure = new Map<string, number>();
    let rests = 0;
    lines.forEach(({ start, end }, i) => {
      const last = lines[i - 1];
      const ofDump =
        last !== undefined && broken === 'between words'
          ? endsDumpLine(bytes, last.start, last.end, start, end)
          : 'nothing';
      if (ofDump !== 'nothing') {
        rests++;
        return;
      }
      const isUnsure = last !== undefined && mayGoOn(columns, broken, bytes, last.start, last.end, start, end);
      const counts = isUnsure ? unsure : sure;
      const beginning = beginningOf(bytes, start, end);
      if (counts.size < MAX_BEGINNINGS || counts.has(beginning))
        counts.set(beginning, (counts.get(beginning) ?? 0) + 1);
    });
    for (const [beginning, times] of sure) if (times * SELDOM < (unsure.get(beginning) ?? 0)) sure.delete(beginning);
    // Where other lines begin with a time written in another way, one may be of what was broken.
    const stamps = new Set([...sure.keys()].filter((beginning) => TIME.test(beginning)).map(firstWord));
    for (const [beginning, times] of unsure)
      if (
        beginning === DETAILS ||
        beginning === ROW ||
        (TIME.test(beginning) && (stamps.size === 0 || stamps.has(firstWord(beginning))))
      )
        sure.set(beginning, times);
    for (const [beginning, times] of unsure) if (!sure.has(beginning)) rests += times;
    if (rests >= (lines.length <= FEW_LINES ? 1 : FEWEST_RESTS))
      found.push({ columns, broken, beginnings: new Set(sure.keys()), rests });
  }
  const words = found.find(({ broken }) => broken === 'between words');
  if (words === undefined) return found;
  const full = found.filter(({ broken, rests }) => broken !== 'between words' && rests * 2 > words.rests);
  return [...full, words];
}
