import type { ConnectionRow } from '../../src/core/model/connection';
import type { CaptureSummary } from '../../src/core/model/summary';
import type { ViewState } from '../../src/protocol';
import type { Context, Panel } from '../context';
import { consume, el, oncePerFrame, setText } from '../dom';
import { t } from '../l10n';
import { Details } from './details';
import { DetailsSplit } from './detailsSplit';
import { Diagram, type DiagramData } from './diagram';
import { HoverCard } from './hoverCard';
import { VerdictLine } from './verdict';
import { brokenLines, type TimeScale, toScale } from '../draw/gaps';

/** Marks that the overview can tell apart. */
const MARKS = 600;
/** Pauses that are drawn: of more, the longest. */
const PAUSES = 2000;
/** How long a message about a jump that goes nowhere stays. */
const TOAST_MS = 4000;
/** Keys repeat about every 30 ms. */
const AFTER_KEY_MS = 50;

export function sequencePanel(context: Context): Panel {
  return new SequencePanel(context);
}

/** The diagram of one connection, with the details of the selected segment below it. */
class SequencePanel implements Panel {
  readonly element: HTMLElement;
  private readonly diagram: Diagram;
  private readonly details: Details;
  private readonly split: DetailsSplit;
  private readonly verdict: VerdictLine;
  private readonly card: HoverCard;
  private info: ConnectionRow | null = null;
  private data: DiagramData | null = null;
  private wantsFocus = false;
  private asked = 0;
  private showing = 0;
  /** The place that was remembered, until a connection is shown. */
  private restored: ViewState | null;
  private readonly empty = el('p', { class: 'empty' });
  private readonly toast = el('p', { class: 'toast', role: 'status' });
  private toastTimer = 0;
  private readonly unlisten: () => void;
  private readonly rememberTop = oncePerFrame(() => this.context.store.set({ top: this.diagram.top }));

  constructor(private readonly context: Context) {
    this.restored = context.store.now;
    this.card = new HoverCard(context);
    this.details = new Details(context);
    this.verdict = new VerdictLine(context);
    this.diagram = new Diagram(context, {
      onSelect: (row, run, by) => {
        context.store.set({ row });
        if (run !== null) this.details.showRun(run.summary, run.open);
        else if (row !== null) this.showRowSoon(row, by === 'key' ? AFTER_KEY_MS : 0);
        if (by !== 'pointer') this.card.hide();
      },
      onOpen: () => this.openDetails(),
      onHover: (row, element, x) => {
        if (row === null || element === null || this.info === null) this.card.leave();
        else this.card.rest({ row, previous: this.diagram.previous(row), info: this.info, element, x });
      },
      onScroll: () => {
        this.card.hide();
        this.rememberTop();
      },
      onAcknowledged: (row) => void this.showAcknowledged(row),
      onOriginal: (packet) => void this.showPacket(packet),
    });
    this.element = el('div', { class: 'sequence no-data' });
    this.split = new DetailsSplit(context, this.element, this.details);
    this.element.append(
      this.empty,
      this.verdict.element,
      this.diagram.element,
      this.toast,
      this.split.bar,
      this.details.element,
      this.card.element,
    );
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.diagram.element.addEventListener('focusout', (event) => this.card.blur(event.relatedTarget));
    this.unlisten = context.store.listen((now, before) => {
      if (now.fold !== before.fold) this.diagram.refold();
      if (now.toScale !== before.toScale || now.scaleZoom !== before.scaleZoom) void this.rescale();
      if (now.seq !== before.seq || now.time !== before.time) {
        this.diagram.redraw();
        this.details.redraw();
      }
    });
  }

  show(focus: boolean): void {
    this.split.fit();
    // What is out of sight cannot have the keyboard, and the diagram is, until its connection is loaded.
    this.wantsFocus = focus && this.data === null;
    if (focus) this.diagram.focus();
    // Another tab may have gone on meanwhile.
    const { row } = this.context.store.now;
    if (row !== null && row !== this.diagram.row) this.reveal(row);
  }

  hide(): void {
    this.wantsFocus = false;
    this.card.hide();
  }

  progress({ done, connections, clock }: CaptureSummary): void {
    this.card.clock = clock;
    this.diagram.setClock(clock);
    setText(
      this.empty,
      done && connections === 0
        ? t('No TCP connections in this capture.')
        : t('Choose a connection to see its segments.'),
    );
  }

  /** Shows a connection, or more of the one that is shown. */
  connection(info: ConnectionRow | null): void {
    const same = info !== null && this.info?.connection === info.connection;
    this.info = info;
    if (!same) this.card.hide();
    if (info === null) {
      this.asked++;
      this.data = null;
      this.diagram.show(null, false);
      this.element.classList.add('no-data');
      return;
    }
    void this.load(info, same && this.data !== null);
  }

  /** Brings a row of the shown connection into view; while it is loading, as soon as it is there. */
  reveal(row: number | null): void {
    if (this.data === null || this.data.info.connection !== this.context.store.now.connection) return;
    if (row === null) {
      this.diagram.reveal(0);
      this.diagram.scrollTop(0);
    } else this.diagram.reveal(row);
  }

  step(what: 'segment' | 'problem', direction: 1 | -1): void {
    if (what === 'segment') this.diagram.step(direction);
    else void this.stepProblem(direction, 'program');
  }

  dispose(): void {
    this.unlisten();
    this.split.dispose();
    this.diagram.dispose();
    this.details.dispose();
    this.card.dispose();
  }

