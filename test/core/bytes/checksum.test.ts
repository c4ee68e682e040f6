import assert from 'node:assert/strict';
import { addSums, checksumSum, foldSum } from '../../../src/core/bytes/checksum';

/** RFC 1071 §1 as it says it, with big integers. */
function slowSum(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0n;
  for (let i = start; i < end; i += 2) sum += (BigInt(bytes[i]!) << 8n) + (i + 1 < end ? BigInt(bytes[i + 1]!) : 0n);
  while (sum > 0xffffn) sum = (sum & 0xffffn) + (sum >> 16n);
  return Number(sum);
}

describe('the Internet checksum', () => {
  it("sums RFC 1071's example (§3)", () => {
    assert.equal(checksumSum(Uint8Array.from([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), 0, 8), 0xddf2);
  });

  it('pads an odd byte with zero behind it', () => {
    assert.equal(checksumSum(Uint8Array.from([0x12, 0x34, 0x56]), 0, 3), 0x1234 + 0x5600);
    assert.equal(checksumSum(new Uint8Array(4), 2, 2), 0);
  });

  it('carries around the end', () => {
    assert.equal(foldSum(0xffff + 0xffff), 0xffff);
    assert.equal(addSums(0xffff, 1), 1);
  });

  it('gives the same from every offset, of every length, in a buffer that begins anywhere', () => {
    const memory = Uint8Array.from({ length: 300 }, (_, i) => (i * 151 + 77) & 0xff);
    for (let base = 0; base < 4; base++) {
      const bytes = memory.subarray(base);
      for (let start = 0; start < 8; start++)
        for (let end = start; end < start + 130; end++)
          assert.equal(checksumSum(bytes, start, end), slowSum(bytes, start, end), `${base} ${start} ${end}`);
    }
  });

  it('sums what is longer than a block of words', () => {
    const bytes = new Uint8Array(300_001).fill(0xff);
    assert.equal(checksumSum(bytes, 0, 300_000), 0xffff);
    bytes.fill(0xa7);
    assert.equal(checksumSum(bytes, 1, 300_001), slowSum(bytes, 1, 300_001));
  });
});
