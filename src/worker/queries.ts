import type { Trace } from '../core/analyze';
import type { TraceQueries, TraceQuery } from '../protocol';
import { type ExportedTrace, exportedPackets, exportedRows, unquotedSegments } from './exports';
import { ConnectionFinder } from './find-connections';

/** What answers queries: a {@link Trace}, or a stand-in for it. */
export type QueriedTrace = Pick<Trace, Exclude<TraceQuery, NotOfTrace>> & ExportedTrace;

/** Queries that are put together here from what a trace answers. */
type NotOfTrace = 'findConnections' | 'prepareFinding' | 'exportedRows' | 'exportedPackets' | 'unquotedSegments';

const ANSWERS: {
  readonly [Q in TraceQuery]: (trace: QueriedTrace, params: TraceQueries[Q]['params']) => TraceQueries[Q]['result'];
} = {
  summary: (trace) => trace.summary(),
  connections: (trace, { start, end }) => trace.connections(start, end),
  findConnections: (trace, { text, start, limit }) => finderOf(trace).find(text, start, limit),
  prepareFinding: (trace, { start }) => finderOf(trace).prepare(start),
  segments: (trace, { connection, start, end }) => trace.segments(connection, start, end),
  quietRuns: (trace, { connection }) => trace.quietRuns(connection),
  phases: (trace, { connection }) => trace.phases(connection),
  pauses: (trace, { connection, atLeastNs, limit }) => trace.pauses(connection, atLeastNs, limit),
  sparkline: (trace, { connection, bins }) => trace.sparkline(connection, bins),
  marks: (trace, { connection, limit }) => trace.marks(connection, limit),
  problem: (trace, { connection, row, direction }) => trace.problem(connection, row, direction),
  reasons: (trace, { connection, row }) => trace.reasons(connection, row),
  lesson: (trace, { connection, row }) => trace.lesson(connection, row),
  graphProgress: (trace, { connection }) => trace.graphProgress(connection),
  graph: (trace, { connection, graph, side, from, to, columns, intervalNs }) =>
    trace.graph(connection, graph, side, { from, to, columns }, intervalNs),
  diagnosis: (trace, { thresholds }) => trace.diagnosis(thresholds),
  filter: (trace, { text, packets }) => trace.filter(text, packets),
  suggest: (trace, { text, cursor }) => trace.suggest(text, cursor),
  connectionsWith: (trace, { filter, start, end }) => trace.connectionsWith(filter, start, end),
  connectionIndex: (trace, { filter, connection }) => trace.connectionIndex(filter, connection),
  matches: (trace, { filter, connection, start, end }) => trace.matches(filter, connection, start, end),
  packetRows: (trace, { filter, connection, start, end }) => trace.packetRows(filter, connection, start, end),
  packetIndex: (trace, { filter, connection, packet }) => trace.packetIndex(filter, connection, packet),
  stream: (trace, { connection, sides, lineBytes }) => trace.stream(connection, sides, lineBytes),
  streamRows: (trace, { connection, sides, lineBytes, start, end }) =>
    trace.streamRows(connection, sides, lineBytes, start, end),
  streamRowOf: (trace, { connection, sides, lineBytes, row }) => trace.streamRowOf(connection, sides, lineBytes, row),
  streamFind: (trace, { connection, sides, search }) => trace.streamFind(connection, sides, search),
  streamMarks: (trace, { connection, sides, lineBytes, search, start, end }) =>
    trace.streamMarks(connection, sides, lineBytes, search, start, end),
  streamMatch: (trace, { connection, sides, lineBytes, search, index }) =>
    trace.streamMatch(connection, sides, lineBytes, search, index),
  streamMatchFrom: (trace, { connection, sides, lineBytes, search, row }) =>
    trace.streamMatchFrom(connection, sides, lineBytes, search, row),
  streamBytes: (trace, { connection, sides, from, to }) => trace.streamBytes(connection, sides, from, to),
  exportedRows,
  exportedPackets,
  unquotedSegments,
  loadFilterFault: (trace, { text }) => trace.loadFilterFault(text),
  replayStates: (trace) => trace.replayStates(),
  stateMoves: (trace) => trace.stateMoves(),
  movesOf: (trace, { from, to, start, end }) => trace.movesOf(from, to, start, end),
  packet: (trace, { packet }) => trace.packet(packet),
  place: (trace, { packet }) => trace.place(packet),
  carriers: (trace, { connection, row }) => trace.carriers(connection, row),
  references: (trace, { connection, row }) => trace.references(connection, row),
  textPackets: (trace, { start, end }) => trace.textPackets(start, end),
  connectionText: (trace, { connection, start, end }) => trace.connectionText(connection, start, end),
  textConnections: (trace, { start, end }) => trace.textConnections(start, end),
  connectionFrom: (trace, { line }) => trace.connectionFrom(line),
  textFolds: (trace, { most }) => trace.textFolds(most),
  textFindings: (trace, { start, limit, infos }) => trace.textFindings(start, limit, infos),
};

const finders = new WeakMap<QueriedTrace, ConnectionFinder>();

/** What searches a trace's connections; it remembers what it has read. */
function finderOf(trace: QueriedTrace): ConnectionFinder {
  let finder = finders.get(trace);
  if (finder === undefined) finders.set(trace, (finder = new ConnectionFinder(trace)));
  return finder;
}

/** The trace's answer to a query whose parameters have been checked (`queryFault`). */
export function answer<Q extends TraceQuery>(
  trace: QueriedTrace,
  query: Q,
  params: TraceQueries[Q]['params'],
): TraceQueries[Q]['result'] {
  return ANSWERS[query](trace, params);
}
