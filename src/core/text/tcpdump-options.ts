import type { OptionWriter } from './options';
import { FAST_OPEN_EXPERIMENT, KIND } from './options';
import type { MarkId, Marks } from './marks';
import { ascii, find, hexDigit, isSpace, type Scanner, slice, startsWith } from './scan';

/** Kinds by the names that tcpdump prints; what is not here is `unknown-N`. Stevens' books have `timestamp` and `eol`. */
const KINDS: Readonly<Record<string, number>> = {
  eol: KIND.end,
  nop: KIND.nop,
  mss: KIND.mss,
  wscale: KIND.windowScale,
  ws: KIND.windowScale,
  sackOK: KIND.sackPermitted,
  sackok: KIND.sackPermitted,
  sack: KIND.sack,
  echo: KIND.echo,
  echoreply: KIND.echoReply,
  TS: KIND.timestamps,
  timestamp: KIND.timestamps,
  cc: KIND.cc,
  ccnew: KIND.ccNew,
  ccecho: KIND.ccEcho,
  md5: KIND.md5,
  scps: KIND.scps,
  uto: KIND.userTimeout,
  'tcp-ao': KIND.ao,
  mptcp: KIND.multipath,
  tfo: KIND.fastOpen,
  exp: KIND.experiment2,
  // Names that packetdrill has besides.
  FO: KIND.fastOpen,
  FOEXP: KIND.experiment2,
  ECN: KIND.accurateEcn1,
  AccECN: KIND.accurateEcn1,
};

const MARK: Readonly<Record<number, MarkId>> = {
  [KIND.end]: 'tcp.options.eol',
  [KIND.nop]: 'tcp.options.nop',
  [KIND.mss]: 'tcp.options.mss',
  [KIND.windowScale]: 'tcp.options.wscale',
  [KIND.sackPermitted]: 'tcp.options.sack_perm',
  [KIND.sack]: 'tcp.options.sack',
  [KIND.timestamps]: 'tcp.options.timestamp',
  [KIND.md5]: 'tcp.options.md5',
  [KIND.multipath]: 'tcp.options.mptcp',
  [KIND.fastOpen]: 'tcp.options.tfo',
};

/** Words of Multipath TCP options by their subtype (RFC 8684 §8.2). */
const MULTIPATH_WORDS = [
  'capable',
  'join',
  'dss',
  'add-addr',
  'rem-addr',
  'prio',
  'fail',
  'fast-close',
  'tcp-rst',
] as const;

/** The same as dialects of packetdrill for Multipath TCP call them. */
const MULTIPATH_NAMES: Readonly<Record<string, number>> = {
  mp_capable: 0,
  mp_capable_no_cs: 0,
  mpcapable: 0,
  mp_join: 1,
  mp_join_syn: 1,
  mp_join_syn_ack: 1,
  mp_join_ack: 1,
  dss: 2,
  add_address: 3,
  remove_address: 4,
  mp_prio: 5,
  mp_fail: 6,
  mp_fastclose: 7,
  mp_reset: 8,
};

const VAL = ascii('val');
const ECR = ascii('ecr');
const ZERO_X = ascii('0x');
const COOKIE = ascii('cookie');
/** Between `md5` and the digest: that no secret was given to check it with. */
const CHECK = ascii('check - ');
const MAX_VERDICT = 80;
const BAD_OPTION = ascii('[bad opt]');

/**
 * Reads the list of options in `[` … `]` (or `<` … `>`) behind which the scanner stands, up to and with `close`. SACK
 * edges are as printed: the numbers that they count from are the caller's to add.
 */
export function takeOptions(s: Scanner, close: number, writer: OptionWriter, marks: Marks | null): void {
  const { end } = s;
  // Where the list breaks off, so may a number in its last option.
  if (!has(s, close)) s.end = s.at + Math.max(0, s.bytes.subarray(s.at, end).lastIndexOf(COMMA));
  let complete = false;
  while (!s.atEnd) {
    while (s.next === COMMA || isSpace(s.next)) s.at++;
    if (s.takeByte(close)) {
      complete = true;
      break;
    }
    if (s.take(BAD_OPTION)) break;
    const from = s.at;
    const kind = takeOption(s, close, writer);
    if (s.at === from) break;
    marks?.mark(MARK[kind] ?? 'tcp.options.other', from, s.at);
    skipRest(s, close);
  }
  if (!complete) writer.unknown();
  if (s.end < end) s.at = s.end = end;
}

