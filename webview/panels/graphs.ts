import { byteSize, count, percent } from '../../src/core/format/number';
import { duration, seconds } from '../../src/core/format/time';
import type { ConnectionRow } from '../../src/core/model/connection';
import type { FlowSummary, GraphData, GraphKind, GraphProgress } from '../../src/core/model/graph';
import type { SegmentRow, Side } from '../../src/core/model/segment';
import type { Context, Panel } from '../context';
import { button, dropdown, progressRing } from '../controls';
import { consume, el, oncePerFrame, setAttribute, setChildren, setText } from '../dom';
import { type Colours, paintGraph, swatchArea } from '../draw/graph-paint';
import { type Interval, Plot, type PlotArea } from '../draw/graph-plot';
import { extent, firstFrom, type GraphPoint, nearest, pointsOf } from '../draw/graph-points';
import { COLOUR_NAMES, GRAPH_TITLES, LINE_STYLES, MARK_STYLES, type Style, styled } from '../draw/graph-styles';
import { plural, say, t } from '../l10n';

/** After so long a wait one is told that there is one. */
const TELL_AFTER_MS = 100;
/** While the range moves, its points are asked for again at most this often. */
const REFINE_MS = 60;
/** How near the pointer must come to a point, in pixels. */
const REACH = 40;
/** Shortest range that can be zoomed into, in nanoseconds. */
const SHORTEST_NS = 1000;
const ZOOM = 1.3;
const WHEEL_ZOOM = 1.002;
/** Size of a mark in the legend, in pixels. */
const SWATCH = [26, 14] as const;

export function graphsPanel(context: Context): Panel {
  return new GraphsPanel(context);
}

/** Graphs of one direction of the shown connection over time. */
class GraphsPanel implements Panel {
  readonly element: HTMLElement;
  private readonly host = el('div', { class: 'graph-host' });
  private readonly surface = el('div', {
    class: 'graph',
    tabindex: 0,
    role: 'application',
    'aria-describedby': 'graph-summary graph-keys',
  });
  private readonly legend = el('ul', { class: 'graph-legend' });
  private readonly summary = el('p', { class: 'graph-summary', id: 'graph-summary' });
  private readonly readout = el('p', { class: 'graph-readout', role: 'status' });
  private readonly wait = el('div', { class: 'graph-wait', hidden: true });
  private readonly empty = el('p', { class: 'empty' });
  private readonly styleChoice: HTMLElement;
  private readonly plot: Plot;
  private readonly resize: ResizeObserver;
  private readonly themes: MutationObserver;
  private readonly unlisten: () => void;
  private colours: PanelColours = noColours();
  private info: ConnectionRow | null = null;
  private progressed: GraphProgress | null = null;
  private data: GraphData | null = null;
  private points: readonly GraphPoint[] = [];
  /** `null` is the whole connection. */
  private range: Interval | null = null;
  private y: Interval = [0, 1];
  private cursor: GraphPoint | null = null;
  private selectedNs: number | null = null;
  private shown = false;
  private asked = 0;
  private walking = 0;
  private refining = 0;
  private describing = 0;
  private panFrom: { readonly x: number; readonly range: Interval } | null = null;
  private readonly draw = oncePerFrame(() => this.redraw());

