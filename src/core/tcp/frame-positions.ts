const BLOCK_SHIFT = 8;
const BLOCK_FRAMES = 1 << BLOCK_SHIFT;
const BLOCK_MASK = BLOCK_FRAMES - 1;

/** Records follow each other at once, or padded to words, in all formats that do not keep a table of them. */
const ALIGNMENTS = [1, 4] as const;

/** How the records of a block follow each other: their data padded to `alignment`, and `gap` bytes of headers between. */
interface Spacing {
  readonly alignment: number;
  readonly gap: number;
}

/**
 * Where frames are in the file. In most files every record follows the one before at the same distance, so that only the
 * first position of a block is kept, and the others follow from the captured bytes; blocks of which that is not true keep
 * them all.
 */
export class FramePositions {
  private readonly starts: number[] = [];
  private readonly blocks: (Spacing | Float64Array)[] = [];
  /** The last block, which is not whole yet. */
  private readonly last = new Float64Array(BLOCK_FRAMES);
  private spacing: Spacing = { alignment: 1, gap: 0 };
  /** The last one that was reckoned: readers go from frame to frame. */
  private reckoned = -1;
  private reckonedAt = 0;

  /** @param captured bytes captured of a frame, from which its successor's position follows */
  constructor(private readonly captured: (frame: number) => number) {}

  /** Adds the next frame; frames are numbered from 0 without a gap. */
  add(frame: number, position: number): void {
    if ((frame & BLOCK_MASK) === 0) {
      if (frame > 0) this.close(frame - BLOCK_FRAMES);
      this.starts.push(position);
    }
    this.last[frame & BLOCK_MASK] = position;
  }

  /** Position of a frame's first byte in the file. */
  of(frame: number): number {
    const block = this.blocks[frame >>> BLOCK_SHIFT];
    if (block === undefined) return this.last[frame & BLOCK_MASK]!;
    if (block instanceof Float64Array) return block[frame & BLOCK_MASK]!;
    const first = frame & ~BLOCK_MASK;
    const goesOn = this.reckoned >= first && this.reckoned <= frame;
    let at = goesOn ? this.reckoned : first;
    let position = goesOn ? this.reckonedAt : this.starts[frame >>> BLOCK_SHIFT]!;
    for (; at < frame; at++) position += padded(this.captured(at), block.alignment) + block.gap;
    this.reckoned = frame;
    this.reckonedAt = position;
    return position;
  }

  private close(first: number): void {
    if (!this.follows(first, this.spacing)) {
      const found = ALIGNMENTS.map((alignment) => {
        const gap = this.last[1]! - this.last[0]! - padded(this.captured(first), alignment);
        return { alignment, gap };
      }).find((spacing) => this.follows(first, spacing));
      if (found === undefined) {
        this.blocks.push(this.last.slice());
        return;
      }
      this.spacing = found;
    }
    this.blocks.push(this.spacing);
  }

  private follows(first: number, { alignment, gap }: Spacing): boolean {
    const { last } = this;
    for (let i = 0; i < BLOCK_MASK; i++)
      if (last[i + 1] !== last[i]! + padded(this.captured(first + i), alignment) + gap) return false;
    return true;
  }
}

const padded = (bytes: number, alignment: number): number => Math.ceil(bytes / alignment) * alignment;
