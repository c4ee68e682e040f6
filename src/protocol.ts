/**
 * Every message between the extension host, the analysis worker and the webview, in one place.
 *
 * Requests are answered by exactly one response with the same id, also when they fail or are cancelled. Queries about a
 * trace (`TraceQueries`) are answered by the worker; the host relays those that the webview asks.
 */
import type { ConnectionRow, Mark, Pause, Phase, QuietRun, Sparkline } from './core/model/connection';
import { type DiagnosisProgress, THRESHOLDS, type Thresholds } from './core/model/diagnosis';
import type { ConnectionIndex, FilterFault, FilterProgress, Suggestions } from './core/model/filter';
import { type AnonymiseKey, TABLE_FORMATS, type TableFormat } from './core/model/export';
import { GRAPH_KINDS, type GraphData, type GraphKind, type GraphProgress } from './core/model/graph';
import type { LessonPart } from './core/model/lesson';
import type { Load } from './core/model/load';
import type { Message } from './core/model/message';
import type { PacketDetail, PacketRow } from './core/model/packet';
import type { NoteReason, SegmentRow, Side } from './core/model/segment';
import type { StateMove, StateMovesProgress } from './core/model/state-diagram';
import { type StateName, STATES } from './core/model/states';
import {
  type LineBytes,
  MAX_SEARCH_BYTES,
  type StreamFindProgress,
  type StreamMark,
  type StreamMatch,
  type StreamProgress,
  type StreamRow,
  type StreamSearch,
  type StreamSides,
} from './core/model/stream';
import type { CaptureSummary } from './core/model/summary';
import type { LineEdit, LineRange, SegmentLink, TextConnection, TextFinding, TextPacket } from './core/model/text';

/** Where a packet is: its connection and the row there, for its first TCP segment. */
export interface PacketPlace {
  readonly packet: number;
  /** `null` for a packet without a TCP segment. */
  readonly connection: number | null;
  readonly row: number | null;
}

