import * as vscode from 'vscode';
import { damageOf, type Damage } from '../core/model/notice';
import type { TraceViews } from './editor/views';
import { connectionsText, packetsText, problemsText, sentence } from './text';

/**
 * The active capture in one line of the status bar, whether its file is damaged beside it, and the context keys that
 * menus and keys depend on.
 */
export function showStatus(views: TraceViews): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('tcpTrace.summary', vscode.StatusBarAlignment.Right, 100);
  item.name = vscode.l10n.t('TCP Trace');
  item.command = 'tcpTrace.showConnection';
  const damageItem = vscode.window.createStatusBarItem('tcpTrace.damage', vscode.StatusBarAlignment.Right, 99);
  damageItem.name = vscode.l10n.t('TCP Trace: Damage');
  damageItem.command = 'tcpTrace.showNotices';
  damageItem.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');

  const context = new Map<string, boolean>();
  const setContext = (key: string, value: boolean): void => {
    if (context.get(key) === value) return;
    context.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  const update = (): void => {
    const view = views.active;
    setContext('tcpTrace.viewActive', view !== null);
    setContext('tcpTrace.hasConnection', view !== null && view.state.connection !== null);

    const summary = view?.document.summary ?? null;
    if (summary === null) {
      item.hide();
      damageItem.hide();
      return;
    }
    const parts = [connectionsText(summary.connections), packetsText(summary.frames)];
    if (summary.problems > 0) parts.push(problemsText(summary.problems));
    item.text = `${summary.done ? '$(arrow-swap)' : '$(sync~spin)'} ${parts.join(' · ')}`;
    const notices = summary.notices.slice(0, 5).map((notice) => sentence(notice.message));
    item.tooltip = [summary.format, ...notices].join('\n');
    item.show();

    const damage = summary.notices.find((notice) => damageOf(notice) !== null);
    if (damage === undefined) damageItem.hide();
    else {
      const words = DAMAGE[damageOf(damage)!]();
      damageItem.text = `$(warning) ${words}`;
      damageItem.accessibilityInformation = { label: words, role: 'button' };
      damageItem.tooltip = sentence(damage.message);
      damageItem.show();
    }
  };
  update();
  return vscode.Disposable.from(item, damageItem, views.onDidChange(update));
}

const DAMAGE: Readonly<Record<Damage, () => string>> = {
  cut: () => vscode.l10n.t('File cut short'),
  damaged: () => vscode.l10n.t('File damaged'),
  unread: () => vscode.l10n.t('File not read to its end'),
};
