import { readU16, readU32, u32be } from '../bytes/endian';
import type { ByteWindow } from '../bytes/window';
import { ipv4Text, ipv6Text } from '../model/addresses';
import { NOT_A_PACKET, type CaptureInterface } from '../model/capture';
import { message } from '../model/message';
import { BATCH_FRAMES, type FrameBatch } from './batch';
import type { CaptureFormat, CaptureSink } from './format';
import { PacketSource } from './packet-source';
import { MAX_CAPTURED_BYTES, RecordReader, tooLong } from './records';
import { utf8 } from './utf8';

// Block types (draft-ietf-opsawg-pcapng §4, §11.1).
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const NAME_RESOLUTION = 4;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;
const DECRYPTION_SECRETS = 0x0a;
const CUSTOM = 0xbad;
const CUSTOM_NOT_TO_COPY = 0x40000bad;

/** Blocks that Wireshark numbers as if they were packets, and where their content begins. */
const NUMBERED_BLOCKS = new Map([
  [9, 8], // systemd journal entry
  [0x204, 8], // sysdig events
  [0x216, 8],
  [0x221, 8],
  [CUSTOM, 12],
  [CUSTOM_NOT_TO_COPY, 12],
]);

/** Blocks that the way back after damage may begin with; a section header has its own mark. */
const KNOWN_BLOCKS = new Set([1, 2, 3, 4, 5, 6, DECRYPTION_SECRETS, ...NUMBERED_BLOCKS.keys()]);

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const BYTE_ORDER_MAGIC_SWAPPED = 0x4d3c2b1a;

/** Fixed part of a Section Header Block up to its options. */
const SECTION_BYTES = 24;
/** Framing and fixed part of a Simple Packet Block. */
const SIMPLE_PACKET_BYTES = 16;
/** Type, total length, and the total length again at the end. */
const BLOCK_FRAMING_BYTES = 12;
/** Shortest block of those that have fields before their options, framing included. */
const SHORTEST = new Map([
  [SECTION_HEADER, 28],
  [INTERFACE_DESCRIPTION, 20],
  [OBSOLETE_PACKET, 32],
  [SIMPLE_PACKET, 16],
  [INTERFACE_STATISTICS, 24],
  [ENHANCED_PACKET, 32],
  [CUSTOM, 16],
  [CUSTOM_NOT_TO_COPY, 16],
]);

// Option codes, by the block that they stand in.
const COMMENT = 1;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_RESOLUTION = 9;
const IF_FCS_LENGTH = 13;
const IF_OFFSET = 14;
const PACKET_FLAGS = 2;
const PACKET_DROP_COUNT = 4;
const STATISTICS_DROPPED_BY_INTERFACE = 5;
const STATISTICS_DROPPED_BY_SYSTEM = 7;

const END_OF_OPTIONS = 0;
// Records of a Name Resolution Block, laid out like options.
const IPV4_NAMES = 1;
const IPV6_NAMES = 2;

/** Obsolete Packet Block: how many were lost is not known. */
const UNKNOWN_DROPS = 0xffff;
/** Microseconds. */
const DEFAULT_RESOLUTION = 6;
/** A frame's interface is a 16-bit index. */
const MAX_INTERFACES = 1 << 16;

/** pcapng (draft-ietf-opsawg-pcapng): blocks of any type, in sections that may differ in byte order. */
class PcapngReader extends RecordReader {
  readonly interfaces: CaptureInterface[] = [];
  description = 'pcapng';
  private little = false;
  /** Interfaces of this section, by their number in it. */
  private sources: PacketSource[] = [];
  /** Numbers already complained about in this section. */
  private readonly unknownInterfaces = new Set<number>();
  /** Entry of the records that are no packets, -1 before the first. */
  private notPackets = -1;
  /** The option that {@link nextOption} came to: its code, the index and the length of its value. */
  private code = 0;
  private at = 0;
  private length = 0;
  private optionsNext = 0;

