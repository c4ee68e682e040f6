import { seqLt } from '../bytes/seq';
import { FIN, RST, SYN } from '../model/flags';
import type { Memory } from '../tcp/memory';
import type { Subject } from '../tcp/rule';

/** Neither opens, closes nor resets. */
export const isPlain = (s: Subject): boolean => (s.flags & (SYN | FIN | RST)) === 0;

/** Takes up sequence numbers: carries data, a SYN or a FIN. */
export const occupiesSequence = (s: Subject): boolean => s.len > 0 || (s.flags & (SYN | FIN)) !== 0;

/** Starts where new data of its flow would start. */
export const startsAtNext = (s: Subject, own: Memory): boolean => s.seq === own.nextSeq;

/** An empty segment that repeats the flow's last acknowledgment number. */
export const repeatsAck = (s: Subject, own: Memory): boolean =>
  s.len === 0 && isPlain(s) && startsAtNext(s, own) && s.ack === own.lastAck;

/**
 * Starts below the highest sequence number seen and so adds nothing new at its start. A segment of several bytes that
 * starts exactly one below follows a keep-alive or a window probe whose byte was not taken: it counts as new.
 */
export const goesBack = (s: Subject, own: Memory): boolean =>
  occupiesSequence(s) &&
  own.nextSeq !== 0 &&
  seqLt(s.seq, own.nextSeq) &&
  !(s.len > 1 && ((own.nextSeq - 1) | 0) === s.seq);
