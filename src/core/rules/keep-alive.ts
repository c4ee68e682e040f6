import { message } from '../model/message';
import { defineRule } from '../tcp/rule';
import { isPlain, relativeTo } from './conditions';

export const keepAlive = defineRule({
  kind: 'keep-alive',
  level: 'info',
  cites: 'RFC 9293 §3.8.4',
  phase: 'acknowledgment',
  unless: ['zero-window-probe'],
  conditions: [
    {
      text: 'it starts one below the highest sequence number seen',
      holds: (s, own) => s.seq === ((own.nextSeq - 1) | 0),
      values: (s, own) => ({ seq: relativeTo(own, s.seq), nextSeq: relativeTo(own, own.nextSeq) }),
    },
    {
      text: 'it carries no more than one byte',
      holds: (s) => s.len <= 1,
      values: (s) => ({ len: s.len }),
    },
    isPlain,
  ],
  text: () => message('Keep-alive: starts one byte below what is new, to make the peer answer.'),
});
