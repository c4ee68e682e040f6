import { u32le } from '../../bytes/endian';

/** Magic number and length of a frame that decoders pass over (RFC 8878 §3.1.2, taken over by LZ4). */
export const SKIPPABLE_HEADER_BYTES = 8;

export const isSkippableFrame = (bytes: Uint8Array, at: number): boolean =>
  at + SKIPPABLE_HEADER_BYTES <= bytes.length && (u32le(bytes, at) & 0xfffffff0) >>> 0 === 0x184d2a50;
