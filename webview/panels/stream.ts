import { count, percent } from '../../src/core/format/number';
import type { ConnectionRow } from '../../src/core/model/connection';
import {
  HEXADECIMAL,
  type StreamMark,
  type StreamPart,
  type StreamProgress,
  type StreamRow,
  type StreamSides,
} from '../../src/core/model/stream';
import type { ToHost } from '../../src/protocol';
import type { Context, Panel } from '../context';
import { button, dropdown } from '../controls';
import { PagedRows } from '../draw/pages';
import { indices, Table, type TableColumn } from '../draw/table';
import { consume, el, oncePerFrame, setAttribute, setChildren, setText } from '../dom';
import { plural, t } from '../l10n';
import type { UiState } from '../state';
import { StreamFind } from './streamFind';

const ROW_HEIGHT = 20;
/** Work that takes longer says how far it is. */
const PROGRESS_AFTER_MS = 100;

/** Width of a character of the monospaced font, of what stands beside the bytes, and the step in which lines grow. */
const CHARACTER_PX = 7.4;
const PADDING_PX = 40;
const LINE_STEP = 10;

const utf8 = new TextDecoder();

/** A row with its index. */
interface PlacedRow {
  readonly index: number;
  readonly row: StreamRow;
}

/** Bytes of a row that were found, and whether they are of the match that was gone to. */
interface Found extends StreamMark {
  readonly current: boolean;
}

const columns = (
  form: () => UiState['streamForm'],
  found: (placed: PlacedRow) => readonly Found[],
): readonly TableColumn<PlacedRow>[] => [
  {
    id: 'side',
    title: 'From',
    track: '76px',
    align: 'left',
    from: 0,
    fill(cell, { row }) {
      setText(cell, row.from === 'client' ? `→ ${t('client')}` : `← ${t('server')}`);
    },
  },
  {
    id: 'packet',
    title: 'No.',
    hint: 'Packet that brought the first byte',
    track: '64px',
    align: 'right',
    from: 480,
    fill: (cell, { row }) => setText(cell, row.kind === 'gap' ? '' : String(row.parts[0]?.packet ?? '')),
  },
  {
    id: 'offset',
    title: 'Offset',
    hint: 'Position of the first byte in what its side sent',
    track: '84px',
    align: 'right',
    from: 760,
    fill: (cell, { row }) =>
      setText(cell, form() === 'hex' ? row.offset.toString(16).padStart(8, '0') : count(row.offset)),
  },
  {
    id: 'content',
    title: 'Bytes',
    track: 'minmax(0, 1fr)',
    align: 'left',
    from: 0,
    fill: (cell, placed) => fillBytes(cell, placed.row, form(), found(placed)),
  },
];

function fillBytes(cell: HTMLElement, row: StreamRow, form: UiState['streamForm'], found: readonly Found[]): void {
  setAttribute(cell, 'title', null);
  if (row.kind === 'gap') {
    setChildren(cell, el('span', { class: 'stream-gap' }, gapText(row.length, row.cut)));
    return;
  }
  const parts = (write: WriteBytes): HTMLElement[] => row.parts.map((part) => partOf(row.bytes, part, found, write));
  if (form === 'text') setChildren(cell, ...parts(lineText));
  else
    setChildren(
      cell,
      el('span', { class: 'stream-hex' }, ...parts(hexText)),
      el('span', { class: 'stream-ascii' }, ...parts(asciiText)),
    );
}

/** Bytes `[start, end)` of a row, of which those from the start were captured. */
type Bytes = Pick<StreamPart, 'start' | 'end' | 'captured'>;
type WriteBytes = (bytes: Uint8Array, part: Bytes, found: boolean) => string;

