import { seqDiff, seqGe, seqGt } from '../bytes/seq';
import type { CallEvidence } from '../explain/calls';
import type { SynSeries } from '../explain/series';
import { HAS_FAST_OPEN } from '../model/facts';
import { ACK, FIN, RST, SYN } from '../model/flags';
import { noteBit } from '../model/segment';
import { SHIFT_UNKNOWN } from '../tcp/endpoint';
import { FLAG_BITS, type SegmentTable, UNDELIVERED } from '../tcp/tables';
import { PARTLY_HIDDEN } from '../tcp/connection-table';
import type { Tracker } from '../tcp/tracker';

/** Segments that are looked at after one, and before it. */
const AHEAD = 4096;
const BACK = 256;
/** Rows in which the next data of a sender is near. */
const NEAR = 8;
/** RFC 9293 §3.7.1: what every path carries, so that a segment with less is not cut off. */
const DEFAULT_MSS = 536;

const REPEATED =
  noteBit('retransmission') |
  noteBit('fast-retransmission') |
  noteBit('spurious-retransmission') |
  noteBit('keep-alive') |
  noteBit('zero-window-probe');

/** What stands around a segment in its connection: looked for when somebody asks, within bounds. */
export class Surroundings implements CallEvidence {
  private readonly table: SegmentTable;
  private readonly direction: number;

  constructor(
    private readonly tracker: Tracker,
    private readonly segment: number,
    private readonly previous: (segment: number) => number,
    /** Bits `HAS_*`; `null` where the bytes are not to be had. */
    private readonly options: number | null,
  ) {
    this.table = tracker.segments;
    this.direction = this.table.flow[segment]! & 1;
  }

  get hasOptions(): boolean {
    return this.options !== 0;
  }

  get asksForFastOpen(): boolean {
    return ((this.options ?? 0) & HAS_FAST_OPEN) !== 0;
  }

  get windowGrain(): number {
    return 2 ** Math.max(0, this.tracker.shift(this.table.flow[this.segment]! >> 1, this.direction));
  }

  get isRepeated(): boolean {
    return (this.table.notes[this.segment]! & REPEATED) !== 0;
  }

  resetOfSynAck(): number | null {
    let answer = -1;
    for (const other of this.ahead(NEAR)) {
      const flags = this.flags(other);
      if (!this.isOwn(other)) answer = (flags & (SYN | ACK)) === (SYN | ACK) ? other : answer;
      else if (answer >= 0)
        return flags & RST && this.table.seq[other] === this.table.ack[answer] ? this.packet(other) : null;
    }
    return null;
  }

  receiverOpened(): boolean {
    for (const other of this.back(BACK))
      if (!this.isOwn(other) && (this.flags(other) & (SYN | ACK | RST)) === SYN) return true;
    return false;
  }

  answerWithData(): number | null {
    for (const other of this.ahead(AHEAD))
      if (!this.isOwn(other) && (this.flags(other) & RST) === 0 && (this.length(other) > 0 || this.flags(other) & FIN))
        return this.packet(other);
    return null;
  }

  looksFull(): boolean {
    const length = this.length(this.segment);
    if (length < DEFAULT_MSS) return false;
    for (const near of [this.ahead(NEAR), this.back(NEAR)])
      for (const other of near) if (this.isOwn(other) && this.length(other) === length) return true;
    return false;
  }

  afterFin(): ReturnType<CallEvidence['afterFin']> {
    const { table, segment } = this;
    const acked = table.ack[segment]!;
    const endOf = (fin: number): number => (table.seq[fin]! + this.length(fin) + 1) | 0;
    let finEnd: number | null = null;
    for (const other of this.back(BACK)) if (!this.isOwn(other) && this.flags(other) & FIN) finEnd = endOf(other);
    let data = -1;
    for (const other of this.ahead(AHEAD)) {
      const flags = this.flags(other);
      if (!this.isOwn(other)) {
        if (flags & FIN) finEnd = endOf(other);
        if (this.length(other) > 0) data = other;
      } else if (flags & RST) return data < 0 ? null : { what: 'reset', packet: this.packet(other) };
      else if (flags & ACK) {
        const ack = table.ack[other]!;
        const fin = finEnd !== null && seqGe(ack, finEnd) && seqGt(finEnd, acked) ? 1 : 0;
        if (seqDiff(ack, acked) > fin) return { what: 'taken', packet: this.packet(other) };
      }
    }
    return null;
  }

  gaveUp(): boolean {
    for (const other of this.back(BACK)) {
      if (!this.isOwn(other)) return false;
      if (this.table.notes[other]! & REPEATED) return true;
    }
    return false;
  }

