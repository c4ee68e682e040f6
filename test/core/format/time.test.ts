import assert from 'node:assert/strict';
import { delta, duration, seconds, utc } from '../../../src/core/format/time';

describe('duration', () => {
  const cases: readonly (readonly [ns: number, text: string])[] = [
    [0, '0 s'],
    [850, '850 ns'],
    [1_000, '1.00 µs'],
    [21_340_000, '21.3 ms'],
    [204_000_000, '204 ms'],
    [999_499_999, '999 ms'],
    [999_500_000, '1.00 s'],
    [2_110_000_000, '2.11 s'],
    [59_940_000_000, '59.9 s'],
    [59_950_000_000, '1 min'],
    [200_000_000_000, '3 min 20 s'],
    [3_599_500_000_000, '1 h'],
    [7_500_000_000_000, '2 h 5 min'],
    [93_600_000_000_000, '1 d 2 h'],
    [-5_000_000, '-5.00 ms'],
  ];
  for (const [ns, text] of cases) it(`${ns} ns is ${text}`, () => assert.equal(duration(ns), text));
});

describe('seconds and delta', () => {
  it('cut instead of rounding, exactly', () => {
    assert.equal(seconds(0), '0.000000');
    assert.equal(seconds(2_110_034_999), '2.110034');
    assert.equal(seconds(2_110_034_999, 9), '2.110034999');
    assert.equal(seconds(999_999_999, 0), '0');
    assert.equal(seconds(Number.MAX_SAFE_INTEGER, 9), '9007199.254740991');
  });
  it('have a sign', () => {
    assert.equal(seconds(-1_500_000), '-0.001500');
    assert.equal(delta(21_000_000, 3), '+0.021');
    assert.equal(delta(0, 3), '+0.000');
    assert.equal(delta(-1_000_000, 3), '-0.001');
  });
});

describe('utc', () => {
  it('keeps every decimal', () => {
    // date -u -d @1700000000
    assert.equal(utc('1700000000.123456789'), '2023-11-14 22:13:20.123456789');
    assert.equal(utc('0'), '1970-01-01 00:00:00');
    assert.equal(utc('4294967295.999999'), '2106-02-07 06:28:15.999999');
  });
  it('gives back what is no time', () => {
    assert.equal(utc('-1.5'), '-1.5');
    assert.equal(utc('9999999999999.0'), '9999999999999.0');
    assert.equal(utc('soon'), 'soon');
  });
});
