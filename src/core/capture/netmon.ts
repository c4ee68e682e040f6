import { u16le, u32be, u32le } from '../bytes/endian';
import { ByteWindow } from '../bytes/window';
import { NETMON_ATM, NOT_A_PACKET, UNKNOWN_LINK_TYPE, type CaptureInterface } from '../model/capture';
import { message } from '../model/message';
import { BATCH_FRAMES, type FrameBatch } from './batch';
import type { CaptureFormat, CaptureSink, FrameReader } from './format';
import { cutHeader, MAX_CAPTURED_BYTES, tooLong } from './records';
import { timestampReader } from './timestamps';

const MAGIC_1 = 0x52545353; // "RTSS"
const MAGIC_2 = 0x474d4255; // "GMBU"
const FILE_HEADER_BYTES = 128;
const TABLE_ENTRY_BYTES = 4;
const TABLE_WINDOW_BYTES = 1 << 16;

/** Media types as LINKTYPE_ numbers. */
const LINK_TYPES = new Map([
  [0, 1],
  [1, 1], // Ethernet
  [2, 6], // Token Ring
  [3, 10], // FDDI
  [4, NETMON_ATM],
  [6, 105], // 802.11 behind a header of Network Monitor's own
  [7, 101], // tunnels,
  [8, 101], // wireless WAN,
  [9, 101], // and raw IP
]);
const WIRELESS = 6;
/** Above this a media type is a LINKTYPE_ number and so much more. */
const LINK_TYPE_BASE = 0xe000;
/** Events, filters and network names, which Wireshark numbers like packets… */
const NUMBERED = new Set([0xffe0, 0xfffb, 0xffff]);
/** …and what it does not. */
const NOT_NUMBERED = new Set([0xfffc, 0xfffd, 0xfffe]);

/** FILETIME: tenths of a microsecond since 1601. */
const storeFileTime = timestampReader(7, -11_644_473_600);

/**
 * Microsoft Network Monitor 1.x and 2.x (capture file format, Network Monitor 3.4 help): frames stand anywhere, a table
 * at the end of the file lists where. There is no public specification of all of it; Wireshark settles the rest.
 */
class NetmonReader implements FrameReader {
  readonly interfaces: CaptureInterface[] = [];
  readonly description: string;
  position = 0;
  private readonly version: number;
  private readonly network: number = 0;
  private readonly recordHeaderBytes: number;
  private readonly trailerBytes: number;
  /** Milliseconds since 1970. */
  private readonly startMs: number = 0;
  private readonly tableAt: number = 0;
  private readonly tableEntries: number = 0;
  private readonly table: ByteWindow;
  /** `null` until it is known; `false` where it was cut off and frames are read one after another. */
  private hasTable: boolean | null = null;
  private entry = 0;
  private packets = 0;
  private ended = false;
  private readonly indexes = new Map<number, number>();

  constructor(
    private readonly window: ByteWindow,
    private readonly sink: CaptureSink,
  ) {
    this.table = new ByteWindow(window.source, TABLE_WINDOW_BYTES);
    const got = window.load(0, FILE_HEADER_BYTES);
    const { bytes } = window;
    const minor = bytes[4]!;
    const major = bytes[5]!;
    this.version = major * 256 + minor;
    this.description = `Network Monitor ${major}.${minor}`;
    this.recordHeaderBytes = major === 1 ? 8 : 16;
    this.trailerBytes = this.version < 0x201 ? 0 : this.version === 0x201 ? 2 : this.version === 0x202 ? 6 : 15;
    if (got < FILE_HEADER_BYTES) {
      this.ended = true;
      sink.notice(cutHeader(got, FILE_HEADER_BYTES));
      return;
    }
    this.network = u16le(bytes, 6);
    this.startMs = localTime(bytes, 8);
    this.tableAt = u32le(bytes, 24);
    this.tableEntries = Math.floor(u32le(bytes, 28) / TABLE_ENTRY_BYTES);
    this.position = FILE_HEADER_BYTES;
    this.index(this.network);
    if (major > 2) {
      sink.notice({
        code: 'unknown-version',
        severity: 'warning',
        message: message(
          'This is Network Monitor of version {0}.{1}, which is not known: it is read as 2.3.',
          major,
          minor,
        ),
        offset: 4,
        length: 2,
      });
    }
  }

  read(batch: FrameBatch): boolean {
    batch.count = 0;
    if (this.ended) return false;
    if (!this.findTable()) return true;
    const { window } = this;
    let moved = false;
    for (let looked = 0; looked < BATCH_FRAMES; looked++) {
      const start = this.nextStart();
      if (start < 0) {
        this.ended = true;
        break;
      }
      if (!window.has(start, this.recordBytes(start))) {
        // Moving the window twice would take frames away that are in the batch, or read the file more than once a call.
        if (moved || batch.count > 0) break;
        if (window.source.prepare?.(start + MAX_CAPTURED_BYTES) === false) break;
        moved = true;
        window.load(start, this.recordHeaderBytes);
        window.load(start, this.recordBytes(start));
      }
      this.record(batch, start);
    }
    this.packets += batch.count;
    return batch.count > 0 || !this.ended;
  }

  /** Whether it is known where the frames are listed; if not, one step has been made towards it. */
  private findTable(): boolean {
    if (this.hasTable !== null) return true;
    const end = this.tableAt + this.tableEntries * TABLE_ENTRY_BYTES;
    const { source } = this.window;
    if (source.prepare?.(end - 1) === false) return false;
    this.hasTable = this.tableAt >= FILE_HEADER_BYTES && end <= source.size;
    if (!this.hasTable) {
      this.sink.notice({
        code: 'cut-table',
        severity: 'warning',
        message: message('The file was cut short: the list of its packets at byte {0} is missing.', this.tableAt),
        offset: source.size,
      });
    }
    return true;
  }

