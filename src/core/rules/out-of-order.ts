import { FIN, SYN } from '../model/flags';
import { message } from '../model/message';
import type { Rule } from '../tcp/rule';
import { goesBack } from './conditions';

/** Where the connection's round trip is unknown, a segment that late is a retransmission (Wireshark's constant). */
const DEFAULT_RTT_NS = 3_000_000;

export const outOfOrder: Rule = {
  kind: 'out-of-order',
  level: 'problem',
  cites: 'RFC 9293 §3.10.7.4',
  phase: 'data',
  unless: ['keep-alive', 'spurious-retransmission', 'fast-retransmission'],
  matches(s, own) {
    if (!goesBack(s, own)) return false;
    // A round trip that came out negative (the clock went back) is compared as an unsigned number there: no limit.
    const limitNs = s.initialRttNs === 0 ? DEFAULT_RTT_NS : s.initialRttNs < 0 ? Infinity : s.initialRttNs;
    const end = (s.end + (s.flags & (SYN | FIN) ? 1 : 0)) | 0;
    return s.sinceHighestNs >= 0 && s.sinceHighestNs < limitNs && own.nextSeq !== end;
  },
  text: () => message('Out of order: a later segment overtook this one.'),
};
