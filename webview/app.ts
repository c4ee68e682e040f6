import { count } from '../src/core/format/number';
import type { ConnectionRow } from '../src/core/model/connection';
import type { Message } from '../src/core/model/message';
import type { CaptureSummary } from '../src/core/model/summary';
import type { ToHost, ViewState } from '../src/protocol';
import type { Context, Panel } from './context';
import { badge, tabs, type Tabs } from './controls';
import { consume, el, setChildren } from './dom';
import { t } from './l10n';
import { FilterModel } from './filter';
import { History } from './history';
import { FilterBar } from './panels/filterBar';
import { failedView, NoticesBar } from './panels/notices';
import { Toolbar } from './panels/toolbar';
import type { TraceClient } from './rpc';
import type { Store, UiState } from './state';
import { TABS } from './tabs';

/** While the analysis runs, the shown connection is asked for again at most this often. */
const REFRESH_MS = 400;

/** Numbers of the mouse's buttons (UI Events §4.3.2). */
const [BACK_BUTTON, FORWARD_BUTTON] = [3, 4];
/** With Alt. */
const HISTORY_KEYS: Readonly<Record<string, 1 | -1>> = { ArrowLeft: -1, ArrowRight: 1 };

/** Tabs that show one connection: the first, where none was chosen. */
const NEED_CONNECTION = new Set<UiState['tab']>(['sequence', 'graphs', 'states']);

/** The whole view of one trace: toolbar, notices, tabs, and which connection they are about. */
export class App {
  readonly element = el('main', { class: 'app' });
  private readonly panels = new Map<UiState['tab'], Panel>();
  private readonly toolbar: Toolbar;
  private readonly bars: NoticesBar;
  private readonly filter: FilterModel;
  private readonly history: History;
  private readonly filterBar: FilterBar;
  private readonly tabs: Tabs;
  private readonly unlisten: () => void;
  private summary: CaptureSummary | null = null;
  private info: ConnectionRow | null = null;
  private asked = 0;
  private refreshed = 0;
  /** Steps wait for each other: each begins where the one before ended. */
  private stepping: Promise<void> = Promise.resolve();
  /** The tab that is about to be shown takes the keyboard: somebody asked for it, not for the tab itself. */
  private focusNext = false;

  constructor(
    private readonly client: TraceClient,
    private readonly store: Store,
    private readonly post: (message: ToHost) => void,
  ) {
    this.filter = new FilterModel(client, store);
    this.history = new History(store, (place) => this.visit(place));
    const context: Context = {
      client,
      store,
      filter: this.filter,
      post,
      open: (connection, row) => this.reveal(connection, row),
      count: (tab, n, label) => this.tabs.setBadge(tab, n === 0 ? null : badge(count(n), label)),
      jump: (move) => this.history.jump(move),
    };
    for (const { id, create } of TABS) this.panels.set(id, create(context));
    this.toolbar = new Toolbar(context, (direction) => this.stepConnection(direction));
    this.bars = new NoticesBar(post);
    this.filterBar = new FilterBar(context, () => this.focus());
    this.tabs = tabs(
      t('Views'),
      TABS.map(({ id, title }) => ({ id, title: t(title), content: this.panels.get(id)!.element })),
      store.now.tab,
      this.toolbar,
      (id) => {
        const tab = TABS.find((entry) => entry.id === id)?.id;
        if (tab !== undefined) store.set({ tab });
      },
    );
    this.element.append(this.bars.element, this.filterBar.element, this.tabs.element);
    this.element.dataset['tab'] = store.now.tab;
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.element.addEventListener('contextmenu', (event) => this.describe(event), true);
    // The mouse's own buttons for back and forward; the browser has them on release.
    for (const type of ['mousedown', 'mouseup'] as const)
      this.element.addEventListener(type, (event) => {
        if (event.button !== BACK_BUTTON && event.button !== FORWARD_BUTTON) return;
        consume(event);
        if (type === 'mouseup') this.history.go(event.button === BACK_BUTTON ? -1 : 1);
      });
    this.unlisten = store.listen((now, before) => this.changed(now, before));
  }

