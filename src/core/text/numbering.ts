import { grown } from '../bytes/columns';
import { seqAdd, seqGt } from '../bytes/seq';
import {
  HAS_SACK,
  LENGTH_UNKNOWN,
  NO_ACK,
  NO_ACK_BASE,
  NO_FLAGS,
  NO_SEQ,
  NO_SEQ_BASE,
  type SegmentFacts,
} from '../model/facts';
import { ACK, FIN, RST, SYN } from '../model/flags';
import { noteBit } from '../model/segment';
import { FlowIndex } from './flows';
import type { NumberStyle } from './format';
import type { Clock } from './times';

/** Words of one direction. */
const WORDS = 9;
const MARKS = 0;
/** Number that tcpdump, or what is printed, counts from. */
const BASE = 1;
/** Number after the highest seen, or what the other side has acknowledged. */
const NEXT = 2;
const LAST_ACK = 3;
const LAST_WINDOW = 4;
/** Number of the first SYN, for telling whether another one opens a new connection. */
const ISN = 5;

/** When the last segment was sent: seconds, nanoseconds. */
const LAST_SECONDS = 6;
const LAST_NANOS = 7;
/** What is added to a raw number of a direction whose first number was not printed, and so was invented. */
const OFFSET = 8;

const HAS_BASE = 0x01;
const HAS_NEXT = 0x02;
/** The base is invented: what it stands for is nowhere in the text. */
const INVENTED = 0x04;
const HAS_LAST = 0x08;
/** The last segment carried data, a SYN or a FIN. */
const LAST_OCCUPIED = 0x10;
/** The last segment was taken for a keep-alive. */
const LAST_PROBED = 0x20;
const HAS_ISN = 0x40;
/** The pair prints raw numbers (tcpdump -S), relative ones; nothing of both is known yet. */
const PRINTS_RAW = 0x80;
const PRINTS_RELATIVE = 0x100;
/** tcpdump has recorded where the pair's numbers count from. */
const RECORDED = 0x200;
/** The last segment of the pair went in this direction. */
const SPOKE_LAST = 0x400;
const HAS_OFFSET = 0x800;
/** Relative numbers of the pair are to be shown as they are printed. */
const AS_PRINTED = 0x1000;
/** What was concluded for a pair whose beginning is not in the text has been looked at again. */
const CHECKED = 0x2000;

/** Keep-alives are at least this far apart: no system lets the interval be shorter. */
const KEEP_ALIVE_SECONDS = 1;

/** Where invented numbers begin: far from 0, which means "none" to some, and apart for the two directions. */
const INVENTED_BASE = 0x2000_0000;
const INVENTED_STEP = 0x0100_0000;

const REUSED_PORTS = noteBit('reused-ports');

/**
 * Turns the numbers that a text prints into those that were on the wire, or, where the text has no number that they
 * count from, into ones that count from an invented number, marked so. Fills in what an acknowledgment without a
 * sequence number must have had: an empty segment has SEQ = SND.NXT (RFC 9293 §3.10.7.4), except a keep-alive.
 */
export class Numbering {
  private readonly flows = new FlowIndex();
  private words = new Int32Array(512 * WORDS);
  /** Bases invented so far. */
  private invented = 0;
  /** Pairs whose numbers turned out raw less those that turned out relative. */
  private rawVotes = 0;

  constructor(private readonly style: NumberStyle) {}

