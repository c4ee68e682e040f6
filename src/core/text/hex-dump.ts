import { UNKNOWN_LINK_TYPE } from '../model/capture';
import {
  BEGINS,
  CONTINUES,
  type Dialect,
  type NumberStyle,
  OTHER,
  PacketText,
  type TextFormat,
  type TextHead,
} from './format';
import { message } from '../model/message';
import {
  type DumpLine,
  dumpLineAt,
  isByteLine,
  RADIXES,
  takeByteLine,
  takeDumpLine,
  type TakenLine,
} from './hex-lines';
import { endOfLine, linesOf } from './lines';
import { linkTypeOf } from './link-guess';
import type { Marks } from './marks';
import { PacketDump } from './packet-dump';
import { ascii, find, hexDigit, isBlank, RETURN, Scanner } from './scan';
import { type TimeMeaning, type TimeStyle, TimeValue } from './times';
import { isDumpLabel, isOwnLabel } from './dump-labels';

/**
 * Bytes in hexadecimal, as text2pcap reads them and `tshark -x`, `tcpdump -xx`, hexdump, xxd and od write them: offsets,
 * if any, from 0 in each packet, in any radix; a line in front with a direction (`I`, `O`) and a time, if any. hexdump
 * and `od -x` print words of 16 bits in the order of the machine that they run on.
 */
export const hexDump: TextFormat = {
  id: 'hex-dump',
  name: 'hex dump',
  sniff(head) {
    const { radix, claimed: dumped } = learn(head);
    const { claimed, lines } = radix === 0 ? plainBytes(head) : { claimed: dumped, lines: 2 };
    if (claimed === 0 || hasPacket(head, radix)) return claimed;
    // Bytes that are no packet, of a key or of a map, may stand beside packets in words.
    return lines < 2 ? 0 : 1;
  },
  open: (head) => new HexDialect(head),
};

const POINT = ascii('.');
const sample = new PacketText();
const scanner = new Scanner();
const time = new TimeValue();

/** The radix in which offsets go on from line to line, 0 where they do in none, and bytes of the lines that do. */
function learn(head: TextHead): { readonly radix: number; readonly claimed: number } {
  let best = { radix: 0, claimed: 0 };
  for (const radix of RADIXES) {
    let claimed = 0;
    let next = -1;
    let first = 0;
    for (const { start, end } of linesOf(head)) {
      sample.reset();
      const dump = takeDumpLine(sample, head.bytes, start, end, radix);
      if (dump === null || sample.hexLength === 0) continue;
      // A single line with offset 0 is a packet, too, if it is long enough to be one.
      if (dump.offset === 0) first = sample.hexLength >= 16 ? end - start : 0;
      if (dump.offset === next) {
        claimed += end - start + first;
        first = 0;
      }
      next = dump.offset + sample.hexLength;
    }
    if (claimed === 0) claimed = first;
    if (claimed > best.claimed) best = { radix, claimed };
  }
  return best;
}

/** Bytes of lines that are nothing but bytes, and how many lines there are. */
function plainBytes(head: TextHead): { readonly claimed: number; readonly lines: number } {
  let claimed = 0;
  let lines = 0;
  for (const { start, end } of linesOf(head))
    if (isByteLine(head.bytes, start, end)) {
      claimed += end - start;
      lines++;
    }
  return { claimed, lines };
}

/** Headers of link layers by their length, most usual first: none, Ethernet, cooked captures, loopback. */
const LINK_HEADERS = [0, 14, 16, 20, 4];
/** Shorter frames of Ethernet are padded. */
const SHORTEST_FRAME = 60;
const line = new PacketText();

/** Whether a line of bytes is a packet by itself, as Wireshark copies one ("as a Hex Stream"): its length says so. */
function isWholePacket(bytes: Uint8Array, start: number, end: number): boolean {
  line.hexLength = 0;
  takeByteLine(line, bytes, start, end);
  const { hex, hexLength } = line;
  return LINK_HEADERS.some((at) => {
    if (at + 20 > hexLength) return false;
    const version = hex[at]! >> 4;
    if (version !== 4 && version !== 6) return false;
    const length = at + (version === 4 ? word(hex, at + 2) : 40 + word(hex, at + 4));
    return length === hexLength || (at > 0 && hexLength === SHORTEST_FRAME && length < hexLength);
  });
}