  constructor(private readonly context: Context) {
    const { store } = context;
    this.styleChoice = dropdown(
      t('Style'),
      [
        { value: 'tcptrace', text: t('Style: tcptrace') },
        { value: 'stevens', text: t('Style: Stevens') },
      ],
      store.now.graphStyle,
      (graphStyle) => store.set({ graphStyle }),
    );
    const look = 'icon' as const;
    const icon = (text: string): HTMLElement => el('span', { 'aria-hidden': 'true' }, text);
    const bar = el(
      'div',
      { class: 'graph-bar', role: 'toolbar', 'aria-label': t('Graph') },
      dropdown(
        t('Graph'),
        GRAPH_TITLES.map(({ graph, name }) => ({ value: graph, text: t(name) })),
        store.now.graph,
        (graph) => store.set({ graph }),
      ),
      dropdown(
        t('Direction'),
        [
          { value: 'client', text: t('Client → server') },
          { value: 'server', text: t('Server → client') },
        ],
        store.now.graphSide,
        (graphSide) => store.set({ graphSide }),
      ),
      this.styleChoice,
      el(
        'span',
        { class: 'graph-zoom' },
        button(icon('+'), { look, label: t('Zoom in'), onClick: () => this.zoom(1 / ZOOM ** 2) }),
        button(icon('−'), { look, label: t('Zoom out'), onClick: () => this.zoom(ZOOM ** 2) }),
        button(icon('⟲'), { look, label: t('Whole connection'), onClick: () => this.setRange(null) }),
      ),
    );
    this.surface.append(this.host, this.wait);
    this.element = el(
      'div',
      { class: 'graphs no-data' },
      this.empty,
      bar,
      el('div', { class: 'graph-body' }, this.surface, this.legend),
      this.readout,
      this.summary,
      el(
        'p',
        { class: 'graph-keys', id: 'graph-keys' },
        t(
          'Drag or wheel: zoom · Shift+drag or Shift+wheel: move · ← →: from point to point · + −: zoom · Shift+← →: move · 0: whole connection · click or Enter: to the packet',
        ),
      ),
    );
    this.plot = new Plot(this.host, {
      formatX: (value, step) => seconds(Math.round(value), decimalsOf(step)),
      formatY: (value) => this.valueText(value),
      colours: () => ({ text: this.colours.dim, grid: this.colours.grid, font: this.colours.font }),
      paint: (area) => this.paint(area),
      onDrag: (interval) => this.setRange(interval),
      onPoint: (at) => this.point(at),
    });
    this.listen();
    this.resize = new ResizeObserver(() => this.size());
    this.resize.observe(this.surface);
    this.themes = new MutationObserver(() => this.readColours());
    for (const target of [document.documentElement, document.body])
      this.themes.observe(target, { attributes: true, attributeFilter: ['class', 'style'] });
    this.unlisten = store.listen((now, before) => {
      if (now.graph !== before.graph || now.graphSide !== before.graphSide) this.changeGraph();
      else if (now.graphStyle !== before.graphStyle) this.take(this.data);
      if (now.seq !== before.seq) this.draw();
      if (now.row !== before.row && this.shown) void this.markSelected();
    });
  }

  show(focus: boolean): void {
    this.shown = true;
    this.readColours();
    this.size();
    if (focus) this.surface.focus();
    void this.walk();
    void this.markSelected();
  }

  hide(): void {
    this.shown = false;
  }

  connection(info: ConnectionRow | null): void {
    const same = info !== null && this.info?.connection === info.connection;
    this.info = info;
    this.element.classList.toggle('no-data', info === null);
    setText(this.empty, t('Choose a connection to see its graphs.'));
    if (!same) {
      this.range = null;
      this.progressed = null;
      this.cursor = null;
      this.selectedNs = null;
      this.take(null);
    }
    if (this.shown) {
      void this.walk();
      void this.markSelected();
    }
  }

  dispose(): void {
    this.unlisten();
    this.asked++;
    this.walking++;
    this.resize.disconnect();
    this.themes.disconnect();
    this.plot.dispose();
  }

  private listen(): void {
    const { surface } = this;
    surface.addEventListener('keydown', (event) => this.key(event));
    surface.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    surface.addEventListener('click', (event) => {
      if (!event.shiftKey) this.open();
    });
    // Shift and a drag move what is shown; uPlot, which drags to zoom, must not see it.
    this.plot.surface.addEventListener(
      'mousedown',
      (event) => {
        surface.focus();
        if (!event.shiftKey || event.button !== 0) return;
        consume(event);
        event.stopImmediatePropagation();
        this.panFrom = { x: event.clientX, range: this.shownRange };
        const move = ({ clientX }: MouseEvent): void => this.pan(clientX);
        const end = (): void => {
          this.panFrom = null;
          window.removeEventListener('mousemove', move);
        };
        window.addEventListener('mousemove', move);
        window.addEventListener('mouseup', end, { once: true });
      },
      { capture: true },
    );
  }

  private get shownRange(): Interval {
    return this.range ?? [0, Math.max(SHORTEST_NS, this.progressed?.durationNs ?? 0)];
  }

  private get flow(): FlowSummary | null {
    return this.progressed?.flows[this.context.store.now.graphSide] ?? null;
  }

