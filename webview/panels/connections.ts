import { endpointInFull, endpointLabel } from '../../src/core/format/endpoint';
import { stateText } from '../../src/core/format/state';
import { count } from '../../src/core/format/number';
import { capitalised } from '../../src/core/format/text';
import { duration, seconds, utc } from '../../src/core/format/time';
import { COMPLETENESS, type ConnectionRow } from '../../src/core/model/connection';
import type { Endpoint } from '../../src/core/model/segment';
import type { CaptureSummary } from '../../src/core/model/summary';
import { MAX_ROWS } from '../../src/protocol';
import type { Context, Panel } from '../context';
import { stateGroup } from '../draw/lanes';
import { PagedRows } from '../draw/pages';
import { VirtualList } from '../draw/virtualList';
import { consume, el, oncePerFrame, setAttribute, setChildren, setClass, setText, svg } from '../dom';
import { plural, say, t } from '../l10n';
import type { Sort } from '../state';

/** Two lines of the verdict fit. */
const ROW_HEIGHT = 34;
/** Sorting needs every row here; above this the list stays in order of first appearance. */
const SORT_LIMIT = 20_000;

interface Column {
  readonly id: string;
  readonly title: string;
  /** What the short title means. */
  readonly hint?: string;
  /** CSS grid track. */
  readonly track: string;
  readonly align: 'left' | 'right';
  /** Narrowest table that shows it, in pixels. */
  readonly from: number;
  /** What it is sorted by; a column without it cannot be sorted. */
  readonly key?: (row: ConnectionRow) => number | string;
  readonly fill: (cell: HTMLElement, row: ConnectionRow) => void;
}

const text =
  (value: (row: ConnectionRow) => string) =>
  (cell: HTMLElement, row: ConnectionRow): void => {
    const shown = value(row);
    setText(cell, shown);
    setAttribute(cell, 'title', shown);
  };

/** The columns, in order. */
const COLUMNS: readonly Column[] = [
  {
    id: 'number',
    title: '#',
    hint: 'Number',
    track: 'max(44px, var(--digits))',
    align: 'right',
    from: 0,
    key: (row) => row.connection,
    fill: (cell, row) => setText(cell, String(row.connection)),
  },
  {
    id: 'client',
    title: 'Client',
    track: 'minmax(90px, 1.25fr)',
    align: 'left',
    from: 0,
    key: (row) => endpointLabel(row.client),
    fill: (cell, row) => fillEndpoint(cell, row.client, row.partial ? ' ?' : ''),
  },
  {
    id: 'server',
    title: 'Server',
    track: 'minmax(90px, 1.25fr)',
    align: 'left',
    from: 0,
    key: (row) => endpointLabel(row.server),
    fill: (cell, row) => fillEndpoint(cell, row.server, ''),
  },
  {
    id: 'start',
    title: 'Start (s)',
    hint: 'Seconds since the first packet',
    track: '84px',
    align: 'right',
    from: 1120,
    key: (row) => row.startNs,
    fill: (cell, row) => {
      setText(cell, seconds(row.startNs, 3));
      setAttribute(cell, 'title', `${utc(row.start)} UTC`);
    },
  },
  {
    id: 'duration',
    title: 'Duration',
    track: '82px',
    align: 'right',
    from: 980,
    key: (row) => row.durationNs,
    fill: text((row) => duration(row.durationNs)),
  },
  {
    id: 'segments',
    title: 'Segments',
    track: '78px',
    align: 'right',
    from: 640,
    key: (row) => row.segments,
    fill: text((row) => count(row.segments)),
  },
  {
    id: 'sent',
    title: 'Bytes →',
    hint: 'Payload from client to server',
    track: '88px',
    align: 'right',
    from: 900,
    key: (row) => row.payloadBytes.client,
    fill: text((row) => count(row.payloadBytes.client)),
  },
  {
    id: 'received',
    title: '← Bytes',
    hint: 'Payload from server to client',
    track: '88px',
    align: 'right',
    from: 900,
    key: (row) => row.payloadBytes.server,
    fill: text((row) => count(row.payloadBytes.server)),
  },
  {
    id: 'rtt',
    title: 'RTT',
    hint: 'Round-trip time of the handshake',
    track: '70px',
    align: 'right',
    from: 1200,
    key: (row) => row.handshakeRttNs ?? -1,
    fill: text((row) => (row.handshakeRttNs === null ? '–' : duration(row.handshakeRttNs))),
  },
  {
    id: 'states',
    title: 'Client · Server state',
    hint: 'State of each side at the end',
    track: '182px',
    align: 'left',
    from: 1560,
    key: (row) => `${row.state.client} ${row.state.server}`,
    fill: fillStates,
  },
  {
    id: 'completeness',
    title: 'Parts',
    hint: 'Which parts of a connection were captured',
    track: '56px',
    align: 'left',
    from: 760,
    key: (row) => row.completeness.length,
    fill: fillCompleteness,
  },
  {
    id: 'problems',
    title: '⚠',
    hint: 'Problems',
    track: '78px',
    align: 'right',
    from: 0,
    key: (row) => row.problems,
    fill: fillProblems,
  },
  {
    id: 'verdict',
    title: 'What happened',
    track: 'minmax(120px, 2fr)',
    align: 'left',
    from: 440,
    fill: text((row) => capitalised(say(row.verdict.brief))),
  },
];

