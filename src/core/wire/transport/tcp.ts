import { checksumSum, foldSum } from '../../bytes/checksum';
import { i32be } from '../../bytes/endian';
import {
  BAD,
  BAD_DATA_OFFSET,
  GOOD,
  HAS_FAST_OPEN,
  HAS_MPTCP,
  HAS_MSS,
  HAS_SACK,
  HAS_SACK_PERMITTED,
  HAS_TIMESTAMPS,
  HAS_WINDOW_SCALE,
  HEADER_CUT,
  IPV4,
  IPV6,
  LENGTH_UNKNOWN,
  OPTIONS_CUT,
  PARTIAL,
  UNVERIFIED,
  type SegmentFacts,
} from '../../model/facts';
import type { Cursor } from '../cursor';
import { END, IP_PROTOCOL } from '../next';
import type { Protocol } from '../protocol';
import { describeTcp } from './tcp-describe';
import {
  END_OF_OPTIONS,
  EXPERIMENT_1,
  EXPERIMENT_2,
  FAST_OPEN,
  FAST_OPEN_EXPERIMENT,
  MAXIMUM_SEGMENT_SIZE,
  MULTIPATH,
  NO_OPERATION,
  SACK,
  SACK_PERMITTED,
  TIMESTAMPS,
  WINDOW_SCALE,
} from './tcp-options';

const MIN_HEADER_BYTES = 20;
/** Up to the window: without these a segment says nothing, and Wireshark shows no more than the ports. */
const ESSENTIAL_BYTES = 16;
const IP_PROTOCOL_TCP = 6;
const ALIGNED_TIMESTAMPS = 0x0101080a;

/** Transmission Control Protocol (RFC 9293 §3.1). The end of every walk: it hands facts to the sink. */
export const tcp: Protocol = {
  id: 'tcp',
  place: 'transport',
  name: 'Transmission Control Protocol',
  claims: [IP_PROTOCOL + IP_PROTOCOL_TCP],
  step(cursor) {
    const { bytes, at, facts } = cursor;
    const captured = cursor.end - at;
    if (captured < 4 || cursor.family === 0) return END;
    takeAddresses(cursor, facts);
    facts.sourcePort = (bytes[at]! << 8) | bytes[at + 1]!;
    facts.destinationPort = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (facts.bytes !== bytes) facts.bytes = bytes;
    facts.options = 0;
    facts.sackBlocks = 0;
    facts.multipathSubtypes = 0;
    if (captured < ESSENTIAL_BYTES) {
      takeCutHeader(cursor, facts, captured);
    } else {
      const headerBytes = (bytes[at + 12]! >>> 4) << 2;
      const length = cursor.limit - at;
      facts.seq = i32be(bytes, at + 4);
      facts.ack = i32be(bytes, at + 8);
      facts.flags = ((bytes[at + 12]! << 8) | bytes[at + 13]!) & 0xfff;
      facts.window = (bytes[at + 14]! << 8) | bytes[at + 15]!;
      facts.urgentPointer = captured >= MIN_HEADER_BYTES ? (bytes[at + 18]! << 8) | bytes[at + 19]! : 0;
      facts.headerBytes = headerBytes;
      facts.headerCaptured = headerBytes < captured ? headerBytes : captured;
      facts.defects = headerBytes < MIN_HEADER_BYTES ? BAD_DATA_OFFSET : 0;
      const payloadAt = at + headerBytes;
      facts.payloadAt = payloadAt;
      if (payloadAt > cursor.end) facts.defects |= OPTIONS_CUT;
      if (headerBytes > length || cursor.fragmented || cursor.sampled) {
        facts.defects |= LENGTH_UNKNOWN;
        facts.payloadBytes = 0;
        facts.payloadCaptured = 0;
      } else {
        facts.payloadBytes = length - headerBytes;
        facts.payloadCaptured = cursor.end > payloadAt ? cursor.end - payloadAt : 0;
      }
      if (headerBytes > MIN_HEADER_BYTES)
        scanOptions(facts, bytes, at + MIN_HEADER_BYTES, payloadAt < cursor.end ? payloadAt : cursor.end);
      facts.checksum = checksumVerdict(cursor, at, headerBytes, length);
    }
    // The payload is what is left for those who ask.
    const payloadAt = at + (facts.headerBytes < MIN_HEADER_BYTES ? MIN_HEADER_BYTES : facts.headerBytes);
    cursor.at = payloadAt < cursor.end ? payloadAt : cursor.end;
    if (cursor.quoted) cursor.sink.icmpError(facts, cursor.errorType, cursor.errorCode);
    else cursor.sink.segment(facts);
    return END;
  },
  describe: describeTcp,
};

function takeAddresses(cursor: Cursor, facts: SegmentFacts): void {
  const { addressBytes, sourceAt, destinationAt, family } = cursor;
  facts.frame = cursor.frame;
  facts.family = family;
  facts.ttl = cursor.ttl;
  facts.ipId = cursor.ipId;
  facts.ecn = cursor.ecn;
  if (family === IPV4) {
    facts.source = i32be(addressBytes, sourceAt);
    facts.destination = i32be(addressBytes, destinationAt);
  } else {
    facts.source = cursor.addresses.internIpv6(addressBytes, sourceAt);
    facts.destination = cursor.addresses.internIpv6(addressBytes, destinationAt);
  }
}

