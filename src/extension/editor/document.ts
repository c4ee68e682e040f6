import * as vscode from 'vscode';
import { message, type Message } from '../../core/model/message';
import type { Notice } from '../../core/model/notice';
import type { CaptureSummary } from '../../core/model/summary';
import type { AnalysisOptions, TraceQueries, TraceQuery } from '../../protocol';
import type { Platform } from '../platform/platform';
import { settings } from '../settings';
import { ALL, type ChosenPart } from './chosen-parts';
import { WorkerClient, type AnalysisListener } from './client';
import type { TraceOrigin } from './origin';
import type { FileChange } from './watch';

export type DocumentChange =
  /** The summary moved on. */
  | 'progress'
  /** It cannot be shown; see {@link TraceDocument.failure}. */
  | 'failed'
  /** The rows may all be different now: the file was read again. */
  | 'reloaded';

/** How long typing has to rest before a text is read again. */
const TYPING_MS = 100;

/**
 * One open trace: its analysis, shared by every editor on it, and what happens to the file or the text that it is read
 * from. When a file changes it is read again by a second worker, which takes over when it is done; of a text the worker
 * is told what was edited, and goes on answering about the text before until it has read the new one. Nothing that is on
 * screen goes away in between. Whoever makes one disposes of it, which ends its workers.
 */
export class TraceDocument implements vscode.CustomDocument {
  private readonly changed = new vscode.EventEmitter<DocumentChange>();
  readonly onDidChange = this.changed.event;
  private readonly disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.disposed.event;
  private readonly choseParts = new vscode.EventEmitter<ChosenPart>();
  /** Somebody chose which packets are loaded. */
  readonly onDidChoosePart = this.choseParts.event;

  private read: CaptureSummary | null = null;
  private failed: Message | null = null;
  /** What the file system said since the file was read. */
  private fileNotice: Notice | null = null;

  private current: WorkerClient | null = null;
  /** Reads the changed file. */
  private next: WorkerClient | null = null;
  /** Version that {@link current} reads, and {@link next}; to tell a change from a rumour of one. */
  private stamp: string | null = null;
  private nextStamp: string | null = null;
  /** The worker that has the text as the origin last gave it. */
  private fed: WorkerClient | null = null;
  /** Revisions of the text that {@link current} has been told of and not answered about yet, and their versions. */
  private told: readonly { readonly revision: number; readonly stamp: string }[] = [];
  /** Counts starts, so that one that was overtaken while it waited for the file system ends quietly. */
  private starts = 0;

  private reloadTimer: ReturnType<typeof setTimeout> | undefined;
  private startedAt = 0;
  private readMs = 0;
  private readonly subscriptions: vscode.Disposable[] = [];
  private closed = false;

  constructor(
    private readonly origin: TraceOrigin,
    private readonly platform: Platform,
    private readonly extensionUri: vscode.Uri,
    /** Which packets are loaded. */
    private chosen: ChosenPart = ALL,
  ) {
    this.subscriptions.push(
      origin.watch((change) => this.originChanged(change)),
      settings.onDidChange(() => this.restart()),
      settings.onDidChangeThresholds(() => this.changed.fire('progress')),
    );
    this.restart();
  }

  get uri(): vscode.Uri {
    return this.origin.uri;
  }

  /** As {@link TraceOrigin.traceLine}. */
  traceLine(line: number): number | null {
    return this.origin.traceLine(line);
  }

  /** As {@link TraceOrigin.documentLine}. */
  documentLine(line: number): number | null {
    return this.origin.documentLine(line);
  }

  /** The version that answers are about, once it is read or has failed; `null` while nothing is. */
  get version(): string | null {
    return this.busy ? null : this.stamp;
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
    const given = query === 'diagnosis' ? { thresholds: settings.thresholds() } : params;
    return this.current.relay(query, given);
  }

  get load(): ChosenPart {
    return this.chosen;
  }

  /** Reads the file again for other packets. */
  loadPart(part: ChosenPart): void {
    this.chosen = part;
    this.choseParts.fire(part);
    this.restart();
  }

  cancel(): void {
    this.current?.cancel();
  }

  /** Reads the file from its start, with nothing on screen meanwhile. */
  restart(): void {
    this.stopReload();
    this.current?.dispose();
    this.current = null;
    this.told = [];
    this.read = null;
    this.failed = null;
    this.fileNotice = null;
    this.changed.fire('reloaded');
    void this.start(
      {
        progress: (summary, revision) => this.progress(summary, revision),
        failed: (reason, revision) => this.fail(reason, revision),
      },
      (client, stamp) => {
        this.current = client;
        this.stamp = stamp;
      },
    );
  }

  dispose(): void {
    this.closed = true;
    this.stopReload();
    this.current?.dispose();
    vscode.Disposable.from(...this.subscriptions).dispose();
    this.disposed.fire();
    this.disposed.dispose();
    this.choseParts.dispose();
    this.changed.dispose();
  }

