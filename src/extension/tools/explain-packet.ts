import * as vscode from 'vscode';
import { endpointText } from '../../core/format/endpoint';
import { render } from '../../core/format/message';
import { stateText } from '../../core/format/state';
import type { PerSide } from '../../core/model/connection';
import type { Tcb } from '../../core/model/segment';
import { connectionOf } from './connection-object';
import type { ToolInput, ToolTrace, TraceTool } from './tool';

/** What the TCP segment in a packet does, and what both ends are in before and after it. */
export const explainPacket: TraceTool = {
  id: 'tcp_trace_explain_packet',
  says: (input: ToolInput) => vscode.l10n.t('Explaining packet {0}', input.number('packet', 1)),
  async answer(trace, input) {
    const packet = input.number('packet', 1);
    const place = await trace.document.query('place', { packet });
    if (place === null)
      throw new Error(`There is no packet ${packet}: packets count from 1 to ${trace.document.summary?.frames ?? 0}`);
    const { connection, row } = place;
    return connection === null || row === null ? { packet, tcp: false } : segmentObject(trace, connection, row);
  },
};

async function segmentObject(trace: ToolTrace, connection: number, row: number): Promise<unknown> {
  const { document, link } = trace;
  const info = await connectionOf(trace, connection);
  const [segment] = await document.query('unquotedSegments', { connection, start: row, end: row + 1 });
  if (segment === undefined) return null;
  const reasons = await document.query('reasons', { connection, row });
  const lesson = await document.query('lesson', { connection, row });
  const [from, to] = segment.from === 'client' ? [info.client, info.server] : [info.server, info.client];
  return {
    packet: segment.packet,
    link: link(segment.packet),
    connection,
    segmentOfConnection: row + 1,
    from: `${segment.from} ${endpointText(from)}`,
    to: endpointText(to),
    secondsSinceConnectionBegan: segment.timeNs === null ? null : (segment.timeNs - info.startNs) / 1e9,
    segment: segment.label,
    explanation: segment.explanation.map((message) => render(message)),
    lesson: Object.fromEntries(lesson.map(({ topic, text }) => [topic, render(text)])),
    findings: segment.notes.map(({ kind, level, of, text }) => ({
      kind,
      level,
      ofPacket: of ?? null,
      text: render(text),
      rule: reasons.find((reason) => reason.kind === kind)?.cites ?? null,
    })),
    acknowledgesPacket: segment.acks,
    stateBefore: segment.before && states(segment.before),
    stateAfter: states(segment),
  };
}

const states = ({ client, server }: PerSide<Tcb>): PerSide<string> => ({
  client: stateText(client),
  server: stateText(server),
});
