import { gzip } from './compression/gzip';
import { lz4 } from './compression/lz4';
import { zstd } from './compression/zstd';
import type { CaptureFormat, Compression } from './format';
import { netmon } from './netmon';
import { pcap } from './pcap';
import { pcapng } from './pcapng';
import { snoop } from './snoop';

/** Every capture format that can be read. Each knows its own files by their first bytes; the order does not matter. */
export const CAPTURE_FORMATS: readonly CaptureFormat[] = [pcap, pcapng, snoop, netmon];

/** Every compression that may be around one. */
export const COMPRESSIONS: readonly Compression[] = [gzip, zstd, lz4];
