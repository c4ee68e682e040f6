import assert from 'node:assert/strict';
import { addSums, checksumSum, foldSum } from '../../../src/core/bytes/checksum';
import { random as seeded } from '../../support/random';

/** RFC 1071 §4.1, word by word. */
function slowly(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let at = start; at < end; at += 2) sum += (bytes[at]! << 8) + (at + 1 < end ? bytes[at + 1]! : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

/** One's-complement arithmetic has two zeros. */
const same = (a: number, b: number): boolean => a % 0xffff === b % 0xffff;

describe('the Internet checksum', () => {
  it('of the example in RFC 1071 §3 is ddf2', () => {
    assert.equal(checksumSum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7), 0, 8), 0xddf2);
  });

  it('pads an odd last byte with zero', () => {
    assert.equal(checksumSum(Uint8Array.of(0x12), 0, 1), 0x1200);
  });

  it('is the same however the range lies in memory and however long it is', () => {
    const random = seeded(1071);
    const all = Uint8Array.from({ length: 4096 + 3 }, () => random(256));
    for (const shift of [0, 1, 2, 3]) {
      const bytes = all.subarray(shift);
      for (let i = 0; i < 400; i++) {
        const start = random(600);
        const end = start + random(i % 2 ? 3400 : 120);
        const [fast, slow] = [checksumSum(bytes, start, end), slowly(bytes, start, end)];
        assert.ok(same(fast, slow), `[${start}, ${end}) of bytes at ${shift}: ${fast} is not ${slow}`);
      }
    }
  });

  it('of the largest packet does not overflow', () => {
    const bytes = new Uint8Array(65535 * 16).fill(0xff);
    assert.ok(same(checksumSum(bytes, 0, bytes.length), slowly(bytes, 0, 2)));
  });

  it('can be made of parts', () => {
    const bytes = Uint8Array.from({ length: 200 }, (_, i) => i);
    assert.ok(same(addSums(checksumSum(bytes, 0, 80), checksumSum(bytes, 80, 200)), checksumSum(bytes, 0, 200)));
  });

  it('folds carries until none is left', () => {
    assert.equal(foldSum(0x1ffff), 1);
    assert.equal(foldSum(0x1_fffe), 0xffff);
    assert.equal(foldSum(0x7fff_ffff), 0x7fff);
  });
});
