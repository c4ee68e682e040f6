/** IPv4 packets with a TCP segment in them, for tests that need bytes. */

export interface TcpOptionValues {
  readonly mss?: number;
  readonly windowScale?: number;
  readonly sackPermitted?: boolean;
  readonly sack?: readonly (readonly number[])[];
  readonly timestamps?: readonly number[];
  /** Options by their bytes, behind the others. */
  readonly raw?: readonly number[];
}

export interface TcpFrame {
  /** IPv4 addresses as 32 bits. */
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Taken modulo 2^32. */
  readonly seq: number;
  readonly ack: number;
  /** Twelve bits. */
  readonly flags: number;
  readonly window: number;
  readonly urgentPointer?: number;
  readonly options?: TcpOptionValues;
  readonly payload?: Uint8Array;
  /** That many zeros instead. */
  readonly payloadBytes?: number;
}

const IP_BYTES = 20;
const TCP_BYTES = 20;

/** A whole raw IPv4 packet with correct checksums. */
export function encodeFrame(f: TcpFrame): Uint8Array {
  const options = encodeOptions(f.options ?? {});
  const tcpLength = TCP_BYTES + options.length + (f.payload?.length ?? f.payloadBytes ?? 0);
  const bytes = Buffer.alloc(IP_BYTES + tcpLength);
  bytes[0] = 0x45;
  bytes.writeUInt16BE(IP_BYTES + tcpLength, 2);
  bytes.writeUInt16BE(0x4000, 6);
  bytes[8] = 64;
  bytes[9] = 6;
  bytes.writeUInt32BE(f.source >>> 0, 12);
  bytes.writeUInt32BE(f.destination >>> 0, 16);
  bytes.writeUInt16BE(checksum(bytes.subarray(0, IP_BYTES)), 10);
  const tcp = bytes.subarray(IP_BYTES);
  tcp.writeUInt16BE(f.sourcePort, 0);
  tcp.writeUInt16BE(f.destinationPort, 2);
  tcp.writeUInt32BE(f.seq >>> 0, 4);
  tcp.writeUInt32BE(f.ack >>> 0, 8);
  tcp.writeUInt16BE((((TCP_BYTES + options.length) / 4) << 12) | f.flags, 12);
  tcp.writeUInt16BE(f.window, 14);
  tcp.writeUInt16BE(f.urgentPointer ?? 0, 18);
  tcp.set(options, TCP_BYTES);
  if (f.payload !== undefined) tcp.set(f.payload, TCP_BYTES + options.length);
  const pseudo = Buffer.alloc(12);
  bytes.copy(pseudo, 0, 12, 20);
  pseudo[9] = 6;
  pseudo.writeUInt16BE(tcpLength, 10);
  tcp.writeUInt16BE(checksum(tcp, 0xffff - checksum(pseudo)), 16);
  return bytes;
}

/** Options one after the other, padded with end-of-list bytes to whole words. */
function encodeOptions({ mss, windowScale, sackPermitted, sack, timestamps, raw }: TcpOptionValues): number[] {
  const u32 = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
  const bytes: number[] = [];
  if (mss !== undefined) bytes.push(2, 4, mss >>> 8, mss & 0xff);
  if (windowScale !== undefined) bytes.push(3, 3, windowScale);
  if (sackPermitted === true) bytes.push(4, 2);
  if (sack !== undefined) bytes.push(5, 2 + 8 * sack.length, ...sack.flat().flatMap(u32));
  if (timestamps !== undefined) bytes.push(8, 10, ...timestamps.flatMap(u32));
  if (raw !== undefined) bytes.push(...raw);
  while (bytes.length % 4 !== 0) bytes.push(0);
  return bytes;
}

/** The Internet checksum (RFC 1071) of `bytes`, with `sum` added. */
function checksum(bytes: Uint8Array, sum = 0): number {
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return 0xffff - sum;
}
