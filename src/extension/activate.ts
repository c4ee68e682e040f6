import * as vscode from 'vscode';
import { ActiveTrace } from './active-trace';
import type { TcpTraceApi } from './api';
import { registerCommands } from './commands/register';
import { ChosenParts } from './editor/chosen-parts';
import { TraceEditorProvider } from './editor/provider';
import { TEXT_VIEW_TYPE, VIEW_TYPE } from './editor/view';
import { TraceViews } from './editor/views';
import { TextCommands } from './language/commands';
import { showDiagnostics } from './language/diagnostics';
import { registerFeatures } from './language/features';
import { followSelection } from './language/follow';
import { TextPanels } from './language/panels';
import { TextTraces } from './language/traces';
import { provideLinks } from './links/providers';
import type { Platform } from './platform/platform';
import { showStatus } from './status';
import { registerTools } from './tools/register';
import { ConnectionsTree } from './views/connections';
import { DiagnosisTree } from './views/diagnosis';

/** Joins the parts of the extension on a platform. */
export function activateOn(platform: Platform, context: vscode.ExtensionContext): TcpTraceApi {
  const { extensionUri, subscriptions, workspaceState } = context;
  const views = new TraceViews();
  const provider = new TraceEditorProvider(views, platform, extensionUri, new ChosenParts(workspaceState));
  const traces = new TextTraces(platform, extensionUri);
  const panels = new TextPanels(traces, views, extensionUri);
  const active = new ActiveTrace(views, traces, panels);
  const tree = new ConnectionsTree(active);
  const diagnosis = new DiagnosisTree(active);
  const texts = new TextCommands(traces, panels);
  subscriptions.push(
    views,
    traces,
    panels,
    active,
    tree,
    diagnosis,
    ...[VIEW_TYPE, TEXT_VIEW_TYPE].map((viewType) =>
      vscode.window.registerCustomEditorProvider(viewType, provider, { supportsMultipleEditorsPerDocument: true }),
    ),
    registerCommands({ views, active, tree, diagnosis, texts, extensionUri }),
    provideLinks(views, texts),
    registerTools({ active, views, platform, extensionUri }),
    showStatus(views),
    registerFeatures(traces),
    showDiagnostics(traces),
    followSelection(views),
  );
  return {
    active() {
      const view = views.active;
      if (view === null) return null;
      const { document } = view;
      return {
        uri: document.uri,
        summary: document.summary,
        failure: document.failure,
        state: view.state,
        filter: view.filter,
        query: (query, params) => document.query(query, params),
      };
    },
    get openCaptures() {
      return provider.documents;
    },
    shown: (uri) => views.on(uri)[0]?.state ?? null,
    texts: (uri) => traces.all.find((trace) => trace.uri.toString() === uri.toString())?.analysis.summary ?? null,
    get openTexts() {
      return traces.all.length;
    },
    connectionsTree: tree,
    diagnosisTree: diagnosis,
  };
}
