import { i32be, u16be } from '../../bytes/endian';
import { checksumSum } from '../../bytes/checksum';
import { ipv4Text } from '../../model/addresses';
import { IPV4 } from '../../model/facts';
import { message } from '../../model/message';
import type { Cursor } from '../cursor';
import { hexOf, hexText, setOrNot, type HeaderView } from '../header-view';
import {
  AX25_PID,
  BSD_FAMILY,
  CISCO_HDLC_PROTOCOL,
  END,
  ETHERTYPE,
  GRE_PROTOCOL,
  IP_PROTOCOL,
  linkType,
  LLC_SAP,
  NEXT_IP,
  NEXT_IPV6,
  NLPID,
  PPP_PROTOCOL,
} from '../next';
import { ipProtocolMeaning, nameOf } from '../numbers';
import type { Protocol } from '../protocol';

const MIN_HEADER_BYTES = 20;
const MORE_FRAGMENTS = 0x2000;
const OFFSET_MASK = 0x1fff;

/** Options that carry a route (RFC 791 §3.1), whose last address is the real destination. */
const LOOSE_SOURCE_ROUTE = 131;
const STRICT_SOURCE_ROUTE = 137;

const ECN_NAMES: Readonly<Record<number, string>> = {
  0: 'not ECN-capable',
  1: 'ECN-capable, ECT(1)',
  2: 'ECN-capable, ECT(0)',
  3: 'congestion experienced',
};

/** Meaning of an ECN code point (RFC 3168 §5). */
export const ecnMeaning = (codePoint: number): ReturnType<typeof nameOf> => nameOf(ECN_NAMES, codePoint);

/** Internet Protocol version 4 (RFC 791). */
export const ipv4: Protocol = {
  id: 'ip',
  place: 'network',
  name: 'Internet Protocol Version 4',
  claims: [
    ETHERTYPE + 0x0800,
    IP_PROTOCOL + 4,
    PPP_PROTOCOL + 0x0021,
    PPP_PROTOCOL + 0x0800,
    LLC_SAP + 0x06,
    NLPID + 0xcc,
    AX25_PID + 0xcc,
    BSD_FAMILY + 2,
    GRE_PROTOCOL + 0x0800,
    CISCO_HDLC_PROTOCOL + 0x0800,
    NEXT_IP,
    linkType(228),
  ],
  step(cursor) {
    const { bytes, at } = cursor;
    if (cursor.end <= at) return END;
    const first = bytes[at]!;
    if (first >>> 4 !== 4) return first >>> 4 === 6 ? NEXT_IPV6 : END;
    const headerBytes = (first & 0x0f) << 2;
    if (headerBytes < MIN_HEADER_BYTES || cursor.end - at < MIN_HEADER_BYTES) return END;
    const totalBytes = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    // Length 0 comes from segmentation offload: the datagram is as long as the frame.
    cursor.packetEnd = cursor.limit;
    if (totalBytes !== 0) {
      if (totalBytes < headerBytes) return END;
      cursor.packetEnd = at + totalBytes;
      const limit = at + totalBytes;
      if (limit < cursor.limit) cursor.limit = limit;
      if (limit < cursor.end) cursor.end = limit;
    }
    if (cursor.end - at < headerBytes) return END;
    const fragment = (bytes[at + 6]! << 8) | bytes[at + 7]!;
    cursor.family = IPV4;
    cursor.addressBytes = bytes;
    cursor.sourceAt = at + 12;
    cursor.destinationAt = headerBytes === MIN_HEADER_BYTES ? at + 16 : destinationAt(bytes, at, headerBytes);
    if (cursor.destinationAt < 0) return END;
    cursor.ttl = bytes[at + 8]!;
    cursor.ipId = (bytes[at + 4]! << 8) | bytes[at + 5]!;
    cursor.ecn = bytes[at + 1]! & 3;
    cursor.at = at + headerBytes;
    if ((fragment & (MORE_FRAGMENTS | OFFSET_MASK)) !== 0) return reassemble(cursor, at, headerBytes, fragment);
    return IP_PROTOCOL + bytes[at + 9]!;
  },
  describe(view) {
    const headerBytes = (view.u8(0) & 0x0f) << 2;
    const totalBytes = view.u16(2);
    view.bits('ip.version', 'Version', 0, 4);
    view.bits('ip.hdr_len', 'Internet Header Length', 4, 4, String, {
      meaning: message('{0} bytes', headerBytes),
      verdict: headerBytes < MIN_HEADER_BYTES ? 'bad' : undefined,
    });
    describeTrafficClass(view, 'ip.dsfield', 'Differentiated Services', 8);
    view.uint('ip.len', 'Total Length', 2, 2, {
      meaning: totalBytes === 0 ? message('left to segmentation offload') : undefined,
      verdict:
        totalBytes === 0
          ? 'warning'
          : totalBytes < headerBytes || totalBytes > view.limit - view.start
            ? 'bad'
            : undefined,
    });
    view.hex('ip.id', 'Identification', 4, 2);
    const flags = view.u8(6) >>> 5;
    view.bits('ip.flags', 'Flags', 48, 3, hexOf(1), {
      children: view.children(() => {
        view.bits('ip.flags.rb', 'Reserved', 48, 1, setOrNot);
        view.bits('ip.flags.df', "Don't Fragment", 49, 1, setOrNot);
        view.bits('ip.flags.mf', 'More Fragments', 50, 1, setOrNot);
      }),
      meaning: flags & 2 ? message("don't fragment") : flags & 1 ? message('more fragments follow') : undefined,
    });
    view.bits('ip.frag_offset', 'Fragment Offset', 51, 13, String, {
      meaning: view.u16(6) & OFFSET_MASK ? message('byte {0}', (view.u16(6) & OFFSET_MASK) * 8) : undefined,
    });
    view.uint('ip.ttl', 'Time to Live', 8, 1);
    view.uint('ip.proto', 'Protocol', 9, 1, { meaning: ipProtocolMeaning(view.u8(9)) });
    const whole = headerBytes >= MIN_HEADER_BYTES && view.captured >= headerBytes;
    const good = whole && headerIsIntact(view.bytes, view.start, headerBytes);
    view.hex('ip.checksum', 'Header Checksum', 10, 2, {
      meaning: whole ? (good ? message('correct') : message('incorrect')) : undefined,
      verdict: whole ? (good ? 'good' : 'bad') : undefined,
    });
    view.ipv4('ip.src', 'Source Address', 12);
    view.ipv4('ip.dst', 'Destination Address', 16);
    if (headerBytes > MIN_HEADER_BYTES) describeOptions(view, headerBytes);
    return view.captured >= MIN_HEADER_BYTES ? `${ipv4Text(view.u32(12))} → ${ipv4Text(view.u32(16))}` : 'cut header';
  },
};

