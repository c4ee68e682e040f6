import type { ByteSource } from '../bytes/source';
import { type Message, message } from '../model/message';

/** Files that people open by mistake, by how they begin. */
const LOOKS_LIKE: readonly (readonly [magic: readonly number[], what: string])[] = [
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document'],
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG picture'],
  [[0xff, 0xd8, 0xff], 'a JPEG picture'],
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive'],
  [[0x7f, 0x45, 0x4c, 0x46], 'an ELF program'],
  [[0x42, 0x5a, 0x68], 'a bzip2 file'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'an xz file'],
  [[0x3c, 0x21, 0x44, 0x4f], 'an HTML page'],
];

const SHOWN_BYTES = 16;

/** Says of a file that is no trace what it looks like instead. */
export function describeUnknown(source: ByteSource): Message {
  const head = new Uint8Array(SHOWN_BYTES);
  const got = source.read(0, head, 0, SHOWN_BYTES);
  if (got === 0) return message('Empty file: there is nothing in it.');
  const bytes = head.subarray(0, got);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  for (const [magic, what] of LOOKS_LIKE)
    if (magic.every((byte, i) => bytes[i] === byte))
      return message('Not a capture file: it looks like {0} (first bytes {1}).', message(what), hex);
  if (bytes.every((byte) => byte === 0x09 || byte === 0x0a || byte === 0x0d || (byte >= 0x20 && byte < 0x7f)))
    return message('Not a capture file: it begins with the text “{0}”.', String.fromCharCode(...bytes).trim());
  return message('Not a capture file: its first bytes are {0}.', hex);
}
