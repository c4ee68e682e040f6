import assert from 'node:assert/strict';
import type { ConnectionRow } from '../../src/core/model/connection';
import { type Message, message } from '../../src/core/model/message';
import { ConnectionFinder, type SearchedTrace } from '../../src/worker/find-connections';

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
  verdict: verdictOf(message('closed first by {0}', connection === 6 ? 'the server' : 'the client')),
});

const verdictOf = (text: Message): ConnectionRow['verdict'] => ({ sentence: text, brief: text, clauses: [] });

/** A capture of so many connections that counts how many rows it was asked for. */
function capture(
  size: number,
): SearchedTrace & { asked: number; segments: number; done: boolean; state: (n: number) => ConnectionRow } {
  return {
    asked: 0,
    segments: 2 * size,
    done: false,
    state: row,
    connections(start, end) {
      const page = Array.from({ length: Math.max(0, Math.min(end, size) - start) }, (_, i) => this.state(start + i));
      this.asked += page.length;
      return page;
    },
    endpoints(connection) {
      return this.state(connection);
    },
    summary() {
      return { segments: this.segments, connections: size, done: this.done } as ReturnType<SearchedTrace['summary']>;
    },
  };
}

/** Numbers of all connections found, over as many answers as it takes. */
function findAll(finder: ConnectionFinder, text: string, limit: number): number[] {
  const numbers: number[] = [];
  for (let next: number | null = 0; next !== null;) {
    const answer = finder.find(text, next, limit);
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
    it(`finds ${JSON.stringify(text)}, also when it is asked again`, () => {
      const finder = new ConnectionFinder(capture(10));
      for (let i = 0; i < 2; i++) assert.deepEqual(findAll(finder, text, 100), found);
    });

  it('stops at the limit and says where to go on', () => {
    const finder = new ConnectionFinder(capture(10));
    for (let i = 0; i < 2; i++) {
      const first = finder.find(':21', 0, 2);
      assert.deepEqual([first.found.map((found) => found.connection), first.next], [[1, 3], 5]);
      const last = finder.find(':21', 4, 100);
      assert.deepEqual([last.found.map((found) => found.connection), last.next], [[5, 7, 9], null]);
    }
  });

  it('looks at a bounded number in one answer, and at all of them in several', () => {
    const trace = capture(20_001);
    const finder = new ConnectionFinder(trace);
    assert.equal(typeof finder.find('nothing', 0, 100).next, 'number');
    assert.ok(trace.asked < 5000);
    assert.deepEqual(findAll(finder, '#20000', 100), [20_000]);
  });

  it('bounds the rows that one answer makes of what it has read before', () => {
    const trace = capture(20_000);
    const finder = new ConnectionFinder(trace);
    findAll(finder, 'nothing', 2000);
    trace.asked = 0;
    assert.equal(finder.find('10.0', 0, 20_000).found.length, trace.asked);
    assert.ok(trace.asked < 5000);
  });

  it('reads each connection once, however often it searches', () => {
    const trace = capture(20_001);
    const finder = new ConnectionFinder(trace);
    findAll(finder, 'nothing', 100);
    assert.equal(trace.asked, 20_001);
    for (const text of ['nothing else', '10.9.8.7', '#20000']) findAll(finder, text, 100);
    assert.equal(trace.asked, 20_002, 'the one that was found');
  });

  it('finds addresses, ports and numbers without making a row of any other', () => {
    const trace = capture(20_001);
    const finder = new ConnectionFinder(trace);
    assert.deepEqual(findAll(finder, '10.0.0.7: :443', 100), []);
    assert.deepEqual(findAll(finder, '#20000 10.0.78 443', 100), [20_000]);
    assert.equal(trace.asked, 1);
  });

  it('finds by names, which may look like addresses in part', () => {
    const trace = capture(3);
    trace.state = (n) => ({ ...row(n), client: { address: 'fe80::a', port: 9, name: `db${n}.bad.example` } });
    const finder = new ConnectionFinder(trace);
    assert.deepEqual(findAll(finder, 'db1', 100), [1]);
    assert.deepEqual(findAll(finder, 'bad fe80::a', 100), [0, 1, 2]);
  });

  it('prepares what is searched in bounded pieces, as long as it is asked to', () => {
    const trace = capture(20_001);
    const finder = new ConnectionFinder(trace);
    let pieces = 0;
    for (let next = finder.prepare(0); next !== null; next = finder.prepare(next)) pieces++;
    assert.ok(pieces >= 4);
    assert.equal(trace.asked, 20_001);
    assert.deepEqual(findAll(finder, 'fast-retransmission', 100), [4]);
    assert.equal(trace.asked, 20_002, 'the one that was found');
  });

  it('reads them again while segments come', () => {
    const trace = capture(10);
    const finder = new ConnectionFinder(trace);
    assert.deepEqual(findAll(finder, 'last-ack', 100), []);
    trace.segments++;
    trace.state = (n) => ({ ...row(n), state: { client: 'TIME-WAIT', server: n === 2 ? 'LAST-ACK' : 'CLOSED' } });
    assert.deepEqual(findAll(finder, 'last-ack', 100), [2]);
  });

  it('finds by a name that comes when all segments are there, and by the address', () => {
    const trace = capture(3);
    const finder = new ConnectionFinder(trace);
    assert.deepEqual(findAll(finder, 'www.example', 100), []);
    trace.done = true;
    trace.state = (n) => ({
      ...row(n),
      server: { address: '192.0.2.1', port: 443, ...(n === 1 && { name: 'www.example' }) },
    });
    assert.deepEqual(findAll(finder, 'www.example', 100), [1]);
    assert.deepEqual(findAll(finder, '192.0.2.1', 100), [0, 1, 2]);
  });

  it('begins anywhere', () => {
    const finder = new ConnectionFinder(capture(2000));
    assert.deepEqual(
      finder.find(':21', 1990, 2).found.map((found) => found.connection),
      [1991, 1993],
    );
    assert.deepEqual(findAll(finder, '#7', 100), [7, ...range(70, 80), ...range(700, 800)]);
  });

  it('ends where a page ends', () => {
    for (const connections of [0, 499, 500, 501, 4000])
      assert.equal(findAll(new ConnectionFinder(capture(connections)), '', 100).length, connections);
  });
});

const range = (start: number, end: number): number[] => Array.from({ length: end - start }, (_, i) => start + i);
