import { endpointText } from '../../core/format/endpoint';
import type { ConnectionRow } from '../../core/model/connection';
import type { CaptureSummary } from '../../core/model/summary';
import { MAX_ROWS, type TraceQueries, type TraceQuery } from '../../protocol';

/** What answers a typed query: the document of a capture. */
export type Ask = <Q extends TraceQuery>(
  query: Q,
  params: TraceQueries[Q]['params'],
) => Promise<TraceQueries[Q]['result']>;

const PAGE = 500;

/**
 * What can be searched for in the connections of one capture: a line of text for each, loaded page by page, so that
 * 200 000 connections cost the extension host a few milliseconds at a time and some 30 MB while they are searched.
 */
export class ConnectionIndex {
  private readonly lines: string[] = [];

  /** @param wordsOf words of the display language that a connection is found by, besides its numbers and names */
  constructor(
    private readonly ask: Ask,
    private readonly wordsOf: (row: ConnectionRow) => string,
  ) {}

  get size(): number {
    return this.lines.length;
  }

  /** Loads what there is by now; `loaded` is told after every page, and says whether to go on. */
  async load(summary: CaptureSummary, loaded: () => boolean): Promise<void> {
    while (this.lines.length < summary.connections) {
      const start = this.lines.length;
      const rows = await this.ask('connections', { start, end: Math.min(start + PAGE, summary.connections) });
      if (rows.length === 0) return;
      for (const row of rows) this.lines.push(lineOf(row, this.wordsOf(row)));
      if (!loaded()) return;
    }
  }

  /** The first `limit` connections that have every word of `text` somewhere, and how many there are in all. */
  find(text: string, limit: number): { readonly found: readonly number[]; readonly total: number } {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found: number[] = [];
    let total = 0;
    this.lines.forEach((line, connection) => {
      if (!words.every((word) => line.includes(word))) return;
      total++;
      if (found.length < limit) found.push(connection);
    });
    return { found, total };
  }

  /** Rows of connections in rising order, neighbours asked for together. */
  async rows(connections: readonly number[]): Promise<ConnectionRow[]> {
    const ranges = rangesOf(connections);
    const pages = await Promise.all(ranges.map(([start, end]) => this.ask('connections', { start, end })));
    return pages.flat();
  }
}

function lineOf(row: ConnectionRow, words: string): string {
  const { client, server, state, notes, completeness } = row;
  return [
    `#${row.connection}`,
    endpointText(client),
    endpointText(server),
    state.client,
    state.server,
    ...Object.keys(notes),
    ...completeness,
    row.partial ? 'partial' : '',
    row.problems > 0 ? 'problems' : '',
    words,
  ]
    .join(' ')
    .toLowerCase();
}

/** Half-open ranges that cover rising numbers, none longer than one query may ask for. */
function rangesOf(numbers: readonly number[]): [start: number, end: number][] {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number && number - last[0] < MAX_ROWS) last[1] = number + 1;
    else ranges.push([number, number + 1]);
  }
  return ranges;
}
