import { FIN, SYN } from '../model/flags';
import { message } from '../model/message';
import { defineRule, type Subject } from '../tcp/rule';
import { isNotAfterProbe, knownNs, occupiesSequence, relativeTo, startsBelowNext } from './conditions';

/** Where the connection's round trip is unknown, a segment that late is a retransmission (Wireshark's constant). */
const DEFAULT_RTT_NS = 3_000_000;

/** A round trip that came out negative (the clock went back) sets no limit: Wireshark compares it as unsigned. */
const limitNs = ({ initialRttNs }: Subject): number =>
  initialRttNs === 0 ? DEFAULT_RTT_NS : initialRttNs < 0 ? Infinity : initialRttNs;

const endOf = (s: Subject): number => (s.end + (s.flags & (SYN | FIN) ? 1 : 0)) | 0;

export const outOfOrder = defineRule({
  kind: 'out-of-order',
  level: 'problem',
  cites: 'RFC 9293 §3.10.7.4',
  phase: 'data',
  unless: ['keep-alive', 'spurious-retransmission', 'fast-retransmission'],
  conditions: [
    occupiesSequence,
    startsBelowNext,
    isNotAfterProbe,
    {
      text: 'it comes sooner after the highest segment than one round trip',
      holds: (s) => s.sinceHighestNs >= 0 && s.sinceHighestNs < limitNs(s),
      values: (s) => ({ elapsedNs: knownNs(s.sinceHighestNs), limitNs: knownNs(limitNs(s)) }),
    },
    {
      text: 'it does not end where the highest segment ended',
      holds: (s, own) => own.nextSeq !== endOf(s),
      values: (s, own) => ({ end: relativeTo(own, endOf(s)), nextSeq: relativeTo(own, own.nextSeq) }),
    },
  ],
  text: () =>
    message(
      'Out of order: a segment with later data came first. It was overtaken on its way, or lost and quickly sent again.',
    ),
});
