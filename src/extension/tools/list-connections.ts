import * as vscode from 'vscode';
import { render } from '../../core/format/message';
import type { ConnectionRow } from '../../core/model/connection';
import { filterAll } from '../views/filtered';
import { connectionObject } from './connection-object';
import type { ToolTrace, TraceTool } from './tool';

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
  const { faults, connections } = await filterAll(document, text, document.summary?.frames ?? 0, () => true);
  const [fault] = faults;
  if (fault !== undefined) throw new Error(`The filter is wrong at character ${fault.start}: ${render(fault.message)}`);
  return connections;
}
