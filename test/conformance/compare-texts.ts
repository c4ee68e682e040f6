import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CannotOpen } from '../../src/core/trace-reader';
import { random } from '../support/random';
import { CHOSEN_KINDS } from './text-choices';
import { KNOWN } from './text-known';
import { DRESSED_KINDS, tcpdumpKinds, TOGETHER, TSHARK_KINDS, type WideKind } from './text-matrix';
import { analysed, compareTexts, type TextDifference } from './text-pairs';
import { SHAPED_KINDS } from './text-shapes';

/**
 * Makes texts of captures by tcpdump and tshark, which must be installed, and holds what they say against the captures:
 *
 *     npx tsx test/conformance/compare-texts.ts FOLDER|FILE… [--kinds REGEX] [--of N] [--seed S] [--keep FOLDER]
 *
 * Of each capture `N` kinds of text are made (default 8; 0: all), chosen by the seed; `--keep` writes those that differ.
 * Exit code 1 where something differs that `text-known.ts` does not list.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kinds: { type: 'string', default: '' },
    of: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string' },
    show: { type: 'string', default: '4' },
  },
});

/** Larger captures take longer than they teach. */
const MAX_CAPTURE_BYTES = 2 << 20;
/** A program that hangs in a capture has been given up by then. */
const PATIENCE_MS = 60_000;

const seed = Number(values.seed);
const wanted = new RegExp(values.kinds);
const kinds = [
  ...tcpdumpKinds(seed),
  ...TOGETHER,
  ...TSHARK_KINDS,
  ...CHOSEN_KINDS,
  ...DRESSED_KINDS,
  ...SHAPED_KINDS,
].filter(({ kind }) => wanted.test(kind));
const perCapture = Number(values.of) || kinds.length;
const next = random(seed);
const scratch = mkdtempSync(path.join(tmpdir(), 'texts-'));
const environment = { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8', WIRESHARK_CONFIG_DIR: scratch, HOME: scratch };

interface Sum {
  texts: number;
  segments: number;
  carried: number;
  determined: number;
  fields: number;
  differing: number;
}
const sums = new Map<string, Sum>();
let failed = 0;
let texts = 0;
let known = 0;

const capturesIn = (place: string): string[] => {
  try {
    return readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.resolve(entry.parentPath, entry.name))
      .sort();
  } catch {
    return [path.resolve(place)];
  }
};

function chosen(): WideKind[] {
  const left = [...kinds];
  return Array.from({ length: Math.min(perCapture, left.length) }, () => left.splice(next(left.length), 1)[0]!);
}

function run(capture: string, { program, args, rewritten }: Omit<WideKind, 'kind' | 'carries'>): string | null {
  const { stdout } = spawnSync(program, ['-r', capture, ...args], {
    cwd: scratch,
    env: environment,
    maxBuffer: 1 << 29,
    timeout: PATIENCE_MS,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (stdout === '') return null;
  return rewritten === undefined ? stdout : rewritten(stdout);
}

/** How many packets of a capture a program reads: not all know every kind of pcapng block. */
function countOf(capture: string, program: WideKind['program']): number {
  const args = program === 'tcpdump' ? ['-nn', '-q', '-#', '-t'] : ['-n', '-T', 'fields', '-e', 'frame.number'];
  const lines = run(capture, { program, args });
  return lines === null ? 0 : [...lines.matchAll(/^ *\d+(?= {2}|$)/gm)].length;
}

/** The shared captures are named after the folders that they stood in. */
const isNamed = (capture: string, name: string): boolean =>
  name === path.basename(capture) || name.endsWith(`_${capture.split(path.sep).slice(-2).join('_')}`);

function isKnown(capture: string, kind: string, { packet, field }: TextDifference): boolean {
  return KNOWN.some(
    (one) =>
      isNamed(capture, one.capture) &&
      one.texts.test(kind) &&
      one.packets.has(packet) &&
      (one.fields === null || one.fields.includes(field)),
  );
}

try {
  for (const capture of positionals.flatMap(capturesIn)) {
    const content = readFileSync(capture);
    if (content.length > MAX_CAPTURE_BYTES) continue;
    let trace;
    try {
      trace = analysed(content);
    } catch {
      continue;
    }
    if (trace.summary().segments === 0) continue;
    const { frames } = trace.summary();
    const counts = { tcpdump: countOf(capture, 'tcpdump'), tshark: countOf(capture, 'tshark') };
    for (const kind of chosen()) {
      if (counts[kind.program] !== frames) continue;
      const text = run(capture, kind);
      if (text === null) continue;
      texts++;
      let differences: TextDifference[];
      const family = kind.kind.replace(/^tcpdump(.*)$/, (_, options: string) =>
        /-xx?|-XX?/.test(options) ? 'tcpdump with bytes' : options.includes('-q') ? 'tcpdump -q' : 'tcpdump',
      );
      const sum = sums.get(family) ?? { texts: 0, segments: 0, carried: 0, determined: 0, fields: 0, differing: 0 };
      sums.set(family, sum);
      sum.texts++;
      try {
        const comparison = compareTexts(content, Buffer.from(text), kind.carries);
        sum.segments += comparison.segments;
        sum.carried += comparison.carried;
        sum.determined += comparison.determined;
        sum.fields += comparison.fields;
        differences = comparison.differences.filter((one) => !isKnown(capture, kind.kind, one));
        known += comparison.differences.length - differences.length;
      } catch (error) {
        // A text without a line that tells of TCP need not be known as one.
        if (error instanceof CannotOpen && !kind.carries.segment(text)) continue;
        differences = [{ packet: 0, field: 'reading', capture: 'a trace', text: String(error) }];
      }
      if (differences.length === 0) continue;
      failed++;
      sum.differing += differences.length;
      console.log(
        `\n${capture}\n  ${kind.program} ${kind.args.join(' ').slice(0, 100)}  (${kind.kind}): ${differences.length} differ`,
      );
      for (const one of differences.slice(0, Number(values.show)))
        console.log(`    #${one.packet} ${one.field}: capture ${one.capture}, text ${one.text}`);
      if (values.keep !== undefined) {
        mkdirSync(values.keep, { recursive: true });
        writeFileSync(path.join(values.keep, `${path.basename(capture)}.${kind.kind}.txt`), text);
      }
    }
  }
} finally {
  rmSync(scratch, { recursive: true });
}
console.log();
for (const [kind, sum] of [...sums].sort(([a], [b]) => a.localeCompare(b)))
  console.log(
    `${kind.padEnd(30)} ${sum.texts} texts, ${sum.carried} of ${sum.segments} segments carried, ` +
      `${sum.determined} with all that follows; ${sum.differing} of ${sum.fields} fields differ`,
  );
console.log(`${texts} texts, ${failed} with differences that are not known; ${known} known differences`);
process.exitCode = failed > 0 ? 1 : 0;
