import assert from 'node:assert/strict';
import { render } from '../../../src/core/format/message';
import { connectionJson, segmentJson } from '../../../src/core/export/json';
import { readText } from '../../support/text-traces';

const line = (front: string, from: string, rest: string): string =>
  `${front}IP ${from === '>' ? '10.0.0.1.40000 > 10.0.0.2.80' : '10.0.0.2.80 > 10.0.0.1.40000'}: ${rest}\n`;

describe('what a text does not tell', () => {
  it('is the states, where there are only addresses and lengths (tcpdump -q)', () => {
    const trace = readText(
      line('10:00:00.000000 ', '>', 'tcp 0') +
        line('10:00:00.010000 ', '<', 'tcp 0') +
        line('10:00:00.020000 ', '>', 'tcp 77'),
    );
    for (const row of trace.allSegments()) assert.deepEqual([row.client.state, row.server.state], [null, null]);
    const [connection] = trace.connections(0, 1);
    assert.deepEqual(connection!.state, { client: null, server: null });
    assert.deepEqual(connection!.payloadBytes, { client: 77, server: 0 });
    assert.equal(render(connection!.verdict.sentence), 'only addresses and lengths are known, and no states');
  });

  it('is every time, date and duration, where there are none (tcpdump -t)', () => {
    const syn = 'Flags [S], seq 1000, win 64240, length 0';
    const trace = readText(line('', '>', syn) + line('', '>', syn));
    const { start, durationNs, clock } = trace.summary();
    assert.deepEqual({ start, durationNs, clock }, { start: null, durationNs: null, clock: 'none' });
    const [connection] = trace.connections(0, 1);
    assert.deepEqual([connection!.start, connection!.durationNs], [null, null]);
    const written = JSON.stringify([
      connectionJson(connection!),
      ...[...trace.allSegments()].map((row) => [segmentJson(trace, row, null), row.explanation.map((m) => render(m))]),
    ]);
    for (const invented of ['1970', '"0 s', ' 0 s', 'Ns":0'])
      assert.ok(!written.includes(invented), `${invented} in ${written}`);
    assert.deepEqual(
      [...trace.allSegments()].map(({ timeNs }) => timeNs),
      [null, null],
    );
  });

  it('is a segment behind another protocol’s words, which is said at its line', () => {
    const row = (number: number, protocol: string, info: string): string =>
      `    ${number}   0.00000${number}     10.0.0.1 → 10.0.0.2     ${protocol} 66 ${info}\n`;
    const trace = readText(
      row(1, 'TCP', '40000 → 80 [SYN] Seq=0 Win=64240 Len=0') +
        row(2, 'HTTP', 'GET / HTTP/1.1 ') +
        row(3, 'DHCP', 'DHCP Discover') +
        row(4, 'TCP', '[TCP segment of a reassembled PDU]') +
        row(5, 'TCP', '40000 → 80 [ACK] Seq=78 Ack=1 Win=64240 Len=0'),
    );
    assert.deepEqual(
      trace.summary().notices.map(({ code, line: at, severity }) => [code, at, severity]),
      [
        ['hidden-segment', 2, 'info'],
        ['hidden-segment', 4, 'info'],
      ],
    );
  });
});
