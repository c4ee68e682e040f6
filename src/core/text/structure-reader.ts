import type { ByteWindow } from '../bytes/window';
import { message } from '../model/message';
import { PacketEmitter } from './emitter';
import type { Dialect, Framer, TextReader, TextSink } from './format';
import { endOfLine } from './lines';
import type { PacketMemory } from './packet-memory';
import { KNOWN_AT_ONCE, MAX_FRAME_BYTES } from './reader';
import { NEWLINE } from './scan';

/** One call reads about this much. */
const STRETCH_BYTES = 1 << 18;
/** A longer line is looked through in parts. */
const MAX_LINE_BYTES = 1 << 20;
/** Text of one packet whose end is waited for: what has none by then is damaged, and packets are looked for in it. */
const MAX_TEXT_BYTES = 1 << 26;

/** Reads a trace whose packets are pieces of a structure, however that is broken into lines. */
export class StructureReader implements TextReader {
  readonly interfaces: TextReader['interfaces'];
  position: number;
  private readonly emitter: PacketEmitter;
  /** 1-based number of the line that `position` is in. */
  private line = 1;
  /** The packet that `position` is in is longer than what is looked at: that much of it has been read. */
  private skipping = false;
  /** Position behind the lines that are looked through, where the framer takes whole ones. */
  private linesEnd = 0;

  constructor(
    private readonly window: ByteWindow,
    readonly dialect: Dialect,
    private readonly framer: Framer,
    first: number,
    private readonly memory: PacketMemory | null,
  ) {
    this.position = first;
    this.emitter = new PacketEmitter(dialect, memory);
    this.interfaces = this.emitter.interfaces;
  }

  read(sink: TextSink): boolean {
    const { window, framer } = this;
    const last = this.position + STRETCH_BYTES;
    while (this.position < last) {
      if (window.source.prepare?.(this.position + 1) === false) return true;
      if (this.skipping && framer.behind > MAX_TEXT_BYTES) this.endSkipping();
      if (!this.skipping && framer.behind > MAX_FRAME_BYTES) this.takeCut(sink);
      const from = this.skipping ? this.position : this.position - Math.max(0, framer.behind);
      if (!window.has(from, this.position - from + 1)) window.load(from, this.position - from + 1);
      const end = this.stretchEnd(from);
      const at = window.at(this.position);
      if (end <= at) return this.end(sink);
      const found = framer.feed(window.bytes, at, end);
      const stop = found < 0 ? end : found;
      this.line += lineBreaks(window.bytes, at, stop);
      this.position += stop - at;
      if (found < 0) continue;
      if (this.skipping) {
        this.endSkipping();
        continue;
      }
      this.take(sink, found);
      framer.reset();
      this.takeKnown(sink);
    }
    return true;
  }

  /** Where that ends which is looked through next. The window begins at `from` or in front of it. */
  private stretchEnd(from: number): number {
    const { window, framer } = this;
    const at = window.at(this.position);
    const end = Math.min(window.filled, at + STRETCH_BYTES);
    if (framer.takesLines === undefined || end <= at) return end;
    // Of several packets in one line, the end of that is looked for once.
    if (this.position >= this.linesEnd || this.linesEnd > window.base + window.filled)
      this.linesEnd = this.positionBehindLines(from, at, end);
    return window.at(this.linesEnd);
  }

  /** Position behind the last whole line in `[at, end)`, or behind the first one where that ends later. */
  private positionBehindLines(from: number, at: number, end: number): number {
    const { window } = this;
    const last = window.bytes.lastIndexOf(NEWLINE, end - 1);
    if (last >= at) return window.base + last + 1;
    window.load(from, this.position - from + MAX_LINE_BYTES);
    const { bytes, filled, base } = window;
    return base + Math.min(filled, endOfLine(bytes, window.at(this.position), filled) + 1);
  }

  /** Reads the packet that ends in front of `end`. */
  private take(sink: TextSink, end: number): void {
    const { window, framer } = this;
    const start = end - framer.behind;
    const lines = lineBreaks(window.bytes, start, end) + 1;
    this.emitter.emit(sink, {
      bytes: window.bytes,
      start,
      end,
      position: window.base + start,
      length: end - start,
      line: this.line - lines + 1,
      lines,
    });
  }

  /** Behind a packet: takes over those that are as they were when the text was read before. */
  private takeKnown(sink: TextSink): void {
    const { memory, emitter } = this;
    const run = memory?.behind(this.position, this.line) ?? null;
    if (memory === null || run === null) return;
    let taken = 0;
    for (let packet = memory.take(run); packet !== null; packet = memory.take(run)) {
      const { stretch } = packet;
      emitter.emitAgain(sink, stretch, packet.record);
      this.position = stretch.position + stretch.length;
      this.line = stretch.line + stretch.lines - 1;
      if (++taken === KNOWN_AT_ONCE) break;
    }
  }

  /** Reads the beginning of a packet whose text is too long; headers stand there. */
  private takeCut(sink: TextSink): void {
    const { framer } = this;
    sink.notice({
      code: 'long-packet',
      severity: 'warning',
      message: message('The text of a packet is longer than {0} bytes: only so much of it is read', MAX_FRAME_BYTES),
      offset: this.position - framer.behind,
      line: this.line,
    });
    this.memory?.spoil();
    this.take(sink, this.window.at(this.position));
    this.skipping = true;
  }

  private endSkipping(): void {
    this.skipping = false;
    this.framer.reset();
  }

  private end(sink: TextSink): false {
    if (this.framer.behind > 0 && !this.skipping)
      sink.notice({
        code: 'cut-text',
        severity: 'warning',
        message: message('The text ends in the middle of a packet'),
        offset: this.position - this.framer.behind,
        line: this.line,
      });
    this.framer.reset();
    return false;
  }
}

/** Line breaks in `[start, end)`; not by a search, which would go on to the next one, however far that is. */
function lineBreaks(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (bytes[at] === NEWLINE) count++;
  return count;
}
