import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Trace } from '../../../src/core/analyze';
import { bytesSource } from '../../../src/core/bytes/source';
import type { SegmentLink, TextPlace } from '../../../src/core/model/text';
import { LOSSY, readText } from '../../support/text-traces';

const lineText = (text: string, line: number): string => text.split(/\r?\n/)[line - 1]!;

describe('a text trace by its lines', () => {
  let trace: Trace;
  before(() => {
    trace = readText(LOSSY);
  });

  it('has packets where they stand, and none in lines of something else', () => {
    const packets = trace.textPackets(1, 100);
    assert.equal(packets.length, 17);
    assert.deepEqual(
      packets.map(({ first, count }) => [first, count]),
      [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19].map((line) => [line, 1]),
    );
    assert.deepEqual(trace.textPackets(11, 12), []);
    assert.deepEqual(
      trace.textPackets(10, 13).map(({ packet }) => packet),
      [9, 10],
    );
  });

  // The states of RFC 9293 figures 6 and 12.
  it('has the states of both ends before and after a line', () => {
    const states = trace.textPackets(2, 5).map(({ segment }) => {
      const { before, after } = segment!;
      return [before?.client.state, before?.server.state, after.client.state, after.server.state];
    });
    assert.deepEqual(states, [
      [undefined, undefined, 'SYN-SENT', 'SYN-RECEIVED'],
      ['SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', 'SYN-RECEIVED'],
      ['ESTABLISHED', 'SYN-RECEIVED', 'ESTABLISHED', 'ESTABLISHED'],
    ]);
    const [fin] = trace.textPackets(16, 17);
    assert.deepEqual(
      [fin!.segment!.after.client.state, fin!.segment!.after.server.state],
      ['FIN-WAIT-1', 'CLOSE-WAIT'],
    );
  });

  it('says the same of a line whatever else is asked with it', () => {
    const together = trace.textPackets(1, 100);
    for (const packet of together) assert.deepEqual(trace.textPackets(packet.first, packet.first + 1), [packet]);
  });

  it('marks what the pieces of a line mean, at their columns', () => {
    const [packet] = trace.textPackets(10, 11);
    const said = packet!.marks.map(({ id, line, start, end }) => [id, lineText(LOSSY, line).slice(start, end)]);
    assert.deepEqual(
      said.filter(([id]) => /tcp\.ack|ip\.src|tcp\.dstport|tcp\.len/.test(id!)),
      [
        ['ip.src', '10.0.0.2'],
        ['tcp.dstport', '40000'],
        ['tcp.ack', '1001'],
        ['tcp.len', '0'],
      ],
    );
  });

  it('counts columns in UTF-16 behind characters of other scripts, and with CRLF', () => {
    const text = LOSSY.replace(/^10:00/gm, '日志 🦈 10:00').replace(/\n/g, '\r\n');
    const [packet] = readText(text).textPackets(10, 11);
    const ack = packet!.marks.find(({ id }) => id === 'tcp.ack')!;
    assert.equal(lineText(text, ack.line).slice(ack.start, ack.end), '1001');
  });

  it('marks each line of a packet of several', () => {
    const text = `\
10:00:00.000000 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 44)
    10.0.0.1.40000 > 10.0.0.2.80: Flags [S], cksum 0x1234 (correct), seq 1000, win 64240, options [mss 1460], length 0
10:00:00.010000 IP (tos 0x0, ttl 64, id 0, offset 0, flags [DF], proto TCP (6), length 44)
    10.0.0.2.80 > 10.0.0.1.40000: Flags [S.], cksum 0x1234 (correct), seq 5000, ack 1001, win 65160, options [mss 1460], length 0
`;
    const traced = readText(text);
    const [first, second] = traced.textPackets(2, 4);
    assert.deepEqual([first!.first, first!.count, second!.first, second!.count], [1, 2, 3, 2]);
    const ttl = second!.marks.find(({ id }) => id === 'ip.ttl')!;
    const ack = second!.marks.find(({ id }) => id === 'tcp.ack')!;
    assert.deepEqual([ttl.line, lineText(text, 3).slice(ttl.start, ttl.end)], [3, '64']);
    assert.deepEqual([ack.line, lineText(text, 4).slice(ack.start, ack.end)], [4, '1001']);
    assert.deepEqual(traced.textFolds(100), [
      { first: 1, count: 4 },
      { first: 1, count: 2 },
      { first: 3, count: 2 },
    ]);
  });

  it('has the connections with their parts', () => {
    const [first, second] = trace.textConnections(0, 10);
    assert.deepEqual([first!.first, first!.last, first!.until], [2, 18, 10]);
    assert.deepEqual([second!.first, second!.last, second!.until], [12, 19, 12]);
    const parts = (phases: typeof first): unknown[] =>
      phases!.phases.map(({ kind, first: a, last }) => [kind, a, last]);
    assert.deepEqual(parts(first), [
      ['handshake', 2, 4],
      ['data', 5, 15],
      ['close', 16, 18],
    ]);
    assert.deepEqual(parts(second), [
      ['handshake', 12, 12],
      ['close', 19, 19],
    ]);
  });

  it('knows which connection begins next', () => {
    assert.deepEqual(
      [1, 2, 3, 12, 13, 100].map((line) => trace.connectionFrom(line)),
      [0, 0, 1, 1, 2, 2],
    );
  });

  it('folds what stands together', () => {
    assert.deepEqual(trace.textFolds(100), [
      { first: 2, count: 9 },
      { first: 13, count: 6 },
    ]);
    assert.equal(trace.textFolds(1).length, 1);
  });

  const packetsOf = (links: readonly SegmentLink[]): unknown[] => links.map(({ kind, packet }) => [kind, packet]);
  const rowAt = (line: number): number => trace.textPackets(line, line + 1)[0]!.segment!.row;

  it('knows which segments carried what an acknowledgment is about', () => {
    // ACK 1001: bytes 1 to 1000. ACK 4001: its last byte is in the fourth. ACK 1 of the handshake: the SYN-ACK.
    assert.deepEqual(packetsOf(trace.carriers(0, rowAt(9))), [['same-bytes', 4]]);
    assert.deepEqual(packetsOf(trace.carriers(0, rowAt(15))), [['same-bytes', 7]]);
    assert.deepEqual(packetsOf(trace.carriers(0, rowAt(4))), [['same-bytes', 2]]);
    assert.deepEqual(trace.carriers(0, rowAt(9))[0]!.lines, { first: 5, count: 1 });
    assert.deepEqual(trace.carriers(0, rowAt(2)), [], 'a SYN acknowledges nothing');
    // The reset acknowledges the SYN.
    assert.deepEqual(packetsOf(trace.carriers(1, 1)), [['same-bytes', 10]]);
  });

  it('gives both segments that carried the same bytes', () => {
    const twice = LOSSY.replace('ack 4001,', 'ack 2001,');
    const traced = readText(twice);
    assert.deepEqual(packetsOf(traced.carriers(0, rowAt(15))), [
      ['same-bytes', 5],
      ['same-bytes', 12],
    ]);
  });

  it('knows what refers to a segment', () => {
    // 1001:2001 was lost: two more ACKs of 1001 ask for it (the first of them acknowledges the segment before), it is
    // sent again, and ACK 4001 is the first beyond it.
    assert.deepEqual(packetsOf(trace.references(0, rowAt(6))), [
      ['duplicate-ack', 9],
      ['duplicate-ack', 11],
      ['same-bytes', 12],
      ['acknowledgment', 13],
    ]);
    assert.deepEqual(packetsOf(trace.references(0, rowAt(14))), [
      ['same-bytes', 5],
      ['duplicate-ack', 9],
      ['duplicate-ack', 11],
      ['acknowledgment', 13],
    ]);
    // What acknowledges 1:1001 is repeated twice.
    assert.deepEqual(packetsOf(trace.references(0, rowAt(5))), [
      ['acknowledgment', 8],
      ['duplicate-ack', 9],
      ['duplicate-ack', 11],
    ]);
    assert.deepEqual(packetsOf(trace.references(0, rowAt(9))), [
      ['duplicate-ack', 9],
      ['duplicate-ack', 11],
    ]);
  });

  it('has what is wrong at its line', () => {
    const { found, next } = trace.textFindings(0, 100, false);
    assert.equal(next, null);
    assert.deepEqual(
      found.map(({ line, kind, of }) => [line, kind, of?.line ?? null]),
      // By RFC 5681 §2 the second and the third ACK 1001 repeat the first; 270 ms later no fast retransmission is left.
      [
        [10, 'duplicate-ack', 9],
        [13, 'duplicate-ack', 9],
        [14, 'retransmission', 6],
        // What no third duplicate ACK asked for, a timer has sent again (RFC 6298 §5.4).
        [14, 'retransmission-timeout', 6],
        [19, 'reset', null],
      ],
    );
  });

  it('points at what of a line refers to another, or is found fault with', () => {
    const told = (place: TextPlace | null): string | null =>
      place && LOSSY.split('\n')[place.line - 1]!.slice(place.start, place.end);
    assert.deepEqual(
      trace.references(0, rowAt(6)).map(({ place }) => told(place)),
      ['1001', '1001', '1001:2001', '4001'],
    );
    assert.deepEqual(
      trace.carriers(0, rowAt(15)).map(({ place }) => told(place)),
      ['3001:4001'],
    );
    assert.deepEqual(
      trace.textFindings(0, 100, false).found.map(({ kind, place }) => [kind, told(place)]),
      [
        ['duplicate-ack', '1001'],
        ['duplicate-ack', '1001'],
        ['retransmission', '1001:2001'],
        ['retransmission-timeout', '1001:2001'],
        ['reset', 'R.'],
      ],
    );
    // In two lines, as tcpdump -v writes them.
    const twoLines = readText(
      LOSSY.replaceAll(' IP ', ' IP (tos 0x0, ttl 64, id 0, offset 0, flags [DF], proto TCP (6), length 40)\n    '),
    );
    const [duplicate] = twoLines.textFindings(0, 100, false).found;
    assert.deepEqual([duplicate!.line, duplicate!.place!.line], [18, 19]);
  });

  it('finds the same in small steps', () => {
    const whole = trace.textFindings(0, 100, true).found;
    const found = [];
    for (let next: number | null = 0; next !== null;) {
      const answer = trace.textFindings(next, 1, true);
      assert.ok(answer.found.length <= 2);
      found.push(...answer.found);
      next = answer.next;
    }
    assert.deepEqual(found, whole);
  });
});

