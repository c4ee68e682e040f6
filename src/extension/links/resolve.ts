import * as vscode from 'vscode';

/** Schemes of addresses that are written in full. */
const IN_FULL = /^(file|vscode-remote|vscode-vfs|vscode-test-web):\/\//;
/** `/…`, `\\server\…`, `C:\…`. */
const ABSOLUTE = /^(?:[/\\]|[A-Za-z]:[/\\])/;

/**
 * The file that a path in a text means: an address, an absolute path, or one from the folder that the text is in (or the
 * terminal is at), else from a folder of the workspace. `null` where there is none.
 */
export async function resolvePath(path: string, from: vscode.Uri | null): Promise<vscode.Uri | null> {
  for (const written of new Set([path, decoded(path)]))
    for (const uri of candidates(written, from)) if (await isFile(uri)) return uri;
  return null;
}

function candidates(path: string, from: vscode.Uri | null): vscode.Uri[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (IN_FULL.test(path)) return [vscode.Uri.parse(path)];
  if (ABSOLUTE.test(path)) {
    const base = folders[0]?.uri ?? from;
    const local = vscode.Uri.file(path);
    // Where the files are elsewhere, so is what a path there means.
    return base === null || base.scheme === 'file' ? [local] : [base.with({ path: local.path }), local];
  }
  const parts = path.replaceAll('\\', '/');
  const [first, ...rest] = parts.split('/');
  const named = folders.filter(({ name }) => name === first).map(({ uri }) => vscode.Uri.joinPath(uri, ...rest));
  return [...(from === null ? [] : [from]), ...folders.map(({ uri }) => uri)]
    .map((folder) => vscode.Uri.joinPath(folder, parts))
    .concat(named);
}

const isFile = (uri: vscode.Uri): Promise<boolean> =>
  Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    ({ type }) => (type & vscode.FileType.File) !== 0,
    () => false,
  );

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The folder that a text document is in; `null` where it is in none. */
export const folderOf = (uri: vscode.Uri): vscode.Uri | null =>
  uri.scheme === 'untitled' ? null : vscode.Uri.joinPath(uri, '..');
