import { seqGt, seqLe, seqLt } from '../bytes/seq';
import { ACK, FIN, RST, SYN, URG } from '../model/flags';
import { ESTABLISHED } from '../model/states';
import {
  ASSUMED,
  type Endpoint,
  FIN_UNDER_WAY,
  GOT_FIN,
  HAS_SPOKEN,
  HELD_AT,
  KNOWN,
  KNOWS_RCV,
  KNOWS_RCV_WND,
  KNOWS_SND,
  KNOWS_SND_WL2,
  KNOWS_SND_WND,
  LAGS,
  RCV_NXT,
  RCV_WND,
  RESET_FROM,
  SENT_FIN,
  SHIFT,
  SHIFT_UNKNOWN,
  SND_NXT,
  SND_UNA,
  SND_WL1,
  SND_WL2,
  SND_WND,
  STATE,
} from './endpoint';
import { MAX_WINDOW, type Observed } from './observe';

/** Nothing of a close or of a reset at either end. */
const ENDING = SENT_FIN | GOT_FIN | FIN_UNDER_WAY | LAGS | RESET_FROM;
const SENDER_KNOWS = KNOWS_SND | KNOWS_RCV | HAS_SPOKEN;
const RECEIVER_KNOWS = KNOWS_SND | KNOWS_RCV;

/**
 * Header prediction, as stacks have it since Van Jacobson's: nearly every segment is the next data in order or the next
 * acknowledgment between two established ends, and moves a handful of variables. Does what {@link observe} would do to
 * such a segment, in one go, and returns true; returns false and does nothing where it is another.
 *
 * Both endpoints are views of the same array.
 */
export function predict(sender: Endpoint, receiver: Endpoint, s: Observed): boolean {
  const { words, at: me } = sender;
  const { at: you } = receiver;
  if (words[me + STATE] !== ESTABLISHED || words[you + STATE] !== ESTABLISHED) return false;
  const known = words[me + KNOWN]!;
  const theirs = words[you + KNOWN]!;
  if (((known | theirs) & ENDING) !== 0) return false;
  if ((known & SENDER_KNOWS) !== SENDER_KNOWS || (theirs & RECEIVER_KNOWS) !== RECEIVER_KNOWS) return false;

  const { seq, ack, len, window } = s;
  if ((s.flags & (SYN | FIN | RST | URG | ACK)) !== ACK || len < 0 || window < 0) return false;
  if (s.sackBlocks !== 0 || s.hasOldTimestamp || s.undelivered || s.textUndelivered) return false;
  if (words[me + SND_NXT] !== seq || words[you + RCV_NXT] !== seq) return false;
  const unacknowledged = words[you + SND_UNA]!;
  if (seqLt(ack, words[me + RCV_NXT]!) || seqGt(ack, words[you + SND_NXT]!)) return false;
  const shift = words[me + SHIFT]!;
  if (shift === SHIFT_UNKNOWN) return false;
  const hasWindow = (theirs & KNOWS_RCV_WND) !== 0;
  const end = (seq + len) | 0;
  if (len > 0 && ((hasWindow && words[you + RCV_WND] === 0) || (end - words[me + SND_UNA]!) >>> 0 > MAX_WINDOW))
    return false;
  if (words[me + HELD_AT] !== words[me + HELD_AT + 1] || words[you + HELD_AT] !== words[you + HELD_AT + 1])
    return false;

  const scaled = shift < 0 ? window : window << shift;
  words[me + KNOWN] = (known & ~ASSUMED) | KNOWS_RCV_WND;
  words[me + SND_NXT] = end;
  words[me + RCV_NXT] = ack;
  words[me + RCV_WND] = scaled;

  if (seqGt(ack, unacknowledged)) words[you + SND_UNA] = ack;
  const before = words[you + SND_WL1]!;
  if (
    (theirs & KNOWS_SND_WND) === 0 ||
    seqLt(before, seq) ||
    (before === seq && ((theirs & KNOWS_SND_WL2) === 0 || seqLe(words[you + SND_WL2]!, ack)))
  ) {
    words[you + KNOWN] = theirs | KNOWS_SND_WND | KNOWS_SND_WL2;
    words[you + SND_WND] = scaled;
    words[you + SND_WL1] = seq;
    words[you + SND_WL2] = ack;
  }
  words[you + RCV_NXT] = end;
  if (hasWindow && len > 0) words[you + RCV_WND] = Math.max(0, words[you + RCV_WND]! - len);
  return true;
}
