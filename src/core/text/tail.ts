import type { TextHead } from './format';
import { shareOfLines, trimmedEnd } from './lines';
import { ascii, isDigit, isLetter, startsWith } from './scan';

/** What stands behind every line of a text: the edge of a table, a line break of a page. */
export const TAILS = ['|', '<br>', '<br/>', '<br />'] as const;
export type Tail = (typeof TAILS)[number];

const BYTES: ReadonlyMap<Tail, Uint8Array> = new Map(TAILS.map((tail) => [tail, ascii(tail)]));

/** Index in front of the tail of a line, and of the blanks in front of that; -1 where it has none. */
export function tailStart(tail: Tail, bytes: Uint8Array, start: number, end: number): number {
  const text = BYTES.get(tail)!;
  const at = trimmedEnd(bytes, start, end) - text.length;
  return at >= start && startsWith(bytes, at, end, text) ? trimmedEnd(bytes, start, at) : -1;
}

/** Share of the lines with a tail from which on it belongs to none of them. */
const NEARLY_EVERY = 0.9;

/** The tail that lines of a text have; `null` where they have none. */
export const tailOf = (head: TextHead): Tail | null =>
  TAILS.find(
    (tail) =>
      shareOfLines(
        head,
        (start, end) =>
          tailStart(tail, head.bytes, start, end) >= 0 && (tail !== EDGE || beginsRow(head.bytes, start, end)),
      ) >= NEARLY_EVERY,
  ) ?? null;

const EDGE = '|';
const EDGE_BYTE = 0x7c;

/** Whether a table's edge stands in front of the line, too: in a dump a byte may look like it. */
function beginsRow(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && bytes[at] !== EDGE_BYTE && !isLetter(bytes[at]!) && !isDigit(bytes[at]!)) at++;
  return bytes[at] === EDGE_BYTE && at < end - 1;
}
