// Writes test/fixtures/tshark anew: generated captures, and what the installed tshark says about them.
//     npx tsx test/conformance/make-fixtures.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { inProject } from '../support/command';
import { hostileTraffic } from '../support/hostile-traffic';
import { encodePcapNs } from '../support/pcap-ns';
import { askTshark, tsharkVersion } from './tshark';

const seeds = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i);

/** Many short stories, and a few long ones in which much can be wrong at once. */
const CAPTURES = {
  'short-stories': seeds(100, 60).flatMap((seed) => hostileTraffic(seed, 40)),
  'long-stories': seeds(500, 3).flatMap((seed) => hostileTraffic(seed, 800)),
};

const folder = inProject('test/fixtures/tshark');
mkdirSync(folder, { recursive: true });
for (const [name, records] of Object.entries(CAPTURES)) {
  const capture = encodePcapNs(records);
  const lines = askTshark(capture).map((segment) => JSON.stringify(segment));
  writeFileSync(path.join(folder, `${name}.pcap.gz`), gzipSync(capture, { level: 9 }));
  writeFileSync(path.join(folder, `${name}.pcap.gz.ndjson.gz`), gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
  console.log(`${name}: ${lines.length} segments by tshark ${tsharkVersion()}`);
}
