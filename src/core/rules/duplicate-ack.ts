import { message } from '../model/message';
import { NEW_MULTIPATH } from '../tcp/memory';
import { defineRule } from '../tcp/rule';
import { isEmpty, isPlain, repeatsAck, repeatsWindow, startsAtNext, windowIsOpen } from './conditions';

export const duplicateAck = defineRule({
  kind: 'duplicate-ack',
  level: 'problem',
  cites: 'RFC 5681 §2',
  phase: 'acknowledgment',
  unless: ['zero-window-probe', 'keep-alive-ack', 'zero-window-probe-ack'],
  conditions: [
    isEmpty,
    windowIsOpen,
    repeatsWindow,
    startsAtNext,
    repeatsAck,
    isPlain,
    {
      // RFC 8684 §4 allows them there: the data level may have something to say while the subflow has not.
      text: 'no new kind of Multipath TCP option appeared after the last segment of its side',
      holds: (_s, own) => !own.has(NEW_MULTIPATH),
      values: () => ({}),
    },
  ],
  text: ({ number, of }) =>
    of === null
      ? message('Duplicate ACK {0}.', number ?? 1)
      : message(
          'Duplicate ACK {0} of the one in packet {1}: something came that was not the next in order.',
          number ?? 1,
          of,
        ),
});
