import { count } from '../format/number';
import { message } from '../model/message';
import { crossed, type Detector, finding, type KindOf, Sample } from './finding';
import { CLIENT, RETRANSMITTED, SERVER, sideName } from './walk';

const STORM: KindOf = {
  kind: 'retransmission-storm',
  title: message('Many retransmissions'),
  cites: 'RFC 5681 §3.2, RFC 6298 §5',
  caution: message(
    'Packets that the network delivers twice are retransmissions for whoever only counts sequence numbers.',
  ),
};

const MAX_TOLD = 1000;

/** Connections in which so much is sent again that little else gets through. */
export const retransmissionStorm: Detector = {
  group: 'performance',
  kinds: [STORM],
  watch(context) {
    const { retransmissionStormSegments, retransmissionStormShare } = context.thresholds;
    const storms: {
      readonly connection: number;
      readonly role: 0 | 1;
      readonly again: number;
      readonly all: number;
    }[] = [];
    return {
      connection(walk) {
        for (const role of [CLIENT, SERVER] as const) {
          const again = walk.retransmissions[role]!;
          const all = walk.dataSegments[role]!;
          if (again < retransmissionStormSegments || again * 100 < retransmissionStormShare * all) continue;
          if (storms.length < MAX_TOLD) storms.push({ connection: walk.connection, role, again, all });
        }
      },
      *conclude() {
        const { segments: table, connections } = context.tracker;
        for (const { connection, role, again, all } of storms) {
          const copies = context.copies.get(connection) ?? 0;
          if (again - copies < retransmissionStormSegments) continue;
          const packets = new Sample();
          const direction = connections.clientDirection(connection) ^ role;
          for (let at = connections.firstSegment(connection); at >= 0; at = table.next[at]!) {
            if ((table.flow[at]! & 1) !== direction || (table.notes[at]! & RETRANSMITTED) === 0) continue;
            packets.add(context.packet(at));
            if (packets.total >= 12) break;
          }
          yield finding('performance', STORM, {
            severity: 'warning',
            text: message(
              'In connection {0}, {1} of {2} data segments of the {3} are retransmissions.',
              connection,
              count(again),
              count(all),
              sideName(role),
            ),
            packets: packets.kept,
            packetsTotal: again,
            crossed: [
              crossed(context, 'retransmissionStormSegments', again),
              crossed(context, 'retransmissionStormShare', Math.floor((100 * again) / all)),
            ],
          });
          yield null;
        }
      },
    };
  },
};
