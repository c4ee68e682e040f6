/** A kind of text, and what makes it of a capture. */
export interface TextKind {
  readonly kind: string;
  readonly program: 'tcpdump' | 'tshark';
  readonly args: readonly string[];
  /** Made of every capture of the fixtures. */
  readonly usual?: boolean;
}

const tcpdump = (...args: string[]): TextKind => ({
  kind: `tcpdump${args.join('').replaceAll(' ', '')}`,
  program: 'tcpdump',
  args,
});
const tshark = (kind: string, ...args: string[]): TextKind => ({ kind: `tshark-${kind}`, program: 'tshark', args });
const usual = (kind: TextKind): TextKind => ({ ...kind, usual: true });

export const FIELDS = [
  'frame.number',
  'frame.time_epoch',
  'frame.len',
  'ip.src',
  'ip.dst',
  'ipv6.src',
  'ipv6.dst',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.seq',
  'tcp.seq_raw',
  'tcp.ack',
  'tcp.ack_raw',
  'tcp.flags',
  'tcp.window_size_value',
  'tcp.len',
  'tcp.urgent_pointer',
  'tcp.checksum.status',
  'tcp.options',
];

export const FIELD_ARGUMENTS = FIELDS.flatMap((field) => ['-e', field]);

/** Columns as Wireshark's "Export Packet Dissections as CSV" writes them. */
export const CSV_ARGUMENTS = [
  '-o',
  'gui.column.format:"No.","%m","Time","%t","Source","%s","Destination","%d","Protocol","%p","Length","%L","Info","%i"',
  ...['-T', 'fields', '-E', 'separator=,', '-E', 'quote=d', '-E', 'header=y'],
  ...['No.', 'Time', 'Source', 'Destination', 'Protocol', 'Length', 'Info'].flatMap((name) => [
    '-e',
    `_ws.col.${name}`,
  ]),
];

/** Kinds of text that are held against captures: names are left out of none of tcpdump's options by accident. */
export const TEXT_KINDS: readonly TextKind[] = [
  usual(tcpdump('-n')),
  usual(tcpdump('-nn', '-S')),
  usual(tcpdump('-nn', '-vvv', '-ttttt')),
  usual(tcpdump('-nn', '-q')),
  usual(tcpdump('-nn', '-x')),
  tcpdump('-nn', '-t'),
  tcpdump('-nn', '-tt'),
  tcpdump('-nn', '-ttt'),
  tcpdump('-nn', '-tttt'),
  tcpdump('-nn', '-ttttt'),
  tcpdump('-nn', '-#'),
  tcpdump('-nn', '-#', '-t'),
  tcpdump('-nn', '-v'),
  tcpdump('-nn', '-vv'),
  tcpdump('-nn', '-e'),
  tcpdump('-nn', '-e', '-v', '-tttt'),
  tcpdump('-nn', '-e', '-t'),
  tcpdump('-nn', '-A'),
  tcpdump('-nn', '-A', '-t'),
  tcpdump('-nn', '-X'),
  tcpdump('-nn', '-XX', '-tttt'),
  tcpdump('-nn', '-xx', '-e'),
  tcpdump('-nn', '-S', '-vv', '-e', '-tt'),
  tcpdump(),
  usual(tshark('summary', '-n')),
  tshark('summary-a', '-n', '-t', 'a'),
  tshark('summary-ad', '-n', '-t', 'ad'),
  tshark('summary-adoy', '-n', '-t', 'adoy'),
  tshark('summary-d', '-n', '-t', 'd'),
  tshark('summary-e', '-n', '-t', 'e'),
  tshark('summary-u', '-n', '-t', 'u'),
  tshark('summary-ud', '-n', '-t', 'ud'),
  tshark('summary-raw', '-n', '-o', 'tcp.relative_sequence_numbers:FALSE'),
  tshark('summary-names', '-N', 't'),
  tshark('summary-x', '-n', '-P', '-x'),
  tshark('x', '-n', '-x'),
  tshark('csv', '-n', ...CSV_ARGUMENTS),
  usual(tshark('json', '-n', '-T', 'json')),
  tshark('json-x', '-n', '-T', 'json', '-x'),
  tshark('ek', '-n', '-T', 'ek'),
  tshark('pdml', '-n', '-T', 'pdml'),
  usual(tshark('V', '-n', '-V')),
  tshark('V-x', '-n', '-V', '-x'),
  tshark('fields', '-n', '-T', 'fields', '-E', 'header=y', ...FIELD_ARGUMENTS),
  tshark(
    'fields-comma',
    '-n',
    '-T',
    'fields',
    '-E',
    'header=y',
    '-E',
    'separator=,',
    '-E',
    'quote=d',
    ...FIELD_ARGUMENTS,
  ),
  tshark('checked', '-n', '-o', 'tcp.check_checksum:TRUE', '-T', 'json'),
];
