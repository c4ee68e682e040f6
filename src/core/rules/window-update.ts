import { message } from '../model/message';
import { defineRule } from '../tcp/rule';
import { isEmpty, isPlain, repeatsAck, startsAtNext, windowIsOpen } from './conditions';

export const windowUpdate = defineRule({
  kind: 'window-update',
  level: 'info',
  cites: 'RFC 9293 §3.8.6',
  phase: 'acknowledgment',
  unless: ['zero-window-probe'],
  conditions: [
    isEmpty,
    windowIsOpen,
    {
      text: 'its window differs from the last one of its side',
      holds: (s, own) => s.window !== own.window,
      values: (s, own) => ({ window: s.window, lastWindow: own.window < 0 ? null : own.window }),
    },
    startsAtNext,
    repeatsAck,
    isPlain,
  ],
  text: () => message('Window update: nothing new is acknowledged, only the receive window changed.'),
});
