import type { ConnectionRow } from '../src/core/model/connection';
import type { CaptureSummary } from '../src/core/model/summary';
import type { ToHost, ViewState } from '../src/protocol';
import type { FilterModel } from './filter';
import type { TraceClient } from './rpc';
import type { Store } from './state';

/** What a panel may use. */
export interface Context {
  readonly client: TraceClient;
  readonly store: Store;
  readonly filter: FilterModel;
  readonly post: (message: ToHost) => void;
  /** Shows a place in the diagram; `row` null shows the connection from its start. */
  readonly open: (connection: number, row: number | null) => void;
  /** Shows how many there are behind a tab's title; nothing for none. */
  readonly count: (tab: ViewState['tab'], n: number, label: string) => void;
  /** Runs what goes to another place, so that the user can come back from there. */
  readonly jump: (move: () => void) => void;
}

/** One tab's content. Everything optional is only called where it is there. */
export interface Panel {
  readonly element: HTMLElement;
  /** The tab was chosen: measure, and take the keyboard if `focus` says so. */
  show(focus: boolean): void;
  hide?(): void;
  /** How far the analysis is; also called once when it is done. */
  progress?(summary: CaptureSummary): void;
  /** The chosen connection, again whenever more of it is known; `null` while there is none. */
  connection?(row: ConnectionRow | null): void;
  /** Brings a row of the chosen connection into view, as soon as it is there; `null` is its start. */
  reveal?(row: number | null): void;
  /** One step by a command of VS Code. */
  step?(what: 'segment' | 'problem', direction: 1 | -1): void;
  /** What finds within the tab. */
  readonly find?: { open(): void; step(direction: 1 | -1): Promise<void> };
  dispose?(): void;
}