const word = (hex: Uint8Array, at: number): number => hex[at]! * 256 + hex[at + 1]!;

/** Packets of the beginning that are looked at. */
const SAMPLE_PACKETS = 16;

/** Whether one of the first dumps, or runs of lines with bytes, is that of a packet. */
function hasPacket(head: TextHead, radix: number): boolean {
  const packet = new PacketText();
  let packets = 0;
  for (const { start, end } of linesOf(head)) {
    const { hexLength } = packet;
    const dump = radix === 0 ? null : takeDumpLine(packet, head.bytes, start, end, radix);
    const isBytes = radix === 0 && isByteLine(head.bytes, start, end);
    if (isBytes) takeByteLine(packet, head.bytes, start, end);
    const isNext = radix === 0 ? !isBytes || isWholePacket(head.bytes, start, end) : dump?.offset === 0;
    if (!isNext || hexLength === 0) continue;
    const rest = packet.hex.slice(hexLength, packet.hexLength);
    packet.hexLength = hexLength;
    if (isPacket(packet)) return true;
    if (++packets >= SAMPLE_PACKETS) return false;
    packet.hexLength = 0;
    for (const byte of rest) packet.addHex(byte);
  }
  return packet.hexLength > 0 && isPacket(packet);
}

/** Whether bytes are a packet, or a capture, perhaps with its words turned round. */
function isPacket(packet: PacketText): boolean {
  for (let turns = 0; turns < 2; turns++) {
    if (isCapture(packet) || linkTypeOf(packet) !== UNKNOWN_LINK_TYPE) return true;
    swapWords(packet, 0);
  }
  return false;
}

const TIME_STYLES: readonly TimeStyle[] = ['date', 'time-of-day', 'seconds'];
const MEANING: Readonly<Record<TimeStyle, TimeMeaning>> = {
  date: 'absolute',
  'time-of-day': 'time-of-day',
  seconds: 'elapsed',
  span: 'elapsed',
  none: 'none',
};

/** The style of a line that has nothing but a direction and a time; `null` for any other. */
function preambleOf(bytes: Uint8Array, start: number, end: number): TimeStyle | null {
  if (end - start > 64) return null;
  let at = start;
  const letter = bytes[at]! | 0x20;
  if ((letter === 0x69 || letter === 0x6f) && at + 1 < end && isBlank(bytes[at + 1]!)) at += 2;
  while (at < end && isBlank(bytes[at]!)) at++;
  for (const style of TIME_STYLES) {
    scanner.set(bytes, at, end);
    if (!time.take(scanner, style)) continue;
    scanner.skipSpaces();
    if (scanner.atEnd && (style !== 'seconds' || find(bytes, at, end, POINT) >= 0)) return style;
  }
  return null;
}

/** What stands for lines that are the same as the one before. */
const isRepeat = (bytes: Uint8Array, start: number, end: number): boolean => end - start === 1 && bytes[start] === 0x2a;

/** Repeated bytes that one such line may stand for, so that a short text cannot make much work. */
const MAX_REPEATED_BYTES = 16_384;

/** First bytes of pcap, in both byte orders and resolutions, and of pcapng. */
const CAPTURES = [0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0x0a0d0d0a];

const isCapture = ({ hex, hexLength }: PacketText): boolean =>
  hexLength >= 4 && CAPTURES.includes(((hex[0]! << 24) | (hex[1]! << 16) | (hex[2]! << 8) | hex[3]!) >>> 0);

/** Puts the bytes of each word behind `from` in their order on the wire. */
function swapWords({ hex, hexLength }: PacketText, from: number): void {
  for (let at = from; at + 1 < hexLength; at += 2) [hex[at], hex[at + 1]] = [hex[at + 1]!, hex[at]!];
}

/** Behind the offset, without a colon, are words of four digits, as hexdump and `od -x` print them. */
function hasWords(bytes: Uint8Array, end: number, dump: DumpLine): boolean {
  let at = dump.dataAt;
  while (at < end && hexDigit(bytes[at]!) >= 0) at++;
  return at - dump.dataAt === 4 && isBlank(bytes[dump.dataAt - 1]!) && hexDigit(bytes[dump.dataAt - 2]!) >= 0;
}

