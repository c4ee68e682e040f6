import type { Mark, MarkKind, Pause, QuietRun, Sparkline } from '../model/connection';
import { FIN, RST, SYN } from '../model/flags';
import { NOTE_BITS } from '../model/segment';
import { FLAG_BITS } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import type { ConnectionView } from './connection-view';
import type { Findings } from './findings';

/** A run is worth folding from this many rows on. */
const SHORTEST_RUN = 8;
/** Rows at the start of data that stay unfolded, so that the first exchange is seen. */
const SHOWN_FIRST = 6;
/** A run ends where nothing was sent for this long: a pause is something to see. */
const PAUSE_NS = 1_000_000_000;

/** Runs of plain data and acknowledgments without a note, a flag of its own or a pause between them. */
export function quietRuns(tracker: Tracker, view: ConnectionView, findings: Findings): QuietRun[] {
  const { segments: table } = tracker;
  const runs: QuietRun[] = [];
  const isQuiet = (segment: number): boolean =>
    (table.notes[segment]! & NOTE_BITS) === 0 &&
    findings.at(view.connection, segment).length === 0 &&
    (table.bits[segment]! & FLAG_BITS & (SYN | FIN | RST)) === 0;
  let start = -1;
  let dataRows = 0;
  const close = (end: number): void => {
    if (start >= 0 && end - start >= SHORTEST_RUN) runs.push(quietRun(tracker, view, start, end));
    start = -1;
  };
  for (let row = 0; row < view.length; row++) {
    const segment = view.segments[row]!;
    if (!isQuiet(segment) || dataRows < SHOWN_FIRST) {
      close(row);
      if ((table.bits[segment]! & FLAG_BITS & (SYN | FIN | RST)) === 0) dataRows++;
      continue;
    }
    if (start >= 0 && tracker.elapsedNs(view.segments[row - 1]!, segment) >= PAUSE_NS) close(row);
    if (start < 0) start = row;
  }
  close(view.length);
  return runs;
}

function quietRun(tracker: Tracker, view: ConnectionView, start: number, end: number): QuietRun {
  const { segments: table } = tracker;
  const count = { client: 0, server: 0 };
  const bytes = { client: 0, server: 0 };
  const acks = { client: 0, server: 0 };
  for (let row = start; row < end; row++) {
    const segment = view.segments[row]!;
    const side = (table.flow[segment]! & 1) === view.clientDirection ? 'client' : 'server';
    const payload = Math.max(0, table.payloadBytes.of(segment));
    if (payload > 0) {
      count[side]++;
      bytes[side] += payload;
    } else acks[side]++;
  }
  const durationNs = tracker.elapsedNs(view.segments[start]!, view.segments[end - 1]!);
  return { start, end, dataSegments: count, payloadBytes: bytes, acks, durationNs };
}

/** What the overview shows: at most `limit` marks, evenly thinned where there are more. */
export function marks(
  tracker: Tracker,
  view: ConnectionView,
  findings: Findings,
  problemBits: number,
  limit: number,
): Mark[] {
  const { segments: table } = tracker;
  const all: Mark[] = [];
  for (let row = 0; row < view.length; row++) {
    const segment = view.segments[row]!;
    const isProblem = (table.notes[segment]! & problemBits) !== 0 || isFound(findings, view, segment);
    const kind = markKind(table.bits[segment]! & FLAG_BITS, isProblem);
    if (kind !== null) all.push({ row, kind });
  }
  if (all.length <= limit) return all;
  const step = all.length / limit;
  return Array.from({ length: limit }, (_, i) => all[Math.floor(i * step)]!);
}

const isFound = (findings: Findings, { connection }: ConnectionView, segment: number): boolean =>
  findings.at(connection, segment).some(({ level }) => level === 'problem');

function markKind(flags: number, isProblem: boolean): MarkKind | null {
  if (flags & RST) return 'reset';
  if (isProblem) return 'problem';
  if (flags & SYN) return 'open';
  return flags & FIN ? 'close' : null;
}

/** The nearest row with a problem or a reset after (1) or before (-1) `row`; `null` where there is none. */
export function nextProblem(
  tracker: Tracker,
  view: ConnectionView,
  findings: Findings,
  problemBits: number,
  row: number,
  direction: 1 | -1,
): number | null {
  const { segments: table } = tracker;
  for (let at = Math.min(row, view.length) + direction; at >= 0 && at < view.length; at += direction) {
    const segment = view.segments[at]!;
    if (table.notes[segment]! & problemBits || table.bits[segment]! & RST || isFound(findings, view, segment))
      return at;
  }
  return null;
}

/**
 * Where nothing was sent for at least so long, in order: of more than `limit` the longest. Segments that the capture has
 * out of order have no pause before them.
 */
export function pauses(
  tracker: Tracker,
  { length, segments }: ConnectionView,
  atLeastNs: number,
  limit: number,
): Pause[] {
  const all: Pause[] = [];
  for (let row = 1; row < length; row++) {
    const ns = tracker.elapsedNs(segments[row - 1]!, segments[row]!);
    if (ns > 0 && ns >= atLeastNs) all.push({ row, ns });
  }
  if (all.length <= limit) return all;
  const shortest = Float64Array.from(all, ({ ns }) => -ns).sort()[limit];
  return shortest === undefined ? [] : all.filter(({ ns }) => ns > -shortest);
}

/** Payload over time in `bins` equal parts; what the capture has before the first segment counts with that. */
export function sparkline(tracker: Tracker, connection: number, bins: number): Sparkline {
  const { segments: table, connections } = tracker;
  const bytes = [new Array<number>(bins).fill(0), new Array<number>(bins).fill(0)] as const;
  const first = connections.firstSegment(connection);
  const wholeNs = Math.max(1, tracker.elapsedNs(first, connections.lastSegment(connection)));
  const total = connections.segments(connection);
  for (let segment = first, row = 0; segment >= 0 && row < total; segment = table.next[segment]!, row++) {
    const payload = table.payloadBytes.of(segment);
    if (payload <= 0) continue;
    const bin = Math.floor((tracker.elapsedNs(first, segment) / wholeNs) * bins);
    bytes[(table.flow[segment]! & 1) as 0 | 1][Math.min(bins - 1, Math.max(0, bin))]! += payload;
  }
  const client = connections.clientDirection(connection);
  return { client: bytes[client], server: bytes[client === 0 ? 1 : 0] };
}
