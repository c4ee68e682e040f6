import { u16be, u24be, u32be } from '../../bytes/endian';
import { END, ETHERTYPE, linkType, NEXT_FIBRE_CHANNEL, NEXT_LLC } from '../next';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';

const HEADER_BYTES = 24;
/** Routing control of the header that names a virtual fabric, which stands before the other one. */
const VIRTUAL_FABRIC = 0x50;
const VIRTUAL_FABRIC_BYTES = 8;
const IP = 5;
const END_OF_SEQUENCE = 0x080000;
/** The parameter is the offset of what the frame carries. */
const HAS_OFFSET = 0x000008;
const HAS_NETWORK_HEADER = 0x20;
const NETWORK_HEADER_BYTES = 16;

const TYPES: Readonly<Record<number, string>> = { 1: 'ELS', [IP]: 'IP', 8: 'SCSI', 0x20: 'CT' };

/** Passed in `cursor.extra`: what the delimiters of a frame say about its place in its sequence. */
const IS_FIRST = 1;
const IS_LAST = 2;

const prefixBytes = (first: number): number => (first === VIRTUAL_FABRIC ? VIRTUAL_FABRIC_BYTES : 0);

/**
 * Fibre Channel frames (FC-FS-3 §9) that carry IP (RFC 4338), each a sequence of its own; what is spread over several
 * frames is not followed.
 */
export const fibreChannel: Protocol = {
  id: 'fc',
  place: 'link',
  name: 'Fibre Channel',
  claims: [NEXT_FIBRE_CHANNEL, linkType(224)],
  step(cursor) {
    const { bytes, at, extra } = cursor;
    cursor.extra = 0;
    if (!cursor.has(HEADER_BYTES)) return END;
    const prefix = prefixBytes(bytes[at]!);
    if (!cursor.has(prefix + HEADER_BYTES)) return END;
    const header = at + prefix;
    const isData = bytes[header]! >>> 4 === 0 && bytes[header + 8] === IP;
    const control = u24be(bytes, header + 9);
    const offset = control & HAS_OFFSET ? u32be(bytes, header + 20) : 0;
    const isFirst = offset === 0 && ((extra & IS_FIRST) !== 0 || u16be(bytes, header + 14) === 0);
    const isLast = (extra & IS_LAST) !== 0 || (control & END_OF_SEQUENCE) !== 0;
    const isWhole = isFirst && isLast;
    const network = isData && isWhole && bytes[header + 13]! & HAS_NETWORK_HEADER ? NETWORK_HEADER_BYTES : 0;
    if (!cursor.has(prefix + HEADER_BYTES + network)) return END;
    cursor.skip(prefix + HEADER_BYTES + network);
    return isData && isWhole ? NEXT_LLC : END;
  },
  describe(view) {
    const at = prefixBytes(view.u8(0));
    if (at > 0) view.raw('fc.vft', 'Virtual Fabric', 0, at);
    view.hex('fc.r_ctl', 'Routing Control', at, 1);
    view.raw('fc.d_id', 'Destination', at + 1, 3);
    view.hex('fc.cs_ctl', 'Class of Service', at + 4, 1);
    view.raw('fc.s_id', 'Source', at + 5, 3);
    view.hex('fc.type', 'Type', at + 8, 1, { meaning: nameOf(TYPES, view.u8(at + 8)) });
    view.hex('fc.f_ctl', 'Frame Control', at + 9, 3);
    view.hex('fc.seq_id', 'Sequence ID', at + 12, 1);
    view.hex('fc.df_ctl', 'Data Field Control', at + 13, 1);
    view.uint('fc.seq_cnt', 'Sequence Count', at + 14, 2);
    view.hex('fc.ox_id', 'Originator Exchange ID', at + 16, 2);
    view.hex('fc.rx_id', 'Responder Exchange ID', at + 18, 2);
    view.hex('fc.parameter', 'Parameter', at + 20, 4);
    const more = view.headerBytes - at - HEADER_BYTES;
    if (more > 0) view.raw('fc.nethdr', 'Network Header', at + HEADER_BYTES, more);
    return `${view.hexText(at + 5, 3)} → ${view.hexText(at + 1, 3)}`;
  },
};

/** Starts of frame that begin a sequence, in classes 2 and 3; ends of frame that end one. */
const FIRST_DELIMITERS = new Set([0xbcb55555, 0xbcb55656]);
const LAST_DELIMITERS = new Set([0xbc957575, 0xbcb57575]);

/** Start of frame before and check sequence and end of frame behind it, four bytes each. */
export const fibreChannelDelimited: Protocol = {
  id: 'fcsof',
  place: 'link',
  name: 'Fibre Channel Delimiters',
  claims: [linkType(225)],
  step(cursor) {
    if (!cursor.has(4)) return END;
    const { bytes, at, end, limit } = cursor;
    const isWhole = end === limit && cursor.has(12);
    const isFirst = FIRST_DELIMITERS.has(u32be(bytes, at));
    const isLast = isWhole && LAST_DELIMITERS.has(u32be(bytes, end - 4));
    cursor.skip(4);
    cursor.trim(8);
    cursor.extra = (isFirst ? IS_FIRST : 0) | (isLast ? IS_LAST : 0);
    return NEXT_FIBRE_CHANNEL;
  },
  describe(view) {
    view.raw('fc.sof', 'Start of Frame', 0, 4);
    return view.hexText(0, 4);
  },
};

const FCOE_BYTES = 14;
/** Starts of frame that begin a sequence, in classes 4, 2 and 3. */
const FCOE_FIRST = new Set([0x29, 0x2d, 0x2e]);

/**
 * Fibre Channel over Ethernet (FC-BB-6 §7): reserved bytes, a start of frame, and at the end the like. Wireshark takes
 * each frame for the last of its sequence.
 */
export const fibreChannelOverEthernet: Protocol = {
  id: 'fcoe',
  place: 'link',
  name: 'Fibre Channel over Ethernet',
  claims: [ETHERTYPE + 0x8906],
  step(cursor) {
    if (!cursor.has(FCOE_BYTES)) return END;
    cursor.skip(FCOE_BYTES);
    cursor.extra = IS_LAST | (FCOE_FIRST.has(cursor.bytes[cursor.at - 1]!) ? IS_FIRST : 0);
    return NEXT_FIBRE_CHANNEL;
  },
  describe(view) {
    view.bits('fcoe.ver', 'Version', 0, 4);
    view.hex('fcoe.sof', 'Start of Frame', FCOE_BYTES - 1, 1);
    return `start ${view.hexText(FCOE_BYTES - 1, 1)}`;
  },
};
