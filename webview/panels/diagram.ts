import { callsText } from '../../src/core/format/calls';
import { endpointInFull, endpointLabel } from '../../src/core/format/endpoint';
import { stateText } from '../../src/core/format/state';
import { count } from '../../src/core/format/number';
import { inert } from '../../src/core/format/text';
import { sackBlockText, type SeqMode } from '../../src/core/format/sequence';
import { duration } from '../../src/core/format/time';
import type { ConnectionRow, Mark, Pause, Phase, PhaseKind, QuietRun } from '../../src/core/model/connection';
import type { Endpoint, SegmentRow, Side } from '../../src/core/model/segment';
import type { Context } from '../context';
import { Arrow } from '../draw/arrows';
import { Folds } from '../draw/folds';
import { gapsOf, type TimeScale } from '../draw/gaps';
import { isShut, Lane } from '../draw/lanes';
import { diagramLayout, type DiagramLayout } from '../draw/layout';
import { Minimap } from '../draw/minimap';
import { type Bracket, Overlay, type Tie } from '../draw/overlay';
import { PagedRows } from '../draw/pages';
import { type Clock, dateText, isTimeOfDay, timeHead, timeText } from '../draw/rowTimes';
import { runTexts } from '../draw/runTexts';
import { SackStrip, sackSpans } from '../draw/sackStrip';
import { isProblem, segmentKind } from '../draw/segmentKind';
import { labelParts } from '../draw/segmentLabel';
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

const PHASE_NAMES: Readonly<Record<PhaseKind, string>> = { handshake: 'Handshake', data: 'Data', close: 'Close' };

let nextId = 0;

class DiagramRow {
  readonly element: HTMLElement;
  readonly number = el('span', { class: 'number' });
  readonly timeMain = el('span');
  readonly timeFine = el('span', { class: 'fine' });
  readonly time = el('span', { class: 'time' }, this.timeMain, this.timeFine);
  readonly client = new Lane('client');
  readonly server = new Lane('server');
  readonly arrow = new Arrow();
  readonly sack = new SackStrip();
  readonly labelBefore = document.createTextNode('');
  /** What is acknowledged: leads to the segment that carried it. */
  readonly labelAck = el('span', { class: 'ack-link' });
  readonly labelAfter = document.createTextNode('');
  readonly label = el('span', { class: 'label' }, this.labelBefore, this.labelAck, this.labelAfter);
  readonly flight = el('span', { class: 'flight' });
  readonly words = el('span', { class: 'words' });

  constructor() {
    this.flight.append(this.arrow.element, this.sack.element, this.label);
    this.element = el(
      'div',
      { class: 'row', role: 'option', id: `line-${nextId++}` },
      this.number,
      this.time,
      this.client.label,
      this.client.bar,
      this.flight,
      this.server.bar,
      this.server.label,
      this.words,
    );
  }
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
  private readonly list: VirtualList<DiagramRow>;
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
      create: () => new DiagramRow(),
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

  private update(slot: DiagramRow, line: number): void {
    const at = this.folds.lineAt(line);
    const { element } = slot;
    if (at.kind === 'gap') {
      this.updateGap(slot, at.gap, at.part);
      return;
    }
    setAttribute(element, 'role', 'option');
    setAttribute(element, 'aria-hidden', null);
    const selected =
      this.cursor !== null &&
      (at.kind === 'segment'
        ? this.cursor.kind === 'segment' && this.cursor.row === at.row
        : this.cursor.kind === 'run' && this.cursor.run === at.run);
    setAttribute(element, 'aria-selected', selected ? 'true' : 'false');
    setAttribute(element, 'aria-setsize', this.list.count);
    setAttribute(element, 'aria-posinset', line + 1);
    if (at.kind === 'run') this.updateRun(slot, at.run, at.open, selected);
    else this.updateSegment(slot, at.row, line, selected);
  }

