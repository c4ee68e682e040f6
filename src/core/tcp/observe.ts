import { seqAdd, seqGe, seqGt, seqLe, seqLt, seqMax } from '../bytes/seq';
import { ACK, FIN, RST, SYN, URG } from '../model/flags';
import {
  CLOSED,
  CLOSE_WAIT,
  CLOSING,
  ESTABLISHED,
  FIN_WAIT_1,
  FIN_WAIT_2,
  LAST_ACK,
  LISTEN,
  SYN_RECEIVED,
  SYN_SENT,
  TIME_WAIT,
} from '../model/states';
import {
  ASSUMED,
  type Endpoint,
  FIN_UNDER_WAY,
  GOT_FIN,
  HAS_SPOKEN,
  KNOWS_IRS,
  KNOWS_ISS,
  KNOWS_RCV,
  KNOWS_RCV_UP,
  KNOWS_RCV_WND,
  KNOWS_SND,
  KNOWS_SND_UP,
  KNOWS_SND_WL2,
  KNOWS_SND_WND,
  LAGS,
  PASSIVE,
  SENT_FIN,
  SHIFT_NONE,
  SHIFT_UNKNOWN,
} from './endpoint';

/** RFC 2018 §3: no more blocks have room among the options. */
const MAX_SACK_BLOCKS = 4;

/** What an endpoint needs to know of a segment. Filled anew for every segment. */
export class Observed {
  seq = 0;
  ack = 0;
  flags = 0;
  /** As on the wire; -1 where it is not known. */
  window = 0;
  /** Bytes of payload. */
  len = 0;
  urgentPointer = 0;
  /** Shift of a SYN's window scale option, clamped to 14; {@link SHIFT_NONE} where a SYN has none. */
  shift = SHIFT_NONE;
  /** Its SACK blocks as left, right, left, right…; the first {@link sackBlocks} are valid. */
  readonly sack = new Int32Array(2 * MAX_SACK_BLOCKS);
  sackBlocks = 0;
  /** Multipath TCP subtypes of its options: bit `i` is subtype `i`. */
  multipathSubtypes = 0;
  /** Its timestamp is older than the one that its receiver keeps (RFC 7323 §5.3). */
  hasOldTimestamp = false;
  /**
   * What came later shows that it had not arrived when its receiver sent the next segment (it was lost, or on its way
   * still), or that there was nobody to take it: a SYN to a closed port, a SYN-ACK for a socket that is gone.
   */
  undelivered = false;
  /**
   * Its receiver's next segment acknowledges less than this one carries: payload and FIN had not arrived. What it
   * acknowledges itself is taken for known all the same, as that of any segment, because nothing disproves it. Of a SYN
   * without ACK: all of it was lost.
   */
  textUndelivered = false;
  /** A SYN to an end that has an older connection between the same sockets still, as its answer shows (RFC 5961 §4.2). */
  meetsOlder = false;
  /** A SYN whose payload is taken at once (RFC 7413), as its answer shows. */
  textTaken = false;
}

/** What became of a segment at its receiver; also why, by clause. */
export const ACCEPTED = 0;
/** It has not arrived. */
export const NOT_DELIVERED = -1;
/** RFC 9293 §3.10.7.1: there is no connection to receive it. */
export const REJECTED_CLOSED = 1;
/** §3.10.7.4 first: outside the receive window. */
export const REJECTED_WINDOW = 2;
/** §3.10.7.4 second: RST inside the window but not at RCV.NXT: answered with a challenge ACK. */
export const REJECTED_RST_NOT_EXACT = 3;
/** §3.10.7.4 fourth: SYN in a synchronized state: answered with a challenge ACK. */
export const REJECTED_SYN = 4;
/** §3.10.7.4 fifth: no ACK flag. */
export const REJECTED_NO_ACK = 5;
/** §3.10.7.3 first, §3.10.7.4 fifth: the ACK does not acknowledge what was sent. */
export const REJECTED_ACK = 6;
/** RFC 7323 §5.3 R1: an old timestamp. */
export const REJECTED_TIMESTAMP = 8;
/** §3.10.7.2, §3.10.7.3: nothing that a LISTEN or SYN-SENT endpoint reacts to. */
export const REJECTED_IGNORED = 7;

