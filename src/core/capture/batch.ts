/** Frames that one batch holds at most: half a millisecond of work, after which whoever waits is answered. */
export const BATCH_FRAMES = 1024;

/**
 * A few thousand frames whose bytes lie in the reader's window together: columns, reused from batch to batch.
 * Row `i` is valid for `0 <= i < count`.
 */
export class FrameBatch {
  count = 0;
  /** Index of the frame's first captured byte in the window's `bytes`. */
  readonly at = new Int32Array(BATCH_FRAMES);
  /** Position of that byte in the file. */
  readonly position = new Float64Array(BATCH_FRAMES);
  /** Bytes captured. */
  readonly captured = new Int32Array(BATCH_FRAMES);
  /** Bytes on the wire, as the file says (at least `captured`, unless the file says less). */
  readonly original = new Uint32Array(BATCH_FRAMES);
  /** Whole seconds since 1970-01-01 UTC; may be negative. */
  readonly seconds = new Float64Array(BATCH_FRAMES);
  /** Nanoseconds within the second, in [0, 1e9). */
  readonly nanos = new Int32Array(BATCH_FRAMES);
  /** Index into the reader's interfaces. */
  readonly interface = new Uint16Array(BATCH_FRAMES);
}
