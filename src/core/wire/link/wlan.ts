import { u16be, u16le } from '../../bytes/endian';
import { message } from '../../model/message';
import type { Cursor } from '../cursor';
import { hexOf, hexText, setOrNot, type HeaderView } from '../header-view';
import { END, ETHERTYPE, GRE_PROTOCOL, NEXT_AMSDU, NEXT_ETHERNET, NEXT_LLC, NEXT_WLAN } from '../next';
import type { Protocol } from '../protocol';

/** Passed in `cursor.extra`: the header is padded to a multiple of four bytes. */
export const HEADER_PADDED = 1;
/** Passed in `cursor.extra`: the two bytes of the frame control field have changed places, as CAPWAP devices do. */
export const FRAME_CONTROL_SWAPPED = 2;

/** Frame control (IEEE 802.11 §9.2.4.1). */
const TYPE_DATA = 2;
/** Type "data", protocol version 0. */
const DATA = TYPE_DATA << 2;
const SUBTYPE_NO_DATA = 0x4;
const SUBTYPE_QOS = 0x8;
const TO_DS = 0x01;
const FROM_DS = 0x02;
const MORE_FRAGMENTS = 0x04;
const PROTECTED = 0x40;
/** In a QoS frame: an HT control field follows. */
const ORDER = 0x80;

/** QoS control (§9.2.4.5). */
const QOS_AMSDU = 0x0080;
const QOS_MESH = 0x0100;
const MESH_ADDRESSES = 0x03;
/** Whether a byte can be mesh flags: no reserved bit, no reserved address extension. */
const isMeshFlags = (flags: number): boolean => flags < MESH_ADDRESSES;

interface HeaderShape {
  /** Whole header with what follows it before the payload; 0 where it isn't a data frame with a payload. */
  readonly bytes: number;
  readonly qosAt: number;
  readonly meshAt: number;
}

/** Length of the header of a data frame (§9.3.2.1). */
function headerBytes(bytes: Uint8Array, at: number, end: number, control: number, flags: number): HeaderShape {
  const subtype = control >>> 4;
  let length = 24;
  if ((flags & (TO_DS | FROM_DS)) === (TO_DS | FROM_DS)) length += 6;
  let qosAt = 0;
  let meshAt = 0;
  if (subtype & SUBTYPE_QOS) {
    qosAt = length;
    length += 2;
    if (flags & ORDER) length += 4;
    const isMesh = at + length < end && (u16le(bytes, at + qosAt) & QOS_MESH) !== 0 && isMeshFlags(bytes[at + length]!);
    // From a station without "from DS" that bit means something else.
    if (isMesh && flags & FROM_DS) meshAt = length;
  }
  return { bytes: length, qosAt, meshAt };
}

/** Protocol types with which Aruba's access points put frames into GRE. */
const ARUBA = Array.from({ length: 24 }, (_, i) => GRE_PROTOCOL + 0x8200 + i * 0x10);

/**
 * IEEE 802.11 data frames. Control and management frames carry no IP; protected ones can't be read.
 *
 * Fragments are put together like those of IP, per sender, receiver and sequence number.
 */
export const wlan: Protocol = {
  id: 'wlan',
  place: 'link',
  name: 'IEEE 802.11',
  claims: [NEXT_WLAN, ...ARUBA],
  step(cursor) {
    const { bytes, at } = cursor;
    if (!cursor.has(24)) return END;
    const { extra } = cursor;
    cursor.extra = 0;
    const swapped = extra & FRAME_CONTROL_SWAPPED ? 1 : 0;
    const control = bytes[at + swapped]!;
    const flags = bytes[at + 1 - swapped]!;
    const shape = headerBytes(bytes, at, cursor.end, control, flags);
    let length = shape.bytes;
    if ((control & 0x0f) !== DATA || (control >>> 4) & SUBTYPE_NO_DATA) return END;
    if (extra & HEADER_PADDED) length = (length + 3) & ~3;
    if (!cursor.has(length)) return END;
    const qos = shape.qosAt ? u16le(bytes, at + shape.qosAt) : 0;
    if (shape.meshAt) {
      length += 6 + (cursor.has(length + 1) ? (bytes[at + length]! & MESH_ADDRESSES) * 6 : 0);
      if (!cursor.has(length)) return END;
    }
    cursor.skip(length);
    if (flags & PROTECTED) return END;
    const sequence = u16le(bytes, at + 22);
    const piece = sequence & 0x0f;
    if ((piece !== 0 || flags & MORE_FRAGMENTS) && !reassemble(cursor, at, sequence >>> 4, piece, flags)) return END;
    if (qos & QOS_AMSDU) return NEXT_AMSDU;
    return payload(cursor, bytes, at, flags);
  },
  describe(view) {
    const flags = view.u8(1);
    const type = (view.u8(0) >>> 2) & 3;
    view.bits('wlan.fc.subtype', 'Subtype', 0, 4);
    view.bits('wlan.fc.type', 'Type', 4, 2, String, { meaning: TYPE_MEANINGS[type] });
    view.bits('wlan.fc.version', 'Version', 6, 2);
    view.bits('wlan.flags', 'Flags', 8, 8, hexOf(2), {
      children: view.children(() => {
        view.bits('wlan.fc.order', '+HTC/Order', 8, 1, setOrNot);
        view.bits('wlan.fc.protected', 'Protected', 9, 1, setOrNot);
        view.bits('wlan.fc.moredata', 'More Data', 10, 1, setOrNot);
        view.bits('wlan.fc.pwrmgt', 'Power Management', 11, 1, setOrNot);
        view.bits('wlan.fc.retry', 'Retry', 12, 1, setOrNot);
        view.bits('wlan.fc.frag', 'More Fragments', 13, 1, setOrNot);
        view.bits('wlan.fc.fromds', 'From Distribution System', 14, 1, setOrNot);
        view.bits('wlan.fc.tods', 'To Distribution System', 15, 1, setOrNot);
      }),
    });
    view.uint('wlan.duration', 'Duration', 2, 2);
    view.mac('wlan.addr1', 'Address 1', 4);
    if (type !== TYPE_DATA || view.captured < 24) return `type ${type}`;
    view.mac('wlan.addr2', 'Address 2', 10);
    view.mac('wlan.addr3', 'Address 3', 16);
    const sequence = u16le(view.bytes, view.start + 22);
    view.put('wlan.seq', 'Sequence Control', 176, 16, `${sequence >>> 4}`, {
      meaning: message('fragment {0}', sequence & 15),
    });
    describeOptionalFields(view, flags);
    return `${view.macText(10)} → ${view.macText(4)}`;
  },
};

