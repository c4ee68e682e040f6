import { message } from '../model/message';
import type { Rule } from '../tcp/rule';
import { repeatsAck } from './conditions';

export const windowUpdate: Rule = {
  kind: 'window-update',
  level: 'info',
  cites: 'RFC 9293 §3.8.6',
  phase: 'acknowledgment',
  unless: ['zero-window-probe'],
  matches: (s, own) => s.window !== 0 && s.window !== own.window && repeatsAck(s, own),
  text: () => message('Window update: nothing new is acknowledged, only the receive window changed.'),
};
