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

/**
 * How many of the lines that are not empty have something, up to the last that has it: from the first that has it, or
 * from the one at `from`.
 *
 * @returns a share in [0, 1]; 0 where none has it
 */
export function shareOfLines(head: TextHead, has: (start: number, end: number) => boolean, from = -1): number {
  let lines = 0;
  let withIt = 0;
  let before = 0;
  for (const { start, end } of linesOf(head)) {
    if (end <= from || isEmpty(head.bytes, start, end)) continue;
    const hasIt = has(start, end);
    if (!hasIt && withIt === 0 && from < 0) continue;
    before++;
    if (!hasIt) continue;
    lines += before;
    before = 0;
    withIt++;
  }
  return lines === 0 ? 0 : withIt / lines;
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
