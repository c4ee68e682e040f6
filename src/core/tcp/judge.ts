import { seqAdd, seqGt, seqLt } from '../bytes/seq';
import { ACK, FIN, RST, SYN } from '../model/flags';
import { noteBit } from '../model/segment';
import { SHIFT_NONE, SHIFT_UNKNOWN } from './endpoint';
import {
  BASE_SET,
  BEFORE_FIRST_ACK,
  DUPLICATE_ACKS,
  FLIGHT_VALID,
  Handshake,
  LAST_ACK,
  LAST_ACK_SEGMENT,
  LAST_NON_DUPLICATE,
  LAST_NOTES,
  MARKS,
  MAX_TO_ACK,
  Memory,
  NEW_MULTIPATH,
  NEXT_SEQ,
  NEXT_SEQ_SEGMENT,
  WINDOW,
} from './memory';
import type { Observed } from './observe';
import { type Rule, Subject } from './rule';
import { Unacked } from './unacked';

const REUSED_PORTS = noteBit('reused-ports');
const LOST_SEGMENT = noteBit('lost-segment');
const DUPLICATE_ACK = noteBit('duplicate-ack');
const RETRANSMISSION = noteBit('retransmission');
const ZERO_WINDOW_PROBE = noteBit('zero-window-probe');

interface CompiledRule {
  readonly bit: number;
  readonly unless: number;
  readonly matches: Rule['matches'];
  readonly rule: Rule;
}

const compile = (rules: readonly Rule[], phase: Rule['phase']): CompiledRule[] =>
  rules
    .filter((rule) => rule.phase === phase)
    .map((rule) => ({
      bit: noteBit(rule.kind),
      unless: (rule.unless ?? []).reduce((bits, kind) => bits | noteBit(kind), 0),
      matches: rule.matches,
      rule,
    }));

/** Sees every rule that is asked about a segment, with what it is asked about. */
export type Witness = (rule: Rule, matched: boolean, s: Subject, own: Memory, peer: Memory) => void;

/**
 * Judges segments by the rules and remembers what the next judgment needs: the analysis of one observer, in the order
 * in which Wireshark does it. {@link own} and {@link peer} are pointed at the flows of a segment before it is judged; the
 * fields below tell what else was found about the segment judged last.
 */
export class Judge {
  readonly own = new Memory();
  readonly peer = new Memory();
  readonly handshake = new Handshake();
  /** Segment that it acknowledges to its last byte, -1 where there is none. */
  acked = -1;
  /** Bytes in flight after it, 0 where unknown. */
  inFlight = 0;
  /** Number in its series (duplicate ACK), 0 for a retransmission, -1 where it is neither. */
  detailNumber = -1;
  /** First ACK of the series; segment that the timeout counts from. -1 where there is none. */
  detailOther = -1;
  /** Its SYN-ACK moved the base of its flow to another initial sequence number. */
  rebased = false;
  /** Asked about every segment, if set; slow. */
  witness: Witness | null = null;

  private readonly subject = new Subject();
  private readonly unacked = new Unacked();
  private readonly acknowledgmentRules: readonly CompiledRule[];
  private readonly dataRules: readonly CompiledRule[];

  /**
   * @param gapNs time from one segment to another in nanoseconds; infinite where there are no times
   * @param predicts whether segments that no rule can match are told beforehand: quicker, and no different
   */
  constructor(
    rules: readonly Rule[],
    private readonly gapNs: (from: number, to: number) => number,
    private readonly predicts = true,
  ) {
    this.acknowledgmentRules = compile(rules, 'acknowledgment');
    this.dataRules = compile(rules, 'data');
  }

  /**
   * Judges a segment and returns its notes with `notes`, those that it has already.
   * @param isBogus its data offset is impossible: it is judged and remembered, but nothing is told of it, and what stands
   *   behind the flags is not learnt (Wireshark stops showing the header there)
   */
  judge(segment: number, s: Observed, isBogus: boolean, notes: number): number {
    this.tellNothing();
    this.rebased = false;
    this.own.sackedBytes = 0;
    if (this.predicts && !isBogus && notes === 0 && this.witness === null && this.takeQuiet(segment, s)) return 0;
    notes |= this.reopen(s);
    // Where no one can tell how long the segment is, nothing is learnt from it and no note is told.
    if (s.len < 0) return 0;
    const found = this.judgeWhole(segment, s, notes);
    if (isBogus) {
      this.tellNothing();
      return 0;
    }
    this.learn(segment, s);
    return found;
  }

