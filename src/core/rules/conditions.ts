import { seqLt, u32 } from '../bytes/seq';
import { FIN, RST, SYN } from '../model/flags';
import { BASE_SET, type Memory } from '../tcp/memory';
import type { Condition } from '../tcp/rule';

/** A sequence number as it is shown: relative to the flow that it belongs to. */
export const relativeTo = (flow: Memory, raw: number): number => u32(flow.has(BASE_SET) ? raw - flow.baseSeq : raw);

/** A time that may not be known. */
export const knownNs = (elapsedNs: number): number | null => (Number.isFinite(elapsedNs) ? elapsedNs : null);

export const isPlain: Condition = {
  text: 'it has none of SYN, FIN and RST',
  holds: (s) => (s.flags & (SYN | FIN | RST)) === 0,
  values: (s) => ({ flags: s.flags }),
};

export const isEmpty: Condition = {
  text: 'it carries no data',
  holds: (s) => s.len === 0,
  values: (s) => ({ len: s.len }),
};

export const carriesData: Condition = {
  text: 'it carries data',
  holds: (s) => s.len > 0,
  values: (s) => ({ len: s.len }),
};

export const occupiesSequence: Condition = {
  text: 'it carries data, a SYN or a FIN',
  holds: (s) => s.len > 0 || (s.flags & (SYN | FIN)) !== 0,
  values: (s) => ({ len: s.len, flags: s.flags }),
};

export const startsAtNext: Condition = {
  text: 'it starts where new data would start',
  holds: (s, own) => s.seq === own.nextSeq,
  values: (s, own) => ({ seq: relativeTo(own, s.seq), nextSeq: relativeTo(own, own.nextSeq) }),
};

export const repeatsAck: Condition = {
  text: 'it repeats the last acknowledgment number of its side',
  holds: (s, own) => s.ack === own.lastAck,
  values: (s, own, peer) => ({ ack: relativeTo(peer, s.ack), lastAck: relativeTo(peer, own.lastAck) }),
};

export const repeatsWindow: Condition = {
  text: 'it repeats the last window of its side',
  holds: (s, own) => s.window === own.window,
  values: (s, own) => ({ window: s.window, lastWindow: own.window < 0 ? null : own.window }),
};

export const windowIsOpen: Condition = {
  text: 'its window is not zero',
  holds: (s) => s.window !== 0,
  values: (s) => ({ window: s.window }),
};

/** Starts below the highest sequence number seen, and so adds nothing new at its start. */
export const startsBelowNext: Condition = {
  text: 'it starts below the highest sequence number seen',
  holds: (s, own) => own.nextSeq !== 0 && seqLt(s.seq, own.nextSeq),
  values: (s, own) => ({ seq: relativeTo(own, s.seq), nextSeq: relativeTo(own, own.nextSeq) }),
};

/**
 * A segment of several bytes that starts exactly one below the highest number follows a keep-alive or a window probe
 * whose byte was not taken: it counts as new.
 */
export const isNotAfterProbe: Condition = {
  text: 'it is not new data that repeats the byte of a probe',
  holds: (s, own) => !(s.len > 1 && ((own.nextSeq - 1) | 0) === s.seq),
  values: (s, own) => ({ len: s.len, seq: relativeTo(own, s.seq), nextSeq: relativeTo(own, own.nextSeq) }),
};
