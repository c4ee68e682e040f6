import { u16be } from '../../bytes/endian';
import { END, GRE_PROTOCOL, linkType, NEXT_FRAME_RELAY, NEXT_SNAP, NLPID } from '../next';
import { etherTypeMeaning } from '../numbers';
import type { Protocol } from '../protocol';
import { afterCiscoProtocol } from './cisco-hdlc';

/** Low bit of each octet of the address: set in the last (Q.922 §3.3.2). */
const LAST_OCTET = 1;
/** Q.922 has up to 4; what is longer is wrong, but has an end all the same. */
const MAX_ADDRESS_BYTES = 16;
const UNNUMBERED_INFORMATION = 0x03;
const EXCHANGE_IDENTIFICATION = 0xaf;
/** The two low bits of a control field of one byte. */
const UNNUMBERED = 0x03;
const NLPID_SNAP = 0x80;

function addressBytes(bytes: Uint8Array, at: number, end: number): number {
  for (let length = 1; length <= MAX_ADDRESS_BYTES && at + length <= end; length++)
    if (bytes[at + length - 1]! & LAST_OCTET) return length;
  return 0;
}

/** What Cisco's encapsulation names, as far as it is known not to be a control field. */
const CISCO_PROTOCOLS = new Set([
  0x0111, 0x0600, 0x0800, 0x2000, 0x4242, 0x6003, 0x6558, 0x8035, 0x8038, 0x809b, 0x80f3, 0x8137, 0x8847, 0x8848,
  0x86dd, 0xfefe,
]);

/**
 * Length of the control field at `at`, behind an address of so many bytes: 0 where Cisco's encapsulation stands there
 * instead, -1 where nothing of IP's can follow.
 */
function controlBytes(bytes: Uint8Array, at: number, address: number): number {
  const control = bytes[at]!;
  if (control === UNNUMBERED_INFORMATION) return 1;
  // DLCI 0 is for the link's own management; an address of one byte has no right to be, and nothing more is read into it.
  if (address < 2 || ((bytes[at - address]! & 0xfc) === 0 && (bytes[at - address + 1]! & 0xf0) === 0)) return -1;
  if (CISCO_PROTOCOLS.has(u16be(bytes, at))) return 0;
  if (control === EXCHANGE_IDENTIFICATION) return -1;
  // Numbered frames and others, with a byte of padding where that is zero; two bytes but for unnumbered ones (Q.922 §3.4).
  const padding = control === 0 ? 1 : 0;
  return padding + ((bytes[at + padding]! & UNNUMBERED) === UNNUMBERED ? 1 : 2);
}

/**
 * Frame Relay: Q.922 address, then either a control field and NLPID (RFC 2427), or Cisco's encapsulation with an
 * EtherType.
 */
export const frameRelay: Protocol = {
  id: 'fr',
  place: 'link',
  name: 'Frame Relay',
  claims: [NEXT_FRAME_RELAY, linkType(107), GRE_PROTOCOL + 0x6559],
  step(cursor) {
    const { bytes, at, end } = cursor;
    const length = addressBytes(bytes, at, end);
    if (length === 0 || !cursor.has(length + 2)) return END;
    cursor.skip(length);
    const control = controlBytes(bytes, cursor.at, length);
    if (control < 0) return END;
    if (control === 0) {
      const protocol = u16be(bytes, cursor.at);
      cursor.skip(2);
      return afterCiscoProtocol(cursor, protocol);
    }
    if (!cursor.has(control + 1)) return END;
    cursor.skip(control);
    // A pad byte may bring the NLPID to an even offset (RFC 2427 §3).
    if (bytes[cursor.at] === 0) cursor.skip(1);
    if (!cursor.has(1)) return END;
    const nlpid = bytes[cursor.at]!;
    cursor.skip(1);
    return nlpid === NLPID_SNAP ? NEXT_SNAP : NLPID + nlpid;
  },
  describe(view) {
    const length = addressBytes(view.bytes, view.start, view.end) || 2;
    const dlci = ((view.u8(0) >>> 2) << 4) | (view.u8(1) >>> 4);
    view.bits('fr.upper_dlci', 'Upper DLCI', 0, 6);
    view.bits('fr.cr', 'Command/Response', 6, 1);
    view.bits('fr.lower_dlci', 'Lower DLCI', 8, 4);
    view.bits('fr.fecn', 'Forward Congestion Notification', 12, 1);
    view.bits('fr.becn', 'Backward Congestion Notification', 13, 1);
    view.bits('fr.de', 'Discard Eligibility', 14, 1);
    if (length > 2) view.raw('fr.third_dlci', 'Address Extension', 2, length - 2);
    const control = view.has(length, 2) ? controlBytes(view.bytes, view.start + length, length) : -1;
    if (control > 0) {
      view.hex('fr.control', 'Control', length, control);
      const padding = view.u8(length + control) === 0 ? 1 : 0;
      if (padding) view.hex('fr.pad', 'Padding', length + control, 1);
      view.hex('fr.nlpid', 'Network Layer Protocol Identifier', length + control + padding, 1);
    } else if (control === 0) {
      view.hex('fr.chdlctype', 'Protocol', length, 2, { meaning: etherTypeMeaning(view.u16(length)) });
      if (view.headerBytes > length + 2) view.hex('fr.pad', 'Padding', length + 2, 1);
    }
    return `DLCI ${dlci}`;
  },
};

/** The same with a byte before it that tells the direction. */
export const frameRelayWithDirection: Protocol = {
  id: 'fr.direction',
  place: 'capture',
  name: 'Frame Relay direction',
  claims: [linkType(206)],
  step(cursor) {
    if (!cursor.has(1)) return END;
    cursor.skip(1);
    return NEXT_FRAME_RELAY;
  },
  describe(view) {
    view.uint('frame.p2p_dir', 'Direction', 0, 1);
    return view.u8(0) === 0 ? 'received' : 'sent';
  },
};

const BEGINS_AND_ENDS = 0xc0;
const IS_CONTROL = 0x20;

/** Multilink Frame Relay between two devices (FRF.16.1 §2); only frames that one fragment holds whole are followed. */
export const multilinkFrameRelay: Protocol = {
  id: 'mfr',
  place: 'link',
  name: 'Multilink Frame Relay',
  claims: [linkType(182)],
  step(cursor) {
    if (!cursor.has(2)) return END;
    const flags = cursor.bytes[cursor.at]!;
    cursor.skip(2);
    return (flags & (BEGINS_AND_ENDS | IS_CONTROL)) === BEGINS_AND_ENDS ? NEXT_FRAME_RELAY : END;
  },
  describe(view) {
    const sequence = ((view.u8(0) & 0x1e) << 7) | view.u8(1);
    view.bits('mfr.first', 'First Fragment', 0, 1);
    view.bits('mfr.last', 'Last Fragment', 1, 1);
    view.bits('mfr.control', 'Control', 2, 1);
    view.put('mfr.sequence_num', 'Sequence Number', 3, 13, `${sequence}`);
    return `${sequence}`;
  },
};
