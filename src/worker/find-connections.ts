import type { Trace } from '../core/analyze';
import { endpointText } from '../core/format/endpoint';
import { render } from '../core/format/message';
import type { ConnectionRow } from '../core/model/connection';
import type { TraceQueries } from '../protocol';

/**
 * Work that one answer may do, after which other messages have their turn: some 30 ms. To look at a connection's places
 * counts as {@link LOOKING}; to make its row (measured: 2.5 µs, beside 0.6 µs) as {@link MAKING}, and as much as
 * {@link WALKING} for each of its segments.
 */
const WORK = 80_000;
const LOOKING = 4;
const MAKING = 20;
const WALKING = 4;
/** Connections whose descriptions are kept, and different descriptions; what lies beyond is made again for every search. */
const KEPT = 2_000_000;
const KEPT_DESCRIPTIONS = 300_000;

/** What is searched. */
export type SearchedTrace = Pick<Trace, 'summary' | 'connections' | 'endpoints'>;

/**
 * Answers the query `findConnections` about one trace. A connection has places (its number, addresses, ports, names), which
 * are at hand, and a description (states, notes, parts, verdict), for which its segments are walked: that is made for
 * connections whose places do not decide, once, and kept. Many have the same.
 */
export class ConnectionFinder {
  /** Different descriptions, and of each connection the index of its own, from 1; 0 where it has not been made. */
  private readonly descriptions: string[] = [];
  private readonly indices = new Map<string, number>();
  private described = new Int32Array(0);
  /** How much had been read then: states, notes and verdicts change as long as the trace is read. */
  private read = '';

  constructor(private readonly trace: SearchedTrace) {}

  find(text: string, start: number, limit: number): TraceQueries['findConnections']['result'] {
    const total = this.catchUp();
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found: ConnectionRow[] = [];
    let next = start;
    for (let work = WORK; work > 0 && next < total; next++, work -= LOOKING) {
      const places = placesOf(next, this.trace.endpoints(next));
      const left = words.filter((word) => !hasWord(places, word));
      if (left.some(isPlace)) continue;
      let row: ConnectionRow | null = null;
      if (left.length > 0) {
        let description = this.descriptionOf(next);
        if (description === null) {
          row = this.rowOf(next);
          description = this.keep(next, descriptionOf(row));
          work -= workOf(row);
        }
        if (!left.every((word) => hasWord(description, word))) continue;
      }
      if (found.length >= limit) return { found, next };
      if (row === null) {
        row = this.rowOf(next);
        work -= workOf(row);
      }
      found.push(row);
    }
    return { found, next: next < total ? next : null };
  }

  /** Makes the next descriptions from a connection on; returns where to go on, `null` at the end. */
  prepare(start: number): number | null {
    const total = Math.min(this.catchUp(), KEPT);
    let next = start;
    for (let work = WORK; work > 0 && next < total; next++, work--) {
      if (this.descriptionOf(next) !== null) continue;
      if (this.descriptions.length >= KEPT_DESCRIPTIONS) return null;
      const row = this.rowOf(next);
      this.keep(next, descriptionOf(row));
      work -= workOf(row);
    }
    return next < total ? next : null;
  }

  private rowOf(connection: number): ConnectionRow {
    return this.trace.connections(connection, connection + 1)[0]!;
  }

  private descriptionOf(connection: number): string | null {
    const index = this.described[connection] ?? 0;
    return index === 0 ? null : this.descriptions[index - 1]!;
  }

  private keep(connection: number, description: string): string {
    let index = this.indices.get(description);
    if (index === undefined) {
      if (this.descriptions.length >= KEPT_DESCRIPTIONS) return description;
      index = this.descriptions.push(description);
      this.indices.set(description, index);
    }
    if (connection < this.described.length) this.described[connection] = index;
    return description;
  }

  /** Forgets what is no longer so; returns how many connections there are. */
  private catchUp(): number {
    const { segments, done, connections } = this.trace.summary();
    const read = `${segments} ${done}`;
    if (read !== this.read) {
      this.descriptions.length = 0;
      this.indices.clear();
      this.described = new Int32Array(Math.min(connections, KEPT));
    }
    this.read = read;
    return connections;
  }
}

const workOf = ({ segments }: ConnectionRow): number => MAKING + WALKING * segments;

/** A word that can only be meant to be a number, an address or a port, or part of one. */
const isPlace = (word: string): boolean => /^[#\d.:[\]%a-f]*$/.test(word) && /[\d:#]/.test(word);

/** Whether `word` stands in `line`, not in the middle of a word of letters: "rst" is not meant to find "first". */
function hasWord(line: string, word: string): boolean {
  for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1))
    if (at === 0 || !isLetter(line.charCodeAt(at - 1)) || !isLetter(word.charCodeAt(0))) return true;
  return false;
}

const isLetter = (code: number): boolean => code >= 0x61 && code <= 0x7a;

/** In lower case, as what follows. */
function placesOf(connection: number, { client, server }: Pick<ConnectionRow, 'client' | 'server'>): string {
  const names =
    client.name === undefined && server.name === undefined ? '' : ` ${client.name ?? ''} ${server.name ?? ''}`;
  return `#${connection} ${endpointText(client)} ${endpointText(server)}${names}`.toLowerCase();
}

function descriptionOf({ state, notes, completeness, partial, problems, verdict }: ConnectionRow): string {
  const parts = [
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
