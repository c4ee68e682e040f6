import * as vscode from 'vscode';

const SECTION = 'tcpTrace';
const MIB = 2 ** 20;

const read = <T>(name: string, fallback: T): T => vscode.workspace.getConfiguration(SECTION).get<T>(name) ?? fallback;

/** The settings `tcpTrace.*`, read when they are needed. */
export const settings = {
  /** Bytes that a compressed capture may grow to. */
  decompressionLimitBytes: (): number => Math.max(1, read('decompressionLimit', 1024)) * MIB,

  /** Whether a capture is read again when its file changes. */
  reload: (): boolean => read('reloadChangedFiles', true),

  /** Tells when a setting that an analysis depends on was changed. */
  onDidChange: (listener: () => void): vscode.Disposable =>
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.decompressionLimit`)) listener();
    }),
};
