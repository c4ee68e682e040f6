import { i32le } from '../../bytes/endian';
import { Stripes } from './stripes';

const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;
const [P1_HIGH, P1_LOW] = [0x9e3779b1, 0x85ebca87];
const [P2_HIGH, P2_LOW] = [0xc2b2ae3d, 0x27d4eb4f];
const STRIPE_BYTES = 32;
const LANES = 4;

const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (x: bigint, bits: bigint): bigint => wrap((x << bits) | (x >> (64n - bits)));
const round = (lane: bigint, word: bigint): bigint => wrap(rotate(wrap(lane + word * P2), 31n) * P1);

/** The upper half of the product of two unsigned 32-bit numbers. */
function upperProduct(a: number, b: number): number {
  const [a0, a1, b0, b1] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  return (a1 * b1 + (middle >>> 16) + ((a0 * b1 + (middle & 0xffff)) >>> 16)) | 0;
}

/**
 * xxHash of 64 bits with seed 0 (xxhash_spec.md), of which zstd frames carry the lower half, fed piece by piece. Stripes
 * are mixed in halves of 32 bits, because integers of 64 are many times slower; what is done once is done with those.
 */
export class Xxh64 extends Stripes {
  /** Four lanes, each the lower half before the upper one. */
  private readonly lanes = Int32Array.from([wrap(P1 + P2), P2, 0n, wrap(-P1)].flatMap(halves));

  constructor() {
    super(STRIPE_BYTES);
  }

  /** The lower 32 bits of the hash of everything so far, unsigned. */
  digestLow(): number {
    let h = P5;
    if (this.total >= STRIPE_BYTES) {
      const lanes = Array.from({ length: LANES }, (_, i) => joined(this.lanes[2 * i]!, this.lanes[2 * i + 1]!));
      h = lanes.reduce((sum, lane, i) => wrap(sum + rotate(lane, [1n, 7n, 12n, 18n][i]!)), 0n);
      for (const lane of lanes) h = wrap((h ^ round(0n, lane)) * P1 + P4);
    }
    h = wrap(h + BigInt(this.total));
    const { rest, restBytes } = this;
    let i = 0;
    for (; i + 8 <= restBytes; i += 8)
      h = wrap(rotate(h ^ round(0n, joined(i32le(rest, i), i32le(rest, i + 4))), 27n) * P1 + P4);
    if (i + 4 <= restBytes) {
      h = wrap(rotate(h ^ wrap(joined(i32le(rest, i), 0) * P1), 23n) * P2 + P3);
      i += 4;
    }
    for (; i < restBytes; i++) h = wrap(rotate(h ^ wrap(BigInt(rest[i]!) * P5), 11n) * P1);
    h = wrap((h ^ (h >> 33n)) * P2);
    h = wrap((h ^ (h >> 29n)) * P3);
    return Number((h ^ (h >> 32n)) & 0xffff_ffffn);
  }

  /** A round of each lane: its sum with the word times P2, turned by 31 bits, times P1. */
  protected stripes(bytes: Uint8Array, start: number, end: number): void {
    const { lanes } = this;
    for (let lane = 0; lane < LANES; lane++) {
      let low = lanes[2 * lane]!;
      let high = lanes[2 * lane + 1]!;
      for (let i = start + 8 * lane; i < end; i += STRIPE_BYTES) {
        const wordLow = i32le(bytes, i);
        const addLow = Math.imul(wordLow, P2_LOW);
        const addHigh =
          upperProduct(wordLow, P2_LOW) + Math.imul(wordLow, P2_HIGH) + Math.imul(i32le(bytes, i + 4), P2_LOW);
        const sumLow = (low + addLow) | 0;
        const sumHigh = (high + addHigh + (sumLow >>> 0 < low >>> 0 ? 1 : 0)) | 0;
        const turnedLow = (sumLow << 31) | (sumHigh >>> 1);
        const turnedHigh = (sumHigh << 31) | (sumLow >>> 1);
        low = Math.imul(turnedLow, P1_LOW);
        high = (upperProduct(turnedLow, P1_LOW) + Math.imul(turnedLow, P1_HIGH) + Math.imul(turnedHigh, P1_LOW)) | 0;
      }
      lanes[2 * lane] = low;
      lanes[2 * lane + 1] = high;
    }
  }
}

function halves(value: bigint): number[] {
  return [Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))];
}

const joined = (low: number, high: number): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