let nextId = 0;

class TableRow {
  readonly element: HTMLElement;
  readonly cells: readonly HTMLElement[];

  constructor() {
    this.cells = COLUMNS.map((column, i) =>
      el('span', { class: `cell ${column.id} ${column.align}`, role: 'gridcell', 'aria-colindex': i + 1 }),
    );
    this.element = el('div', { class: 'row', role: 'row', id: `connection-${nextId++}` }, ...this.cells);
  }
}

export function connectionsPanel(context: Context): Panel {
  return new ConnectionsPanel(context);
}

/** All connections of the capture in one table. */
class ConnectionsPanel implements Panel {
  readonly element: HTMLElement;
  private readonly scroller: HTMLElement;
  private readonly heads: readonly HTMLElement[];
  private readonly list: VirtualList<TableRow>;
  private readonly rows: PagedRows<ConnectionRow>;
  private readonly empty = el('p', { class: 'empty' });
  private readonly resize: ResizeObserver;
  private summary: CaptureSummary | null = null;
  /** Every row in the chosen order, once sorting asked for them; `null` while the order is the file's. */
  private sorted: readonly ConnectionRow[] | null = null;
  private cursor = -1;
  private shownColumns = '';
  private readonly arrived = oncePerFrame(() => this.list.refreshNow());
  private readonly rememberTop = oncePerFrame(() => this.context.store.set({ connectionsTop: this.list.top }));

  constructor(private readonly context: Context) {
    this.heads = COLUMNS.map((column, i) => this.head(column, i));
    const header = el('div', { class: 'heads', role: 'row' }, ...this.heads);
    this.scroller = el('div', {
      class: 'table-scroller',
      tabindex: 0,
      role: 'grid',
      'aria-label': t('Connections'),
      'aria-colcount': COLUMNS.length,
    });
    this.element = el('div', { class: 'connections' }, this.scroller, this.empty);
    this.empty.hidden = true;
    this.rows = new PagedRows<ConnectionRow>(
      (start, end) => context.client.query('connections', { start, end }),
      () => this.arrived(),
    );
    this.list = new VirtualList({
      scroller: this.scroller,
      header,
      rowHeight: ROW_HEIGHT,
      create: () => new TableRow(),
      update: (row, index) => this.update(row, index),
      onView: (start, end) => this.viewed(start, end),
    });
    this.resize = new ResizeObserver(() => this.columns());
    this.resize.observe(this.scroller);
    this.listen();
  }

  show(focus: boolean): void {
    this.columns();
    if (focus) this.scroller.focus({ preventScroll: true });
  }