  constructor(window: ByteWindow, sink: CaptureSink) {
    super(window, sink);
    if (window.load(0, SECTION_BYTES) < SECTION_BYTES) return;
    this.little = u32be(window.bytes, 8) === BYTE_ORDER_MAGIC_SWAPPED;
    const version = `${readU16(window.bytes, 12, this.little)}.${readU16(window.bytes, 14, this.little)}`;
    this.description = `pcapng ${version}, ${this.little ? 'little-endian' : 'big-endian'}`;
  }

  protected fill(batch: FrameBatch): number {
    const { bytes, base, filled } = this.window;
    let i = this.position - base;
    let wanted = BLOCK_FRAMING_BYTES;
    if (i < 0 || i > filled) return wanted;
    while (batch.count < BATCH_FRAMES && i + BLOCK_FRAMING_BYTES <= filled) {
      const position = base + i;
      if (u32be(bytes, i) === SECTION_HEADER) this.little = u32be(bytes, i + 8) === BYTE_ORDER_MAGIC_SWAPPED;
      const { little } = this;
      const type = readU32(bytes, i, little);
      const length = readU32(bytes, i + 4, little);
      const shortest = SHORTEST.get(type) ?? BLOCK_FRAMING_BYTES;
      if (length < shortest || length & 3) {
        this.damage = message('The block at byte {0} has an impossible length, {1} bytes.', position, length);
        break;
      }
      if (i + length > filled) {
        wanted = length;
        if (length <= bytes.length || batch.count > 0) break;
        if (this.passOver(batch, type, i, length)) this.jump(position + length);
        return BLOCK_FRAMING_BYTES;
      }
      const again = readU32(bytes, i + length - 4, little);
      if (again !== length) {
        this.damage = message(
          'The block at byte {0} gives its length as {1} bytes where it begins and as {2} where it ends.',
          position,
          length,
          again,
        );
        break;
      }
      if (!this.block(batch, type, i, length)) break;
      i += length;
    }
    this.position = base + i;
    return wanted;
  }

  protected looksCut(): boolean {
    return true;
  }

  protected readonly candidatesInARow = 1;

  protected candidate(i: number): number {
    const { bytes, filled } = this.window;
    if (i + BLOCK_FRAMING_BYTES > filled) return -1;
    let { little } = this;
    const sectionBegins = bytes[i] === 0x0a && u32be(bytes, i) === SECTION_HEADER;
    if (sectionBegins) {
      const order = u32be(bytes, i + 8);
      if (order !== BYTE_ORDER_MAGIC && order !== BYTE_ORDER_MAGIC_SWAPPED) return -1;
      little = order === BYTE_ORDER_MAGIC_SWAPPED;
    }
    const length = readU32(bytes, i + 4, little);
    if (length < BLOCK_FRAMING_BYTES || length & 3 || i + length > filled) return -1;
    if (readU32(bytes, i + length - 4, little) !== length) return -1;
    return sectionBegins || KNOWN_BLOCKS.has(readU32(bytes, i, little)) ? length : -1;
  }

  /** Handles one whole block at index `i`; false if it is broken. */
  private block(batch: FrameBatch, type: number, i: number, length: number): boolean {
    const { bytes } = this.window;
    const { little } = this;
    switch (type) {
      case ENHANCED_PACKET:
        return this.packet(batch, readU32(bytes, i + 8, little), 0, i, length);
      case OBSOLETE_PACKET: {
        const lost = readU16(bytes, i + 10, little);
        return this.packet(batch, readU16(bytes, i + 8, little), lost === UNKNOWN_DROPS ? 0 : lost, i, length);
      }
      case SIMPLE_PACKET:
        return this.simplePacket(batch, i, length);
      case SECTION_HEADER:
        return this.section(i, length);
      case INTERFACE_DESCRIPTION:
        return this.describeInterface(i, length);
      case INTERFACE_STATISTICS:
        this.statistics(i, length);
        return true;
      case NAME_RESOLUTION:
        this.names(i, length);
        return true;
      default:
        if (NUMBERED_BLOCKS.has(type)) this.numbered(batch, i, i + NUMBERED_BLOCKS.get(type)!, i + length - 4);
        return true;
    }
  }