  /** Completes the numbers of the next segment of the trace, sent at `now`. */
  complete(facts: SegmentFacts, now: Clock): void {
    if (facts.absent & NO_FLAGS) return;
    const row = this.flows.row(facts);
    const own = row * WORDS;
    const peer = (row ^ 1) * WORDS;
    const needed = Math.max(own, peer) + WORDS;
    if (needed > this.words.length) this.words = grown(this.words, Math.ceil(needed * 1.6));
    if (facts.defects & LENGTH_UNKNOWN) {
      // A header that is not whole: nothing is learnt from it. tshark prints its numbers as they are, or not.
      if (this.style === 'tcpdump' && this.has(own, RECORDED)) this.resolveTcpdump(own, peer, facts);
      else if (this.style === 'relative') facts.absent |= NO_SEQ_BASE | NO_ACK_BASE;
      return;
    }
    if (facts.flags & SYN && !(facts.flags & ACK) && this.opensAnew(own, facts)) this.forget(own, peer);
    // A SYN-ACK with that note has another initial sequence number than the one before it.
    else if (facts.flags & SYN && this.style === 'relative' && isReused(facts) && this.has(own, HAS_BASE))
      this.invent(own);
    if (this.style === 'tcpdump') this.resolveTcpdump(own, peer, facts);
    else if (this.style === 'relative') this.resolveRelative(own, peer, facts);
    if (facts.absent & NO_SEQ) this.deduceSeq(own, peer, facts, now);
    if (facts.absent & NO_ACK && facts.flags & ACK) this.deduceAck(own, peer, facts);
    // Those of tcpdump may count from the first number seen, not from one before it.
    facts.statesBases = this.style === 'relative' || this.has(own, AS_PRINTED);
    facts.seqBase = this.words[own + BASE]!;
    facts.ackBase = this.words[peer + BASE]!;
    this.remember(own, peer, facts, now);
  }

  private has(at: number, bits: number): boolean {
    return (this.words[at + MARKS]! & bits) === bits;
  }

  private set(at: number, bits: number): void {
    this.words[at + MARKS]! |= bits;
  }

  private unset(at: number, bits: number): void {
    this.words[at + MARKS]! &= ~bits;
  }

  /** A SYN that is not the one seen before: the endpoints have a new connection. */
  private opensAnew(own: number, facts: SegmentFacts): boolean {
    if (this.style === 'relative') return isReused(facts);
    return this.has(own, HAS_ISN) && this.words[own + ISN] !== facts.seq;
  }

  private forget(own: number, peer: number): void {
    const kept = this.style === 'tcpdump' ? HAS_BASE | INVENTED | PRINTS_RAW | PRINTS_RELATIVE | RECORDED : 0;
    for (const at of [own, peer]) this.words[at + MARKS]! &= kept;
  }

  private invent(at: number): number {
    const base = (INVENTED_BASE + INVENTED_STEP * (this.invented++ % 64)) | 0;
    this.words[at + BASE] = base;
    this.set(at, HAS_BASE | INVENTED);
    return base;
  }

  /** Relative from the ISN, or from one before the first number: any number may stand for that. */
  private resolveRelative(own: number, peer: number, facts: SegmentFacts): void {
    const base = this.has(own, HAS_BASE) ? this.words[own + BASE]! : this.invent(own);
    facts.seq = (facts.seq + base) | 0;
    facts.absent |= NO_SEQ_BASE;
    // An acknowledgment number without the flag is printed as it is, if at all.
    if (!(facts.flags & ACK)) return;
    const ackBase = this.has(peer, HAS_BASE) ? this.words[peer + BASE]! : this.invent(peer);
    facts.ack = (facts.ack + ackBase) | 0;
    facts.absent |= NO_ACK_BASE;
    this.shiftEdges(facts, ackBase);
  }