  /** Has the connection walked, piece by piece, and shows what there is meanwhile. */
  private async walk(): Promise<void> {
    const { info } = this;
    if (info === null || !this.shown) return;
    const walking = ++this.walking;
    const started = performance.now();
    let told = started;
    for (;;) {
      const progress = await this.context.client
        .query('graphProgress', { connection: info.connection })
        .catch(() => null);
      if (walking !== this.walking || progress === null) return;
      this.progressed = progress;
      if (progress.done) break;
      const now = performance.now();
      if (now - started > TELL_AFTER_MS) this.tell(progress);
      if (now - told > 5 * TELL_AFTER_MS) {
        told = now;
        await this.load();
      }
    }
    this.wait.hidden = true;
    await this.load();
  }

  private tell({ walked, segments }: GraphProgress): void {
    if (this.wait.hidden) setChildren(this.wait, progressRing(t('Making the graph')), el('span', {}));
    this.wait.hidden = false;
    setText(this.wait.lastElementChild!, t('{0} % of {1} segments', percent(walked, segments), count(segments)));
  }

  private changeGraph(): void {
    this.cursor = null;
    this.take(null);
    void this.load();
  }

  /** Asks for the points of what is shown, and some on either side. */
  private async load(): Promise<void> {
    const { info, progressed } = this;
    if (info === null || progressed === null || !this.shown) return;
    const asked = ++this.asked;
    const [from, to] = this.shownRange;
    const { graph, graphSide } = this.context.store.now;
    const columns = Math.max(1, Math.min(8192, Math.round(this.plot.width * devicePixelRatio)));
    const data = await this.context.client
      .query('graph', { connection: info.connection, graph, side: graphSide, from, to, columns })
      .catch(() => null);
    if (asked === this.asked) this.take(data);
  }

  private take(data: GraphData | null): void {
    this.data = data;
    const drawn = data === null ? null : styled(data, this.context.store.now.graphStyle);
    this.points = drawn === null ? [] : pointsOf(drawn, ...this.shownRange);
    this.styleChoice.hidden = this.context.store.now.graph !== 'sequence';
    this.fitY(drawn);
    this.showLegend(drawn);
    this.showSummary(drawn);
    this.draw();
  }

  private fitY(data: GraphData | null): void {
    const found = data === null ? null : extent(data, ...this.shownRange);
    if (found === null) {
      this.y = [0, 1];
      return;
    }
    // All but sequence numbers are amounts, which are seen against nothing.
    const low = data!.graph === 'sequence' ? found[0] : Math.min(0, found[0]);
    const room = Math.max(found[1] - low, 1) * 0.04;
    this.y = [low - (data!.graph === 'sequence' ? room : 0), found[1] + room];
  }

  /** Shows a range of time; what is at hand of it at once, and its points as soon as they are there. */
  private setRange(range: Interval | null): void {
    this.range = range;
    this.draw();
    if (this.refining !== 0) return;
    this.refining = window.setTimeout(() => {
      this.refining = 0;
      void this.load();
    }, REFINE_MS);
  }

  private zoom(factor: number, at: number | null = null): void {
    const [from, to] = this.shownRange;
    const whole = Math.max(SHORTEST_NS, this.progressed?.durationNs ?? 0);
    const cursor = this.cursor?.time ?? NaN;
    const centre = at ?? (cursor >= from && cursor <= to ? cursor : (from + to) / 2);
    const span = Math.max(SHORTEST_NS, (to - from) * factor);
    if (span >= whole) {
      this.setRange(null);
      return;
    }
    const share = (centre - from) / (to - from);
    this.setRange(this.clamped(centre - share * span, span));
  }

  private move(by: number): void {
    const [from, to] = this.shownRange;
    this.setRange(this.clamped(from + by, to - from));
  }

  private clamped(from: number, span: number): Interval {
    const whole = Math.max(SHORTEST_NS, this.progressed?.durationNs ?? 0);
    const start = Math.max(0, Math.min(from, whole - span));
    return [start, start + span];
  }

  private pan(clientX: number): void {
    if (this.panFrom === null) return;
    const [from, to] = this.panFrom.range;
    const by = ((this.panFrom.x - clientX) / Math.max(1, this.plot.width)) * (to - from);
    this.setRange(this.clamped(from + by, to - from));
  }