  /** A block longer than the window; false if a block of that type cannot be. */
  private passOver(batch: FrameBatch, type: number, i: number, length: number): boolean {
    const position = this.window.base + i;
    if (NUMBERED_BLOCKS.has(type)) this.numbered(batch, i, i, i);
    else if (type === NAME_RESOLUTION) {
      this.sink.notice({
        code: 'long-block',
        severity: 'info',
        message: message('A list of {0} bytes of host names at byte {1} is left out.', length, position),
        offset: position,
        length,
      });
    } else if (SHORTEST.has(type)) {
      this.damage = message('The block at byte {0} has an impossible length, {1} bytes.', position, length);
      return false;
    }
    return true;
  }

  /** Enhanced Packet Block and its forerunner, the same from the timestamp on. */
  private packet(batch: FrameBatch, number: number, lost: number, i: number, length: number): boolean {
    const { bytes, base } = this.window;
    const { little } = this;
    const captured = readU32(bytes, i + 20, little);
    const row = batch.count;
    const packet = this.packets + row + 1;
    if (captured > MAX_CAPTURED_BYTES) {
      this.damage = tooLong(packet, base + i, captured);
      return false;
    }
    if (captured > length - 32) {
      this.damage = message('Packet {0} at byte {1} claims more bytes than its block has.', packet, base + i);
      return false;
    }
    const source = this.sources[number];
    if (source === undefined) {
      this.unknownInterface(number, base + i);
      return true;
    }
    const data = i + 28;
    batch.at[row] = data;
    batch.position[row] = base + data;
    batch.captured[row] = captured;
    batch.original[row] = readU32(bytes, i + 24, little);
    source.storeTime(batch, row, readU32(bytes, i + 12, little), readU32(bytes, i + 16, little));
    const options = data + ((captured + 3) & ~3);
    const fcsBytes = options + 4 < i + length ? this.packetOptions(source, packet, options, i + length - 4) : -1;
    if (lost > 0) source.addLost(lost);
    return this.frame(batch, source.index(fcsBytes, true), base + i);
  }

  private simplePacket(batch: FrameBatch, i: number, length: number): boolean {
    const { bytes, base } = this.window;
    const source = this.sources[0];
    if (source === undefined) {
      this.unknownInterface(0, base + i);
      return true;
    }
    const original = readU32(bytes, i + 8, this.little);
    const row = batch.count;
    const captured = Math.min(original, source.description.snapLength || original, length - SIMPLE_PACKET_BYTES);
    if (captured > MAX_CAPTURED_BYTES) {
      this.damage = tooLong(this.packets + row + 1, base + i, captured);
      return false;
    }
    batch.at[row] = i + 12;
    batch.position[row] = base + i + 12;
    batch.captured[row] = captured;
    batch.original[row] = original;
    batch.seconds[row] = 0;
    batch.nanos[row] = 0;
    return this.frame(batch, source.index(-1, false), base + i);
  }

  /** A record with a packet number that is no packet: content `[start, end)`. */
  private numbered(batch: FrameBatch, i: number, start: number, end: number): void {
    const { base } = this.window;
    if (this.notPackets < 0) {
      this.notPackets = this.interfaces.length;
      this.interfaces.push({
        linkType: NOT_A_PACKET,
        fcsBytes: 0,
        name: null,
        description: null,
        snapLength: 0,
        dropped: null,
        untimed: true,
      });
    }
    const row = batch.count;
    batch.at[row] = start;
    batch.position[row] = base + start;
    batch.captured[row] = Math.min(end - start, MAX_CAPTURED_BYTES);
    batch.original[row] = end - start;
    batch.seconds[row] = 0;
    batch.nanos[row] = 0;
    this.frame(batch, this.notPackets, base + i);
  }

