import {
  Z_BUF_ERROR,
  Z_NO_FLUSH,
  Z_OK,
  Z_STREAM_END,
  ZStream,
  zlibInflate,
  zlibInflateInit2,
  zlibInflateReset,
} from 'pako';
import type { ByteSource } from '../../bytes/source';
import { ByteWindow } from '../../bytes/window';
import { message } from '../../model/message';
import type { Compression } from '../format';
import { cutStream, damagedStream, DamagedStream, decompressed, type Decoder } from './decompressed';

const INPUT_BYTES = 1 << 16;
/** zlib's `windowBits`: the largest window, and a gzip header and trailer around it. */
const GZIP_ONLY = 15 + 16;

const isGzip = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0x1f && bytes[at + 1] === 0x8b;

/** gzip (RFC 1952) of any number of members, with their check sums verified. */
class GzipDecoder implements Decoder {
  consumed = 0;
  ended = false;
  private readonly window: ByteWindow;
  private readonly stream = new ZStream();
  private betweenMembers = false;

  constructor(source: ByteSource) {
    this.window = new ByteWindow(source, INPUT_BYTES);
    zlibInflateInit2(this.stream, GZIP_ONLY);
  }

  decode(target: Uint8Array<ArrayBuffer>, at: number): number {
    const { window, stream } = this;
    if (this.betweenMembers && !this.nextMember()) return 0;
    const available = window.load(this.consumed, 1);
    if (available === 0) throw cutStream();
    stream.input = window.bytes;
    stream.next_in = window.at(this.consumed);
    stream.avail_in = available;
    stream.output = target;
    stream.next_out = at;
    stream.avail_out = target.length - at;
    const status = zlibInflate(stream, Z_NO_FLUSH);
    const decoded = stream.next_out - at;
    this.consumed = window.base + stream.next_in;
    if (status === Z_STREAM_END) this.betweenMembers = true;
    else if (status !== Z_OK && status !== Z_BUF_ERROR) {
      // What came out before is still good: it is handed over first.
      if (decoded === 0) throw damagedStream(this.consumed);
    }
    return decoded;
  }

  /** Starts on the next member; false at the end. */
  private nextMember(): boolean {
    const { window } = this;
    const available = window.load(this.consumed, 2);
    const at = window.at(this.consumed);
    // Zeros fill up the blocks of a tape.
    if (available === 0 || window.bytes[at] === 0) this.ended = true;
    else if (!isGzip(window.bytes, at))
      throw new DamagedStream(
        message('What follows the compressed data at byte {0} of the file is not gzip.', this.consumed),
      );
    else zlibInflateReset(this.stream);
    this.betweenMembers = false;
    return !this.ended;
  }
}

export const gzip: Compression = {
  id: 'gzip',
  name: 'gzip',
  // The third byte is the method; "deflate" is the only one there has ever been.
  sniff: (head) => head.length >= 3 && isGzip(head, 0) && head[2] === 8,
  open: (source, limit) => decompressed(new GzipDecoder(source), limit),
};
