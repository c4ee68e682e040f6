import { ReadError } from '../bytes/source';
import type { ByteSource } from '../bytes/source';
import type { AddressTable } from '../model/addresses';
import { type CaptureInterface, TEXT_ONLY } from '../model/capture';
import { NO_ACK_BASE, type SegmentFacts } from '../model/facts';
import { message } from '../model/message';
import type { Notice } from '../model/notice';
import type { Layer, PacketDetail } from '../model/packet';
import type { FrameTable } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import { describePacket, type FrameBytes } from '../wire/describe';
import type { FrameDecoder } from '../wire/decoder';
import type { Marks } from '../text/marks';
import { createFrameDecoder } from '../wire/frame-decoder';
import { linkTypeName } from '../wire/link-types';
import type { TcpContext } from '../wire/transport/tcp-describe';
import { FrameReader } from './frame-reader';
import { describeText } from './text-detail';
import type { TextLines } from './text-lines';

/** Answers what needs a packet's bytes again: they stay in the file and are read when somebody asks. */
export class PacketQueries {
  private readonly reader: FrameReader;
  private readonly decoder: FrameDecoder;
  private wanted = 0;
  private met = 0;
  private found: SegmentFacts | null = null;

  constructor(
    source: ByteSource,
    private readonly interfaces: readonly CaptureInterface[],
    /** How the packets of a text trace are read; `null` in a capture. */
    private readonly text: TextLines | null,
    private readonly frames: FrameTable,
    private readonly tracker: Tracker,
    addresses: AddressTable,
    private readonly comments: ReadonlyMap<number, readonly string[]>,
    /** Earlier frames whose fragments were put together in a frame. */
    private readonly fragmentsOf: (frame: number) => Int32Array | null,
  ) {
    this.reader = new FrameReader(source, frames);
    this.decoder = createFrameDecoder(addresses, {
      segment: (facts) => {
        if (this.met++ === this.wanted) this.found = facts.copy();
      },
      icmpError: () => undefined,
    });
  }

  /** The segment's facts with its options and payload; `null` where its bytes are not to be had. */
  facts(segment: number): SegmentFacts | null {
    const frame = this.tracker.segments.frameOf(segment);
    this.wanted = segment - this.firstSegment(frame);
    try {
      for (const fragment of this.fragmentsOf(frame) ?? []) this.decode(fragment);
      this.met = 0;
      this.found = null;
      this.decode(frame, segment);
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      return null;
    }
    return this.found;
  }

  /** Number of the packet that a frame is. */
  numberOf(frame: number): number {
    return this.frames.numbers.of(frame);
  }

  /** The first segment of a frame, -1 where it has none. */
  firstSegment(frame: number): number {
    return this.tracker.segments.firstOf(frame);
  }

  private decode(frame: number, segment = -1): void {
    const { frames } = this;
    const { linkType, fcsBytes } = this.interfaceOf(frame);
    if (linkType === TEXT_ONLY) {
      const { segments } = this.tracker;
      const ack = segment < 0 || segments.absentOf(segment) & NO_ACK_BASE ? null : segments.ack[segment]!;
      this.found = this.text?.segment(this.reader.read(frame), this.wanted, ack) ?? null;
      return;
    }
    const bytes = this.packetBytes(frame);
    const seconds = frames.secondsOf(frame);
    this.decoder.decode(frame, linkType, fcsBytes, bytes, 0, bytes.length, frames.originalOf(frame), seconds);
  }

  /** The packet down to the bit; `contexts` says what the tracker knows about the segments in it. */
  detail(frame: number, contexts: readonly (TcpContext | null)[]): PacketDetail {
    const { frames } = this;
    const packet = frames.numbers.of(frame);
    const { linkType, name } = this.interfaceOf(frame);
    const isText = linkType === TEXT_ONLY;
    const about = {
      packet,
      time: frames.epochText(frame),
      capturedBytes: isText ? 0 : this.text === null ? frames.captured.of(frame) : frames.originalOf(frame),
      originalBytes: frames.originalOf(frame),
      interface: name,
      linkType: linkTypeName(linkType),
      comments: this.comments.get(packet) ?? [],
      fragments: Array.from(this.fragmentsOf(frame) ?? [], (fragment) => frames.numbers.of(fragment)),
    };
    try {
      if (isText && this.text !== null) return { ...about, ...describeText(this.reader.read(frame), this.text) };
      const earlier = Array.from(this.fragmentsOf(frame) ?? [], (fragment) => this.frameBytes(fragment));
      return { ...about, ...describePacket({ ...this.frameBytes(frame), earlier, tcp: contexts }) };
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      const text = message('The bytes of this packet cannot be read any more: {0}', error.sentence);
      const notice: Notice = { code: 'read-error', severity: 'error', message: text, packet };
      return { ...about, layers: [], buffers: [], notices: [notice] };
    }
  }

  /** The headers of a frame that stand in its own bytes, whatever was put together from them. */
  layers(frame: number): readonly Layer[] {
    return describePacket(this.frameBytes(frame)).layers.filter(({ buffer }) => buffer === 0);
  }

  private frameBytes(frame: number): FrameBytes {
    const { linkType, fcsBytes } = this.interfaceOf(frame);
    const originalBytes = this.frames.originalOf(frame);
    return { linkType, fcsBytes, bytes: this.packetBytes(frame).slice(), originalBytes };
  }

  /**
   * Captured bytes of a packet, valid until the next call: those of the file, or those that its text gives.
   * @throws {ReadError} as the source does
   */
  packetBytes(frame: number): Uint8Array {
    const bytes = this.reader.read(frame);
    return this.text === null ? bytes : this.text.packetBytes(bytes);
  }

  /** {@link packetBytes}; `null` where they are not to be had. */
  bytes(frame: number): Uint8Array | null {
    try {
      return this.packetBytes(frame);
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      return null;
    }
  }

  /** Tells what the pieces of a packet's lines mean; returns those lines, `null` where they are not to be had. */
  marks(frame: number, marks: Marks): Uint8Array | null {
    if (this.text === null) return null;
    try {
      const lines = this.reader.read(frame);
      this.text.parse(lines, marks);
      return lines;
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      return null;
    }
  }

  interfaceOf(frame: number): CaptureInterface {
    return this.interfaces[this.frames.interfaceOf(frame)]!;
  }
}
