import * as vscode from 'vscode';
import type { TraceViews } from './editor/views';
import { connectionsText, packetsText, problemsText, sentence } from './text';

/** The active capture in one line of the status bar, and the context keys that menus and keys depend on. */
export function showStatus(views: TraceViews): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('tcpTrace.summary', vscode.StatusBarAlignment.Right, 100);
  item.name = vscode.l10n.t('TCP Trace');
  item.command = 'tcpTrace.showConnection';

  let hasConnection: boolean | null = null;
  const update = (): void => {
    const view = views.active;
    const shown = view !== null && view.state.connection !== null;
    if (shown !== hasConnection) {
      hasConnection = shown;
      void vscode.commands.executeCommand('setContext', 'tcpTrace.hasConnection', shown);
    }

    const summary = view?.document.summary ?? null;
    if (summary === null) {
      item.hide();
      return;
    }
    const parts = [connectionsText(summary.connections), packetsText(summary.frames)];
    if (summary.problems > 0) parts.push(problemsText(summary.problems));
    item.text = `${summary.done ? '$(arrow-swap)' : '$(sync~spin)'} ${parts.join(' · ')}`;
    const notices = summary.notices.slice(0, 5).map((notice) => sentence(notice.message));
    item.tooltip = [summary.format, ...notices].join('\n');
    item.show();
  };
  update();
  return vscode.Disposable.from(item, views.onDidChange(update));
}