/** Bytes on a line by which it is one of a dump whose beginning is lost. */
const FEWEST_OF_REST = 8;

const watch = new PacketDump();

/** Bytes of the first packet by which the order of bytes is told. */
const MAX_SAMPLE_BYTES = 256;

class HexDialect implements Dialect {
  readonly description: string;
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle = 'raw';
  readonly key: string;
  private readonly radix: number;
  private readonly style: TimeStyle;
  /** Words are printed with their second byte first. */
  private readonly isSwapped: boolean;
  /** Bytes of the longest packet at the beginning. */
  private readonly longest: number;
  /** The open packet has bytes already. */
  private hasBytes = false;
  /** What follows is no packet: bytes that were put together, a decrypted stream. */
  private skips = false;

  constructor(head: TextHead) {
    this.radix = learn(head).radix;
    let style: TimeStyle = 'none';
    let previous: TimeStyle | null = null;
    for (const { start, end } of linesOf(head)) {
      if (previous !== null && this.offsetOf(head.bytes, start, end) === 0) {
        style = previous;
        break;
      }
      previous = preambleOf(head.bytes, start, end);
    }
    this.style = style;
    this.longest = this.longestIn(head);
    this.isSwapped = this.radix !== 0 && this.hasSwappedWords(head);
    this.key = JSON.stringify([this.radix, style, this.longest, this.isSwapped]);
    this.times = style === 'seconds' && time.seconds > 600_000_000 ? 'absolute' : MEANING[style];
    this.description =
      this.radix === 0 ? 'hex bytes' : `hex dump${this.radix === 16 ? '' : `, offsets in base ${this.radix}`}`;
  }

  private longestIn(head: TextHead): number {
    let longest = 0;
    const packet = new PacketText();
    for (const { start, end } of linesOf(head)) {
      if (this.radix === 0) {
        const isBytes = isByteLine(head.bytes, start, end, packet.hexLength > 0);
        if (!isBytes || isWholePacket(head.bytes, start, end)) packet.reset();
        if (isBytes) takeByteLine(packet, head.bytes, start, end);
        longest = Math.max(longest, packet.hexLength);
        continue;
      }
      const offset = this.offsetOf(head.bytes, start, end);
      if (offset >= 0) longest = Math.max(longest, offset + sample.hexLength);
    }
    return longest;
  }

  /** Whether the first packet is one only where its words are turned round. */
  private hasSwappedWords(head: TextHead): boolean {
    const first = new PacketText();
    for (const { start, end } of linesOf(head)) {
      const before = first.hexLength;
      const dump = takeDumpLine(first, head.bytes, start, end, this.radix);
      if (dump === null || dump.dataAt >= end) continue;
      if (!hasWords(head.bytes, end, dump)) return false;
      if ((dump.offset === 0 && before > 0) || before > MAX_SAMPLE_BYTES) {
        first.hexLength = before;
        break;
      }
    }
    const turned = new PacketText();
    for (let at = 0; at < first.hexLength; at++) turned.addHex(first.hex[at]!);
    swapWords(turned, 0);
    const isKnown = (packet: PacketText): boolean => isCapture(packet) || linkTypeOf(packet) !== UNKNOWN_LINK_TYPE;
    return !isKnown(first) && isKnown(turned);
  }

  private offsetOf(bytes: Uint8Array, start: number, end: number, isBehind = false): number {
    sample.reset();
    if (this.radix === 0) return isByteLine(bytes, start, end, isBehind) ? 0 : -1;
    const dump = takeDumpLine(sample, bytes, start, end, this.radix);
    return dump === null ? -1 : dump.offset;
  }

