import { grown, roomFor } from '../bytes/columns';

const FIRST_ROWS = 1024;

/** Which lines each packet of a text trace is: columns by frame, in ascending order. */
export class LineIndex {
  length = 0;
  private first = new Uint32Array(FIRST_ROWS);
  private count = new Uint16Array(FIRST_ROWS);

  /** Adds the next frame: its first line, 1-based, and how many lines it is. */
  add(first: number, count: number): void {
    const row = this.length++;
    if (row === this.first.length) {
      const room = roomFor(row + 1, row, 0);
      this.first = grown(this.first, room);
      this.count = grown(this.count, room);
    }
    this.first[row] = first;
    this.count[row] = Math.min(count, 0xffff);
  }

  linesOf(frame: number): { readonly first: number; readonly count: number } {
    return { first: this.first[frame]!, count: this.count[frame]! };
  }

  /** The frame that a line belongs to; -1 where it belongs to none. */
  frameAt(line: number): number {
    const frame = this.frameFrom(line);
    return frame < this.length && this.first[frame]! <= line ? frame : -1;
  }

  /** The first frame that ends at or behind a line, by binary search; {@link length} where all end before it. */
  frameFrom(line: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.first[middle]! + this.count[middle]! <= line) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
