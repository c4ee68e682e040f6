import * as vscode from 'vscode';
import { linkTo, type LinkedPlace } from '../links/link';

/** Puts a link to a place of a trace into the clipboard: by a path from the workspace's folder, where it is in one. */
export async function copyLink(uri: vscode.Uri, place: LinkedPlace): Promise<void> {
  const isInside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const path = isInside
    ? vscode.workspace.asRelativePath(uri)
    : uri.scheme === 'file'
      ? uri.fsPath
      : uri.with({ fragment: '' }).toString();
  await vscode.env.clipboard.writeText(linkTo(path, place));
}
