import { BareLines, type Coat } from './bare-lines';
import type { Framer } from './format';
import { endOfLine } from './lines';
import { isSpace, NEWLINE } from './scan';

/** Bytes of the rest of a line that are looked at together: of many packets in one line each would look at all of it. */
const PIECE_BYTES = 512;

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
      const isWhole = !this.isRest;
      const to = isWhole ? endOfLine(bytes, from, end) : pieceEnd(bytes, from, end);
      const isEnded = to < end && bytes[to] === NEWLINE;
      this.isRest = !isEnded;
      // The rest of a log's record is none of the text that was logged.
      const bare = isWhole || coat.member === null ? (isWhole ? this.lines : this.rest).set(bytes, from, to) : null;
      if (bare !== null) {
        const wasInside = inner.behind >= 0;
        const length = bare.length + (isEnded ? 1 : 0);
        const found = inner.feed(bare.bytes, 0, length);
        const began = (found < 0 ? length : found) - inner.behind;
        if (!wasInside && inner.behind >= 0) start = this.placeOf(bare, Math.max(0, began), isWhole, from);
        if (found >= 0) {
          const stop = coat.member === null ? Math.min(bare.originBehind(Math.min(found, bare.length)), to) : to;
          this.behind = stop - start;
          this.isRest = true;
          return stop;
        }
      }
      from = isEnded ? to + 1 : to;
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

/** Where a line ends, or a piece of it behind which no character goes on that is part of a coat. */
function pieceEnd(bytes: Uint8Array, start: number, end: number): number {
  const stop = Math.min(end, start + PIECE_BYTES);
  for (let at = start; at < stop; at++) if (bytes[at] === NEWLINE) return at;
  if (stop === end) return end;
  for (let at = stop; at > start; at--) if (bytes[at - 1] === COMMA || bytes[at - 1] === GREATER) return at;
  return stop;
}

const COMMA = 0x2c;
const GREATER = 0x3e;
