import { consume, el, setAttribute, setClass, setText } from '../dom';
import { t } from '../l10n';
import { VirtualList } from './virtualList';

export interface TableColumn<R> {
  readonly id: string;
  readonly title: string;
  /** What the short title means. */
  readonly hint?: string;
  /** CSS grid track. */
  readonly track: string;
  readonly align: 'left' | 'right';
  /** Narrowest table that shows it, in pixels. */
  readonly from: number;
  readonly fill: (cell: HTMLElement, row: R) => void;
}

export interface TableOptions<R, C extends TableColumn<R>> {
  /** Name of the table for screen readers. */
  readonly label: string;
  /** Class of the tables of this kind; the ids of its rows begin with it. */
  readonly name: string;
  readonly columns: readonly C[];
  readonly rowHeight: number;
  /** `undefined` while the row is on its way. */
  readonly rowAt: (index: number) => R | undefined;
  /** Says a row as a sentence. */
  readonly sentence: (row: R) => string;
  readonly pendingSentence: (index: number) => string;
  /** Attribute and classes that tell a row apart. */
  readonly mark: (element: HTMLElement, row: R | undefined) => string;
  /** What stands in a column's head, where that is more than its title. */
  readonly head?: (column: C, label: HTMLElement) => HTMLElement;
  readonly onView: (start: number, end: number) => void;
  /** The cursor was moved to a row by the user. */
  readonly onMove: (index: number) => void;
  /** A row was opened: Enter, double click. */
  readonly onOpen: (index: number) => void;
}

let nextId = 0;

class TableRow {
  constructor(
    readonly element: HTMLElement,
    readonly cells: readonly HTMLElement[],
  ) {}
}

/** A long table with a cursor: rows of one height through recycled elements, columns as tracks of one grid. */
export class Table<R, C extends TableColumn<R>> {
  readonly scroller: HTMLElement;
  readonly list: VirtualList<TableRow>;
  readonly heads: readonly HTMLElement[];
  /** Index of the chosen row, -1 for none. */
  cursor = -1;
  private readonly resize: ResizeObserver;
  private made: TableRow[] = [];
  private chosen: ReadonlySet<string> | null = null;
  private tracks = '';
  private shown: readonly boolean[];