  /**
   * tcpdump's rule (tcp_print): segments without ACK are printed raw and leave no trace. The first one with ACK of a
   * pair, and every one with SYN and ACK, is printed raw and sets the bases: its sequence number for its direction, one
   * less than its acknowledgment number for the other. All others with ACK are printed relative to these, SACK edges
   * always. With `-S` everything is raw: whether that is so shows in the first number that can only be one of the two.
   */
  private resolveTcpdump(own: number, peer: number, facts: SegmentFacts): void {
    if (!(facts.flags & ACK)) return;
    const { words } = this;
    if (!this.has(own, RECORDED) && !(facts.flags & SYN)) this.recordUnseen(own, peer, facts);
    const isNew = !this.has(own, RECORDED) || (facts.flags & SYN) !== 0;
    if (isNew) {
      this.set(own, RECORDED);
      this.set(peer, RECORDED);
      this.unset(own, INVENTED);
      this.unset(peer, INVENTED);
      if (facts.absent & NO_SEQ) {
        // Printed nowhere, but the numbers of this direction count from it.
        if (this.has(own, HAS_NEXT)) words[own + BASE] = words[own + NEXT]!;
        else this.invent(own);
      } else words[own + BASE] = facts.seq;
      words[peer + BASE] = this.ackBase(peer, facts);
      this.set(own, HAS_BASE);
      this.set(peer, HAS_BASE);
      // Its SACK edges are relative already, though its acknowledgment number is not.
      if (facts.options & HAS_SACK && isFar(facts.sack[0]!, facts.ack)) this.shiftEdges(facts, words[peer + BASE]!);
    } else {
      const isRaw = this.printsRaw(own, peer, facts);
      if (!isRaw) {
        if (!(facts.absent & NO_SEQ) && facts.payloadBytes > 1) this.checkUnseen(own, facts.seq);
        this.checkUnseen(peer, facts.ack);
        if (!(facts.absent & NO_SEQ)) facts.seq = (facts.seq + words[own + BASE]!) | 0;
        facts.ack = (facts.ack + words[peer + BASE]!) | 0;
        this.shiftEdges(facts, words[peer + BASE]!);
      } else {
        if (!(facts.absent & NO_SEQ)) facts.seq = (facts.seq + this.offset(own, facts.seq)) | 0;
        const offset = this.offset(peer, facts.ack);
        facts.ack = (facts.ack + offset) | 0;
        this.shiftEdges(facts, offset);
      }
    }
    if (this.has(own, INVENTED)) facts.absent |= NO_SEQ_BASE;
    if (this.has(peer, INVENTED)) facts.absent |= NO_ACK_BASE;
  }

  /** What the other direction's numbers count from; where its acknowledgment is left out, that of its SYN is known. */
  private ackBase(peer: number, facts: SegmentFacts): number {
    if (!(facts.absent & NO_ACK)) return (facts.ack - 1) | 0;
    return this.has(peer, HAS_NEXT) ? (this.words[peer + NEXT]! - 1) | 0 : this.invent(peer);
  }

  /**
   * Numbers that begin with 0 or 1, and count from another where a SYN has shown it: tcpdump has seen the first segment
   * with an acknowledgment, and the text does not have it. To begin so by itself is not impossible, but hardly ever is.
   */
  private recordUnseen(own: number, peer: number, facts: SegmentFacts): void {
    if (facts.absent & NO_ACK || facts.flags & RST) return;
    const isFirst =
      facts.absent & NO_SEQ ? facts.ack === 1 : facts.seq >>> 0 <= 1 && facts.ack > 0 && facts.ack < FIRST_STEPS;
    if (!isFirst || isNearZero(this.isn(own, 1 << 30)) || isNearZero(this.isn(peer, 1 << 30))) return;
    for (const at of [own, peer]) {
      if (this.has(at, HAS_ISN)) this.words[at + BASE] = this.words[at + ISN]!;
      else if (!this.has(at, HAS_BASE)) {
        // The SYN was there.
        this.words[at + NEXT] = (this.invent(at) + 1) | 0;
        this.set(at, HAS_NEXT);
      }
      this.set(at, HAS_BASE | RECORDED | AS_PRINTED);
    }
  }

  /**
   * Whether {@link recordUnseen} was right shows in the next number: one less than what comes next counts from the number
   * that stood in the text, which so was a raw one.
   */
  private checkUnseen(space: number, printed: number): void {
    const { words } = this;
    if (!this.has(space, AS_PRINTED | INVENTED | HAS_NEXT) || this.has(space, CHECKED)) return;
    const expected = (words[space + NEXT]! - words[space + BASE]!) | 0;
    if (expected <= 1) return;
    this.set(space, CHECKED);
    if (printed !== expected - 1) return;
    words[space + BASE] = (words[space + BASE]! + 1) | 0;
    this.unset(space, AS_PRINTED);
  }

