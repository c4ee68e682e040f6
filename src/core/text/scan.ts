/** Character codes that scanners compare with. */
export const TAB = 0x09;
export const NEWLINE = 0x0a;
export const RETURN = 0x0d;
export const SPACE = 0x20;

export const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;
/** Of ASCII. */
export const isLetter = (c: number): boolean => (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a;
export const isBlank = (c: number): boolean => c === SPACE || c === TAB;
/** White space of any kind: a line that was wrapped goes on behind its line break. */
export const isSpace = (c: number): boolean => c === SPACE || c === TAB || c === NEWLINE || c === RETURN;

/** Value of a hexadecimal digit, -1 of anything else. */
export function hexDigit(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const lower = c | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** The bytes of an ASCII text, for {@link Scanner.take}. */
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** The bytes in `[start, end)` as a text, one character a byte: for names and numbers, not for what people wrote. */
export function slice(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

/** {@link slice} with one blank in place of several: a line that was wrapped has them. */
export function words(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++)
    if (!isSpace(bytes[i]!)) text += String.fromCharCode(bytes[i]!);
    else if (!text.endsWith(' ')) text += ' ';
  return text;
}

/** Whether `[start, end)` begins with `text`. */
export function startsWith(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start < text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return false;
  return true;
}

/** First place of `text` in `[start, end)`, -1 where it is not. Linear: no text that is looked for repeats its beginning. */
export function find(bytes: Uint8Array, start: number, end: number, text: Uint8Array): number {
  const first = text[0]!;
  const last = end - text.length;
  for (let at = start; at <= last; at++) if (bytes[at] === first && startsWith(bytes, at, end, text)) return at;
  return -1;
}

/** Walks through `[at, end)` of some bytes; what is not there is not taken, and the place stays. */
export class Scanner {
  bytes: Uint8Array = NONE;
  at = 0;
  end = 0;

  set(bytes: Uint8Array, at: number, end: number): this {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    return this;
  }

  get atEnd(): boolean {
    return this.at >= this.end;
  }

  /** The byte at the place, -1 at the end. */
  get next(): number {
    return this.at < this.end ? this.bytes[this.at]! : -1;
  }

  skipSpaces(): void {
    while (this.at < this.end && isSpace(this.bytes[this.at]!)) this.at++;
  }

  /** Takes `text` if it is next. */
  take(text: Uint8Array): boolean {
    if (!startsWith(this.bytes, this.at, this.end, text)) return false;
    this.at += text.length;
    return true;
  }

  /** Takes `text` and all blanks behind it: a line that was wrapped may have several. */
  takeWord(text: Uint8Array): boolean {
    if (!this.take(text)) return false;
    while (this.at < this.end && isBlank(this.bytes[this.at]!)) this.at++;
    return true;
  }

  takeByte(byte: number): boolean {
    if (this.next !== byte) return false;
    this.at++;
    return true;
  }

  /** Takes an unsigned decimal number below 2^53; -1 where there is none. */
  uint(): number {
    const { bytes, end } = this;
    let at = this.at;
    let value = 0;
    while (at < end) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    if (at === this.at || value > Number.MAX_SAFE_INTEGER) return -1;
    this.at = at;
    return value;
  }

  /** Takes an unsigned hexadecimal number (no `0x`) below 2^53; -1 where there is none. */
  hex(): number {
    const { bytes, end } = this;
    let at = this.at;
    let value = 0;
    while (at < end) {
      const digit = hexDigit(bytes[at]!);
      if (digit < 0) break;
      value = value * 16 + digit;
      at++;
    }
    if (at === this.at || value > Number.MAX_SAFE_INTEGER) return -1;
    this.at = at;
    return value;
  }

  /** Moves to the next byte that is white space, or to the end. */
  skipWord(): void {
    while (this.at < this.end && !isSpace(this.bytes[this.at]!)) this.at++;
  }

  /** Moves to the next `byte`; the place stays where there is none. Returns whether there was. */
  seek(byte: number): boolean {
    const { bytes, end } = this;
    for (let at = this.at; at < end; at++)
      if (bytes[at] === byte) {
        this.at = at;
        return true;
      }
    return false;
  }
}

const NONE = new Uint8Array(0);
