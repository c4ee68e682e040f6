import { ACK, AE, CWR, ECE, FIN, PSH, RST, SYN, URG } from '../model/flags';
import { ascii, isDigit, isSpace, SPACE, startsWith } from './scan';

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
   * Finds the segment in `[start, end)`: the last pair of a chain of tunnels. Returns false where there is no TCP, or
   * where it is quoted in an ICMP error.
   */
  findIn(bytes: Uint8Array, start: number, end: number): boolean {
    this.kind = Kind.NOT_TCP;
    this.sourceStart = -1;
    for (let at = start + 1; at + 2 < end; at++) {
      if (bytes[at] !== GREATER || bytes[at - 1] !== SPACE || bytes[at + 1] !== SPACE) continue;
      let destinationStart = at + 2;
      while (destinationStart < end && bytes[destinationStart] === SPACE) destinationStart++;
      let destinationEnd = destinationStart;
      while (destinationEnd < end && !isSpace(bytes[destinationEnd]!)) destinationEnd++;
      if (bytes[destinationEnd - 1] !== COLON || destinationEnd === destinationStart) continue;
      let sourceStart = at - 1;
      while (sourceStart > start && !isSpace(bytes[sourceStart - 1]!)) sourceStart--;
      if (sourceStart === at - 1) continue;
      this.outerSourceStart = this.sourceStart;
      this.outerSourceEnd = this.sourceEnd;
      this.outerDestinationStart = this.destinationStart;
      this.outerDestinationEnd = this.destinationEnd;
      this.sourceStart = sourceStart;
      this.sourceEnd = at - 1;
      this.destinationStart = destinationStart;
      this.destinationEnd = destinationEnd - 1;
      let body = destinationEnd;
      while (body < end && bytes[body] === SPACE) body++;
      this.bodyAt = body;
      this.kind = kindOf(bytes, body, end);
      if (this.kind === Kind.ICMP) return false;
      if (this.kind !== Kind.NOT_TCP) return true;
      at = destinationEnd - 1;
    }
    return false;
  }
}

export const GREATER = 0x3e;
export const COLON = 0x3a;

function kindOf(bytes: Uint8Array, body: number, end: number): number {
  if (startsWith(bytes, body, end, FLAGS)) return Kind.FLAGS;
  if (startsWith(bytes, body, end, TCP_QUIET) && body + 4 < end && isDigit(bytes[body + 4]!)) return Kind.QUIET;
  if (startsWith(bytes, body, end, TRUNCATED_TCP)) return Kind.CUT;
  if (startsWith(bytes, body, end, ICMP)) return Kind.ICMP;
  return isOldStyle(bytes, body, end) ? Kind.OLD : Kind.NOT_TCP;
}

/** Letters of flags or a dot, then a number with its range, or an acknowledgment, or the window. */
function isOldStyle(bytes: Uint8Array, body: number, end: number): boolean {
  let at = body;
  while (at < end && at - body < 8 && oldFlag(bytes[at]!) >= 0) at++;
  if (at === body || at >= end || bytes[at] !== SPACE) return false;
  at++;
  if (startsWith(bytes, at, end, ACK_WORD) || startsWith(bytes, at, end, WIN_WORD)) return true;
  const from = at;
  while (at < end && isDigit(bytes[at]!)) at++;
  return at > from && at < end && (bytes[at] === COLON || bytes[at] === 0x28);
}

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