/** What one segment brought, which a click goes to, with what was found in it marked. */
const partOf = (bytes: Uint8Array, part: StreamPart, found: readonly Found[], write: WriteBytes): HTMLElement =>
  el(
    'span',
    {
      class: part.conflict === null ? 'stream-part' : 'stream-part conflict',
      'data-segment': part.row,
      title:
        part.conflict === null
          ? t('Packet {0}', part.packet)
          : t('Packet {0}; sent again in packet {1} with other bytes', part.packet, part.conflict),
    },
    part.conflict !== null && '⚠',
    ...runsOf(part, found).flatMap(({ mark, ...run }) => {
      const text = write(bytes, run, mark !== null);
      if (mark === null) return [text];
      // The space behind a byte in hexadecimal is none of it.
      const shown = write === hexText ? text.trimEnd() : text;
      return [el('mark', { class: mark.current ? 'found current' : 'found' }, shown), text.slice(shown.length)];
    }),
  );

/** A part, cut where what was found in it begins and ends. */
function runsOf({ start, end, captured }: StreamPart, found: readonly Found[]): (Bytes & { mark: Found | null })[] {
  const runs: (Bytes & { mark: Found | null })[] = [];
  let at = start;
  const emit = (to: number, mark: Found | null): void => {
    if (to > at)
      runs.push({ start: at, end: to, captured: Math.min(to - at, Math.max(0, start + captured - at)), mark });
    at = Math.max(at, to);
  };
  for (const mark of found) {
    if (mark.end <= start || mark.start >= end) continue;
    emit(Math.max(start, mark.start), null);
    emit(Math.min(end, mark.end), mark);
  }
  emit(end, null);
  return runs;
}

const gapText = (bytes: number, cut: boolean): string =>
  cut
    ? plural(bytes, '{0} byte was cut off by the capture', '{0} bytes were cut off by the capture', count(bytes))
    : plural(bytes, '{0} byte is missing in the capture', '{0} bytes are missing in the capture', count(bytes));

/** As UTF-8, without the end of the line unless that was found; other controls are named when they are made inert. */
function lineText(bytes: Uint8Array, { start, end, captured }: Bytes, found: boolean): string {
  const text = utf8.decode(bytes.subarray(start, start + captured)).replaceAll('\t', '    ');
  const cut = end - start - captured;
  if (found) return text.replaceAll('\r', '␍').replaceAll('\n', '␊');
  return (end === bytes.length ? text.replace(/\r?\n$/, '') : text) + (cut > 0 ? ` […${count(cut)}]` : '');
}

/** Two digits a byte; a byte that was cut off has none. */
function hexText(bytes: Uint8Array, { start, end, captured }: Bytes): string {
  let text = '';
  for (let i = start; i < end; i++)
    text += `${i < start + captured ? bytes[i]!.toString(16).padStart(2, '0') : '··'}${i % 8 === 7 ? '  ' : ' '}`;
  return text;
}

function asciiText(bytes: Uint8Array, { start, end, captured }: Bytes): string {
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    text += i < start + captured && byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
  }
  return text;
}

export function streamPanel(context: Context): Panel {
  return new StreamPanel(context);
}

/** The bytes that the chosen connection carried, as text or in hexadecimal, each once, with what is missing between. */
class StreamPanel implements Panel {
  readonly element: HTMLElement;
  readonly find: StreamFind;
  private readonly table: Table<PlacedRow, TableColumn<PlacedRow>>;
  private rows: PagedRows<StreamRow>;
  private readonly facts = el('span', { class: 'dim', 'aria-live': 'polite' });
  private readonly empty = el('p', { class: 'empty' });
  private readonly actions: readonly HTMLElement[];
  private readonly resize: ResizeObserver;
  private readonly unlisten: () => void;
  private info: ConnectionRow | null = null;
  private shown = false;
  /** What is put together, or was, by the connection and its length: another run replaces it. */
  private made = '';
  private run = 0;
  private readonly arrived = oncePerFrame(() => this.table.list.refreshNow());

