import type { ByteWindow } from '../bytes/window';
import { type CaptureInterface, TEXT_ONLY, UNKNOWN_LINK_TYPE } from '../model/capture';
import { message } from '../model/message';
import type { Notice } from '../model/notice';
import {
  BEGINS,
  CONTINUES,
  type Dialect,
  type PacketPlace,
  PacketText,
  type TextReader,
  type TextSink,
} from './format';
import { cutBytes, linkTypeOf } from './link-guess';
import { Numbering } from './numbering';
import { NEWLINE, RETURN } from './scan';
import { Clock } from './times';

/** Bytes of a line that are looked at; the rest of a longer one is passed over. */
export const MAX_LINE_BYTES = 1 << 16;
/** Bytes of the lines of one packet that are looked at: a hex dump of the largest packet is below. */
export const MAX_FRAME_BYTES = 3 << 20;
/** Bytes that a reader sees at once: a packet's lines, and what is read ahead. */
export const TEXT_WINDOW_BYTES = 4 << 20;
/** One call reads about this much. */
const STRETCH_BYTES = 1 << 18;

/** Reads a trace that is made of lines: finds those that begin a packet and those that belong to it. */
export class LineReader implements TextReader {
  readonly interfaces: CaptureInterface[] = [interfaceOf(TEXT_ONLY)];
  position: number;
  private readonly packet = new PacketText();
  private readonly numbering: Numbering;
  private readonly clock: Clock;
  private readonly place: PacketPlace = {
    position: 0,
    length: 0,
    line: 0,
    lines: 0,
    seconds: 0,
    nanos: 0,
    wireBytes: 0,
    interface: 0,
  };
  /** 1-based number of the line at `position`. */
  private line = 1;
  /** The packet whose lines are being gathered: where it begins and ends, -1 where there is none. */
  private start = -1;
  private stop = -1;
  private startLine = 0;
  private lineCount = 0;
  /** In the middle of a line that is too long. */
  private skipping = false;
  private packets = 0;

  constructor(
    private readonly window: ByteWindow,
    readonly dialect: Dialect,
    /** Position of the first line. */
    first: number,
  ) {
    this.position = first;
    this.numbering = new Numbering(dialect.numbers);
    this.clock = new Clock(dialect.times);
  }

  read(sink: TextSink): boolean {
    const { window } = this;
    const stop = this.position + STRETCH_BYTES;
    while (this.position < stop) {
      if (!this.ready()) return true;
      const from = this.start >= 0 ? this.start : this.position;
      const ahead = this.position - from;
      if (!window.has(from, ahead + 1)) window.load(from, ahead + MAX_LINE_BYTES + 2);
      const at = window.at(this.position);
      let end = window.bytes.indexOf(NEWLINE, at);
      if (end < 0 || end >= window.filled) {
        // No line break within what is here: more of the line, its end, or the end of all.
        const got = window.load(from, ahead + MAX_LINE_BYTES + 2) - ahead;
        const index = window.at(this.position);
        end = window.bytes.indexOf(NEWLINE, index);
        if (end < 0 || end >= window.filled) {
          if (got > MAX_LINE_BYTES) {
            this.takeCut(sink, MAX_LINE_BYTES);
            continue;
          }
          if (got <= 0) break;
          this.takeLine(sink, got, false);
          continue;
        }
      }
      this.takeLine(sink, end - window.at(this.position), true);
    }
    if (this.position >= stop) return true;
    this.flush(sink);
    return false;
  }

  private ready(): boolean {
    return this.window.source.prepare?.(this.position + MAX_LINE_BYTES) !== false;
  }

  /** A line of `length` bytes at `position`, with or without a line break behind it. */
  private takeLine(sink: TextSink, length: number, ended: boolean): void {
    if (length > MAX_LINE_BYTES) {
      this.takeCut(sink, length);
      if (ended) this.endCut();
      return;
    }
    const { window } = this;
    const at = window.at(this.position);
    if (this.skipping) this.skipping = false;
    else {
      const hasReturn = length > 0 && window.bytes[at + length - 1] === RETURN;
      this.classify(sink, at, at + length - (hasReturn ? 1 : 0));
    }
    this.position += length + (ended ? 1 : 0);
    this.line++;
  }

