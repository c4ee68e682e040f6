import * as vscode from 'vscode';
import { render } from '../../core/format/message';
import type { ConnectionRow } from '../../core/model/connection';
import type { TraceQueries } from '../../protocol';
import { connectionObject } from './connection-object';
import type { ToolTrace, TraceTool } from './tool';

type FilterProgress = TraceQueries['filter']['result'];

/** The connections of a trace, or those with a packet that a filter finds. */
export const listConnections: TraceTool = {
  id: 'tcp_trace_list_connections',
  says: () => vscode.l10n.t('Listing TCP connections'),
  async answer(trace, input) {
    const start = input.optional('start', 0) ?? 0;
    const end = start + input.limit();
    const filter = input.text('filter');
    const { document } = trace;
    const total = filter === null ? (document.summary?.connections ?? 0) : await found(trace, filter);
    const rows: ConnectionRow[] =
      filter === null
        ? await document.query('connections', { start, end })
        : await document.query('connectionsWith', { filter, start, end });
    return {
      packets: document.summary?.frames ?? 0,
      total,
      connections: rows.map((row) => connectionObject(row)),
      next: end < total ? end : null,
    };
  },
};

/** Connections that a filter finds. */
async function found({ document }: ToolTrace, text: string): Promise<number> {
  let progress: FilterProgress;
  do progress = await document.query('filter', { text, packets: document.summary?.frames ?? 0 });
  while (!progress.done && progress.faults.length === 0);
  const [fault] = progress.faults;
  if (fault !== undefined) throw new Error(`The filter is wrong at character ${fault.start}: ${render(fault.message)}`);
  return progress.connections;
}
