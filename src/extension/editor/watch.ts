import * as vscode from 'vscode';

export type FileChange = 'changed' | 'deleted';

/**
 * Tells when a file changes or goes away. Its folder is watched, not the file: a program that writes a new file over an
 * old one would end the watch, and a glob cannot spell names such as `[1].pcap`.
 */
export function watchFile(uri: vscode.Uri, listener: (change: FileChange) => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*'),
  );
  const path = uri.path;
  const tell = (change: FileChange) => (changed: vscode.Uri) => {
    if (changed.path === path) listener(change);
  };
  watcher.onDidChange(tell('changed'));
  watcher.onDidCreate(tell('changed'));
  watcher.onDidDelete(tell('deleted'));
  return watcher;
}