  /** The beginning of a line that is too long, or more of it: the first part is read as a line. */
  private takeCut(sink: TextSink, length: number): void {
    if (!this.skipping) {
      const at = this.window.at(this.position);
      sink.notice({
        code: 'long-line',
        severity: 'warning',
        message: message('The line is longer than {0} bytes: only so much of it is read', MAX_LINE_BYTES),
        line: this.line,
        offset: this.position,
      });
      this.classify(sink, at, at + Math.min(length, MAX_LINE_BYTES));
      this.skipping = true;
      // What is passed over belongs to no packet.
      if (this.start >= 0) this.flush(sink);
    }
    this.position += length;
  }

  private endCut(): void {
    this.skipping = false;
    this.position++;
    this.line++;
  }

  private classify(sink: TextSink, start: number, end: number): void {
    const { window, dialect } = this;
    const role = dialect.line(window.bytes, start, end, this.start >= 0);
    if (role === BEGINS) {
      this.flush(sink);
      this.start = this.position;
      this.startLine = this.line;
      this.lineCount = 0;
    } else if (role !== CONTINUES || this.start < 0) {
      this.flush(sink);
      return;
    } else if (this.position + (end - start) - this.start > MAX_FRAME_BYTES) {
      return;
    }
    this.stop = this.position + (end - start);
    this.lineCount = this.line - this.startLine + 1;
  }

  /** The packet's lines are complete. */
  private flush(sink: TextSink): void {
    if (this.start < 0) return;
    const { window, packet, clock, place, dialect } = this;
    const start = window.at(this.start);
    const length = this.stop - this.start;
    packet.reset();
    dialect.parse(window.bytes, start, start + length, packet, null);
    if (packet.timed) clock.advance(packet.time);
    this.packets++;
    place.position = this.start;
    place.length = length;
    place.line = this.startLine;
    place.lines = this.lineCount;
    place.seconds = clock.seconds;
    place.nanos = clock.nanos;
    place.wireBytes = packet.wireBytes;
    const linkType = packet.hexLength > 0 ? linkTypeOf(packet) : TEXT_ONLY;
    // Bytes that nobody can read do not win over words.
    const hasBytes = packet.hexLength > 0 && linkType >= 0;
    place.interface = hasBytes ? this.interfaceFor(linkType) : 0;
    sink.packet(place);
    for (const { at, ...problem } of packet.problems)
      sink.notice({ ...problem, ...this.placeOf(at - start), packet: this.packets });
    if (hasBytes) {
      const bytes = packet.hexLength + (packet.isCut ? cutBytes(packet, linkType) : 0);
      sink.bytes(linkType, packet.hex, packet.hexLength, Math.max(packet.wireBytes, bytes));
    } else
      for (let i = 0; i < packet.segmentCount; i++) {
        const facts = packet.segments[i]!;
        this.numbering.complete(facts, clock);
        sink.segment(facts);
      }
    this.start = -1;
  }

  /** Line and byte of an index of the packet's text. */
  private placeOf(index: number): Pick<Notice, 'line' | 'offset'> {
    const { bytes } = this.window;
    const start = this.window.at(this.start);
    let line = this.startLine;
    for (let at = start; at < start + index; at++) if (bytes[at] === NEWLINE) line++;
    return { line, offset: this.start + index };
  }

  private interfaceFor(linkType: number): number {
    const known = this.interfaces.findIndex((one) => one.linkType === linkType);
    return known >= 0 ? known : this.interfaces.push(interfaceOf(linkType)) - 1;
  }
}

const interfaceOf = (linkType: number): CaptureInterface => ({
  linkType: linkType < 0 && linkType !== TEXT_ONLY ? UNKNOWN_LINK_TYPE : linkType,
  fcsBytes: 0,
  name: null,
  description: null,
  snapLength: 0,
  dropped: null,
});
