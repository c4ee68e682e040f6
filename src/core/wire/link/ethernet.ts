import { u16be } from '../../bytes/endian';
import type { Cursor } from '../cursor';
import type { HeaderView } from '../header-view';
import {
  CISCO_HDLC_PROTOCOL,
  END,
  ETHERTYPE,
  GRE_PROTOCOL,
  IP_PROTOCOL,
  linkType,
  NEXT_ETHERNET,
  NEXT_ISL,
  NEXT_LLC,
} from '../next';
import { etherTypeMeaning } from '../numbers';
import type { Protocol } from '../protocol';

const HEADER_BYTES = 14;
/** Longest payload that the length/type field can mean (IEEE 802.3 §3.2.6). */
const MAX_LENGTH = 1500;
const MIN_TYPE = 0x0600;

/**
 * What a length/type field says: the EtherType of what follows, or how long an LLC frame is. The cursor stands behind
 * the field.
 */
export function afterLengthOrType(cursor: Cursor, lengthOrType: number): number {
  if (lengthOrType >= MIN_TYPE) return ETHERTYPE + lengthOrType;
  if (lengthOrType === 0 || lengthOrType > MAX_LENGTH) return END;
  cursor.narrow(lengthOrType);
  // "Raw 802.3": IPX without LLC begins with its unused checksum field.
  if (cursor.has(2) && u16be(cursor.bytes, cursor.at) === 0xffff) return END;
  return NEXT_LLC;
}

/** Describes a length/type field. */
export function describeLengthOrType(view: HeaderView, prefix: string, offset: number): void {
  const value = view.u16(offset);
  if (value >= MIN_TYPE) view.hex(`${prefix}.type`, 'Type', offset, 2, { meaning: etherTypeMeaning(value) });
  else view.uint(`${prefix}.len`, 'Length', offset, 2);
}

/** The multicast addresses of Cisco's Inter-Switch Link, whose last byte holds something else. */
const isInterSwitchLink = (bytes: Uint8Array, at: number): boolean =>
  (bytes[at] === 0x01 || bytes[at] === 0x0c) &&
  bytes[at + 1] === 0 &&
  bytes[at + 2] === 0x0c &&
  bytes[at + 3] === 0 &&
  bytes[at + 4] === 0;

/** Ethernet II and IEEE 802.3, from the destination address on. */
export const ethernet: Protocol = {
  id: 'eth',
  place: 'link',
  name: 'Ethernet',
  claims: [
    linkType(1),
    NEXT_ETHERNET,
    ETHERTYPE + 0x6558,
    GRE_PROTOCOL + 0x6558,
    GRE_PROTOCOL + 0x6400,
    CISCO_HDLC_PROTOCOL + 0x6558,
    IP_PROTOCOL + 143,
  ],
  step(cursor) {
    const { bytes, at } = cursor;
    if (cursor.end - at < HEADER_BYTES) return END;
    cursor.at = at + HEADER_BYTES;
    const type = (bytes[at + 12]! << 8) | bytes[at + 13]!;
    if (type >= MIN_TYPE) return ETHERTYPE + type;
    if (type !== 0 && isInterSwitchLink(bytes, at)) {
      cursor.at = at;
      return NEXT_ISL;
    }
    return afterLengthOrType(cursor, type);
  },
  describe(view) {
    view.mac('eth.dst', 'Destination', 0);
    view.mac('eth.src', 'Source', 6);
    describeLengthOrType(view, 'eth', 12);
    return `${view.macText(6)} → ${view.macText(0)}`;
  },
};
