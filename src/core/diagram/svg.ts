import { stateText } from '../format/state';
import { escapeXml } from '../format/xml';
import type { Phase } from '../model/connection';
import { message } from '../model/message';
import type { SegmentRow, Side } from '../model/segment';
import { callAt, type DiagramSource, type DiagramWriter, happening, Legend, phaseText, timeBetween } from './diagram';

const WIDTH = 1180;
const CLIENT_X = 320;
const SERVER_X = 700;
const HEAD = 56;
const ROW = 28;
const SLOPE = 7;

/** Colours that can be told apart on white and in print; the words beside them say the same. */
const COLOURS = {
  open: '#1a6fc4',
  close: '#7b3fb5',
  reset: '#c72e2e',
  problem: '#b45309',
  data: '#333333',
  ack: '#767676',
};

/** A self-contained picture: no fonts, styles or links from outside. */
export const svg: DiagramWriter = {
  *lines(source) {
    const rows = [...source.rows()];
    const legend = new Legend();
    for (const row of rows) legend.see(row);
    const below = legend.lines(source);
    const height = HEAD + (rows.length + below.length) * ROW + 16;
    yield `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="12">`;
    const title = source.text(message('TCP connection {0} ⇄ {1}', source.client, source.server));
    yield `<title>${escapeXml(title)}</title>`;
    yield `<rect width="100%" height="100%" fill="#ffffff"/>`;
    yield text(
      CLIENT_X,
      28,
      `${source.text(message('client'))} ${source.client}`,
      'middle',
      '#111111',
      'font-weight="bold"',
    );
    yield text(
      SERVER_X,
      28,
      `${source.text(message('server'))} ${source.server}`,
      'middle',
      '#111111',
      'font-weight="bold"',
    );
    for (const x of [CLIENT_X, SERVER_X])
      yield `<line x1="${x}" y1="${HEAD - 16}" x2="${x}" y2="${height - 8}" stroke="#bbbbbb" stroke-width="2"/>`;
    let last: SegmentRow | null = null;
    for (const [index, row] of rows.entries()) {
      yield* rowOf(source, row, last, HEAD + index * ROW);
      last = row;
    }
    for (const phase of source.phases) yield* bracketOf(source, phase);
    for (const [index, line] of below.entries())
      yield text(14, HEAD + (rows.length + index) * ROW + 4, line, 'start', '#333333');
    yield '</svg>';
  },
};

/** A bracket at the left edge, and the phase's name along it; what is said of it shows when the pointer rests there. */
function* bracketOf(source: DiagramSource, phase: Phase): Generator<string> {
  const [first, last] = [phase.start - source.start, phase.end - 1 - source.start];
  const [top, bottom] = [HEAD + first * ROW - 12, HEAD + last * ROW + 12];
  const said = phaseText(source, phase);
  // Along a bracket of one row there is no room for letters.
  const [name] = phase.end - phase.start > 2 ? said.split(':') : [''];
  const middle = (top + bottom) / 2;
  yield `<g><title>${escapeXml(said)}</title><path d="M24 ${top}h-6V${bottom}h6" fill="none" stroke="#767676"/>`;
  yield text(14, middle, name!, 'middle', '#555555', `transform="rotate(-90 14 ${middle})" font-size="10"`);
  yield '</g>';
}

function* rowOf(source: DiagramSource, row: SegmentRow, last: SegmentRow | null, y: number): Generator<string> {
  const colour = colourOf(row);
  const toServer = row.from === 'client';
  const [x1, x2] = toServer ? [CLIENT_X + 6, SERVER_X - 6] : [SERVER_X - 6, CLIENT_X + 6];
  const y2 = y + SLOPE;
  const dash = row.notes.some((note) => note.level === 'problem') ? ' stroke-dasharray="6 4"' : '';
  const back = toServer ? -8 : 8;
  yield text(30, y + 4, String(row.packet), 'start', '#333333');
  yield text(80, y + 4, timeBetween(last, row), 'start', '#767676');
  const [client, server] = [stateText(row.client), stateText(row.server)];
  if (last === null || client !== stateText(last.client)) yield text(CLIENT_X - 12, y + 4, client, 'end', '#333333');
  if (last === null || server !== stateText(last.server)) yield text(SERVER_X + 12, y + 4, server, 'start', '#333333');
  for (const [side, x, state] of [
    ['client', CLIENT_X - 12, client],
    ['server', SERVER_X + 12, server],
  ] as const)
    yield* callOf(row, side, x, last === null || state !== stateText(last[side]) ? y + 16 : y + 4);
  yield `<line x1="${x1}" y1="${y}" x2="${x2}" y2="${y2}" stroke="${colour}" stroke-width="1.5"${dash}/>`;
  yield `<path d="M${x2} ${y2}l${back} -5l0 8z" fill="${colour}"/>`;
  yield text((CLIENT_X + SERVER_X) / 2, y - 3, row.label, 'middle', colour);
  yield text(SERVER_X + 130, y + 4, happening(source, row), 'start', '#333333');
}

/** A call stands where the state of its end does, or below it. */
function* callOf(row: SegmentRow, side: Side, x: number, y: number): Generator<string> {
  const call = callAt(row, side);
  if (call === '') return;
  yield text(x, y, call, side === 'client' ? 'end' : 'start', '#555555', 'font-size="10" font-style="italic"');
}

function colourOf(row: SegmentRow): string {
  if (row.flags.includes('RST')) return COLOURS.reset;
  if (row.notes.some((note) => note.level === 'problem')) return COLOURS.problem;
  if (row.flags.includes('SYN')) return COLOURS.open;
  if (row.flags.includes('FIN')) return COLOURS.close;
  return row.len > 0 ? COLOURS.data : COLOURS.ack;
}

const text = (x: number, y: number, said: string, anchor: string, fill: string, more = ''): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${fill}"${more && ` ${more}`}>${escapeXml(said)}</text>`;
