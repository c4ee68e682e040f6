import type { TextHead } from './format';
import { type JsonVisitor, walkJson } from './json';
import { shareOfLines } from './lines';
import { ascii, find, hexDigit, isBlank, NEWLINE, RETURN, SPACE, startsWith, TAB } from './scan';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Where programs that log in JSON, or in logfmt (`level=info msg="…"`), keep a line that another one printed: Docker's
 * json-file, journald, the loggers of Node.js and of Go, Elastic's schema, Loki, Google Cloud, Splunk. The last, without a
 * name, is a line that is a string by itself, as Ansible prints the lines of an output.
 */
const MEMBERS = ['log', 'MESSAGE', 'msg', 'message', 'line', 'textPayload', '_raw', ''] as const;
export type LogMember = (typeof MEMBERS)[number];

/** Share of the lines that are not empty which have the member, from the first to the last of those. */
const NEARLY_EVERY = 0.8;

/** The member that lines of a text have what was printed in; `null` where they are no JSON, or have none of them. */
export function logMemberOf(head: TextHead): LogMember | null {
  const { bytes } = head;
  const shareOf = (member: LogMember): number =>
    shareOfLines(head, (start, end) => loggedString(bytes, start, end, member) !== null);
  return MEMBERS.find((member) => shareOf(member) >= NEARLY_EVERY) ?? null;
}

/** Looks for the text under one key of the outermost object, or for one that is all there is. */
class MemberFinder implements JsonVisitor {
  start = -1;
  end = -1;
  private values = 0;
  private depth = 0;

  private bytes: Uint8Array = new Uint8Array(0);
  private member = '';

  find(bytes: Uint8Array, start: number, end: number, member: LogMember): boolean {
    this.bytes = bytes;
    this.member = member;
    this.start = -1;
    this.values = 0;
    this.depth = 0;
    walkJson(bytes, start, end, this);
    return this.start >= 0 && (member !== '' || this.values === 1);
  }

  open(): void {
    this.depth++;
  }

  close(): void {
    this.depth--;
  }

  value(keyStart: number, keyEnd: number, start: number, end: number): void {
    this.values++;
    if (this.depth !== (this.member === '' ? 0 : 1) || this.bytes[start - 1] !== QUOTE) return;
    if (keyEnd - keyStart !== this.member.length) return;
    for (let i = 0; i < this.member.length; i++) if (this.bytes[keyStart + i] !== this.member.charCodeAt(i)) return;
    this.start = start;
    this.end = end;
  }
}

const finder = new MemberFinder();

/** The text between the quotes, as it stands, that a line has under a member; `null` where it has none. */
export function loggedString(
  bytes: Uint8Array,
  start: number,
  end: number,
  member: LogMember,
): { readonly start: number; readonly end: number } | null {
  let at = start;
  while (at < end && isBlank(bytes[at]!)) at++;
  if (member === '' ? bytes[at] !== QUOTE : bytes[at] !== 0x7b) return pairOf(bytes, at, end, member);
  return finder.find(bytes, at, end, member) ? { start: finder.start, end: finder.end } : null;
}

/** The text of a pair of logfmt, `msg="…"`, which escapes as JSON does; `null` where a line has none of the name. */
function pairOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  member: LogMember,
): { readonly start: number; readonly end: number } | null {
  if (member === '') return null;
  const key = KEYS.get(member)!;
  const isFirst = startsWith(bytes, start, end, key.subarray(1));
  const keyAt = isFirst ? start - 1 : find(bytes, start, end, key);
  if (keyAt < start && !isFirst) return null;
  const from = keyAt + key.length;
  let to = from;
  while (to < end && bytes[to] !== QUOTE) to += bytes[to] === BACKSLASH ? 2 : 1;
  return { start: from, end: Math.min(to, end) };
}

/** ` msg="`, for each. */
const KEYS: ReadonlyMap<LogMember, Uint8Array> = new Map(MEMBERS.map((member) => [member, ascii(` ${member}="`)]));

const ESCAPES: ReadonlyMap<number, number> = new Map([
  [0x62, 0x08],
  [0x66, 0x0c],
  [0x74, TAB],
]);

/**
 * Writes out the text of a JSON string (RFC 8259 §7). Line breaks at its end are left off; those within it become blanks,
 * as it stays one line.
 *
 * @param put takes a byte, and the place that it was written at
 */
export function writeOut(bytes: Uint8Array, start: number, end: number, put: (byte: number, at: number) => void): void {
  /** A line break that nothing has come behind yet. */
  let pending = -1;
  const take = (byte: number, at: number): void => {
    if (pending >= 0) put(SPACE, pending);
    pending = -1;
    put(byte, at);
  };
  for (let at = start; at < end;) {
    const c = bytes[at]!;
    const kind = c === BACKSLASH && at + 1 < end ? bytes[at + 1]! : -1;
    if (kind < 0) take(c, at++);
    else if (isBreak(kind)) {
      if (pending < 0) pending = at;
      at += 2;
    } else if (kind === 0x75 && at + 6 <= end) {
      const from = at;
      putCharacter(codeUnit(bytes, at + 2), (byte) => take(byte, from));
      at += 6;
    } else {
      take(ESCAPES.get(kind) ?? kind, at);
      at += 2;
    }
  }
}

/** `n` and `r`, behind a backslash. */
const isBreak = (c: number): boolean => c === 0x6e || c === 0x72;

function codeUnit(bytes: Uint8Array, at: number): number {
  let unit = 0;
  for (let i = at; i < at + 4; i++) unit = unit * 16 + Math.max(0, hexDigit(bytes[i]!));
  return unit;
}

/** In UTF-8. Halves of characters beyond 16 bits become question marks: no trace rests on them. */
function putCharacter(unit: number, put: (byte: number) => void): void {
  if (unit < 0x80) put(unit === NEWLINE || unit === RETURN ? SPACE : unit);
  else if (unit < 0x800) {
    put(0xc0 | (unit >> 6));
    put(0x80 | (unit & 0x3f));
  } else if (unit >= 0xd800 && unit < 0xe000) put(0x3f);
  else {
    put(0xe0 | (unit >> 12));
    put(0x80 | ((unit >> 6) & 0x3f));
    put(0x80 | (unit & 0x3f));
  }
}
