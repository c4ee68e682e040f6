import { message } from '../model/message';
import type { Rule } from '../tcp/rule';
import { isPlain } from './conditions';

export const keepAlive: Rule = {
  kind: 'keep-alive',
  level: 'info',
  cites: 'RFC 9293 §3.8.4',
  phase: 'acknowledgment',
  unless: ['zero-window-probe'],
  matches: (s, own) => s.len <= 1 && s.seq === ((own.nextSeq - 1) | 0) && isPlain(s),
  text: () => message('Keep-alive: repeats the last byte to see whether the peer is still there.'),
};
