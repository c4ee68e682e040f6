import type { GraphData, GraphKind, GraphLineKind, GraphMarkKind } from '../model/graph';
import { type GraphRange, LineThinner, MarkCollector } from './graph-lines';
import {
  FROM_B,
  type GraphWalk,
  HAS_ACK,
  HAS_WINDOW,
  IS_DUPLICATE_ACK,
  IS_SYN,
  IS_ZERO_WINDOW,
  TEXT_KIND,
  TEXT_KINDS,
} from './graph-walk';

/** Lines and marks of one graph while its rows are looked at. */
class Canvas {
  private readonly lines: LineThinner[] = [];
  private readonly marks: MarkCollector[] = [];

  constructor(readonly range: GraphRange) {}

  line(kind: GraphLineKind): LineThinner {
    const line = new LineThinner(kind, this.range);
    this.lines.push(line);
    return line;
  }

  mark(kind: GraphMarkKind): MarkCollector {
    const marks = new MarkCollector(kind, this.range);
    this.marks.push(marks);
    return marks;
  }

  result(graph: GraphKind, intervalNs: number): GraphData {
    return {
      graph,
      lines: this.lines.map((line) => line.result()).filter(({ rows }) => rows.length > 0),
      marks: this.marks.map((marks) => marks.result()).filter(({ rows }) => rows.length > 0),
      intervalNs,
      points: [...this.lines, ...this.marks].reduce((sum, { points }) => sum + points, 0),
    };
  }
}

type Draw = (canvas: Canvas, walk: GraphWalk, direction: 0 | 1, intervalNs: number) => number;

/** What each graph is made of. Returns the interval that it counts in, in nanoseconds, or 0. */
const GRAPHS: Readonly<Record<GraphKind, Draw>> = {
  sequence: drawSequence,
  rtt: drawRtt,
  throughput: drawThroughput,
  flight: drawFlight,
  window: drawWindow,
};

/**
 * A graph of the bytes that one direction sends, as far as the walk has come. One pass over the rows of the range. What is
 * counted over intervals is counted over `intervalNs`, 0 for what fits the range.
 */
export function graphData(
  walk: GraphWalk,
  graph: GraphKind,
  direction: 0 | 1,
  range: GraphRange,
  intervalNs: number,
): GraphData {
  const canvas = new Canvas(range);
  return canvas.result(graph, GRAPHS[graph](canvas, walk, direction, intervalNs));
}

/** The bit that segments of a direction have in {@link GraphWalk.bits}. */
const senderBit = (direction: 0 | 1): number => (direction === 1 ? FROM_B : 0);

/** Window of a row of the receiver, in bytes, scaled; negative where the shift is not known, unless it is zero anyway. */
function scaledWindows(walk: GraphWalk, direction: 0 | 1): (row: number) => number {
  const { bits, segment } = walk;
  const { window } = walk.tracker.segments;
  const factor = walk.windowFactor(1 - direction);
  return (row) => window[segment[row]!]! * (bits[row]! & IS_SYN ? 1 : factor);
}

function drawSequence(canvas: Canvas, walk: GraphWalk, direction: 0 | 1): number {
  const { bits, timeNs, seq, ack } = walk;
  const sender = senderBit(direction);
  const windowOf = scaledWindows(walk, direction);
  const kinds = TEXT_KINDS.map((kind) => (kind === null ? null : canvas.mark(kind)));
  const acks = canvas.line('ack');
  const edges = canvas.line('edge');
  const duplicates = canvas.mark('duplicate-ack');
  const zeroes = canvas.mark('zero-window');
  const [start, end] = walk.rowsOf(canvas.range.from, canvas.range.to);
  for (let row = start; row < end; row++) {
    const is = bits[row]!;
    const time = timeNs[row]!;
    if ((is & FROM_B) === sender) {
      const from = seq[row]!;
      kinds[is & TEXT_KIND]?.add(time, from, from + walk.occupies(row), row);
    } else if (is & HAS_ACK) {
      const number = ack[row]!;
      acks.add(time, number, row);
      const window = windowOf(row);
      if (window >= 0) edges.add(time, number + window, row);
      if (is & IS_DUPLICATE_ACK) duplicates.add(time, number, number, row);
      if (is & IS_ZERO_WINDOW) zeroes.add(time, number, number, row);
    }
  }
  drawSack(canvas, walk, sender, start, end);
  return 0;
}

