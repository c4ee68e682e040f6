import type { ByteSource } from '../bytes/source';
import { ByteWindow } from '../bytes/window';
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
   * The captured bytes of a frame: a view that is valid until the next call. Shorter than `captured` says where the
   * file has been cut since.
   * @throws {ReadError} as the source does
   */
  read(frame: number): Uint8Array {
    const { window, frames } = this;
    const position = frames.positionOf(frame);
    const wanted = frames.captured.of(frame);
    const got = window.has(position, wanted) ? wanted : Math.min(wanted, window.load(position, wanted));
    const at = window.at(position);
    return window.bytes.subarray(at, at + got);
  }
}
