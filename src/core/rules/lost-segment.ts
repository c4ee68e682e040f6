import { seqGt } from '../bytes/seq';
import { RST } from '../model/flags';
import { message } from '../model/message';
import { defineRule } from '../tcp/rule';
import { relativeTo } from './conditions';

export const lostSegment = defineRule({
  kind: 'lost-segment',
  level: 'problem',
  cites: 'RFC 9293 §3.4',
  phase: 'acknowledgment',
  unless: ['zero-window-probe'],
  conditions: [
    {
      text: 'it starts beyond the highest sequence number seen',
      holds: (s, own) => own.nextSeq !== 0 && seqGt(s.seq, own.nextSeq),
      values: (s, own) => ({ seq: relativeTo(own, s.seq), nextSeq: relativeTo(own, own.nextSeq) }),
    },
    {
      text: 'it is no reset',
      holds: (s) => (s.flags & RST) === 0,
      values: (s) => ({ flags: s.flags }),
    },
  ],
  text: () => message('A segment before this one has not come: it is late, lost, or missing from the capture.'),
});
