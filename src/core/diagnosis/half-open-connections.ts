import { count } from '../format/number';
import { duration } from '../format/time';
import { message } from '../model/message';
import { PARTLY_HIDDEN } from '../tcp/connection-table';
import { type Detector, finding, type KindOf, Sample } from './finding';
import { UNANSWERED_NS } from './half-open-queue';
import { KeyTable } from './key-table';
import { CLIENT, SERVER } from './walk';

const HALF_OPEN: KindOf = {
  kind: 'half-open-connections',
  title: message('Handshakes that stay half-open'),
  cites: 'RFC 9293 §3.5, RFC 6298 §5.5',
  caution: message('A lost or uncaptured third segment looks the same, until data follow.'),
};

const MAX_SERVERS = 100_000;

/** Servers that wait in SYN-RECEIVED for an ACK that does not come; what floods cause is told there. */
export const halfOpenConnections: Detector = {
  group: 'connectivity',
  kinds: [HALF_OPEN],
  watch(context) {
    const { frames } = context;
    const lastNs = frames.length > 0 ? frames.elapsedNs(0, frames.length - 1) : 0;
    /** By family, address and port: how many, and the most SYN-ACKs of one; the samples by row. */
    const servers = new KeyTable(2, MAX_SERVERS);
    const samples = new Map<number, { readonly packets: Sample; longestNs: number }>();
    return {
      connection(walk) {
        if (walk.synAck < 0 || walk.syn < 0 || walk.completed >= 0) return;
        if (walk.reset[CLIENT]! >= 0 || walk.reset[SERVER]! >= 0 || walk.segments[CLIENT]! > walk.syns) return;
        if (context.tracker.connections.marks(walk.connection) & PARTLY_HIDDEN) return;
        if (lastNs - walk.timeOf(walk.synAck) < UNANSWERED_NS) return;
        const row = servers.add(walk.family(), walk.address(SERVER), walk.port(SERVER));
        if (row < 0) return;
        servers.columns[0]![row]!++;
        servers.columns[1]![row] = Math.max(servers.columns[1]![row]!, walk.synAcks);
        let sample = samples.get(row);
        if (sample === undefined) samples.set(row, (sample = { packets: new Sample(), longestNs: 0 }));
        sample.packets.add(context.packet(walk.synAck));
        sample.longestNs = Math.max(sample.longestNs, walk.timeOf(walk.lastSynAck) - walk.timeOf(walk.synAck));
      },
      *conclude() {
        for (const [row, { packets, longestNs }] of samples) {
          const family = servers.a[row]!;
          if (context.isFlooded(family, servers.b[row]!, servers.c[row]!)) continue;
          const n = servers.columns[0]![row]!;
          const most = servers.columns[1]![row]!;
          yield finding('connectivity', HALF_OPEN, {
            severity: 'info',
            text: message(
              '{0} waited in vain for the third segment of handshakes (connections: {1}).',
              context.endpoint(family, servers.b[row]!, servers.c[row]!),
              count(n),
            ),
            details:
              most > 1
                ? [message('It sent one SYN-ACK up to {0} times within {1}.', count(most), duration(longestNs))]
                : [],
            packets: packets.kept,
            packetsTotal: n,
          });
        }
      },
    };
  },
};
