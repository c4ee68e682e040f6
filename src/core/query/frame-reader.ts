import { type ByteSource, ReadError } from '../bytes/source';
import { ByteWindow } from '../bytes/window';
import { render } from '../format/message';
import { message } from '../model/message';
import type { FrameTable } from '../tcp/tables';

/** Reads frames again from the source when somebody asks for one; rows that follow each other share a read. */
export class FrameReader {
  private readonly window: ByteWindow;

  constructor(
    source: ByteSource,
    private readonly frames: FrameTable,
  ) {
    this.window = new ByteWindow(source);
  }

  /**
   * The captured bytes of a frame: a view that is valid until the next call.
   * @throws {ReadError} as the source does, and where the file has been cut since: what is left of a frame looks like one
   * that was captured in part
   */
  read(frame: number): Uint8Array {
    const { window, frames } = this;
    const position = frames.positionOf(frame);
    // Lines of a hostile text may be longer: their beginning is shown.
    const wanted = Math.min(frames.captured.of(frame), window.bytes.length);
    if (!window.has(position, wanted)) {
      const end = position + window.load(position, wanted);
      if (end < position + wanted) {
        const sentence = message('the file ends at byte {0} by now', Math.min(window.source.size, end));
        throw new ReadError(render(sentence), end, sentence);
      }
    }
    const at = window.at(position);
    return window.bytes.subarray(at, at + wanted);
  }
}
