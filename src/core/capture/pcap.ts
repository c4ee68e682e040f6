import { readU16, readU32, u32be } from '../bytes/endian';
import { ReadError } from '../bytes/source';
import type { ByteWindow } from '../bytes/window';
import type { CaptureInterface } from '../model/capture';
import { message } from '../model/message';
import { BATCH_FRAMES, type FrameBatch } from './batch';
import type { CaptureFormat, CaptureSink } from './format';
import { cutHeader, MAX_CAPTURED_BYTES, MAX_WIRE_BYTES, NEAR_SECONDS, RecordReader, tooLong } from './records';

/**
 * libpcap files and their relatives (draft-ietf-opsawg-pcap; the relatives after what libpcap and Wireshark read).
 *
 * The relatives write the same four numbers before a frame and then bytes of their own, some of them without a magic
 * number of their own: only the chain of records tells them apart.
 */
interface Variant {
  readonly name: string;
  /** Bytes of the header of a record. */
  readonly recordHeaderBytes: number;
}

interface Magic {
  readonly magic: number;
  readonly nanosecond: boolean;
  readonly fileHeaderBytes: number;
  /** Most likely first. */
  readonly variants: readonly Variant[];
}

const FILE_HEADER_BYTES = 24;
const PLAIN: Variant = { name: 'pcap', recordHeaderBytes: 16 };
const IXIA: Variant = { name: 'Ixia pcap', recordHeaderBytes: 16 };

const MAGICS: readonly Magic[] = [
  {
    magic: 0xa1b2c3d4,
    nanosecond: false,
    fileHeaderBytes: FILE_HEADER_BYTES,
    variants: [
      PLAIN,
      { name: 'Red Hat 6.1 pcap', recordHeaderBytes: 24 },
      { name: 'Nokia pcap', recordHeaderBytes: 20 },
    ],
  },
  { magic: 0xa1b23c4d, nanosecond: true, fileHeaderBytes: FILE_HEADER_BYTES, variants: [PLAIN] },
  {
    magic: 0xa1b2cd34,
    nanosecond: false,
    fileHeaderBytes: FILE_HEADER_BYTES,
    variants: [
      { name: 'modified pcap', recordHeaderBytes: 24 },
      { name: 'SuSE 6.3 pcap', recordHeaderBytes: 28 },
    ],
  },
  // Ixia's captures, by its hardware and by its software: the size of all records follows the file header.
  { magic: 0x1c0001ac, nanosecond: false, fileHeaderBytes: FILE_HEADER_BYTES + 4, variants: [IXIA] },
  { magic: 0x1c0001ab, nanosecond: false, fileHeaderBytes: FILE_HEADER_BYTES + 4, variants: [IXIA] },
];

/** AIX writes pcap 2.2 with nanoseconds and RFC 1573's numbers for Ethernet, Token Ring and loopback. */
const AIX_LINK_TYPES = new Map([
  [6, 1],
  [9, 6],
  [24, 0],
]);

/** Order of the two lengths in a record's header. */
type LengthOrder = 'captured-first' | 'original-first' | 'smaller-is-captured';

/** Records that are looked at to tell one variant from another. */
const PROBE_RECORDS = 16;
const PROBE_BYTES = 1 << 16;
/** By so many more readable records a less likely variant wins: damage or a cut alone must not make one. */
const CLEARLY_MORE = 2;

const swap32 = (x: number): number => ((x >>> 24) | ((x >>> 8) & 0xff00) | ((x << 8) & 0xff0000) | (x << 24)) >>> 0;

function findMagic(head: Uint8Array): { magic: Magic; little: boolean } | null {
  if (head.length < 4) return null;
  const number = u32be(head, 0);
  for (const magic of MAGICS) {
    if (number === magic.magic) return { magic, little: false };
    if (number === swap32(magic.magic)) return { magic, little: true };
  }
  return null;
}