  private tellNothing(): void {
    this.acked = -1;
    this.inFlight = 0;
    this.detailNumber = -1;
    this.detailOther = -1;
  }

  /** Initial round trip in nanoseconds, 0 while it is unknown. */
  initialRttNs(): number {
    const { measuredFrom, measuredTo } = this.handshake;
    const elapsedNs = measuredTo < 0 ? 0 : this.gapNs(measuredFrom, measuredTo);
    return Number.isFinite(elapsedNs) ? elapsedNs : 0;
  }

  /** A SYN or SYN-ACK on a flow that has begun. */
  private reopen({ flags, seq }: Observed): number {
    const { own } = this;
    if ((flags & SYN) === 0 || !own.has(BASE_SET)) return 0;
    if ((flags & ACK) === 0) {
      // A RST may have left it elsewhere (Wireshark issue 17616).
      if (seq === own.baseSeq) own.nextSeq = own.maxToAck;
      return 0;
    }
    if (seq === own.baseSeq) return 0;
    this.rebased = true;
    own.baseSeq = seq;
    return REUSED_PORTS;
  }

  private judgeWhole(segment: number, s: Observed, notes: number): number {
    const { own, peer, subject, unacked } = this;
    const { flags, seq, ack } = s;
    this.setBases(s);
    const end = (seq + s.len) | 0;
    if (flags & ACK) peer.marks |= FLIGHT_VALID;

    subject.segment = segment;
    subject.seq = seq;
    subject.ack = ack;
    subject.flags = flags;
    // A window that is not known is taken for unchanged.
    subject.window = s.window < 0 ? own.window : s.window;
    subject.len = s.len;
    subject.end = end;
    subject.sinceHighestNs = own.nextSeqSegment < 0 ? Infinity : this.gapNs(own.nextSeqSegment, segment);
    subject.sincePeerNs = peer.lastAckSegment < 0 ? Infinity : this.gapNs(peer.lastAckSegment, segment);
    subject.initialRttNs = this.initialRttNs();
    notes = this.match(this.acknowledgmentRules, notes);
    if (notes & LOST_SEGMENT) own.marks &= ~FLIGHT_VALID;
    if (notes & DUPLICATE_ACK) {
      own.duplicateAcks = own.duplicateAcks === -1 ? 1 : own.duplicateAcks + 1;
      this.detailNumber = own.duplicateAcks;
      this.detailOther = own.lastNonDuplicate;
    }
    own.marks &= ~NEW_MULTIPATH;
    if (ack !== own.lastAck) {
      own.lastNonDuplicate = segment;
      own.duplicateAcks = 0;
    }
    if (flags & ACK && peer.maxToAck !== 0 && seqGt(ack, peer.maxToAck)) {
      if (seqLt(peer.maxToAck, peer.nextSeq)) peer.maxToAck = peer.nextSeq;
      else peer.duplicateAcks = -1;
    }
    notes = this.match(this.dataRules, notes);
    if (notes & RETRANSMISSION) {
      const oldest = unacked.oldest(own);
      this.detailNumber = 0;
      this.detailOther = oldest >= 0 ? oldest : own.nextSeqSegment;
    }
    this.remember(segment, s, notes, end);
    return notes;
  }

