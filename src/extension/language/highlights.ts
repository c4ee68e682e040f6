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
        return packets.flatMap((packet) => highlightsOf(document, reading, packet));
      });
      return highlights ?? [];
    },
  });

function highlightsOf(
  document: vscode.TextDocument,
  reading: TextReading,
  { marks, segment }: TextPacket,
): vscode.DocumentHighlight[] {
  if (segment === null) return [];
  const kind = segment.from === 'client' ? vscode.DocumentHighlightKind.Read : vscode.DocumentHighlightKind.Write;
  return endpointRanges(document, reading, marks).map((range) => new vscode.DocumentHighlight(range, kind));
}

/** Marks of the endpoints in a packet's text. */
export const ENDPOINT_MARKS: readonly string[] = ['ip.src', 'tcp.srcport', 'ip.dst', 'tcp.dstport'];

/**
 * Where the endpoints of a packet stand in its text, what belongs together in one piece: "10.0.0.1.80 > 10.0.0.2.4000".
 * The first line of the bytes stands for those of a packet that has nothing else.
 */
export function endpointRanges(
  document: vscode.TextDocument,
  reading: TextReading,
  marks: TextPacket['marks'],
): vscode.Range[] {
  // Of a tunnel, the last are those of what it carries.
  const endpoints = ENDPOINT_MARKS.flatMap((id) => marks.findLast((mark) => mark.id === id) ?? []);
  const shown = endpoints.length > 0 ? endpoints : marks.filter(({ id }) => id === 'hex').slice(0, 1);
  const pieces = shown
    .flatMap(({ line, start, end }) => reading.columnsOf(line, start, end) ?? [])
    .sort((a, b) => a.start.compareTo(b.start));
  const joined: vscode.Range[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last !== undefined && areTogether(document, last, piece)) joined[joined.length - 1] = last.union(piece);
    else joined.push(piece);
  }
  return joined;
}

/** Whether nothing but signs stands between two ranges, in one line. */
const areTogether = (document: vscode.TextDocument, { end }: vscode.Range, { start }: vscode.Range): boolean =>
  end.line === start.line && !/[\p{L}\p{N}]/u.test(document.getText(new vscode.Range(end, start)));
