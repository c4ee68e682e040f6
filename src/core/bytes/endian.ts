/**
 * Unaligned integer reads from a byte array. The caller has checked that the bytes are there: an index past the end
 * reads as 0, never as an exception. `i32*` return the raw bits in a signed integer, `u32*` the unsigned number.
 */

export const u16be = (b: Uint8Array, i: number): number => (b[i]! << 8) | b[i + 1]!;
export const u16le = (b: Uint8Array, i: number): number => b[i]! | (b[i + 1]! << 8);
export const u24be = (b: Uint8Array, i: number): number => (b[i]! << 16) | (b[i + 1]! << 8) | b[i + 2]!;
export const i32be = (b: Uint8Array, i: number): number =>
  (b[i]! << 24) | (b[i + 1]! << 16) | (b[i + 2]! << 8) | b[i + 3]!;
export const i32le = (b: Uint8Array, i: number): number =>
  b[i]! | (b[i + 1]! << 8) | (b[i + 2]! << 16) | (b[i + 3]! << 24);
export const u32be = (b: Uint8Array, i: number): number => i32be(b, i) >>> 0;
export const u32le = (b: Uint8Array, i: number): number => i32le(b, i) >>> 0;

/** The same where the byte order is known only at run time: `little` is the order of the file. */
export const readU16 = (b: Uint8Array, i: number, little: boolean): number => (little ? u16le(b, i) : u16be(b, i));
export const readU32 = (b: Uint8Array, i: number, little: boolean): number => (little ? u32le(b, i) : u32be(b, i));
