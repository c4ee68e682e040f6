import { endpointInFull, endpointLabel } from '../../src/core/format/endpoint';
import { count } from '../../src/core/format/number';
import type { ConnectionRow, Mark, Pause, Phase, QuietRun } from '../../src/core/model/connection';
import type { Endpoint, SegmentRow, Side } from '../../src/core/model/segment';
import type { Context } from '../context';
import { ARROW_TOP, DiagramLine, PHASE_NAMES, type SegmentLine } from '../draw/diagramLine';
import { Folds } from '../draw/folds';
import { gapsOf, type TimeScale } from '../draw/gaps';
import { diagramLayout, type DiagramLayout } from '../draw/layout';
import { Minimap } from '../draw/minimap';
import { type Bracket, Overlay, type Tie } from '../draw/overlay';
import { PagedRows } from '../draw/pages';
import { type Clock, dateText, isTimeOfDay, timeHead, timeText } from '../draw/rowTimes';
import { VirtualList } from '../draw/virtualList';
import { consume, el, oncePerFrame, setAttribute, setChildren, setClass, setText } from '../dom';
import { plural, say, t } from '../l10n';
import { MatchingRows } from '../matches';
import type { TimeMode } from '../state';

/** A line of the diagram that the keyboard is on: a segment, or a quiet run by its number. */
type Cursor = { readonly kind: 'segment'; readonly row: number } | { readonly kind: 'run'; readonly run: number };

export interface SelectedRun {
  readonly summary: QuietRun;
  readonly open: boolean;
}

export interface DiagramEvents {
  /** The cursor moved; `by` tells whether a key or a pointer moved it. */
  readonly onSelect: (row: number | null, run: SelectedRun | null, by: 'key' | 'pointer' | 'program') => void;
  /** Enter on a segment. */
  readonly onOpen: () => void;
  /** The pointer came to rest on a segment's row, or left the rows (`null`). */
  readonly onHover: (row: SegmentRow | null, element: HTMLElement | null, x: number) => void;
  readonly onScroll: () => void;
  /** What a row acknowledges was asked for. */
  readonly onAcknowledged: (row: number) => void;
  /** The original of a segment was asked for, by its packet. */
  readonly onOriginal: (packet: number) => void;
}

/** The diagram's data for one connection, all of one moment. */
export interface DiagramData {
  readonly info: ConnectionRow;
  readonly runs: readonly QuietRun[];
  readonly marks: readonly Mark[];
  readonly phases: readonly Phase[];
  readonly pauses: readonly Pause[];
  readonly scale: TimeScale;
}

/** The sequence diagram of one connection: its rows, their heads and the overview beside them. */
export class Diagram {
  readonly element: HTMLElement;
  private readonly scroller: HTMLElement;
  private readonly heads = {
    number: el('span', { class: 'number' }, t('No.')),
    time: el('span', { class: 'time' }),
    client: el('span', { class: 'end client' }),
    server: el('span', { class: 'end server' }),
    words: el('span', { class: 'words' }, t('What happens')),
  };
  private readonly list: VirtualList<DiagramLine>;
  private readonly minimap: Minimap;
  private readonly overlay: Overlay;
  private rows: PagedRows<SegmentRow>;
  private data: DiagramData | null = null;
  private folds = new Folds(0, [], new Set());
  private cursor: Cursor | null = null;
  private layout: DiagramLayout = diagramLayout(1000, 2);
  private width = 0;
  /** Rows of originals that are tied to segments in view, by packet; `null` while it is not known. */
  private origins = new Map<number, number | null>();
  private clock: Clock = 'absolute';
  /** First line that is wholly in view; it names the states, wherever they began. */
  private topLine = 0;
  private readonly resize: ResizeObserver;
  private readonly matches: MatchingRows;
  private readonly arrived = oncePerFrame(() => this.list.refreshNow());

