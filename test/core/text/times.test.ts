import assert from 'node:assert/strict';
import { Clock, SpanSample, type TimeMeaning, TimeValue } from '../../../src/core/text/times';

const at = (seconds: number): TimeValue => {
  const time = new TimeValue();
  time.seconds = Math.floor(seconds);
  time.nanos = Math.round((seconds - time.seconds) * 1e6) * 1000;
  return time;
};

function meaningOf(times: readonly number[]): TimeMeaning {
  const sample = new SpanSample();
  for (const time of times) sample.add(at(time));
  return sample.meaning();
}

/** The same as since the packet before. */
const deltas = (times: readonly number[]): number[] => times.map((time, i) => (i === 0 ? 0 : time - times[i - 1]!));

describe('spans in front of packets', () => {
  /** Times since the first packet, as captures have them. */
  const CAPTURES: Readonly<Record<string, readonly number[]>> = {
    'a handshake and a request': [0, 0.021, 0.0211, 0.0213, 0.043],
    'a packet that another interface had a little earlier': [
      ...[0, 0.01, 0.0201, 0.02, 0.0401, 0.04, 0.06, 0.0801, 0.08, 0.1, 0.12, 0.1401, 0.14, 0.16, 0.18, 0.2],
    ],
    'packets at even distances': [0, 0.5, 1, 1.5, 2, 2.5, 3],
    'packets at nearly even distances': [
      ...[0, 0.01, 0.0202, 0.0301, 0.0403, 0.0502, 0.0605, 0.0703, 0.0806, 0.0905, 0.1004, 0.1107, 0.1205, 0.1306],
    ],
    'bursts within a microsecond': [0, 0, 0, 0, 0.2, 0.2, 0.2, 0.2, 0.5, 0.5, 0.5, 0.9, 0.9, 0.9, 0.9, 1.3, 1.3, 1.3],
    'two captures one behind the other': [...Array(20).keys()].flatMap((i) => [i, i + 0.25]).concat(0, 0.5, 1, 1.5, 2),
    'packets of another interface, whose clock is behind': [
      ...[0, 0.0001, 0.00012, 0.0051, 0.0052, 0.012, 0.0121, 0.0122, 0.0123, 0.0124, -468.6775, -468.6721],
    ],
    'parts of two lists': [
      31.384558, 31.384604, 31.385588, 31.403982, 31.403982, 31.404018, 0, 0.024533, 0.024593, 3.58,
    ],
  };
  for (const [name, times] of Object.entries(CAPTURES)) {
    it(`are since the first packet (-ttttt): ${name}`, () => assert.equal(meaningOf(times), 'elapsed'));
    it(`are since the packet before (-ttt): ${name}`, () => assert.equal(meaningOf(deltas(times)), 'delta'));
  }

  it('are since the first packet where each end has a clock that stands still, as programs write captures', () => {
    assert.equal(meaningOf([0, 0.000019, 0, 0, 0.000019, 0]), 'elapsed');
    // A clock that ticks, and packets of several ticks.
    assert.equal(meaningOf([0, 0.01, 0, 0, 0.01, 0]), 'delta');
    assert.equal(meaningOf([0, 0.000019, 0, 0.000021, 0.000019, 0]), 'delta');
  });

  it('are since the first packet where all grow but for those of packets whose dates are damaged', () => {
    assert.equal(meaningOf([0, 2_097_152.008626, 0.02122, 0.039893, 0.040019]), 'elapsed');
    // Hosts that are silent for a day.
    assert.equal(meaningOf([0, 0.000019, 90_000, 0.02122, 0.000041, 0.039893, 0.000019]), 'delta');
  });

  it('are dates where they are so many seconds', () => {
    assert.equal(meaningOf([1_700_000_000.1, 1_700_000_000.2]), 'absolute');
  });
});

describe('times of the day', () => {
  const sequence = (times: readonly number[]): number[] => {
    const clock = new Clock('time-of-day');
    return times.map((time) => {
      clock.advance(at(time));
      return clock.seconds + clock.nanos / 1e9;
    });
  };

  it('go on past midnight, and to the next day where they are earlier', () => {
    const day = 86_400;
    assert.deepEqual(sequence([86_399, 1, 70_000, 40_000]), [86_399, day + 1, day + 70_000, 2 * day + 40_000]);
  });

  it('go back where packets are out of order, also around midnight, and where daylight saving time ends', () => {
    assert.deepEqual(sequence([50_000.5, 50_000.25]), [50_000.5, 50_000.25]);
    assert.deepEqual(sequence([1, 86_399, 2]), [1, -1, 2]);
    assert.deepEqual(sequence([10_799, 7200]), [10_799, 7200]);
  });
});
