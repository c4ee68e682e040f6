import { u16be } from '../../bytes/endian';
import { BARE_IPOIB } from '../../model/capture';
import { hexOf } from '../header-view';
import { END, ETHERTYPE, linkType, NEXT_ETHERNET, NEXT_LLC } from '../next';
import { etherTypeMeaning } from '../numbers';
import type { Protocol } from '../protocol';
import { hasGoodCheckSequence } from './frame-trailer';

const PREAMBLE = 0x55;
const MIN_PREAMBLE = 4;
const MAX_PREAMBLE = 8;
const FCS_BYTES = 4;

/**
 * Ethernet with its preamble (IEEE 802.3br mPackets). Express frames and preemptable ones that were not preempted are
 * followed; pieces, told by their inverted check sequence, are not.
 */
export const mPacket: Protocol = {
  id: 'fpp',
  place: 'link',
  name: 'IEEE 802.3br Frame Preemption',
  claims: [linkType(274)],
  step(cursor) {
    const { bytes, at } = cursor;
    const preamble = preambleBytes(bytes, at, cursor.end);
    const delimiter = preamble > 0 ? bytes[at + preamble]! : EXPRESS;
    if (preamble > 0) cursor.skip(preamble + 1);
    if (delimiter !== EXPRESS && !FIRST_PIECES.has(delimiter)) return END;
    const isWhole = cursor.end === cursor.limit;
    if (isWhole && !hasGoodCheckSequence(bytes, cursor.at, cursor.end)) return END;
    cursor.trim(FCS_BYTES);
    return NEXT_ETHERNET;
  },
  describe(view) {
    const preamble = preambleBytes(view.bytes, view.start, view.end);
    if (preamble === 0) return 'no preamble';
    view.raw('fpp.preamble', 'Preamble', 0, preamble);
    view.hex('fpp.delimiter', 'Start Delimiter', preamble, 1);
    return hexOf(2)(view.u8(preamble));
  },
};

/** Start delimiters: of express frames, and of preemptable ones and their first pieces. */
const EXPRESS = 0xd5;
const FIRST_PIECES = new Set([0xe6, 0x4c, 0x7f, 0xb3]);

/** Bytes of preamble before the start delimiter; 0 where there is none. */
function preambleBytes(bytes: Uint8Array, at: number, end: number): number {
  let count = 0;
  while (count < MAX_PREAMBLE && at + count < end && bytes[at + count] === PREAMBLE) count++;
  return count >= MIN_PREAMBLE && at + count < end ? count : 0;
}

/** IP over IEEE 1394 as macOS captures it: two 8-byte addresses and an EtherType. */
export const firewire: Protocol = {
  id: 'ap1394',
  place: 'link',
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
  place: 'link',
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

/** IP over InfiniBand: an EtherType and two reserved bytes (RFC 4391 §6), behind so many bytes of pseudo-header. */
const infiniBand = (id: string, number: number, pseudoBytes: number): Protocol => ({
  id,
  place: 'link',
  name: 'IP over InfiniBand',
  claims: [linkType(number)],
  step(cursor) {
    if (!cursor.has(pseudoBytes + 4)) return END;
    const { bytes, at } = cursor;
    cursor.skip(pseudoBytes + 4);
    return ETHERTYPE + u16be(bytes, at + pseudoBytes);
  },
  describe(view) {
    const type = view.u16(pseudoBytes);
    if (pseudoBytes > 0) view.raw('ipoib.grh', 'Global Route Header', 0, pseudoBytes);
    view.hex('ipoib.type', 'Type', pseudoBytes, 2, { meaning: etherTypeMeaning(type) });
    view.hex('ipoib.reserved', 'Reserved', pseudoBytes + 2, 2);
    return hexOf(4)(type);
  },
});

/** As libpcap has it, and as snoop. */
export const ipOverInfiniBand = infiniBand('ipoib', 242, 40);
export const bareIpOverInfiniBand = infiniBand('ipoib.bare', BARE_IPOIB, 0);

const EPON_START = 0xd555;
const EPON_BYTES = 6;
const ENCRYPTED = 0x02;

/** Bytes of the preamble before the start of the logical link's part; -1 where there is none. */
function eponFiller(bytes: Uint8Array, at: number, end: number): number {
  for (let filler = 0; filler <= 2 && at + filler + EPON_BYTES <= end; filler++) {
    if (u16be(bytes, at + filler) === EPON_START) return filler;
    if (bytes[at + filler] !== PREAMBLE) return -1;
  }
  return -1;
}

/** Ethernet on a passive optical network: the end of the preamble, which names the logical link (IEEE 802.3 §65.1.3.2). */
export const epon: Protocol = {
  id: 'epon',
  place: 'link',
  name: 'EPON Preamble',
  claims: [linkType(259)],
  step(cursor) {
    const filler = eponFiller(cursor.bytes, cursor.at, cursor.end);
    if (filler < 0) return END;
    cursor.skip(filler + EPON_BYTES);
    return cursor.bytes[cursor.at - 4]! & ENCRYPTED ? END : NEXT_ETHERNET;
  },
  describe(view) {
    const at = Math.max(0, eponFiller(view.bytes, view.start, view.end));
    view.raw('epon.preamble', 'Preamble', 0, at + 2);
    view.hex('epon.dpoe.sec', 'Security', at + 2, 1);
    view.bits('epon.mode', 'Broadcast', (at + 3) * 8, 1);
    view.bits('epon.llid', 'Logical Link', (at + 3) * 8 + 1, 15);
    view.hex('epon.checksum', 'Checksum', at + 5, 1);
    return `link ${view.u16(at + 3) & 0x7fff}`;
  },
};
