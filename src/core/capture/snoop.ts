import { u32be } from '../bytes/endian';
import type { ByteWindow } from '../bytes/window';
import { BARE_IPOIB, UNKNOWN_LINK_TYPE, type CaptureInterface } from '../model/capture';
import { message } from '../model/message';
import { BATCH_FRAMES, type FrameBatch } from './batch';
import type { CaptureFormat, CaptureSink } from './format';
import { cutHeader, MAX_CAPTURED_BYTES, MAX_WIRE_BYTES, NEAR_SECONDS, RecordReader, tooLong } from './records';

/** "snoop" and three zeros. */
const MAGIC = [0x73, 0x6e, 0x6f, 0x6f, 0x70, 0, 0, 0];
const FILE_HEADER_BYTES = 16;
const RECORD_HEADER_BYTES = 24;
/** RFC 1761 is version 2; those up to 5 say no less and no more. */
const OLDEST_VERSION = 2;
const NEWEST_VERSION = 5;
/** Padding that a record found after damage may have. */
const LIKELY_PADDING_BYTES = 64;

/** Datalink types (RFC 1761, and those that Solaris added, its own with the highest bit) as LINKTYPE_ numbers. */
const LINK_TYPES = new Map([
  [0, 1], // IEEE 802.3
  [2, 6], // IEEE 802.5 Token Ring
  [4, 1], // Ethernet
  [8, 10], // FDDI
  [9, 0], // "other", and
  [14, 0], // loopback: an address family and the packet
  [16, 122], // Fibre Channel
  [18, 123], // ATM
  [26, BARE_IPOIB],
  [0x8000_0005, 226], // ipnet
]);

/**
 * Those of Shomiti's (later: Finisar's) Surveyor, which took numbers that Solaris has given to others. Its records are
 * told as Wireshark does: the first has padding enough for what the program adds.
 */
const SURVEYOR_LINK_TYPES = new Map([
  [0, 1],
  [2, 6],
  [4, 1],
  [8, 10],
  [10, 1], // Fast Ethernet
  [11, 6], // Token Ring, 4 Mbit/s
  [12, 1], // Gigabit Ethernet
  [13, 6],
  [14, 6],
  [18, 105], // IEEE 802.11 behind a header of its own
  [19, 1], // 10 Gigabit Ethernet
]);
const SURVEYOR_TRAILER_BYTES = 16;
const SURVEYOR_FCS_BYTES = 4;
const ETHERNET = 1;
const SURVEYOR_WIRELESS = 18;
/** Length of the header of wireless frames: its fourth byte tells how many follow that. */
const radioBytes = (bytes: Uint8Array, i: number): number => bytes[i + 3]! + 4;

/** snoop (RFC 1761), the format of Solaris: big-endian, microseconds, records padded to a length that they give. */
class SnoopReader extends RecordReader {
  readonly interfaces: CaptureInterface[] = [];
  readonly description: string;
  /** Frames begin with the radio header of Surveyor's. */
  private readonly isWireless: boolean = false;
  private lastSecond: number | null = null;

  constructor(window: ByteWindow, sink: CaptureSink) {
    super(window, sink);
    const got = window.load(0, FILE_HEADER_BYTES);
    if (got < FILE_HEADER_BYTES) {
      this.description = 'snoop';
      this.ended = true;
      sink.notice(cutHeader(got, FILE_HEADER_BYTES));
      return;
    }
    const version = u32be(window.bytes, 8);
    const datalink = u32be(window.bytes, 12);
    const isSurveyor = hasSurveyorTrailer(window);
    const linkType = (isSurveyor ? SURVEYOR_LINK_TYPES : LINK_TYPES).get(datalink) ?? UNKNOWN_LINK_TYPE;
    this.isWireless = isSurveyor && datalink === SURVEYOR_WIRELESS;
    this.description = isSurveyor ? `snoop ${version} (Surveyor)` : `snoop ${version}`;
    this.interfaces.push({
      linkType,
      fcsBytes: isSurveyor && (linkType === ETHERNET || this.isWireless) ? SURVEYOR_FCS_BYTES : 0,
      name: null,
      description: null,
      snapLength: 0,
      dropped: null,
    });
    this.position = FILE_HEADER_BYTES;
    if (version < OLDEST_VERSION || version > NEWEST_VERSION) {
      sink.notice({
        code: 'unknown-version',
        severity: 'warning',
        message: message('This is snoop of version {0}, which is not known: it is read as version 2.', version),
        offset: 8,
        length: 4,
      });
    }
  }

