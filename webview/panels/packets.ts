import { count } from '../../src/core/format/number';
import { delta, duration, seconds } from '../../src/core/format/time';
import type { ConnectionRow } from '../../src/core/model/connection';
import { loadedPackets } from '../../src/core/model/load';
import type { PacketRow } from '../../src/core/model/packet';
import type { StateName } from '../../src/core/model/states';
import type { CaptureSummary } from '../../src/core/model/summary';
import type { Context, Panel } from '../context';
import { checkbox } from '../controls';
import { stateGroup } from '../draw/lanes';
import { PagedRows } from '../draw/pages';
import { indices, Table, type TableColumn, textCell } from '../draw/table';
import { consume, el, oncePerFrame, setAttribute, setChildren, setText } from '../dom';
import { t } from '../l10n';
import { timeOfDayText } from '../draw/rowTimes';
import type { TimeMode } from '../state';
import { Details } from './details';
import { DetailsSplit } from './detailsSplit';

const ROW_HEIGHT = 22;
/** Keys repeat about every 30 ms: a key that is held down moves faster than details can be read. */
const AFTER_KEY_MS = 50;
/** Packets that are looked through at once for one with a problem. */
const PAGE = 1000;

const stateCell =
  (state: (row: PacketRow) => StateName | null) =>
  (cell: HTMLElement, row: PacketRow): void => {
    const name = state(row);
    setChildren(cell, name === null ? '' : el('span', { class: `state-${stateGroup(name)}` }, name));
  };

/** The columns, in order. Those that are hidden until chosen are not in {@link FIRST_COLUMNS}. */
const columns = (timeOf: (row: PacketRow) => string): readonly TableColumn<PacketRow>[] => [
  {
    id: 'packet',
    title: 'No.',
    hint: 'Packet number',
    track: 'max(46px, var(--digits))',
    align: 'right',
    from: 0,
    fill: (cell, row) => setText(cell, String(row.packet)),
  },
  {
    id: 'time',
    title: 'Time',
    hint: 'As chosen beside the tabs',
    track: '104px',
    align: 'right',
    from: 420,
    fill: textCell(timeOf),
  },
  {
    id: 'delta',
    title: 'Delta',
    hint: 'Since the packet before it in the list',
    track: '82px',
    align: 'right',
    from: 1000,
    fill: textCell((row) => (row.deltaNs === null ? '' : duration(row.deltaNs))),
  },
  {
    id: 'source',
    title: 'Source',
    track: 'minmax(80px, 0.8fr)',
    align: 'left',
    from: 560,
    fill: textCell((row) => row.source),
  },
  {
    id: 'destination',
    title: 'Destination',
    track: 'minmax(80px, 0.8fr)',
    align: 'left',
    from: 560,
    fill: textCell((row) => row.destination),
  },
  {
    id: 'protocol',
    title: 'Protocol',
    track: '72px',
    align: 'left',
    from: 760,
    fill: textCell((row) => row.protocol),
  },
  {
    id: 'bytes',
    title: 'Length',
    hint: 'Length of the packet on the wire',
    track: '62px',
    align: 'right',
    from: 760,
    fill: textCell((row) => count(row.bytes)),
  },
  {
    id: 'connection',
    title: 'Conn.',
    hint: 'Number of the connection',
    track: '54px',
    align: 'right',
    from: 820,
    fill: textCell((row) => (row.connection === null ? '' : `#${row.connection}`)),
  },
  {
    id: 'info',
    title: 'Info',
    track: 'minmax(140px, 2.4fr)',
    align: 'left',
    from: 0,
    fill: textCell((row) => row.info),
  },
  {
    id: 'client',
    title: 'Client',
    hint: 'State of the client after the segment',
    track: '112px',
    align: 'left',
    from: 1040,
    fill: stateCell((row) => row.client),
  },
  {
    id: 'server',
    title: 'Server',
    hint: 'State of the server after the segment',
    track: '112px',
    align: 'left',
    from: 1040,
    fill: stateCell((row) => row.server),
  },
  {
    id: 'notes',
    title: 'Findings',
    track: 'minmax(104px, 0.9fr)',
    align: 'left',
    from: 620,
    fill: textCell((row) => row.notes.map((kind) => t(kind)).join(', ')),
  },
];

/** Shown until the user chooses. */
const FIRST_COLUMNS: readonly string[] = [
  'packet',
  'time',
  'source',
  'destination',
  'protocol',
  'bytes',
  'connection',
  'info',
  'client',
  'server',
  'notes',
];

const STATE_COLUMNS = ['client', 'server'];

