import { seqGe } from '../bytes/seq';
import { count } from '../format/number';
import { duration } from '../format/time';
import { message } from '../model/message';
import type { Course } from './course';
import { because, type Detector } from './finding';
import { perFlow } from './per-flow';

/** RFC 5681 §3.2: as many duplicate ACKs are a loss; RFC 6675 §2: or as many segments' worth of SACKed bytes. */
const DUPLICATES = 3;

interface Episode {
  readonly at: number[];
  readonly recoveryPoint: number;
  readonly duplicateAcks: number;
  readonly sackedBytes: number;
  readonly startNs: number;
  partialAcks: number;
}

/** From the fast retransmission until everything is acknowledged that had been sent by then (RFC 6582 §3.2, RFC 6675 §5). */
export const fastRecovery: Detector = {
  kind: 'fast-recovery',
  level: 'info',
  cites: 'RFC 5681 §3.2, RFC 6675 §5',
  watch(found) {
    const episodes = perFlow<Episode>();
    const close = (c: Course, direction: number, end: number): void => {
      const episode = episodes.get(direction);
      episodes.set(direction, null);
      if (episode === null) return;
      const resends = episode.at.length;
      if (end >= 0) episode.at.push(end);
      const lastsNs = c.timeOf(episode.at.at(-1)!) - episode.startNs;
      found({
        at: episode.at,
        lastsNs,
        text:
          end < 0
            ? message(
                'Fast recovery of the {0}, not over at the end: {1} sent again.',
                c.side(direction),
                count(resends),
              )
            : message(
                'Fast recovery of the {0}: {1} sent again, over after {2}.',
                c.side(direction),
                count(resends),
                duration(lastsNs),
              ),
        why: [
          because('three duplicate ACKs, or SACK blocks worth three segments, report a loss', {
            duplicateAcks: episode.duplicateAcks,
            sackedBytes: episode.sackedBytes,
          }),
          because('it ends when all is acknowledged that had been sent when it began', {
            recoveryPoint: c.relative(direction, episode.recoveryPoint),
            partialAcks: episode.partialAcks,
          }),
        ],
      });
    };
    return {
      see(c) {
        const episode = episodes.get(1 - c.direction);
        if (episode !== null && c.newlyAcked > 0) {
          if (seqGe(c.peer.una, episode.recoveryPoint)) close(c, 1 - c.direction, c.segment);
          else episode.partialAcks++;
        }
        const { own, resent } = c;
        if (resent === null || c.len === 0) return;
        const open = episodes.get(c.direction);
        if (open !== null) {
          open.at.push(c.segment);
          return;
        }
        const asked = own.duplicateAcks >= DUPLICATES || own.sackedBytes >= DUPLICATES * Math.max(1, own.largest);
        if (!asked || resent.times !== 2 || c.sinceSentNs >= own.rtt.rtoNs) return;
        episodes.set(c.direction, {
          at: [c.segment],
          recoveryPoint: own.max,
          duplicateAcks: own.duplicateAcks,
          sackedBytes: own.sackedBytes,
          startNs: c.timeNs,
          partialAcks: 0,
        });
      },
      end(c) {
        close(c, 0, -1);
        close(c, 1, -1);
      },
    };
  },
};
