import { u16be } from '../../bytes/endian';
import { hexOf } from '../header-view';
import { END, ETHERTYPE, linkType, NEXT_ETHERNET, NEXT_LLC } from '../next';
import { etherTypeMeaning } from '../numbers';
import type { Protocol } from '../protocol';

const PREAMBLE = 0x55;
const MPACKET_BYTES = 8;
const FCS_BYTES = 4;

/** Ethernet with its preamble (IEEE 802.3br mPackets); preempted frames, which come in pieces, are not followed. */
export const mPacket: Protocol = {
  id: 'fpp',
  name: 'IEEE 802.3br Frame Preemption',
  claims: [linkType(274)],
  step(cursor) {
    const { bytes, at } = cursor;
    if (!cursor.has(MPACKET_BYTES) || bytes[at] !== PREAMBLE) return END;
    const delimiter = bytes[at + 7]!;
    cursor.skip(MPACKET_BYTES);
    cursor.trim(FCS_BYTES);
    // Start delimiters of express packets and verify packets, and of the first piece of a preemptable one.
    return delimiter === 0xd5 || FIRST_PIECES.has(delimiter) ? NEXT_ETHERNET : END;
  },
  describe(view) {
    view.raw('fpp.preamble', 'Preamble', 0, 7);
    view.hex('fpp.delimiter', 'Start Delimiter', 7, 1);
    return hexOf(2)(view.u8(7));
  },
};
const FIRST_PIECES = new Set([0xe6, 0x4c, 0x7f, 0xb3]);

/** Hilscher netANALYZER: four bytes before an Ethernet frame with its frame check sequence. */
export const netAnalyzer: Protocol = {
  id: 'netanalyzer',
  name: 'Hilscher netANALYZER',
  claims: [linkType(240)],
  step(cursor) {
    if (!cursor.has(4)) return END;
    cursor.skip(4);
    return NEXT_ETHERNET;
  },
  describe(view) {
    view.raw('netanalyzer.header', 'Header', 0, 4);
    return view.hexText(0, 4);
  },
};

/** IP over IEEE 1394 as macOS captures it: two 8-byte addresses and an EtherType. */
export const firewire: Protocol = {
  id: 'ap1394',
  name: 'Apple IP-over-IEEE 1394',
  claims: [linkType(138)],
  step(cursor) {
    if (!cursor.has(18)) return END;
    const { bytes, at } = cursor;
    cursor.skip(18);
    return ETHERTYPE + u16be(bytes, at + 16);
  },
  describe(view) {
    view.raw('ap1394.dst', 'Destination', 0, 8);
    view.raw('ap1394.src', 'Source', 8, 8);
    view.hex('ap1394.type', 'Type', 16, 2, { meaning: etherTypeMeaning(view.u16(16)) });
    return `${view.hexText(8, 8)} → ${view.hexText(0, 8)}`;
  },
};

/** IP over Fibre Channel: a network header of two addresses, then LLC (RFC 4338). */
export const ipOverFibreChannel: Protocol = {
  id: 'ipfc',
  name: 'IP over Fibre Channel',
  claims: [linkType(122)],
  step(cursor) {
    if (!cursor.has(16)) return END;
    cursor.skip(16);
    return NEXT_LLC;
  },
  describe(view) {
    view.raw('ipfc.nh.da', 'Destination', 0, 8);
    view.raw('ipfc.nh.sa', 'Source', 8, 8);
    return `${view.hexText(8, 8)} → ${view.hexText(0, 8)}`;
  },
};

/** IP over InfiniBand: 40 bytes of pseudo-header, an EtherType, two reserved bytes (RFC 4391 §6). */
export const ipOverInfiniBand: Protocol = {
  id: 'ipoib',
  name: 'IP over InfiniBand',
  claims: [linkType(242)],
  step(cursor) {
    if (!cursor.has(44)) return END;
    const { bytes, at } = cursor;
    cursor.skip(44);
    return ETHERTYPE + u16be(bytes, at + 40);
  },
  describe(view) {
    view.raw('ipoib.grh', 'Global Route Header', 0, 40);
    view.hex('ipoib.type', 'Type', 40, 2, { meaning: etherTypeMeaning(view.u16(40)) });
    view.hex('ipoib.reserved', 'Reserved', 42, 2);
    return hexOf(4)(view.u16(40));
  },
};
