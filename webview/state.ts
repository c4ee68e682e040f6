import { SEQ_MODES, type SeqMode } from '../src/core/format/sequence';
import { GRAPH_INTERVALS, GRAPH_KINDS, type GraphKind } from '../src/core/model/graph';
import type { Side } from '../src/core/model/segment';
import type { StreamSides } from '../src/core/model/stream';
import { isSides, TABS, type ViewState } from '../src/protocol';
import type { SequenceStyle } from './draw/graph-styles';

/**
 * What the time column counts from: the segment before, the connection's first segment, the capture's first packet; or
 * the time of day, in the user's zone or in UTC.
 */
export const TIME_MODES = ['delta', 'connection', 'capture', 'clock', 'utc'] as const;
export type TimeMode = (typeof TIME_MODES)[number];

/** How headers are shown: the chosen layer as the RFC draws it, all of them as a tree, or as boxes in each other. */
export const HEADER_FORMS = ['picture', 'tree', 'layers'] as const;
export type HeaderForm = (typeof HEADER_FORMS)[number];

/** Everything that survives a reload of the view (`setState`): small, plain, and only about what is shown where. */
export interface UiState extends ViewState {
  /** First row on screen of the diagram, as an index into what is displayed, with a fraction. */
  readonly top: number;
  readonly fold: boolean;
  /** Starts of the quiet runs that were unfolded. */
  readonly unfolded: readonly number[];
  readonly seq: SeqMode;
  readonly time: TimeMode;
  /** Empty lines stand for time, and how much more or less of it than fits by itself (see `draw/gaps.ts`). */
  readonly toScale: boolean;
  readonly scaleZoom: number;
  /** Height of the details below the diagram, in pixels; 0 is closed, `null` is not chosen. */
  readonly detailsHeight: number | null;
  /** Which layer of a packet is drawn, by its id. */
  readonly layer: string;
  readonly headerForm: HeaderForm;
  readonly sort: Sort | null;
  /** The filter of all tabs, and those before it, the last one first. */
  readonly filter: string;
  readonly filterHistory: readonly string[];
  /** Columns of the packet list, whether it shows one connection alone, its place, and the chosen packet. */
  readonly packetColumns: readonly string[] | null;
  readonly packetsOfConnection: boolean;
  readonly packetsTop: number;
  readonly graph: GraphKind;
  /** Whose data the graphs show. */
  readonly graphSide: Side;
  readonly graphStyle: SequenceStyle;
  /** Nanoseconds that throughput is counted over, of {@link GRAPH_INTERVALS}. */
  readonly graphInterval: number;
  readonly packet: number | null;
  /** Whose bytes the stream shows, and how. */
  readonly streamSides: StreamSides;
  readonly streamForm: 'text' | 'hex';
  /** What is looked for in it. */
  readonly streamFind: string;
  readonly streamFindOpen: boolean;
  readonly streamFindCase: boolean;
  readonly connectionsTop: number;
  /** How far the diagnosis is scrolled, in pixels. */
  readonly diagnosisTop: number;
  /** Whether what a segment teaches is unfolded. */
  readonly lesson: boolean;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

export const INITIAL_STATE: UiState = {
  tab: 'connections',
  connection: null,
  row: null,
  top: 0,
  fold: true,
  unfolded: [],
  seq: 'relative',
  time: 'delta',
  toScale: false,
  scaleZoom: 0,
  detailsHeight: null,
  layer: 'tcp',
  headerForm: 'picture',
  sort: null,
  filter: '',
  filterHistory: [],
  packetColumns: null,
  packetsOfConnection: false,
  packetsTop: 0,
  graph: 'sequence',
  graphSide: 'client',
  graphStyle: 'tcptrace',
  graphInterval: 0,
  packet: null,
  streamSides: 'both',
  streamForm: 'text',
  streamFind: '',
  streamFindOpen: false,
  streamFindCase: false,
  connectionsTop: 0,
  diagnosisTop: 0,
  lesson: false,
};

type Listener = (now: UiState, before: UiState) => void;

/** Holds the state and tells whoever listens what it was before. */
export class Store {
  private readonly listeners = new Set<Listener>();

  constructor(private state: UiState) {}

  get now(): UiState {
    return this.state;
  }

  set(change: Partial<UiState>): void {
    const before = this.state;
    const names = Object.keys(change) as (keyof UiState)[];
    if (names.every((name) => before[name] === change[name])) return;
    this.state = { ...before, ...change };
    for (const listener of [...this.listeners]) listener(this.state, before);
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** What was remembered, with a default for whatever an older version did not know or a damaged store lost. */
export function restore(saved: unknown): UiState {
  if (typeof saved !== 'object' || saved === null) return INITIAL_STATE;
  const known = saved as Partial<Record<keyof UiState, unknown>>;
  const index = (value: unknown): number | null =>
    Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
  const positive = (value: unknown): number =>
    typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : 0;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const texts = (value: unknown): string[] | null =>
    Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : null;
  const sort = known.sort as Partial<Sort> | null | undefined;
  return {
    tab: TABS.find((tab) => tab === known.tab) ?? 'connections',
    connection: index(known.connection),
    row: index(known.row),
    top: positive(known.top),
    fold: known.fold !== false,
    unfolded: Array.isArray(known.unfolded) ? known.unfolded.filter((start) => index(start) !== null) : [],
    seq: SEQ_MODES.find((mode) => mode === known.seq) ?? 'relative',
    time: TIME_MODES.find((mode) => mode === known.time) ?? 'delta',
    toScale: known.toScale === true,
    scaleZoom: Math.min(20, Math.max(-20, Math.trunc(Number(known.scaleZoom) || 0))),
    detailsHeight:
      known.detailsHeight === null || known.detailsHeight === undefined ? null : positive(known.detailsHeight),
    layer: typeof known.layer === 'string' ? known.layer : INITIAL_STATE.layer,
    headerForm: HEADER_FORMS.find((form) => form === known.headerForm) ?? INITIAL_STATE.headerForm,
    sort: typeof sort?.column === 'string' ? { column: sort.column, descending: sort.descending === true } : null,
    filter: text(known.filter),
    filterHistory: texts(known.filterHistory) ?? [],
    packetColumns: texts(known.packetColumns),
    packetsOfConnection: known.packetsOfConnection === true,
    packetsTop: positive(known.packetsTop),
    graph: GRAPH_KINDS.find((kind) => kind === known.graph) ?? INITIAL_STATE.graph,
    graphSide: known.graphSide === 'server' ? 'server' : 'client',
    graphStyle: known.graphStyle === 'stevens' ? 'stevens' : 'tcptrace',
    graphInterval: GRAPH_INTERVALS.find((ns) => ns === known.graphInterval) ?? 0,
    packet: index(known.packet),
    streamSides: isSides(known.streamSides) ? known.streamSides : 'both',
    streamForm: known.streamForm === 'hex' ? 'hex' : 'text',
    streamFind: text(known.streamFind),
    streamFindOpen: known.streamFindOpen === true,
    streamFindCase: known.streamFindCase === true,
    connectionsTop: positive(known.connectionsTop),
    diagnosisTop: positive(known.diagnosisTop),
    lesson: known.lesson === true,
  };
}
