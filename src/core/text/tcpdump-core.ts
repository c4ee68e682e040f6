import { ACK, AE, CWR, ECE, FIN, PSH, RST, SYN, URG } from '../model/flags';
import type { SegmentFacts } from '../model/facts';
import { ascii, isDigit, isLetter, isSpace, type Scanner, slice, startsWith } from './scan';

export const FLAGS = ascii('Flags [');
export const TCP_QUIET = ascii('tcp ');
export const TRUNCATED_TCP = ascii('[|tcp]');
const ICMP = ascii('ICMP');
export const NONE = ascii('none');

/** What stands behind `source > destination: `. */
export const Kind = {
  NOT_TCP: 0,
  /** `Flags [S.], seq …`. */
  FLAGS: 1,
  /** `tcp 198` (`-q`). */
  QUIET: 2,
  /** `[|tcp]`: the capture ends before the flags do. */
  CUT: 3,
  /** `S 1415531521:1415531521(0) win 4096 <mss 1024>`: before tcpdump 4. */
  OLD: 4,
  ICMP: 5,
  /** Nothing, or letters of flags: what follows may be on the next line. */
  BROKEN: 6,
} as const;

/** Where a segment is in a line: `source > destination: body`. */
export class Core {
  sourceStart = 0;
  sourceEnd = 0;
  destinationStart = 0;
  destinationEnd = 0;
  /** Hosts around a pair that has ports only (behind an extension header): the pair before it. */
  outerSourceStart = -1;
  outerSourceEnd = -1;
  outerDestinationStart = -1;
  outerDestinationEnd = -1;
  bodyAt = 0;
  kind: number = Kind.NOT_TCP;

  /**
   * Finds the segment in `[start, end)`, line breaks in it counting as blanks: the last pair of a chain of tunnels.
   * Returns false where there is no TCP, or where it is quoted in an ICMP error.
   */
  findIn(bytes: Uint8Array, start: number, end: number): boolean {
    this.kind = Kind.NOT_TCP;
    this.sourceStart = -1;
    for (let at = start + 1; at + 2 < end; at++) {
      if (bytes[at] !== GREATER || !isSpace(bytes[at - 1]!) || !isSpace(bytes[at + 1]!)) continue;
      let destinationStart = at + 2;
      while (destinationStart < end && isSpace(bytes[destinationStart]!)) destinationStart++;
      let destinationEnd = destinationStart;
      while (destinationEnd < end && !isSpace(bytes[destinationEnd]!)) destinationEnd++;
      if (bytes[destinationEnd - 1] !== COLON || destinationEnd === destinationStart) continue;
      // People align the arrows of what they show.
      let sourceEnd = at - 1;
      while (sourceEnd > start && isSpace(bytes[sourceEnd - 1]!)) sourceEnd--;
      let sourceStart = sourceEnd;
      while (sourceStart > start && !isSpace(bytes[sourceStart - 1]!)) sourceStart--;
      if (sourceStart === sourceEnd) continue;
      this.outerSourceStart = this.sourceStart;
      this.outerSourceEnd = this.sourceEnd;
      this.outerDestinationStart = this.destinationStart;
      this.outerDestinationEnd = this.destinationEnd;
      this.sourceStart = sourceStart;
      this.sourceEnd = sourceEnd;
      this.destinationStart = destinationStart;
      this.destinationEnd = destinationEnd - 1;
      let body = destinationEnd;
      while (body < end && isSpace(bytes[body]!)) body++;
      this.bodyAt = body;
      this.kind = kindOf(bytes, body, end);
      if (this.kind === Kind.ICMP) return false;
      if (this.kind !== Kind.NOT_TCP && this.kind !== Kind.BROKEN) return true;
      at = destinationEnd - 1;
    }
    return false;
  }
}

export const GREATER = 0x3e;
export const COLON = 0x3a;

function kindOf(bytes: Uint8Array, body: number, end: number): number {
  if (startsWith(bytes, body, end, FLAGS)) return areFlags(bytes, body + FLAGS.length, end) ? Kind.FLAGS : Kind.NOT_TCP;
  if (startsWith(bytes, body, end, TCP_QUIET) && body + 4 < end && isDigit(bytes[body + 4]!)) return Kind.QUIET;
  if (startsWith(bytes, body, end, TRUNCATED_TCP)) return Kind.CUT;
  if (startsWith(bytes, body, end, ICMP)) return Kind.ICMP;
  if (bytes[body] === 0x5b && body < end && bareFlagsEnd(bytes, body, end) >= 0) return Kind.FLAGS;
  return oldKind(bytes, body, end);
}

/** Whether flags are next, up to a bracket or the end: the word may stand for what is to be put there. */
function areFlags(bytes: Uint8Array, start: number, end: number): boolean {
  if (startsWith(bytes, start, end, NONE)) return true;
  const close = bytes.subarray(start, Math.min(end, start + MAX_FLAGS_BYTES)).indexOf(BRACKET);
  return close < 0 || flagsOf(bytes, start, start + close) >= 0;
}

