import { seqAdd, seqGt, seqLe, seqLt } from '../bytes/seq';
import { ACK, FIN, RST, SYN } from '../model/flags';
import { CLOSED, ESTABLISHED, LAST_ACK, SYN_RECEIVED, SYN_SENT } from '../model/states';
import { type ConnectionTable, CORRECTED, REJECTED } from './connection-table';
import { Endpoint, HAS_SPOKEN, KNOWS_IRS, KNOWS_ISS, KNOWS_RCV, PASSIVE } from './endpoint';
import type { Judge } from './judge';
import {
  ACCEPTED,
  acknowledgesSyn,
  arrive,
  begin,
  listen,
  observe,
  Observed,
  unreceiveRepeated,
  unreceiveSynAck,
} from './observe';
import { loadObserved, type SeenSegments } from './replay';
import { MEETS_OLDER, TEXT_TAKEN, TEXT_UNDELIVERED, UNDELIVERED } from './tables';

/** What is sent again sooner is a copy that a network or a mirror port made. */
const SHORTEST_REPEAT_NS = 3e6;

/**
 * Moves both endpoints of a connection by each segment. A segment is taken for arrived until a later one of its receiver
 * shows that it was not: then what it did is taken back, and marked in the columns, so that a replay knows it beforehand.
 */
export class Movement {
  readonly sender = new Endpoint();
  readonly receiver = new Endpoint();
  /** The segment that they are moved by. */
  readonly observed = new Observed();
  /** An earlier segment that is looked at again. */
  private readonly earlier = new Observed();

  /**
   * @param judge has judged the segment that the endpoints are moved by
   * @param gapNs time from one segment to another in nanoseconds; infinite where there are no times
   */
  constructor(
    private readonly seen: SeenSegments & { readonly connections: ConnectionTable },
    private readonly judge: Judge,
    private readonly gapNs: (from: number, to: number) => number,
  ) {}

  /** Lets both ends see the first segment of their connection, the one in {@link observed}. */
  open(): void {
    const { sender, receiver, observed } = this;
    begin(sender, receiver, observed);
    if (observed.len >= 0) observe(sender, receiver, observed);
  }

  /** Lets both ends see another one. `previous` is its sender's last before it, -1 where this is the first. */
  move(segment: number, connection: number, direction: number, previous: number): void {
    const since = previous < 0 ? this.seen.connections.firstSegment(connection) : previous;
    if ((this.observed.flags & (SYN | RST)) !== 0) return this.moveByControl(segment, direction, since);
    if (previous < 0 && this.speaksOfOlder()) this.meetOlder(segment, connection, direction);
    this.moveByText(segment, direction, since);
  }

  /**
   * We took it for a listener that had got the peer's SYN, but what it says first does not answer that: it has an older
   * connection between the same sockets, of which the peer knows nothing (figure 9).
   */
  private speaksOfOlder(): boolean {
    const { sender, receiver, observed } = this;
    if (sender.state !== SYN_RECEIVED || sender.has(KNOWS_ISS) || (observed.flags & ACK) === 0) return false;
    return !acknowledgesSyn(receiver, observed);
  }

  /** The SYNs so far have met a connection, which the sender of the next segment goes on with. */
  private meetOlder(end: number, connection: number, direction: number): void {
    const { sender, receiver } = this;
    const { segments, connections } = this.seen;
    connections.mark(connection, CORRECTED | REJECTED);
    for (let other = connections.firstSegment(connection); other >= 0 && other < end; other = segments.next[other]!)
      if ((segments.flow[other]! & 1) !== direction && isSyn(other, segments.bits[other]!)) {
        segments.notes[other]! |= MEETS_OLDER;
        segments.bits[other]! &= ~(UNDELIVERED | TEXT_UNDELIVERED);
      }
    sender.reset(ESTABLISHED);
    this.seen.resumeOlder(connection, direction, sender, receiver);
  }