  /** Learns what stands in a whole header besides: SACK blocks, window scale, Multipath TCP, the end of the handshake. */
  private learn(segment: number, s: Observed): void {
    const { own, peer, handshake } = this;
    const { flags, shift } = s;
    if (flags & SYN) {
      own.marks |= BEFORE_FIRST_ACK;
      if ((flags & ACK) === 0) handshake.lastSyn = segment;
    } else if (flags & ACK) {
      own.marks &= ~BEFORE_FIRST_ACK;
      if (!handshake.isOver) this.measure(segment);
    }
    own.sackedBytes = s.sackBlocks > 0 ? sackedBytes(s) : 0;
    const newSubtypes = s.multipathSubtypes & FIRST_SUBTYPES & ~handshake.multipathSubtypes;
    if (newSubtypes !== 0) {
      handshake.multipathSubtypes |= newSubtypes;
      own.marks |= NEW_MULTIPATH;
      peer.marks |= NEW_MULTIPATH;
    }
    // An option on a segment without SYN counts, too (as Wireshark has it).
    if (shift >= 0) own.shift = shift;
    if (!(flags & SYN) || shift === SHIFT_UNKNOWN) return;
    if (own.shift === SHIFT_UNKNOWN) own.shift = peer.shift = SHIFT_NONE;
    else if (flags & ACK && peer.shift === SHIFT_NONE) own.shift = SHIFT_NONE;
  }

  /** Ends the initial round trip with an ACK. */
  private measure(segment: number): void {
    const { handshake } = this;
    handshake.measuredFrom = handshake.lastSyn;
    handshake.measuredTo = segment;
    handshake.isMeasured = this.initialRttNs() !== 0;
  }

  /**
   * What relative numbers count from where a text says it of a segment, and no SYN: it may show a part of a connection.
   * @param seqBase,ackBase `null` where it says nothing
   */
  stateBases(flags: number, seqBase: number | null, ackBase: number | null): void {
    const { own, peer } = this;
    if (seqBase !== null && !(flags & SYN) && !own.has(BASE_SET)) {
      own.baseSeq = seqBase;
      own.marks |= BASE_SET;
    }
    if (ackBase !== null && flags & ACK && !peer.has(BASE_SET)) {
      peer.baseSeq = ackBase;
      peer.marks |= BASE_SET;
    }
  }

  /** Relative numbers count from the ISN; where no SYN was seen, from one before the first number. */
  private setBases({ flags, seq, ack }: Observed): void {
    const { own, peer } = this;
    if (!own.has(BASE_SET)) {
      own.baseSeq = flags & SYN ? seq : (seq - 1) | 0;
      own.marks |= BASE_SET;
    }
    if (!peer.has(BASE_SET) && flags & ACK) {
      peer.baseSeq = (ack - 1) | 0;
      peer.marks |= BASE_SET;
    }
  }

  /**
   * Takes a segment that is nothing but the next data or FIN in order, or a new acknowledgment, and returns true; false
   * where it may be more. No rule can match such a one, so none is asked. Nearly every segment comes this way.
   */
  private takeQuiet(segment: number, s: Observed): boolean {
    const { own, peer, unacked } = this;
    const { words, at: me } = own;
    const { at: you } = peer;
    const { flags, seq, ack, window, len } = s;
    if ((flags & (SYN | RST | ACK)) !== ACK || window <= 0 || s.sackBlocks > 0 || s.shift >= 0) return false;
    const marks = words[me + MARKS]!;
    const theirs = words[you + MARKS]!;
    if ((marks & theirs & BASE_SET) === 0) return false;
    const next = words[me + NEXT_SEQ]!;
    const lastAck = words[me + LAST_ACK]!;
    const mostAcked = words[you + MAX_TO_ACK]!;
    if (next === 0 || seq !== next || (mostAcked !== 0 && seqGt(ack, mostAcked))) return false;
    if (s.multipathSubtypes !== 0) return false;
    const fin = flags & FIN;
    if (len === 0 ? ack === lastAck && fin === 0 : !this.isOrdinaryData(seq, len)) return false;

    words[you + MARKS] = theirs | FLIGHT_VALID;
    words[me + MARKS] = marks & ~(NEW_MULTIPATH | BEFORE_FIRST_ACK);
    if (ack !== lastAck) {
      words[me + LAST_NON_DUPLICATE] = segment;
      words[me + DUPLICATE_ACKS] = 0;
    }
    let end = (seq + len) | 0;
    if (len > 0 || fin !== 0) {
      const last = fin === 0 ? end : (end + 1) | 0;
      if (unacked.add(own, segment, seq, last)) end = last;
    }
    if (end !== seq) {
      words[me + NEXT_SEQ] = end;
      words[me + NEXT_SEQ_SEGMENT] = segment;
    }
    const ownMost = words[me + MAX_TO_ACK]!;
    if (ownMost === 0 || seq === ownMost) words[me + MAX_TO_ACK] = end;
    words[me + WINDOW] = window;
    words[me + LAST_ACK] = ack;
    words[me + LAST_ACK_SEGMENT] = segment;
    words[me + LAST_NOTES] = 0;
    if (!this.handshake.isOver) this.measure(segment);
    this.tell(ack, len, flags);
    return true;
  }

