import { count } from '../format/number';
import { duration } from '../format/time';
import { SHORTEST_TIMER_NS } from '../explain/series';
import { message, type Message } from '../model/message';
import { crossed, type Detector, finding, type KindOf, Sample } from './finding';
import { KeyTable } from './key-table';
import { SERVER, type Walk } from './walk';

const DELAYED: KindOf = {
  kind: 'delayed-handshakes',
  title: message('Handshakes that took several tries'),
  cites: 'RFC 6298 §2.1, §5.7',
  caution: message(
    'A round trip that is longer than the timer makes both ends repeat for nothing; a proxy may answer for the server.',
  ),
};

const MAX_SERVERS = 100_000;
const MAX_TOLD = 200;

/** What must have been lost, as far as the point of capture tells. */
const LOST_SYN = 0;
const LOST_SYN_ACK = 1;
const LOST_ACK = 2;

const TOLD: readonly ((connections: string) => Message)[] = [
  (n) =>
    message('The SYN was lost before it was captured or answered, or the server dropped it (connections: {0}).', n),
  (n) => message('The SYN-ACK was lost on its way: the client did not answer it (connections: {0}).', n),
  (n) =>
    message(
      'The third segment was lost, or a server with a full accept queue dropped it: the SYN-ACK came again after it (connections: {0}).',
      n,
    ),
];

interface Delayed {
  readonly packets: Sample;
  readonly lost: [number, number, number];
  longestNs: number;
}

/** Connections that were opened after all, once a timer had sent a part of the handshake again. */
export const delayedHandshakes: Detector = {
  group: 'performance',
  kinds: [DELAYED],
  watch(context) {
    /** By family, address and port. */
    const servers = new KeyTable(0, MAX_SERVERS);
    /** By the row of their server. */
    const delayed = new Map<number, Delayed>();
    return {
      connection(walk) {
        if (walk.syns <= 1 && walk.synAcks <= 1) return;
        const loss = lossIn(walk);
        if (loss === null) return;
        const row = servers.add(walk.family(), walk.address(SERVER), walk.port(SERVER));
        if (row < 0) return;
        let server = delayed.get(row);
        if (server === undefined) delayed.set(row, (server = { packets: new Sample(), lost: [0, 0, 0], longestNs: 0 }));
        server.lost[loss.lost]++;
        server.packets.add(context.packet(loss.again));
        const readyNs = Math.max(walk.timeOf(walk.completed), walk.timeOf(walk.lastSynAck));
        server.longestNs = Math.max(server.longestNs, readyNs - walk.timeOf(walk.syn));
      },
      *conclude() {
        let told = 0;
        for (const [row, { packets, lost, longestNs }] of delayed) {
          const [family, address, port] = [servers.a[row]!, servers.b[row]!, servers.c[row]!];
          if (context.isFlooded(family, address, port)) continue;
          if (told++ >= MAX_TOLD) return;
          const isMany = packets.total >= context.thresholds.delayedHandshakes;
          yield finding('performance', DELAYED, {
            severity: isMany ? 'warning' : 'info',
            text: message(
              'Handshakes with {0} took several tries (connections: {1}; the longest took {2}).',
              context.endpoint(family, address, port),
              count(packets.total),
              duration(longestNs),
            ),
            details: TOLD.flatMap((tell, what) => (lost[what]! > 0 ? [tell(count(lost[what]!))] : [])),
            packets: packets.kept,
            packetsTotal: packets.total,
            crossed: isMany ? [crossed(context, 'delayedHandshakes', packets.total)] : [],
          });
        }
      },
    };
  },
};

/** What a connection that was opened has lost of its handshake, and what came again for it; `null` for nothing. */
function lossIn(walk: Walk): { readonly lost: 0 | 1 | 2; readonly again: number } | null {
  const { syn, lastSyn, synAck, lastSynAck, completed } = walk;
  if (syn < 0 || synAck < 0 || completed < 0) return null;
  if (walk.timeOf(lastSyn) - walk.timeOf(syn) >= SHORTEST_TIMER_NS)
    return { lost: synAck < lastSyn ? LOST_SYN_ACK : LOST_SYN, again: lastSyn };
  if (walk.timeOf(lastSynAck) - walk.timeOf(synAck) < SHORTEST_TIMER_NS) return null;
  return { lost: completed < lastSynAck ? LOST_ACK : LOST_SYN_ACK, again: lastSynAck };
}
