import { random } from '../support/random';
import { CSV_ARGUMENTS, FIELD_ARGUMENTS, FIELDS, type TextKind } from './text-kinds';
import {
  bytes,
  columns as inColumns,
  details,
  fields,
  quiet,
  summary,
  type TcpdumpOptions,
  tcpdump,
} from './text-carries';
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
  [[], ['-K'], ['-f'], ['-u'], ['-N'], ['-O'], ['--nano'], ['--micro'], ['-M', 'secret']],
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

export function tcpdumpKind(args: readonly string[]): WideKind {
  const has = (...options: string[]): boolean => options.some((option) => args.includes(option));
  const options: TcpdumpOptions = { names: !has('-n', '-nn'), untimed: has('-t'), delta: has('-ttt') };
  const carries = has('-x', '-xx', '-X', '-XX')
    ? { ...bytes, untimed: has('-t'), delta: has('-ttt') }
    : has('-q')
      ? quiet(options)
      : tcpdump(options);
  return { kind: `tcpdump${args.join('')}`, program: 'tcpdump', args, carries };
}

export const tshark = (
  kind: string,
  carries: Carries,
  args: readonly string[],
  rewritten?: (text: string) => string,
): WideKind => ({ kind: `tshark-${kind}`, program: 'tshark', args, carries, ...(rewritten && { rewritten }) });

const COLUMNS = '"Source","%s","Destination","%d","Protocol","%p","Length","%L","Info","%i"';
export const REST = '"Protocol","%p","Length","%L","Info","%i"';
export const columns = (front: string): string[] => ['-o', `gui.column.format:${front}${COLUMNS}`];

/** As a mailer sends lines: none longer than `width`, where there are blanks, and quoted. */
export const mailed =
  (width: number, quote: string, end = '\n') =>
  (text: string): string =>
    text
      .split('\n')
      .flatMap((line) => wrapped(line, width - quote.length))
      .map((line) => quote + line)
      .join(end);

function wrapped(line: string, width: number): string[] {
  const pieces: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const indent = rest.length - rest.trimStart().length;
    let at = rest.lastIndexOf(' ', width);
    if (at <= indent) at = rest.indexOf(' ', indent);
    if (at < 0) break;
    pieces.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at + 1);
  }
  return [...pieces, rest];
}

/** What a text carries whose lines are as `carries` knows them once they are as they were. */
export const restored = (carries: Carries, restore: (lines: string) => string): Carries => ({
  ...carries,
  segment: (lines) => carries.segment(restore(lines)),
  identification: (lines) => carries.identification(restore(lines)),
  field: (name, lines) => carries.field(name, restore(lines)),
  ...(carries.piece && { piece: (lines: string) => carries.piece!(restore(lines)) }),
  ...(carries.unfinished && { unfinished: (lines: string) => carries.unfinished!(restore(lines)) }),
});

const unmailed = (carries: Carries): Carries => restored(carries, (lines) => lines.replaceAll(/\r?\n[> ]*/g, ' '));

/** What copies and logs put in front of each line, with the pattern that takes it off again. */
const DRESSES: readonly (readonly [name: string, dress: (line: string, i: number) => string, front: RegExp])[] = [
  ['counted', (line, i) => `${String(i + 1).padStart(6)}\t${line}`, /^ *\d+\t/gm],
  ['found', (line, i) => `${i + 1}:${line}`, /^\d+:/gm],
  ['quoted', (line) => `> ${line}`, /^> ?/gm],
  ['indented', (line) => (line === '' ? '' : `    ${line}`), /^ {4}/gm],
  [
    'logged',
    (line, i) =>
      `2026-11-21T12:${String(Math.floor(i / 60) % 60).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}.` +
      `${String((i * 1000) % 1_000_000_000).padStart(9, '0')}Z ${line}`,
    /^2026-11-21T\S+ /gm,
  ],
  ['returned', (line) => `${line}\r`, /\r$/gm],
];

const dressed = (kind: WideKind): WideKind[] =>
  DRESSES.map(([name, dress, front]) => ({
    ...kind,
    kind: `${kind.kind} ${name}`,
    carries: restored(kind.carries, (lines) => lines.replaceAll(front, '')),
    rewritten: (text) => text.trimEnd().split('\n').map(dress).join('\n') + '\n',
  }));

/** Fields that name what others list name by name. */
export const each = (...names: readonly string[]): string[] => names.flatMap((name) => ['-e', name]);

