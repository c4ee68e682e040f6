import { seqLe } from '../bytes/seq';
import { message } from '../model/message';
import type { Rule } from '../tcp/rule';

export const spuriousRetransmission: Rule = {
  kind: 'spurious-retransmission',
  level: 'problem',
  cites: 'RFC 5682 §1',
  phase: 'data',
  unless: ['keep-alive'],
  matches: (s, _own, peer) => s.len > 0 && peer.lastAck !== 0 && seqLe(s.end, peer.lastAck),
  text: ({ of }) =>
    of === null
      ? message('Spurious retransmission: the peer had acknowledged this data before.')
      : message('Spurious retransmission of packet {0}: the peer had acknowledged this data before.', of),
};
