import * as vscode from 'vscode';
import type { TraceView } from '../editor/view';
import { VIEW_TYPE } from '../editor/view';
import type { TraceViews } from '../editor/views';
import { fileName } from '../text';

/** Names that the editor opens by default, as in package.json: as a glob, and as a pattern. */
const CAPTURES = '**/*.{pcap,cap,dmp,pcapng,ntar,pcap.gz,cap.gz,dmp.gz,pcapng.gz,ntar.gz}';
const CAPTURE_NAME = /\.(pcap|cap|dmp|pcapng|ntar)(\.gz)?$/i;
const MAX_OFFERED = 500;

export const isCaptureName = (uri: vscode.Uri): boolean => CAPTURE_NAME.test(uri.path);

/** Opens a file in the capture editor, whatever it is called. */
export async function openAsTrace(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, VIEW_TYPE);
}

/** The folder of a file in the workspace, as people see it there; empty at the top of the only folder. */
function folderOf(uri: vscode.Uri): string {
  const path = vscode.workspace.asRelativePath(uri);
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The file that the active editor shows, in whatever way. */
export function activeFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom
    ? input.uri
    : vscode.window.activeTextEditor?.document.uri;
}

/**
 * The view that a command means. Where no capture is on screen, one is opened: the active editor's file where that is
 * one by its name (shown by another editor), else what the user chooses; `null` when the user does not.
 */
export async function targetOrOffer(views: TraceViews): Promise<TraceView | null> {
  const { target } = views;
  if (target !== null) return target;
  const file = activeFile();
  const uri = file !== undefined && isCaptureName(file) ? file : await offerCaptures();
  if (uri === undefined) return null;
  await openAsTrace(uri);
  return views.opened(uri);
}

async function offerCaptures(): Promise<vscode.Uri | undefined> {
  interface FileItem extends vscode.QuickPickItem {
    readonly choose: () => Thenable<vscode.Uri | undefined>;
  }
  const items = async (): Promise<FileItem[]> => {
    const captures = await vscode.workspace.findFiles(CAPTURES, undefined, MAX_OFFERED);
    captures.sort((a, b) => a.path.localeCompare(b.path));
    return [
      ...captures.map((uri) => ({
        label: fileName(uri),
        description: folderOf(uri),
        iconPath: new vscode.ThemeIcon('file-binary'),
        choose: () => Promise.resolve(uri),
      })),
      {
        label: vscode.l10n.t('Open a Capture…'),
        iconPath: new vscode.ThemeIcon('folder-opened'),
        alwaysShow: true,
        choose: async () => (await vscode.window.showOpenDialog({ canSelectMany: false }))?.[0],
      },
    ];
  };
  const chosen = await vscode.window.showQuickPick(items(), {
    title: vscode.l10n.t('No capture is open'),
    placeHolder: vscode.l10n.t('Choose a capture to open'),
    matchOnDescription: true,
  });
  return chosen?.choose();
}
