import { message } from '../model/message';
import { isDumpLabel, isOwnLabel, labelledBytes } from './dump-labels';
import { MAX_PACKET_BYTES, type PacketText, type TextHead } from './format';
import { type DumpLine, dumpLineAt, isListDump, takeDumpLine, type TakenLine } from './hex-lines';
import { endOfLine, linesOf } from './lines';
import { cutBytes, hasWholeHeaders, linkTypeOf } from './link-guess';
import type { Marks } from './marks';
import { hexDigit, isSpace, RETURN } from './scan';

/**
 * Takes the dump of one packet. Each of its lines says how many bytes stand in front of it: so it is found where some are
 * missing, as of a line that was cut. What stands behind such a place is not taken.
 */
export class PacketDump {
  /** Behind the last line that was taken; -1 while there is none. */
  private lineEnd = -1;
  /** The line that does not follow from those before; -1 while all do. */
  private gapAt = -1;
  private missing = 0;
  /** Text stands behind the bytes: of the first line, of the last. */
  private firstHasText = false;
  private hasText = false;
  /** The last line ends within a byte. */
  private isOdd = false;
  /** Characters of the bytes of the first line, of the last. */
  private firstWidth = 0;
  private width = 0;

  begin(): void {
    this.lineEnd = this.gapAt = -1;
    this.missing = 0;
    this.firstHasText = this.hasText = this.isOdd = false;
    this.firstWidth = this.width = 0;
  }

  /** Takes a line of it. */
  take(packet: PacketText, bytes: Uint8Array, start: number, end: number, marks: Marks | null): void {
    const dump = dumpLineAt(bytes, start, end);
    if (dump === null || dump.offset < packet.hexLength || !this.follows(packet, dump, start)) return;
    const taken = takeDumpLine(packet, bytes, start, end);
    if (taken === null) return;
    marks?.mark('hex', start, end);
    this.took(bytes, taken, end);
  }

  /** Whether a line that begins at `start` goes on where those before end. */
  follows(packet: PacketText, { offset }: DumpLine, start: number): boolean {
    if (this.gapAt >= 0) return false;
    if (offset <= packet.hexLength || packet.hexLength >= MAX_PACKET_BYTES) return true;
    this.gapAt = start;
    this.missing = offset - packet.hexLength;
    return false;
  }

  /** A line has been taken. */
  took(bytes: Uint8Array, { dataAt, dataEnd }: TakenLine, end: number): void {
    let at = dataEnd;
    while (at < end && isSpace(bytes[at]!)) at++;
    // Two blanks stand in front of text.
    this.hasText = at < end && (at - dataEnd >= 2 || hexDigit(bytes[at]!) < 0);
    this.isOdd = at < end && !this.hasText;
    this.width = dataEnd - dataAt;
    if (this.lineEnd < 0) [this.firstHasText, this.firstWidth] = [this.hasText, this.width];
    this.lineEnd = end;
  }

  /**
   * Behind the last line: tells of what is missing. Bytes without all headers of a segment do not win over words.
   *
   * @param longest offset of the last line of the longest dump: what is that long may have been cut by the capture
   * @param length bytes that the text says to be captured; -1 where it does not
   */
  end(packet: PacketText, longest: number, length: number): void {
    if (packet.hexLength === 0 && this.gapAt < 0) return;
    // The last line that was taken ends within a byte, or lacks the text that others have: something has cut it.
    const isCut = this.isOdd || (this.firstHasText && !this.hasText);
    if (this.gapAt >= 0)
      packet.problem(
        CUT_DUMP,
        'warning',
        message('Bytes of the dump are missing here ({0}): those behind them are not read', this.missing),
        isCut || this.width < this.firstWidth ? this.lineEnd : this.gapAt,
      );
    else {
      const missing = length >= 0 ? length - packet.hexLength : 0;
      const untold = length < 0 && (isCut || packet.hexLength <= longest) ? cutBytes(packet, linkTypeOf(packet)) : 0;
      if (missing <= 0 && untold === 0) return;
      packet.problem(
        CUT_DUMP,
        'warning',
        missing > 0
          ? message('The dump breaks off. Bytes that are missing: {0}', missing)
          : message('The dump breaks off. Bytes that are missing, by the IP header: {0}', untold),
        this.lineEnd,
      );
    }
    // Of a dump that ends with a whole line, the packet may be as short as that.
    if (this.gapAt >= 0 || isCut || length >= 0) packet.isCut = true;
    if (packet.segmentCount > 0 && !hasWholeHeaders(packet, linkTypeOf(packet))) packet.hexLength = 0;
  }
}

const CUT_DUMP = 'cut-dump';

/** Offset of the last line of the longest dump that a list has at its beginning; 0 where it has none. */
export function longestListDump(head: TextHead): number {
  const { bytes } = head;
  let longest = 0;
  let isOwn = true;
  for (const { start, end } of linesOf(head)) {
    if (isDumpLabel(bytes, start, end)) isOwn = isOwnLabel(bytes, start, end);
    else if (!isListDump(bytes, start, end)) isOwn ||= !isSpace(bytes[start] ?? 0) && end > start;
    else if (isOwn) longest = Math.max(longest, dumpLineAt(bytes, start, end)!.offset);
  }
  return longest;
}

/**
 * Adds the dump among the lines in `[start, end)` that is the packet's own: the first, or that which is called so. Others
 * are of bytes that were put together.
 */
export function takeDump(
  packet: PacketText,
  bytes: Uint8Array,
  start: number,
  end: number,
  longest: number,
  marks: Marks | null,
): void {
  let isOwn = true;
  let length = -1;
  dump.begin();
  for (let at = start; at < end;) {
    const next = endOfLine(bytes, at, end);
    const stop = next > at && bytes[next - 1] === RETURN ? next - 1 : next;
    if (isDumpLabel(bytes, at, stop)) {
      isOwn = isOwnLabel(bytes, at, stop);
      if (isOwn) length = labelledBytes(bytes, at, stop);
    } else if (isOwn && hexDigit(bytes[at] ?? 0) >= 0) dump.take(packet, bytes, at, stop, marks);
    at = next + 1;
  }
  dump.end(packet, packet.segmentCount > 0 ? longest : 0, length);
}

const dump = new PacketDump();

/**
 * Adds the lines of a dump that begins at `start`, up to one that is none. Returns the index behind them, and leaves the
 * packet without bytes where they are those of something else.
 *
 * @param length bytes that the text says to be captured; -1 where it does not
 */
export function takeDumpLines(
  packet: PacketText,
  bytes: Uint8Array,
  start: number,
  end: number,
  length: number,
  marks: Marks | null,
): number {
  let at = start;
  dump.begin();
  while (at < end) {
    const next = endOfLine(bytes, at, end);
    const stop = next > at && bytes[next - 1] === RETURN ? next - 1 : next;
    if (dumpLineAt(bytes, at, stop) === null) break;
    dump.take(packet, bytes, at, stop, marks);
    at = next + 1;
  }
  // Details may have a dump of their own among them, of something that was put together.
  const isOther = length >= 0 && packet.hexLength !== length && !isBlankText(bytes, at, end);
  if (isOther) packet.hexLength = 0;
  else dump.end(packet, 0, length);
  return at;
}

function isBlankText(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && isSpace(bytes[at]!)) at++;
  return at >= end;
}
