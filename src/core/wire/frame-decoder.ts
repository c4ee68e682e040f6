import type { AddressTable } from '../model/addresses';
import { Cursor } from './cursor';
import type { DecoderSink, FrameDecoder } from './decoder';
import { Reassembler } from './reassembly';
import { ANSWERS, isSupported } from './registry';
import { walk } from './walk';

export interface DecoderOptions {
  /** Whether TCP checksums are verified, which reads all payload; without it every verdict is `unverified`. */
  readonly verifyChecksums?: boolean | undefined;
}

/** A decoder of frames that also remembers which frames were put together. */
export interface TcpFrameDecoder extends FrameDecoder {
  /**
   * The earlier frames (0-based, ascending) whose fragments went into what was put together in this one; `null` where
   * nothing was or too many have been put together since. {@link describePacket} needs their bytes.
   */
  fragmentsOf(frame: number): Int32Array | null;
}

/** A decoder that hands every TCP segment it finds to `sink`. Frames must come in their order in the capture. */
export function createFrameDecoder(
  addresses: AddressTable,
  sink: DecoderSink,
  options: DecoderOptions = {},
): TcpFrameDecoder {
  const reassembler = new Reassembler();
  const cursor = new Cursor(addresses, sink, reassembler, options.verifyChecksums ?? true, ANSWERS);
  return {
    decode(frame, linkType, fcsBytes, bytes, at, captured, original, seconds) {
      if (!isSupported(linkType)) return false;
      cursor.start(frame, fcsBytes, bytes, at, captured, original, seconds);
      walk(cursor, linkType);
      return true;
    },
    fragmentsOf: (frame) => reassembler.fragmentsOf(frame),
  };
}
