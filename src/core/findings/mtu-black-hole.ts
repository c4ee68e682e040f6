import { seqDiff } from '../bytes/seq';
import { count } from '../format/number';
import { message } from '../model/message';
import { because, type Detector } from './finding';
import { perFlow } from './per-flow';
import { MIN_RTO_NS } from './rtt';

/** RFC 8899 §5.1.2 (MAX_PROBES): a size that is lost this often while the path is alive does not fit. */
const TRIES = 3;
/** Where nothing else shows that the path is alive, one more. */
const TRIES_IN_SILENCE = 4;
/** Every path carries 1280 bytes (IPv6) or 576 (IPv4): what is smaller than this is lost for other reasons. */
const LARGE_BYTES = 1000;

/**
 * Large segments are lost again and again while smaller ones of the same flow arrive: some link drops what is too large
 * for it, and the ICMP message that should say so does not come (RFC 4821 §2).
 */
export const mtuBlackHole: Detector = {
  kind: 'mtu-black-hole',
  level: 'problem',
  cites: 'RFC 4821 §2, RFC 8899 §4.4',
  watch(found) {
    const told = perFlow<true>();
    return {
      see(c) {
        const { own, resent } = c;
        if (resent === null || told.get(c.direction) || resent !== own.oldest || resent.times < TRIES) return;
        const size = seqDiff(resent.end, resent.start);
        const hasCarriedData = own.largestAcked > 1; // more than the SYN
        if (size < LARGE_BYTES || !hasCarriedData || size <= own.largestAcked || c.len < size) return;
        const isAlive = own.sackedBytes > 0 || c.peer.lastNs > resent.firstNs + c.own.rtt.srttNs;
        // Copies that a mirror port makes come at once.
        if (c.timeNs - resent.firstNs < (TRIES - 1) * MIN_RTO_NS) return;
        if (!isAlive && resent.times < TRIES_IN_SILENCE) return;
        told.set(c.direction, true);
        found({
          at: [c.segment],
          of: resent.first,
          lastsNs: c.timeNs - resent.firstNs,
          text: message(
            'Segments of {0} bytes do not get through, sent {1} times, while up to {2} bytes do: a link may be dropping large packets silently (MTU black hole).',
            count(size),
            count(resent.times),
            count(own.largestAcked),
          ),
          why: [
            because('a segment larger than any that was acknowledged is sent again and again', {
              bytes: size,
              times: resent.times,
            }),
            because('smaller ones of the same flow are acknowledged', { largestAcked: own.largestAcked }),
          ],
        });
      },
    };
  },
};