/** Queries about one trace: parameters and result. Ranges are half-open and are clipped to what exists. */
export interface TraceQueries {
  summary: { params: Record<string, never>; result: CaptureSummary };
  connections: { params: { start: number; end: number }; result: ConnectionRow[] };
  /**
   * The first connections from `start` on, at most `limit`, that have every word of `text` somewhere in their number,
   * addresses, ports, names, states, notes, parts or verdict (in English); words of digits, dots and colons in the first
   * three alone. One answer looks at a bounded number of them: `next` is where to go on, `null` at the end.
   */
  findConnections: {
    params: { text: string; start: number; limit: number };
    result: { found: ConnectionRow[]; next: number | null };
  };
  /** Does the next part of what later searches need, from a connection on; where to go on, `null` at the end. */
  prepareFinding: { params: { start: number }; result: number | null };
  /** Rows of one connection. */
  segments: { params: { connection: number; start: number; end: number }; result: SegmentRow[] };
  quietRuns: { params: { connection: number }; result: QuietRun[] };
  /** Handshake, data and close, with what is missing or unusual in each. */
  phases: { params: { connection: number }; result: Phase[] };
  /** Where nothing was sent for at least so many nanoseconds; of more than `limit` the longest. */
  pauses: { params: { connection: number; atLeastNs: number; limit: number }; result: Pause[] };
  /** Payload over time, in so many equal parts; `null` where there is no such connection. */
  sparkline: { params: { connection: number; bins: number }; result: Sparkline | null };
  /** At most `limit` of them, spread evenly where there are more. */
  marks: { params: { connection: number; limit: number }; result: Mark[] };
  /** The nearest problem after (`direction` 1) or before (-1) a row; `null` where there is none. */
  problem: { params: { connection: number; row: number; direction: 1 | -1 }; result: number | null };
  /** Why the segment in a row has its notes. */
  reasons: { params: { connection: number; row: number }; result: NoteReason[] };
  /** What the segment in a row teaches. */
  lesson: { params: { connection: number; row: number }; result: LessonPart[] };
  /**
   * Walks the next segments of a connection for its graphs and says how far it is: asked again until it is done. `null`
   * where there is no such connection.
   */
  graphProgress: { params: { connection: number }; result: GraphProgress | null };
  /** What one side sends, from and to a time in nanoseconds since the connection's first segment. */
  graph: {
    params: {
      connection: number;
      graph: GraphKind;
      side: Side;
      from: number;
      to: number;
      columns: number;
      /** That throughput is counted over, in nanoseconds; 0 is what fits the range. */
      intervalNs: number;
    };
    result: GraphData | null;
  };
  /**
   * Does the next part of a diagnosis of the whole capture and says how far it is: asked again until it is done. The host
   * puts the user's thresholds in; what is not given has its default.
   */
  diagnosis: { params: { thresholds: Partial<Thresholds> }; result: DiagnosisProgress };
  /**
   * Does the next part of the work on a filter over the first `packets` packets and says how far it is: asked again until
   * it is done. What it has found can be used meanwhile; whoever stops asking has cancelled it.
   */
  filter: { params: { text: string; packets: number }; result: FilterProgress };
  suggest: { params: { text: string; cursor: number }; result: Suggestions };
  /** Of the connections with a packet that a filter has found. */
  connectionsWith: { params: { filter: string; start: number; end: number }; result: ConnectionRow[] };
  /** Where one is among them; the empty filter finds all. */
  connectionIndex: { params: { filter: string; connection: number }; result: ConnectionIndex };
  /** Rows of one connection, of those in the range, whose packets a filter has found. */
  matches: { params: { filter: string; connection: number; start: number; end: number }; result: number[] };
  /** Of a list: of all packets or of one connection's, all (the empty filter) or those that a filter has found. */
  packetRows: {
    params: { filter: string; connection: number | null; start: number; end: number };
    result: PacketRow[];
  };
  /** How long such a list is, and the index of a packet in it, or where it would be. */
  packetIndex: {
    params: { filter: string; connection: number | null; packet: number };
    result: { length: number; index: number };
  };
  /** Does the next part of putting a connection's bytes together: asked again until it is done. */
  stream: { params: { connection: number; sides: StreamSides; lineBytes: LineBytes }; result: StreamProgress | null };
  streamRows: {
    params: { connection: number; sides: StreamSides; lineBytes: LineBytes; start: number; end: number };
    result: StreamRow[];
  };
  /** The first row of the stream with bytes of a segment, -1 where there is none. */
  streamRowOf: {
    params: { connection: number; sides: StreamSides; lineBytes: LineBytes; row: number };
    result: number;
  };
  /**
   * Searches the next part of a stream and says how far it is: asked again until it is done. What it has found can be used
   * meanwhile; whoever stops asking has cancelled it.
   */
  streamFind: {
    params: { connection: number; sides: StreamSides; search: StreamSearch };
    result: StreamFindProgress | null;
  };
  /** For each of the rows the bytes that have been found. */
  streamMarks: {
    params: {
      connection: number;
      sides: StreamSides;
      lineBytes: LineBytes;
      search: StreamSearch;
      start: number;
      end: number;
    };
    result: StreamMark[][];
  };
  /** A match by its number from 0, of those that have been found. */
  streamMatch: {
    params: { connection: number; sides: StreamSides; lineBytes: LineBytes; search: StreamSearch; index: number };
    result: StreamMatch | null;
  };
  /** The number of the first of them in a row or behind it, -1 where there is none. */
  streamMatchFrom: {
    params: { connection: number; sides: StreamSides; lineBytes: LineBytes; search: StreamSearch; row: number };
    result: number;
  };
  /** At most 1 MiB of the stream's bytes from `from` on, gaps left out. */
  streamBytes: { params: { connection: number; sides: StreamSides; from: number; to: number }; result: Uint8Array };
  /**
   * Lines of a file with the table of connections (`connection` null) or with the segments of one, for the rows `[start,
   * end)`; with a key, other addresses stand in it. `null` while a long connection is still looked at: asked again.
   */
  exportedRows: {
    params: { connection: number | null; format: TableFormat; start: number; end: number; key: AnonymiseKey | null };
    result: string[] | null;
  };
  /** The packets of rows of a connection as the next piece of a pcapng file; `null` where the trace is made of words. */
  exportedPackets: {
    params: { connection: number; start: number; end: number; key: AnonymiseKey | null; payload: boolean };
    result: Uint8Array | null;
  };
  /** Rows for a diagram that is given away: explanations quote nothing that programs or people wrote. */
  unquotedSegments: { params: { connection: number; start: number; end: number }; result: SegmentRow[] };
  /** What is wrong with a filter that is to decide which packets are loaded; `null` where nothing is. */
  loadFilterFault: { params: { text: string }; result: FilterFault | null };
  /** Does the next part of replaying the states that `packetRows` shows; how much is done, 0 to 1. */
  replayStates: { params: Record<string, never>; result: number };
  /** Does the next part of finding the segments at which endpoints changed their state: asked again until it is done. */
  stateMoves: { params: Record<string, never>; result: StateMovesProgress };
  /** Of one edge, by connection, as far as they have been found. */
  movesOf: { params: { from: StateName; to: StateName; start: number; end: number }; result: StateMove[] };
  packet: { params: { packet: number }; result: PacketDetail | null };
  /** `null` where there is no such packet. */
  place: { params: { packet: number }; result: PacketPlace | null };
  /** The segments that carried the last of what the one in a row acknowledges, in order. */
  carriers: { params: { connection: number; row: number }; result: SegmentLink[] };
  /** The segments that refer to the one in a row: its acknowledgment, duplicate ACKs, and what carries the same bytes. */
  references: { params: { connection: number; row: number }; result: SegmentLink[] };

