import { duration } from '../format/time';
import { message } from '../model/message';
import { crossed, type Detector, finding, type KindOf } from './finding';
import { CLIENT, SERVER, Walk } from './walk';

const IMPERSONATED: KindOf = {
  kind: 'impersonated-host',
  title: message('Somebody speaks in the name of a silenced host'),
  cites: 'RFC 6528 §1, RFC 4953 §2',
  caution: message(
    'A flooded host with a second way to the network, or behind a load balancer, may answer and ask with different times to live.',
  ),
};

const PIECE_CONNECTIONS = 20_000;
const MAX_TOLD = 100;

/**
 * The attack that silenced a trusted host by a flood and then opened a connection in its name: while a host is flooded,
 * somebody who is at another distance connects from its address.
 */
export const impersonatedHost: Detector = {
  group: 'attack',
  kinds: [IMPERSONATED],
  watch: (context) => ({
    *conclude() {
      const { tracker, thresholds } = context;
      const floods = context.flooded.filter(({ hops }) => hops >= 0);
      if (floods.length === 0) return;
      const walk = new Walk(tracker);
      let told = 0;
      for (let connection = 0; connection < tracker.connections.length && told < MAX_TOLD; connection++) {
        if (connection % PIECE_CONNECTIONS === 0) yield null;
        walk.begin(connection);
        const address = walk.address(CLIENT);
        const flood = floods.find((one) => one.address === address && one.family === walk.family());
        if (flood === undefined) continue;
        walk.go(connection);
        const { segments: table } = tracker;
        const first = walk.syn;
        if (first < 0 || walk.hops[CLIENT]! < 0 || walk.timeOf(first) < flood.startNs) continue;
        const hops = Math.abs(walk.hops[CLIENT]! - flood.hops);
        if (walk.hopsVary[CLIENT] || hops < thresholds.foreignHops) continue;
        told++;
        yield finding('attack', IMPERSONATED, {
          severity: 'error',
          text: message(
            'While {0} was flooded, somebody {1} hops farther or nearer opened connection {2} to {3} in its name.',
            context.host(flood.family, address),
            hops,
            connection,
            context.endpoint(flood.family, walk.address(SERVER), walk.port(SERVER)),
          ),
          details: [
            message(
              'It began {0} after the flood, with a TTL of {1}.',
              duration(walk.timeOf(first) - flood.startNs),
              table.ttl[first]!,
            ),
            ...(walk.completed >= 0
              ? [message('The handshake was completed: the forger knew the server’s number.')]
              : []),
          ],
          packets: [first, walk.synAck, walk.completed].filter((one) => one >= 0).map((one) => context.packet(one)),
          packetsTotal: walk.segments[CLIENT]! + walk.segments[SERVER]!,
          crossed: [crossed(context, 'foreignHops', hops)],
        });
      }
    },
  }),
};
