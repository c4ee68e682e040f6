import { grown } from '../bytes/columns';
import { seqAdd, seqGt, seqLt } from '../bytes/seq';
import {
  BAD_DATA_OFFSET,
  HAS_SACK,
  HAS_WINDOW_SCALE,
  LENGTH_UNKNOWN,
  OPTIONS_CUT,
  type SegmentFacts,
} from '../model/facts';
import { ACK, FIN, RST, SYN, URG } from '../model/flags';
import { NOTE_KINDS, noteBit } from '../model/segment';
import { CLIENT_IS_B, COMPLETENESS_SHIFT, ConnectionTable, ROLES_KNOWN, SAW_SYN } from './connection-table';
import { Endpoint, ENDPOINT_WORDS, SHIFT_NONE, SHIFT_UNKNOWN } from './endpoint';
import { BASE_SET, BEFORE_FIRST_ACK, FLIGHT_VALID, Memory, MEMORY_WORDS } from './memory';
import { begin, observe, Observed } from './observe';
import { type Rule, Subject } from './rule';
import { BOGUS_HEADER, CHECKSUM_SHIFT, DetailTable, FLAG_BITS, type FrameTable, SegmentTable } from './tables';
import { Unacked } from './unacked';

/** RFC 7323 §2.3: a larger shift is taken for 14. */
const MAX_SHIFT = 14;

const RECORD_WORDS = 2 * (ENDPOINT_WORDS + MEMORY_WORDS) + 4;
const MEMORY_AT = 2 * ENDPOINT_WORDS;
/** Last SYN without ACK of the connection, -1 where there is none. */
const LAST_SYN_AT = 2 * (ENDPOINT_WORDS + MEMORY_WORDS);

/** Wireshark's completeness bits. */
const COMPLETE_SYN = 1;
const COMPLETE_SYN_ACK = 2;
const COMPLETE_ACK = 4;
const COMPLETE_DATA = 8;
const COMPLETE_FIN = 16;
const COMPLETE_RST = 32;

const NOTE = Object.fromEntries(NOTE_KINDS.map((kind) => [kind, noteBit(kind)])) as Record<
  (typeof NOTE_KINDS)[number],
  number
>;

interface CompiledRule {
  readonly bit: number;
  readonly unless: number;
  readonly matches: Rule['matches'];
}

const compile = (rules: readonly Rule[], phase: Rule['phase']): CompiledRule[] =>
  rules
    .filter((rule) => rule.phase === phase)
    .map((rule) => ({
      bit: noteBit(rule.kind),
      unless: (rule.unless ?? []).reduce((bits, kind) => bits | noteBit(kind), 0),
      matches: rule.matches,
    }));

/**
 * Assigns segments to connections, moves both endpoints by RFC 9293, and judges each segment by the rules: one row of
 * columns a segment, one record a connection, nothing else. A connection that is a lone SYN has no record, so that a
 * flood of them costs no more than its rows.
 */
export class Tracker {
  readonly segments = new SegmentTable();
  readonly connections = new ConnectionTable();
  /** Duplicate ACKs: number in the series, first ACK. Retransmissions: 0, the segment that the timeout counts from. */
  readonly details = new DetailTable();
  /** Urgent pointers of the segments with the URG flag. */
  readonly urgent = new DetailTable();
  /** Notes of level `problem`, and resets, in the whole capture. */
  problems = 0;
  /** Rows that the whole input may have, for sizing columns. */
  expectedSegments = 0;

  /** Flows whose base changed: from which segment on which one counts. */
  private readonly bases = new Map<number, { readonly segment: number; readonly base: number }[]>();
  private records = new Int32Array(64 * RECORD_WORDS);
  private initialRtt = new Float64Array(64);
  private recordCount = 0;
  private readonly unacked = new Unacked();

  private readonly sender = new Endpoint();
  private readonly receiver = new Endpoint();
  private readonly own = new Memory();
  private readonly peer = new Memory();
  private readonly subject = new Subject();
  private readonly observed = new Observed();

  private readonly acknowledgmentRules: readonly CompiledRule[];
  private readonly dataRules: readonly CompiledRule[];
  private readonly problemBits: number;

  constructor(
    private readonly frames: FrameTable,
    rules: readonly Rule[],
  ) {
    this.acknowledgmentRules = compile(rules, 'acknowledgment');
    this.dataRules = compile(rules, 'data');
    this.problemBits = rules.reduce((bits, rule) => (rule.level === 'problem' ? bits | noteBit(rule.kind) : bits), 0);
  }

