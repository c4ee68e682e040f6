import type { GraphData, GraphLine, GraphMarks } from '../../src/core/model/graph';
import type { Pen, PlotArea } from './graph-plot';
import {
  type ColourName,
  LINE_STYLES,
  type LineShape,
  MARK_STYLES,
  type MarkShape,
  type SequenceStyle,
} from './graph-styles';

export type Colours = Readonly<Record<ColourName, string>>;

/** Half the size of a mark, in CSS pixels. */
const MARK = 4;
const DASHES: Readonly<Partial<Record<LineShape, readonly number[]>>> = { dashed: [6, 4], dotted: [2, 3] };

/** Paints lines and marks; what is told first lies below. */
export function paintGraph(area: PlotArea, data: GraphData, style: SequenceStyle, colours: Colours): void {
  area.context.lineJoin = 'round';
  for (const line of data.lines) paintLine(area, line, colours);
  for (const marks of data.marks) paintMarks(area, marks, style, colours);
}

function paintLine(area: PlotArea, { kind, times, values }: GraphLine, colours: Colours): void {
  const { context, ratio } = area;
  const { colour, shape } = LINE_STYLES[kind];
  context.strokeStyle = context.fillStyle = colours[colour];
  if (shape === 'dots' || shape === 'rings') {
    context.lineWidth = ratio;
    context.setLineDash([]);
    context.beginPath();
    const radius = (shape === 'dots' ? 2 : 3) * ratio;
    times.forEach((time, i) => {
      const x = area.x(time);
      const y = area.y(values[i]!);
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    });
    if (shape === 'dots') context.fill();
    else context.stroke();
    return;
  }
  context.lineWidth = (shape === 'dotted' ? 2 : 1.5) * ratio;
  context.setLineDash((DASHES[shape] ?? []).map((length) => length * ratio));
  context.beginPath();
  // What a line tells holds until the next point: steps, not slopes.
  let isOn = false;
  let y = 0;
  times.forEach((time, i) => {
    const x = area.x(time);
    if (isOn) context.lineTo(x, y);
    const value = values[i]!;
    const next = area.y(value);
    if (Number.isNaN(value)) isOn = false;
    else if (isOn) context.lineTo(x, next);
    else {
      context.moveTo(x, next);
      isOn = true;
    }
    y = next;
  });
  if (isOn) context.lineTo(area.right, y);
  context.stroke();
  context.setLineDash([]);
}

function paintMarks(area: PlotArea, marks: GraphMarks, style: SequenceStyle, colours: Colours): void {
  const { context, ratio } = area;
  const { colour, shape } = MARK_STYLES[marks.kind];
  context.strokeStyle = context.fillStyle = colours[colour];
  context.lineWidth = (shape === 'thick-bar' ? 3 : 1.5) * ratio;
  context.beginPath();
  marks.times.forEach((time, i) => {
    const [low, high] = [area.y(marks.lows[i]!), area.y(marks.highs[i]!)];
    if (style === 'stevens' && shape === 'bar') dot(context, area.x(time), low, high, ratio);
    else trace(context, shape, area.x(time), low, high, ratio);
  });
  context.stroke();
  if (isFilled(shape) || (style === 'stevens' && shape === 'bar')) context.fill();
}

const isFilled = (shape: MarkShape): boolean => shape === 'triangle' || shape === 'triangle-down';

/** A segment of a Stevens graph stands where it begins; many in one column reach up to the last. */
function dot(context: Pen, x: number, low: number, high: number, ratio: number): void {
  const size = 1.5 * ratio;
  const top = low - high > 8 * ratio ? high : low;
  context.rect(x - size, top - size, 2 * size, low - top + 2 * size);
}

/** Adds a mark to the path: pixels `low` (below) and `high` (above, the smaller number). */
function trace(context: Pen, shape: MarkShape, x: number, low: number, high: number, ratio: number): void {
  const size = MARK * ratio;
  const middle = (low + high) / 2;
  const line = (...points: readonly (readonly [number, number])[]): void =>
    points.forEach(([a, b], i) => (i === 0 ? context.moveTo(a, b) : context.lineTo(a, b)));
  const range = (): void => {
    if (low - high > 2 * size) line([x, low], [x, high]);
  };
  switch (shape) {
    case 'bar':
      line([x, low], [x, high]);
      if (low - high > size) {
        line([x - size / 2, low], [x + size / 2, low]);
        line([x - size / 2, high], [x + size / 2, high]);
      } else line([x - ratio, middle], [x + ratio, middle]);
      break;
    case 'thick-bar':
      line([x, Math.max(low, high + ratio)], [x, high]);
      break;
    case 'hollow-bar':
      context.rect(x - size / 2, high, size, Math.max(ratio, low - high));
      break;
    case 'cross':
      range();
      line([x - size, middle - size], [x + size, middle + size]);
      line([x - size, middle + size], [x + size, middle - size]);
      break;
    case 'triangle':
      range();
      line([x - size, middle + size], [x, middle - size], [x + size, middle + size], [x - size, middle + size]);
      break;
    case 'triangle-down':
      line([x - size, middle - size], [x, middle + size], [x + size, middle - size], [x - size, middle - size]);
      break;
    case 'diamond':
      range();
      line([x, middle - size], [x + size, middle], [x, middle + size], [x - size, middle], [x, middle - size]);
      break;
    case 'square':
      range();
      context.rect(x - size, middle - size, 2 * size, 2 * size);
      break;
    case 'ring':
      context.moveTo(x + size, middle);
      context.arc(x, middle, size, 0, 2 * Math.PI);
      break;
    case 'star':
      line([x - size, middle - size], [x + size, middle + size]);
      line([x - size, middle + size], [x + size, middle - size]);
      line([x, middle - 1.5 * size], [x, middle + 1.5 * size]);
      line([x - 1.5 * size, middle], [x + 1.5 * size, middle]);
      break;
    case 'tick':
      line([x - size, middle], [x + size, middle]);
      line([x, middle], [x, middle + size]);
      break;
  }
}

/** A rectangle of an element's canvas as something to paint on, from 0 to 1 either way. */
export function swatchArea(canvas: HTMLCanvasElement, width: number, height: number): PlotArea {
  const ratio = devicePixelRatio;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  return {
    context: canvas.getContext('2d')!,
    left: 0,
    right: canvas.width,
    top: 0,
    bottom: canvas.height,
    ratio,
    x: (value) => value * canvas.width,
    y: (value) => (1 - value) * canvas.height,
  };
}