/** The endpoints before a connection's first segment, which `s` is and `sender` is about to send. */
export function begin(sender: Endpoint, receiver: Endpoint, s: Observed): void {
  if ((s.flags & (SYN | RST)) === SYN) {
    const passive = (s.flags & ACK) !== 0;
    sender.reset(passive ? LISTEN : CLOSED);
    receiver.reset(passive ? SYN_SENT : s.meetsOlder ? ESTABLISHED : s.undelivered ? CLOSED : LISTEN);
    // A SYN that was lost, as its repetition shows, was meant for a listener all the same.
    if (!s.undelivered && !s.meetsOlder) (passive ? sender : receiver).known |= PASSIVE;
    return;
  }
  if (isStray(s)) {
    sender.reset(CLOSED);
    receiver.reset(CLOSED);
    return;
  }
  // Mid-connection: both ends have been talking, as far as anyone can tell.
  sender.reset(ESTABLISHED);
  receiver.reset(s.undelivered ? CLOSED : ESTABLISHED);
}

/**
 * No connection sends it: once there is one, every segment has the ACK flag (RFC 9293 §3.1), and none is opened without
 * SYN. Scanners send such segments.
 */
const isStray = (s: Observed): boolean => s.len >= 0 && (s.flags & (SYN | RST | ACK)) === 0;

/** Moves both endpoints by one segment: its departure at the sender, its arrival at the receiver. */
export function observe(sender: Endpoint, receiver: Endpoint, s: Observed): number {
  depart(sender, receiver, s);
  sender.known &= ~ASSUMED;
  // A SYN to an end that has a connection offers that nothing.
  if (s.flags & SYN && (s.flags & ACK || !isSynchronized(receiver))) settleScaling(sender, receiver);
  const { state } = receiver;
  const outcome = arrive(receiver, sender, s);
  if (receiver.state !== state) receiver.known |= ASSUMED;
  return outcome;
}

/** RFC 7323 §2.3. */
export const MAX_WINDOW = 2 ** 30;

/** What sending `s` tells about its sender. */
function depart(me: Endpoint, peer: Endpoint, s: Observed): void {
  const { flags, seq } = s;
  if (flags & RST) {
    departReset(me, s);
    return;
  }
  if (isStray(s)) return;
  if (flags & SYN) departSyn(me, peer, s);
  else if (me.state === SYN_SENT && flags & ACK) {
    // It must have got a SYN-ACK, one that we did not see or took for lost.
    me.state = ESTABLISHED;
    if (peer.has(KNOWS_ISS)) {
      me.known |= KNOWS_IRS;
      me.irs = peer.iss;
    }
  } else if (me.state === CLOSED && me.resetFrom !== CLOSED) {
    // It goes on: the reset that we took for received has not arrived.
    me.state = me.resetFrom;
    me.resetFrom = CLOSED;
  } else if (me.state === CLOSED && !me.has(SENT_FIN)) me.state = ESTABLISHED;
  else if (me.state === CLOSED && flags & FIN && me.has(GOT_FIN) && seqLt(seqAdd(me.finEnd, -1), me.sndNxt)) {
    // It repeats its FIN: the acknowledgment that we took for received has not arrived.
    me.state = LAST_ACK;
    me.sndUna = seqAdd(me.finEnd, -1);
  }

  if ((flags & (SYN | ACK)) !== SYN) me.known |= HAS_SPOKEN;

  const end = seqAdd(seq, s.len + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0));
  if (!me.has(KNOWS_SND)) {
    me.known |= KNOWS_SND;
    me.sndUna = seq;
    me.sndNxt = end;
  } else if (seqGt(end, me.sndNxt)) {
    me.sndNxt = end;
    // No window is larger: what lies further back has been acknowledged, by an ACK that the capture has not.
    if ((end - me.sndUna) >>> 0 > MAX_WINDOW) me.sndUna = seqAdd(end, -MAX_WINDOW);
  }

  if (flags & URG) {
    me.known |= KNOWS_SND_UP;
    me.sndUp = seqAdd(seq, s.urgentPointer);
  }
  if (flags & ACK) {
    // An acknowledgment is proof of what its sender has received, whatever we assumed.
    if (!me.has(KNOWS_RCV)) {
      me.known |= KNOWS_RCV;
      me.rcvNxt = s.ack;
    } else if (seqGt(s.ack, me.rcvNxt)) {
      me.rcvNxt = s.ack;
      if (me.holds) me.release(s.ack);
      // What it received unseen acknowledged its SYN.
      if (me.state === SYN_RECEIVED && !(flags & SYN)) me.state = ESTABLISHED;
    } else if (s.ack !== me.rcvNxt && !(flags & SYN) && !isStale(peer, s)) unreceiveText(me, peer, s.ack);
    if (s.sackBlocks > 0) holdSacked(me, peer, s);
    if (flags & FIN && !me.has(SENT_FIN) && isTooEarly(me, peer, s)) unreceiveFin(me, peer);
    else if (peer.has(SENT_FIN) && seqGe(me.rcvNxt, peer.finEnd)) receiveFin(me, peer);
  }
  advertise(me, s);
  if (flags & FIN && !me.has(SENT_FIN) && isPossibleFin(me, s, end)) {
    me.known |= SENT_FIN;
    me.finEnd = end;
    if (me.state === ESTABLISHED || me.state === SYN_RECEIVED) me.state = FIN_WAIT_1;
    else if (me.state === CLOSE_WAIT) me.state = LAST_ACK;
  }
  if (me.has(LAGS)) catchUp(me, peer);
}

