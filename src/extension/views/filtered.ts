import type { ConnectionRow } from '../../core/model/connection';
import { isOutgrown, type FilterProgress } from '../../core/model/filter';
import type { TraceDocument } from '../editor/document';

/** The connections of a trace that its view's filter finds. The worker keeps which they are; here is how many. */
export class FilteredConnections {
  /** The filter that is in force: empty for none, for one that is wrong, and until it is known what one finds. */
  text = '';
  /** How many it finds. */
  found = 0;
  /** The filter that was asked for last. */
  wanted = '';
  private document: TraceDocument | null = null;
  /** Packets that it was asked about. */
  private total = 0;
  private isWrong = false;
  /** Counts what was asked, so that what was overtaken ends quietly. */
  private asked = 0;

  constructor(private readonly onFound: () => void) {}

  /** Whether a filter is being run of which nothing is shown yet. */
  get pending(): boolean {
    return this.wanted !== this.text && !this.isWrong;
  }

  /** Filters by a text from now on, or takes in what has been read since. */
  follow(document: TraceDocument | null, wanted: string): void {
    const isSame = document === this.document && wanted === this.wanted;
    const { frames = 0, done = false } = document?.summary ?? {};
    if (isSame && (wanted === '' || (frames >= this.total && !isOutgrown(this.total, frames, done)))) return;
    this.asked++;
    if (document !== this.document || wanted === '') this.text = '';
    this.document = document;
    this.wanted = wanted;
    this.isWrong = false;
    this.total = frames;
    if (document !== null && wanted !== '' && frames > 0) void this.run(document, this.asked);
  }

  /** The connections `[start, end)` of those that it finds. */
  async rows(document: TraceDocument, start: number, end: number): Promise<ConnectionRow[]> {
    const { text: filter, total } = this;
    const rows = await document.query('connectionsWith', { filter, start, end });
    if (rows.length > 0) return rows;
    // The worker forgets filters that nobody has asked for lately.
    await filterAll(document, filter, total, () => true);
    return document.query('connectionsWith', { filter, start, end });
  }

  dispose(): void {
    this.asked++;
  }

  private async run(document: TraceDocument, asked: number): Promise<void> {
    const { wanted } = this;
    const progress = await filterAll(document, wanted, this.total, () => asked === this.asked).catch(() => null);
    if (progress === null || asked !== this.asked) return;
    const isWrong = progress.faults.length > 0;
    this.isWrong = isWrong;
    this.text = isWrong ? '' : wanted;
    this.found = progress.connections;
    this.onFound();
  }
}

/** Runs a filter to its end, or to where it is no longer wanted: the last that was heard of it. */
export async function filterAll(
  document: TraceDocument,
  text: string,
  packets: number,
  isWanted: () => boolean,
): Promise<FilterProgress> {
  let progress: FilterProgress;
  do progress = await document.query('filter', { text, packets });
  while (!progress.done && isWanted());
  return progress;
}