  /** Takes the next segment of the capture. */
  add(facts: SegmentFacts): void {
    const { segments, connections } = this;
    if (segments.length === segments.frame.length) segments.reserve(1, this.expectedSegments);
    const segment = segments.length++;

    const swapped =
      facts.source !== facts.destination ? facts.source > facts.destination : facts.sourcePort > facts.destinationPort;
    const addressA = swapped ? facts.destination : facts.source;
    const addressB = swapped ? facts.source : facts.destination;
    const ports = swapped
      ? (facts.destinationPort << 16) | facts.sourcePort
      : (facts.sourcePort << 16) | facts.destinationPort;
    const direction = swapped ? 1 : 0;

    segments.frame[segment] = facts.frame;
    segments.seq[segment] = facts.seq;
    segments.ack[segment] = facts.ack;
    segments.payloadBytes[segment] = facts.defects & LENGTH_UNKNOWN ? -1 : facts.payloadBytes;
    segments.window[segment] = facts.window;
    segments.bits[segment] =
      (facts.flags & 0xfff) | (facts.checksum << CHECKSUM_SHIFT) | (facts.defects & BAD_DATA_OFFSET ? BOGUS_HEADER : 0);
    segments.next[segment] = -1;
    segments.acked[segment] = -1;
    segments.inFlight[segment] = 0;
    segments.notes[segment] = 0;
    if (facts.flags & URG) this.urgent.add(segment, facts.urgentPointer, -1);

    let connection = connections.find(facts.family, addressA, addressB, ports);
    let isNew = false;
    let notes = 0;
    if (connection >= 0 && this.isNewIncarnation(connection, direction, facts)) {
      connection = -1;
      notes = NOTE['reused-ports'];
    }
    if (connection < 0) {
      isNew = true;
      connection = connections.add(facts.family, addressA, addressB, ports);
      connections.firstSegment[connection] = segment;
      connections.segments[connection] = 0;
      connections.synShift[connection] = 0;
      this.assignRoles(connection, direction, facts);
    } else {
      segments.next[connections.lastSegment[connection]!] = segment;
      if ((facts.flags & (SYN | ACK | RST)) === SYN) this.learnClient(connection, direction);
    }
    connections.lastSegment[connection] = segment;
    connections.segments[connection]!++;
    segments.flow[segment] = (connection << 1) | direction;
    if ((facts.defects & BAD_DATA_OFFSET) === 0) this.complete(connection, isNew && notes === 0, facts);
    else if (isNew && notes !== 0) connections.marks[connection]! |= COMPLETE_SYN << COMPLETENESS_SHIFT;

    if (isNew) {
      if (
        (facts.flags & (SYN | ACK | RST | FIN)) === SYN &&
        facts.payloadBytes === 0 &&
        (facts.defects & ~OPTIONS_CUT) === 0
      ) {
        // A lone SYN waits for its answer without a record.
        connections.synShift[connection] = offeredShift(facts) - SHIFT_NONE;
        segments.notes[segment] = notes;
        return;
      }
      connections.record[connection] = this.newRecord();
    } else if (connections.record[connection]! < 0) {
      connections.record[connection] = this.newRecord();
      this.replayLoneSyn(connection);
    }
    this.judge(segment, connection, direction, facts, notes);
    const found = segments.notes[segment] & this.problemBits;
    if (found !== 0 || facts.flags & RST) this.problems += bitCount(found) + (facts.flags & RST ? 1 : 0);
  }

  /** Copies both endpoints' words of a connection, for a reader that shows its state now; false for a lone SYN. */
  endpointsOf(connection: number, a: Endpoint, b: Endpoint): boolean {
    const record = this.connections.record[connection]!;
    if (record < 0) return false;
    a.words = b.words = this.records;
    a.at = record * RECORD_WORDS;
    b.at = a.at + ENDPOINT_WORDS;
    return true;
  }

  /** Number that relative sequence numbers of a direction count from at a segment; `null` where nothing of it was seen. */
  baseSeqAt(connection: number, direction: number, segment: number): number | null {
    const bases = this.bases.size === 0 ? undefined : this.bases.get((connection << 1) | direction);
    if (bases !== undefined)
      for (let i = bases.length - 1; i >= 0; i--) if (bases[i]!.segment <= segment) return bases[i]!.base;
    return this.baseSeq(connection, direction);
  }

