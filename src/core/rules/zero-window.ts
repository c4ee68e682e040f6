import { message } from '../model/message';
import type { Rule } from '../tcp/rule';
import { isPlain } from './conditions';

export const zeroWindow: Rule = {
  kind: 'zero-window',
  level: 'problem',
  cites: 'RFC 9293 §3.8.6',
  phase: 'acknowledgment',
  unless: ['zero-window-probe'],
  matches: (s) => s.window === 0 && isPlain(s),
  text: () => message('Zero window: the receive buffer is full, the peer must stop sending.'),
};
