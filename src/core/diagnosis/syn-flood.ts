import { count, percent } from '../format/number';
import { duration } from '../format/time';
import { message, type Message } from '../model/message';
import type { DiagnosisContext } from './context';
import { type Conclusion, crossed, type Detector, finding, type KindOf, Sample } from './finding';
import { type Attempt, expiryNs, HalfOpenQueue, isForgotten, UNANSWERED_NS } from './half-open-queue';
import { hopsOf } from './hops';
import { KeyTable } from './key-table';
import { DistinctKeys } from './sketches';
import { CLIENT, SERVER, Walk } from './walk';

const FIXED: KindOf = {
  kind: 'syn-flood',
  title: message('SYN flood'),
  cites: 'RFC 4987 §2',
  caution: message(
    'A load test, a client that tries again and again to reach a service that is down, or a capture without the client’s third segment looks the same.',
  ),
};

const SPOOFED: KindOf = {
  kind: 'syn-flood-spoofed',
  title: message('SYN flood from varying sources'),
  cites: 'RFC 4987 §2, RFC 2827',
  caution: message(
    'A popular service that has just gone down, or a capture without the clients’ third segments, looks the same. Whether the addresses are forged cannot be seen from the packets alone.',
  ),
};

const COOKIES: KindOf = {
  kind: 'syn-cookies',
  title: message('SYN cookies suspected'),
  cites: 'RFC 4987 §3.6',
  caution: message('A server that never repeats its SYN-ACKs, or repetitions that were not captured, look the same.'),
};

/** A reset that comes later does not undo the harm: the attempt has been in the queue. */
const SOON_NS = 1e9;
/** Answers that should have been repeated, from which on it is no accident, and which share of those that can be told. */
const FORGOTTEN = 10;
const FORGOTTEN_PERCENT = 20;
/** Servers that are looked at closely. */
const MAX_SERVERS = 64;
/** Sources that are counted one by one; of more, how many there are is estimated. */
const MAX_SOURCES = 4096;
const PIECE_CONNECTIONS = 20_000;

const ATTEMPTS = 0;
const UNCOMPLETED = 1;

/** One server's attempts, looked at again. */
interface Victim {
  readonly row: number;
  readonly queue: HalfOpenQueue;
  /** Attempts whose SYN-ACK was sent once: with SYN cookies they are in no queue. */
  readonly onceAnswered: HalfOpenQueue;
  /** The same with unanswered SYNs, to tell a flood that is not answered at all. */
  readonly pressure: HalfOpenQueue;
  readonly sources: KeyTable;
  /** All of them, once they are too many. */
  distinct: DistinctKeys | null;
  readonly packets: Sample;
  readonly unansweredPackets: Sample;
  uncompleted: number;
  answered: number;
  unanswered: number;
  repeated: number;
  /** Answers that were sent once although a repetition was due, and those that were repeated. */
  forgotten: number;
  remembered: number;
  readonly forgottenPackets: Sample;
  completed: number;
  delayed: number;
  startNs: number;
  endNs: number;
  hops: number;
}

/** Floods of SYNs that are never followed by the third step, and servers that meet them with SYN cookies. */
export const synFlood: Detector = {
  group: 'attack',
  kinds: [FIXED, SPOOFED, COOKIES],
  watch(context) {
    /** By family, address and port of the server. */
    const servers = new KeyTable(2);
    return {
      connection(walk) {
        if (walk.syn < 0) return;
        const row = servers.add(walk.family(), walk.address(SERVER), walk.port(SERVER));
        servers.columns[ATTEMPTS]![row]!++;
        if (isUncompleted(walk)) servers.columns[UNCOMPLETED]![row]!++;
      },
      conclude: () => conclude(context, servers),
    };
  },
};

/** Neither completed, nor refused, nor taken back at once. */
function isUncompleted(walk: Walk): boolean {
  if (walk.completed >= 0 || walk.reset[SERVER]! >= 0 || walk.payloadBytes[SERVER]! > 0) return false;
  const reset = walk.reset[CLIENT]!;
  return reset < 0 || walk.timeOf(reset) - walk.timeOf(walk.synAck >= 0 ? walk.synAck : walk.syn) > SOON_NS;
}

