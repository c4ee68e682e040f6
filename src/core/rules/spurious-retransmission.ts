import { seqLe } from '../bytes/seq';
import { message } from '../model/message';
import { defineRule } from '../tcp/rule';
import { carriesData, relativeTo } from './conditions';

export const spuriousRetransmission = defineRule({
  kind: 'spurious-retransmission',
  level: 'problem',
  cites: 'RFC 5682 §1',
  phase: 'data',
  unless: ['keep-alive'],
  conditions: [
    carriesData,
    {
      text: 'the other side has acknowledged all of it',
      holds: (s, _own, peer) => peer.lastAck !== 0 && seqLe(s.end, peer.lastAck),
      values: (s, own, peer) => ({ end: relativeTo(own, s.end), lastAck: relativeTo(own, peer.lastAck) }),
    },
  ],
  text: ({ of }) =>
    of === null
      ? message('Spurious retransmission: the peer had acknowledged this data before.')
      : message('Spurious retransmission of packet {0}: the peer had acknowledged this data before.', of),
});
