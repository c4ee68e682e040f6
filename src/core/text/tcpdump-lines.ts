import type { TextHead } from './format';
import { endOfLine, linesOf } from './lines';
import { ascii, find, isDigit, isLetter, isSpace, NEWLINE, slice, SPACE, startsWith, TAB } from './scan';
import { beginsOldBody, Core, GREATER, Kind, WIN_WORD } from './tcpdump-core';

const LENGTH_COLON = ascii(', length ');
const LENGTH = ascii('length ');
const core = new Core();

/** End of what may belong to a segment's text: lines that go on are wrapped ones, up to a hex dump or another form. */
export function bodyEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = endOfLine(bytes, from, end);
  while (at < end && bytes[at + 1] !== TAB && at - from < MAX_BODY) at = endOfLine(bytes, at + 1, end);
  return at;
}

const MAX_BODY = 4096;

/** What a packet's line has not told yet, and its next line may. */
export const Open = {
  /** It is complete. */
  NO: 0,
  /** Up to the length at its end. */
  FLAGS: 1,
  /** Up to the window, and the options behind it, of tcpdump before version 4. */
  OLD: 2,
} as const;

/** Whether a packet's line seems to break off. */
export function openness(bytes: Uint8Array, start: number, end: number): number {
  const isFound = core.findIn(bytes, start, end);
  if (core.kind === Kind.BROKEN) return Open.OLD;
  if (isFound && core.kind === Kind.OLD) return endsOldBody(bytes, core.bodyAt, end) ? Open.NO : Open.OLD;
  if (isFound && core.kind === Kind.FLAGS)
    return find(bytes, core.bodyAt, end, LENGTH_COLON) < 0 ? Open.FLAGS : Open.NO;
  if (endsIn(GREATER, bytes, start, end)) return Open.OLD;
  return endsIn(COMMA, bytes, start, end) || isUnfinished(bytes, start, end) ? Open.FLAGS : Open.NO;
}

/** {@link openness} of a line that goes on from one that was open. */
export function opennessBehind(open: number, bytes: Uint8Array, start: number, end: number): number {
  if (core.findIn(bytes, start, end) || core.kind === Kind.BROKEN) return openness(bytes, start, end);
  if (find(bytes, start, end, LENGTH) >= 0) return Open.NO;
  if (open !== Open.OLD || find(bytes, start, end, FLAGS) >= 0) return Open.FLAGS;
  return endsOldBody(bytes, behindQuote(bytes, start, end), end) ? Open.NO : Open.OLD;
}

/** Whether the window is in `[start, end)`, or the end of options: `win 4096 <mss 1024>`. */
function endsOldBody(bytes: Uint8Array, start: number, end: number): boolean {
  const opens = find(bytes, start, end, OPTIONS_OPEN);
  if (find(bytes, Math.max(start, opens), end, OPTIONS_CLOSE) >= 0) return true;
  return opens < 0 && find(bytes, start, end, WIN_WORD) >= 0;
}

const FLAGS = ascii('Flags [');
const OPTIONS_OPEN = ascii('<');
const OPTIONS_CLOSE = ascii('>');
export const COMMA = 0x2c;

/**
 * Ends in `VXLAN, flags [I] (0x08), vni 100`, or in `OTV, … overlay 0, instance 1`, for which tcpdump took VXLAN once:
 * what is inside is printed like a packet, on a line of its own.
 */
export function endsInTunnel(bytes: Uint8Array, start: number, end: number): boolean {
  let at = end;
  while (at > start && isDigit(bytes[at - 1]!)) at--;
  return at < end && TUNNELS.some((name) => startsWith(bytes, at - name.length, end, name));
}

const TUNNELS = ['vni ', 'overlay 0, instance '].map(ascii);

/** Whether a line is the first one of a packet with `-v`, which ends behind its IP header: `IP (tos …)`, and no address. */
export function isFirstLine(bytes: Uint8Array, start: number, end: number): boolean {
  const at = Math.max(find(bytes, start, end, IP_HEADER), find(bytes, start, end, FRAME_HEADER));
  return at >= 0 && endsHeader(bytes, at, end) && !core.findIn(bytes, start, end);
}

