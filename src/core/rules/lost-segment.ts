import { seqGt } from '../bytes/seq';
import { RST } from '../model/flags';
import { message } from '../model/message';
import type { Rule } from '../tcp/rule';

export const lostSegment: Rule = {
  kind: 'lost-segment',
  level: 'problem',
  cites: 'RFC 9293 §3.4',
  phase: 'acknowledgment',
  unless: ['zero-window-probe'],
  matches: (s, own) => own.nextSeq !== 0 && seqGt(s.seq, own.nextSeq) && (s.flags & RST) === 0,
  text: () => message('A segment before this one is missing from the capture.'),
};