  /** The number of the SYN, or `otherwise` where none was seen. */
  private isn(at: number, otherwise: number): number {
    return this.has(at, HAS_ISN) ? this.words[at + ISN]! : otherwise;
  }

  /**
   * Whether the pair prints raw numbers, by that of its two numbers that is nearer to what comes next: one may be damaged.
   * Decided once for a pair; where it cannot be told, as most pairs before.
   */
  private printsRaw(own: number, peer: number, facts: SegmentFacts): boolean {
    if (this.has(own, PRINTS_RAW)) return true;
    if (this.has(own, PRINTS_RELATIVE)) return false;
    const bySeq = facts.absent & NO_SEQ ? UNTOLD : this.leaning(facts.seq, own);
    const byAck = this.leaning(facts.ack, peer);
    const leaning = distance(bySeq) <= distance(byAck) ? bySeq : byAck;
    if (leaning === UNTOLD || (distance(leaning) > FIRST_STEPS && this.rawVotes !== 0)) return this.rawVotes > 0;
    const isRaw = leaning >= 0;
    this.rawVotes += isRaw ? 1 : -1;
    for (const at of [own, peer]) this.set(at, isRaw ? PRINTS_RAW : PRINTS_RELATIVE);
    return isRaw;
  }

  /**
   * How far a number is from what comes next, taken as it is or counted from the base, whichever is less: as it is, the
   * distance; counted, the complement of it; {@link UNTOLD} where both are the same.
   */
  private leaning(printed: number, space: number): number {
    const base = this.words[space + BASE]!;
    const expected = this.has(space, HAS_NEXT) ? this.words[space + NEXT]! : base;
    // Of an invented base the text tells nothing: numbers further from it than a connection goes at first are raw.
    const toRaw = this.has(space, INVENTED) ? FIRST_STEPS : Math.abs((printed - expected) | 0);
    const toRelative = Math.abs((printed - (expected - base)) | 0);
    // Numbers that begin near 0 are told apart only where one of the two is exactly what comes next.
    if (toRaw === toRelative || (isNearZero(base) && toRaw !== 0 && toRelative !== 0)) return UNTOLD;
    return toRaw < toRelative ? toRaw : -1 - toRelative;
  }

  /** What a raw number of a direction is moved by: the first one is taken for the one that was expected. */
  private offset(at: number, raw: number): number {
    if (!this.has(at, INVENTED)) return 0;
    if (!this.has(at, HAS_OFFSET)) {
      const expected = this.has(at, HAS_NEXT) ? this.words[at + NEXT]! : this.words[at + BASE]!;
      this.words[at + OFFSET] = (expected - raw) | 0;
      this.set(at, HAS_OFFSET);
    }
    return this.words[at + OFFSET]!;
  }

  private shiftEdges(facts: SegmentFacts, base: number): void {
    if (!(facts.options & HAS_SACK)) return;
    const edges = facts.sackBlocks * 2;
    for (let i = 0; i < edges; i++) facts.sack[i] = (facts.sack[i]! + base) | 0;
  }

  private deduceSeq(own: number, peer: number, facts: SegmentFacts, now: Clock): void {
    const { words } = this;
    if (!this.has(own, HAS_NEXT)) {
      facts.seq = this.has(own, HAS_BASE) ? words[own + BASE]! : this.invent(own);
      if (this.has(own, INVENTED)) facts.absent |= NO_SEQ_BASE;
    } else facts.seq = words[own + NEXT]!;
    if (this.has(own, INVENTED)) facts.absent |= NO_SEQ_BASE;
    if (this.isKeepAlive(own, peer, facts, now)) {
      facts.seq = (facts.seq - 1) | 0;
      this.set(own, LAST_PROBED);
    } else this.unset(own, LAST_PROBED);
  }