describe('what lasts over several segments', () => {
  it('is listed once, where it begins', () => {
    const line = (time: string, fromClient: boolean, rest: string): string =>
      `10:00:${time} IP ${fromClient ? '10.0.0.1.40000 > 10.0.0.2.80' : '10.0.0.2.80 > 10.0.0.1.40000'}: ${rest}\n`;
    const data = 'Flags [P.], seq 1:1001, ack 1, win 502, length 1000';
    const resent = readText(
      line('00.000000', true, 'Flags [S], seq 1000, win 64240, length 0') +
        line('00.010000', false, 'Flags [S.], seq 5000, ack 1001, win 65160, length 0') +
        line('00.020000', true, 'Flags [.], ack 1, win 502, length 0') +
        // RFC 6298 §5.5: each time the timer waits twice as long.
        ['00.030000', '00.260000', '00.720000', '01.640000'].map((time) => line(time, true, data)).join('') +
        line('01.650000', false, 'Flags [.], ack 1001, win 502, length 0'),
    );
    assert.deepEqual(
      resent.textFindings(0, 100, false).found.map(({ line: at, kind }) => [at, kind]),
      [
        [5, 'retransmission'],
        [5, 'retransmission-timeout'],
        [6, 'retransmission'],
        [7, 'retransmission'],
      ],
    );
  });
});

describe('a capture', () => {
  it('has no lines, but its segments refer to each other', () => {
    const trace = Trace.open(bytesSource(readFileSync('media/samples/ftp-textbook.pcap')), { decompressionLimit: 1 });
    while (trace.step());
    assert.deepEqual(trace.textPackets(1, 100), []);
    assert.deepEqual(trace.connectionText(0, 0, 100), []);
    assert.deepEqual(trace.textConnections(0, 100), []);
    assert.equal(trace.connectionFrom(1), 0);
    assert.deepEqual(trace.textFolds(100), []);
    assert.deepEqual(trace.textFindings(0, 100, true), { found: [], next: null });
    // The SYN-ACK acknowledges the SYN.
    assert.deepEqual(trace.carriers(0, 1), [{ kind: 'same-bytes', row: 0, packet: 1, lines: null, place: null }]);
  });
});