  /**
   * Called once the element is in the document.
   * @param giveKeyboard gives it to what had it in the view before; returns false where that is not there
   */
  start(giveKeyboard: () => boolean): void {
    this.panels.get(this.store.now.tab)?.show(!giveKeyboard() && document.hasFocus());
    // After a reload, only the view remembers what it showed.
    this.post({ type: 'state', state: viewState(this.store.now) });
    this.post({ type: 'filter', text: this.store.now.filter });
  }

  /** The view got the keyboard and nothing in it has the focus yet. */
  focus(): void {
    this.panels.get(this.store.now.tab)?.show(true);
  }

  progress(summary: CaptureSummary): void {
    this.summary = summary;
    this.bars.progress(summary);
    this.toolbar.summary(summary);
    for (const panel of this.panels.values()) panel.progress?.(summary);
    this.filter.read(summary);
    if (this.store.now.connection === null) {
      if (summary.connections > 0 && NEED_CONNECTION.has(this.store.now.tab))
        this.store.set({ connection: 0, row: null, top: 0 });
    } else if (summary.done || performance.now() - this.refreshed > REFRESH_MS) void this.loadConnection();
  }

  failed(message: Message): void {
    this.dispose();
    setChildren(this.element, failedView(message, this.post));
  }

  /** Shows a place in the diagram; `row` null shows the connection from its start. Takes the keyboard with `focus`. */
  reveal(connection: number, row: number | null, focus = true): void {
    this.history.jump(() => this.place('sequence', connection, row, focus));
  }

  /** Shows a place that the user has been to. */
  private visit({ tab, connection, row }: ViewState): void {
    if (connection === null) this.show(tab, {});
    else this.place(tab, connection, row, true);
  }

  private place(tab: ViewState['tab'], connection: number, row: number | null, focus: boolean): void {
    const same = this.store.now.connection === connection && this.info?.connection === connection;
    this.show(tab, same ? { row } : { connection, row, top: 0, unfolded: [] }, focus);
    if (same) this.panels.get(tab)?.reveal?.(row);
  }

  /** Goes back to the place before this one, or forward again. */
  goBack(direction: 1 | -1): void {
    this.history.go(direction);
  }

  focusFilter(): void {
    this.filterBar.focus();
  }

  clearFilter(): void {
    this.filter.apply('');
  }

  /** Finds within the tab, where it has something for that; else filters. */
  find(): void {
    const { find } = this.panels.get(this.store.now.tab) ?? {};
    if (find === undefined) this.focusFilter();
    else find.open();
  }

  showDiagnosis(): void {
    this.show('diagnosis', {});
  }

  showConnections(): void {
    this.show('connections', {});
  }

  showNotices(): void {
    this.bars.show();
  }

  step(what: 'segment' | 'problem' | 'connection', direction: 1 | -1): void {
    if (what === 'connection') this.stepConnection(direction);
    else this.panels.get(this.store.now.tab)?.step?.(what, direction);
  }

  dispose(): void {
    this.unlisten();
    this.history.dispose();
    this.filterBar.dispose();
    this.filter.dispose();
    for (const panel of this.panels.values()) panel.dispose?.();
    this.panels.clear();
  }

  /** Shows a tab; with `focus` it takes the keyboard. */
  private show(tab: UiState['tab'], change: Partial<UiState>, focus = true): void {
    const isOther = this.store.now.tab !== tab;
    this.focusNext = focus && isOther;
    if (focus && !isOther) this.panels.get(tab)?.show(true);
    this.store.set({ ...change, tab });
  }

