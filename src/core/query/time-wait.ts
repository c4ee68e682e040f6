import { seqDiff, u32 } from '../bytes/seq';
import { explainReuse } from '../explain/time-wait';
import type { PerSide } from '../model/connection';
import { HAS_TIMESTAMPS, type SegmentFacts } from '../model/facts';
import { FIN, RST } from '../model/flags';
import type { Message } from '../model/message';
import type { Side } from '../model/segment';
import { TIME_WAIT } from '../model/states';
import { type Endpoint, endpointPair } from '../tcp/endpoint';
import { MEETS_OLDER } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import { ConnectionView } from './connection-view';
import type { RowSources, SegmentPlace } from './segment-rows';

/** Neither end is in TIME-WAIT. */
export const NOT_WAITING: PerSide<number> = { client: -1, server: -1 };

/** The segments by which the 2·MSL of each end began that is in TIME-WAIT after a segment. */
export function timeWaitAfter({ segments: table }: Tracker, place: SegmentPlace): PerSide<number> {
  const { segment, before, after, timeWait, clientDirection } = place;
  const isFin = (table.bits[segment]! & (FIN | RST)) === FIN;
  const from: Side = (table.flow[segment]! & 1) === clientDirection ? 'client' : 'server';
  const wasWaiting = (side: Side): boolean =>
    before === null ? timeWait[side] >= 0 : before[side].state === 'TIME-WAIT';
  const of = (side: Side): number =>
    began(after[side].state === 'TIME-WAIT', wasWaiting(side), isFin && from !== side)
      ? segment
      : after[side].state === 'TIME-WAIT'
        ? timeWait[side]
        : -1;
  const [client, server] = [of('client'), of('server')];
  return client < 0 && server < 0 ? NOT_WAITING : { client, server };
}

/** 2·MSL begins when the state is entered, and anew with each FIN (RFC 9293 §3.10.7.4). */
const began = (is: boolean, was: boolean, gotFin: boolean): boolean => is && (!was || gotFin);

/**
 * The same before the first segment of a connection: its SYN may have met an end that is in TIME-WAIT still (see
 * `MEETS_OLDER`).
 */
export function timeWaitAtStart(tracker: Tracker, connection: number, clientDirection: number): PerSide<number> {
  const first = tracker.connections.firstSegment(connection);
  const earlier = tracker.reused.get(connection);
  if (earlier === undefined || (tracker.segments.notes[first]! & MEETS_OLDER) === 0) return NOT_WAITING;
  const view = new ConnectionView(tracker, earlier);
  const since = walk(tracker, view, view.length, NOT_WAITING);
  // Who sends the SYN has forgotten the connection. The roles may have changed since.
  const asked = 1 - (tracker.segments.flow[first]! & 1);
  const segment = view.clientDirection === asked ? since.client : since.server;
  if (segment < 0) return NOT_WAITING;
  return asked === clientDirection ? { client: segment, server: -1 } : { client: -1, server: segment };
}

/** The same before a row of a connection. */
export function timeWaitBefore(tracker: Tracker, view: ConnectionView, row: number): PerSide<number> {
  const start = timeWaitAtStart(tracker, view.connection, view.clientDirection);
  if (row === 0) return start;
  let isWaiting = false;
  const look = (_row: number, _segment: number, client: Endpoint, server: Endpoint): void => {
    isWaiting = client.state === TIME_WAIT || server.state === TIME_WAIT;
  };
  view.replay(row - 1, row, { before: () => undefined, after: look });
  return isWaiting ? walk(tracker, view, row, start) : NOT_WAITING;
}

/**
 * Goes through the states of both ends up to `end`, from the first FIN on: none is in TIME-WAIT before it, unless one
 * goes on with an older connection.
 */
function walk(
  { segments: table }: Tracker,
  view: ConnectionView,
  end: number,
  atStart: PerSide<number>,
): PerSide<number> {
  let start = 0;
  const continues = (table.notes[view.segments[0]!]! & MEETS_OLDER) !== 0;
  if (!continues) while (start < end && (table.bits[view.segments[start]!]! & FIN) === 0) start++;
  const since = { client: atStart.client, server: atStart.server };
  const was = { client: since.client >= 0, server: since.server >= 0 };
  const take = (side: Side, is: boolean, segment: number, gotFin: boolean): void => {
    if (began(is, was[side], gotFin)) since[side] = segment;
    else if (!is) since[side] = -1;
    was[side] = is;
  };
  view.replay(start, end, {
    before: () => undefined,
    after(_row, segment, client, server) {
      const isFin = (table.bits[segment]! & (FIN | RST)) === FIN;
      const fromClient = (table.flow[segment]! & 1) === view.clientDirection;
      take('client', client.state === TIME_WAIT, segment, isFin && !fromClient);
      take('server', server.state === TIME_WAIT, segment, isFin && fromClient);
    },
  });
  return since;
}

/** What a SYN means for the end that holds the connection before this one in TIME-WAIT; empty where none does. */
export function explainReuses(sources: RowSources, place: SegmentPlace, facts: SegmentFacts | null): Message[] {
  const { tracker } = sources;
  const { segments: table } = tracker;
  const earlier = place.row === 0 ? tracker.reused.get(place.connection) : undefined;
  if (earlier === undefined) return [];
  const view = new ConnectionView(tracker, earlier);
  const since = timeWaitBefore(tracker, view, view.length);
  // The roles may have changed since: the ends are told apart by direction.
  const wasClient = view.clientDirection;
  const waiting = since.client >= 0 ? wasClient : since.server >= 0 ? 1 - wasClient : -1;
  if (waiting < 0) return [];
  const { segment } = place;
  const direction = table.flow[segment]! & 1;
  // With both ends in TIME-WAIT it is the receiver's that the SYN has to end.
  const both = since.client >= 0 && since.server >= 0;
  const holder = both ? 1 - direction : waiting;
  const ends = endpointPair();
  if (!tracker.endpointsOf(earlier, ...ends)) return [];
  const held = ends[holder]!;
  const began = holder === wasClient ? since.client : since.server;
  const lastFacts = sources.factsOf(tracker.lastSegmentOf(earlier, direction));
  const timestamp = timestampOf(facts);
  const lastTimestamp = timestampOf(lastFacts);
  const seq = table.seq[segment]!;
  return explainReuse({
    holder: holder === place.clientDirection ? 'client' : 'server',
    elapsedNs: tracker.elapsedNs(began, segment),
    byHolder: holder === direction,
    seq: u32(seq),
    expected: u32(held.rcvNxt),
    ahead: seqDiff(seq, held.rcvNxt),
    timestamp,
    lastTimestamp,
    timestampAhead: timestamp === null || lastTimestamp === null ? 0 : seqDiff(timestamp, lastTimestamp),
  });
}

const timestampOf = (facts: SegmentFacts | null): number | null =>
  facts !== null && facts.options & HAS_TIMESTAMPS ? u32(facts.tsValue) : null;
