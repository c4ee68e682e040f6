import type { Trace } from '../../core/analyze';
import { Anonymiser } from '../../core/export/anonymise';
import type { Rename } from '../../core/export/json';
import { connectionLines, connectionsHead, segmentLines, segmentsHead } from '../../core/export/tables';
import type { Arguments } from '../arguments';
import { newKey } from '../key';
import { createOutput, type Output } from '../output';
import { requireConnection, UsageError } from '../usage-error';
import type { Command } from './registry';

const PAGE_ROWS = 512;

/** A connection's packets or segments, or the table of connections, in a file of its own. */
export const exportCommand: Command = {
  tellsChecksums: true,
  run(trace, args, output) {
    if (args.connection !== null) requireConnection(trace, 'export', args.connection);
    const target = args.out === null ? output : createOutput(args.out);
    const anonymiser = args.anonymise ? new Anonymiser(newKey()) : null;
    if (args.exportFormat === 'pcapng') packets(trace, args, anonymiser, target);
    else table(trace, args, anonymiser === null ? itself : (endpoint) => anonymiser.endpoint(endpoint), target);
    target.end();
  },
};

const itself: Rename = (endpoint) => endpoint;

function packets(trace: Trace, args: Arguments, anonymiser: Anonymiser | null, output: Output): void {
  const connection = args.connection!;
  const { segments } = trace.connections(connection, connection + 1)[0]!;
  for (let start = 0; start < segments; start += PAGE_ROWS) {
    const piece = trace.exportPackets(connection, start, start + PAGE_ROWS, { anonymiser, payload: args.payload });
    if (piece === null) throw new UsageError('export: this text describes its packets in words, there are no bytes');
    output.bytes(piece);
  }
}

function table(trace: Trace, args: Arguments, rename: Rename, output: Output): void {
  const { connection, exportFormat } = args;
  if (exportFormat === 'pcapng') return;
  const write = (lines: readonly string[]): void => lines.forEach((line) => output.line(line));
  if (connection === null) {
    write(connectionsHead(exportFormat));
    for (const rows of pages((start, end) => trace.connections(start, end)))
      write(connectionLines(rows, exportFormat, rename));
    return;
  }
  trace.findingsOf(connection);
  while (trace.lookOn());
  write(segmentsHead(exportFormat));
  for (const rows of pages((start, end) => trace.segments(connection, start, end)))
    write(segmentLines(trace, rows, exportFormat, rename));
}

function* pages<T>(page: (start: number, end: number) => readonly T[]): Generator<readonly T[]> {
  for (let start = 0; ; start += PAGE_ROWS) {
    const rows = page(start, start + PAGE_ROWS);
    yield rows;
    if (rows.length < PAGE_ROWS) return;
  }
}
