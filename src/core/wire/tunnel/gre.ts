import { u16be } from '../../bytes/endian';
import type { Cursor } from '../cursor';
import { hexOf, setOrNot } from '../header-view';
import { END, GRE_PROTOCOL, IP_PROTOCOL, NEXT_ETHERNET, NEXT_IP, UDP_PORT } from '../next';
import { etherTypeMeaning } from '../numbers';
import type { Protocol } from '../protocol';

const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
const ACKNOWLEDGMENT = 0x0080;
const VERSION = 0x0007;
/** Web Cache Communication Protocol: version 2 puts a header of its own before the packet. */
const WCCP = 0x883e;
const ERSPAN = 0x88be;

/** Generic routing encapsulation (RFC 2784, RFC 2890; routing: RFC 1701; version 1: RFC 2637). */
export const gre: Protocol = {
  id: 'gre',
  place: 'tunnel',
  name: 'Generic Routing Encapsulation',
  claims: [IP_PROTOCOL + 47, UDP_PORT + 4754],
  step(cursor) {
    if (!cursor.has(4)) return END;
    const { bytes, at } = cursor;
    const flags = u16be(bytes, at);
    const protocol = u16be(bytes, at + 2);
    let length = 4;
    if (flags & (CHECKSUM | ROUTING)) length += 4;
    if (flags & KEY) length += 4;
    if (flags & SEQUENCE) length += 4;
    if ((flags & VERSION) === 1 && flags & ACKNOWLEDGMENT) length += 4;
    if (!cursor.has(length)) return END;
    cursor.skip(length);
    if (flags & ROUTING && !skipRoutes(cursor)) return END;
    if (protocol === WCCP) {
      if (cursor.has(4) && bytes[cursor.at]! >>> 4 !== 4) cursor.skip(4);
      return NEXT_IP;
    }
    // ERSPAN type I has no header of its own, and no sequence number by which to tell it.
    if (protocol === ERSPAN && !(flags & SEQUENCE)) return NEXT_ETHERNET;
    return GRE_PROTOCOL + protocol;
  },
  describe(view) {
    const flags = view.u16(0);
    const flag = (id: string, name: string, bit: number): void => view.bits(`gre.flags.${id}`, name, bit, 1, setOrNot);
    flag('checksum', 'Checksum Present', 0);
    flag('routing', 'Routing Present', 1);
    flag('key', 'Key Present', 2);
    flag('sequence_number', 'Sequence Number Present', 3);
    flag('strict_source_route', 'Strict Source Route', 4);
    view.bits('gre.flags.recursion_control', 'Recursion Control', 5, 3);
    flag('ack', 'Acknowledgment Present', 8);
    view.bits('gre.flags.reserved', 'Reserved', 9, 4);
    view.bits('gre.flags.version', 'Version', 13, 3);
    view.hex('gre.proto', 'Protocol Type', 2, 2, { meaning: etherTypeMeaning(view.u16(2)) });
    let at = 4;
    if (flags & (CHECKSUM | ROUTING)) {
      view.hex('gre.checksum', 'Checksum', at, 2);
      view.uint('gre.offset', 'Offset', at + 2, 2);
      at += 4;
    }
    if (flags & KEY) {
      view.hex('gre.key', 'Key', at, 4);
      at += 4;
    }
    if (flags & SEQUENCE) {
      view.uint('gre.sequence_number', 'Sequence Number', at, 4);
      at += 4;
    }
    if ((flags & VERSION) === 1 && flags & ACKNOWLEDGMENT) {
      view.uint('gre.ack_number', 'Acknowledgment Number', at, 4);
      at += 4;
    }
    if (view.headerBytes > at) view.raw('gre.routing', 'Routing', at, view.headerBytes - at);
    return hexOf(4)(view.u16(2));
  },
};

/** Steps over source route entries up to the empty one that ends them. */
function skipRoutes(cursor: Cursor): boolean {
  for (;;) {
    if (!cursor.has(4)) return false;
    const family = u16be(cursor.bytes, cursor.at);
    const length = cursor.bytes[cursor.at + 3]!;
    cursor.skip(4);
    if (family === 0 && length === 0) return true;
    if (!cursor.has(length)) return false;
    cursor.skip(length);
  }
}
