import { lowerBound } from '../bytes/columns';
import type { SegmentTable } from '../tcp/tables';
import type { ConnectionView } from './connection-view';

/** What a filter has found: 0-based frames, ascending. */
export interface FoundPackets {
  readonly length: number;
  matches(start: number, end: number): Int32Array;
  position(frame: number): number;
  has(frame: number): boolean;
}

export const NOTHING_FOUND: FoundPackets = {
  length: 0,
  matches: () => new Int32Array(0),
  position: () => 0,
  has: () => false,
};

/** A list of packets in their order; indices count within it. */
export interface PacketList {
  readonly length: number;
  /** The frame at an index, which must exist. */
  frameAt(index: number): number;
  /** Index of a frame, or where it would be: the first that is not before it. */
  indexOf(frame: number): number;
}

export const allPackets = (length: number): PacketList => ({
  length,
  frameAt: (index) => index,
  indexOf: (frame) => Math.min(frame, length),
});

export const foundPackets = (found: FoundPackets): PacketList => ({
  length: found.length,
  frameAt: (index) => found.matches(index, index + 1)[0]!,
  indexOf: (frame) => found.position(frame),
});

/** The packets of a connection, all (`found` null) or those that a filter found; each once, whatever it carries. */
export function connectionPackets(
  view: ConnectionView,
  segments: SegmentTable,
  found: FoundPackets | null,
): PacketList {
  const frames = new Int32Array(view.length);
  let length = 0;
  for (let row = 0; row < view.length; row++) {
    const frame = segments.frameOf(view.segments[row]!);
    if ((length === 0 || frames[length - 1] !== frame) && (found === null || found.has(frame)))
      frames[length++] = frame;
  }
  return {
    length,
    frameAt: (index) => frames[index]!,
    indexOf: (frame) => lowerBound(frames, length, frame),
  };
}
