import type { TreeDataProvider, Uri } from 'vscode';
import type { Message } from '../core/model/message';
import type { CaptureSummary } from '../core/model/summary';
import type { TraceQueries, TraceQuery, ViewState } from '../protocol';
import type { TreeElement } from './views/connections';
import type { DiagnosedPacket, DiagnosisElement } from './views/diagnosis';

/** The capture in the active editor. */
export interface ActiveCapture {
  readonly uri: Uri;
  readonly summary: CaptureSummary | null;
  readonly failure: Message | null;
  /** What the view shows. */
  readonly state: ViewState;
  /** What the view filters by; empty for nothing. */
  readonly filter: string;
  query<Q extends TraceQuery>(query: Q, params: TraceQueries[Q]['params']): Promise<TraceQueries[Q]['result']>;
}

/** What `activate` returns, for other extensions and for the tests inside an editor. */
export interface TcpTraceApi {
  /** `null` where the active editor shows no capture. */
  active(): ActiveCapture | null;
  /** Captures that are held open, each with its worker. */
  readonly openCaptures: number;
  /** What the view that was active last on a file or a text document shows; `null` where there is none. */
  shown(uri: Uri): ViewState | null;
  /** The trace of a text document, as far as it is read; `null` where it is held as none. */
  texts(uri: Uri): CaptureSummary | null;
  /** Text documents that are held as traces, each with its worker. */
  readonly openTexts: number;
  /** The list of connections in the side bar, and what stands above it. */
  readonly connectionsTree: Required<
    Pick<TreeDataProvider<TreeElement>, 'getChildren' | 'getParent' | 'getTreeItem'>
  > & {
    readonly message: string;
  };
  /** What the active trace as a whole shows, in the side bar. */
  readonly diagnosisTree: Required<Pick<TreeDataProvider<DiagnosisElement>, 'getChildren' | 'getTreeItem'>> & {
    show(place: DiagnosedPacket): Promise<void>;
  };
}
