import { count } from '../format/number';
import { message } from '../model/message';
import { noteBit } from '../model/segment';
import { crossed, type Detector, finding, type KindOf, Sample } from './finding';
import { CLIENT, SERVER } from './walk';

const DROPS: KindOf = {
  kind: 'capture-drops',
  title: message('Packets that the capture lost'),
  cites: 'RFC 9293 §3.4, draft-ietf-opsawg-pcapng §4.6 (isb_ifdrop)',
  caution: message('Packets that took another way, past the point of capture, look the same.'),
};

/** A probe that was accepted after all, or data in a SYN that was not, is acknowledged like something unseen. */
const LEAST = 5;

const ACKED_UNSEEN = noteBit('ack-lost-segment');

/** What was acknowledged but never captured did arrive: the capture lost it, and losses that it shows may be its own. */
export const captureDrops: Detector = {
  group: 'quality',
  kinds: [DROPS],
  watch(context) {
    const unseen = new Sample();
    let pending: number[] = [];
    let more = 0;
    return {
      segment({ notes, segment }) {
        if ((notes & ACKED_UNSEEN) === 0) return;
        if (pending.length < 16) pending.push(segment);
        else more++;
      },
      connection(walk) {
        if (pending.length === 0) return;
        // Of a connection that is captured in one direction, everything is unseen: that is another finding.
        if (walk.segments[CLIENT]! > 0 && walk.segments[SERVER]! > 0) {
          for (const segment of pending) unseen.add(context.packet(segment));
          unseen.total += more;
        }
        pending = [];
        more = 0;
      },
      *conclude() {
        const dropped = context.sources.interfaces.reduce((sum, one) => sum + (one.dropped ?? 0), 0);
        if (unseen.total === 0 && dropped === 0) return;
        const { length } = context.tracker.segments;
        const share = Math.floor((100 * unseen.total) / Math.max(1, length));
        const isMany = share >= context.thresholds.captureDrops && unseen.total >= LEAST;
        yield finding('quality', DROPS, {
          severity: isMany || dropped > 0 ? 'warning' : 'info',
          text:
            unseen.total > 0
              ? message(
                  '{0} of {1} segments acknowledge data that was not captured.',
                  count(unseen.total),
                  count(length),
                )
              : message('The capture says of itself that it lost {0} packets.', count(dropped)),
          details:
            unseen.total > 0 && dropped > 0
              ? [message('The capture says of itself that it lost {0} packets.', count(dropped))]
              : [],
          packets: unseen.kept,
          packetsTotal: unseen.total,
          crossed: isMany ? [crossed(context, 'captureDrops', share)] : [],
        });
      },
    };
  },
};