/**
 * No FIN ends before what has been acknowledged, or has the number of a SYN that has been. One beside a SYN without ACK
 * is that of a scanner: stacks drop it.
 */
function isPossibleFin(me: Endpoint, s: Observed, end: number): boolean {
  if ((s.flags & (SYN | ACK)) === SYN || seqLt(end, me.sndUna)) return false;
  const first = seqAdd(me.iss, 1);
  return !(me.has(KNOWS_ISS) && seqGe(me.sndUna, first) && seqLe(end, first));
}

/** Its acknowledgment number could be an answer to the peer's SYN (§3.10.7.3 first). */
export const acknowledgesSyn = (peer: Endpoint, s: Observed): boolean =>
  peer.has(KNOWS_ISS | KNOWS_SND) && seqGt(s.ack, peer.iss) && seqLe(s.ack, peer.sndNxt);

/**
 * We took the peer's FIN for received, but neither this segment nor one before acknowledges it: the two FINs cross
 * (figure 13). Without a FIN nothing follows: the peer's may have arrived since.
 */
const isTooEarly = (me: Endpoint, peer: Endpoint, s: Observed): boolean =>
  me.has(GOT_FIN) && seqLt(s.ack, peer.finEnd) && !(peer.has(KNOWS_SND) && seqGe(peer.sndUna, peer.finEnd));

/** An acknowledgment that has been overtaken, or repeated, by the network: its peer has got a later one. */
const isStale = (peer: Endpoint, s: Observed): boolean => peer.has(KNOWS_SND) && seqLt(s.ack, peer.sndUna);

/**
 * What an endpoint acknowledges is all that it has received in order: what we took for received beyond it was lost, or is
 * on its way still.
 */
function unreceiveText(me: Endpoint, peer: Endpoint, ack: number): void {
  const hadFin = me.has(GOT_FIN) && seqLt(ack, peer.finEnd) && seqLe(peer.finEnd, me.rcvNxt);
  me.rcvNxt = ack;
  if (hadFin) unreceiveFin(me, peer);
}

/**
 * The peer repeats `[start, end)` to an end that has said nothing since: that had not arrived, what came after it may
 * have.
 */
export function unreceiveRepeated(me: Endpoint, peer: Endpoint, start: number, end: number): void {
  const reached = me.rcvNxt;
  unreceiveText(me, peer, start);
  if (me.has(KNOWS_RCV_WND)) me.rcvWnd += (reached - start) | 0; // the right edge stays
  if (seqGt(reached, end)) me.hold(end, reached);
}

/** What it reports to hold beyond a gap (RFC 2018), as far as the peer has sent it. */
function holdSacked(me: Endpoint, peer: Endpoint, s: Observed): void {
  for (let i = 0; i < 2 * s.sackBlocks; i += 2) {
    const left = s.sack[i]!;
    const right = s.sack[i + 1]!;
    if (seqGt(left, me.rcvNxt) && seqLt(left, right) && peer.has(KNOWS_SND) && seqLe(right, peer.sndNxt))
      me.hold(left, right);
  }
}