const TYPE_MEANINGS = [message('management'), message('control'), message('data'), message('extension')];

function describeOptionalFields(view: HeaderView, flags: number): void {
  const shape = headerBytes(view.bytes, view.start, view.end, view.u8(0), flags);
  if ((flags & (TO_DS | FROM_DS)) === (TO_DS | FROM_DS)) view.mac('wlan.addr4', 'Address 4', 24);
  if (shape.qosAt) {
    view.hex('wlan.qos', 'QoS Control', shape.qosAt, 2);
    if (flags & ORDER) view.hex('wlan.htc', 'HT Control', shape.qosAt + 2, 4);
  }
  if (view.headerBytes > shape.bytes)
    view.raw(
      shape.meshAt ? 'wlan.mesh_ctrl' : 'wlan.padding',
      shape.meshAt ? 'Mesh Control' : 'Padding',
      shape.bytes,
      view.headerBytes - shape.bytes,
    );
}

/**
 * What a data frame carries: LLC, except that some drivers put a whole Ethernet frame there (told by its repeating the
 * addresses), and some two zero bytes first.
 */
function payload(cursor: Cursor, header: Uint8Array, at: number, flags: number): number {
  const { bytes } = cursor;
  if (!cursor.has(2)) return END;
  const first = u16be(bytes, cursor.at);
  if (first === 0xaaaa) return NEXT_LLC;
  // EtherType protocol discrimination (IEEE 802 §9.4), told from an LLC header by its being a known EtherType.
  if (cursor.knows(ETHERTYPE + first)) {
    cursor.skip(2);
    return ETHERTYPE + first;
  }
  if (cursor.has(14)) {
    const destinationAt = flags & TO_DS ? at + 16 : at + 4;
    const sourceAt = !(flags & FROM_DS) ? at + 10 : flags & TO_DS ? at + 24 : at + 16;
    if (same(bytes, cursor.at, header, destinationAt) || same(bytes, cursor.at + 6, header, sourceAt))
      return NEXT_ETHERNET;
  }
  if (first === 0xffff) return END;
  if (first === 0) cursor.skip(2);
  return NEXT_LLC;
}

function same(a: Uint8Array, i: number, b: Uint8Array, j: number): boolean {
  for (let k = 0; k < 6; k++) if (a[i + k] !== b[j + k]) return false;
  return true;
}

/** Adds a fragment; true where that made the frame whole, which the cursor is then at. */
function reassemble(cursor: Cursor, at: number, sequence: number, piece: number, flags: number): boolean {
  const { bytes } = cursor;
  const key = `w ${hexText(bytes, at + 4, at + 16)} ${sequence}`;
  const more = (flags & MORE_FRAGMENTS) !== 0;
  // The last fragment of a frame that nothing was seen of: some drivers hand out whole frames like that.
  if (!more && !cursor.reassembler.isOpen(key)) return true;
  if (cursor.end < cursor.limit) return false;
  const whole = cursor.reassembler.addNumbered(
    key,
    cursor.frame,
    cursor.seconds,
    bytes,
    cursor.at,
    cursor.end,
    piece,
    more,
  );
  if (!whole) return false;
  cursor.enter(whole, 0, whole.length);
  return true;
}

const SUBFRAME_BYTES = 14;

/** A-MSDU: several LLC frames in one, each with addresses and a length, padded to four bytes (§9.3.2.2). */
export const amsdu: Protocol = {
  id: 'wlan_aggregate',
  place: 'link',
  name: 'IEEE 802.11 A-MSDU Subframe',
  claims: [NEXT_AMSDU],
  step(cursor) {
    if (!cursor.has(SUBFRAME_BYTES)) return END;
    const length = u16be(cursor.bytes, cursor.at + 12);
    const next = cursor.at + ((SUBFRAME_BYTES + length + 3) & ~3);
    if (next < cursor.end) cursor.postpone(NEXT_AMSDU, next);
    cursor.narrow(SUBFRAME_BYTES + length);
    cursor.skip(SUBFRAME_BYTES);
    return NEXT_LLC;
  },
  describe(view) {
    view.mac('wlan_aggregate.a_mdsu.destination', 'Destination', 0);
    view.mac('wlan_aggregate.a_mdsu.source', 'Source', 6);
    view.uint('wlan_aggregate.a_mdsu.length', 'Length', 12, 2);
    return `${view.macText(6)} → ${view.macText(0)}`;
  },
};