function* conclude(context: DiagnosisContext, servers: KeyTable): Conclusion {
  const { thresholds, frames, tracker } = context;
  // Without times nothing happens at a time.
  if (frames.untimed) return;
  const lastNs = frames.length > 0 ? frames.elapsedNs(0, frames.length - 1) : 0;
  const victims = new Map<number, Victim>();
  for (let row = 0; row < servers.length && victims.size < MAX_SERVERS; row++) {
    const uncompleted = servers.columns[UNCOMPLETED]![row]!;
    const share = (100 * uncompleted) / servers.columns[ATTEMPTS]![row]!;
    if (uncompleted >= thresholds.synFloodHalfOpen && share >= thresholds.synFloodUncompleted)
      victims.set(row, newVictim(row, lastNs));
  }
  if (victims.size === 0) return;
  const walk = new Walk(tracker);
  const attempt = { synNs: 0, synAckNs: 0, lastSynAckNs: 0, synAcks: 0, endNs: 0 };
  for (let connection = 0; connection < tracker.connections.length; connection++) {
    if (connection % PIECE_CONNECTIONS === 0) yield null;
    walk.begin(connection);
    const victim = victims.get(servers.find(walk.family(), walk.address(SERVER), walk.port(SERVER)));
    if (victim !== undefined) look(context, victim, walk.go(connection), attempt, lastNs);
  }
  for (const victim of victims.values()) yield* tell(context, servers, victim);
}

const newVictim = (row: number, lastNs: number): Victim => ({
  row,
  queue: new HalfOpenQueue(0, lastNs),
  onceAnswered: new HalfOpenQueue(0, lastNs),
  pressure: new HalfOpenQueue(0, lastNs),
  sources: new KeyTable(1, MAX_SOURCES),
  distinct: null,
  packets: new Sample(6),
  unansweredPackets: new Sample(3),
  uncompleted: 0,
  answered: 0,
  unanswered: 0,
  repeated: 0,
  forgotten: 0,
  remembered: 0,
  forgottenPackets: new Sample(),
  completed: 0,
  delayed: 0,
  startNs: Infinity,
  endNs: 0,
  hops: -1,
});

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function look(context: DiagnosisContext, victim: Victim, walk: Walk, attempt: Mutable<Attempt>, lastNs: number): void {
  if (walk.syn < 0) return;
  attempt.synNs = walk.timeOf(walk.syn);
  attempt.synAcks = walk.synAcks;
  attempt.synAckNs = walk.synAck < 0 ? -1 : walk.timeOf(walk.synAck);
  attempt.lastSynAckNs = walk.synAck < 0 ? -1 : walk.timeOf(walk.lastSynAck);
  const end = walk.completed >= 0 ? walk.completed : Math.max(walk.reset[CLIENT]!, walk.reset[SERVER]!);
  attempt.endNs = end < 0 ? -1 : walk.timeOf(end);
  if (victim.hops < 0 && walk.synAck >= 0) victim.hops = hopsOf(context.tracker.segments.ttl[walk.synAck]!);
  if (!isUncompleted(walk)) {
    if (walk.completed >= 0) {
      victim.completed++;
      if (walk.syns > 1) victim.delayed++;
    }
    if (attempt.synAckNs >= 0 && attempt.endNs >= 0)
      (walk.synAcks === 1 ? victim.onceAnswered : victim.queue).add(attempt.synAckNs, attempt.endNs);
    return;
  }
  victim.uncompleted++;
  victim.startNs = Math.min(victim.startNs, attempt.synNs);
  victim.endNs = Math.max(victim.endNs, walk.timeOf(walk.lastSyn));
  victim.packets.add(context.packet(walk.syn));
  const source = victim.sources.add(walk.family(), walk.address(CLIENT), 0);
  if (source >= 0) victim.sources.columns[0]![source]!++;
  else {
    victim.distinct ??= distinctOf(victim.sources);
    victim.distinct.add(walk.family(), walk.address(CLIENT));
  }
  if (walk.synAck < 0) {
    victim.unanswered++;
    victim.queue.addUnanswered(attempt.synNs);
    victim.pressure.add(attempt.synNs, attempt.synNs + UNANSWERED_NS);
    victim.unansweredPackets.add(context.packet(walk.syn));
    return;
  }
  victim.answered++;
  victim.repeated += walk.synAcks - 1;
  if (walk.synAcks > 1) victim.remembered++;
  const forgotten = isForgotten(attempt, lastNs);
  if (forgotten) {
    victim.forgotten++;
    victim.forgottenPackets.add(context.packet(walk.synAck));
  }
  const expiry = expiryNs(attempt);
  victim.pressure.add(attempt.synAckNs, expiry);
  (walk.synAcks === 1 ? victim.onceAnswered : victim.queue).add(attempt.synAckNs, expiry);
}

function distinctOf(sources: KeyTable): DistinctKeys {
  const distinct = new DistinctKeys();
  for (let row = 0; row < sources.length; row++) distinct.add(sources.a[row]!, sources.b[row]!);
  return distinct;
}