  constructor(private readonly context: Context) {
    const { store } = context;
    this.table = new Table({
      label: t('Stream'),
      name: 'stream',
      columns: columns(
        () => store.now.streamForm,
        ({ index, row }) =>
          this.find.marksOf(index).map((mark) => ({ ...mark, current: this.find.isCurrent(row.from, mark) })),
      ),
      rowHeight: ROW_HEIGHT,
      rowAt: (index) => {
        const row = this.rows.get(index);
        return row === undefined ? undefined : { index, row };
      },
      sentence: ({ row }) => rowSentence(row),
      pendingSentence: (index) => t('Row {0}, loading', index + 1),
      mark: (_element, placed) =>
        placed === undefined ? '' : ` ${placed.row.from}${placed.row.kind === 'gap' ? ' missing' : ''}`,
      onView: (start, end) => {
        this.rows.want(indices(start, end));
        this.find.want(start, end);
      },
      onMove: () => undefined,
      onOpen: (index) => {
        const row = this.rows.get(index);
        if (row?.kind === 'data' && row.parts[0] !== undefined) this.goTo(row.parts[0].row);
      },
    });
    this.rows = this.pages();
    this.table.scroller.addEventListener('click', (event) => {
      const part = (event.target as HTMLElement).closest<HTMLElement>('[data-segment]');
      // Text is marked with the pointer, too.
      if (part !== null && getSelection()?.isCollapsed !== false) this.goTo(Number(part.dataset['segment']));
    });
    this.actions = [
      button(t('Save…'), { look: 'secondary', onClick: () => this.tell('save') }),
      button(t('Open as Document'), { look: 'secondary', onClick: () => this.tell('open') }),
    ];
    this.empty.hidden = true;
    this.find = new StreamFind(context, {
      searched: () => this.asked,
      from: () => Math.floor(this.table.list.top),
      reveal: (row) => this.choose(row),
      redraw: () => this.table.list.refresh(),
      leave: () => this.table.focus(),
    });
    this.element = el(
      'div',
      { class: 'stream' },
      el(
        'div',
        { class: 'stream-bar' },
        dropdown<StreamSides>(
          t('Whose bytes'),
          [
            { value: 'both', text: t('Both sides') },
            { value: 'client', text: t('Client → server') },
            { value: 'server', text: t('Server → client') },
          ],
          store.now.streamSides,
          (streamSides) => store.set({ streamSides }),
        ),
        dropdown<UiState['streamForm']>(
          t('Form'),
          [
            { value: 'text', text: t('Text') },
            { value: 'hex', text: t('Hexadecimal') },
          ],
          store.now.streamForm,
          (streamForm) => store.set({ streamForm }),
        ),
        this.facts,
        el(
          'span',
          { class: 'stream-actions' },
          button(t('Find'), { look: 'secondary', label: t('Find (Ctrl+F, ⌘F)'), onClick: () => this.find.open() }),
          ...this.actions,
        ),
      ),
      this.find.element,
      el('div', { class: 'packets-table' }, this.table.scroller, this.empty),
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.find.isOpen) return;
      this.find.close();
      consume(event);
    });
    this.resize = new ResizeObserver(() => void this.load());
    this.resize.observe(this.element);
    this.unlisten = store.listen((now, before) => {
      if (now.streamSides !== before.streamSides || now.streamForm !== before.streamForm) void this.load();
    });
  }

  show(focus: boolean): void {
    this.shown = true;
    this.table.fit();
    if (focus) this.table.focus();
    void this.load();
    void this.find.search();
  }

  hide(): void {
    this.shown = false;
    this.run++;
    this.find.stop();
  }

  connection(row: ConnectionRow | null): void {
    this.info = row;
    void this.load();
  }

  step(_what: 'segment' | 'problem', direction: 1 | -1): void {
    this.table.moveTo(this.table.cursor + direction);
  }

  dispose(): void {
    this.run++;
    this.find.stop();
    this.unlisten();
    this.resize.disconnect();
    this.table.dispose();
  }

  private get asked(): { connection: number; sides: StreamSides; lineBytes: number } | null {
    const { streamSides: sides, streamForm } = this.context.store.now;
    if (this.info === null) return null;
    return { connection: this.info.connection, sides, lineBytes: streamForm === 'hex' ? HEXADECIMAL : this.lineBytes };
  }

  /** What fits beside the other columns, in steps, so that a small change of the width changes nothing. */
  private get lineBytes(): number {
    const width = this.element.clientWidth;
    const beside = columns(
      () => 'text',
      () => [],
    ).reduce((sum, { id, from, track }) => {
      return id === 'content' || width < from ? sum : sum + parseInt(track, 10);
    }, PADDING_PX);
    return Math.max(2 * LINE_STEP, Math.floor((width - beside) / CHARACTER_PX / LINE_STEP) * LINE_STEP);
  }

  private pages(): PagedRows<StreamRow> {
    const { asked } = this;
    return new PagedRows<StreamRow>(
      (start, end) =>
        asked === null ? Promise.resolve([]) : this.context.client.query('streamRows', { ...asked, start, end }),
      () => this.arrived(),
    );
  }

  /** Puts the stream together, part by part, and shows what is there meanwhile. */
  private async load(): Promise<void> {
    const { asked, info, table } = this;
    if (!this.shown || asked === null || info === null || this.element.clientWidth === 0) return;
    const wanted = `${Object.values(asked).join()} ${info.segments}`;
    const other = !this.made.startsWith(`${Object.values(asked).join()} `);
    if (wanted === this.made) return;
    const run = ++this.run;
    const started = performance.now();
    this.rows = this.pages();
    if (other) {
      this.find.stop();
      table.cursor = -1;
      table.setCount(0);
      table.list.refresh();
    }
    for (;;) {
      const progress = await this.context.client.query('stream', asked).catch(() => null);
      if (run !== this.run || progress === null) return;
      table.setCount(progress.rows);
      this.rows.refresh();
      table.list.refresh();
      this.tellFacts(progress, performance.now() - started > PROGRESS_AFTER_MS);
      if (!progress.done) continue;
      this.made = wanted;
      if (other) await this.revealChosen(run);
      if (run === this.run) void this.find.search();
      return;
    }
  }

  /** The bytes of the segment that is chosen in the diagram. */
  private async revealChosen(run: number): Promise<void> {
    const { asked } = this;
    const { row } = this.context.store.now;
    if (asked === null || row === null) return;
    const index = await this.context.client.query('streamRowOf', { ...asked, row }).catch(() => -1);
    if (run === this.run && index >= 0) this.choose(index);
  }

  private choose(index: number): void {
    this.table.cursor = index;
    this.table.list.reveal(index, true);
    this.table.list.refresh();
  }

  private tellFacts(progress: StreamProgress, slow: boolean): void {
    const { bytes, missing, repeated, conflicts, beyond, done, share } = progress;
    const facts = [
      done || !slow ? '' : t('Reading: {0} %', percent(share, 1)),
      plural(bytes, '{0} byte', '{0} bytes', count(bytes)),
      missing === 0 ? '' : t('{0} missing', count(missing)),
      repeated === 0 ? '' : t('{0} sent again', count(repeated)),
      conflicts === 0 ? '' : `⚠ ${t('{0} with other bytes', count(conflicts))}`,
      beyond === 0 ? '' : t('{0} more not shown as text: save them, or look in hexadecimal', count(beyond)),
    ];
    setText(this.facts, facts.filter(Boolean).join(' · '));
    for (const action of this.actions) setAttribute(action, 'disabled', bytes === 0);
    this.empty.hidden = !done || progress.rows > 0;
    this.table.scroller.hidden = !this.empty.hidden;
    setText(this.empty, t('No payload in this direction.'));
  }

  private goTo(row: number): void {
    if (this.info !== null) this.context.open(this.info.connection, row);
  }

  private tell(action: Extract<ToHost, { type: 'stream' }>['action']): void {
    const { asked } = this;
    if (asked !== null) this.context.post({ type: 'stream', action, connection: asked.connection, sides: asked.sides });
  }
}

function rowSentence(row: StreamRow): string {
  const from = row.from === 'client' ? t('client') : t('server');
  if (row.kind === 'gap') return `${from}: ${gapText(row.length, row.cut)}`;
  const text = row.parts.map((part) => lineText(row.bytes, part, false)).join('');
  return t('{0}, packet {1}: {2}', from, row.parts[0]?.packet ?? '?', text);
}
