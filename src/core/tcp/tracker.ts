import { seqLe, seqLt } from '../bytes/seq';
import {
  BAD_DATA_OFFSET,
  HAS_MPTCP,
  HAS_SACK,
  HAS_TIMESTAMPS,
  HAS_WINDOW_SCALE,
  HEADER_CUT,
  LENGTH_UNKNOWN,
  NO_FLAGS,
  NO_ACK_BASE,
  NO_SEQ_BASE,
  NO_WINDOW,
  OPTIONS_CUT,
  type SegmentFacts,
} from '../model/facts';
import { ACK, FIN, RST, SYN, URG } from '../model/flags';
import { noteBit } from '../model/segment';
import { SYN_RECEIVED } from '../model/states';
import { CLIENT_IS_B, COMPLETENESS_SHIFT, ConnectionTable, ROLES_KNOWN, SAW_SYN } from './connection-table';
import { Endpoint, ENDPOINT_WORDS, KNOWS_ISS, KNOWS_RCV, OFFERED_SHIFT, SHIFT_NONE, SHIFT_UNKNOWN } from './endpoint';
import { Judge } from './judge';
import { BASE_SET, FLOW_SHIFT, KNOWS_TS_RECENT, LAST_ACK_SEGMENT, Memory, MEMORY_WORDS, WINDOW } from './memory';
import { acceptable } from './observe';
import { Movement } from './movement';
import { predict } from './predict';
import { HANDSHAKE_AT, MEMORY_AT, RECORD_WORDS } from './connection-record';
import { RecordStore } from './records';
import type { Rule } from './rule';
import {
  BOGUS_HEADER,
  type Change,
  ChangeTable,
  CHECKSUM_SHIFT,
  CONGESTION_EXPERIENCED,
  CUT_HEADER,
  DetailTable,
  FLAG_BITS,
  type FrameTable,
  OLD_TIMESTAMP,
  SackTable,
  SegmentTable,
  WITH_SACK,
} from './tables';

/** RFC 3168 §5: the ECN code point of a packet that met congestion. */
const CE = 3;

/** RFC 7323 §2.3: a larger shift is taken for 14. */
const MAX_SHIFT = 14;

/** Wireshark's completeness bits. */
const COMPLETE_SYN = 1;
const COMPLETE_SYN_ACK = 2;
const COMPLETE_ACK = 4;
const COMPLETE_DATA = 8;
const COMPLETE_FIN = 16;
const COMPLETE_RST = 32;

const REUSED_PORTS = noteBit('reused-ports');

