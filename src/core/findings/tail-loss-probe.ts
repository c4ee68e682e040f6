import { duration } from '../format/time';
import { message } from '../model/message';
import { because, type Detector } from './finding';

/** RFC 8985 §7.2: the probe timeout is two smoothed round trips; our round trip may be a little off. */
const ROUND_TRIPS = 1.8;

/**
 * The last segment is sent again, not the oldest, soon after two round trips and before the timeout: the sender wants an
 * acknowledgment whose SACK blocks show what was lost at the end (RFC 8985 §7).
 */
export const tailLossProbe: Detector = {
  kind: 'tail-loss-probe',
  level: 'info',
  cites: 'RFC 8985 §7.3',
  watch: (found) => ({
    see(c) {
      const { resent, own, sinceSentNs } = c;
      if (resent === null || resent.times !== 2 || resent.end !== own.max || resent === own.oldest) return;
      if (own.duplicateAcks > 0 || own.sackedBytes > 0 || own.rtt.samples === 0) return;
      if (sinceSentNs < ROUND_TRIPS * own.rtt.srttNs) return;
      found({
        at: [c.segment],
        of: resent.first,
        text: message(
          'Tail loss probe: {0} without an acknowledgment, so the last segment is sent again before the timeout.',
          duration(sinceSentNs),
        ),
        why: [
          because('it is the last segment that was sent, and others before it are not acknowledged', {
            packet: c.packet(resent.first),
            oldest: c.packet(own.oldest!.first),
          }),
          because('two round trips have passed since', { waitedNs: sinceSentNs, srttNs: Math.round(own.rtt.srttNs) }),
          because('no duplicate ACK asked for it', { duplicateAcks: own.duplicateAcks }),
        ],
      });
    },
  }),
};