/** Blocks that the receiver reports in rows `[start, end)`. */
function drawSack(canvas: Canvas, walk: GraphWalk, sender: number, start: number, end: number): void {
  const { sackBlocks, bits, timeNs, ack } = walk;
  const sack = canvas.mark('sack');
  const duplicate = canvas.mark('duplicate-sack');
  const isOf = (at: number, row: number): boolean => at < walk.sackLength && sackBlocks[at] === row;
  for (let at = walk.firstSackFrom(start); at < walk.sackLength && sackBlocks[at]! < end; at += 3) {
    const row = sackBlocks[at]!;
    const [left, right] = [sackBlocks[at + 1]!, sackBlocks[at + 2]!];
    if ((bits[row]! & FROM_B) === sender || left >= right) continue;
    // RFC 2883 §4: the first block reports a duplicate where it lies below the acknowledgment or in the second block.
    const isFirst = at === 0 || sackBlocks[at - 3] !== row;
    const isInNext = isOf(at + 3, row) && left >= sackBlocks[at + 4]! && right <= sackBlocks[at + 5]!;
    const marks = isFirst && (left < 0 || isInNext) ? duplicate : sack;
    marks.add(timeNs[row]!, ack[row]! + left, ack[row]! + right, row);
  }
}

function drawRtt(canvas: Canvas, walk: GraphWalk, direction: 0 | 1): number {
  const sender = senderBit(direction);
  const { bits, timeNs, sampleNs, segment, tracker } = walk;
  const { segments } = tracker;
  const [samples, ambiguous, srtt, rto] = [
    canvas.line('rtt'),
    canvas.line('ambiguous-rtt'),
    canvas.line('srtt'),
    canvas.line('rto'),
  ];
  const [start, end] = walk.rowsOf(canvas.range.from, canvas.range.to);
  for (let row = start; row < end; row++) {
    if ((bits[row]! & FROM_B) === sender) continue;
    const sample = sampleNs[row]!;
    const time = timeNs[row]!;
    if (sample === sample) {
      samples.add(time, sample, row);
      srtt.add(time, walk.srttNs[row]!, row);
      rto.add(time, walk.rtoNs[row]!, row);
      continue;
    }
    // What an ACK of something sent more than once would measure; Karn's rule leaves it out (RFC 6298 §3).
    const of = segments.acked[segment[row]!]!;
    if (of < 0 || (walk.ackedBytes[row] === 0 && (bits[row]! & IS_SYN) === 0)) continue;
    ambiguous.add(time, tracker.elapsedNs(of, segment[row]!), row);
  }
  return 0;
}

/** Widths of intervals: 1, 2 or 5 times a power of ten, in nanoseconds. */
function roundInterval(ns: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1000, ns)));
  return [1, 2, 5, 10].map((n) => n * power).find((interval) => interval >= ns)!;
}

/** Intervals that the width of a graph is divided into: enough to see bursts, few enough to hold some segments each. */
const INTERVALS = 150;
/** Intervals in a range at most, where a width was asked for: counting them takes some milliseconds. */
const MOST_INTERVALS = 1 << 18;

/**
 * Payload sent (retransmissions included) and payload acknowledged for the first time, in bits a second. Intervals count
 * from the connection's first segment, as `tshark -z io,stat` counts from the capture's. They are as long as was asked for,
 * unless that would be too many.
 */
