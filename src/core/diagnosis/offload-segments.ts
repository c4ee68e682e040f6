import { count } from '../format/number';
import { HAS_MSS } from '../model/facts';
import { message } from '../model/message';
import { type Detector, finding, type KindOf, Sample } from './finding';
import { CLIENT, SERVER } from './walk';

const OFFLOAD: KindOf = {
  kind: 'offload-segments',
  title: message('Segments larger than any on the wire'),
  cites: 'RFC 9293 §3.7.1',
  caution: message('A peer that ignores the maximum segment size looks the same, but is very rare.'),
};

/** What fits into Ethernet; no smaller segment is suspicious. */
const ETHERNET_MSS = 1460;
/** Without a SYN: no link in common use carries more. */
const LARGEST_MSS = 9216;
const MAX_READS = 500;

/**
 * Segments larger than their receiver's maximum segment size: the network card cuts them up after the capture, or has put
 * them together before it. What was on the wire, and when, is not in the capture then.
 */
export const offloadSegments: Detector = {
  group: 'quality',
  kinds: [OFFLOAD],
  watch(context) {
    const { tracker } = context;
    const found = new Sample();
    let largestOfAll = 0;
    let smallestLimit = Infinity;
    let reads = 0;
    const largest = [0, 0];
    const mssOf = (synOfReceiver: number): number => {
      if (synOfReceiver < 0 || reads >= MAX_READS) return LARGEST_MSS;
      reads++;
      const facts = context.sources.factsOf(synOfReceiver);
      return facts !== null && facts.options & HAS_MSS ? facts.mss : LARGEST_MSS;
    };
    return {
      segment({ len, role }) {
        if (len > ETHERNET_MSS && len > largest[role]!) largest[role] = len;
      },
      connection(walk) {
        for (const role of [CLIENT, SERVER] as const) {
          const most = largest[role]!;
          if (most === 0) continue;
          largest[role] = 0;
          const limit = mssOf(role === CLIENT ? walk.synAck : walk.syn);
          if (most <= limit) continue;
          const { segments: table, connections } = tracker;
          const direction = role === CLIENT ? walk.clientDirection : 1 - walk.clientDirection;
          const last = connections.lastSegment(walk.connection);
          for (let at = walk.first; at >= 0; at = at === last ? -1 : table.next[at]!)
            if ((table.flow[at]! & 1) === direction && table.payloadBytes.of(at) > limit) found.add(context.packet(at));
          largestOfAll = Math.max(largestOfAll, most);
          smallestLimit = Math.min(smallestLimit, limit);
        }
      },
      *conclude() {
        if (found.total === 0) return;
        yield finding('quality', OFFLOAD, {
          severity: 'info',
          text: message(
            'Segments of up to {1} bytes, more than their receivers take ({2}): {0}. Segmentation was left to the network card.',
            count(found.total),
            count(largestOfAll),
            count(smallestLimit),
          ),
          details: [
            message('Sizes, times and numbers of segments are those before or after the card, not of the wire.'),
          ],
          packets: found.kept,
          packetsTotal: found.total,
        });
      },
    };
  },
};
