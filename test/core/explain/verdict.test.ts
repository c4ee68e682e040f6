import assert from 'node:assert/strict';
import { render } from '../../../src/core/format/message';
import type { ConnectionRow } from '../../../src/core/model/connection';
import { captured, HANDSHAKE } from '../../support/script';
import { recordingOf } from '../../support/kernel/fixtures';
import { readTrace, sampleFile } from '../../support/traces';

const rowsOf = (capture: string | Uint8Array): ConnectionRow[] => readTrace(capture).connections(0, 1000);
const sentences = (capture: string | Uint8Array): string[] =>
  rowsOf(capture).map(({ verdict }) => render(verdict.sentence));

/** Each clause with its packets, as `closed in order, client first [8 9 10 11]`. */
const clausesOf = (row: ConnectionRow): string[] =>
  row.verdict.clauses.map(({ text, packets }) => `${render(text)} [${packets.join(' ')}]`);

describe('the verdict on a connection', () => {
  // What media/samples/README.md says that one sees in each; numbers and times of packets as tshark prints them.
  for (const [sample, ...clauses] of [
    ['ftp-textbook', 'opened by the client in 20.9 ms [1 2 3]', 'closed in order, server first [17 18 19 20]'],
    ['handshake', 'opened by the client in 20.7 ms [1 2 3]', 'still open at the end of the capture [3]'],
    ['refused', 'refused by the server [1 2]'],
    [
      'lost-syn-ack',
      'opened by the client, whose SYN was sent 3 times over 3.02 s [1 2 6 8]',
      'SYN-ACK sent 4 times over 3.02 s [2 7]',
      'closed in order, client first [13 14 15]',
    ],
    ['four-way-close', 'opened by the client in 20.5 ms [1 2 3]', 'closed in order, client first [8 9 10 11]'],
    [
      'half-close',
      'opened by the client in 28.3 ms [1 2 3]',
      'closed in order, client first [5 7 14 15]',
      'after that the server sent 14 bytes [8 12]', // 4 + 4 + 6
    ],
    ['simultaneous-open', 'opened by both at the same time [1 2 4 5]', 'closed in order, client first [11 12 13 14]'],
    [
      'simultaneous-close',
      'opened by the client in 65.4 ms [1 2 3]',
      'closed in order, by both at the same time [8 9 10 11]',
    ],
    ['reset-unread-data', 'opened by the client in 22.2 ms [1 2 3]', 'reset by the server [10]'],
    ['reset-linger-zero', 'opened by the client in 20.6 ms [1 2 3]', 'reset by the client [8]'],
    [
      'retransmission-timeout',
      'opened by the client in 20.6 ms [1 2 3]',
      'closed in order, client first [14 15 16]',
      '3 retransmissions [9 10 11]',
      // Packet 8 at 0.2020 s, packet 11 at 1.8348 s.
      'timeouts cost 1.63 s [9]',
    ],
    [
      'fast-retransmit',
      'opened by the client in 22.6 ms [1 2 3]',
      'closed in order, client first [43 62 63 64]',
      '1 retransmission [49]',
    ],
    [
      'out-of-order',
      'opened by the client in 21.1 ms [1 2 3]',
      'closed in order, client first [22 23 24]',
      'segments arrived out of order [20]',
    ],
    [
      'zero-window',
      'opened by the client in 20.6 ms [1 2 3]',
      'closed in order, client first [36 38 39]',
      'window of the server closed for 2.87 s [16]',
    ],
    ['keep-alive', 'opened by the client in 20.8 ms [1 2 3]', 'closed in order, client first [17 18 19]'],
  ] as const)
    it(`${sample}: ${clauses.join('; ')}`, () => {
      const [row, ...others] = rowsOf(sampleFile(`${sample}.pcap`));
      assert.deepEqual(clausesOf(row!), clauses);
      assert.deepEqual(others, []);
    });

  // What test/support/kernel/scenarios.py says that the two programs and the bridge did.
  for (const [scenario, vantage, ...clauses] of [
    [
      'data-after-close',
      'client',
      'opened by the client in 10.6 ms [1 2 3]',
      'closed by the client [8 9]',
      'after that the server sent 100 bytes [10]',
      'reset by the client in answer to packet 10 [10 11]',
    ],
    [
      'half-open-discovered',
      'client',
      'opened by the client in 10.7 ms [1 2 3]',
      'reset by the server in answer to packet 8 [8 9]',
    ],
    [
      'half-open-expires',
      'server',
      'handshake never completed: SYN-ACK sent 2 times over 1.03 s, never acknowledged [1 2 3]',
    ],
    ['unanswered', 'client', 'SYN sent 2 times over 1.02 s, without an answer [1 2]'],
    ['abandoned', 'client', 'the client answered the SYN-ACK with a reset [1 2 3]'],
    [
      'keep-alive-unanswered',
      'client',
      'opened by the client in 16.0 ms [1 2 3]',
      // Packet 7 at 0.0356 s, packet 10 at 3.0759 s.
      'reset by the client, which had heard nothing for 3.04 s after 2 repetitions or probes [7 10]',
    ],
    [
      'peer-vanished',
      'client',
      'opened by the client in 13.0 ms [1 2 3]',
      // Packet 8 at 0.1545 s, packet 12 at 1.9515 s.
      'the server fell silent: 4 repetitions or probes in 1.80 s without an answer [8 12]',
      'still open at the end of the capture [12]',
      '4 retransmissions [9 10 11]',
      // Packet 9 is a tail loss probe; then 0.220, 0.464 and 0.896 s.
      'timeouts cost 1.58 s [10]',
    ],
  ] as const)
    it(`${scenario} at the ${vantage}: ${clauses.join('; ')}`, () => {
      const [row] = rowsOf(recordingOf(scenario).vantage[vantage]);
      assert.deepEqual(clausesOf(row!), clauses);
    });

  it('is one for each, of three ports that are open, 46 closed and one filtered (scan-syn)', () => {
    const counts = new Map<string, number>();
    for (const verdict of sentences(sampleFile('scan-syn.pcap'))) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    // The filtered port is tried a second time, from another port.
    assert.deepEqual(Object.fromEntries(counts), {
      'refused by the server': 46,
      'the client answered the SYN-ACK with a reset': 3,
      'SYN without an answer': 2,
    });
  });

  for (const [what, text, verdict] of [
    [
      'a capture that begins and ends in the middle',
      '> P.  1:11  ack 1',
      'begun before the capture; open at both ends of the capture',
    ],
    [
      'a close that one side waits for',
      `${HANDSHAKE} > F.  1:1  ack 1`,
      'opened by the client in 20.0 ms; closed by the client, by the other side not yet',
    ],
    ['a handshake whose last step is missing', '> S  0:0\n < S.  0:0  ack 1', 'handshake never completed'],
    ['a SYN alone', '> S  0:0', 'SYN without an answer'],
    [
      'a SYN that is refused each time',
      '> S  0:0\n < R.  0:0  ack 1\n +1 > S  0:0\n < R.  0:0  ack 1',
      'refused by the server',
    ],
    [
      'a close that ends in a reset',
      `${HANDSHAKE} > F.  1:1  ack 1\n < R.  1:1  ack 2`,
      'opened by the client in 20.0 ms; closed by the client; reset by the server',
    ],
    [
      'a reset in the window but not at its edge (RFC 5961 §3)',
      `${HANDSHAKE} > R  51:51\n < .  1:1  ack 1`,
      'opened by the client in 20.0 ms; a reset of the client that the server does not accept',
    ],
    [
      'a segment of no connection',
      '> .  1:1  ack 1\n < R  1:1',
      'the server knows of no such connection and answers with a reset',
    ],
    [
      'a segment with no flags to a closed port (RFC 9293 §3.10.7.1)',
      '> -  1:1\n < R.  0:0  ack 1',
      'no connection: without SYN and ACK, as scanners send; the server answers with a reset: its port is closed',
    ],
    ['a FIN without ACK', '> F  1:1', 'no connection: without SYN and ACK, as scanners send; no answer'],
    [
      'a SYN within a connection, of which the capture shows nothing before (RFC 5961 §4.2)',
      '> S  100:100\n < .  1:1  ack 1\n > P.  1:11  ack 1',
      'within an older connection, which goes on after a SYN of the client; still open at the end of the capture',
    ],
    [
      'a SYN that is lost once',
      '> S  0:0\n +1 > S  0:0\n < S.  0:0  ack 1\n > .  1:1  ack 1',
      'opened by the client, whose SYN was sent 2 times over 1.00 s; still open at the end of the capture',
    ],
    [
      'a gap that is never filled',
      `${HANDSHAKE} > .  101:201  ack 1`,
      'opened by the client in 20.0 ms; still open at the end of the capture; segments are missing from the capture',
    ],
    [
      'a handshake whose SYN is not in the capture',
      '< S.  0:0  ack 1\n > .  1:1  ack 1',
      'opened by the client, whose SYN is not in the capture; still open at the end of the capture',
    ],
    [
      'data when both have closed',
      `${HANDSHAKE} > F.  1:1  ack 1\n < F.  1:1  ack 2\n > .  2:2  ack 2\n < P.  2:12  ack 2`,
      'opened by the client in 20.0 ms; closed in order, client first; data after both had closed',
    ],
  ] as const)
    it(`${what}: ${verdict}`, () => {
      const [said] = sentences(captured({ iss: 1000, irs: 5000 }, text));
      assert.equal(said, verdict);
    });

  it('says in lists how it ended, without the opening', () => {
    const [row] = rowsOf(sampleFile('lost-syn-ack.pcap'));
    assert.equal(render(row!.verdict.brief), 'SYN-ACK sent 4 times over 3.02 s; closed in order, client first');
    assert.equal(render(rowsOf(sampleFile('refused.pcap'))[0]!.verdict.brief), 'refused by the server');
  });

  it('says that the capture ends, not the connection, where the file is cut', () => {
    const whole = captured({}, `${HANDSHAKE} > P.  1:101  ack 1`);
    assert.match(sentences(whole)[0]!, /; still open at the end of the capture$/);
    assert.match(sentences(whole.subarray(0, whole.length - 20))[0]!, /; open where the capture breaks off$/);
  });
});