  constructor(
    private readonly context: Context,
    private readonly events: DiagramEvents,
  ) {
    const header = el(
      'div',
      { class: 'diagram-heads', 'aria-hidden': 'true' },
      this.heads.number,
      this.heads.time,
      this.heads.client,
      this.heads.server,
      this.heads.words,
    );
    this.scroller = el('div', {
      class: 'diagram-scroller',
      tabindex: 0,
      role: 'listbox',
      'aria-label': t('Segments'),
    });
    this.minimap = new Minimap(t('Overview'), (at) => {
      this.list.scrollTo(at * this.list.count - this.list.visibleRows / 2);
    });
    this.element = el('div', { class: 'diagram' }, this.scroller, this.minimap.element);
    this.rows = this.pagesOf(0);
    this.matches = new MatchingRows(context, () => this.arrived());
    this.list = new VirtualList({
      scroller: this.scroller,
      header,
      rowHeight: this.layout.rowHeight,
      create: () => new DiagramLine(),
      update: (slot, index) => this.update(slot, index),
      onView: (start, end) => this.viewed(start, end),
    });
    this.overlay = new Overlay((packet) => this.events.onOriginal(packet));
    this.list.addOverlay(this.overlay.element);
    this.resize = new ResizeObserver(() => this.relayout());
    this.resize.observe(this.scroller);
    this.listen();
  }

  /** Shows this connection; `keep` keeps the place, since it is the same connection with more in it. */
  show(data: DiagramData | null, keep: boolean): void {
    const before = this.data;
    this.data = data;
    if (data === null) {
      this.cursor = null;
      this.folds = new Folds(0, [], new Set());
      this.list.setCount(0);
      this.minimap.setMarks([], t('Overview'));
      return;
    }
    if (!keep || before?.info.connection !== data.info.connection) {
      this.rows = this.pagesOf(data.info.connection);
      this.origins = new Map();
    } else this.rows.refresh();
    this.matches.show(data.info.connection);
    for (const side of ['client', 'server'] as const) this.drawEnd(side, data.info[side]);
    this.scroller.setAttribute(
      'aria-label',
      t(
        'Segments of connection {0}, {1} to {2}',
        data.info.connection,
        endpointLabel(data.info.client),
        endpointLabel(data.info.server),
      ),
    );
    this.relayout();
    this.refold();
  }

  /** Folds or unfolds as the state says, keeping the cursor's line where it is on screen. */
  refold(): void {
    const { data } = this;
    if (data === null) return;
    const { fold, unfolded } = this.context.store.now;
    const anchor = this.cursor === null ? null : this.lineOfCursor() - this.list.top;
    const visible = anchor !== null && anchor >= 0 && anchor < this.list.visibleRows;
    this.folds = new Folds(
      data.info.segments,
      fold ? data.runs : [],
      new Set(unfolded),
      gapsOf(data.pauses, data.scale),
    );
    if (this.cursor?.kind === 'run' && !fold)
      this.cursor = { kind: 'segment', row: data.runs[this.cursor.run]?.start ?? 0 };
    this.list.setCount(this.folds.lineCount);
    if (visible) this.list.scrollTo(this.lineOfCursor() - anchor);
    this.list.refreshNow();
    this.drawMarks();
  }

  /** Fills the rows again: how numbers or times are printed has changed. */
  redraw(): void {
    setText(this.heads.time, timeHead(this.context.store.now.time, this.clock));
    this.relayout();
    this.list.refreshNow();
  }

  /** Other pauses are drawn, or on another scale. */
  setPauses(pauses: readonly Pause[], scale: TimeScale): void {
    if (this.data === null) return;
    this.data = { ...this.data, pauses, scale };
    this.refold();
  }

  /** What the trace's times count from. */
  setClock(clock: Clock): void {
    if (clock === this.clock) return;
    this.clock = clock;
    this.redraw();
  }

  /** Puts the cursor on a row, unfolding the run that hides it, and brings it into view. */
  reveal(row: number, by: 'key' | 'pointer' | 'program' = 'program'): void {
    const { data } = this;
    if (data === null || data.info.segments === 0) return;
    const to = Math.min(Math.max(0, row), data.info.segments - 1);
    const run = this.folds.runOf(to);
    if (run >= 0 && !this.folds.isOpen(run)) this.setOpen(run, true);
    this.moveTo(this.folds.lineOf(to), by);
  }