  private changed(now: UiState, before: UiState): void {
    if (now.tab !== before.tab) {
      this.element.dataset['tab'] = now.tab;
      this.tabs.select(now.tab);
      this.panels.get(before.tab)?.hide?.();
      // The tab control shows the panel in its own time; a hidden panel has no size to measure.
      const focus = this.focusNext;
      this.focusNext = false;
      requestAnimationFrame(() => this.panels.get(now.tab)?.show(focus));
      if (NEED_CONNECTION.has(now.tab) && now.connection === null && (this.summary?.connections ?? 0) > 0)
        this.store.set({ connection: 0, row: null, top: 0 });
    }
    if (now.connection !== before.connection) void this.loadConnection();
    if (now.tab !== before.tab || now.connection !== before.connection || now.row !== before.row)
      this.post({ type: 'state', state: viewState(now) });
    if (now.filter !== before.filter) this.post({ type: 'filter', text: now.filter });
  }

  private async loadConnection(): Promise<void> {
    const asked = ++this.asked;
    this.refreshed = performance.now();
    const { connection } = this.store.now;
    const [row] =
      connection === null
        ? []
        : await this.client.query('connections', { start: connection, end: connection + 1 }).catch(() => []);
    if (asked !== this.asked) return;
    // Nothing to do for those who show it when nothing came to it.
    const before = this.info;
    const same = row !== undefined && before?.connection === row.connection && before.segments === row.segments;
    if (same && this.summary?.done !== true) return;
    this.info = row ?? null;
    this.toolbar.connection(this.info, this.summary?.connections ?? 0);
    for (const panel of this.panels.values()) panel.connection?.(this.info);
  }

  /** Goes to the next connection, or the one before; of those that the filter finds, while there is one. */
  private stepConnection(direction: 1 | -1): void {
    this.stepping = this.stepping
      .then(() => this.stepFrom(this.store.now.connection, direction))
      .catch(() => undefined);
  }

  private async stepFrom(from: number | null, direction: 1 | -1): Promise<void> {
    const { client, store } = this;
    const filter = this.filter.active;
    const at = await client.query('connectionIndex', {
      filter,
      connection: from ?? (direction > 0 ? 0 : (this.summary?.connections ?? 0)),
    });
    const index = direction < 0 ? at.index - 1 : at.has && from !== null ? at.index + 1 : at.index;
    if (index < 0 || index >= at.length || store.now.connection !== from) return;
    const [row] =
      filter === ''
        ? [{ connection: index }]
        : await client.query('connectionsWith', { filter, start: index, end: index + 1 });
    if (row !== undefined && store.now.connection === from)
      store.set({ connection: row.connection, row: null, top: 0, unfolded: [] });
  }

  /** Tells VS Code's menu what it was opened on: its commands get this. */
  private describe({ target }: MouseEvent): void {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-packet]') : null;
    const packet = Number(row?.dataset['packet'] ?? Number.NaN);
    this.element.dataset['vscodeContext'] = JSON.stringify(Number.isInteger(packet) ? { packet } : {});
  }

  private key(event: KeyboardEvent): void {
    const { find } = this.panels.get(this.store.now.tab) ?? {};
    if (event.key === 'F3' && find !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      void find.step(event.shiftKey ? -1 : 1);
      consume(event);
    } else if (
      (event.ctrlKey || event.metaKey) &&
      !event.altKey &&
      !event.shiftKey &&
      event.key.toLowerCase() === 'f'
    ) {
      this.find();
      consume(event);
    } else if (
      (event.ctrlKey || event.metaKey) &&
      !event.altKey &&
      !event.shiftKey &&
      event.key.toLowerCase() === 'g'
    ) {
      this.post({ type: 'command', command: 'goToPacket' });
      consume(event);
    } else if (event.key === '/' && !isTyping(event)) {
      this.filterBar.focus();
      consume(event);
    } else if (event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.key in HISTORY_KEYS) {
      this.history.go(HISTORY_KEYS[event.key]!);
      consume(event);
    }
  }
}

/** A key that belongs to what is typed in, or that a modifier makes another one of. */
const isTyping = ({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  ctrlKey ||
  metaKey ||
  altKey ||
  (target instanceof HTMLElement && target.matches('input, textarea, vscode-dropdown, vscode-text-field'));

export const viewState = ({ tab, connection, row }: UiState): ViewState => ({ tab, connection, row });