/** Back to where `me` was before it got the peer's FIN, which is on its way still. */
function unreceiveFin(me: Endpoint, peer: Endpoint): void {
  me.known = (me.known & ~GOT_FIN) | FIN_UNDER_WAY;
  if (seqGe(me.rcvNxt, peer.finEnd)) me.rcvNxt = seqAdd(peer.finEnd, -1);
  if (me.state === CLOSE_WAIT) me.state = ESTABLISHED;
  else if (me.state === CLOSING) me.state = FIN_WAIT_1;
  else if (me.state === TIME_WAIT) me.state = FIN_WAIT_2;
}

/** What the peer had sent when `me` answered its FIN has arrived, too. */
function catchUp(me: Endpoint, peer: Endpoint): void {
  me.known &= ~LAGS;
  if (peer.has(KNOWS_RCV) && me.has(KNOWS_SND) && seqGt(peer.rcvNxt, me.sndUna)) acknowledge(me, peer.rcvNxt);
  if (!me.has(SENT_FIN) || seqLt(me.sndUna, me.finEnd)) return;
  if (me.state === CLOSING) me.state = TIME_WAIT;
  else if (me.state === FIN_WAIT_1) me.state = FIN_WAIT_2;
}

/** Past the handshake (RFC 9293 §3.3.2). */
const isSynchronized = (me: Endpoint): boolean => me.state >= ESTABLISHED;

function departSyn(me: Endpoint, peer: Endpoint, s: Observed): void {
  me.resetFrom = CLOSED;
  const answer = (s.flags & ACK) !== 0;
  if (me.state === SYN_RECEIVED && !answer && !me.has(KNOWS_ISS)) {
    // We took it for a listener that had got the peer's SYN; it opens by itself, and the two SYNs cross.
    me.reset(SYN_SENT);
  }
  if (me.state === ESTABLISHED && !me.has(HAS_SPOKEN) && !answer && s.seq === me.iss) {
    // It is still waiting for the SYN-ACK that we took for received.
    unreceiveSynAck(me);
    me.sndNxt = me.iss;
  }
  if (answer && me.has(ASSUMED | PASSIVE | KNOWS_ISS) && !me.has(SENT_FIN) && isSynchronized(me) && s.seq === me.iss) {
    // It repeats its SYN-ACK: what we took for the acknowledgment of it has not arrived.
    me.state = SYN_RECEIVED;
    me.known &= ~(GOT_FIN | FIN_UNDER_WAY);
    me.sndUna = me.iss;
    me.rcvNxt = s.ack;
  }
  if (answer && !isSynchronized(me)) {
    const irs = acknowledgesSyn(peer, s) ? peer.iss : seqAdd(s.ack, -1);
    if (!me.has(KNOWS_IRS) || me.irs !== irs) {
      // It answers another SYN than the one that we took for received (figure 8).
      me.known |= KNOWS_IRS | KNOWS_RCV;
      me.irs = irs;
      me.rcvNxt = s.ack;
    }
  }
  if (me.state === CLOSED || me.state === LISTEN) me.state = answer ? SYN_RECEIVED : SYN_SENT;
  else if (me.state === SYN_SENT && answer) me.state = SYN_RECEIVED; // simultaneous open
  if (!me.has(KNOWS_ISS) || me.state === SYN_SENT || me.state === SYN_RECEIVED) {
    if (me.has(KNOWS_ISS) && me.iss !== s.seq) me.known &= ~KNOWS_SND;
    me.known |= KNOWS_ISS;
    me.iss = s.seq;
  }
  me.offeredShift = s.shift;
}

/** Back to where `me` was before it got the peer's SYN-ACK. */
export function unreceiveSynAck(me: Endpoint): void {
  me.state = SYN_SENT;
  me.known &= ~(ASSUMED | KNOWS_IRS | KNOWS_RCV | KNOWS_SND_WND | KNOWS_SND_WL2);
  me.sndUna = me.iss;
}

/** Makes it what a listener is that has got no SYN, or none yet. */
export function listen(me: Endpoint): void {
  me.reset(LISTEN);
  me.known |= PASSIVE;
}

