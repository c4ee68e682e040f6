import { LENGTH_UNKNOWN, NO_ACK, NO_FLAGS, NO_SEQ, NO_WINDOW, OPTIONS_CUT, type SegmentFacts } from '../model/facts';
import { ACK, ECE, FIN, RST, SYN, URG } from '../model/flags';
import { noteCutValues, noteJoined } from './damage';
import type { PacketText } from './format';
import type { Marks } from './marks';
import { OptionWriter } from './options';
import { ascii, find, isDigit, isSpace, RETURN, type Scanner, startsWith } from './scan';
import {
  ACK_WORD,
  COLON,
  Core,
  FLAGS,
  GREATER,
  oldFlag,
  takeFlags,
  TRUNCATED_TCP,
  URG_WORD,
  WIN_WORD,
} from './tcpdump-core';
import { COMMA } from './tcpdump-lines';
import { takeBareOptions, takeOptions } from './tcpdump-options';

const core = new Core();

/** Reads what tcpdump prints of a segment behind the addresses and ports. */
export class BodyReader {
  /** The checksum that the last one has, -1 where it has none, and whether the text calls it right. */
  checksum = -1;
  isCorrect = false;
  private readonly writer = new OptionWriter();

  /** @param isAbridged people have left out of the lines what they found of no interest */
  constructor(private readonly isAbridged: boolean) {}

  /** `Flags [P.], cksum 0x0c3a (correct), seq 1:518, ack 1, win 4096, options […], length 517: …`. */
  take(s: Scanner, facts: SegmentFacts, packet: PacketText, marks: Marks | null): void {
    this.checksum = -1;
    const isTyped = !s.take(FLAGS);
    if (isTyped) s.at++;
    const flagsAt = s.at;
    takeFlags(s, facts);
    marks?.mark('tcp.flags', flagsAt, s.at);
    if (!s.takeByte(0x5d)) {
      // There may have been more of them: "S" is not "S.".
      facts.absent = NO_FLAGS | NO_SEQ | NO_ACK | NO_WINDOW;
      facts.defects |= LENGTH_UNKNOWN | OPTIONS_CUT;
      noteCutValues(packet, s.at);
      return;
    }
    facts.absent = NO_SEQ | NO_ACK | NO_WINDOW;
    let printedLength = -1;
    let rangeLength = -1;
    /** What is missing has been left out. */
    let isAbridged = this.isAbridged;
    /** The line breaks off here, perhaps between the digits of a number. */
    const isCut = (): boolean => isLast(s) && !isAbridged && !isTyped;
    for (;;) {
      while (s.next === COMMA || s.next === PLUS || isSpace(s.next)) s.at++;
      if (s.atEnd) break;
      if (takeEllipsis(s)) isAbridged = true;
      else if (s.takeWord(SEQ) || s.takeWord(SEQ_COMMA)) {
        const at = s.at;
        const seq = s.uint();
        if (seq < 0 && isLeftOut(s)) continue;
        if (seq < 0 || isCut()) break;
        facts.seq = seq | 0;
        facts.absent &= ~NO_SEQ;
        marks?.mark('tcp.seq', at, s.at);
        if (s.takeByte(COLON)) {
          const endAt = s.at;
          const last = s.uint();
          if (last >= 0 && !isCut()) rangeLength = (last - seq) >>> 0;
          marks?.mark('tcp.nxtseq', endAt, s.at);
        } else rangeLength = 0;
      } else if (s.takeWord(ACK_WORD)) {
        const at = s.at;
        const ack = s.uint();
        if (ack < 0 && isLeftOut(s)) continue;
        if (ack < 0 || isCut()) break;
        facts.ack = ack | 0;
        facts.absent &= ~NO_ACK;
        marks?.mark('tcp.ack', at, s.at);
      } else if (s.takeWord(WIN_WORD)) {
        const at = s.at;
        const window = s.uint();
        if (window < 0 || isCut()) break;
        facts.window = window & 0xffff;
        facts.absent &= ~NO_WINDOW;
        marks?.mark('tcp.window_size_value', at, s.at);
      } else if (s.takeWord(URG_WORD)) {
        const at = s.at;
        facts.urgentPointer = Math.max(0, s.uint()) & 0xffff;
        marks?.mark('tcp.urgent_pointer', at, s.at);
      } else if (s.take(OPTIONS) || s.take(OPTS) || takeBareOptions(s)) {
        const at = s.at;
        takeOptions(s, 0x5d, this.writer.begin(facts), marks);
        this.writer.end();
        marks?.mark('tcp.options', at, s.at);
      } else if (s.takeWord(LENGTH)) {
        const at = s.at;
        printedLength = s.uint();
        marks?.mark('tcp.len', at, s.at);
        // Of data, the range of its numbers says the same.
        if (isCut() && rangeLength > printedLength) printedLength = -1;
        if (printedLength >= 0) break;
      } else if (s.take(CHECKSUM)) {
        this.takeChecksum(s, marks);
      } else if (s.take(BAD_HEADER)) {
        facts.defects |= LENGTH_UNKNOWN | OPTIONS_CUT;
        break;
      } else if (s.next === 0x5b) {
        // "[ack 5 != 0 while ACK flag not set]"
        if (!s.seek(0x5d)) break;
        s.at++;
      } else break;
    }
    // The sequence number stands before the acknowledgment, and is printed of every segment that carries data.
    const isEmpty = (facts.absent & (NO_SEQ | NO_ACK)) === NO_SEQ && !(facts.flags & (SYN | FIN | RST));
    const hasLength = printedLength >= 0 || rangeLength >= 0 || isEmpty;
    if (core.findIn(s.bytes, s.at, s.end)) noteJoined(packet, s.at);
    facts.payloadBytes = printedLength >= 0 ? printedLength : Math.max(0, rangeLength);
    // A line that has its end was not cut: who shows it has left out the rest.
    isAbridged ||= printedLength >= 0;
    if (facts.absent & NO_WINDOW && !(facts.defects & LENGTH_UNKNOWN)) {
      facts.defects |= OPTIONS_CUT;
      if (!isAbridged) noteCutValues(packet, s.at);
      if (!hasLength) facts.defects |= LENGTH_UNKNOWN;
    } else if (printedLength < 0 && !(facts.defects & LENGTH_UNKNOWN)) {
      if (find(s.bytes, s.at, s.end, TRUNCATED_TCP) < 0) {
        facts.defects |= OPTIONS_CUT;
        if (!isAbridged) noteCutValues(packet, s.at);
      }
      if (!hasLength && facts.flags & (SYN | FIN | RST)) facts.defects |= LENGTH_UNKNOWN;
    }
    if (!(facts.flags & ACK)) facts.absent |= NO_ACK;
  }

