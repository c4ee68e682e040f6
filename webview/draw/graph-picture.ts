import { escapeXml } from '../../src/core/format/xml';
import type { Interval, PlotArea } from './graph-plot';
import { SvgPen } from './svg-pen';

/** A graph as it is shown, to be drawn as a picture of its own. */
export interface GraphPicture {
  /** What it is of, line by line; the first is its title. */
  readonly heads: readonly string[];
  readonly x: Interval;
  readonly y: Interval;
  readonly formatX: (value: number, step: number) => string;
  readonly formatY: (value: number) => string;
  readonly xTitle: string;
  readonly paint: (area: PlotArea) => void;
  readonly legend: readonly LegendEntry[];
  /** What is said below it. */
  readonly summary: string;
}

export interface LegendEntry {
  readonly name: string;
  readonly meaning: string;
  /** Paints what stands for it from 0 to 1 either way. */
  readonly paint: (area: PlotArea) => void;
}

/** Colours that can be told apart on white and in print, by the names that styles have for them. */
export const PRINT_COLOURS = {
  text: '#111111',
  dim: '#666666',
  blue: '#1a6fc4',
  green: '#2e7d32',
  yellow: '#8a6d00',
  orange: '#b45309',
  red: '#c72e2e',
  purple: '#7b3fb5',
};
const GRID = '#e0e0e0';

const WIDTH = 1100;
const [LEFT, RIGHT] = [92, WIDTH - 24];
const HEIGHT = 480;
const LINE = 20;
/** Room for the numbers of the horizontal axis and what they are of. */
const AXIS = 46;
const SWATCH = [26, 14] as const;
/** Letters of the summary in one line. */
const LETTERS = 150;

/** A self-contained picture in SVG: no fonts, styles or links from outside. */
export function graphSvg(picture: GraphPicture): string {
  const { heads, x, y, legend } = picture;
  const top = 16 + heads.length * LINE;
  const bottom = top + HEIGHT;
  const said = wrapped(picture.summary);
  const height = bottom + AXIS + (legend.length + said.length) * LINE + 16;
  const area = areaOf(new SvgPen(), [LEFT, RIGHT], [top, bottom], x, y);
  picture.paint(area);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escapeXml(heads[0] ?? '')}</title>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...heads.map((head, i) => text(LEFT, 24 + i * LINE, head, i === 0 ? 'font-weight="bold" font-size="14"' : '')),
    ...axes(picture, area),
    `<clipPath id="plot"><rect x="${LEFT}" y="${top}" width="${RIGHT - LEFT}" height="${HEIGHT}"/></clipPath>`,
    '<g clip-path="url(#plot)">',
    ...area.context.drawn,
    '</g>',
    ...legend.flatMap((entry, i) => legendEntry(entry, bottom + AXIS + i * LINE)),
    ...said.map((line, i) => text(LEFT, bottom + AXIS + (legend.length + i) * LINE + 12, line, '')),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

const areaOf = (
  context: SvgPen,
  [left, right]: Interval,
  [top, bottom]: Interval,
  x: Interval,
  y: Interval,
): PlotArea<SvgPen> => ({
  context,
  left,
  right,
  top,
  bottom,
  ratio: 1,
  x: (value) => left + ((value - x[0]) / (x[1] - x[0])) * (right - left),
  y: (value) => bottom - ((value - y[0]) / (y[1] - y[0])) * (bottom - top),
});

function axes({ x, y, formatX, formatY, xTitle }: GraphPicture, area: PlotArea): string[] {
  const { left, right, top, bottom } = area;
  const stepX = stepOf(x, 10);
  const line = (x1: number, y1: number, x2: number, y2: number, colour: string): string =>
    `<path d="M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}" stroke="${colour}"/>`;
  return [
    ...ticks(x, stepX).flatMap((value) => [
      line(area.x(value), top, area.x(value), bottom, GRID),
      text(area.x(value), bottom + 16, formatX(value, stepX), 'text-anchor="middle"'),
    ]),
    ...ticks(y, stepOf(y, 8)).flatMap((value) => [
      line(left, area.y(value), right, area.y(value), GRID),
      text(left - 6, area.y(value) + 4, formatY(value), 'text-anchor="end"'),
    ]),
    line(left, bottom, right, bottom, PRINT_COLOURS.dim),
    line(left, top, left, bottom, PRINT_COLOURS.dim),
    text((left + right) / 2, bottom + 34, xTitle, 'text-anchor="middle"'),
  ];
}

function legendEntry({ name, meaning, paint }: LegendEntry, top: number): string[] {
  const pen = new SvgPen();
  paint(areaOf(pen, [LEFT, LEFT + SWATCH[0]], [top, top + SWATCH[1]], [0, 1], [0, 1]));
  const said = `<tspan font-weight="bold">${escapeXml(name)}</tspan> <tspan fill="${PRINT_COLOURS.dim}">${escapeXml(meaning)}</tspan>`;
  return [...pen.drawn, `<text x="${LEFT + SWATCH[0] + 10}" y="${top + 12}">${said}</text>`];
}

const text = (x: number, y: number, said: string, more: string): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${PRINT_COLOURS.text}"${more && ` ${more}`}>${escapeXml(said)}</text>`;

/** A step of 1, 2 or 5 times a power of ten that makes at most so many. */
function stepOf([from, to]: Interval, most: number): number {
  const least = Math.max((to - from) / most, Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= least) ?? 10 * power;
}

/** The multiples of a step in an interval. */
function ticks([from, to]: Interval, step: number): number[] {
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) => (first + i) * step);
}

/** Facts stay whole; a line holds as many as there is room for. */
function wrapped(summary: string): string[] {
  const lines: string[] = [];
  for (const fact of summary.split(' · ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + fact.length < LETTERS) lines[lines.length - 1] = `${last} · ${fact}`;
    else if (fact !== '') lines.push(fact);
  }
  return lines;
}