function has(s: Scanner, byte: number): boolean {
  for (let { at } = s; at < s.end; at++) if (s.bytes[at] === byte) return true;
  return false;
}

const COMMA = 0x2c;

/** Takes the `[` of a list of options that stands alone: `win 64240, [wscale 8]`. */
export function takeBareOptions(s: Scanner): boolean {
  if (s.next !== 0x5b) return false;
  const named = FIRST_OPTIONS.some((name) => startsWith(s.bytes, s.at + 1, s.end, name));
  if (named) s.at++;
  return named;
}

const FIRST_OPTIONS = ['mss ', 'nop', 'wscale ', 'sackOK', 'TS val', 'sack '].map(ascii);

/** Moves to the `,` or the closing bracket behind an option; brackets in it (`[len 3]`, `{…}`, `(…)`) count with it. */
function skipRest(s: Scanner, close: number): void {
  let depth = 0;
  for (; !s.atEnd; s.at++) {
    const c = s.next;
    if (depth === 0 && (c === 0x2c || c === close)) return;
    if (c === 0x5b || c === 0x7b || c === 0x28) depth++;
    else if (c === 0x5d || c === 0x7d || c === 0x29) depth--;
    if (depth < 0) return;
  }
}

/** Takes one option and returns its kind. */
function takeOption(s: Scanner, close: number, writer: OptionWriter): number {
  const from = s.at;
  while (!s.atEnd && isNameByte(s.next) && s.next !== close && s.at - from < 16) s.at++;
  const name = slice(s.bytes, from, s.at);
  const kind = KINDS[name] ?? -1;
  s.skipSpaces();
  switch (kind) {
    case KIND.end:
    case KIND.nop:
      writer.single(kind);
      return kind;
    case KIND.mss:
      writer.mss(Math.max(0, s.uint()));
      return kind;
    case KIND.windowScale:
      writer.windowScale(Math.max(0, s.uint()));
      return kind;
    case KIND.sackPermitted:
      writer.sackPermitted();
      return kind;
    case KIND.timestamps:
      takeTimestamps(s, writer);
      return kind;
    case KIND.sack: {
      const edges = takeBlocks(s);
      // "sack 0 ": without a block it is malformed.
      if (edges.length > 0) writer.sack(edges);
      else writer.raw(kind, []);
      return kind;
    }
    case KIND.echo:
    case KIND.echoReply:
    case KIND.cc:
    case KIND.ccNew:
    case KIND.ccEcho:
      writer.word(kind, Math.max(0, s.uint()));
      return kind;
    case KIND.userTimeout:
      s.take(ZERO_X);
      writer.raw(kind, twoBytes(s.hex()));
      return kind;
    case KIND.md5: {
      // "can't check - " and the digest, the digest alone, or only a verdict.
      const data = takeHexBytes(s);
      const check = data.length === 0 ? find(s.bytes, s.at, Math.min(s.end, s.at + MAX_VERDICT), CHECK) : -1;
      if (check >= 0) s.at = check + CHECK.length;
      writer.raw(kind, data.length > 0 ? data : takeHexBytes(s));
      return kind;
    }
    case KIND.multipath:
      writer.raw(kind, takeMultipath(s));
      return kind;
    case KIND.fastOpen:
      writer.raw(kind, name === 'FO' ? takeHexBytes(s) : takeCookie(s));
      return kind;
    case KIND.experiment2:
      if (name === 'exp') return takeExperiment(s, writer);
      writer.raw(kind, [FAST_OPEN_EXPERIMENT >> 8, FAST_OPEN_EXPERIMENT & 255, ...takeHexBytes(s)]);
      return kind;
    case KIND.accurateEcn1:
      return takeAccurateEcn(s, writer);
    default:
      return takeUnknown(s, name, from, writer);
  }
}