function timeText(row: PacketRow, mode: TimeMode, summary: CaptureSummary | null): string {
  if (row.timeNs !== null && summary?.start != null) {
    const ofDay = timeOfDayText(summary.start, row.timeNs, mode, summary.clock);
    if (ofDay !== null) return ofDay;
  }
  if (mode === 'delta') return row.deltaNs === null ? '' : delta(row.deltaNs);
  if (mode === 'connection') return row.connectionNs === null ? '' : seconds(row.connectionNs);
  return row.timeNs === null ? '' : seconds(row.timeNs);
}

export function packetsPanel(context: Context): Panel {
  return new PacketsPanel(context);
}

/** The list of all packets, also those without TCP, or of one connection's, with the details of the chosen one below. */
class PacketsPanel implements Panel {
  readonly element: HTMLElement;
  private readonly table: Table<PacketRow, TableColumn<PacketRow>>;
  private readonly rows: PagedRows<PacketRow>;
  private readonly details: Details;
  private readonly split: DetailsSplit;
  private readonly empty = el('p', { class: 'empty' });
  private readonly scope: HTMLElement & { checked: boolean; disabled: boolean };
  private readonly length = el('span', { class: 'dim' });
  private readonly menu: HTMLDetailsElement;
  private readonly columns: readonly TableColumn<PacketRow>[];
  private readonly unlisten: readonly (() => void)[];
  private summary: CaptureSummary | null = null;
  /** The segment that is chosen here, and so everywhere. */
  private told: ChosenSegment | null;
  private shown = false;
  private asked = 0;
  private seeking = 0;
  private showing = 0;
  /** Chooses the packet under the cursor, once keys no longer move it. */
  private chosen: (() => Promise<void>) | null = null;
  private choosing = Promise.resolve();
  private replaying = false;
  /** Segments whose states have been replayed. */
  private replayed = 0;
  private readonly arrived = oncePerFrame(() => this.table.list.refreshNow());
  private readonly rememberTop = oncePerFrame(() => {
    if (this.shown) this.context.store.set({ packetsTop: this.table.list.top });
  });

