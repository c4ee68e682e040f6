import { message as sentenceOf, type Message } from '../model/message';

/** Random access to the bytes of a trace, wherever they come from. */
export interface ByteSource {
  /**
   * Length in bytes as far as it is known; it may grow between reads (a file that is still being written, a compressed
   * one that has been decompressed so far).
   */
  readonly size: number;
  /**
   * Copies up to `length` bytes from `position` into `target` at `at` and returns how many were copied: fewer than
   * asked for where the source prefers smaller pieces, 0 at the end.
   * @throws {ReadError} when the bytes exist but cannot be had (I/O error, a compressed stream that is damaged).
   */
  read(position: number, target: Uint8Array, at: number, length: number): number;
  /**
   * Does a bounded part of the work (decompression) that stands between the source and a read at `position`. Returns
   * false while more of it is needed, so that a far jump forward can be made in steps that give way to others. A source
   * without it needs no such work.
   */
  prepare?(position: number): boolean;
  /** Begins to read ahead of whoever walks through all of it; `null` where that gains nothing. */
  readAhead?(): ReadAhead | null;
}

/**
 * Somebody who reads piece after piece of a source, while the ones before are looked at. The pieces lie one behind the
 * other in a ring, so that none is copied.
 */
export interface ReadAhead {
  /** Where the pieces are read to; what is before `first` is for who has them. */
  readonly bytes: Uint8Array;
  /** Index of each lap's first piece. A lap ends where `bytes` does. */
  readonly first: number;
  /** Bytes of a piece; the last one may have fewer. */
  readonly pieceBytes: number;
  /** Begins with the piece at a position; false where it is not ready for that, now or for good. */
  begin(position: number): boolean;
  /**
   * Waits for the next piece and returns how many bytes it has: 0 when there are no more, and when reading them has
   * failed. Bytes before position `needed` are given up.
   */
  next(needed: number): number;
  /** No more pieces are wanted, and what is in `bytes` may change. */
  stop(): void;
}

/** Bytes that should be there could not be read. What was read before stays valid. */
export class ReadError extends Error {
  override readonly name = 'ReadError';
  /**
   * @param position first byte that could not be read
   * @param sentence `message` for a person, where it is not the platform's own text
   */
  constructor(
    message: string,
    readonly position: number,
    readonly sentence: Message = sentenceOf('{0}', message),
  ) {
    super(message);
  }
}

/** A source over bytes that are already in memory. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read(position, target, at, length) {
      const end = Math.min(bytes.length, position + length);
      if (end <= position) return 0;
      target.set(bytes.subarray(position, end), at);
      return end - position;
    },
  };
}
