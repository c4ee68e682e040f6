/**
 * Text from UTF-8 bytes `[start, end)`; what is not UTF-8 becomes U+FFFD. (`TextDecoder` belongs to the platforms, and
 * the core runs on none in particular.)
 */
export function utf8(bytes: Uint8Array, start: number, end: number): string {
  const units: number[] = [];
  const parts: string[] = [];
  for (let i = start; i < end;) {
    const lead = bytes[i]!;
    const follow =
      lead < 0x80
        ? 0
        : lead >= 0xc2 && lead < 0xe0
          ? 1
          : (lead & 0xf0) === 0xe0
            ? 2
            : lead >= 0xf0 && lead < 0xf5
              ? 3
              : -1;
    let code = follow <= 0 ? lead : lead & (0x3f >> follow);
    let length = 1;
    while (length <= follow && i + length < end && (bytes[i + length]! & 0xc0) === 0x80) {
      code = (code << 6) | (bytes[i + length]! & 0x3f);
      length++;
    }
    if (length !== follow + 1 || code < SMALLEST[follow]! || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
      code = 0xfffd;
    if (code < 0x10000) units.push(code);
    else units.push(0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
    i += length;
    if (units.length > 8000) parts.push(String.fromCharCode(...units.splice(0)));
  }
  return parts.join('') + String.fromCharCode(...units);
}

/** Smallest code point that needs so many continuation bytes. */
const SMALLEST = [0, 0x80, 0x800, 0x10000];
