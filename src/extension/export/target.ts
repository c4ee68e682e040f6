import * as vscode from 'vscode';
import { fileName } from '../text';

/** Where a file made of a trace is offered to be saved: beside it, with its name and something more. */
export function besideTrace(trace: vscode.Uri, more: string): vscode.Uri {
  const base = fileName(trace).replace(/(\.(pcap|cap|dmp|pcapng|ntar))?(\.gz)?$/i, '');
  // A trace from elsewhere, a sample say, gives no place to write to.
  const [first] = vscode.workspace.workspaceFolders ?? [];
  const isInside = vscode.workspace.getWorkspaceFolder(trace) !== undefined;
  const folder = isInside || first === undefined ? vscode.Uri.joinPath(trace, '..') : first.uri;
  return vscode.Uri.joinPath(folder, `${base}-${more}`);
}

/** Says that it is there, and opens it for who wants to see it. */
export async function tellOf(target: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t('Open');
  const text = vscode.l10n.t('Exported to {0}.', vscode.workspace.asRelativePath(target));
  if ((await vscode.window.showInformationMessage(text, open)) === open)
    await vscode.commands.executeCommand('vscode.open', target);
}
