import { u16be, u32be } from '../../bytes/endian';
import { message } from '../../model/message';
import type { Cursor } from '../cursor';
import { hexOf, hexText, setOrNot, type HeaderView } from '../header-view';
import { END, IP_PROTOCOL } from '../next';
import { ipProtocolMeaning, nameOf } from '../numbers';
import type { Protocol } from '../protocol';
import { JUMBOGRAM } from './ipv6';

/** Steps over a header of 8-byte units whose second byte counts those after the first (RFC 8200 §4). */
function stepUnits(cursor: Cursor): number {
  if (!cursor.has(2)) return END;
  const { bytes, at } = cursor;
  const length = (bytes[at + 1]! + 1) * 8;
  if (!cursor.has(length)) return END;
  cursor.skip(length);
  return IP_PROTOCOL + bytes[at]!;
}

function describeNext(view: HeaderView, id: string): number {
  const length = (view.u8(1) + 1) * 8;
  view.uint(`${id}.nxt`, 'Next Header', 0, 1, { meaning: ipProtocolMeaning(view.u8(0)) });
  view.uint(`${id}.len`, 'Header Extension Length', 1, 1, { meaning: message('{0} bytes', length) });
  return length;
}

const OPTION_NAMES: Readonly<Record<number, string>> = {
  0: 'Pad1',
  1: 'PadN',
  4: 'Tunnel Encapsulation Limit',
  5: 'Router Alert',
  0x07: 'CALIPSO',
  0x26: 'Quick-Start',
  0x63: 'RPL Option',
  0xc2: 'Jumbo Payload',
  0xc9: 'Home Address',
};
const PAD1 = 0;
const JUMBO_PAYLOAD = 0xc2;
const HOME_ADDRESS = 0xc9;

function describeOptions(view: HeaderView, id: string, length: number): void {
  const end = Math.min(length, view.captured);
  for (let at = 2; at < end;) {
    const type = view.u8(at);
    const bytes = type === PAD1 ? 1 : 2 + (at + 1 < end ? view.u8(at + 1) : 0);
    const name = OPTION_NAMES[type] ?? 'Option';
    if (at + bytes > end) {
      view.raw(`${id}.opt`, name, at, end - at, { verdict: 'bad', meaning: message('malformed') });
      view.notice(
        'bad-ipv6-option',
        'warning',
        message('IPv6 option {0} has an impossible length', type),
        at,
        end - at,
      );
      return;
    }
    const meaning = type === JUMBO_PAYLOAD && bytes === 6 ? message('{0} bytes', view.u32(at + 2)) : undefined;
    view.raw(`${id}.opt`, name, at, bytes, { meaning });
    at += bytes;
  }
  view.has(0, length);
}

function describeWithOptions(view: HeaderView, id: string): string {
  const length = describeNext(view, id);
  describeOptions(view, id, length);
  return `${length} bytes`;
}

/** The same for a header of options, which must fit into it: hosts discard a packet where they don't (RFC 8200 §4.2). */
function stepOptions(cursor: Cursor): number {
  const { bytes, at } = cursor;
  const next = stepUnits(cursor);
  if (next === END) return END;
  for (let option = at + 2; option < cursor.at;) {
    if (bytes[option] === PAD1) option++;
    else if (option + 2 > cursor.at || option + 2 + bytes[option + 1]! > cursor.at) return END;
    else option += 2 + bytes[option + 1]!;
  }
  return next;
}

/** Index of the data of an option of that type and length among those in `[at, end)`; -1 where there is none. */
function findOption(bytes: Uint8Array, at: number, end: number, type: number, length: number): number {
  while (at + 2 + length <= end) {
    if (bytes[at] === type && bytes[at + 1] === length) return at + 2;
    at += bytes[at] === PAD1 ? 1 : 2 + bytes[at + 1]!;
  }
  return -1;
}