  /** `P 1:15(14) ack 1 win 4096 urg 5 <nop,nop,timestamp 1 2>`. */
  takeOld(s: Scanner, facts: SegmentFacts, packet: PacketText, marks: Marks | null): void {
    this.checksum = -1;
    const flagsAt = s.at;
    while (!s.atEnd && oldFlag(s.next) >= 0) facts.flags |= oldFlag(s.bytes[s.at++]!);
    marks?.mark('tcp.flags', flagsAt, s.at);
    facts.absent = NO_SEQ | NO_ACK | NO_WINDOW;
    for (;;) {
      while (s.next === COMMA || s.next === PLUS || isSpace(s.next)) s.at++;
      if (s.atEnd) break;
      const at = s.at;
      if (isDigit(s.next)) {
        const seq = s.uint();
        if (s.next !== COLON && s.next !== 0x28) break;
        facts.seq = seq | 0;
        facts.absent &= ~NO_SEQ;
        marks?.mark('tcp.seq', at, s.at);
        if (s.takeByte(COLON)) {
          const endAt = s.at;
          const last = s.uint();
          if (last < 0 || isLast(s)) facts.defects |= LENGTH_UNKNOWN;
          else facts.payloadBytes = (last - seq) >>> 0;
          marks?.mark('tcp.nxtseq', endAt, s.at);
        }
        if (s.takeByte(0x28)) {
          const lengthAt = s.at;
          const length = s.uint();
          if (length >= 0 && !isLast(s)) facts.payloadBytes = length;
          marks?.mark('tcp.len', lengthAt, s.at);
          s.takeByte(0x29);
        }
      } else if (s.takeWord(ACK_WORD)) {
        const ackAt = s.at;
        const ack = s.uint();
        facts.flags |= ACK;
        if (ack < 0 || isLast(s)) break;
        facts.ack = ack | 0;
        facts.absent &= ~NO_ACK;
        marks?.mark('tcp.ack', ackAt, s.at);
      } else if (s.takeWord(WIN_WORD)) {
        const windowAt = s.at;
        const window = s.uint();
        if (window < 0) break;
        facts.window = window & 0xffff;
        facts.absent &= ~NO_WINDOW;
        marks?.mark('tcp.window_size_value', windowAt, s.at);
      } else if (s.takeWord(URG_WORD)) {
        facts.flags |= URG;
        facts.urgentPointer = Math.max(0, s.uint()) & 0xffff;
      } else if (s.takeByte(0x3c)) {
        takeOptions(s, GREATER, this.writer.begin(facts), marks);
        this.writer.end();
        marks?.mark('tcp.options', at, s.at);
      } else if (s.take(CHECKSUM)) {
        this.takeChecksum(s, marks);
      } else if (s.next === 0x5b || s.next === 0x28) {
        // [tcp sum ok] [ECN-Echo,CWR] [|tcp], (DF)
        if (startsWith(s.bytes, s.at, s.end, ECN_ECHO)) facts.flags |= ECE;
        if (!s.seek(s.next === 0x5b ? 0x5d : 0x29)) break;
        s.at++;
      } else break;
    }
    if (facts.absent & NO_WINDOW) {
      facts.defects |= OPTIONS_CUT;
      // The line ends before the word that says so; "once a connection is established, this is always sent" (RFC 9293 §3.1).
      if (!(facts.flags & (SYN | RST))) facts.flags |= ACK;
      else if (!(facts.flags & ACK)) facts.absent |= NO_FLAGS;
      if (facts.absent & NO_SEQ && facts.absent & NO_ACK) facts.defects |= LENGTH_UNKNOWN;
      noteCutValues(packet, s.at);
    }
  }

