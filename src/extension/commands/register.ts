import * as vscode from 'vscode';
import type { ToView } from '../../protocol';
import type { ActiveTrace } from '../active-trace';
import type { TraceView } from '../editor/view';
import type { TraceViews } from '../editor/views';
import type { TextCommands } from '../language/commands';
import { isTraceLanguage } from '../language/languages';
import { exportTrace } from '../export/command';
import { type ConnectionsTree, isConnectionElement } from '../views/connections';
import { type DiagnosisTree, isDiagnosedPacket } from '../views/diagnosis';
import { connectionMeant } from './connection-meant';
import { copyLink } from './copy-link';
import { goToPacket } from './go-to-packet';
import { loadAll, loadMatching, loadRange } from './load';
import { activeFile, isCaptureName, openAsTrace, targetOrOffer } from './open';
import { openSample } from './samples';
import { showConnection } from './show-connection';
import { takeStreamOf } from './stream';

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
  'tcpTrace.back': { type: 'history', direction: -1 },
  'tcpTrace.forward': { type: 'history', direction: 1 },
  'tcpTrace.focusFilter': { type: 'focusFilter' },
  'tcpTrace.find': { type: 'find' },
  'tcpTrace.showConnections': { type: 'showConnections' },
  'tcpTrace.showDiagnosis': { type: 'showDiagnosis' },
  'tcpTrace.showNotices': { type: 'showNotices' },
};

/** What commands act on. */
export interface CommandTargets {
  readonly views: TraceViews;
  readonly active: ActiveTrace;
  readonly tree: ConnectionsTree;
  readonly diagnosis: DiagnosisTree;
  readonly texts: TextCommands;
  readonly extensionUri: vscode.Uri;
}

export function registerCommands({
  views,
  active,
  tree,
  diagnosis,
  texts,
  extensionUri,
}: CommandTargets): vscode.Disposable {
  const onTarget =
    (run: (view: TraceView, given: unknown) => Promise<void>) =>
    async (given?: unknown): Promise<void> => {
      const view = await targetOrOffer(views);
      if (view !== null) await run(view, given);
    };
  const commands: Record<string, (...args: unknown[]) => unknown> = {
    'tcpTrace.showConnection': async (uri, connection, row) => {
      if (isConnectionElement(uri)) {
        tree.show(uri);
        return;
      }
      if (typeof uri === 'string' && typeof connection === 'number') {
        await texts.showPlace(uri, connection, typeof row === 'number' ? row : null);
        return;
      }
      const editor = activeText(views);
      if (editor === null || isCaptureName(editor.document.uri)) await onTarget(showConnection)();
      // Who has a text without a trace in the editor may mean the trace beside it, and is offered one where there is none.
      else if (!(await texts.show(editor, views.target === null)) && !isTraceLanguage(editor.document.languageId))
        await onTarget(showConnection)();
    },
    'tcpTrace.showDiagnosedPacket': async (element) => {
      if (isDiagnosedPacket(element)) await diagnosis.show(element);
    },
    'tcpTrace.previewConnection': (element) => {
      if (isConnectionElement(element)) tree.preview(element);
    },
    'tcpTrace.clearFilter': () => (active.now?.view ?? views.target)?.clearFilter(),
    'tcpTrace.copyConnectionFilter': async (element) => {
      const meant = connectionMeant(active, element);
      if (meant !== null) await vscode.env.clipboard.writeText(`tcp.stream == ${meant.connection}`);
    },
    'tcpTrace.copyConnectionLink': async (element) => {
      const meant = connectionMeant(active, element);
      if (meant !== null) await copyLink(meant.document.uri, { connection: meant.connection });
    },
    'tcpTrace.copyPacketLink': async (place) => {
      const { now } = active;
      const packet = packetIn(place) ?? (now?.view ? await shownPacket(now.view) : null);
      if (now !== null && packet !== null) await copyLink(now.document.uri, { packet });
    },
    'tcpTrace.export': async (argument) => {
      const meant = connectionMeant(active, argument);
      const isRequest = typeof argument === 'object' && argument !== null && !isConnectionElement(argument);
      await exportTrace(active, meant, isRequest && !(argument instanceof vscode.Uri) ? argument : {});
    },
    'tcpTrace.goToPacket': async () => {
      const editor = activeText(views);
      if (editor !== null && isTraceLanguage(editor.document.languageId)) await texts.goToPacket(editor);
      else await onTarget((view) => goToPacket(view.document, ({ connection, row }) => view.reveal(connection, row)))();
    },
    'tcpTrace.loadRange': onTarget(({ document }, given) => loadRange(document, given)),
    'tcpTrace.loadMatching': onTarget(({ document }, given) => loadMatching(document, given)),
    'tcpTrace.loadAll': onTarget(({ document }) => loadAll(document)),
    'tcpTrace.openClipboard': () => texts.openClipboard(),
    'tcpTrace.saveStream': onTarget(takeStreamOf('save')),
    'tcpTrace.openStream': onTarget(takeStreamOf('open')),
    'tcpTrace.openSample': (name) => openSample(extensionUri, name),
    'tcpTrace.openAsTrace': async (uri) => {
      const editor = vscode.window.activeTextEditor;
      // What is not saved is in no file.
      if (!(uri instanceof vscode.Uri) && editor !== undefined && isUnsaved(editor.document)) {
        await texts.show(editor, true);
        return;
      }
      const file = uri instanceof vscode.Uri ? uri : activeFile();
      if (file !== undefined) await openAsTrace(file);
    },
  };
  for (const [name, message] of Object.entries(VIEW_COMMANDS)) commands[name] = () => views.target?.show(message);
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run)),
  );
}

/** The packet that a menu inside the view was opened on. */
function packetIn(place: unknown): number | null {
  const packet = (place as { readonly packet?: unknown } | undefined)?.packet;
  return typeof packet === 'number' && Number.isSafeInteger(packet) ? packet : null;
}

/** The packet that is selected in a view, else the first of its connection. */
async function shownPacket({ document, state: { connection, row } }: TraceView): Promise<number | null> {
  if (connection === null) return null;
  const start = row ?? 0;
  const [segment] = await document.query('segments', { connection, start, end: start + 1 });
  return segment?.packet ?? null;
}

const isUnsaved = ({ isDirty, isUntitled }: vscode.TextDocument): boolean => isDirty || isUntitled;

/** The text editor that has the focus, `null` where a trace's view has it. */
const activeText = (views: TraceViews): vscode.TextEditor | null =>
  (views.active === null ? vscode.window.activeTextEditor : null) ?? null;
