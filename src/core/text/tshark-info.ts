import {
  BAD,
  LENGTH_UNKNOWN,
  NO_ACK,
  NO_SEQ,
  NO_URGENT,
  NO_WINDOW,
  OPTIONS_CUT,
  type SegmentFacts,
} from '../model/facts';
import { ACK, AE, CWR, ECE, FIN, flagsOfAce, PSH, RST, SYN, URG } from '../model/flags';
import { noteBit, type WiresharkNoteKind } from '../model/segment';
import { portOf } from './hosts';
import type { Marks } from './marks';
import { KIND, type OptionWriter } from './options';
import { ascii, find, isDigit, isSpace, Scanner, slice, SPACE, startsWith, words } from './scan';
import type { ServiceNames } from './service-names';

/** Notes by what Wireshark writes into the Info column, those of older versions included. */
const NOTES: Readonly<Record<string, WiresharkNoteKind>> = {
  'TCP Retransmission': 'retransmission',
  'TCP Fast Retransmission': 'fast-retransmission',
  'TCP Spurious Retransmission': 'spurious-retransmission',
  'TCP Out-Of-Order': 'out-of-order',
  'TCP Previous segment not captured': 'lost-segment',
  'TCP Previous segment lost': 'lost-segment',
  'TCP ACKed unseen segment': 'ack-lost-segment',
  'TCP ACKed lost segment': 'ack-lost-segment',
  'TCP Keep-Alive': 'keep-alive',
  'TCP Keep-Alive ACK': 'keep-alive-ack',
  'TCP ZeroWindow': 'zero-window',
  'TCP ZeroWindowProbe': 'zero-window-probe',
  'TCP ZeroWindowProbeAck': 'zero-window-probe-ack',
  'TCP Window Update': 'window-update',
  'TCP Window Full': 'window-full',
  'TCP Port numbers reused': 'reused-ports',
};

const TCP_BRACKET = ascii('[TCP ');
/** What Wireshark writes where a header is shorter than it can be. */
const BOGUS = ascii('ogus');
const DUP_ACK = 'TCP Dup ACK ';
const CHECKSUM_INCORRECT = 'TCP CHECKSUM INCORRECT';

const FLAGS: Readonly<Record<string, number>> = {
  FIN,
  SYN,
  RST,
  PSH,
  ACK,
  URG,
  ECN: ECE,
  ECE,
  CWR,
  NS: AE,
  AE,
  AccECN: AE,
};

/**
 * The arrow between addresses and between ports: Unicode, or ASCII where the terminal's encoding has none; or what its
 * three bytes have become where they were taken for characters of Windows (1252) or of a console (850).
 */
export const ARROWS = [
  Uint8Array.of(0xe2, 0x86, 0x92),
  ascii('->'),
  ascii('>'),
  Uint8Array.of(0xc3, 0xa2, 0xe2, 0x80, 0xa0, 0xe2, 0x80, 0x99),
  Uint8Array.of(0xc3, 0x94, 0xc3, 0xa5, 0xc3, 0x86),
];
/** What else stands between ports: a character that could not be written, or what people type. */
const PORT_ARROWS = [...ARROWS, ascii('?'), ascii('-')];

/** Where the first arrow between blanks is in `[start, end)`; `null` where there is none. */
export function arrowAt(
  bytes: Uint8Array,
  start: number,
  end: number,
  arrows: readonly Uint8Array[] = ARROWS,
): { readonly start: number; readonly end: number } | null {
  for (let at = start + 1; at < end - 2; at++) {
    if (bytes[at - 1] !== SPACE) continue;
    for (const arrow of arrows)
      if (startsWith(bytes, at, end, arrow) && bytes[at + arrow.length] === SPACE)
        return { start: at, end: at + arrow.length };
  }
  return null;
}

const SYN_FLAG = ascii('[SYN');
const SEQ = ascii('] Seq=');