function* tell(context: DiagnosisContext, servers: KeyTable, victim: Victim): Conclusion {
  const { thresholds } = context;
  const pressure = victim.pressure.peak().length;
  if (pressure < thresholds.synFloodHalfOpen) return;
  const family = servers.a[victim.row]!;
  const address = servers.b[victim.row]!;
  const port = servers.c[victim.row]!;
  context.flooded.push({ family, address, port, startNs: victim.startNs, hops: victim.hops });

  const server = context.endpoint(family, address, port);
  const { sources, uncompleted } = victim;
  const distinct = Math.min(uncompleted, victim.distinct?.count ?? sources.length);
  const addresses = (victim.distinct === null ? '' : '≈') + count(distinct);
  const bySource = Array.from(sources.columns[0]!.subarray(0, sources.length), (n, row) => ({ n, row }));
  const most = bySource.reduce((a, b) => (b.n > a.n ? b : a));
  const isVaried = distinct >= thresholds.synFloodSources && most.n * 2 < uncompleted;
  const lastsNs = victim.endNs - victim.startNs;
  const hasCookies = usesCookies(victim);
  if (!hasCookies) victim.queue.merge(victim.onceAnswered);
  const peak = victim.queue.peak();
  const attempts = servers.columns[ATTEMPTS]![victim.row]!;
  const times = [server, count(uncompleted), duration(lastsNs)] as const;
  yield finding('attack', isVaried ? SPOOFED : FIXED, {
    severity: 'error',
    text: isVaried
      ? message('{0} got {1} SYNs within {2} that nobody completed, from {3} addresses.', ...times, addresses)
      : message(
          '{0} got {1} SYNs within {2} that nobody completed, {3} of them from {4}.',
          ...times,
          count(most.n),
          context.host(sources.a[most.row]!, sources.b[most.row]!),
        ),
    details: details(context, victim, peak),
    packets: [...victim.packets.kept, ...victim.unansweredPackets.kept],
    packetsTotal: uncompleted,
    crossed: [
      crossed(context, 'synFloodHalfOpen', pressure),
      crossed(
        context,
        'synFloodUncompleted',
        Math.floor((100 * servers.columns[UNCOMPLETED]![victim.row]!) / attempts),
      ),
      ...(isVaried ? [crossed(context, 'synFloodSources', distinct)] : []),
      ...(peak.length > thresholds.synFloodBacklog ? [crossed(context, 'synFloodBacklog', peak.length)] : []),
    ],
    chart: victim.queue.chart(thresholds.synFloodBacklog),
  });
  if (!hasCookies) return;
  yield finding('attack', COOKIES, {
    severity: 'info',
    text: message(
      '{0} answered every SYN of the flood, but did not repeat {1} of {2} SYN-ACKs when it was time: it kept nothing of them.',
      server,
      count(victim.forgotten),
      count(victim.forgotten + victim.remembered),
    ),
    details: [message('It repeated {0}: those were in its queue before that was full.', count(victim.remembered))],
    packets: victim.forgottenPackets.kept,
    packetsTotal: victim.forgotten,
  });
}

/** It answers everybody, remembers some and not others. Who remembers nobody may simply not repeat SYN-ACKs. */
function usesCookies({ forgotten, remembered, unanswered }: Victim): boolean {
  return (
    unanswered === 0 &&
    remembered > 0 &&
    forgotten >= FORGOTTEN &&
    percent(forgotten, forgotten + remembered) >= FORGOTTEN_PERCENT
  );
}

function details(
  { thresholds }: DiagnosisContext,
  victim: Victim,
  peak: { readonly length: number; readonly timeNs: number },
): Message[] {
  const { answered, unanswered, repeated, completed, delayed } = victim;
  return [
    answered > 0
      ? message(
          'Its queue of half-open connections was {0} long at most, {1} after the first packet (backlog to compare with: {2}).',
          count(peak.length),
          duration(peak.timeNs),
          count(thresholds.synFloodBacklog),
        )
      : message('No SYN-ACK was captured: how long its queue was cannot be told.'),
    ...(answered > 0 && unanswered > 0
      ? [message('{0} SYNs got no answer: the queue may have been full.', count(unanswered))]
      : []),
    ...(repeated > 0 ? [message('It repeated SYN-ACKs {0} times.', count(repeated))] : []),
    ...(completed > 0
      ? [
          message(
            'Connections to it that were completed: {0}, of which not at the first SYN: {1}.',
            count(completed),
            count(delayed),
          ),
        ]
      : []),
  ];
}