  /** Of data in order: no probe, nothing that has been acknowledged before, and the peer's window has room behind it. */
  private isOrdinaryData(seq: number, len: number): boolean {
    const { peer } = this;
    const { lastAck, shift } = peer;
    const end = (seq + len) | 0;
    if (len <= 1 || (lastAck !== 0 && ((end - lastAck) | 0) <= 0)) return false;
    if (shift === SHIFT_UNKNOWN) return true;
    const scale = shift < 0 || peer.has(BEFORE_FIRST_ACK) ? 0 : shift;
    return end !== ((lastAck + (peer.window << scale)) | 0);
  }

  private match(rules: readonly CompiledRule[], notes: number): number {
    const { subject, own, peer, witness } = this;
    for (const compiled of rules) {
      if (notes & compiled.unless) continue;
      const matched = compiled.matches(subject, own, peer);
      if (matched) notes |= compiled.bit;
      if (witness !== null) witness(compiled.rule, matched, subject, own, peer);
    }
    return notes;
  }

  /** Takes the segment into the flow's memory. */
  private remember(segment: number, s: Observed, notes: number, end: number): void {
    const { own, unacked } = this;
    const { flags, seq, ack, len } = s;
    const occupies = len > 0 || (flags & (SYN | FIN)) !== 0;
    let next = end;
    if (occupies) {
      const virtual = flags & (SYN | FIN) ? 1 : 0;
      if (unacked.add(own, segment, seq, seqAdd(end, virtual))) next = seqAdd(end, virtual);
    }
    const probe = (notes & ZERO_WINDOW_PROBE) !== 0;
    if (!probe && (own.nextSeq === 0 || seqGt(next, own.nextSeq))) {
      own.nextSeq = next;
      own.nextSeqSegment = segment;
    }
    if (!probe && (own.maxToAck === 0 || seq === own.maxToAck)) own.maxToAck = own.nextSeq;
    if (s.window >= 0) own.window = s.window;
    own.lastAck = ack;
    own.lastAckSegment = segment;
    own.lastNotes = notes;

    this.tell(ack, len, flags);
  }

  /** Tells what the segment acknowledges and how much is in flight after it. */
  private tell(ack: number, len: number, flags: number): void {
    const { own, peer, unacked } = this;
    if (peer.unackedHead >= 0) this.acked = unacked.acknowledge(peer, ack);
    if (len > 0 && own.unackedHead >= 0 && own.has(FLIGHT_VALID)) {
      const inFlight = (unacked.span(own) - peer.sackedBytes) >>> 0;
      if (inFlight > 0 && inFlight < MAX_IN_FLIGHT) this.inFlight = inFlight - (flags & (SYN | FIN) ? 1 : 0);
    }
  }
}

/** Wireshark keeps the Multipath TCP subtypes of a connection in a byte: those from 8 on have no place in it. */
const FIRST_SUBTYPES = 0xff;

/** More than this in flight is taken for a sign of damage and not told (Wireshark's bound). */
const MAX_IN_FLIGHT = 2_000_000_000;

/** Bytes in the first three SACK blocks (Wireshark counts no more of them as delivered). */
function sackedBytes({ sack, sackBlocks }: Observed): number {
  let bytes = 0;
  for (let i = 0; i < sackBlocks && i < 3; i++) bytes = (bytes + sack[2 * i + 1]! - sack[2 * i]!) | 0;
  return bytes;
}
