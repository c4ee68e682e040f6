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
