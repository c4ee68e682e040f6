import type { Trace } from '../../core/analyze';
import { render } from '../../core/format/message';
import { inert } from '../../core/format/text';
import { DIAGRAMS } from '../../core/diagram/registry';
import { diagramSource } from '../../core/diagram/source';
import { Anonymiser } from '../../core/export/anonymise';
import type { ConnectionRow } from '../../core/model/connection';
import { newKey } from '../key';
import { requireConnection, UsageError } from '../usage-error';
import type { Command } from './registry';

const PAGE_ROWS = 512;

/** The sequence diagram of one connection. */
export const diagram: Command = {
  tellsChecksums: true,
  run(trace, args, output) {
    const connection = args.connection!;
    requireConnection(trace, 'diagram', connection);
    const row = trace.connections(connection, connection + 1)[0]!;
    const { from, to } = args.packets;
    const start = rowFrom(trace, row, from);
    const end = rowFrom(trace, row, to + 1);
    if (start >= end) throw new UsageError(`diagram: connection ${connection} has no segment in these packets`);
    const anonymiser = args.anonymise ? new Anonymiser(newKey()) : null;
    const quotes = args.payload && !args.anonymise;
    const source = diagramSource({
      connection: row,
      phases: trace.phases(connection),
      *rows() {
        for (let at = start; at < end; at += PAGE_ROWS)
          yield* trace.segments(connection, at, Math.min(end, at + PAGE_ROWS), quotes);
      },
      start,
      end,
      text: (message) => inert(render(message)),
      rename: anonymiser && ((endpoint) => anonymiser.endpoint(endpoint)),
    });
    for (const line of DIAGRAMS[args.format].lines(source)) output.line(line);
  },
};

/** The first row of a connection whose packet is not before this one; behind the last row, where there is none. */
function rowFrom(trace: Trace, { connection, segments }: ConnectionRow, packet: number): number {
  let [low, high] = [0, segments];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const [row] = trace.segments(connection, middle, middle + 1, false);
    if (row!.packet < packet) low = middle + 1;
    else high = middle;
  }
  return low;
}
