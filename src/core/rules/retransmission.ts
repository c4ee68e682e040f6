import { duration } from '../format/time';
import { message } from '../model/message';
import { defineRule } from '../tcp/rule';
import { isNotAfterProbe, occupiesSequence, startsBelowNext } from './conditions';

export const retransmission = defineRule({
  kind: 'retransmission',
  level: 'problem',
  cites: 'RFC 9293 §3.8.1',
  phase: 'data',
  unless: ['keep-alive', 'spurious-retransmission', 'fast-retransmission', 'out-of-order'],
  conditions: [occupiesSequence, startsBelowNext, isNotAfterProbe],
  text({ of, elapsedNs }) {
    if (of === null) return message('Retransmission of data that was sent before.');
    if (elapsedNs === null) return message('Retransmission of packet {0}.', of);
    return message('Retransmission of packet {0}, {1} after it.', of, duration(elapsedNs));
  },
});
