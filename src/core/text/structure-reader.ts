import type { ByteWindow } from '../bytes/window';
import { message } from '../model/message';
import { PacketEmitter } from './emitter';
import type { Dialect, Framer, TextReader, TextSink } from './format';
import type { PacketMemory } from './packet-memory';
import { KNOWN_AT_ONCE, MAX_FRAME_BYTES } from './reader';
import { NEWLINE } from './scan';

/** One call reads about this much. */
const STRETCH_BYTES = 1 << 18;

/** Reads a trace whose packets are pieces of a structure, however that is broken into lines. */
export class StructureReader implements TextReader {
  readonly interfaces: TextReader['interfaces'];
  position: number;
  private readonly emitter: PacketEmitter;
  /** 1-based number of the line that `position` is in. */
  private line = 1;

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
      const behind = Math.max(0, framer.behind);
      if (behind > MAX_FRAME_BYTES) this.drop(sink);
      const from = this.position - Math.max(0, framer.behind);
      if (!window.has(from, this.position - from + 1)) window.load(from, this.position - from + 1);
      const at = window.at(this.position);
      const end = Math.min(window.filled, at + STRETCH_BYTES);
      if (end <= at) return this.end(sink);
      const found = framer.feed(window.bytes, at, end);
      const stop = found < 0 ? end : found;
      this.line += lineBreaks(window.bytes, at, stop);
      this.position += stop - at;
      if (found < 0) continue;
      const start = found - framer.behind;
      const lines = lineBreaks(window.bytes, start, found) + 1;
      this.emitter.emit(sink, {
        bytes: window.bytes,
        start,
        end: found,
        position: window.base + start,
        length: found - start,
        line: this.line - lines + 1,
        lines,
      });
      framer.reset();
      this.takeKnown(sink);
    }
    return true;
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
    this.memory?.spoil();
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

/** Line breaks in `[start, end)`; not by a search, which would go on to the next one, however far that is. */
function lineBreaks(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (bytes[at] === NEWLINE) count++;
  return count;
}