  progress(summary: CaptureSummary): void {
    const first = this.summary === null;
    const before = this.summary?.connections ?? 0;
    const wasDone = this.summary?.done ?? false;
    this.summary = summary;
    setAttribute(this.scroller, 'aria-rowcount', summary.connections + 1);
    this.element.style.setProperty('--digits', `${16 + 7.5 * String(summary.connections).length}px`);
    if (summary.connections !== before || !wasDone) {
      this.rows.refresh();
      this.sorted = null;
      this.list.setCount(summary.connections);
      this.list.refresh();
    }
    if (first) {
      this.list.scrollTo(this.context.store.now.connectionsTop);
      this.cursor = this.context.store.now.connection ?? -1;
    }
    if (summary.done && this.context.store.now.sort !== null && this.sorted === null)
      void this.sort(this.context.store.now.sort);
    if (this.cursor < 0 && document.activeElement === this.scroller) this.moveTo(0);
    this.drawHeads();
    this.empty.hidden = !summary.done || summary.connections > 0;
    this.scroller.hidden = !this.empty.hidden;
    if (!this.empty.hidden) setChildren(this.empty, ...emptyText(summary));
  }

  connection(row: ConnectionRow | null): void {
    if (row === null || this.rowAt(this.cursor)?.connection === row.connection) return;
    this.cursor =
      this.sorted === null ? row.connection : this.sorted.findIndex((other) => other.connection === row.connection);
    if (this.cursor >= 0) this.list.reveal(this.cursor, true);
    this.list.refresh();
  }

  step(_what: 'segment' | 'problem', direction: 1 | -1): void {
    this.moveTo(this.cursor + direction);
  }

  dispose(): void {
    this.resize.disconnect();
    this.list.dispose();
  }

  private get sortable(): boolean {
    return this.summary !== null && this.summary.done && this.summary.connections <= SORT_LIMIT;
  }

  private head(column: Column, index: number): HTMLElement {
    const name = t(column.title);
    const label = el('span', { class: 'head-text' }, name);
    const head = el('span', {
      class: `cell head ${column.id} ${column.align}`,
      role: 'columnheader',
      'aria-colindex': index + 1,
      title: column.hint === undefined ? null : t(column.hint),
    });
    if (column.key === undefined) {
      head.append(label);
      return head;
    }
    const sort = el(
      'button',
      { class: 'sort', 'aria-label': t('Sort by {0}', column.hint === undefined ? name : t(column.hint)) },
      label,
    );
    sort.addEventListener('click', () => {
      if (!this.sortable) return;
      const { sort: now } = this.context.store.now;
      // Third click: back to the order of first appearance.
      const next: Sort | null =
        now?.column !== column.id
          ? { column: column.id, descending: false }
          : now.descending
            ? null
            : { column: column.id, descending: true };
      this.context.store.set({ sort: next });
      void this.sort(next);
    });
    head.append(sort);
    return head;
  }

  private drawHeads(): void {
    const { sort } = this.context.store.now;
    this.element.classList.toggle('sortable', this.sortable);
    COLUMNS.forEach((column, i) => {
      const active = this.sorted !== null && sort?.column === column.id ? sort : null;
      setAttribute(
        this.heads[i]!,
        'aria-sort',
        active === null ? null : active.descending ? 'descending' : 'ascending',
      );
      const button = this.heads[i]!.querySelector('button');
      if (button !== null) button.disabled = !this.sortable;
    });
  }

  private async sort(sort: Sort | null): Promise<void> {
    const column = COLUMNS.find(({ id }) => id === sort?.column);
    const chosen = this.rowAt(this.cursor)?.connection ?? null;
    if (sort === null || column?.key === undefined || this.summary === null) this.sorted = null;
    else if (this.sortable) {
      const rows = await this.all(this.summary.connections).catch(() => null);
      if (rows === null || this.context.store.now.sort !== sort) return;
      const keys = new Map(rows.map((row) => [row, column.key!(row)] as const));
      const compare = (a: ConnectionRow, b: ConnectionRow): number => {
        const [x, y] = [keys.get(a)!, keys.get(b)!];
        const order =
          typeof x === 'number' && typeof y === 'number'
            ? x - y
            : String(x).localeCompare(String(y), undefined, { numeric: true });
        return (sort.descending ? -order : order) || a.connection - b.connection;
      };
      this.sorted = [...rows].sort(compare);
    }
    this.cursor =
      chosen === null ? -1 : this.sorted === null ? chosen : this.sorted.findIndex((row) => row.connection === chosen);
    this.drawHeads();
    if (this.cursor >= 0) this.list.reveal(this.cursor, true);
    this.list.refreshNow();
  }

