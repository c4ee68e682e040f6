import { joined } from '../bytes/joined';
import type { CaptureInterface } from '../model/capture';

/** Blocks and options (draft-ietf-opsawg-pcapng §3.5, §4.1 to §4.3). */
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const COMMENT = 1;
const SECTION_APPLICATION = 4;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_RESOLUTION = 9;
const IF_FCS_LENGTH = 13;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

export interface WrittenPacket {
  /** Index among the interfaces that were written. */
  readonly interface: number;
  /** Since 1970-01-01 UTC. */
  readonly seconds: number;
  readonly nanos: number;
  readonly bytes: Uint8Array;
  /** Length on the wire. */
  readonly originalBytes: number;
  readonly comments: readonly string[];
}

interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

/** The beginning of a little-endian pcapng file: its section and its interfaces, all with times in nanoseconds. */
export function pcapngHead(interfaces: readonly CaptureInterface[], application: string): Uint8Array {
  const section = new Uint8Array(16);
  const view = new DataView(section.buffer);
  view.setUint32(0, BYTE_ORDER_MAGIC, true);
  view.setUint16(4, 1, true);
  // The section's length is not given.
  view.setBigInt64(8, -1n, true);
  return joined([
    block(SECTION_HEADER, section, [text(SECTION_APPLICATION, application)]),
    ...interfaces.map(({ linkType, snapLength, name, description, fcsBytes }) => {
      const fixed = new Uint8Array(8);
      const fields = new DataView(fixed.buffer);
      fields.setUint16(0, linkType, true);
      fields.setUint32(4, snapLength, true);
      return block(INTERFACE_DESCRIPTION, fixed, [
        ...(name === null ? [] : [text(IF_NAME, name)]),
        ...(description === null ? [] : [text(IF_DESCRIPTION, description)]),
        { code: IF_RESOLUTION, value: Uint8Array.of(9) },
        ...(fcsBytes > 0 ? [{ code: IF_FCS_LENGTH, value: Uint8Array.of(fcsBytes) }] : []),
      ]);
    }),
  ]);
}

export function pcapngPacket(packet: WrittenPacket): Uint8Array {
  const { bytes } = packet;
  const body = new Uint8Array(20 + padded(bytes.length));
  const view = new DataView(body.buffer);
  const time = BigInt.asUintN(64, BigInt(packet.seconds) * 1_000_000_000n + BigInt(packet.nanos));
  view.setUint32(0, packet.interface, true);
  view.setUint32(4, Number(time >> 32n), true);
  view.setUint32(8, Number(time & 0xffff_ffffn), true);
  view.setUint32(12, bytes.length, true);
  view.setUint32(16, packet.originalBytes, true);
  body.set(bytes, 20);
  return block(
    ENHANCED_PACKET,
    body,
    packet.comments.map((comment) => text(COMMENT, comment)),
  );
}

const text = (code: number, value: string): Option => ({ code, value: utf8(value).subarray(0, 0xffff) });

const padded = (length: number): number => (length + 3) & ~3;

function block(type: number, body: Uint8Array, options: readonly Option[]): Uint8Array {
  // The end of options stands only where there are some.
  const optionBytes = options.length === 0 ? 0 : options.reduce((sum, { value }) => sum + 4 + padded(value.length), 4);
  const length = 12 + body.length + optionBytes;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  bytes.set(body, 8);
  let at = 8 + body.length;
  for (const { code, value } of options) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  view.setUint32(length - 4, length, true);
  return bytes;
}

function utf8(value: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of value) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}
