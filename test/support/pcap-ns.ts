/** Classic pcap with nanoseconds: magic number and link type of raw IP packets. */
const MAGIC_NANOSECONDS = 0xa1b23c4d;
const LINKTYPE_RAW = 101;
const SNAP_LENGTH = 262144;

export interface PcapRecord {
  /** Nanoseconds since 1970-01-01 UTC. */
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
  /** Length on the wire, where the record holds less. */
  readonly originalBytes?: number;
}

/** A little-endian pcap file (version 2.4, nanoseconds) of raw IP packets. */
export function encodePcapNs(records: readonly PcapRecord[], linkType = LINKTYPE_RAW): Uint8Array {
  const fileHeader = Buffer.alloc(24);
  fileHeader.writeUInt32LE(MAGIC_NANOSECONDS, 0);
  fileHeader.writeUInt16LE(2, 4);
  fileHeader.writeUInt16LE(4, 6);
  fileHeader.writeUInt32LE(SNAP_LENGTH, 16);
  fileHeader.writeUInt32LE(linkType, 20);
  const parts = records.flatMap(({ timeNs, bytes, originalBytes }) => {
    const header = Buffer.alloc(16);
    header.writeUInt32LE(Number(timeNs / 1_000_000_000n), 0);
    header.writeUInt32LE(Number(timeNs % 1_000_000_000n), 4);
    header.writeUInt32LE(bytes.length, 8);
    header.writeUInt32LE(originalBytes ?? bytes.length, 12);
    return [header, bytes];
  });
  return Buffer.concat([fileHeader, ...parts]);
}