function takeCutHeader(cursor: Cursor, facts: SegmentFacts, captured: number): void {
  const { bytes, at } = cursor;
  facts.seq = captured >= 8 ? i32be(bytes, at + 4) : 0;
  facts.ack = captured >= 12 ? i32be(bytes, at + 8) : 0;
  facts.flags = 0;
  facts.window = 0;
  facts.urgentPointer = 0;
  facts.headerBytes = captured;
  facts.headerCaptured = captured;
  facts.defects = HEADER_CUT | LENGTH_UNKNOWN;
  facts.payloadAt = cursor.end;
  facts.payloadBytes = 0;
  facts.payloadCaptured = 0;
  facts.checksum = UNVERIFIED;
}

/** Takes what the tracker uses out of the options; a malformed one is passed over, an impossible length ends the list. */
function scanOptions(facts: SegmentFacts, bytes: Uint8Array, start: number, end: number): void {
  // What nearly every segment has (RFC 7323 appendix A): two no-operations and timestamps.
  if (end - start === 12 && i32be(bytes, start) === ALIGNED_TIMESTAMPS) {
    facts.tsValue = i32be(bytes, start + 4);
    facts.tsEcho = i32be(bytes, start + 8);
    facts.options = HAS_TIMESTAMPS;
    return;
  }
  for (let at = start; at < end;) {
    const kind = bytes[at]!;
    if (kind === NO_OPERATION) {
      at++;
      continue;
    }
    if (kind === END_OF_OPTIONS || at + 1 >= end) return;
    const length = bytes[at + 1]!;
    if (length < 2 || at + length > end) return;
    switch (kind) {
      case TIMESTAMPS:
        if (length === 10) {
          facts.tsValue = i32be(bytes, at + 2);
          facts.tsEcho = i32be(bytes, at + 6);
          facts.options |= HAS_TIMESTAMPS;
        }
        break;
      case SACK:
        if (length >= 10 && (length - 2) % 8 === 0) {
          const blocks = (length - 2) >>> 3;
          for (let i = 0; i < blocks * 2; i++) facts.sack[i] = i32be(bytes, at + 2 + i * 4);
          facts.sackBlocks = blocks;
          facts.options |= HAS_SACK;
        }
        break;
      case MAXIMUM_SEGMENT_SIZE:
        if (length === 4) {
          facts.mss = (bytes[at + 2]! << 8) | bytes[at + 3]!;
          facts.options |= HAS_MSS;
        }
        break;
      case WINDOW_SCALE:
        if (length === 3) {
          facts.windowScale = bytes[at + 2]!;
          facts.options |= HAS_WINDOW_SCALE;
        }
        break;
      case SACK_PERMITTED:
        if (length === 2) facts.options |= HAS_SACK_PERMITTED;
        break;
      case FAST_OPEN:
        facts.options |= HAS_FAST_OPEN;
        break;
      case MULTIPATH:
        if (length >= 3) {
          facts.options |= HAS_MPTCP;
          facts.multipathSubtypes |= 1 << (bytes[at + 2]! >>> 4);
        }
        break;
      case EXPERIMENT_1:
      case EXPERIMENT_2:
        if (length >= 4 && ((bytes[at + 2]! << 8) | bytes[at + 3]!) === FAST_OPEN_EXPERIMENT)
          facts.options |= HAS_FAST_OPEN;
        break;
    }
    at += length;
  }
}

/**
 * Checks the checksum over the pseudo-header, the header and the payload (RFC 9293 §3.1, RFC 8200 §8.1).
 *
 * `PARTIAL`: the field holds the sum of the pseudo-header alone, which a stack leaves there for the network card to
 * complete; some (Windows large send offload) leave the length out of it.
 */
function checksumVerdict(cursor: Cursor, at: number, headerBytes: number, length: number): number {
  const { bytes, end } = cursor;
  if (!cursor.verifyChecksums || cursor.fragmented || end < cursor.limit) return UNVERIFIED;
  if (headerBytes < MIN_HEADER_BYTES || length < ESSENTIAL_BYTES + 2) return UNVERIFIED;
  const withoutLength = addressSum(cursor) + IP_PROTOCOL_TCP;
  const pseudoHeader = foldSum(withoutLength + (length & 0xffff) + (length >>> 16));
  if (foldSum(pseudoHeader + checksumSum(bytes, at, end)) === 0xffff) return GOOD;
  const field = (bytes[at + 16]! << 8) | bytes[at + 17]!;
  return field === pseudoHeader || field === foldSum(withoutLength) ? PARTIAL : BAD;
}

/** Sum of the two addresses, not folded; small. */
function addressSum({ family, facts, addressBytes, sourceAt, destinationAt }: Cursor): number {
  if (family === IPV6)
    return (
      checksumSum(addressBytes, sourceAt, sourceAt + 16) + checksumSum(addressBytes, destinationAt, destinationAt + 16)
    );
  const { source, destination } = facts;
  return (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff);
}
