import { endOfLine } from './lines';
import { ascii, find, isDigit, isSpace, NEWLINE, slice, SPACE, startsWith, TAB } from './scan';
import { Core, GREATER, Kind } from './tcpdump-core';

const LENGTH_COLON = ascii(', length ');
const core = new Core();

/** End of what may belong to a segment's text: lines that go on are wrapped ones, up to a hex dump or another form. */
export function bodyEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = endOfLine(bytes, from, end);
  while (at < end && bytes[at + 1] !== TAB && at - from < MAX_BODY) at = endOfLine(bytes, at + 1, end);
  return at;
}

const MAX_BODY = 4096;

/** Whether a packet's line seems to break off: no length at its end yet. */
export function isOpen(bytes: Uint8Array, start: number, end: number): boolean {
  if (!core.findIn(bytes, start, end) || core.kind !== Kind.FLAGS)
    return core.kind === Kind.FLAGS || endsOpen(bytes, start, end) || isUnfinished(bytes, start, end);
  return find(bytes, core.bodyAt, end, LENGTH_COLON) < 0;
}

/** Ends in `VXLAN, flags [I] (0x08), vni 100`: what is inside is printed like a packet, on a line of its own. */
export function endsInTunnel(bytes: Uint8Array, start: number, end: number): boolean {
  let at = end;
  while (at > start && isDigit(bytes[at - 1]!)) at--;
  return at < end && startsWith(bytes, at - VNI.length, end, VNI);
}

const VNI = ascii('vni ');

/** Has the beginning of an IP packet, and no pair of addresses. */
function isUnfinished(bytes: Uint8Array, start: number, end: number): boolean {
  const at = find(bytes, start, Math.min(end, start + 64), IP_NAME);
  return at >= 0 && breaksOff(bytes, at + 1, end, end) && find(bytes, at, end, PROTOCOL_TCP) < 0;
}

const IP_NAME = ascii(' IP ');
const PROTOCOL_TCP = ascii('proto TCP');

/** Ends in `>` or a comma: the addresses or the fields go on. */
function endsOpen(bytes: Uint8Array, start: number, end: number): boolean {
  let last = end - 1;
  while (last > start && isSpace(bytes[last]!)) last--;
  return bytes[last] === GREATER || bytes[last] === 0x2c;
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
  '[',
].map(ascii);

/** Whether a line begins as the rest of a wrapped one would, with a field or a number, or has one in it. */
export function looksLikeRest(bytes: Uint8Array, start: number, end: number): boolean {
  const at = behindQuote(bytes, start, end);
  if (at >= end) return false;
  if (isDigit(bytes[at]!)) return true;
  for (const word of REST) if (startsWith(bytes, at, end, word)) return true;
  for (const word of REST_INSIDE) if (find(bytes, at, end, word) >= 0) return true;
  return false;
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
    const next = bytes[at + 1];
    const isPart = next === TAB || next === NEWLINE || (next === SPACE && bytes[at + 4] === SPACE);
    if (isPart || endsInTunnel(bytes, start, at)) continue;
    found.push(at);
    if (next === GREATER) found.push(at + 1);
  }
  return found;
}

/** Whether what stands behind a packet's time ends before a pair of addresses is complete. */
export function breaksOff(bytes: Uint8Array, start: number, lineEnd: number, end: number): boolean {
  let from = start;
  while (from < lineEnd && bytes[from] === SPACE) from++;
  const text = slice(bytes, from, Math.min(lineEnd, from + 600)).trimEnd();
  if (text === 'I' || text === 'IP' || text === 'IP6') return true;
  if (!text.startsWith('IP ') && !text.startsWith('IP6 ')) return false;
  const arrow = text.indexOf(' > ');
  if (arrow < 0) {
    // Of the two-line form the second line is missing, or the first has no end.
    const isAlone = lineEnd >= end || bytes[lineEnd + 1] === TAB;
    return !text.includes('(') || (isAlone && (!text.includes(')') || text.includes('proto TCP (6)')));
  }
  const colon = text.indexOf(': ', arrow);
  return colon < 0 || 'Flags ['.startsWith(text.slice(colon + 2));
}
