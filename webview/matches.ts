import type { Context } from './context';
import { PagedRows } from './draw/pages';

/** Which rows of one connection the filter finds, as far as they are on screen. */
export class MatchingRows {
  private rows: PagedRows<boolean>;
  private connection = 0;
  private readonly unlisten: () => void;

  constructor(
    private readonly context: Context,
    private readonly onArrive: () => void,
  ) {
    this.rows = this.pages();
    this.unlisten = context.filter.listen((restarted) => {
      if (restarted) this.rows = this.pages();
      else this.rows.refresh();
      onArrive();
    });
  }

  show(connection: number): void {
    if (connection === this.connection) this.rows.refresh();
    else {
      this.connection = connection;
      this.rows = this.pages();
    }
  }

  want(rows: readonly number[]): void {
    if (this.context.filter.active !== '') this.rows.want(rows);
  }

  /** `null` while there is no filter, or it is not known yet. */
  at(row: number): boolean | null {
    return this.context.filter.active === '' ? null : (this.rows.get(row) ?? null);
  }

  dispose(): void {
    this.unlisten();
  }

  private pages(): PagedRows<boolean> {
    const { connection } = this;
    return new PagedRows<boolean>(async (start, end) => {
      const filter = this.context.filter.active;
      const found = new Set(await this.context.client.query('matches', { filter, connection, start, end }));
      return Array.from({ length: end - start }, (_, i) => found.has(start + i));
    }, this.onArrive);
  }
}
