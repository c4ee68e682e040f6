import assert from 'node:assert/strict';
import { render } from '../../../src/core/format/message';
import { readTrace, sampleFile } from '../../support/traces';
import { captured, HANDSHAKE } from '../../support/script';

describe('the verdict on a connection', () => {
  const verdicts = (capture: string | Uint8Array): string[] =>
    readTrace(capture)
      .connections(0, 1000)
      .map((row) => render(row.verdict));

  // What media/samples/README.md says that one sees in each.
  for (const [sample, verdict] of [
    ['ftp-textbook', 'Closed in order, server first'],
    ['handshake', 'Still open at the end of the capture'],
    ['refused', 'Refused by the server'],
    ['lost-syn-ack', 'Closed in order, client first; 5 retransmissions'],
    ['four-way-close', 'Closed in order, client first'],
    ['half-close', 'Closed in order, client first'],
    ['reset-unread-data', 'Reset by the server'],
    ['reset-linger-zero', 'Reset by the client'],
    ['retransmission-timeout', 'Closed in order, client first; 3 retransmissions'],
    ['fast-retransmit', 'Closed in order, client first; 1 retransmission'],
    ['out-of-order', 'Closed in order, client first; segments arrived out of order'],
    ['zero-window', 'Closed in order, client first; the receiver’s window closed'],
    ['keep-alive', 'Closed in order, client first'],
  ] as const)
    it(`${sample}: ${verdict}`, () => {
      assert.deepEqual(verdicts(sampleFile(`${sample}.pcap`)), [verdict]);
    });

  it('is one for each, of three ports that are open, 46 closed and one filtered (scan-syn)', () => {
    const counts = new Map<string, number>();
    for (const verdict of verdicts(sampleFile('scan-syn.pcap'))) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    // The filtered port is tried a second time, from another port.
    assert.deepEqual(Object.fromEntries(counts), {
      'Refused by the server': 46,
      'Reset by the client': 3,
      'SYN without an answer': 2,
    });
  });

  for (const [what, text, verdict] of [
    ['a capture that begins and ends in the middle', '> P.  1:11  ack 1', 'Open at both ends of the capture'],
    [
      'a close that one side waits for',
      `${HANDSHAKE} > F.  1:1  ack 1`,
      'The client has closed, the other side not yet',
    ],
    ['a handshake whose last step is missing', '> S  0:0\n < S.  0:0  ack 1', 'Handshake never completed'],
    ['a SYN alone', '> S  0:0', 'SYN without an answer'],
    [
      'a close that ends in a reset',
      `${HANDSHAKE} > F.  1:1  ack 1\n < R  1:1`,
      'Closed by the client, then reset by the server',
    ],
    [
      'a gap that is never filled',
      `${HANDSHAKE} > .  101:201  ack 1`,
      'Still open at the end of the capture; segments are missing from the capture',
    ],
  ] as const)
    it(`${what}: ${verdict}`, () => {
      assert.deepEqual(verdicts(captured({ iss: 1000, irs: 5000 }, text)), [verdict]);
    });
});
