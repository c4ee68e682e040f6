import { i32le } from '../../bytes/endian';
import { Stripes } from './stripes';

const P1 = 0x9e3779b1 | 0;
const P2 = 0x85ebca77 | 0;
const P3 = 0xc2b2ae3d | 0;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;
const STRIPE_BYTES = 16;

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));
const round = (lane: number, word: number): number => Math.imul(rotate((lane + Math.imul(word, P2)) | 0, 13), P1);

/** xxHash of 32 bits with seed 0, the check sum of LZ4 frames (xxhash_spec.md), fed piece by piece. */
export class Xxh32 extends Stripes {
  private a = (P1 + P2) | 0;
  private b = P2;
  private c = 0;
  private d = -P1 | 0;

  constructor() {
    super(STRIPE_BYTES);
  }

  /** The hash of everything so far, unsigned. */
  digest(): number {
    let h =
      this.total >= STRIPE_BYTES
        ? (rotate(this.a, 1) + rotate(this.b, 7) + rotate(this.c, 12) + rotate(this.d, 18)) | 0
        : P5;
    h = (h + this.total) | 0;
    let i = 0;
    for (; i + 4 <= this.restBytes; i += 4) h = Math.imul(rotate((h + Math.imul(i32le(this.rest, i), P3)) | 0, 17), P4);
    for (; i < this.restBytes; i++) h = Math.imul(rotate((h + Math.imul(this.rest[i]!, P5)) | 0, 11), P1);
    h = Math.imul(h ^ (h >>> 15), P2);
    h = Math.imul(h ^ (h >>> 13), P3);
    return (h ^ (h >>> 16)) >>> 0;
  }

  protected stripes(bytes: Uint8Array, start: number, end: number): void {
    let { a, b, c, d } = this;
    for (let i = start; i < end; i += STRIPE_BYTES) {
      a = round(a, i32le(bytes, i));
      b = round(b, i32le(bytes, i + 4));
      c = round(c, i32le(bytes, i + 8));
      d = round(d, i32le(bytes, i + 12));
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }
}
