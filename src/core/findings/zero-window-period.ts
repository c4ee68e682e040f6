import { count } from '../format/number';
import { duration } from '../format/time';
import { FIN, RST, SYN } from '../model/flags';
import { message } from '../model/message';
import { noteBit } from '../model/segment';
import type { Course } from './course';
import { because, type Detector } from './finding';
import { perFlow } from './per-flow';

const PROBE = noteBit('zero-window-probe') | noteBit('keep-alive');

interface Period {
  readonly first: number;
  readonly startNs: number;
  readonly at: number[];
  probes: number;
}

/** From a window of zero until it opens again; the peer may only probe meanwhile (RFC 9293 §3.8.6.1). */
export const zeroWindowPeriod: Detector = {
  kind: 'zero-window-period',
  level: 'problem',
  cites: 'RFC 9293 §3.8.6.1',
  watch(found) {
    const periods = perFlow<Period>();
    const close = (c: Course, direction: number, end: number): void => {
      const period = periods.get(direction);
      periods.set(direction, null);
      if (period === null) return;
      const lastsNs = (end < 0 ? c.timeNs : c.timeOf(end)) - period.startNs;
      const values = [c.side(direction), duration(lastsNs), count(period.probes)] as const;
      found({
        at: end < 0 ? period.at : [...period.at, end],
        lastsNs,
        text:
          end < 0
            ? message('The window of the {0} closed and did not open again: {1} to the end (probes: {2}).', ...values)
            : message('The window of the {0} was closed for {1} (probes: {2}).', ...values),
        why: [because('the advertised window is zero', { window: 0, probes: period.probes, lastsNs })],
      });
    };
    return {
      see(c) {
        const own = periods.get(c.direction);
        if (c.flags & RST) {
          close(c, 0, c.segment);
          close(c, 1, c.segment);
          return;
        }
        const peers = periods.get(1 - c.direction);
        if (peers !== null && c.has(PROBE)) peers.probes++;
        if (c.window !== 0 || c.flags & SYN) {
          if (own !== null && c.window > 0) close(c, c.direction, c.segment);
        } else if (own === null && (c.flags & FIN) === 0)
          periods.set(c.direction, { first: c.segment, startNs: c.timeNs, at: [c.segment], probes: 0 });
      },
      end(c) {
        close(c, 0, -1);
        close(c, 1, -1);
      },
    };
  },
};