  private wheel(event: WheelEvent): void {
    consume(event);
    const [from, to] = this.shownRange;
    const across = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      this.move((across / Math.max(1, this.plot.width)) * (to - from));
      return;
    }
    const { left } = this.plot.surface.getBoundingClientRect();
    this.zoom(WHEEL_ZOOM ** event.deltaY, this.plot.valueAt(event.clientX - left));
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [from, to] = this.shownRange;
    const direction = event.key === 'ArrowRight' || event.key === 'PageDown' ? 1 : -1;
    switch (event.key) {
      case 'ArrowLeft':
      case 'ArrowRight':
        if (event.shiftKey) this.move((direction * (to - from)) / 8);
        else this.stepPoint(direction);
        break;
      case 'PageUp':
      case 'PageDown':
        this.move(direction * (to - from));
        break;
      case '+':
      case '=':
        this.zoom(1 / ZOOM);
        break;
      case '-':
        this.zoom(ZOOM);
        break;
      case '0':
        this.setRange(null);
        break;
      case 'Home':
        this.setCursor(this.points[0] ?? null);
        break;
      case 'End':
        this.setCursor(this.points.at(-1) ?? null);
        break;
      case 'Enter':
        this.open();
        break;
      case 'Escape':
        this.setCursor(null);
        break;
      default:
        return;
    }
    consume(event);
  }

  private stepPoint(direction: 1 | -1): void {
    const { points, cursor } = this;
    const [from, to] = this.shownRange;
    const here = cursor === null ? -1 : points.indexOf(cursor);
    const next =
      here >= 0
        ? here + direction
        : firstFrom(points, cursor?.time ?? this.selectedNs ?? from) + (direction < 0 ? -1 : 0);
    const point = points[next];
    if (point !== undefined) this.setCursor(point);
    else this.move((direction * (to - from)) / 2);
  }

  private point(at: { readonly x: number; readonly y: number }): void {
    if (this.panFrom !== null) return;
    const reach: Interval = [this.plot.valueAt(at.x - REACH), this.plot.valueAt(at.x + REACH)];
    const found = nearest(this.points, at, reach, (x, y) => this.plot.place(x, y), REACH);
    this.cursor = this.points[found] ?? null;
    this.describe();
    this.draw();
  }

  private setCursor(point: GraphPoint | null): void {
    this.cursor = point;
    this.plot.point(point === null ? null : this.plot.place(point.time, (point.low + point.high) / 2));
    this.describe();
    this.draw();
  }

  /** Says what is at the crosshair: its values at once, its segment as soon as it is known. */
  private describe(): void {
    const { cursor, info } = this;
    window.clearTimeout(this.describing);
    if (cursor === null || info === null) {
      setText(this.readout, '');
      return;
    }
    const { name } =
      cursor.kind in LINE_STYLES ? LINE_STYLES[cursor.kind as 'ack'] : MARK_STYLES[cursor.kind as 'data'];
    const { low, high, time } = cursor;
    const value = low === high ? this.valueText(low) : t('{0} to {1}', this.valueText(low), this.valueText(high));
    const text = `${t('{0} s', seconds(Math.round(time), 6))} · ${say(name)} · ${value}`;
    setText(this.readout, text);
    this.describing = window.setTimeout(() => {
      void this.segmentAt(cursor.row).then((segment) => {
        if (segment !== null && this.cursor === cursor)
          setText(this.readout, `${text} · ${t('Packet {0}', segment.packet)}: ${segment.label}`);
      });
    }, TELL_AFTER_MS);
  }

  private async segmentAt(row: number): Promise<SegmentRow | null> {
    const { info } = this;
    if (info === null) return null;
    const [segment] = await this.context.client
      .query('segments', { connection: info.connection, start: row, end: row + 1 })
      .catch(() => []);
    return segment ?? null;
  }

  private open(): void {
    if (this.cursor !== null && this.info !== null) this.context.open(this.info.connection, this.cursor.row);
  }

  private async markSelected(): Promise<void> {
    const { info } = this;
    const { row } = this.context.store.now;
    const segment = row === null ? null : await this.segmentAt(row);
    if (this.info !== info || this.context.store.now.row !== row) return;
    this.selectedNs =
      segment === null || info === null || segment.timeNs === null ? null : segment.timeNs - info.startNs;
    this.draw();
  }

  private readColours(): void {
    this.colours = readColours(this.element);
    this.showLegend(this.data === null ? null : styled(this.data, this.context.store.now.graphStyle));
    this.draw();
  }

  private size(): void {
    const { clientWidth, clientHeight } = this.surface;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.plot.size(clientWidth, clientHeight);
    this.setRange(this.range);
  }

  private redraw(): void {
    if (this.shown) this.plot.show(this.shownRange, this.y);
  }

  private paint(area: PlotArea): void {
    const { graphStyle } = this.context.store.now;
    const { context, ratio } = area;
    if (this.selectedNs !== null) {
      const x = Math.round(area.x(this.selectedNs)) + 0.5;
      context.strokeStyle = this.colours.text;
      context.lineWidth = ratio;
      context.setLineDash([ratio, 3 * ratio]);
      context.beginPath();
      context.moveTo(x, area.top);
      context.lineTo(x, area.bottom);
      context.stroke();
      context.setLineDash([]);
      context.fillStyle = this.colours.text;
      context.font = `${11 * ratio}px ${this.colours.font}`;
      const label = t('selected');
      const isRight = x + context.measureText(label).width + 8 * ratio > area.right;
      context.textAlign = isRight ? 'right' : 'left';
      context.fillText(label, x + (isRight ? -4 : 4) * ratio, area.top + 12 * ratio);
    }
    if (this.data !== null) paintGraph(area, styled(this.data, graphStyle), graphStyle, this.colours);
    if (this.cursor === null) return;
    const { time, low, high } = this.cursor;
    context.strokeStyle = this.colours.text;
    context.lineWidth = 2 * ratio;
    context.beginPath();
    context.arc(area.x(time), (area.y(low) + area.y(high)) / 2, 7 * ratio, 0, 2 * Math.PI);
    context.stroke();
  }

  private valueText(value: number): string {
    const { graph, seq } = this.context.store.now;
    return valueText(graph, value, seq === 'raw' ? (this.flow?.base ?? 0) : 0);
  }

  private showLegend(data: GraphData | null): void {
    const style = this.context.store.now.graphStyle;
    const one = new Float64Array([0.5]);
    const row = new Int32Array(1);
    const lines = (data?.lines ?? []).map(({ kind }) => {
      const isDots = LINE_STYLES[kind].shape === 'dots' || LINE_STYLES[kind].shape === 'rings';
      const times = isDots ? one : new Float64Array([0, 1]);
      const line = { kind, times, values: isDots ? one : new Float64Array([0.5, 0.5]), rows: row };
      return this.legendItem(LINE_STYLES[kind], (area) =>
        paintGraph(area, { ...EMPTY, lines: [line] }, style, this.colours),
      );
    });
    const marks = (data?.marks ?? []).map(({ kind }) => {
      const isRange = ['bar', 'thick-bar', 'hollow-bar'].includes(MARK_STYLES[kind].shape);
      const lows = isRange ? new Float64Array([0.15]) : one;
      const mark = { kind, times: one, lows, highs: isRange ? new Float64Array([0.85]) : one, rows: row };
      return this.legendItem(MARK_STYLES[kind], (area) =>
        paintGraph(area, { ...EMPTY, marks: [mark] }, style, this.colours),
      );
    });
    setAttribute(this.legend, 'aria-label', t('Legend'));
    setChildren(this.legend, ...marks, ...lines);
  }

  private legendItem({ name, meaning }: Style<unknown>, paint: (area: PlotArea) => void): HTMLElement {
    const swatch = el('canvas', { class: 'swatch', 'aria-hidden': 'true' });
    paint(swatchArea(swatch, ...SWATCH));
    return el(
      'li',
      {},
      swatch,
      el('span', {}, el('b', {}, say(name)), ' ', el('span', { class: 'dim' }, say(meaning))),
    );
  }

  private showSummary(data: GraphData | null): void {
    const { flow } = this;
    const { graph, graphSide } = this.context.store.now;
    const title = t(GRAPH_TITLES.find((known) => known.graph === graph)!.name);
    const direction = graphSide === 'client' ? t('Client → server') : t('Server → client');
    setAttribute(this.surface, 'aria-label', `${title}, ${direction}`);
    const isEmpty = data !== null && data.lines.length + data.marks.length === 0;
    const other: Side = graphSide === 'client' ? 'server' : 'client';
    const facts =
      flow === null || this.progressed === null
        ? []
        : isEmpty
          ? [t('There is nothing to draw in this direction.')]
          : summaryOf(graph, flow, this.progressed.flows[other], this.progressed.durationNs, data?.intervalNs ?? 0);
    setText(this.summary, facts.length === 0 ? '' : `${direction}: ${facts.join(' · ')}`);
  }
}

