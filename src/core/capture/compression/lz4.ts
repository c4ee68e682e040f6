import { u32le } from '../../bytes/endian';
import type { ByteSource } from '../../bytes/source';
import { ByteWindow } from '../../bytes/window';
import { message } from '../../model/message';
import type { Compression } from '../format';
import { cutStream, damagedStream, DamagedStream, decompressed, type Decoder, dictionaryNeeded } from './decompressed';
import { isSkippableFrame, SKIPPABLE_HEADER_BYTES } from './skippable';
import { Xxh32 } from './xxh32';

const FRAME_MAGIC = 0x184d2204;
const LEGACY_MAGIC = 0x184c2102;
/** Magic, flags, block size, content size, dictionary and check at their longest. */
const LONGEST_HEADER_BYTES = 19;
/** How far back a match may reach. */
const HISTORY_BYTES = 1 << 16;
const LEGACY_BLOCK_BYTES = 1 << 23;
const UNCOMPRESSED = 0x80000000;
const INPUT_BYTES = 1 << 16;

/** The most that a block of so many bytes grows to when it cannot be compressed. */
const worstCase = (bytes: number): number => bytes + Math.ceil(bytes / 255) + 16;

/**
 * LZ4 frames (lz4_Frame_format.md 1.6), any number of them, and the older format without checks. Written here because
 * the packages that decode LZ4 want the whole input at once or are not kept up.
 */
class Lz4Decoder implements Decoder {
  consumed = 0;
  ended = false;
  private window: ByteWindow;
  private inFrame = false;
  private legacy = false;
  private linked = false;
  private blockChecks = false;
  private contentCheck: Xxh32 | null = null;
  private maxBlockBytes = 0;
  /** The last 64 KiB of what came before, then room for a block. */
  private output = new Uint8Array(0);
  private historyBytes = 0;
  /** The part of the last block that has not been handed over: `[from, to)` of `output`. */
  private from = 0;
  private to = 0;

  constructor(private readonly source: ByteSource) {
    this.window = new ByteWindow(source, INPUT_BYTES);
  }

  decode(target: Uint8Array<ArrayBuffer>, at: number): number {
    if (this.from === this.to) {
      if (!this.inFrame) this.nextFrame();
      else this.nextBlock();
    }
    const count = Math.min(target.length - at, this.to - this.from);
    target.set(this.output.subarray(this.from, this.from + count), at);
    this.from += count;
    return count;
  }

  private nextFrame(): void {
    const { bytes } = this.window;
    const available = this.window.load(this.consumed, LONGEST_HEADER_BYTES);
    const i = this.window.at(this.consumed);
    if (available === 0) {
      this.ended = true;
      return;
    }
    if (available < SKIPPABLE_HEADER_BYTES) throw cutStream();
    const magic = u32le(bytes, i);
    if (isSkippableFrame(bytes, i)) this.consumed += SKIPPABLE_HEADER_BYTES + u32le(bytes, i + 4);
    else if (magic === LEGACY_MAGIC) {
      this.consumed += 4;
      this.legacy = true;
      this.start(LEGACY_BLOCK_BYTES, false, false, false);
    } else if (magic === FRAME_MAGIC) this.frameHeader(i, available);
    else
      throw new DamagedStream(
        message('What follows the compressed data at byte {0} of the file is not LZ4.', this.consumed),
      );
  }

