import { count } from '../format/number';
import { HAS_TIMESTAMPS } from '../model/facts';
import { RST } from '../model/flags';
import { message, type Message } from '../model/message';
import { FLAG_BITS } from '../tcp/tables';
import type { DiagnosisContext } from './context';
import { crossed, type Detector, finding, type KindOf } from './finding';
import { IntList } from './int-list';
import { type Misfit, type Sender, sendersOf } from './senders';
import { CLIENT, SERVER, sideName } from './walk';

const FOREIGN: KindOf = {
  kind: 'foreign-segments',
  title: message('Segments that do not fit their sender'),
  cites: 'RFC 791 §3.1, RFC 6864 §4, RFC 7323 §5.4',
  caution: message(
    'A load balancer, an accelerator, or packets that take several ways, also change the time to live; only the three together point to a forger.',
  ),
};

const MAX_CONNECTIONS = 5000;
const PIECE = 20;
/** Misfits whose timestamps are read. */
const MAX_TIMESTAMPS = 50;
const LISTED = 3;
/** Fastest clock of timestamps: a tick a millisecond (RFC 7323 §5.4), and room for a burst. */
const TICKS_PER_MS = 1;
const ROOM_TICKS = 1000;

/** Segments in an end’s name that come from another distance than all others of it: somebody else may have sent them. */
export const foreignSegments: Detector = {
  group: 'attack',
  kinds: [FOREIGN],
  watch(context) {
    const varying = new IntList(MAX_CONNECTIONS);
    return {
      connection(walk) {
        if (walk.hopsVary[CLIENT] || walk.hopsVary[SERVER]) varying.add(walk.connection);
      },
      *conclude() {
        for (const [i, connection] of varying.values.entries()) {
          if (i % PIECE === 0) yield null;
          for (const sender of sendersOf(context, connection)) {
            const misfits = sender.misfits.filter((one) => (flagsOf(context, one) & RST) === 0);
            if (misfits.length > 0) yield tell(context, connection, sender, misfits);
          }
        }
      },
    };
  },
};

const flagsOf = (context: DiagnosisContext, { segment }: Misfit): number =>
  context.tracker.segments.bits[segment]! & FLAG_BITS;

function tell(context: DiagnosisContext, connection: number, sender: Sender, misfits: readonly Misfit[]) {
  const [first] = misfits as [Misfit];
  const carries = misfits.some(({ segment }) => context.tracker.segments.payloadBytes.of(segment) > 0);
  // A time to live of its own may be another way through the network; another counter or clock is another sender.
  const details = misfits.slice(0, LISTED).flatMap((misfit) => more(context, misfit));
  return finding('attack', FOREIGN, {
    severity: carries && details.length > 0 ? 'warning' : 'info',
    text: message(
      '{0} of {1} segments in the name of connection {2}’s {3} came with a TTL of {4}, the others with {5}.',
      count(misfits.length),
      count(sender.segments),
      connection,
      sideName(first.role),
      first.ttl,
      sender.ttl,
    ),
    details,
    packets: misfits.map(({ segment }) => context.packet(segment)),
    crossed: [crossed(context, 'foreignHops', Math.max(...misfits.map(({ ttl }) => Math.abs(ttl - sender.ttl))))],
  });
}

/** What else about a misfit is another's: its identification, its timestamp. */
function more(context: DiagnosisContext, misfit: Misfit): Message[] {
  const packet = context.packet(misfit.segment);
  const told: Message[] = [];
  if (misfit.expectedIpId >= 0)
    told.push(
      message(
        'Packet {0} has the IP identification {1}; the sender’s counter was at about {2}.',
        packet,
        misfit.ipId,
        misfit.expectedIpId,
      ),
    );
  const clock = clockMisfit(context, misfit);
  if (clock !== null)
    told.push(
      message(
        'Packet {0} has the timestamp {1}; the sender’s clock was at about {2}.',
        packet,
        clock.found,
        clock.expected,
      ),
    );
  return told;
}

/** A timestamp that is not from the sender's clock; `null` where it is, or nothing tells. */
function clockMisfit(
  context: DiagnosisContext,
  { segment }: Misfit,
): { readonly found: number; readonly expected: number } | null {
  const { segments: table } = context.tracker;
  const found = context.sources.factsOf(segment);
  if (found === null) return null;
  let next = table.next[segment]!;
  for (let steps = 0; next >= 0 && steps < MAX_TIMESTAMPS; next = table.next[next]!, steps++)
    if (table.flow[next] === table.flow[segment] && table.ttl[next] !== table.ttl[segment]) break;
  if (next < 0 || table.flow[next] !== table.flow[segment]) return null;
  const after = context.sources.factsOf(next);
  if (after === null || (after.options & HAS_TIMESTAMPS) === 0) return null;
  if ((found.options & HAS_TIMESTAMPS) === 0) return { found: 0, expected: after.tsValue >>> 0 };
  const ticks = (after.tsValue - found.tsValue) | 0;
  const elapsedMs = (context.timeOf(next) - context.timeOf(segment)) / 1e6;
  return ticks < -ROOM_TICKS || ticks > elapsedMs * TICKS_PER_MS + ROOM_TICKS
    ? { found: found.tsValue >>> 0, expected: after.tsValue >>> 0 }
    : null;
}
