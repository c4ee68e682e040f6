import type { Trace } from '../core/analyze';
import { Anonymiser } from '../core/export/anonymise';
import type { Rename } from '../core/export/json';
import { connectionLines, segmentLines } from '../core/export/tables';
import type { AnonymiseKey } from '../core/model/export';
import type { TraceQueries } from '../protocol';

/** What is exported. */
export type ExportedTrace = Pick<
  Trace,
  'connections' | 'segments' | 'endpoints' | 'time' | 'options' | 'findingsOf' | 'exportPackets'
>;

type Query<Q extends keyof TraceQueries> = (
  trace: ExportedTrace,
  params: TraceQueries[Q]['params'],
) => TraceQueries[Q]['result'];

/** The same key gives the same addresses, whichever piece of a file they stand in. */
const anonymiserOf = (key: AnonymiseKey | null): Anonymiser | null => key && new Anonymiser(key);

export const exportedRows: Query<'exportedRows'> = (trace, { connection, format, start, end, key }) => {
  const anonymiser = anonymiserOf(key);
  const rename: Rename = anonymiser === null ? (endpoint) => endpoint : (endpoint) => anonymiser.endpoint(endpoint);
  if (connection === null) return connectionLines(trace.connections(start, end), format, rename);
  const isKnown = trace.connections(connection, connection + 1).length > 0;
  if (isKnown && trace.findingsOf(connection) === null) return null;
  return segmentLines(trace, trace.segments(connection, start, end), format, rename);
};

export const exportedPackets: Query<'exportedPackets'> = (trace, { connection, start, end, key, payload }) =>
  trace.exportPackets(connection, start, end, { anonymiser: anonymiserOf(key), payload });

export const unquotedSegments: Query<'unquotedSegments'> = (trace, { connection, start, end }) =>
  trace.segments(connection, start, end, false);