  constructor(private readonly options: TableOptions<R, C>) {
    const { columns, label } = options;
    this.shown = columns.map(() => true);
    this.heads = columns.map((column, i) => this.head(column, i));
    this.scroller = el('div', {
      class: 'table-scroller',
      tabindex: 0,
      role: 'grid',
      'aria-label': label,
      'aria-colcount': columns.length,
    });
    this.list = new VirtualList({
      scroller: this.scroller,
      header: el('div', { class: 'heads', role: 'row' }, ...this.heads),
      rowHeight: options.rowHeight,
      create: () => this.create(),
      update: (row, index) => this.update(row, index),
      onView: (start, end) => {
        options.onView(start, end);
        this.describeCursor();
      },
    });
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.scroller);
    this.listen();
  }

  /** Shows these columns alone, as far as there is room. */
  choose(ids: ReadonlySet<string>): void {
    this.chosen = ids;
    this.fit();
  }

  /** Shows the columns that there is room for. */
  fit(): void {
    const width = this.scroller.clientWidth;
    if (width === 0) return;
    const { columns } = this.options;
    const shown = columns.map(({ id, from }) => width >= from && this.chosen?.has(id) !== false);
    const tracks = columns
      .filter((_, i) => shown[i])
      .map(({ track }) => track)
      .join(' ');
    if (tracks === this.tracks) return;
    this.tracks = tracks;
    this.shown = shown;
    this.scroller.style.setProperty('--tracks', tracks);
    // The list drops rows when it gets smaller.
    this.made = this.made.filter(({ element }) => element.isConnected);
    for (const cells of [this.heads, ...this.made.map((row) => row.cells)]) this.hide(cells);
    this.list.refresh();
  }

  focus(): void {
    this.scroller.focus({ preventScroll: true });
  }

  setCount(count: number): void {
    setAttribute(this.scroller, 'aria-rowcount', count + 1);
    this.list.setCount(count);
  }

  /** Moves the cursor as the user does. */
  moveTo(index: number): void {
    const { count } = this.list;
    if (count === 0) return;
    const before = this.cursor;
    this.cursor = Math.min(Math.max(0, index), count - 1);
    this.list.reveal(this.cursor);
    this.list.refreshRow(before);
    this.list.refreshRow(this.cursor);
    this.describeCursor();
    this.options.onMove(this.cursor);
  }

  dispose(): void {
    this.resize.disconnect();
    this.list.dispose();
  }

  private head(column: C, index: number): HTMLElement {
    const label = el('span', { class: 'head-text' }, t(column.title));
    return el(
      'span',
      {
        class: `cell head ${column.id} ${column.align}`,
        role: 'columnheader',
        'aria-colindex': index + 1,
        title: column.hint === undefined ? null : t(column.hint),
      },
      this.options.head?.(column, label) ?? label,
    );
  }

  private create(): TableRow {
    const { columns, name } = this.options;
    const cells = columns.map((column, i) =>
      el('span', { class: `cell ${column.id} ${column.align}`, role: 'gridcell', 'aria-colindex': i + 1 }),
    );
    this.hide(cells);
    const row = new TableRow(el('div', { class: 'row', role: 'row', id: `${name}-${nextId++}` }, ...cells), cells);
    this.made.push(row);
    return row;
  }

  private hide(cells: readonly HTMLElement[]): void {
    cells.forEach((cell, i) => {
      cell.hidden = !this.shown[i]!;
    });
  }

  private update({ element, cells }: TableRow, index: number): void {
    const { options } = this;
    const row = options.rowAt(index);
    const selected = index === this.cursor;
    setAttribute(element, 'data-row', index);
    setAttribute(element, 'aria-rowindex', index + 2);
    setAttribute(element, 'aria-selected', selected ? 'true' : 'false');
    const marks = options.mark(element, row);
    setClass(element, `row${row === undefined ? ' pending' : ''}${selected ? ' selected' : ''}${marks}`);
    if (row === undefined) {
      for (const cell of cells) setText(cell, '');
      setAttribute(element, 'aria-label', options.pendingSentence(index));
      return;
    }
    options.columns.forEach((column, i) => {
      if (this.shown[i]) column.fill(cells[i]!, row);
    });
    setAttribute(element, 'aria-label', options.sentence(row));
  }

  /** Tells assistive technology which row the cursor is on, while that row is in view. */
  private describeCursor(): void {
    const slot = this.cursor < 0 ? undefined : this.list.slotOf(this.cursor);
    setAttribute(this.scroller, 'aria-activedescendant', slot?.element.id);
  }

  private listen(): void {
    const { scroller, list, options } = this;
    scroller.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target !== scroller) return;
      const page = Math.max(1, Math.floor(list.visibleRows) - 1);
      if (event.key === 'ArrowDown') this.moveTo(this.cursor + 1);
      else if (event.key === 'ArrowUp') this.moveTo(this.cursor - 1);
      else if (event.key === 'PageDown') this.moveTo(this.cursor + page);
      else if (event.key === 'PageUp') this.moveTo(this.cursor - page);
      else if (event.key === 'Home') this.moveTo(0);
      else if (event.key === 'End') this.moveTo(list.count - 1);
      else if (event.key === 'Enter' && this.cursor >= 0) options.onOpen(this.cursor);
      else return;
      consume(event);
    });
    scroller.addEventListener('focus', () => {
      if (this.cursor < 0) this.moveTo(0);
    });
    scroller.addEventListener('click', (event) => {
      const index = list.indexOf(event.target);
      if (index >= 0) this.moveTo(index);
    });
    scroller.addEventListener('dblclick', (event) => {
      const index = list.indexOf(event.target);
      if (index >= 0) options.onOpen(index);
    });
  }
}

/** A cell that shows a text, and all of it in its tooltip. */
export const textCell =
  <R>(value: (row: R) => string) =>
  (cell: HTMLElement, row: R): void => {
    const shown = value(row);
    setText(cell, shown);
    setAttribute(cell, 'title', shown);
  };

/** The indices of a range, for `PagedRows.want`. */
export function* indices(start: number, end: number): Iterable<number> {
  for (let i = start; i < end; i++) yield i;
}
