import { message } from '../model/message';
import { noteBit } from '../model/segment';
import { defineRule } from '../tcp/rule';
import { isEmpty, isPlain, repeatsAck, repeatsWindow, startsAtNext, windowIsOpen } from './conditions';

const KEEP_ALIVE = noteBit('keep-alive');

export const keepAliveAck = defineRule({
  kind: 'keep-alive-ack',
  level: 'info',
  cites: 'RFC 9293 §3.8.4',
  phase: 'acknowledgment',
  unless: ['zero-window-probe'],
  conditions: [
    isEmpty,
    {
      text: 'the last segment of the other side was a keep-alive',
      holds: (_s, _own, peer) => (peer.lastNotes & KEEP_ALIVE) !== 0,
      values: () => ({}),
    },
    windowIsOpen,
    repeatsWindow,
    startsAtNext,
    repeatsAck,
    isPlain,
  ],
  text: () => message('Answer to a keep-alive: the peer is still there.'),
});