const EMPTY: GraphData = { graph: 'sequence', lines: [], marks: [], intervalNs: 0, points: 0 };

export type PanelColours = Colours & { readonly grid: string; readonly font: string };

export const noColours = (): PanelColours =>
  ({
    ...Object.fromEntries(COLOUR_NAMES.map((name) => [name, 'gray'])),
    grid: 'gray',
    font: 'sans-serif',
  }) as PanelColours;

/** The theme's colours as a canvas takes them. */
export function readColours(parent: HTMLElement): PanelColours {
  const probe = el('span', { hidden: true });
  parent.append(probe);
  const colour = (value: string): string => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const named = COLOUR_NAMES.map((name) => [name, colour(name === 'text' ? 'var(--fg)' : `var(--${name})`)]);
  const grid = colour('color-mix(in srgb, var(--fg) 14%, transparent)');
  const font = getComputedStyle(probe).fontFamily;
  probe.remove();
  return { ...Object.fromEntries(named), grid, font } as PanelColours;
}

/** Decimals of a second that an axis needs whose step is `step` nanoseconds. */
export function decimalsOf(step: number): number {
  let decimals = 0;
  for (let unit = 1e9; decimals < 9 && (step <= 0 || Math.round(step) % unit !== 0); unit /= 10) decimals++;
  return decimals;
}

