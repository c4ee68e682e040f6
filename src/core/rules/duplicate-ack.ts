import { message } from '../model/message';
import type { Rule } from '../tcp/rule';
import { repeatsAck } from './conditions';

export const duplicateAck: Rule = {
  kind: 'duplicate-ack',
  level: 'problem',
  cites: 'RFC 5681 §2',
  phase: 'acknowledgment',
  unless: ['zero-window-probe', 'keep-alive-ack', 'zero-window-probe-ack'],
  matches: (s, own) => s.window !== 0 && s.window === own.window && repeatsAck(s, own),
  text: ({ number, of }) =>
    of === null
      ? message('Duplicate ACK {0}.', number ?? 1)
      : message(
          'Duplicate ACK {0} of the one in packet {1}: something after it arrived out of order.',
          number ?? 1,
          of,
        ),
};
