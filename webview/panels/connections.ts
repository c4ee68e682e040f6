import { endpointInFull, endpointLabel } from '../../src/core/format/endpoint';
import { stateText } from '../../src/core/format/state';
import { byteSize, count } from '../../src/core/format/number';
import { capitalised } from '../../src/core/format/text';
import { duration, seconds, utc } from '../../src/core/format/time';
import {
  COMPLETENESS,
  type CompletenessPart,
  type ConnectionRow,
  type Sparkline,
  type PerSide,
} from '../../src/core/model/connection';
import type { Endpoint } from '../../src/core/model/segment';
import type { CaptureSummary } from '../../src/core/model/summary';
import { MAX_ROWS } from '../../src/protocol';
import type { Context, Panel } from '../context';
import { stateGroup } from '../draw/lanes';
import { PagedRows } from '../draw/pages';
import { SparklinePicture } from '../draw/sparkline';
import { indices, Table, type TableColumn, textCell } from '../draw/table';
import { el, oncePerFrame, setAttribute, setChildren, setText, svg } from '../dom';
import { plural, say, t } from '../l10n';
import { Sparklines } from '../sparklines';
import type { Sort } from '../state';

/** Two lines of the verdict fit. */
const ROW_HEIGHT = 34;
/** Sorting needs every row here; above this the list stays in order of first appearance. */
const SORT_LIMIT = 20_000;

interface Column extends TableColumn<ConnectionRow> {
  /** What it is sorted by; a column without it cannot be sorted. */
  readonly key?: (row: ConnectionRow) => number | string;
}

/** The columns, in order. */
const columns = (sparklines: Sparklines): readonly Column[] => [
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
    from: 1400,
    key: (row) => row.startNs,
    fill: (cell, row) => {
      setText(cell, row.start === null ? '' : seconds(row.startNs, 3));
      setAttribute(cell, 'title', isDate(row.start) ? `${utc(row.start)} UTC` : null);
    },
  },
  {
    id: 'duration',
    title: 'Duration',
    track: '82px',
    align: 'right',
    from: 1100,
    key: (row) => row.durationNs ?? 0,
    fill: textCell(durationText),
  },
  {
    id: 'segments',
    title: 'Segments',
    track: '78px',
    align: 'right',
    from: 640,
    key: (row) => row.segments,
    fill: textCell((row) => count(row.segments)),
  },
  {
    id: 'sent',
    title: 'Bytes →',
    hint: 'Payload from client to server',
    track: '88px',
    align: 'right',
    from: 900,
    key: (row) => row.payloadBytes.client,
    fill: textCell((row) => count(row.payloadBytes.client)),
  },
  {
    id: 'received',
    title: '← Bytes',
    hint: 'Payload from server to client',
    track: '88px',
    align: 'right',
    from: 900,
    key: (row) => row.payloadBytes.server,
    fill: textCell((row) => count(row.payloadBytes.server)),
  },
  {
    id: 'throughput',
    title: 'Throughput',
    hint: 'Payload over time: up from the client, down from the server',
    track: '98px',
    align: 'left',
    from: 1180,
    key: throughput,
    fill: (cell, row) => fillSparkline(cell, row, sparklines.get(row)),
  },
  {
    id: 'rtt',
    title: 'RTT',
    hint: 'Round-trip time of the handshake',
    track: '70px',
    align: 'right',
    from: 1280,
    key: (row) => handshakeRtt(row) ?? -1,
    fill: textCell((row) => {
      const rtt = handshakeRtt(row);
      return rtt === null ? '–' : duration(rtt);
    }),
  },
  {
    id: 'states',
    title: 'States',
    hint: 'State of each side at the end: the client above, the server below',
    track: '108px',
    align: 'left',
    from: 1000,
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
    key: verdictText,
    fill: textCell(verdictText),
  },
];

export function connectionsPanel(context: Context): Panel {
  return new ConnectionsPanel(context);
}

/** All connections of the capture in one table. */
class ConnectionsPanel implements Panel {
  readonly element: HTMLElement;
  private readonly table: Table<ConnectionRow, Column>;
  private readonly rows: PagedRows<ConnectionRow>;
  private readonly sparklines: Sparklines;
  private readonly columns: readonly Column[];
  private readonly legend = legend();
  private readonly empty = el('p', { class: 'empty' });
  private readonly unlisten: () => void;
  private summary: CaptureSummary | null = null;
  /** Every row in the chosen order, once sorting asked for them; `null` while the order is the file's. */
  private sorted: readonly ConnectionRow[] | null = null;
  private readonly arrived = oncePerFrame(() => this.table.list.refreshNow());
  private readonly rememberTop = oncePerFrame(() => this.context.store.set({ connectionsTop: this.table.list.top }));

