import { render } from '../format/message';
import { capitalised } from '../format/text';
import type { ConnectionRow } from '../model/connection';
import type { SegmentRow } from '../model/segment';
import type { JsonSource, Rename } from './json';

type Cell = string | number | boolean | null;

/** One record of RFC 4180. What a spreadsheet would take for a formula is kept from it by an apostrophe. */
export function csvLine(cells: readonly Cell[]): string {
  return cells
    .map((cell) => {
      const text = cell === null ? '' : String(cell);
      const safe = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
      return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    })
    .join(',');
}

export const CONNECTION_COLUMNS = [
  'connection',
  'clientAddress',
  'clientPort',
  'serverAddress',
  'serverPort',
  'partial',
  'firstPacket',
  'lastPacket',
  'segments',
  'start',
  'durationNs',
  'clientBytes',
  'serverBytes',
  'clientState',
  'serverState',
  'completeness',
  'handshakeRttNs',
  'problems',
  'verdict',
] as const;

export function connectionCells(row: ConnectionRow, rename: Rename): Cell[] {
  const [client, server] = [rename(row.client), rename(row.server)];
  return [
    row.connection,
    client.address,
    client.port,
    server.address,
    server.port,
    row.partial,
    row.firstPacket,
    row.lastPacket,
    row.segments,
    row.start,
    row.durationNs,
    row.payloadBytes.client,
    row.payloadBytes.server,
    row.state.client,
    row.state.server,
    row.completeness.join(' '),
    row.handshakeRttNs,
    row.problems,
    capitalised(render(row.verdict.sentence)),
  ];
}

export const SEGMENT_COLUMNS = [
  'packet',
  'time',
  'from',
  'sourceAddress',
  'sourcePort',
  'destinationAddress',
  'destinationPort',
  'seq',
  'ack',
  'seqRaw',
  'ackRaw',
  'len',
  'flags',
  'window',
  'scaledWindow',
  'checksum',
  'notes',
  'acks',
  'ackRttNs',
  'bytesInFlight',
  'clientState',
  'serverState',
] as const;

/** Cells of a segment; empty where a number was not captured. */
export function segmentCells(trace: JsonSource, row: SegmentRow, rename: Rename): Cell[] {
  const endpoints = trace.endpoints(row.connection);
  const [source, destination] =
    row.from === 'client' ? (['client', 'server'] as const) : (['server', 'client'] as const);
  const [from, to] = [rename(endpoints[source]), rename(endpoints[destination])];
  const known = (field: 'seq' | 'ack' | 'window', value: number | null): number | null =>
    row.headerCut || row.missing.includes(field) ? null : value;
  return [
    row.packet,
    trace.time(row.packet),
    row.from,
    from.address,
    from.port,
    to.address,
    to.port,
    known('seq', row.seq),
    known('ack', row.ack),
    row.relativeOnly[source] ? null : known('seq', row.seqRaw),
    row.relativeOnly[destination] ? null : known('ack', row.ackRaw),
    row.lengthKnown ? row.len : null,
    row.flags.join(' '),
    known('window', row.window),
    known('window', row.scaledWindow),
    row.checksum,
    row.notes.map(({ kind }) => kind).join(' '),
    row.acks,
    row.ackRttNs,
    row.bytesInFlight,
    row.client.state,
    row.server.state,
  ];
}
