import { message } from '../model/message';
import { defineRule } from '../tcp/rule';
import { isEmpty, isPlain, repeatsAck, repeatsWindow, startsAtNext, windowIsOpen } from './conditions';

export const duplicateAck = defineRule({
  kind: 'duplicate-ack',
  level: 'problem',
  cites: 'RFC 5681 §2',
  phase: 'acknowledgment',
  unless: ['zero-window-probe', 'keep-alive-ack', 'zero-window-probe-ack'],
  conditions: [isEmpty, windowIsOpen, repeatsWindow, startsAtNext, repeatsAck, isPlain],
  text: ({ number, of }) =>
    of === null
      ? message('Duplicate ACK {0}.', number ?? 1)
      : message(
          'Duplicate ACK {0} of the one in packet {1}: something after it arrived out of order.',
          number ?? 1,
          of,
        ),
});
