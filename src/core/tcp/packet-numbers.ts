import { grown, lowerBound, roomFor } from '../bytes/columns';

/**
 * Numbers of the packets that are loaded, which are their places in the file, from 1. Where all are loaded from one on,
 * they count on from that; where some in between were left out, there is a column of them.
 */
export class PacketNumbers {
  private length = 0;
  private column: Int32Array<ArrayBuffer> | null = null;

  constructor(
    /** Number of the first that may be loaded. */
    private readonly first = 1,
    /** Whether packets after it may be left out. */
    gaps = false,
  ) {
    if (gaps) this.column = new Int32Array(1024);
  }

  /** Adds the next frame by its number. */
  add(packet: number): void {
    const frame = this.length++;
    if (this.column === null) return;
    if (frame === this.column.length) this.column = grown(this.column, roomFor(frame + 1, frame, 0));
    this.column[frame] = packet;
  }

  /** Number of a frame. */
  of(frame: number): number {
    return this.column === null ? this.first + frame : this.column[frame]!;
  }

  /** The frame with a number, -1 where that packet is not loaded. */
  frameOf(packet: number): number {
    const frame = this.frameFrom(packet);
    return frame < this.length && this.of(frame) === packet ? frame : -1;
  }

  /** The first frame with that number or a higher one; how many there are where none has. */
  frameFrom(packet: number): number {
    return this.column === null
      ? Math.min(Math.max(0, packet - this.first), this.length)
      : lowerBound(this.column, this.length, packet);
  }
}
