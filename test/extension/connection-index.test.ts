import assert from 'node:assert/strict';
import type { ConnectionRow } from '../../src/core/model/connection';
import { message } from '../../src/core/model/message';
import type { CaptureSummary } from '../../src/core/model/summary';
import { ConnectionIndex, type Ask } from '../../src/extension/commands/connection-index';
import { MAX_ROWS } from '../../src/protocol';

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
  completeness: connection === 5 ? ['SYN', 'RST'] : ['SYN', 'SYN-ACK', 'ACK', 'DATA', 'FIN'],
  handshakeRttNs: null,
  notes: connection === 4 ? { 'fast-retransmission': 2 } : {},
  problems: connection === 4 ? 2 : 0,
  verdict: message('Fine'),
});

/** A capture of so many connections, and the ranges that it was asked for. */
function capture(connections: number) {
  const asked: [number, number][] = [];
  const ask = ((query: string, { start, end }: { start: number; end: number }) => {
    assert.equal(query, 'connections');
    asked.push([start, end]);
    return Promise.resolve(
      Array.from({ length: Math.max(0, Math.min(end, connections) - start) }, (_, i) => row(start + i)),
    );
  }) as unknown as Ask;
  const index = new ConnectionIndex(ask, (found) => found.verdict.text);
  return { index, asked, summary: { connections } as CaptureSummary };
}

describe('connection index', () => {
  it('loads in pages and can be stopped between them', async () => {
    const { index, asked, summary } = capture(1200);
    await index.load(summary, () => index.size < 1000);
    assert.deepEqual([asked, index.size], [[[0, 500], [500, 1000]], 1000]); // prettier-ignore
    await index.load(summary, () => true);
    assert.equal(index.size, 1200);
  });

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
    ['fine #9', [9]],
    ['nothing like it', []],
  ];
  for (const [text, found] of searches)
    it(`finds ${JSON.stringify(text)}`, async () => {
      const { index, summary } = capture(10);
      await index.load(summary, () => true);
      assert.deepEqual(index.find(text, 100), { found, total: found.length });
    });

  it('shows the first ones and counts the rest', async () => {
    const { index, summary } = capture(3000);
    await index.load(summary, () => true);
    assert.deepEqual(index.find('  ', 2), { found: [0, 1], total: 3000 });
  });

  it('asks for neighbours together, never for more rows than a query may', async () => {
    const { index, asked } = capture(10_000);
    const wanted = [1, 2, 3, 9, ...Array.from({ length: MAX_ROWS + 5 }, (_, i) => 100 + i)];
    assert.deepEqual((await index.rows(wanted)).map((found) => found.connection), wanted); // prettier-ignore
    assert.deepEqual(asked, [[1, 4], [9, 10], [100, 100 + MAX_ROWS], [100 + MAX_ROWS, 105 + MAX_ROWS]]); // prettier-ignore
  });
});
