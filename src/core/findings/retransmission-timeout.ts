import { count } from '../format/number';
import { duration } from '../format/time';
import { SYN } from '../model/flags';
import { message } from '../model/message';
import type { Course } from './course';
import { because, type Detector, type Told } from './finding';
import { perFlow } from './per-flow';

/** Twice as long each time, less what clocks and timers are off by (RFC 6298 §5.5). */
const BACK_OFF = 1.5;

/** What clocks and our guess of the sender's timeout may be off by. */
const TOLERANCE = 0.9;

/** Waiting for an acknowledgment, the timer of the oldest segment went off, once or several times in a row. */
interface Series {
  readonly at: number[];
  readonly waitsNs: number[];
  readonly una: number;
  readonly of: number;
  readonly rtoNs: number;
  /** A tail loss probe before the first timeout, -1 where there was none. */
  readonly probe: number;
}

/**
 * The oldest segment is sent again although neither duplicate ACKs nor SACK blocks asked for it: its timer has expired
 * (RFC 6298 §5.4), and waits twice as long each time (§5.5).
 */
export const retransmissionTimeout: Detector = {
  kind: 'retransmission-timeout',
  level: 'problem',
  cites: 'RFC 6298 §5.4, §5.5',
  watch(found) {
    const series = perFlow<Series>();
    const close = (c: Course, direction: number): void => {
      const open = series.get(direction);
      series.set(direction, null);
      if (open !== null) found(told(c, withoutProbe(open), direction));
    };
    return {
      see(c) {
        const peerSeries = series.get(1 - c.direction);
        if (peerSeries !== null && c.peer.una !== peerSeries.una) close(c, 1 - c.direction);
        const waitedNs = expiredAfter(c);
        if (waitedNs < 0) return;
        const { resent, own } = c;
        const open = series.get(c.direction);
        if (open !== null) {
          open.at.push(c.segment);
          open.waitsNs.push(waitedNs);
        } else
          series.set(c.direction, {
            at: [c.segment],
            waitsNs: [waitedNs],
            una: own.una,
            of: resent!.first,
            rtoNs: own.rtt.rtoNs,
            probe: -1,
          });
      },
      end(c) {
        close(c, 0);
        close(c, 1);
      },
    };
  },
};

/** How long the timer ran that sent this segment again; -1 where it was not a timer. */
function expiredAfter({ resent, own, peer, sinceSentNs, timeNs, flags }: Course): number {
  if (resent === null || resent !== own.oldest) return -1;
  // A SYN that comes again is answered again, whatever the timer says.
  if (flags & SYN && peer.lastNs > timeNs - sinceSentNs) return -1;
  const expected = own.rtt.rtoNs * TOLERANCE;
  if (sinceSentNs >= expected) return sinceSentNs;
  const asked = own.duplicateAcks > 0 || own.sackedBytes > 0;
  return !asked && own.rtt.samples > 0 && resent.times > 2 && sinceSentNs >= 2 * own.rtt.srttNs ? sinceSentNs : -1;
}

/**
 * A timer that does not wait longer the second time began with a tail loss probe, which does not count as a timeout
 * (RFC 8985 §7.3).
 */
function withoutProbe(series: Series): Series {
  const [probe, first] = series.waitsNs;
  if (probe === undefined || first === undefined || first >= BACK_OFF * probe) return series;
  return { ...series, at: series.at.slice(1), waitsNs: series.waitsNs.slice(1), probe: series.at[0]! };
}

function told(c: Course, { at, waitsNs, of, rtoNs, probe }: Series, direction: number): Told {
  const packet = c.packet(of);
  const lastsNs = waitsNs.reduce((sum, waitNs) => sum + waitNs, 0);
  const why = [
    because('it is the oldest segment that is not acknowledged', { packet }),
    because('nothing asked for it: the time since it was sent last is that of a timeout', {
      waitedNs: waitsNs[0]!,
      rtoNs: Math.round(rtoNs),
    }),
  ];
  if (probe >= 0)
    why.push(
      because('the first repetition was a tail loss probe: the next came no later', { packet: c.packet(probe) }),
    );
  if (at.length === 1)
    return {
      at,
      of,
      lastsNs,
      text: message(
        'Retransmission timeout: packet {0} is not acknowledged {1} after it was sent last.',
        packet,
        duration(waitsNs[0]!),
      ),
      why,
    };
  return {
    at,
    of,
    lastsNs,
    text: message(
      'The {0}’s retransmission timer expired {1} times in a row, {2} in all: it waited {3}.',
      c.side(direction),
      count(at.length),
      duration(lastsNs),
      waitsNs.slice(0, MAX_LISTED).map(duration).join(', ') + (waitsNs.length > MAX_LISTED ? ', …' : ''),
    ),
    why: [...why, because('the wait grows each time', { firstNs: waitsNs[0]!, lastNs: waitsNs.at(-1)! })],
  };
}

const MAX_LISTED = 8;
