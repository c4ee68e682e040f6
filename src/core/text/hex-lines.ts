import type { PacketText } from './format';
import { hexDigit, isSpace, TAB, SPACE } from './scan';

/**
 * Adds the bytes of one line of a hex dump: an offset in hexadecimal (with or without `0x`, with or without a colon),
 * then bytes in groups of two or four digits, then, behind two spaces or more, the same in ASCII.
 * @returns the offset, -1 where the line is no such line
 */
export function takeHexLine(packet: PacketText, bytes: Uint8Array, start: number, end: number): number {
  const dump = hexLineAt(bytes, start, end);
  if (dump === null) return -1;
  let at = dump.dataAt;
  let digits = 0;
  while (at < end) {
    const c = bytes[at]!;
    if (c === SPACE || c === TAB) {
      // Two blanks end the bytes: what follows is text. tshark has one wider gap nowhere, hexdump one in the middle.
      if (at + 1 < end && (bytes[at + 1] === SPACE || bytes[at + 1] === TAB)) {
        if (!(digits === 16 && isMiddleGap(bytes, at, end))) break;
        at++;
      }
      at++;
      continue;
    }
    const high = hexDigit(c);
    const low = at + 1 < end ? hexDigit(bytes[at + 1]!) : -1;
    if (high < 0 || low < 0) break;
    packet.addHex(high * 16 + low);
    digits += 2;
    at += 2;
    if (digits >= MAX_LINE_DIGITS) break;
  }
  return digits > 0 || dump.isOffsetOnly ? dump.offset : -1;
}

const MAX_LINE_DIGITS = 2 * 64;

/** Behind eight bytes two blanks and another byte: the gap that `hexdump -C` leaves in the middle. */
function isMiddleGap(bytes: Uint8Array, at: number, end: number): boolean {
  const next = at + 2;
  return (
    next + 2 < end &&
    hexDigit(bytes[next]!) >= 0 &&
    hexDigit(bytes[next + 1]!) >= 0 &&
    isSpace(bytes[next + 2]!) &&
    bytes[at - 3] === SPACE
  );
}

/** The offset of a hex line and where its bytes begin; `null` where there is none. */
export function hexLineAt(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly offset: number; readonly dataAt: number; readonly isOffsetOnly: boolean } | null {
  let at = start;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  if (bytes[at] === 0x30 && at + 1 < end && bytes[at + 1] === 0x78) at += 2;
  const from = at;
  let offset = 0;
  while (at < end && at - from < 9) {
    const digit = hexDigit(bytes[at]!);
    if (digit < 0) break;
    offset = offset * 16 + digit;
    at++;
  }
  if (at - from < 3 || at - from > 8) return null;
  if (at < end && bytes[at] === 0x3a) at++;
  if (at >= end) return { offset, dataAt: at, isOffsetOnly: true };
  if (bytes[at] !== SPACE && bytes[at] !== TAB) return null;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  return { offset, dataAt: at, isOffsetOnly: false };
}
