import assert from 'node:assert/strict';
import type { StateMoves } from '../../../src/core/model/state-diagram';
import { STATE_EDGES } from '../../../src/core/model/state-diagram';
import { captured, HANDSHAKE } from '../../support/script';
import { readTrace, sampleFile } from '../../support/traces';

type Trace = ReturnType<typeof readTrace>;

function movesIn(trace: Trace): readonly StateMoves[] {
  for (;;) {
    const { share, moves } = trace.stateMoves();
    if (share === 1) return moves;
  }
}

/** "ESTABLISHED > CLOSE-WAIT client 1 server 0", sorted. */
const told = (trace: Trace): string[] =>
  movesIn(trace)
    .map(({ from, to, client, server }) => `${from} > ${to} client ${client} server ${server}`)
    .sort();

describe('the moves of endpoints along the state diagram', () => {
  it('are those of an ordinary connection that the server closes first (RFC 9293 §3.5 figure 6, §3.6 figure 12)', () => {
    const trace = readTrace(sampleFile('ftp-textbook.pcap'));
    assert.deepEqual(told(trace), [
      'CLOSE-WAIT > LAST-ACK client 1 server 0',
      'CLOSED > SYN-SENT client 1 server 0',
      'ESTABLISHED > CLOSE-WAIT client 1 server 0',
      'ESTABLISHED > FIN-WAIT-1 client 0 server 1',
      'FIN-WAIT-1 > FIN-WAIT-2 client 0 server 1',
      'FIN-WAIT-2 > TIME-WAIT client 0 server 1',
      'LAST-ACK > CLOSED client 1 server 0',
      'LISTEN > SYN-RECEIVED client 0 server 1',
      'SYN-RECEIVED > ESTABLISHED client 0 server 1',
      'SYN-SENT > ESTABLISHED client 1 server 0',
    ]);
    // The server's FIN is packet 17, as DESIGN's numbers say: 1996069507.
    assert.deepEqual(trace.movesOf('ESTABLISHED', 'CLOSE-WAIT', 0, 9), [{ packet: 17, connection: 0, side: 'client' }]);
    assert.deepEqual(trace.movesOf('ESTABLISHED', 'CLOSE-WAIT', 1, 9), []);
    assert.deepEqual(trace.movesOf('TIME-WAIT', 'CLOSED', 0, 9), [], 'nothing in a trace shows the end of 2·MSL');
  });

  it('are found in all connections', () => {
    const one = readTrace(sampleFile('scan-syn.pcap'));
    // 46 closed ports answer with a reset, and the scanner resets the answers of the 3 open ones: never established.
    const refused = movesIn(one).find(({ from, to }) => from === 'SYN-SENT' && to === 'CLOSED')!;
    assert.equal(refused.client, 49);
    assert.equal(new Set(one.movesOf('SYN-SENT', 'CLOSED', 0, 100).map(({ connection }) => connection)).size, 49);
  });

  it('off the figure are those by a reset', () => {
    const trace = readTrace(captured({ iss: 1000, irs: 5000 }, `${HANDSHAKE} > R.  1:1  ack 1`));
    const off = movesIn(trace).filter(
      (move) => !STATE_EDGES.some(({ from, to }) => from === move.from && to === move.to),
    );
    assert.deepEqual(off, [{ from: 'ESTABLISHED', to: 'CLOSED', client: 1, server: 1 }]);
  });
});
