import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inProject } from '../support/command';
import { CORPUS } from './corpus';
import { carriesOf } from './text-carries';
import { KNOWN } from './text-known';
import { compareTexts } from './text-pairs';

/** Texts that tcpdump and tshark made of captures of the corpus: not part of the project. */
const TEXTS = process.env.TCP_TRACE_TEXTS ?? inProject('../shared/text');

interface Manifest {
  readonly files: readonly { readonly text: string; readonly capture: string }[];
}

class Figures {
  private readonly kinds = new Map<
    string,
    { files: number; segments: number; carried: number; determined: number; fields: number; known: number }
  >();

  add(kind: string, one: ReturnType<typeof compareTexts>, known: number): void {
    const sum = this.kinds.get(kind) ?? { files: 0, segments: 0, carried: 0, determined: 0, fields: 0, known: 0 };
    sum.files++;
    sum.segments += one.segments;
    sum.carried += one.carried;
    sum.determined += one.determined;
    sum.fields += one.fields;
    sum.known += known;
    this.kinds.set(kind, sum);
  }

  print(): void {
    for (const [kind, sum] of this.kinds)
      console.log(
        `      ${kind.padEnd(24)} ${sum.files} texts, ${sum.carried} of ${sum.segments} segments carried, ` +
          `${sum.determined} with all that follows; ${sum.fields - sum.known} of ${sum.fields} fields equal`,
      );
  }
}

describe('texts say the same as the captures that they were made of', () => {
  const manifest = path.join(TEXTS, 'manifest.json');
  if (!existsSync(manifest) || !existsSync(CORPUS)) {
    console.log(`\n  No texts at ${TEXTS} (TCP_TRACE_TEXTS): they were NOT compared.\n`);
    return;
  }
  const figures = new Figures();
  const { files } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
  for (const { text, capture } of files) {
    const source = path.join(CORPUS, 'captures', capture);
    const kind = /\.((?:tcpdump|tshark)-[^/.]*)\.[a-z]+$/.exec(text)?.[1] ?? text;
    const carries = carriesOf(kind);
    if (carries === null || capture === '' || !existsSync(source)) continue;
    it(text, () => {
      const comparison = compareTexts(readFileSync(source), readFileSync(path.join(TEXTS, text)), carries);
      const known = KNOWN.filter((one) => one.capture === capture && one.texts.test(kind));
      const isKnown = (packet: number, field: string): boolean =>
        known.some(({ packets, fields }) => packets.has(packet) && (fields === null || fields.includes(field)));
      const unexpected = comparison.differences.filter(({ packet, field }) => !isKnown(packet, field));
      figures.add(kind, comparison, comparison.differences.length - unexpected.length);
      assert.deepEqual(
        unexpected.slice(0, 20).map((d) => `#${d.packet} ${d.field}: capture ${d.capture}, text ${d.text}`),
        [],
        `${unexpected.length} differences`,
      );
    });
  }
  after(() => figures.print());
});