  private options(): AnalysisOptions {
    const { limited, ...range } = this.chosen;
    const maxPackets = limited ? settings.maxPackets() : Infinity;
    return { decompressionLimit: settings.decompressionLimitBytes(), load: { ...range, maxPackets } };
  }

  private progress(summary: CaptureSummary, revision: number): void {
    this.read = summary;
    if (summary.done) this.readMs = Date.now() - this.startedAt;
    if (!this.came(revision)) {
      this.changed.fire('progress');
      return;
    }
    this.failed = null;
    this.changed.fire('reloaded');
  }

  /** Takes in that answers are now about a revision; returns whether they were about another one before. */
  private came(revision: number): boolean {
    const at = this.told.findIndex((one) => one.revision === revision);
    if (at < 0) return false;
    this.stamp = this.told[at]!.stamp;
    this.told = this.told.slice(at + 1);
    return true;
  }

  /** There is nothing to see of a revision. */
  private fail(reason: Message, revision: number): void {
    this.came(revision);
    this.read = null;
    this.failed = reason;
    this.changed.fire('failed');
  }

  /** Starts a worker on the trace as it is now. `failed` is told when that does not work. */
  private async start(
    listener: AnalysisListener,
    started: (client: WorkerClient, stamp: string) => void,
  ): Promise<void> {
    const start = ++this.starts;
    this.startedAt = Date.now();
    try {
      const stamp = await this.origin.stamp();
      const startWorker = await this.platform.loadWorker(this.extensionUri);
      const input = await this.origin.input();
      if (this.closed || start !== this.starts) return;
      this.fed = new WorkerClient(startWorker, input, this.options(), listener);
      started(this.fed, stamp);
    } catch (error) {
      if (this.closed || start !== this.starts) return;
      const reason = error instanceof Error ? error.message : String(error);
      listener.failed(message('The file cannot be read: {0}', reason), 0);
    }
  }

  private originChanged(change: FileChange): void {
    if (change === 'deleted') {
      this.stopReload();
      this.noteFile({
        code: 'file-deleted',
        severity: 'warning',
        message: message('The file was deleted. What was read before is shown.'),
      });
    } else this.scheduleReload();
  }

  private noteFile(notice: Notice | null): void {
    if (this.fileNotice === notice) return;
    this.fileNotice = notice;
    if (this.read !== null) this.changed.fire('progress');
  }

  /** A file that is being written changes all the time: reading it takes at most a third of the time. */
  private scheduleReload(): void {
    if (this.origin.manner === 'eager') {
      this.stopReload();
      this.starts++;
      this.reloadTimer = setTimeout(() => void this.reload(), TYPING_MS);
    } else this.reloadTimer ??= setTimeout(() => void this.reload(), Math.max(500, 2 * this.readMs));
  }

  /** Tells the worker what was edited; returns false where it is to get the whole. */
  private async edit(): Promise<boolean> {
    const { current, origin } = this;
    if (current === null || current.isOver || this.fed !== current) return false;
    const stamp = await origin.stamp();
    if (this.closed || this.current !== current || this.fed !== current) return false;
    const edits = origin.edits?.() ?? null;
    if (edits === null) return false;
    this.startedAt = Date.now();
    this.told = [...this.told, { revision: current.edit(edits), stamp }];
    return true;
  }

  private async reload(): Promise<void> {
    this.reloadTimer = undefined;
    if (this.origin.manner === 'eager' && (await this.edit())) return;
    if (this.failed !== null) {
      this.restart();
      return;
    }
    if (this.origin.manner === 'polite' && (this.busy || this.next !== null)) {
      this.scheduleReload();
      return;
    }
    const stamp = await this.origin.stamp().catch(() => null);
    if (this.closed || stamp === null) return;
    if (stamp === this.stamp) {
      this.noteFile(null);
      return;
    }
    let reader: WorkerClient | null = null;
    await this.start(
      {
        progress: (summary, revision) => {
          // It goes on telling of what it does in the background once everything is read.
          if (this.current === reader) this.progress(summary, revision);
          else if (summary.done) this.takeOver(summary);
        },
        failed: (reason, revision) => {
          if (this.current === reader) this.fail(reason, revision);
          else this.reloadFailed(reason);
        },
      },
      (client, version) => {
        this.next = reader = client;
        this.nextStamp = version;
      },
    );
  }

  private reloadFailed(reason: Message): void {
    this.next?.dispose();
    this.next = null;
    if (this.origin.manner === 'eager') {
      // The text is before the user's eyes: what was in it is nothing to go on with.
      this.current?.dispose();
      this.current = null;
      this.stamp = this.nextStamp;
      this.told = [];
      this.fail(reason, 0);
      return;
    }
    this.noteFile({
      code: 'file-changed',
      severity: 'warning',
      message: message(
        'The file has changed and cannot be opened any more ({0}). What was read before is shown.',
        reason,
      ),
    });
  }

  private takeOver(summary: CaptureSummary): void {
    this.current?.dispose();
    this.current = this.next;
    this.stamp = this.nextStamp;
    this.next = null;
    this.told = [];
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
