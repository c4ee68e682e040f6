import type { ByteWindow } from '../bytes/window';
import { message } from '../model/message';
import { PacketEmitter } from './emitter';
import type { Dialect, Framer, TextReader, TextSink } from './format';
import { MAX_FRAME_BYTES } from './reader';
import { NEWLINE } from './scan';

/** One call reads about this much. */
const STRETCH_BYTES = 1 << 18;

/** Reads a trace whose packets are pieces of a structure, however that is broken into lines. */
export class StructureReader implements TextReader {
  readonly interfaces: TextReader['interfaces'];
  position: number;
  private readonly emitter: PacketEmitter;
  /** 1-based number of the line that `counted` is in, up to which line breaks were counted. */
  private line = 1;
  private counted: number;

  constructor(
    private readonly window: ByteWindow,
    readonly dialect: Dialect,
    private readonly framer: Framer,
    first: number,
  ) {
    this.position = this.counted = first;
    this.emitter = new PacketEmitter(dialect);
    this.interfaces = this.emitter.interfaces;
  }

  read(sink: TextSink): boolean {
    const { window, framer } = this;
    const stop = this.position + STRETCH_BYTES;
    while (this.position < stop) {
      if (window.source.prepare?.(this.position + 1) === false) return true;
      const behind = Math.max(0, framer.behind);
      if (behind > MAX_FRAME_BYTES) this.drop(sink);
      const from = this.position - Math.max(0, framer.behind);
      if (!window.has(from, this.position - from + 1)) window.load(from, this.position - from + 1);
      const at = window.at(this.position);
      const end = Math.min(window.filled, at + STRETCH_BYTES);
      if (end <= at) return this.end(sink);
      const found = framer.feed(window.bytes, at, end);
      if (found < 0) {
        this.position += end - at;
        continue;
      }
      const start = found - framer.behind;
      const position = window.base + start;
      const line = this.lineAt(position);
      const lines = this.lineAt(window.base + found) - line + 1;
      this.position = window.base + found;
      this.emitter.emit(sink, { bytes: window.bytes, start, end: found, position, line, lines });
      framer.reset();
    }
    return true;
  }

  /** Number of the line that a position, not before the last one asked for and in the window, is in. */
  private lineAt(position: number): number {
    const { window } = this;
    const { bytes } = window;
    const end = window.at(position);
    // Not by a search, which would go on to the next line break, however far that is.
    for (let at = Math.max(window.at(this.counted), 0); at < end; at++) if (bytes[at] === NEWLINE) this.line++;
    this.counted = position;
    return this.line;
  }

  /** What is longer than any packet can be is none: reading goes on behind it. */
  private drop(sink: TextSink): void {
    const position = this.position - this.framer.behind;
    sink.notice({
      code: 'long-packet',
      severity: 'warning',
      message: message('The text of a packet is longer than {0} bytes: it is passed over', MAX_FRAME_BYTES),
      offset: position,
      line: this.line,
    });
    this.framer.reset();
  }

  private end(sink: TextSink): false {
    if (this.framer.behind > 0)
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
