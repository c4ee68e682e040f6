import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inProject } from '../support/command';
import { CORPUS } from './corpus';

/** Packets that a filter finds, as they are stored: `1-5,8`. */
export function rangesText(packets: readonly number[]): string {
  const ranges: string[] = [];
  for (let i = 0; i < packets.length;) {
    let end = i;
    while (packets[end + 1] === packets[end]! + 1) end++;
    ranges.push(end === i ? `${packets[i]}` : `${packets[i]}-${packets[end]}`);
    i = end + 1;
  }
  return ranges.join(',');
}

/** What `tshark -Y` finds in a capture: two passes, no preferences of whoever runs it. */
export function packetsByTshark(capture: string, filter: string): number[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'tshark-'));
  try {
    const { status, stdout, stderr } = spawnSync(
      'tshark',
      ['-2', '-n', '-r', capture, '-Y', filter, '-T', 'fields', '-e', 'frame.number'],
      {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        env: { ...process.env, WIRESHARK_CONFIG_DIR: folder, HOME: folder, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      },
    );
    // 2: the capture is cut short; what could be read was.
    if (status !== 0 && status !== 2) throw new Error(`tshark: ${filter}: ${stderr}`);
    return stdout.split('\n').filter(Boolean).map(Number);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is stored of a capture: packets by filter, as {@link rangesText}. */
export interface FilterReference {
  readonly tshark: string;
  /** ICMP errors that quote a TCP header: its fields are found there, too. */
  readonly quoted: string;
  readonly packets: Readonly<Record<string, string>>;
}

/** Captures that filters are run on: our own, and some of the corpus where that is found. */
export const FILTERED_CAPTURES: readonly { readonly name: string; readonly capture: string; readonly own: boolean }[] =
  [
    ...['ftp-textbook.pcap', 'fast-retransmit.pcap', 'zero-window.pcap', 'http-ipv6.pcap', 'keep-alive.pcap'].map(
      (name) => ({ name, capture: inProject('media/samples', name), own: true }),
    ),
    { name: 'short-stories.pcap.gz', capture: inProject('test/fixtures/tshark/short-stories.pcap.gz'), own: true },
    ...[
      'captures/arkime+arkime__tests_pcap_wireshark-retrans.pcap',
      'captures/blitz+tcptrace__input_all.snoop.gz',
      'captures/ntop+nDPI__tests_cfgs_default_pcap_ocs.pcap',
      'captures/zeek+zeek__testing_btest_Traces_pppoe-over-qinq.pcap',
      'captures/zeek+zeek__testing_btest_Traces_llc.pcap',
      'captures/OISF+suricata-verify__tests_ipv6-evasion_ipv6-kill-router-gateway_kill_router6.pcap',
      'captures/epiecs+packetlife-backup__pcaps_TCP_SACK.cap',
      'captures/utilsec+Packet_Captures__nmap_os_guess.pcapng',
      'captures/AlexeyVasilev+PcapFlowLab__examples_showcase_pcap_flow_lab_showcase.pcap',
      'derived/lt1-vxlan.pcap',
      'derived/ng-all-sorts-of-blocks.pcapng',
      'derived/ng-two-if-us-ns.pcapng',
    ].map((file) => ({ name: path.basename(file), capture: path.join(CORPUS, file), own: false })),
  ];

export const filterReferenceFile = (name: string): string => inProject('test/fixtures/filters', `${name}.json`);

/** The packets of a {@link rangesText}. */
export const packetsOf = (text: string): number[] =>
  text
    .split(',')
    .filter(Boolean)
    .flatMap((range) => {
      const [first, last = first] = range.split('-').map(Number) as [number, number?];
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
