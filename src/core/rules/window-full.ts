import { message } from '../model/message';
import { BEFORE_FIRST_ACK } from '../tcp/memory';
import type { Rule } from '../tcp/rule';
import { isPlain } from './conditions';

export const windowFull: Rule = {
  kind: 'window-full',
  level: 'problem',
  cites: 'RFC 9293 §3.8.6',
  phase: 'acknowledgment',
  unless: ['zero-window-probe'],
  matches(s, _own, peer) {
    if (s.len === 0 || peer.shift === -1 || !isPlain(s)) return false;
    const shift = peer.has(BEFORE_FIRST_ACK) || peer.shift < 0 ? 0 : peer.shift;
    return s.end === ((peer.lastAck + (peer.window << shift)) | 0);
  },
  text: () => message('Window full: this segment fills the receive window to its last byte.'),
};
