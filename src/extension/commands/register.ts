import * as vscode from 'vscode';
import type { ToView } from '../../protocol';
import type { TraceView } from '../editor/view';
import type { TraceViews } from '../editor/views';
import { goToPacket } from './go-to-packet';
import { activeFile, openAsTrace, targetOrOffer } from './open';
import { openSample } from './samples';
import { showConnection } from './show-connection';

const step = (what: 'segment' | 'problem' | 'connection', direction: 1 | -1): ToView => ({
  type: 'step',
  what,
  direction,
});

/** Commands that act inside the view, by the message that does it. */
const VIEW_COMMANDS: Readonly<Record<string, ToView>> = {
  'tcpTrace.nextSegment': step('segment', 1),
  'tcpTrace.previousSegment': step('segment', -1),
  'tcpTrace.nextProblem': step('problem', 1),
  'tcpTrace.previousProblem': step('problem', -1),
  'tcpTrace.nextConnection': step('connection', 1),
  'tcpTrace.previousConnection': step('connection', -1),
  'tcpTrace.showConnections': { type: 'showConnections' },
  'tcpTrace.showNotices': { type: 'showNotices' },
};

export function registerCommands(views: TraceViews, extensionUri: vscode.Uri): vscode.Disposable {
  const onTarget = (run: (view: TraceView) => Promise<void>) => async (): Promise<void> => {
    const view = await targetOrOffer(views);
    if (view !== null) await run(view);
  };
  const commands: Record<string, (...args: unknown[]) => unknown> = {
    'tcpTrace.showConnection': onTarget(showConnection),
    'tcpTrace.goToPacket': onTarget(goToPacket),
    'tcpTrace.openSample': () => openSample(extensionUri),
    'tcpTrace.openAsTrace': async (uri) => {
      const file = uri instanceof vscode.Uri ? uri : activeFile();
      if (file !== undefined) await openAsTrace(file);
    },
  };
  for (const [name, message] of Object.entries(VIEW_COMMANDS)) commands[name] = () => views.target?.show(message);
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run)),
  );
}
