/** Writes `test/fixtures/streams.json`: what tshark follows. `npx tsx test/conformance/make-stream-references.ts` */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { endpointText } from '../../src/core/format/endpoint';
import { readTrace } from '../support/traces';
import { digest, follow, FOLLOWED_CAPTURES, FOLLOWED_CONNECTIONS, STREAMS_FILE } from './follow';

const stored = FOLLOWED_CAPTURES.map((capture) => {
  const trace = readTrace(capture);
  const count = Math.min(FOLLOWED_CONNECTIONS, trace.summary().connections);
  const streams = Array.from({ length: count }, (_, connection) => {
    const { client, server } = follow(capture, connection, endpointText(trace.endpoints(connection).client));
    return { client: digest(client), server: digest(server) };
  });
  return [path.basename(capture), streams] as const;
});
writeFileSync(STREAMS_FILE, `${JSON.stringify(Object.fromEntries(stored), null, 2)}\n`);
