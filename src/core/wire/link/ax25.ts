import type { HeaderView } from '../header-view';
import { AX25_PID, END, ETHERTYPE, IP_PROTOCOL, linkType, NEXT_AX25 } from '../next';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';

const ADDRESS_BYTES = 7;
/** Low bit of an address's last byte: no other follows (AX.25 2.2 §3.12). */
const LAST_ADDRESS = 1;
const UNNUMBERED_INFORMATION = 0x03;

/** Length of the addresses: destination, source and those that repeat the frame; 0 where they do not end. */
function addressBytes(bytes: Uint8Array, at: number, end: number): number {
  for (let length = 2 * ADDRESS_BYTES; at + length <= end; length += ADDRESS_BYTES)
    if (bytes[at + length - 1]! & LAST_ADDRESS) return length;
  return 0;
}

const hasInformation = (control: number): boolean => (control & 1) === 0 || control === UNNUMBERED_INFORMATION;

/** A call sign: characters shifted left by a bit, and a number of the station. */
function callSign(view: HeaderView, at: number): string {
  let text = '';
  for (let i = 0; i < ADDRESS_BYTES - 1; i++) {
    const code = view.u8(at + i) >>> 1;
    text += code > 0x20 && code < 0x7f ? String.fromCharCode(code) : code === 0x20 ? '' : '.';
  }
  const station = (view.u8(at + ADDRESS_BYTES - 1) >>> 1) & 0x0f;
  return station === 0 ? text : `${text}-${station}`;
}

const PIDS: Readonly<Record<number, string>> = {
  0x06: 'Van Jacobson compressed TCP/IP',
  0x07: 'Van Jacobson uncompressed TCP/IP',
  0xcc: 'IPv4',
  0xcd: 'ARP',
  0xcf: 'NET/ROM',
  0xf0: 'no layer 3',
};

/** Amateur radio's link layer (AX.25 2.2), with control fields of one byte. */
export const ax25: Protocol = {
  id: 'ax25',
  place: 'link',
  name: 'AX.25',
  claims: [NEXT_AX25, linkType(3), IP_PROTOCOL + 93],
  step(cursor) {
    const { bytes, at, end } = cursor;
    const length = addressBytes(bytes, at, end);
    if (length === 0 || !cursor.has(length + 2)) return END;
    if (!hasInformation(bytes[at + length]!)) {
      cursor.skip(length + 1);
      return END;
    }
    cursor.skip(length + 2);
    return AX25_PID + bytes[at + length + 1]!;
  },
  describe(view) {
    const length = addressBytes(view.bytes, view.start, view.end) || 2 * ADDRESS_BYTES;
    const address = (id: string, name: string, at: number): void =>
      view.put(id, name, at * 8, ADDRESS_BYTES * 8, callSign(view, at));
    address('ax25.dst', 'Destination', 0);
    address('ax25.src', 'Source', ADDRESS_BYTES);
    for (let at = 2 * ADDRESS_BYTES; at < length; at += ADDRESS_BYTES)
      address(`ax25.via${at / ADDRESS_BYTES - 1}`, 'Repeater', at);
    view.hex('ax25.ctl', 'Control', length, 1);
    if (hasInformation(view.u8(length)))
      view.hex('ax25.pid', 'Protocol ID', length + 1, 1, { meaning: nameOf(PIDS, view.u8(length + 1)) });
    return `${callSign(view, ADDRESS_BYTES)} → ${callSign(view, 0)}`;
  },
};

/** Commands of KISS, in the low half of its byte. */
const DATA = 0;
/** Data that shall be acknowledged, by a number of two bytes. */
const DATA_TO_ACKNOWLEDGE = 12;

/** AX.25 on its way between a host and its radio modem ("KISS"). */
export const ax25Kiss: Protocol = {
  id: 'ax25_kiss',
  place: 'capture',
  name: 'AX.25 KISS',
  claims: [linkType(202)],
  step(cursor) {
    if (!cursor.has(1)) return END;
    const command = cursor.bytes[cursor.at]! & 0x0f;
    const length = command === DATA_TO_ACKNOWLEDGE ? 3 : 1;
    if (!cursor.has(length)) return END;
    cursor.skip(length);
    return command === DATA || command === DATA_TO_ACKNOWLEDGE ? NEXT_AX25 : END;
  },
  describe(view) {
    view.bits('ax25_kiss.port', 'Port', 0, 4);
    view.bits('ax25_kiss.cmd', 'Command', 4, 4);
    if (view.headerBytes > 1) view.uint('ax25_kiss.data_ack', 'Acknowledgment Number', 1, 2);
    return `port ${view.u8(0) >>> 4}`;
  },
};

/** AX.25 over Ethernet ("BPQ"): a length, which Linux counts its own way and nobody needs, and the frame. */
export const bpq: Protocol = {
  id: 'bpq',
  place: 'link',
  name: 'BPQ Ethernet',
  claims: [ETHERTYPE + 0x08ff],
  step(cursor) {
    if (!cursor.has(2)) return END;
    cursor.skip(2);
    return NEXT_AX25;
  },
  describe(view) {
    view.put('bpq.len', 'Length', 0, 16, `${view.u8(0) | (view.u8(1) << 8)}`);
    return '';
  },
};
