import { grown, lowerBound, roomFor } from '../bytes/columns';
import { seqAdd, seqDiff, seqGe, seqLt, u32 } from '../bytes/seq';
import { Course } from '../findings/course';
import { ACK, FIN, RST, SYN } from '../model/flags';
import type { FlowSummary, GraphMarkKind, GraphProgress } from '../model/graph';
import { noteBit } from '../model/segment';
import { SHIFT_UNKNOWN } from '../tcp/endpoint';
import type {} from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import { CongestionWindow } from './congestion-window';

/** In {@link GraphWalk.bits}: what a segment is in a graph. The lowest four are an index into {@link TEXT_KINDS}. */
export const TEXT_KIND = 0x000f;
export const FROM_B = 0x0010;
export const HAS_ACK = 0x0020;
export const IS_DUPLICATE_ACK = 0x0080;
export const IS_ZERO_WINDOW = 0x0100;
export const IS_SYN = 0x0200;
export const HAS_WINDOW = 0x0400;

/** What a segment's place in sequence space is drawn as; the first is nothing. */
export const TEXT_KINDS: readonly (GraphMarkKind | null)[] = [
  null,
  'data',
  'retransmission',
  'fast-retransmission',
  'spurious-retransmission',
  'out-of-order',
  'probe',
  'reset',
];
const [, DATA, RETRANSMISSION, FAST, SPURIOUS, OUT_OF_ORDER, PROBE, RESET] = TEXT_KINDS.map((_, index) => index);

/** Notes in the order in which they decide, and what each makes of a segment. */
const BY_NOTE: readonly (readonly [bit: number, kind: number])[] = [
  [noteBit('spurious-retransmission'), SPURIOUS!],
  [noteBit('fast-retransmission'), FAST!],
  [noteBit('retransmission'), RETRANSMISSION!],
  [noteBit('out-of-order'), OUT_OF_ORDER!],
  [noteBit('keep-alive') | noteBit('zero-window-probe'), PROBE!],
];
const DUPLICATE_ACK = noteBit('duplicate-ack');

/** Segments of one {@link GraphWalk.step}: some 10 ms. */
const PIECE = 10_000;

/** Rows beside a range of time that are looked at for where a line comes from and goes to. */
const BESIDE = 5_000;

/** Counts numbers of one direction on beyond 2^32, from its first. */
class Unwrapped {
  base = 0;
  private known = false;
  private raw = 0;
  private value = 0;

  /** How far a number lies behind the first one; what comes long before it is negative. */
  at(raw: number, baseSeq: number): number {
    if (!this.known) {
      this.known = true;
      this.base = this.raw = baseSeq;
    }
    const value = this.value + seqDiff(raw, this.raw);
    // A number out of the blue (an attack, a stray reset) must not pull those after it along.
    if (value > this.value && value - this.value < 2 ** 30) {
      this.value = value;
      this.raw = raw;
    }
    return value;
  }
}

/** One direction, counted. */
class Counted {
  segments = 0;
  dataSegments = 0;
  payloadBytes = 0;
  ackedBytes = 0;
  readonly kinds = new Float64Array(TEXT_KINDS.length);
  samples = 0;
  sumNs = 0;
  shortestNs = Infinity;
  longestNs = 0;
  largestFlight = 0;
  largestCongestionWindow = 0;
  lowestWindow = Infinity;
  highestWindow = -1;
  zeroWindows = 0;
  wasZero = false;
  /** Numbers of the SYN and the FIN, raw; `null` while none was seen. */
  syn: number | null = null;
  fin: number | null = null;
  readonly numbers = new Unwrapped();
  readonly congestion = new CongestionWindow();
}

/**
 * The segments of one connection as graphs need them, a column a quantity and a row a segment: some 66 bytes each.
 * {@link step} walks a bounded number of them, on from where it stopped. Times are nanoseconds since the connection's
 * first segment. Pairs of columns are of direction 0 and 1 (`SegmentTable.flow`).
 */
