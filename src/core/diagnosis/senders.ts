import { ACK, RST, SYN } from '../model/flags';
import { FLAG_BITS } from '../tcp/tables';
import type { DiagnosisContext } from './context';
import { hopsOf } from './hops';
import type { Role } from './walk';

/** A segment that does not fit what else its sender says. */
export interface Misfit {
  readonly segment: number;
  readonly role: Role;
  readonly ttl: number;
  /** Identification that its IP header would have had, about, where the sender counts them up; -1 where it does not. */
  readonly expectedIpId: number;
  readonly ipId: number;
}

/** What one end's segments of a connection look like in their IP headers. */
export interface Sender {
  /** The usual number of hops, and the time to live that it was seen by; -1 and 0 where nothing tells. */
  readonly hops: number;
  readonly ttl: number;
  readonly segments: number;
  /** Resets whose identification goes on where the sender's counter was. */
  readonly ownResets: readonly number[];
  readonly misfits: readonly Misfit[];
}

/** Segments of a connection that are looked at. */
const MAX_SEGMENTS = 200_000;
/** A sender whose packets go another way changes for good: so many in a row at the end are no misfits. */
const NEW_WAY = 3;
/** More than this share of a sender's segments are no misfits: packets take two ways. */
const MOST_PERCENT = 25;
/** Identifications of one sender are a counter where the steps between its segments are this small. */
const SMALL_STEP = 64;
const FAR = 1024;

/**
 * Both ends of a connection, by role. The time to live tells how far away a sender is, and the identification, where it
 * counts up, that nobody else has sent in between. SYNs are not judged: proxies answer them in a server's place.
 */
export function sendersOf(context: DiagnosisContext, connection: number): readonly [Sender, Sender] {
  const { connections, segments: table } = context.tracker;
  const client = connections.clientDirection(connection);
  const byRole: [number[], number[]] = [[], []];
  let taken = 0;
  for (
    let segment = connections.firstSegment(connection);
    segment >= 0 && taken < MAX_SEGMENTS;
    segment = table.next[segment]!, taken++
  )
    if (table.ttl[segment] !== 0) byRole[(table.flow[segment]! & 1) ^ client]!.push(segment);
  return [senderOf(context, byRole[0], 0), senderOf(context, byRole[1], 1)];
}

function senderOf(context: DiagnosisContext, segments: readonly number[], role: Role): Sender {
  const { segments: table } = context.tracker;
  const { foreignHops } = context.thresholds;
  const flags = (segment: number): number => table.bits[segment]! & FLAG_BITS;
  const ordinary = segments.filter((segment) => (flags(segment) & (SYN | RST)) === 0);
  // Tools write SYNs of their own and leave the rest to the system; a server's SYN-ACK is better than nothing.
  const answers = segments.filter((segment) => (flags(segment) & (SYN | ACK)) === (SYN | ACK));
  const judged = ordinary.length > 0 ? ordinary : answers;
  const hops = usual(judged.map((segment) => hopsOf(table.ttl[segment]!)));
  const ttl = table.ttl[judged.find((segment) => hopsOf(table.ttl[segment]!) === hops) ?? -1] ?? 0;
  const isFar = (segment: number): boolean => Math.abs(hopsOf(table.ttl[segment]!) - hops) >= foreignHops;
  const far = hops < 0 ? [] : segments.filter((segment) => (flags(segment) & SYN) === 0 && isFar(segment));
  const isNewWay =
    segments.length > NEW_WAY && segments.slice(-NEW_WAY).every((one) => (flags(one) & RST) === 0 && isFar(one));
  const areTwoWays = far.filter((one) => (flags(one) & RST) === 0).length * 100 > MOST_PERCENT * judged.length;
  const counts = isCounter(segments.map((segment) => table.ipId[segment]!));
  const misfits = (isNewWay || areTwoWays ? far.filter((one) => flags(one) & RST) : far).map((segment): Misfit => {
    const at = segments.indexOf(segment);
    const neighbour = segments[at - 1] ?? segments[at + 1] ?? segment;
    const ipId = table.ipId[segment]!;
    const expected = table.ipId[neighbour]!;
    const distance = Math.min((ipId - expected) & 0xffff, (expected - ipId) & 0xffff);
    return {
      segment,
      role,
      ttl: table.ttl[segment]!,
      ipId,
      expectedIpId: counts && distance > FAR ? (expected + 1) & 0xffff : -1,
    };
  });
  const ownResets = segments.filter((segment, at) => {
    const step = (table.ipId[segment]! - table.ipId[segments[at - 1] ?? segment]!) & 0xffff;
    return counts && (flags(segment) & RST) !== 0 && step > 0 && step <= SMALL_STEP;
  });
  return { hops, ttl, segments: segments.length, ownResets, misfits };
}

/** The most frequent number that is not negative; -1 where there is none. */
function usual(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  let most = -1;
  for (const number of numbers) {
    if (number < 0) continue;
    const times = (counts.get(number) ?? 0) + 1;
    counts.set(number, times);
    if (most < 0 || times > counts.get(most)!) most = number;
  }
  return most;
}

function isCounter(ids: readonly number[]): boolean {
  // A packet that was captured twice has the same identification twice.
  const steps = ids.slice(1).flatMap((id, i) => (id === ids[i] ? [] : [(id - ids[i]!) & 0xffff]));
  return steps.length >= 3 && steps.filter((step) => step <= SMALL_STEP).length * 3 >= 2 * steps.length;
}
