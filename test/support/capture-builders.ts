/**
 * Builders of capture files for tests, written from the specifications (draft-ietf-opsawg-pcap,
 * draft-ietf-opsawg-pcapng, RFC 1761, the Network Monitor help), apart from the readers.
 */

/** Puts bytes together; a string stands for its characters' codes. */
export function bytes(...parts: readonly (Uint8Array | readonly number[] | string)[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)))),
  );
}

function integer(value: number | bigint, length: number, little: boolean): Uint8Array {
  const digits = new Uint8Array(length);
  let rest = BigInt.asUintN(8 * length, BigInt(value));
  for (let i = 0; i < length; i++, rest >>= 8n) digits[little ? i : length - 1 - i] = Number(rest & 255n);
  return digits;
}

export interface Integers {
  readonly u16: (value: number) => Uint8Array;
  readonly u32: (value: number) => Uint8Array;
  readonly u64: (value: number | bigint) => Uint8Array;
}

/** Integers in one byte order; negative ones as their two's complement. */
export const integers = (little: boolean): Integers => ({
  u16: (value) => integer(value, 2, little),
  u32: (value) => integer(value, 4, little),
  u64: (value) => integer(value, 8, little),
});

export const LITTLE = integers(true);
export const BIG = integers(false);

/** `length` bytes that count up from `first`, so that every frame of a test looks different. */
export const pattern = (length: number, first = 0): Uint8Array => Uint8Array.from({ length }, (_, i) => first + i);

const padding = (length: number, unit: number): Uint8Array => new Uint8Array((unit - (length % unit)) % unit);

export interface PcapOptions {
  readonly little?: boolean;
  readonly magic?: number;
  readonly version?: readonly [major: number, minor: number];
  readonly snapLength?: number;
  /** The whole word, with the bits that tell the length of the frame check sequence. */
  readonly link?: number;
}

export const MICROSECONDS = 0xa1b2c3d4;
export const NANOSECONDS = 0xa1b23c4d;
export const MODIFIED = 0xa1b2cd34;

export function pcapHeader(options: PcapOptions = {}): Uint8Array {
  const { u16, u32 } = integers(options.little ?? true);
  const [major, minor] = options.version ?? [2, 4];
  return bytes(
    u32(options.magic ?? MICROSECONDS),
    u16(major),
    u16(minor),
    u32(0),
    u32(0),
    u32(options.snapLength ?? 65535),
    u32(options.link ?? 1),
  );
}

export interface PcapRecordOptions {
  readonly little?: boolean;
  readonly seconds?: number;
  /** In the file's unit. */
  readonly fraction?: number;
  /** What the header says, where that is not what is there. */
  readonly captured?: number;
  readonly original?: number;
  /** Bytes that a variant adds to the header. */
  readonly extra?: number;
}

export function pcapRecord(data: Uint8Array, options: PcapRecordOptions = {}): Uint8Array {
  const { u32 } = integers(options.little ?? true);
  return bytes(
    u32(options.seconds ?? 1_700_000_000),
    u32(options.fraction ?? 0),
    u32(options.captured ?? data.length),
    u32(options.original ?? data.length),
    new Uint8Array(options.extra ?? 0).fill(0xee),
    data,
  );
}

/** A block of pcapng with its length at both ends, padded to 32 bits. */
export function block(type: number, body: Uint8Array, little = true): Uint8Array {
  const { u32 } = integers(little);
  const pad = padding(body.length, 4);
  const length = u32(12 + body.length + pad.length);
  return bytes(u32(type), length, body, pad, length);
}

export function option(code: number, value: Uint8Array | string, little = true): Uint8Array {
  const { u16 } = integers(little);
  const content = bytes(value);
  return bytes(u16(code), u16(content.length), content, padding(content.length, 4));
}

export const END_OF_OPTIONS = new Uint8Array(4);

export interface BlockOptions {
  readonly little?: boolean;
  readonly options?: Uint8Array;
}

export function section(
  o: BlockOptions & { readonly version?: readonly [number, number]; readonly length?: number } = {},
): Uint8Array {
  const { u16, u32, u64 } = integers(o.little ?? true);
  const [major, minor] = o.version ?? [1, 0];
  const body = bytes(u32(0x1a2b3c4d), u16(major), u16(minor), u64(o.length ?? -1), o.options ?? []);
  return block(0x0a0d0d0a, body, o.little);
}

export function interfaceBlock(
  o: BlockOptions & { readonly linkType?: number; readonly snapLength?: number } = {},
): Uint8Array {
  const { u16, u32 } = integers(o.little ?? true);
  return block(1, bytes(u16(o.linkType ?? 1), u16(0), u32(o.snapLength ?? 0), o.options ?? []), o.little);
}

export interface PacketBlockOptions extends BlockOptions {
  readonly interface?: number;
  readonly time?: bigint;
  readonly captured?: number;
  readonly original?: number;
}