/** A RST sent for its own connection ends it; one that answers a stray segment (§3.10.7.1, §3.10.7.3) does not. */
function departReset(me: Endpoint, s: Observed): void {
  me.resetFrom = CLOSED;
  if (me.state === LISTEN) return;
  if (me.state === SYN_RECEIVED && !me.has(KNOWS_ISS) && s.flags & ACK) {
    // We took it for a listener, but nobody listens (§3.10.7.1).
    const { shift } = me;
    me.reset(CLOSED);
    me.shift = shift;
    return;
  }
  // A reset without ACK has the number that the SYN-ACK acknowledged: it answers a stray one, nobody has taken it.
  if (me.state === ESTABLISHED && me.has(KNOWS_ISS) && !me.has(HAS_SPOKEN) && !(s.flags & ACK) && s.seq === me.sndUna)
    unreceiveSynAck(me);
  if (me.state === SYN_SENT && me.has(KNOWS_SND) && s.seq !== me.sndNxt && s.seq !== me.iss) return;
  if (me.state === TIME_WAIT) return;
  me.state = CLOSED;
}

/** RCV.WND as `s` advertises it, and both shifts once both SYNs have been seen (RFC 7323 §2.2). */
function advertise(me: Endpoint, s: Observed): void {
  if (s.window < 0) return;
  if (s.flags & SYN) {
    me.known |= KNOWS_RCV_WND;
    me.rcvWnd = s.window;
    return;
  }
  if (me.shift === SHIFT_UNKNOWN) {
    me.known &= ~KNOWS_RCV_WND;
    return;
  }
  me.known |= KNOWS_RCV_WND;
  me.rcvWnd = scaled(me, s);
}

function scaled(from: Endpoint, s: Observed): number {
  return s.flags & SYN || from.shift < 0 ? s.window : s.window << from.shift;
}

/** Window scaling is on when both SYNs carried the option, and off when one is known not to have. */
function settleScaling(a: Endpoint, b: Endpoint): void {
  if (a.offeredShift === SHIFT_UNKNOWN || b.offeredShift === SHIFT_UNKNOWN) {
    if (a.offeredShift === SHIFT_NONE || b.offeredShift === SHIFT_NONE) a.shift = b.shift = SHIFT_NONE;
    return;
  }
  const both = a.offeredShift >= 0 && b.offeredShift >= 0;
  a.shift = both ? a.offeredShift : SHIFT_NONE;
  b.shift = both ? b.offeredShift : SHIFT_NONE;
}

/** SEGMENT ARRIVES (RFC 9293 §3.10.7). Returns one of the constants above. */
export function arrive(me: Endpoint, peer: Endpoint, s: Observed): number {
  if (s.undelivered) return me.state === CLOSED ? REJECTED_CLOSED : NOT_DELIVERED;
  if (s.textUndelivered && (s.flags & (SYN | ACK)) === SYN) return NOT_DELIVERED;
  switch (me.state) {
    case CLOSED:
      if (me.resetFrom === CLOSED || (s.flags & (SYN | ACK | RST)) !== SYN) return REJECTED_CLOSED;
      // The peer has reset the connection that was there, and opens another one: to a listener.
      listen(me);
      return arriveInListen(me, s);
    case LISTEN:
      return arriveInListen(me, s);
    case SYN_SENT:
      return arriveInSynSent(me, peer, s);
    default:
      return arriveSynchronized(me, peer, s);
  }
}

function arriveInListen(me: Endpoint, s: Observed): number {
  if ((s.flags & (SYN | ACK | RST)) !== SYN) return REJECTED_IGNORED;
  // What it has answered before, and been reset for, was another connection.
  if (me.has(KNOWS_ISS)) listen(me);
  me.state = SYN_RECEIVED;
  learnIrs(me, s);
  if (s.textTaken) me.rcvNxt = seqAdd(me.rcvNxt, s.len);
  learnSendWindow(me, s, s.window);
  return ACCEPTED;
}

function arriveInSynSent(me: Endpoint, peer: Endpoint, s: Observed): number {
  const acks = (s.flags & ACK) !== 0;
  if (acks && me.has(KNOWS_SND) && (seqLe(s.ack, me.iss) || seqGt(s.ack, me.sndNxt))) return REJECTED_ACK;
  if (s.flags & RST) {
    if (!acks) return REJECTED_IGNORED;
    me.state = CLOSED;
    return ACCEPTED;
  }
  if (!(s.flags & SYN)) return REJECTED_IGNORED;
  learnIrs(me, s);
  learnSendWindow(me, s, scaled(peer, s));
  if (!acks) {
    me.state = SYN_RECEIVED; // simultaneous open
    return ACCEPTED;
  }
  acknowledge(me, s.ack);
  if (!me.has(KNOWS_ISS)) {
    me.known |= KNOWS_ISS;
    me.iss = seqAdd(s.ack, -1);
  }
  me.state = ESTABLISHED;
  // §3.10.7.3 fourth: what else it has goes on at the sixth step.
  return receiveRest(me, peer, s, false);
}

