import type { Side } from '../model/segment';
import type { StreamFindProgress, StreamSearch } from '../model/stream';

/** Matches that are kept; the search ends there, so that a search for what stands everywhere is bounded, too. */
export const MAX_MATCHES = 100_000;

/** Bytes of one side that a display shows in one place, or a gap. */
export interface SearchedBlock {
  readonly direction: { readonly side: Side };
  readonly start: number;
  readonly end: number;
  readonly gap: boolean;
}

/** Bytes `[start, end)` of a side. */
interface Match {
  readonly side: Side;
  readonly start: number;
  readonly end: number;
}

type ReadBlock<B> = (
  block: B,
  start: number,
  end: number,
) => Iterable<{ readonly offset: number; readonly length: number; readonly bytes: Uint8Array }>;

/**
 * Finds bytes in what a display of a stream shows: in each side's bytes by themselves, however segments cut them and
 * whatever the other side says between, and never across bytes that are not there. Matches do not overlap, the first
 * one counts; they are in the order in which the display shows their ends.
 *
 * By Knuth, Morris and Pratt: every byte is read once, whatever is searched, and nothing but a number is kept from one
 * piece to the next.
 */
export class StreamFind<B extends SearchedBlock> {
  private readonly wanted: Uint8Array;
  /** Of the first `i + 1` wanted bytes: the longest beginning of what is wanted that they end with, but not all. */
  private readonly fallBack: Int32Array;
  private readonly fold: Uint8Array;
  /** How many of the wanted bytes each side's last bytes were. */
  private readonly matched: Record<Side, number> = { client: 0, server: 0 };
  private block = 0;
  private at = -Infinity;
  private searched = 0;
  /** Of each match: the block that it ends in, and the first byte behind it. */
  private readonly blocksOfEnds: number[] = [];
  private readonly ends: number[] = [];

  constructor(
    private readonly blocks: readonly B[],
    /** Bytes in all blocks. */
    private readonly total: number,
    { bytes, ignoreCase }: StreamSearch,
    private readonly read: ReadBlock<B>,
  ) {
    this.fold = Uint8Array.from({ length: 256 }, (_, byte) => (ignoreCase ? lowerCase(byte) : byte));
    this.wanted = Uint8Array.from(bytes, (byte) => this.fold[byte]!);
    this.fallBack = fallBacks(this.wanted);
  }

  get progress(): StreamFindProgress {
    const { total, searched, ends } = this;
    return {
      done: this.isDone,
      share: this.isDone ? 1 : searched / Math.max(1, total),
      matches: ends.length,
      more: this.block < this.blocks.length && ends.length >= MAX_MATCHES,
    };
  }

  private get isDone(): boolean {
    return this.block >= this.blocks.length || this.ends.length >= MAX_MATCHES;
  }

  /** Searches the next bytes, about as many as said. */
  step(bytes: number): void {
    for (let left = bytes; left > 0 && !this.isDone;) {
      const block = this.blocks[this.block]!;
      const start = Math.max(block.start, this.at);
      const end = Math.min(block.end, start + left);
      if (block.gap) this.matched[block.direction.side] = 0;
      else
        for (const piece of this.read(block, start, end)) {
          this.searchPiece(block.direction.side, piece.offset, piece.bytes);
          // The rest was cut off by the capture.
          if (piece.bytes.length < piece.length) this.matched[block.direction.side] = 0;
          if (this.ends.length >= MAX_MATCHES) return;
        }
      // A gap costs something as well: there may be many.
      left -= block.gap ? 1 : end - start;
      if (!block.gap) this.searched += end - start;
      this.at = end;
      if (block.gap || end >= block.end) {
        this.block++;
        this.at = -Infinity;
      }
    }
  }

  private searchPiece(side: Side, offset: number, bytes: Uint8Array): void {
    const { wanted, fallBack, fold } = this;
    let matched = this.matched[side];
    for (let i = 0; i < bytes.length; i++) {
      const byte = fold[bytes[i]!]!;
      while (matched > 0 && wanted[matched] !== byte) matched = fallBack[matched - 1]!;
      if (wanted[matched] === byte) matched++;
      if (matched < wanted.length) continue;
      matched = 0;
      this.blocksOfEnds.push(this.block);
      this.ends.push(offset + i + 1);
      if (this.ends.length >= MAX_MATCHES) return;
    }
    this.matched[side] = matched;
  }

  /** A match by its number from 0, with the block that its first byte is in; `null` where there is none. */
  match(index: number): (Match & { readonly block: number }) | null {
    if (index >= this.ends.length) return null;
    const match = this.found(index);
    let block = this.blocksOfEnds[index]!;
    // A match is shorter than `bytes` can be, and so is this way.
    while (block > 0 && !this.holds(block, match)) block--;
    return { ...match, block };
  }

  /** The first match that ends behind a place of a block or in a later block, as its number, or -1. */
  firstBehind(block: number, at: number): number {
    const index = this.bisect(block, at);
    return index < this.ends.length ? index : -1;
  }

  /** The matches with bytes in `[start, end)` of a block, in order. */
  within(block: number, start: number, end: number): Match[] {
    const found: Match[] = [];
    let index = this.bisect(block, start);
    for (; this.blocksOfEnds[index] === block && this.ends[index]! - this.wanted.length < end; index++)
      found.push(this.found(index));
    // One that begins here and ends in a later block of this side.
    const {
      direction: { side },
      end: blockEnd,
    } = this.blocks[block]!;
    if (blockEnd - end + 2 > this.wanted.length) return found;
    const reach = end + this.wanted.length;
    for (let later = block + 1; later < this.blocks.length; later++) {
      const { direction, gap, start: laterStart } = this.blocks[later]!;
      if (direction.side !== side) continue;
      if (gap || laterStart >= reach) break;
      const first = this.bisect(later, laterStart);
      if (this.blocksOfEnds[first] !== later) continue;
      const match = this.found(first);
      if (match.start < end) found.push(match);
      break;
    }
    return found;
  }

  private found(index: number): Match {
    const end = this.ends[index]!;
    const { side } = this.blocks[this.blocksOfEnds[index]!]!.direction;
    return { side, start: end - this.wanted.length, end };
  }

  private holds(index: number, { side, start }: Match): boolean {
    const block = this.blocks[index]!;
    return block.direction.side === side && !block.gap && block.start <= start;
  }

  /** The number of the first match that ends behind a place of a block, or in a later block. */
  private bisect(block: number, at: number): number {
    let low = 0;
    let high = this.ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const of = this.blocksOfEnds[middle]!;
      if (of < block || (of === block && this.ends[middle]! <= at)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Of the letters of ASCII; what others are the same in another case depends on the encoding and the language. */
const lowerCase = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);

function fallBacks(wanted: Uint8Array): Int32Array {
  const table = new Int32Array(wanted.length);
  for (let i = 1, length = 0; i < wanted.length; i++) {
    while (length > 0 && wanted[i] !== wanted[length]) length = table[length - 1]!;
    if (wanted[i] === wanted[length]) length++;
    table[i] = length;
  }
  return table;
}
