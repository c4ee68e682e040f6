import { message as sentence, type Message } from '../../core/model/message';
import type { CaptureSummary } from '../../core/model/summary';
import type { LineEdit } from '../../core/model/text';
import type { AnalysisOptions, FromWorker, TraceInput, TraceQueries, TraceQuery } from '../../protocol';
import type { AnalysisWorker, StartWorker } from '../platform/platform';

export interface AnalysisListener {
  /** @param revision edits after which the text was what is now answered about; 0 for what was opened */
  progress(summary: CaptureSummary, revision: number): void;
  /** The input cannot be opened, or the worker crashed: no more answers, or, of a text, none until it is edited. */
  failed(message: Message, revision: number): void;
}

/** The worker answers a cancel after the batch or query that it is at, which takes milliseconds; a long query a second. */
const CANCEL_WITHIN_MS = 5000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The host's end of one analysis: typed queries to one worker, each of which is settled, whatever happens to the worker. */
export class WorkerClient {
  private readonly worker: AnalysisWorker;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private lastRevision = 0;
  /** Why there are no more answers. */
  private over: string | null = null;
  private done = false;
  /** Runs while a cancel waits for its answer. */
  private patience: ReturnType<typeof setTimeout> | undefined;

  /** Starts a worker by `start` and opens `input` in it. Bytes that own their buffer are moved, not copied. */
  constructor(
    start: StartWorker,
    input: TraceInput,
    options: AnalysisOptions,
    private readonly listener: AnalysisListener,
    private readonly cancelWithinMs = CANCEL_WITHIN_MS,
  ) {
    this.worker = start({
      message: (message) => this.receive(message),
      crashed: (reason) =>
        this.fail(sentence('The analysis ended unexpectedly: {0}', reason), `the worker ended: ${reason}`),
    });
    this.worker.post({ type: 'open', input, options }, input.kind === 'file' ? [] : movable(input.bytes));
  }

  /** @throws (rejects) with the worker's error, or when the analysis failed, crashed or was disposed of */
  query<Q extends TraceQuery>(query: Q, params: TraceQueries[Q]['params']): Promise<TraceQueries[Q]['result']> {
    return this.relay(query, params) as Promise<TraceQueries[Q]['result']>;
  }

  /** {@link query} for parameters from elsewhere, which the worker checks. */
  relay(query: TraceQuery, params: unknown): Promise<unknown> {
    if (this.over !== null) return Promise.reject(new Error(this.over));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.post({ type: 'query', id, query, params }, []);
    });
  }

  /** There are no more answers. */
  get isOver(): boolean {
    return this.over !== null;
  }

  /** Edits the text that is open, and returns the revision that it then has. */
  edit(edits: readonly LineEdit[]): number {
    const revision = ++this.lastRevision;
    if (this.over === null) {
      this.done = false;
      const buffers = edits.flatMap(({ lines }) => movable(lines));
      this.worker.post({ type: 'edit', revision, edits }, buffers);
    }
    return revision;
  }

  /** Stops reading; what was read keeps answering. A worker that does not stop in time is ended. */
  cancel(): void {
    if (this.over !== null || this.done) return;
    this.worker.post({ type: 'cancel' }, []);
    this.patience ??= setTimeout(() => {
      this.worker.terminate();
      this.fail(sentence('The analysis did not answer and was ended.'), 'the worker did not answer');
    }, this.cancelWithinMs);
  }

  dispose(): void {
    this.worker.terminate();
    this.end('the capture was closed');
  }

  private receive(message: FromWorker): void {
    switch (message.type) {
      case 'progress':
        this.done = message.summary.done && message.revision === this.lastRevision;
        if (message.summary.done) this.calm();
        this.listener.progress(message.summary, message.revision);
        break;
      case 'failed':
        if (message.revision > 0) {
          this.calm();
          this.listener.failed(message.message, message.revision);
          break;
        }
        this.worker.terminate();
        this.fail(message.message, 'the capture could not be opened');
        break;
      case 'answer': {
        const waiting = this.waiting.get(message.id);
        this.waiting.delete(message.id);
        if (message.ok) waiting?.resolve(message.result);
        else waiting?.reject(new Error(message.error));
        break;
      }
    }
  }

  private calm(): void {
    clearTimeout(this.patience);
    this.patience = undefined;
  }

  private fail(message: Message, over: string): void {
    if (this.over !== null) return;
    this.end(over);
    this.listener.failed(message, this.lastRevision);
  }

  private end(over: string): void {
    this.over ??= over;
    this.calm();
    for (const { reject } of this.waiting.values()) reject(new Error(this.over));
    this.waiting.clear();
  }
}

const movable = (bytes: Uint8Array): ArrayBuffer[] =>
  bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer] : [];
