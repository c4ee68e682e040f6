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

/** What graphs are painted with: a part of what a canvas can, so that a picture in SVG can be made by the same code. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  'lineJoin' | 'lineWidth' | 'setLineDash' | 'beginPath' | 'moveTo' | 'lineTo' | 'arc' | 'rect' | 'stroke' | 'fill'
> & { strokeStyle: string | CanvasGradient | CanvasPattern; fillStyle: string | CanvasGradient | CanvasPattern };

/** What is painted on: device pixels, clipped to the plotting area `[left, right] × [top, bottom]`. */
export interface PlotArea<P extends Pen = Pen> {
  readonly context: P;
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
  readonly paint: (area: PlotArea<CanvasRenderingContext2D>) => void;
  /** A box was dragged over, or a band, which is `null` the other way. `null` where there is nothing to drag for. */
  readonly onDrag: ((x: Interval | null, y: Interval | null) => void) | null;
  /** The pointer moved to a place in CSS pixels of the plotting area. */
  readonly onPoint: (at: { readonly x: number; readonly y: number }) => void;
}

/** Room for the numbers of the axes, in CSS pixels. */
const AXIS_WIDTH = 74;
const AXIS_HEIGHT = 34;
/** Between numbers of the horizontal axis, at least. */
const NUMBER_WIDTH = 64;
/** A drag that goes less far one way means the other, in CSS pixels. */
const BAND = 40;

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
    const { onDrag } = options;
    this.plot = new UPlot(
      {
        width: 300,
        height: 200,
        legend: { show: false },
        cursor: {
          drag: { x: onDrag !== null, y: onDrag !== null, setScale: false, dist: 4, uni: BAND },
          points: { show: false },
        },
        scales: {
          x: { time: false, auto: false, range: asGiven },
          y: { auto: false, range: asGiven },
        },
        axes: [
          {
            ...axis(),
            size: AXIS_HEIGHT,
            space: NUMBER_WIDTH,
            values: (_, values) => values.map((value) => options.formatX(value, stepOf(values))),
          },
          { ...axis(), size: AXIS_WIDTH, values: (_, values) => values.map(options.formatY) },
        ],
        series: [{}, { scale: 'y', show: true }],
        hooks: {
          draw: [(plot) => this.draw(plot, options.paint)],
          setSelect: [
            (plot) => {
              const { left, width, top, height } = plot.select;
              if (width === 0 || height === 0) return;
              const { clientWidth, clientHeight } = plot.over;
              onDrag?.(
                width < clientWidth ? [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')] : null,
                height < clientHeight ? [plot.posToVal(top + height, 'y'), plot.posToVal(top, 'y')] : null,
              );
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

  get height(): number {
    return this.plot.over.clientHeight;
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

  heightAt(y: number): number {
    return this.plot.posToVal(y, 'y');
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