  /** Lets both ends see a segment without SYN and RST; `since` is its sender's last one before it. */
  private moveByText(segment: number, direction: number, since: number): void {
    const { sender, observed } = this;
    const { segments } = this.seen;
    const { state, resetFrom, rcvNxt } = sender;
    const knewRcv = sender.has(KNOWS_RCV);
    if (state === SYN_SENT && observed.flags & ACK) this.receiveSynAck(since, segment, direction);
    this.unreceiveRepeated(segment, direction);
    this.observe(segment);
    if (resetFrom !== CLOSED && sender.resetFrom === CLOSED) this.unreceiveResets(since, segment, direction);
    if (state === CLOSED && sender.state === LAST_ACK)
      this.unreceive(since, segment, 1 - direction, UNDELIVERED, (_, bits) => (bits & (SYN | RST | FIN)) === 0);
    // It has not got all that we took for received (see `unreceiveText`).
    if (knewRcv && seqLt(sender.rcvNxt, rcvNxt))
      this.unreceive(since, segment, 1 - direction, TEXT_UNDELIVERED, (other, bits) => {
        if (bits & RST || (bits & (SYN | ACK)) === SYN) return false;
        const start = seqAdd(segments.seq[other]!, bits & SYN ? 1 : 0);
        const end = seqAdd(start, Math.max(0, segments.payloadBytes.of(other)) + (bits & FIN ? 1 : 0));
        return end !== start && seqGt(end, sender.rcvNxt) && !isSacked(observed, start, end);
      });
  }

  /**
   * Data or a FIN that are sent again later than a round trip, to a receiver that has said nothing since the first time:
   * it had to wait for them, as far as the trace shows.
   */
  private unreceiveRepeated(segment: number, direction: number): void {
    const { sender, receiver, observed, judge } = this;
    const { segments } = this.seen;
    const { seq, len, flags } = observed;
    const end = seqAdd(seq, len + (flags & FIN ? 1 : 0));
    if (end === seq || !receiver.has(KNOWS_RCV) || !seqLt(seq, receiver.rcvNxt)) return;
    // What it has acknowledged has arrived.
    const last = judge.peer.lastAckSegment;
    if (last < 0 || seqLt(seq, judge.peer.lastAck)) return;
    const roundTripNs = Math.max(SHORTEST_REPEAT_NS, judge.initialRttNs());
    let found = false;
    this.unreceive(last, segment, direction, TEXT_UNDELIVERED, (other, bits) => {
      const start = segments.seq[other]!;
      const stop = seqAdd(start, Math.max(0, segments.payloadBytes.of(other)) + (bits & FIN ? 1 : 0));
      const repeated =
        (bits & (SYN | RST)) === 0 && seqLt(start, end) && seqGt(stop, seq) && this.gapNs(other, segment) > roundTripNs;
      found ||= repeated;
      return repeated;
    });
    if (!found) return;
    unreceiveRepeated(receiver, sender, seq, end);
    // What else came since was judged by what had not arrived.
    this.seen.connections.mark(segments.flow[segment]! >> 1, REJECTED);
  }

