import { seqAdd, seqGe, seqGt } from '../bytes/seq';
import type { Course, EndCourse, Trouble } from '../model/course';
import { ACK, FIN, RST, SYN } from '../model/flags';
import { NOTE_BITS, NOTE_KINDS, noteBit } from '../model/segment';
import { FLAG_BITS, type SegmentTable, UNDELIVERED } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';

const RESENT = noteBit('retransmission') | noteBit('fast-retransmission') | noteBit('spurious-retransmission');
const OUT_OF_ORDER = noteBit('out-of-order');
const MISSING = noteBit('lost-segment') | noteBit('ack-lost-segment');
/** What is sent because nothing came: again, or to see whether the other end is there. */
const REPEATED = RESENT | noteBit('keep-alive') | noteBit('zero-window-probe');
const ZERO_WINDOW = noteBit('zero-window') | noteBit('zero-window-probe-ack');

/** Segments that are remembered of each trouble. */
const EVIDENCE = 3;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** {@link EndCourse} while it is walked. */
interface WalkedEnd extends Mutable<EndCourse> {
  finEnd: number;
  /** First segment since the other end was last heard that asks for an answer. */
  asked: number;
  /** Up to where a window of zero is in the sum that has not ended yet. */
  zeroSince: number;
}

const newEnd = (): WalkedEnd => ({
  payload: 0,
  syn: -1,
  lastSyn: -1,
  syns: 0,
  synAck: -1,
  lastSynAck: -1,
  synAcks: 0,
  fin: -1,
  finEnd: 0,
  finAcked: -1,
  afterFinBytes: 0,
  afterFinFirst: -1,
  afterFinLast: -1,
  repeats: 0,
  repeatsFrom: -1,
  last: -1,
  asked: -1,
  zeroWindowNs: 0,
  zeroWindow: -1,
  zeroSince: -1,
});

/** Walks the segments of one connection, each once: what is new is taken in where the walk stopped. */
export class CourseWalk implements Course {
  readonly first: number;
  last = -1;
  readonly ends: [a: WalkedEnd, b: WalkedEnd] = [newEnd(), newEnd()];
  established = -1;
  afterClose = -1;
  resets = 0;
  reset = -1;
  resetAnswers = -1;
  stray = true;
  challenged = -1;
  resentSyns = 0;
  readonly evidence: Partial<Record<Trouble, number[]>> = {};
  /** How many segments have each note, by the note's bit; `null` while none has any, as in most connections. */
  notes: number[] | null = null;

  constructor(
    private readonly tracker: Tracker,
    connection: number,
    private readonly elapsedNs: (from: number, to: number) => number,
  ) {
    this.first = tracker.connections.firstSegment(connection);
  }

  /** Takes in what the tracker has added. */
  walk(): this {
    const { segments: table } = this.tracker;
    let segment = this.last < 0 ? this.first : table.next[this.last]!;
    for (; segment >= 0; segment = table.next[segment]!) this.take(table, segment);
    return this;
  }

  private take(table: SegmentTable, segment: number): void {
    const direction = table.flow[segment]! & 1;
    const own = this.ends[direction]!;
    const peer = this.ends[1 - direction]!;
    const bits = table.bits[segment]!;
    const flags = bits & FLAG_BITS;
    const notes = table.notes[segment]!;
    const len = Math.max(0, table.payloadBytes.of(segment));
    own.payload += len;
    if ((flags & RST) === 0 && (flags & (SYN | ACK)) !== 0) this.stray = false;
    if (notes !== 0) this.takeNotes(segment, flags, notes, own);
    if (flags & RST) this.takeReset(table, segment, flags, peer);
    else {
      if (flags & SYN) takeSyn(segment, flags, own);
      else {
        if (flags & FIN && own.fin < 0) {
          own.fin = segment;
          own.finEnd = seqAdd(table.seq[segment]!, len + 1);
        }
        if (flags & ACK) this.takeAck(table, segment, bits, own, peer);
        if (len > 0 && peer.finAcked >= 0 && (notes & REPEATED) === 0) this.takeAfterFin(segment, len, own);
        if (own.zeroSince >= 0) {
          own.zeroWindowNs += this.elapsedNs(own.zeroSince, segment);
          own.zeroSince = table.window[segment] === 0 ? segment : -1;
        }
      }
      peer.asked = -1;
      if (own.asked < 0 && (len > 0 || flags & (SYN | FIN))) own.asked = segment;
    }
    peer.repeats = 0;
    own.last = this.last = segment;
  }

