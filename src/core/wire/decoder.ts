import type { AddressTable } from '../model/addresses';
import type { SegmentFacts } from '../model/facts';

/** What a {@link FrameDecoder} finds. */
export interface DecoderSink {
  /** A TCP segment; several in one frame come outermost first. `facts` is reused for the next one. */
  segment(facts: SegmentFacts): void;
  /** A TCP header quoted in an ICMP error: addresses, ports and sequence number of the segment that caused it. */
  icmpError(facts: SegmentFacts, type: number, code: number): void;
}

/** One frame as a reader handed it out. */
export interface FrameDecoder {
  /**
   * Decodes one frame into segments. Never throws; what cannot be read is left to {@link describePacket} to show.
   * @param frame 0-based
   * @param bytes holds the frame at `[at, at + captured)`; it is not kept
   * @param seconds time of the frame, whole seconds, for reassembly timeouts
   * @returns false where the link type is not supported
   */
  decode(
    frame: number,
    linkType: number,
    fcsBytes: number,
    bytes: Uint8Array,
    at: number,
    captured: number,
    original: number,
    seconds: number,
  ): boolean;
}

export type FrameDecoderFactory = (addresses: AddressTable, sink: DecoderSink) => FrameDecoder;
