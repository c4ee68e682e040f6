import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { Trace } from '../../src/core/analyze';
import { packetsFound } from '../support/filters';
import { readTrace } from '../support/traces';
import { CORPUS } from './corpus';
import {
  filterReferenceFile,
  FILTERED_CAPTURES,
  packetsByTshark,
  type FilterReference,
  packetsOf,
  rangesText,
} from './filter-reference';
import { SHARED_FILTERS } from './filters';
import { tsharkVersion } from './tshark';

const REFERENCE_VERSION = '4.0.17';

/** Packets that the two read differently, whatever they are filtered by, and why. */
const READ_DIFFERENTLY: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  'blitz+tcptrace__input_all.snoop.gz': { 95: 'the capture cuts the options off: tshark shows no analysis' },
  'AlexeyVasilev+PcapFlowLab__examples_showcase_pcap_flow_lab_showcase.pcap': {
    1327: 'a pseudowire that tshark does not see',
    1427: 'the first piece of a UDP datagram, which has its header: tshark finds that where the last piece is',
    1428: 'the last piece',
  },
  'ng-all-sorts-of-blocks.pcapng': { 3: 'the packet before has no time: tshark counts from 1970' },
};

/**
 * Holds the packets of every filter against a reference, without those that are read differently: those listed above, and
 * those that quote a TCP header, as README.md says.
 */
function hold(trace: Trace, name: string, quoted: string, reference: (filter: string) => string): void {
  const listed = new Set(Object.keys(READ_DIFFERENTLY[name] ?? {}).map(Number));
  const left = new Set(packetsOf(quoted));
  const differ = new Set<number>();
  const differences: Record<string, string> = {};
  for (const filter of SHARED_FILTERS) {
    const ours = new Set(packetsFound(trace, filter));
    const theirs = new Set(packetsOf(reference(filter)));
    const different = [...new Set([...ours, ...theirs])].filter(
      (packet) => ours.has(packet) !== theirs.has(packet) && !left.has(packet),
    );
    for (const packet of different) differ.add(packet);
    const unexpected = different.filter((packet) => !listed.has(packet)).sort((a, b) => a - b);
    if (unexpected.length > 0) differences[filter] = rangesText(unexpected);
  }
  assert.deepEqual(differences, {});
  assert.deepEqual(
    [...listed].filter((packet) => !differ.has(packet)),
    [],
    'packets that are listed as different, and are not',
  );
}

describe('filters find the packets that tshark finds', () => {
  const there = FILTERED_CAPTURES.filter(({ own, capture }) => own || existsSync(capture));
  if (there.length < FILTERED_CAPTURES.length)
    console.log(
      `\n  The corpus is not at ${CORPUS} (TCP_TRACE_CORPUS): ${FILTERED_CAPTURES.length - there.length} captures were NOT filtered.\n`,
    );
  const finding = new Set<string>();
  for (const { name, capture } of there)
    it(`in ${name}`, function () {
      this.timeout(120_000);
      const stored = JSON.parse(readFileSync(filterReferenceFile(name), 'utf8')) as FilterReference;
      assert.equal(stored.tshark, REFERENCE_VERSION);
      assert.deepEqual(Object.keys(stored.packets), SHARED_FILTERS, 'the references are of these filters');
      for (const [filter, packets] of Object.entries(stored.packets)) if (packets !== '') finding.add(filter);
      hold(readTrace(capture), name, stored.quoted, (filter) => stored.packets[filter]!);
    });

  if (there.length === FILTERED_CAPTURES.length)
    it('and every filter finds something somewhere', () => {
      assert.deepEqual(
        SHARED_FILTERS.filter((filter) => !finding.has(filter)),
        [],
      );
    });

  const version = tsharkVersion();
  if (version !== REFERENCE_VERSION)
    console.log(`\n  tshark ${REFERENCE_VERSION} is not installed: the stored references were NOT held against it.\n`);
  else
    it(`and tshark ${version} finds what is stored`, function () {
      this.timeout(60_000);
      const { name, capture } = FILTERED_CAPTURES[0]!;
      const stored = JSON.parse(readFileSync(filterReferenceFile(name), 'utf8')) as FilterReference;
      for (const filter of SHARED_FILTERS.filter((_, i) => i % 12 === 0))
        assert.equal(rangesText(packetsByTshark(capture, filter)), stored.packets[filter], filter);
    });
});