/** Whether an Info column has a SYN with another number than 0, which relative numbers begin with. */
function hasRawSyn(bytes: Uint8Array, start: number, end: number): boolean {
  const syn = find(bytes, start, end, SYN_FLAG);
  const seq = syn < 0 ? -1 : find(bytes, syn, Math.min(end, syn + FLAGS_BYTES), SEQ);
  return seq >= 0 && s.set(bytes, seq + SEQ.length, end).uint() > 0;
}

/** The sequence number in an Info column, -1 where there is none. */
function seqIn(bytes: Uint8Array, start: number, end: number): number {
  const at = find(bytes, start, end, SEQ);
  return at < 0 ? -1 : s.set(bytes, at + SEQ.length, end).uint();
}

/** All flags by their names, in brackets. */
const FLAGS_BYTES = 80;

/** Payload of one packet at most: what a network card puts together. */
const MOST_PAYLOAD = 0xffff;

/** Tells from Info columns, in order from the first line, whether Wireshark was told to print raw sequence numbers. */
export class SeqSample {
  isRaw = false;
  private packets = 0;
  private isFromFirst = false;

  /** Takes the column of the next packet; its number is looked at of the first alone, -1 where it is not printed. */
  add(number: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.packets === 0) this.isFromFirst = number === 1;
    this.isRaw ||= hasRawSyn(bytes, start, end);
    const seq = this.isFromFirst ? seqIn(bytes, start, end) : -1;
    if (seq >= 0) {
      // What is counted relative begins with 0 or 1, and packets that do not tell theirs may have moved it.
      this.isRaw ||= seq > 1 + this.packets * MOST_PAYLOAD;
      this.isFromFirst = false;
    }
    this.packets++;
  }
}

/** What an Info column says of TCP. */
export interface Info {
  /** Notes it states, as bits of the notes column. */
  notes: number;
  /** It has ports, flags and numbers. */
  hasSegment: boolean;
  badChecksum: boolean;
  /** Its line breaks off: there is no length. */
  isCut: boolean;
  /** Bits `NO_*` of the number that it breaks off in, or behind. */
  last: number;
  /** Behind its values, where something else begins. */
  end: number;
}

const info: Info = { notes: 0, hasSegment: false, badChecksum: false, isCut: false, last: 0, end: 0 };
const s = new Scanner();
const scanner = new Scanner();

/**
 * Reads an Info column `[start, end)` as Wireshark's TCP dissector writes it: notes in brackets, `source → destination`
 * ports, flags, then `Name=value`. Fills `facts` where that is there. The object returned is the same for the next one.
 */
export function takeInfo(
  bytes: Uint8Array,
  start: number,
  end: number,
  facts: SegmentFacts,
  services: ServiceNames,
  writer: OptionWriter,
  marks: Marks | null,
): Info {
  info.notes = 0;
  info.hasSegment = false;
  info.badChecksum = false;
  s.set(bytes, start, end);
  takeNotes(info, marks);
  const ports = portsAt(bytes, s.at, end);
  if (ports === null) return info;
  const { sourceStart, sourceEnd, destinationStart, destinationEnd } = ports;
  s.at = destinationEnd;
  s.skipSpaces();
  if (destinationEnd === s.at || !s.takeByte(0x5b)) return info;
  const sourcePort = portIn(bytes, sourceStart, sourceEnd, services);
  const destinationPort = portIn(bytes, destinationStart, destinationEnd, services);
  if (sourcePort < 0 || destinationPort < 0) return info;
  const flagsAt = s.at;
  if (!s.seek(0x5d)) return info;
  const flags = flagsIn(bytes, flagsAt, s.at);
  if (flags < 0) return info;
  facts.sourcePort = sourcePort;
  facts.destinationPort = destinationPort;
  facts.flags = flags;
  marks?.mark('tcp.srcport', sourceStart, sourceEnd);
  marks?.mark('tcp.dstport', destinationStart, destinationEnd);
  marks?.mark('tcp.flags', flagsAt, s.at);
  s.at++;
  info.last = takeValues(facts, writer, marks);
  info.hasSegment = true;
  info.isCut = (facts.defects & LENGTH_UNKNOWN) !== 0 && find(bytes, s.at, end, BOGUS) < 0;
  info.end = s.at;
  return info;
}

