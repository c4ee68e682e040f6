import { u16be } from '../../bytes/endian';
import { message } from '../../model/message';
import { hexOf, type HeaderView } from '../header-view';
import {
  END,
  ETHERTYPE,
  GRE_PROTOCOL,
  linkType,
  NEXT_ETHERNET,
  NEXT_FRAME_RELAY,
  NEXT_LLC,
  NEXT_NETLINK,
  NEXT_PPP_HDLC,
} from '../next';
import { etherTypeMeaning, nameOf } from '../numbers';
import type { Protocol } from '../protocol';
import { ARPHRD_NETLINK, NETLINK_NETFILTER } from './netfilter-log';

const PACKET_TYPES: Readonly<Record<number, string>> = {
  0: 'to this host',
  1: 'broadcast',
  2: 'multicast',
  3: 'to another host',
  4: 'sent by this host',
};

/** ARPHRD_ numbers (linux/if_arp.h) for which the protocol field does not say what follows. */
const ARPHRD_FRAME_RELAY = 770;
const ARPHRD_IPGRE = 778;
const ARPHRD_IEEE80211_RADIOTAP = 803;
/** Protocol type of mirrored frames in GRE. */
const ERSPAN = 0x88be;

/** What follows a cooked header: by hardware type or by protocol (linux/if_ether.h's ETH_P_ numbers below 0x0600). */
function following(hardware: number, protocol: number): number {
  if (hardware === ARPHRD_NETLINK) return protocol === NETLINK_NETFILTER ? NEXT_NETLINK : END;
  if (protocol >= 0x0600) {
    if (hardware !== ARPHRD_IPGRE) return ETHERTYPE + protocol;
    // Without the header of GRE there is no sequence number, and without that ERSPAN has no header of its own.
    return protocol === ERSPAN ? NEXT_ETHERNET : GRE_PROTOCOL + protocol;
  }
  if (hardware === ARPHRD_FRAME_RELAY) return NEXT_FRAME_RELAY;
  if (hardware === ARPHRD_IEEE80211_RADIOTAP) return linkType(127);
  if (protocol === 0x0003) return NEXT_ETHERNET;
  if (protocol === 0x0004) return NEXT_LLC;
  if (protocol === 0x0007) return NEXT_PPP_HDLC;
  return END;
}

const packetType = (view: HeaderView, offset: number, bytes: 1 | 2): void => {
  const name = nameOf(PACKET_TYPES, bytes === 1 ? view.u8(offset) : view.u16(offset));
  view.uint('sll.pkttype', 'Packet Type', offset, bytes, { meaning: name });
};

/** Linux "cooked" capture, as from the device `any` (LINKTYPE_LINUX_SLL). */
export const linuxCooked: Protocol = {
  id: 'sll',
  place: 'link',
  name: 'Linux Cooked Capture',
  claims: [linkType(113)],
  step(cursor) {
    if (!cursor.has(16)) return END;
    const { bytes, at } = cursor;
    cursor.skip(16);
    return following(u16be(bytes, at + 2), u16be(bytes, at + 14));
  },
  describe(view) {
    packetType(view, 0, 2);
    view.uint('sll.hatype', 'Link-Layer Address Type', 2, 2);
    view.uint('sll.halen', 'Link-Layer Address Length', 4, 2);
    view.raw('sll.src.other', 'Link-Layer Address', 6, 8);
    view.hex('sll.etype', 'Protocol', 14, 2, { meaning: etherTypeMeaning(view.u16(14)) });
    return `${PACKET_TYPES[view.u16(0)] ?? view.u16(0)}`;
  },
};

/** Linux "cooked" capture, version 2 (LINKTYPE_LINUX_SLL2). */
export const linuxCooked2: Protocol = {
  id: 'sll2',
  place: 'link',
  name: 'Linux Cooked Capture v2',
  claims: [linkType(276)],
  step(cursor) {
    if (!cursor.has(20)) return END;
    const { bytes, at } = cursor;
    cursor.skip(20);
    return following(u16be(bytes, at + 8), u16be(bytes, at));
  },
  describe(view) {
    view.hex('sll.etype', 'Protocol', 0, 2, { meaning: etherTypeMeaning(view.u16(0)) });
    view.bits('sll.reserved', 'Reserved', 16, 16, hexOf(4));
    view.uint('sll.ifindex', 'Interface Index', 4, 4, { meaning: message('interface {0}', view.u32(4)) });
    view.uint('sll.hatype', 'Link-Layer Address Type', 8, 2);
    packetType(view, 10, 1);
    view.uint('sll.halen', 'Link-Layer Address Length', 11, 1);
    view.raw('sll.src.other', 'Link-Layer Address', 12, 8);
    return `${PACKET_TYPES[view.u8(10)] ?? view.u8(10)}, interface ${view.u32(4)}`;
  },
};