  constructor(private readonly context: Context) {
    this.sparklines = new Sparklines(context.client, () => this.arrived());
    this.columns = columns(this.sparklines);
    this.table = new Table({
      label: t('Connections'),
      name: 'connection',
      columns: this.columns,
      rowHeight: ROW_HEIGHT,
      rowAt: (index) => this.rowAt(index),
      sentence: rowSentence,
      pendingSentence: (index) => t('Connection {0}, loading', index),
      mark: (element, row) => {
        setAttribute(element, 'data-connection', row?.connection);
        return (row?.problems ?? 0) > 0 ? ' has-problems' : '';
      },
      head: (column, label) => this.sortButton(column, label),
      onView: (start, end) => {
        if (this.sorted === null) this.rows.want(indices(start, end));
        const there = Array.from(indices(start, end), (index) => this.rowAt(index));
        this.sparklines.want(there.filter((row) => row !== undefined));
        this.rememberTop();
      },
      onMove: () => this.choose(),
      onOpen: (index) => this.open(index),
    });
    this.element = el('div', { class: 'connections' }, this.table.scroller, this.legend, this.empty);
    this.empty.hidden = true;
    this.rows = new PagedRows<ConnectionRow>(
      (start, end) => this.load(start, end),
      () => this.arrived(),
    );
    this.unlisten = context.filter.listen((restarted) => this.filtered(restarted));
  }

  show(focus: boolean): void {
    this.table.fit();
    if (focus) this.table.focus();
  }

  progress(summary: CaptureSummary): void {
    const first = this.summary === null;
    const before = this.summary?.connections ?? 0;
    const wasDone = this.summary?.done ?? false;
    this.summary = summary;
    this.element.style.setProperty('--digits', `${16 + 7.5 * String(summary.connections).length}px`);
    if (summary.connections !== before || !wasDone) this.reload();
    if (first) {
      this.table.list.scrollTo(this.context.store.now.connectionsTop);
      this.table.cursor = this.context.store.now.connection ?? -1;
    }
    if (this.table.cursor < 0 && document.activeElement === this.table.scroller) this.table.moveTo(0);
    this.drawHeads();
  }

  connection(row: ConnectionRow | null): void {
    const { table } = this;
    if (row === null || this.rowAt(table.cursor)?.connection === row.connection) return;
    table.cursor = this.indexOf(row.connection);
    if (table.cursor >= 0) table.list.reveal(table.cursor, true);
    else void this.seek(row.connection);
    table.list.refresh();
  }

  step(_what: 'segment' | 'problem', direction: 1 | -1): void {
    this.table.moveTo(this.table.cursor + direction);
  }

  dispose(): void {
    this.unlisten();
    this.sparklines.dispose();
    this.table.dispose();
  }

  /** The filter, while it has a text and is not wrong. */
  private get filter(): string {
    return this.context.filter.active;
  }

  /** Connections in the table: all, or those that the filter has found so far. */
  private get total(): number {
    return this.filter === '' ? (this.summary?.connections ?? 0) : (this.context.filter.progress?.connections ?? 0);
  }

  private load(start: number, end: number): Promise<readonly ConnectionRow[]> {
    const { client } = this.context;
    const { filter } = this;
    return filter === ''
      ? client.query('connections', { start, end })
      : client.query('connectionsWith', { filter, start, end });
  }

  /** Shows what there is now: other connections, more of them, or another order. */
  private reload(): void {
    const { table } = this;
    this.rows.refresh();
    this.sorted = null;
    table.setCount(this.total);
    table.list.refresh();
    const { sort } = this.context.store.now;
    if (this.sortable && sort !== null) void this.sort(sort);
    this.drawHeads();
    const { summary, filter } = this;
    const complete = summary?.done === true && (filter === '' || this.context.filter.progress?.done === true);
    this.empty.hidden = !complete || this.total > 0;
    table.scroller.hidden = !this.empty.hidden;
    this.legend.hidden = table.scroller.hidden;
    if (summary !== null && !this.empty.hidden)
      setChildren(this.empty, ...(filter === '' || summary.connections === 0 ? emptyText(summary) : noMatch()));
  }

  private filtered(restarted: boolean): void {
    const { table } = this;
    if (restarted) {
      this.rows.forget();
      table.cursor = -1;
      table.list.scrollTo(0);
    }
    this.reload();
    if (this.filter === '' && table.cursor < 0) {
      table.cursor = this.context.store.now.connection ?? -1;
      if (table.cursor >= 0) table.list.reveal(table.cursor, true);
    }
  }

  /** Where a connection is in the table; -1 where that is not known, or it is not there. */
  private indexOf(connection: number): number {
    if (this.sorted !== null) return this.sorted.findIndex((row) => row.connection === connection);
    return this.filter === '' ? connection : -1;
  }

