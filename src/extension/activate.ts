import * as vscode from 'vscode';
import type { TcpTraceApi } from './api';
import { registerCommands } from './commands/register';
import { TraceEditorProvider } from './editor/provider';
import { VIEW_TYPE } from './editor/view';
import { TraceViews } from './editor/views';
import type { Platform } from './platform/platform';
import { showStatus } from './status';

/** Joins the parts of the extension on a platform. */
export function activateOn(platform: Platform, { extensionUri, subscriptions }: vscode.ExtensionContext): TcpTraceApi {
  const views = new TraceViews();
  const provider = new TraceEditorProvider(views, platform, extensionUri);
  subscriptions.push(
    views,
    vscode.window.registerCustomEditorProvider(VIEW_TYPE, provider, { supportsMultipleEditorsPerDocument: true }),
    registerCommands(views, extensionUri),
    showStatus(views),
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
        query: (query, params) => document.query(query, params),
      };
    },
    get openCaptures() {
      return provider.documents;
    },
  };
}