const headerIsIntact = (bytes: Uint8Array, at: number, headerBytes: number): boolean =>
  checksumSum(bytes, at, at + headerBytes) === 0xffff;

function reassemble(cursor: Cursor, at: number, headerBytes: number, fragment: number): number {
  const { bytes } = cursor;
  const protocol = bytes[at + 9]!;
  // A fragment that was not captured whole, or whose header is damaged, can't be put together with others.
  if (
    !cursor.quoted &&
    cursor.end === cursor.packetEnd &&
    cursor.end > cursor.at &&
    headerIsIntact(bytes, at, headerBytes)
  ) {
    const destination = i32be(bytes, cursor.destinationAt);
    const key = `4 ${i32be(bytes, at + 12)} ${destination} ${u16be(bytes, at + 4)} ${protocol} ${cursor.vlan}`;
    const whole = cursor.reassembler.add(
      key,
      cursor.frame,
      cursor.seconds,
      bytes,
      cursor.at,
      cursor.end,
      (fragment & OFFSET_MASK) * 8,
      (fragment & MORE_FRAGMENTS) !== 0,
    );
    if (!whole) return END;
    cursor.enter(whole, 0, whole.length);
    return IP_PROTOCOL + protocol;
  }
  if ((fragment & OFFSET_MASK) !== 0) return END;
  cursor.fragmented = true;
  return IP_PROTOCOL + protocol;
}

/**
 * Index of the address that the datagram is for in the end: the last of a source route, else the header's; -1 for a
 * source route without even a pointer, with which hosts discard the datagram.
 */
function destinationAt(bytes: Uint8Array, at: number, headerBytes: number): number {
  const end = at + headerBytes;
  let option = at + MIN_HEADER_BYTES;
  while (option < end) {
    const kind = bytes[option]!;
    if (kind === 0) break;
    if (kind === 1) {
      option++;
      continue;
    }
    const length = option + 1 < end ? bytes[option + 1]! : 0;
    if (length < 2 || option + length > end) break;
    if (kind === LOOSE_SOURCE_ROUTE || kind === STRICT_SOURCE_ROUTE) {
      if (length === 2) return -1;
      const pointer = bytes[option + 2]!;
      if (length >= 7 && pointer <= length - 3) return option + 3 + ((length - 3) >>> 2) * 4 - 4;
      break;
    }
    option += length;
  }
  return at + 16;
}

/** The traffic class octet: differentiated services code point (RFC 2474) and ECN (RFC 3168). */
export function describeTrafficClass(view: HeaderView, id: string, name: string, bit: number): void {
  const ecn = (bit & 7 ? (view.u16(bit >>> 3) >>> (8 - (bit & 7))) & 0xff : view.u8(bit >>> 3)) & 3;
  view.bits(id, name, bit, 8, hexOf(2), {
    children: view.children(() => {
      view.bits(`${id}.dscp`, 'Differentiated Services Code Point', bit, 6);
      view.bits(`${id}.ecn`, 'Explicit Congestion Notification', bit + 6, 2, String, { meaning: ecnMeaning(ecn) });
    }),
  });
}

const OPTION_NAMES: Readonly<Record<number, string>> = {
  0: 'End of Options',
  1: 'No-Operation',
  7: 'Record Route',
  68: 'Timestamp',
  82: 'Traceroute',
  130: 'Security',
  131: 'Loose Source Route',
  136: 'Stream Identifier',
  137: 'Strict Source Route',
  148: 'Router Alert',
};

function describeOptions(view: HeaderView, headerBytes: number): void {
  const end = Math.min(headerBytes, view.captured);
  const parts = view.children(() => {
    for (let at = MIN_HEADER_BYTES; at < end;) {
      const kind = view.u8(at);
      const name = OPTION_NAMES[kind] ?? 'IP Option';
      const length = kind < 2 ? 1 : at + 1 < end ? view.u8(at + 1) : 0;
      if (length < (kind < 2 ? 1 : 2) || at + length > end) {
        view.raw('ip.opt', name, at, end - at, { verdict: 'bad', meaning: message('malformed') });
        view.notice('bad-ip-option', 'warning', message('IP option {0} has an impossible length', kind), at, end - at);
        return;
      }
      view.raw('ip.opt', name, at, length);
      if (kind === 0) return;
      at += length;
    }
  });
  const value = hexText(view.bytes, view.start + MIN_HEADER_BYTES, view.start + end);
  view.has(MIN_HEADER_BYTES, headerBytes - MIN_HEADER_BYTES);
  if (end > MIN_HEADER_BYTES)
    view.put('ip.options', 'Options', MIN_HEADER_BYTES * 8, (end - MIN_HEADER_BYTES) * 8, value, { children: parts });
}