interface Ports {
  readonly sourceStart: number;
  readonly sourceEnd: number;
  readonly destinationStart: number;
  readonly destinationEnd: number;
}

/** Where the ports are in `[start, end)`, around the first arrow, or in front of the flags: `48113-443 [SYN]`. */
function portsAt(bytes: Uint8Array, start: number, end: number): Ports | null {
  const arrow = arrowAt(bytes, start - 1, end) ?? arrowAt(bytes, start - 1, end, PORT_ARROWS);
  if (arrow === null) return joinedPorts(bytes, start, end);
  // There are several blanks where a line was wrapped.
  const sourceEnd = behindText(bytes, start, arrow.start);
  const sourceStart = wordBefore(bytes, start, sourceEnd);
  scanner.set(bytes, arrow.end, end);
  scanner.skipSpaces();
  const destinationStart = scanner.at;
  scanner.skipWord();
  return { sourceStart, sourceEnd, destinationStart, destinationEnd: scanner.at };
}

/** Two numbers and what stands between them without blanks, in front of a bracket. */
function joinedPorts(bytes: Uint8Array, start: number, end: number): Ports | null {
  for (let open = find(bytes, start, end, BRACKET); open >= 0; open = find(bytes, open + 1, end, BRACKET)) {
    const destinationEnd = behindText(bytes, start, open);
    let destinationStart = destinationEnd;
    while (destinationStart > start && isDigit(bytes[destinationStart - 1]!)) destinationStart--;
    if (destinationStart === destinationEnd) continue;
    const arrow = PORT_ARROWS.find((one) => startsWith(bytes, destinationStart - one.length, destinationStart, one));
    if (arrow === undefined) continue;
    const sourceEnd = destinationStart - arrow.length;
    let sourceStart = sourceEnd;
    while (sourceStart > start && isDigit(bytes[sourceStart - 1]!)) sourceStart--;
    if (sourceStart < sourceEnd) return { sourceStart, sourceEnd, destinationStart, destinationEnd };
  }
  return null;
}

const BRACKET = ascii('[');

/** End of the text in front of `at`, behind which a mark of what a device did to the segment may stand: `S+, `. */
function behindNote(bytes: Uint8Array, start: number, at: number): number {
  const close = behindText(bytes, start, at);
  if (bytes[close - 1] === 0x5d || bytes[close] !== COMMA) return close;
  return behindText(bytes, start, wordBefore(bytes, start, close));
}

const COMMA = 0x2c;

/** Where in `[start, end)` TCP's Info column begins, its notes included, behind other columns; -1 where it is not. */
export function infoAt(bytes: Uint8Array, start: number, end: number): number {
  const ports = portsAt(bytes, start, end);
  if (ports === null) return -1;
  s.set(bytes, ports.destinationEnd, end);
  s.skipSpaces();
  const flagsAt = s.at + 1;
  if (!s.takeByte(0x5b) || !s.seek(0x5d) || flagsIn(bytes, flagsAt, s.at) < 0) return -1;
  let at = ports.sourceStart;
  for (;;) {
    const close = behindNote(bytes, start, at);
    if (bytes[close - 1] !== 0x5d) return at;
    let open = close - 1;
    while (open > start && close - open < MAX_NOTE_BYTES && bytes[open] !== 0x5b) open--;
    if (open < start || !startsWith(bytes, open, end, TCP_BRACKET)) return at;
    at = open;
  }
}

/** Longer than any note in brackets. */
const MAX_NOTE_BYTES = 64;

/** `end` without the blanks and commas before it. */
function behindText(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && (isSpace(bytes[at - 1]!) || bytes[at - 1] === 0x2c)) at--;
  return at;
}