  /** Takes the cursor to a connection that is somewhere among those that the filter has found. */
  private async seek(connection: number): Promise<void> {
    const { filter } = this;
    if (filter === '' || this.sorted !== null) return;
    const found = await this.context.client.query('connectionIndex', { filter, connection }).catch(() => null);
    const isWanted = this.filter === filter && this.context.store.now.connection === connection;
    if (found?.has !== true || !isWanted || this.sorted !== null) return;
    this.table.cursor = found.index;
    this.table.list.reveal(found.index, true);
    this.table.list.refresh();
  }

  private get sortable(): boolean {
    if (this.summary?.done !== true || this.total > SORT_LIMIT) return false;
    return this.filter === '' || this.context.filter.progress?.done === true;
  }

  private sortButton(column: Column, label: HTMLElement): HTMLElement {
    if (column.key === undefined) return label;
    const name = t(column.hint ?? column.title);
    const sort = el('button', { class: 'sort', 'aria-label': t('Sort by {0}', name) }, label);
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
    return sort;
  }

  private drawHeads(): void {
    const { sort } = this.context.store.now;
    this.element.classList.toggle('sortable', this.sortable);
    this.columns.forEach((column, i) => {
      const active = this.sorted !== null && sort?.column === column.id ? sort : null;
      setAttribute(
        this.table.heads[i]!,
        'aria-sort',
        active === null ? null : active.descending ? 'descending' : 'ascending',
      );
      const button = this.table.heads[i]!.querySelector('button');
      if (button !== null) button.disabled = !this.sortable;
    });
  }

