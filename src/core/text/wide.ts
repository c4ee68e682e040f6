import type { ByteSource } from '../bytes/source';
import { NEWLINE, RETURN } from './scan';

const PIECE_BYTES = 1 << 14;
/** What a character outside of ASCII becomes, unless a trace rests on it. */
const OTHER = 0x3f;
const ARROW = 0x2192;
const GREATER = 0x3e;

/**
 * A text in UTF-16 (it begins with a byte order mark, as text redirected in a Windows shell does) as one of single bytes,
 * so that each stands for two of the file. Traces are ASCII but for tshark's arrow, which becomes `>`. `null` where the
 * text is not in UTF-16.
 */
export function wideSource(source: ByteSource): ByteSource | null {
  const mark = new Uint8Array(2);
  if (source.read(0, mark, 0, 2) < 2) return null;
  const isLittle = mark[0] === 0xff && mark[1] === 0xfe;
  if (!isLittle && !(mark[0] === 0xfe && mark[1] === 0xff)) return null;
  const piece = new Uint8Array(PIECE_BYTES);
  return {
    get size() {
      return source.size >>> 1;
    },
    read(position, target, at, length) {
      const wanted = Math.min(length * 2, PIECE_BYTES);
      let got = 0;
      while (got < wanted) {
        const more = source.read(position * 2 + got, piece, got, wanted - got);
        if (more <= 0) break;
        got += more;
      }
      const characters = got >> 1;
      for (let i = 0; i < characters; i++) {
        const first = piece[2 * i]!;
        const second = piece[2 * i + 1]!;
        const unit = isLittle ? first | (second << 8) : (first << 8) | second;
        target[at + i] = unit < 0x80 ? unit : unit === ARROW ? GREATER : OTHER;
      }
      return characters;
    },
    ...(source.prepare === undefined ? {} : { prepare: (position: number) => source.prepare!(position * 2) }),
  };
}

/** Bytes of the beginning by which it is told how lines end. */
const SAMPLE_BYTES = 1 << 16;

/** A text whose lines end in carriage returns alone (as of old Macs) as one with line feeds; `null` where they do not. */
export function returnsSource(source: ByteSource): ByteSource | null {
  const sample = new Uint8Array(SAMPLE_BYTES);
  const got = source.read(0, sample, 0, SAMPLE_BYTES);
  const head = sample.subarray(0, Math.max(0, got));
  if (!head.includes(RETURN) || head.includes(NEWLINE)) return null;
  return {
    get size() {
      return source.size;
    },
    read(position, target, at, length) {
      const read = source.read(position, target, at, length);
      for (let i = at; i < at + read; i++) if (target[i] === RETURN) target[i] = NEWLINE;
      return read;
    },
    ...(source.prepare === undefined ? {} : { prepare: (position: number) => source.prepare!(position) }),
  };
}
