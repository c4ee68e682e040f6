import type { ChecksumVerdict } from './segment';

/** Address families of {@link SegmentFacts}. `NAME` addresses are whatever a text trace called the host. */
export const IPV4 = 4;
export const IPV6 = 6;
export const NAME = 0;

/** Option bits of {@link SegmentFacts.options}: which of the options that the tracker uses were there and well-formed. */
export const HAS_MSS = 0x01;
export const HAS_WINDOW_SCALE = 0x02;
export const HAS_SACK_PERMITTED = 0x04;
export const HAS_SACK = 0x08;
export const HAS_TIMESTAMPS = 0x10;
/** Fast Open cookie (RFC 7413), or its experimental form. */
export const HAS_FAST_OPEN = 0x20;
/** Multipath TCP (RFC 8684), any subtype. */
export const HAS_MPTCP = 0x40;

/** Defect: the capture ends within the first 16 bytes of the header. Flags and window are unknown (0). */
export const HEADER_CUT = 0x01;
/** Defect: the data offset is less than 5 words. Where options and payload begin is a guess. */
export const BAD_DATA_OFFSET = 0x02;
/**
 * Defect: how much payload there is cannot be told (`payloadBytes` is 0): the header is longer than the packet, the
 * packet is a fragment whose other pieces are missing, or the header is cut.
 */
export const LENGTH_UNKNOWN = 0x04;
/** Defect: the capture ends before the options do. Which options there were is not known. */
export const OPTIONS_CUT = 0x08;

/** Absent: the sequence number. {@link SegmentFacts.seq} is what follows from the segments before. */
export const NO_SEQ = 0x01;
/** Absent: the acknowledgment number. {@link SegmentFacts.ack} is what follows from the segments before. */
export const NO_ACK = 0x02;
/** Absent: the flags, and with them all numbers: the segment is listed, but neither judged nor followed. */
export const NO_FLAGS = 0x04;
/** Absent: the window. */
export const NO_WINDOW = 0x08;
/** Absent: the number that sequence numbers count from. {@link SegmentFacts.seq} counts from an invented one. */
export const NO_SEQ_BASE = 0x10;
/** Absent: the number that acknowledgment numbers count from. */
export const NO_ACK_BASE = 0x20;
/** Absent: the urgent pointer of a segment with the URG flag. */
export const NO_URGENT = 0x40;

/**
 * What a decoder (of frames or of text) hands to the tracker for one TCP segment: one object, refilled for every
 * segment, so whoever wants to keep something copies it. Integers are the raw bits in a signed 32-bit integer where
 * they are 32 bits wide (`seq`, `ack`, addresses, timestamps, SACK edges).
 */
export class SegmentFacts {
  /** 0-based frame; `FrameTable.numbers` knows its packet number. */
  frame = 0;
  /** {@link IPV4}, {@link IPV6} or {@link NAME}. */
  family = IPV4;
  /** IPv4: the address itself; else its number in the {@link AddressTable}. */
  source = 0;
  destination = 0;
  sourcePort = 0;
  destinationPort = 0;
  seq = 0;
  ack = 0;
  /** The nine named bits of `flags.ts`, and above them the three reserved ones as on the wire (0xE00). */
  flags = 0;
  /** As on the wire, unscaled. */
  window = 0;
  urgentPointer = 0;
  /** TCP header with options, in bytes, as its data offset says. */
  headerBytes = 20;
  /** Bytes of the header that are there: fewer where the capture or the packet ends before it does. */
  headerCaptured = 20;
  /** Payload by the IP length (not what was captured), in bytes. */
  payloadBytes = 0;
  /** Index into `CHECKSUM_VERDICTS`. */
  checksum = 0;
  /** Bits `HAS_*`. */
  options = 0;
  /** Bits {@link HEADER_CUT}, {@link BAD_DATA_OFFSET}, {@link LENGTH_UNKNOWN}; 0 for a whole header. */
  defects = 0;
  /** Bits `NO_*`: what a text trace does not carry. 0 for what was decoded from bytes. */
  absent = 0;
  /** What relative numbers of the text count from; only where {@link absent} has `NO_SEQ_BASE`, `NO_ACK_BASE`. */
  statesBases = false;
  seqBase = 0;
  ackBase = 0;
  /** `window` is scaled already: the tracker divides by the shift that it knows then. */
  windowIsScaled = false;
  /** Notes that the text itself states, as bits of the notes column; -1 where it states none or anything. */
  statedNotes = -1;
  mss = 0;
  /** Shift count as on the wire (may be above 14). */
  windowScale = 0;
  tsValue = 0;
  tsEcho = 0;
  /** SACK blocks as left, right, left, right…; `sackBlocks` of them are valid. */
  readonly sack = new Int32Array(8);
  sackBlocks = 0;
  /** Multipath TCP subtypes of the options (RFC 8684 §8.2): bit `i` is subtype `i`. */
  multipathSubtypes = 0;
  /** IP layer, 0 where unknown: time to live or hop limit, IPv4 identification, ECN code point. */
  ttl = 0;
  ipId = 0;
  ecn = 0;
  /** Where the captured payload is, for those who compare bytes; `payloadCaptured` may be less than `payloadBytes`. */
  bytes: Uint8Array = NO_BYTES;
  payloadAt = 0;
  payloadCaptured = 0;

  /** An object of its own with the same values; its `bytes` are the TCP header and the captured payload alone. */
  copy(): SegmentFacts {
    const { sack, bytes, payloadAt, payloadCaptured, ...values } = this;
    const copy = Object.assign(new SegmentFacts(), values);
    copy.sack.set(sack);
    copy.bytes = bytes.slice(payloadAt - this.headerBytes, payloadAt + payloadCaptured);
    copy.payloadAt = this.headerBytes;
    copy.payloadCaptured = payloadCaptured;
    return copy;
  }
}

const NO_BYTES = new Uint8Array(0);

/** Order of the verdicts in columns. */
export const CHECKSUM_VERDICTS: readonly ChecksumVerdict[] = ['unverified', 'good', 'bad', 'partial'];
export const UNVERIFIED = 0;
export const GOOD = 1;
export const BAD = 2;
export const PARTIAL = 3;
