import { count } from '../../src/core/format/number';
import { duration, seconds } from '../../src/core/format/time';
import type { DiagnosisChart, IsnChart, QueueChart } from '../../src/core/model/diagnosis';
import type { Context } from '../context';
import { el, oncePerFrame, setText, svg } from '../dom';
import { type Interval, Plot, type PlotArea } from '../draw/graph-plot';
import { t } from '../l10n';
import { noColours, type PanelColours, readColours } from '../draw/graph-colours';
import { decimalsOf } from '../draw/graph-texts';
import { openPacket } from './packetLink';

const HEIGHT = 190;
type Canvas = PlotArea<CanvasRenderingContext2D>;

/** How near the pointer must come to a point, in pixels. */
const REACH = 12;
/** Room around points, as a share of what they span. */
const ROOM = 0.05;
/** A backlog so many times as long as the queue was would make a flat line of the queue. */
const MOST_BACKLOGS = 3;

/** Shows a chart of a finding: a server's queue of half-open connections, or a host's initial sequence numbers. */
export class FindingChart {
  readonly element: HTMLElement;
  private readonly plot: Plot;
  private readonly readout = el('p', { class: 'chart-readout dim' });
  private readonly surface = el('div', { class: 'chart-surface' });
  private readonly resize: ResizeObserver;
  private colours: PanelColours = noColours();
  private readonly x: Interval;
  private readonly y: Interval;
  private readonly draw = oncePerFrame(() => this.plot.show(this.x, this.y));

  constructor(
    private readonly context: Context,
    private readonly chart: DiagnosisChart,
  ) {
    const { times } = chart;
    const first = times[0] ?? 0;
    const last = Math.max(times.at(-1) ?? 0, first + 1);
    const room = chart.chart === 'isn' ? ROOM * (last - first) : 0;
    this.x = [first - room, last + room];
    this.y = chart.chart === 'isn' ? rangeOf(chart.numbers) : [0, topOf(chart)];
    const summary = summaryOf(chart);
    this.surface.setAttribute('role', 'img');
    this.surface.setAttribute('aria-label', summary);
    this.element = el(
      'figure',
      { class: 'finding-chart' },
      el(
        'p',
        { class: 'dim' },
        chart.chart === 'isn' ? t('Initial sequence number, over seconds') : t('Half-open connections, over seconds'),
      ),
      this.surface,
      el('figcaption', {}, ...(chart.chart === 'isn' ? isnLegend() : queueLegend(chart))),
      this.readout,
    );
    this.plot = new Plot(this.surface, {
      formatX: (value, step) => seconds(Math.round(value), decimalsOf(step)),
      formatY: (value) => count(Math.round(value)),
      colours: () => ({ text: this.colours.dim, grid: this.colours.grid, font: this.colours.font }),
      paint: (area) => (chart.chart === 'isn' ? this.paintNumbers(area, chart) : this.paintQueue(area, chart)),
      onDrag: null,
      onPoint: (at) => this.point(at),
    });
    // Before uPlot, which keeps the click that ends a drag to itself.
    if (chart.chart === 'isn') this.surface.addEventListener('click', () => this.open(), { capture: true });
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.surface);
  }

  /** Takes the theme's colours; called again when they change. */
  restyle(): void {
    this.colours = readColours(this.element);
    this.draw();
  }

  dispose(): void {
    this.resize.disconnect();
    this.plot.dispose();
  }

  private fit(): void {
    const { clientWidth } = this.surface;
    if (clientWidth === 0) return;
    this.plot.size(clientWidth, HEIGHT);
    this.restyle();
  }

  private paintQueue({ context, x, y, bottom, right, ratio }: Canvas, chart: QueueChart): void {
    const { times, lengths, unanswered, backlog } = chart;
    context.beginPath();
    context.moveTo(x(times[0] ?? 0), y(0));
    lengths.forEach((length, i) => {
      context.lineTo(x(times[i]!), y(length));
      context.lineTo(i + 1 < times.length ? x(times[i + 1]!) : right, y(length));
    });
    context.lineTo(right, y(0));
    context.globalAlpha = 0.25;
    context.fillStyle = this.colours.blue;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = this.colours.blue;
    context.lineWidth = 1.5 * ratio;
    context.stroke();
    context.strokeStyle = this.colours.orange;
    context.setLineDash([6 * ratio, 4 * ratio]);
    context.beginPath();
    context.moveTo(x(this.x[0]), y(backlog));
    context.lineTo(right, y(backlog));
    context.stroke();
    context.setLineDash([]);
    context.strokeStyle = this.colours.red;
    context.beginPath();
    unanswered.forEach((n, i) => {
      if (n === 0) return;
      context.moveTo(x(times[i]!), bottom);
      context.lineTo(x(times[i]!), bottom - 8 * ratio);
    });
    context.stroke();
  }

  private paintNumbers({ context, x, y, ratio }: Canvas, { times, numbers }: IsnChart): void {
    context.strokeStyle = this.colours.dim;
    context.lineWidth = 0.75 * ratio;
    context.beginPath();
    times.forEach((time, i) => context.lineTo(x(time), y(numbers[i]!)));
    context.stroke();
    context.fillStyle = this.colours.blue;
    context.beginPath();
    times.forEach((time, i) => {
      context.moveTo(x(time) + 3 * ratio, y(numbers[i]!));
      context.arc(x(time), y(numbers[i]!), 3 * ratio, 0, 2 * Math.PI);
    });
    context.fill();
  }

  private nearest = -1;

  private point(at: { readonly x: number; readonly y: number }): void {
    const { chart, plot } = this;
    if (chart.chart === 'isn') {
      this.nearest = -1;
      let best = REACH ** 2;
      chart.times.forEach((time, i) => {
        const place = plot.place(time, chart.numbers[i]!);
        const distance = (place.x - at.x) ** 2 + (place.y - at.y) ** 2;
        if (distance >= best) return;
        best = distance;
        this.nearest = i;
      });
      const i = this.nearest;
      this.surface.classList.toggle('on-point', i >= 0);
      setText(
        this.readout,
        i < 0
          ? ''
          : t(
              'Packet {0}: {1}, {2} after the first packet',
              chart.packets[i]!,
              count(chart.numbers[i]!),
              duration(chart.times[i]!),
            ),
      );
      return;
    }
    const time = plot.valueAt(at.x);
    let i = chart.times.length - 1;
    while (i > 0 && chart.times[i]! > time) i--;
    setText(
      this.readout,
      t(
        '{0} half-open connections, {1} after the first packet',
        count(chart.lengths[i] ?? 0),
        duration(Math.max(0, Math.round(time))),
      ),
    );
  }

  private open(): void {
    const { chart } = this;
    if (chart.chart === 'isn' && this.nearest >= 0) void openPacket(this.context, chart.packets[this.nearest]!);
  }
}

