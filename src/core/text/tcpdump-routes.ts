import { ascii, find, isDigit, isSpace, SPACE, startsWith } from './scan';
import type { Core } from './tcpdump-core';
import { MAX_PREFIX } from './tcpdump-style';

/** Where an address or a name stands. */
export type Span = readonly [start: number, end: number];

const HOME_ADDRESS = ascii('(homeaddr: ');
const ROUTING = ascii(': RT6 (');
const SEGMENTS_LEFT = ascii('segleft=');
const SEGMENT_ROUTING = ascii('type=4');
const COMMA = 0x2c;
const CLOSE = 0x29;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Where the source is by which the connection is known: its home address (RFC 6275 §6.3), if `-vv` prints one. */
export function homeAddress(bytes: Uint8Array, found: Core): Span {
  const { outerSourceStart, outerSourceEnd, outerDestinationEnd, sourceStart } = found;
  const at = find(bytes, outerDestinationEnd, sourceStart, HOME_ADDRESS);
  if (at < 0) return [outerSourceStart, outerSourceEnd];
  const start = at + HOME_ADDRESS.length;
  let end = start;
  while (end < sourceStart && bytes[end] !== CLOSE) end++;
  return [start, end];
}

/**
 * Where the destination is that a routing header leads to while segments are left (RFC 8200 §4.4), that of the IPv6
 * header otherwise: `RT6 (len=4, type=0 [Deprecated], segleft=2, [0]2001:db8::1, [1]2001:db8::2)`. The last address, of
 * segment routing the first (RFC 8754 §2).
 */
export function routedDestination(bytes: Uint8Array, found: Core): Span {
  const { outerDestinationStart, outerDestinationEnd, sourceStart } = found;
  let routed: Span = [outerDestinationStart, outerDestinationEnd];
  const header = find(bytes, outerDestinationEnd, sourceStart, ROUTING);
  const left = header < 0 ? -1 : find(bytes, header, sourceStart, SEGMENTS_LEFT) + SEGMENTS_LEFT.length;
  if (left < SEGMENTS_LEFT.length || bytes[left] === 0x30) return routed;
  const isFirst = find(bytes, header, left, SEGMENT_ROUTING) >= 0;
  for (let at = left; at < sourceStart && bytes[at] !== CLOSE; at++) {
    if (bytes[at] !== OPEN_BRACKET || !isDigit(bytes[at + 1]!)) continue;
    while (at < sourceStart && bytes[at] !== CLOSE_BRACKET) at++;
    const start = at + 1;
    while (at + 1 < sourceStart && bytes[at + 1] !== COMMA && bytes[at + 1] !== CLOSE) at++;
    routed = [start, at + 1];
    if (isFirst) break;
  }
  return routed;
}

/**
 * Where the last address of a source route is that is not visited yet (RFC 791 §3.1), in the IP header that `-v` prints
 * in `[start, before)`: `(tos 0x0, …, options (LSRR 192.0.2.1, 192.0.2.2,EOL))`, a comma behind each address that was.
 * `null` where there is none.
 */
export function sourceRouteEnd(bytes: Uint8Array, start: number, before: number): Span | null {
  let end = before - 1;
  while (end > start && isSpace(bytes[end]!)) end--;
  if (bytes[end] !== CLOSE) return null;
  const least = Math.max(start, end - MAX_PREFIX);
  let header = end;
  while (header > least && !startsWith(bytes, header, end, HEADER)) header--;
  const route = find(bytes, header, end, SOURCE_ROUTE);
  if (route < 0) return null;
  for (let at = route + SOURCE_ROUTE.length; ;) {
    const from = at;
    while (at < end && bytes[at] !== SPACE && bytes[at] !== COMMA && bytes[at] !== CLOSE) at++;
    const to = at;
    const isVisited = bytes[at] === COMMA && ENDS.has(bytes[at + 1]!);
    if (isVisited) at++;
    if (at >= end || bytes[at] !== SPACE) return isVisited || to === from ? null : [from, to];
    at++;
  }
}

const HEADER = ascii('(tos ');
/** Loose or strict. */
const SOURCE_ROUTE = ascii('SRR ');
/** What is behind an address, its own comma left out: another one, another option, or the last parenthesis. */
const ENDS: ReadonlySet<number> = new Set([SPACE, COMMA, CLOSE]);
