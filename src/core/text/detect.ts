import type { ByteSource } from '../bytes/source';
import { ByteWindow } from '../bytes/window';
import type { AddressTable } from '../model/addresses';
import { message } from '../model/message';
import type { Notice } from '../model/notice';
import { BareDialect } from './bare-dialect';
import { bareHead, isBare } from './bare-lines';
import { coatOf } from './coat';
import type { TextFormat, TextHead, TextReader } from './format';
import type { PacketMemory } from './packet-memory';
import { LineReader, TEXT_WINDOW_BYTES } from './reader';
import { TEXT_FORMATS } from './registry';
import { StructureReader } from './structure-reader';
import { NEWLINE } from './scan';
import { ServiceNames } from './service-names';
import { returnsSource, wideSource } from './wide';

/** Bytes of the beginning by which the format is told; log lines may stand in front of a trace. */
export const HEAD_BYTES = 1 << 20;

/** Bytes that tell the format of most texts: where it has nearly all of them, no more is looked at. */
const DECIDING_BYTES = 1 << 16;
const NEARLY_ALL = 0.75 * DECIDING_BYTES;

/** Room for a line of any length that is read, and the next. */
const SMALLEST_WINDOW_BYTES = 1 << 18;

export interface OpenedText {
  readonly format: TextFormat;
  readonly reader: TextReader;
  /** What the reader's positions count in: the bytes of the text, two-byte characters narrowed to one. */
  readonly source: ByteSource;
  /** Bytes of the file that one byte of {@link source} stands for. */
  readonly bytesPerCharacter: number;
}

/**
 * The format whose lines a text has most of, or has nearly all of the first lines of; `null` where it has none. Two that
 * claim as much have both claimed the same lines: the one whose identifier comes first has them, so that the order of the
 * registry does not matter.
 */
export function detectTextFormat(head: TextHead): TextFormat | null {
  const deciding = head.start + DECIDING_BYTES;
  if (deciding < head.end) {
    const first = mostClaimed({ ...head, end: deciding });
    if (first.claimed >= NEARLY_ALL) return first.format;
  }
  return mostClaimed(head).format;
}

/** The format that claims most of a beginning, and how many bytes of it. */
function mostClaimed(head: TextHead): { readonly format: TextFormat | null; readonly claimed: number } {
  let best: TextFormat | null = null;
  let most = 0;
  for (const format of TEXT_FORMATS) {
    const claimed = format.sniff(head);
    if (claimed > most || (claimed === most && claimed > 0 && best !== null && format.id < best.id)) {
      best = format;
      most = claimed;
    }
  }
  return { format: best, claimed: most };
}

/** The byte order mark in UTF-8. */
const hasMark = (bytes: Uint8Array, end: number): boolean =>
  end >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/**
 * Opens a text trace by its content; `null` where the text is none.
 * @param memory of readings of the same text before it was edited; has `addresses`
 * @throws {ReadError} when not even its beginning can be read
 */
export function openText(
  source: ByteSource,
  addresses: AddressTable,
  notice: (notice: Notice) => void,
  memory: PacketMemory | null = null,
): OpenedText | null {
  const wide = wideSource(source);
  const narrow = wide ?? source;
  const text = returnsSource(narrow) ?? narrow;
  // Of a compressed text the length is not known yet.
  const size = text.prepare === undefined ? text.size : TEXT_WINDOW_BYTES;
  const window = new ByteWindow(text, Math.max(SMALLEST_WINDOW_BYTES, Math.min(size, TEXT_WINDOW_BYTES)));
  const end = Math.min(window.load(0, HEAD_BYTES), HEAD_BYTES);
  const start = wide !== null ? 1 : hasMark(window.bytes, end) ? 3 : 0;
  const whole = { bytes: window.bytes, start, end };
  const coat = coatOf(whole, detectTextFormat);
  const bare = isBare(coat) ? null : bareHead(whole, coat);
  const head = bare ?? whole;
  const format = detectTextFormat(head);
  if (format === null) return null;
  if (coat.wrapping !== null && bare !== null)
    notice({
      code: 'wrapped-lines',
      severity: 'info',
      // That which the first rest belongs to.
      line: Math.max(1, newlinesIn(whole.bytes, whole.start, bare.firstJoint)),
      message: message(
        'Lines of this text were broken after {0} characters. They are read as if they had not been',
        coat.wrapping.columns,
      ),
    });
  const services = new ServiceNames((name, port) =>
    notice({
      code: 'unknown-service',
      severity: 'info',
      message: message('Which port the service “{0}” has is not known: {1} stands for it', name, port),
    }),
  );
  const opened = format.open(head, { addresses, services });
  const dialect = isBare(coat) ? opened : new BareDialect(opened, coat);
  const { framer } = dialect;
  // Positions in a text of wide characters are not those of its edits.
  const remembering = text === source ? memory : null;
  remembering?.begin(format, dialect, services);
  const reader =
    framer === undefined
      ? new LineReader(window, dialect, start, remembering)
      : new StructureReader(window, dialect, framer, start, remembering);
  return { format, reader, source: text, bytesPerCharacter: wide === null ? 1 : 2 };
}

function newlinesIn(bytes: Uint8Array, start: number, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE, start); at >= 0 && at < end; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