  /** The same at the end of the trace. */
  baseSeq(connection: number, direction: number): number | null {
    const record = this.connections.record[connection]!;
    if (record < 0) {
      const first = this.connections.firstSegment[connection]!;
      return (this.segments.flow[first]! & 1) === direction ? this.segments.seq[first]! : null;
    }
    const memory = this.own;
    memory.words = this.records;
    memory.at = record * RECORD_WORDS + MEMORY_AT + direction * MEMORY_WORDS;
    return memory.has(BASE_SET) ? memory.baseSeq : null;
  }

  /** Window scale shift of a direction as the trace shows it: {@link SHIFT_UNKNOWN}, {@link SHIFT_NONE} or 0–14. */
  shift(connection: number, direction: number): number {
    const record = this.connections.record[connection]!;
    if (record < 0) return SHIFT_UNKNOWN;
    return this.records[record * RECORD_WORDS + MEMORY_AT + direction * MEMORY_WORDS + SHIFT_WORD]!;
  }

  /** Shift that the last SYN of a direction offered, {@link SHIFT_NONE} where it offered none. */
  offeredShift(connection: number, direction: number): number {
    const record = this.connections.record[connection]!;
    if (record >= 0) return this.records[record * RECORD_WORDS + direction * ENDPOINT_WORDS + OFFERED_SHIFT_WORD]!;
    return this.connections.synShift[connection]! + SHIFT_NONE;
  }

  /** From the last SYN to the first ACK without SYN after it, in nanoseconds; 0 while unknown. */
  initialRttNs(connection: number): number {
    const record = this.connections.record[connection]!;
    return record < 0 ? 0 : this.initialRtt[record]!;
  }

  /** A SYN with another initial sequence number opens a new connection between the same endpoints. */
  private isNewIncarnation(connection: number, direction: number, facts: SegmentFacts): boolean {
    if ((facts.flags & (SYN | ACK)) !== SYN) return false;
    const base = this.baseSeq(connection, direction);
    return base !== null && base !== facts.seq;
  }

  private assignRoles(connection: number, direction: number, facts: SegmentFacts): void {
    let clientIsB: boolean;
    let marks = 0;
    if (facts.flags & SYN && !(facts.flags & RST)) {
      const answer = (facts.flags & ACK) !== 0;
      clientIsB = (direction === 1) !== answer;
      marks = ROLES_KNOWN | (answer ? 0 : SAW_SYN);
    } else {
      // Servers listen on lower ports, as a rule; between equal ones the first to speak is taken for the client.
      const { sourcePort, destinationPort } = facts;
      clientIsB = sourcePort >= destinationPort === (direction === 1);
    }
    this.connections.marks[connection]! |= marks | (clientIsB ? CLIENT_IS_B : 0);
  }

  /** A SYN that comes after other segments (reordered capture) still tells who the client is. */
  private learnClient(connection: number, direction: number): void {
    const { marks } = this.connections;
    const known = marks[connection]!;
    if (known & SAW_SYN) return;
    if (known & ROLES_KNOWN) marks[connection] = known | SAW_SYN;
    else marks[connection] = (known & ~CLIENT_IS_B) | SAW_SYN | ROLES_KNOWN | (direction === 1 ? CLIENT_IS_B : 0);
  }

  private complete(connection: number, isNew: boolean, facts: SegmentFacts): void {
    const { flags } = facts;
    const hasData = facts.payloadBytes > 0;
    let parts = 0;
    if (isNew) {
      if ((flags & (SYN | ACK)) === SYN) parts = COMPLETE_SYN | (hasData ? COMPLETE_DATA : 0);
    } else {
      if ((flags & (SYN | ACK)) === (SYN | ACK)) parts |= COMPLETE_SYN_ACK;
      if ((flags & (SYN | ACK)) === ACK) parts |= hasData ? COMPLETE_DATA : COMPLETE_ACK;
      if ((flags & (FIN | ACK)) === (FIN | ACK)) parts |= COMPLETE_FIN;
      if (flags & RST) parts |= COMPLETE_RST;
      if ((flags & (SYN | ACK)) === SYN && this.connections.segments[connection] === 1) parts |= COMPLETE_SYN;
    }
    this.connections.marks[connection]! |= parts << COMPLETENESS_SHIFT;
  }

