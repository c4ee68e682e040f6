import { FLAG_NAMES } from '../model/flags';
import { message, type Message } from '../model/message';
import { parseAddress, type AddressPattern } from './addresses';
import type { Field, FieldType } from './field';
import type { Token } from './lexer';

/** A value as it is compared: a number, an address or network, text or bytes. */
export type Literal = number | AddressPattern | string | Uint8Array;

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
  h: 3600e9,
};

/** The value of a token for a field, or what is wrong with it. */
export function literalOf(token: Token, field: Field): Literal | Message {
  const { text } = token;
  switch (field.type) {
    case 'number':
      return integerOf(text) ?? message('“{0}” is not a whole number', text);
    case 'port': {
      const port = integerOf(text);
      return port !== null && port >= 0 && port <= 0xffff ? port : message('“{0}” is not a port: 0 to 65535', text);
    }
    case 'time':
      return timeOf(text) ?? message('“{0}” is not a length of time: write 200ms, 1.5s or seconds', text);
    case 'flags':
      return flagsOf(text) ?? message('“{0}” is neither a number nor names of flags such as SYN+ACK', text);
    case 'boolean':
      return booleanOf(text) ?? message('“{0}” is neither true nor false', text);
    case 'choice':
      return (
        choiceOf(text, field.names ?? []) ?? message('“{0}” is none of: {1}', text, (field.names ?? []).join(', '))
      );
    case 'address':
      return parseAddress(text) ?? message('“{0}” is not an IP address or network', text);
    case 'string':
      return text;
    case 'bytes':
      return token.kind === 'string' ? latin1(text) : (hexBytes(text) ?? latin1(text));
    case 'presence':
      return message('“{0}” has no value to compare: write it alone', field.name);
  }
}

/** Whether a result of {@link literalOf} is a complaint. */
export const isMessage = (value: Literal | Message): value is Message =>
  typeof value === 'object' && 'text' in value && 'args' in value;

/** How values of a type are written, for suggestions; `null` where they have names of their own. */
export const EXAMPLES: Readonly<Record<FieldType, readonly string[]>> = {
  number: ['0'],
  port: ['80', '443'],
  time: ['200ms', '1s'],
  flags: [],
  boolean: ['true', 'false'],
  choice: [],
  address: ['10.0.0.0/8', '::1'],
  string: ['""'],
  bytes: ['"GET"', '0d:0a'],
  presence: [],
};

/** Decimal, hexadecimal or binary. */
export function integerOf(text: string): number | null {
  if (!/^-?(?:\d{1,16}|0[xX][0-9a-fA-F]{1,12}|0[bB][01]{1,48})$/.test(text)) return null;
  const value = text.startsWith('-') ? -Number(text.slice(1)) : Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/** Nanoseconds; a number without a unit is seconds, as in Wireshark. Digits beyond the nanosecond are cut off. */
function timeOf(text: string): number | null {
  const parts = /^(-?)(\d{1,12})?(?:\.(\d{1,24}))?([a-zµμ]{0,3})$/.exec(text);
  if (parts === null || (parts[2] === undefined && parts[3] === undefined)) return null;
  const unit = parts[4] === '' ? 1e9 : UNITS[parts[4]!];
  if (unit === undefined) return null;
  // By parts, so that 0.000000001 is exactly one nanosecond.
  const digits = (parts[3] ?? '').slice(0, 15);
  const fraction =
    digits === '' ? 0 : Math.trunc(Number((BigInt(digits) * BigInt(unit)) / 10n ** BigInt(digits.length)));
  const value = Number(parts[2] ?? '0') * unit + fraction;
  return parts[1] === '-' ? -value : value;
}

function flagsOf(text: string): number | null {
  const number = integerOf(text);
  if (number !== null) return number;
  let flags = 0;
  for (const part of text.toUpperCase().split('+')) {
    const bit = FLAG_NAMES.findIndex((name) => name === part);
    if (bit < 0) return null;
    flags |= 1 << bit;
  }
  return flags;
}

function booleanOf(text: string): number | null {
  const lower = text.toLowerCase();
  if (lower === 'true') return 1;
  if (lower === 'false') return 0;
  const number = integerOf(text);
  return number === null ? null : number === 0 ? 0 : 1;
}

/** `SYN_SENT` and `syn-sent` are both SYN-SENT. */
function choiceOf(text: string, names: readonly string[]): number | null {
  const wanted = plain(text);
  const index = names.findIndex((name) => plain(name) === wanted);
  return index < 0 ? null : index;
}

const plain = (name: string): string => name.toLowerCase().replaceAll('_', '-');

/** `47:45:54`, also with dots or hyphens, as Wireshark takes it. */
function hexBytes(text: string): Uint8Array | null {
  if (!/^[0-9a-fA-F]{2}(?:[:.-][0-9a-fA-F]{2}){1,1000}$/.test(text)) return null;
  return Uint8Array.from(text.split(/[:.-]/), (pair) => parseInt(pair, 16));
}

/** A string's characters below 256 as bytes, others as UTF-8. */
function latin1(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x100) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  }
  return Uint8Array.from(bytes);
}
