import type { ByteSource } from './source';

/** Bytes that a window shows at once at the least: the largest record that a capture may hold, and its header. */
export const WINDOW_BYTES = 1 << 20;
/** One read asks the source for this much; larger reads leave the processor's cache (PERFORMANCE: 64 KiB–1 MiB are equal). */
const READ_BYTES = 1 << 18;

/**
 * A movable view of a {@link ByteSource} through one reused buffer, for readers that walk forward.
 *
 * `bytes[i]` is the byte at position `base + i` for `0 <= i < filled`. Moving the window invalidates every index into
 * `bytes`; {@link has} tells whether a range is already there and never moves it.
 */
export class ByteWindow {
  readonly bytes: Uint8Array;
  base = 0;
  filled = 0;

  constructor(
    readonly source: ByteSource,
    capacity = WINDOW_BYTES,
  ) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Whether `[position, position + length)` can be read from `bytes` right now. */
  has(position: number, length: number): boolean {
    return position >= this.base && position + length <= this.base + this.filled;
  }

  /** Index into `bytes` of `position`. */
  at(position: number): number {
    return position - this.base;
  }

  /**
   * Moves the window so that it starts at `position` and holds `length` bytes if the source has them; returns how many
   * bytes it holds from `position` on, which is less than `length` only at the end of the source or when `length`
   * exceeds the window. Reads ahead, so that the next records are there as well.
   * @throws {ReadError} as the source does
   */
  load(position: number, length: number): number {
    const { bytes } = this;
    const end = this.base + this.filled;
    if (position >= this.base && position < end) {
      const kept = end - position;
      if (kept >= length) return kept;
      bytes.copyWithin(0, position - this.base, this.filled);
      this.filled = kept;
    } else {
      this.filled = 0;
    }
    this.base = position;
    const wanted = Math.min(length, bytes.length);
    while (this.filled < wanted) {
      const ask = Math.min(bytes.length - this.filled, READ_BYTES);
      const got = this.source.read(this.base + this.filled, bytes, this.filled, ask);
      if (got <= 0) break;
      this.filled += got;
    }
    return this.filled;
  }
}
