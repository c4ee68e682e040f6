import * as vscode from 'vscode';
import type { TextPacket } from '../../core/model/text';
import type { RegisterFeature } from './features';
import { packetAt } from './navigation';
import type { TextReading } from './reading';

/** Rows of a connection on each side of the cursor that are highlighted. */
const ROWS_AROUND = 500;

/** Highlights the endpoints in the lines of the connection under the cursor; those of each direction alike. */
export const registerHighlights: RegisterFeature = (selector, traces) =>
  vscode.languages.registerDocumentHighlightProvider(selector, {
    async provideDocumentHighlights(document, position, token) {
      const highlights = await traces.of(document)?.ask(token, async (reading) => {
        const here = await packetAt(reading, position);
        if (here === null) return null;
        const { connection, row } = here.segment;
        const packets = await reading.analysis.query('connectionText', {
          connection,
          start: Math.max(0, row - ROWS_AROUND),
          end: row + ROWS_AROUND,
        });
        return packets.flatMap((packet) => highlightOf(reading, packet));
      });
      return highlights ?? [];
    },
  });

const ENDPOINT_MARKS = new Set(['ip.src', 'ip.dst', 'tcp.srcport', 'tcp.dstport']);

function highlightOf(reading: TextReading, { marks, segment }: TextPacket): vscode.DocumentHighlight[] {
  const range = endpointsRange(reading, marks);
  if (range === null || segment === null) return [];
  const kind = segment.from === 'client' ? vscode.DocumentHighlightKind.Read : vscode.DocumentHighlightKind.Write;
  return [new vscode.DocumentHighlight(range, kind)];
}

/**
 * From the first to the last character of the endpoints in a packet's text; `null` where they are not in one line, or it
 * has changed.
 */
export function endpointsRange(reading: TextReading, marks: TextPacket['marks']): vscode.Range | null {
  const endpoints = marks.filter(({ id }) => ENDPOINT_MARKS.has(id));
  // Addresses of a tunnel may stand in an earlier line than those of what it carries.
  const last = endpoints.at(-1);
  const line = endpoints.filter((mark) => mark.line === last?.line);
  if (last === undefined) return null;
  const start = Math.min(...line.map((mark) => mark.start));
  const end = Math.max(...line.map((mark) => mark.end));
  return reading.columnsOf(last.line, start, end);
}