  private async sort(sort: Sort | null): Promise<void> {
    const column = this.columns.find(({ id }) => id === sort?.column);
    const { table } = this;
    const chosen = this.rowAt(table.cursor)?.connection ?? null;
    if (sort === null || column?.key === undefined || this.summary === null) this.sorted = null;
    else if (this.sortable) {
      const { filter } = this;
      const rows = await this.all(this.total).catch(() => null);
      if (rows === null || this.context.store.now.sort !== sort || this.filter !== filter) return;
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
    if (chosen !== null) table.cursor = this.indexOf(chosen);
    this.drawHeads();
    if (table.cursor >= 0) table.list.reveal(table.cursor, true);
    table.list.refreshNow();
  }

  private async all(total: number): Promise<ConnectionRow[]> {
    const rows: ConnectionRow[] = [];
    for (let start = 0; start < total; start += MAX_ROWS)
      rows.push(...(await this.load(start, Math.min(total, start + MAX_ROWS))));
    return rows;
  }

  private rowAt(index: number): ConnectionRow | undefined {
    return index < 0 ? undefined : this.sorted === null ? this.rows.get(index) : this.sorted[index];
  }

  /** The connection at a place in the table; where its row is not here (any more, or yet), its number is its index. */
  private connectionAt(index: number): number | null {
    return this.rowAt(index)?.connection ?? (this.sorted === null && this.filter === '' && index >= 0 ? index : null);
  }

  /** Tells everybody which connection the cursor is on. */
  private choose(): void {
    const connection = this.connectionAt(this.table.cursor);
    if (connection !== null && connection !== this.context.store.now.connection)
      this.context.store.set({ connection, row: null, top: 0, unfolded: [] });
  }

  private open(index: number): void {
    this.table.cursor = index;
    const connection = this.connectionAt(index);
    if (connection !== null) this.context.open(connection, null);
  }
}

/** The port is what tells connections apart: a long address is cut before it. */
function fillEndpoint(cell: HTMLElement, endpoint: Endpoint, mark: string): void {
  const label = endpointLabel(endpoint);
  const port = label.lastIndexOf(':');
  const parts: HTMLElement[] =
    cell.childElementCount === 2 ? [...cell.children].map((part) => part as HTMLElement) : [];
  if (parts.length === 0) {
    parts.push(el('span', { class: 'address' }), el('span', { class: 'port' }));
    setChildren(cell, ...parts);
  }
  setText(parts[0]!, label.slice(0, port));
  setText(parts[1]!, label.slice(port) + mark);
  setAttribute(cell, 'title', endpointInFull(endpoint) + mark);
}

const verdictText = (row: ConnectionRow): string => capitalised(say(row.verdict.brief));

/** A capture can have its last segment before its first, and a text no times. */
const durationText = ({ durationNs }: ConnectionRow): string =>
  durationNs === null ? '' : durationNs < 0 ? t('not in order') : duration(durationNs);

/** Time of a handshake that there was: a refusal is answered in a round trip too, but opens nothing. */
const handshakeRtt = (row: ConnectionRow): number | null =>
  row.completeness.includes('SYN-ACK') ? row.handshakeRttNs : null;

/** Bytes of payload a second, both ways; 0 where there is no time to count by. */
function throughput({ payloadBytes, durationNs }: ConnectionRow): number {
  return durationNs === null || durationNs <= 0 ? 0 : ((payloadBytes.client + payloadBytes.server) * 1e9) / durationNs;
}

const pictures = new WeakMap<HTMLElement, SparklinePicture>();

function fillSparkline(cell: HTMLElement, row: ConnectionRow, data: Sparkline | null): void {
  let picture = pictures.get(cell);
  if (picture === undefined || !cell.contains(picture.element)) {
    picture = new SparklinePicture();
    pictures.set(cell, picture);
    setChildren(cell, picture.element);
  }
  picture.draw(data);
  const rate = throughput(row);
  setAttribute(cell, 'title', rate === 0 ? null : t('{0} per second on average', byteSize(Math.round(rate))));
}

const stateTexts = ({ state, assumed }: ConnectionRow): PerSide<string> => ({
  client: stateText({ state: state.client, assumed: assumed.client }),
  server: stateText({ state: state.server, assumed: assumed.server }),
});

function fillStates(cell: HTMLElement, row: ConnectionRow): void {
  const { state } = row;
  const { client, server } = stateTexts(row);
  setChildren(
    cell,
    el('span', { class: `state-${stateGroup(state.client)}` }, client),
    el('span', { class: `state-${stateGroup(state.server)}` }, server),
  );
  setAttribute(cell, 'title', t('Client {0}, server {1}', client, server));
}

/** Each part of a connection as a small bar, full where it was captured, hollow where not; a reset is a cross. */
function partsPicture(has: ReadonlySet<CompletenessPart>): SVGElement {
  const picture = svg('svg', { class: 'parts', width: 44, height: 14, 'aria-hidden': 'true' });
  COMPLETENESS.forEach((part, i) => {
    const x = 1 + i * 7;
    const state = `${part.toLowerCase()} ${has.has(part) ? 'on' : 'off'}`;
    if (part !== 'RST') picture.append(svg('rect', { class: state, x: x + 0.5, y: 1.5, width: 4, height: 11 }));
    else if (has.has(part)) picture.append(svg('path', { class: state, d: `M${x} 3l7 8m0 -8l-7 8` }));
  });
  return picture;
}

function fillCompleteness(cell: HTMLElement, row: ConnectionRow): void {
  const key = row.completeness.join();
  if (cell.dataset['parts'] === key && cell.firstChild !== null) return;
  cell.dataset['parts'] = key;
  const has = new Set(row.completeness);
  const missing = COMPLETENESS.filter((part) => part !== 'RST' && !has.has(part));
  setAttribute(
    cell,
    'title',
    missing.length === 0
      ? t('Captured: {0}', row.completeness.join(', '))
      : t('Captured: {0}; not: {1}', row.completeness.join(', ') || t('nothing'), missing.join(', ')),
  );
  setChildren(cell, partsPicture(has));
}

/** What the pictures in the rows mean. */
function legend(): HTMLElement {
  return el(
    'p',
    { class: 'legend', role: 'note' },
    el('b', {}, t('Parts')),
    ' ',
    partsPicture(new Set(COMPLETENESS)),
    el('span', {}, t('from left to right: SYN, SYN-ACK, ACK, data, FIN; × a reset')),
    partsPicture(new Set<CompletenessPart>(['SYN'])),
    el('span', {}, t('hollow: not captured')),
    el('b', { class: 'of-throughput' }, t('Throughput')),
    el('span', { class: 'of-throughput' }, t('up: from the client, down: from the server')),
  );
}

function fillProblems(cell: HTMLElement, row: ConnectionRow): void {
  setText(cell, row.problems === 0 ? '–' : `⚠ ${count(row.problems)}`);
  const kinds = Object.entries(row.notes)
    .filter(([, n]) => n > 0)
    .map(([kind, n]) => `${t(kind)}: ${count(n)}`);
  setAttribute(cell, 'title', kinds.join('\n'));
}

function rowSentence(row: ConnectionRow): string {
  const { client, server } = stateTexts(row);
  const sentence = t(
    'Connection {0}, {1} to {2}, {3}, {4}. {5}.',
    row.connection,
    endpointLabel(row.client),
    endpointLabel(row.server),
    plural(row.segments, '{0} segment', '{0} segments', count(row.segments)),
    plural(row.problems, '{0} problem', '{0} problems', count(row.problems)),
    capitalised(say(row.verdict.sentence)),
  );
  return `${sentence} ${t('Client {0}, server {1}.', client, server)}`;
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

const noMatch = (): (Node | string)[] => [el('b', {}, t('No connection has a packet that the filter finds.'))];

/** Whether a time is a date: times of the day, and those since the first packet, are less than a year. */
const isDate = (start: string | null): start is string => start !== null && Number(start) > 366 * 86_400;
