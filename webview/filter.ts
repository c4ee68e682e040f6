import { type FilterProgress, isOutgrown } from '../src/core/model/filter';
import type { CaptureSummary } from '../src/core/model/summary';
import type { TraceClient } from './rpc';
import type { Store } from './state';

/** Texts that are kept in the history. */
const HISTORY = 20;

/** Hears what the filter has found; `restarted` where all that was shown by it before is of another one. */
type Listener = (restarted: boolean) => void;

/** The filter that all tabs share: runs it by asking until it is done, and tells how far it is. */
export class FilterModel {
  /** `null` while there is no filter. */
  progress: FilterProgress | null = null;
  private readonly listeners = new Set<Listener>();
  private summary: CaptureSummary | null = null;
  private run = 0;

  constructor(
    private readonly client: TraceClient,
    private readonly store: Store,
  ) {}

  /** The text of the filter that is in force; empty for none, and for one that is wrong. */
  get active(): string {
    return this.progress === null || this.progress.faults.length > 0 ? '' : this.store.now.filter;
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Filters by a text from now on; the empty one shows everything. */
  apply(text: string): void {
    const filter = text.trim();
    const { filterHistory } = this.store.now;
    this.store.set({
      filter,
      filterHistory:
        filter === ''
          ? filterHistory
          : [filter, ...filterHistory.filter((known) => known !== filter)].slice(0, HISTORY),
    });
    void this.start(true);
  }

  /** The capture has been read further. */
  read(summary: CaptureSummary): void {
    const first = this.summary === null;
    this.summary = summary;
    if (this.store.now.filter === '' || summary.frames === 0) return;
    if (first || isOutgrown(this.progress?.total ?? 0, summary.frames, summary.done))
      void this.start(first || this.progress === null);
  }

  dispose(): void {
    this.run++;
    this.listeners.clear();
  }

  private async start(restarted: boolean): Promise<void> {
    const run = ++this.run;
    const { filter: text } = this.store.now;
    const packets = this.summary?.frames ?? 0;
    let changed = restarted;
    if (text === '' || packets === 0) {
      this.progress = null;
      this.tell(changed);
      return;
    }
    for (;;) {
      const progress = await this.client.query('filter', { text, packets }).catch(() => null);
      if (run !== this.run || progress === null) return;
      this.progress = progress;
      this.tell(changed);
      changed = false;
      if (progress.done) return;
    }
  }

  private tell(restarted: boolean): void {
    for (const listener of [...this.listeners]) listener(restarted);
  }
}
