import { UNKNOWN_LINK_TYPE } from '../model/capture';
import { BEGINS, CONTINUES, type Dialect, type NumberStyle, OTHER, PacketText, type TextFormat } from './format';
import { endOfLine, isEmpty, linesOf } from './lines';
import { linkTypeOf } from './link-guess';
import type { Marks } from './marks';
import { hexDigit, RETURN } from './scan';
import type { TimeMeaning } from './times';

/**
 * Packets as source code has them: arrays of `0x45, 0x00` (`xxd -i`, Wireshark's "C Arrays"), and strings with `\x45\x00`
 * (Wireshark's "as Escaped String", Python's `bytes`). An array or a row of strings is a packet.
 */
export const byteLiterals: TextFormat = {
  id: 'byte-literals',
  name: 'bytes in source code',
  sniff(head) {
    const dialect = new LiteralDialect();
    const packet = new PacketText();
    let claimed = 0;
    let packets = 0;
    let isKnown = false;
    const finish = (): void => {
      if (packet.hexLength > 0 && packets++ < SAMPLE_PACKETS) isKnown ||= linkTypeOf(packet) !== UNKNOWN_LINK_TYPE;
      packet.hexLength = 0;
    };
    for (const { start, end } of linesOf(head)) {
      const role = dialect.line(head.bytes, start, end, packet.hexLength > 0);
      if (role !== CONTINUES) finish();
      if (role === OTHER) continue;
      claimed += end - start;
      if (packets < SAMPLE_PACKETS) takeLiterals(head.bytes, start, end, packet);
    }
    finish();
    return isKnown ? claimed : 0;
  },
  open: () => new LiteralDialect(),
};

/** Packets of the beginning that are looked at. */
const SAMPLE_PACKETS = 16;
/** Fewer bytes on the first line of a packet may be anything. */
const FEWEST_BYTES = 4;

const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const STAR = 0x2a;

/** What a line has of a packet; one object, filled anew for every line. */
const literals = { count: 0, opens: false, closes: false };

/** Characters in front of the bytes that begin an array or a value, and those behind them that end it. */
const isOpening = (c: number): boolean => c === 0x7b || c === 0x5b || c === 0x3d || c === 0x28;
const isClosing = (c: number): boolean => c === 0x7d || c === 0x5d || c === 0x3b || c === 0x29;

/** Finds the bytes on a line, and adds them to a packet. Comments have none. */
function takeLiterals(bytes: Uint8Array, start: number, end: number, packet: PacketText | null): typeof literals {
  literals.count = 0;
  literals.opens = literals.closes = false;
  for (let at = start; at < end;) {
    const c = bytes[at]!;
    if (c === SLASH && bytes[at + 1] === SLASH) break;
    if (c === SLASH && bytes[at + 1] === STAR) at = behindComment(bytes, at + 2, end);
    else if (c === QUOTE || c === APOSTROPHE) at = takeString(bytes, at, end, packet);
    else if (byteAt(bytes, at, start, end)) {
      packet?.addHex(numberAt(bytes, at + 2));
      literals.count++;
      at += hexDigit(bytes[at + 3] ?? 0) >= 0 && at + 3 < end ? 4 : 3;
    } else {
      if (literals.count === 0 && isOpening(c)) literals.opens = true;
      if (literals.count > 0 && isClosing(c)) literals.closes = true;
      at++;
    }
  }
  return literals;
}

/** `0x4` or `0x45`, and no longer number. */
function byteAt(bytes: Uint8Array, at: number, start: number, end: number): boolean {
  if (bytes[at] !== 0x30 || (bytes[at + 1]! | 0x20) !== 0x78 || at + 2 >= end) return false;
  if (at > start && isOfWord(bytes[at - 1]!)) return false;
  if (hexDigit(bytes[at + 2]!) < 0) return false;
  const to = at + 3 < end && hexDigit(bytes[at + 3]!) >= 0 ? at + 4 : at + 3;
  return to >= end || !isOfWord(bytes[to]!);
}

const isOfWord = (c: number): boolean =>
  hexDigit(c) >= 0 || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || c === 0x5f;

/** The one or two hexadecimal digits at an index. */
function numberAt(bytes: Uint8Array, at: number): number {
  const first = hexDigit(bytes[at]!);
  const second = hexDigit(bytes[at + 1] ?? 0);
  return second < 0 ? first : first * 16 + second;
}

function behindComment(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at + 1 < end; at++) if (bytes[at] === STAR && bytes[at + 1] === SLASH) return at + 2;
  return end;
}

/** Letters behind a backslash that stand for one byte (C and Python). */
const ESCAPES: Readonly<Record<number, number>> = { 0x6e: 10, 0x72: 13, 0x74: 9, 0x61: 7, 0x62: 8, 0x66: 12, 0x76: 11 };

/** Adds the bytes of a string that has some in hexadecimal. Returns the index behind it. */
function takeString(bytes: Uint8Array, start: number, end: number, packet: PacketText | null): number {
  const quote = bytes[start]!;
  let close = start + 1;
  let inHex = 0;
  while (close < end && bytes[close] !== quote) {
    if (bytes[close] === BACKSLASH && bytes[++close] === 0x78) inHex++;
    close++;
  }
  close = Math.min(close, end);
  if (inHex === 0) return close + 1;
  for (let at = start + 1; at < close;) {
    literals.count++;
    let value = bytes[at++]!;
    if (value === BACKSLASH && at < close) {
      const letter = bytes[at++]!;
      if (letter === 0x78 && at + 1 < close + 1 && hexDigit(bytes[at]!) >= 0) {
        value = numberAt(bytes, at);
        at += hexDigit(bytes[at + 1]!) >= 0 ? 2 : 1;
      } else if (letter === 0x30) value = 0;
      else value = ESCAPES[letter] ?? letter;
    }
    packet?.addHex(value);
  }
  return close + 1;
}

/** A line with nothing but a comment. */
function isComment(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  return bytes[at] === STAR || (bytes[at] === SLASH && (bytes[at + 1] === SLASH || bytes[at + 1] === STAR));
}

class LiteralDialect implements Dialect {
  readonly description = 'bytes in source code';
  readonly times: TimeMeaning = 'none';
  readonly numbers: NumberStyle = 'raw';
  readonly key = '';
  /** The packet ends with its last line. */
  private closed = false;

  line(bytes: Uint8Array, start: number, end: number, after: boolean): number {
    const { count, opens, closes } = takeLiterals(bytes, start, end, null);
    const isOpen = after && !this.closed;
    if (count === 0) return isOpen && (isEmpty(bytes, start, end) || isComment(bytes, start, end)) ? CONTINUES : OTHER;
    if (isOpen && !opens) {
      this.closed = closes;
      return CONTINUES;
    }
    if (count < FEWEST_BYTES) return OTHER;
    this.closed = closes;
    return BEGINS;
  }

  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    for (let at = start; at < end;) {
      const next = endOfLine(bytes, at, end);
      const stop = next > at && bytes[next - 1] === RETURN ? next - 1 : next;
      if (takeLiterals(bytes, at, stop, packet).count > 0) marks?.mark('hex', at, stop);
      at = next + 1;
    }
  }
}