  /**
   * The right edge of the receive window stays where it is while nothing is read. That it moves proves nothing: a buffer
   * grows by itself, and a window scale rounds up.
   */
  unread(): 'yes' | 'perhaps' | 'no' {
    const { table } = this;
    const shift = this.tracker.shift(table.flow[this.segment]! >> 1, this.direction);
    const grain = this.windowGrain;
    let last = -1;
    let received = false;
    for (const other of this.back(BACK)) {
      if (!this.isOwn(other)) {
        received ||= this.length(other) > 0 && (table.bits[other]! & UNDELIVERED) === 0;
        continue;
      }
      // What it sent after the last data answers that.
      if (!received && this.length(other) > 0) return 'no';
      if (last < 0) last = other;
      const got = seqDiff(table.ack[last]!, table.ack[other]!);
      if (!received || got <= 0 || (this.flags(other) & SYN) !== 0) continue;
      if (shift === SHIFT_UNKNOWN) return 'perhaps';
      const moved = got + (table.window[last]! - table.window[other]!) * grain;
      return got > 2 * grain && moved <= grain ? 'yes' : 'perhaps';
    }
    return received ? 'perhaps' : 'no';
  }

  /** The place of a SYN or SYN-ACK among its repetitions. */
  synSeries(): SynSeries {
    const { table, segment } = this;
    const kind = this.flags(segment) & (SYN | ACK);
    const same = (other: number): boolean =>
      this.isOwn(other) && (this.flags(other) & (SYN | ACK | RST)) === kind && table.seq[other] === table.seq[segment];
    const elapsedNs = (from: number): number => this.tracker.lapseNs(from, segment);
    let number = 1;
    let last = -1;
    let first = segment;
    let synAgain = -1;
    for (const other of this.back(BACK)) {
      if (same(other)) {
        number++;
        first = other;
        if (last < 0) last = other;
      } else if (last < 0 && synAgain < 0 && !this.isOwn(other) && (this.flags(other) & (SYN | ACK)) === SYN)
        synAgain = other;
    }
    let isLast = true;
    // Among lines that tell nothing of TCP may be the ACK.
    const marks = this.tracker.connections.marks(this.table.flow[segment]! >> 1);
    let isAnswered = kind !== SYN && (marks & PARTLY_HIDDEN) !== 0;
    for (const other of this.ahead(AHEAD)) {
      if (same(other)) isLast = false;
      else if (!this.isOwn(other)) isAnswered ||= kind === SYN || (this.flags(other) & SYN) === 0;
      if (isAnswered || !isLast) break;
    }
    return {
      isAnswer: kind !== SYN,
      number,
      waitedNs: last < 0 ? 0 : elapsedNs(last),
      totalNs: elapsedNs(first),
      answersAgain: number > 1 && kind !== SYN && synAgain >= 0 ? this.packet(synAgain) : null,
      isLast,
      isAnswered,
    };
  }

  /**
   * The packet that this one is a copy of, made by a mirror port or by capturing on two interfaces: a sender that repeats
   * something gives it another IP identification. `null` for none, and where there is no identification.
   */
  copyOf(): number | null {
    const { table, segment } = this;
    if (table.ipId[segment] === 0) return null;
    for (const other of this.back(NEAR)) if (table.isAlike(other, segment)) return this.packet(other);
    return null;
  }

  /** Time since the connection's first SYN, in nanoseconds; 0 where it does not begin with one. */
  sinceFirstSyn(): number {
    const first = this.tracker.connections.firstSegment(this.table.flow[this.segment]! >> 1);
    if ((this.flags(first) & (SYN | ACK | RST)) !== SYN) return 0;
    return this.tracker.lapseNs(first, this.segment);
  }

  /** Whether a SYN had to be sent again before it. */
  synWasRepeated(): boolean {
    const { table } = this;
    const seen = new Map<number, number>();
    for (const other of this.back(BACK)) {
      const flags = this.flags(other);
      if ((flags & SYN) === 0) continue;
      const kind = (flags & ACK) | (table.flow[other]! & 1);
      if (seen.get(kind) === table.seq[other]) return true;
      seen.set(kind, table.seq[other]!);
    }
    return false;
  }

  private isOwn(other: number): boolean {
    return (this.table.flow[other]! & 1) === this.direction;
  }

  private flags(other: number): number {
    return this.table.bits[other]! & FLAG_BITS;
  }

  private length(other: number): number {
    return Math.max(0, this.table.payloadBytes.of(other));
  }

  private packet(other: number): number {
    return this.tracker.packetOf(other);
  }

  /** The next segments of the connection, nearest first. */
  private *ahead(limit: number): Generator<number> {
    let other = this.table.next[this.segment]!;
    for (let looked = 0; other >= 0 && looked < limit; looked++, other = this.table.next[other]!) yield other;
  }

  /** The segments before it, nearest first. */
  private *back(limit: number): Generator<number> {
    let other = this.previous(this.segment);
    for (let looked = 0; other >= 0 && looked < limit; looked++, other = this.previous(other)) yield other;
  }
}
