import { u16be } from '../../bytes/endian';
import { END, ETHERTYPE, linkType, NEXT_ETHERNET, NEXT_FRAME_RELAY, NEXT_IP } from '../next';
import { etherTypeMeaning, nameOf } from '../numbers';
import type { Protocol } from '../protocol';

/** Headers that a device which captures puts before each frame: firewalls, routers, and what listens on a cable. */

const SYMANTEC_BYTES = 44;
const SYMANTEC_3_BYTES = 56;

/** Symantec's (before: Axent's) firewall, of which version 3 has a longer header: only the place of the type tells. */
export const symantec: Protocol = {
  id: 'symantec',
  place: 'capture',
  name: 'Symantec Firewall',
  claims: [linkType(99)],
  step(cursor) {
    if (!cursor.has(12)) return END;
    const { bytes, at } = cursor;
    const type = u16be(bytes, at + 6);
    const type3 = u16be(bytes, at + 10);
    const length = type3 === 0 ? SYMANTEC_BYTES : SYMANTEC_3_BYTES;
    if ((type === 0) === (type3 === 0) || !cursor.has(length)) return END;
    cursor.skip(length);
    return ETHERTYPE + (type || type3);
  },
  describe(view) {
    const at = view.u16(6) === 0 ? 10 : 6;
    view.ipv4('symantec.if', 'Interface', 0);
    view.hex('symantec.type', 'Type', at, 2, { meaning: etherTypeMeaning(view.u16(at)) });
    if (view.headerBytes > at + 2) view.raw('symantec.rest', 'Reserved', at + 2, view.headerBytes - at - 2);
    return '';
  },
};

const REDBACK_BYTES = 24;
const REDBACK_IPV4 = 1;
/** Ethernet frames: sent to one, received, received by all. */
const REDBACK_ETHERNET = new Set([3, 4, 8]);

/** Redback's SmartEdge routers: context, circuit, and where the packet begins. */
export const redback: Protocol = {
  id: 'redback',
  place: 'capture',
  name: 'Redback SmartEdge',
  claims: [linkType(32)],
  step(cursor) {
    if (!cursor.has(REDBACK_BYTES)) return END;
    const { bytes, at } = cursor;
    const protocol = u16be(bytes, at + 18);
    const packetAt = u16be(bytes, at + 20);
    const dataAt = u16be(bytes, at + 22);
    if (packetAt < REDBACK_BYTES || !cursor.has(packetAt)) return END;
    cursor.skip(packetAt);
    // A header of the link between the two offsets is Ethernet's.
    if (protocol === REDBACK_IPV4) return dataAt === packetAt ? NEXT_IP : NEXT_ETHERNET;
    return REDBACK_ETHERNET.has(protocol) ? NEXT_ETHERNET : END;
  },
  describe(view) {
    view.hex('redback.context', 'Context', 0, 4);
    view.hex('redback.flags', 'Flags', 4, 4);
    view.raw('redback.circuit', 'Circuit', 8, 8);
    view.uint('redback.length', 'Length', 16, 2);
    view.uint('redback.protocol', 'Protocol', 18, 2);
    view.uint('redback.l3offset', 'Packet Offset', 20, 2);
    view.uint('redback.dataoffset', 'Data Offset', 22, 2);
    if (view.headerBytes > REDBACK_BYTES) view.raw('redback.padding', 'Padding', 24, view.headerBytes - REDBACK_BYTES);
    return `circuit 0x${view.hexText(8, 8)}`;
  },
};

const FCS_BYTES = 4;
const HAS_NO_FRAME = 0x01;

/** Whether a frame follows that header: no event on an input, nor one of those that version 2 has besides. */
function hasFrame(flags: number, kind: number): boolean {
  if (flags & HAS_NO_FRAME) return false;
  const version = (flags >>> 2) & 0x0f;
  return version === 1 || (version === 2 && kind === 0);
}