export class GraphWalk {
  length = 0;
  segment = new Int32Array(0);
  timeNs = new Float64Array(0);
  bits = new Uint16Array(0);
  /** Relative sequence number and acknowledgment number, counted on beyond 2^32. */
  seq = new Float64Array(0);
  ack = new Float64Array(0);
  /** Payload bytes of the other direction that the segment acknowledges for the first time. */
  ackedBytes = new Uint32Array(0);
  /** Round trip by Karn's rule that the segment measures for the other direction, exact; NaN for none. */
  sampleNs = new Float64Array(0);
  /** Smoothed round trip and retransmission timeout of the other direction with that sample. */
  srttNs = new Float32Array(0);
  rtoNs = new Float32Array(0);
  /** After the segment, in bytes. */
  readonly flight: [Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>] = [new Uint32Array(0), new Uint32Array(0)];
  readonly congestionWindow: [Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>] = [
    new Float64Array(0),
    new Float64Array(0),
  ];
  /** SACK blocks as (row, left, right) in order, their edges counted from the acknowledgment of the row. */
  sackBlocks = new Int32Array(0);
  sackLength = 0;
  /** No segment is earlier than one before it: rows of a time are found by binary search. */
  ordered = true;
  firstNs = 0;
  lastNs = 0;
  private readonly course: Course;
  private readonly counted: readonly [Counted, Counted] = [new Counted(), new Counted()];

  constructor(
    readonly tracker: Tracker,
    readonly connection: number,
  ) {
    this.course = new Course(tracker, connection);
  }

  /** 0 or 1: the direction in which the client sends. */
  get clientDirection(): 0 | 1 {
    return this.tracker.connections.clientDirection(this.connection);
  }

  get done(): boolean {
    return this.length >= this.tracker.connections.segments(this.connection);
  }

  /** Payload bytes of a row. */
  payload(row: number): number {
    return Math.max(0, this.tracker.segments.payloadBytes.of(this.segment[row]!));
  }

  /** Numbers that a row occupies where it is drawn: its payload, and a SYN's or a FIN's one. A reset occupies none. */
  occupies(row: number): number {
    const { payloadBytes, bits } = this.tracker.segments;
    const segment = this.segment[row]!;
    const flags = bits[segment]!;
    return flags & RST ? 0 : Math.max(0, payloadBytes.of(segment)) + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
  }

