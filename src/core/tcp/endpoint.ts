import { seqGt, seqLe, seqLt, seqMax } from '../bytes/seq';

/** Words of one endpoint's block in an {@link EndpointStore}. */
export const ENDPOINT_WORDS = 24;

/** Indices of an endpoint's words. */
export const STATE = 0;
export const KNOWN = 1;
const ISS = 2;
const IRS = 3;
export const SND_UNA = 4;
export const SND_NXT = 5;
export const SND_WND = 6;
export const SND_WL1 = 7;
export const SND_WL2 = 8;
const SND_UP = 9;
export const RCV_NXT = 10;
export const RCV_WND = 11;
const RCV_UP = 12;
const FIN_END = 13;
export const SHIFT = 14;
export const OFFERED_SHIFT = 15;
/** Where the intervals are that arrived beyond a gap: two words each, first those that are in use. */
export const HELD_AT = 16;
const HELD_END = ENDPOINT_WORDS;

/** Bits of {@link Endpoint.known}: which variables have been seen or follow from what was seen. */
export const KNOWS_ISS = 0x001;
export const KNOWS_IRS = 0x002;
export const KNOWS_SND = 0x004;
export const KNOWS_SND_WND = 0x008;
export const KNOWS_RCV = 0x010;
export const KNOWS_RCV_WND = 0x020;
export const KNOWS_SND_UP = 0x040;
export const KNOWS_RCV_UP = 0x080;
/** The endpoint sent a FIN; {@link Endpoint.finEnd} is the sequence number after it. */
export const SENT_FIN = 0x100;
/** The endpoint opened passively: it came from LISTEN. */
export const PASSIVE = 0x200;
/** The peer's FIN has been received in order. */
export const GOT_FIN = 0x400;
/** The peer's FIN had not arrived when this endpoint sent its last segment: it is under way, or lost. */
export const FIN_UNDER_WAY = 0x800;
/** The peer's FIN crossed a FIN of ours and has arrived; the segment that came after it has not yet. */
export const LAGS = 0x1000;
/** The endpoint has sent something else than a reset or a SYN without ACK: it has got the peer's SYN. */
export const HAS_SPOKEN = 0x2000;

/** The state follows from a segment that is assumed to have arrived: the endpoint has sent nothing since. */
export const ASSUMED = 0x4000;
/** SND.WL2 is known: the segment that set the send window had an ACK. */
export const KNOWS_SND_WL2 = 0x8000;
/** Where {@link Endpoint.known} keeps the state that a received RST ended, 0 where none did. */
const RESET_FROM_SHIFT = 16;
export const RESET_FROM = 0xf << RESET_FROM_SHIFT;

/** {@link Endpoint.shift}: no SYN of this side was seen, so its windows cannot be scaled. */
export const SHIFT_UNKNOWN = -1;
/** {@link Endpoint.shift}: the handshake agreed on no scaling. */
export const SHIFT_NONE = -2;

/**
 * The transmission control block of one endpoint as a passive observer knows it (RFC 9293 §3.3.1): a view of words
 * that is moved from endpoint to endpoint, so that a capture with a million connections has no object for any.
 * Sequence numbers are raw bits; windows are in bytes, scaled.
 */
export class Endpoint {
  words: Int32Array = NO_WORDS;
  at = 0;

  /** Index into `STATES`. */
  get state(): number {
    return this.words[this.at + STATE]!;
  }
  set state(value: number) {
    this.words[this.at + STATE] = value;
  }
  get known(): number {
    return this.words[this.at + KNOWN]!;
  }
  set known(value: number) {
    this.words[this.at + KNOWN] = value;
  }
  get iss(): number {
    return this.words[this.at + ISS]!;
  }
  set iss(value: number) {
    this.words[this.at + ISS] = value;
  }
  get irs(): number {
    return this.words[this.at + IRS]!;
  }
  set irs(value: number) {
    this.words[this.at + IRS] = value;
  }
  get sndUna(): number {
    return this.words[this.at + SND_UNA]!;
  }
  set sndUna(value: number) {
    this.words[this.at + SND_UNA] = value;
  }
  get sndNxt(): number {
    return this.words[this.at + SND_NXT]!;
  }
  set sndNxt(value: number) {
    this.words[this.at + SND_NXT] = value;
  }
  get sndWnd(): number {
    return this.words[this.at + SND_WND]!;
  }
  set sndWnd(value: number) {
    this.words[this.at + SND_WND] = value;
  }
  get sndWl1(): number {
    return this.words[this.at + SND_WL1]!;
  }
  set sndWl1(value: number) {
    this.words[this.at + SND_WL1] = value;
  }
  get sndWl2(): number {
    return this.words[this.at + SND_WL2]!;
  }
  set sndWl2(value: number) {
    this.words[this.at + SND_WL2] = value;
  }
  get sndUp(): number {
    return this.words[this.at + SND_UP]!;
  }
  set sndUp(value: number) {
    this.words[this.at + SND_UP] = value;
  }
  get rcvNxt(): number {
    return this.words[this.at + RCV_NXT]!;
  }
  set rcvNxt(value: number) {
    this.words[this.at + RCV_NXT] = value;
  }
  get rcvWnd(): number {
    return this.words[this.at + RCV_WND]!;
  }
  set rcvWnd(value: number) {
    this.words[this.at + RCV_WND] = value;
  }
  get rcvUp(): number {
    return this.words[this.at + RCV_UP]!;
  }
  set rcvUp(value: number) {
    this.words[this.at + RCV_UP] = value;
  }
  get finEnd(): number {
    return this.words[this.at + FIN_END]!;
  }
  set finEnd(value: number) {
    this.words[this.at + FIN_END] = value;
  }
  get shift(): number {
    return this.words[this.at + SHIFT]!;
  }
  set shift(value: number) {
    this.words[this.at + SHIFT] = value;
  }
  get offeredShift(): number {
    return this.words[this.at + OFFERED_SHIFT]!;
  }
  set offeredShift(value: number) {
    this.words[this.at + OFFERED_SHIFT] = value;
  }

