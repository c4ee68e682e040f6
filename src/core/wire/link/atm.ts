import { u16be, u24be, u32be } from '../../bytes/endian';
import { NETMON_ATM } from '../../model/capture';
import type { Cursor } from '../cursor';
import {
  END,
  linkType,
  NEXT_AAL5,
  NEXT_ETHERNET,
  NEXT_FRAME_RELAY,
  NEXT_IP,
  NEXT_LANE,
  NEXT_LLC,
  NEXT_PPP,
} from '../next';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';

const SNAP = 0xaaaa03;

/**
 * Classical IP over ATM (RFC 2225) as Linux captures it: IP, or LLC and SNAP where the circuit has them. The numbers
 * besides 106 are those that Linux used before it had one.
 */
export const classicalIp: Protocol = {
  id: 'clip',
  place: 'link',
  name: 'Classical IP over ATM',
  claims: [linkType(106), linkType(16), linkType(18), linkType(19)],
  step(cursor) {
    return cursor.has(3) && u24be(cursor.bytes, cursor.at) === SNAP ? NEXT_LLC : NEXT_IP;
  },
  describe: () => '',
};

const LANE = 1;
const LLC = 2;
const ILMI = 5;
const SIGNALLING = 6;
const TRAFFIC: Readonly<Record<number, string>> = {
  0: 'raw',
  [LANE]: 'LAN emulation',
  [LLC]: 'LLC',
  3: 'MARS',
  4: 'Ipsilon flow management',
  [ILMI]: 'local management',
  [SIGNALLING]: 'signalling',
};
/** The virtual channel for signalling, on path 0. */
const SIGNALLING_CHANNEL = 5;

/** SunATM: what kind of traffic it is, virtual path and channel. */
export const sunAtm: Protocol = {
  id: 'atm',
  place: 'capture',
  name: 'SunATM',
  claims: [linkType(123)],
  step(cursor) {
    if (!cursor.has(4)) return END;
    const { bytes, at } = cursor;
    cursor.skip(4);
    switch (bytes[at]! & 0x0f) {
      case LANE:
        return NEXT_LANE;
      case LLC:
        return NEXT_LLC;
      case ILMI:
      case SIGNALLING:
        return END;
      case 3:
      case 4:
        return guess(cursor);
      default:
        return bytes[at + 1] === 0 && u16be(bytes, at + 2) === SIGNALLING_CHANNEL ? END : guess(cursor);
    }
  },
  describe(view) {
    view.bits('atm.channel', 'Channel', 0, 1);
    view.bits('atm.traffic_type', 'Traffic', 4, 4, String, { meaning: nameOf(TRAFFIC, view.u8(0) & 0x0f) });
    view.uint('atm.vpi', 'Virtual Path Identifier', 1, 1);
    view.uint('atm.vci', 'Virtual Channel Identifier', 2, 2);
    return `${view.u8(1)}/${view.u16(2)}`;
  },
};

const PPP_IPV4 = 0x21;
const UNNUMBERED_INFORMATION = 0x03;
const SNAP_AND_PADDING = 0x0080;
const NLPIDS_OF_IP = new Set([0xcc, 0x8e]);

/** Whether a control field and NLPID of Frame Relay (RFC 2427) stand there. */
const isFrameRelay = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === UNNUMBERED_INFORMATION &&
  (NLPIDS_OF_IP.has(bytes[at + 1]!) || u16be(bytes, at + 1) === SNAP_AND_PADDING);

/** What a frame of AAL5 carries of which the circuit's encapsulation is not known, by its first bytes, as Wireshark does. */
function guess(cursor: Cursor): number {
  if (!cursor.has(8)) return END;
  const { bytes, at } = cursor;
  if (u24be(bytes, at) === SNAP) return NEXT_LLC;
  if (bytes[at + 1] === PPP_IPV4) return NEXT_PPP;
  if (u16be(bytes, at) === 0) {
    // Padding of a bridged frame (RFC 2684 §6.2).
    cursor.skip(2);
    return NEXT_ETHERNET;
  }
  if (isFrameRelay(bytes, at + 2) || isFrameRelay(bytes, at + 4)) return NEXT_FRAME_RELAY;
  const version = bytes[at]! >>> 4;
  return version === 4 || version === 6 ? NEXT_IP : END;
}

const LANE_CONTROL = 0xff00;

/** ATM LAN emulation (AF-LANE-0021): the number of the client that sends, and an Ethernet frame. */
export const lane: Protocol = {
  id: 'lane',
  place: 'link',
  name: 'ATM LAN Emulation',
  claims: [NEXT_LANE],
  step(cursor) {
    if (!cursor.has(2)) return END;
    const client = u16be(cursor.bytes, cursor.at);
    cursor.skip(2);
    return client === LANE_CONTROL ? END : NEXT_ETHERNET;
  },
  describe(view) {
    view.hex('atm.le_client.client', 'LAN Emulation Client', 0, 2);
    return `${view.u16(0)}`;
  },
};

const LOCAL_MANAGEMENT_CHANNEL = 16;

/** What a circuit carries of which only the numbers are known, as Wireshark tells it: LLC and SNAP, or LAN emulation. */
function unnamedTraffic(cursor: Cursor, path: number, channel: number): number {
  if (path === 0 && (channel === SIGNALLING_CHANNEL || channel === LOCAL_MANAGEMENT_CHANNEL)) return END;
  return cursor.has(3) && u24be(cursor.bytes, cursor.at) === SNAP ? NEXT_LLC : NEXT_LANE;
}

/** A frame of AAL5 put together, with the header of its cells (ITU-T I.361, without its check) before it. */
export const aal5: Protocol = {
  id: 'atm.aal5',
  place: 'link',
  name: 'ATM',
  claims: [NEXT_AAL5],
  step(cursor) {
    if (!cursor.has(4)) return END;
    const header = u32be(cursor.bytes, cursor.at);
    cursor.skip(4);
    return unnamedTraffic(cursor, (header >>> 20) & 0xff, (header >>> 4) & 0xffff);
  },
  describe(view) {
    const header = view.u32(0);
    view.bits('atm.GFC', 'Generic Flow Control', 0, 4);
    view.bits('atm.vpi', 'Virtual Path Identifier', 4, 8);
    view.bits('atm.vci', 'Virtual Channel Identifier', 12, 16);
    view.bits('atm.payload_type', 'Payload Type', 28, 3);
    view.bits('atm.cell_loss_priority', 'Cell Loss Priority', 31, 1);
    return `${(header >>> 20) & 0xff}/${(header >>> 4) & 0xffff}`;
  },
};

/** ATM frames of Network Monitor: two addresses, virtual path and channel. */
export const netmonAtm: Protocol = {
  id: 'atm.netmon',
  place: 'capture',
  name: 'Network Monitor ATM',
  claims: [linkType(NETMON_ATM)],
  step(cursor) {
    if (!cursor.has(16)) return END;
    const { bytes, at } = cursor;
    cursor.skip(16);
    return unnamedTraffic(cursor, u16be(bytes, at + 12), u16be(bytes, at + 14));
  },
  describe(view) {
    view.mac('atm.dst', 'Destination', 0);
    view.mac('atm.src', 'Source', 6);
    view.uint('atm.vpi', 'Virtual Path Identifier', 12, 2);
    view.uint('atm.vci', 'Virtual Channel Identifier', 14, 2);
    return `${view.u16(12)}/${view.u16(14)}`;
  },
};