  // Of a text trace; a capture has none of these. Lines are 1-based.

  /** The packets with a line in the range. */
  textPackets: { params: { start: number; end: number }; result: TextPacket[] };
  /** The packets of a range of rows of one connection. */
  connectionText: { params: { connection: number; start: number; end: number }; result: TextPacket[] };
  textConnections: { params: { start: number; end: number }; result: TextConnection[] };
  /** The first connection that begins in a line or behind it; how many connections there are, where none does. */
  connectionFrom: { params: { line: number }; result: number };
  /** Ranges of lines that belong together. */
  textFolds: { params: { most: number }; result: LineRange[] };
  /**
   * Findings from a segment on, at most about `limit`; with `infos` also those that are no problems. One answer looks at
   * a bounded number of segments: `next` is where to go on, `null` at the end.
   */
  textFindings: {
    params: { start: number; limit: number; infos: boolean };
    result: { found: TextFinding[]; next: number | null };
  };
}

export type TraceQuery = keyof TraceQueries;

/** Rows that one query may ask for; more are asked for in pages, so that no process is busy with one answer for long. */
export const MAX_ROWS = 2000;

type Check<T> = (value: unknown) => value is T;

const isCount: Check<number> = (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isCountOrNull: Check<number | null> = (value): value is number | null => value === null || isCount(value);
export const isSearch: Check<string> = (value): value is string => typeof value === 'string' && value.length <= 1000;
const isFinite: Check<number> = (value): value is number => Number.isFinite(value);
const isThresholds: Check<Partial<Thresholds>> = (value): value is Partial<Thresholds> =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(([name, number]) => Object.hasOwn(THRESHOLDS, name) && Number.isFinite(number));
export const isGraph: Check<GraphKind> = (value): value is GraphKind => GRAPH_KINDS.some((kind) => kind === value);
const isSide: Check<Side> = (value): value is Side => value === 'client' || value === 'server';
/** Wider than any screen. */
const MAX_COLUMNS = 16_384;
const isColumns: Check<number> = (value): value is number => isCount(value) && value >= 1 && value <= MAX_COLUMNS;
const isBoolean: Check<boolean> = (value): value is boolean => typeof value === 'boolean';
export const isSides: Check<StreamSides> = (value): value is StreamSides => isSide(value) || value === 'both';
const isStreamSearch: Check<StreamSearch> = (value): value is StreamSearch => {
  if (typeof value !== 'object' || value === null) return false;
  const { bytes, ignoreCase } = value as Partial<StreamSearch>;
  return (
    isBoolean(ignoreCase) &&
    Array.isArray(bytes) &&
    bytes.length >= 1 &&
    bytes.length <= MAX_SEARCH_BYTES &&
    bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 0xff)
  );
};
const isTableFormat: Check<TableFormat> = (value): value is TableFormat => TABLE_FORMATS.some((one) => one === value);
const isKeyOrNull: Check<AnonymiseKey | null> = (value): value is AnonymiseKey | null =>
  value === null || (Array.isArray(value) && value.length === 2 && value.every((word) => Number.isInteger(word)));
