import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { WIRESHARK_NOTES, type WiresharkNoteKind } from '../../src/core/model/segment';
import { random } from '../support/random';
import { hostileTraffic } from '../support/hostile-traffic';
import { encodePcapNs } from '../support/pcap-ns';
import { compare, type Comparison, type NoteCount } from './compare';
import { CORPUS, corpusFiles, type CorpusFile, ownFiles } from './corpus';
import { differenceText, knownDifferences } from './known-differences';
import { readReference } from './reference';
import { askTshark, tsharkVersion } from './tshark';

/** Figures over all captures of a suite, printed at its end. */
class Figures {
  private segments = 0;
  private identical = 0;
  private readonly notes = new Map<WiresharkNoteKind, NoteCount>(
    WIRESHARK_NOTES.map((kind) => [kind, { both: 0, missed: 0, wrong: 0 }]),
  );

  add(comparison: Comparison): void {
    this.segments += comparison.segments;
    this.identical += comparison.identical;
    for (const [kind, { both, missed, wrong }] of comparison.notes) {
      const sum = this.notes.get(kind)!;
      sum.both += both;
      sum.missed += missed;
      sum.wrong += wrong;
    }
  }

  print(): void {
    const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(whole, 1)).toFixed(2)} %`;
    console.log(`      ${this.segments} segments, ${percent(this.identical, this.segments)} identical in every field`);
    for (const [kind, { both, missed, wrong }] of this.notes)
      if (both + missed + wrong > 0)
        console.log(
          `      ${kind.padEnd(22)} ${String(both + missed).padStart(5)} by tshark, precision ${percent(both, both + wrong)}, recall ${percent(both, both + missed)}`,
        );
  }
}

const known = knownDifferences();

function holdAgainstTshark(files: readonly CorpusFile[]): void {
  const figures = new Figures();
  for (const file of files)
    it(`${file.name}`, function () {
      this.timeout(60_000);
      const comparison = compare(readFileSync(file.capture), readReference(file.reference));
      figures.add(comparison);
      const listed = known.get(file.name) ?? new Set();
      const found = new Set(comparison.differences.map(differenceText));
      const unexpected = comparison.differences
        .filter((difference) => !listed.has(differenceText(difference)))
        .map((d) => `#${d.packet} ${d.field}: tshark ${d.reference}, ours ${d.ours}`);
      assert.deepEqual(unexpected.slice(0, 20), [], `${unexpected.length} differences that README.md does not list`);
      assert.deepEqual(
        [...listed].filter((difference) => !found.has(difference)),
        [],
        'README.md lists differences that are none any more',
      );
    });
  after(() => figures.print());
}

describe('segments and notes are those of tshark', () => {
  describe('in the project’s own captures', () => {
    holdAgainstTshark(ownFiles());

    it('and every kind of note is among them', () => {
      const kinds = new Set(ownFiles().flatMap((file) => readReference(file.reference).flatMap((one) => one.analysis)));
      assert.deepEqual(
        WIRESHARK_NOTES.filter((kind) => !kinds.has(kind.replaceAll('-', '_'))),
        [],
      );
    });
  });

  const files = corpusFiles();
  if (files.length === 0) console.log(`\n  The corpus is not at ${CORPUS} (TCP_TRACE_CORPUS): it was NOT compared.\n`);
  else
    describe(`in the corpus at ${CORPUS}`, () => {
      holdAgainstTshark(files);

      it('and the README speaks only of captures that exist', () => {
        const names = new Set([...ownFiles(), ...files].map((file) => file.name));
        assert.deepEqual(
          [...known.keys()].filter((name) => !names.has(name)),
          [],
        );
      });
    });

  const version = tsharkVersion();
  if (version === null)
    console.log('\n  tshark is not installed: traffic that is new on every run was NOT compared.\n');
  else
    describe(`in traffic that is new on every run, by tshark ${version}`, () => {
      const seed = Number(process.env.TRAFFIC_SEED ?? Date.now() % 1_000_000);
      const figures = new Figures();

      it(`seed ${seed} (TRAFFIC_SEED)`, function () {
        this.timeout(120_000);
        const pick = random(seed);
        const capture = encodePcapNs(Array.from({ length: 40 }, () => hostileTraffic(pick(65536), 60)).flat());
        const comparison = compare(capture, askTshark(capture));
        figures.add(comparison);
        // A round trip of exactly nothing is measured again in tshark's second pass: README.md tells of it.
        const differences = comparison.differences.filter((difference) => difference.field !== 'handshakeRttNs');
        assert.deepEqual(differences.slice(0, 20), []);
      });
      after(() => figures.print());
    });
});
