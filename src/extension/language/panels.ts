import * as vscode from 'vscode';
import { TraceView } from '../editor/view';
import type { TraceViews } from '../editor/views';
import { fileName } from '../text';
import type { TextTrace, TextTraces } from './traces';

/** Name of the diagram beside a text, as in `activationEvents`. */
export const TEXT_PANEL = 'tcpTrace.textPanel';

/** The diagrams beside texts: the custom editor's view, on the trace of a text document. */
export class TextPanels implements vscode.Disposable {
  private readonly open = new Map<TextTrace, TraceView>();
  private readonly serializer: vscode.Disposable;

  constructor(
    private readonly traces: TextTraces,
    private readonly views: TraceViews,
    private readonly extensionUri: vscode.Uri,
  ) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(TEXT_PANEL, {
      deserializeWebviewPanel: (panel, state) => this.restore(panel, state),
    });
  }

  /** The diagram of a trace: the one that is there, else a new one beside the active editor. */
  of(trace: TextTrace): TraceView {
    const known = this.open.get(trace);
    if (known !== undefined) return known;
    const panel = vscode.window.createWebviewPanel(TEXT_PANEL, '', vscode.ViewColumn.Beside, { enableScripts: true });
    return this.fill(panel, trace);
  }

  dispose(): void {
    this.serializer.dispose();
  }

  private fill(panel: vscode.WebviewPanel, trace: TextTrace): TraceView {
    panel.title = vscode.l10n.t('{0}: TCP Trace', fileName(trace.uri));
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.extensionUri, 'media', 'icons', 'capture-light.svg'),
      dark: vscode.Uri.joinPath(this.extensionUri, 'media', 'icons', 'capture-dark.svg'),
    };
    const view = new TraceView(trace.analysis, panel, this.extensionUri);
    this.open.set(trace, view);
    const held = this.traces.hold(trace);
    const ending = trace.analysis.onDidDispose(() => void panel.dispose());
    panel.onDidDispose(() => {
      this.open.delete(trace);
      ending.dispose();
      held.dispose();
    });
    this.views.add(view, panel);
    return view;
  }

  /** After a reload of the window: the document is opened again, where it still is. */
  private async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const source = (state as { readonly source?: unknown } | undefined)?.source;
    try {
      if (typeof source !== 'string') throw new Error('nothing was remembered');
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(source, true));
      this.fill(panel, this.traces.of(document) ?? this.traces.open(document, null));
    } catch {
      panel.dispose();
    }
  }
}
