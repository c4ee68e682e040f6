import type { Trace } from '../core/analyze';
import { endpointText } from '../core/format/endpoint';
import { render } from '../core/format/message';
import type { ConnectionRow } from '../core/model/connection';
import type { TraceQueries } from '../protocol';

/**
 * Work that one answer may do, after which other messages have their turn: some 30 ms. To look at a line that is kept
 * counts as 1; to make a row (measured: 7 µs, beside less than 0.1 µs) as {@link MAKING}.
 */
const WORK = 80_000;
const MAKING = 20;
/** Rows that are asked for at once. */
const PAGE = 500;
/** Lines that are kept, of some 150 bytes each; what lies beyond is made again for every search. */
const KEPT_LINES = 500_000;

/** What is searched. */
export type SearchedTrace = Pick<Trace, 'summary' | 'connections'>;

/** Answers the query `findConnections` about one trace. What a connection is found by is made once, and kept as text. */
export class ConnectionFinder {
  /** Of the connections from 0 on; states, notes and verdicts change as long as the trace is read, and these with them. */
  private lines: string[] = [];
  /** How much had been read when the lines were made. */
  private read = '';

  constructor(private readonly trace: SearchedTrace) {}

  find(text: string, start: number, limit: number): TraceQueries['findConnections']['result'] {
    this.forgetOld();
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found: ConnectionRow[] = [];
    let next = start;
    for (let work = WORK; work > 0;) {
      const { lines } = this;
      for (; next < lines.length && work > 0; next++, work--) {
        if (!hasWords(lines[next]!, words)) continue;
        if (found.length >= limit) return { found, next };
        found.push(...this.trace.connections(next, next + 1));
        work -= MAKING;
      }
      if (work <= 0) break;
      const page = this.trace.connections(next, next + PAGE);
      for (const row of page) {
        const line = lineOf(row);
        if (next === lines.length && next < KEPT_LINES) lines.push(line);
        if (hasWords(line, words)) {
          if (found.length >= limit) return { found, next };
          found.push(row);
        }
        next++;
      }
      if (page.length < PAGE) return { found, next: null };
      work -= MAKING * page.length;
    }
    return { found, next };
  }

  private forgetOld(): void {
    const { segments, done } = this.trace.summary();
    const read = `${segments} ${done}`;
    if (read !== this.read) this.lines = [];
    this.read = read;
  }
}

const hasWords = (line: string, words: readonly string[]): boolean => words.every((word) => hasWord(line, word));

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
    client.name ?? '',
    server.name ?? '',
    state.client,
    state.server,
    ...Object.keys(notes),
    ...completeness,
    partial ? 'partial' : '',
    problems > 0 ? 'problems' : '',
    render(verdict.sentence),
  ];
  return parts.join(' ').toLowerCase();
}
