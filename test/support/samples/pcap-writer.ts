import type { Frame } from './packets';

const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const LINKTYPE_ETHERNET = 1;
const SNAP_LENGTH = 262144;

/** A classic pcap file (version 2.4, little-endian, microseconds, Ethernet) of `frames`. */
export function encodePcap(frames: readonly Frame[]): Uint8Array {
  const fileHeader = Buffer.alloc(24);
  fileHeader.writeUInt32LE(MAGIC_MICROSECONDS, 0);
  fileHeader.writeUInt16LE(2, 4);
  fileHeader.writeUInt16LE(4, 6);
  fileHeader.writeUInt32LE(SNAP_LENGTH, 16);
  fileHeader.writeUInt32LE(LINKTYPE_ETHERNET, 20);

  const records = frames.flatMap(({ timeUs, bytes }) => {
    const header = Buffer.alloc(16);
    header.writeUInt32LE(Math.floor(timeUs / 1_000_000), 0);
    header.writeUInt32LE(timeUs % 1_000_000, 4);
    header.writeUInt32LE(bytes.length, 8);
    header.writeUInt32LE(bytes.length, 12);
    return [header, bytes];
  });
  return Buffer.concat([fileHeader, ...records]);
}
