import { readU16, readU32, u16be, u16le, u32le } from '../../bytes/endian';
import { END, ETHERTYPE, linkType, NEXT_IP, NEXT_IPV6, NEXT_NETLINK } from '../next';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';

const HEADER_BYTES = 4;
const PACKET_HEADER = 1;
const PAYLOAD = 9;
const AF_INET = 2;
const AF_INET6 = 10;

const TYPES: Readonly<Record<number, string>> = {
  1: 'Packet Header',
  2: 'Mark',
  3: 'Timestamp',
  4: 'Input Interface',
  5: 'Output Interface',
  6: 'Physical Input Interface',
  7: 'Physical Output Interface',
  8: 'Hardware Address',
  9: 'Payload',
  10: 'Prefix',
  11: 'User ID',
  12: 'Sequence Number',
  13: 'Global Sequence Number',
  14: 'Group ID',
  15: 'Hardware Type',
  16: 'Hardware Header',
  17: 'Hardware Header Length',
};

/** Whether the attributes fit into the bytes when their lengths are read that way. */
function fits(bytes: Uint8Array, at: number, end: number, u16: typeof u16be): boolean {
  while (at + 4 <= end) {
    const length = u16(bytes, at);
    if (length < 4 || at + length > end) return false;
    at += (length + 3) & ~3;
  }
  return true;
}

/** The byte order of the host that captured: nothing says it, but only one of them gives lengths that fit. */
const byteOrder = (bytes: Uint8Array, at: number, end: number): typeof u16be =>
  fits(bytes, at, end, u16le) || !fits(bytes, at, end, u16be) ? u16le : u16be;

/** Linux netfilter log (NFLOG): attributes, one of which holds the packet, and one may tell its EtherType. */
export const netfilterLog: Protocol = {
  id: 'nflog',
  place: 'capture',
  name: 'Linux Netfilter Log',
  claims: [linkType(239)],
  step(cursor) {
    const { bytes, at, end } = cursor;
    if (!cursor.has(HEADER_BYTES)) return END;
    const family = bytes[at]!;
    const u16 = byteOrder(bytes, at + HEADER_BYTES, end);
    let payloadAt = -1;
    let protocol = 0;
    for (let next = at + HEADER_BYTES; next + 4 <= end;) {
      const length = u16(bytes, next);
      if (length < 4 || next + length > cursor.limit) break;
      const type = u16(bytes, next + 2);
      if (type === PAYLOAD && payloadAt < 0) payloadAt = next;
      // In network byte order, whatever that of the lengths is.
      if (type === PACKET_HEADER && next + 6 <= end) protocol = u16be(bytes, next + 4);
      next += (length + 3) & ~3;
    }
    if (payloadAt < 0) {
      cursor.skip(HEADER_BYTES);
      return END;
    }
    cursor.skip(payloadAt - at);
    cursor.narrow(u16(bytes, payloadAt));
    cursor.skip(4);
    if (protocol !== 0) return ETHERTYPE + protocol;
    return family === AF_INET ? NEXT_IP : family === AF_INET6 ? NEXT_IPV6 : END;
  },
  describe(view) {
    const u16 = byteOrder(view.bytes, view.start + HEADER_BYTES, view.end);
    view.uint('nflog.family', 'Family', 0, 1);
    view.uint('nflog.version', 'Version', 1, 1);
    view.uint('nflog.res_id', 'Resource ID', 2, 2);
    for (let at = HEADER_BYTES; view.start + at + 4 <= Math.min(view.next, view.end);) {
      const length = u16(view.bytes, view.start + at);
      const type = u16(view.bytes, view.start + at + 2);
      if (length < 4) break;
      const shown = type === PAYLOAD ? 4 : length;
      view.raw('nflog.tlv', TYPES[type] ?? 'Attribute', at, shown, { meaning: nameOf(TYPES, type) });
      at += (length + 3) & ~3;
    }
    return `group ${view.u16(2)}`;
  },
};

const COOKED_BYTES = 16;
/** Hardware type of netlink sockets (linux/if_arp.h). */
export const ARPHRD_NETLINK = 824;
/** Family of sockets about netfilter (linux/netlink.h). */
export const NETLINK_NETFILTER = 12;

/** Packets of Linux's netlink sockets, as an "nlmon" device has them, where they are about netfilter. */
export const netlink: Protocol = {
  id: 'netlink',
  place: 'capture',
  name: 'Linux Netlink',
  claims: [linkType(253)],
  step(cursor) {
    if (!cursor.has(COOKED_BYTES)) return END;
    const { bytes, at } = cursor;
    cursor.skip(COOKED_BYTES);
    return u16be(bytes, at + 2) === ARPHRD_NETLINK && u16be(bytes, at + 14) === NETLINK_NETFILTER ? NEXT_NETLINK : END;
  },
  describe(view) {
    view.uint('netlink.pkttype', 'Packet Type', 0, 2);
    view.uint('netlink.hatype', 'Link-layer Type', 2, 2);
    view.raw('netlink.unused', 'Reserved', 4, 10);
    view.uint('netlink.family', 'Family', 14, 2);
    return `family ${view.u16(14)}`;
  },
};

const MESSAGE_BYTES = 16;
/** Netfilter's subsystem for logs, and its one message. */
const LOG_PACKET = 0x0400;

/** Whether the numbers of the message at the cursor are little-endian: its length tells. */
const isLittle = ({ bytes, at, limit }: { bytes: Uint8Array; at: number; limit: number }): boolean =>
  u32le(bytes, at) <= limit - at;

/** A message among those of one packet: of logs each holds a packet (linux/netfilter/nfnetlink_log.h). */
export const netlinkMessage: Protocol = {
  id: 'netlink.message',
  place: 'capture',
  name: 'Netlink message',
  claims: [NEXT_NETLINK],
  step(cursor) {
    if (!cursor.has(MESSAGE_BYTES)) return END;
    const { bytes, at } = cursor;
    const little = isLittle(cursor);
    const length = readU32(bytes, at, little);
    if (length < MESSAGE_BYTES) return END;
    const following = at + ((length + 3) & ~3);
    if (length < cursor.end - at && following < cursor.end) cursor.postpone(NEXT_NETLINK, following);
    cursor.narrow(length);
    cursor.skip(MESSAGE_BYTES);
    return readU16(bytes, at + 4, little) === LOG_PACKET ? linkType(239) : END;
  },
  describe(view) {
    const { bytes, start } = view;
    const little = isLittle({ bytes, at: start, limit: view.limit });
    const type = readU16(bytes, start + 4, little);
    view.put('netlink.hdr_len', 'Length', 0, 32, `${readU32(bytes, start, little)}`);
    view.put('netlink.hdr_type', 'Message Type', 32, 16, `0x${type.toString(16).padStart(4, '0')}`);
    view.put(
      'netlink.hdr_flags',
      'Flags',
      48,
      16,
      `0x${readU16(bytes, start + 6, little)
        .toString(16)
        .padStart(4, '0')}`,
    );
    view.put('netlink.hdr_seq', 'Sequence Number', 64, 32, `${readU32(bytes, start + 8, little)}`);
    view.put('netlink.hdr_pid', 'Port ID', 96, 32, `${readU32(bytes, start + 12, little)}`);
    return `type ${type}`;
  },
};