/** Hop-by-hop options (RFC 8200 §4.3), among them the length of a jumbogram (RFC 2675). */
export const hopByHop: Protocol = {
  id: 'ipv6.hopopts',
  place: 'network',
  name: 'IPv6 Hop-by-Hop Options',
  claims: [IP_PROTOCOL + 0],
  step(cursor) {
    const { at } = cursor;
    const isJumbogram = cursor.extra === JUMBOGRAM;
    cursor.extra = 0;
    const next = stepOptions(cursor);
    if (!isJumbogram || next === END) return next;
    const option = findOption(cursor.bytes, at + 2, cursor.at, JUMBO_PAYLOAD, 4);
    const length = option < 0 ? 0 : u32be(cursor.bytes, option);
    // RFC 2675 §3: what fits into the ordinary length field is an error.
    if (length <= 0xffff) return END;
    cursor.narrow(length - (cursor.at - at));
    return next;
  },
  describe: (view) => describeWithOptions(view, 'ipv6.hopopts'),
};

/** Destination options (RFC 8200 §4.6). */
export const destinationOptions: Protocol = {
  id: 'ipv6.dstopts',
  place: 'network',
  name: 'IPv6 Destination Options',
  claims: [IP_PROTOCOL + 60],
  step(cursor) {
    const { bytes, at } = cursor;
    const next = stepOptions(cursor);
    // A mobile node's connections are those of its home address (RFC 6275 §6.3), which checksums count as well.
    const home =
      next === END || bytes !== cursor.addressBytes ? -1 : findOption(bytes, at + 2, cursor.at, HOME_ADDRESS, 16);
    if (home >= 0) cursor.sourceAt = home;
    return next;
  },
  describe: (view) => describeWithOptions(view, 'ipv6.dstopts'),
};

const ROUTING_TYPES: Readonly<Record<number, string>> = {
  0: 'Source Route (deprecated by RFC 5095)',
  2: 'Mobile IPv6',
  3: 'RPL Source Route',
  4: 'Segment Routing',
};

const SOURCE_ROUTE = 0;
const MOBILE = 2;
const RPL = 3;
const SEGMENT_ROUTING = 4;

/** Whether the addresses are written out; RPL (RFC 6554 §3) may leave out what they have in common. */
const holdsWholeAddresses = (type: number, compressed: number): boolean =>
  type === SOURCE_ROUTE || type === MOBILE || type === SEGMENT_ROUTING || (type === RPL && compressed === 0);

/** Routing header (RFC 8200 §4.4). While segments are left, the last address is the one that checksums count. */
export const routing: Protocol = {
  id: 'ipv6.routing',
  place: 'network',
  name: 'IPv6 Routing Header',
  claims: [IP_PROTOCOL + 43],
  step(cursor) {
    const { at, bytes } = cursor;
    const next = stepUnits(cursor);
    if (next === END || bytes[at + 3] === 0) return next;
    const type = bytes[at + 2]!;
    const addresses = (cursor.at - at - 8) >>> 4;
    // The fixed header's addresses lie in the same buffer, unless this header came in fragments.
    if (addresses > 0 && bytes === cursor.addressBytes && holdsWholeAddresses(type, bytes[at + 4]!))
      cursor.destinationAt = type === SEGMENT_ROUTING ? at + 8 : at + 8 + (addresses - 1) * 16;
    return next;
  },
  describe(view) {
    const length = describeNext(view, 'ipv6.routing');
    view.uint('ipv6.routing.type', 'Routing Type', 2, 1, { meaning: nameOf(ROUTING_TYPES, view.u8(2)) });
    view.uint('ipv6.routing.segleft', 'Segments Left', 3, 1);
    view.hex('ipv6.routing.reserved', 'Type-Specific Data', 4, 4);
    for (let at = 8; at + 16 <= length && view.has(at, 16); at += 16) view.ipv6('ipv6.routing.address', 'Address', at);
    return `type ${view.u8(2)}, ${view.u8(3)} left`;
  },
};

