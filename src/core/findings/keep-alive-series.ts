import { count } from '../format/number';
import { duration } from '../format/time';
import { message } from '../model/message';
import { noteBit } from '../model/segment';
import { because, type Detector } from './finding';
import { perFlow } from './per-flow';

const KEEP_ALIVE = noteBit('keep-alive');
const KEEP_ALIVE_ACK = noteBit('keep-alive-ack');

interface Probes {
  readonly at: number[];
  readonly idleNs: number;
  lastNs: number;
  intervalsNs: number;
  answered: number;
}

/** Keep-alives of one side: how long after the last segment, how far apart, how many answered. */
export const keepAliveSeries: Detector = {
  kind: 'keep-alive-series',
  level: 'info',
  cites: 'RFC 9293 §3.8.4',
  watch(found) {
    const flows = perFlow<Probes>();
    return {
      see(c) {
        if (c.has(KEEP_ALIVE_ACK)) {
          const asked = flows.get(1 - c.direction);
          if (asked !== null) asked.answered++;
        }
        // With the peer's window at zero it is a window probe.
        if (!c.has(KEEP_ALIVE) || c.peer.window === 0) return;
        const probes = flows.get(c.direction);
        if (probes === null) {
          flows.set(c.direction, {
            at: [c.segment],
            idleNs: Math.max(0, c.silenceNs),
            lastNs: c.timeNs,
            intervalsNs: 0,
            answered: 0,
          });
          return;
        }
        probes.at.push(c.segment);
        probes.intervalsNs += c.timeNs - probes.lastNs;
        probes.lastNs = c.timeNs;
      },
      end(c) {
        for (const direction of [0, 1]) {
          const probes = flows.get(direction);
          if (probes === null) continue;
          const { at, idleNs, intervalsNs, answered } = probes;
          const intervalNs = at.length > 1 ? intervalsNs / (at.length - 1) : 0;
          const values = [c.side(direction), count(at.length), duration(idleNs), count(answered)] as const;
          found({
            at,
            lastsNs: intervalsNs,
            text:
              at.length === 1
                ? message('The {0} sent {1} keep-alive after {2} of silence; {3} answered.', ...values)
                : message(
                    'The {0} sent {1} keep-alives, the first after {2} of silence, then every {4}; {3} answered.',
                    ...values,
                    duration(intervalNs),
                  ),
            why: [
              because('keep-alives and their answers', {
                keepAlives: at.length,
                answered,
                idleNs,
                intervalNs: at.length > 1 ? Math.round(intervalNs) : null,
              }),
            ],
          });
        }
      },
    };
  },
};
