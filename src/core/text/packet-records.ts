import { grown, roomFor } from '../bytes/columns';
import type { SegmentFacts } from '../model/facts';
import type { Notice } from '../model/notice';
import type { PacketText } from './format';

/** A problem of a packet's text: where it is counts from the packet's own first line and byte. */
export type PlacedProblem = Omit<Notice, 'line' | 'offset' | 'packet'> & {
  readonly line: number;
  readonly offset: number;
};

const NO_PROBLEMS: readonly PlacedProblem[] = [];

const FIRST_WORDS = 1 << 14;
const FIRST_BYTES = 1 << 14;

const IS_PACKET = 1;
const IS_DELTA = 2;
const TIMED = 4;
const IS_CUT = 8;

/** What packets say, kept compactly, so that they need not be read again: words and bytes, one packet after the other. */
export class PacketRecords {
  /** Packets in it. */
  length = 0;
  private starts = new Uint32Array(1024);
  private words = new Int32Array(FIRST_WORDS);
  private wordCount = 0;
  private bytes = new Uint8Array(FIRST_BYTES);
  private byteCount = 0;
  /** Seconds can be wider than a word. */
  private seconds = new Float64Array(1024);
  private readonly problems = new Map<number, readonly PlacedProblem[]>();
  /** Something of the packet that is being put does not fit into a word. */
  private overflows = false;

  /** Keeps what a packet says, without its events and states, and returns its number; -1 where it does not fit. */
  put(packet: PacketText, problems: readonly PlacedProblem[]): number {
    const { wordCount, byteCount, length: record } = this;
    this.length++;
    this.overflows = false;
    if (record >= this.starts.length) {
      const room = roomFor(record + 1, record, 0);
      this.starts = grown(this.starts, room);
      this.seconds = grown(this.seconds, room);
    }
    this.starts[record] = this.wordCount;
    this.seconds[record] = packet.time.seconds;
    this.word(
      (packet.isPacket ? IS_PACKET : 0) |
        (packet.isDelta ? IS_DELTA : 0) |
        (packet.timed ? TIMED : 0) |
        (packet.isCut ? IS_CUT : 0),
    );
    this.word(packet.time.nanos);
    this.word(packet.wireBytes);
    this.word(packet.linkBytes);
    this.word(packet.linkType);
    this.word(packet.segmentCount);
    this.word(packet.hexLength);
    this.word(this.byteCount);
    this.keep(packet.hex, packet.hexLength);
    for (let i = 0; i < packet.segmentCount; i++) this.segment(packet.segments[i]!);
    if (this.overflows) {
      Object.assign(this, { wordCount, byteCount, length: record });
      return -1;
    }
    if (problems.length > 0) this.problems.set(record, problems);
    return record;
  }

  /** Fills a packet with what was kept of one, and returns its problems. */
  take(record: number, packet: PacketText): readonly PlacedProblem[] {
    const { words } = this;
    let at = this.starts[record]!;
    packet.reset();
    const marks = words[at++]!;
    packet.isPacket = (marks & IS_PACKET) !== 0;
    packet.isDelta = (marks & IS_DELTA) !== 0;
    packet.timed = (marks & TIMED) !== 0;
    packet.isCut = (marks & IS_CUT) !== 0;
    packet.time.seconds = this.seconds[record]!;
    packet.time.nanos = words[at++]!;
    packet.wireBytes = words[at++]!;
    packet.linkBytes = words[at++]!;
    packet.linkType = words[at++]!;
    const segments = words[at++]!;
    const hexLength = words[at++]!;
    let byteAt = words[at++]!;
    if (packet.hex.length < hexLength) packet.hex = new Uint8Array(hexLength);
    packet.hex.set(this.bytes.subarray(byteAt, byteAt + hexLength));
    packet.hexLength = hexLength;
    byteAt += hexLength;
    for (let i = 0; i < segments; i++) {
      const facts = packet.addSegment();
      at = this.takeSegment(at, facts);
      const held = facts.payloadAt + facts.payloadCaptured;
      if (facts.bytes.length < held) facts.bytes = new Uint8Array(held);
      facts.bytes.set(this.bytes.subarray(byteAt, byteAt + held));
      byteAt += held;
    }
    return this.problems.get(record) ?? NO_PROBLEMS;
  }

  private segment(facts: SegmentFacts): void {
    this.word(facts.family);
    this.word(facts.source);
    this.word(facts.destination);
    this.word(facts.sourcePort);
    this.word(facts.destinationPort);
    this.word(facts.seq);
    this.word(facts.ack);
    this.word(facts.flags);
    this.word(facts.window);
    this.word(facts.urgentPointer);
    this.word(facts.headerBytes);
    this.word(facts.headerCaptured);
    this.word(facts.payloadBytes);
    this.word(facts.checksum);
    this.word(facts.options);
    this.word(facts.defects);
    this.word(facts.absent);
    this.word(facts.windowIsScaled ? 1 : 0);
    this.word(facts.statedNotes);
    this.word(facts.mss);
    this.word(facts.windowScale);
    this.word(facts.tsValue);
    this.word(facts.tsEcho);
    this.word(facts.multipathSubtypes);
    this.word(facts.ttl);
    this.word(facts.ipId);
    this.word(facts.ecn);
    this.word(facts.payloadAt);
    this.word(facts.payloadCaptured);
    this.word(facts.sackBlocks);
    for (let edge = 0; edge < facts.sackBlocks * 2; edge++) this.word(facts.sack[edge]!);
    this.keep(facts.bytes, facts.payloadAt + facts.payloadCaptured);
  }

  private takeSegment(from: number, facts: SegmentFacts): number {
    const { words } = this;
    let at = from;
    facts.family = words[at++]!;
    facts.source = words[at++]!;
    facts.destination = words[at++]!;
    facts.sourcePort = words[at++]!;
    facts.destinationPort = words[at++]!;
    facts.seq = words[at++]!;
    facts.ack = words[at++]!;
    facts.flags = words[at++]!;
    facts.window = words[at++]!;
    facts.urgentPointer = words[at++]!;
    facts.headerBytes = words[at++]!;
    facts.headerCaptured = words[at++]!;
    facts.payloadBytes = words[at++]!;
    facts.checksum = words[at++]!;
    facts.options = words[at++]!;
    facts.defects = words[at++]!;
    facts.absent = words[at++]!;
    facts.windowIsScaled = words[at++] !== 0;
    facts.statedNotes = words[at++]!;
    facts.mss = words[at++]!;
    facts.windowScale = words[at++]!;
    facts.tsValue = words[at++]!;
    facts.tsEcho = words[at++]!;
    facts.multipathSubtypes = words[at++]!;
    facts.ttl = words[at++]!;
    facts.ipId = words[at++]!;
    facts.ecn = words[at++]!;
    facts.payloadAt = words[at++]!;
    facts.payloadCaptured = words[at++]!;
    facts.sackBlocks = words[at++]!;
    for (let edge = 0; edge < facts.sackBlocks * 2; edge++) facts.sack[edge] = words[at++]!;
    return at;
  }

  private word(value: number): void {
    if (this.wordCount === this.words.length)
      this.words = grown(this.words, roomFor(this.wordCount + 1, this.wordCount, 0));
    this.words[this.wordCount++] = value;
    if (value !== (value | 0)) this.overflows = true;
  }

  private keep(bytes: Uint8Array, length: number): void {
    const needed = this.byteCount + length;
    if (needed > this.bytes.length) this.bytes = grown(this.bytes, roomFor(needed, this.bytes.length, 0));
    this.bytes.set(bytes.subarray(0, length), this.byteCount);
    this.byteCount = needed;
  }
}
