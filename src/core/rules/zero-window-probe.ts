import { message } from '../model/message';
import type { Rule } from '../tcp/rule';
import { startsAtNext } from './conditions';

export const zeroWindowProbe: Rule = {
  kind: 'zero-window-probe',
  level: 'info',
  cites: 'RFC 9293 §3.8.6.1',
  phase: 'acknowledgment',
  matches: (s, own, peer) => s.len === 1 && startsAtNext(s, own) && peer.window === 0,
  text: () => message('Zero window probe: one byte sent into the closed window to hear when it opens.'),
};