  private moveByControl(segment: number, direction: number, since: number): void {
    const { sender, receiver, observed } = this;
    const { segments } = this.seen;
    const { state } = sender;
    const hadIrs = sender.has(KNOWS_IRS);
    const kind = observed.flags & (SYN | ACK | RST);
    if (kind === (SYN | ACK) && this.isUnheard(since)) this.unreceiveSynAcks(segment, direction);
    if (kind === (SYN | ACK) && state === SYN_RECEIVED && seqGt(observed.ack, sender.rcvNxt))
      this.takeTextOfSyn(segment, direction);
    if (kind === SYN && this.wasLost(since, segment, direction)) {
      listen(receiver);
      const connection = segments.flow[segment]! >> 1;
      this.unreceive(this.seen.connections.firstSegment(connection), segment, direction, TEXT_UNDELIVERED, isSyn);
      // What it has said before, it said as what it no longer is.
      if (this.judge.peer.lastAckSegment >= 0) this.seen.connections.mark(connection, REJECTED);
    }
    if (kind === RST && this.isUnknownTo()) {
      sender.reset(CLOSED);
      const first = this.seen.connections.firstSegment(segments.flow[segment]! >> 1);
      this.unreceive(first, segment, 1 - direction, UNDELIVERED, isAny);
    }
    this.observe(segment);
    observed.undelivered = false;
    // Who sends a SYN has got neither the SYN nor the SYN-ACKs that the peer sent since: its own crosses them
    // (simultaneous open), or they were lost. Who refuses them with a reset has no connection to take them.
    if ((kind === SYN && sender.state === SYN_SENT) || (kind & RST && hadIrs && !sender.has(KNOWS_IRS)))
      this.unreceive(since, segment, 1 - direction, UNDELIVERED, isSyn);
    // Who repeats a SYN-ACK has got no acknowledgment of it, nor anything that came with one.
    if (state >= ESTABLISHED && sender.state === SYN_RECEIVED)
      this.unreceive(since, segment, 1 - direction, UNDELIVERED, (_, bits) => (bits & (SYN | RST)) === 0);
  }

  /** None of its SYN-ACKs has reached an end that would have acknowledged it at once (RFC 9293 §3.10.7.3). */
  private unreceiveSynAcks(segment: number, direction: number): void {
    const { receiver, observed, judge } = this;
    const { segments, connections } = this.seen;
    const connection = segments.flow[segment]! >> 1;
    observed.undelivered = true;
    segments.bits[segment]! |= UNDELIVERED;
    const last = judge.peer.lastAckSegment;
    const start = last < 0 ? connections.firstSegment(connection) : last;
    if (receiver.has(PASSIVE)) {
      // It has got the SYN before, and must have sent one that the capture lacks (simultaneous open).
      receiver.state = SYN_RECEIVED;
      connections.mark(connection, REJECTED);
      this.unreceive(start, segment, direction, UNDELIVERED, isSynAck);
    } else {
      if (receiver.state === ESTABLISHED) unreceiveSynAck(receiver);
      this.unreceive(start, segment, direction, UNDELIVERED, isSyn);
    }
  }

  /** The next segment, a SYN-ACK, acknowledges more than the SYN: its payload, too. */
  private takeTextOfSyn(end: number, direction: number): void {
    const { observed } = this;
    const { segments, connections } = this.seen;
    connections.mark(segments.flow[end]! >> 1, CORRECTED);
    let other = connections.firstSegment(segments.flow[end]! >> 1);
    for (; other >= 0 && other < end; other = segments.next[other]!) {
      const isOpening = (segments.flow[other]! & 1) !== direction && isSyn(other, segments.bits[other]!);
      const length = segments.payloadBytes.of(other);
      if (isOpening && length > 0 && seqAdd(segments.seq[other]!, 1 + length) === observed.ack)
        segments.notes[other]! |= TEXT_TAKEN;
    }
  }

  private observe(segment: number): void {
    if (observe(this.sender, this.receiver, this.observed) > ACCEPTED)
      this.seen.connections.mark(this.seen.segments.flow[segment]! >> 1, REJECTED);
  }

  /** The sender repeats its SYN-ACK, and the peer has been silent since the last one, `since`. */
  private isUnheard(since: number): boolean {
    const { sender, receiver, observed, judge } = this;
    if (sender.state !== SYN_RECEIVED || !sender.has(KNOWS_ISS) || sender.iss !== observed.seq) return false;
    if (judge.peer.lastAckSegment > since || receiver.has(HAS_SPOKEN)) return false;
    return receiver.state === (receiver.has(PASSIVE) ? SYN_RECEIVED : SYN_SENT) || receiver.state === ESTABLISHED;
  }

