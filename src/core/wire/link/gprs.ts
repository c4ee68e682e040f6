import { u16be } from '../../bytes/endian';
import type { Cursor } from '../cursor';
import { END, linkType, NEXT_IP, NEXT_SNDCP } from '../next';
import type { Protocol } from '../protocol';

const FCS_BYTES = 3;
const PROTOCOL_DISCRIMINATOR = 0x80;
/** Service access points of the convergence protocol: one for each class of quality. */
const USER_DATA = new Set([3, 5, 9, 11]);
/** Length of the control field by its three highest bits: information, supervision, unconfirmed information. */
const CONTROL_BYTES = [3, 3, 3, 3, 2, 2, 2, 0];
const SELECTIVE_ACKNOWLEDGMENT = 0x03;
const ENCRYPTED = 0x02;

/** Logical link control of GPRS (3GPP TS 44.064 §6), with user data in the clear. */
export const gprsLlc: Protocol = {
  id: 'llcgprs',
  place: 'link',
  name: 'GPRS Logical Link Control',
  claims: [linkType(169)],
  step(cursor) {
    if (!cursor.has(2)) return END;
    const { bytes, at } = cursor;
    const address = bytes[at]!;
    const kind = bytes[at + 1]! >>> 5;
    const length = 1 + CONTROL_BYTES[kind]!;
    if (length === 1 || !cursor.has(length)) return END;
    cursor.skip(length);
    cursor.trim(FCS_BYTES);
    if (address & PROTOCOL_DISCRIMINATOR || !USER_DATA.has(address & 0x0f)) return END;
    const last = bytes[at + length - 1]!;
    if (kind < 4) return (last & SELECTIVE_ACKNOWLEDGMENT) === SELECTIVE_ACKNOWLEDGMENT ? END : NEXT_SNDCP;
    return kind === 6 && last & ENCRYPTED ? END : NEXT_SNDCP;
  },
  describe(view) {
    view.bits('llcgprs.pd', 'Protocol Discriminator', 0, 1);
    view.bits('llcgprs.cr', 'Command/Response', 1, 1);
    view.bits('llcgprs.sapib', 'Service Access Point', 4, 4);
    const length = CONTROL_BYTES[view.u8(1) >>> 5]!;
    if (length > 0) view.hex('llcgprs.control', 'Control', 1, length);
    return `access point ${view.u8(0) & 0x0f}`;
  },
};

const FIRST = 0x40;
const UNCONFIRMED = 0x20;
const MORE = 0x10;

/** Subnetwork-dependent convergence (3GPP TS 44.065 §7), uncompressed; segments only where they are numbered. */
export const sndcp: Protocol = {
  id: 'sndcp',
  place: 'link',
  name: 'Subnetwork-Dependent Convergence',
  claims: [NEXT_SNDCP],
  step(cursor) {
    if (!cursor.has(1)) return END;
    const { bytes, at } = cursor;
    const flags = bytes[at]!;
    const isFirst = (flags & FIRST) !== 0;
    const isUnconfirmed = (flags & UNCONFIRMED) !== 0;
    const length = 1 + (isFirst ? 1 : 0) + (isUnconfirmed ? 2 : isFirst ? 1 : 0);
    if (!cursor.has(length)) return END;
    cursor.skip(length);
    const isCompressed = isFirst && bytes[at + 1] !== 0;
    if (isCompressed) return END;
    if (isFirst && !(flags & MORE)) return NEXT_IP;
    return isUnconfirmed && putTogether(cursor, flags, u16be(bytes, at + length - 2)) ? NEXT_IP : END;
  },
  describe(view) {
    const flags = view.u8(0);
    const isFirst = (flags & FIRST) !== 0;
    view.bits('sndcp.x', 'Spare', 0, 1);
    view.bits('sndcp.f', 'First Segment', 1, 1);
    view.bits('sndcp.t', 'Unconfirmed', 2, 1);
    view.bits('sndcp.m', 'More Segments', 3, 1);
    view.bits('sndcp.nsapib', 'Network Service Access Point', 4, 4);
    if (isFirst) {
      view.bits('sndcp.dcomp', 'Data Compression', 8, 4);
      view.bits('sndcp.pcomp', 'Header Compression', 12, 4);
    }
    const at = isFirst ? 2 : 1;
    if (flags & UNCONFIRMED) {
      view.bits('sndcp.segment', 'Segment', at * 8, 4);
      view.bits('sndcp.npdu2', 'Packet Number', at * 8 + 4, 12);
    } else if (isFirst) view.uint('sndcp.npdu1', 'Packet Number', at, 1);
    return `access point ${flags & 0x0f}`;
  },
};

/** Adds a segment, numbered by `counters`; true where that made the packet whole, which the cursor is then at. */
function putTogether(cursor: Cursor, flags: number, counters: number): boolean {
  if (cursor.end < cursor.limit) return false;
  const whole = cursor.reassembler.addNumbered(
    `s ${flags & 0x0f} ${counters & 0xfff}`,
    cursor.frame,
    cursor.seconds,
    cursor.bytes,
    cursor.at,
    cursor.end,
    counters >>> 12,
    (flags & MORE) !== 0,
  );
  if (!whole) return false;
  cursor.enter(whole, 0, whole.length);
  return true;
}