/** A number of the vertical axis; `base` is what sequence numbers count from. */
function valueText(graph: GraphKind, value: number, base: number): string {
  if (graph === 'sequence') return base === 0 ? count(Math.round(value)) : String((Math.round(value) + base) % 2 ** 32);
  if (graph === 'rtt') return duration(Math.round(value));
  if (graph === 'throughput') return bitRate(value);
  return byteSize(Math.round(value));
}

/** Powers of 1000, as links are rated: `12.3 Mbit/s`. */
const bitRate = (bits: number): string => byteSize(Math.round(bits)).replace(/B$/, 'bit/s');

/** One graph in words: what it shows to those who do not see it. */
function summaryOf(
  graph: GraphKind,
  flow: FlowSummary,
  receiver: FlowSummary,
  durationNs: number,
  intervalNs: number,
): string[] {
  const perSecond = (bytes: number): string => (durationNs > 0 ? bitRate((bytes * 8e9) / durationNs) : '–');
  switch (graph) {
    case 'sequence':
      return [
        plural(flow.dataSegments, '{0} data segment', '{0} data segments', count(flow.dataSegments)),
        byteSize(flow.payloadBytes),
        t(
          '{0} retransmissions, {1} fast, {2} spurious',
          count(flow.retransmissions),
          count(flow.fastRetransmissions),
          count(flow.spuriousRetransmissions),
        ),
        t('{0} out of order', count(flow.outOfOrder)),
      ];
    case 'rtt':
      return flow.rtt === null
        ? [t('no round trip could be measured')]
        : [
            plural(flow.rtt.samples, '{0} sample', '{0} samples', count(flow.rtt.samples)),
            t('shortest {0}', duration(flow.rtt.shortestNs)),
            t('mean {0}', duration(Math.round(flow.rtt.meanNs))),
            t('longest {0}', duration(flow.rtt.longestNs)),
          ];
    case 'throughput':
      return [
        t('throughput {0}', perSecond(flow.payloadBytes)),
        t('goodput {0}', perSecond(flow.ackedBytes)),
        ...(intervalNs > 0 ? [t('counted every {0}', duration(intervalNs))] : []),
      ];
    case 'flight':
      return [
        t('at most {0} in flight', byteSize(flow.largestFlight)),
        ...(receiver.window === null ? [] : [t('receiver’s window up to {0}', byteSize(receiver.window.highest))]),
        flow.largestCongestionWindow === null
          ? t('congestion window: cannot be estimated')
          : t('congestion window: up to {0} (estimate)', byteSize(flow.largestCongestionWindow)),
      ];
    case 'window':
      return [
        receiver.windowShift === null
          ? t('the window’s scale was not captured')
          : t('scale {0}: the field times {1}', receiver.windowShift, 2 ** receiver.windowShift),
        ...(receiver.window === null
          ? []
          : [t('window from {0} to {1}', byteSize(receiver.window.lowest), byteSize(receiver.window.highest))]),
        plural(receiver.zeroWindows, 'closed {0} time', 'closed {0} times', count(receiver.zeroWindows)),
      ];
  }
}