const longest = ({ lengths }: QueueChart): number => lengths.reduce((a, b) => Math.max(a, b), 1);

const topOf = (chart: QueueChart): number => {
  const most = longest(chart);
  return 1.08 * (chart.backlog <= MOST_BACKLOGS * most ? Math.max(most, chart.backlog) : most);
};

function rangeOf(numbers: readonly number[]): Interval {
  const low = numbers.reduce((a, b) => Math.min(a, b), 2 ** 32);
  const high = numbers.reduce((a, b) => Math.max(a, b), 0);
  const room = Math.max(1, (high - low) * ROOM);
  return [Math.max(0, low - room), high + room];
}

function summaryOf(chart: DiagnosisChart): string {
  return chart.chart === 'isn'
    ? t('{0} initial sequence numbers over time', count(chart.numbers.length))
    : t('Queue of half-open connections over time, {0} long at most', count(longest(chart)));
}

const swatch = (kind: string): SVGElement =>
  svg(
    'svg',
    { class: `swatch ${kind}`, width: 22, height: 10, 'aria-hidden': 'true' },
    svg('path', { d: PATHS[kind]! }),
  );

const PATHS: Readonly<Record<string, string>> = {
  queue: 'M0 9V4H22V9Z',
  backlog: 'M0 5H8M14 5H22',
  unanswered: 'M5 1V9M11 1V9M17 1V9',
  number: 'M11 2a3 3 0 1 0 .01 0',
};

const queueLegend = (chart: QueueChart): Node[] => [
  el('span', {}, swatch('queue'), t('Queue of half-open connections (estimated)')),
  el(
    'span',
    {},
    swatch('backlog'),
    chart.backlog < topOf(chart)
      ? t('Backlog {0}', count(chart.backlog))
      : t('Backlog {0}, above what is drawn', count(chart.backlog)),
  ),
  el('span', {}, swatch('unanswered'), t('SYNs without an answer')),
];

const isnLegend = (): Node[] => [el('span', {}, swatch('number'), t('Initial sequence number of a connection'))];