  private async load(info: ConnectionRow, keep: boolean): Promise<void> {
    const asked = ++this.asked;
    const { connection } = info;
    const { client } = this.context;
    const scale = this.scaleOf(info);
    const [runs, marks, phases, pauses] = await Promise.all([
      client.query('quietRuns', { connection }),
      client.query('marks', { connection, limit: MARKS }),
      client.query('phases', { connection }),
      client.query('pauses', { connection, atLeastNs: scale.atLeastNs, limit: PAUSES }),
    ]).catch(() => [[], [], [], []] as const);
    if (asked !== this.asked) return;
    this.data = { info, runs, marks, phases, pauses, scale };
    this.verdict.show(info.verdict);
    this.element.classList.remove('no-data');
    const { row, top } = this.context.store.now;
    this.diagram.show(this.data, keep);
    if (this.wantsFocus && document.activeElement === document.body) this.diagram.focus();
    this.wantsFocus = false;
    if (keep) return;
    this.diagram.scrollTop(top);
    // After a reload the place on screen counts; otherwise the row that was asked for does.
    const { restored } = this;
    this.restored = null;
    if (restored?.connection === connection && restored.row === row) this.diagram.select(row ?? 0);
    else this.diagram.reveal(row ?? 0);
  }

  private scaleOf({ durationNs }: ConnectionRow): TimeScale {
    const { toScale: scaled, scaleZoom } = this.context.store.now;
    return scaled ? toScale(durationNs ?? 0, scaleZoom) : brokenLines(durationNs ?? 0);
  }

  /** Draws time anew: to scale, or as broken lines. */
  private async rescale(): Promise<void> {
    const { data } = this;
    if (data === null) return;
    const { connection } = data.info;
    const scale = this.scaleOf(data.info);
    const pauses = await this.context.client
      .query('pauses', { connection, atLeastNs: scale.atLeastNs, limit: PAUSES })
      .catch(() => null);
    if (pauses !== null && this.data?.info.connection === connection) {
      this.data = { ...this.data, pauses, scale };
      this.diagram.setPauses(pauses, scale);
    }
  }

  /** Goes to the segment that carried the last of what the one in `row` acknowledges: the one sent last. */
  private async showAcknowledged(row: number): Promise<void> {
    const { connection } = this.context.store.now;
    if (connection === null) return;
    const carriers = await this.context.client.query('carriers', { connection, row }).catch(() => []);
    this.leap(connection, carriers.at(-1)?.row, t('What it acknowledges is not in the capture.'));
  }

  /** Goes to the segment of this connection in a packet. */
  private async showPacket(packet: number): Promise<void> {
    const { connection } = this.context.store.now;
    const place = await this.context.client.query('place', { packet }).catch(() => null);
    if (connection !== null && place?.connection === connection) this.leap(connection, place.row ?? undefined, '');
    else if (place?.connection != null) this.context.open(place.connection, place.row);
  }

  private leap(connection: number, row: number | undefined, otherwise: string): void {
    if (this.context.store.now.connection !== connection) return;
    if (row !== undefined) this.context.jump(() => this.diagram.reveal(row));
    setText(this.toast, row === undefined ? otherwise : '');
    window.clearTimeout(this.toastTimer);
    this.toastTimer = window.setTimeout(() => setText(this.toast, ''), TOAST_MS);
  }

  /** A key that is held down moves faster than details can be read. */
  private showRowSoon(row: number, delay: number): void {
    window.clearTimeout(this.showing);
    this.showing = window.setTimeout(() => void this.showRow(row), delay);
  }

  private async showRow(row: number): Promise<void> {
    const { info } = this;
    const segment = await this.diagram.fetch(row).catch(() => undefined);
    if (segment === undefined || info === null || this.context.store.now.row !== row || this.info !== info) return;
    await this.details.show(segment, info);
  }

  private openDetails(): void {
    this.card.hide();
    this.split.open();
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      if (!this.card.dismiss() && this.details.element.contains(event.target as Node)) this.diagram.focus();
    } else if (event.key === 'n' || event.key === 'p') void this.stepProblem(event.key === 'n' ? 1 : -1, 'key');
    else if (event.key === 'a' && this.diagram.row !== null) void this.showAcknowledged(this.diagram.row);
    else if (event.key === 'o' && this.diagram.original !== null) void this.showPacket(this.diagram.original);
    else if ((event.key === '+' || event.key === '-') && this.context.store.now.toScale)
      this.zoom(event.key === '+' ? -1 : 1);
    else if (event.key === ' ' && (event.target as HTMLElement).getAttribute('role') === 'listbox') {
      const at = this.diagram.atCursor();
      if (at !== null && this.info !== null && !this.card.dismiss())
        this.card.ask({ ...at, previous: this.diagram.previous(at.row), info: this.info, x: null });
    } else return;
    consume(event);
  }

  private zoom(by: 1 | -1): void {
    this.context.store.set({ scaleZoom: this.context.store.now.scaleZoom + by });
  }

  private async stepProblem(direction: 1 | -1, by: 'key' | 'program'): Promise<void> {
    const { connection } = this.context.store.now;
    if (connection === null) return;
    const row = this.diagram.row ?? 0;
    const found = await this.context.client.query('problem', { connection, row, direction }).catch(() => null);
    if (found !== null && this.context.store.now.connection === connection)
      this.context.jump(() => this.diagram.reveal(found, by));
  }
}
