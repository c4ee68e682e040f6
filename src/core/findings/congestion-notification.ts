import { count } from '../format/number';
import { duration } from '../format/time';
import { CWR, ECE, RST, SYN } from '../model/flags';
import { message } from '../model/message';
import { CONGESTION_EXPERIENCED } from '../tcp/tables';
import type { Course } from './course';
import { EcnNegotiation } from './ecn-negotiation';
import { because, type Detector } from './finding';
import { perFlow } from './per-flow';

interface Episode {
  readonly at: number[];
  readonly startNs: number;
  /** Segments with ECE, and marked packets before them. */
  echoes: number;
  readonly marked: number;
}

/** A router marks packets, the receiver echoes it with ECE until the sender has answered with CWR (RFC 3168 §6.1). */
export const congestionNotification: Detector = {
  kind: 'congestion-notification',
  level: 'info',
  cites: 'RFC 3168 §6.1',
  watch(found) {
    const negotiation = new EcnNegotiation();
    const episodes = perFlow<Episode>();
    /** Packets of each flow that came marked since its last episode. */
    const marked = [0, 0] as [number, number];
    const close = (c: Course, direction: number, end: number): void => {
      const episode = episodes.get(direction);
      episodes.set(direction, null);
      if (episode === null) return;
      if (end >= 0) episode.at.push(end);
      const lastsNs = c.timeOf(episode.at.at(-1)!) - episode.startNs;
      const values = [c.side(direction), count(episode.echoes)] as const;
      found({
        at: episode.at,
        lastsNs,
        text:
          end < 0
            ? message('ECN: the {0} reports congestion in {1} segments; no CWR answers it.', ...values)
            : message(
                'ECN: the {0} reports congestion in {1} segments; CWR answers it after {2}.',
                ...values,
                duration(lastsNs),
              ),
        why: [
          because('ECE is set on a segment without SYN', { echoes: episode.echoes }),
          because('packets came marked as having met congestion', { marked: episode.marked }),
        ],
      });
    };
    return {
      see(c) {
        if (c.has(CONGESTION_EXPERIENCED)) marked[c.direction as 0 | 1]++;
        negotiation.see(c);
        if (negotiation.isAccurate || c.flags & (SYN | RST)) return;
        if (c.flags & CWR && c.len > 0) close(c, 1 - c.direction, c.segment);
        if ((c.flags & ECE) === 0) return;
        const episode = episodes.get(c.direction);
        if (episode !== null) episode.echoes++;
        else {
          const sender = (1 - c.direction) as 0 | 1;
          episodes.set(c.direction, { at: [c.segment], startNs: c.timeNs, echoes: 1, marked: marked[sender] });
          marked[sender] = 0;
        }
      },
      end(c) {
        close(c, 0, -1);
        close(c, 1, -1);
      },
    };
  },
};
