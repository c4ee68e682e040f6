import type { FilterFault } from '../model/filter';
import { message, type Message } from '../model/message';

export type TokenKind = 'word' | 'string' | 'operator' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** A word or an operator as it was written; of a string, what it means. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Longest first, so that `<=` is not read as `<`. */
const OPERATORS = ['===', '!==', '==', '!=', '~=', '<=', '>=', '&&', '||', '<', '>', '!', '&', '(', ')', '{', '}', ','];

/** Every character that cannot be part of a word: the rest makes numbers, names, addresses and states alike. */
const SEPARATORS = new Set([...' \t\r\n"\'=!<>&|(){},~']);

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '0': '\0',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** Takes a filter's text apart. What cannot be a token is a fault and is passed over; the last token is the end. */
export function tokens(text: string): { readonly tokens: readonly Token[]; readonly faults: readonly FilterFault[] } {
  const found: Token[] = [];
  const faults: FilterFault[] = [];
  let at = 0;
  while (at < text.length) {
    const start = at;
    const character = text[at]!;
    if (/\s/.test(character)) {
      at++;
      continue;
    }
    if (character === '"' || character === "'") {
      const string = readString(text, at);
      at = string.end;
      found.push({ kind: 'string', text: string.value, start, end: at });
      if (!string.closed) faults.push({ start, end: at, message: message('The quotation mark is not closed') });
      continue;
    }
    const operator = OPERATORS.find((candidate) => text.startsWith(candidate, at));
    if (operator !== undefined) {
      at += operator.length;
      found.push({ kind: 'operator', text: operator, start, end: at });
      continue;
    }
    while (at < text.length && !SEPARATORS.has(text[at]!) && !/\s/.test(text[at]!)) at++;
    if (at === start) {
      at++;
      faults.push({ start, end: at, message: strayCharacter(character) });
    } else found.push({ kind: 'word', text: text.slice(start, at), start, end: at });
  }
  found.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return { tokens: found, faults };
}

const strayCharacter = (character: string): Message =>
  character === '='
    ? message('A comparison is written with two signs: ==')
    : character === '|'
      ? message('“Or” is written with two signs: ||')
      : message('“{0}” means nothing here', character);

/** The string that begins at a quotation mark. Bytes are written `\x0d`; an unknown escape stands for itself. */
function readString(text: string, start: number): { value: string; end: number; closed: boolean } {
  const quote = text[start]!;
  let value = '';
  let at = start + 1;
  while (at < text.length) {
    const character = text[at]!;
    if (character === quote) return { value, end: at + 1, closed: true };
    if (character !== '\\' || at + 1 >= text.length) {
      value += character;
      at++;
      continue;
    }
    const hex = /^x([0-9a-fA-F]{2})/.exec(text.slice(at + 1, at + 4));
    if (hex !== null) {
      value += String.fromCharCode(parseInt(hex[1]!, 16));
      at += 4;
    } else {
      value += ESCAPES[text[at + 1]!] ?? text[at + 1]!;
      at += 2;
    }
  }
  return { value, end: at, closed: false };
}
