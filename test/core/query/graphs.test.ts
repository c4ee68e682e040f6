import assert from 'node:assert/strict';
import type { GraphData, GraphKind, GraphLine, GraphMarks } from '../../../src/core/model/graph';
import type { Side } from '../../../src/core/model/segment';
import { LineThinner, MarkCollector } from '../../../src/core/query/graph-lines';
import { Graphs } from '../../../src/core/query/graphs';
import { script } from '../../support/script';

const MS = 1e6;

/** The graphs of a connection that is written as text; see `script`. */
function graphsOf(text: string, isns = {}) {
  const { sources } = script(isns, text);
  const graphs = new Graphs(sources.tracker);
  let progress = graphs.advance(0);
  while (!progress.done) progress = graphs.advance(0);
  const all = { from: 0, to: progress.durationNs, columns: 1000 };
  return {
    flows: progress.flows,
    of: (graph: GraphKind, side: Side, range = all): GraphData => graphs.data(0, graph, side, range),
    counted: (intervalNs: number, range = all): GraphData => graphs.data(0, 'throughput', 'client', range, intervalNs),
  };
}

const lineOf = (data: GraphData, kind: GraphLine['kind']): [ms: number, value: number][] => {
  const line = data.lines.find((one) => one.kind === kind);
  return [...(line?.times ?? [])].map((time, i) => [time / MS, line!.values[i]!]);
};
const marksOf = (data: GraphData, kind: GraphMarks['kind']): [ms: number, low: number, high: number][] => {
  const marks = data.marks.find((one) => one.kind === kind);
  return [...(marks?.times ?? [])].map((time, i) => [time / MS, marks!.lows[i]!, marks!.highs[i]!]);
};

/** Window scale 2 (times 4) both ways; lines are 10 ms apart. */
const OPEN = `
  > S   0:0           win 1000 wscale 2
  < S.  0:0   ack 1   win 1000 wscale 2
  > .   1:1   ack 1   win 500
`;