/** Whether a line ends as {@link isFirstLine} does: it may have been wrapped. */
export const endsHeader = (bytes: Uint8Array, start: number, end: number): boolean =>
  endsIn(CLOSE, bytes, start, end) && find(bytes, start, end, PROTOCOL) >= 0;

/** Whether a line goes on from {@link isFirstLine}: with addresses, and without a time in front of them. */
export function isSecondLine(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && bytes[at] === SPACE) at++;
  return core.findIn(bytes, at, end) && core.sourceStart === at;
}

const CLOSE = 0x29;
const IP_HEADER = ascii('IP (');
const FRAME_HEADER = ascii(': (tos ');
const PROTOCOL = ascii('proto ');

/** Lines whose segment is complete only with the next one, or the next two. */
export function* wrappedSegments(head: TextHead): Generator<{ readonly from: number; readonly to: number }> {
  const { bytes } = head;
  const lines = linesOf(head);
  for (let i = 0; i + 1 < lines.length; i++) {
    const { start, end } = lines[i]!;
    if (end - start > MAX_WRAPPED || core.findIn(bytes, start, end)) continue;
    if (core.kind !== Kind.BROKEN && !endsIn(GREATER, bytes, start, end) && !endsIn(COMMA, bytes, start, end)) continue;
    for (let last = i + 1; last <= i + 2 && last < lines.length; last++) {
      const to = lines[last]!.end;
      if (to - start > MAX_WRAPPED * 2) break;
      if (!core.findIn(bytes, start, to) || core.sourceStart >= end) continue;
      yield { from: start, to };
      i = last;
      break;
    }
  }
}

/** Mailers wrap lines at 72 columns; people, at what they find too long. */
const MAX_WRAPPED = 256;

/** Has the beginning of an IP packet, and no pair of addresses, or that of a frame (`-e`), and nothing of what is in it. */
function isUnfinished(bytes: Uint8Array, start: number, end: number): boolean {
  const type = find(bytes, start, end, ETHERTYPE);
  if (type >= 0) return find(bytes, type, end, COLON_SPACE) < 0;
  const at = find(bytes, start, Math.min(end, start + 64), IP_NAME);
  return at >= 0 && breaksOff(bytes, at + 1, end, end) && find(bytes, at, end, PROTOCOL_TCP) < 0;
}

const ETHERTYPE = ascii('ethertype ');
const COLON_SPACE = ascii(': ');
const IP_NAME = ascii(' IP ');
const PROTOCOL_TCP = ascii('proto TCP');

/** Whether a line ends in `>` or in a comma: the addresses or the fields go on. */
export function endsIn(byte: number, bytes: Uint8Array, start: number, end: number): boolean {
  let last = end - 1;
  while (last > start && isSpace(bytes[last]!)) last--;
  return bytes[last] === byte;
}

const REST = [
  'seq ',
  'ack ',
  'win ',
  'urg ',
  'options ',
  'length ',
  'Flags [',
  'cksum ',
  'val ',
  'ecr ',
  'nop',
  'mss ',
  'TS ',
  'sack',
  'wscale ',
  'timestamp ',
  '[',
].map(ascii);

/** Whether a line begins as the rest of a wrapped one would, with a field or a number, or has one in it. */
export function looksLikeRest(bytes: Uint8Array, start: number, end: number): boolean {
  const at = behindQuote(bytes, start, end);
  if (at >= end) return false;
  if (isDigit(bytes[at]!)) return true;
  for (const word of REST) if (startsWith(bytes, at, end, word)) return true;
  for (const word of REST_INSIDE) if (find(bytes, at, end, word) >= 0) return true;
  return beginsOldBody(bytes, at, end);
}

const REST_INSIDE = [': Flags [', ', win ', ', length '].map(ascii);

