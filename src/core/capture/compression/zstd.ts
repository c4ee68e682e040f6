import { Decompress } from 'fzstd';
import { u16le, u32le } from '../../bytes/endian';
import type { ByteSource } from '../../bytes/source';
import { ByteWindow } from '../../bytes/window';
import { message } from '../../model/message';
import type { Compression } from '../format';
import { cutStream, damagedStream, DamagedStream, decompressed, type Decoder } from './decompressed';
import { isSkippableFrame, SKIPPABLE_HEADER_BYTES } from './skippable';

const FRAME_MAGIC = 0xfd2fb528;
/** RFC 8878 §3.1.1.2.3: no block has or makes more. */
const MAX_BLOCK_BYTES = 1 << 17;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
/** RFC 8878 §3.1.1.1: magic, descriptor, window, dictionary and content size at their longest. */
const LONGEST_HEADER_BYTES = 18;
/** What the zstd program itself refuses to go beyond unless told to. The frame's header makes the decoder reserve it. */
const MAX_WINDOW_BYTES = 1 << 27;
const INPUT_BYTES = 1 << 18;
const RLE = 1;
const RESERVED = 3;

/**
 * zstd (RFC 8878): any number of frames. The library decodes the blocks; walking from block to block is done here, so that
 * one call decodes one block, and a header cannot make it reserve more memory than is sensible.
 */
class ZstdDecoder implements Decoder {
  consumed = 0;
  ended = false;
  private readonly window: ByteWindow;
  /** Decoder of the frame at hand, `null` between frames. */
  private frame: Decompress | null = null;
  private checksumBytes = 0;
  /** Where the bytes that the frame's decoder has not been given yet begin. */
  private given = 0;
  private decoded: Uint8Array = NO_BYTES;
  private handedOver = 0;

  constructor(source: ByteSource) {
    this.window = new ByteWindow(source, INPUT_BYTES);
  }

  decode(target: Uint8Array<ArrayBuffer>, at: number): number {
    if (this.handedOver === this.decoded.length) {
      if (this.frame === null) this.nextFrame();
      else this.nextBlock();
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
    const sizeAt = i + 5 + (singleSegment ? 0 : 1) + dictionaryBytes;
    if (sizeAt + sizeBytes - i > available) throw cutStream();
    const windowBytes = singleSegment ? littleEndian(bytes, sizeAt, sizeBytes) : windowSize(bytes[i + 5]!);
    if (windowBytes > MAX_WINDOW_BYTES)
      throw new DamagedStream(
        message(
          'Decompressing this would take a window of {0} bytes; at most {1} are supported.',
          windowBytes,
          MAX_WINDOW_BYTES,
        ),
      );
    this.checksumBytes = descriptor & 4 ? CHECKSUM_BYTES : 0;
    this.frame = new Decompress((block) => this.take(block));
    this.given = this.consumed;
    this.consumed += sizeAt + sizeBytes - i;
  }

  /** Decodes one block. With the first one the frame's header is given as well, with the last one its check sum. */
  private nextBlock(): void {
    const { window } = this;
    const { bytes } = window;
    const before = this.consumed - this.given;
    if (window.load(this.given, before + BLOCK_HEADER_BYTES) < before + BLOCK_HEADER_BYTES) throw cutStream();
    const header = u24le(bytes, window.at(this.consumed));
    const last = header & 1;
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (type === RESERVED || size > MAX_BLOCK_BYTES) throw damagedStream(this.consumed);
    const length = before + BLOCK_HEADER_BYTES + (type === RLE ? 1 : size) + (last ? this.checksumBytes : 0);
    if (window.load(this.given, length) < length) throw cutStream();
    const at = window.at(this.given);
    this.decoded = NO_BYTES;
    this.handedOver = 0;
    try {
      // A copy, because the decoder may keep the bytes until it has more of them.
      this.frame!.push(bytes.slice(at, at + length), last === 1);
    } catch {
      throw damagedStream(this.consumed);
    }
    this.given += length;
    this.consumed = this.given;
    if (last) this.frame = null;
  }

  private take(block: Uint8Array): void {
    if (block.length === 0) return;
    // One block at a time goes in; only an empty one may wait inside for the next.
    this.decoded = this.decoded.length === 0 ? block : joined(this.decoded, block);
  }
}

const u24le = (bytes: Uint8Array, at: number): number => u16le(bytes, at) | (bytes[at + 2]! << 16);

const NO_BYTES = new Uint8Array(0);

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

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