  /** Where the next record begins, -1 at the end. */
  private nextStart(): number {
    if (this.hasTable === false) {
      const { size } = this.window.source;
      const end = this.tableAt >= FILE_HEADER_BYTES ? Math.min(this.tableAt, size) : size;
      return this.position < end ? this.position : -1;
    }
    if (this.entry >= this.tableEntries) return -1;
    const entryAt = this.tableAt + this.entry * TABLE_ENTRY_BYTES;
    if (this.table.load(entryAt, TABLE_ENTRY_BYTES) < TABLE_ENTRY_BYTES) return -1;
    return u32le(this.table.bytes, this.table.at(entryAt));
  }

  /** Length of the record at `start`, as far as the window tells. */
  private recordBytes(start: number): number {
    if (!this.window.has(start, this.recordHeaderBytes)) return this.recordHeaderBytes;
    const captured = this.captured(this.window.at(start));
    if (captured > MAX_CAPTURED_BYTES) return this.recordHeaderBytes;
    return this.recordHeaderBytes + captured + this.trailerBytes;
  }

  private captured(i: number): number {
    return this.version < 0x200 ? u16le(this.window.bytes, i + 6) : u32le(this.window.bytes, i + 12);
  }

  /** Takes one record and goes on to the next. */
  private record(batch: FrameBatch, start: number): void {
    const { window } = this;
    const { bytes } = window;
    const packet = this.packets + batch.count + 1;
    const length = this.recordBytes(start);
    this.entry++;
    if (start < FILE_HEADER_BYTES || !window.has(start, length)) {
      this.sink.notice({
        code: 'cut-record',
        severity: 'warning',
        message: message('The file was cut short in the middle of packet {0}, at byte {1}.', packet, start),
        packet,
        offset: start,
      });
      if (this.hasTable === false) this.ended = true;
      return;
    }
    const i = window.at(start);
    const kept = this.captured(i);
    if (kept > MAX_CAPTURED_BYTES) {
      this.sink.notice({
        code: 'damaged-record',
        severity: 'error',
        message: tooLong(packet, start, kept),
        packet,
        offset: start,
      });
      if (this.hasTable === false) this.ended = true;
      return;
    }
    this.position = Math.max(this.position, start + length);
    const data = i + this.recordHeaderBytes;
    const trailer = data + kept;
    const network = this.trailerBytes > 0 ? u16le(bytes, trailer) : this.network;
    if (NOT_NUMBERED.has(network)) return;
    // The radio header says how long it is.
    const radioBytes = network === WIRELESS && kept >= 3 ? Math.min(kept, u16le(bytes, data + 1)) : 0;
    const row = batch.count++;
    batch.at[row] = data + radioBytes;
    batch.position[row] = start + this.recordHeaderBytes + radioBytes;
    batch.captured[row] = kept - radioBytes;
    const original = this.version < 0x200 ? u16le(bytes, i + 4) : u32le(bytes, i + 8);
    batch.original[row] = Math.max(0, original - radioBytes);
    batch.interface[row] = this.index(network);
    this.time(batch, row, i, trailer);
  }

  private time(batch: FrameBatch, row: number, i: number, trailer: number): void {
    const { bytes } = this.window;
    if (this.version >= 0x203) {
      const low = u32le(bytes, trailer + 6);
      const high = u32le(bytes, trailer + 10);
      if (low !== 0 || high !== 0) {
        storeFileTime(batch, row, high, low);
        return;
      }
    }
    const micros =
      this.startMs * 1000 +
      (this.version < 0x200 ? u32le(bytes, i) * 1000 : (u32le(bytes, i + 4) | 0) * 0x1_0000_0000 + u32le(bytes, i));
    const seconds = Math.floor(micros / 1e6);
    batch.seconds[row] = seconds;
    batch.nanos[row] = (micros - seconds * 1e6) * 1000;
  }

  /** Index of the interface that stands for a media type. */
  private index(network: number): number {
    let index = this.indexes.get(network);
    if (index === undefined) {
      index = this.interfaces.length;
      this.indexes.set(network, index);
      this.interfaces.push({
        linkType: linkType(network),
        fcsBytes: 0,
        name: null,
        description: null,
        snapLength: 0,
        dropped: null,
      });
    }
    return index;
  }
}

function linkType(network: number): number {
  if (NUMBERED.has(network)) return NOT_A_PACKET;
  if (network >> 12 === LINK_TYPE_BASE >> 12) return network - LINK_TYPE_BASE;
  return LINK_TYPES.get(network) ?? UNKNOWN_LINK_TYPE;
}

/** SYSTEMTIME, on the clock of the machine that captured; taken for this machine's, as Wireshark does. */
function localTime(bytes: Uint8Array, i: number): number {
  const [year, month, , day, hour, minute, second, milli] = Array.from({ length: 8 }, (_, k) =>
    u16le(bytes, i + 2 * k),
  );
  const time = new Date(year!, month! - 1, day, hour, minute, second, milli).getTime();
  return Number.isNaN(time) ? 0 : time;
}

export const netmon: CaptureFormat = {
  id: 'netmon',
  name: 'Network Monitor',
  sniff: (head) => {
    if (head.length < 6) return false;
    const magic = u32be(head, 0);
    // The version that follows is no text.
    return (magic === MAGIC_1 || magic === MAGIC_2) && head[5]! < 0x20;
  },
  open: (window, sink) => new NetmonReader(window, sink),
};
