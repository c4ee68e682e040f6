import type { ByteSource, ReadAhead } from './source';

/** Bytes that a window shows at once at the least: the largest record that a capture may hold, and its header. */
export const WINDOW_BYTES = 1 << 20;
/** One read asks the source for this much; larger reads leave the processor's cache (PERFORMANCE: 64 KiB–1 MiB are equal). */
const READ_BYTES = 1 << 18;

/**
 * A movable view of a {@link ByteSource} through one reused buffer, for readers that walk forward.
 *
 * `bytes[i]` is the byte at position `base + i` for `start <= i < filled`. Moving the window invalidates `bytes` and
 * every index into it; {@link has} tells whether a range is already there and never moves it.
 */
export class ByteWindow {
  bytes: Uint8Array;
  base = 0;
  filled = 0;
  private start = 0;

  /** @param ahead who reads ahead of the window, where somebody does */
  constructor(
    readonly source: ByteSource,
    capacity = WINDOW_BYTES,
    private ahead: ReadAhead | null = null,
  ) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Whether `[position, position + length)` can be read from `bytes` right now. */
  has(position: number, length: number): boolean {
    return position >= this.base + this.start && position + length <= this.base + this.filled;
  }

  /** Index into `bytes` of `position`. */
  at(position: number): number {
    return position - this.base;
  }

  /**
   * Moves the window so that it holds `length` bytes from `position` on if the source has them; returns how many bytes it
   * holds from there on, which is less than `length` only at the end of the source or when `length` exceeds the window.
   * Reads ahead, so that the next records are there as well. One that is loaded whole starts at `position`.
   * @throws {ReadError} as the source does
   */
  load(position: number, length: number): number {
    const end = this.base + this.filled;
    const isThere = position >= this.base + this.start && position < end;
    if (isThere && end - position >= length) return end - position;
    if (this.ahead !== null && this.goOn(this.ahead, position, length, isThere))
      return this.base + this.filled - position;
    const { bytes } = this;
    this.filled = isThere ? end - position : 0;
    if (isThere) bytes.copyWithin(0, position - this.base, end - this.base);
    this.base = position;
    this.start = 0;
    const wanted = Math.min(length, bytes.length);
    while (this.filled < wanted) {
      const ask = Math.min(bytes.length - this.filled, READ_BYTES);
      const got = this.source.read(this.base + this.filled, bytes, this.filled, ask);
      if (got <= 0) break;
      this.filled += got;
    }
    return this.filled;
  }

  /** Takes in pieces that were read ahead. Returns false where the window must read itself. */
  private goOn(ahead: ReadAhead, position: number, length: number, isThere: boolean): boolean {
    let end = this.base + this.filled;
    const isBegun = this.bytes === ahead.bytes;
    const follows = (isThere || position === end) && length <= ahead.pieceBytes;
    if (!isBegun && !(follows && end > 0 && ahead.begin(end))) return false;
    // Whoever does not walk forward, record by record, reads himself from now on.
    while (follows && end - position < length) {
      const isNewLap = this.bytes !== ahead.bytes || this.filled === this.bytes.length;
      if (isNewLap && !this.beginLap(ahead, position)) break;
      const got = ahead.next(isNewLap ? end : position);
      this.filled += got;
      end += got;
      this.start = position - this.base;
      if (got === 0) break;
    }
    if (follows && end - position >= length) return true;
    this.giveUp(ahead, position);
    return false;
  }

  /** Moves what is left before the first piece of a lap. */
  private beginLap({ bytes, first }: ReadAhead, position: number): boolean {
    const from = position - this.base;
    const kept = this.filled - from;
    if (kept > first) return false;
    bytes.set(this.bytes.subarray(from, this.filled), first - kept);
    this.base += this.filled - first;
    this.bytes = bytes;
    this.filled = first;
    return true;
  }

  /** What was read ahead may change from now on: the window has a buffer of its own again. */
  private giveUp(ahead: ReadAhead, position: number): void {
    const { bytes, base, start, filled } = this;
    this.ahead = null;
    if (bytes === ahead.bytes) {
      const from = Math.max(start, Math.min(position - base, filled));
      this.bytes = new Uint8Array(Math.max(bytes.length, filled - from));
      this.bytes.set(bytes.subarray(from, filled));
      this.base = base + from;
      this.filled = filled - from;
      this.start = 0;
    }
    ahead.stop();
  }
}