export const ADDRESSES = ['ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'tcp.srcport', 'tcp.dstport'];
const FLAG_NAMES = ['fin', 'syn', 'reset', 'push', 'ack', 'urg', 'ece', 'cwr', 'ns'].map((flag) => `tcp.flags.${flag}`);
const OPTION_NAMES = [
  ...['mss_val', 'wscale.shift', 'sack_perm', 'timestamp.tsval', 'timestamp.tsecr', 'sack_le', 'sack_re'],
].map((option) => `tcp.options.${option}`);

export const inFields = (...args: readonly string[]): string[] => ['-n', '-T', 'fields', '-E', 'header=y', ...args];

/** Columns of which some are left out: what a kind of them has besides addresses and ports. */
export const some = (...names: readonly string[]): Carries => ({
  ...inColumns,
  identification: () => false,
  // Where the header is cut, the columns behind the ports are empty.
  field: (name, lines) =>
    /^(source|destination)/.test(name) || (names.includes(name) && /\t[01]\t[01]\t[01]\t|\t0x|\xb7/.test(lines)),
});

/** Fields that a packet does not have are in JSON as those that were not asked for. */
export const optionless = (text: string): boolean => !/"tcp[._]options"/.test(text);

export const untimed = (carries: Carries): Carries => ({ ...carries, untimed: true });

/** Columns as people arrange them. */
const LAYOUTS: readonly (readonly [name: string, format: string, more: Partial<Carries>])[] = [
  ['ports', `"No.","%m","Time","%t","Source","%s","SrcPort","%S","Destination","%d","DstPort","%D",${REST}`, {}],
  ['no-length', '"No.","%m","Time","%t","Source","%s","Destination","%d","Protocol","%p","Info","%i"', {}],
  ['no-protocol', '"No.","%m","Time","%t","Source","%s","Destination","%d","Length","%L","Info","%i"', {}],
  ['two-times', `"No.","%m","Time","%Yt","Relative","%Rt",${COLUMNS}`, {}],
  ['delta', `"No.","%m","Time","%t","Delta","%Tt",${COLUMNS}`, {}],
  [
    'length-first',
    '"No.","%m","Time","%t","Length","%L","Source","%s","Destination","%d","Protocol","%p","Info","%i"',
    {},
  ],
  ['bytes', '"No.","%m","Time","%t","Source","%s","Destination","%d","Protocol","%p","Length","%B","Info","%i"', {}],
  [
    'stream',
    `"No.","%m","Time","%t","Source","%s","Destination","%d","Protocol","%p","Stream","%Cus:tcp.stream","Length","%L","Info","%i"`,
    {},
  ],
];

export const TIMES = ['a', 'ad', 'adoy', 'd', 'dd', 'e', 'r', 'u', 'ud', 'udoy'] as const;

export const timed = (carries: Carries, time: string): Carries => ({
  ...carries,
  delta: time === 'd' || time === 'dd',
});

/** The bytes of each packet that `tshark -x` prints. */
function dumped(text: string): number[][] {
  const packets: number[][] = [];
  let isOwn = true;
  for (const line of text.split('\n')) {
    const [, label] = /^(\S.*) \(\d+ bytes\):$/.exec(line) ?? [];
    if (label !== undefined) isOwn = label === 'Frame' || label === 'Packet';
    const [, offset, bytes] = /^([\da-f]{4,8}) {2}((?:[\da-f]{2} )+)/.exec(`${line} `) ?? [];
    if (line === '') isOwn ||= packets.length > 0;
    if (offset === undefined || bytes === undefined || !isOwn) continue;
    if (Number.parseInt(offset, 16) === 0) packets.push([]);
    packets.at(-1)!.push(
      ...bytes
        .trim()
        .split(' ')
        .map((byte) => Number.parseInt(byte, 16)),
    );
  }
  return packets;
}

const hexOf = (bytes: readonly number[], by = ' '): string =>
  bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(by);
const asciiOf = (bytes: readonly number[]): string =>
  bytes.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');

/** Dumps as other tools write them, made of what `tshark -x` prints. */
const DUMPS: readonly (readonly [name: string, line: (at: number, bytes: number[]) => string, before?: string])[] = [
  ['od', (at, bytes) => `${at.toString(16).padStart(6, '0')} ${hexOf(bytes)}`],
  ['decimal', (at, bytes) => `${at.toString(10).padStart(7, '0')} ${hexOf(bytes)}`],
  ['octal', (at, bytes) => `${at.toString(8).padStart(7, '0')} ${hexOf(bytes)}`],
  ['directions', (at, bytes) => `${at.toString(16).padStart(4, '0')} ${hexOf(bytes)}`, 'I\n'],
  [
    'hexdump',
    (at, bytes) =>
      `${at.toString(16).padStart(8, '0')}  ${`${hexOf(bytes.slice(0, 8))}  ${hexOf(bytes.slice(8))}`.padEnd(49)} |${asciiOf(bytes)}|`,
  ],
  [
    'xxd',
    (at, bytes) =>
      `${at.toString(16).padStart(8, '0')}: ${hexOf(bytes, '')
        .replaceAll(/.{4}(?=.)/g, '$& ')
        .padEnd(39)}  ${asciiOf(bytes)}`,
  ],
  ['capitals', (at, bytes) => `${at.toString(16).padStart(4, '0')}   ${hexOf(bytes).toUpperCase()}`],
  ['bare', (_, bytes) => hexOf(bytes)],
  ['bare-joined', (_, bytes) => hexOf(bytes, '')],
];

const dumpKinds = DUMPS.map(([name, line, before = '']) =>
  tshark(`dump-${name}`, untimed(bytes), ['-n', '-x'], (text) =>
    dumped(text)
      .map((packet) => {
        const lines = Array.from({ length: Math.ceil(packet.length / 16) }, (_, i) =>
          line(16 * i, packet.slice(16 * i, 16 * i + 16)),
        );
        return `${before}${lines.join('\n')}\n`;
      })
      .join('\n'),
  ),
);

export const TITLES = 'No.     Time           Source                Destination           Protocol Length Info\n';

/** Lines of the list as Wireshark's export as plain text has them: columns of one width, and no arrow in front. */
export const listed = (text: string, before = ''): string =>
  text.replaceAll(
    /^ *(\d+) +(\S+) +(\S*) → (\S*) +(\S+) (\d+) (.*)$/gm,
    (
      _,
      number: string,
      at: string,
      source: string,
      destination: string,
      protocol: string,
      length: string,
      info: string,
    ) =>
      `${before}${number.padStart(7)} ${at.padEnd(14)} ${source.padEnd(21)} ${destination.padEnd(21)} ` +
      `${protocol.padEnd(8)} ${length.padEnd(6)} ${info}${before === '' ? '' : '\n'}`,
  );

/** Options that people join beyond two. */
export const TOGETHER: readonly WideKind[] = [
  ['-S', '-q', '-e', '-vv', '-X', '-tttt'],
  ['-A', '-#'],
  ['-tttt', '-XX', '-e', '-vvv', '-#'],
  ['-t', '-#', '-e', '-xx'],
  ['-ttttt', '-nn', '-e', '-vv', '-S'],
  ['-ttt', '-A', '-v', '-e', '-n'],
  ['-tt', '-nn', '-xx', '-q'],
  ['-nn', '-S', '-v', '-X', '-ttttt'],
  ['-t', '-q', '-A', '-n'],
  ['-#', '-q', '-t', '-x'],
  ['-ttttt', '-e', '-v', '-XX', '-#'],
  ['-AA', '-n'],
  ['-AA', '-t', '-v'],
  ['--print', '-l', '-U', '-nn'],
  ['-e', '-nn', '-ttt', '-q', '-x'],
  ['-K', '-S', '-vv', '-nn', '-e', '-t'],
].map(tcpdumpKind);

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
  ...[72, 74, 76, 78, 80].map((width) =>
    tshark(`summary-mailed-${width}`, unmailed(summary), ['-n'], mailed(width, width % 4 === 0 ? '' : '> ')),
  ),
  tshark('summary-ad-mailed', unmailed(summary), ['-n', '-t', 'ad'], mailed(76, '>> ', '\r\n')),
  tshark('summary-d-mailed', unmailed(timed(summary, 'd')), ['-N', 't', '-t', 'd'], mailed(72, '> > ')),
  tshark('summary-mailed-no-number', unmailed(summary), ['-n', ...columns('"Time","%t",')], mailed(72, '')),
  tshark('summary-mailed-no-time', unmailed(untimed(summary)), ['-n', ...columns('"No.","%m",')], mailed(72, '> ')),
  tshark('summary-raw', { ...summary, relative: false }, ['-n', '-o', 'tcp.relative_sequence_numbers:FALSE']),
  tshark('summary-unjudged', { ...summary, relative: false, stated: false, unjudged: true }, [
    '-n',
    '-o',
    'tcp.analyze_sequence_numbers:FALSE',
  ]),
  tshark('summary-two-passes', { ...summary, twice: true }, ['-n', '-2']),
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
  tshark('fields', inColumns, ['-n', '-T', 'fields', '-E', 'header=y', ...FIELD_ARGUMENTS]),
  tshark('fields-comma', inColumns, [
    ...['-n', '-T', 'fields', '-E', 'header=y', '-E', 'separator=,', '-E', 'quote=d'],
    ...FIELD_ARGUMENTS,
  ]),
  tshark('fields-semicolon', inColumns, [
    ...['-n', '-T', 'fields', '-E', 'header=y', '-E', 'separator=;', '-E', 'quote=s', '-E', 'occurrence=a'],
    ...FIELD_ARGUMENTS,
  ]),
  tshark('fields-pipe', inColumns, [...inFields('-E', 'separator=|', '-E', 'quote=n'), ...FIELD_ARGUMENTS]),
  tshark('fields-space', inColumns, [...inFields('-E', 'separator=/s', '-E', 'quote=d'), ...FIELD_ARGUMENTS]),
  tshark('fields-mark', inColumns, [...inFields('-E', 'bom=y', '-E', 'separator=/t'), ...FIELD_ARGUMENTS]),
  tshark('fields-aggregator', inColumns, [...inFields('-E', 'aggregator=;', '-E', 'separator=,'), ...FIELD_ARGUMENTS]),
  tshark('fields-aggregator-space', inColumns, [...inFields('-E', 'aggregator=/s'), ...FIELD_ARGUMENTS]),
  // Of a tunnel the outer addresses are the only ones.
  tshark('fields-first', { ...inColumns, names: true, occurrence: 'first' }, [
    ...inFields('-E', 'occurrence=f'),
    ...FIELD_ARGUMENTS,
  ]),
  tshark('fields-last', { ...inColumns, occurrence: 'last' }, [...inFields('-E', 'occurrence=l'), ...FIELD_ARGUMENTS]),
  tshark('fields-reversed', inColumns, inFields(...each(...[...FIELDS].reverse()))),
  tshark('fields-unescaped', inColumns, [...inFields('-E', 'escape=n'), ...FIELD_ARGUMENTS]),
  tshark(
    'fields-separate',
    some('seqRaw', 'ackRaw', 'len', 'flags', 'window', 'seq', 'ack'),
    inFields(
      ...each('frame.time_relative', ...ADDRESSES, ...FLAG_NAMES, 'tcp.seq_raw', 'tcp.ack_raw', 'tcp.len'),
      ...each('tcp.window_size_value', 'tcp.hdr_len', ...OPTION_NAMES),
    ),
  ),
  tshark(
    'fields-relative',
    { ...some('seq', 'ack', 'len', 'flags', 'window'), relative: true },
    inFields(
      ...each('frame.number', 'frame.time', ...ADDRESSES, 'tcp.flags', 'tcp.seq', 'tcp.ack', 'tcp.len'),
      ...each('tcp.window_size_value', 'tcp.hdr_len', ...OPTION_NAMES),
    ),
  ),
  tshark(
    'fields-letters',
    { ...some('seq', 'ack', 'len', 'flags'), relative: true, bare: true, delta: true },
    inFields(
      ...each('frame.number', 'frame.time_delta', ...ADDRESSES, 'tcp.flags.str', 'tcp.seq', 'tcp.ack', 'tcp.len'),
    ),
  ),
  tshark(
    'fields-columns',
    { ...some('seq', 'ack', 'len', 'flags', 'window'), relative: true, bare: true },
    inFields(
      ...each('_ws.col.No.', '_ws.col.Time', '_ws.col.Source', '_ws.col.Destination', ...ADDRESSES, 'tcp.flags'),
      ...each('tcp.seq', 'tcp.ack', 'tcp.len', 'tcp.window_size_value', '_ws.col.Info'),
    ),
  ),
  tshark('summary-mnt', { ...summary, names: true }, ['-N', 'mnt']),
  tshark('V-names', { ...details, names: true }, ['-N', 'mnt', '-V']),
  tshark('V-P-x', bytes, ['-n', '-P', '-V', '-x']),
  tshark('V-raw', details, ['-n', '-V', '-o', 'tcp.relative_sequence_numbers:FALSE']),
  tshark('V-unjudged', { ...details, unjudged: true }, ['-n', '-V', '-o', 'tcp.analyze_sequence_numbers:FALSE']),
  tshark('V-two-passes', details, ['-n', '-2', '-V']),
  ...TIMES.map((time) => tshark(`V-${time}`, details, ['-n', '-V', '-t', time])),
  tshark('O-ip-tcp', untimed(details), ['-n', '-O', 'ip,ipv6,tcp']),
  tshark('O-frame-tcp', details, ['-n', '-O', 'frame,eth,ip,ipv6,tcp']),
  tshark('P-O-tcp', untimed(details), ['-n', '-P', '-O', 'tcp']),
  tshark('O-tcp-x', untimed(bytes), ['-n', '-O', 'tcp', '-x']),
  tshark('tabs', summary, ['-n', '-T', 'tabs']),
  tshark('tabs-ad', summary, ['-n', '-T', 'tabs', '-t', 'ad']),
  tshark('psml', summary, ['-n', '-T', 'psml']),
  tshark('psml-ad', summary, ['-n', '-T', 'psml', '-t', 'ad']),
  tshark('summary-separated', summary, ['-n', '-S', '----']),
  tshark('pdml-raw', fields, ['-n', '-T', 'pdml', '-o', 'tcp.relative_sequence_numbers:FALSE']),
  tshark('pdml-names', { ...fields, names: true }, ['-N', 'mnt', '-T', 'pdml']),
  tshark('json-raw', fields, ['-n', '-T', 'json', '-o', 'tcp.relative_sequence_numbers:FALSE']),
  tshark('json-names', { ...fields, names: true }, ['-N', 'mnt', '-T', 'json']),
  tshark('json-filtered', fields, ['-n', '-T', 'json', '-J', 'frame ip ipv6 tcp']),
  tshark('json-filtered-flat', fields, ['-n', '-T', 'json', '-j', 'frame ip ipv6 tcp']),
  tshark('ek-filtered', fields, ['-n', '-T', 'ek', '-J', 'frame ip ipv6 tcp']),
  tshark('pdml-filtered', fields, ['-n', '-T', 'pdml', '-J', 'frame ip ipv6 tcp']),
  tshark('ek-raw', fields, ['-n', '-T', 'ek', '-o', 'tcp.relative_sequence_numbers:FALSE']),
  tshark('json-fields', { ...fields, optionless }, ['-n', '-T', 'json', ...FIELD_ARGUMENTS]),
  tshark('ek-fields', { ...fields, optionless }, ['-n', '-T', 'ek', ...FIELD_ARGUMENTS]),
  ...LAYOUTS.map(([name, format, more]) =>
    tshark(`layout-${name}`, { ...summary, ...more }, ['-n', '-o', `gui.column.format:${format}`]),
  ),
  tshark(
    'summary-coloured',
    restored(summary, (lines) => lines.replaceAll(/\u001b\[[\d;]*[mK]/g, '')),
    ['-n'],
    // As `--color` prints it on a terminal.
    (text) => text.replaceAll(/^.+$/gm, '\u001b[38;2;18;39;46m\u001b[48;2;228;255;199m$&\u001b[K\u001b[0m'),
  ),
  tshark(
    'exported',
    // The default list has an arrow between the addresses.
    restored(summary, (lines) => lines.replace(/(\d+) +(\S+) \[/, '$1 → $2 [')),
    ['-n'],
    (text) => TITLES + listed(text),
  ),
  tshark('exported-V-x', bytes, ['-n', '-P', '-V', '-x'], (text) => listed(text, TITLES)),
  tshark('exported-V', details, ['-n', '-P', '-V'], (text) => listed(text, TITLES)),
  ...dumpKinds,
];

/** Texts with something in front of their lines. */
export const DRESSED_KINDS: readonly WideKind[] = [
  ...[['-n'], ['-nn', '-v'], ['-nn', '-x'], ['-tttt', '-e', '-nn'], ['-nn', '-A'], ['-n', '-t', '-q']].map(tcpdumpKind),
  tshark('summary', summary, ['-n']),
  tshark('summary-ad', summary, ['-n', '-t', 'ad']),
  tshark('x', untimed(bytes), ['-n', '-x']),
  tshark('V', details, ['-n', '-V']),
].flatMap(dressed);
