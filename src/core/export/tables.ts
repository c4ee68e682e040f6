import type { TableFormat } from '../model/export';
import type { ConnectionRow } from '../model/connection';
import type { SegmentRow } from '../model/segment';
import { CONNECTION_COLUMNS, connectionCells, csvLine, SEGMENT_COLUMNS, segmentCells } from './csv';
import { connectionJson, type JsonSource, type Rename, segmentJson } from './json';

/** What stands above the rows: the columns of a CSV file; nothing in JSON. */
export const connectionsHead = (format: TableFormat): string[] =>
  format === 'csv' ? [csvLine(CONNECTION_COLUMNS)] : [];
export const segmentsHead = (format: TableFormat): string[] => (format === 'csv' ? [csvLine(SEGMENT_COLUMNS)] : []);

/** A line a connection: a CSV record, or a JSON object. */
export const connectionLines = (rows: readonly ConnectionRow[], format: TableFormat, rename: Rename): string[] =>
  rows.map((row) =>
    format === 'csv' ? csvLine(connectionCells(row, rename)) : JSON.stringify(connectionJson(row, rename)),
  );

/** A line a segment. */
export const segmentLines = (
  trace: JsonSource,
  rows: readonly SegmentRow[],
  format: TableFormat,
  rename: Rename,
): string[] =>
  rows.map((row) =>
    format === 'csv'
      ? csvLine(segmentCells(trace, row, rename))
      : JSON.stringify(segmentJson(trace, row, null, rename)),
  );