/** `[TCP Retransmission] [TCP Window Full] `, in front of everything else. */
function takeNotes(into: Info, marks: Marks | null): void {
  for (;;) {
    s.skipSpaces();
    if (s.takeByte(0x2c)) continue;
    const from = s.at;
    if (!startsWith(s.bytes, from, s.end, TCP_BRACKET) || !s.seek(0x5d)) return;
    s.at++;
    const text = words(s.bytes, from + 1, s.at - 1);
    const kind = text.startsWith(DUP_ACK) ? 'duplicate-ack' : NOTES[text];
    if (kind !== undefined) into.notes |= noteBit(kind);
    else if (text === CHECKSUM_INCORRECT) into.badChecksum = true;
    marks?.mark('note', from, s.at);
  }
}

/** Begin of the word that ends at `end`. */
function wordBefore(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && !isSpace(bytes[at - 1]!)) at--;
  return at;
}

/** `4000`, `terabase(4000)`, `terabase`. */
function portIn(bytes: Uint8Array, start: number, end: number, services: ServiceNames): number {
  if (end > start && bytes[end - 1] === 0x29) {
    let at = end - 2;
    while (at > start && isDigit(bytes[at]!)) at--;
    if (bytes[at] === 0x28) return portOf(services, bytes, at + 1, end - 1);
  }
  return portOf(services, bytes, start, end);
}

/** `SYN, ACK`; `<None>` is 0; -1 for anything else. */
function flagsIn(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 64) return -1;
  let flags = 0;
  for (const name of words(bytes, start, end).split(', ')) {
    const flag = FLAGS[name] ?? counterIn(name);
    if (flag !== undefined) flags |= flag;
    else if (name !== '<None>' && name !== '&lt;None&gt;' && name !== 'Reserved' && name !== 'None' && name !== '')
      return -1;
  }
  return flags;
}

/** `ACE=5`: the three bits that count, behind an AccECN handshake. */
function counterIn(name: string): number | undefined {
  const counter = name.length === 5 && name.startsWith('ACE=') ? name.charCodeAt(4) - 0x30 : -1;
  return counter < 0 || counter > 7 ? undefined : flagsOfAce(counter);
}

