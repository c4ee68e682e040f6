import { parseArgs } from 'node:util';
import { THRESHOLD_NAMES, type ThresholdName, THRESHOLDS, type Thresholds } from '../core/model/diagnosis';
import { loadFilterFault } from '../core/filter/load-filter';
import { render } from '../core/format/message';
import { LOAD_ALL, type Load } from '../core/model/load';
import { NOTE_KINDS, type NoteKind } from '../core/model/segment';
import { type DiagramFormat, DIAGRAMS } from '../core/diagram/registry';
import { type CommandName, COMMANDS } from './commands/registry';
import { UsageError } from './usage-error';

const EXPORT_FORMATS = ['pcapng', 'csv', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const DIAGRAM_FORMATS = Object.keys(DIAGRAMS) as DiagramFormat[];

const COLUMNS = 100;

/** Words in lines, two columns in. */
function list(words: readonly string[]): string {
  const lines = [' '];
  for (const word of words) {
    if (lines.at(-1)!.length + 1 + word.length > COLUMNS) lines.push(' ');
    lines[lines.length - 1] += ` ${word}`;
  }
  return lines.join('\n');
}

export const USAGE = `Usage:
  tcp-trace info FILE [--json]
  tcp-trace connections FILE [--json]
  tcp-trace segments FILE [--json] [--why] [--connection N] [--note KIND]
  tcp-trace diagnose FILE [--json] [--threshold NAME=NUMBER …]
  tcp-trace diagram FILE --connection N [--packets N-M] [--format ${DIAGRAM_FORMATS.join('|')}]
                         [--anonymise] [--no-payload]
  tcp-trace export FILE [--connection N] [--format ${EXPORT_FORMATS.join('|')}] [--anonymise] [--no-payload] [-o OUT]
  tcp-trace --help | --version

Any command also takes [--from N] [--to N] [--only FILTER] [--max-packets N].

FILE is a capture or a text trace, or - for standard input. Connections count from 0.
With --json, info prints one object and the others one object a line.
With --why, each note says what was compared with what.
export writes the segments of a connection, or without --connection the table of connections; pcapng
(the default) is the packets of a connection. --anonymise replaces addresses, --no-payload cuts packets
behind the TCP header (and quotations of it from diagrams): for bug reports. Without -o it writes to standard output.
diagram draws a whole connection, or with --packets its segments in those packets (N-M, N- to the end, N alone),
with the states and numbers that they have in the whole.
diagnose says what the capture as a whole shows: its quality, attacks, failed connections, slowness.

With --from and --to, only those packets of the file are loaded; with --only, only those with the addresses,
ports and protocols of a filter, such as 'ip.addr == 10.0.0.0/8 && tcp.port == 443'; with --max-packets no
more than so many. What was left out is noted (info prints it). Packets keep the numbers that they have in the file.

NAME is one of
${list(THRESHOLD_NAMES)}

KIND is one of
${list(NOTE_KINDS)}

Exit code: 0; 1 for wrong usage; 2 for a file that cannot be read or is damaged
(what could be read is printed all the same).
`;

export interface PacketRange {
  readonly from: number;
  readonly to: number;
}

const ALL_PACKETS: PacketRange = { from: 1, to: Infinity };

export interface Arguments {
  /** Asks about the program instead of a file; the rest means nothing then. */
  readonly about: 'help' | 'version' | null;
  readonly command: CommandName;
  readonly file: string;
  readonly json: boolean;
  readonly why: boolean;
  readonly connection: number | null;
  /** First and last packet of a diagram; `to` is `Infinity` for the last there is. */
  readonly packets: PacketRange;
  readonly note: NoteKind | null;
  readonly thresholds: Partial<Thresholds>;
  readonly format: DiagramFormat;
  readonly exportFormat: ExportFormat;
  readonly anonymise: boolean;
  readonly payload: boolean;
  /** Which packets are loaded. */
  readonly load: Load;
  /** Where to write to; `null` is standard output. */
  readonly out: string | null;
}

/** @throws {UsageError} */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  if (values.help) return { ...NOTHING, about: 'help' };
  if (values.version) return { ...NOTHING, about: 'version' };
  const [command, file, ...rest] = positionals;
  if (command === undefined) throw new UsageError('which command?');
  if (!Object.hasOwn(COMMANDS, command)) throw new UsageError(`no command "${command}"`);
  if (file === undefined) throw new UsageError(`${command}: which file?`);
  if (rest.length > 0) throw new UsageError(`${command}: one file at a time, not also "${rest[0]}"`);
  const connection = values.connection === undefined ? null : connectionNumber(values.connection);
  if (command === 'diagram' && connection === null) throw new UsageError('diagram: --connection is needed');
  const isExport = command === 'export';
  const exportFormat =
    isExport && values.format !== undefined ? oneOf('--format', values.format, EXPORT_FORMATS) : 'pcapng';
  if (isExport && exportFormat === 'pcapng' && connection === null)
    throw new UsageError('export: --connection is needed for pcapng');
  return {
    about: null,
    command: command as CommandName,
    file,
    json: values.json ?? false,
    why: values.why ?? false,
    connection,
    packets: values.packets === undefined ? ALL_PACKETS : packetRange(values.packets),
    note: values.note === undefined ? null : oneOf('--note', values.note, NOTE_KINDS),
    thresholds: Object.fromEntries((values.threshold ?? []).map(thresholdOf)),
    format: values.format === undefined || isExport ? 'text' : oneOf('--format', values.format, DIAGRAM_FORMATS),
    exportFormat,
    anonymise: values.anonymise ?? false,
    payload: !(values['no-payload'] ?? false),
    load: loadOf(values),
    out: values.output ?? null,
  };
}

