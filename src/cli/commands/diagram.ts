import { render } from '../../core/format/message';
import { inert } from '../../core/format/text';
import { DIAGRAMS } from '../../core/diagram/registry';
import { diagramSource } from '../../core/diagram/source';
import { Anonymiser } from '../../core/export/anonymise';
import { newKey } from '../key';
import { requireConnection } from '../usage-error';
import type { Command } from './registry';

const PAGE_ROWS = 512;

/** The sequence diagram of one connection. */
export const diagram: Command = {
  tellsChecksums: true,
  run(trace, args, output) {
    const connection = args.connection!;
    requireConnection(trace, 'diagram', connection);
    const row = trace.connections(connection, connection + 1)[0]!;
    const anonymiser = args.anonymise ? new Anonymiser(newKey()) : null;
    const quotes = args.payload && !args.anonymise;
    const source = diagramSource({
      connection: row,
      phases: trace.phases(connection),
      *rows() {
        for (let start = 0; start < row.segments; start += PAGE_ROWS)
          yield* trace.segments(connection, start, start + PAGE_ROWS, quotes);
      },
      start: 0,
      end: row.segments,
      text: (message) => inert(render(message)),
      rename: anonymiser && ((endpoint) => anonymiser.endpoint(endpoint)),
    });
    for (const line of DIAGRAMS[args.format].lines(source)) output.line(line);
  },
};
