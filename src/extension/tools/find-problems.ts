import * as vscode from 'vscode';
import { render } from '../../core/format/message';
import { connectionOf } from './connection-object';
import type { ToolTrace, TraceTool } from './tool';

/** Where a list goes on: behind a row of a connection. */
interface Cursor {
  readonly connection: number;
  readonly row: number;
}

const PAGE = 500;

/** Segments with a problem, of one connection or of all, in order. */
export const findProblems: TraceTool = {
  id: 'tcp_trace_find_problems',
  says: () => vscode.l10n.t('Looking for TCP problems'),
  async answer(trace, input) {
    const only = input.optional('connection', 0);
    const cursor = cursorOf(input.text('next')) ?? { connection: only ?? 0, row: -1 };
    const limit = input.limit();
    if (only !== null) await connectionOf(trace, only);
    const problems: unknown[] = [];
    let next: string | null = null;
    for await (const place of places(trace, cursor, only)) {
      if (problems.length === limit) break;
      problems.push(await problemAt(trace, place));
      next = `${place.connection}:${place.row}`;
    }
    const { summary } = trace.document;
    const isMore = problems.length === limit;
    return {
      problemsInTrace: summary?.problems ?? 0,
      problems,
      captureNotices: (summary?.notices ?? []).slice(0, 5).map(({ message }) => render(message)),
      next: isMore ? next : null,
    };
  },
};

/** Rows with problems behind a cursor. */
async function* places({ document }: ToolTrace, from: Cursor, only: number | null): AsyncGenerator<Cursor> {
  const last = only === null ? (document.summary?.connections ?? 0) : only + 1;
  for (let start = from.connection; start < last; start += PAGE) {
    const rows = await document.query('connections', { start, end: Math.min(start + PAGE, last) });
    for (const { connection, problems } of rows) {
      if (problems === 0) continue;
      let row: number | null = connection === from.connection ? from.row : -1;
      for (;;) {
        row = await nextProblem(document, connection, row);
        if (row === null) break;
        yield { connection, row };
      }
    }
  }
}

/** The query takes rows that are there: the first one is looked at by itself. */
async function nextProblem(document: ToolTrace['document'], connection: number, row: number): Promise<number | null> {
  if (row >= 0) return document.query('problem', { connection, row, direction: 1 });
  const [first] = await document.query('unquotedSegments', { connection, start: 0, end: 1 });
  const isProblem = first?.notes.some(({ level }) => level === 'problem') === true || first?.flags.includes('RST');
  return isProblem === true ? 0 : document.query('problem', { connection, row: 0, direction: 1 });
}

async function problemAt({ document, link }: ToolTrace, { connection, row }: Cursor): Promise<unknown> {
  const [segment] = await document.query('unquotedSegments', { connection, start: row, end: row + 1 });
  if (segment === undefined) return null;
  const { packet, from, label, flags, notes, explanation } = segment;
  const kinds = notes.filter(({ level }) => level === 'problem').map(({ kind }) => kind);
  return {
    packet,
    link: link(packet),
    connection,
    from,
    kinds: flags.includes('RST') ? ['reset', ...kinds] : kinds,
    segment: label,
    text: explanation[0] === undefined ? null : render(explanation[0]),
  };
}

/** @throws {Error} for the model, when it is none of ours */
function cursorOf(text: string | null): Cursor | null {
  if (text === null) return null;
  const [, connection, row] = /^(\d{1,15}):(\d{1,15})$/.exec(text) ?? [];
  if (connection === undefined) throw new Error('next must be what an earlier answer gave');
  return { connection: Number(connection), row: Number(row) };
}
