import { grown, roomFor } from '../bytes/columns';
import { count } from '../format/number';
import { duration } from '../format/time';
import { u32 } from '../bytes/seq';
import type { IsnChart } from '../model/diagnosis';
import { message, type Message } from '../model/message';
import type { DiagnosisContext } from './context';
import { type Conclusion, crossed, type Detector, finding, type KindOf } from './finding';
import { KeyTable } from './key-table';
import { CLIENT, type Role, SERVER } from './walk';

const PREDICTABLE: KindOf = {
  kind: 'predictable-isn',
  title: message('Predictable initial sequence numbers'),
  cites: 'RFC 6528 §1, §3',
  caution: message(
    'Packets that a script has made, an address that several hosts share, or connections that reuse the same ports, look the same.',
  ),
};
const UNPREDICTABLE: KindOf = {
  kind: 'unpredictable-isn',
  title: message('Initial sequence numbers without a pattern'),
  cites: 'RFC 6528 §3',
  caution: message('A pattern that takes more connections to be seen is not found.'),
};

/** Numbers of one host that are kept. */
const MAX_SAMPLES = 2048;
/** Numbers of one host that are drawn. */
const MAX_DRAWN = 500;
/** Hosts whose numbers are kept. */
const MAX_HOSTS = 100_000;
/** Which share of the steps must follow a pattern. */
const MOST = 0.8;
/** RFC 793 counts 250 000 a second, 4.2BSD 64 000 a connection: steps of chance are this small once in 4096. */
const SMALL_STEP = 1 << 20;
/** How far a number may lie from where a clock would have it: 1/64 of the space in both directions together is chance. */
const CLOCK_TOLERANCE = 2 ** 25;
/** A clock that is faster than this has been round before one could tell. */
const MAX_PER_SECOND = 2 ** 27;

/** How a host chooses its initial sequence numbers. */
type Pattern =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'fixed-step'; readonly step: number; readonly share: number }
  | { readonly kind: 'clock'; readonly perSecond: number; readonly share: number }
  | { readonly kind: 'small-steps'; readonly largest: number; readonly share: number }
  | null;

/**
 * Whether whoever has seen some initial sequence numbers of a host can tell the next: constant, driven by a clock alone,
 * or growing by small steps. Numbers of connections that use the same ports again grow by a clock as they should (RFC 6528
 * §3), and are left out.
 */
export const predictableIsn: Detector = {
  group: 'attack',
  kinds: [PREDICTABLE, UNPREDICTABLE],
  watch(context) {
    const { tracker } = context;
    /** By family and address: how many numbers, and the last of them as an index into the samples. */
    const hosts = new KeyTable(2, MAX_HOSTS);
    let samples = new Int32Array(1024);
    let before = new Int32Array(1024);
    let length = 0;
    const sample = (family: number, address: number, segment: number): void => {
      const row = hosts.add(family, address, 0);
      if (row < 0 || hosts.columns[0]![row]! >= MAX_SAMPLES) return;
      if (length === samples.length) {
        const room = roomFor(length + 1, length, 0);
        samples = grown(samples, room);
        before = grown(before, room);
      }
      samples[length] = segment;
      before[length] = hosts.columns[0]![row]!++ === 0 ? -1 : hosts.columns[1]![row]!;
      hosts.columns[1]![row] = length++;
    };
    return {
      connection(walk) {
        if (walk.synAck < 0 || tracker.reused.has(walk.connection)) return;
        const take = (role: Role, segment: number): void => sample(walk.family(), walk.address(role), segment);
        take(SERVER, walk.synAck);
        if (walk.completed >= 0 && walk.syn >= 0) take(CLIENT, walk.syn);
      },
      *conclude() {
        for (let row = 0; row < hosts.length; row++) {
          if (hosts.columns[0]![row]! < context.thresholds.isnSamples) continue;
          const segments: number[] = [];
          for (let at = hosts.columns[1]![row]!; at >= 0; at = before[at]!) segments.push(samples[at]!);
          yield* tell(context, hosts.a[row]!, hosts.b[row]!, segments);
          yield null;
        }
      },
    };
  },
};