describe('graphs of a connection', () => {
  describe('time–sequence', () => {
    it('draws data, acknowledgments and the window’s edge of one direction', () => {
      const { of } = graphsOf(`${OPEN}
        > P.  1:101   ack 1   win 500
        < .   1:1     ack 101 win 200
      `);
      const data = of('sequence', 'client');
      assert.deepEqual(marksOf(data, 'data'), [
        [0, 0, 1], // the SYN occupies a number
        [30, 1, 101],
      ]);
      assert.deepEqual(lineOf(data, 'ack'), [
        [10, 1],
        [40, 101],
      ]);
      // 1 + 1000 (a SYN's window is not scaled, RFC 7323 §2.2), 101 + 200 · 4.
      assert.deepEqual(lineOf(data, 'edge'), [
        [10, 1001],
        [40, 901],
      ]);
      assert.deepEqual(marksOf(of('sequence', 'server'), 'data'), [[10, 0, 1]]);
    });

    it('tells retransmissions apart by kind, and draws SACK and DSACK blocks', () => {
      const { of, flows } = graphsOf(`
        > S   0:0               win 60000 sackok
        < S.  0:0     ack 1     win 60000 sackok
        > .   1:1     ack 1     win 60000
        > .   1:1001    ack 1   win 60000
        > .   1001:2001 ack 1   win 60000
        > .   2001:3001 ack 1   win 60000
        < .   1:1     ack 1     win 60000 sack 1001:2001
        < .   1:1     ack 1     win 60000 sack 1001:3001
        +0.5 > .   1:1001    ack 1   win 60000
        < .   1:1     ack 3001  win 60000
        < .   1:1     ack 3001  win 60000 sack 1:1001
        > .   1:1001    ack 1   win 60000
      `);
      const data = of('sequence', 'client');
      assert.deepEqual(marksOf(data, 'sack'), [
        [60, 1001, 2001],
        [70, 1001, 3001],
      ]);
      assert.deepEqual(marksOf(data, 'duplicate-sack'), [[590, 1, 1001]]);
      assert.deepEqual(marksOf(data, 'retransmission'), [[570, 1, 1001]]);
      assert.deepEqual(marksOf(data, 'spurious-retransmission'), [[600, 1, 1001]]);
      assert.deepEqual(
        marksOf(data, 'duplicate-ack').map(([ms]) => ms),
        [60, 70, 590],
      );
      assert.deepEqual(
        [flows.client.retransmissions, flows.client.spuriousRetransmissions, flows.client.payloadBytes],
        [1, 1, 5000],
      );
      assert.equal(flows.client.ackedBytes, 3000);
    });

    it('counts on where sequence numbers wrap', () => {
      const { of } = graphsOf(
        `
        > S   0:0               win 60000
        < S.  0:0     ack 1     win 60000
        > .   1:1     ack 1     win 60000
        > .   1:1001  ack 1     win 60000
        < .   1:1     ack 1001  win 60000
        > .   1001:2001 ack 1   win 60000
        < .   1:1     ack 2001  win 60000
      `,
        { iss: 0xffff_fe00 },
      );
      assert.deepEqual(
        lineOf(of('sequence', 'client'), 'ack').map(([, ack]) => ack),
        [1, 1001, 2001],
      );
    });
  });

  it('measures round trips by Karn’s rule, and RFC 6298 makes SRTT and RTO of them', () => {
    const { of, flows } = graphsOf(`
      > S   0:0               win 60000
      < S.  0:0     ack 1     win 60000
      > .   1:1     ack 1     win 60000
      > .   1:101   ack 1     win 60000
      +0.05 < .   1:1     ack 101   win 60000
      > .   101:201 ack 1     win 60000
      +0.3 > .   101:201 ack 1     win 60000
      < .   1:1     ack 201   win 60000
    `);
    const data = of('rtt', 'client');
    assert.deepEqual(lineOf(data, 'rtt'), [
      [10, 10 * MS],
      [80, 50 * MS],
    ]);
    // Sent twice: the ACK may be of either; tshark counts from the first.
    assert.deepEqual(lineOf(data, 'ambiguous-rtt'), [[400, 310 * MS]]);
    // RFC 6298 §2.2, §2.3: SRTT 10, then 7/8 · 10 + 1/8 · 50 = 15 ms.
    assert.deepEqual(
      lineOf(data, 'srtt').map(([, ns]) => ns),
      [10 * MS, 15 * MS],
    );
    // RTTVAR 5, then 3/4 · 5 + 1/4 · |10 − 50| = 13.75 ms: four of them are less than Linux's least, 200 ms.
    assert.deepEqual(
      lineOf(data, 'rto').map(([, ns]) => ns),
      [210 * MS, 215 * MS],
    );
    assert.deepEqual(flows.client.rtt, { samples: 2, shortestNs: 10 * MS, meanNs: 30 * MS, longestNs: 50 * MS });
  });

  it('counts throughput and goodput in intervals from the connection’s start', () => {
    const { of } = graphsOf(`
      > S   0:0               win 60000
      < S.  0:0     ack 1     win 60000
      > .   1:1     ack 1     win 60000
      +0.98 > .   1:1001    ack 1   win 60000
      +0.5  > .   1:1001    ack 1   win 60000
      +0.5  < .   1:1       ack 1001 win 60000
      +148  > .   1001:1002 ack 1   win 60000
    `);
    // 150 s in 150 intervals of 1 s: the segments lie at 1.0, 1.5, 2.0 and 150 s.
    const data = of('throughput', 'client');
    assert.equal(data.intervalNs, 1e9);
    const perSecond = (kind: 'throughput' | 'goodput'): unknown[] =>
      lineOf(data, kind)
        .filter(([, bits]) => bits > 0)
        .map(([ms, bits]) => [ms / 1000, bits]);
    assert.deepEqual(perSecond('throughput'), [
      [1, 16_000],
      [150, 8],
    ]);
    assert.deepEqual(perSecond('goodput'), [[2, 8_000]]);
  });

  it('counts throughput in intervals of the length that was asked for, unless there would be too many', () => {
    const { counted } = graphsOf(`
      > S   0:0               win 60000
      < S.  0:0     ack 1     win 60000
      > .   1:1     ack 1     win 60000
      +0.98 > .   1:1001    ack 1   win 60000
      +0.5  > .   1001:2001 ack 1   win 60000
      +148.5 > .  2001:2002 ack 1   win 60000
    `);
    const sent = (data: GraphData): unknown[] => lineOf(data, 'throughput').filter(([, bits]) => bits > 0);
    // 1000 bytes each at 1.0 and 1.5 s, one byte at 150 s: 8 × bytes / length.
    const long = counted(10e9);
    assert.equal(long.intervalNs, 10e9);
    assert.deepEqual(sent(long), [
      [0, 1600],
      [150_000, 0.8],
    ]);
    const short = counted(1e8);
    assert.equal(short.intervalNs, 1e8);
    assert.deepEqual(sent(short), [
      [1000, 80_000],
      [1500, 80_000],
      [150_000, 80],
    ]);
    // 150 s hold 150 million of them.
    assert.equal(counted(1000).intervalNs, 1e6);
  });

  it('holds the bytes in flight against the window that the receiver advertises', () => {
    const { of, flows } = graphsOf(`${OPEN}
      > .   1:1001    ack 1   win 500
      > .   1001:2001 ack 1   win 500
      < .   1:1       ack 1001 win 250
      < .   1:1       ack 2001 win 0
    `);
    const data = of('flight', 'client');
    assert.deepEqual(lineOf(data, 'flight'), [
      [0, 1],
      [10, 0],
      [30, 1000],
      [40, 2000],
      [50, 1000],
      [60, 0],
    ]);
    assert.deepEqual(lineOf(data, 'window'), [
      [10, 1000],
      [50, 1000],
      [60, 0],
    ]);
    assert.deepEqual(marksOf(data, 'zero-window'), [[60, 0, 0]]);
    assert.deepEqual(lineOf(of('window', 'client'), 'raw-window'), [
      [10, 1000],
      [50, 250],
      [60, 0],
    ]);
    assert.deepEqual(flows.server.window, { lowest: 0, highest: 1000 });
    assert.equal(flows.server.zeroWindows, 1);
    assert.equal(flows.server.windowShift, 2);
    assert.equal(flows.client.largestFlight, 2000);
  });

  describe('congestion window (an estimate)', () => {
    const estimate = (text: string): [number, number][] =>
      lineOf(graphsOf(text).of('flight', 'client'), 'congestion-window');
    const handshake = (window: number): string => `
      > S   0:0               win 60000
      < S.  0:0     ack 1     win ${window}
      > .   1:1     ack 1     win 60000
    `;

    it('is the most in flight within a round trip', () => {
      // Slow start (RFC 5681 §3.1): every ACK of one segment lets two go.
      const found = estimate(`${handshake(60000)}
        > .   1:1001    ack 1
        > .   1001:2001 ack 1
        < .   1:1       ack 1001 win 60000
        > .   2001:3001 ack 1
        > .   3001:4001 ack 1
        < .   1:1       ack 2001 win 60000
        > .   4001:5001 ack 1
        > .   5001:6001 ack 1
        < .   1:1       ack 4001 win 60000
      `);
      assert.deepEqual(found, [
        [50, 2000],
        [80, 3000],
        [110, 4000],
      ]);
    });

    it('is not known while the receiver’s window limits', () => {
      assert.deepEqual(
        estimate(`${handshake(2000)}
          > .   1:1001    ack 1
          > .   1001:2001 ack 1
          < .   1:1       ack 1001 win 2000
          > .   2001:3001 ack 1
          < .   1:1       ack 2001 win 2000
          > .   3001:4001 ack 1
        `),
        [],
      );
    });

    it('is not known while the application limits', () => {
      assert.deepEqual(
        estimate(`${handshake(60000)}
          > .   1:1001    ack 1
          < .   1:1       ack 1001 win 60000
          > P.  1001:1501 ack 1
          > P.  1501:2001 ack 1
          < .   1:1       ack 1501 win 60000
          < .   1:1       ack 2001 win 60000
        `),
        [],
      );
    });
  });

  it('answers about a range with what a line needs to reach its edges', () => {
    const { of } = graphsOf(`${OPEN}
      > P.  1:101   ack 1   win 500
      < .   1:1     ack 101 win 200
      > P.  101:201 ack 1   win 500
      < .   1:1     ack 201 win 200
      > P.  201:301 ack 1   win 500
      < .   1:1     ack 301 win 200
    `);
    const data = of('sequence', 'client', { from: 55 * MS, to: 65 * MS, columns: 100 });
    assert.deepEqual(lineOf(data, 'ack'), [
      [40, 101],
      [60, 201],
      [80, 301],
    ]);
    assert.deepEqual(marksOf(data, 'data'), []);
  });
});

