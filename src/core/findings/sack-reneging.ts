import { message } from '../model/message';
import { because, type Detector } from './finding';

/** The receiver acknowledges less than it has reported to hold: it has thrown data away (RFC 2018 §8). */
export const sackReneging: Detector = {
  kind: 'sack-reneging',
  level: 'problem',
  cites: 'RFC 2018 §8',
  watch: (found) => ({
    see(c) {
      if (!c.acksIntoSacked || c.newlyAcked === 0) return;
      const oldest = c.peer.oldest!;
      const direction = 1 - c.direction;
      found({
        at: [c.segment],
        of: oldest.first,
        text: message(
          'The {0} had reported to hold packet {1} and does not acknowledge it now that nothing is missing before it: it has thrown it away.',
          c.side(c.direction),
          c.packet(oldest.first),
        ),
        why: [
          because('the acknowledgment ends where a segment begins that SACK blocks had covered', {
            ack: c.relative(direction, c.ack),
            sackedFrom: c.relative(direction, oldest.start),
          }),
        ],
      });
    },
  }),
};
