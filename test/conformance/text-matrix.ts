import { random } from '../support/random';
import { CSV_ARGUMENTS, FIELD_ARGUMENTS, type TextKind } from './text-kinds';
import { bytes, details, fields, packetBytes, quiet, summary, type TcpdumpOptions, tcpdump } from './text-carries';
import type { Carries } from './text-pairs';

/** A kind of text, with what it carries. */
export interface WideKind extends TextKind {
  readonly carries: Carries;
  /** What another version of the tool writes instead. */
  readonly rewritten?: (text: string) => string;
}

/** Options of tcpdump that change its text: of each dimension one. */
const DIMENSIONS: readonly (readonly (readonly string[])[])[] = [
  [[], ['-t'], ['-tt'], ['-ttt'], ['-tttt'], ['-ttttt']],
  [[], ['-n'], ['-nn']],
  [[], ['-S']],
  [[], ['-v'], ['-vv'], ['-vvv']],
  [[], ['-e']],
  [[], ['-#']],
  [[], ['-q']],
  [[], ['-A'], ['-x'], ['-xx'], ['-X'], ['-XX']],
];

/**
 * Combinations of tcpdump's options in which every two options of different dimensions come together somewhere: each
 * is, of some random ones, the one that has most pairs not seen before.
 */
export function tcpdumpKinds(seed: number): WideKind[] {
  const next = random(seed);
  const missing = new Set<string>();
  const pairsOf = (choice: readonly number[]): string[] =>
    choice.flatMap((a, i) => choice.slice(i + 1).map((b, j) => `${i}.${a} ${i + j + 1}.${b}`));
  DIMENSIONS.forEach((left, i) =>
    DIMENSIONS.slice(i + 1).forEach((right, j) =>
      left.forEach((_, a) => right.forEach((__, b) => missing.add(`${i}.${a} ${i + j + 1}.${b}`))),
    ),
  );
  const kinds: WideKind[] = [];
  while (missing.size > 0) {
    const candidates = Array.from({ length: 100 }, () => DIMENSIONS.map((values) => next(values.length)));
    const gain = (choice: readonly number[]): number => pairsOf(choice).filter((pair) => missing.has(pair)).length;
    const best = candidates.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    if (gain(best) === 0) continue;
    for (const pair of pairsOf(best)) missing.delete(pair);
    kinds.push(tcpdumpKind(best.flatMap((value, dimension) => DIMENSIONS[dimension]![value]!)));
  }
  return kinds;
}

function tcpdumpKind(args: readonly string[]): WideKind {
  const has = (...options: string[]): boolean => options.some((option) => args.includes(option));
  const options: TcpdumpOptions = { names: !has('-n', '-nn'), untimed: has('-t'), delta: has('-ttt') };
  const carries = has('-x', '-xx', '-X', '-XX')
    ? { ...(has('-x', '-X') ? packetBytes : bytes), untimed: has('-t'), delta: has('-ttt') }
    : has('-q')
      ? quiet(options)
      : tcpdump(options);
  return { kind: `tcpdump${args.join('')}`, program: 'tcpdump', args, carries };
}

const tshark = (
  kind: string,
  carries: Carries,
  args: readonly string[],
  rewritten?: (text: string) => string,
): WideKind => ({ kind: `tshark-${kind}`, program: 'tshark', args, carries, ...(rewritten && { rewritten }) });

const COLUMNS = '"Source","%s","Destination","%d","Protocol","%p","Length","%L","Info","%i"';
const columns = (front: string): string[] => ['-o', `gui.column.format:${front}${COLUMNS}`];

const untimed = (carries: Carries): Carries => ({ ...carries, untimed: true });

const TIMES = ['a', 'ad', 'adoy', 'd', 'dd', 'e', 'r', 'u', 'ud', 'udoy'] as const;

const timed = (carries: Carries, time: string): Carries => ({ ...carries, delta: time === 'd' || time === 'dd' });

/** Texts of tshark and of Wireshark's exports. */
export const TSHARK_KINDS: readonly WideKind[] = [
  ...TIMES.map((time) => tshark(`summary-${time}`, timed(summary, time), ['-n', '-t', time])),
  ...(['r', 'd', 'e'] as const).map((time) =>
    tshark(`summary-${time}-hms`, timed(summary, time), ['-n', '-t', time, '-u', 'hms']),
  ),
  ...TIMES.map((time) =>
    tshark(`summary-${time}-no-number`, timed(summary, time), ['-n', '-t', time, ...columns('"Time","%t",')]),
  ),
  tshark('summary-no-time', untimed(summary), ['-n', ...columns('"No.","%m",')]),
  // On a terminal that has no Unicode.
  tshark('summary-ascii', summary, ['-n'], (text) => text.replaceAll('→', '->')),
  tshark('summary-ascii-names', summary, ['-N', 't'], (text) => text.replaceAll('→', '->')),
  tshark('summary-raw', { ...summary, relative: false }, ['-n', '-o', 'tcp.relative_sequence_numbers:FALSE']),
  tshark('summary-unjudged', { ...summary, relative: false, stated: false, unjudged: true }, [
    '-n',
    '-o',
    'tcp.analyze_sequence_numbers:FALSE',
  ]),
  tshark('summary-two-passes', summary, ['-n', '-2']),
  tshark('summary-x', bytes, ['-n', '-P', '-x']),
  tshark('x', untimed(bytes), ['-n', '-x']),
  tshark('V', details, ['-n', '-V']),
  tshark('V-checked', details, ['-n', '-V', '-o', 'tcp.check_checksum:TRUE']),
  tshark('V-x', bytes, ['-n', '-V', '-x']),
  tshark('V-P', details, ['-n', '-V', '-P']),
  tshark('O-tcp', untimed(details), ['-n', '-O', 'tcp']),
  tshark('csv', summary, ['-n', ...CSV_ARGUMENTS]),
  tshark('json', fields, ['-n', '-T', 'json']),
  tshark('json-x', bytes, ['-n', '-T', 'json', '-x']),
  tshark('jsonraw', untimed(bytes), ['-n', '-T', 'jsonraw']),
  tshark('json-no-duplicates', fields, ['-n', '-T', 'json', '--no-duplicate-keys']),
  tshark('ek', fields, ['-n', '-T', 'ek']),
  tshark('ek-x', bytes, ['-n', '-T', 'ek', '-x']),
  tshark('pdml', fields, ['-n', '-T', 'pdml']),
  tshark('fields', { ...fields, segment: () => true }, ['-n', '-T', 'fields', '-E', 'header=y', ...FIELD_ARGUMENTS]),
  tshark('fields-comma', { ...fields, segment: () => true }, [
    ...['-n', '-T', 'fields', '-E', 'header=y', '-E', 'separator=,', '-E', 'quote=d'],
    ...FIELD_ARGUMENTS,
  ]),
  tshark('fields-semicolon', { ...fields, segment: () => true }, [
    ...['-n', '-T', 'fields', '-E', 'header=y', '-E', 'separator=;', '-E', 'quote=s', '-E', 'occurrence=a'],
    ...FIELD_ARGUMENTS,
  ]),
];
