import { FIELD_ARGUMENTS } from './text-kinds';
import { bytes, columns as inColumns, details, fields, summary } from './text-carries';
import {
  ADDRESSES,
  each,
  inFields,
  listed,
  optionless,
  REST,
  restored,
  some,
  timed,
  TIMES,
  TITLES,
  tshark,
  untimed,
  type WideKind,
} from './text-matrix';
import type { Carries } from './text-pairs';

/** What users choose beside the form: preferences, protocols, columns, colours, and which parts of a packet are exported. */

const preference = (name: string, value: string): string[] => ['-o', `${name}:${value}`];
const arranged = (...cells: readonly string[]): string[] => preference('gui.column.format', cells.join(','));

const NUMBER = '"No.","%m"';
const TIME = '"Time","%t"';
const HOSTS = '"Source","%s","Destination","%d"';

/** Columns as people arrange them, as the list, as CSV and as PSML. */
const ARRANGEMENTS: readonly (readonly [name: string, cells: readonly string[]])[] = [
  ['delta-displayed', [NUMBER, TIME, '"Delta","%Gt"', HOSTS, REST]],
  ['date-and-delta', [NUMBER, '"Time","%Yt"', '"Delta","%Tt"', HOSTS, REST]],
  ['stream-in-front', [NUMBER, TIME, '"Stream","%Cus:tcp.stream"', HOSTS, REST]],
  [
    'ports-behind',
    [
      NUMBER,
      TIME,
      HOSTS,
      '"Source Port","%S"',
      '"Destination Port","%D"',
      '"Protocol","%p"',
      '"Length","%L"',
      '"Info","%i"',
    ],
  ],
  [
    'port-fields',
    [NUMBER, TIME, HOSTS, '"Source Port","%Cus:tcp.srcport"', '"Destination Port","%Cus:tcp.dstport"', REST],
  ],
  [
    'payload-length',
    [NUMBER, TIME, HOSTS, '"Protocol","%p"', '"Length","%L"', '"TCP len","%Cus:tcp.len"', '"Info","%i"'],
  ],
  [
    'time-delta',
    [NUMBER, TIME, HOSTS, '"Protocol","%p"', '"Length","%L"', '"Delta","%Cus:tcp.time_delta"', '"Info","%i"'],
  ],
  ['protocol-in-front', [NUMBER, TIME, '"Protocol","%p"', HOSTS, '"Length","%L"', '"Info","%i"']],
  ['destination-first', [NUMBER, TIME, '"Destination","%d","Source","%s"', REST]],
  ['time-first', [TIME, NUMBER, HOSTS, REST]],
  ['date-first', ['"Time","%Yt"', NUMBER, HOSTS, REST]],
  ['unresolved', [NUMBER, TIME, '"Source","%us","Destination","%ud"', REST]],
];

/** Columns that are printed whatever the list shows: those of a CSV file as the editor of columns names them. */
const titlesOf = (cells: readonly string[]): string[] =>
  cells.flatMap((cell) => [...cell.matchAll(/"([^"]*)","[^"]*"/g)].map(([, title]) => title!));

const asCsv = (cells: readonly string[]): string[] => [
  ...arranged(...cells),
  ...['-T', 'fields', '-E', 'separator=,', '-E', 'quote=d', '-E', 'header=y'],
  ...titlesOf(cells).flatMap((title) => ['-e', `_ws.col.${title}`]),
];

/** As Wireshark itself writes titles of CSV: without `_ws.col.`. */
const titled = (text: string): string =>
  text.replace(/^.*\n/, (titles) => titles.trimEnd().replaceAll(/_ws\.col\.([^,]+)/g, '"$1"') + '\n');

/** Layers that are folded, a line each: their flags are in the list alone, and numbers without flags are not followed. */
const folded: Carries = {
  ...details,
  relative: true,
  bare: true,
  identification: () => false,
  field: (name, lines) => {
    const line = /^Transmission Control Protocol, .*$/m.exec(lines)?.[0] ?? '';
    if (name === 'seq' || name === 'ack')
      return /\] Seq=/.test(lines) && new RegExp(`, ${name === 'seq' ? 'Seq' : 'Ack'}: \\d`).test(line);
    return name === 'len' ? /, Len: \d/.test(line) : /^(source|destination)/.test(name);
  },
};