/** 2023-11-14 22:13:20.123456 UTC in microseconds. */
export const SOME_TIME = 1_700_000_000_123_456n;

function packetBody(data: Uint8Array, o: PacketBlockOptions): Uint8Array {
  const { u32 } = integers(o.little ?? true);
  const time = o.time ?? SOME_TIME;
  return bytes(
    u32(Number(time >> 32n)),
    u32(Number(time & 0xffff_ffffn)),
    u32(o.captured ?? data.length),
    u32(o.original ?? data.length),
    data,
    padding(data.length, 4),
    o.options ?? [],
  );
}

export const enhancedPacket = (data: Uint8Array, o: PacketBlockOptions = {}): Uint8Array =>
  block(6, bytes(integers(o.little ?? true).u32(o.interface ?? 0), packetBody(data, o)), o.little);

export function obsoletePacket(data: Uint8Array, o: PacketBlockOptions & { readonly lost?: number } = {}): Uint8Array {
  const { u16 } = integers(o.little ?? true);
  return block(2, bytes(u16(o.interface ?? 0), u16(o.lost ?? 0xffff), packetBody(data, o)), o.little);
}

export const simplePacket = (
  data: Uint8Array,
  o: { readonly little?: boolean; readonly original?: number } = {},
): Uint8Array => block(3, bytes(integers(o.little ?? true).u32(o.original ?? data.length), data), o.little);

export const snoopHeader = (datalink = 4, version = 2): Uint8Array =>
  bytes('snoop\0\0\0', BIG.u32(version), BIG.u32(datalink));

export interface SnoopRecordOptions {
  readonly seconds?: number;
  readonly micros?: number;
  readonly original?: number;
  readonly lost?: number;
  readonly padding?: number;
  /** What the record says, where that is not what is there. */
  readonly captured?: number;
  readonly length?: number;
}

export function snoopRecord(data: Uint8Array, o: SnoopRecordOptions = {}): Uint8Array {
  const pad = o.padding ?? padding(data.length, 4).length;
  return bytes(
    BIG.u32(o.original ?? data.length),
    BIG.u32(o.captured ?? data.length),
    BIG.u32(o.length ?? 24 + data.length + pad),
    BIG.u32(o.lost ?? 0),
    BIG.u32(o.seconds ?? 1_700_000_000),
    BIG.u32(o.micros ?? 0),
    data,
    new Uint8Array(pad),
  );
}

export interface NetmonOptions {
  readonly version?: readonly [major: number, minor: number];
  readonly network?: number;
  /** Year, month, day of the week, day, hour, minute, second, millisecond. */
  readonly start?: readonly number[];
  /** Records in the order of the table; as they stand if left out. */
  readonly order?: readonly number[];
  readonly withTable?: boolean;
}

/** 2010-06-16 (a Wednesday) 18:20:10.371. */
export const NETMON_START: readonly number[] = [2010, 6, 3, 16, 18, 20, 10, 371];

export function netmonFile(records: readonly Uint8Array[], o: NetmonOptions = {}): Uint8Array {
  const [major, minor] = o.version ?? [2, 0];
  const body = bytes(...records);
  const starts: number[] = [];
  let next = 128;
  for (const record of records) {
    starts.push(next);
    next += record.length;
  }
  const header = bytes(
    major === 1 ? 'RTSS' : 'GMBU',
    [minor, major],
    LITTLE.u16(o.network ?? 1),
    ...(o.start ?? NETMON_START).map((value) => LITTLE.u16(value)),
    LITTLE.u32(128 + body.length),
    LITTLE.u32(4 * records.length),
  );
  const order = o.order ?? records.map((_, i) => i);
  const table = o.withTable === false ? [] : order.map((i) => LITTLE.u32(starts[i]!));
  return bytes(header, new Uint8Array(128 - header.length), body, ...table);
}

/** Record of Network Monitor 1.x: milliseconds since the start. */
export const netmonRecord1 = (data: Uint8Array, ms: number, original = data.length): Uint8Array =>
  bytes(LITTLE.u32(ms), LITTLE.u16(original), LITTLE.u16(data.length), data);

/** Record of 2.x: microseconds since the start; `trailer` from 2.1 on. */
export const netmonRecord2 = (data: Uint8Array, micros: number, trailer: Uint8Array = new Uint8Array(0)): Uint8Array =>
  bytes(LITTLE.u64(micros), LITTLE.u32(data.length), LITTLE.u32(data.length), data, trailer);

/** Trailer of 2.3: media type, process, time in tenths of a microsecond since 1601, time zone. */
export const netmonTrailer = (network: number, fileTime: bigint): Uint8Array =>
  bytes(LITTLE.u16(network), LITTLE.u32(0xffff_ffff), LITTLE.u64(fileTime), [0]);