  /**
   * An empty segment that repeats its predecessor some time later, while nothing is outstanding and the other side has
   * sent nothing that it could answer, says nothing, unless it is a keep-alive (RFC 9293 §3.8.4), whose number is one
   * lower. The answer to one looks the same, but follows it.
   */
  private isKeepAlive(own: number, peer: number, facts: SegmentFacts, now: Clock): boolean {
    const { words } = this;
    const quiet = now.seconds - words[own + LAST_SECONDS]! + (now.nanos - words[own + LAST_NANOS]!) / 1e9;
    const isAnswer = !this.has(own, SPOKE_LAST) && (this.has(peer, LAST_OCCUPIED) || this.has(peer, LAST_PROBED));
    return (
      !isAnswer &&
      quiet >= KEEP_ALIVE_SECONDS &&
      facts.payloadBytes === 0 &&
      facts.flags === ACK &&
      this.has(own, HAS_LAST) &&
      this.has(peer, HAS_LAST | HAS_NEXT) &&
      words[own + LAST_ACK] === facts.ack &&
      words[own + LAST_WINDOW] === facts.window &&
      facts.window !== 0 &&
      words[peer + NEXT] === facts.ack &&
      words[peer + LAST_ACK] === words[own + NEXT] &&
      words[peer + LAST_WINDOW] !== 0 &&
      (facts.options & HAS_SACK) === 0
    );
  }

  private deduceAck(own: number, peer: number, facts: SegmentFacts): void {
    const { words } = this;
    if (this.has(peer, HAS_NEXT)) facts.ack = words[peer + NEXT]!;
    else facts.ack = this.has(own, HAS_LAST) ? words[own + LAST_ACK]! : (this.invent(peer) + 1) | 0;
    if (this.has(peer, INVENTED)) facts.absent |= NO_ACK_BASE;
  }

  private remember(own: number, peer: number, facts: SegmentFacts, now: Clock): void {
    const { words } = this;
    const { flags } = facts;
    if (flags & SYN && !(flags & ACK)) {
      words[own + ISN] = facts.seq;
      this.set(own, HAS_ISN);
    }
    const occupied = facts.payloadBytes + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
    const end = seqAdd(facts.seq, occupied);
    if (!this.has(own, HAS_NEXT) || flags & SYN || seqGt(end, words[own + NEXT]!)) {
      words[own + NEXT] = end;
      this.set(own, HAS_NEXT);
    }
    if (flags & ACK && !this.has(peer, HAS_NEXT)) {
      words[peer + NEXT] = facts.ack;
      this.set(peer, HAS_NEXT);
    }
    if (occupied > 0) this.set(own, LAST_OCCUPIED);
    else this.unset(own, LAST_OCCUPIED);
    if (!(facts.absent & NO_SEQ)) this.unset(own, LAST_PROBED);
    words[own + LAST_ACK] = facts.ack;
    words[own + LAST_WINDOW] = facts.window;
    words[own + LAST_SECONDS] = now.seconds;
    words[own + LAST_NANOS] = now.nanos;
    this.set(own, HAS_LAST | SPOKE_LAST);
    this.unset(peer, SPOKE_LAST);
  }
}

const isReused = ({ statedNotes }: SegmentFacts): boolean => statedNotes > 0 && (statedNotes & REUSED_PORTS) !== 0;

/** No window reaches so far (RFC 7323 §2.3). */
const isFar = (a: number, b: number): boolean => Math.abs((a - b) | 0) > 1 << 30;

/** Neither raw nor relative: further than any number. */
const UNTOLD = Infinity;
const distance = (leaning: number): number => (leaning >= 0 ? leaning : -1 - leaning);

/** Relative numbers that are larger are not to be expected in the first segments of a connection. */
const FIRST_STEPS = 1 << 24;

/** A base so near to 0 tells nothing about what numbers near it are. */
const CLOSE_TO_ZERO = 1 << 16;
const isNearZero = (number: number): boolean => Math.abs(number) < CLOSE_TO_ZERO;