  /** A line in which nothing was sent: one broken line, or one of several that stand for so much time each. */
  private updateGap(slot: DiagramRow, index: number, part: number): void {
    const gap = this.folds.gaps[index]!;
    const { element } = slot;
    const stepNs = this.data?.scale.stepNs ?? null;
    const before = this.rows.get(gap.row - 1);
    setClass(element, `row gap${stepNs === null ? ' broken' : ''}`);
    // The row after it says how long it was: there is nothing here to stop at.
    setAttribute(element, 'role', 'presentation');
    setAttribute(element, 'aria-hidden', 'true');
    for (const name of GAP_LACKS) setAttribute(element, name, null);
    for (const side of ['client', 'server'] as const)
      slot[side].draw(before?.[side] ?? null, false, false, false, '', before !== undefined && isShut(before[side]));
    slot.sack.draw([], 0);
    setText(slot.number, '');
    setTime(slot, '');
    slot.time.classList.remove('long');
    setText(slot.timeMain, stepNs === null || gap.lines < 2 ? '' : duration((part + 1) * stepNs));
    setLabel(slot, part === Math.floor((gap.lines - 1) / 2) ? duration(gap.ns) : '');
    setAttribute(slot.label, 'title', t('Nothing was sent for {0}', duration(gap.ns)));
    setText(slot.words, '');
  }

  private updateRun(slot: DiagramRow, index: number, open: boolean, selected: boolean): void {
    const run = this.folds.runs[index]!;
    const texts = runTexts(run);
    const [summary] = texts;
    const words = open
      ? t('{0} — select to fold', duration(run.durationNs))
      : t('{0} without problems — select to unfold', duration(run.durationNs));
    const before = run.start > 0 ? this.rows.get(run.start - 1) : undefined;
    const after = this.rows.get(run.end);
    for (const side of ['client', 'server'] as const) {
      const tcb = before?.[side] ?? after?.before?.[side] ?? null;
      slot[side].draw(tcb, false, false, false, '', tcb !== null && isShut(tcb));
    }
    slot.sack.draw([], 0);
    setClass(slot.element, `row run${open ? ' open' : ''}${selected ? ' selected' : ''}`);
    setAttribute(slot.element, 'data-row', null);
    setAttribute(slot.element, 'data-packet', null);
    setAttribute(slot.element, 'data-run', run.start);
    setText(slot.number, '');
    setTime(slot, '');
    setLabel(slot, fitting(texts, this.layout.flight - RUN_FRAME));
    setAttribute(slot.label, 'title', summary);
    setText(slot.words, words);
    setAttribute(slot.element, 'aria-label', `${open ? t('Unfolded run') : t('Folded run')}: ${summary}. ${words}`);
  }