/** Behind `[S.]`, as people write it who leave out the word before it; -1 where there is something else. */
function bareFlagsEnd(bytes: Uint8Array, body: number, end: number): number {
  let at = body + 1;
  while (at < end && at - body < 9 && newFlag(bytes[at]!) >= 0) at++;
  return at > body + 1 && at < end && bytes[at] === 0x5d ? at + 1 : -1;
}

/** Letters of flags or a dot, then a number with its range, or an acknowledgment, the window or the checksum. */
function oldKind(bytes: Uint8Array, body: number, end: number): number {
  let at = body;
  while (at < end && at - body < 8 && oldFlag(bytes[at]!) >= 0) at++;
  const flagsEnd = at;
  while (at < end && isSpace(bytes[at]!)) at++;
  if (at >= end) return Kind.BROKEN;
  if (flagsEnd === body) return Kind.NOT_TCP;
  // tcpdump 3.9 with `-v`.
  if (startsWith(bytes, flagsEnd, end, OLD_CHECKSUM)) return Kind.OLD;
  if (at === flagsEnd) return Kind.NOT_TCP;
  return beginsOldNumbers(bytes, at, end) ? Kind.OLD : Kind.NOT_TCP;
}

/** `1:15(14)`, `ack 1`, `win 4096`, `[tcp sum ok] 1:15(14)`. */
function beginsOldNumbers(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  if (bytes[at] === 0x5b) {
    while (at < end && at - start < 40 && bytes[at] !== 0x5d) at++;
    if (bytes[at] !== 0x5d) return false;
    at++;
    while (at < end && isSpace(bytes[at]!)) at++;
  }
  if (startsWith(bytes, at, end, ACK_WORD) || startsWith(bytes, at, end, WIN_WORD)) return true;
  const from = at;
  while (at < end && isDigit(bytes[at]!)) at++;
  return at > from && at < end && (bytes[at] === COLON || bytes[at] === 0x28);
}

/** Whether a line begins as one does that was broken in front of or behind the flags: `P 1:15(14) ack 1`. */
export const beginsOldBody = (bytes: Uint8Array, start: number, end: number): boolean =>
  oldKind(bytes, start, end) === Kind.OLD;

const OLD_CHECKSUM = ascii(', cksum 0x');

export const ACK_WORD = ascii('ack ');
export const WIN_WORD = ascii('win ');
export const URG_WORD = ascii('urg ');

export function oldFlag(c: number): number {
  switch (c) {
    case 0x2e:
      return 0;
    case 0x5b: // [ECN-Echo,CWR] is behind the letters in some versions
      return -1;
    default:
      return newFlag(c);
  }
}

/** Takes what is in the brackets of `Flags [S.]`. */
export function takeFlags(s: Scanner, facts: SegmentFacts): void {
  const from = s.at;
  if (s.take(NONE)) return;
  if (!s.seek(BRACKET)) s.at = s.end;
  facts.flags |= Math.max(0, flagsOf(s.bytes, from, Math.min(s.at, from + MAX_FLAGS_BYTES)));
}

/** Flags in letters, or, where people have written them out, in words: `SYN.ACK`; -1 where there are other words. */
function flagsOf(bytes: Uint8Array, start: number, end: number): number {
  let letters = 0;
  let others = 0;
  let written = 0;
  let wordAt = start;
  for (let at = start; at <= end; at++) {
    const c = at < end ? bytes[at]! : BRACKET;
    const flag = newFlag(c);
    if (flag >= 0) letters |= flag;
    if (isLetter(c)) {
      if (flag < 0) others++;
      continue;
    }
    written |= wordFlag(bytes, wordAt, at);
    wordAt = at + 1;
  }
  if (written !== 0) return written;
  return others > 0 ? -1 : letters;
}

const BRACKET = 0x5d;
/** Eight flags in words. */
const MAX_FLAGS_BYTES = 48;

const wordFlag = (bytes: Uint8Array, start: number, end: number): number =>
  end - start < 3 || end - start > 4 ? 0 : (WORDS[slice(bytes, start, end).toUpperCase()] ?? 0);

const WORDS: Readonly<Record<string, number>> = {
  FIN,
  SYN,
  RST,
  PSH,
  PUSH: PSH,
  ACK,
  URG,
  ECE,
  CWR,
};

export function newFlag(c: number): number {
  switch (c) {
    case 0x46:
      return FIN;
    case 0x53:
      return SYN;
    case 0x52:
      return RST;
    case 0x50:
      return PSH;
    case 0x2e:
      return ACK;
    case 0x55:
      return URG;
    case 0x45:
      return ECE;
    case 0x57:
      return CWR;
    case 0x65:
      return AE;
    default:
      return -1;
  }
}
