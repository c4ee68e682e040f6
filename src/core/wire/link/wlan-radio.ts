import { u16le, u32be, u32le } from '../../bytes/endian';
import { message } from '../../model/message';
import { END, linkType, NEXT_WLAN } from '../next';
import type { Cursor } from '../cursor';
import type { Protocol } from '../protocol';
import { HEADER_PADDED } from './wlan';

/** Headers about the reception that stand before an IEEE 802.11 frame. */

const FCS_BYTES = 4;
/** Bits of radiotap's presence word (radiotap.org). */
const PRESENT_TSFT = 1 << 0;
const PRESENT_FLAGS = 1 << 1;
const PRESENT_MORE = 1 << 31;
/** Bits of radiotap's flags field. */
const FLAG_FCS = 0x10;
const FLAG_PADDED = 0x20;

/** Offset of radiotap's flags field in its header, -1 where there is none. */
function flagsOffset(bytes: Uint8Array, at: number, length: number): number {
  const present = u32le(bytes, at + 4);
  if (!(present & PRESENT_FLAGS)) return -1;
  let offset = 4;
  while (offset + 4 <= length && u32le(bytes, at + offset) & PRESENT_MORE) offset += 4;
  offset += 4;
  if (present & PRESENT_TSFT) offset = ((offset + 7) & ~7) + 8;
  return offset < length ? offset : -1;
}

/** Radiotap. */
export const radiotap: Protocol = {
  id: 'radiotap',
  place: 'capture',
  name: 'Radiotap',
  claims: [linkType(127)],
  step(cursor) {
    if (!cursor.has(8)) return END;
    const { bytes, at } = cursor;
    const length = u16le(bytes, at + 2);
    if (length < 8 || !cursor.has(length)) return END;
    const offset = flagsOffset(bytes, at, length);
    const flags = offset < 0 ? 0 : bytes[at + offset]!;
    cursor.skip(length);
    return toFrame(cursor, (flags & FLAG_FCS) !== 0, (flags & FLAG_PADDED) !== 0);
  },
  describe(view) {
    const length = u16le(view.bytes, view.start + 2);
    view.uint('radiotap.version', 'Header Revision', 0, 1);
    view.uint('radiotap.pad', 'Header Padding', 1, 1);
    view.hex('radiotap.length', 'Header Length', 2, 2, { meaning: message('{0} bytes', length) });
    view.hex('radiotap.present', 'Present Flags', 4, 4);
    const offset = view.has(0, length) ? flagsOffset(view.bytes, view.start, length) : -1;
    if (offset < 0) {
      if (length > 8) view.raw('radiotap.fields', 'Fields', 8, length - 8);
    } else {
      if (offset > 8) view.raw('radiotap.fields', 'Fields', 8, offset - 8);
      const flags = view.u8(offset);
      view.hex('radiotap.flags', 'Flags', offset, 1, {
        meaning: flags & FLAG_FCS ? message('FCS at the end of the frame') : undefined,
      });
      if (length > offset + 1) view.raw('radiotap.fields', 'Fields', offset + 1, length - offset - 1);
    }
    return `${length} bytes`;
  },
};

/** Goes to the frame: takes the frame check sequence off, and passes on whether its header is padded to a word. */
function toFrame(cursor: Cursor, hasFcs: boolean, isPadded: boolean): number {
  if (hasFcs) cursor.trim(FCS_BYTES);
  cursor.extra = isPadded ? HEADER_PADDED : 0;
  return NEXT_WLAN;
}

const PRISM_BYTES = 144;
/** AVS headers begin with a version in the place of Prism's message code. */
const AVS_MAGIC = 0x80211000;
const isAvs = (bytes: Uint8Array, at: number): boolean => (u32be(bytes, at) & 0xfffff000) >>> 0 === AVS_MAGIC;

/** Prism monitor header, or AVS's, which some drivers file under the same link type. */
export const prism: Protocol = {
  id: 'prism',
  place: 'capture',
  name: 'Prism Capture Header',
  claims: [linkType(119)],
  step(cursor) {
    if (!cursor.has(8)) return END;
    if (isAvs(cursor.bytes, cursor.at)) return linkType(163);
    if (!cursor.has(PRISM_BYTES)) return END;
    cursor.skip(PRISM_BYTES);
    return toFrame(cursor, false, false);
  },
  describe(view) {
    view.hex('prism.msgcode', 'Message Code', 0, 4);
    view.hex('prism.msglen', 'Message Length', 4, 4);
    view.raw('prism.did', 'Device and Reception', 8, PRISM_BYTES - 8);
    return `${PRISM_BYTES} bytes`;
  },
};

/** AVS capture header. */
export const avs: Protocol = {
  id: 'wlancap',
  place: 'capture',
  name: 'AVS WLAN Capture Header',
  claims: [linkType(163)],
  step(cursor) {
    if (!cursor.has(8)) return END;
    const length = u32be(cursor.bytes, cursor.at + 4);
    if (length < 8 || !cursor.has(length)) return END;
    cursor.skip(length);
    return toFrame(cursor, false, false);
  },
  describe(view) {
    const length = view.u32(4);
    view.hex('wlancap.magic', 'Magic and Version', 0, 4);
    view.uint('wlancap.length', 'Header Length', 4, 4);
    if (length > 8) view.raw('wlancap.fields', 'Fields', 8, Math.min(length, 1024) - 8);
    return `${length} bytes`;
  },
};

/** A plain IEEE 802.11 frame; its frame check sequence is told by the capture file, if at all. */
export const plainWlan: Protocol = {
  id: 'wlan.plain',
  place: 'link',
  name: 'IEEE 802.11 capture',
  claims: [linkType(105)],
  step(cursor) {
    return toFrame(cursor, false, false);
  },
  describe: () => '',
};
