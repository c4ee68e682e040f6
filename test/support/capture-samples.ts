import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  BIG,
  block,
  bytes,
  END_OF_OPTIONS,
  enhancedPacket,
  interfaceBlock,
  LITTLE,
  MICROSECONDS,
  MODIFIED,
  NANOSECONDS,
  netmonFile,
  netmonRecord1,
  netmonRecord2,
  netmonTrailer,
  obsoletePacket,
  option,
  pattern,
  pcapHeader,
  pcapRecord,
  type PcapOptions,
  section,
  simplePacket,
  snoopHeader,
  snoopRecord,
} from './capture-builders';

/** A small whole capture of each kind. */
export interface CaptureSample {
  /** Id of the format, or of the compression around it. */
  readonly id: string;
  readonly name: string;
  readonly content: Uint8Array;
  readonly frames: number;
  /** Bytes that it takes to tell the variant, where only the chain of records does. */
  readonly toldFrom?: number;
}

function smallPcap(options: PcapOptions & { readonly extra?: number; readonly afterHeader?: number } = {}): Uint8Array {
  const { little = true, extra = 0 } = options;
  return bytes(
    pcapHeader(options),
    new Uint8Array(options.afterHeader ?? 0),
    ...[60, 61, 0, 74].map((length, i) =>
      pcapRecord(pattern(length, i), { little, extra, seconds: 1_700_000_000 + i, fraction: 7 * i }),
    ),
  );
}

/** Length of a small pcap up to its third record's header. */
const threeRecords = (extra: number): number => 24 + 3 * (16 + extra) + 60 + 61;

/** Every kind of block, two sections in different byte orders, interfaces with every option. */
export function richPcapng(): Uint8Array {
  const parts = [true, false].map((little) => {
    const { u32, u64 } = little ? LITTLE : BIG;
    const one = (code: number, value: Uint8Array | string): Uint8Array => option(code, value, little);
    return bytes(
      section({ little, options: bytes(one(1, 'two sections'), one(4, 'builder'), END_OF_OPTIONS) }),
      interfaceBlock({ little, snapLength: 96, options: bytes(one(2, 'eth0'), one(3, 'left'), END_OF_OPTIONS) }),
      interfaceBlock({
        little,
        linkType: 101,
        options: bytes(one(9, new Uint8Array([9])), one(14, u64(-3600)), one(13, new Uint8Array([4])), END_OF_OPTIONS),
      }),
      block(4, bytes(namesRecord(1, [192, 0, 2, 1], 'alpha\0beta\0', little), END_OF_OPTIONS), little),
      enhancedPacket(pattern(60), { little }),
      enhancedPacket(pattern(61, 1), {
        little,
        interface: 1,
        time: 1_700_000_000_123_456_789n,
        options: bytes(one(1, 'first comment'), one(1, 'second'), one(2, u32(2 << 5)), one(4, u64(5)), END_OF_OPTIONS),
      }),
      simplePacket(pattern(62, 2), { little }),
      obsoletePacket(pattern(63, 3), { little, lost: 2 }),
      block(5, bytes(u32(0), u32(0), u32(0), one(5, u64(11)), one(7, u64(4)), END_OF_OPTIONS), little),
      block(0x0a, bytes(u32(0x544c534b), u32(4), 'keys'), little),
      block(0xbad, bytes(u32(32473), 'custom'), little),
      block(0x7fff_0001, new Uint8Array(20), little),
      enhancedPacket(pattern(64, 4), { little }),
    );
  });
  return bytes(...parts);
}

export function namesRecord(type: number, address: readonly number[], names: string, little = true): Uint8Array {
  return option(type, bytes(address, names), little);
}

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(path.join(__dirname, '../fixtures/capture', name)));

const gzipped = (...members: readonly Uint8Array[]): Uint8Array => bytes(...members.map((member) => gzipSync(member)));

const records = [pattern(60), pattern(50, 1), pattern(70, 2)];
const fileTime = (unixSeconds: bigint): bigint => (unixSeconds + 11_644_473_600n) * 10_000_000n;

/** The capture inside the compressed fixtures: compressible, and longer than one read of a decoder. */
export function repetitivePcap(): Uint8Array {
  const frames = Array.from({ length: 600 }, (_, i) =>
    pcapRecord(bytes(pattern(54, i), 'GET /index.html HTTP/1.1\r\nHost: example.com\r\n'.repeat(1 + (i % 9))), {
      seconds: 1_700_000_000,
      fraction: 1000 * i,
    }),
  );
  return bytes(pcapHeader(), ...frames);
}

export const CAPTURE_SAMPLES: readonly CaptureSample[] = [
  { id: 'pcap', name: 'pcap', content: smallPcap({ magic: MICROSECONDS }), frames: 4 },
  { id: 'pcap', name: 'pcap, big-endian', content: smallPcap({ little: false }), frames: 4 },
  { id: 'pcap', name: 'pcap, nanoseconds', content: smallPcap({ magic: NANOSECONDS }), frames: 4 },
  {
    id: 'pcap',
    name: 'pcap, nanoseconds, big-endian',
    content: smallPcap({ magic: NANOSECONDS, little: false }),
    frames: 4,
  },
  { id: 'pcap', name: 'modified pcap', content: smallPcap({ magic: MODIFIED, extra: 8 }), frames: 4 },
  {
    id: 'pcap',
    name: 'SuSE 6.3 pcap',
    content: smallPcap({ magic: MODIFIED, extra: 12 }),
    frames: 4,
    toldFrom: threeRecords(12),
  },
  { id: 'pcap', name: 'Red Hat 6.1 pcap', content: smallPcap({ extra: 8 }), frames: 4, toldFrom: threeRecords(8) },
  { id: 'pcap', name: 'Nokia pcap', content: smallPcap({ extra: 4 }), frames: 4, toldFrom: threeRecords(4) },
  { id: 'pcap', name: 'Ixia pcap', content: smallPcap({ magic: 0x1c0001ac, afterHeader: 4 }), frames: 4 },
  { id: 'pcapng', name: 'pcapng', content: richPcapng(), frames: 12 },
  {
    id: 'snoop',
    name: 'snoop',
    content: bytes(snoopHeader(), ...records.map((data, i) => snoopRecord(data, { micros: i, lost: i }))),
    frames: 3,
  },
  {
    id: 'netmon',
    name: 'Network Monitor 1.1',
    content: netmonFile(
      records.map((data, i) => netmonRecord1(data, i)),
      { version: [1, 1] },
    ),
    frames: 3,
  },
  {
    id: 'netmon',
    name: 'Network Monitor 2.3',
    content: netmonFile(
      records.map((data, i) => netmonRecord2(data, i, netmonTrailer(1, fileTime(1_700_000_000n)))),
      { version: [2, 3] },
    ),
    frames: 3,
  },
  {
    id: 'gzip',
    name: 'pcap in two gzip members',
    content: gzipped(smallPcap().subarray(0, 100), smallPcap().subarray(100)),
    frames: 4,
  },
  { id: 'zstd', name: 'pcap in zstd', content: fixture('repetitive.pcap.zst'), frames: 600 },
  { id: 'zstd', name: 'pcap in zstd frames of every kind', content: fixture('kinds-of-blocks.pcap.zst'), frames: 152 },
  { id: 'lz4', name: 'pcap in LZ4', content: fixture('repetitive.pcap.lz4'), frames: 600 },
];
