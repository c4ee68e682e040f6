import { MAX_SEARCH_BYTES } from '../src/core/model/stream';

/** What somebody wants to find, or what is wrong with how it is written (an English text, the key of its translation). */
export type SearchPattern =
  | { readonly bytes: readonly number[]; readonly isText: boolean; readonly fault: null }
  | { readonly bytes: null; readonly fault: string };

const HEX = /^0x(?:[0-9a-f]|[\s:,.-]|0x)*$/i;

/**
 * The bytes that a search is for: text as UTF-8, or bytes in hexadecimal behind `0x` (`0x16 03`, `0x16:03`, `0x1603`).
 * Text that looks like these stands in double quotes. `null` for nothing.
 */
export function searchPattern(written: string): SearchPattern | null {
  if (written === '') return null;
  if (HEX.test(written.trim())) return hexPattern(written.trim());
  const quoted = /^"(.+)"$/s.exec(written)?.[1];
  return limited(new TextEncoder().encode(quoted ?? written), true);
}

function hexPattern(written: string): SearchPattern {
  const bytes: number[] = [];
  // Between separators; a lone digit is a byte of its own only where separators say so.
  const groups = written.split(/[\s:,.-]+|0x/i).filter(Boolean);
  if (groups.length === 0) return { bytes: null, fault: 'Hexadecimal digits follow 0x' };
  for (const group of groups) {
    if (group.length % 2 !== 0 && group.length > 1) return { bytes: null, fault: 'Two hexadecimal digits make a byte' };
    for (let i = 0; i < group.length; i += 2) bytes.push(parseInt(group.slice(i, i + 2), 16));
  }
  return limited(Uint8Array.from(bytes), false);
}

const limited = (bytes: Uint8Array, isText: boolean): SearchPattern =>
  bytes.length > MAX_SEARCH_BYTES
    ? { bytes: null, fault: 'Too long: at most 1000 bytes can be found' }
    : { bytes: [...bytes], isText, fault: null };
