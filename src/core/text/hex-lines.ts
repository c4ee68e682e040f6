import { PacketText } from './format';
import { hexDigit, isSpace, SPACE, TAB } from './scan';

/** The offset of a line of a hex dump, and where its bytes begin. */
export interface DumpLine {
  readonly offset: number;
  readonly dataAt: number;
}

/** A line whose bytes have been taken: they end in front of `dataEnd`. */
export interface TakenLine extends DumpLine {
  readonly dataEnd: number;
}

/** Bytes of one line at most. */
const MAX_LINE_BYTES = 64;
const counted = new PacketText();

/**
 * Adds the bytes of one line of a hex dump: an offset (with or without `0x`, with or without a colon), then bytes in
 * groups of two or four digits, then, behind two spaces or more, the same in ASCII; `null` where it is no such line.
 */
export function takeDumpLine(
  packet: PacketText,
  bytes: Uint8Array,
  start: number,
  end: number,
  radix = 16,
): TakenLine | null {
  const dump = dumpLineAt(bytes, start, end, radix);
  if (dump === null) return null;
  const { offset, dataAt } = dump;
  const dataEnd = takeBytes(packet, bytes, dataAt, end);
  // od ends with the offset alone.
  return dataEnd > dataAt || dataAt >= end ? { offset, dataAt, dataEnd } : null;
}

/** Adds the bytes that begin at `start`. Returns the index behind the last. */
function takeBytes(packet: PacketText, bytes: Uint8Array, start: number, end: number): number {
  let behind = start;
  let at = start;
  let added = 0;
  while (at < end && added < MAX_LINE_BYTES) {
    const c = bytes[at]!;
    if (c === SPACE || c === TAB) {
      // Two blanks end the bytes: what follows is text. hexdump -C has a wider gap in the middle, too.
      if (at + 1 < end && (bytes[at + 1] === SPACE || bytes[at + 1] === TAB)) {
        if (!(added === 8 && isMiddleGap(bytes, at, end))) break;
        at++;
      }
      at++;
      continue;
    }
    const high = hexDigit(c);
    const low = at + 1 < end ? hexDigit(bytes[at + 1]!) : -1;
    if (high < 0 || low < 0) break;
    packet.addHex(high * 16 + low);
    added++;
    at += 2;
    behind = at;
  }
  return behind;
}

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
export function dumpLineAt(bytes: Uint8Array, start: number, end: number, radix = 16): DumpLine | null {
  let at = start;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  if (bytes[at] === 0x30 && at + 1 < end && bytes[at + 1] === 0x78) at += 2;
  const from = at;
  let offset = 0;
  while (at < end && at - from < 9) {
    const digit = hexDigit(bytes[at]!);
    if (digit < 0 || digit >= radix) break;
    offset = offset * radix + digit;
    at++;
  }
  if (at - from < 3 || at - from > 8) return null;
  if (at < end && bytes[at] === 0x3a) at++;
  if (at >= end) return { offset, dataAt: end };
  if (bytes[at] !== SPACE && bytes[at] !== TAB) return null;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  return at >= end || isGroup(bytes, at, end) ? { offset, dataAt: at } : null;
}

/** Radixes of offsets, most usual first. */
export const RADIXES = [16, 10, 8];

/** Whether a line of a dump begins with the offset that the line in front of it leads to. */
export function followsInDump(
  bytes: Uint8Array,
  lastStart: number,
  lastEnd: number,
  start: number,
  end: number,
): boolean {
  return RADIXES.some((radix) => {
    const offset = dumpLineAt(bytes, start, end, radix)?.offset ?? 0;
    if (offset === 0) return false;
    const last = dumpLineAt(bytes, lastStart, lastEnd, radix);
    if (last === null) return false;
    counted.hexLength = 0;
    takeBytes(counted, bytes, last.dataAt, lastEnd);
    return last.offset + counted.hexLength === offset;
  });
}

/**
 * Whether a line is what the line of a dump in front of it lacks of its bytes as text. What that may hold is known, so
 * that nothing else looks like it.
 */
export function endsDumpLine(
  bytes: Uint8Array,
  lastStart: number,
  lastEnd: number,
  start: number,
  end: number,
): 'all its text' | 'a part' | 'nothing' {
  const last = dumpLineAt(bytes, lastStart, lastEnd);
  if (last === null) return 'nothing';
  counted.hexLength = 0;
  const dataEnd = takeBytes(counted, bytes, last.dataAt, lastEnd);
  let at = skipSpaces(bytes, dataEnd, lastEnd);
  const isAll = at === lastEnd;
  if (isAll) at = skipSpaces(bytes, start, end);
  let isBehind = isAll;
  for (let i = 0; i < counted.hexLength; i++) {
    const byte = counted.hex[i]!;
    // A mailer takes blanks away.
    if (byte === SPACE) continue;
    if (!isBehind && at === lastEnd) {
      at = skipSpaces(bytes, start, end);
      isBehind = true;
    }
    if (at >= (isBehind ? end : lastEnd) || bytes[at] !== (byte > SPACE && byte < 0x7f ? byte : POINT))
      return 'nothing';
    at = skipSpaces(bytes, at + 1, isBehind ? end : lastEnd);
  }
  // Of blanks nothing may be left but the line.
  if (!isBehind && at === lastEnd && counted.hex[counted.hexLength - 1] === SPACE) at = skipSpaces(bytes, start, end);
  else if (!isBehind) return 'nothing';
  if (at < end || start === end) return 'nothing';
  return isAll ? 'all its text' : 'a part';
}

function skipSpaces(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(bytes[at]!)) at++;
  return at;
}

const POINT = 0x2e;

/** Two or four digits (or more pairs), then a blank or the end: no number of any other kind. */
function isGroup(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && hexDigit(bytes[at]!) >= 0) at++;
  return at > start && (at - start) % 2 === 0 && (at >= end || isSpace(bytes[at]!));
}

/** Fewer bytes on a line of nothing else may be anything. */
const FEWEST_BYTES = 8;

/**
 * Whether a line is nothing but bytes: pairs of digits, at least {@link FEWEST_BYTES} of them, or any number behind
 * another such line.
 */
export function isByteLine(bytes: Uint8Array, start: number, end: number, isBehind = false): boolean {
  let count = 0;
  for (let at = start; at < end;) {
    if (isSpace(bytes[at]!)) {
      at++;
      continue;
    }
    if (hexDigit(bytes[at]!) < 0 || at + 1 >= end || hexDigit(bytes[at + 1]!) < 0) return false;
    count++;
    at += 2;
  }
  return count >= (isBehind ? 1 : FEWEST_BYTES);
}

/** Adds the bytes of a line that is nothing else. */
export function takeByteLine(packet: PacketText, bytes: Uint8Array, start: number, end: number): void {
  if (!isByteLine(bytes, start, end, packet.hexLength > 0)) return;
  for (let at = start; at < end;) {
    if (isSpace(bytes[at]!)) at++;
    else {
      packet.addHex(hexDigit(bytes[at]!) * 16 + hexDigit(bytes[at + 1]!));
      at += 2;
    }
  }
}

/** A line of the dump that `-x` prints behind a packet's line: two blanks behind the offset, not one as in a list. */
export function isListDump(bytes: Uint8Array, start: number, end: number): boolean {
  if (end <= start || hexDigit(bytes[start]!) < 0) return false;
  const dump = dumpLineAt(bytes, start, end);
  return dump !== null && isSpace(bytes[dump.dataAt - 2]!);
}