function drawThroughput(canvas: Canvas, walk: GraphWalk, direction: 0 | 1, intervalNs: number): number {
  const { from, to } = canvas.range;
  const sender = senderBit(direction);
  const { bits, timeNs, ackedBytes } = walk;
  const span = Math.max(1, to - from);
  const interval =
    intervalNs > 0 && span / intervalNs < MOST_INTERVALS
      ? intervalNs
      : roundInterval(span / (intervalNs > 0 ? MOST_INTERVALS : INTERVALS));
  const first = Math.floor(from / interval) - 1;
  const count = Math.ceil(to / interval) + 1 - first;
  const sent = new Float64Array(count);
  const arrived = new Float64Array(count);
  const rows = new Int32Array(count).fill(-1);
  const [start, end] = walk.rowsOf(first * interval, (first + count) * interval);
  for (let row = start; row < end; row++) {
    const at = Math.floor(timeNs[row]! / interval) - first;
    if (at < 0 || at >= count) continue;
    if ((bits[row]! & FROM_B) !== sender) arrived[at]! += ackedBytes[row]!;
    else if (walk.payload(row) > 0) {
      sent[at]! += walk.payload(row);
      if (rows[at]! < 0) rows[at] = row;
    }
  }
  const [throughput, goodput] = [canvas.line('throughput'), canvas.line('goodput')];
  let row = 0;
  for (let at = 0; at < count; at++) {
    if (rows[at]! >= 0) row = rows[at]!;
    const time = (first + at) * interval;
    const perSecond = 8e9 / interval;
    throughput.add(time, sent[at]! * perSecond, row);
    goodput.add(time, arrived[at]! * perSecond, row);
  }
  return interval;
}

function drawFlight(canvas: Canvas, walk: GraphWalk, direction: 0 | 1): number {
  const sender = senderBit(direction);
  const windowOf = scaledWindows(walk, direction);
  const { bits, timeNs } = walk;
  const flight = walk.flight[direction];
  const estimate = walk.congestionWindow[direction];
  const [flights, windows, estimates] = [
    canvas.line('flight'),
    canvas.line('window'),
    canvas.line('congestion-window'),
  ];
  const zeroes = canvas.mark('zero-window');
  let [lastFlight, lastEstimate] = [-1, NaN];
  const [start, end] = walk.rowsOf(canvas.range.from, canvas.range.to);
  for (let row = start; row < end; row++) {
    const time = timeNs[row]!;
    if (flight[row] !== lastFlight) flights.add(time, (lastFlight = flight[row]!), row);
    if (!Object.is(estimate[row], lastEstimate)) estimates.add(time, (lastEstimate = estimate[row]!), row);
    const is = bits[row]!;
    if ((is & FROM_B) === sender || (is & HAS_WINDOW) === 0) continue;
    const window = windowOf(row);
    if (window >= 0) windows.add(time, window, row);
    if (is & IS_ZERO_WINDOW) zeroes.add(time, 0, 0, row);
  }
  return 0;
}

/** The window that this direction's receiver advertises. */
function drawWindow(canvas: Canvas, walk: GraphWalk, direction: 0 | 1): number {
  const sender = senderBit(direction);
  const windowOf = scaledWindows(walk, direction);
  const { bits, timeNs, segment, tracker } = walk;
  const [windows, raw] = [canvas.line('window'), canvas.line('raw-window')];
  const zeroes = canvas.mark('zero-window');
  const [start, end] = walk.rowsOf(canvas.range.from, canvas.range.to);
  for (let row = start; row < end; row++) {
    const is = bits[row]!;
    if ((is & FROM_B) === sender || (is & HAS_WINDOW) === 0) continue;
    const time = timeNs[row]!;
    const window = windowOf(row);
    if (window >= 0) windows.add(time, window, row);
    raw.add(time, tracker.segments.window[segment[row]!]!, row);
    if (is & IS_ZERO_WINDOW) zeroes.add(time, 0, 0, row);
  }
  return 0;
}
