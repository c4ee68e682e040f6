import { message } from '../model/message';
import { defineRule } from '../tcp/rule';
import { startsAtNext } from './conditions';

export const zeroWindowProbe = defineRule({
  kind: 'zero-window-probe',
  level: 'info',
  cites: 'RFC 9293 §3.8.6.1',
  phase: 'acknowledgment',
  conditions: [
    {
      text: 'it carries one byte',
      holds: (s) => s.len === 1,
      values: (s) => ({ len: s.len }),
    },
    startsAtNext,
    {
      text: 'the window of the other side is closed',
      holds: (_s, _own, peer) => peer.window === 0,
      values: (_s, _own, peer) => ({ window: peer.window < 0 ? null : peer.window }),
    },
  ],
  text: () => message('Zero window probe: one byte sent into the closed window to hear when it opens.'),
});
