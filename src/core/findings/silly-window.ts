import { seqAdd, seqGt } from '../bytes/seq';
import { count } from '../format/number';
import { RST, SYN } from '../model/flags';
import { message } from '../model/message';
import { because, type Detector } from './finding';
import { perFlow } from './per-flow';

interface Openings {
  readonly at: number[];
  smallest: number;
}

/**
 * The receiver opens its window by less than a segment and less than half of its buffer, so that the sender is led into
 * sending tiny segments (RFC 9293 §3.8.6.2.2 forbids it).
 */
export const sillyWindow: Detector = {
  kind: 'silly-window',
  level: 'problem',
  cites: 'RFC 9293 §3.8.6.2.2',
  watch(found) {
    const flows = perFlow<Openings>();
    const edges = perFlow<number>();
    return {
      see(c) {
        if (c.flags & (SYN | RST) || c.window < 0) return;
        const { own, peer, direction } = c;
        const edge = seqAdd(c.ack, c.window);
        const before = edges.get(direction);
        edges.set(direction, edge);
        if (before === null || !seqGt(edge, before) || c.window === 0) return;
        const least = Math.min(peer.largest, own.largestWindow / 2);
        const opened = (edge - before) | 0;
        if (c.window >= least || opened >= least) return;
        const openings = flows.get(direction) ?? { at: [], smallest: Infinity };
        openings.at.push(c.segment);
        openings.smallest = Math.min(openings.smallest, opened);
        flows.set(direction, openings);
      },
      end(c) {
        for (const direction of [0, 1]) {
          const openings = flows.get(direction);
          if (openings === null) continue;
          const flow = c.flows[(1 - direction) as 0 | 1];
          found({
            at: openings.at,
            text: message(
              'Silly window: the {0} opened its window {1} times by less than a segment, {2} bytes at least.',
              c.side(direction),
              count(openings.at.length),
              count(openings.smallest),
            ),
            why: [
              because('the window and its opening are smaller than a segment and than half of the buffer', {
                opened: openings.smallest,
                segment: flow.largest,
                buffer: c.flows[direction as 0 | 1].largestWindow,
              }),
            ],
          });
        }
      },
    };
  },
};
