import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inProject } from '../support/command';
import { CORPUS } from './corpus';

/** Captures with retransmissions, reordering, gaps, conflicting bytes, IPv6; of each at most this many connections. */
export const FOLLOWED_CONNECTIONS = 6;
export const FOLLOWED_CAPTURES: readonly string[] = [
  ...[
    'ftp-textbook.pcap',
    'fast-retransmit.pcap',
    'zero-window.pcap',
    'http-ipv6.pcap',
    'out-of-order.pcap',
    'keep-alive.pcap',
    'retransmission-timeout.pcap',
    'hijack-injection.pcap',
    'start-here.pcapng',
  ].map((name) => inProject('media/samples', name)),
  ...[
    'chrissanders+packets__tcp_retransmissions.pcapng',
    'arkime+arkime__tests_pcap_wireshark-retrans.pcap',
    'zeek+zeek__testing_btest_Traces_ldap_gap-data-missing.pcapng',
    'epiecs+packetlife-backup__pcaps_TCP_SACK.cap',
    'ntop+nDPI__tests_cfgs_default_pcap_ocsp.pcapng',
  ].map((name) => path.join(CORPUS, 'captures', name)),
];
export const STREAMS_FILE = inProject('test/fixtures/streams.json');

/** Length and digest. */
export const digest = (bytes: Buffer): string => `${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`;

/** What each end of a connection sent, as tshark puts it together. */
export interface Followed {
  readonly client: Buffer;
  readonly server: Buffer;
}

/**
 * `tshark -z follow,tcp,raw,N`. Its first node is the one that spoke first in the capture, which need not be the client
 * where the capture begins in the middle; `client` is "address:port" as tshark writes it.
 */
export function follow(capture: string, connection: number, client: string): Followed {
  const folder = mkdtempSync(path.join(tmpdir(), 'tshark-'));
  try {
    const { status, stdout, stderr } = spawnSync(
      'tshark',
      ['-n', '-q', '-r', capture, '-z', `follow,tcp,raw,${connection}`],
      {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        env: { ...process.env, WIRESHARK_CONFIG_DIR: folder, HOME: folder, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      },
    );
    if (status !== 0 && status !== 2) throw new Error(`tshark: ${stderr}`);
    const lines = stdout.split('\n');
    const node = lines.find((line) => line.startsWith('Node 0: '))?.slice('Node 0: '.length);
    const hex: [string[], string[]] = [[], []];
    for (const line of lines) if (/^\t?[0-9a-f]+$/.test(line)) hex[line.startsWith('\t') ? 1 : 0].push(line.trim());
    const [zero, one] = hex.map((parts) => Buffer.from(parts.join(''), 'hex')) as [Buffer, Buffer];
    return node === client ? { client: zero, server: one } : { client: one, server: zero };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
