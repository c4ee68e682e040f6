/**
 * Axes, grid, crosshair and the dragged selection of a graph, and the only file that knows that uPlot makes them. What is
 * between the axes is painted by whoever owns the plot. uPlot sets styles through the object model only, which the
 * view's content security policy allows.
 */
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export type Interval = readonly [from: number, to: number];

export interface PlotColours {
  readonly text: string;
  readonly grid: string;
  readonly font: string;
}

/** What is painted on: device pixels, clipped to the plotting area `[left, right] × [top, bottom]`. */
export interface PlotArea {
  readonly context: CanvasRenderingContext2D;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Device pixels in a CSS pixel. */
  readonly ratio: number;
  /** Device pixels of a value. */
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

export interface PlotOptions {
  readonly formatX: (value: number, step: number) => string;
  readonly formatY: (value: number) => string;
  readonly colours: () => PlotColours;
  readonly paint: (area: PlotArea) => void;
  /** An interval was dragged over. */
  readonly onDrag: (interval: Interval) => void;
  /** The pointer moved to a place in CSS pixels of the plotting area. */
  readonly onPoint: (at: { readonly x: number; readonly y: number }) => void;
}

/** Room for the numbers of the axes, in CSS pixels. */
const AXIS_WIDTH = 74;
const AXIS_HEIGHT = 34;

export class Plot {
  private readonly plot: UPlot;
  private x: Interval = [0, 1];
  private y: Interval = [0, 1];

  constructor(parent: HTMLElement, options: PlotOptions) {
    const axis = (): Partial<UPlot.Axis> => ({
      stroke: () => options.colours().text,
      grid: { stroke: () => options.colours().grid, width: 1 },
      ticks: { stroke: () => options.colours().grid, width: 1, size: 4 },
      font: `11px ${options.colours().font}`,
    });
    this.plot = new UPlot(
      {
        width: 300,
        height: 200,
        legend: { show: false },
        cursor: { drag: { x: true, y: false, setScale: false, dist: 4 }, points: { show: false } },
        scales: {
          x: { time: false, auto: false, range: asGiven },
          y: { auto: false, range: asGiven },
        },
        axes: [
          {
            ...axis(),
            size: AXIS_HEIGHT,
            values: (_, values) => values.map((value) => options.formatX(value, stepOf(values))),
          },
          { ...axis(), size: AXIS_WIDTH, values: (_, values) => values.map(options.formatY) },
        ],
        series: [{}, { scale: 'y', show: true }],
        hooks: {
          draw: [(plot) => this.draw(plot, options.paint)],
          setSelect: [
            (plot) => {
              const { left, width } = plot.select;
              if (width === 0) return;
              options.onDrag([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
              plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
        },
      },
      [
        [0, 1],
        [null, null],
      ],
      parent,
    );
    // Not uPlot's hook, which also tells of a crosshair that stands still while the graph moves below it.
    this.plot.over.addEventListener('mousemove', ({ offsetX, offsetY }) => options.onPoint({ x: offsetX, y: offsetY }));
  }

  /** The element over the plotting area, which has the pointer. */
  get surface(): HTMLElement {
    return this.plot.over;
  }

  /** Width of the plotting area in CSS pixels. */
  get width(): number {
    return this.plot.over.clientWidth;
  }

  size(width: number, height: number): void {
    this.plot.setSize({ width, height });
  }

  /** Shows these intervals, and paints anew. */
  show(x: Interval, y: Interval): void {
    this.x = x;
    this.y = y;
    this.plot.batch(() => {
      this.plot.setScale('x', { min: x[0], max: x[1] });
      this.plot.setScale('y', { min: y[0], max: y[1] });
    });
  }

  /** CSS pixels of a value in the plotting area, and back. */
  place(x: number, y: number): { readonly x: number; readonly y: number } {
    return { x: this.plot.valToPos(x, 'x'), y: this.plot.valToPos(y, 'y') };
  }

  valueAt(x: number): number {
    return this.plot.posToVal(x, 'x');
  }

  /** Puts the crosshair to a place, or away. */
  point(at: { readonly x: number; readonly y: number } | null): void {
    this.plot.setCursor(at === null ? { left: -10, top: -10 } : { left: at.x, top: at.y }, false);
  }

  dispose(): void {
    this.plot.destroy();
  }

  private draw(plot: UPlot, paint: PlotOptions['paint']): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    const [x0, x1] = this.x;
    const [y0, y1] = this.y;
    paint({
      context: ctx,
      left: bbox.left,
      right: bbox.left + bbox.width,
      top: bbox.top,
      bottom: bbox.top + bbox.height,
      ratio: devicePixelRatio,
      x: (value) => bbox.left + ((value - x0) / (x1 - x0)) * bbox.width,
      y: (value) => bbox.top + bbox.height - ((value - y0) / (y1 - y0)) * bbox.height,
    });
    ctx.restore();
  }
}

/** Scales show what they are told to, not what round numbers surround it. */
const asGiven: UPlot.Range.Function = (_, min, max) => [min, max];

const stepOf = (values: readonly number[]): number => (values.length > 1 ? values[1]! - values[0]! : 0);