  /** Puts the cursor on a row without scrolling. */
  select(row: number): void {
    const { data } = this;
    if (data === null || data.info.segments === 0) return;
    const to = Math.min(row, data.info.segments - 1);
    this.cursor = { kind: 'segment', row: to };
    this.list.refresh();
    this.events.onSelect(to, null, 'program');
  }

  scrollTop(line: number): void {
    this.list.scrollTo(line);
  }

  get top(): number {
    return this.list.top;
  }

  focus(): void {
    this.scroller.focus({ preventScroll: true });
  }

  /** The row under the cursor; where the cursor is on a folded run, the row just before it. */
  get row(): number | null {
    if (this.cursor === null) return null;
    return this.cursor.kind === 'segment' ? this.cursor.row : (this.folds.runs[this.cursor.run]?.start ?? 0);
  }

  /** The packet whose bytes the segment under the cursor carries again; `null` where it has none. */
  get original(): number | null {
    const at = this.atCursor();
    return at === null ? null : originalOf(at.row);
  }

  step(direction: 1 | -1, by: 'key' | 'program' = 'program'): void {
    const line = this.cursor === null ? (direction > 0 ? -1 : this.list.count) : this.lineOfCursor();
    this.moveTo(line + direction, by);
  }

  /** The element and the data of the row under the cursor, if both are there. */
  atCursor(): { readonly row: SegmentRow; readonly element: HTMLElement } | null {
    if (this.cursor?.kind !== 'segment') return null;
    const row = this.rows.get(this.cursor.row);
    const slot = this.list.slotOf(this.folds.lineOf(this.cursor.row));
    return row === undefined || slot === undefined ? null : { row, element: slot.element };
  }

  fetch(row: number): Promise<SegmentRow | undefined> {
    return this.rows.fetch(row);
  }

  /** The segment before a row in the connection, if it is here. */
  previous(row: SegmentRow): SegmentRow | undefined {
    return row.row > 0 ? this.rows.get(row.row - 1) : undefined;
  }

  dispose(): void {
    this.matches.dispose();
    this.resize.disconnect();
    this.list.dispose();
    this.minimap.dispose();
  }

  private pagesOf(connection: number): PagedRows<SegmentRow> {
    return new PagedRows<SegmentRow>(
      (start, end) => this.context.client.query('segments', { connection, start, end }),
      () => this.arrived(),
    );
  }

  private relayout(): void {
    const width = this.scroller.clientWidth;
    if (width === 0) return;
    const digits = String(this.data?.info.lastPacket ?? 0).length;
    const layout = diagramLayout(width, digits, isTimeOfDay(this.context.store.now.time, this.clock));
    const same = width === this.width && layout.number === this.layout.number && layout.time === this.layout.time;
    if (same) return;
    this.width = width;
    this.layout = layout;
    const { style } = this.element;
    for (const column of ['number', 'time', 'state', 'lane', 'flight', 'words'] as const)
      style.setProperty(`--${column}`, `${layout[column]}px`);
    style.setProperty('--row', `${layout.rowHeight}px`);
    style.setProperty('--label', layout.flight < SMALL_LABELS_BELOW ? '11px' : '12px');
    this.element.dataset['layout'] = layout.mode;
    this.list.setRowHeight(layout.rowHeight);
    this.redraw();
  }

  private lineOfCursor(): number {
    const { cursor } = this;
    if (cursor === null) return 0;
    return cursor.kind === 'segment' ? this.folds.lineOf(cursor.row) : this.folds.lineOfRun(cursor.run);
  }

  /** The nearest line that the cursor can be on: time without segments is passed over, in the direction of the move. */
  private landing(line: number): number {
    const to = Math.min(Math.max(0, line), this.list.count - 1);
    const at = this.folds.lineAt(to);
    if (at.kind !== 'gap') return to;
    const { row, lines } = this.folds.gaps[at.gap]!;
    const first = to - at.part;
    const down = this.cursor === null || to >= this.lineOfCursor();
    return down || row === 0 ? first + lines : first - 1;
  }