function* tell(context: DiagnosisContext, family: number, address: number, segments: number[]): Conclusion {
  const { seq } = context.tracker.segments;
  segments.sort((a, b) => context.timeOf(a) - context.timeOf(b) || a - b);
  const times = segments.map((segment) => context.timeOf(segment));
  const numbers = segments.map((segment) => u32(seq[segment]!));
  const packets = segments.map((segment) => context.packet(segment));
  const pattern = patternOf(times, numbers);
  const chart: IsnChart = {
    chart: 'isn',
    times: times.slice(0, MAX_DRAWN),
    numbers: numbers.slice(0, MAX_DRAWN),
    packets: packets.slice(0, MAX_DRAWN),
  };
  const host = context.host(family, address);
  const n = segments.length;
  yield finding('attack', pattern === null ? UNPREDICTABLE : PREDICTABLE, {
    severity: pattern === null ? 'info' : 'warning',
    text:
      pattern === null
        ? message('{0} initial sequence numbers of {1} follow no pattern that was looked for.', count(n), host)
        : sentence(pattern, host, count(n)),
    details:
      pattern === null
        ? []
        : [
            message(
              'Who can tell the next number can open a connection in somebody else’s name without seeing the answers.',
            ),
            message(
              'The numbers were taken from connections that began within {0}.',
              duration(times.at(-1)! - times[0]!),
            ),
          ],
    packets,
    crossed: [crossed(context, 'isnSamples', n)],
    chart,
  });
}

const percentOf = (share: number): string => String(Math.floor(100 * share));

function sentence(pattern: NonNullable<Pattern>, host: string, n: string): Message {
  switch (pattern.kind) {
    case 'constant':
      return message('All {0} initial sequence numbers of {1} are {2}.', n, host, pattern.value);
    case 'fixed-step':
      return message(
        'Initial sequence numbers of {0} grow by {1} from connection to connection: {2} % of the steps between {3} numbers.',
        host,
        count(pattern.step),
        percentOf(pattern.share),
        n,
      );
    case 'clock':
      return message(
        'Initial sequence numbers of {0} grow with time alone, by {1} a second: {2} % of the steps between {3} numbers.',
        host,
        count(pattern.perSecond),
        percentOf(pattern.share),
        n,
      );
    case 'small-steps':
      return message(
        'Initial sequence numbers of {0} grow by small steps, {1} at most: {2} % of the steps between {3} numbers.',
        host,
        count(pattern.largest),
        percentOf(pattern.share),
        n,
      );
  }
}

/** The pattern in a host's initial sequence numbers, in the order of time (nanoseconds); `null` where there is none. */
export function patternOf(times: readonly number[], numbers: readonly number[]): Pattern {
  if (numbers.every((number) => number === numbers[0])) return { kind: 'constant', value: numbers[0]! };
  const steps = numbers.slice(1).map((number, i) => u32(number - numbers[i]!));
  const [step, times_] = mostFrequent(steps);
  const multiples = steps.filter((one) => step > 0 && one > 0 && one % step === 0 && one / step <= 16).length;
  if (step > 0 && times_ * 2 > steps.length && multiples >= MOST * steps.length)
    return { kind: 'fixed-step', step, share: multiples / steps.length };
  const clock = clockOf(times, steps);
  if (clock !== null) return clock;
  const small = steps.filter((one) => one < SMALL_STEP);
  return small.length >= MOST * steps.length
    ? { kind: 'small-steps', largest: Math.max(...small), share: small.length / steps.length }
    : null;
}

function mostFrequent(values: readonly number[]): [value: number, times: number] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
}

/** The clock that most of the steps follow: the same growth a second. */
function clockOf(times: readonly number[], steps: readonly number[]): Pattern {
  const spans = steps.map((_, i) => (times[i + 1]! - times[i]!) / 1e9);
  const rates = steps.flatMap((step, i) => (spans[i]! > 0 ? [step / spans[i]!] : [])).sort((a, b) => a - b);
  const perSecond = rates[rates.length >> 1] ?? 0;
  // Without time between connections a clock cannot be told from small steps.
  if (rates.length < MOST * steps.length || perSecond < 1 || perSecond > MAX_PER_SECOND) return null;
  const following = steps.filter((step, i) => {
    const expected = perSecond * spans[i]!;
    const error = Math.abs(step - (expected % 2 ** 32));
    return Math.min(error, 2 ** 32 - error) <= Math.min(CLOCK_TOLERANCE, 0.1 * expected + 1000);
  });
  return following.length >= MOST * steps.length
    ? { kind: 'clock', perSecond: Math.round(perSecond), share: following.length / steps.length }
    : null;
}
