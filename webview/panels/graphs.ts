import { endpointLabel } from '../../src/core/format/endpoint';
import { count, percent } from '../../src/core/format/number';
import { duration, seconds } from '../../src/core/format/time';
import type { ConnectionRow } from '../../src/core/model/connection';
import { type FlowSummary, type GraphData, GRAPH_INTERVALS, type GraphProgress } from '../../src/core/model/graph';
import type { SegmentRow, Side } from '../../src/core/model/segment';
import type { Context, Panel } from '../context';
import { button, dropdown, progressRing } from '../controls';
import { consume, el, oncePerFrame, setAttribute, setChildren, setText } from '../dom';
import { noColours, type PanelColours, readColours } from '../draw/graph-colours';
import { type Colours, paintGraph, swatchArea } from '../draw/graph-paint';
import { graphSvg, type LegendEntry, PRINT_COLOURS } from '../draw/graph-picture';
import { type Interval, Plot, type PlotArea } from '../draw/graph-plot';
import { extent, firstFrom, type GraphPoint, nearest, pointsOf } from '../draw/graph-points';
import { moved, zoomed } from '../draw/graph-range';
import { GRAPH_TITLES, LINE_STYLES, MARK_STYLES, type SequenceStyle, styled } from '../draw/graph-styles';
import { decimalsOf, summaryOf, valueText } from '../draw/graph-texts';
import { say, t } from '../l10n';

