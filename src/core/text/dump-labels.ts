import { ascii, find, isBlank, isDigit, Scanner, startsWith } from './scan';

/** Of the packet's own bytes. */
const OWN_LABELS = ['Frame (', 'Packet ('].map(ascii);
const OPEN = ascii('(');
const scanner = new Scanner();
const COUNT_LABELS = [' bytes):', ' byte):'].map(ascii);

/** `Frame (74 bytes):`, `Reassembled TCP (2000 bytes):`: in front of each of several dumps of one packet. */
export function isDumpLabel(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 120 || end - start < 10 || bytes[end - 1] !== 0x3a) return false;
  return COUNT_LABELS.some((label) => {
    const at = find(bytes, start, end, label);
    return at > start && isDigit(bytes[at - 1]!);
  });
}

/** How many bytes a label says that the dump has. */
export function labelledBytes(bytes: Uint8Array, start: number, end: number): number {
  return scanner.set(bytes, find(bytes, start, end, OPEN) + 1, end).uint();
}

/** Whether a label is that of the packet's own bytes; others are of bytes that were put together or decrypted. */
export function isOwnLabel(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && isBlank(bytes[at]!)) at++;
  return OWN_LABELS.some((label) => startsWith(bytes, at, end, label));
}
