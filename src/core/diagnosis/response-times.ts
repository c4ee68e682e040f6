import { count } from '../format/number';
import { duration } from '../format/time';
import { message } from '../model/message';
import type { DiagnosisContext } from './context';
import { type Conclusion, crossed, type Detector, finding, type KindOf, Sample } from './finding';
import { KeyTable } from './key-table';
import { median } from './vantage-point';
import { type Role, SERVER } from './walk';

const SLOW_SERVER: KindOf = {
  kind: 'slow-server',
  title: message('Slow server'),
  cites: 'RFC 9293 §3.8.6',
  caution: message(
    'Servers that answer when something happens (long polling, chats, terminals) take their time on purpose.',
  ),
};
const SLOW_CLIENT: KindOf = {
  kind: 'slow-client',
  title: message('The client takes its time'),
  cites: 'RFC 9293 §3.8.6',
  caution: message('People who read or type between requests are no fault.'),
};
const SLOW_NETWORK: KindOf = {
  kind: 'slow-network',
  title: message('Slow network'),
  cites: 'RFC 6298 §2',
  caution: message('A server that is slow to answer SYNs, or a far-away place, looks the same.'),
};

const MAX_SERVERS = 2000;
const MAX_SAMPLES = 250;
/** Answers, or handshakes, that are enough to speak of a server. */
const LEAST = 3;
const LEAST_ANSWERS = 5;

/** Times of one server, in nanoseconds. */
interface Times {
  /** From a request to the first byte of its answer, without the way there and back. */
  readonly server: number[];
  /** From an answer to the next request. */
  readonly client: number[];
  readonly roundTrips: number[];
  readonly slowAnswers: Sample;
  readonly slowHandshakes: Sample;
  answers: number;
  slow: number;
}

/**
 * Where time goes: in the server (from a request to its answer), in the client (from an answer to the next request), or in
 * the network (the round trip of handshakes).
 */
export const responseTimes: Detector = {
  group: 'performance',
  kinds: [SLOW_SERVER, SLOW_CLIENT, SLOW_NETWORK],
  watch(context) {
    const limitNs = context.thresholds.slowServer * 1e6;
    const servers = new KeyTable(0, MAX_SERVERS);
    const times: Times[] = [];
    let connection = -1;
    let of: Times | null = null;
    /** Who sent the last data, when it ended; the round trip of the handshake from the point of capture to the server. */
    let speaker: Role | -1 = -1;
    let spokeNs = 0;
    let wayNs = 0;
    const timesOf = (row: number): Times => {
      while (times.length <= row)
        times.push({
          server: [],
          client: [],
          roundTrips: [],
          slowAnswers: new Sample(),
          slowHandshakes: new Sample(),
          answers: 0,
          slow: 0,
        });
      return times[row]!;
    };
    return {
      segment(walk) {
        if (walk.connection !== connection) {
          connection = walk.connection;
          of = null;
          speaker = -1;
          wayNs = 0;
        }
        const { role, timeNs } = walk;
        if (walk.segment === walk.completed) {
          const synNs = walk.syn >= 0 && walk.syns === 1 && walk.synAcks === 1 ? walk.timeOf(walk.syn) : -1;
          if (synNs >= 0) wayNs = Math.max(0, walk.timeOf(walk.synAck) - synNs);
        }
        // Without a handshake, which end is the server is a guess.
        if (walk.len === 0 || walk.synAck < 0) return;
        if (speaker !== -1 && role !== speaker) {
          if (of === null) {
            const row = servers.add(walk.family(), walk.address(SERVER), walk.port(SERVER));
            if (row >= 0) of = timesOf(row);
          }
          const tookNs = timeNs - spokeNs;
          if (of !== null && tookNs >= 0) {
            if (role === SERVER) takeAnswer(of, Math.max(0, tookNs - wayNs), context.packet(walk.segment), limitNs);
            else if (of.client.length < MAX_SAMPLES) of.client.push(tookNs);
          }
        }
        speaker = role;
        spokeNs = timeNs;
      },
      connection(walk) {
        if (walk.completed < 0 || walk.syn < 0 || walk.syns !== 1 || walk.synAcks !== 1) return;
        const tripNs = walk.timeOf(walk.completed) - walk.timeOf(walk.syn);
        const row = servers.add(walk.family(), walk.address(SERVER), walk.port(SERVER));
        if (row < 0 || tripNs < 0) return;
        const those = timesOf(row);
        if (those.roundTrips.length < MAX_SAMPLES) those.roundTrips.push(tripNs);
        if (tripNs >= context.thresholds.slowNetwork * 1e6) those.slowHandshakes.add(context.packet(walk.synAck));
      },
      *conclude() {
        for (let row = 0; row < times.length; row++) yield* tell(context, servers, row, times[row]!);
      },
    };
  },
};

function takeAnswer(of: Times, tookNs: number, packet: number, limitNs: number): void {
  of.answers++;
  if (of.server.length < MAX_SAMPLES) of.server.push(tookNs);
  if (tookNs < limitNs) return;
  of.slow++;
  of.slowAnswers.add(packet);
}

function* tell(context: DiagnosisContext, servers: KeyTable, row: number, of: Times): Conclusion {
  const { slowServer, slowNetwork } = context.thresholds;
  const server = context.endpoint(servers.a[row]!, servers.b[row]!, servers.c[row]!);
  const serverNs = median(of.server);
  const clientNs = median(of.client);
  const tripNs = median(of.roundTrips);
  const compared = message(
    'Medians: {0} in the server, {1} in the client, {2} of round trip.',
    duration(serverNs),
    of.client.length > 0 ? duration(clientNs) : '–',
    of.roundTrips.length > 0 ? duration(tripNs) : '–',
  );
  if (of.slow > 0) {
    const isUsual = of.answers >= LEAST_ANSWERS && serverNs >= slowServer * 1e6;
    yield finding('performance', SLOW_SERVER, {
      severity: isUsual ? 'warning' : 'info',
      text: message(
        '{0} took long for {1} of {2} answers, {3} at most, the network not counted.',
        server,
        count(of.slow),
        count(of.answers),
        duration(Math.max(...of.server)),
      ),
      details: [compared],
      packets: of.slowAnswers.kept,
      packetsTotal: of.slow,
      crossed: [crossed(context, 'slowServer', Math.floor(Math.max(...of.server) / 1e6))],
    });
  }
  if (of.roundTrips.length >= LEAST && tripNs >= slowNetwork * 1e6)
    yield finding('performance', SLOW_NETWORK, {
      severity: 'warning',
      text: message(
        'Half of {0} handshakes with {1} took {2} or longer: the way is slow, not the server.',
        count(of.roundTrips.length),
        server,
        duration(tripNs),
      ),
      details: [compared],
      packets: of.slowHandshakes.kept,
      packetsTotal: of.slowHandshakes.total,
      crossed: [crossed(context, 'slowNetwork', Math.floor(tripNs / 1e6))],
    });
  if (of.client.length >= LEAST && clientNs >= slowServer * 1e6 && clientNs > serverNs)
    yield finding('performance', SLOW_CLIENT, {
      severity: 'info',
      text: message(
        'Clients of {0} take {1} from an answer to the next request (median of {2}).',
        server,
        duration(clientNs),
        count(of.client.length),
      ),
      details: [compared],
      packets: [],
      crossed: [crossed(context, 'slowServer', Math.floor(clientNs / 1e6))],
    });
}