  private frameHeader(i: number, available: number): void {
    const { bytes } = this.window;
    const flags = bytes[i + 4]!;
    const sizeCode = (bytes[i + 5]! >> 4) & 7;
    const length = 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0);
    if (available < length) throw cutStream();
    const check = (new Xxh32().update(bytes, i + 4, i + length - 1).digest() >>> 8) & 0xff;
    if (flags >> 6 !== 1 || sizeCode < 4 || check !== bytes[i + length - 1]) throw damagedStream(this.consumed);
    if (flags & 0x01) throw dictionaryNeeded('LZ4');
    this.consumed += length;
    this.legacy = false;
    this.start(1 << (8 + 2 * sizeCode), (flags & 0x20) === 0, (flags & 0x10) !== 0, (flags & 0x04) !== 0);
  }

  private start(maxBlockBytes: number, linked: boolean, blockChecks: boolean, contentCheck: boolean): void {
    this.inFrame = true;
    this.maxBlockBytes = maxBlockBytes;
    this.linked = linked;
    this.blockChecks = blockChecks;
    this.contentCheck = contentCheck ? new Xxh32() : null;
    this.historyBytes = 0;
    this.from = this.to = 0;
    if (this.output.length < HISTORY_BYTES + maxBlockBytes) this.output = new Uint8Array(HISTORY_BYTES + maxBlockBytes);
    const input = 4 + worstCase(maxBlockBytes) + 4;
    if (this.window.bytes.length < input) this.window = new ByteWindow(this.source, input);
  }

  private nextBlock(): void {
    const { window, output } = this;
    this.keepHistory();
    const available = window.load(this.consumed, 4);
    if (available < 4) {
      // The older format has no mark at its end.
      if (!this.legacy || available > 0) throw cutStream();
      this.inFrame = false;
      return;
    }
    const word = u32le(window.bytes, window.at(this.consumed));
    if (!this.legacy && word === 0) return this.endFrame();
    if (this.legacy && (word === LEGACY_MAGIC || word === FRAME_MAGIC)) {
      this.inFrame = false;
      return;
    }
    const compressed = this.legacy || word < UNCOMPRESSED;
    const size = compressed ? word : word - UNCOMPRESSED;
    if (size > (compressed ? worstCase(this.maxBlockBytes) : this.maxBlockBytes)) throw damagedStream(this.consumed);
    const length = 4 + size + (this.blockChecks ? 4 : 0);
    if (window.load(this.consumed, length) < length) throw cutStream();
    const { bytes } = window;
    const start = window.at(this.consumed) + 4;
    const end = start + size;
    if (this.blockChecks && new Xxh32().update(bytes, start, end).digest() !== u32le(bytes, end))
      throw damagedStream(this.consumed);
    let to: number;
    if (compressed) {
      to = decodeBlock(
        bytes,
        start,
        end,
        output,
        HISTORY_BYTES,
        HISTORY_BYTES - this.historyBytes,
        HISTORY_BYTES + this.maxBlockBytes,
      );
      if (to < 0) throw damagedStream(this.consumed);
    } else {
      output.set(bytes.subarray(start, end), HISTORY_BYTES);
      to = HISTORY_BYTES + size;
    }
    this.consumed += length;
    this.contentCheck?.update(output, HISTORY_BYTES, to);
    this.from = HISTORY_BYTES;
    this.to = to;
  }

  private endFrame(): void {
    const { window } = this;
    const length = this.contentCheck === null ? 4 : 8;
    if (window.load(this.consumed, length) < length) throw cutStream();
    if (this.contentCheck !== null && this.contentCheck.digest() !== u32le(window.bytes, window.at(this.consumed) + 4))
      throw damagedStream(this.consumed);
    this.consumed += length;
    this.inFrame = false;
  }

  /** Moves the end of the last block to where the next one can refer to it. */
  private keepHistory(): void {
    if (!this.linked || this.to === 0) return;
    const kept = Math.min(HISTORY_BYTES, this.historyBytes + this.to - HISTORY_BYTES);
    this.output.copyWithin(HISTORY_BYTES - kept, this.to - kept, this.to);
    this.historyBytes = kept;
  }
}

/** A length of 15 in a token goes on in the bytes that follow (lz4_Block_format.md). */
const LONG = 15;
const SHORTEST_MATCH = 4;
/** Copies of this many bytes and more are faster by the engine's own means. */
const BULK_BYTES = 48;

/**
 * Decodes the block in `[i, end)` to index `at` of `out`; matches reach back to index `floor` at the furthest, and
 * nothing is written from index `limit` on. Returns where the output ends, -1 when the block is damaged.
 */
function decodeBlock(
  input: Uint8Array,
  i: number,
  end: number,
  out: Uint8Array,
  at: number,
  floor: number,
  limit: number,
): number {
  let o = at;
  while (i < end) {
    const token = input[i++]!;
    let literals = token >> 4;
    if (literals === LONG) {
      let more: number;
      do {
        if (i >= end) return -1;
        more = input[i++]!;
        literals += more;
      } while (more === 255);
    }
    if (literals > end - i || literals > limit - o) return -1;
    if (literals >= BULK_BYTES) out.set(input.subarray(i, i + literals), o);
    else for (let k = 0; k < literals; k++) out[o + k] = input[i + k]!;
    i += literals;
    o += literals;
    // The last sequence is literals alone.
    if (i === end) return o;
    if (end - i < 2) return -1;
    const distance = input[i]! | (input[i + 1]! << 8);
    i += 2;
    let match = token & 15;
    if (match === LONG) {
      let more: number;
      do {
        if (i >= end) return -1;
        more = input[i++]!;
        match += more;
      } while (more === 255);
    }
    match += SHORTEST_MATCH;
    if (distance === 0 || o - distance < floor || match > limit - o) return -1;
    if (match >= BULK_BYTES && distance >= match) out.copyWithin(o, o - distance, o - distance + match);
    else for (let k = 0; k < match; k++) out[o + k] = out[o - distance + k]!;
    o += match;
  }
  return -1;
}

export const lz4: Compression = {
  id: 'lz4',
  name: 'LZ4',
  sniff: (head) => {
    const at = isSkippableFrame(head, 0) ? SKIPPABLE_HEADER_BYTES + u32le(head, 4) : 0;
    if (at + 4 > head.length) return false;
    const magic = u32le(head, at);
    return magic === FRAME_MAGIC || magic === LEGACY_MAGIC;
  },
  open: (source, limit) => decompressed(new Lz4Decoder(source), limit),
};
