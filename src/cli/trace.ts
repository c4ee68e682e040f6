import { readSync } from 'node:fs';
import { Trace } from '../core/analyze';
import { CannotOpen } from '../core/trace-reader';
import { type ByteSource, bytesSource } from '../core/bytes/source';
import { render } from '../core/format/message';
import { inert } from '../core/format/text';
import type { Load } from '../core/model/load';
import { damageOf, type Notice } from '../core/model/notice';
import { fileSource } from '../worker/file-source';

/** There is nothing to read; the message is what standard error gets. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}

/** Bytes that a compressed capture may grow to. */
const DECOMPRESSION_LIMIT = 4 * 1024 ** 3;

/**
 * Reads and analyses a whole trace. `damage` is one line about the first thing that was wrong with it, or `null`.
 * @throws {BadInput}
 */
export function readTrace(
  file: string,
  load: Load,
  verifyChecksums: boolean,
): { readonly trace: Trace; readonly damage: string | null } {
  let trace: Trace;
  try {
    trace = Trace.open(open(file), { decompressionLimit: DECOMPRESSION_LIMIT, verifyChecksums, load });
  } catch (error) {
    if (error instanceof CannotOpen) throw new BadInput(`${file}: ${inert(render(error.reason))}`);
    throw error;
  }
  while (trace.step());
  const damage = trace.summary().notices.find((notice) => damageOf(notice) !== null);
  return { trace, damage: damage === undefined ? null : noticeText(damage) };
}

/** "packet 12, byte 3400: …", as far as the sentence does not say itself where it is. */
export function noticeText({ packet, offset, line, message }: Notice): string {
  const text = inert(render(message));
  const place = Object.entries({ packet, byte: offset, line })
    .filter(([, number]) => number !== undefined)
    .map(([name, number]) => `${name} ${number}`)
    .filter((part) => !new RegExp(`\\b${part}\\b`, 'i').test(text));
  return place.length === 0 ? text : `${place.join(', ')}: ${text}`;
}

function open(file: string): ByteSource {
  try {
    return file === '-' ? bytesSource(standardInput()) : fileSource(file);
  } catch (error) {
    throw new BadInput(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const PIECE_BYTES = 1 << 20;

function standardInput(): Uint8Array {
  const pieces: Buffer[] = [];
  for (;;) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    let got: number;
    try {
      got = readSync(0, piece);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') break; // the end of a Windows pipe
      if (code === 'EAGAIN') continue;
      throw error;
    }
    if (got === 0) break;
    pieces.push(piece.subarray(0, got));
  }
  return Buffer.concat(pieces);
}
