import { count } from '../format/number';
import { duration } from '../format/time';
import { ACK } from '../model/flags';
import { message } from '../model/message';
import { noteBit } from '../model/segment';
import { crossed, type Detector, finding, type KindOf } from './finding';
import { CLIENT, PURPOSE, SERVER } from './walk';

const STORM: KindOf = {
  kind: 'ack-storm',
  title: message('ACK storm'),
  cites: 'RFC 9293 §3.10.7.4',
  caution: message(
    'Two ends whose variables were driven apart by something else than a forged segment, a broken middlebox for instance, storm as well.',
  ),
};

/** What has its own reason to repeat an acknowledgment. */
const WITH_REASON =
  noteBit('keep-alive') |
  noteBit('keep-alive-ack') |
  noteBit('zero-window') |
  noteBit('zero-window-probe') |
  noteBit('zero-window-probe-ack') |
  noteBit('window-update');
/** A storm does not wait. */
const LONGEST_WAIT_NS = 1e9;
const MAX_STORMS = 1000;

interface Storm {
  readonly connection: number;
  readonly first: number;
  last: number;
  acks: number;
}

/**
 * Both ends answer each other’s ACKs with ACKs, for each has sent, or acknowledged, what the other one never saw: each of
 * them is unacceptable to its receiver, who must answer it.
 */
export const ackStorm: Detector = {
  group: 'attack',
  kinds: [STORM],
  watch(context) {
    const { segments: table } = context.tracker;
    const storms: Storm[] = [];
    let connection = -1;
    let run = 0;
    let first = -1;
    let lastRole = -1;
    let lastNs = 0;
    const said = [0, 0];
    const acked = [0, 0];
    const seen = [false, false];
    let storm: Storm | null = null;
    const stop = (): void => {
      run = 0;
      storm = null;
      seen[CLIENT] = seen[SERVER] = false;
    };
    return {
      segment(walk) {
        if (walk.connection !== connection) {
          connection = walk.connection;
          stop();
        }
        const { segment, role } = walk;
        if ((walk.flags & PURPOSE) !== ACK || walk.len > 0 || walk.notes & WITH_REASON) {
          if (run > 0) stop();
          return;
        }
        const same = seen[role]! && said[role] === table.seq[segment]! && acked[role] === table.ack[segment]!;
        const follows = run > 0 && role !== lastRole && walk.timeNs - lastNs <= LONGEST_WAIT_NS;
        if (!follows || (seen[role]! && !same)) {
          stop();
          first = segment;
        }
        run++;
        seen[role] = true;
        said[role] = table.seq[segment]!;
        acked[role] = table.ack[segment]!;
        lastRole = role;
        lastNs = walk.timeNs;
        if (storm !== null) {
          storm.last = segment;
          storm.acks = run;
        } else if (run >= context.thresholds.ackStormSegments && storms.length < MAX_STORMS)
          storms.push((storm = { connection, first, last: segment, acks: run }));
      },
      *conclude() {
        const byConnection = new Map<number, Storm[]>();
        for (const one of storms) byConnection.set(one.connection, [...(byConnection.get(one.connection) ?? []), one]);
        for (const those of byConnection.values()) {
          const acks = those.reduce((sum, one) => sum + one.acks, 0);
          const longest = those.reduce((a, b) => (b.acks > a.acks ? b : a));
          yield finding('attack', STORM, {
            severity: 'error',
            text: message(
              'The two ends of connection {0} answered each other’s ACKs with ACKs, {1} in a row within {2}.',
              longest.connection,
              count(longest.acks),
              duration(context.timeOf(longest.last) - context.timeOf(longest.first)),
            ),
            details:
              those.length > 1
                ? [message('It happened {0} times, {1} ACKs in all.', count(those.length), count(acks))]
                : [],
            packets: those.flatMap((one) => [context.packet(one.first), context.packet(one.last)]),
            packetsTotal: acks,
            crossed: [crossed(context, 'ackStormSegments', longest.acks)],
          });
        }
      },
    };
  },
};
