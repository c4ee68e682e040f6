import { u32 } from '../bytes/seq';
import { message } from '../model/message';
import { OLD_TIMESTAMP } from '../tcp/tables';
import { because, type Detector } from './finding';

/** A segment whose timestamp is older than the one that its receiver keeps: it is dropped and answered with an ACK. */
export const pawsRejected: Detector = {
  kind: 'paws-rejected',
  level: 'problem',
  cites: 'RFC 7323 §5.3',
  watch: (found) => ({
    see(c) {
      if (!c.has(OLD_TIMESTAMP)) return;
      const detail = c.tracker.timestamps.find(c.segment);
      if (detail === null) return;
      const value = u32(detail.number);
      const recent = u32(detail.other);
      found({
        at: [c.segment],
        text: message(
          'PAWS: its timestamp {0} is older than {1}, which the {2} has had already: rejected as an old duplicate.',
          value,
          recent,
          c.side(1 - c.direction),
        ),
        why: [
          because('the timestamp of the segment, SEG.TSval, is less than TS.Recent', {
            tsVal: value,
            tsRecent: recent,
          }),
        ],
      });
    },
  }),
};