  private newRecord(): number {
    const record = this.recordCount++;
    if ((record + 1) * RECORD_WORDS > this.records.length) {
      this.records = grown(this.records, Math.ceil(this.records.length * 1.6));
      this.initialRtt = grown(this.initialRtt, Math.ceil(this.records.length / RECORD_WORDS) + 1);
    }
    this.focus(record, 0);
    this.sender.reset(0);
    this.receiver.reset(0);
    this.own.reset();
    this.peer.reset();
    this.records[record * RECORD_WORDS + LAST_SYN_AT] = -1;
    this.initialRtt[record] = 0;
    return record;
  }

  /** Points the views at a record, the sender being endpoint A (direction 0) or B (1). */
  private focus(record: number, direction: number): void {
    const { sender, receiver, own, peer, records } = this;
    const at = record * RECORD_WORDS;
    sender.words = receiver.words = own.words = peer.words = records;
    sender.at = at + direction * ENDPOINT_WORDS;
    receiver.at = at + (1 - direction) * ENDPOINT_WORDS;
    own.at = at + MEMORY_AT + direction * MEMORY_WORDS;
    peer.at = at + MEMORY_AT + (1 - direction) * MEMORY_WORDS;
  }

  /** The first segment of a connection was a SYN that has been answered or repeated now: it is judged after all. */
  private replayLoneSyn(connection: number): void {
    const { segments, connections } = this;
    const segment = connections.firstSegment[connection]!;
    const { observed } = this;
    observed.seq = segments.seq[segment]!;
    observed.ack = segments.ack[segment]!;
    observed.flags = segments.bits[segment]! & FLAG_BITS;
    observed.window = segments.window[segment]!;
    observed.len = 0;
    observed.urgentPointer = 0;
    observed.shift = connections.synShift[connection]! + SHIFT_NONE;
    this.apply(segment, connection, segments.flow[segment]! & 1, 0, segments.notes[segment]!);
  }

  private judge(segment: number, connection: number, direction: number, facts: SegmentFacts, notes: number): void {
    const { observed } = this;
    observed.seq = facts.seq;
    observed.ack = facts.ack;
    observed.flags = facts.flags & FLAG_BITS;
    observed.window = facts.window;
    observed.len = this.segments.payloadBytes[segment]!;
    observed.urgentPointer = facts.urgentPointer;
    observed.shift = offeredShift(facts);
    this.apply(segment, connection, direction, facts.options & HAS_SACK ? sackedBytes(facts) : 0, notes);
  }

  /** Judges the segment in `observed` and lets both endpoints see it. */
  private apply(segment: number, connection: number, direction: number, sacked: number, notes: number): void {
    const record = this.connections.record[connection]!;
    this.focus(record, direction);
    const { observed, own, peer, segments } = this;
    const { flags, seq, ack } = observed;
    const first = this.connections.firstSegment[connection] === segment;

    if (flags & SYN && own.has(BASE_SET)) {
      if (!(flags & ACK)) {
        if (seq === own.baseSeq) own.nextSeq = own.maxToAck; // a RST may have left it elsewhere (Wireshark issue 17616)
      } else if (seq !== own.baseSeq) {
        this.rebase(connection, direction, segment, seq);
        own.baseSeq = seq;
        notes |= NOTE['reused-ports'];
      }
    }
    own.sackedBytes = 0;
    if (observed.len < 0) {
      // No telling how long the segment is: nothing is learnt from it.
      segments.notes[segment] = notes;
      return;
    }
    if (!own.has(BASE_SET)) {
      own.baseSeq = flags & SYN ? seq : (seq - 1) | 0;
      own.marks |= BASE_SET;
    }
    if (!peer.has(BASE_SET) && flags & ACK) {
      peer.baseSeq = (ack - 1) | 0;
      peer.marks |= BASE_SET;
    }
    notes = this.judgeByRules(segment, record, notes);
    // A bogus header is not shown to its end: no note is told, and what stands behind the flags is not learnt.
    const isBogus = (segments.bits[segment]! & BOGUS_HEADER) !== 0;
    segments.notes[segment] = isBogus ? 0 : notes;
    if (!isBogus) {
      if (flags & SYN) {
        own.marks |= BEFORE_FIRST_ACK;
        if (!(flags & ACK)) this.records[record * RECORD_WORDS + LAST_SYN_AT] = segment;
      } else if (flags & ACK) {
        this.learnInitialRtt(record, segment);
        own.marks &= ~BEFORE_FIRST_ACK;
      }
      own.sackedBytes = sacked;
      this.learnShift(flags, observed.shift);
    }
    if (first) begin(this.sender, this.receiver, observed);
    observe(this.sender, this.receiver, observed);
  }

