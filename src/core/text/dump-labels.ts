import { ascii, find, isDigit } from './scan';

export const FRAME_LABEL = ascii('Frame (');
export const PACKET_LABEL = ascii('Packet (');
const BYTES_LABEL = ascii(' bytes):');

/** `Frame (74 bytes):`, `Reassembled TCP (2000 bytes):`: in front of each of several dumps of one packet. */
export function isDumpLabel(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 120 || end - start < 10 || bytes[end - 1] !== 0x3a) return false;
  const at = find(bytes, start, end, BYTES_LABEL);
  return at > start && isDigit(bytes[at - 1]!);
}
