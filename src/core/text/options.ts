import {
  HAS_FAST_OPEN,
  HAS_MPTCP,
  HAS_MSS,
  HAS_SACK,
  HAS_SACK_PERMITTED,
  HAS_TIMESTAMPS,
  HAS_WINDOW_SCALE,
  OPTIONS_CUT,
  type SegmentFacts,
} from '../model/facts';
import { MAX_HEADER_BYTES, MIN_HEADER_BYTES } from './format';

/** Option kinds (IANA registry "TCP Option Kind Numbers"). */
export const KIND = {
  end: 0,
  nop: 1,
  mss: 2,
  windowScale: 3,
  sackPermitted: 4,
  sack: 5,
  echo: 6,
  echoReply: 7,
  timestamps: 8,
  cc: 11,
  ccNew: 12,
  ccEcho: 13,
  md5: 19,
  scps: 20,
  userTimeout: 28,
  ao: 29,
  multipath: 30,
  fastOpen: 34,
  accurateEcn0: 172,
  accurateEcn1: 174,
  experiment1: 253,
  experiment2: 254,
} as const;

/** Experiment identifier of Fast Open (RFC 7413 appendix). */
export const FAST_OPEN_EXPERIMENT = 0xf989;
/** SACK blocks that facts hold. */
const MAX_BLOCKS = 4;

/**
 * Writes the options that a text names as the bytes that they were, behind the fixed header of `facts`, and takes what
 * the tracker uses out of them. What does not fit into a header is left out.
 */
export class OptionWriter {
  private facts!: SegmentFacts;
  private at = 0;

  begin(facts: SegmentFacts): this {
    this.facts = facts;
    this.at = MIN_HEADER_BYTES;
    return this;
  }

  /** The header ends with the last option, padded to whole words. */
  end(): void {
    const { facts, at } = this;
    facts.headerCaptured = at;
    facts.headerBytes = (at + 3) & ~3;
    facts.payloadAt = facts.headerBytes;
    facts.bytes.fill(0, at, MAX_HEADER_BYTES);
  }

  /** The text names only some options, or breaks off: which there were is not known. */
  unknown(): void {
    this.facts.defects |= OPTIONS_CUT;
  }

  single(kind: number): void {
    if (this.at < MAX_HEADER_BYTES) this.facts.bytes[this.at++] = kind;
  }

  mss(value: number): void {
    if (!this.open(KIND.mss, 2)) return;
    this.u16(value);
    this.facts.mss = value & 0xffff;
    this.facts.options |= HAS_MSS;
  }

  windowScale(shift: number): void {
    if (!this.open(KIND.windowScale, 1)) return;
    this.u8(shift);
    this.facts.windowScale = shift & 0xff;
    this.facts.options |= HAS_WINDOW_SCALE;
  }

  sackPermitted(): void {
    if (this.open(KIND.sackPermitted, 0)) this.facts.options |= HAS_SACK_PERMITTED;
  }

  /** @param edges left, right, left, right… as raw bits */
  sack(edges: readonly number[]): void {
    if (edges.length === 0 || !this.open(KIND.sack, edges.length * 4)) return;
    for (const edge of edges) this.u32(edge);
    const { facts } = this;
    const blocks = Math.min(edges.length >> 1, MAX_BLOCKS);
    for (let i = 0; i < blocks * 2; i++) facts.sack[i] = edges[i]! | 0;
    facts.sackBlocks = blocks;
    facts.options |= HAS_SACK;
  }

  timestamps(value: number, echo: number): void {
    if (!this.open(KIND.timestamps, 8)) return;
    this.u32(value);
    this.u32(echo);
    this.facts.tsValue = value | 0;
    this.facts.tsEcho = echo | 0;
    this.facts.options |= HAS_TIMESTAMPS;
  }

  /** An option of 32 bits: echo, echo reply, connection counts. */
  word(kind: number, value: number): void {
    if (this.open(kind, 4)) this.u32(value);
  }

  /** Any option by its bytes; those that the tracker uses have methods of their own. */
  raw(kind: number, data: readonly number[]): void {
    if (kind === KIND.end || kind === KIND.nop) {
      this.single(kind);
      return;
    }
    if (!this.open(kind, data.length)) return;
    for (const byte of data) this.u8(byte);
    const { facts } = this;
    if (kind === KIND.fastOpen) facts.options |= HAS_FAST_OPEN;
    else if (kind === KIND.experiment1 || kind === KIND.experiment2) {
      if (((data[0] ?? 0) << 8) + (data[1] ?? 0) === FAST_OPEN_EXPERIMENT) facts.options |= HAS_FAST_OPEN;
    } else if (kind === KIND.multipath && data.length > 0) {
      facts.options |= HAS_MPTCP;
      facts.multipathSubtypes |= 1 << (data[0]! >>> 4);
    }
  }

  private open(kind: number, dataBytes: number): boolean {
    const { facts } = this;
    if (this.at + 2 + dataBytes > MAX_HEADER_BYTES) return false;
    facts.bytes[this.at++] = kind;
    facts.bytes[this.at++] = 2 + dataBytes;
    return true;
  }

  private u8(value: number): void {
    this.facts.bytes[this.at++] = value;
  }

  private u16(value: number): void {
    this.u8(value >>> 8);
    this.u8(value);
  }

  private u32(value: number): void {
    this.u16(value >>> 16);
    this.u16(value);
  }
}

/**
 * Takes the options out of bytes `[start, end)` that a text gives in hexadecimal, as they stand; the list may be cut.
 */
export function writeOptionBytes(writer: OptionWriter, bytes: ArrayLike<number>, start: number, end: number): void {
  for (let at = start; at < end;) {
    const kind = bytes[at]!;
    if (kind <= KIND.nop) {
      writer.single(kind);
      at++;
      continue;
    }
    const length = at + 1 < end ? bytes[at + 1]! : 0;
    if (length < 2 || at + length > end) {
      for (; at < end; at++) writer.single(bytes[at]!);
      return;
    }
    const u32 = (i: number): number => (bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!;
    const data = at + 2;
    if (kind === KIND.mss && length === 4) writer.mss((bytes[data]! << 8) | bytes[data + 1]!);
    else if (kind === KIND.windowScale && length === 3) writer.windowScale(bytes[data]!);
    else if (kind === KIND.sackPermitted && length === 2) writer.sackPermitted();
    else if (kind === KIND.timestamps && length === 10) writer.timestamps(u32(data), u32(data + 4));
    else if (kind === KIND.sack && length >= 10 && (length - 2) % 8 === 0) {
      const edges: number[] = [];
      for (let i = data; i < at + length; i += 4) edges.push(u32(i));
      writer.sack(edges);
    } else
      writer.raw(
        kind,
        Array.from({ length: length - 2 }, (_, i) => bytes[data + i]!),
      );
    at += length;
  }
}
