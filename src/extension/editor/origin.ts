import * as vscode from 'vscode';
import type { LineEdit } from '../../core/model/text';
import type { TraceInput } from '../../protocol';
import type { Platform } from '../platform/platform';
import { settings } from '../settings';
import { watchFile, type FileChange } from './watch';

/** Where a trace comes from, and how it changes. */
export interface TraceOrigin {
  /** What the user knows it by. */
  readonly uri: vscode.Uri;
  /** 1-based line of the trace, as its analysis counts, of a 0-based one of the document; `null` where it has none. */
  traceLine(line: number): number | null;
  /** The other way round: where a line of the trace is by now; `null` where it has gone. */
  documentLine(line: number): number | null;
  /**
   * `polite`: a change is read when the reading before it is over, and not all the time: a file that is being written
   * changes all the time. `eager`: the reading before it is given up, since nobody wants its result any more.
   */
  readonly manner: 'polite' | 'eager';
  /** Tells one version from another. */
  stamp(): Promise<string>;
  input(): Promise<TraceInput>;
  /** What has changed since the last {@link input} or edits; `null` where it is to be read as a whole. */
  edits?(): readonly LineEdit[] | null;
  /** Tells of changes that are to be read. */
  watch(listener: (change: FileChange) => void): vscode.Disposable;
}

/** A file: read by ranges where it is a local one, else as a whole. */
export const fileOrigin = (uri: vscode.Uri, platform: Platform): TraceOrigin => ({
  uri,
  traceLine: (line) => line + 1,
  documentLine: (line) => line - 1,
  manner: 'polite',
  async stamp() {
    const { mtime, size } = await vscode.workspace.fs.stat(uri);
    return `${mtime} ${size}`;
  },
  async input() {
    const path = platform.localPath(uri);
    return path === null ? { kind: 'bytes', bytes: await vscode.workspace.fs.readFile(uri) } : { kind: 'file', path };
  },
  watch: (listener) =>
    watchFile(uri, platform, (change) => {
      if (change === 'deleted' || settings.reload()) listener(change);
    }),
});