function arriveSynchronized(me: Endpoint, peer: Endpoint, s: Observed): number {
  const { flags, seq, ack } = s;
  // The peer's own SYN-ACK in a simultaneous open repeats its ISS; figure 7 of the RFC lets its ACK count.
  const crossedSyn =
    me.state === SYN_RECEIVED && (flags & (SYN | ACK)) === (SYN | ACK) && me.has(KNOWS_IRS) && seq === me.irs;
  if (s.hasOldTimestamp) return REJECTED_TIMESTAMP;
  if (!crossedSyn && !acceptable(me, s)) return s.textUndelivered ? NOT_DELIVERED : REJECTED_WINDOW;
  if (flags & RST) {
    if (me.has(KNOWS_RCV) && seq !== me.rcvNxt) return REJECTED_RST_NOT_EXACT;
    if (me.state === SYN_RECEIVED && me.has(PASSIVE)) me.state = LISTEN;
    else {
      me.resetFrom = me.state;
      me.state = CLOSED;
    }
    return ACCEPTED;
  }
  if (flags & SYN && !crossedSyn) return REJECTED_SYN;
  if (!(flags & ACK)) return REJECTED_NO_ACK;
  const again = (flags & FIN) !== 0 && !s.textUndelivered;
  const crosses = me.has(FIN_UNDER_WAY) && !again;
  if (crosses && me.has(SENT_FIN)) {
    // The FIN was sent before this segment and so has arrived before it.
    receiveFin(me, peer);
    if (me.state === CLOSING) {
      // Our answer to it is already on its way (figure 13): this segment counts once that has been sent.
      me.known |= LAGS;
      return ACCEPTED;
    }
  }

  if (me.state === SYN_RECEIVED) {
    if (me.has(KNOWS_SND) && (seqLe(ack, me.sndUna) || seqGt(ack, me.sndNxt))) return REJECTED_ACK;
    me.state = ESTABLISHED;
    acknowledge(me, ack);
    learnSendWindow(me, s, scaled(peer, s));
  } else {
    acknowledge(me, ack);
    updateSendWindow(me, peer, s);
  }
  if (me.has(SENT_FIN) && seqGe(me.sndUna, me.finEnd)) {
    if (me.state === FIN_WAIT_1) me.state = FIN_WAIT_2;
    else if (me.state === CLOSING) me.state = TIME_WAIT;
    else if (me.state === LAST_ACK) {
      me.state = CLOSED;
      return ACCEPTED;
    }
  }
  return receiveRest(me, peer, s, crosses);
}

/**
 * The sixth step of §3.10.7.4 and those after it: urgent pointer, text, FIN.
 * @param crosses the peer's FIN, which has arrived before, was on its way when `me` sent its own
 */
function receiveRest(me: Endpoint, peer: Endpoint, s: Observed, crosses: boolean): number {
  const { flags, seq } = s;
  if (flags & URG) {
    const up = seqAdd(seq, s.urgentPointer);
    me.rcvUp = me.has(KNOWS_RCV_UP) ? seqMax(me.rcvUp, up) : up;
    me.known |= KNOWS_RCV_UP;
  }
  if (s.textUndelivered) {
    if (flags & FIN) me.known |= FIN_UNDER_WAY;
    return NOT_DELIVERED;
  }
  receiveText(me, s);
  // Everything before the peer's FIN is here, and the FIN itself came with it or before it.
  if (peer.has(SENT_FIN) && me.has(KNOWS_RCV) && seqGe(me.rcvNxt, crosses ? peer.finEnd : seqAdd(peer.finEnd, -1)))
    receiveFin(me, peer);
  return ACCEPTED;
}

