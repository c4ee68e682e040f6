import type { TextMark } from '../model/text';
import type { MarkId, Marks } from '../text/marks';
import { NEWLINE } from '../text/scan';

/** Collects marks of a packet's lines, and then says them by line and column. */
export class MarkList implements Marks {
  private readonly found: { readonly id: MarkId; readonly start: number; readonly end: number }[] = [];

  mark(id: MarkId, start: number, end: number): void {
    if (end > start) this.found.push({ id, start, end });
  }

  /**
   * The marks by line and by column in UTF-16 code units, in the order of the text; one that goes on behind a line
   * break is one a line.
   *
   * @param lines the lines of a packet in UTF-8, as they were parsed
   * @param first 1-based number of the first
   */
  placed(lines: Uint8Array, first: number): TextMark[] {
    const marks = this.found.sort((a, b) => a.start - b.start || b.end - a.end);
    const placed: TextMark[] = [];
    let at = 0;
    let line = first;
    let column = 0;
    const forward = (to: number): void => {
      for (; at < to; at++) {
        const byte = lines[at]!;
        if (byte === NEWLINE) {
          line++;
          column = 0;
        } else column += unitsOf(byte);
      }
    };
    for (const { id, start, end } of marks) {
      forward(start);
      const from = column;
      let width = 0;
      let within = line;
      let start16 = from;
      for (let i = start; i < end; i++) {
        const byte = lines[i]!;
        if (byte !== NEWLINE) {
          width += unitsOf(byte);
          continue;
        }
        if (width > 0) placed.push({ id, line: within, start: start16, end: start16 + width });
        within++;
        start16 = 0;
        width = 0;
      }
      if (width > 0) placed.push({ id, line: within, start: start16, end: start16 + width });
    }
    return placed;
  }
}

/** UTF-16 code units that begin with a byte of UTF-8: none with one that goes on, two where there are four bytes. */
const unitsOf = (byte: number): number => ((byte & 0xc0) === 0x80 ? 0 : byte >= 0xf0 ? 2 : 1);
