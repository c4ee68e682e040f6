/** Rows of one request are kept together and forgotten together. */
const PAGE_ROWS = 16;
/** What is kept: far more than a screen, far less than a large trace. */
const KEPT_PAGES = 512;
/** Requests under way at once; what is wanted after that waits, and only the newest wish counts. */
const MAX_REQUESTS = 6;
/** Rows of one request, well below the protocol's limit. */
const MAX_REQUEST_PAGES = 16;

interface Page<T> {
  readonly rows: readonly T[];
  /** Still shown, but asked for again: the trace knows more by now. */
  stale: boolean;
}

/**
 * Rows of a long table that lives elsewhere: asked for by ranges, kept in a least-recently-used cache of pages.
 * `get` never waits; `want` says what is on screen, and `onArrive` is called when some of it has come.
 */
export class PagedRows<T> {
  private readonly pages = new Map<number, Page<T>>();
  private readonly requested = new Set<number>();
  private requests = 0;
  private wanted: readonly number[] = [];
  private generation = 0;

  constructor(
    private readonly load: (start: number, end: number) => Promise<readonly T[]>,
    private readonly onArrive: () => void,
  ) {}

  get(index: number): T | undefined {
    const number = Math.floor(index / PAGE_ROWS);
    const page = this.pages.get(number);
    return page?.rows[index - number * PAGE_ROWS];
  }

  /** Asks for the rows at these indices, in ascending order, as far as they are not here. */
  want(indices: Iterable<number>): void {
    const numbers: number[] = [];
    for (const index of indices) {
      const number = Math.floor(index / PAGE_ROWS);
      if (index >= 0 && numbers[numbers.length - 1] !== number) numbers.push(number);
    }
    for (const number of numbers) this.touch(number);
    this.wanted = numbers;
    this.ask();
  }

  /** One row, now or as soon as it is there. */
  async fetch(index: number): Promise<T | undefined> {
    const here = this.get(index);
    if (here !== undefined) return here;
    const [row] = await this.load(index, index + 1);
    return row;
  }

  /** Keeps showing what is here, but asks for it again when it is next wanted. */
  refresh(): void {
    this.generation++;
    this.requested.clear();
    for (const page of this.pages.values()) page.stale = true;
  }

  /** Drops what is here: the rows of these indices are others now. */
  forget(): void {
    this.refresh();
    this.pages.clear();
  }

  private touch(number: number): void {
    const page = this.pages.get(number);
    if (page === undefined) return;
    this.pages.delete(number);
    this.pages.set(number, page);
  }

  private missing(number: number): boolean {
    const page = this.pages.get(number);
    return (page === undefined || page.stale) && !this.requested.has(number);
  }

  private ask(): void {
    for (let i = 0; i < this.wanted.length && this.requests < MAX_REQUESTS;) {
      const first = this.wanted[i]!;
      i++;
      if (!this.missing(first)) continue;
      let end = first + 1;
      while (i < this.wanted.length && this.wanted[i] === end && end - first < MAX_REQUEST_PAGES && this.missing(end)) {
        end++;
        i++;
      }
      void this.request(first, end);
    }
  }

  private async request(first: number, end: number): Promise<void> {
    const { generation } = this;
    for (let number = first; number < end; number++) this.requested.add(number);
    this.requests++;
    try {
      const rows = await this.load(first * PAGE_ROWS, end * PAGE_ROWS);
      if (generation !== this.generation) return;
      for (let number = first; number < end; number++) {
        const at = (number - first) * PAGE_ROWS;
        this.pages.delete(number);
        this.pages.set(number, { rows: rows.slice(at, at + PAGE_ROWS), stale: false });
      }
      for (const number of this.pages.keys()) {
        if (this.pages.size <= KEPT_PAGES) break;
        this.pages.delete(number);
      }
      this.onArrive();
    } catch {
      // The rows stay placeholders until they are next wanted; asking again at once could go on for ever.
      this.wanted = this.wanted.filter((number) => number < first || number >= end);
    } finally {
      this.requests--;
      if (generation === this.generation)
        for (let number = first; number < end; number++) this.requested.delete(number);
      this.ask();
    }
  }
}
