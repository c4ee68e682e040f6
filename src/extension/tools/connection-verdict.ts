import * as vscode from 'vscode';
import { render } from '../../core/format/message';
import type { Phase } from '../../core/model/connection';
import { connectionObject, connectionOf } from './connection-object';
import type { ToolTrace, TraceTool } from './tool';

/** Who opened a connection, who ended it and how, and what slowed it, with the packets that each clause rests on. */
export const connectionVerdict: TraceTool = {
  id: 'tcp_trace_connection_verdict',
  says: (input) => vscode.l10n.t('Judging TCP connection #{0}', input.number('connection', 0)),
  async answer(trace, input) {
    const connection = input.number('connection', 0);
    const row = await connectionOf(trace, connection);
    const phases = await trace.document.query('phases', { connection });
    return {
      ...connectionObject(row),
      link: trace.link(row.firstPacket),
      clauses: row.verdict.clauses.map(({ text, packets }) => ({ text: render(text), packets: packets.slice(0, 10) })),
      captured: row.completeness,
      findings: row.notes,
      phases: await Promise.all(phases.map((phase) => phaseObject(trace, connection, phase))),
    };
  },
};

async function phaseObject({ document }: ToolTrace, connection: number, phase: Phase): Promise<unknown> {
  const [first] = await document.query('unquotedSegments', { connection, start: phase.start, end: phase.start + 1 });
  return {
    phase: phase.kind,
    firstPacket: first?.packet ?? null,
    segments: phase.end - phase.start,
    remarks: phase.remarks.map(({ text, packets }) => ({ text: render(text), packets: packets.slice(0, 10) })),
  };
}
