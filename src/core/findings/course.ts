import { seqAdd, seqDiff, seqGe, seqGt, seqLe, seqLt, u32 } from '../bytes/seq';
import { NO_FLAGS } from '../model/facts';
import { ACK, FIN, RST, SYN } from '../model/flags';
import type { Message } from '../model/message';
import { noteBit } from '../model/segment';
import { SIDE_NAMES } from '../model/side';
import { PARTLY_HIDDEN } from '../tcp/connection-table';
import { SHIFT_UNKNOWN } from '../tcp/endpoint';
import { FLAG_BITS, WITH_SACK } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import { Rtt } from './rtt';

const DUPLICATE_ACK = noteBit('duplicate-ack');

/** A stretch of sequence numbers that was sent at once and has not been acknowledged. */
export interface Sent {
  readonly start: number;
  readonly end: number;
  /** The first and the last segment that carried it. */
  readonly first: number;
  last: number;
  readonly firstNs: number;
  lastNs: number;
  /** How often it was sent. */
  times: number;
  /** The receiver has reported to hold it (RFC 2018). */
  sacked: boolean;
}

/** Retransmissions that are remembered for a DSACK to point at. */
const REMEMBERED_RESENDS = 256;

/** One direction of a connection as its sender's congestion control would see it, from what was captured. */
export class Flow {
  /** What is not acknowledged, in the order of its sequence numbers. */
  readonly sent: Sent[] = [];
  /** Index of the oldest in {@link sent}; what is before it has been acknowledged. */
  head = 0;
  /** Whether anything that occupies sequence space has been seen; {@link una} and {@link max} are valid. */
  started = false;
  /** First number not acknowledged, and the number after the highest sent. */
  una = 0;
  max = 0;
  /** Bytes that SACK blocks cover beyond {@link una}. */
  sackedBytes = 0;
  /** Duplicate ACKs in a row that the peer has sent. */
  duplicateAcks = 0;
  /** Largest payload of a segment, in bytes. */
  largest = 0;
  /** Most sequence numbers that a segment has had acknowledged. */
  largestAcked = 0;
  readonly rtt = new Rtt();
  /** Retransmissions, the latest last. */
  readonly resends: { readonly start: number; readonly end: number; readonly segment: number }[] = [];
  /** Receive window that this side advertised last, scaled; -1 while unknown. And the largest ever. */
  window = -1;
  largestWindow = 0;
  /** Time of the last segment, and of the last with payload, in nanoseconds; -1 while there is none. */
  lastNs = -1;
  lastDataNs = -1;

  /** Bytes sent and neither acknowledged nor reported as received. */
  get flight(): number {
    return this.started ? Math.max(0, seqDiff(this.max, this.una) - this.sackedBytes) : 0;
  }

  /** The oldest that is not acknowledged. */
  get oldest(): Sent | null {
    return this.sent[this.head] ?? null;
  }
}

/**
 * A walk over the segments of one connection. After {@link take} it shows the segment and both flows with the segment in
 * them. It knows what the columns know: nothing is read from the file.
 */
export class Course {
  segment = -1;
  /** 0-based position in the connection. */
  row = -1;
  direction = 0;
  /** Since the first packet of the capture, in nanoseconds. */
  timeNs = 0;
  flags = 0;
  seq = 0;
  ack = 0;
  /** Payload bytes, 0 where unknown. */
  len = 0;
  /** Number after what the segment occupies. */
  end = 0;
  /** Scaled; -1 where the shift is unknown. */
  window = -1;
  notes = 0;
  readonly sack = new Int32Array(8);
  sackBlocks = 0;
  /** The flow that sent the segment, and the other one. */
  own: Flow;
  peer: Flow;
  /** What was sent before that the segment carries again, where it does; it counts this time already. */
  resent: Sent | null = null;
  /** Time between the last two times that {@link resent} was sent. */
  sinceSentNs = 0;
  /** The segment carries numbers that were sent before. */
  isResend = false;
  /** Bytes that the segment acknowledges for the first time, and those of them that were in SACK blocks. */
  newlyAcked = 0;
  /** Whether the first number after the acknowledgment had been reported as received (RFC 2018). */
  acksIntoSacked = false;
  /** Since the last segment of the same flow before this one, in nanoseconds; -1 where there is none. */
  idleNs = -1;
  /** Since the last segment of either flow. */
  silenceNs = -1;
  /** Round trip that the segment measures: from the last segment that it acknowledges, sent once; -1 for none. */
  sampleNs = -1;

  readonly flows: readonly [Flow, Flow] = [new Flow(), new Flow()];

  constructor(
    readonly tracker: Tracker,
    readonly connection: number,
  ) {
    [this.own, this.peer] = this.flows;
  }

  /** Segments of it may be there that the trace does not tell of. */
  get isPartlyHidden(): boolean {
    return (this.tracker.connections.marks(this.connection) & PARTLY_HIDDEN) !== 0;
  }

  /** A number of a flow counted from its base, as it is shown. */
  relative(direction: number, raw: number): number {
    return u32(raw - (this.tracker.baseSeqAt(this.connection, direction, this.segment) ?? 0));
  }

  /** Which side a flow's sender is. */
  side(direction: number): Message {
    const isClient = direction === this.tracker.connections.clientDirection(this.connection);
    return SIDE_NAMES[isClient ? 'client' : 'server'];
  }

  packet(segment: number): number {
    return this.tracker.packetOf(segment);
  }

  timeOf(segment: number): number {
    return this.tracker.timeNs(segment);
  }

  has(note: number): boolean {
    return (this.notes & note) !== 0;
  }