/** Behind `> `, which a mailer puts in front of what it quotes. */
function behindQuote(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === GREATER || bytes[at] === SPACE)) at++;
  return at;
}

/**
 * The line breaks in a packet's lines that a mailer put there, with what it put behind them: all but those in front of
 * the second line of `-v`, of dumps and of details, and of what is inside a tunnel.
 */
export function wrappedAt(bytes: Uint8Array, start: number, end: number): number[] {
  const found: number[] = [];
  for (let at = endOfLine(bytes, start, end); at < end; at = endOfLine(bytes, at + 1, end)) {
    // Empty lines between those of a packet are a page's.
    const line = bytes[at + 1] === NEWLINE ? at + 2 : at + 1;
    const next = bytes[line];
    const isPart = line >= end || next === TAB || next === NEWLINE || (next === SPACE && bytes[line + 3] === SPACE);
    if (isPart || endsInTunnel(bytes, start, at)) continue;
    found.push(at);
    if (next === GREATER && !isArrow(bytes, start, at)) found.push(at + 1);
  }
  return found;
}

/** Whether `>` behind what ends at `end` is the arrow of a packet, not the mark of a quotation: it has a source alone. */
const isArrow = (bytes: Uint8Array, start: number, end: number): boolean =>
  find(bytes, start, end, ARROW) < 0 && (isDigit(bytes[end - 1]!) || isLetter(bytes[end - 1]!));

/** {@link wrappedAt} of a packet whose payload follows as text (`-A`): those in front of where its header is complete. */
export function wrappedInHeader(bytes: Uint8Array, start: number, end: number): number[] {
  const found: number[] = [];
  let at = endOfLine(bytes, start, end);
  let open: number = openness(bytes, start, at);
  for (let lines = 1; lines < MAX_WRAPPED_LINES && at < end; lines++) {
    const next = endOfLine(bytes, at + 1, end);
    if (open !== Open.NO && looksLikeRest(bytes, at + 1, next)) {
      found.push(at);
      open = opennessBehind(open, bytes, at + 1, next);
    } else if (isSecondLine(bytes, at + 1, next)) open = openness(bytes, at + 1, next);
    else break;
    at = next;
  }
  return found;
}

/** Both lines of `-v`, each wrapped twice. */
const MAX_WRAPPED_LINES = 6;

/** `IP 10.0.0.1`, `IP (tos`, `IP6 alpha.80 > `: no sentence about it. */
export function beginsIp(bytes: Uint8Array, start: number, end: number): boolean {
  const name = [IP, IP6].find((one) => startsWith(bytes, start, end, one));
  if (name === undefined) return false;
  let at = start + name.length;
  while (at < end && isLetter(bytes[at]!)) at++;
  const isWord = at > start + name.length && (at >= end || isSpace(bytes[at]!));
  return !isWord || find(bytes, start, Math.min(end, start + MAX_WRAPPED), ARROW) >= 0;
}

const IP = ascii('IP ');
const IP6 = ascii('IP6 ');
const ARROW = ascii(' > ');

/** Whether what stands behind a packet's time ends before a pair of addresses is complete. */
export function breaksOff(bytes: Uint8Array, start: number, lineEnd: number, end: number): boolean {
  let from = start;
  while (from < lineEnd && bytes[from] === SPACE) from++;
  const text = slice(bytes, from, Math.min(lineEnd, from + 600)).trimEnd();
  if (text === 'I' || text === 'IP' || text === 'IP6') return true;
  if (!beginsIp(bytes, from, lineEnd)) return false;
  const arrow = text.indexOf(' > ');
  if (arrow < 0) {
    // Of the two-line form the second line is missing, or the first has no end.
    const isAlone = lineEnd >= end || bytes[lineEnd + 1] === TAB;
    return !text.includes('(') || (isAlone && (!text.includes(')') || text.includes('proto TCP (6)')));
  }
  const colon = text.indexOf(': ', arrow);
  return colon < 0 || 'Flags ['.startsWith(text.slice(colon + 2));
}