  protected fill(batch: FrameBatch): number {
    const { bytes, base, filled } = this.window;
    const { at, position, captured, original, seconds, nanos } = batch;
    let i = this.position - base;
    let wanted = RECORD_HEADER_BYTES;
    if (i < 0) return wanted;
    let row = 0;
    for (; row < BATCH_FRAMES && i + RECORD_HEADER_BYTES <= filled; row++) {
      const kept = u32be(bytes, i + 4);
      const length = u32be(bytes, i + 8);
      if (kept > MAX_CAPTURED_BYTES) {
        this.damage = tooLong(this.packets + row + 1, base + i, kept);
        break;
      }
      if (length < RECORD_HEADER_BYTES + kept || length > bytes.length) {
        this.damage = message('The record at byte {0} has an impossible length, {1} bytes.', base + i, length);
        break;
      }
      if (i + length > filled) {
        wanted = length;
        break;
      }
      const skipped = this.isWireless && kept > 3 ? Math.min(kept, radioBytes(bytes, i + RECORD_HEADER_BYTES)) : 0;
      const data = i + RECORD_HEADER_BYTES + skipped;
      const micros = u32be(bytes, i + 20);
      const carry = Math.floor(micros / 1e6);
      at[row] = data;
      position[row] = base + data;
      captured[row] = kept - skipped;
      original[row] = Math.max(0, u32be(bytes, i) - skipped);
      seconds[row] = u32be(bytes, i + 16) + carry;
      nanos[row] = (micros - carry * 1e6) * 1000;
      batch.interface[row] = 0;
      // Counted since the capture began.
      this.interfaces[0]!.dropped = u32be(bytes, i + 12);
      i += length;
    }
    if (row > 0) this.lastSecond = seconds[row - 1]!;
    batch.count = row;
    this.position = base + i;
    return wanted;
  }

  protected looksCut(i: number): boolean {
    return i + RECORD_HEADER_BYTES > this.window.filled || this.candidate(i, -1) >= 0;
  }

  protected readonly candidatesInARow = 3;

  protected candidate(i: number, previous: number): number {
    const { bytes, filled } = this.window;
    if (i + RECORD_HEADER_BYTES > filled) return -1;
    const wire = u32be(bytes, i);
    const kept = u32be(bytes, i + 4);
    const length = u32be(bytes, i + 8);
    const padding = length - kept - RECORD_HEADER_BYTES;
    if (kept > MAX_CAPTURED_BYTES || kept > wire || wire > MAX_WIRE_BYTES || (kept === 0 && previous < 0)) return -1;
    if (padding < 0 || padding > LIKELY_PADDING_BYTES || u32be(bytes, i + 20) >= 1e6) return -1;
    const near = previous < 0 ? this.lastSecond : u32be(bytes, previous + 16);
    if (near !== null && Math.abs(u32be(bytes, i + 16) - near) > NEAR_SECONDS) return -1;
    return length;
  }
}

/** Whether the first record has room for what Surveyor puts behind a packet. */
function hasSurveyorTrailer(window: ByteWindow): boolean {
  const first = FILE_HEADER_BYTES;
  if (window.load(first, RECORD_HEADER_BYTES) < RECORD_HEADER_BYTES) return false;
  const i = window.at(first);
  const padding = u32be(window.bytes, i + 8) - RECORD_HEADER_BYTES - u32be(window.bytes, i + 4);
  return padding >= SURVEYOR_TRAILER_BYTES;
}

export const snoop: CaptureFormat = {
  id: 'snoop',
  name: 'snoop',
  sniff: (head) => head.length >= MAGIC.length && MAGIC.every((byte, i) => head[i] === byte),
  open: (window, sink) => new SnoopReader(window, sink),
};