  /**
   * Moves on to the next segment. Those are passed over of which nobody knows what they take of the sequence space,
   * because the length cannot be told, or a text gives addresses and lengths alone: returns false for them.
   */
  take(segment: number): boolean {
    const { tracker } = this;
    const { segments: table } = tracker;
    this.row++;
    const len = table.payloadBytes.of(segment);
    const bits = table.bits[segment]!;
    if (len < 0 || table.absentOf(segment) & NO_FLAGS) return false;
    this.segment = segment;
    this.direction = table.flow[segment]! & 1;
    this.timeNs = this.timeOf(segment);
    this.flags = bits & FLAG_BITS;
    this.seq = table.seq[segment]!;
    this.ack = table.ack[segment]!;
    this.len = len;
    this.end = seqAdd(this.seq, len + (this.flags & SYN ? 1 : 0) + (this.flags & FIN ? 1 : 0));
    this.notes = table.notes[segment]!;
    this.sackBlocks = bits & WITH_SACK ? tracker.sacks.read(segment, this.sack) : 0;
    this.own = this.flows[this.direction as 0 | 1];
    this.peer = this.flows[(1 - this.direction) as 0 | 1];
    this.scale(table.window[segment]!);
    this.resent = null;
    this.isResend = false;
    this.newlyAcked = 0;
    this.acksIntoSacked = false;
    this.sampleNs = -1;
    const last = Math.max(this.own.lastNs, this.peer.lastNs);
    this.idleNs = this.own.lastNs < 0 ? -1 : this.timeNs - this.own.lastNs;
    this.silenceNs = last < 0 ? -1 : this.timeNs - last;
    if (this.flags & RST) return true;
    if (this.flags & ACK) this.takeAck();
    if (this.end !== this.seq) this.takeText();
    this.own.lastNs = this.timeNs;
    if (len > 0) this.own.lastDataNs = this.timeNs;
    return true;
  }

  private scale(window: number): void {
    const shift = this.tracker.shift(this.connection, this.direction);
    this.window = this.flags & SYN ? window : shift === SHIFT_UNKNOWN ? -1 : window * 2 ** Math.max(0, shift);
    if (this.flags & RST) return;
    this.own.window = this.window;
    if (this.window > this.own.largestWindow) this.own.largestWindow = this.window;
  }

  private takeAck(): void {
    const { peer, ack } = this;
    if (!peer.started) return;
    if (seqGt(ack, peer.una) && seqLe(ack, peer.max)) {
      this.newlyAcked = seqDiff(ack, peer.una);
      peer.una = ack;
      peer.duplicateAcks = 0;
      this.acknowledge(ack);
    } else if (this.has(DUPLICATE_ACK)) peer.duplicateAcks++;
    for (let i = 0; i < 2 * this.sackBlocks; i += 2) this.report(this.sack[i]!, this.sack[i + 1]!);
  }

  /** Forgets what has been acknowledged, and measures the round trip by Karn's rule (RFC 6298 §3). */
  private acknowledge(ack: number): void {
    const { peer } = this;
    let newest: Sent | null = null;
    while (peer.head < peer.sent.length) {
      const sent = peer.sent[peer.head]!;
      if (seqGt(sent.end, ack)) {
        this.acksIntoSacked = sent.sacked && seqLe(sent.start, ack);
        break;
      }
      const size = seqDiff(sent.end, sent.start);
      if (sent.sacked) peer.sackedBytes -= size;
      else newest = sent;
      if (size > peer.largestAcked) peer.largestAcked = size;
      peer.head++;
    }
    if (peer.head > 1024 && peer.head * 2 > peer.sent.length) {
      peer.sent.splice(0, peer.head);
      peer.head = 0;
    }
    // What fills a gap acknowledges what waited behind it as well: no round trip of theirs.
    if (newest !== null && newest.times === 1) {
      this.sampleNs = this.timeNs - newest.firstNs;
      peer.rtt.take(this.sampleNs);
    }
  }

  private report(left: number, right: number): void {
    const { peer } = this;
    if (!seqLt(left, right)) return;
    for (let at = firstFrom(peer, left); at < peer.sent.length; at++) {
      const sent = peer.sent[at]!;
      if (seqGt(sent.end, right)) break;
      if (sent.sacked || seqLt(sent.start, left)) continue;
      sent.sacked = true;
      peer.sackedBytes += seqDiff(sent.end, sent.start);
    }
  }

  private takeText(): void {
    const { own, seq, end, segment, timeNs } = this;
    if (this.len > own.largest) own.largest = this.len;
    if (!own.started) {
      own.started = true;
      own.una = seq;
      own.max = seq;
    }
    if (seqLt(seq, own.max)) {
      this.isResend = true;
      this.resend(segment);
    }
    if (!seqGt(end, own.max)) return;
    const start = seqGt(own.max, seq) ? own.max : seq;
    own.sent.push({
      start,
      end,
      first: segment,
      last: segment,
      firstNs: timeNs,
      lastNs: timeNs,
      times: 1,
      sacked: false,
    });
    own.max = end;
  }

  private resend(segment: number): void {
    const { own, seq, end, timeNs } = this;
    for (let at = firstFrom(own, seq); at < own.sent.length; at++) {
      const sent = own.sent[at]!;
      if (seqGe(sent.start, end)) break;
      if (this.resent === null) {
        this.resent = sent;
        this.sinceSentNs = timeNs - sent.lastNs;
      }
      sent.times++;
      sent.last = segment;
      sent.lastNs = timeNs;
    }
    own.resends.push({ start: seq, end, segment });
    if (own.resends.length > REMEMBERED_RESENDS) own.resends.shift();
  }
}

/** Index of the first that ends after `number`, by binary search. */
function firstFrom({ sent, head }: Flow, number: number): number {
  let low = head;
  let high = sent.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (seqGt(sent[middle]!.end, number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