/** The acceptability test: four cases by segment length and receive window (RFC 9293 §3.10.7.4, table 6). */
export function acceptable(me: Endpoint, s: Observed): boolean {
  if (!me.has(KNOWS_RCV | KNOWS_RCV_WND)) return true;
  const { rcvNxt, rcvWnd } = me;
  const length = s.len + (s.flags & SYN ? 1 : 0) + (s.flags & FIN ? 1 : 0);
  const edge = seqAdd(rcvNxt, rcvWnd);
  if (length === 0) return rcvWnd === 0 ? s.seq === rcvNxt : seqLe(rcvNxt, s.seq) && seqLt(s.seq, edge);
  if (rcvWnd === 0) return false;
  const last = seqAdd(s.seq, length - 1);
  return (seqLe(rcvNxt, s.seq) && seqLt(s.seq, edge)) || (seqLe(rcvNxt, last) && seqLt(last, edge));
}

function receiveText(me: Endpoint, s: Observed): void {
  const start = textStart(s);
  const end = seqAdd(start, s.len);
  if (!me.has(KNOWS_RCV)) {
    me.known |= KNOWS_RCV;
    me.rcvNxt = end;
    return;
  }
  if (seqLe(end, me.rcvNxt)) return;
  if (seqGt(start, me.rcvNxt)) {
    if (s.len > 0) me.hold(start, end);
    return;
  }
  const next = me.holds ? me.release(end) : end;
  // The advertised right edge stays where it is until the receiver moves it.
  if (me.has(KNOWS_RCV_WND)) me.rcvWnd = Math.max(0, me.rcvWnd - ((next - me.rcvNxt) | 0));
  me.rcvNxt = next;
}

/** Number of its first byte of payload: that of a SYN comes before it. */
const textStart = (s: Observed): number => (s.flags & SYN ? seqAdd(s.seq, 1) : s.seq);

/** The peer's FIN is received (§3.10.7.4 eighth). */
function receiveFin(me: Endpoint, peer: Endpoint): void {
  if (me.has(GOT_FIN)) return;
  me.known = (me.known & ~FIN_UNDER_WAY) | GOT_FIN;
  me.rcvNxt = seqMax(me.rcvNxt, peer.finEnd);
  switch (me.state) {
    case SYN_RECEIVED:
    case ESTABLISHED:
      me.state = CLOSE_WAIT;
      break;
    case FIN_WAIT_1:
      me.state = me.has(SENT_FIN) && seqGe(me.sndUna, me.finEnd) ? TIME_WAIT : CLOSING;
      break;
    case FIN_WAIT_2:
      me.state = TIME_WAIT;
      break;
  }
}

function acknowledge(me: Endpoint, ack: number): void {
  if (!me.has(KNOWS_SND)) {
    me.known |= KNOWS_SND;
    me.sndUna = me.sndNxt = ack;
    return;
  }
  if (!seqGt(ack, me.sndUna)) return;
  me.sndUna = ack;
  // The peer cannot have received what was not sent: the capture missed it.
  if (seqGt(ack, me.sndNxt)) me.sndNxt = ack;
}

function learnIrs(me: Endpoint, s: Observed): void {
  me.known |= KNOWS_IRS | KNOWS_RCV;
  me.irs = s.seq;
  me.rcvNxt = seqAdd(s.seq, 1);
}

function learnSendWindow(me: Endpoint, s: Observed, window: number): void {
  if (s.window < 0) return;
  me.known |= KNOWS_SND_WND;
  me.sndWnd = window;
  me.sndWl1 = s.seq;
  if (s.flags & ACK) {
    me.known |= KNOWS_SND_WL2;
    me.sndWl2 = s.ack;
  }
}

/** SND.WND follows the newest segment only (§3.10.7.4 fifth): SND.WL1 < SEG.SEQ, or equal with SND.WL2 <= SEG.ACK. */
function updateSendWindow(me: Endpoint, peer: Endpoint, s: Observed): void {
  if (peer.shift === SHIFT_UNKNOWN) {
    me.known &= ~KNOWS_SND_WND;
    return;
  }
  const newer =
    !me.has(KNOWS_SND_WND) ||
    seqLt(me.sndWl1, s.seq) ||
    (me.sndWl1 === s.seq && (!me.has(KNOWS_SND_WL2) || seqLe(me.sndWl2, s.ack)));
  if (newer) learnSendWindow(me, s, scaled(peer, s));
}
