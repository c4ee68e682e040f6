import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ReferenceSegment } from './reference';

/** Two passes, checksums checked, no preferences of whoever runs it. */
const OPTIONS = ['-2', '-n', '-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE', '-Y', 'tcp'];

const NOTES = [
  'retransmission',
  'fast_retransmission',
  'spurious_retransmission',
  'out_of_order',
  'reused_ports',
  'lost_segment',
  'ack_lost_segment',
  'window_update',
  'window_full',
  'keep_alive',
  'keep_alive_ack',
  'zero_window_probe',
  'zero_window',
  'zero_window_probe_ack',
  'duplicate_ack',
];

const FIELDS = [
  'frame.number',
  'frame.time_epoch',
  'ip.src',
  'ip.dst',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.stream',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.seq',
  'tcp.ack',
  'tcp.len',
  'tcp.flags',
  'tcp.window_size_value',
  'tcp.window_size',
  'tcp.window_size_scalefactor',
  'tcp.analysis.duplicate_ack_num',
  'tcp.analysis.duplicate_ack_frame',
  'tcp.analysis.acks_frame',
  'tcp.analysis.ack_rtt',
  'tcp.analysis.initial_rtt',
  'tcp.analysis.bytes_in_flight',
  'tcp.analysis.rto',
  'tcp.checksum.status',
  'tcp.completeness',
  'tcp.options',
  ...NOTES.map((note) => `tcp.analysis.${note}`),
] as const;

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'AE'];
const CHECKSUM_STATUS = ['bad', 'good', 'unverified', 'not_present', 'illegal'];

/** Version of the tshark that is installed, `null` where none is. */
export function tsharkVersion(): string | null {
  const { status, stdout } = spawnSync('tshark', ['--version'], { encoding: 'utf8' });
  return status === 0 ? (/\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? null) : null;
}

/** What tshark says about a capture whose packets hold one TCP segment over IPv4 each. */
export function askTshark(capture: Uint8Array): ReferenceSegment[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'tshark-'));
  try {
    const file = path.join(folder, 'capture.pcap');
    writeFileSync(file, capture);
    const { status, stdout, stderr } = spawnSync(
      'tshark',
      [...OPTIONS, '-r', file, '-T', 'fields', ...FIELDS.flatMap((field) => ['-e', field])],
      {
        encoding: 'utf8',
        maxBuffer: 1 << 30,
        env: { ...process.env, WIRESHARK_CONFIG_DIR: folder, HOME: folder, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      },
    );
    if (status !== 0) throw new Error(`tshark: ${stderr}`);
    return stdout.split('\n').filter(Boolean).map(segmentOf);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function segmentOf(line: string): ReferenceSegment {
  const values = line.split('\t');
  const field = (name: (typeof FIELDS)[number]): string => values[FIELDS.indexOf(name)] ?? '';
  const orNull = (name: (typeof FIELDS)[number]): string | null => field(name) || null;
  const number = (name: (typeof FIELDS)[number]): number | null => (field(name) === '' ? null : Number(field(name)));
  const flags = number('tcp.flags') ?? 0;
  return {
    frame: Number(field('frame.number')),
    ctx: null,
    time: field('frame.time_epoch'),
    stream: number('tcp.stream'),
    src: field('ip.src'),
    dst: field('ip.dst'),
    sport: Number(field('tcp.srcport')),
    dport: Number(field('tcp.dstport')),
    seq_raw: number('tcp.seq_raw'),
    ack_raw: number('tcp.ack_raw'),
    seq: number('tcp.seq'),
    ack: number('tcp.ack'),
    len: number('tcp.len'),
    flags: FLAGS.filter((_, bit) => flags & (1 << bit)).join(','),
    win_raw: number('tcp.window_size_value'),
    win: number('tcp.window_size'),
    win_scale: number('tcp.window_size_scalefactor'),
    analysis: NOTES.filter((note) => field(`tcp.analysis.${note}`) !== ''),
    dup_ack_num: number('tcp.analysis.duplicate_ack_num'),
    dup_ack_frame: number('tcp.analysis.duplicate_ack_frame'),
    acks_frame: number('tcp.analysis.acks_frame'),
    ack_rtt: orNull('tcp.analysis.ack_rtt'),
    initial_rtt: orNull('tcp.analysis.initial_rtt'),
    bytes_in_flight: number('tcp.analysis.bytes_in_flight'),
    rto: orNull('tcp.analysis.rto'),
    checksum_status: CHECKSUM_STATUS[number('tcp.checksum.status') ?? 2] ?? null,
    completeness: number('tcp.completeness'),
    options: [],
    options_raw: orNull('tcp.options'),
  };
}
