import * as vscode from 'vscode';
import type { Platform } from '../platform/platform';

export type FileChange = 'changed' | 'deleted';

/**
 * Tells when a file changes or goes away, also one that a symbolic link leads to, and when the link comes to lead to
 * another: programs that capture all day keep one named after the latest file.
 */
export function watchFile(
  uri: vscode.Uri,
  platform: Pick<Platform, 'fileBehind'>,
  listener: (change: FileChange) => void,
): vscode.Disposable {
  let target: { readonly path: string; readonly watch: vscode.Disposable } | null = null;
  let over = false;
  const follow = async (): Promise<void> => {
    const behind = await platform.fileBehind(uri);
    // A link that leads nowhere for a while is still waited for where it led.
    if (over || behind === null || behind.path === target?.path) return;
    target?.watch.dispose();
    target = behind.path === uri.path ? null : { path: behind.path, watch: watchPath(behind, listener) };
  };
  const own = watchPath(uri, (change) => {
    void follow();
    listener(change);
  });
  void follow();
  return new vscode.Disposable(() => {
    over = true;
    own.dispose();
    target?.watch.dispose();
  });
}

/**
 * Watches what is by that name. Its folder is watched, not the file: a program that writes a new file over an
 * old one would end the watch, and a glob cannot spell names such as `[1].pcap`.
 */
function watchPath(uri: vscode.Uri, listener: (change: FileChange) => void): vscode.Disposable {
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
