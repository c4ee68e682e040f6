import type { Framer } from './format';
import { hexDigit, isSpace } from './scan';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Finds the outermost objects of a text: those in an array, one a line, or one behind the other. */
export class ObjectFramer implements Framer {
  behind = -1;
  private depth = 0;
  private inString = false;
  private escaped = false;

  feed(bytes: Uint8Array, at: number, end: number): number {
    let { depth, inString, escaped } = this;
    // Of a long object the beginning may be no longer in `bytes`.
    let start = at - this.behind;
    for (let i = at; i < end; i++) {
      const c = bytes[i]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (c === BACKSLASH) escaped = true;
        else if (c === QUOTE) inString = false;
        continue;
      }
      if (c === QUOTE) inString = depth > 0;
      else if (c === OPEN) {
        if (depth++ === 0) start = i;
      } else if (c === CLOSE && depth > 0 && --depth === 0) {
        this.depth = 0;
        this.behind = i + 1 - start;
        return i + 1;
      }
    }
    this.depth = depth;
    this.inString = inString;
    this.escaped = escaped;
    this.behind = depth > 0 ? end - start : -1;
    return -1;
  }

  reset(): void {
    this.behind = -1;
    this.depth = 0;
    this.inString = false;
    this.escaped = false;
  }
}

/** Is told what an object has, in order. Keys are `[start, end)` of the bytes; values are texts, numbers or words. */
export interface JsonVisitor {
  /** An object or array begins under a key; of an array's elements the key is that of the array. */
  open(keyStart: number, keyEnd: number, isObject: boolean): void;
  close(): void;
  value(keyStart: number, keyEnd: number, start: number, end: number): void;
}

/** Objects and arrays inside each other that are followed; deeper ones end the walk. */
const MAX_DEPTH = 200;

/** Walks through the value in `[start, end)`. What is no JSON is passed over as well as can be; never throws. */
export function walkJson(bytes: Uint8Array, start: number, end: number, visitor: JsonVisitor): void {
  const keys: number[] = [];
  /** 1 where the level is an object whose next text is a key. */
  const levels: number[] = [];
  let keyStart = 0;
  let keyEnd = 0;
  let expectsKey = false;
  for (let at = start; at < end;) {
    const c = bytes[at]!;
    if (isSpace(c) || c === 0x3a) {
      at++;
    } else if (c === 0x2c) {
      expectsKey = levels.at(-1) === 1;
      at++;
    } else if (c === OPEN || c === 0x5b) {
      if (levels.length >= MAX_DEPTH) return;
      const isObject = c === OPEN;
      visitor.open(keyStart, keyEnd, isObject);
      levels.push(isObject ? 1 : 0);
      keys.push(keyStart, keyEnd);
      expectsKey = isObject;
      at++;
    } else if (c === CLOSE || c === 0x5d) {
      if (levels.length === 0) return;
      levels.pop();
      keyEnd = keys.pop()!;
      keyStart = keys.pop()!;
      visitor.close();
      expectsKey = false;
      at++;
    } else if (c === QUOTE) {
      const from = ++at;
      while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
      const to = Math.min(at, end);
      at++;
      if (expectsKey) {
        keyStart = from;
        keyEnd = to;
        expectsKey = false;
      } else visitor.value(keyStart, keyEnd, from, to);
    } else {
      const from = at;
      while (at < end && !isSpace(bytes[at]!) && bytes[at] !== 0x2c && bytes[at] !== CLOSE && bytes[at] !== 0x5d) at++;
      visitor.value(keyStart, keyEnd, from, at);
    }
  }
}

/** Adds bytes written as hexadecimal digits to a packet. */
export function takeHexDigits(bytes: Uint8Array, start: number, end: number, add: (byte: number) => void): void {
  for (let at = start; at + 1 < end; at += 2) {
    const high = hexDigit(bytes[at]!);
    const low = hexDigit(bytes[at + 1]!);
    if (high < 0 || low < 0) return;
    add(high * 16 + low);
  }
}