class PcapReader extends RecordReader {
  readonly interfaces: CaptureInterface[] = [];
  readonly description: string;
  private readonly little: boolean;
  private readonly nanosecond: boolean;
  private readonly headerBytes: number;
  private readonly lengthOrder: LengthOrder;
  /** Whole seconds of the last frame, `null` before the first. */
  private lastSecond: number | null = null;

  constructor(window: ByteWindow, sink: CaptureSink) {
    super(window, sink);
    const { bytes } = window;
    const { magic, little } = findMagic(bytes.subarray(0, window.load(0, 4)))!;
    const got = window.load(0, magic.fileHeaderBytes);
    this.little = little;
    const byteOrder = little ? 'little-endian' : 'big-endian';
    if (got < magic.fileHeaderBytes) {
      this.nanosecond = magic.nanosecond;
      this.lengthOrder = 'captured-first';
      this.headerBytes = magic.variants[0]!.recordHeaderBytes;
      this.description = `${magic.variants[0]!.name}, ${byteOrder}`;
      this.ended = true;
      sink.notice(cutHeader(got, magic.fileHeaderBytes));
      return;
    }
    const major = readU16(bytes, 4, little);
    const minor = readU16(bytes, 6, little);
    const link = readU32(bytes, 20, little);
    // Bit 26 says that the top four bits count the 16-bit words of the frame check sequence.
    const fcsBytes = link & 0x04000000 ? (link >>> 28) * 2 : 0;
    const aixLinkType = major === 2 && minor === 2 ? AIX_LINK_TYPES.get(link) : undefined;
    this.nanosecond = magic.nanosecond || aixLinkType !== undefined;
    this.interfaces.push({
      linkType: aixLinkType ?? link & 0xffff,
      fcsBytes,
      name: null,
      description: null,
      snapLength: readU32(bytes, 16, little),
      dropped: null,
    });
    this.position = magic.fileHeaderBytes;
    this.lengthOrder = lengthOrder(major, minor);
    const variant = this.chooseVariant(magic.variants);
    this.headerBytes = variant.recordHeaderBytes;
    const name = aixLinkType === undefined ? variant.name : 'AIX pcap';
    this.description = `${name} ${major}.${minor}, ${byteOrder}, ${this.nanosecond ? 'nanoseconds' : 'microseconds'}`;
    // 543.0 is DG/UX's.
    if (major !== 2 && !(major === 543 && minor === 0)) {
      sink.notice({
        code: 'unknown-version',
        severity: 'warning',
        message: message(
          'This is pcap of version {0}.{1}, which is not known: it is read as version 2.4.',
          major,
          minor,
        ),
        offset: 4,
        length: 4,
      });
    }
  }

  protected fill(batch: FrameBatch): number {
    const { bytes, base, filled } = this.window;
    const { little, headerBytes, lengthOrder } = this;
    const { at, position, captured, original, seconds, nanos } = batch;
    const nanosPerUnit = this.nanosecond ? 1 : 1000;
    const unitsPerSecond = this.nanosecond ? 1e9 : 1e6;
    let i = this.position - base;
    let wanted = headerBytes;
    let row = 0;
    if (i < 0) return wanted;
    for (; row < BATCH_FRAMES && i + headerBytes <= filled; row++) {
      let kept = readU32(bytes, i + 8, little);
      let wire = readU32(bytes, i + 12, little);
      if (lengthOrder !== 'captured-first' && (lengthOrder === 'original-first' || kept > wire)) {
        const first = kept;
        kept = wire;
        wire = first;
      }
      if (kept > MAX_CAPTURED_BYTES) {
        this.damage = tooLong(this.packets + row + 1, base + i, kept);
        break;
      }
      if (i + headerBytes + kept > filled) {
        wanted = headerBytes + kept;
        break;
      }
      let second = readU32(bytes, i, little);
      let fraction = readU32(bytes, i + 4, little);
      if (fraction >= unitsPerSecond) {
        second += Math.floor(fraction / unitsPerSecond);
        fraction %= unitsPerSecond;
      }
      i += headerBytes;
      at[row] = i;
      position[row] = base + i;
      captured[row] = kept;
      original[row] = wire;
      seconds[row] = second;
      nanos[row] = fraction * nanosPerUnit;
      batch.interface[row] = 0;
      i += kept;
    }
    if (row > 0) this.lastSecond = seconds[row - 1]!;
    batch.count = row;
    this.position = base + i;
    return wanted;
  }