  private judgeByRules(segment: number, record: number, notes: number): number {
    const { observed, own, peer, segments, frames, subject, unacked } = this;
    const { flags, seq, ack, window, len } = observed;
    const end = (seq + len) | 0;
    if (flags & ACK) peer.marks |= FLIGHT_VALID;

    const quiet = this.isQuiet(end);
    if (!quiet) {
      const frame = segments.frame[segment]!;
      subject.segment = segment;
      subject.seq = seq;
      subject.ack = ack;
      subject.flags = flags;
      subject.window = window;
      subject.len = len;
      subject.end = end;
      subject.sinceHighestNs =
        own.nextSeqSegment < 0 ? Infinity : frames.elapsedNs(segments.frame[own.nextSeqSegment]!, frame);
      subject.sincePeerNs =
        peer.lastAckSegment < 0 ? Infinity : frames.elapsedNs(segments.frame[peer.lastAckSegment]!, frame);
      subject.initialRttNs = this.initialRtt[record]!;
      notes = this.match(this.acknowledgmentRules, notes);
      if (notes & NOTE['lost-segment']) own.marks &= ~FLIGHT_VALID;
      if (notes & NOTE['duplicate-ack']) {
        own.duplicateAcks = own.duplicateAcks === -1 ? 1 : own.duplicateAcks + 1;
        this.details.add(segment, own.duplicateAcks, own.lastNonDuplicate);
      }
    }
    if (ack !== own.lastAck) {
      own.lastNonDuplicate = segment;
      own.duplicateAcks = 0;
    }
    if (flags & ACK && peer.maxToAck !== 0 && seqGt(ack, peer.maxToAck)) {
      if (seqLt(peer.maxToAck, peer.nextSeq)) peer.maxToAck = peer.nextSeq;
      else peer.duplicateAcks = -1;
    }
    if (!quiet) {
      notes = this.match(this.dataRules, notes);
      if (notes & NOTE.retransmission) {
        const oldest = unacked.oldest(own);
        this.details.add(segment, 0, oldest >= 0 ? oldest : own.nextSeqSegment);
      }
    }
    this.remember(segment, notes, end);
    return notes;
  }

  /** Nothing but the next data in order, or a new acknowledgment: no rule can match, so none is asked. */
  private isQuiet(end: number): boolean {
    const { observed, own, peer } = this;
    const { flags, seq, ack, window, len } = observed;
    if (flags & (SYN | FIN | RST) || window === 0 || own.nextSeq === 0 || seq !== own.nextSeq) return false;
    if (peer.maxToAck !== 0 && seqGt(ack, peer.maxToAck)) return false;
    if (len === 0) return ack !== own.lastAck;
    if (len === 1 || (peer.lastAck !== 0 && ((end - peer.lastAck) | 0) <= 0)) return false;
    if (peer.shift === SHIFT_UNKNOWN) return true;
    const shift = peer.shift < 0 || peer.has(BEFORE_FIRST_ACK) ? 0 : peer.shift;
    return end !== ((peer.lastAck + (peer.window << shift)) | 0);
  }

  private match(rules: readonly CompiledRule[], notes: number): number {
    const { subject, own, peer } = this;
    for (const rule of rules) if ((notes & rule.unless) === 0 && rule.matches(subject, own, peer)) notes |= rule.bit;
    return notes;
  }