  line(bytes: Uint8Array, start: number, end: number, after: boolean): number {
    if (isDumpLabel(bytes, start, end)) {
      this.skips = !isOwnLabel(bytes, start, end);
      return OTHER;
    }
    // A label is that of the next dump alone.
    if (end <= start) this.skips = false;
    if (after && this.radix !== 0 && isRepeat(bytes, start, end)) return CONTINUES;
    const offset = this.offsetOf(bytes, start, end, after && this.hasBytes);
    if (offset < 0) {
      if (this.style !== 'none' && preambleOf(bytes, start, end) === this.style) {
        this.hasBytes = this.skips = false;
        return BEGINS;
      }
      return OTHER;
    }
    if (this.skips) return OTHER;
    const isFirst = this.radix === 0 ? !after || isWholePacket(bytes, start, end) : offset === 0;
    if (isFirst && !(after && !this.hasBytes)) {
      this.hasBytes = true;
      return BEGINS;
    }
    if (!after && !(offset > 0 && sample.hexLength >= FEWEST_OF_REST)) return OTHER;
    this.hasBytes = true;
    return after ? CONTINUES : BEGINS;
  }

  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    let next = 0;
    /** Length of the last line that had bytes, and whether it is repeated. */
    let lastBytes = 0;
    let isRepeated = false;
    watch.begin();
    for (let at = start; at < end;) {
      const lineEnd = endOfLine(bytes, at, end);
      const stop = lineEnd > at && bytes[lineEnd - 1] === RETURN ? lineEnd - 1 : lineEnd;
      const before = packet.hexLength;
      let dump: TakenLine | null = null;
      if (this.radix === 0) takeByteLine(packet, bytes, at, stop);
      else if (this.follows(packet, bytes, at, stop, isRepeated))
        dump = takeDumpLine(packet, bytes, at, stop, this.radix);
      // ASCII that looks like more bytes is none: the next offset says how many there were.
      if (dump !== null && dump.offset < before && dump.offset >= next) {
        packet.hex.copyWithin(dump.offset, before, packet.hexLength);
        packet.hexLength = dump.offset + packet.hexLength - before;
      }
      if (dump !== null) {
        next = dump.offset + 1;
        watch.took(bytes, dump, stop);
        if (this.isSwapped) swapWords(packet, before);
        if (isRepeated) repeat(packet, before, dump.offset, lastBytes);
        if (packet.hexLength > before) lastBytes = packet.hexLength - Math.max(before, dump.offset);
      }
      isRepeated = isRepeat(bytes, at, stop);
      if (packet.hexLength > before) marks?.mark('hex', at, stop);
      else if (this.style !== 'none' && !packet.timed) this.takePreamble(bytes, at, stop, packet, marks);
      at = lineEnd + 1;
    }
    // Packets that the capture cut are all as long as the longest.
    packet.isCut = packet.hexLength === this.longest;
    // Of lines that are all whole, the last may be missing.
    const endsWhole = lastBytes > 1 && packet.hexLength % lastBytes === 0;
    watch.end(packet, endsWhole ? this.longest - 1 : 0, -1);
    // The rest of a dump whose beginning is lost is none.
    packet.isPacket = packet.hexLength > 0 || packet.timed;
    if (!isCapture(packet)) return;
    packet.isPacket = false;
    packet.problem(
      'dump-of-capture',
      'warning',
      message(
        'These are the bytes of a capture file, not of a packet: turn them back into a file and open that, for example with “xxd -r”',
      ),
      start,
    );
  }

  /** Whether a line, if it is one of the dump, goes on from those before: with what stands for repeated ones, it does. */
  private follows(packet: PacketText, bytes: Uint8Array, start: number, end: number, isRepeated: boolean): boolean {
    const dump = isRepeated ? null : dumpLineAt(bytes, start, end, this.radix);
    return dump === null || watch.follows(packet, dump, start);
  }

  private takePreamble(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    let at = start;
    const letter = bytes[at]! | 0x20;
    if (letter === 0x69 || letter === 0x6f) at++;
    while (at < end && isBlank(bytes[at]!)) at++;
    packet.timed = packet.time.take(scanner.set(bytes, at, end), this.style);
    marks?.mark('frame.time', at, scanner.at);
  }
}

/** Puts the last line's bytes again and again between those before it and those at `offset`, which it led to. */
function repeat(packet: PacketText, before: number, offset: number, lineBytes: number): void {
  const missing = offset - before;
  if (missing <= 0 || missing > MAX_REPEATED_BYTES || lineBytes === 0 || before < lineBytes) return;
  const behind = packet.hex.slice(before, packet.hexLength);
  packet.hexLength = before;
  for (let i = 0; i < missing; i++) packet.addHex(packet.hex[packet.hexLength - lineBytes]!);
  for (const byte of behind) packet.addHex(byte);
}
