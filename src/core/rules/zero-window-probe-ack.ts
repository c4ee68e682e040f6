import { message } from '../model/message';
import { noteBit } from '../model/segment';
import { defineRule } from '../tcp/rule';
import { isEmpty, isPlain, repeatsAck, startsAtNext } from './conditions';

const ZERO_WINDOW_PROBE = noteBit('zero-window-probe');

export const zeroWindowProbeAck = defineRule({
  kind: 'zero-window-probe-ack',
  level: 'info',
  cites: 'RFC 9293 §3.8.6.1',
  phase: 'acknowledgment',
  unless: ['zero-window-probe', 'keep-alive-ack'],
  conditions: [
    isEmpty,
    {
      text: 'the last segment of the other side was a zero window probe',
      holds: (_s, _own, peer) => (peer.lastNotes & ZERO_WINDOW_PROBE) !== 0,
      values: () => ({}),
    },
    {
      text: 'its window is zero, and was zero before',
      holds: (s, own) => s.window === 0 && own.window === 0,
      values: (s, own) => ({ window: s.window, lastWindow: own.window < 0 ? null : own.window }),
    },
    startsAtNext,
    repeatsAck,
    isPlain,
  ],
  text: () => message('Answer to a zero window probe: the window is still closed.'),
});
