import { message } from '../model/message';
import { noteBit } from '../model/segment';
import type { Rule } from '../tcp/rule';
import { repeatsAck } from './conditions';

const ZERO_WINDOW_PROBE = noteBit('zero-window-probe');

export const zeroWindowProbeAck: Rule = {
  kind: 'zero-window-probe-ack',
  level: 'info',
  cites: 'RFC 9293 §3.8.6.1',
  phase: 'acknowledgment',
  unless: ['zero-window-probe', 'keep-alive-ack'],
  matches: (s, own, peer) =>
    s.window === 0 && own.window === 0 && repeatsAck(s, own) && (peer.lastNotes & ZERO_WINDOW_PROBE) !== 0,
  text: () => message('Answer to a zero window probe: the window is still closed.'),
};