const isState: Check<StateName> = (value): value is StateName => STATES.some((state) => state === value);
const isDirection: Check<1 | -1> = (value): value is 1 | -1 => value === 1 || value === -1;

/** What each parameter must be: the one list that both doors (webview -> host, host -> worker) are held by. */
const QUERY_PARAMS: {
  readonly [Q in TraceQuery]: { readonly [P in keyof TraceQueries[Q]['params']]: Check<TraceQueries[Q]['params'][P]> };
} = {
  summary: {},
  connections: { start: isCount, end: isCount },
  findConnections: { text: isSearch, start: isCount, limit: isCount },
  prepareFinding: { start: isCount },
  segments: { connection: isCount, start: isCount, end: isCount },
  quietRuns: { connection: isCount },
  phases: { connection: isCount },
  pauses: { connection: isCount, atLeastNs: isFinite, limit: isCount },
  sparkline: { connection: isCount, bins: isColumns },
  marks: { connection: isCount, limit: isCount },
  problem: { connection: isCount, row: isCount, direction: isDirection },
  reasons: { connection: isCount, row: isCount },
  lesson: { connection: isCount, row: isCount },
  graphProgress: { connection: isCount },
  graph: {
    connection: isCount,
    graph: isGraph,
    side: isSide,
    from: isFinite,
    to: isFinite,
    columns: isColumns,
    intervalNs: isCount,
  },
  diagnosis: { thresholds: isThresholds },
  filter: { text: isSearch, packets: isCount },
  suggest: { text: isSearch, cursor: isCount },
  connectionsWith: { filter: isSearch, start: isCount, end: isCount },
  connectionIndex: { filter: isSearch, connection: isCount },
  matches: { filter: isSearch, connection: isCount, start: isCount, end: isCount },
  packetRows: { filter: isSearch, connection: isCountOrNull, start: isCount, end: isCount },
  packetIndex: { filter: isSearch, connection: isCountOrNull, packet: isCount },
  stream: { connection: isCount, sides: isSides, lineBytes: isCount },
  streamRows: { connection: isCount, sides: isSides, lineBytes: isCount, start: isCount, end: isCount },
  streamRowOf: { connection: isCount, sides: isSides, lineBytes: isCount, row: isCount },
  streamFind: { connection: isCount, sides: isSides, search: isStreamSearch },
  streamMarks: {
    connection: isCount,
    sides: isSides,
    lineBytes: isCount,
    search: isStreamSearch,
    start: isCount,
    end: isCount,
  },
  streamMatch: { connection: isCount, sides: isSides, lineBytes: isCount, search: isStreamSearch, index: isCount },
  streamMatchFrom: { connection: isCount, sides: isSides, lineBytes: isCount, search: isStreamSearch, row: isCount },
  streamBytes: { connection: isCount, sides: isSides, from: isCount, to: isCount },
  exportedRows: { connection: isCountOrNull, format: isTableFormat, start: isCount, end: isCount, key: isKeyOrNull },
  exportedPackets: { connection: isCount, start: isCount, end: isCount, key: isKeyOrNull, payload: isBoolean },
  unquotedSegments: { connection: isCount, start: isCount, end: isCount },
  loadFilterFault: { text: isSearch },
  replayStates: {},
  stateMoves: {},
  movesOf: { from: isState, to: isState, start: isCount, end: isCount },
  packet: { packet: isCount },
  place: { packet: isCount },
  carriers: { connection: isCount, row: isCount },
  references: { connection: isCount, row: isCount },
  textPackets: { start: isCount, end: isCount },
  connectionText: { connection: isCount, start: isCount, end: isCount },
  textConnections: { start: isCount, end: isCount },
  connectionFrom: { line: isCount },
  textFolds: { most: isCount },
  textFindings: { start: isCount, limit: isCount, infos: isBoolean },
};