  private updateSegment(slot: DiagramRow, index: number, line: number, selected: boolean): void {
    const row = this.rows.get(index);
    const { element, arrow } = slot;
    setAttribute(element, 'data-run', null);
    setAttribute(element, 'data-row', index);
    if (row === undefined) {
      setClass(element, `row pending${selected ? ' selected' : ''}`);
      setAttribute(element, 'data-packet', null);
      setAttribute(element, 'aria-label', t('Segment {0}, loading', index + 1));
      setText(slot.number, '');
      setTime(slot, '');
      setLabel(slot, '');
      slot.sack.draw([], 0);
      setAttribute(slot.label, 'title', null);
      setText(slot.words, '');
      slot.client.draw(null);
      slot.server.draw(null);
      return;
    }
    const { seq, time } = this.context.store.now;
    const kind = segmentKind(row);
    const problem = isProblem(row);
    const words = row.explanation[0] === undefined ? '' : say(row.explanation[0]);
    const { before: labelBefore, ack, after: labelAfter } = labelParts(row, seq);
    const label = labelBefore + ack + labelAfter;
    const sack = sackText(row, seq);
    const found = this.matches.at(index);
    const match = found === null ? '' : found ? ' matched' : ' unmatched';
    setClass(element, `row ${kind}${problem ? ' problem' : ''}${selected ? ' selected' : ''}${match}`);
    setAttribute(element, 'data-packet', row.packet);
    setText(slot.number, String(row.packet));
    const timeIs = this.timeOf(row, time);
    setTime(slot, timeIs);
    slot.time.classList.toggle('long', time === 'delta' && this.deltaOf(row) >= LONG_WAIT_NS);
    const top = line === this.topLine && line > 0;
    const next = this.rows.get(index + 1);
    const last = index + 1 === this.folds.rowCount;
    arrow.draw({ kind, toRight: row.from === 'client', problem }, this.layout.flight, ARROW_TOP, ARROW_BOTTOM);
    for (const side of ['client', 'server'] as const) {
      const state = stateText(row[side]);
      const begins = row.before === null || stateText(row.before[side]) !== state;
      const ends = last || (next !== undefined && stateText(next[side]) !== state);
      const shut = isShut(row[side]);
      const shuts = shut && (row.before === null || !isShut(row.before[side]));
      const calls = callsText(row, side);
      slot[side].draw(row[side], begins, ends, begins || top, shuts ? `${calls} ${t('window 0')}`.trim() : calls, shut);
    }
    const width = this.layout.flight;
    const withSack = sack !== '' && (label.length + sack.length + 1) * CHARACTER <= width - 16;
    setLabel(slot, labelBefore, ack, withSack ? `${labelAfter} ${sack}` : labelAfter);
    setAttribute(slot.labelAck, 'title', ack === '' ? null : t('Go to what it acknowledges'));
    slot.sack.draw(sackSpans(row), Math.round(width * SACK_SHARE));
    setAttribute(slot.label, 'title', sack === '' ? null : sack);
    setText(slot.words, problem ? `⚠ ${words}` : words);
    const gap = line > 0 ? this.folds.lineAt(line - 1) : null;
    const waited =
      gap?.kind === 'gap' ? t('After {0} in which nothing was sent.', duration(this.folds.gaps[gap.gap]!.ns)) : '';
    const begun = this.data?.phases.find(({ start }) => start === index);
    setAttribute(
      element,
      'aria-label',
      [
        begun === undefined ? '' : `${t(PHASE_NAMES[begun.kind])}:`,
        waited,
        rowSentence(row, sack === '' ? label : `${label} ${sack}`, words, timeIs),
      ]
        .filter((text) => text !== '')
        .join(' '),
    );
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

/** What the rows of segments and runs have and a line of time has not. */
const GAP_LACKS = [
  'data-row',
  'data-packet',
  'data-run',
  'aria-label',
  'aria-selected',
  'aria-setsize',
  'aria-posinset',
];
/** Ties that are drawn at once; more would hide what they join. */
const MAX_TIES = 24;
/** Distance of an arrow's end from its lane. */
const ARROW_MARGIN = 4;
/** Share of the width between the lanes that SACK blocks are drawn on. */
const SACK_SHARE = 0.4;
/** Where an arrow leaves and where it arrives, below the top of its row, in pixels. */
const ARROW_TOP = 17.5;
const ARROW_BOTTOM = 24.5;
/** Width between the lanes under which a SYN-ACK's label needs smaller letters. */
const SMALL_LABELS_BELOW = 320;

/** What stands around a folded run's label: its margins, its padding and its sign. */
const RUN_FRAME = 66;
/** Width of a character of a label, in pixels; editors' fonts are about 0.6 em. */
const CHARACTER = 7.4;

/** The first text that has room in so many pixels, else the last. */
const fitting = (texts: readonly string[], width: number): string =>
  texts.find((text) => text.length * CHARACTER <= width) ?? texts.at(-1)!;

/** A pause that a person would notice. */
const LONG_WAIT_NS = 100e6;

/** Milliseconds are what most traces are read by; what is finer stands back. */
function setTime(slot: DiagramRow, text: string): void {
  setText(slot.timeMain, text.slice(0, -3));
  setText(slot.timeFine, text.slice(-3));
}

function setLabel(slot: DiagramRow, before: string, ack = '', after = ''): void {
  const pieces = [
    [slot.labelBefore, inert(before)],
    [slot.labelAfter, inert(after)],
  ] as const;
  for (const [node, text] of pieces) if (node.data !== text) node.data = text;
  setText(slot.labelAck, ack);
}

/** "sack 18825–20273", the blocks that a segment acknowledges selectively; empty where it has none. */
const sackText = (row: SegmentRow, mode: SeqMode): string =>
  row.sack.length === 0 ? '' : `sack ${row.sack.map((block) => sackBlockText(row, block, mode)).join(' ')}`;

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

/** The row as a sentence, for those who hear it. */
function rowSentence(row: SegmentRow, label: string, words: string, time: string): string {
  const states = [stateText(row.client), stateText(row.server)] as const;
  return t(
    'Packet {0}, {1}, {2}: {3}. {4}. Client {5}, server {6}.',
    row.packet,
    t('{0} seconds', time),
    row.from === 'client' ? t('client to server') : t('server to client'),
    label,
    words,
    ...states,
  );
}
