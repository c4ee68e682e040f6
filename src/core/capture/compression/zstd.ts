import { u16le, u32le } from '../../bytes/endian';
import type { ByteSource } from '../../bytes/source';
import { ByteWindow } from '../../bytes/window';
import { message } from '../../model/message';
import type { Compression } from '../format';
import { cutStream, damagedStream, DamagedStream, decompressed, type Decoder, dictionaryNeeded } from './decompressed';
import { isSkippableFrame, SKIPPABLE_HEADER_BYTES } from './skippable';
import { MAX_BLOCK_BYTES, ZstdBlocks } from './zstd-blocks';
import { Xxh64 } from './xxh64';

const FRAME_MAGIC = 0xfd2fb528;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
/** Bits of the frame header's descriptor (RFC 8878 §3.1.1.1.1). */
const HAS_CHECKSUM = 0x04;
const RESERVED_BIT = 0x08;
/** RFC 8878 §3.1.1.1: magic, descriptor, window, dictionary and content size at their longest. */
const LONGEST_HEADER_BYTES = 18;
/** What the zstd program itself refuses to go beyond unless told to. */
const MAX_WINDOW_BYTES = 1 << 27;
const INPUT_BYTES = 1 << 18;
const RAW = 0;
const RLE = 1;
const RESERVED = 3;

/** zstd (RFC 8878): any number of frames, of which one call decodes one block. */
class ZstdDecoder implements Decoder {
  consumed = 0;
  ended = false;
  private readonly window: ByteWindow;
  /** The frame at hand, `null` between frames. */
  private frame: ZstdBlocks | null = null;
  /** Bytes that the frame must make, `null` where it does not say. */
  private contentSize: number | null = null;
  private checksum: Xxh64 | null = null;
  /** The frame has no more blocks. */
  private atLast = false;
  /** What of the last block waits to be taken. */
  private decoded: Uint8Array = NO_BYTES;
  private handedOver = 0;

  constructor(source: ByteSource) {
    this.window = new ByteWindow(source, INPUT_BYTES);
  }

  decode(target: Uint8Array<ArrayBuffer>, at: number): number {
    if (this.handedOver === this.decoded.length) {
      if (this.frame === null) this.nextFrame();
      else if (this.atLast) this.endFrame(this.frame);
      else this.nextBlock(this.frame);
    }
    const count = Math.min(target.length - at, this.decoded.length - this.handedOver);
    target.set(this.decoded.subarray(this.handedOver, this.handedOver + count), at);
    this.handedOver += count;
    return count;
  }

  private nextFrame(): void {
    const { window } = this;
    const { bytes } = window;
    const available = window.load(this.consumed, LONGEST_HEADER_BYTES);
    const i = window.at(this.consumed);
    if (available === 0) {
      this.ended = true;
      return;
    }
    if (available < SKIPPABLE_HEADER_BYTES) throw cutStream();
    if (isSkippableFrame(bytes, i)) {
      this.consumed += SKIPPABLE_HEADER_BYTES + u32le(bytes, i + 4);
      return;
    }
    if (u32le(bytes, i) !== FRAME_MAGIC)
      throw new DamagedStream(
        message('What follows the compressed data at byte {0} of the file is not zstd.', this.consumed),
      );
    const descriptor = bytes[i + 4]!;
    const singleSegment = (descriptor & 0x20) !== 0;
    const sizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
    const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
    const dictionaryAt = i + 5 + (singleSegment ? 0 : 1);
    const sizeAt = dictionaryAt + dictionaryBytes;
    if (sizeAt + sizeBytes - i > available) throw cutStream();
    // Number 0 says that there is none.
    if (bytes.subarray(dictionaryAt, sizeAt).some((byte) => byte !== 0)) throw dictionaryNeeded('zstd');
    if ((descriptor & RESERVED_BIT) !== 0) throw damagedStream(this.consumed);
    const windowBytes = singleSegment ? littleEndian(bytes, sizeAt, sizeBytes) : windowSize(bytes[i + 5]!);
    if (windowBytes > MAX_WINDOW_BYTES)
      throw new DamagedStream(
        message(
          'Decompressing this would take a window of {0} bytes; at most {1} are supported.',
          windowBytes,
          MAX_WINDOW_BYTES,
        ),
      );
    this.contentSize = sizeBytes === 0 ? null : littleEndian(bytes, sizeAt, sizeBytes);
    this.checksum = (descriptor & HAS_CHECKSUM) === 0 ? null : new Xxh64();
    this.frame = new ZstdBlocks(windowBytes);
    this.consumed += sizeAt + sizeBytes - i;
  }

  private nextBlock(frame: ZstdBlocks): void {
    const { window, consumed } = this;
    if (window.load(consumed, BLOCK_HEADER_BYTES) < BLOCK_HEADER_BYTES) throw cutStream();
    const header = u24le(window.bytes, window.at(consumed));
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (type === RESERVED || size > MAX_BLOCK_BYTES) throw damagedStream(consumed);
    const length = BLOCK_HEADER_BYTES + (type === RLE ? 1 : size);
    if (window.load(consumed, length) < length) throw cutStream();
    const { bytes } = window;
    const at = window.at(consumed) + BLOCK_HEADER_BYTES;
    if (type === RAW) frame.raw(bytes, at, size, consumed);
    else if (type === RLE) frame.repeated(bytes[at]!, size, consumed);
    else frame.compressed(bytes, at, size, consumed);
    this.checksum?.update(frame.output, frame.from, frame.to);
    this.decoded = frame.output.subarray(frame.from, frame.to);
    this.handedOver = 0;
    this.consumed += length;
    this.atLast = (header & 1) === 1;
  }

  /** Holds what the frame has made, and has handed over, against what it says of it. */
  private endFrame({ made }: ZstdBlocks): void {
    const { window, checksum, consumed } = this;
    if (this.contentSize !== null && made !== this.contentSize) throw damagedStream(consumed);
    if (checksum !== null) {
      if (window.load(consumed, CHECKSUM_BYTES) < CHECKSUM_BYTES) throw cutStream();
      if (checksum.digestLow() !== u32le(window.bytes, window.at(consumed))) throw damagedStream(consumed);
      this.consumed += CHECKSUM_BYTES;
    }
    this.frame = null;
    this.atLast = false;
  }
}

const u24le = (bytes: Uint8Array, at: number): number => u16le(bytes, at) | (bytes[at + 2]! << 16);

const NO_BYTES = new Uint8Array(0);

function littleEndian(bytes: Uint8Array, at: number, length: number): number {
  let value = length === 2 ? 256 : 0;
  for (let i = length - 1, place = 256 ** i; i >= 0; i--, place /= 256) value += bytes[at + i]! * place;
  return value;
}

/** RFC 8878 §3.1.1.1.2. */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

export const zstd: Compression = {
  id: 'zstd',
  name: 'zstd',
  sniff: (head) => {
    // pzstd puts a skippable frame first.
    const at = isSkippableFrame(head, 0) ? SKIPPABLE_HEADER_BYTES + u32le(head, 4) : 0;
    return at + 4 <= head.length && u32le(head, at) === FRAME_MAGIC;
  },
  open: (source, limit) => decompressed(new ZstdDecoder(source), limit),
};