  constructor(private readonly context: Context) {
    const { store } = context;
    this.told = store.now.packet === null ? null : store.now;
    this.details = new Details(context);
    this.columns = columns((row) => timeText(row, store.now.time, this.summary));
    this.table = new Table({
      label: t('Packets'),
      name: 'packet',
      columns: this.columns,
      rowHeight: ROW_HEIGHT,
      rowAt: (index) => this.rows.get(index),
      sentence: rowSentence,
      pendingSentence: (index) => t('Packet {0} of the list, loading', index + 1),
      mark: (element, row) => {
        setAttribute(element, 'data-packet', row?.packet);
        return row === undefined
          ? ''
          : `${row.problem ? ' has-problems' : ''}${row.connection === null ? ' other' : ''}`;
      },
      onView: (start, end) => {
        this.rows.want(indices(start, end));
        this.rememberTop();
      },
      onMove: (index) => this.chooseSoon(index),
      onOpen: (index) => void this.open(index),
    });
    this.rows = new PagedRows<PacketRow>(
      (start, end) => context.client.query('packetRows', { ...this.list, start, end }),
      () => this.arrived(),
    );
    this.scope = checkbox(t('This connection only'), store.now.packetsOfConnection, (packetsOfConnection) => {
      // Of which connection is said by the packet that was just clicked, also while that is looked up.
      void this.settled().then(() => store.set({ packetsOfConnection }));
    }) as HTMLElement & { checked: boolean; disabled: boolean };
    this.menu = this.columnMenu();
    this.empty.hidden = true;
    this.element = el('div', { class: 'packets' });
    this.split = new DetailsSplit(context, this.element, this.details);
    this.element.append(
      el('div', { class: 'packets-bar' }, this.scope, this.length, this.menu),
      el('div', { class: 'packets-table' }, this.table.scroller, this.empty),
      this.split.bar,
      this.details.element,
    );
    this.table.scroller.addEventListener('keydown', (event) => {
      if ((event.key !== 'n' && event.key !== 'p') || event.ctrlKey || event.metaKey || event.altKey) return;
      void this.stepProblem(event.key === 'n' ? 1 : -1);
      consume(event);
    });
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.details.element.contains(event.target as Node)) return;
      this.table.focus();
      consume(event);
    });
    this.unlisten = [
      context.filter.listen((restarted) => void this.reload(restarted)),
      store.listen((now, before) => {
        if (now.time !== before.time) this.table.list.refresh();
        if (now.seq !== before.seq) this.details.redraw();
        if (now.packetColumns !== before.packetColumns) this.chooseColumns();
        if (
          now.packetsOfConnection !== before.packetsOfConnection ||
          (now.packetsOfConnection && now.connection !== before.connection)
        )
          void this.reload(true);
      }),
    ];
    this.chooseColumns();
    this.details.showNothing(t('Select a packet to see its headers and its bytes.'));
  }

  show(focus: boolean): void {
    const first = !this.shown;
    this.shown = true;
    this.table.fit();
    this.split.fit();
    if (focus) this.table.focus();
    void this.takeOver(first);
  }

  /** What was selected elsewhere meanwhile is chosen here. */
  private async takeOver(first: boolean): Promise<void> {
    const { store, client } = this.context;
    const { connection, row, packet } = store.now;
    const isKnown = row === null || connection === null || same(this.told, { connection, row });
    const [segment] = isKnown
      ? []
      : await client.query('segments', { connection, start: row, end: row + 1 }).catch(() => []);
    if (store.now.connection !== connection || store.now.row !== row || !this.shown) return;
    if (segment === undefined || segment.packet === packet) {
      await this.reload(false, first);
      return;
    }
    this.told = { connection: segment.connection, row: segment.row };
    store.set({ packet: segment.packet });
    this.table.cursor = -1;
    await this.reload(false);
  }

  hide(): void {
    this.shown = false;
    this.menu.open = false;
  }

  progress(summary: CaptureSummary): void {
    const grew = summary.frames !== this.summary?.frames || summary.done !== this.summary.done;
    this.summary = summary;
    this.element.style.setProperty('--digits', `${16 + 7.5 * String(loadedPackets(summary).last).length}px`);
    if (grew) void this.reload(false);
  }

  connection(row: ConnectionRow | null): void {
    this.scope.disabled = row === null;
  }

  step(what: 'segment' | 'problem', direction: 1 | -1): void {
    if (what === 'segment') this.table.moveTo(this.table.cursor + direction);
    else void this.stepProblem(direction);
  }

  dispose(): void {
    for (const stop of this.unlisten) stop();
    window.clearTimeout(this.showing);
    this.split.dispose();
    this.table.dispose();
    this.details.dispose();
  }

  /** Goes to the next packet of the list with a problem, page by page; whoever goes on meanwhile has given up. */
  private async stepProblem(direction: 1 | -1): Promise<void> {
    const { table, context } = this;
    const seeking = ++this.seeking;
    const from = table.cursor;
    const before = this.asked;
    for (let at = from + direction; at >= 0 && at < table.list.count;) {
      const [start, end] = direction > 0 ? [at, at + PAGE] : [Math.max(0, at + 1 - PAGE), at + 1];
      const rows = await context.client.query('packetRows', { ...this.list, start, end }).catch(() => []);
      if (seeking !== this.seeking || table.cursor !== from || this.asked !== before || rows.length === 0) return;
      const found = direction > 0 ? rows.findIndex((row) => row.problem) : rows.findLastIndex((row) => row.problem);
      if (found >= 0) {
        table.moveTo(start + found);
        return;
      }
      at = direction > 0 ? end : start - 1;
    }
  }

  /** What the list is of. */
  private get list(): { filter: string; connection: number | null } {
    const { packetsOfConnection, connection } = this.context.store.now;
    return { filter: this.context.filter.active, connection: packetsOfConnection ? connection : null };
  }

  /** Asks how long the list is now; `other` where it is another list, of which nothing that was shown is left. */
  private async reload(other: boolean, restore = false): Promise<void> {
    const { table, context } = this;
    if (other) {
      this.rows.forget();
      table.cursor = -1;
      table.list.refresh();
    }
    if (!this.shown || this.summary === null || this.summary.frames === 0) return;
    const asked = ++this.asked;
    const { list } = this;
    const { packet, packetsTop } = context.store.now;
    const found = await context.client.query('packetIndex', { ...list, packet: packet ?? 1 }).catch(() => null);
    if (asked !== this.asked || found === null) return;
    this.rows.refresh();
    table.setCount(found.length);
    setText(this.length, t('{0} shown', count(found.length)));
    if (restore) table.list.scrollTo(packetsTop);
    if (table.cursor < 0 && packet !== null) await this.restoreCursor(asked, found.index, packet, !restore);
    if (asked !== this.asked) return;
    table.list.refresh();
    const complete = this.summary.done && (list.filter === '' || context.filter.progress?.done === true);
    this.empty.hidden = !complete || found.length > 0;
    table.scroller.hidden = !this.empty.hidden;
    setText(this.empty, list.filter === '' ? t('No packets in this capture.') : t('No packet that the filter finds.'));
    void this.replay();
  }

  /** The chosen packet stays chosen in another list, if it is there. */
  private async restoreCursor(asked: number, index: number, packet: number, reveal: boolean): Promise<void> {
    const row = await this.rows.fetch(index).catch(() => undefined);
    const { table } = this;
    if (asked !== this.asked || table.cursor >= 0) return;
    // Where it is not there, the place where it would be is what the user was looking at.
    if (reveal && table.list.count > 0) table.list.reveal(Math.min(index, table.list.count - 1), true);
    if (row?.packet !== packet) return;
    table.cursor = index;
    void this.showDetails(row);
  }

  /** Replays the states that the columns show, part by part. */
  private async replay(): Promise<void> {
    const { summary, context } = this;
    if (this.replaying || summary?.done !== true || this.replayed >= summary.segments) return;
    if (!STATE_COLUMNS.some((id) => this.chosenColumns.has(id))) return;
    this.replaying = true;
    while (this.shown) {
      const share = await context.client.query('replayStates', {}).catch(() => 1);
      if (share < 1) continue;
      this.replayed = summary.segments;
      break;
    }
    this.replaying = false;
    this.rows.refresh();
    this.table.list.refresh();
  }

  private chooseSoon(index: number): void {
    window.clearTimeout(this.showing);
    this.showing = window.setTimeout(() => void this.settled(), AFTER_KEY_MS);
    this.chosen = () => this.choose(index);
  }

  /** Done when the packet under the cursor is chosen everywhere. */
  private settled(): Promise<void> {
    window.clearTimeout(this.showing);
    const { chosen } = this;
    this.chosen = null;
    if (chosen !== null) this.choosing = chosen();
    return this.choosing;
  }

  private async choose(index: number): Promise<void> {
    const row = await this.rows.fetch(index).catch(() => undefined);
    if (row === undefined || this.table.cursor !== index) return;
    this.context.store.set({ packet: row.packet });
    await this.showDetails(row);
  }

  private async showDetails({ packet, connection }: PacketRow): Promise<void> {
    const { client, store } = this.context;
    if (connection === null) {
      await this.details.showPacket(packet);
      return;
    }
    const place = await client.query('place', { packet }).catch(() => null);
    if (place?.row == null) return;
    const { row } = place;
    const [[segment], [info]] = await Promise.all([
      client.query('segments', { connection, start: row, end: row + 1 }),
      client.query('connections', { start: connection, end: connection + 1 }),
    ]).catch(() => [[], []] as const);
    if (segment === undefined || info === undefined || store.now.packet !== packet) return;
    // The other tabs go along.
    this.told = { connection, row };
    if (store.now.connection !== connection) store.set({ connection, row, top: 0, unfolded: [] });
    else store.set({ row });
    await this.details.show(segment, info);
  }

  /** Shows a packet's place in the sequence diagram; one that has none there shows its details. */
  private async open(index: number): Promise<void> {
    const row = await this.rows.fetch(index).catch(() => undefined);
    if (row === undefined) return;
    const place = await this.context.client.query('place', { packet: row.packet }).catch(() => null);
    if (place?.connection == null) this.split.open();
    else this.context.open(place.connection, place.row);
  }

  private get chosenColumns(): ReadonlySet<string> {
    return new Set(this.context.store.now.packetColumns ?? FIRST_COLUMNS);
  }

  private chooseColumns(): void {
    this.table.choose(this.chosenColumns);
    if (this.shown) void this.replay();
  }

  private columnMenu(): HTMLDetailsElement {
    const boxes = this.columns.map(({ id, title, hint }) =>
      checkbox(hint === undefined ? t(title) : `${t(title)} · ${t(hint)}`, this.chosenColumns.has(id), (checked) => {
        const chosen = this.chosenColumns;
        const packetColumns = this.columns
          .map((column) => column.id)
          .filter((other) => (other === id ? checked : chosen.has(other)));
        this.context.store.set({ packetColumns });
      }),
    );
    const menu = el(
      'details',
      { class: 'columns-menu' },
      el('summary', {}, t('Columns')),
      el('div', { class: 'columns-list', role: 'group', 'aria-label': t('Columns') }, ...boxes),
    );
    menu.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget !== null && !menu.contains(relatedTarget as Node)) menu.open = false;
    });
    menu.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      menu.open = false;
      menu.querySelector('summary')!.focus();
      consume(event);
    });
    return menu;
  }
}

interface ChosenSegment {
  readonly connection: number | null;
  readonly row: number | null;
}

const same = (a: ChosenSegment | null, b: ChosenSegment): boolean =>
  a !== null && a.connection === b.connection && a.row === b.row;

function rowSentence(row: PacketRow): string {
  const what = t(
    'Packet {0}, {1} to {2}, {3}: {4}.',
    row.packet,
    row.source || t('unknown'),
    row.destination || t('unknown'),
    row.protocol,
    row.info,
  );
  const states =
    row.client === null || row.server === null ? '' : ` ${t('Client {0}, server {1}.', row.client, row.server)}`;
  const notes = row.notes.length === 0 ? '' : ` ${row.notes.map((kind) => t(kind)).join(', ')}.`;
  return what + states + notes;
}
