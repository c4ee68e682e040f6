/**
 * Sequence-number arithmetic modulo 2^32 (RFC 9293 §3.4).
 *
 * Sequence numbers are held as the 32 raw bits of the wire in a signed integer (`value | 0`), which is what an
 * `Int32Array` column gives back and what engines keep unboxed. Only {@link u32} turns one into the number people read.
 * Two numbers are compared by the sign of their difference, so the result is meaningful while they lie within 2^31 of
 * each other. Exactly 2^31 apart each comes both before and after the other, as in Linux and Wireshark.
 */

/** `a - b` modulo 2^32, in [-2^31, 2^31). */
export const seqDiff = (a: number, b: number): number => (a - b) | 0;

/** `a` comes before `b`. */
export const seqLt = (a: number, b: number): boolean => ((a - b) | 0) < 0;

/** `a` comes before `b` or is `b`. */
export const seqLe = (a: number, b: number): boolean => ((a - b) | 0) <= 0;

/** `a` comes after `b`. */
export const seqGt = (a: number, b: number): boolean => ((b - a) | 0) < 0;

/** `a` comes after `b` or is `b`. */
export const seqGe = (a: number, b: number): boolean => ((b - a) | 0) <= 0;

/** `a + n` modulo 2^32, as signed raw bits. `n` may be any safe integer. */
export const seqAdd = (a: number, n: number): number => (a + n) | 0;

/** The later of two sequence numbers. */
export const seqMax = (a: number, b: number): number => (((a - b) | 0) >= 0 ? a : b);

/** The unsigned number that the 32 raw bits stand for, in [0, 2^32). */
export const u32 = (value: number): number => value >>> 0;
