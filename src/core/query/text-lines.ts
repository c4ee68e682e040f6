import { i32be } from '../bytes/endian';
import { HAS_SACK, NO_ACK, type SegmentFacts } from '../model/facts';
import { type Dialect, MIN_HEADER_BYTES, PacketText } from '../text/format';
import { linkTypeOf } from '../text/link-guess';
import type { Marks } from '../text/marks';

/** Reads packets of a text trace again, from their lines alone. */
export class TextLines {
  private readonly packet = new PacketText();

  constructor(readonly dialect: Dialect) {}

  /** What the lines of a packet say; the object is the same for the next one. */
  parse(lines: Uint8Array, marks: Marks | null): PacketText {
    this.packet.reset();
    this.dialect.parse(lines, 0, lines.length, this.packet, marks);
    return this.packet;
  }

  /**
   * The `index`-th segment, with numbers as printed; `null` where there is none.
   * @param ack its acknowledgment number as on the wire, which tells what SACK edges count from; `null` where nothing does
   */
  segment(lines: Uint8Array, index: number, ack: number | null): SegmentFacts | null {
    const packet = this.parse(lines, null);
    if (index >= packet.segmentCount) return null;
    const facts = packet.segments[index]!.copy();
    if (facts.options & HAS_SACK && ack !== null && !(facts.absent & NO_ACK))
      moveEdges(facts, (ack - facts.ack) | 0, ack);
    return facts;
  }

  /** The bytes that the lines give in hexadecimal. */
  packetBytes(lines: Uint8Array): Uint8Array {
    const packet = this.parse(lines, null);
    linkTypeOf(packet);
    return packet.hex.subarray(0, packet.hexLength);
  }
}

const SACK = 5;

/** Makes the edges of a SACK option those on the wire: as far from what is printed as the acknowledgment number is. */
function moveEdges(facts: SegmentFacts, distance: number, ack: number): void {
  const { bytes, headerCaptured } = facts;
  for (let at = MIN_HEADER_BYTES; at + 1 < headerCaptured; at += bytes[at]! <= 1 ? 1 : Math.max(2, bytes[at + 1]!)) {
    if (bytes[at] !== SACK) continue;
    // The segment that tcpdump counts from has a raw acknowledgment number and relative edges.
    const first = i32be(bytes, at + 2);
    const by = distance === 0 && isFar(first, ack) ? (ack - 1) | 0 : distance;
    for (let edge = at + 2; edge < at + bytes[at + 1]!; edge += 4) {
      const moved = (i32be(bytes, edge) + by) | 0;
      for (let i = 0; i < 4; i++) bytes[edge + i] = moved >>> (24 - 8 * i);
    }
  }
}

/** No window reaches so far (RFC 7323 §2.3). */
const isFar = (a: number, b: number): boolean => Math.abs((a - b) | 0) > 1 << 30;
