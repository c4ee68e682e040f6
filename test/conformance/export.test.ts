import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Anonymiser } from '../../src/core/export/anonymise';
import type { PacketsOptions } from '../../src/core/export/connection';
import { joined } from '../../src/core/bytes/joined';
import { readTrace, sampleFile } from '../support/traces';
import { corpusFiles, ownFiles } from './corpus';
import { tsharkVersion } from './tshark';

/** What must be the same in an export, whatever is done to addresses and payload. */
const SEGMENT = [
  'frame.time_epoch',
  'frame.len',
  'frame.encap_type',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.len',
  'tcp.flags',
  'tcp.window_size_value',
  'tcp.options',
  'tcp.analysis.retransmission',
  'tcp.analysis.fast_retransmission',
  'tcp.analysis.out_of_order',
  'tcp.analysis.duplicate_ack_num',
  'tcp.analysis.zero_window',
];
const CHECKSUMS = ['ip.checksum.status', 'tcp.checksum.status'];
const ADDRESSES = ['eth.src', 'eth.dst', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst'];
/** Everything that was captured. */
const BYTES = ['frame.cap_len', 'tcp.payload', 'frame.comment'];

const CHECKED = [
  '-o',
  'tcp.check_checksum:TRUE',
  '-o',
  'ip.check_checksum:TRUE',
  '-o',
  'tcp.desegment_tcp_streams:FALSE',
];

function tshark(file: string, filter: string, fields: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync(
    'tshark',
    ['-2', '-n', ...CHECKED, '-r', file, '-Y', filter, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])],
    { encoding: 'utf8', maxBuffer: 1 << 30, env: { ...process.env, WIRESHARK_CONFIG_DIR: '/nonexistent', TZ: 'UTC' } },
  );
  assert.equal(status, 0, stderr);
  return stdout.split('\n').slice(0, -1);
}

const wanted = new Set([
  'blitz+tcptrace__input_urgent.dmp.gz',
  'NetworkSniffingTechniecs+packetlife-backup__pcaps_TCP_SACK.cap',
  'ng-all-sorts-of-blocks.pcapng',
  'pcap-snap60.pcap',
]);
const FILES = [
  ...['fast-retransmit.pcap', 'zero-window.pcap', 'http-ipv6.pcap', 'start-here.pcapng', 'ftp-textbook.pcap'].map(
    sampleFile,
  ),
  ...[...ownFiles(), ...corpusFiles()].filter(({ name }) => wanted.has(name)).map(({ capture }) => capture),
];

if (tsharkVersion() === null) console.log('\n  tshark is not installed: exported packets were NOT compared.\n');
else
  describe('an exported connection', () => {
    let folder: string;
    before(() => (folder = mkdtempSync(path.join(tmpdir(), 'export-'))));
    after(() => rmSync(folder, { recursive: true }));

    function exported(file: string, options: PacketsOptions): string {
      const trace = readTrace(file);
      const { segments } = trace.connections(0, 1)[0]!;
      const pieces: Uint8Array[] = [];
      // In pieces that are no whole pages of anything.
      for (let start = 0; start < segments; start += 7) pieces.push(trace.exportPackets(0, start, start + 7, options)!);
      const out = path.join(folder, `${path.basename(file)}.${pieces.length}.pcapng`);
      writeFileSync(out, joined(pieces));
      return out;
    }

    for (const file of FILES)
      describe(path.basename(file), function () {
        this.timeout(30_000);
        const original = 'tcp.stream == 0';

        it('is the packets as they were', () => {
          const out = exported(file, { anonymiser: null, payload: true });
          const fields = [...SEGMENT, ...CHECKSUMS, ...ADDRESSES, ...BYTES];
          const packets = tshark(file, original, fields);
          assert.ok(packets.length > 0);
          assert.deepEqual(tshark(out, 'frame', fields), packets);
        });

        it('has other addresses and the same verdicts on its checksums when anonymised', () => {
          const out = exported(file, { anonymiser: new Anonymiser([11, 22]), payload: true });
          const fields = [...SEGMENT, ...CHECKSUMS, 'frame.cap_len', 'tcp.payload'];
          assert.deepEqual(tshark(out, 'frame', fields), tshark(file, original, fields));
          const addresses = (from: string, filter: string): Set<string> =>
            new Set(tshark(from, filter, ADDRESSES).flatMap((line) => line.split('\t').filter(Boolean)));
          const before = addresses(file, original);
          const kept = [...addresses(out, 'frame')].filter(
            (address) => before.has(address) && !/^(127\.|::1$|ff:ff:ff:ff:ff:ff|00:00:00:00:00:00)/.test(address),
          );
          assert.deepEqual(kept, []);
        });

        it('has the same segments without their payload', () => {
          const out = exported(file, { anonymiser: new Anonymiser([11, 22]), payload: false });
          // How checksums were cannot be told any more, but by those that carry nothing.
          assert.deepEqual(tshark(out, 'frame', SEGMENT), tshark(file, original, SEGMENT));
          assert.deepEqual(
            tshark(out, 'frame', ['tcp.payload', 'frame.comment']).filter((line) => line.trim() !== ''),
            [],
          );
        });
      });
  });
