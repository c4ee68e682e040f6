import { connectionJson } from '../../core/export/json';
import { render } from '../../core/format/message';
import { byteSize } from '../../core/format/number';
import { endpointInFull } from '../../core/format/endpoint';
import { capitalised } from '../../core/format/text';
import { stateText } from '../../core/format/state';
import { duration } from '../../core/format/time';
import type { ConnectionRow } from '../../core/model/connection';
import { amount } from '../amount';
import type { Side } from '../../core/model/segment';
import type { Command } from './registry';

const PAGE_ROWS = 256;

/** One line a connection. */
export const connections: Command = {
  tellsChecksums: false,
  run(trace, args, output) {
    for (let start = 0; ; start += PAGE_ROWS) {
      const rows = trace.connections(start, start + PAGE_ROWS);
      for (const row of rows) output.line(args.json ? JSON.stringify(connectionJson(row)) : textOf(row));
      if (rows.length < PAGE_ROWS) return;
    }
  },
};

const stateOf = ({ state, assumed }: ConnectionRow, side: Side): string =>
  stateText({ state: state[side], assumed: assumed[side] });

function textOf(row: ConnectionRow): string {
  const { client, server } = row.payloadBytes;
  return [
    `#${row.connection}`.padEnd(6),
    `${endpointInFull(row.client)} → ${endpointInFull(row.server)}`.padEnd(44),
    amount(row.segments, 'segment').padEnd(16),
    `→ ${byteSize(client)}, ← ${byteSize(server)}`.padEnd(24),
    (row.durationNs === null ? '' : duration(row.durationNs)).padEnd(10),
    `${stateOf(row, 'client')} / ${stateOf(row, 'server')}`.padEnd(30),
    capitalised(render(row.verdict.sentence)),
  ].join('  ');
}
