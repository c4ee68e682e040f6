import assert from 'node:assert/strict';
import { FrameBatch } from '../../../src/core/capture/batch';
import { timestampReader } from '../../../src/core/capture/timestamps';

function time(resolution: number, count: bigint, offset = 0): [seconds: number, nanos: number] {
  const batch = new FrameBatch();
  timestampReader(resolution, offset)(batch, 5, Number(count >> 32n), Number(count & 0xffff_ffffn));
  return [batch.seconds[5]!, batch.nanos[5]!];
}

const BINARY = 0x80;

describe('timestamps of a pcapng interface', () => {
  it('count in microseconds, nanoseconds or any power of ten', () => {
    assert.deepEqual(time(6, 1_700_000_000_123_456n), [1_700_000_000, 123_456_000]);
    assert.deepEqual(time(9, 1_700_000_000_123_456_789n), [1_700_000_000, 123_456_789]);
    assert.deepEqual(time(3, 1_700_000_000_123n), [1_700_000_000, 123_000_000]);
    assert.deepEqual(time(0, 1_700_000_000n), [1_700_000_000, 0]);
    assert.deepEqual(time(1, 17_000_000_009n), [1_700_000_000, 900_000_000]);
  });

  it('count in powers of two', () => {
    assert.deepEqual(time(BINARY | 0, 1_700_000_000n), [1_700_000_000, 0]);
    assert.deepEqual(time(BINARY | 1, 3_400_000_001n), [1_700_000_000, 500_000_000]);
    // 2^-10 s is 976 562.5 ns; half a nanosecond is cut off.
    assert.deepEqual(time(BINARY | 10, (5n << 10n) + 1n), [5, 976_562]);
    // The largest fraction of 2^-32 s is 999 999 999.77 ns.
    assert.deepEqual(time(BINARY | 32, (7n << 32n) + 0xffff_ffffn), [7, 999_999_999]);
  });

  it('are as tshark 4.0.17 shows them', () => {
    assert.deepEqual(time(9, 0x0123_4567_89ab_cdefn), [81_985_529, 216_486_895]);
    assert.deepEqual(time(10, 0x0123_4567_89ab_cdefn), [8_198_552, 921_648_689]);
    assert.deepEqual(time(BINARY | 20, 0x0123_4567_89ab_cdefn), [78_187_493_530, 737_776_756]);
    assert.deepEqual(time(BINARY | 32, 0x0123_4567_89ab_cdefn), [19_088_743, 537_777_777]);
  });

  it('are exact where a product would not fit into 64 bits', () => {
    // tshark 4.0.17 shows 81985.012707652 here.
    assert.deepEqual(time(12, 81_985_529_216_486_895n), [81_985, 529_216_486]);
    assert.deepEqual(time(127, 2n ** 64n - 1n), [0, 0]);
    assert.deepEqual(time(BINARY | 127, 2n ** 64n - 1n), [0, 0]);
    // 2^64 - 1 units of 2^-64 s.
    assert.deepEqual(time(BINARY | 64, 2n ** 64n - 1n), [0, 999_999_999]);
  });

  it('are exact up to the last unit of a second', () => {
    for (const second of [0n, 1n, 4294n, 4295n, 0xffff_ffffn, 18_446_744_072n]) {
      assert.deepEqual(time(9, second * 1_000_000_000n + 999_999_999n), [Number(second), 999_999_999]);
      assert.deepEqual(time(9, (second + 1n) * 1_000_000_000n), [Number(second) + 1, 0]);
      assert.deepEqual(time(6, second * 1_000_000n + 999_999n), [Number(second), 999_999_000]);
    }
  });

  it('may be offset by seconds, also to before 1970', () => {
    assert.deepEqual(time(6, 1_500_000n, -10), [-9, 500_000_000]);
    assert.deepEqual(time(BINARY | 1, 3n, -10), [-9, 500_000_000]);
    assert.deepEqual(time(9, 1n, 1_700_000_000), [1_700_000_000, 1]);
  });
});