/** Titles of layers without values. */
const UNTITLED = ['tcp', 'ip', 'ipv6'].flatMap((protocol) => preference(`${protocol}.summary_in_tree`, 'FALSE'));
const untitled: Carries = {
  ...details,
  segment: (lines) => /^ *Transmission Control Protocol\n +Source Port/m.test(lines),
};

/** As `--color` prints lines of the list on a terminal: the end of a colour stands in front of the next line. */
const coloured = (text: string): string =>
  text.replaceAll(/^ *\d+ +[\d.]+ .* (?:→|->) .*\n/gm, (line) => {
    return `\u001b[38;2;18;39;46m\u001b[48;2;228;255;199m${line.trimEnd()}\u001b[K\r\n\u001b[0m`;
  });
const uncoloured = (carries: Carries): Carries =>
  restored(carries, (lines) => lines.replaceAll(/\u001b\[[\d;]*[mK]|\r/g, ''));

const PROTOCOLS_ABOVE = ['http', 'tls', 'smtp', 'ftp', 'dns', 'smb', 'ssh', 'pop', 'imap', 'rpc', 'tds', 'mysql'];

const TCP_TIMES = ['frame.time_delta_displayed', 'frame.time_relative', 'frame.time', 'frame.time_epoch'] as const;

const WORDS = ['tcp.flags', 'tcp.seq', 'tcp.ack', 'tcp.len', 'tcp.window_size_value', 'tcp.hdr_len'];

export const CHOSEN_KINDS: readonly WideKind[] = [
  // Times, in seconds or in hours, minutes and seconds.
  ...TIMES.map((time) => tshark(`summary-${time}-s`, timed(summary, time), ['-n', '-t', time, '-u', 's'])),
  ...(['a', 'ad', 'adoy', 'dd', 'u', 'ud', 'udoy'] as const).map((time) =>
    tshark(`summary-${time}-hms`, timed(summary, time), ['-n', '-t', time, '-u', 'hms']),
  ),
  ...(['d', 'dd', 'e', 'r'] as const).map((time) =>
    tshark(`V-P-${time}-hms`, details, ['-n', '-P', '-V', '-t', time, '-u', 'hms']),
  ),
  ...(['d', 'dd', 'e', 'r', 'ad', 'a'] as const).map((time) =>
    tshark(`P-x-${time}-hms`, timed(bytes, time), ['-n', '-P', '-x', '-t', time, '-u', 'hms']),
  ),
  // Names of some layers only.
  tshark('summary-mt', summary, ['-N', 'mt']),
  tshark('summary-mt-two-passes', { ...summary, twice: true }, ['-2', '-N', 'mt', '-t', 'ad']),
  tshark('V-mt', details, ['-N', 'mt', '-V']),
  tshark('json-mt', fields, ['-N', 'mt', '-T', 'json']),
  tshark('fields-mt', inColumns, ['-N', 'mt', '-T', 'fields', '-E', 'header=y', ...FIELD_ARGUMENTS]),
  // Preferences of TCP.
  ...(
    [
      ['whole-segments', ['tcp.desegment_tcp_streams', 'FALSE']],
      ['no-flight', ['tcp.track_bytes_in_flight', 'FALSE']],
      ['stamps', ['tcp.calculate_timestamps', 'FALSE']],
      ['ordered', ['tcp.reassemble_out_of_order', 'TRUE']],
      ['heuristics', ['tcp.try_heuristic_first', 'TRUE']],
      ['no-stamps', ['tcp.ignore_tcp_timestamps', 'TRUE']],
    ] as const
  ).flatMap(([name, [key, value]]) => [
    tshark(`summary-${name}`, summary, ['-n', ...preference(key, value)]),
    tshark(`V-${name}`, details, ['-n', '-V', ...preference(key, value)]),
    tshark(`json-${name}`, fields, ['-n', '-T', 'json', ...preference(key, value)]),
    tshark(`pdml-${name}`, fields, ['-n', '-T', 'pdml', ...preference(key, value)]),
  ]),
  tshark('V-untitled', untitled, ['-n', '-V', ...UNTITLED]),
  tshark('V-P-untitled', untitled, ['-n', '-V', '-P', ...UNTITLED]),
  tshark('json-untitled', fields, ['-n', '-T', 'json', ...UNTITLED]),
  // What is above TCP.
  ...(
    [
      ['no-http', PROTOCOLS_ABOVE.flatMap((protocol) => ['--disable-protocol', protocol])],
      ['echo', ['-d', 'tcp.port==80,echo', '-d', 'tcp.port==443,echo']],
      ['bare-tcp', ['--only-protocols', 'eth,vlan,sll,null,raw,ip,ipv6,tcp,frame,data']],
    ] as const
  ).flatMap(([name, args]) => [
    tshark(`summary-${name}`, summary, ['-n', ...args]),
    tshark(`V-${name}`, details, ['-n', '-V', ...args]),
    tshark(`json-${name}`, fields, ['-n', '-T', 'json', ...args]),
    tshark(`V-x-${name}`, bytes, ['-n', '-V', '-x', ...args]),
  ]),
  // Columns.
  ...ARRANGEMENTS.flatMap(([name, cells]) => [
    tshark(`layout-${name}`, summary, ['-n', ...arranged(...cells)]),
    tshark(`csv-${name}`, summary, ['-n', ...asCsv(cells)]),
    tshark(`csv-titled-${name}`, summary, ['-n', ...asCsv(cells)], titled),
    tshark(`psml-${name}`, summary, ['-n', '-T', 'psml', ...arranged(...cells)]),
    tshark(`tabs-${name}`, summary, ['-n', '-T', 'tabs', ...arranged(...cells)]),
  ]),
  // Exports of Wireshark: a list, details that are folded or not, bytes.
  tshark('exported-x', bytes, ['-n', '-P', '-x'], (text) => listed(text, TITLES)),
  tshark('exported-O-tcp', details, ['-n', '-P', '-O', 'frame,tcp'], (text) => listed(text, TITLES)),
  tshark('exported-O-tcp-untimed', untimed(details), ['-n', '-P', '-O', 'tcp'], (text) => listed(text, TITLES)),
  tshark('exported-folded', folded, ['-n', '-P', '-O', 'none'], (text) => listed(text, TITLES)),
  tshark('folded', untimed(folded), ['-n', '-O', 'none']),
  tshark('P-folded', folded, ['-n', '-P', '-O', 'none']),
  tshark('folded-x', untimed(bytes), ['-n', '-O', 'none', '-x']),
  tshark('exported-O-tcp-x', bytes, ['-n', '-P', '-O', 'tcp', '-x'], (text) => listed(text, TITLES)),
  tshark('exported-ad', summary, ['-n', '-t', 'ad'], (text) => TITLES + listed(text)),
  // Bytes as --hexdump changes them.
  ...(
    [
      ['noascii', ['noascii']],
      ['delimit', ['delimit']],
      ['frames', ['frames']],
      ['frames-noascii', ['frames', 'noascii']],
      ['frames-delimit', ['frames', 'delimit']],
    ] as const
  ).flatMap(([name, options]) => {
    const args = options.flatMap((option) => ['--hexdump', option]);
    return [
      tshark(`x-${name}`, untimed(bytes), ['-n', ...args]),
      tshark(`P-x-${name}`, bytes, ['-n', '-P', ...args]),
      tshark(`V-x-${name}`, bytes, ['-n', '-V', ...args]),
    ];
  }),
  // Fields.
  ...[',', ';', '|', '/t'].flatMap((separator) =>
    (['d', 's', 'n'] as const).flatMap((quote) =>
      (['f', 'l', 'a'] as const).map((occurrence) =>
        tshark(
          `fields-${separator.replace('/', '')}-${quote}-${occurrence}`,
          occurrence === 'a'
            ? inColumns
            : occurrence === 'f'
              ? { ...inColumns, names: true, occurrence: 'first' }
              : { ...inColumns, occurrence: 'last' },
          [
            ...inFields('-E', `separator=${separator}`, '-E', `quote=${quote}`, '-E', `occurrence=${occurrence}`),
            // A comma between several values is the separator, too, where nothing is quoted.
            ...(separator === ',' && quote === 'n' ? ['-E', 'aggregator=;'] : []),
            ...FIELD_ARGUMENTS,
          ],
        ),
      ),
    ),
  ),
  ...TCP_TIMES.map((time) =>
    tshark(
      `fields-${time}`,
      {
        ...some('seq', 'ack', 'len', 'flags', 'window'),
        relative: true,
        bare: true,
        delta: time === 'frame.time_delta_displayed',
      },
      inFields(...each(time, ...ADDRESSES, ...WORDS)),
    ),
  ),
  tshark(
    'fields-judged',
    { ...some('seq', 'ack', 'len', 'flags', 'window'), relative: true, bare: true },
    inFields(
      ...each(
        'frame.number',
        'tcp.stream',
        'frame.time_relative',
        'tcp.time_delta',
        ...ADDRESSES,
        ...WORDS,
        'tcp.analysis.flags',
        'tcp.analysis.bytes_in_flight',
        '_ws.col.Info',
      ),
    ),
  ),
  tshark('fields-relative-all', inColumns, inFields('-o', 'tcp.relative_sequence_numbers:FALSE', ...FIELD_ARGUMENTS)),
  // Structures with bytes, fewer fields, or no analysis.
  tshark('json-x-no-duplicates', bytes, ['-n', '-T', 'json', '-x', '--no-duplicate-keys']),
  tshark('json-filtered-x', bytes, ['-n', '-T', 'json', '-x', '-J', 'frame ip ipv6 tcp']),
  tshark('json-hexdump', bytes, ['-n', '-T', 'json', '--hexdump', 'frames']),
  tshark('jsonraw-filtered', untimed(bytes), ['-n', '-T', 'jsonraw', '-J', 'frame ip ipv6 tcp']),
  tshark('ek-filtered-x', bytes, ['-n', '-T', 'ek', '-x', '-J', 'frame ip ipv6 tcp']),
  tshark('pdml-x', fields, ['-n', '-T', 'pdml', '-x']),
  tshark('pdml-fields', { ...fields, optionless }, ['-n', '-T', 'pdml', ...FIELD_ARGUMENTS]),
  tshark('pdml-two-passes', fields, ['-n', '-2', '-T', 'pdml']),
  tshark('json-two-passes', fields, ['-n', '-2', '-T', 'json']),
  tshark('ek-two-passes', fields, ['-n', '-2', '-T', 'ek']),
  tshark('psml-two-passes', { ...summary, twice: true }, ['-n', '-2', '-T', 'psml']),
  tshark('json-unjudged', { ...fields, unjudged: true }, [
    '-n',
    '-T',
    'json',
    '-o',
    'tcp.analyze_sequence_numbers:FALSE',
  ]),
  tshark('pdml-unjudged', { ...fields, unjudged: true }, [
    '-n',
    '-T',
    'pdml',
    '-o',
    'tcp.analyze_sequence_numbers:FALSE',
  ]),
  tshark('json-columns', { ...fields, optionless }, [
    ...['-n', '-T', 'json', ...FIELD_ARGUMENTS, ...each('_ws.col.Info', '_ws.col.Protocol')],
  ]),
  tshark('ek-columns', { ...fields, optionless }, [
    ...['-n', '-T', 'ek', ...FIELD_ARGUMENTS, ...each('_ws.col.Info', '_ws.col.Protocol')],
  ]),
  // Whether a wrong sum is that of the pseudo-header alone is told by the sum.
  tshark('json-fields-checked', { ...fields, optionless, field: () => true }, [
    ...['-n', '-T', 'json', '-o', 'tcp.check_checksum:TRUE', ...FIELD_ARGUMENTS, ...each('tcp.checksum')],
  ]),
  tshark('pdml-checked', { ...fields, field: () => true }, ['-n', '-T', 'pdml', '-o', 'tcp.check_checksum:TRUE']),
  tshark('ek-checked', { ...fields, field: () => true }, ['-n', '-T', 'ek', '-o', 'tcp.check_checksum:TRUE']),
  // Raw numbers in lists.
  tshark('psml-raw', { ...summary, relative: false }, [
    '-n',
    '-T',
    'psml',
    '-o',
    'tcp.relative_sequence_numbers:FALSE',
  ]),
  tshark('tabs-raw', { ...summary, relative: false }, [
    '-n',
    '-T',
    'tabs',
    '-o',
    'tcp.relative_sequence_numbers:FALSE',
  ]),
  tshark('summary-raw-two-passes', { ...summary, relative: false }, [
    ...['-n', '-2', '-t', 'ad', '-o', 'tcp.relative_sequence_numbers:FALSE'],
  ]),
  // Colours.
  tshark('summary-color', uncoloured(summary), ['-n'], coloured),
  tshark('P-V-color', uncoloured(details), ['-n', '-P', '-V'], coloured),
  tshark('P-x-color', uncoloured(bytes), ['-n', '-P', '-x'], coloured),
];
