import { message } from '../model/message';
import { defineRule } from '../tcp/rule';
import { isPlain } from './conditions';

export const zeroWindow = defineRule({
  kind: 'zero-window',
  level: 'problem',
  cites: 'RFC 9293 §3.8.6',
  phase: 'acknowledgment',
  unless: ['zero-window-probe'],
  conditions: [
    {
      text: 'its window is zero',
      holds: (s) => s.window === 0,
      values: (s) => ({ window: s.window }),
    },
    isPlain,
  ],
  text: () => message('Zero window: the receive buffer is full, the peer must stop sending.'),
});
