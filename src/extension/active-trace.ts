import * as vscode from 'vscode';
import type { TraceDocument } from './editor/document';
import type { TraceView } from './editor/view';
import type { TraceViews } from './editor/views';
import type { TextPanels } from './language/panels';
import type { TextTraces } from './language/traces';

/** A trace that somebody is at work on, and the view of it. */
export interface ShownTrace {
  readonly document: TraceDocument;
  /** The view that was active last on it; `null` where only its text is on screen. */
  readonly view: TraceView | null;
  /** The same, opened beside the text where there is none. */
  open(): TraceView;
}

/** Switching between tabs leaves the editor without an active one for a moment. */
const SETTLE_MS = 50;

/**
 * The trace that the workbench is about, which native views follow: that of the active editor, be it a view or a text in
 * a trace's language, else one that is on screen beside it.
 */
export class ActiveTrace implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** It is another trace, or its view shows another place. */
  readonly onDidChange = this.changed.event;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly views: TraceViews,
    private readonly traces: TextTraces,
    private readonly panels: TextPanels,
  ) {
    const change = (): void => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.changed.fire(), SETTLE_MS);
    };
    this.subscriptions = vscode.Disposable.from(
      views.onDidChange(change),
      traces.onDidChange(change),
      vscode.window.onDidChangeActiveTextEditor(change),
    );
  }

  get now(): ShownTrace | null {
    const { active } = this.views;
    const editor = vscode.window.activeTextEditor;
    if (active === null && editor !== undefined) {
      const trace = this.traces.of(editor.document);
      if (trace !== null)
        return {
          document: trace.analysis,
          view: this.views.on(trace.uri)[0] ?? null,
          open: () => this.panels.of(trace),
        };
    }
    const view = active ?? this.views.target;
    return view === null ? null : { document: view.document, view, open: () => view };
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
    this.changed.dispose();
  }
}
