import { endpointText } from '../core/format/endpoint';
import { render } from '../core/format/message';
import type { ConnectionRow } from '../core/model/connection';
import type { TraceQueries } from '../protocol';

/** Connections that one answer looks at: some 20 ms, after which other messages have their turn. */
const LOOKED_AT = 4000;
const PAGE = 500;

/**
 * The query of the same name over `rows`, which gives the connections `[start, end)` as far as there are any.
 * Nothing is kept between answers: a connection's state, notes and verdict change until the analysis is done.
 */
export function findConnections(
  rows: (start: number, end: number) => readonly ConnectionRow[],
  text: string,
  start: number,
  limit: number,
): TraceQueries['findConnections']['result'] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found: ConnectionRow[] = [];
  for (let from = start; from < start + LOOKED_AT; from += PAGE) {
    const page = rows(from, from + PAGE);
    for (const row of page) {
      if (found.length >= limit) return { found, next: row.connection };
      if (hasWords(row, words)) found.push(row);
    }
    if (page.length < PAGE) return { found, next: null };
  }
  return { found, next: start + LOOKED_AT };
}

function hasWords(row: ConnectionRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const line = lineOf(row);
  return words.every((word) => hasWord(line, word));
}

/** Whether `word` stands in `line`, not in the middle of a word of letters: "rst" is not meant to find "first". */
function hasWord(line: string, word: string): boolean {
  for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1))
    if (at === 0 || !isLetter(line.charCodeAt(at - 1)) || !isLetter(word.charCodeAt(0))) return true;
  return false;
}

const isLetter = (code: number): boolean => code >= 0x61 && code <= 0x7a;

/** Everything that a connection is found by, in lower case. */
function lineOf({ connection, client, server, state, notes, completeness, partial, problems, verdict }: ConnectionRow) {
  const parts = [
    `#${connection}`,
    endpointText(client),
    endpointText(server),
    state.client,
    state.server,
    ...Object.keys(notes),
    ...completeness,
    partial ? 'partial' : '',
    problems > 0 ? 'problems' : '',
    render(verdict),
  ];
  return parts.join(' ').toLowerCase();
}
