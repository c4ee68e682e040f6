import assert from 'node:assert/strict';
import type { SegmentRow } from '../../../src/core/model/segment';
import type { Trace } from '../../../src/core/analyze';
import { readTrace, sampleFile } from '../../support/traces';

/** The session that textbooks explain opening and closing by. */
describe('the FTP session of the textbooks', () => {
  const X = 2452765130;
  const Y = 1996069412;
  let trace: Trace;
  let rows: SegmentRow[];

  before(() => {
    trace = readTrace(sampleFile('ftp-textbook.pcap'));
    rows = trace.segments(0, 0, 100);
  });

  const row = (packet: number): SegmentRow => rows.find((one) => one.packet === packet)!;
  const numbers = (packet: number): unknown => {
    const { from, flags, seqRaw, ackRaw } = row(packet);
    return { from, flags: flags.join(' '), seqRaw, ackRaw };
  };

  it('is one connection of twenty segments from port 51234 to port 21', () => {
    const { client, server, segments, partial, payloadBytes } = trace.connections(0, 1)[0]!;
    assert.equal(trace.summary().connections, 1);
    assert.deepEqual(
      { client, server, segments, partial, payloadBytes },
      {
        client: { address: '10.1.0.2', port: 51234 },
        server: { address: '10.2.0.9', port: 21 },
        segments: 20,
        partial: false,
        payloadBytes: { client: 26, server: 94 },
      },
    );
  });

  it('opens in three steps: X; Y and X + 1; Y + 1', () => {
    assert.deepEqual(numbers(1), { from: 'client', flags: 'SYN', seqRaw: X, ackRaw: 0 });
    assert.deepEqual(numbers(2), { from: 'server', flags: 'SYN ACK', seqRaw: Y, ackRaw: 2452765131 });
    assert.deepEqual(numbers(3), { from: 'client', flags: 'ACK', seqRaw: 2452765131, ackRaw: 1996069413 });
  });

  it('closes in four steps, the server first', () => {
    assert.deepEqual(numbers(17), { from: 'server', flags: 'FIN ACK', seqRaw: 1996069507, ackRaw: 2452765157 });
    assert.deepEqual(numbers(18), { from: 'client', flags: 'ACK', seqRaw: 2452765157, ackRaw: 1996069508 });
    assert.deepEqual(numbers(19), { from: 'client', flags: 'FIN ACK', seqRaw: 2452765157, ackRaw: 1996069508 });
    assert.deepEqual(numbers(20), { from: 'server', flags: 'ACK', seqRaw: 1996069508, ackRaw: 2452765158 });
  });

  it('shows both ends’ states at every step', () => {
    const established = Array.from({ length: 14 }, () => 'ESTABLISHED | ESTABLISHED');
    assert.deepEqual(
      rows.map(({ client, server }) => `${client.state} | ${server.state}`),
      [
        'SYN-SENT | SYN-RECEIVED',
        'ESTABLISHED | SYN-RECEIVED',
        ...established,
        'CLOSE-WAIT | FIN-WAIT-1',
        'CLOSE-WAIT | FIN-WAIT-2',
        'LAST-ACK | TIME-WAIT',
        'CLOSED | TIME-WAIT',
      ],
    );
  });

  it('gives both ends the numbers of the other', () => {
    const { client, server } = row(3);
    assert.deepEqual([client.iss, client.irs, server.iss, server.irs], [X, Y, Y, X]);
    const last = row(20);
    assert.deepEqual(
      [last.client.sndUna, last.client.sndNxt, last.client.rcvNxt],
      [2452765158, 2452765158, 1996069508],
    );
    assert.deepEqual(
      [last.server.sndUna, last.server.sndNxt, last.server.rcvNxt],
      [1996069508, 1996069508, 2452765158],
    );
  });

  it('has nothing to complain about', () => {
    assert.equal(trace.summary().problems, 0);
    assert.deepEqual(trace.summary().notices, []);
    for (const { notes, checksum } of rows) assert.deepEqual([notes, checksum], [[], 'good']);
  });
});
