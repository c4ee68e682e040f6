import { count } from '../format/number';
import { duration } from '../format/time';
import { message } from '../model/message';
import { noteBit } from '../model/segment';
import type { Course } from './course';
import { because, type Detector } from './finding';
import { perFlow } from './per-flow';

const WINDOW_FULL = noteBit('window-full');

/** A sender that went on at once did not wait. */
const SHORTEST_WAIT_NS = 1e6;

interface Stalls {
  readonly at: number[];
  totalNs: number;
  longestNs: number;
  /** When the window was filled; -1 while the sender is not waiting. */
  sinceNs: number;
  by: number;
}

/** The sender has filled the window that it was offered, and waits for the receiver before it goes on. */
export const windowLimited: Detector = {
  kind: 'window-limited',
  level: 'info',
  cites: 'RFC 9293 §3.8.6',
  watch(found) {
    const flows = perFlow<Stalls>();
    return {
      see(c) {
        if (c.len === 0) return;
        let stalls = flows.get(c.direction);
        if (stalls !== null && stalls.sinceNs >= 0 && !c.isResend) {
          const waitedNs = c.timeNs - stalls.sinceNs;
          if (waitedNs >= SHORTEST_WAIT_NS) {
            stalls.at.push(stalls.by);
            stalls.totalNs += waitedNs;
            stalls.longestNs = Math.max(stalls.longestNs, waitedNs);
          }
          stalls.sinceNs = -1;
        }
        if (!c.has(WINDOW_FULL)) return;
        stalls ??= { at: [], totalNs: 0, longestNs: 0, sinceNs: -1, by: -1 };
        stalls.sinceNs = c.timeNs;
        stalls.by = c.segment;
        flows.set(c.direction, stalls);
      },
      end(c) {
        for (const direction of [0, 1]) {
          const stalls = flows.get(direction);
          if (stalls === null || stalls.at.length === 0) continue;
          const { at, totalNs, longestNs } = stalls;
          found({
            at,
            lastsNs: totalNs,
            text: text(c, direction, at.length, totalNs, longestNs),
            why: [
              because('the segment ends where the window does that the receiver offered', { times: at.length }),
              because('the next new data come later', { totalNs, longestNs }),
            ],
          });
        }
      },
    };
  },
};

const text = (c: Course, direction: number, times: number, totalNs: number, longestNs: number) =>
  times === 1
    ? message('The {0} filled the window and waited {1} for the receiver.', c.side(direction), duration(totalNs))
    : message(
        'The {0} filled the window {1} times and waited {2} in all for the receiver, {3} at most.',
        c.side(direction),
        count(times),
        duration(totalNs),
        duration(longestNs),
      );