export const isTraceQuery = (value: unknown): value is TraceQuery =>
  typeof value === 'string' && Object.hasOwn(QUERY_PARAMS, value);

/**
 * What is wrong with a query's parameters in one English sentence for developers, or `null` when they are as
 * {@link TraceQueries} says and the range is no longer than {@link MAX_ROWS}.
 */
export function queryFault(query: TraceQuery, params: unknown): string | null {
  if (typeof params !== 'object' || params === null) return `${query}: parameters are missing`;
  const given = params as Readonly<Record<string, unknown>>;
  for (const [name, check] of Object.entries<Check<unknown>>(QUERY_PARAMS[query]))
    if (!Object.hasOwn(given, name) || !check(given[name])) return `${query}: ${name} is missing or not valid`;
  const { start, end, limit } = given;
  if (typeof start === 'number' && typeof end === 'number' && end - start > MAX_ROWS)
    return `${query}: more than ${MAX_ROWS} rows at once`;
  if (typeof limit === 'number' && limit > MAX_ROWS) return `${query}: more than ${MAX_ROWS} rows at once`;
  return null;
}

// Host -> worker

/**
 * How the worker gets at the bytes. A path only where the host has checked that it is a plain local file. A text is kept
 * by the worker, to be edited: UTF-8 with `\n` between its lines.
 */
export type TraceInput =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'text'; readonly bytes: Uint8Array };

export interface AnalysisOptions {
  /** Bytes that a compressed capture may grow to. */
  readonly decompressionLimit: number;
  /** Which packets are loaded; all where it is not given. */
  readonly load?: Load;
}

export type ToWorker =
  | { readonly type: 'open'; readonly input: TraceInput; readonly options: AnalysisOptions }
  | { readonly type: 'cancel' }
  /**
   * A text has changed, for the `revision`-th time: none of the edits touches another one's lines, and all count lines as
   * they were before the first. What is asked for is answered about the text before, until this one has been read.
   */
  | { readonly type: 'edit'; readonly revision: number; readonly edits: readonly LineEdit[] }
  | { readonly type: 'query'; readonly id: number; readonly query: TraceQuery; readonly params: unknown };

export type FromWorker =
  /**
   * Sent at least every 100 ms while the analysis runs, and once with `done`: what is answered about, the text after so
   * many edits. Of a text that was read before its edits, only once it is read.
   */
  | { readonly type: 'progress'; readonly summary: CaptureSummary; readonly revision: number }
  /** The input, after so many edits, cannot be opened at all. */
  | { readonly type: 'failed'; readonly message: Message; readonly revision: number }
  | Answer;

/** The one answer to a request. */
export type Answer =
  | { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly ok: false; readonly error: string };

// Webview <-> host

/** Ids of the view's tabs. */
export const TABS = ['connections', 'sequence', 'packets', 'graphs', 'stream', 'states', 'diagnosis'] as const;

