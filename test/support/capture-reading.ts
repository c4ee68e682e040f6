import { bytesSource, type ByteSource } from '../../src/core/bytes/source';
import { FrameBatch } from '../../src/core/capture/batch';
import { describeCapture, openCapture } from '../../src/core/capture/detect';
import type { CaptureSink } from '../../src/core/capture/format';
import { render } from '../../src/core/format/message';
import type { CaptureInterface } from '../../src/core/model/capture';
import type { Message } from '../../src/core/model/message';
import type { Notice } from '../../src/core/model/notice';

/** One frame as tests compare it. */
export interface ReadFrame {
  /** Seconds with nine decimals, `null` where the record carries no time. */
  readonly time: string | null;
  readonly captured: number;
  readonly original: number;
  readonly linkType: number;
  readonly fcsBytes: number;
  readonly position: number;
  /** A copy of the captured bytes. */
  readonly bytes: Uint8Array;
}

export interface ReadCapture {
  readonly description: string;
  readonly frames: readonly ReadFrame[];
  readonly interfaces: readonly CaptureInterface[];
  readonly notices: readonly Notice[];
  readonly comments: readonly (readonly [packet: number, text: string])[];
  readonly names: readonly (readonly [address: string, name: string])[];
  /** What the source threw, if it did. */
  readonly error: Error | null;
}

/** Reads a capture to its end; `null` if it is none. A reader that makes no progress is an error. */
export function readCapture(input: Uint8Array | ByteSource, decompressionLimit = 1 << 30): ReadCapture | null {
  const source = input instanceof Uint8Array ? bytesSource(input) : input;
  const notices: Notice[] = [];
  const comments: [number, string][] = [];
  const names: [string, string][] = [];
  const sink: CaptureSink = {
    notice: (notice) => notices.push(notice),
    comment: (packet, text) => comments.push([packet, text]),
    name: (address, name) => names.push([address, name]),
  };
  const capture = openCapture(source, sink, { decompressionLimit });
  if (capture === null) return null;
  const { reader } = capture;
  const batch = new FrameBatch();
  const frames: ReadFrame[] = [];
  let error: Error | null = null;
  try {
    while (reader.read(batch)) {
      for (let row = 0; row < batch.count; row++) {
        const { linkType, fcsBytes, untimed } = reader.interfaces[batch.interface[row]!]!;
        const at = batch.at[row]!;
        const captured = batch.captured[row]!;
        frames.push({
          time: untimed ? null : decimalTime(batch.seconds[row]!, batch.nanos[row]!),
          captured,
          original: batch.original[row]!,
          linkType,
          fcsBytes,
          position: batch.position[row]!,
          bytes: capture.window.bytes.slice(at, at + captured),
        });
      }
    }
  } catch (thrown) {
    error = thrown as Error;
  }
  return {
    description: describeCapture(capture),
    frames,
    interfaces: reader.interfaces,
    notices,
    comments,
    names,
    error,
  };
}

/** `-0.5` is -1 s and 5e8 ns in columns. */
export function decimalTime(seconds: number, nanos: number): string {
  const total = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
  const size = total < 0n ? -total : total;
  return `${total < 0n ? '-' : ''}${size / 1_000_000_000n}.${String(size % 1_000_000_000n).padStart(9, '0')}`;
}

/** A message as an English reader sees it. */
export const english = (message: Message): string => render(message);

/** What notices say. */
export const said = (notices: readonly Notice[]): string[] => notices.map(({ message }) => english(message));

/** The same bytes from a source that gives only so many at a time. */
export function drip(content: Uint8Array, pieceBytes: number): ByteSource {
  const source = bytesSource(content);
  return {
    size: content.length,
    read: (position, target, at, length) => source.read(position, target, at, Math.min(length, pieceBytes)),
  };
}