  /** Closes a row. */
  private frame(batch: FrameBatch, index: number, position: number): boolean {
    if (index >= MAX_INTERFACES) return this.tooManyInterfaces(position);
    batch.interface[batch.count++] = index;
    return true;
  }

  private tooManyInterfaces(position: number): boolean {
    this.damage = message('More than {0} interfaces are described up to byte {1}.', MAX_INTERFACES, position);
    return false;
  }

  private unknownInterface(number: number, position: number): void {
    if (this.unknownInterfaces.has(number) || this.unknownInterfaces.size >= MAX_INTERFACES) return;
    this.unknownInterfaces.add(number);
    this.sink.notice({
      code: 'unknown-interface',
      severity: 'error',
      message: message(
        'Interface {0} is not described before byte {1}: its packets cannot be read and are not counted.',
        number,
        position,
      ),
      packet: this.packets + 1,
      offset: position,
    });
  }

  private section(i: number, length: number): boolean {
    const { bytes, base } = this.window;
    const order = u32be(bytes, i + 8);
    if (order !== BYTE_ORDER_MAGIC && order !== BYTE_ORDER_MAGIC_SWAPPED) {
      this.damage = message('The section at byte {0} has no valid byte-order mark.', base + i);
      return false;
    }
    const major = readU16(bytes, i + 12, this.little);
    const minor = readU16(bytes, i + 14, this.little);
    // 1.2 was written by a few programs and is the same (§4.1).
    if (major !== 1 || (minor !== 0 && minor !== 2)) {
      this.sink.notice({
        code: 'unknown-version',
        severity: 'warning',
        message: message(
          'The section at byte {0} is of version {1}.{2}, which is not known: it is read as 1.0.',
          base + i,
          major,
          minor,
        ),
        offset: base + i,
        length,
      });
    }
    this.sources = [];
    this.unknownInterfaces.clear();
    this.optionsNext = i + SECTION_BYTES;
    while (this.nextOption(i + length - 4)) {
      if (this.code === COMMENT) this.sink.comment(0, this.text());
    }
    return true;
  }

  private describeInterface(i: number, length: number): boolean {
    const { bytes, base } = this.window;
    const { little } = this;
    if (this.interfaces.length >= MAX_INTERFACES) return this.tooManyInterfaces(base + i);
    let name: string | null = null;
    let description: string | null = null;
    let resolution = DEFAULT_RESOLUTION;
    let offset = 0;
    let fcsBytes = 0;
    this.optionsNext = i + 16;
    while (this.nextOption(i + length - 4)) {
      if (this.code === COMMENT) this.sink.comment(0, this.text());
      else if (this.code === IF_NAME) name = this.text();
      else if (this.code === IF_DESCRIPTION) description = this.text();
      else if (this.code === IF_RESOLUTION && this.length >= 1) resolution = bytes[this.at]!;
      // The specification says bits and gives 4 as the example, which is what programs write and mean as bytes.
      else if (this.code === IF_FCS_LENGTH && this.length >= 1)
        fcsBytes = bytes[this.at]! < 16 ? bytes[this.at]! : bytes[this.at]! >> 3;
      else if (this.code === IF_OFFSET && this.length >= 8) offset = this.signed64();
    }
    const linkType = readU16(bytes, i + 8, little);
    const snapLength = readU32(bytes, i + 12, little);
    this.sources.push(
      new PacketSource({ linkType, snapLength, fcsBytes, name, description, resolution, offset }, this.interfaces),
    );
    return true;
  }

