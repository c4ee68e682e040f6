import { message } from '../model/message';
import { defineRule } from '../tcp/rule';
import { SHIFT_UNKNOWN } from '../tcp/endpoint';
import { BEFORE_FIRST_ACK, type Memory } from '../tcp/memory';
import { carriesData, isPlain, relativeTo } from './conditions';

/** First sequence number that the peer has not offered to take. */
const rightEdge = (peer: Memory): number =>
  (peer.lastAck + (peer.window << (peer.has(BEFORE_FIRST_ACK) || peer.shift < 0 ? 0 : peer.shift))) | 0;

export const windowFull = defineRule({
  kind: 'window-full',
  level: 'problem',
  cites: 'RFC 9293 §3.8.6',
  phase: 'acknowledgment',
  unless: ['zero-window-probe'],
  conditions: [
    carriesData,
    {
      text: 'the window scale of the other side is known',
      holds: (_s, _own, peer) => peer.shift !== SHIFT_UNKNOWN,
      values: (_s, _own, peer) => ({ shift: peer.shift < 0 ? null : peer.shift }),
    },
    {
      text: 'it ends where the window of the other side ends',
      holds: (s, _own, peer) => s.end === rightEdge(peer),
      values: (s, own, peer) => ({ end: relativeTo(own, s.end), rightEdge: relativeTo(own, rightEdge(peer)) }),
    },
    isPlain,
  ],
  text: () => message('Window full: this segment fills the receive window to its last byte.'),
});
