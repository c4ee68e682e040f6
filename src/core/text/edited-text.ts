import { joined } from '../bytes/joined';
import type { ByteSource } from '../bytes/source';
import type { LineEdit } from '../model/text';
import { PacketMemory } from './packet-memory';
import { NEWLINE } from './scan';
import { Splices } from './splices';

const LINE_BREAK = Uint8Array.of(NEWLINE);

/** A text is kept in pieces of about so many bytes, each made of whole lines. */
const BLOCK_BYTES = 1 << 16;

interface Block {
  readonly bytes: Uint8Array;
  /** Line breaks in it. */
  readonly breaks: number;
}

/** A text in UTF-8 that is edited while it is read: who reads it has it as it was when the reading began. */
export class EditedText {
  private blocks: readonly Block[];
  private memory: PacketMemory | null = null;
  /** What has changed since the text that {@link memory} is about. */
  private readonly changes = new Splices();
  private reading: PacketMemory | null = null;

  /** @param bytes lines with `\n` between them; kept, not copied */
  constructor(bytes: Uint8Array) {
    this.blocks = blocksOf(bytes);
  }

  /** Takes in edits, none of which touches another one's lines; all count lines as they were before the first. */
  edit(edits: readonly LineEdit[]): void {
    for (const { first, count, lines } of [...edits].sort((a, b) => b.first - a.first)) {
      const start = this.offsetOf(first);
      const isLast = first + count > this.breaks();
      const end = isLast ? this.size() : this.offsetOf(first + count);
      this.replace(start, end, isLast ? lines : joined([lines, LINE_BREAK]));
    }
  }

  /** The text as it is now. */
  source(): ByteSource {
    const { blocks } = this;
    const starts = new Float64Array(blocks.length + 1);
    blocks.forEach(({ bytes }, i) => (starts[i + 1] = starts[i]! + bytes.length));
    const size = starts[blocks.length]!;
    return {
      size,
      read(position, target, at, length) {
        if (position >= size) return 0;
        let low = 0;
        let high = blocks.length - 1;
        while (low < high) {
          const middle = (low + high + 1) >>> 1;
          if (starts[middle]! <= position) low = middle;
          else high = middle - 1;
        }
        const { bytes } = blocks[low]!;
        const from = position - starts[low]!;
        const count = Math.min(length, bytes.length - from);
        target.set(bytes.subarray(from, from + count), at);
        return count;
      },
    };
  }

  /**
   * Begins a reading of the text as it is now: what is to be remembered of it, with what is remembered of the text
   * before it was changed. A reading before that is not {@link finished} is given up.
   */
  read(): PacketMemory {
    // Of a text that was never read to its end, the beginning is something to go on with.
    if (this.memory === null && this.reading !== null) this.memory = this.reading;
    this.reading = new PacketMemory(this.memory, this.changes);
    return this.reading;
  }

  /** The reading that began last has come to the end of the text. */
  finished(): void {
    if (this.reading === null) return;
    this.memory = this.reading;
    this.memory.forgetPrevious();
    this.reading = null;
    this.changes.clear();
  }

  private breaks(): number {
    return this.blocks.reduce((sum, block) => sum + block.breaks, 0);
  }

  private size(): number {
    return this.blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Position of the first byte of a line; the end of the text for one behind the last. */
  private offsetOf(line: number): number {
    let before = 0;
    let left = line;
    for (const { bytes, breaks } of this.blocks) {
      if (left === 0) break;
      if (left <= breaks) {
        let at = 0;
        for (; left > 0; left--) at = bytes.indexOf(NEWLINE, at) + 1;
        return before + at;
      }
      left -= breaks;
      before += bytes.length;
    }
    return before;
  }

  private replace(start: number, end: number, by: Uint8Array): void {
    const kept: Block[] = [];
    const pieces: Uint8Array[] = [];
    const behind: Block[] = [];
    let at = 0;
    let isIn = false;
    for (const block of this.blocks) {
      const { bytes } = block;
      const next = at + bytes.length;
      // A text ends behind its last block.
      if (next < start || (next === start && next !== this.size())) kept.push(block);
      else if (at >= end && isIn) behind.push(block);
      else {
        if (!isIn) {
          pieces.push(bytes.subarray(0, start - at), by);
          isIn = true;
        }
        if (next > end) pieces.push(bytes.subarray(Math.max(0, end - at)));
      }
      at = next;
    }
    if (!isIn) pieces.push(by);
    this.blocks = [...kept, ...blocksOf(joined(pieces)), ...behind];
    this.changes.replace(start, end, by.length);
  }
}

function blocksOf(bytes: Uint8Array): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < bytes.length;) {
    const last = at + BLOCK_BYTES < bytes.length ? bytes.indexOf(NEWLINE, at + BLOCK_BYTES) : -1;
    const end = last < 0 ? bytes.length : last + 1;
    const piece = bytes.subarray(at, end);
    let breaks = 0;
    for (let i = piece.indexOf(NEWLINE); i >= 0; i = piece.indexOf(NEWLINE, i + 1)) breaks++;
    blocks.push({ bytes: piece, breaks });
    at = end;
  }
  return blocks;
}
