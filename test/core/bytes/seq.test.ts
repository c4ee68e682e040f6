import assert from 'node:assert/strict';
import { seqAdd, seqDiff, seqGe, seqGt, seqLe, seqLt, seqMax, u32 } from '../../../src/core/bytes/seq';

const bits = (value: number): number => value | 0;

describe('sequence numbers', () => {
  it('are compared on a circle (RFC 9293 §3.4)', () => {
    const before = bits(0xffff_fff0);
    const after = 0x10;
    assert.equal(seqLt(before, after), true);
    assert.equal(seqLe(before, after), true);
    assert.equal(seqGt(after, before), true);
    assert.equal(seqGe(after, before), true);
    assert.equal(seqLt(after, before), false);
    assert.equal(seqGt(before, after), false);
    assert.equal(seqDiff(after, before), 0x20);
    assert.equal(seqDiff(before, after), -0x20);
  });

  it('are compared where their sign as integers changes', () => {
    assert.equal(seqLt(0x7fff_ffff, bits(0x8000_0000)), true);
    assert.equal(seqGt(bits(0x8000_0000), 0x7fff_ffff), true);
  });

  it('that are equal are neither before nor after each other', () => {
    for (const value of [0, 1, bits(0x8000_0000), -1]) {
      assert.equal(seqLt(value, value), false);
      assert.equal(seqGt(value, value), false);
      assert.equal(seqLe(value, value), true);
      assert.equal(seqGe(value, value), true);
    }
  });

  it('2^31 - 1 apart still have an order', () => {
    assert.equal(seqLt(5, seqAdd(5, 2 ** 31 - 1)), true);
    assert.equal(seqGt(5, seqAdd(5, 2 ** 31 - 1)), false);
  });

  it('exactly 2^31 apart come before and after each other, as before() and after() of Linux have it', () => {
    const far = seqAdd(5, 2 ** 31);
    assert.deepEqual([seqLt(5, far), seqLt(far, 5), seqGt(5, far), seqGt(far, 5)], [true, true, true, true]);
  });

  it('grow past 2^32', () => {
    assert.equal(u32(seqAdd(bits(0xffff_ffff), 1)), 0);
    assert.equal(u32(seqAdd(0, -1)), 0xffff_ffff);
    assert.equal(u32(seqAdd(0, 5 * 2 ** 32 + 7)), 7);
    assert.equal(u32(seqAdd(bits(0xf000_0000), 0x2000_0000)), 0x1000_0000);
  });

  it('have a later one', () => {
    assert.equal(seqMax(bits(0xffff_ffff), 3), 3);
    assert.equal(seqMax(3, bits(0xffff_ffff)), 3);
    assert.equal(seqMax(3, 2), 3);
  });

  it('are shown unsigned', () => {
    assert.equal(u32(-1), 4294967295);
    assert.equal(u32(bits(2452765130)), 2452765130);
  });
});
