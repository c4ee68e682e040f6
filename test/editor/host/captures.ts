import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ActiveCapture, TcpTraceApi } from '../../../src/extension/api';

export const EXTENSION = 'tcp-trace-explorer.tcp-trace-explorer';
export const VIEW_TYPE = 'tcpTrace.capture';

const WAIT_MS = 30_000;
const POLL_MS = 20;

/** Waits until `value` gives something; fails after half a minute, which a busy machine may need. */
export async function eventually<T>(
  what: string,
  value: () => T | null | undefined | false | Promise<T | null | undefined | false>,
): Promise<T> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const found = await value();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new assert.AssertionError({ message: `in vain waited for ${what}` });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The extension that is tested. */
export function ours(): vscode.Extension<TcpTraceApi> {
  const extension = vscode.extensions.getExtension<TcpTraceApi>(EXTENSION);
  assert.ok(extension, 'the extension is installed');
  return extension;
}

/** What the extension offers to others, once it is active. */
export const api = async (): Promise<TcpTraceApi> => ours().activate();

/** A file in the folder that the suite runs in: a copy of the samples. */
export function inWorkspace(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'the suite runs in a folder');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Opens a file as a double click in the explorer does, and waits until it is read to its end or cannot be opened. */
export async function open(uri: vscode.Uri): Promise<ActiveCapture> {
  await vscode.commands.executeCommand('vscode.open', uri);
  return settled(uri);
}

/** What the active editor shows of that file; `null` where another one is active. */
export function shownNow(extension: TcpTraceApi, uri: vscode.Uri): ActiveCapture | null {
  const capture = extension.active();
  return capture?.uri.toString() === uri.toString() ? capture : null;
}

/** Waits until the active editor shows that file, read to its end or found unreadable. */
export async function settled(uri: vscode.Uri): Promise<ActiveCapture> {
  const extension = await api();
  return eventually(`the analysis of ${uri.path}`, () => {
    const capture = shownNow(extension, uri);
    return capture?.summary?.done || capture?.failure ? capture : null;
  });
}

export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