  /** Takes the segment into the flow's memory and tells what it acknowledges and how much is in flight after it. */
  private remember(segment: number, notes: number, end: number): void {
    const { observed, own, peer, segments, unacked } = this;
    const { flags, seq, ack, len } = observed;
    const occupies = len > 0 || (flags & (SYN | FIN)) !== 0;
    let next = end;
    if (occupies) {
      const virtual = flags & (SYN | FIN) ? 1 : 0;
      if (unacked.add(own, segment, seq, seqAdd(end, virtual))) next = seqAdd(end, virtual);
    }
    const probe = (notes & NOTE['zero-window-probe']) !== 0;
    if (!probe && (own.nextSeq === 0 || seqGt(next, own.nextSeq))) {
      own.nextSeq = next;
      own.nextSeqSegment = segment;
    }
    if (!probe && (own.maxToAck === 0 || seq === own.maxToAck)) own.maxToAck = own.nextSeq;
    own.window = observed.window;
    own.lastAck = ack;
    own.lastAckSegment = segment;
    own.lastNotes = notes;

    if (peer.unackedHead >= 0) {
      const acked = unacked.acknowledge(peer, ack);
      if (acked >= 0) segments.acked[segment] = acked;
    }
    if (len > 0 && own.unackedHead >= 0 && own.has(FLIGHT_VALID)) {
      const inFlight = (unacked.span(own) - peer.sackedBytes) >>> 0;
      if (inFlight > 0 && inFlight < MAX_IN_FLIGHT)
        segments.inFlight[segment] = inFlight - (flags & (SYN | FIN) ? 1 : 0);
    }
  }

  /**
   * Another SYN-ACK with another initial sequence number: from here on relative numbers count from the new one. Readers
   * in two passes (Wireshark) start the second with the last base, so that the first SYN-ACK looks like a change, too.
   */
  private rebase(connection: number, direction: number, segment: number, seq: number): void {
    const flow = (connection << 1) | direction;
    let bases = this.bases.get(flow);
    if (bases === undefined) {
      bases = [];
      const first = this.firstSynAck(connection, direction, segment);
      if (first >= 0) bases.push({ segment: first, base: this.segments.seq[first]! });
      this.bases.set(flow, bases);
    }
    const first = bases[0];
    if (first !== undefined && first.segment !== segment) {
      if (first.base === seq) this.segments.notes[first.segment]! &= ~NOTE['reused-ports'];
      else this.segments.notes[first.segment]! |= NOTE['reused-ports'];
    }
    bases.push({ segment, base: seq });
  }

  /** First SYN-ACK of a flow before `end`, -1 where there is none. */
  private firstSynAck(connection: number, direction: number, end: number): number {
    const { segments } = this;
    let segment = this.connections.firstSegment[connection]!;
    for (; segment >= 0 && segment < end; segment = segments.next[segment]!) {
      const isAnswer = (segments.bits[segment]! & (SYN | ACK)) === (SYN | ACK);
      if (isAnswer && (segments.flow[segment]! & 1) === direction) return segment;
    }
    return -1;
  }

  private learnInitialRtt(record: number, segment: number): void {
    if (this.initialRtt[record] !== 0) return;
    const syn = this.records[record * RECORD_WORDS + LAST_SYN_AT]!;
    if (syn < 0) return;
    const { frame } = this.segments;
    this.initialRtt[record] = this.frames.elapsedNs(frame[syn]!, frame[segment]!);
  }

  /** Window scale as a trace reader settles it, segment by segment (an option on a segment without SYN counts, too). */
  private learnShift(flags: number, offered: number): void {
    const { own, peer } = this;
    if (offered >= 0) own.shift = offered;
    if (!(flags & SYN) || offered === SHIFT_UNKNOWN) return;
    if (own.shift === SHIFT_UNKNOWN) own.shift = peer.shift = SHIFT_NONE;
    else if (flags & ACK && peer.shift === SHIFT_NONE) own.shift = SHIFT_NONE;
  }
}

/** Index of `shift` among a memory's words, of `offeredShift` among an endpoint's. */
const SHIFT_WORD = 10;
const OFFERED_SHIFT_WORD = 15;

/** Shift that a SYN offers, {@link SHIFT_NONE} where it offers none, {@link SHIFT_UNKNOWN} where its options are cut. */
function offeredShift(facts: SegmentFacts): number {
  if (facts.options & HAS_WINDOW_SCALE) return Math.min(facts.windowScale, MAX_SHIFT);
  return facts.defects & OPTIONS_CUT ? SHIFT_UNKNOWN : SHIFT_NONE;
}

/** More than this in flight is taken for a sign of damage and not told (Wireshark's bound). */
const MAX_IN_FLIGHT = 2_000_000_000;

/** Bytes in the first three SACK blocks (Wireshark counts no more of them as delivered). */
function sackedBytes(facts: SegmentFacts): number {
  let bytes = 0;
  for (let i = 0; i < facts.sackBlocks && i < 3; i++) bytes = (bytes + facts.sack[2 * i + 1]! - facts.sack[2 * i]!) | 0;
  return bytes;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
