import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readTrace } from '../support/traces';
import { corpusFiles, ownFiles } from './corpus';
import { readReference } from './reference';

/**
 * Where Karn's rule measures something else than tshark does, by capture and packet: a reset carries data (which tshark
 * measures, though nobody acknowledges a reset), or what is acknowledged fills a hole that was never seen to be sent.
 */
const DIFFERENT: Readonly<Record<string, readonly number[]>> = {
  'long-stories.pcap.gz': [2197],
  'short-stories.pcap.gz': [1582, 2031],
};

/** Captures whose times mean nothing to tshark: of several resolutions at once, and beyond 2^53 nanoseconds. */
const OTHER_TIMES = new Set([
  'ng-all-sorts-of-blocks.pcapng',
  'OISF+suricata-verify__tests_transform-base64-7296_input.pcap',
]);

const COLUMNS = 16_384;

/** Round trips that the graphs of a capture show and that tshark measures, too: by packet. */
function roundTrips(capture: Uint8Array, reference: ReturnType<typeof readReference>) {
  const theirs = new Map(reference.map(({ frame, ack_rtt }) => [frame, ack_rtt]));
  const trace = readTrace(capture);
  const found: { readonly packet: number; readonly ours: number; readonly tshark: number }[] = [];
  for (let connection = 0; connection < trace.summary().connections; connection++) {
    while (!trace.graphProgress(connection)!.done);
    const { durationNs } = trace.graphProgress(connection)!;
    for (const side of ['client', 'server'] as const)
      for (const { kind, rows, values } of trace.graph(
        connection,
        'rtt',
        side,
        { from: 0, to: durationNs, columns: COLUMNS },
        0,
      )!.lines) {
        if (kind !== 'rtt') continue;
        rows.forEach((row, i) => {
          const { packet } = trace.segments(connection, row, row + 1)[0]!;
          const rtt = theirs.get(packet) ?? null;
          if (rtt !== null) found.push({ packet, ours: values[i]!, tshark: Math.round(Number(rtt) * 1e9) });
        });
      }
  }
  return found;
}

describe('round trips in graphs are those of tshark where both measure one', () => {
  let measured = 0;
  for (const file of [...ownFiles(), ...corpusFiles()].filter(({ name }) => !OTHER_TIMES.has(name)))
    it(file.name, function () {
      this.timeout(60_000);
      const found = roundTrips(readFileSync(file.capture), readReference(file.reference));
      measured += found.length;
      assert.deepEqual(
        found.filter(({ ours, tshark }) => ours !== tshark).map(({ packet }) => packet),
        DIFFERENT[file.name] ?? [],
      );
    });
  after(() => {
    console.log(`      ${measured} round trips`);
    assert.ok(measured > 800);
  });
});