  private moveTo(line: number, by: 'key' | 'pointer' | 'program'): void {
    if (this.list.count === 0) return;
    const to = this.landing(line);
    const at = this.folds.lineAt(to);
    if (at.kind === 'gap') return;
    const before = this.cursor === null ? to : this.lineOfCursor();
    this.cursor = at.kind === 'segment' ? at : { kind: 'run', run: at.run };
    this.list.reveal(to, by === 'program');
    this.list.refreshRow(before);
    this.list.refreshRow(to);
    this.describeCursor();
    this.events.onSelect(
      at.kind === 'segment' ? at.row : null,
      at.kind === 'run' ? { summary: this.folds.runs[at.run]!, open: at.open } : null,
      by,
    );
  }

  private setOpen(run: number, open: boolean): void {
    const start = this.folds.runs[run]?.start;
    if (start === undefined) return;
    const { unfolded } = this.context.store.now;
    this.context.store.set({ unfolded: open ? [...unfolded, start] : unfolded.filter((other) => other !== start) });
    this.refold();
  }

  private toggle(run: number): void {
    this.cursor = { kind: 'run', run };
    this.setOpen(run, !this.folds.isOpen(run));
    this.moveTo(this.folds.lineOfRun(run), 'key');
  }

  private listen(): void {
    const { scroller } = this;
    scroller.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target !== scroller) return;
      const page = Math.max(1, Math.floor(this.list.visibleRows) - 1);
      const line = this.lineOfCursor();
      const from = this.cursor === null ? -1 : line;
      if (event.key === 'ArrowDown') this.moveTo(from + 1, 'key');
      else if (event.key === 'ArrowUp') this.moveTo(line - 1, 'key');
      else if (event.key === 'PageDown') this.moveTo(line + page, 'key');
      else if (event.key === 'PageUp') this.moveTo(line - page, 'key');
      else if (event.key === 'Home') this.moveTo(0, 'key');
      else if (event.key === 'End') this.moveTo(this.list.count - 1, 'key');
      else if (event.key === 'Enter') {
        if (this.cursor?.kind === 'run') this.toggle(this.cursor.run);
        else if (this.cursor !== null) this.events.onOpen();
      } else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') this.openOrClose(event.key === 'ArrowRight');
      else return;
      consume(event);
    });
    scroller.addEventListener('scroll', () => this.events.onScroll(), { passive: true });
    scroller.addEventListener('wheel', () => this.events.onScroll(), { passive: true });
    scroller.addEventListener('click', (event) => {
      const line = this.list.indexOf(event.target);
      if (line < 0) return;
      const at = this.folds.lineAt(line);
      const onAck = event.target instanceof Element && event.target.closest('.ack-link:not(:empty)') !== null;
      if (at.kind === 'run') this.toggle(at.run);
      else if (at.kind === 'segment') {
        this.moveTo(line, 'pointer');
        if (onAck) this.events.onAcknowledged(at.row);
      }
    });
    scroller.addEventListener('dblclick', (event) => {
      const line = this.list.indexOf(event.target);
      if (line >= 0 && this.folds.lineAt(line).kind === 'segment') this.events.onOpen();
    });
    let hovered = -1;
    scroller.addEventListener('pointermove', (event) => {
      const line = event.pointerType === 'touch' ? -1 : this.list.indexOf(event.target);
      if (line === hovered) return;
      hovered = line;
      const at = line < 0 ? null : this.folds.lineAt(line);
      const row = at?.kind === 'segment' ? this.rows.get(at.row) : undefined;
      const slot = this.list.slotOf(line);
      // Too costly for every row that is scrolled by.
      if (slot !== undefined)
        setAttribute(
          slot.time,
          'title',
          row === undefined || this.data === null ? null : dateText(row, this.data.info, this.clock),
        );
      this.events.onHover(row ?? null, row === undefined ? null : (slot?.element ?? null), event.clientX);
    });
    scroller.addEventListener('pointerleave', () => {
      hovered = -1;
      this.events.onHover(null, null, 0);
    });
  }

  /** Right unfolds the run under the cursor; left folds it, also from inside. */
  private openOrClose(open: boolean): void {
    const { cursor, folds } = this;
    if (cursor === null) return;
    const run = cursor.kind === 'run' ? cursor.run : folds.runOf(cursor.row);
    if (run >= 0 && folds.isOpen(run) !== open) this.toggle(run);
  }

  /** An end's name over its lane: in the middle of it where it is short enough. */
  private drawEnd(side: Side, endpoint: Endpoint): void {
    const role = side === 'client' ? t('client') : t('server');
    const label = endpointLabel(endpoint);
    setChildren(this.heads[side], el('span', { class: 'role' }, role), ' ', el('span', { class: 'address' }, label));
    setAttribute(this.heads[side], 'title', endpointInFull(endpoint));
    setClass(this.heads[side], `end ${side}${role.length + label.length > 30 ? ' long' : ''}`);
  }

  /** Asks for the rows in view and those that their lanes and times are made from. */
  private viewed(start: number, end: number): void {
    const top = Math.ceil(this.list.top);
    if (top !== this.topLine) {
      const before = this.topLine;
      this.topLine = top;
      this.list.refreshRow(before);
      this.list.refreshRow(top);
    }
    const wanted: number[] = [];
    for (let line = start; line < end; line++) {
      const at = this.folds.lineAt(line);
      if (at.kind === 'segment') wanted.push(at.row - 1, at.row);
      else if (at.kind === 'gap') {
        const { row } = this.folds.gaps[at.gap]!;
        wanted.push(row - 1, row);
      } else {
        const run = this.folds.runs[at.run]!;
        wanted.push(run.start - 1, run.end);
      }
    }
    const last = this.folds.rowCount - 1;
    const there = wanted.filter((row) => row <= last);
    this.rows.want(there);
    this.matches.want(there);
    const all = Math.max(1, this.list.count);
    this.minimap.setView(this.list.top / all, (this.list.top + this.list.visibleRows) / all);
    this.drawOverlay(start, end);
    this.describeCursor();
  }

  /** What joins rows in view, `[start, end)`: segments with their originals, and phases. */
  private drawOverlay(start: number, end: number): void {
    const { list, folds, layout } = this;
    const seen = new Map<number, number>();
    const ties: Tie[] = [];
    for (let line = start; line < end; line++) {
      const at = folds.lineAt(line);
      const row = at.kind === 'segment' ? this.rows.get(at.row) : undefined;
      if (row === undefined) continue;
      const y = list.yOf(line) + ARROW_TOP;
      seen.set(row.packet, y);
      const of = originalOf(row);
      if (of === null || ties.length >= MAX_TIES) continue;
      const title = t('The same bytes as packet {0}: go there', of);
      const from = seen.get(of) ?? this.originY(of, start);
      ties.push({ from, to: y, side: row.from, title, packet: of });
    }
    const phases = this.data?.phases ?? [];
    const brackets: Bracket[] = [];
    for (const phase of phases) {
      const first = this.lineBefore(phase.start);
      const last = phase.end >= folds.rowCount ? list.count : this.lineBefore(phase.end);
      if (last <= start || first >= end || first >= last) continue;
      brackets.push({
        top: list.yOf(Math.max(start, first)),
        bottom: list.yOf(Math.min(end, last)),
        begins: first >= start,
        ends: last <= end,
        name: t(PHASE_NAMES[phase.kind]),
        title: phaseTitle(phase),
      });
    }
    const client = layout.number + layout.time + layout.state + layout.lane;
    const x = { client: client + ARROW_MARGIN, server: client + layout.flight - ARROW_MARGIN };
    this.overlay.draw(ties, brackets, x, list.yOf(start));
  }

  /** Where the original of a segment is drawn, which may be in a folded run; `null` above the first line in view. */
  private originY(packet: number, start: number): number | null {
    const row = this.origins.get(packet);
    if (row !== undefined) {
      const line = row === null ? -1 : this.folds.lineOf(row);
      return line < start ? null : this.list.yOf(line) + ARROW_TOP;
    }
    const { data, origins } = this;
    origins.set(packet, null);
    void this.context.client
      .query('place', { packet })
      .then((place) => {
        if (place === null || place.connection !== data?.info.connection || this.origins !== origins) return;
        origins.set(packet, place.row);
        this.arrived();
      })
      .catch(() => undefined);
    return null;
  }

  /** The first line that belongs to a row: that of the time before it, where that is drawn. */
  private lineBefore(row: number): number {
    const line = this.folds.lineOf(row);
    const above = line > 0 ? this.folds.lineAt(line - 1) : null;
    return above?.kind === 'gap' ? line - this.folds.gaps[above.gap]!.lines : line;
  }

  /** Tells assistive technology which row the cursor is on, while that row is in view. */
  private describeCursor(): void {
    const slot = this.cursor === null ? undefined : this.list.slotOf(this.lineOfCursor());
    setAttribute(this.scroller, 'aria-activedescendant', slot?.element.id);
  }

  private drawMarks(): void {
    const marks = this.data?.marks ?? [];
    const all = Math.max(1, this.folds.lineCount);
    const problems = this.data?.info.problems ?? 0;
    this.minimap.setMarks(
      marks.map(({ row, kind }) => ({ at: this.folds.lineOf(row) / all, kind })),
      plural(problems, 'Overview: {0} problem', 'Overview: {0} problems', count(problems)),
    );
  }

  private update(slot: DiagramLine, line: number): void {
    const { cursor, folds } = this;
    const at = folds.lineAt(line);
    if (at.kind === 'gap') {
      const gap = folds.gaps[at.gap]!;
      slot.drawGap(gap, at.part, this.data?.scale.stepNs ?? null, this.rows.get(gap.row - 1));
      return;
    }
    const selected =
      at.kind === 'segment'
        ? cursor?.kind === 'segment' && cursor.row === at.row
        : cursor?.kind === 'run' && cursor.run === at.run;
    slot.setPlace(line, this.list.count, selected);
    if (at.kind === 'run') {
      const run = folds.runs[at.run]!;
      const before = run.start > 0 ? this.rows.get(run.start - 1) : undefined;
      slot.drawRun(run, {
        open: at.open,
        selected,
        before,
        after: this.rows.get(run.end),
        width: this.layout.flight,
      });
      return;
    }
    const row = this.rows.get(at.row);
    if (row === undefined) slot.drawPending(at.row, selected);
    else slot.drawSegment(at.row, row, this.lineOf(row, at.row, line, selected));
  }

  /** What stands in a line of the diagram besides its segment. */
  private lineOf(row: SegmentRow, index: number, line: number, selected: boolean): SegmentLine {
    const { folds, data } = this;
    const { seq, time } = this.context.store.now;
    const above = line > 0 ? folds.lineAt(line - 1) : null;
    return {
      selected,
      seq,
      time: this.timeOf(row, time),
      isLongWait: time === 'delta' && this.deltaOf(row) >= LONG_WAIT_NS,
      matches: this.matches.at(index),
      isTop: line === this.topLine && line > 0,
      next: index + 1 === folds.rowCount ? null : this.rows.get(index + 1),
      waitedNs: above?.kind === 'gap' ? folds.gaps[above.gap]!.ns : null,
      phase: data?.phases.find(({ start }) => start === index)?.kind ?? null,
      width: this.layout.flight,
    };
  }

  private deltaOf(row: SegmentRow): number {
    const previous = this.previous(row);
    return previous === undefined ? 0 : (row.timeNs ?? 0) - (previous.timeNs ?? 0);
  }

  private timeOf(row: SegmentRow, mode: TimeMode): string {
    const { data } = this;
    return data === null ? '' : timeText(row, this.previous(row), data.info, mode, this.clock);
  }
}

/** Ties that are drawn at once; more would hide what they join. */
const MAX_TIES = 24;
/** Distance of an arrow's end from its lane. */
const ARROW_MARGIN = 4;
/** Width between the lanes under which a SYN-ACK's label needs smaller letters. */
const SMALL_LABELS_BELOW = 320;

/** A pause that a person would notice. */
const LONG_WAIT_NS = 100e6;

const RESENT: ReadonlySet<string> = new Set([
  'retransmission',
  'fast-retransmission',
  'spurious-retransmission',
  'out-of-order',
]);

/** The packet whose bytes a segment carries again, where its notes name one. */
const originalOf = (row: SegmentRow): number | null =>
  row.notes.find(({ kind, of }) => of !== undefined && RESENT.has(kind))?.of ?? null;

function phaseTitle({ kind, remarks }: Phase): string {
  const name = t(PHASE_NAMES[kind]);
  return remarks.length === 0 ? name : `${name}: ${remarks.map(({ text }) => say(text)).join('; ')}`;
}