  protected looksCut(i: number): boolean {
    return i + this.headerBytes > this.window.filled || this.candidate(i, -1) >= 0;
  }

  protected readonly candidatesInARow = 3;

  protected candidate(i: number, previous: number): number {
    const { bytes, filled } = this.window;
    const { little, lengthOrder } = this;
    if (i + this.headerBytes > filled) return -1;
    const a = readU32(bytes, i + 8, little);
    const b = readU32(bytes, i + 12, little);
    const kept = lengthOrder === 'captured-first' ? a : lengthOrder === 'original-first' ? b : Math.min(a, b);
    const wire = kept === a ? b : a;
    if (kept > MAX_CAPTURED_BYTES || kept > wire || wire > MAX_WIRE_BYTES || (kept === 0 && previous < 0)) return -1;
    if (readU32(bytes, i + 4, little) >= (this.nanosecond ? 1e9 : 1e6)) return -1;
    const near = previous < 0 ? this.lastSecond : readU32(bytes, previous, little);
    if (near !== null && Math.abs(readU32(bytes, i, little) - near) > NEAR_SECONDS) return -1;
    return this.headerBytes + kept;
  }

  private chooseVariant(variants: readonly Variant[]): Variant {
    const likely = variants[0]!;
    if (variants.length === 1) return likely;
    const available = peek(this.window, PROBE_BYTES);
    const score = this.chainLength(likely.recordHeaderBytes, available);
    for (const variant of variants) {
      const other = this.chainLength(variant.recordHeaderBytes, available);
      if (other >= score + CLEARLY_MORE) return variant;
    }
    return likely;
  }

  /** How many records in a row make sense with headers of that length; {@link PROBE_RECORDS} when the file ends with one of several. */
  private chainLength(headerBytes: number, available: number): number {
    const { bytes } = this.window;
    const { little } = this;
    let i = this.position;
    let records = 0;
    let near = readU32(bytes, i, little);
    while (records < PROBE_RECORDS && i + headerBytes <= available) {
      const a = readU32(bytes, i + 8, little);
      const b = readU32(bytes, i + 12, little);
      const kept = this.lengthOrder === 'captured-first' ? a : Math.min(a, b);
      const second = readU32(bytes, i, little);
      if (kept > MAX_CAPTURED_BYTES || readU32(bytes, i + 4, little) >= 1e9 || Math.abs(second - near) > NEAR_SECONDS)
        break;
      near = second;
      records++;
      i += headerBytes + kept;
      if (records > 1 && i === available && available < PROBE_BYTES) return PROBE_RECORDS;
    }
    return records;
  }
}

/** Bytes that the file begins with, up to `length`; damage that comes after the first is left for later to meet. */
function peek(window: ByteWindow, length: number): number {
  try {
    return window.load(0, length);
  } catch (error) {
    if (error instanceof ReadError) return window.filled;
    throw error;
  }
}

/** Before 2.3 the original length came first; 2.3 was written both ways; so does DG/UX, which calls its version 543.0. */
function lengthOrder(major: number, minor: number): LengthOrder {
  if (major === 543 && minor === 0) return 'original-first';
  if (major !== 2 || minor > 3) return 'captured-first';
  return minor === 3 ? 'smaller-is-captured' : 'original-first';
}

export const pcap: CaptureFormat = {
  id: 'pcap',
  name: 'pcap',
  sniff: (head) => findMagic(head) !== null,
  open: (window, sink) => new PcapReader(window, sink),
};
