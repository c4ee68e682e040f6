import assert from 'node:assert/strict';
import type { Trace } from '../../../src/core/analyze';
import { render } from '../../../src/core/format/message';
import { readTrace, sampleFile } from '../../support/traces';
import { script } from '../../support/script';
import { tcpContext } from '../../../src/core/query/tcp-context';

/** What the header says of a packet's sequence and acknowledgment numbers. */
function meanings(trace: Trace, packet: number): (string | undefined)[] {
  const tcp = trace.packet(packet)!.layers.find(({ id }) => id === 'tcp')!;
  return ['tcp.seq', 'tcp.ack'].map((id) => {
    const meaning = tcp.fields.find((field) => field.id === id)!.meaning;
    return meaning && render(meaning);
  });
}

describe('what the numbers of a header mean', () => {
  it('counts from the initial sequence numbers, once both have been seen', () => {
    const trace = readTrace(sampleFile('ftp-textbook.pcap'));
    assert.deepEqual(
      [1, 2, 3].map((packet) => meanings(trace, packet)),
      [
        ['= X', 'not used'],
        ['= Y', '= X + 1'],
        ['= X + 1', '= Y + 1'],
      ],
    );
  });

  it('does not count the reset of a closed port from a number that it never chose (RFC 9293 §3.10.7.1)', () => {
    // Packets 264 and 265: a SYN, and <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>.
    const trace = readTrace(sampleFile('start-here.pcapng'));
    assert.deepEqual(meanings(trace, 264), ['= X', 'not used']);
    assert.deepEqual(meanings(trace, 265), [
      '0: who has no connection has chosen no sequence number (RFC 9293 §3.10.7.1)',
      '= X + 1',
    ]);
  });

  it('names no initial sequence number that was not captured', () => {
    const { sources } = script(
      {},
      `
      > P. 1000:1010 ack 500 win 100
      < .  500:500 ack 1010 win 100
    `,
    );
    for (const segment of [0, 1]) {
      const { seqName, ackName } = tcpContext(sources.tracker, segment);
      assert.deepEqual([seqName, ackName], [null, null]);
    }
  });

  it('names what a lone SYN opens with', () => {
    const { sources } = script({}, '> S 1000:1000 win 100');
    const { seqBase, seqName, ackName } = tcpContext(sources.tracker, 0);
    assert.deepEqual([seqBase, seqName, ackName], [1000, 'X', null]);
  });
});
