import { ReadError, type ByteSource } from '../bytes/source';
import { ByteWindow } from '../bytes/window';
import { message } from '../model/message';
import type { CaptureFormat, CaptureSink, Compression, FrameReader } from './format';
import { CAPTURE_FORMATS, COMPRESSIONS } from './registry';

/** Bytes from the start of a file that tell its format. */
export const HEAD_BYTES = 64;
/** Compressions around each other (a `.gz` of a `.zst`) that are opened at most. */
const MAX_LAYERS = 4;

export interface CaptureOptions {
  /** Bytes that decompression may yield at most, before it stops. */
  readonly decompressionLimit: number;
}

export interface OpenedCapture {
  readonly reader: FrameReader;
  /** What the reader's positions count in: the file itself, or its decompressed bytes. */
  readonly source: ByteSource;
  /** The reader's view of it, which a batch's `at` counts in. It belongs to the reader: nobody else may move it. */
  readonly window: ByteWindow;
  readonly format: CaptureFormat;
  /** Compressions around the capture, outermost first. */
  readonly compressions: readonly Compression[];
  /** How far reading has come, in bytes of the file itself. */
  readonly progress: () => { readonly bytesRead: number; readonly bytesTotal: number };
}

/** The format whose files begin like this; `null` if there is none. */
export const detectFormat = (head: Uint8Array): CaptureFormat | null =>
  CAPTURE_FORMATS.find((format) => format.sniff(head)) ?? null;

/** The compression whose files begin like this; `null` if there is none. */
export const detectCompression = (head: Uint8Array): Compression | null =>
  COMPRESSIONS.find((compression) => compression.sniff(head)) ?? null;

/**
 * The same source, decompressed as often as it takes. What is inside need not be a capture.
 * @throws {ReadError} when not one byte can be had of what is compressed
 */
export function openCompressed(
  source: ByteSource,
  limit: number,
): {
  readonly source: ByteSource;
  readonly head: Uint8Array;
  readonly compressions: readonly Compression[];
  /** Bytes of the file itself that have been decompressed; `null` where it is not compressed. */
  readonly consumed: (() => number) | null;
} {
  const compressions: Compression[] = [];
  let consumed: (() => number) | null = null;
  let head = readHead(source);
  for (;;) {
    const compression = compressions.length < MAX_LAYERS ? detectCompression(head) : null;
    if (compression === null) return { source, head, compressions, consumed };
    compressions.push(compression);
    const inner = compression.open(source, limit);
    consumed ??= () => inner.consumed;
    source = inner;
    head = readHead(source);
  }
}

/**
 * Opens a capture, whatever its name, through the compressions around it.
 * @returns `null` if it is none
 * @throws {ReadError} when not even its beginning can be read
 */
export function openCapture(source: ByteSource, sink: CaptureSink, options: CaptureOptions): OpenedCapture | null {
  const { source: inner, head, compressions, consumed } = openCompressed(source, options.decompressionLimit);
  const format = detectFormat(head);
  if (format === null) return null;
  const window = new ByteWindow(inner);
  const reader = format.open(window, compressions.length === 0 ? sink : insideCompression(sink));
  return {
    reader,
    source: inner,
    window,
    format,
    compressions,
    progress: () => {
      const bytesTotal = source.size;
      return { bytesRead: Math.min(consumed === null ? reader.position : consumed(), bytesTotal), bytesTotal };
    },
  };
}

/** Positions inside what was compressed are none that an editor of the file itself could go to: each says so. */
const insideCompression = (sink: CaptureSink): CaptureSink => ({
  ...sink,
  notice: (notice) =>
    sink.notice(
      notice.offset === undefined
        ? notice
        : { ...notice, message: message('{0} Bytes are counted in the decompressed data.', notice.message) },
    ),
});

/** What to call a capture: "pcap 2.4, little-endian, nanoseconds, gzip". */
export const describeCapture = (capture: OpenedCapture): string =>
  [capture.reader.description, ...capture.compressions.map((compression) => compression.name)].join(', ');

function readHead(source: ByteSource): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  let filled = 0;
  try {
    while (filled < HEAD_BYTES) {
      const got = source.read(filled, head, filled, HEAD_BYTES - filled);
      if (got <= 0) break;
      filled += got;
    }
  } catch (error) {
    if (!(error instanceof ReadError) || filled === 0) throw error;
  }
  return head.subarray(0, filled);
}
