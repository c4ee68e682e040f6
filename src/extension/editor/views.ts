import * as vscode from 'vscode';
import type { TraceView } from './view';

/** The editors that are open on captures, and which of them commands and the status bar are about. */
export class TraceViews implements vscode.Disposable {
  /** Most recently active first. */
  private readonly views: TraceView[] = [];
  private readonly changed = new vscode.EventEmitter<void>();
  /** Another view is active, or the active one shows something else. */
  readonly onDidChange = this.changed.event;

  private readonly stateChanged = new vscode.EventEmitter<TraceView>();
  /** A view, active or not, shows another place. */
  readonly onDidChangeState = this.stateChanged.event;

  /** The views on a file or a text document, at whatever place in it they were opened. */
  on(uri: vscode.Uri): readonly TraceView[] {
    return this.views.filter((view) => fileOf(view.document.uri) === fileOf(uri));
  }

  /** The view in the active editor, `null` where that is no capture. */
  get active(): TraceView | null {
    return this.views.find((view) => view.active) ?? null;
  }

  /** The view that a command means: the active one, else the one on screen that was active last. */
  get target(): TraceView | null {
    return this.active ?? this.views.find((view) => view.visible) ?? null;
  }

  add(view: TraceView, panel: vscode.WebviewPanel): void {
    this.views.unshift(view);
    view.onDidChange(() => {
      if (view.active) this.changed.fire();
    });
    view.onDidChangeState(() => this.stateChanged.fire(view));
    panel.onDidChangeViewState(() => {
      if (panel.active) this.views.unshift(...this.views.splice(this.views.indexOf(view), 1));
      this.changed.fire();
    });
    panel.onDidDispose(() => {
      this.views.splice(this.views.indexOf(view), 1);
      view.dispose();
      this.changed.fire();
    });
    this.changed.fire();
  }

  /** The first view on a file, waiting for it to open. `null` when it does not within the time. */
  async opened(uri: vscode.Uri, withinMs = 10_000): Promise<TraceView | null> {
    const find = (): TraceView | undefined => this.on(uri)[0];
    const found = find();
    if (found !== undefined) return found;
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(null), withinMs);
      const subscription = this.onDidChange(() => {
        const view = find();
        if (view !== undefined) settle(view);
      });
      const settle = (view: TraceView | null): void => {
        clearTimeout(timer);
        subscription.dispose();
        resolve(view);
      };
    });
  }

  dispose(): void {
    this.changed.dispose();
    this.stateChanged.dispose();
  }
}

/** Address of a file, without the place in it that a link has opened. */
const fileOf = (uri: vscode.Uri): string => uri.with({ fragment: '' }).toString();