/** Fragment header (RFC 8200 §4.5). */
export const fragment: Protocol = {
  id: 'ipv6.fraghdr',
  place: 'network',
  name: 'IPv6 Fragment Header',
  claims: [IP_PROTOCOL + 44],
  step(cursor) {
    if (!cursor.has(8)) return END;
    const { bytes, at } = cursor;
    const next = bytes[at]!;
    const offset = u16be(bytes, at + 2) & 0xfff8;
    const more = (bytes[at + 3]! & 1) !== 0;
    cursor.skip(8);
    // An atomic fragment (RFC 6946) is whole.
    if (offset === 0 && !more) return IP_PROTOCOL + next;
    if (!cursor.quoted && cursor.end === cursor.packetEnd && cursor.end > cursor.at) {
      const { addressBytes, sourceAt, destinationAt } = cursor;
      const addresses = `${hexText(addressBytes, sourceAt, sourceAt + 16)} ${hexText(addressBytes, destinationAt, destinationAt + 16)}`;
      const whole = cursor.reassembler.add(
        `6 ${addresses} ${u32be(bytes, at + 4)}`,
        cursor.frame,
        cursor.seconds,
        bytes,
        cursor.at,
        cursor.end,
        offset,
        more,
      );
      if (!whole) return END;
      cursor.enter(whole, 0, whole.length);
      return IP_PROTOCOL + next;
    }
    return END;
  },
  describe(view) {
    view.uint('ipv6.fraghdr.nxt', 'Next Header', 0, 1, { meaning: ipProtocolMeaning(view.u8(0)) });
    view.hex('ipv6.fraghdr.reserved_octet', 'Reserved', 1, 1);
    const offset = view.u16(2) & 0xfff8;
    view.bits('ipv6.fraghdr.offset', 'Fragment Offset', 16, 13, String, { meaning: message('byte {0}', offset) });
    view.bits('ipv6.fraghdr.reserved_bits', 'Reserved', 29, 2);
    view.bits('ipv6.fraghdr.more', 'More Fragments', 31, 1, setOrNot);
    view.hex('ipv6.fraghdr.ident', 'Identification', 4, 4);
    return `byte ${offset}, identification ${hexOf(8)(view.u32(4))}`;
  },
};

/** Shim6 payload extension header (RFC 5533 §5.1). */
export const shim6: Protocol = {
  id: 'shim6',
  place: 'network',
  name: 'Shim6',
  claims: [IP_PROTOCOL + 140],
  step: stepUnits,
  describe(view) {
    const length = describeNext(view, 'shim6');
    view.raw('shim6.data', 'Data', 2, length - 2);
    return `${length} bytes`;
  },
};

/** Authentication header (RFC 4302): its length counts 4-byte words, less two. */
export const authentication: Protocol = {
  id: 'ah',
  place: 'network',
  name: 'Authentication Header',
  claims: [IP_PROTOCOL + 51],
  step(cursor) {
    if (!cursor.has(8)) return END;
    const { bytes, at } = cursor;
    const length = (bytes[at + 1]! + 2) * 4;
    if (!cursor.has(length)) return END;
    cursor.skip(length);
    return IP_PROTOCOL + bytes[at]!;
  },
  describe(view) {
    const length = (view.u8(1) + 2) * 4;
    view.uint('ah.next_header', 'Next Header', 0, 1, { meaning: ipProtocolMeaning(view.u8(0)) });
    view.uint('ah.length', 'Payload Length', 1, 1, { meaning: message('{0} bytes', length) });
    view.hex('ah.reserved', 'Reserved', 2, 2);
    view.hex('ah.spi', 'Security Parameters Index', 4, 4);
    view.uint('ah.sequence', 'Sequence Number', 8, 4);
    view.raw('ah.icv', 'Integrity Check Value', 12, length - 12);
    return `SPI ${hexOf(8)(view.u32(4))}`;
  },
};