  private takeNotes(segment: number, flags: number, notes: number, own: WalkedEnd): void {
    const counts = (this.notes ??= new Array<number>(NOTE_KINDS.length).fill(0));
    for (let rest = notes & NOTE_BITS; rest !== 0; rest &= rest - 1) counts[lowestBit(rest)]!++;
    if (notes & REPEATED && own.repeats++ === 0) own.repeatsFrom = own.last;
    if (notes & RESENT) {
      if (flags & SYN) this.resentSyns++;
      else this.remember('resent', segment);
    }
    if (notes & OUT_OF_ORDER) this.remember('outOfOrder', segment);
    if (notes & MISSING) this.remember('missing', segment);
    if (notes & ZERO_WINDOW && own.zeroSince < 0) {
      own.zeroSince = segment;
      if (own.zeroWindow < 0) own.zeroWindow = segment;
    }
  }

  private takeAck(table: SegmentTable, segment: number, bits: number, own: WalkedEnd, peer: WalkedEnd): void {
    const ack = table.ack[segment]!;
    if (this.established < 0 && peer.synAck >= 0 && (bits & UNDELIVERED) === 0) {
      if (seqGt(ack, table.seq[peer.lastSynAck]!)) this.established = segment;
    }
    if (this.challenged < 0 && peer.syn >= 0 && own.syn < 0 && own.synAck < 0 && seqGe(table.seq[peer.syn]!, ack))
      this.challenged = segment;
    if (peer.fin >= 0 && peer.finAcked < 0 && seqGe(ack, peer.finEnd)) peer.finAcked = segment;
  }

  private takeAfterFin(segment: number, len: number, own: WalkedEnd): void {
    if (own.finAcked >= 0) {
      if (this.afterClose < 0) this.afterClose = segment;
      return;
    }
    own.afterFinBytes += len;
    if (own.afterFinFirst < 0) own.afterFinFirst = segment;
    own.afterFinLast = segment;
  }

  private takeReset(table: SegmentTable, segment: number, flags: number, peer: WalkedEnd): void {
    this.resets++;
    if (this.reset >= 0) return;
    this.reset = segment;
    for (const asked of [peer.asked, peer.last])
      if (this.resetAnswers < 0 && asked >= 0 && answers(table, segment, flags, asked)) this.resetAnswers = asked;
  }

  private remember(trouble: Trouble, segment: number): void {
    const known = (this.evidence[trouble] ??= []);
    if (known.length < EVIDENCE) known.push(segment);
  }
}

function takeSyn(segment: number, flags: number, own: WalkedEnd): void {
  if (flags & ACK) {
    if (own.synAcks++ === 0) own.synAck = segment;
    own.lastSynAck = segment;
  } else {
    if (own.syns++ === 0) own.syn = segment;
    own.lastSyn = segment;
  }
}

/**
 * Whether a reset has the numbers of an answer to `asked` (RFC 9293 §3.10.7.1): the sequence number that it
 * acknowledged, or none and an acknowledgment of all of it where it acknowledged nothing.
 */
function answers(table: SegmentTable, reset: number, flags: number, asked: number): boolean {
  const its = table.bits[asked]! & FLAG_BITS;
  if (its & ACK) return (flags & ACK) === 0 && table.seq[reset] === table.ack[asked];
  const length = Math.max(0, table.payloadBytes.of(asked)) + (its & SYN ? 1 : 0) + (its & FIN ? 1 : 0);
  return (flags & ACK) !== 0 && table.seq[reset] === 0 && table.ack[reset] === seqAdd(table.seq[asked]!, length);
}

const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);
