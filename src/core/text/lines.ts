import type { TextHead } from './format';
import { isBlank, NEWLINE, RETURN } from './scan';

/** A line without its line break, as indexes. */
export interface Line {
  readonly start: number;
  readonly end: number;
}

/** Index of the line break behind `from`, or `end`. */
export function endOfLine(bytes: Uint8Array, from: number, end: number): number {
  const at = bytes.indexOf(NEWLINE, from);
  return at < 0 || at > end ? end : at;
}

/** Whether a line has nothing but blanks. */
export function isEmpty(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && isBlank(bytes[at]!)) at++;
  return at >= end;
}

/** Behind the last character of a line that is no blank. */
export function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && (isBlank(bytes[at - 1]!) || bytes[at - 1] === RETURN)) at--;
  return at;
}

const known = new WeakMap<TextHead, readonly Line[]>();

/** The whole lines of the beginning of a text, found once for each: every format looks at them. */
export function linesOf(head: TextHead): readonly Line[] {
  const found = known.get(head);
  if (found !== undefined) return found;
  const lines = findLines(head);
  known.set(head, lines);
  return lines;
}

function findLines({ bytes, start, end }: TextHead): Line[] {
  const lines: Line[] = [];
  for (let at = start; at < end;) {
    const next = endOfLine(bytes, at, end);
    lines.push({ start: at, end: next > at && bytes[next - 1] === RETURN ? next - 1 : next });
    at = next + 1;
  }
  return lines;
}
