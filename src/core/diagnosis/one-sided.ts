import { count } from '../format/number';
import { message } from '../model/message';
import { type Detector, finding, type KindOf, Sample } from './finding';
import { CLIENT, type Role, SERVER, type Walk } from './walk';

const ONE_SIDED: KindOf = {
  kind: 'one-sided',
  title: message('One direction only'),
  cites: 'RFC 9293 §3.4',
  caution: message('A filter that was set for the capture does it, too.'),
};

/** Fewer segments may be attempts that nobody answered. */
const LEAST_SEGMENTS = 3;

/** Connections of which one direction was captured, though the other one must have been there: routing is asymmetric. */
export const oneSided: Detector = {
  group: 'quality',
  kinds: [ONE_SIDED],
  watch(context) {
    const found = new Sample();
    let all = 0;
    return {
      connection(walk) {
        all++;
        if (isOneSided(walk, CLIENT) || isOneSided(walk, SERVER)) found.add(context.packet(walk.first));
      },
      *conclude() {
        if (found.total === 0) return;
        yield finding('quality', ONE_SIDED, {
          severity: 'warning',
          text: message(
            'Of {0} of {1} connections only one direction was captured: what it says shows that the other one was there.',
            count(found.total),
            count(all),
          ),
          details: [message('Round trips, windows, losses and states of these connections cannot be told.')],
          packets: found.kept,
          packetsTotal: found.total,
        });
      },
    };
  },
};

/** Only this end was captured, and it goes on as one that gets answers. */
function isOneSided(walk: Walk, role: Role): boolean {
  const { segments: table } = walk.tracker;
  const own = walk.segments[role]! - (role === CLIENT ? walk.syns : walk.synAcks);
  if (walk.segments[1 - role] !== 0 || own < LEAST_SEGMENTS) return false;
  const first = walk.firstOf[role]!;
  const last = walk.lastOf[role]!;
  const ackMoves = walk.syn < 0 && table.ack[first] !== table.ack[last] && table.ack[first] !== 0;
  const speaks = walk.dataSegments[role]! - walk.retransmissions[role]!;
  return ackMoves || (walk.syn >= 0 && own >= LEAST_SEGMENTS) || speaks > 10;
}
