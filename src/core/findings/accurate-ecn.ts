import { seqLt } from '../bytes/seq';
import { count } from '../format/number';
import { ACK, aceOf, RST, SYN } from '../model/flags';
import { message } from '../model/message';
import { CONGESTION_EXPERIENCED } from '../tcp/tables';
import type { Course } from './course';
import { EcnNegotiation } from './ecn-negotiation';
import { because, type Detector } from './finding';
import { perFlow } from './per-flow';

/** Where both counters begin, and what counts a marked SYN or SYN-ACK (RFC 9768 §3.2.1, Table 3). */
const FIRST = 5;
const MARKED_SYN = 6;

/** Packets that a segment counts at most where it acknowledges nothing new: more is less, the counter has three bits. */
const MOST = 4;

/** The counter of one side's ACKs. */
interface Counter {
  ace: number;
  ack: number;
  /** ACKs at which it went on, and by how much in all. */
  readonly at: number[];
  counted: number;
  startNs: number;
  lastNs: number;
  /** What the first segment of the client says of the SYN-ACK; -1 where no such segment is meant. */
  handshake: number;
}

/** With Accurate ECN the receiver counts marked packets in three bits of every segment (RFC 9768 §3.2). */
export const accurateEcn: Detector = {
  kind: 'accurate-ecn',
  level: 'info',
  cites: 'RFC 9768 §3.2',
  watch(found) {
    const negotiation = new EcnNegotiation();
    const counters = perFlow<Counter>();
    /** Packets of each flow that came marked. */
    const marked = [0, 0] as [number, number];
    const start = (c: Course): Counter => {
      const ace = aceOf(c.flags);
      const { answer } = negotiation;
      const isClient = answer >= 0 && c.direction === c.tracker.connections.clientDirection(c.connection);
      const first = answer < 0 ? ace : (isClient ? ace : answer) === MARKED_SYN ? MARKED_SYN : FIRST;
      const handshake = isClient && ace !== FIRST ? ace : -1;
      return { ace: first, ack: c.ack, at: [], counted: 0, startNs: c.timeNs, lastNs: c.timeNs, handshake };
    };
    return {
      see(c) {
        negotiation.see(c);
        if (c.has(CONGESTION_EXPERIENCED)) marked[c.direction as 0 | 1]++;
        if (!negotiation.isAccurate || c.flags & (SYN | RST) || !(c.flags & ACK)) return;
        let counter = counters.get(c.direction);
        if (counter === null) counters.set(c.direction, (counter = start(c)));
        const ace = aceOf(c.flags);
        if (ace === counter.handshake) return;
        counter.handshake = -1;
        const more = (ace - counter.ace) & 7;
        // A segment that others have overtaken has an older count.
        const isOld = seqLt(c.ack, counter.ack) || (more > MOST && c.newlyAcked === 0 && c.sackBlocks === 0);
        if (more === 0 || isOld) return;
        if (counter.at.length === 0) counter.startNs = c.timeNs;
        counter.lastNs = c.timeNs;
        counter.at.push(c.segment);
        counter.counted += more;
        counter.ace = ace;
        counter.ack = c.ack;
      },
      end(c) {
        for (const direction of [0, 1] as const) {
          const counter = counters.get(direction);
          if (counter === null || counter.counted === 0) continue;
          found({
            at: counter.at,
            lastsNs: counter.lastNs - counter.startNs,
            text: message(
              'Accurate ECN: the {0} has counted {1} packets that met congestion.',
              c.side(direction),
              count(counter.counted),
            ),
            why: [
              because('the SYNs agree on Accurate ECN: AE, CWR and ECE are a counter', { counted: counter.counted }),
              because('packets came marked as having met congestion', { marked: marked[(1 - direction) as 0 | 1] }),
            ],
          });
        }
      },
    };
  },
};