  /** Place of the first of {@link sackBlocks} that is of a row or of one after it. */
  firstSackFrom(row: number): number {
    let low = 0;
    let high = this.sackLength / 3;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.sackBlocks[3 * middle]! < row) low = middle + 1;
      else high = middle;
    }
    return 3 * low;
  }

  /**
   * What to multiply the windows of a direction by, outside SYNs (RFC 7323 §2.2); -1 while that is not known, which makes
   * a scaled window negative.
   */
  windowFactor(direction: number): number {
    const shift = this.tracker.shift(this.connection, direction);
    return shift === SHIFT_UNKNOWN ? -1 : 2 ** Math.max(0, shift);
  }

  /** Walks the next segments, and says how far it has come. */
  step(pieces = 1): GraphProgress {
    const { tracker, connection } = this;
    const total = tracker.connections.segments(connection);
    this.reserve(total);
    const end = Math.min(total, this.length + pieces * PIECE);
    const { next } = tracker.segments;
    let segment =
      this.length === 0 ? tracker.connections.firstSegment(connection) : next[this.segment[this.length - 1]!]!;
    if (this.length === 0 && segment >= 0) this.firstNs = this.lastNs = this.course.timeOf(segment);
    for (; segment >= 0 && this.length < end; segment = next[segment]!) this.take(segment);
    return this.progress();
  }

  progress(): GraphProgress {
    const client = this.clientDirection;
    return {
      walked: this.length,
      segments: this.tracker.connections.segments(this.connection),
      done: this.done,
      durationNs: this.lastNs - this.firstNs,
      flows: { client: this.summary(client), server: this.summary((1 - client) as 0 | 1) },
    };
  }

  private take(segment: number): void {
    const { course, tracker } = this;
    const row = this.length++;
    const direction = (tracker.segments.flow[segment]! & 1) as 0 | 1;
    const other = (1 - direction) as 0 | 1;
    const [own, peer] = [this.counted[direction], this.counted[other]];
    const known = course.take(segment);
    const timeNs = known ? course.timeNs : course.timeOf(segment);
    this.segment[row] = segment;
    this.timeNs[row] = timeNs - this.firstNs;
    if (timeNs < this.lastNs) this.ordered = false;
    this.lastNs = Math.max(this.lastNs, timeNs);
    this.bits[row] = direction === 1 ? FROM_B : 0;
    this.seq[row] = this.ack[row] = this.sampleNs[row] = NaN;
    own.segments++;
    if (known) this.takeKnown(row, own, peer, direction);
    for (const of of [0, 1] as const) {
      const flow = course.flows[of];
      const counted = this.counted[of];
      this.flight[of][row] = flow.flight;
      this.congestionWindow[of][row] = counted.congestion.estimate;
      counted.largestFlight = Math.max(counted.largestFlight, flow.flight);
      if (counted.congestion.estimate > counted.largestCongestionWindow)
        counted.largestCongestionWindow = counted.congestion.estimate;
    }
  }

  private takeKnown(row: number, own: Counted, peer: Counted, direction: number): void {
    const { course, tracker } = this;
    const { flags, notes, segment } = course;
    const kind = kindOf(flags, notes, course.end !== course.seq);
    let bits = this.bits[row]! | kind;
    this.seq[row] = own.numbers.at(course.seq, tracker.baseSeqAt(this.connection, direction, segment) ?? course.seq);
    own.kinds[kind]!++;
    if (course.len > 0) own.dataSegments++;
    own.payloadBytes += course.len;
    if (flags & SYN) {
      bits |= IS_SYN;
      own.syn = course.seq;
    }
    if (flags & FIN) own.fin = seqAdd(course.end, -1);
    if (flags & ACK && (flags & RST) === 0) {
      bits |= HAS_ACK;
      this.ack[row] = peer.numbers.at(
        course.ack,
        tracker.baseSeqAt(this.connection, 1 - direction, segment) ?? course.ack,
      );
      if (notes & DUPLICATE_ACK) bits |= IS_DUPLICATE_ACK;
      this.takeSack(row);
    }
    if ((flags & RST) === 0) bits |= this.takeWindow(own, flags);
    this.bits[row] = bits;
    own.congestion.sent(course);
    peer.congestion.acked(course);
    this.takeAcked(row, peer);
  }

  private takeSack(row: number): void {
    const { sack, sackBlocks: blocks, ack } = this.course;
    const needed = this.sackLength + 3 * blocks;
    if (needed > this.sackBlocks.length) this.sackBlocks = grown(this.sackBlocks, roomFor(needed, this.sackLength, 0));
    for (let i = 0; i < 2 * blocks; i += 2) {
      this.sackBlocks[this.sackLength++] = row;
      this.sackBlocks[this.sackLength++] = seqDiff(sack[i]!, ack);
      this.sackBlocks[this.sackLength++] = seqDiff(sack[i + 1]!, ack);
    }
  }

  /** Rows `[start, end)` that hold those of a range of time, and some on either side. */
  rowsOf(from: number, to: number): [start: number, end: number] {
    if (!this.ordered) return [0, this.length];
    const { timeNs, length } = this;
    return [
      Math.max(0, lowerBound(timeNs, length, from) - BESIDE),
      Math.min(length, lowerBound(timeNs, length, to) + 1 + BESIDE),
    ];
  }

  private takeWindow(own: Counted, flags: number): number {
    const { window } = this.course;
    const isZero = (flags & SYN) === 0 && this.tracker.segments.window[this.course.segment] === 0;
    if (isZero && !own.wasZero) own.zeroWindows++;
    own.wasZero = isZero;
    if (window >= 0 && (flags & SYN) === 0) {
      own.lowestWindow = Math.min(own.lowestWindow, window);
      own.highestWindow = Math.max(own.highestWindow, window);
    }
    return HAS_WINDOW | (isZero ? IS_ZERO_WINDOW : 0);
  }

  private takeAcked(row: number, peer: Counted): void {
    const { course } = this;
    const { ack, newlyAcked } = course;
    if (newlyAcked > 0) {
      const from = seqAdd(ack, -newlyAcked);
      const isAcked = (number: number | null): boolean => number !== null && seqGe(number, from) && seqLt(number, ack);
      const bytes = newlyAcked - (isAcked(peer.syn) ? 1 : 0) - (isAcked(peer.fin) ? 1 : 0);
      this.ackedBytes[row] = bytes;
      peer.ackedBytes += bytes;
    }
    const sample = course.sampleNs;
    if (sample < 0) return;
    this.sampleNs[row] = sample;
    this.srttNs[row] = course.peer.rtt.srttNs;
    this.rtoNs[row] = course.peer.rtt.rtoNs;
    peer.samples++;
    peer.sumNs += sample;
    peer.shortestNs = Math.min(peer.shortestNs, sample);
    peer.longestNs = Math.max(peer.longestNs, sample);
  }

  private summary(direction: 0 | 1): FlowSummary {
    const counted = this.counted[direction];
    const shift = this.tracker.shift(this.connection, direction);
    return {
      segments: counted.segments,
      dataSegments: counted.dataSegments,
      payloadBytes: counted.payloadBytes,
      ackedBytes: counted.ackedBytes,
      retransmissions: counted.kinds[RETRANSMISSION!]!,
      fastRetransmissions: counted.kinds[FAST!]!,
      spuriousRetransmissions: counted.kinds[SPURIOUS!]!,
      outOfOrder: counted.kinds[OUT_OF_ORDER!]!,
      base: u32(counted.numbers.base),
      rtt:
        counted.samples === 0
          ? null
          : {
              samples: counted.samples,
              shortestNs: counted.shortestNs,
              meanNs: counted.sumNs / counted.samples,
              longestNs: counted.longestNs,
            },
      largestFlight: counted.largestFlight,
      largestCongestionWindow: counted.largestCongestionWindow === 0 ? null : counted.largestCongestionWindow,
      window: counted.highestWindow < 0 ? null : { lowest: counted.lowestWindow, highest: counted.highestWindow },
      zeroWindows: counted.zeroWindows,
      windowShift: shift === SHIFT_UNKNOWN ? null : Math.max(0, shift),
    };
  }

  private reserve(total: number): void {
    if (total <= this.segment.length) return;
    // Connections that are still being read grow; a complete one gets what it needs.
    const room = this.length === 0 ? total : Math.max(total, Math.ceil(this.length * 1.5));
    this.segment = grown(this.segment, room);
    this.timeNs = grown(this.timeNs, room);
    this.bits = grown(this.bits, room);
    this.seq = grown(this.seq, room);
    this.ack = grown(this.ack, room);
    this.ackedBytes = grown(this.ackedBytes, room);
    this.sampleNs = grown(this.sampleNs, room);
    this.srttNs = grown(this.srttNs, room);
    this.rtoNs = grown(this.rtoNs, room);
    for (const of of [0, 1] as const) {
      this.flight[of] = grown(this.flight[of], room);
      this.congestionWindow[of] = grown(this.congestionWindow[of], room);
    }
  }
}

function kindOf(flags: number, notes: number, occupies: boolean): number {
  if (flags & RST) return RESET!;
  if (notes !== 0) for (const [bit, kind] of BY_NOTE) if (notes & bit) return kind;
  return occupies || flags & (SYN | FIN) ? DATA! : 0;
}
