import { count } from '../format/number';
import { duration } from '../format/time';
import { FIN, RST, SYN } from '../model/flags';
import { message } from '../model/message';
import type { Course } from './course';
import { because, type Detector } from './finding';
import { perFlow } from './per-flow';

/** The shortest delay of acknowledgments in use (Linux: 40 ms; RFC 9293 §3.8.6.3 allows 500 ms). */
const SHORTEST_DELAY_NS = 35e6;
/** What a host takes to send what it held back. */
const AT_ONCE_NS = 5e6;
/** No segment this small is a full one (RFC 9293 §3.7.1: 536 bytes go everywhere). */
const SMALL_BYTES = 536;

/** A small segment that waits alone for its acknowledgment, and what became of it. */
interface Wait {
  readonly segment: number;
  readonly end: number;
  readonly sentNs: number;
  /** The acknowledgment that came late, -1 before it. */
  ack: number;
  ackNs: number;
}

interface Sum {
  readonly at: number[];
  times: number;
  totalNs: number;
}

/**
 * Nagle's algorithm holds a second small segment back until the first is acknowledged (RFC 9293 §3.7.4), and the receiver
 * delays that acknowledgment (§3.8.6.3): both wait for each other until the delay is over.
 */
export const nagleDelayedAck: Detector = {
  kind: 'nagle-delayed-ack',
  level: 'problem',
  cites: 'RFC 9293 §3.7.4, §3.8.6.3',
  watch(found) {
    const waits = perFlow<Wait>();
    const sums = perFlow<Sum>();
    const add = (direction: number, { segment, ack, ackNs, sentNs }: Wait, next: number): void => {
      const sum = sums.get(direction) ?? { at: [], times: 0, totalNs: 0 };
      sum.at.push(segment, ack, next);
      sum.times++;
      sum.totalNs += ackNs - sentNs;
      sums.set(direction, sum);
    };
    return {
      see(c) {
        const { direction, own } = c;
        const roundTripNs = Math.max(0, c.tracker.initialRttNs(c.connection));
        // The peer says something: a late acknowledgment alone, or something that ends the waiting otherwise.
        const peers = waits.get(1 - direction);
        if (peers !== null && peers.ack < 0) {
          const isLate = c.timeNs - peers.sentNs >= SHORTEST_DELAY_NS + roundTripNs;
          const isAlone = c.len === 0 && (c.flags & (SYN | FIN | RST)) === 0 && c.ack === peers.end;
          if (isAlone && isLate) {
            peers.ack = c.segment;
            peers.ackNs = c.timeNs;
          } else waits.set(1 - direction, null);
        }
        if (c.len === 0) return;
        const held = waits.get(direction);
        waits.set(direction, null);
        if (isSmall(c) && held !== null && held.ack >= 0 && c.timeNs - held.ackNs <= roundTripNs + AT_ONCE_NS)
          add(direction, held, c.segment);
        if (isSmall(c) && own.flight === c.len)
          waits.set(direction, { segment: c.segment, end: c.end, sentNs: c.timeNs, ack: -1, ackNs: -1 });
      },
      end(c) {
        for (const direction of [0, 1]) {
          const sum = sums.get(direction);
          if (sum === null) continue;
          const total = duration(sum.totalNs);
          found({
            at: [...new Set(sum.at)].sort((a, b) => a - b),
            lastsNs: sum.totalNs,
            text:
              sum.times === 1
                ? message(
                    'A small segment of the {0} waited {1} for a delayed acknowledgment.',
                    c.side(direction),
                    total,
                  )
                : message(
                    'Small segments of the {0} waited {1} times for a delayed acknowledgment, {2} in all.',
                    c.side(direction),
                    count(sum.times),
                    total,
                  ),
            why: [
              because('one small segment is alone on its way', { smallerThan: SMALL_BYTES }),
              because('its acknowledgment comes alone and late', { delayNs: Math.round(sum.totalNs / sum.times) }),
              because('the next small segment leaves as soon as it has come', { times: sum.times }),
            ],
          });
        }
      },
    };
  },
};

const isSmall = ({ len, isResend, flags }: Course): boolean =>
  len > 0 && len < SMALL_BYTES && !isResend && (flags & (SYN | FIN | RST)) === 0;
