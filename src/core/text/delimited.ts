import { isBlank } from './scan';

/** Where the cells of a line are, quotes left out: `[start, end)` pairs; one object, filled anew for every line. */
export class Cells {
  readonly bounds: number[] = [];
  count = 0;

  start(cell: number): number {
    return this.bounds[2 * cell]!;
  }

  end(cell: number): number {
    return this.bounds[2 * cell + 1]!;
  }

  add(start: number, end: number): void {
    this.bounds[2 * this.count] = start;
    this.bounds[2 * this.count + 1] = end;
    this.count++;
  }
}

/** Cells of one line that are looked at. */
const MAX_CELLS = 256;

const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;

/** In place of a separator: any number of blanks, which a page or a terminal shows for tabs. No cell is empty then. */
export const BLANKS = -1;

/**
 * Splits `[start, end)` at `separator`, which in quotes is none. A quoted cell may have doubled or escaped quotes in it;
 * they stay as they are.
 */
export function splitCells(bytes: Uint8Array, start: number, end: number, separator: number, cells: Cells): void {
  cells.count = 0;
  let at = start;
  if (separator === BLANKS) {
    splitAtBlanks(bytes, start, end, cells);
    return;
  }
  while (cells.count < MAX_CELLS) {
    const quote = at < end ? bytes[at]! : 0;
    if (quote === DOUBLE_QUOTE || quote === SINGLE_QUOTE) {
      let close = at + 1;
      while (close < end) {
        if (bytes[close] === 0x5c) close++;
        else if (bytes[close] === quote) {
          if (bytes[close + 1] !== quote || close + 1 >= end) break;
          close++;
        }
        close++;
      }
      cells.add(at + 1, Math.min(close, end));
      at = close + 1;
      while (at < end && bytes[at] !== separator) at++;
    } else {
      const from = at;
      while (at < end && bytes[at] !== separator) at++;
      cells.add(from, at);
    }
    if (at >= end) return;
    at++;
  }
}

function splitAtBlanks(bytes: Uint8Array, start: number, end: number, cells: Cells): void {
  for (let at = start; at < end && cells.count < MAX_CELLS;) {
    while (at < end && isBlank(bytes[at]!)) at++;
    const from = at;
    while (at < end && !isBlank(bytes[at]!)) at++;
    if (at > from) cells.add(from, at);
  }
}

/** Separators, most usual first; the one that makes most cells of a header line is the one. */
const SEPARATORS = [0x09, 0x2c, 0x3b, 0x7c, 0x20];

/** The separator of a header line. */
export function separatorOf(bytes: Uint8Array, start: number, end: number): number {
  const cells = new Cells();
  let best = SEPARATORS[0]!;
  let most = 0;
  for (const separator of SEPARATORS) {
    splitCells(bytes, start, end, separator, cells);
    if (cells.count > most) {
      most = cells.count;
      best = separator;
    }
  }
  return best;
}
