import { u16be, u16le, u32le } from '../../bytes/endian';
import { message } from '../../model/message';
import { END, linkType, NEXT_AAL5, NEXT_CISCO_HDLC, NEXT_ETHERNET, NEXT_IP, NEXT_IPV6, NEXT_PPP_HDLC } from '../next';
import type { Protocol } from '../protocol';

/** Headers that a capture program put before a frame of another link type, which they name. */

const IEEE80211 = 105;
const FCS_BYTES = 4;
/** Field about an 802.11 reception, whose flags follow eight bytes of time. */
const COMMON_80211 = 2;
const FLAGS_AT = 12;
const FLAG_FCS = 1;

/** Whether the fields of a per-packet information header say that the frame ends with its check sequence. */
function hasCheckSequence(bytes: Uint8Array, at: number, end: number): boolean {
  while (at + 4 <= end) {
    const length = 4 + u16le(bytes, at + 2);
    if (u16le(bytes, at) === COMMON_80211 && at + FLAGS_AT + 2 <= end)
      return (u16le(bytes, at + FLAGS_AT) & FLAG_FCS) !== 0;
    at += length;
  }
  return false;
}

/** CACE Per-Packet Information: fields about the reception, and the link type of what follows. */
export const perPacketInformation: Protocol = {
  id: 'ppi',
  place: 'capture',
  name: 'Per-Packet Information',
  claims: [linkType(192)],
  step(cursor) {
    if (!cursor.has(8)) return END;
    const { bytes, at } = cursor;
    const length = u16le(bytes, at + 2);
    const type = u32le(bytes, at + 4);
    if (length < 8 || !cursor.has(length)) return END;
    if (type === IEEE80211 && hasCheckSequence(bytes, at + 8, at + length)) cursor.trim(FCS_BYTES);
    cursor.skip(length);
    return type < 0x10000 && type !== 192 ? linkType(type) : END;
  },
  describe(view) {
    const length = u16le(view.bytes, view.start + 2);
    const type = u32le(view.bytes, view.start + 4);
    view.uint('ppi.version', 'Version', 0, 1);
    view.hex('ppi.flags', 'Flags', 1, 1);
    view.hex('ppi.length', 'Header Length', 2, 2, { meaning: message('{0} bytes', length) });
    view.hex('ppi.dlt', 'Data Link Type', 4, 4, { meaning: message('link type {0}', type) });
    if (length > 8) view.raw('ppi.field', 'Fields', 8, length - 8);
    return `link type ${type}`;
  },
};

const PKTAP_HAS_PACKET = 1;

/** Apple's pktap: which process and interface a packet belongs to, and the link type of what follows. */
export const pktap: Protocol = {
  id: 'pktap',
  place: 'capture',
  name: 'Apple PKTAP',
  claims: [linkType(258), linkType(149)],
  step(cursor) {
    if (!cursor.has(12)) return END;
    const { bytes, at } = cursor;
    const length = u32le(bytes, at);
    const type = u32le(bytes, at + 8);
    if (length < 12 || !cursor.has(length)) return END;
    cursor.skip(length);
    return u32le(bytes, at + 4) === PKTAP_HAS_PACKET && type < 0x10000 && type !== 258 ? linkType(type) : END;
  },
  describe(view) {
    const length = u32le(view.bytes, view.start);
    const type = u32le(view.bytes, view.start + 8);
    view.hex('pktap.hdrlen', 'Header Length', 0, 4, { meaning: message('{0} bytes', length) });
    view.hex('pktap.rectype', 'Record Type', 4, 4);
    view.hex('pktap.dlt', 'Data Link Type', 8, 4, { meaning: message('link type {0}', type) });
    if (length > 12) view.raw('pktap.info', 'Packet Information', 12, length - 12);
    return `link type ${type}`;
  },
};

const ERF_HEADER_BYTES = 16;
const ERF_EXTENSION_BYTES = 8;
const ERF_MORE = 0x80;
/** ERF record types, without the bit that announces extension headers. */
const ERF_ETHERNET = new Set([2, 11, 16, 20]);
const ERF_HDLC = new Set([1, 5, 10, 15, 17, 19]);
/** Those with a multichannel header of four bytes. */
const ERF_MULTICHANNEL = new Set([5, 9, 17]);
const ERF_AAL5 = new Set([4, 9]);
const ERF_IPV4 = 22;
const ERF_IPV6 = 23;

/** Endace Extensible Record Format. */
export const endace: Protocol = {
  id: 'erf',
  place: 'capture',
  name: 'Endace Extensible Record Format',
  claims: [linkType(197)],
  step(cursor) {
    if (!cursor.has(ERF_HEADER_BYTES)) return END;
    const { bytes, at } = cursor;
    const type = bytes[at + 8]! & 0x7f;
    const wireBytes = u16be(bytes, at + 14);
    let more = bytes[at + 8]! & ERF_MORE;
    cursor.skip(ERF_HEADER_BYTES);
    while (more) {
      if (!cursor.has(ERF_EXTENSION_BYTES)) return END;
      more = bytes[cursor.at]! & ERF_MORE;
      cursor.skip(ERF_EXTENSION_BYTES);
    }
    if (ERF_ETHERNET.has(type)) {
      if (!cursor.has(2)) return END;
      cursor.skip(2);
    }
    if (ERF_MULTICHANNEL.has(type)) {
      if (!cursor.has(4)) return END;
      cursor.skip(4);
    }
    cursor.narrow(wireBytes);
    if (ERF_ETHERNET.has(type)) return NEXT_ETHERNET;
    if (ERF_AAL5.has(type)) return NEXT_AAL5;
    if (type === ERF_IPV4) return NEXT_IP;
    if (type === ERF_IPV6) return NEXT_IPV6;
    if (!ERF_HDLC.has(type) || !cursor.has(1)) return END;
    const address = bytes[cursor.at]!;
    return address === 0x0f || address === 0x8f ? NEXT_CISCO_HDLC : NEXT_PPP_HDLC;
  },
  describe(view) {
    view.raw('erf.ts', 'Timestamp', 0, 8);
    view.hex('erf.types', 'Type', 8, 1);
    view.hex('erf.flags', 'Flags', 9, 1);
    view.uint('erf.rlen', 'Record Length', 10, 2);
    view.uint('erf.lctr', 'Loss Counter', 12, 2);
    view.uint('erf.wlen', 'Wire Length', 14, 2);
    if (view.headerBytes > ERF_HEADER_BYTES)
      view.raw('erf.ehdr', 'Extension and Subheaders', ERF_HEADER_BYTES, view.headerBytes - ERF_HEADER_BYTES);
    return `type ${view.u8(8) & 0x7f}`;
  },
};