/** After so long a wait one is told that there is one. */
const TELL_AFTER_MS = 100;
/** While the range moves, its points are asked for again at most this often. */
const REFINE_MS = 60;
/** How near the pointer must come to a point, in pixels. */
const REACH = 40;
/** Shortest range that can be zoomed into, in nanoseconds, and least part of the values. */
const SHORTEST_NS = 1000;
const LEAST_VALUES = 1e-4;
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
  private readonly intervalChoice: HTMLElement;
  private readonly saveButton: HTMLElement;
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
  /** What fits, and what of it is shown; `null` is all of it. */
  private fit: Interval = [0, 1];
  private values: Interval | null = null;
  private cursor: GraphPoint | null = null;
  private selectedNs: number | null = null;
  private shown = false;
  private asked = 0;
  private walking = 0;
  private refining = 0;
  private describing = 0;
  private panFrom: {
    readonly x: number;
    readonly y: number;
    readonly range: Interval;
    readonly values: Interval;
  } | null = null;
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
    this.intervalChoice = dropdown(
      t('Counted every'),
      GRAPH_INTERVALS.map((ns) => ({
        value: String(ns),
        text: ns === 0 ? t('Counted: as fits') : t('Counted every {0}', duration(ns)),
      })),
      String(store.now.graphInterval),
      (interval) => store.set({ graphInterval: Number(interval) }),
    );
    const look = 'icon' as const;
    const icon = (text: string): HTMLElement => el('span', { 'aria-hidden': 'true' }, text);
    this.saveButton = button(icon('↧'), {
      look,
      label: t('Save the graph as a picture…'),
      onClick: () => this.save(),
    });
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
      this.intervalChoice,
      el(
        'span',
        { class: 'graph-zoom' },
        el(
          'span',
          { role: 'group', 'aria-label': t('Time') },
          el('span', { class: 'dim', 'aria-hidden': 'true', title: t('Time') }, '↔'),
          button(icon('−'), { look, label: t('Zoom out of time'), onClick: () => this.zoom(ZOOM ** 2) }),
          button(icon('+'), { look, label: t('Zoom in on time'), onClick: () => this.zoom(1 / ZOOM ** 2) }),
        ),
        el(
          'span',
          { role: 'group', 'aria-label': t('Values') },
          el('span', { class: 'dim', 'aria-hidden': 'true', title: t('Values') }, '↕'),
          button(icon('−'), { look, label: t('Zoom out of values'), onClick: () => this.zoomValues(ZOOM ** 2) }),
          button(icon('+'), { look, label: t('Zoom in on values'), onClick: () => this.zoomValues(1 / ZOOM ** 2) }),
        ),
        button(icon('⟲'), { look, label: t('Whole connection'), onClick: () => this.showWhole() }),
        this.saveButton,
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
          'Drag a box, wheel or + −: zoom · ↑ ↓ or Alt+wheel: zoom values · Shift with drag, wheel or arrows: move · ← →: from point to point · 0: whole connection · click or Enter: to the packet',
        ),
      ),
    );
    this.plot = new Plot(this.host, {
      formatX: (value, step) => t('{0} s', timeText(value, step)),
      formatY: (value) => this.valueText(value),
      colours: () => ({ text: this.colours.dim, grid: this.colours.grid, font: this.colours.font }),
      paint: (area) => this.paint(area),
      onDrag: (range, values) => {
        if (values !== null) this.values = values;
        this.setRange(range ?? this.range);
      },
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
      else if (now.graphInterval !== before.graphInterval) void this.load();
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
      this.values = null;
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
        this.panFrom = { x: event.clientX, y: event.clientY, range: this.shownRange, values: this.shownValues };
        const move = (moving: MouseEvent): void => this.pan(moving);
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
    return this.range ?? this.wholeRange;
  }

  private get wholeRange(): Interval {
    return [0, Math.max(SHORTEST_NS, this.progressed?.durationNs ?? 0)];
  }

  private get shownValues(): Interval {
    return this.values ?? this.fit;
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
    this.values = null;
    this.take(null);
    void this.load();
  }

  /** Asks for the points of what is shown, and some on either side. */
  private async load(): Promise<void> {
    const { info, progressed } = this;
    if (info === null || progressed === null || !this.shown) return;
    const asked = ++this.asked;
    const [from, to] = this.shownRange;
    const { graph, graphSide, graphInterval: intervalNs } = this.context.store.now;
    const columns = Math.max(1, Math.min(8192, Math.round(this.plot.width * devicePixelRatio)));
    const data = await this.context.client
      .query('graph', { connection: info.connection, graph, side: graphSide, from, to, columns, intervalNs })
      .catch(() => null);
    if (asked === this.asked) this.take(data);
  }

  private take(data: GraphData | null): void {
    this.data = data;
    this.saveButton.toggleAttribute('disabled', data === null);
    const drawn = data === null ? null : styled(data, this.context.store.now.graphStyle);
    this.points = drawn === null ? [] : pointsOf(drawn, ...this.shownRange);
    this.styleChoice.hidden = this.context.store.now.graph !== 'sequence';
    this.intervalChoice.hidden = this.context.store.now.graph !== 'throughput';
    this.fitY(drawn);
    this.showLegend(drawn);
    this.showSummary(drawn);
    this.draw();
  }

  private fitY(data: GraphData | null): void {
    const found = data === null ? null : extent(data, ...this.shownRange);
    if (found === null) {
      this.fit = [0, 1];
      return;
    }
    // All but sequence numbers are amounts, which are seen against nothing.
    const low = data!.graph === 'sequence' ? found[0] : Math.min(0, found[0]);
    const room = Math.max(found[1] - low, 1) * 0.04;
    this.fit = [low - (data!.graph === 'sequence' ? room : 0), found[1] + room];
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

  private showWhole(): void {
    this.values = null;
    this.setRange(null);
  }

  private zoom(factor: number, at: number | null = null): void {
    const shown = this.shownRange;
    this.setRange(zoomed(shown, this.wholeRange, factor, at ?? middleOf(shown, this.cursor?.time), SHORTEST_NS));
  }

  private zoomValues(factor: number, at: number | null = null): void {
    const [shown, { fit, cursor }] = [this.shownValues, this];
    const centre = at ?? middleOf(shown, cursor === null ? undefined : (cursor.low + cursor.high) / 2);
    this.values = zoomed(shown, fit, factor, centre, (fit[1] - fit[0]) * LEAST_VALUES);
    this.draw();
  }

  private move(by: number): void {
    this.setRange(moved(this.shownRange, this.wholeRange, by));
  }

  private moveValues(by: number): void {
    if (this.values !== null) this.values = moved(this.values, this.fit, by);
    this.draw();
  }

  private pan({ clientX, clientY }: MouseEvent): void {
    if (this.panFrom === null) return;
    const { x, y, range, values } = this.panFrom;
    const across = ((x - clientX) / Math.max(1, this.plot.width)) * (range[1] - range[0]);
    const up = ((clientY - y) / Math.max(1, this.plot.height)) * (values[1] - values[0]);
    if (this.values !== null) this.values = moved(values, this.fit, up);
    this.setRange(moved(range, this.wholeRange, across));
  }

  private wheel(event: WheelEvent): void {
    consume(event);
    const [from, to] = this.shownRange;
    const across = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      this.move((across / Math.max(1, this.plot.width)) * (to - from));
      return;
    }
    const { left, top } = this.plot.surface.getBoundingClientRect();
    const factor = WHEEL_ZOOM ** event.deltaY;
    // Over the numbers of the vertical axis, these are meant.
    if (event.altKey || event.clientX < left) this.zoomValues(factor, this.plot.heightAt(event.clientY - top));
    else this.zoom(factor, this.plot.valueAt(event.clientX - left));
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
      case 'ArrowUp':
      case 'ArrowDown':
        this.upOrDown(event.key === 'ArrowUp' ? 1 : -1, event.shiftKey);
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
        this.showWhole();
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

  private upOrDown(direction: 1 | -1, moves: boolean): void {
    const [low, high] = this.shownValues;
    if (moves) this.moveValues((direction * (high - low)) / 8);
    else this.zoomValues(direction > 0 ? 1 / ZOOM : ZOOM);
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
    if (point !== null) this.bringIntoView(point);
    this.plot.point(point === null ? null : this.plot.place(point.time, (point.low + point.high) / 2));
    this.describe();
    this.draw();
  }

  /** Moves the values that are shown, where a point is not among them. */
  private bringIntoView({ low, high }: GraphPoint): void {
    if (this.values === null) return;
    const [from, to] = this.values;
    const middle = (low + high) / 2;
    if (middle < from || middle > to) this.moveValues(middle - (from + to) / 2);
    this.redraw();
  }

  /** Says what is at the crosshair: its values at once, its segment as soon as it is known. */
  private describe(): void {
    const { cursor, info } = this;
    window.clearTimeout(this.describing);
    if (cursor === null || info === null) {
      setText(this.readout, this.partShown());
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

  /** Which part of the graph is shown; empty for all of it. */
  private partShown(): string {
    if (this.range === null && this.values === null) return '';
    const [from, to] = this.shownRange;
    const [low, high] = this.shownValues;
    const values = t('{0} to {1}', this.valueText(Math.max(0, low)), this.valueText(high));
    return t('Shown: {0} s to {1} s, {2}', seconds(Math.round(from), 6), seconds(Math.round(to), 6), values);
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
    if (this.cursor === null) setText(this.readout, this.partShown());
    if (this.shown) this.plot.show(this.shownRange, this.shownValues);
  }

  private paint(area: PlotArea<CanvasRenderingContext2D>): void {
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
    setAttribute(this.legend, 'aria-label', t('Legend'));
    setChildren(
      this.legend,
      ...legendOf(data, this.context.store.now.graphStyle, this.colours).map(({ name, meaning, paint }) => {
        const swatch = el('canvas', { class: 'swatch', 'aria-hidden': 'true' });
        paint(swatchArea(swatch, ...SWATCH));
        return el('li', {}, swatch, el('span', {}, el('b', {}, name), ' ', el('span', { class: 'dim' }, meaning)));
      }),
    );
  }

  /** Has the host save the graph as it is shown, in colours for paper. */
  private save(): void {
    const { data, info } = this;
    if (data === null || info === null) return;
    const { graphStyle: style } = this.context.store.now;
    const drawn = styled(data, style);
    const svg = graphSvg({
      heads: [
        this.surface.getAttribute('aria-label') ?? '',
        t('Connection {0}, {1} to {2}', info.connection, endpointLabel(info.client), endpointLabel(info.server)),
      ],
      x: this.shownRange,
      y: this.shownValues,
      formatX: timeText,
      formatY: (value) => this.valueText(value),
      xTitle: t('Seconds since the connection’s first segment'),
      paint: (area) => paintGraph(area, drawn, style, PRINT_COLOURS),
      legend: legendOf(drawn, style, PRINT_COLOURS),
      summary: this.summary.textContent,
    });
    this.context.post({ type: 'saveGraph', connection: info.connection, graph: data.graph, svg });
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

const timeText = (value: number, step: number): string => seconds(Math.round(value), decimalsOf(step));

/** The place that is zoomed around: the one that is pointed at, where that is shown. */
const middleOf = ([from, to]: Interval, pointed = NaN): number =>
  pointed >= from && pointed <= to ? pointed : (from + to) / 2;

/** What a graph's lines and marks stand for, each with something that paints it from 0 to 1 either way. */
function legendOf(data: GraphData | null, style: SequenceStyle, colours: Colours): LegendEntry[] {
  const one = new Float64Array([0.5]);
  const rows = new Int32Array(1);
  const lines = (data?.lines ?? []).map(({ kind }): LegendEntry => {
    const { name, meaning, shape } = LINE_STYLES[kind];
    const isDots = shape === 'dots' || shape === 'rings';
    const times = isDots ? one : new Float64Array([0, 1]);
    const line = { kind, times, values: isDots ? one : new Float64Array([0.5, 0.5]), rows };
    const paint = (area: PlotArea): void => paintGraph(area, { ...EMPTY, lines: [line] }, style, colours);
    return { name: say(name), meaning: say(meaning), paint };
  });
  const marks = (data?.marks ?? []).map(({ kind }): LegendEntry => {
    const { name, meaning, shape } = MARK_STYLES[kind];
    const isRange = ['bar', 'thick-bar', 'hollow-bar'].includes(shape);
    const lows = isRange ? new Float64Array([0.15]) : one;
    const mark = { kind, times: one, lows, highs: isRange ? new Float64Array([0.85]) : one, rows };
    const paint = (area: PlotArea): void => paintGraph(area, { ...EMPTY, marks: [mark] }, style, colours);
    return { name: say(name), meaning: say(meaning), paint };
  });
  return [...marks, ...lines];
}