/** Takes `Name=value`, one after the other. Returns bits `NO_*` of the last number before the end. */
function takeValues(facts: SegmentFacts, writer: OptionWriter, marks: Marks | null): number {
  facts.absent = NO_SEQ | NO_ACK | NO_WINDOW | (facts.flags & URG ? NO_URGENT : 0);
  facts.windowIsScaled = true;
  let hasLength = false;
  let optionsAt = -1;
  let timestamp = -1;
  let isShift = false;
  let last = 0;
  const edges: number[] = [];
  const counters: number[] = [];
  let counterKind: number = KIND.accurateEcn0;
  writer.begin(facts);
  for (;;) {
    s.skipSpaces();
    const from = s.at;
    while (!s.atEnd && isNameByte(s.next)) s.at++;
    const name = slice(s.bytes, from, Math.min(s.at, from + 24));
    const hasValue = s.takeByte(0x3d);
    if (!hasValue && name !== 'SACK_PERM' && name !== 'MPTCP') break;
    const valueAt = s.at;
    const value = hasValue ? s.uint() : 1;
    switch (name) {
      case 'Seq':
        last = NO_SEQ;
        if (value < 0) break;
        facts.seq = value | 0;
        facts.absent &= ~last;
        marks?.mark('tcp.seq', valueAt, s.at);
        break;
      case 'Ack':
        last = NO_ACK;
        if (value < 0) break;
        facts.ack = value | 0;
        facts.absent &= ~last;
        marks?.mark('tcp.ack', valueAt, s.at);
        break;
      case 'Win':
        last = NO_WINDOW;
        if (value < 0) break;
        facts.window = value;
        facts.absent &= ~last;
        marks?.mark('tcp.window_size', valueAt, s.at);
        break;
      case 'Urg':
        facts.urgentPointer = value & 0xffff;
        facts.absent &= ~NO_URGENT;
        marks?.mark('tcp.urgent_pointer', valueAt, s.at);
        break;
      case 'Len':
        if (value >= 0) {
          facts.payloadBytes = value;
          hasLength = true;
        }
        marks?.mark('tcp.len', valueAt, s.at);
        break;
      case 'MSS':
        writer.mss(value);
        marks?.mark('tcp.options.mss', from, s.at);
        break;
      case 'WS':
        // The multiplier, a power of two; in old versions what the option has, the logarithm.
        isShift = !isPowerOfTwo(value) || find(s.bytes, s.at, s.end, OLD_TIMESTAMP) >= 0 || isShift;
        writer.windowScale(isShift ? value & 0xff : Math.log2(value));
        marks?.mark('tcp.options.wscale', from, s.at);
        break;
      case 'SACK_PERM':
        writer.sackPermitted();
        marks?.mark('tcp.options.sack_perm', from, s.at);
        break;
      case 'TSV':
        isShift = true;
        timestamp = value;
        marks?.mark('tcp.options.timestamp', from, s.at);
        break;
      case 'TSval':
        timestamp = value;
        marks?.mark('tcp.options.timestamp', from, s.at);
        break;
      case 'TSecr':
      case 'TSER':
        if (timestamp >= 0) writer.timestamps(timestamp, value);
        marks?.mark('tcp.options.timestamp', from, s.at);
        break;
      case 'SLE':
      case 'SRE':
        edges.push(value);
        marks?.mark('tcp.options.sack', from, s.at);
        break;
      case 'EE0B':
      case 'ECEB':
      case 'EE1B':
        // Which counter stands first tells the kind.
        if (counters.length === 0) counterKind = name === 'EE1B' ? KIND.accurateEcn1 : KIND.accurateEcn0;
        counters.push((value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
        marks?.mark('tcp.options', from, s.at);
        break;
      case 'TFO':
        // `TFO=C` carries a cookie, `TFO=R` asks for one; which is not printed.
        s.skipWord();
        writer.raw(KIND.fastOpen, []);
        marks?.mark('tcp.options.tfo', from, s.at);
        break;
      default:
        s.skipWord();
    }
    if (optionsAt < 0 && OPTIONS.has(name)) optionsAt = from;
    if (s.at === from || s.atEnd) break;
    last = 0;
  }
  if (edges.length >= 2) writer.sack(edges.slice(0, edges.length & ~1));
  if (counters.length > 0) writer.raw(counterKind, counters);
  writer.end();
  if (optionsAt >= 0) marks?.mark('tcp.options', optionsAt, s.at);
  if (!hasLength) facts.defects |= LENGTH_UNKNOWN | OPTIONS_CUT;
  else if (find(s.bytes, s.at, s.end, LIMITED) >= 0) facts.defects |= OPTIONS_CUT;
  if (!(facts.flags & ACK)) facts.absent |= NO_ACK;
  return last;
}

/** The capture holds less of the packet than tshark wanted to show in this line: of a line of TCP's, options. */
const LIMITED = ascii('[Packet size limited during capture');

const OPTIONS = new Set(['MSS', 'WS', 'SACK_PERM', 'TSval', 'TSV', 'SLE', 'TFO', 'EE0B', 'EE1B']);

/** What Wireshark before version 1.8 calls a timestamp. */
const OLD_TIMESTAMP = ascii(' TSV=');

const isPowerOfTwo = (value: number): boolean => value > 0 && Number.isInteger(Math.log2(value));

const isNameByte = (c: number): boolean =>
  (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || c === 0x5f || isDigit(c);

/** A checksum that the column calls wrong. */
export function takeInfoChecksum(facts: SegmentFacts, bytes: Uint8Array, start: number, end: number): void {
  if (info.badChecksum || find(bytes, start, end, CHECKSUM) >= 0) facts.checksum = BAD;
}

const CHECKSUM = ascii('[TCP CHECKSUM INCORRECT]');