/** What the webview remembers (`setState`) and the host can set when it opens or reveals something. */
export interface ViewState {
  readonly tab: (typeof TABS)[number];
  readonly connection: number | null;
  /** Selected row of that connection. */
  readonly row: number | null;
}

/** Where a view begins: a place, and what is filtered by there. */
export type ViewBeginning = ViewState & { readonly filter: string };

/** What the webview may ask the host to do; nothing of it says where to. */
export const VIEW_COMMANDS = [
  'goToPacket',
  'showConnection',
  'export',
  'diagnosisSettings',
  'loadRange',
  'loadMatching',
  'loadAll',
  'cancel',
  'retry',
] as const;
export type ViewCommand = (typeof VIEW_COMMANDS)[number];

export type ToHost =
  /** The view is ready to be told things. */
  | { readonly type: 'ready' }
  | { readonly type: 'query'; readonly id: number; readonly query: TraceQuery; readonly params: unknown }
  /** The user asks for what the host does natively. */
  | { readonly type: 'command'; readonly command: ViewCommand }
  | { readonly type: 'copy'; readonly text: string }
  /** Save what a connection carried to a file, or open it as a document. */
  | {
      readonly type: 'stream';
      readonly action: 'save' | 'open';
      readonly connection: number;
      readonly sides: StreamSides;
    }
  /** A picture that was asked for, as PNG; `null` where it cannot be made. */
  | { readonly type: 'picture'; readonly id: number; readonly png: Uint8Array | null }
  /** Save a graph of a connection, drawn as a picture in SVG. */
  | { readonly type: 'saveGraph'; readonly connection: number; readonly graph: GraphKind; readonly svg: string }
  /** Open a section of an RFC in the browser; the host builds the address. */
  | { readonly type: 'openRfc'; readonly rfc: number; readonly section: string | null }
  /** What the view filters by from now on, trimmed; empty for nothing. For the tree of connections. */
  | { readonly type: 'filter'; readonly text: string }
  /** The selection moved, for the status bar, context keys and other views. */
  | { readonly type: 'state'; readonly state: ViewState };

export type ToView =
  /** Sent after `ready`, and again when the trace was reloaded. */
  | {
      readonly type: 'init';
      readonly name: string;
      /** Address of what it shows; remembered with the view's state, so that the host can show it again. */
      readonly source: string;
      /** Where a view that remembers nothing begins: at the place of the one that it was split from. */
      readonly beginning: ViewBeginning | null;
      /** Translations of the interface's and the core's English texts; empty for English. */
      readonly l10n: Readonly<Record<string, string>>;
      readonly language: string;
    }
  | { readonly type: 'progress'; readonly summary: CaptureSummary }
  | { readonly type: 'failed'; readonly message: Message }
  /**
   * Show this place. `row` null shows the connection from its start. With `focus` the keyboard goes there; without, the
   * user is at work elsewhere.
   */
  | {
      readonly type: 'reveal';
      readonly connection: number;
      readonly row: number | null;
      readonly focus: boolean;
    }
  /** A keyboard command of VS Code that acts inside the view. */
  | { readonly type: 'step'; readonly what: 'segment' | 'problem' | 'connection'; readonly direction: 1 | -1 }
  /** Go back to where the user was, or forward again. */
  | { readonly type: 'history'; readonly direction: 1 | -1 }
  /** Take the keyboard to the filter. */
  | { readonly type: 'focusFilter' }
  /** Show everything again; the keyboard stays where it is. */
  | { readonly type: 'clearFilter' }
  /** Finds in the stream where that is shown, and filters elsewhere. */
  | { readonly type: 'find' }
  | { readonly type: 'showConnections' }
  | { readonly type: 'showDiagnosis' }
  /** Draw a picture in SVG as PNG: the host has nothing to draw with. */
  | { readonly type: 'rasterise'; readonly id: number; readonly svg: string }
  /** List what is wrong with the capture, also where that was hidden. */
  | { readonly type: 'showNotices' }
  | Answer;
