import { u16be } from '../../bytes/endian';
import type { Cursor } from '../cursor';
import { hexOf, setOrNot } from '../header-view';
import { END, NEXT_ETHERNET, NEXT_IP, NEXT_IPV6, UDP_PORT } from '../next';
import type { Protocol } from '../protocol';

/** Message that carries a user's packet. */
const G_PDU = 255;
const EXTENSION = 0x04;
/** Any of the three flags brings the four optional bytes (3GPP TS 29.281 §5.1). */
const OPTIONAL_PART = 0x07;
const V0_HEADER_BYTES = 20;

const IPV4 = 0x0800;
const IPV6 = 0x86dd;

/**
 * What a user's packet is, which nothing says: an IPv4 header of 20 to 56 bytes (0x4f rather begins PPP), IPv6, or an
 * Ethernet frame with either; Wireshark guesses the same.
 */
function userPacket(cursor: Cursor): number {
  if (!cursor.has(1)) return END;
  const first = cursor.bytes[cursor.at]!;
  if (first >= 0x45 && first <= 0x4e) return NEXT_IP;
  if (first >>> 4 === 6) return NEXT_IPV6;
  if (!cursor.has(14)) return END;
  const type = u16be(cursor.bytes, cursor.at + 12);
  return type === IPV4 || type === IPV6 ? NEXT_ETHERNET : END;
}

/** GPRS Tunnelling Protocol, user plane: versions 0 (3GPP TS 09.60) and 1 (TS 29.281). */
export const gtp: Protocol = {
  id: 'gtp',
  place: 'tunnel',
  name: 'GPRS Tunnelling Protocol',
  claims: [UDP_PORT + 2152, UDP_PORT + 2123, UDP_PORT + 3386],
  step(cursor) {
    const { bytes, at } = cursor;
    if (!cursor.has(8) || bytes[at + 1] !== G_PDU) return END;
    const first = bytes[at]!;
    // The protocol type bit tells GTP from GTP', which carries no user packets.
    if (!(first & 0x10)) return END;
    if (first >>> 5 === 0) {
      if (!cursor.has(V0_HEADER_BYTES)) return END;
      cursor.skip(V0_HEADER_BYTES);
      return userPacket(cursor);
    }
    if (first >>> 5 !== 1) return END;
    if (!(first & OPTIONAL_PART)) {
      cursor.skip(8);
      return userPacket(cursor);
    }
    if (!cursor.has(12)) return END;
    let next = first & EXTENSION ? bytes[at + 11]! : 0;
    cursor.skip(12);
    while (next !== 0) {
      const length = cursor.has(1) ? bytes[cursor.at]! * 4 : 0;
      if (length === 0 || !cursor.has(length)) return END;
      next = bytes[cursor.at + length - 1]!;
      cursor.skip(length);
    }
    return userPacket(cursor);
  },
  describe(view) {
    const first = view.u8(0);
    const version = first >>> 5;
    view.bits('gtp.flags.version', 'Version', 0, 3);
    view.bits('gtp.flags.payload', 'Protocol Type', 3, 1);
    if (version === 0) {
      view.bits('gtp.flags.reserved', 'Reserved', 4, 3);
      view.bits('gtp.flags.snn', 'SNDCP N-PDU Number Present', 7, 1, setOrNot);
    } else {
      view.bits('gtp.flags.reserved', 'Reserved', 4, 1);
      view.bits('gtp.flags.e', 'Extension Header Present', 5, 1, setOrNot);
      view.bits('gtp.flags.s', 'Sequence Number Present', 6, 1, setOrNot);
      view.bits('gtp.flags.pn', 'N-PDU Number Present', 7, 1, setOrNot);
    }
    view.hex('gtp.message', 'Message Type', 1, 1);
    view.uint('gtp.length', 'Length', 2, 2);
    if (version === 0) {
      view.uint('gtp.seq_number', 'Sequence Number', 4, 2);
      view.uint('gtp.flow_label', 'Flow Label', 6, 2);
      view.hex('gtp.npdu_number', 'SNDCP N-PDU Number', 8, 1);
      view.raw('gtp.tid', 'Tunnel Identifier', 12, 8);
      return `message ${view.u8(1)}`;
    }
    view.hex('gtp.teid', 'Tunnel Endpoint Identifier', 4, 4);
    if (first & OPTIONAL_PART) {
      view.uint('gtp.seq_number', 'Sequence Number', 8, 2);
      view.hex('gtp.npdu_number', 'N-PDU Number', 10, 1);
      view.hex('gtp.next', 'Next Extension Header Type', 11, 1);
      if (view.headerBytes > 12) view.raw('gtp.ext_hdr', 'Extension Headers', 12, view.headerBytes - 12);
    }
    return `TEID ${hexOf(8)(view.u32(4))}`;
  },
};
