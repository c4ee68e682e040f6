import { count } from '../format/number';
import { duration } from '../format/time';
import { RST } from '../model/flags';
import { message, type Message } from '../model/message';
import { FLAG_BITS } from '../tcp/tables';
import type { DiagnosisContext } from './context';
import { crossed, type Detector, finding, type KindOf, Sample } from './finding';
import { hopsOf } from './hops';
import { IntList } from './int-list';
import { sendersOf } from './senders';
import { CLIENT, type Role, SERVER, sideName, type Walk } from './walk';

const INJECTED: KindOf = {
  kind: 'reset-injection',
  title: message('Reset that its sender did not send'),
  cites: 'RFC 5961 §3, RFC 9293 §3.10.7.4',
  caution: message(
    'Firewalls, load balancers and proxies reset connections in an end’s name, too, and some systems send resets with a time to live of their own.',
  ),
};
const RESETS: KindOf = {
  kind: 'resets',
  title: message('Resets and who sent them'),
  cites: 'RFC 9293 §3.5.2, §3.10.5',
  caution: message(
    'A middlebox that is as far away as the end itself cannot be told from it. Many programs end connections by a reset on purpose.',
  ),
};

const MAX_SUSPECTS = 5000;
const PIECE = 20;
/** What was on its way when its sender reset the connection has arrived by then. */
const STILL_ON_ITS_WAY_NS = 1e9;
const ROLES = [CLIENT, SERVER] as const;

/** Who resets connections: the end in whose name it is, or somebody on the way. */
export const resets: Detector = {
  group: 'connectivity',
  kinds: [INJECTED, RESETS],
  watch(context) {
    const byEnd = [new Sample(), new Sample()];
    const unknown = new Sample();
    const foreign = new Sample();
    const suspects = new IntList(MAX_SUSPECTS);
    return {
      connection(walk) {
        // A probe of one segment and what answers it are no connection.
        if (walk.syn < 0 && walk.segments[CLIENT]! + walk.segments[SERVER]! <= 2) return;
        for (const role of ROLES) {
          const reset = walk.reset[role]!;
          if (reset < 0 || isRefusal(walk, role)) continue;
          if (walk.hopsVary[role] || goesOn(walk, role)) suspects.add(reset);
          else if (walk.segments[role]! > 1 && walk.hops[role]! >= 0) byEnd[role]!.add(context.packet(reset));
          else unknown.add(context.packet(reset));
        }
      },
      *conclude() {
        for (const [i, reset] of suspects.values.entries()) {
          if (i % PIECE === 0) yield null;
          const evidence = foreignness(context, reset);
          if (evidence === null) {
            byEnd[roleOf(context, reset)]!.add(context.packet(reset));
            continue;
          }
          foreign.add(context.packet(reset));
          yield finding('attack', INJECTED, {
            severity: 'warning',
            text: message(
              'Packet {0} resets connection {1} in the name of its {2}, which probably did not send it.',
              context.packet(reset),
              context.tracker.segments.flow[reset]! >> 1,
              sideName(roleOf(context, reset)),
            ),
            details: evidence.details,
            packets: [context.packet(reset), ...evidence.packets],
            packetsTotal: 1 + evidence.packets.length,
            crossed: evidence.hops > 0 ? [crossed(context, 'foreignHops', evidence.hops)] : [],
          });
        }
        const all = byEnd[CLIENT]!.total + byEnd[SERVER]!.total + unknown.total + foreign.total;
        if (all === 0) return;
        yield finding('connectivity', RESETS, {
          severity: 'info',
          text: message(
            'Resets of connections: {0} by the client itself, {1} by the server itself, {2} by somebody else, {3} that do not tell.',
            count(byEnd[CLIENT]!.total),
            count(byEnd[SERVER]!.total),
            count(foreign.total),
            count(unknown.total),
          ),
          packets: [...foreign.kept, ...byEnd[SERVER]!.kept, ...byEnd[CLIENT]!.kept, ...unknown.kept],
          packetsTotal: all,
        });
      },
    };
  },
};

function roleOf({ tracker }: DiagnosisContext, segment: number): Role {
  const flow = tracker.segments.flow[segment]!;
  return ((flow & 1) ^ tracker.connections.clientDirection(flow >> 1)) as Role;
}

/** The server's first word is a reset: nobody listens there, which is another finding. */
const isRefusal = (walk: Walk, role: Role): boolean => role === SERVER && walk.firstOf[SERVER] === walk.reset[SERVER];

/** The sender of a reset goes on as if there were none. */
function goesOn(walk: Walk, role: Role): boolean {
  const last = walk.lastOf[role]!;
  const { bits } = walk.tracker.segments;
  return (bits[last]! & RST) === 0 && walk.timeOf(last) - walk.timeOf(walk.reset[role]!) > STILL_ON_ITS_WAY_NS;
}

/** What shows that a reset is not its sender's; `null` where nothing does. */
function foreignness(
  context: DiagnosisContext,
  reset: number,
): { readonly details: Message[]; readonly packets: number[]; readonly hops: number } | null {
  const { segments: table, connections } = context.tracker;
  const connection = table.flow[reset]! >> 1;
  const role = roleOf(context, reset);
  const sender = sendersOf(context, connection)[role];
  const details: Message[] = [];
  const packets: number[] = [];
  const hops = Math.abs(hopsOf(table.ttl[reset]!) - sender.hops);
  const misfit = sender.misfits.find(({ segment }) => segment === reset);
  if (misfit !== undefined) {
    details.push(message('It came with a TTL of {0}, the sender’s other segments with {1}.', misfit.ttl, sender.ttl));
    if (misfit.expectedIpId >= 0)
      details.push(
        message(
          'Its IP identification is {0}; the sender’s counter was at about {1}.',
          misfit.ipId,
          misfit.expectedIpId,
        ),
      );
  }
  let after = -1;
  for (let segment = reset; segment >= 0; segment = table.next[segment]!) {
    if (table.flow[segment] !== table.flow[reset] || (table.bits[segment]! & FLAG_BITS & RST) !== 0) continue;
    if (context.timeOf(segment) - context.timeOf(reset) > STILL_ON_ITS_WAY_NS && !sender.ownResets.includes(reset))
      after = segment;
    if (after >= 0 || segment === connections.lastSegment(connection)) break;
  }
  if (after >= 0) {
    details.push(
      message(
        'Its sender went on {0} later (packet {1}), as if it had reset nothing.',
        duration(context.timeOf(after) - context.timeOf(reset)),
        context.packet(after),
      ),
    );
    packets.push(context.packet(after));
  }
  return details.length === 0 ? null : { details, packets, hops: misfit === undefined ? 0 : hops };
}
