/**
 * The Internet checksum's sum (RFC 1071): 16-bit words added with end-around carry.
 *
 * Sums are handed around folded to 16 bits, in network byte order, so that parts can be added with {@link addSums}.
 */

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
/** Words summed between foldings: two halves of 16 bits each stay below 2^31. */
const BLOCK_WORDS = 1 << 14;

/** Brings a sum of 16-bit words back to 16 bits. `sum` must be below 2^31. */
export function foldSum(sum: number): number {
  sum = (sum & 0xffff) + (sum >>> 16);
  return (sum & 0xffff) + (sum >>> 16);
}

/** Sum of two folded sums, folded. */
export const addSums = (a: number, b: number): number => foldSum(a + b);

let viewed: ArrayBufferLike | null = null;
let words: Int32Array = new Int32Array(0);

/** A view of the whole buffer as 32-bit words; the last one asked for is kept, because readers reuse their buffer. */
function wordsOf(buffer: ArrayBufferLike): Int32Array {
  if (buffer !== viewed) {
    viewed = buffer;
    words = new Int32Array(buffer, 0, buffer.byteLength >>> 2);
  }
  return words;
}

/** Ranges shorter than this are summed byte by byte: finding the aligned words would cost more. */
const SHORT = 48;

/**
 * Folded sum of the bytes in `[start, end)`, as if the first of them were the high byte of a word; an odd last byte is
 * padded with zero. Four bytes at a time: RFC 1071 §2 (B, C) allows any byte order and any width.
 */
export function checksumSum(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < SHORT) return sumBytes(bytes, start, end);
  const base = bytes.byteOffset;
  const alignedStart = ((base + start + 3) & ~3) - base;
  const alignedEnd = ((base + end) & ~3) - base;
  const view = wordsOf(bytes.buffer);
  let index = (base + alignedStart) >>> 2;
  const last = (base + alignedEnd) >>> 2;
  let total = 0;
  while (index < last) {
    const stop = Math.min(last, index + BLOCK_WORDS);
    let low = 0;
    let high = 0;
    for (; index + 4 <= stop; index += 4) {
      const a = view[index]!;
      const b = view[index + 1]!;
      const c = view[index + 2]!;
      const d = view[index + 3]!;
      low += (a & 0xffff) + (b & 0xffff) + (c & 0xffff) + (d & 0xffff);
      high += (a >>> 16) + (b >>> 16) + (c >>> 16) + (d >>> 16);
    }
    for (; index < stop; index++) {
      const a = view[index]!;
      low += a & 0xffff;
      high += a >>> 16;
    }
    total = foldSum(total + foldSum(low) + foldSum(high));
  }
  if (LITTLE_ENDIAN) total = swap(total);
  // The words in the middle begin at an even or odd distance from `start`: an odd one exchanges the bytes of the sum.
  if ((alignedStart - start) & 1) total = swap(total);
  const tail = sumBytes(bytes, alignedEnd, end);
  return foldSum(total + sumBytes(bytes, start, alignedStart) + ((alignedEnd - start) & 1 ? swap(tail) : tail));
}

const swap = (sum: number): number => ((sum & 0xff) << 8) | (sum >>> 8);

function sumBytes(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  let at = start;
  for (; at + 3 < end; at += 4) sum += ((bytes[at]! + bytes[at + 2]!) << 8) + bytes[at + 1]! + bytes[at + 3]!;
  for (; at + 1 < end; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
  if (at < end) sum += bytes[at]! << 8;
  return foldSum(sum);
}