  /** Takes `0x0c3a (correct)`, of which nothing is known where it breaks off. */
  private takeChecksum(s: Scanner, marks: Marks | null): void {
    const from = s.at;
    const checksum = Math.max(0, s.hex());
    marks?.mark('tcp.checksum', from, s.at);
    s.skipSpaces();
    if (isLast(s)) return;
    this.isCorrect = s.take(CORRECT);
    if (this.isCorrect || s.next !== 0x28 || s.seek(0x29)) this.checksum = checksum;
    s.takeByte(0x29);
  }
}

/** Takes `...` or `…`: somebody has left out the rest. */
function takeEllipsis(s: Scanner): boolean {
  const from = s.at;
  if (s.take(ELLIPSIS)) return true;
  while (s.next === 0x2e) s.at++;
  return s.at - from > 1;
}

/** Whether nothing is behind a number: where the line was cut, digits of it may be missing. */
function isLast(s: Scanner): boolean {
  let { at } = s;
  while (at < s.end && s.bytes[at] === RETURN) at++;
  return at >= s.end;
}

const isLeftOut = (s: Scanner): boolean => s.next === 0x2e || s.next === ELLIPSIS[0];

const ELLIPSIS = Uint8Array.of(0xe2, 0x80, 0xa6);
/** Editors put a `+` in front of what they had to wrap. */
const PLUS = 0x2b;

const SEQ = ascii('seq ');
/** As the manual of tcpdump has it once. */
const SEQ_COMMA = ascii('seq, ');
const OPTIONS = ascii('options [');
const OPTS = ascii('opts [');
const CHECKSUM = ascii('cksum 0x');
const CORRECT = ascii('(correct');
const BAD_HEADER = ascii('[bad hdr length');
const ECN_ECHO = ascii('[ECN-Echo');
const LENGTH = ascii('length ');