/** Hilscher's netANALYZER: whether the frame was received well, and on which port. Its frames end with their FCS. */
const netAnalyzerOf = (id: string, name: string, number: number, next: number, fcsBytes: number): Protocol => ({
  id,
  place: 'capture',
  name,
  claims: [linkType(number)],
  step(cursor) {
    if (!cursor.has(4)) return END;
    const { bytes, at } = cursor;
    cursor.skip(4);
    if (!hasFrame(bytes[at + 1]!, bytes[at + 3]! >>> 4)) return END;
    cursor.trim(fcsBytes);
    return next;
  },
  describe(view) {
    const bytes = ((view.u8(3) & 0x0f) << 8) | view.u8(2);
    view.hex('netanalyzer.packetstatus', 'Status', 0, 1);
    view.bits('netanalyzer.port', 'Port', 8, 2);
    view.bits('netanalyzer.version', 'Version', 10, 4);
    view.bits('netanalyzer.transparent', 'Transparent Mode', 14, 1);
    view.bits('netanalyzer.gpio', 'Event on an Input', 15, 1);
    view.put('netanalyzer.framelen', 'Frame Length', 16, 16, `${bytes}`);
    return `port ${view.u8(1) >>> 6}`;
  },
});

export const netAnalyzer = netAnalyzerOf('netanalyzer', 'Hilscher netANALYZER', 240, NEXT_ETHERNET, FCS_BYTES);

/** Frames with their preamble, which are read as those of {@link mPacket} are, check sequence and all. */
export const netAnalyzerTransparent = netAnalyzerOf(
  'netanalyzer.transparent',
  'Hilscher netANALYZER, transparent',
  241,
  linkType(274),
  0,
);

const ELEKTROBIT_BYTES = 32;
const ELEKTROBIT_ETHERNET = 0x50;
const ELEKTROBIT_FRAMES: Readonly<Record<number, string>> = {
  [ELEKTROBIT_ETHERNET]: 'Ethernet',
  0x51: 'NMEA',
  0x52: 'time state',
  0x53: 'CAN',
  0x54: 'LIN',
};

/** In the fourth of the eight bytes that are about the kind of frame. */
const WITHOUT_FCS = 0x04;

/** Elektrobit's high-speed capture and replay protocol. */
export const elektrobit: Protocol = {
  id: 'ebhscr',
  place: 'capture',
  name: 'Elektrobit Capture and Replay',
  claims: [linkType(279)],
  step(cursor) {
    if (!cursor.has(ELEKTROBIT_BYTES)) return END;
    const { bytes, at } = cursor;
    cursor.skip(ELEKTROBIT_BYTES);
    if (bytes[at] !== ELEKTROBIT_ETHERNET) return END;
    if (!(bytes[at + 27]! & WITHOUT_FCS)) cursor.trim(FCS_BYTES);
    return NEXT_ETHERNET;
  },
  describe(view) {
    view.hex('ebhscr.mjr', 'Type', 0, 1, { meaning: nameOf(ELEKTROBIT_FRAMES, view.u8(0)) });
    view.bits('ebhscr.slot', 'Slot', 8, 2);
    view.bits('ebhscr.channel', 'Channel', 10, 6);
    view.bits('ebhscr.ver', 'Version', 16, 4);
    view.bits('ebhscr.sts', 'Status', 20, 12, (status) => `0x${status.toString(16).padStart(3, '0')}`);
    view.uint('ebhscr.len', 'Length', 4, 4);
    view.raw('ebhscr.strt', 'Start Time', 8, 8);
    view.raw('ebhscr.stpt', 'Stop Time', 16, 8);
    view.raw('ebhscr.mjrhdr', 'Further fields', 24, 8);
    return `channel ${view.u8(1) & 0x3f}`;
  },
};

const SITA_BYTES = 5;
const SITA_FRAME_RELAY = 18;
const SITA_LINKS: Readonly<Record<number, string>> = { 1: 'LAPB', [SITA_FRAME_RELAY]: 'Frame Relay' };

/** SITA's line monitor: signals and errors of the line, and what is spoken on it. */
export const sita: Protocol = {
  id: 'sita',
  place: 'capture',
  name: 'SITA Line Monitor',
  claims: [linkType(196)],
  step(cursor) {
    if (!cursor.has(SITA_BYTES)) return END;
    cursor.skip(SITA_BYTES);
    return cursor.bytes[cursor.at - 1] === SITA_FRAME_RELAY ? NEXT_FRAME_RELAY : END;
  },
  describe(view) {
    view.hex('sita.flags', 'Flags', 0, 1);
    view.hex('sita.signals', 'Signals', 1, 1);
    view.hex('sita.errors1', 'Errors', 2, 2);
    view.uint('sita.errors.protocol', 'Protocol', 4, 1, { meaning: nameOf(SITA_LINKS, view.u8(4)) });
    return `protocol ${view.u8(4)}`;
  },
};
