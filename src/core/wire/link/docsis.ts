import { u16be, u16le } from '../../bytes/endian';
import { END, linkType, NEXT_DOCSIS, NEXT_ETHERNET } from '../next';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';

const HEADER_BYTES = 6;
const HAS_EXTENSIONS = 0x01;
/** Types of frames, in the two highest bits: packets, and packets for modems of later versions only. */
const PACKET = 0;
const ISOLATED_PACKET = 2;
const TYPES: Readonly<Record<number, string>> = {
  [PACKET]: 'packet',
  1: 'reserved',
  [ISOLATED_PACKET]: 'isolated packet',
  3: 'MAC-specific',
};
/** Parameter of requests that have a longer header of their own. */
const QUEUE_DEPTH_REQUEST = 4;

/** Extensions about privacy (upstream, downstream, upstream with several channels), whose third byte has a flag. */
const PRIVACY = new Set([3, 4, 7]);
const ENCRYPTED = 0x80;

/**
 * Whether the extensions in `[at, end)`, the last about privacy, say that all behind the addresses is encrypted. Two bytes
 * of check sequence follow them.
 */
function isEncrypted(bytes: Uint8Array, at: number, end: number): boolean {
  let flags = 0;
  for (; at < end; at += 1 + (bytes[at]! & 0x0f)) if (PRIVACY.has(bytes[at]! >>> 4)) flags = bytes[at + 2]!;
  return (flags & ENCRYPTED) !== 0;
}

/** Check sequence of a header (CRC of ITU-T X.25), without which none is believed. */
function headerCheck(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0xffff;
  for (let i = start; i < end; i++) {
    crc ^= bytes[i]!;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x8408 : 0);
  }
  return crc ^ 0xffff;
}

/**
 * DOCSIS MAC frames (CM-SP-MULPIv4.0 §6.2) that hold an Ethernet frame. Those put together or cut to pieces upstream are
 * not followed.
 */
export const docsis: Protocol = {
  id: 'docsis',
  place: 'link',
  name: 'DOCSIS',
  claims: [NEXT_DOCSIS, linkType(143)],
  step(cursor) {
    if (!cursor.has(HEADER_BYTES)) return END;
    const { bytes, at } = cursor;
    const type = bytes[at]! >>> 6;
    const parameter = (bytes[at]! >>> 1) & 0x1f;
    const macParameter = bytes[at + 1]!;
    const extensionBytes = bytes[at]! & HAS_EXTENSIONS ? macParameter : 0;
    const length = HEADER_BYTES + extensionBytes;
    if (!cursor.has(length)) return END;
    cursor.skip(length);
    if ((type !== PACKET && type !== ISOLATED_PACKET) || parameter === QUEUE_DEPTH_REQUEST) return END;
    // The length counts the extensions; Wireshark takes as much off where there are none.
    if (u16be(bytes, at + 2) <= macParameter + 2) return END;
    if (headerCheck(bytes, at, cursor.at - 2) !== u16le(bytes, cursor.at - 2)) return END;
    return isEncrypted(bytes, at + 4, at + 4 + extensionBytes) ? END : NEXT_ETHERNET;
  },
  describe(view) {
    const extensionBytes = view.u8(0) & HAS_EXTENSIONS ? view.u8(1) : 0;
    const type = nameOf(TYPES, view.u8(0) >>> 6);
    view.bits('docsis.fctype', 'Frame Type', 0, 2, String, { meaning: type });
    view.bits('docsis.fcparm', 'Parameter', 2, 5);
    view.bits('docsis.exthdr', 'Extension Header', 7, 1);
    if (view.u8(0) & HAS_EXTENSIONS) view.uint('docsis.ehdrlen', 'Extensions Length', 1, 1);
    else view.hex('docsis.macparm', 'MAC Parameter', 1, 1);
    view.uint('docsis.len', 'Length', 2, 2);
    if (extensionBytes > 0) view.raw('docsis.ehdr', 'Extensions', 4, extensionBytes);
    view.hex('docsis.hcs', 'Header Check Sequence', 4 + extensionBytes, 2);
    return type!.text;
  },
};

/** Packet types of the analyser that are DOCSIS frames: downstream, upstream, and its request for ranging. */
const XRA_FRAMES = new Set([1, 8, 11]);

/** What Excentis's DOCSIS 3.1 analyser puts before its packets. */
export const xra: Protocol = {
  id: 'xra',
  place: 'capture',
  name: 'Excentis XRA',
  claims: [linkType(273)],
  step(cursor) {
    if (!cursor.has(4)) return END;
    const { bytes, at } = cursor;
    const length = 4 + u16be(bytes, at + 2);
    if (!cursor.has(length)) return END;
    cursor.skip(length);
    return XRA_FRAMES.has(bytes[at + 1]!) ? NEXT_DOCSIS : END;
  },
  describe(view) {
    view.bits('xra.direction', 'Direction', 0, 2);
    view.bits('xra.version', 'Version', 2, 6);
    view.uint('xra.packettype', 'Packet Type', 1, 1);
    view.uint('xra.tlvlength', 'Fields Length', 2, 2);
    if (view.headerBytes > 4) view.raw('xra.tlv', 'Fields', 4, view.headerBytes - 4);
    return `type ${view.u8(1)}`;
  },
};
