import { endpointInFull } from '../../core/format/endpoint';
import { render } from '../../core/format/message';
import { inert } from '../../core/format/text';
import { DIAGRAMS } from '../../core/diagram/registry';
import type { DiagramSource } from '../../core/diagram/diagram';
import { requireConnection } from '../usage-error';
import type { Command } from './registry';

const PAGE_ROWS = 512;

/** The sequence diagram of one connection. */
export const diagram: Command = {
  run(trace, args, output) {
    const connection = args.connection!;
    requireConnection(trace, 'diagram', connection);
    const row = trace.connections(connection, connection + 1)[0]!;
    const source: DiagramSource = {
      client: endpointInFull(row.client),
      server: endpointInFull(row.server),
      phases: trace.phases(connection),
      *rows() {
        for (let start = 0; start < row.segments; start += PAGE_ROWS)
          yield* trace.segments(connection, start, start + PAGE_ROWS);
      },
      text: (message) => inert(render(message)),
    };
    for (const line of DIAGRAMS[args.format].lines(source)) output.line(line);
  },
};