  /** A SYN is sent again, later than any copy would come, and a listener has said nothing since the last one, `since`. */
  private wasLost(since: number, segment: number, direction: number): boolean {
    const { sender, receiver, observed } = this;
    const { segments } = this.seen;
    if (sender.state !== SYN_SENT || sender.iss !== observed.seq || receiver.state !== SYN_RECEIVED) return false;
    if (receiver.has(KNOWS_ISS) || (segments.flow[since]! & 1) !== direction) return false;
    return this.gapNs(since, segment) > SHORTEST_REPEAT_NS;
  }

  /**
   * A reset without ACK that has the number which the peer's last segment acknowledged, from an end that has sent nothing
   * else: that end has no such connection (RFC 9293 §3.10.7.1). An end that aborts one acknowledges what it has received.
   */
  private isUnknownTo(): boolean {
    const { sender, observed } = this;
    const { segments } = this.seen;
    const last = this.judge.peer.lastAckSegment;
    if (sender.state < ESTABLISHED || sender.has(HAS_SPOKEN) || sender.has(KNOWS_ISS) || last < 0) return false;
    return (segments.bits[last]! & ACK) !== 0 && segments.ack[last] === observed.seq;
  }

  /** The sender of the next segment has a connection: the last SYN-ACK, which it was silent about so far, has arrived. */
  private receiveSynAck(since: number, segment: number, direction: number): void {
    const { segments } = this.seen;
    let last = -1;
    for (let other = since; other >= 0 && other < segment; other = segments.next[other]!)
      if ((segments.flow[other]! & 1) !== direction && isSyn(other, segments.bits[other]!)) last = other;
    if (last < 0 || (segments.bits[last]! & UNDELIVERED) === 0) return;
    segments.bits[last]! &= ~UNDELIVERED;
    loadObserved(this.seen, last, this.earlier);
    arrive(this.sender, this.receiver, this.earlier);
  }

  /** Marks the segments of `direction` in `[start, end)` that `which` picks by their number and bits. */
  private unreceive(
    start: number,
    end: number,
    direction: number,
    mark: number,
    which: (segment: number, bits: number) => boolean,
  ): void {
    const { segments } = this.seen;
    this.seen.connections.mark(segments.flow[start]! >> 1, CORRECTED);
    for (let segment = start; segment >= 0 && segment < end; segment = segments.next[segment]!) {
      const bits = segments.bits[segment]!;
      if ((segments.flow[segment]! & 1) === direction && which(segment, bits)) segments.bits[segment] = bits | mark;
    }
  }

  /**
   * Who goes on has not got the resets that the peer sent since `start`, its last segment. Where the peer sent something
   * else after them, that has been judged without a connection, and stays so.
   */
  private unreceiveResets(start: number, end: number, direction: number): void {
    const { segments } = this.seen;
    this.seen.connections.mark(segments.flow[start]! >> 1, CORRECTED);
    let reset = -1;
    for (let segment = start; segment >= 0 && segment < end; segment = segments.next[segment]!) {
      if ((segments.flow[segment]! & 1) === direction) continue;
      if (segments.bits[segment]! & RST) reset = reset < 0 ? segment : reset;
      else if (reset >= 0) return;
    }
    for (let segment = reset; segment >= 0 && segment < end; segment = segments.next[segment]!)
      if (segments.bits[segment]! & RST) segments.bits[segment]! |= UNDELIVERED;
  }
}

const isAny = (): boolean => true;
const isSynAck = (_: number, bits: number): boolean => (bits & (SYN | ACK | RST)) === (SYN | ACK);
const isSyn = (_: number, bits: number): boolean => (bits & (SYN | RST)) === SYN;

/** Whether one of the segment's SACK blocks covers `[start, end)`. */
function isSacked({ sack, sackBlocks }: Observed, start: number, end: number): boolean {
  for (let i = 0; i < 2 * sackBlocks; i += 2) if (seqLe(sack[i]!, start) && seqLe(end, sack[i + 1]!)) return true;
  return false;
}
