import assert from 'node:assert/strict';
import type { ConnectionRow } from '../../src/core/model/connection';
import { message } from '../../src/core/model/message';
import { findConnections } from '../../src/worker/find-connections';

const row = (connection: number): ConnectionRow => ({
  connection,
  client: { address: `10.0.${connection >> 8}.${connection & 255}`, port: 40_000 + (connection % 1000) },
  server: { address: '2001:db8::9', port: connection % 2 === 0 ? 443 : 21 },
  partial: connection === 7,
  firstPacket: 1,
  lastPacket: 2,
  segments: 2,
  start: '0.000000000',
  startNs: 0,
  durationNs: 0,
  payloadBytes: { client: 0, server: 0 },
  state: { client: 'TIME-WAIT', server: connection === 3 ? 'CLOSE-WAIT' : 'CLOSED' },
  assumed: { client: false, server: false },
  completeness: connection === 5 ? ['SYN', 'RST'] : ['SYN', 'SYN-ACK', 'ACK', 'DATA', 'FIN'],
  handshakeRttNs: null,
  notes: connection === 4 ? { 'fast-retransmission': 2 } : {},
  problems: connection === 4 ? 2 : 0,
  verdict: message('Closed first by {0}', connection === 6 ? 'the server' : 'the client'),
});

/** A capture of so many connections that counts how many it was asked for. */
function capture(connections: number) {
  const asked = { rows: 0 };
  const rows = (start: number, end: number): ConnectionRow[] => {
    const page = Array.from({ length: Math.max(0, Math.min(end, connections) - start) }, (_, i) => row(start + i));
    asked.rows += page.length;
    return page;
  };
  return { rows, asked };
}

/** Numbers of all connections found, over as many answers as it takes. */
function findAll(rows: (start: number, end: number) => ConnectionRow[], text: string, limit: number): number[] {
  const numbers: number[] = [];
  for (let next: number | null = 0; next !== null;) {
    const answer = findConnections(rows, text, next, limit);
    numbers.push(...answer.found.map((found) => found.connection));
    next = answer.next;
  }
  return numbers;
}

describe('finding connections', () => {
  const searches: [text: string, found: number[]][] = [
    ['#6', [6]],
    ['10.0.0.3:40003', [3]],
    ['[2001:db8::9]:21', [1, 3, 5, 7, 9]],
    ['close-wait', [3]],
    ['CLOSE-WAIT :21', [3]],
    ['retransmission', [4]],
    ['problems', [4]],
    ['rst', [5]],
    ['partial', [7]],
    ['closed by the server', [6]],
    ['server #6 10.0', [6]],
    ['erver', []],
    ['nothing like it', []],
    ['', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ];
  for (const [text, found] of searches)
    it(`finds ${JSON.stringify(text)}`, () => assert.deepEqual(findAll(capture(10).rows, text, 100), found));

  it('stops at the limit and says where to go on', () => {
    const { rows } = capture(10);
    const first = findConnections(rows, ':21', 0, 2);
    assert.deepEqual([first.found.map((found) => found.connection), first.next], [[1, 3], 4]);
    const last = findConnections(rows, ':21', 4, 100);
    assert.deepEqual([last.found.map((found) => found.connection), last.next], [[5, 7, 9], null]);
  });

  it('looks at a bounded number in one answer, and at all of them in several', () => {
    const { rows, asked } = capture(20_001);
    assert.equal(typeof findConnections(rows, 'nothing', 0, 100).next, 'number');
    assert.ok(asked.rows < 5000);
    assert.deepEqual(findAll(rows, '#20000', 100), [20_000]);
  });

  it('ends where a page ends', () => {
    for (const connections of [0, 499, 500, 501, 4000])
      assert.equal(findAll(capture(connections).rows, '', 100).length, connections);
  });
});