const isNameByte = (c: number): boolean =>
  (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || (c >= 0x30 && c <= 0x39) || c === 0x5f;

const twoBytes = (value: number): number[] => (value < 0 ? [] : [(value >>> 8) & 255, value & 255]);

function takeTimestamps(s: Scanner, writer: OptionWriter): void {
  if (s.take(VAL)) s.skipSpaces();
  const value = s.uint();
  s.skipSpaces();
  if (s.take(ECR)) s.skipSpaces();
  const echo = s.uint();
  if (value >= 0) writer.timestamps(value, Math.max(0, echo));
}

/** ` 2 {100:200}{300:400}`, and without braces or the count. */
function takeBlocks(s: Scanner): number[] {
  const edges: number[] = [];
  const count = s.uint();
  if (count >= 0 && s.next === 0x3a) {
    s.at++;
    edges.push(count, Math.max(0, s.uint()));
  }
  for (;;) {
    s.skipSpaces();
    const from = s.at;
    const braced = s.takeByte(0x7b);
    const left = s.uint();
    if (left < 0 || !s.takeByte(0x3a)) {
      s.at = from;
      break;
    }
    const right = s.uint();
    if (braced) s.takeByte(0x7d);
    if (right < 0) break;
    edges.push(left, right);
  }
  return edges;
}

function takeHexBytes(s: Scanner): number[] {
  const data: number[] = [];
  while (data.length < 40) {
    const high = hexDigit(s.next);
    const low = s.at + 1 < s.end ? hexDigit(s.bytes[s.at + 1]!) : -1;
    if (high < 0 || low < 0) break;
    data.push(high * 16 + low);
    s.at += 2;
  }
  return data;
}

/** Only the subtype is certain: what else is printed does not give all bytes back. */
function takeMultipath(s: Scanner): number[] {
  if (s.uint() >= 0) s.skipSpaces();
  const from = s.at;
  while (!s.atEnd && (isNameByte(s.next) || s.next === 0x2d)) s.at++;
  const subtype = MULTIPATH_WORDS.findIndex((word) => word === slice(s.bytes, from, s.at));
  return subtype < 0 ? [] : [subtype << 4];
}

/** ` cookie d4e718bf`, ` cookiereq`, with the spaces as they come. */
function takeCookie(s: Scanner): number[] {
  s.skipSpaces();
  if (!s.take(COOKIE)) return [];
  s.skipSpaces();
  return takeHexBytes(s);
}

/** `ECN e1b 1 ceb 0 e0b 1`: three bytes a counter; which comes first tells the kind (RFC 9768 §3.2.3). */
function takeAccurateEcn(s: Scanner, writer: OptionWriter): number {
  const data: number[] = [];
  let kind: number = KIND.accurateEcn1;
  for (let i = 0; i < 3; i++) {
    s.skipSpaces();
    const from = s.at;
    if (s.take(ascii('e0b')) && i === 0) kind = KIND.accurateEcn0;
    else if (s.at === from && !s.take(ascii('e1b')) && !s.take(ascii('ceb'))) break;
    s.skipSpaces();
    const value = s.uint();
    if (value < 0) break;
    data.push((value >>> 16) & 255, (value >>> 8) & 255, value & 255);
  }
  writer.raw(kind, data);
  return kind;
}

/** `exp-tfo cookie …`, `exp-f989 …`, `exp-acce`. */
function takeExperiment(s: Scanner, writer: OptionWriter): number {
  if (s.takeByte(0x2d)) {
    if (s.take(ascii('tfo')))
      writer.raw(KIND.experiment2, [FAST_OPEN_EXPERIMENT >> 8, FAST_OPEN_EXPERIMENT & 255, ...takeCookie(s)]);
    else writer.raw(KIND.experiment2, takeHexBytes(s));
  }
  return KIND.experiment2;
}

/** `unknown-34 0xc0ff`, `scps cap 01 id 5`, `tcp-ao keyid 1 rnextkeyid 2 mac 0x…`. */
function takeUnknown(s: Scanner, name: string, from: number, writer: OptionWriter): number {
  if (name === 'tcp' && s.next === 0x2d) {
    writer.raw(KIND.ao, []);
    return KIND.ao;
  }
  const multipath = MULTIPATH_NAMES[name];
  if (multipath !== undefined) {
    writer.raw(KIND.multipath, [multipath << 4]);
    return KIND.multipath;
  }
  if (name === 'scps') {
    writer.raw(KIND.scps, []);
    return KIND.scps;
  }
  if (name !== 'unknown' && name !== 'opt') {
    s.at = from;
    return -1;
  }
  s.takeByte(0x2d);
  const kind = s.uint();
  s.takeByte(0x3a);
  s.skipSpaces();
  s.take(ZERO_X);
  const data = takeHexBytes(s);
  if (kind >= 0 && kind <= 255) writer.raw(kind, data);
  return kind;
}
