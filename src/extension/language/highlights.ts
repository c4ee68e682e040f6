import * as vscode from 'vscode';
import type { TextPacket } from '../../core/model/text';
import type { RegisterFeature } from './features';
import type { TextTrace } from './traces';

/** Rows of a connection on each side of the cursor that are highlighted. */
const ROWS_AROUND = 500;

/** Highlights the endpoints in the lines of the connection under the cursor; those of each direction alike. */
export const registerHighlights: RegisterFeature = (selector, traces) =>
  vscode.languages.registerDocumentHighlightProvider(selector, {
    async provideDocumentHighlights(document, position, token) {
      const trace = traces.of(document);
      const analysis = await trace?.settled(token);
      if (!trace || !analysis) return [];
      const line = trace.traceLine(position.line);
      const [here] = await analysis.query('textPackets', { start: line, end: line + 1 });
      if (!here?.segment) return [];
      const { connection, row } = here.segment;
      const packets = await analysis.query('connectionText', {
        connection,
        start: Math.max(0, row - ROWS_AROUND),
        end: row + ROWS_AROUND,
      });
      return packets.flatMap((packet) => highlightOf(trace, packet));
    },
  });

const ENDPOINT_MARKS = new Set(['ip.src', 'ip.dst', 'tcp.srcport', 'tcp.dstport']);

function highlightOf(trace: TextTrace, { marks, segment }: TextPacket): vscode.DocumentHighlight[] {
  const range = endpointsRange(trace, marks);
  if (range === null || segment === null) return [];
  const kind = segment.from === 'client' ? vscode.DocumentHighlightKind.Read : vscode.DocumentHighlightKind.Write;
  return [new vscode.DocumentHighlight(range, kind)];
}

/** From the first to the last character of the endpoints in a packet's text; `null` where they are not in one line. */
export function endpointsRange(trace: TextTrace, marks: TextPacket['marks']): vscode.Range | null {
  const endpoints = marks.filter(({ id }) => ENDPOINT_MARKS.has(id));
  // Addresses of a tunnel may stand in an earlier line than those of what it carries.
  const last = endpoints.at(-1);
  const line = endpoints.filter((mark) => mark.line === last?.line);
  if (last === undefined) return null;
  const start = Math.min(...line.map((mark) => mark.start));
  const end = Math.max(...line.map((mark) => mark.end));
  return trace.columnsOf(last.line, start, end);
}
