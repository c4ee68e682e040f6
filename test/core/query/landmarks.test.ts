import assert from 'node:assert/strict';
import type { Trace } from '../../../src/core/analyze';
import { captured, HANDSHAKE } from '../../support/script';
import { readTrace } from '../../support/traces';

const isns = { iss: 1000, irs: 5000 };

/** `count` data segments of 10 bytes, each acknowledged, from relative number `from` on. */
const exchange = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => {
    const seq = from + 10 * i;
    return `> P.  ${seq}:${seq + 10}  ack 1\n< .  1:1  ack ${seq + 10}`;
  }).join('\n');

const traceOf = (text: string): Trace => readTrace(captured(isns, text));

describe('quiet runs', () => {
  it('are what follows the first exchanges, up to the close', () => {
    // Rows 0–2 are the handshake, then twenty of data and ACKs; six plain rows stay shown, the handshake's ACK the first.
    const [run, ...more] = traceOf(`${HANDSHAKE}${exchange(1, 10)}\n> F.  101:101  ack 1`).quietRuns(0);
    assert.deepEqual(more, []);
    assert.deepEqual(run, {
      start: 8,
      end: 23,
      dataSegments: { client: 7, server: 0 },
      payloadBytes: { client: 70, server: 0 },
      acks: { client: 0, server: 8 },
      durationNs: 14 * 10_000_000,
    });
  });

  it('end at a note, at a pause, and are none when short', () => {
    const text = `${HANDSHAKE}${exchange(1, 10)}
      +2 > P.  101:111  ack 1
      < .      1:1      ack 111
      ${exchange(111, 8)}
      < .      1:1      ack 191  # a duplicate
      ${exchange(191, 3)}`;
    assert.deepEqual(
      traceOf(text)
        .quietRuns(0)
        .map(({ start, end }) => [start, end]),
      [
        [8, 23],
        [23, 41],
      ],
    );
  });

  it('are none in a connection that does not exist', () => {
    assert.deepEqual(traceOf(HANDSHAKE).quietRuns(7), []);
  });
});

describe('pauses', () => {
  const text = `${HANDSHAKE}
    +2 > P.    1:11   ack 1
    +0.5 < .   1:1    ack 11
    +3 > P.    11:21  ack 1`;

  it('are where nothing was sent for so long, of too many the longest', () => {
    const trace = traceOf(text);
    assert.deepEqual(trace.pauses(0, 500e6, 10), [
      { row: 3, ns: 2e9 },
      { row: 4, ns: 500e6 },
      { row: 5, ns: 3e9 },
    ]);
    assert.deepEqual(
      trace.pauses(0, 1e9, 10).map(({ row }) => row),
      [3, 5],
    );
    assert.deepEqual(
      trace.pauses(0, 0, 1).map(({ row }) => row),
      [5],
    );
    assert.deepEqual(trace.pauses(0, 0, 0), []);
    assert.deepEqual(trace.pauses(7, 0, 10), []);
  });
});

describe('a sparkline', () => {
  it('has the payload of each side in equal parts of the time', () => {
    const trace = traceOf(`
      > P.     1:11   ack 1
      +1 > P.  11:31  ack 1
      +1 < P.  1:6    ack 31
      +1 < P.  6:46   ack 31
      +1 > .   31:31  ack 46`);
    // Four seconds in four parts, from the first segment on.
    assert.deepEqual(trace.sparkline(0, 4), { client: [10, 20, 0, 0], server: [0, 0, 5, 40] });
    assert.equal(trace.sparkline(1, 4), null);
  });
});

describe('marks', () => {
  const text = `${HANDSHAKE}
    > P.       1:11   ack 1
    +0.3 > P.  1:11   ack 1
    < .        1:1    ack 11
    > F.       11:11  ack 1
    < R.       1:1    ack 12`;

  it('stand where a connection opens, has trouble, closes and is reset', () => {
    assert.deepEqual(traceOf(text).marks(0, 100), [
      { row: 0, kind: 'open' },
      { row: 1, kind: 'open' },
      { row: 4, kind: 'problem' },
      { row: 6, kind: 'close' },
      { row: 7, kind: 'reset' },
    ]);
  });

  it('are thinned evenly where there are too many', () => {
    assert.deepEqual(
      traceOf(text)
        .marks(0, 2)
        .map(({ row }) => row),
      [0, 4],
    );
    assert.deepEqual(traceOf(text).marks(0, 0), []);
  });

  it('lead from problem to problem, in both directions', () => {
    const trace = traceOf(text);
    assert.equal(trace.problem(0, -1, 1), 4);
    assert.equal(trace.problem(0, 4, 1), 7);
    assert.equal(trace.problem(0, 7, 1), null);
    assert.equal(trace.problem(0, 7, -1), 4);
    assert.equal(trace.problem(0, 4, -1), null);
    assert.equal(trace.problem(0, 1_000_000, -1), 7);
  });
});