const NOTHING: Arguments = {
  about: null,
  command: 'info',
  file: '',
  json: false,
  why: false,
  connection: null,
  packets: ALL_PACKETS,
  note: null,
  thresholds: {},
  format: 'text',
  exportFormat: 'pcapng',
  anonymise: false,
  payload: true,
  load: LOAD_ALL,
  out: null,
};

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'V' },
        json: { type: 'boolean' },
        why: { type: 'boolean' },
        connection: { type: 'string' },
        packets: { type: 'string' },
        note: { type: 'string' },
        threshold: { type: 'string', multiple: true },
        format: { type: 'string' },
        anonymise: { type: 'boolean' },
        'no-payload': { type: 'boolean' },
        from: { type: 'string' },
        to: { type: 'string' },
        only: { type: 'string' },
        'max-packets': { type: 'string' },
        output: { type: 'string', short: 'o' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function loadOf(values: {
  readonly from?: string;
  readonly to?: string;
  readonly only?: string;
  readonly 'max-packets'?: string;
}): Load {
  const number = (name: 'from' | 'to' | 'max-packets'): number => {
    const text = values[name];
    if (text === undefined) return name === 'from' ? LOAD_ALL.from : Infinity;
    if (!/^[1-9]\d{0,14}$/.test(text)) throw new UsageError(`--${name}: "${text}" is not a number from 1 on`);
    return Number(text);
  };
  const [from, to, only] = [number('from'), number('to'), values.only ?? ''];
  if (from > to) throw new UsageError('--from is behind --to');
  const fault = loadFilterFault(only);
  if (fault !== null) throw new UsageError(`--only: ${render(fault.message)}`);
  return { from, to, only, maxPackets: number('max-packets') };
}

function connectionNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--connection: "${text}" is not a number`);
  return Number(text);
}

function packetRange(text: string): PacketRange {
  const [, first = '', dash = '', last = ''] = /^(\d{1,15})(-?)(\d{0,15})$/.exec(text) ?? [];
  const from = Number(first);
  const to = dash === '' ? from : last === '' ? Infinity : Number(last);
  if (from < 1 || from > to) throw new UsageError(`--packets: "${text}" is none of N-M, N- and N, from 1 on`);
  return { from, to };
}

function thresholdOf(text: string): [ThresholdName, number] {
  const [name = '', number = ''] = text.split('=', 2);
  const value = Number(number);
  if (!/^\d{1,15}$/.test(number)) throw new UsageError(`--threshold: "${text}" is not NAME=NUMBER`);
  const known = oneOf('--threshold', name, THRESHOLD_NAMES);
  const { minimum, maximum } = THRESHOLDS[known];
  if (value < minimum || value > maximum)
    throw new UsageError(`--threshold: ${known} is between ${minimum} and ${maximum}`);
  return [known, value];
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new UsageError(`${option}: "${value}" is none of ${allowed.join(', ')}`);
  return found;
}
