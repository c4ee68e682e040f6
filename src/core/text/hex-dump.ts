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
import { type DumpLine, isByteLine, takeByteLine, takeDumpLine } from './hex-lines';
import { linesOf } from './lines';
import type { Marks } from './marks';
import { ascii, find, isBlank, NEWLINE, RETURN, Scanner, startsWith } from './scan';
import { type TimeMeaning, type TimeStyle, TimeValue } from './times';
import { isDumpLabel, FRAME_LABEL, PACKET_LABEL } from './dump-labels';

/**
 * Bytes in hexadecimal, as text2pcap reads them and `tshark -x`, `tcpdump -xx` and od write them: offsets, if any, from
 * 0 in each packet, in any radix; a line in front with a direction (`I`, `O`) and a time, if any.
 */
export const hexDump: TextFormat = {
  id: 'hex-dump',
  name: 'hex dump',
  sniff(head) {
    const { radix, claimed } = learn(head);
    return radix === 0 ? plainBytes(head) : claimed;
  },
  open: (head) => new HexDialect(head),
};

/** Radixes of offsets, most usual first. */
const RADIXES = [16, 10, 8];

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

/** Bytes of lines that are nothing but bytes, where there are several such. */
function plainBytes(head: TextHead): number {
  let claimed = 0;
  let lines = 0;
  for (const { start, end } of linesOf(head))
    if (isByteLine(head.bytes, start, end)) {
      claimed += end - start;
      lines++;
    }
  return lines >= 2 ? claimed : 0;
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

class HexDialect implements Dialect {
  readonly description: string;
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle = 'raw';
  readonly key: string;
  private readonly radix: number;
  private readonly style: TimeStyle;
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
    this.key = JSON.stringify([this.radix, style, this.longest]);
    this.times = style === 'seconds' && time.seconds > 600_000_000 ? 'absolute' : MEANING[style];
    this.description =
      this.radix === 0 ? 'hex bytes' : `hex dump${this.radix === 16 ? '' : `, offsets in base ${this.radix}`}`;
  }

  private longestIn(head: TextHead): number {
    let longest = 0;
    for (const { start, end } of linesOf(head)) {
      const offset = this.offsetOf(head.bytes, start, end);
      if (offset >= 0) longest = Math.max(longest, offset + sample.hexLength);
    }
    return longest;
  }

  private offsetOf(bytes: Uint8Array, start: number, end: number): number {
    sample.reset();
    if (this.radix === 0) return isByteLine(bytes, start, end) ? 0 : -1;
    const dump = takeDumpLine(sample, bytes, start, end, this.radix);
    return dump === null ? -1 : dump.offset;
  }

  line(bytes: Uint8Array, start: number, end: number, after: boolean): number {
    if (isDumpLabel(bytes, start, end)) {
      this.skips = !startsWith(bytes, start, end, FRAME_LABEL) && !startsWith(bytes, start, end, PACKET_LABEL);
      return OTHER;
    }
    // A label is that of the next dump alone.
    if (end <= start) this.skips = false;
    const offset = this.offsetOf(bytes, start, end);
    if (offset < 0) {
      if (this.style !== 'none' && preambleOf(bytes, start, end) === this.style) {
        this.hasBytes = this.skips = false;
        return BEGINS;
      }
      return OTHER;
    }
    if (this.skips) return OTHER;
    const isFirst = this.radix === 0 ? !after : offset === 0;
    if (isFirst && !(after && !this.hasBytes)) {
      this.hasBytes = true;
      return BEGINS;
    }
    if (!after) return OTHER;
    this.hasBytes = true;
    return CONTINUES;
  }

  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    let next = 0;
    for (let at = start; at < end;) {
      const found = bytes.indexOf(NEWLINE, at);
      const lineEnd = found < 0 || found > end ? end : found;
      const stop = lineEnd > at && bytes[lineEnd - 1] === RETURN ? lineEnd - 1 : lineEnd;
      const before = packet.hexLength;
      let dump: DumpLine | null = null;
      if (this.radix === 0) takeByteLine(packet, bytes, at, stop);
      else dump = takeDumpLine(packet, bytes, at, stop, this.radix);
      // ASCII that looks like more bytes is none: the next offset says how many there were.
      if (dump !== null && dump.offset < before && dump.offset >= next) {
        packet.hex.copyWithin(dump.offset, before, packet.hexLength);
        packet.hexLength = dump.offset + packet.hexLength - before;
      }
      if (dump !== null) next = dump.offset + 1;
      if (packet.hexLength > before) marks?.mark('hex', at, stop);
      else if (this.style !== 'none' && !packet.timed) this.takePreamble(bytes, at, stop, packet, marks);
      at = lineEnd + 1;
    }
    // Packets that the capture cut are all as long as the longest.
    packet.isCut = packet.hexLength === this.longest;
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
