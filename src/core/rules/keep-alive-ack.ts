import { message } from '../model/message';
import { noteBit } from '../model/segment';
import type { Rule } from '../tcp/rule';
import { repeatsAck } from './conditions';

const KEEP_ALIVE = noteBit('keep-alive');

export const keepAliveAck: Rule = {
  kind: 'keep-alive-ack',
  level: 'info',
  cites: 'RFC 9293 §3.8.4',
  phase: 'acknowledgment',
  unless: ['zero-window-probe'],
  matches: (s, own, peer) =>
    s.window !== 0 && s.window === own.window && repeatsAck(s, own) && (peer.lastNotes & KEEP_ALIVE) !== 0,
  text: () => message('Answer to a keep-alive: the peer is still there.'),
};
