import { BareLines, type Coat } from './bare-lines';
import type { Framer } from './format';
import { endOfLine } from './lines';
import { isSpace } from './scan';

/** Finds the packets of a structure whose lines have a coat: looks through the lines without it. */
export class BareFramer implements Framer {
  readonly takesLines = true as const;
  behind = -1;
  private readonly lines: BareLines;
  /** What is left of a line behind a packet has no front any more. */
  private readonly rest: BareLines;
  /** What is looked through next does not begin a line. */
  private isRest = false;

  constructor(
    private readonly inner: Framer,
    private readonly coat: Coat,
  ) {
    this.lines = new BareLines(coat);
    this.rest = new BareLines({ ...coat, member: null, front: [] });
  }

  feed(bytes: Uint8Array, at: number, end: number): number {
    const { inner, coat } = this;
    // Of a long packet the beginning may be no longer in `bytes`.
    let start = at - this.behind;
    for (let from = at; from < end;) {
      const to = endOfLine(bytes, from, end);
      const isWhole = !this.isRest;
      this.isRest = to === end;
      // The rest of a log's record is none of the text that was logged.
      const bare = isWhole || coat.member === null ? (isWhole ? this.lines : this.rest).set(bytes, from, to) : null;
      if (bare !== null) {
        const wasInside = inner.behind >= 0;
        const found = inner.feed(bare.bytes, 0, bare.length + (to < end ? 1 : 0));
        const began = (found < 0 ? bare.length + (to < end ? 1 : 0) : found) - inner.behind;
        if (!wasInside && inner.behind >= 0) start = this.placeOf(bare, Math.max(0, began), isWhole, from);
        if (found >= 0) {
          const stop = coat.member === null ? Math.min(bare.originBehind(Math.min(found, bare.length)), to) : to;
          this.behind = stop - start;
          this.isRest = true;
          return stop;
        }
      }
      from = to + 1;
    }
    this.behind = inner.behind < 0 ? -1 : end - start;
    return -1;
  }

  /** Where a packet begins: with its line, where nothing but a coat stands in front of it. */
  private placeOf(bare: BareLines, began: number, isWhole: boolean, lineStart: number): number {
    if (!isWhole) return bare.originOf(began);
    let at = 0;
    while (at < began && isSpace(bare.bytes[at]!)) at++;
    return at === began || this.coat.member !== null ? lineStart : bare.originOf(began);
  }

  reset(): void {
    this.behind = -1;
    this.inner.reset();
  }
}