  /** Whether all of the `KNOWS_*`, `SENT_*` bits are set. */
  has(bits: number): boolean {
    return (this.known & bits) === bits;
  }

  /** State that a received RST ended; CLOSED where none did. */
  get resetFrom(): number {
    return (this.known & RESET_FROM) >> RESET_FROM_SHIFT;
  }
  set resetFrom(state: number) {
    this.known = (this.known & ~RESET_FROM) | (state << RESET_FROM_SHIFT);
  }

  /** Whether something lies beyond a gap at RCV.NXT. */
  get holds(): boolean {
    return this.words[this.at + HELD_AT] !== this.words[this.at + HELD_AT + 1];
  }

  /**
   * Keeps `[start, end)`, which arrived beyond a gap. Only a few intervals are kept: of more, those nearest to the gap;
   * the acknowledgment corrects what is forgotten.
   */
  hold(start: number, end: number): void {
    const { words } = this;
    const last = this.at + HELD_END;
    let free = this.at + HELD_AT;
    for (let at = free; at < last && words[at] !== words[at + 1]; at += 2) {
      const from = words[at]!;
      const to = words[at + 1]!;
      if (seqLe(from, end) && seqLe(start, to)) {
        if (seqLt(from, start)) start = from;
        end = seqMax(end, to);
      } else {
        words[free] = from;
        words[free + 1] = to;
        free += 2;
      }
    }
    if (free === last) {
      let farthest = this.at + HELD_AT;
      for (let at = farthest + 2; at < last; at += 2) if (seqGt(words[at]!, words[farthest]!)) farthest = at;
      if (seqGt(start, words[farthest]!)) return;
      words[farthest] = start;
      words[farthest + 1] = end;
      return;
    }
    words[free] = start;
    words[free + 1] = end;
    words.fill(0, free + 2, last);
  }

  /** Lets go of what begins at `next` or before it. Returns up to where everything has arrived, `next` at least. */
  release(next: number): number {
    const { words } = this;
    const last = this.at + HELD_END;
    let free = this.at + HELD_AT;
    let reached = next;
    for (let at = free; at < last && words[at] !== words[at + 1]; at += 2) {
      if (seqLe(words[at]!, next)) reached = seqMax(reached, words[at + 1]!);
      else {
        words[free] = words[at]!;
        words[free + 1] = words[at + 1]!;
        free += 2;
      }
    }
    words.fill(0, free, last);
    return reached;
  }

  /** An endpoint about which nothing is known yet, in `state`. */
  reset(state: number): void {
    const { words, at } = this;
    // Quicker than `fill` for so few.
    for (let i = 0; i < ENDPOINT_WORDS; i++) words[at + i] = 0;
    this.state = state;
    this.shift = SHIFT_UNKNOWN;
    this.offeredShift = SHIFT_UNKNOWN;
  }
}

const NO_WORDS = new Int32Array(ENDPOINT_WORDS);

/** Two endpoints in memory of their own, for a replay. */
export function endpointPair(): [Endpoint, Endpoint] {
  const words = new Int32Array(2 * ENDPOINT_WORDS);
  const pair: [Endpoint, Endpoint] = [new Endpoint(), new Endpoint()];
  for (const [index, endpoint] of pair.entries()) {
    endpoint.words = words;
    endpoint.at = index * ENDPOINT_WORDS;
  }
  return pair;
}
