import { u16be } from '../../bytes/endian';
import type { HeaderView } from '../header-view';
import { hexOf } from '../header-view';
import { END, ETHERTYPE, NEXT_ETHERNET } from '../next';
import type { Protocol } from '../protocol';
import { afterLengthOrType, describeLengthOrType } from './ethernet';

/** A tag of fixed length that ends with the length/type field of what it was put before. */
const tag = (
  id: string,
  name: string,
  etherType: number,
  bytes: number,
  describe: (view: HeaderView) => string,
): Protocol => ({
  id,
  place: 'link',
  name,
  claims: [ETHERTYPE + etherType],
  step(cursor) {
    if (!cursor.has(bytes)) return END;
    const { at } = cursor;
    cursor.skip(bytes);
    return afterLengthOrType(cursor, u16be(cursor.bytes, at + bytes - 2));
  },
  describe(view) {
    const summary = describe(view);
    describeLengthOrType(view, id, bytes - 2);
    return summary;
  },
});

/** IEEE 802.1BR E-Tag. */
export const eTag = tag('etag', '802.1BR E-Tag', 0x893f, 8, (view) => {
  view.bits('etag.pcp', 'Priority Code Point', 0, 3);
  view.bits('etag.dei', 'Drop Eligible Indicator', 3, 1);
  view.bits('etag.iecid', 'Ingress E-CID Base', 4, 12);
  view.bits('etag.reserved', 'Reserved', 16, 2);
  view.bits('etag.grp', 'Group', 18, 2);
  view.bits('etag.ecid', 'E-CID Base', 20, 12);
  view.raw('etag.ext', 'E-CID Extensions', 4, 2);
  return `E-CID ${view.u16(2) & 0xfff}`;
});

/** Cisco VN-Tag. */
export const vnTag = tag('vntag', 'VN-Tag', 0x8926, 6, (view) => {
  view.bits('vntag.dir', 'Direction', 0, 1);
  view.bits('vntag.ptr', 'Pointer', 1, 1);
  view.bits('vntag.dst', 'Destination', 2, 14);
  view.bits('vntag.looped', 'Looped', 16, 1);
  view.bits('vntag.r', 'Reserved', 17, 1);
  view.bits('vntag.version', 'Version', 18, 2);
  view.bits('vntag.src', 'Source', 20, 12);
  return `${view.u16(2) & 0xfff} → ${view.u16(0) & 0x3fff}`;
});

/** High-availability Seamless Redundancy (IEC 62439-3). */
export const hsr = tag('hsr', 'High-availability Seamless Redundancy', 0x892f, 6, (view) => {
  view.bits('hsr.path', 'Path', 0, 4);
  view.bits('hsr.size', 'Size', 4, 12);
  view.uint('hsr.sequence_nr', 'Sequence Number', 2, 2);
  return `sequence ${view.u16(2)}`;
});

/** IEEE 802.1CB redundancy tag. */
export const redundancyTag = tag('ieee8021cb', '802.1CB Frame Replication and Elimination', 0xf1c1, 6, (view) => {
  view.hex('ieee8021cb.reserved', 'Reserved', 0, 2);
  view.uint('ieee8021cb.seq', 'Sequence Number', 2, 2);
  return `sequence ${view.u16(2)}`;
});

const ENCRYPTED = 0x08;
const CHANGED = 0x04;
const HAS_CHANNEL = 0x20;
const ICV_BYTES = 16;

/** MAC security (IEEE 802.1AE) where it only protects integrity; what is encrypted stays closed. */
export const macSec: Protocol = {
  id: 'macsec',
  place: 'link',
  name: '802.1AE MACsec',
  claims: [ETHERTYPE + 0x88e5],
  step(cursor) {
    if (!cursor.has(6)) return END;
    const { bytes, at } = cursor;
    const control = bytes[at]!;
    const length = 6 + (control & HAS_CHANNEL ? 8 : 0);
    if (control & (ENCRYPTED | CHANGED) || !cursor.has(length + 2)) {
      cursor.skip(Math.min(length, cursor.end - at));
      return END;
    }
    cursor.trim(ICV_BYTES);
    if (!cursor.has(length + 2)) return END;
    cursor.skip(length + 2);
    return afterLengthOrType(cursor, u16be(bytes, at + length));
  },
  describe(view) {
    const control = view.u8(0);
    view.bits('macsec.TCI', 'Tag Control Information', 0, 6, hexOf(2));
    view.bits('macsec.AN', 'Association Number', 6, 2);
    view.uint('macsec.SL', 'Short Length', 1, 1);
    view.uint('macsec.PN', 'Packet Number', 2, 4);
    const length = 6 + (control & HAS_CHANNEL ? 8 : 0);
    if (length > 6) view.raw('macsec.SCI', 'Secure Channel Identifier', 6, 8);
    if (!(control & (ENCRYPTED | CHANGED))) describeLengthOrType(view, 'macsec', length);
    return control & (ENCRYPTED | CHANGED) ? 'encrypted' : 'integrity only';
  },
};

/**
 * Cisco FabricPath: a forwarding tag behind addresses of switches, and the whole frame. Wireshark 4.0 takes its last four
 * bytes for a check sequence, which captures of it do not have: it reads four bytes less of each segment.
 */
export const fabricPath: Protocol = {
  id: 'cfp',
  place: 'link',
  name: 'Cisco FabricPath',
  claims: [ETHERTYPE + 0x8903],
  step(cursor) {
    if (!cursor.has(2)) return END;
    cursor.skip(2);
    return NEXT_ETHERNET;
  },
  describe(view) {
    view.bits('cfp.ftag', 'Forwarding Tag', 0, 10);
    view.bits('cfp.ttl', 'Time to Live', 10, 6);
    return `FTAG ${view.u16(0) >>> 6}`;
  },
};

/** Transparent Interconnection of Lots of Links (RFC 6325 §3): a header, options, and the whole frame. */
export const trill: Protocol = {
  id: 'trill',
  place: 'link',
  name: 'TRILL',
  claims: [ETHERTYPE + 0x22f3],
  step(cursor) {
    if (!cursor.has(6)) return END;
    const length = 6 + ((u16be(cursor.bytes, cursor.at) >>> 6) & 0x1f) * 4;
    if (!cursor.has(length)) return END;
    cursor.skip(length);
    return NEXT_ETHERNET;
  },
  describe(view) {
    view.bits('trill.version', 'Version', 0, 2);
    view.bits('trill.reserved', 'Reserved', 2, 2);
    view.bits('trill.multi_dst', 'Multi Destination', 4, 1);
    view.bits('trill.op_len', 'Options Length', 5, 5);
    view.bits('trill.hop_cnt', 'Hop Count', 10, 6);
    view.hex('trill.egress_nick', 'Egress Nickname', 2, 2);
    view.hex('trill.ingress_nick', 'Ingress Nickname', 4, 2);
    if (view.headerBytes > 6) view.raw('trill.options', 'Options', 6, view.headerBytes - 6);
    return `${hexOf(4)(view.u16(4))} → ${hexOf(4)(view.u16(2))}`;
  },
};