/** From which segment on the relative numbers of a flow count from another base. */
interface BaseChange extends Change {
  /** Whether there was another base before. */
  readonly moved: boolean;
}

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
  readonly sacks = new SackTable();
  /** Segments with an old timestamp: their TSval, and TS.Recent of their receiver. */
  readonly timestamps = new DetailTable();
  /** Options that few segments have: new Multipath TCP subtypes, and a window scale where none belongs. */
  readonly options = new DetailTable();
  /** Connections that reuse addresses and ports, and the one before each. */
  readonly reused = new Map<number, number>();
  /** Notes of level `problem`, and resets, in the whole capture. */
  problems = 0;
  /** Rows that the whole input may have, for sizing columns. */
  expectedSegments = 0;

  /** Flows whose base changed: from which segment on which one counts. */
  private readonly bases = new ChangeTable<BaseChange>();
  /** Flows whose SYNs offer different window scales, from the first SYN on. */
  private readonly offers = new ChangeTable<Change>();
  private readonly records = new RecordStore(RECORD_WORDS);

  private readonly older = new Endpoint();
  private readonly memory = new Memory();
  private readonly judge: Judge;
  private readonly movement: Movement;
  /** Bits of the notes that count as problems. */
  readonly problemBits: number;

  constructor(
    private readonly frames: FrameTable,
    rules: readonly Rule[],
    /** Whether the usual segments are told beforehand, which is quicker and makes no difference. */
    private readonly predicts = true,
  ) {
    const gapNs = (from: number, to: number): number => this.gapNs(from, to);
    this.judge = new Judge(rules, gapNs, predicts);
    this.movement = new Movement(this, this.judge, gapNs);
    this.problemBits = rules.reduce((bits, rule) => (rule.level === 'problem' ? bits | noteBit(rule.kind) : bits), 0);
  }

  /** Number of the packet that a segment is in. */
  packetOf(segment: number): number {
    return this.frames.numbers.of(this.segments.frameOf(segment));
  }

  /** Nanoseconds from the first frame to a segment; negative where the clock went back. */
  timeNs(segment: number): number {
    return this.frames.elapsedNs(0, this.segments.frameOf(segment));
  }

  /** Nanoseconds from one segment to another; 0 where the text has no times. */
  elapsedNs(from: number, to: number): number {
    return this.frames.elapsedNs(this.segments.frameOf(from), this.segments.frameOf(to));
  }

  /** The same as it is told: NaN where the text has no times. */
  lapseNs(from: number, to: number): number {
    return this.frames.untimed ? NaN : this.elapsedNs(from, to);
  }

  /** The same for those who ask how soon: where there are no times, nothing came soon after anything. */
  gapNs(from: number, to: number): number {
    return this.frames.untimed ? Infinity : this.elapsedNs(from, to);
  }

  /** Takes the next segment of the capture. */
  add(facts: SegmentFacts): void {
    const { segments, connections } = this;
    if (segments.length === segments.capacity) segments.reserve(1, this.expectedSegments);
    const segment = segments.length++;

    const swapped =
      facts.source !== facts.destination ? facts.source > facts.destination : facts.sourcePort > facts.destinationPort;
    const addressA = swapped ? facts.destination : facts.source;
    const addressB = swapped ? facts.source : facts.destination;
    const ports = swapped
      ? (facts.destinationPort << 16) | facts.sourcePort
      : (facts.sourcePort << 16) | facts.destinationPort;
    const direction = swapped ? 1 : 0;

    segments.setFrame(segment, facts.frame);
    segments.seq[segment] = facts.seq;
    segments.ack[segment] = facts.ack;
    segments.payloadBytes.set(segment, facts.defects & LENGTH_UNKNOWN ? -1 : facts.payloadBytes);
    segments.window[segment] = facts.window;
    segments.ttl[segment] = facts.ttl;
    segments.ipId[segment] = facts.ipId;
    segments.bits[segment] =
      (facts.flags & FLAG_BITS) |
      (facts.checksum << CHECKSUM_SHIFT) |
      (facts.defects & BAD_DATA_OFFSET ? BOGUS_HEADER : 0) |
      (facts.defects & HEADER_CUT ? CUT_HEADER : 0);
    segments.next[segment] = -1;
    segments.acked[segment] = -1;
    segments.inFlight[segment] = 0;
    segments.notes[segment] = 0;
    if (facts.flags & URG) this.urgent.add(segment, facts.urgentPointer, -1);

    let connection = connections.find(facts.family, addressA, addressB, ports);
    let isNew = false;
    let notes = 0;
    let earlier = -1;
    if (connection >= 0 && this.isNewIncarnation(connection, direction, facts)) {
      earlier = connection;
      connection = -1;
      notes = REUSED_PORTS;
    }
    if (connection < 0) {
      isNew = true;
      connection = connections.add(facts.family, addressA, addressB, ports, segment);
      if (earlier >= 0) this.reused.set(connection, earlier);
      this.assignRoles(connection, direction, facts);
    } else {
      segments.next[connections.lastSegment(connection)] = segment;
      if ((facts.flags & (SYN | ACK | RST)) === SYN) this.learnClient(connection, direction);
    }
    connections.append(connection, segment);
    segments.flow[segment] = (connection << 1) | direction;
    if (facts.windowIsScaled) this.unscaleWindow(segment, connection, direction, facts);
    segments.setAbsent(segment, facts.absent);
    if (facts.absent & NO_WINDOW) segments.window[segment] = this.lastWindow(connection, direction);
    if ((facts.defects & BAD_DATA_OFFSET) === 0) this.complete(connection, isNew && notes === 0, facts);
    else if (isNew && notes !== 0) connections.mark(connection, COMPLETE_SYN << COMPLETENESS_SHIFT);

    if (isNew) {
      if (
        (facts.flags & (SYN | ACK | RST | FIN | URG)) === SYN &&
        facts.payloadBytes === 0 &&
        (facts.options & (HAS_SACK | HAS_MPTCP)) === 0 &&
        (facts.defects & ~OPTIONS_CUT) === 0
      ) {
        // A lone SYN waits for its answer without a record.
        connections.setSynShift(connection, offeredShift(facts) - SHIFT_NONE);
        segments.notes[segment] = facts.statedNotes >= 0 ? facts.statedNotes : notes;
        return;
      }
      connections.setRecord(connection, this.newRecord());
    } else if (connections.record(connection) < 0) {
      const shift = connections.synShift(connection) + SHIFT_NONE;
      connections.setRecord(connection, this.newRecord());
      this.replayLoneSyn(connection, shift);
    }
    this.take(segment, connection, direction, facts, notes);
    const found = segments.notes[segment] & this.problemBits;
    if (found !== 0 || facts.flags & RST) this.problems += bitCount(found) + (facts.flags & RST ? 1 : 0);
  }

  /** Copies both endpoints' words of a connection, for a reader that shows its state now; false for a lone SYN. */
  endpointsOf(connection: number, a: Endpoint, b: Endpoint): boolean {
    const record = this.connections.record(connection);
    if (record < 0) return false;
    a.words = b.words = this.records.wordsOf(record);
    a.at = this.records.placeOf(record);
    b.at = a.at + ENDPOINT_WORDS;
    return true;
  }

  /** The latest connection between the endpoints of a segment that is not taken itself, -1 where there is none. */
  connectionOf({ family, source, destination, sourcePort, destinationPort }: SegmentFacts): number {
    const swapped = source !== destination ? source > destination : sourcePort > destinationPort;
    return swapped
      ? this.connections.find(family, destination, source, (destinationPort << 16) | sourcePort)
      : this.connections.find(family, source, destination, (sourcePort << 16) | destinationPort);
  }

  /** The last segment of a direction of a connection, -1 where there is none. */
  lastSegmentOf(connection: number, direction: number): number {
    const record = this.connections.record(connection);
    if (record < 0) {
      const first = this.connections.firstSegment(connection);
      return (this.segments.flow[first]! & 1) === direction ? first : -1;
    }
    return this.records.word(record, MEMORY_AT + direction * MEMORY_WORDS + LAST_ACK_SEGMENT);
  }

  /** Number that relative sequence numbers of a direction count from at a segment; `null` where nothing of it was seen. */
  baseSeqAt(connection: number, direction: number, segment: number): number | null {
    const change = this.bases.at((connection << 1) | direction, segment);
    return change === null ? this.baseSeq(connection, direction) : change.value;
  }

  /** The same at the end of the trace. */
  baseSeq(connection: number, direction: number): number | null {
    const record = this.connections.record(connection);
    if (record < 0) {
      const first = this.connections.firstSegment(connection);
      return (this.segments.flow[first]! & 1) === direction ? this.segments.seq[first]! : null;
    }
    const { memory } = this;
    memory.words = this.records.wordsOf(record);
    memory.at = this.records.placeOf(record) + MEMORY_AT + direction * MEMORY_WORDS;
    return memory.has(BASE_SET) ? memory.baseSeq : null;
  }

  /** Window scale shift of a direction as the trace shows it: {@link SHIFT_UNKNOWN}, {@link SHIFT_NONE} or 0–14. */
  shift(connection: number, direction: number): number {
    const record = this.connections.record(connection);
    if (record < 0) return SHIFT_UNKNOWN;
    return this.records.word(record, MEMORY_AT + direction * MEMORY_WORDS + FLOW_SHIFT);
  }

  /** Shift that a SYN of a direction offers, {@link SHIFT_NONE} where it offers none. */
  offeredShift(connection: number, direction: number, segment: number): number {
    const change = this.offers.at((connection << 1) | direction, segment);
    if (change !== null) return change.value;
    const record = this.connections.record(connection);
    if (record >= 0) return this.records.word(record, direction * ENDPOINT_WORDS + OFFERED_SHIFT);
    return this.connections.synShift(connection) + SHIFT_NONE;
  }

  /** From the last SYN to the first ACK without SYN after it, in nanoseconds; 0 while unknown. */
  initialRttNs(connection: number): number {
    const record = this.connections.record(connection);
    if (record < 0) return 0;
    this.focus(record, 0);
    return this.judge.initialRttNs();
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
    this.connections.mark(connection, marks | (clientIsB ? CLIENT_IS_B : 0));
  }

  /** A SYN that comes after other segments (reordered capture) still tells who the client is. */
  private learnClient(connection: number, direction: number): void {
    const { connections } = this;
    const known = connections.marks(connection);
    if (known & SAW_SYN) return;
    if (known & ROLES_KNOWN) connections.mark(connection, SAW_SYN);
    else {
      const client = direction === 1 ? CLIENT_IS_B : 0;
      connections.setMarks(connection, (known & ~CLIENT_IS_B) | SAW_SYN | ROLES_KNOWN | client);
    }
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
      if ((flags & (SYN | ACK)) === SYN && this.connections.segments(connection) === 1) parts |= COMPLETE_SYN;
    }
    this.connections.mark(connection, parts << COMPLETENESS_SHIFT);
  }

  private newRecord(): number {
    const record = this.records.add();
    this.focus(record, 0);
    this.movement.sender.reset(0);
    this.movement.receiver.reset(0);
    this.judge.own.reset();
    this.judge.peer.reset();
    this.judge.handshake.reset();
    return record;
  }

  /** Points the views at a record, the sender being endpoint A (direction 0) or B (1). */
  private focus(record: number, direction: number): void {
    const { records } = this;
    const { sender, receiver } = this.movement;
    const { own, peer, handshake } = this.judge;
    const at = records.placeOf(record);
    const words = records.wordsOf(record);
    if (sender.words !== words) sender.words = receiver.words = own.words = peer.words = handshake.words = words;
    handshake.at = at + HANDSHAKE_AT;
    sender.at = at + direction * ENDPOINT_WORDS;
    receiver.at = at + (1 - direction) * ENDPOINT_WORDS;
    own.at = at + MEMORY_AT + direction * MEMORY_WORDS;
    peer.at = at + MEMORY_AT + (1 - direction) * MEMORY_WORDS;
  }

  /** The first segment of a connection was a SYN that has been answered or repeated now: it is judged after all. */
  private replayLoneSyn(connection: number, shift: number): void {
    const { segments, connections } = this;
    const segment = connections.firstSegment(connection);
    const { observed } = this.movement;
    observed.seq = segments.seq[segment]!;
    observed.ack = segments.ack[segment]!;
    observed.flags = segments.bits[segment]! & FLAG_BITS;
    observed.window = segments.absentOf(segment) & NO_WINDOW ? -1 : segments.window[segment]!;
    observed.len = 0;
    observed.urgentPointer = 0;
    observed.shift = shift;
    observed.sackBlocks = 0;
    observed.multipathSubtypes = 0;
    observed.hasOldTimestamp = false;
    observed.meetsOlder = observed.textTaken = false;
    this.apply(segment, connection, segments.flow[segment]! & 1, segments.notes[segment]!);
  }

  private take(segment: number, connection: number, direction: number, facts: SegmentFacts, notes: number): void {
    const { observed } = this.movement;
    observed.seq = facts.seq;
    observed.ack = facts.ack;
    observed.flags = facts.flags & FLAG_BITS;
    observed.window = facts.absent & NO_WINDOW ? -1 : facts.window;
    observed.len = facts.absent & NO_FLAGS ? -1 : this.segments.payloadBytes.of(segment);
    observed.urgentPointer = facts.urgentPointer;
    observed.shift = offeredShift(facts);
    observed.sackBlocks = 0;
    if (facts.options & HAS_SACK && facts.sackBlocks > 0) {
      observed.sackBlocks = facts.sackBlocks;
      observed.sack.set(facts.sack);
      this.segments.bits[segment]! |= WITH_SACK;
      this.sacks.add(segment, facts.sack, facts.sackBlocks);
    }
    observed.multipathSubtypes = facts.multipathSubtypes;
    observed.meetsOlder = observed.textTaken = false;
    this.focus(this.connections.record(connection), direction);
    const marks =
      (facts.options & HAS_TIMESTAMPS ? this.checkTimestamp(segment, facts.tsValue) : 0) |
      (facts.ecn === CE ? CONGESTION_EXPERIENCED : 0);
    observed.hasOldTimestamp = (marks & OLD_TIMESTAMP) !== 0;
    if (facts.statesBases && observed.len >= 0)
      this.judge.stateBases(
        facts.flags,
        facts.absent & NO_SEQ_BASE ? facts.seqBase : null,
        facts.absent & NO_ACK_BASE ? facts.ackBase : null,
      );
    this.apply(segment, connection, direction, notes);
    if (facts.statedNotes >= 0) {
      // What the text states was found in the whole capture; the text may show less of it.
      this.segments.notes[segment] = facts.statedNotes;
      this.judge.own.lastNotes = facts.statedNotes;
    }
    this.segments.notes[segment]! |= marks;
  }

  /** Last window of a direction, which stands for one that is not known; open where none was ever told. */
  private lastWindow(connection: number, direction: number): number {
    const record = this.connections.record(connection);
    if (record < 0) return 0xffff;
    const window = this.records.word(record, MEMORY_AT + direction * MEMORY_WORDS + WINDOW);
    return window < 0 ? 0xffff : window;
  }

  /** A window that is printed scaled, as on the wire: by the shift that is known now, as its printer knew it. */
  private unscaleWindow(segment: number, connection: number, direction: number, facts: SegmentFacts): void {
    const shift = facts.flags & SYN ? 0 : Math.max(0, this.printedShift(connection, direction));
    facts.window >>>= shift;
    if (facts.window > 0xffff) {
      facts.window = 0;
      facts.absent |= NO_WINDOW;
    }
    this.segments.window[segment] = facts.window;
  }

  /** tshark scales by what a SYN offers also before the other side has answered it. */
  private printedShift(connection: number, direction: number): number {
    const { connections, segments } = this;
    const isLone = connections.record(connection) < 0;
    const isOwn = (segments.flow[connections.firstSegment(connection)]! & 1) === direction;
    return isLone && isOwn ? connections.synShift(connection) + SHIFT_NONE : this.shift(connection, direction);
  }

  /**
   * PAWS (RFC 7323 §5.3): marks a segment that its receiver would take but for its timestamp. Pure acknowledgments are
   * let pass, as stacks do: they overtake each other.
   */
  private checkTimestamp(segment: number, value: number): number {
    const { observed, receiver } = this.movement;
    const { own } = this.judge;
    if (observed.flags & RST) return 0;
    if (own.has(KNOWS_TS_RECENT) && seqLt(value, own.tsRecent)) {
      const carries = observed.len > 0 || (observed.flags & FIN) !== 0;
      if (!carries || observed.flags & SYN || !receiver.has(KNOWS_RCV) || !acceptable(receiver, observed)) return 0;
      this.timestamps.add(segment, value, own.tsRecent);
      return OLD_TIMESTAMP;
    }
    if (!own.has(KNOWS_TS_RECENT) || (receiver.has(KNOWS_RCV) && seqLe(observed.seq, receiver.rcvNxt))) {
      own.tsRecent = value;
      own.marks |= KNOWS_TS_RECENT;
    }
    return 0;
  }

  /** Judges the segment in `observed` and lets both endpoints see it. */
  private apply(segment: number, connection: number, direction: number, notes: number): void {
    const record = this.connections.record(connection);
    this.focus(record, direction);
    const { judge, segments } = this;
    const { observed } = this.movement;
    const { multipathSubtypes, shift } = observed;
    const isOdd = shift >= 0 && (observed.flags & (SYN | RST)) !== SYN;
    if (isOdd || multipathSubtypes & ~judge.handshake.multipathSubtypes)
      this.options.add(segment, multipathSubtypes, isOdd ? shift : SHIFT_NONE);
    const previous = judge.own.lastAckSegment;
    const isBogus = (segments.bits[segment]! & BOGUS_HEADER) !== 0;
    segments.notes[segment] = judge.judge(segment, observed, isBogus, notes);
    segments.acked[segment] = judge.acked;
    segments.inFlight[segment] = judge.inFlight;
    if (judge.detailNumber >= 0) this.details.add(segment, judge.detailNumber, judge.detailOther);
    if (judge.rebased) this.rebase(connection, direction, segment, observed.seq);
    if (this.predicts && predict(this.movement.sender, this.movement.receiver, observed)) return;
    if (this.connections.firstSegment(connection) === segment) this.movement.open();
    else if (observed.len >= 0) {
      if ((observed.flags & (SYN | RST)) === SYN) this.takeOffer(segment, connection, direction);
      this.movement.move(segment, connection, direction, previous);
    }
  }

  /**
   * Gives an endpoint what it has in the connection before this one, and its peer the window scale of that; leaves both
   * as they are where that connection is over.
   */
  resumeOlder(connection: number, direction: number, own: Endpoint, peer: Endpoint): void {
    const earlier = this.reused.get(connection);
    const record = earlier === undefined ? -1 : this.connections.record(earlier);
    if (record < 0) return;
    const { older, records } = this;
    older.words = records.wordsOf(record);
    older.at = records.placeOf(record) + (1 - direction) * ENDPOINT_WORDS;
    const { shift } = older;
    older.at = records.placeOf(record) + direction * ENDPOINT_WORDS;
    if (older.state < SYN_RECEIVED) return;
    own.words.set(older.words.subarray(older.at, older.at + ENDPOINT_WORDS), own.at);
    peer.shift = shift;
  }

  /** Remembers what SYNs offer where it is not always the same, for whoever replays them. */
  private takeOffer(segment: number, connection: number, direction: number): void {
    const { sender, observed } = this.movement;
    if (!sender.has(KNOWS_ISS) || sender.offeredShift === observed.shift) return;
    const flow = (connection << 1) | direction;
    if (this.offers.first(flow) === null) this.offers.add(flow, { segment: 0, value: sender.offeredShift });
    this.offers.add(flow, { segment, value: observed.shift });
  }

  /**
   * Another SYN-ACK with another initial sequence number: from here on relative numbers count from the new one. Readers
   * in two passes (Wireshark) start the second with the last base, so that the first SYN-ACK looks like a change, too.
   */
  private rebase(connection: number, direction: number, segment: number, seq: number): void {
    const flow = (connection << 1) | direction;
    if (this.bases.first(flow) === null) {
      const first = this.firstSynAck(connection, direction, segment);
      if (first >= 0) this.bases.add(flow, { segment: first, value: this.segments.seq[first]!, moved: false });
    }
    const first = this.bases.first(flow);
    if (first !== null && !first.moved) {
      if (first.value === seq) this.segments.notes[first.segment]! &= ~REUSED_PORTS;
      else this.segments.notes[first.segment]! |= REUSED_PORTS;
    }
    this.bases.add(flow, { segment, value: seq, moved: true });
  }

  /** First SYN-ACK of a flow before `end`, -1 where there is none. */
  private firstSynAck(connection: number, direction: number, end: number): number {
    const { segments } = this;
    let segment = this.connections.firstSegment(connection);
    for (; segment >= 0 && segment < end; segment = segments.next[segment]!) {
      const isAnswer = (segments.bits[segment]! & (SYN | ACK)) === (SYN | ACK);
      if (isAnswer && (segments.flow[segment]! & 1) === direction) return segment;
    }
    return -1;
  }
}

/** Shift that a SYN offers, {@link SHIFT_NONE} where it offers none, {@link SHIFT_UNKNOWN} where its options are cut. */
function offeredShift(facts: SegmentFacts): number {
  if (facts.options & HAS_WINDOW_SCALE) return Math.min(facts.windowScale, MAX_SHIFT);
  return facts.defects & OPTIONS_CUT ? SHIFT_UNKNOWN : SHIFT_NONE;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