  private async all(total: number): Promise<ConnectionRow[]> {
    const rows: ConnectionRow[] = [];
    for (let start = 0; start < total; start += MAX_ROWS)
      rows.push(...(await this.context.client.query('connections', { start, end: Math.min(total, start + MAX_ROWS) })));
    return rows;
  }

  private rowAt(index: number): ConnectionRow | undefined {
    return index < 0 ? undefined : this.sorted === null ? this.rows.get(index) : this.sorted[index];
  }

  private columns(): void {
    const width = this.scroller.clientWidth;
    if (width === 0) return;
    const shown = COLUMNS.filter((column) => width >= column.from);
    const tracks = shown.map((column) => column.track).join(' ');
    if (tracks === this.shownColumns) return;
    this.shownColumns = tracks;
    this.element.style.setProperty('--tracks', tracks);
    for (const column of COLUMNS) this.element.classList.toggle(`hide-${column.id}`, width < column.from);
  }

  private viewed(start: number, end: number): void {
    if (this.sorted === null) this.rows.want(range(start, end));
    this.describeCursor();
    this.rememberTop();
  }

  /** Tells assistive technology which row the cursor is on, while that row is in view. */
  private describeCursor(): void {
    const slot = this.cursor < 0 ? undefined : this.list.slotOf(this.cursor);
    setAttribute(this.scroller, 'aria-activedescendant', slot?.element.id);
  }

  private moveTo(index: number): void {
    const { count: rows } = this.list;
    if (rows === 0) return;
    const before = this.cursor;
    this.cursor = Math.min(Math.max(0, index), rows - 1);
    this.list.reveal(this.cursor);
    this.list.refreshRow(before);
    this.list.refreshRow(this.cursor);
    this.describeCursor();
    this.choose();
  }

  /** The connection at a place in the table; where its row is not here (any more, or yet), its number is its index. */
  private connectionAt(index: number): number | null {
    return this.rowAt(index)?.connection ?? (this.sorted === null && index >= 0 ? index : null);
  }

  /** Tells everybody which connection the cursor is on. */
  private choose(): void {
    const connection = this.connectionAt(this.cursor);
    if (connection !== null && connection !== this.context.store.now.connection)
      this.context.store.set({ connection, row: null, top: 0, unfolded: [] });
  }

  private open(index: number): void {
    this.cursor = index;
    const connection = this.connectionAt(index);
    if (connection !== null) this.context.open(connection, null);
  }

  private listen(): void {
    const { scroller } = this;
    scroller.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target !== scroller) return;
      const page = Math.max(1, Math.floor(this.list.visibleRows) - 1);
      if (event.key === 'ArrowDown') this.moveTo(this.cursor + 1);
      else if (event.key === 'ArrowUp') this.moveTo(this.cursor - 1);
      else if (event.key === 'PageDown') this.moveTo(this.cursor + page);
      else if (event.key === 'PageUp') this.moveTo(this.cursor - page);
      else if (event.key === 'Home') this.moveTo(0);
      else if (event.key === 'End') this.moveTo(this.list.count - 1);
      else if (event.key === 'Enter' && this.cursor >= 0) this.open(this.cursor);
      else return;
      consume(event);
    });
    scroller.addEventListener('focus', () => {
      if (this.cursor < 0) this.moveTo(0);
    });
    scroller.addEventListener('click', (event) => {
      const index = this.list.indexOf(event.target);
      if (index >= 0) this.moveTo(index);
    });
    scroller.addEventListener('dblclick', (event) => {
      const index = this.list.indexOf(event.target);
      if (index >= 0) this.open(index);
    });
  }

  private update(slot: TableRow, index: number): void {
    const row = this.rowAt(index);
    const { element, cells } = slot;
    setAttribute(element, 'data-row', index);
    setAttribute(element, 'aria-rowindex', index + 2);
    const selected = index === this.cursor;
    setAttribute(element, 'aria-selected', selected ? 'true' : 'false');
    setClass(
      element,
      `row${row === undefined ? ' pending' : ''}${selected ? ' selected' : ''}${(row?.problems ?? 0) > 0 ? ' has-problems' : ''}`,
    );
    setAttribute(element, 'data-connection', row?.connection);
    if (row === undefined) {
      for (const cell of cells) setText(cell, '');
      setAttribute(element, 'aria-label', t('Connection {0}, loading', index));
      return;
    }
    COLUMNS.forEach((column, i) => column.fill(cells[i]!, row));
    setAttribute(element, 'aria-label', rowSentence(row));
  }
}

