import type { ByteWindow } from '../bytes/window';
import { message } from '../model/message';
import { PacketEmitter } from './emitter';
import { BEGINS, CONTINUES, type Dialect, type TextReader, type TextSink } from './format';
import type { PacketMemory } from './packet-memory';
import { NEWLINE, RETURN } from './scan';

/** Bytes of a line that are looked at; the rest of a longer one is passed over. */
export const MAX_LINE_BYTES = 1 << 16;
/** Bytes of the lines of one packet that are looked at: a hex dump of the largest packet is below. */
export const MAX_FRAME_BYTES = 3 << 20;
/** Bytes that a reader sees at once: a packet's lines, and what is read ahead. */
export const TEXT_WINDOW_BYTES = 4 << 20;
/** One call reads about this much. */
const STRETCH_BYTES = 1 << 18;
/** Packets that are taken over from a reading before in one go. */
export const KNOWN_AT_ONCE = 4096;

/** Reads a trace that is made of lines: finds those that begin a packet and those that belong to it. */
export class LineReader implements TextReader {
  readonly interfaces: TextReader['interfaces'];
  position: number;
  private readonly emitter: PacketEmitter;
  /** 1-based number of the line at `position`. */
  private line = 1;
  /** The packet whose lines are being gathered: where it begins and ends, -1 where there is none. */
  private start = -1;
  private stop = -1;
  private startLine = 0;
  private lineCount = 0;
  /** What the window holds: a search in its whole buffer would go on behind that. */
  private view: Uint8Array = new Uint8Array(0);
  /** Bytes behind the next line break that the dialect looks at. */
  private readonly lookahead: number;
  /** In the middle of a line that is too long. */
  private skipping = false;
  /** Behind as many lines of a packet as are looked at: the rest of them are passed over. */
  private passing = false;

  constructor(
    private readonly window: ByteWindow,
    readonly dialect: Dialect,
    /** Position of the first line. */
    first: number,
    private readonly memory: PacketMemory | null,
  ) {
    this.position = first;
    this.lookahead = dialect.ahead === undefined || dialect.ahead === 0 ? 0 : MAX_LINE_BYTES + dialect.ahead;
    this.emitter = new PacketEmitter(dialect, memory);
    this.interfaces = this.emitter.interfaces;
  }

  read(sink: TextSink): boolean {
    const { window } = this;
    const stop = this.position + STRETCH_BYTES;
    while (this.position < stop) {
      if (!this.ready()) return true;
      const from = this.start >= 0 ? this.start : this.position;
      const ahead = this.position - from;
      if (!window.has(from, ahead + 1 + this.lookahead)) this.load(from, ahead + MAX_LINE_BYTES + 2 + this.lookahead);
      let end = this.view.indexOf(NEWLINE, window.at(this.position));
      if (end < 0) {
        // No line break within what is here: more of the line, its end, or the end of all.
        const more = this.skipping ? STRETCH_BYTES : MAX_LINE_BYTES;
        const got = this.load(from, ahead + more + 2) - ahead;
        end = this.view.indexOf(NEWLINE, window.at(this.position));
        if (end < 0) {
          if (got > MAX_LINE_BYTES) {
            this.takeCut(sink, this.skipping ? got : MAX_LINE_BYTES);
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

  /** Moves the window as {@link ByteWindow.load} does. */
  private load(position: number, length: number): number {
    const { window } = this;
    const got = window.load(position, length);
    this.view = window.bytes.subarray(0, window.filled);
    return got;
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
      if (this.classify(sink, at, at + length - (hasReturn ? 1 : 0)) === BEGINS && this.takeKnown(sink)) return;
    }
    this.position += length + (ended ? 1 : 0);
    this.line++;
  }

  /** At the beginning of a packet: takes over those that are as they were when the text was read before. */
  private takeKnown(sink: TextSink): boolean {
    const { memory, emitter } = this;
    const run = memory?.from(this.position, this.line) ?? null;
    if (memory === null || run === null) return false;
    let taken = 0;
    for (let packet = memory.take(run); packet !== null; packet = memory.take(run)) {
      emitter.emitAgain(sink, packet.stretch, packet.record);
      if (++taken === KNOWN_AT_ONCE) break;
    }
    if (taken === 0) return false;
    this.start = -1;
    const { position, line } = memory.placeOf(run);
    this.position = position;
    this.line = line;
    return true;
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
      this.memory?.spoil();
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

  /** Takes a line for what it is, and returns that. */
  private classify(sink: TextSink, start: number, end: number): number {
    const { dialect } = this;
    const role = dialect.line(this.view, start, end, this.start >= 0 || this.passing);
    if (role === CONTINUES && this.passing) return role;
    this.passing = false;
    if (role === BEGINS) {
      this.flush(sink);
      this.start = this.position;
      this.startLine = this.line;
      this.lineCount = 0;
    } else if (role !== CONTINUES || this.start < 0) {
      this.flush(sink);
      return role;
    } else if (this.position + (end - start) - this.start > MAX_FRAME_BYTES) {
      this.passOver(sink);
      return role;
    }
    this.stop = this.position + (end - start);
    this.lineCount = this.line - this.startLine + 1;
    return role;
  }

  /** Takes what is there of a packet that is too long; the window has no room for the rest of it. */
  private passOver(sink: TextSink): void {
    sink.notice({
      code: 'long-packet',
      severity: 'warning',
      message: message('The text of a packet is longer than {0} bytes: only so much of it is read', MAX_FRAME_BYTES),
      line: this.line,
      offset: this.position,
    });
    this.memory?.spoil();
    this.flush(sink);
    this.passing = true;
  }

  /** The packet's lines are complete. */
  private flush(sink: TextSink): void {
    if (this.start < 0) return;
    const { window } = this;
    const start = window.at(this.start);
    this.emitter.emit(sink, {
      bytes: window.bytes,
      start,
      end: start + this.stop - this.start,
      position: this.start,
      length: this.stop - this.start,
      line: this.startLine,
      lines: this.lineCount,
    });
    this.start = -1;
  }
}
