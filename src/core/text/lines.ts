import type { TextHead } from './format';
import { isBlank, NEWLINE, RETURN } from './scan';

/** A line without its line break, as indexes. */
export interface Line {
  start: number;
  end: number;
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

/** The whole lines of the beginning of a text; the object is the same for each of them. */
export function* linesOf({ bytes, start, end }: TextHead): Generator<Line> {
  const line = { start: 0, end: 0 };
  for (let at = start; at < end;) {
    const found = bytes.indexOf(NEWLINE, at);
    const next = found < 0 || found >= end ? end : found;
    line.start = at;
    line.end = next > at && bytes[next - 1] === RETURN ? next - 1 : next;
    yield line;
    at = next + 1;
  }
}