function* range(start: number, end: number): Iterable<number> {
  for (let i = start; i < end; i++) yield i;
}

function fillEndpoint(cell: HTMLElement, endpoint: Endpoint, mark: string): void {
  setText(cell, endpointLabel(endpoint) + mark);
  setAttribute(cell, 'title', endpointInFull(endpoint) + mark);
}

function fillStates(cell: HTMLElement, row: ConnectionRow): void {
  const { state, assumed } = row;
  const client = stateText({ state: state.client, assumed: assumed.client });
  const server = stateText({ state: state.server, assumed: assumed.server });
  setChildren(
    cell,
    el('span', { class: `state-${stateGroup(state.client)}` }, client),
    el('span', { class: 'dim' }, ' · '),
    el('span', { class: `state-${stateGroup(state.server)}` }, server),
  );
  setAttribute(cell, 'title', t('Client {0}, server {1}', client, server));
}

/** Each part of a connection as a small bar, full where it was captured, hollow where not; a reset is a cross. */
function fillCompleteness(cell: HTMLElement, row: ConnectionRow): void {
  const key = row.completeness.join();
  if (cell.dataset['parts'] === key) return;
  cell.dataset['parts'] = key;
  const has = new Set(row.completeness);
  const picture = svg('svg', { class: 'parts', width: 44, height: 14, 'aria-hidden': 'true' });
  COMPLETENESS.forEach((part, i) => {
    const x = 1 + i * 7;
    const state = `${part.toLowerCase()} ${has.has(part) ? 'on' : 'off'}`;
    if (part !== 'RST') picture.append(svg('rect', { class: state, x: x + 0.5, y: 1.5, width: 4, height: 11 }));
    else if (has.has(part)) picture.append(svg('path', { class: state, d: `M${x} 3l7 8m0 -8l-7 8` }));
  });
  const missing = COMPLETENESS.filter((part) => part !== 'RST' && !has.has(part));
  setAttribute(
    cell,
    'title',
    missing.length === 0
      ? t('Captured: {0}', row.completeness.join(', '))
      : t('Captured: {0}; not: {1}', row.completeness.join(', ') || t('nothing'), missing.join(', ')),
  );
  setChildren(cell, picture);
}

function fillProblems(cell: HTMLElement, row: ConnectionRow): void {
  setText(cell, row.problems === 0 ? '–' : `⚠ ${count(row.problems)}`);
  const kinds = Object.entries(row.notes)
    .filter(([, n]) => n > 0)
    .map(([kind, n]) => `${t(kind)}: ${count(n)}`);
  setAttribute(cell, 'title', kinds.join('\n'));
}

function rowSentence(row: ConnectionRow): string {
  return t(
    'Connection {0}, {1} to {2}, {3}, {4}. {5}.',
    row.connection,
    endpointLabel(row.client),
    endpointLabel(row.server),
    plural(row.segments, '{0} segment', '{0} segments', count(row.segments)),
    plural(row.problems, '{0} problem', '{0} problems', count(row.problems)),
    capitalised(say(row.verdict.sentence)),
  );
}

function emptyText(summary: CaptureSummary): (Node | string)[] {
  const what =
    summary.frames === 0
      ? t('No packets in this capture.')
      : plural(
          summary.frames,
          'No TCP connections in this capture ({0} packet).',
          'No TCP connections in this capture ({0} packets).',
          count(summary.frames),
        );
  return [el('b', {}, what), el('br'), el('span', { class: 'dim' }, summary.format)];
}
