import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { endpointText } from '../../src/core/format/endpoint';
import { HEXADECIMAL } from '../../src/core/model/stream';
import type { Side } from '../../src/core/model/segment';
import type { Trace } from '../../src/core/analyze';
import { readTrace } from '../support/traces';
import { CORPUS } from './corpus';
import { digest, follow, FOLLOWED_CAPTURES, FOLLOWED_CONNECTIONS, type Followed, STREAMS_FILE } from './follow';
import { tsharkVersion } from './tshark';

/** Length and digest of what `tshark -z follow,tcp,raw` (4.0.17) gives, by capture, connection and side. */
type Stored = Readonly<Record<string, readonly Readonly<Record<Side, string>>[]>>;
/** A side's bytes with the sentences that tshark puts into gaps. */
function streamOf(trace: Trace, connection: number, side: Side): Buffer {
  let progress = trace.stream(connection, side, HEXADECIMAL)!;
  while (!progress.done) progress = trace.stream(connection, side, HEXADECIMAL)!;
  const parts = trace
    .streamRows(connection, side, HEXADECIMAL, 0, progress.rows)
    .map((row) =>
      row.kind === 'gap' ? Buffer.from(`[${row.length} bytes missing in capture file]\0`) : Buffer.from(row.bytes),
    );
  return Buffer.concat(parts);
}

const connectionsOf = (trace: Trace): number => Math.min(FOLLOWED_CONNECTIONS, trace.summary().connections);

const followed = (trace: Trace, capture: string, connection: number): Followed =>
  follow(capture, connection, endpointText(trace.endpoints(connection).client));

describe('streams are those that tshark follows', () => {
  const stored = JSON.parse(readFileSync(STREAMS_FILE, 'utf8')) as Stored;
  for (const capture of FOLLOWED_CAPTURES) {
    const name = path.basename(capture);
    if (!existsSync(capture)) {
      console.log(`\n  ${name} is not in ${CORPUS} (TCP_TRACE_CORPUS): its streams were NOT compared.\n`);
      continue;
    }
    it(`in ${name}`, function () {
      this.timeout(30_000);
      const trace = readTrace(capture);
      assert.equal(stored[name]!.length, connectionsOf(trace));
      stored[name]!.forEach((reference, connection) => {
        for (const side of ['client', 'server'] as const)
          assert.equal(digest(streamOf(trace, connection, side)), reference[side], `${connection} ${side}`);
      });
    });
  }

  if (tsharkVersion() !== '4.0.17') console.log('\n  tshark 4.0.17 is not installed: it was NOT asked again.\n');
  else
    it('and tshark 4.0.17 says what is stored', function () {
      this.timeout(60_000);
      for (const capture of FOLLOWED_CAPTURES.slice(0, 4)) {
        const { client, server } = followed(readTrace(capture), capture, 0);
        assert.deepEqual(
          { client: digest(client), server: digest(server) },
          stored[path.basename(capture)]![0],
          capture,
        );
      }
    });
});
