import { message } from '../model/message';
import type { PacketText } from './format';
import { NEWLINE, RETURN, SPACE, TAB } from './scan';

/** Shares of the lines of a text. */
export const MOST = 0.5;
export const SOME = 0;

/** Tells of lines whether their ends are left out, by somebody and not by a knife. */
export class LineEnds {
  private lines = 0;
  private readonly lengths: number[] = [];

  /** A line of some bytes, with its end or without. */
  add(isWhole: boolean, bytes: number): void {
    this.lines++;
    if (!isWhole) this.lengths.push(bytes);
  }

  /**
   * Whether more than a share of the lines, and more than one, have no end. Of lines that were cut at the width of
   * something, most are as long as the longest.
   */
  areLeftOut(share: number): boolean {
    const longest = this.lengths.reduce((most, length) => Math.max(most, length), 0);
    const areCut = this.lengths.filter((length) => length === longest).length * 2 > this.lengths.length;
    return this.lengths.length > Math.max(1, this.lines * share) && !areCut;
  }
}

/** Index of the first byte in `[start, end)` that no tool prints, such as a NUL; -1 where there is none. */
export function controlIn(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const c = bytes[at]!;
    if (c < SPACE && c !== TAB && c !== NEWLINE && c !== RETURN) return at;
  }
  return -1;
}

/** The line holds what no tool prints: nothing is taken from it. */
export function noteControl(packet: PacketText, at: number): void {
  packet.problem(
    'damaged-line',
    'warning',
    message('The line is damaged: it holds a byte that no tool prints. Its segment is not read'),
    at,
  );
}

/** The line breaks off in front of ports or flags. */
export function noteCut(packet: PacketText, at: number): void {
  packet.problem('cut-line', 'warning', message('The line breaks off before it tells of a segment'), at);
}

/** The line breaks off among the values of a segment. */
export function noteCutValues(packet: PacketText, at: number): void {
  packet.problem('cut-line', 'warning', message('The line breaks off: the rest of the segment is not known'), at);
}

/** Code of {@link noteWrapped}'s notice. */
export const WRAPPED_LINE = 'wrapped-line';

/** A mailer or a terminal has broken one line into several, which are read as one. */
export function noteWrapped(packet: PacketText, at: number): void {
  packet.problem(
    WRAPPED_LINE,
    'info',
    message('The line goes on in the next one: something has wrapped it. It is read as if it had not been'),
    at,
  );
}

/** The line breaks off in the header of IP, in front of that with the segment. */
export function noteCutHeader(packet: PacketText, at: number): void {
  packet.problem('cut-line', 'warning', message('The line breaks off: the rest of the IP header is not known'), at);
}

/** Two lines have become one. */
export function noteJoined(packet: PacketText, at: number): void {
  packet.problem(
    'damaged-line',
    'warning',
    message('Another packet stands on the same line, whose beginning is lost: it is not read'),
    at,
  );
}

/** Somebody has left out the ports. */
export function notePortless(packet: PacketText, at: number): void {
  packet.problem('no-ports', 'info', message('The line has no ports: 0 stands for them'), at);
}

/** A logger, a mailer or a diff has put something in front of the line, which is read all the same. */
export function notePrefix(packet: PacketText, at: number): void {
  packet.problem(
    'prefixed-line',
    'info',
    message('Something else stands before the packet on this line, or its time is written in another way'),
    at,
  );
}
