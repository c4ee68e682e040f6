/**
 * Writes `test/fixtures/filters/`: what `tshark -Y` finds by each of the shared filters.
 * `npx tsx test/conformance/make-filter-references.ts` asks for filters that are new, with `--all` for every one: a quarter of
 * an hour, because tshark is run once a filter.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  filterReferenceFile,
  FILTERED_CAPTURES,
  packetsByTshark,
  type FilterReference,
  rangesText,
} from './filter-reference';
import { SHARED_FILTERS } from './filters';
import { tsharkVersion } from './tshark';

const all = process.argv.includes('--all');

for (const { name, capture } of FILTERED_CAPTURES) {
  const file = filterReferenceFile(name);
  const known = all || !existsSync(file) ? null : (JSON.parse(readFileSync(file, 'utf8')) as FilterReference);
  const ask = (filter: string): string => rangesText(packetsByTshark(capture, filter));
  const reference: FilterReference = {
    tshark: tsharkVersion() ?? '',
    quoted: known?.quoted ?? ask('tcp && (icmp || icmpv6)'),
    packets: Object.fromEntries(SHARED_FILTERS.map((filter) => [filter, known?.packets[filter] ?? ask(filter)])),
  };
  writeFileSync(file, `${JSON.stringify(reference, null, 1)}\n`);
  console.log(name);
}
