import * as vscode from 'vscode';
import { message, type Message } from '../../core/model/message';
import type { Notice } from '../../core/model/notice';
import type { CaptureSummary } from '../../core/model/summary';
import type { AnalysisOptions, TraceInput, TraceQueries, TraceQuery } from '../../protocol';
import type { Platform } from '../platform/platform';
import { settings } from '../settings';
import { WorkerClient, type AnalysisListener } from './client';
import { watchFile, type FileChange } from './watch';

export type DocumentChange =
  /** The summary moved on. */
  | 'progress'
  /** It cannot be shown; see {@link TraceDocument.failure}. */
  | 'failed'
  /** The rows may all be different now: the file was read again. */
  | 'reloaded';

/** Version of a file, to tell a change from a rumour of one. */
interface Stamp {
  readonly mtime: number;
  readonly size: number;
}

/**
 * One open capture: its analysis, shared by every editor on it, and what the file system says about the file.
 *
 * VS Code keeps one document a file while any editor shows it and disposes of it with the last one, which ends the
 * worker. When the file changes it is read again by a second worker, which takes over when it is done: nothing that is
 * on screen goes away in between.
 */
export class TraceDocument implements vscode.CustomDocument {
  private readonly changed = new vscode.EventEmitter<DocumentChange>();
  readonly onDidChange = this.changed.event;
  private readonly disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.disposed.event;

  private read: CaptureSummary | null = null;
  private failed: Message | null = null;
  /** What the file system said since the file was read. */
  private fileNotice: Notice | null = null;

  private current: WorkerClient | null = null;
  /** Reads the changed file. */
  private next: WorkerClient | null = null;
  private stamp: Stamp | null = null;
  /** Counts starts, so that one that was overtaken while it waited for the file system ends quietly. */
  private starts = 0;

  private reloadTimer: ReturnType<typeof setTimeout> | undefined;
  private startedAt = 0;
  private readMs = 0;
  private readonly subscriptions: vscode.Disposable[] = [];
  private closed = false;

  constructor(
    readonly uri: vscode.Uri,
    private readonly platform: Platform,
    private readonly extensionUri: vscode.Uri,
  ) {
    this.subscriptions.push(
      watchFile(uri, (change) => this.fileChanged(change)),
      settings.onDidChange(() => this.restart()),
    );
    this.restart();
  }

  /** How far the analysis has come; `null` before the first packets and when it failed to open. */
  get summary(): CaptureSummary | null {
    if (this.read === null || this.fileNotice === null) return this.read;
    const { notices, noticesTotal } = this.read;
    return { ...this.read, notices: [this.fileNotice, ...notices], noticesTotal: noticesTotal + 1 };
  }

  /** Why there is nothing to see. */
  get failure(): Message | null {
    return this.failed;
  }

  get busy(): boolean {
    return this.failed === null && this.read?.done !== true;
  }

  query<Q extends TraceQuery>(query: Q, params: TraceQueries[Q]['params']): Promise<TraceQueries[Q]['result']> {
    return this.relay(query, params) as Promise<TraceQueries[Q]['result']>;
  }

  /** {@link query} with parameters that are checked on their way. */
  async relay(query: TraceQuery, params: unknown): Promise<unknown> {
    if (query === 'summary' && this.summary !== null) return this.summary;
    if (this.current === null) throw new Error('no trace is open');
    return this.current.relay(query, params);
  }

  cancel(): void {
    this.current?.cancel();
  }

  /** Reads the file from its start, with nothing on screen meanwhile. */
  restart(): void {
    this.stopReload();
    this.current?.dispose();
    this.current = null;
    this.read = null;
    this.failed = null;
    this.fileNotice = null;
    this.changed.fire('reloaded');
    void this.start(
      {
        progress: (summary) => this.progress(summary),
        failed: (reason) => {
          this.failed = reason;
          this.changed.fire('failed');
        },
      },
      (client) => (this.current = client),
    );
  }

  dispose(): void {
    this.closed = true;
    this.stopReload();
    this.current?.dispose();
    vscode.Disposable.from(...this.subscriptions).dispose();
    this.disposed.fire();
    this.disposed.dispose();
    this.changed.dispose();
  }

  private progress(summary: CaptureSummary): void {
    this.read = summary;
    if (summary.done) this.readMs = Date.now() - this.startedAt;
    this.changed.fire('progress');
  }

  /** Starts a worker on the file as it is now. `failed` is told when that does not work. */
  private async start(listener: AnalysisListener, started: (client: WorkerClient) => void): Promise<void> {
    const start = ++this.starts;
    this.startedAt = Date.now();
    try {
      this.stamp = await stampOf(this.uri);
      const startWorker = await this.platform.loadWorker(this.extensionUri);
      const input = await this.input();
      if (this.closed || start !== this.starts) return;
      started(new WorkerClient(startWorker, input, options(), listener));
    } catch (error) {
      if (this.closed || start !== this.starts) return;
      listener.failed(message('The file cannot be read: {0}', error instanceof Error ? error.message : String(error)));
    }
  }

  private async input(): Promise<TraceInput> {
    const path = this.platform.localPath(this.uri);
    return path === null
      ? { kind: 'bytes', bytes: await vscode.workspace.fs.readFile(this.uri) }
      : { kind: 'file', path };
  }

  private fileChanged(change: FileChange): void {
    if (change === 'deleted') {
      this.stopReload();
      this.noteFile({
        code: 'file-deleted',
        severity: 'warning',
        message: message('The file was deleted. What was read before is shown.'),
      });
    } else if (settings.reload()) {
      this.scheduleReload();
    }
  }

  private noteFile(notice: Notice | null): void {
    if (this.fileNotice === notice) return;
    this.fileNotice = notice;
    if (this.read !== null) this.changed.fire('progress');
  }

  /** A file that is being written changes all the time: reading it takes at most a third of the time. */
  private scheduleReload(): void {
    this.reloadTimer ??= setTimeout(() => void this.reload(), Math.max(500, 2 * this.readMs));
  }

  private async reload(): Promise<void> {
    this.reloadTimer = undefined;
    if (this.failed !== null) {
      this.restart();
      return;
    }
    if (this.busy || this.next !== null) {
      this.scheduleReload();
      return;
    }
    const stamp = await stampOf(this.uri).catch(() => null);
    if (this.closed || stamp === null) return;
    if (stamp.mtime === this.stamp?.mtime && stamp.size === this.stamp.size) {
      this.noteFile(null);
      return;
    }
    await this.start(
      {
        progress: (summary) => {
          if (summary.done) this.takeOver(summary);
        },
        failed: (reason) => {
          this.next?.dispose();
          this.next = null;
          this.noteFile({
            code: 'file-changed',
            severity: 'warning',
            message: message(
              'The file has changed and cannot be opened any more ({0}). What was read before is shown.',
              reason,
            ),
          });
        },
      },
      (client) => (this.next = client),
    );
  }

  private takeOver(summary: CaptureSummary): void {
    this.current?.dispose();
    this.current = this.next;
    this.next = null;
    this.fileNotice = null;
    this.read = summary;
    this.readMs = Date.now() - this.startedAt;
    this.changed.fire('reloaded');
  }

  private stopReload(): void {
    clearTimeout(this.reloadTimer);
    this.reloadTimer = undefined;
    this.next?.dispose();
    this.next = null;
  }
}

async function stampOf(uri: vscode.Uri): Promise<Stamp> {
  const { mtime, size } = await vscode.workspace.fs.stat(uri);
  return { mtime, size };
}

const options = (): AnalysisOptions => ({ decompressionLimit: settings.decompressionLimitBytes() });