describe('thinning', () => {
  const range = { from: 0, to: 100, columns: 2 };

  it('keeps the first, last, lowest and highest point of a column', () => {
    const line = new LineThinner('flight', range);
    [5, 9, 1, 7, 3].forEach((value, row) => line.add(row * 10, value, row));
    line.add(60, 4, 5);
    const { times, values, rows } = line.result();
    assert.deepEqual([...times], [0, 10, 20, 40, 60]);
    assert.deepEqual([...values], [5, 9, 1, 3, 4]);
    assert.deepEqual([...rows], [0, 1, 2, 4, 5]);
    assert.equal(line.points, 6);
  });

  it('takes a clock that goes back', () => {
    const line = new LineThinner('flight', range);
    [80, 20, -5, 130].forEach((time, row) => line.add(time, row, row));
    assert.deepEqual([...line.result().times], [-5, 20, 80, 130]);
  });

  it('makes one mark of ranges that touch in a column, and keeps others apart', () => {
    const marks = new MarkCollector('data', range);
    marks.add(1, 0, 10, 0);
    marks.add(2, 10, 20, 1);
    marks.add(3, 50, 60, 2);
    marks.add(60, 60, 70, 3);
    const { times, lows, highs, rows } = marks.result();
    assert.deepEqual([...times], [1, 3, 60]);
    assert.deepEqual([...lows], [0, 50, 60]);
    assert.deepEqual([...highs], [20, 60, 70]);
    assert.deepEqual([...rows], [0, 2, 3]);
  });
});