  private statistics(i: number, length: number): void {
    const source = this.sources[readU32(this.window.bytes, i + 8, this.little)];
    let lost = -1;
    this.optionsNext = i + 20;
    while (this.nextOption(i + length - 4)) {
      if (
        (this.code === STATISTICS_DROPPED_BY_INTERFACE || this.code === STATISTICS_DROPPED_BY_SYSTEM) &&
        this.length >= 8
      )
        lost = Math.max(0, lost) + this.unsigned64();
    }
    if (lost >= 0) source?.setLost(lost);
  }

  private names(i: number, length: number): void {
    const { bytes } = this.window;
    this.optionsNext = i + 8;
    while (this.nextOption(i + length - 4)) {
      const addressBytes = this.code === IPV4_NAMES ? 4 : this.code === IPV6_NAMES ? 16 : 0;
      if (addressBytes === 0 || this.length < addressBytes) continue;
      const address = this.code === IPV4_NAMES ? ipv4Text(u32be(bytes, this.at)) : ipv6Text(bytes, this.at);
      const end = this.at + this.length;
      for (let start = this.at + addressBytes; start < end;) {
        const zero = bytes.indexOf(0, start);
        const stop = zero < 0 || zero > end ? end : zero;
        if (stop > start) this.sink.name(address, utf8(bytes, start, stop));
        start = stop + 1;
      }
    }
  }

  /** Options of a packet; returns the length of its check sequence, -1 if they do not say. */
  private packetOptions(source: PacketSource, packet: number, start: number, end: number): number {
    let fcsBytes = -1;
    this.optionsNext = start;
    while (this.nextOption(end)) {
      if (this.code === PACKET_FLAGS && this.length === 4) {
        const bits = (readU32(this.window.bytes, this.at, this.little) >>> 5) & 15;
        if (bits > 0) fcsBytes = bits;
      } else if (this.code === COMMENT) this.sink.comment(packet, this.text());
      else if (this.code === PACKET_DROP_COUNT && this.length >= 8) source.addLost(this.unsigned64());
    }
    return fcsBytes;
  }

  /** Moves on to the next option (or record of names) before index `end`; false after the last, or at a broken one. */
  private nextOption(end: number): boolean {
    const { bytes } = this.window;
    const i = this.optionsNext;
    if (i + 4 > end) return false;
    this.code = readU16(bytes, i, this.little);
    this.length = readU16(bytes, i + 2, this.little);
    this.at = i + 4;
    this.optionsNext = this.at + ((this.length + 3) & ~3);
    if (this.code === END_OF_OPTIONS) return false;
    if (this.at + this.length <= end) return true;
    this.sink.notice({
      code: 'damaged-option',
      severity: 'warning',
      message: message('The option at byte {0} is longer than the block that it stands in.', this.window.base + i),
      offset: this.window.base + i,
      length: end - i,
    });
    return false;
  }

  private text(): string {
    return utf8(this.window.bytes, this.at, this.at + this.length);
  }

  private unsigned64(): number {
    const { bytes } = this.window;
    const [high, low] = this.little ? [this.at + 4, this.at] : [this.at, this.at + 4];
    return readU32(bytes, high, this.little) * 0x1_0000_0000 + readU32(bytes, low, this.little);
  }

  private signed64(): number {
    const { bytes } = this.window;
    const [high, low] = this.little ? [this.at + 4, this.at] : [this.at, this.at + 4];
    return (readU32(bytes, high, this.little) | 0) * 0x1_0000_0000 + readU32(bytes, low, this.little);
  }
}

export const pcapng: CaptureFormat = {
  id: 'pcapng',
  name: 'pcapng',
  sniff: (head) => {
    // The type alone, a pair of line ends, could begin a text.
    if (head.length < BLOCK_FRAMING_BYTES || u32be(head, 0) !== SECTION_HEADER) return false;
    const order = u32be(head, 8);
    return order === BYTE_ORDER_MAGIC || order === BYTE_ORDER_MAGIC_SWAPPED;
  },
  open: (window, sink) => new PcapngReader(window, sink),
};
