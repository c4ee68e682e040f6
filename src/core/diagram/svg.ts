import { stateText } from '../format/state';
import { delta } from '../format/time';
import type { SegmentRow } from '../model/segment';
import { type DiagramSource, type DiagramWriter, happening, Legend } from './diagram';

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
    yield `<title>TCP connection ${escaped(source.client)} to ${escaped(source.server)}</title>`;
    yield `<rect width="100%" height="100%" fill="#ffffff"/>`;
    yield text(CLIENT_X, 28, `client ${source.client}`, 'middle', '#111111', 'font-weight="bold"');
    yield text(SERVER_X, 28, `server ${source.server}`, 'middle', '#111111', 'font-weight="bold"');
    for (const x of [CLIENT_X, SERVER_X])
      yield `<line x1="${x}" y1="${HEAD - 16}" x2="${x}" y2="${height - 8}" stroke="#bbbbbb" stroke-width="2"/>`;
    let last: SegmentRow | null = null;
    for (const [index, row] of rows.entries()) {
      yield* rowOf(source, row, last, HEAD + index * ROW);
      last = row;
    }
    for (const [index, line] of below.entries())
      yield text(14, HEAD + (rows.length + index) * ROW + 4, line, 'start', '#333333');
    yield '</svg>';
  },
};

function* rowOf(source: DiagramSource, row: SegmentRow, last: SegmentRow | null, y: number): Generator<string> {
  const colour = colourOf(row);
  const toServer = row.from === 'client';
  const [x1, x2] = toServer ? [CLIENT_X + 6, SERVER_X - 6] : [SERVER_X - 6, CLIENT_X + 6];
  const y2 = y + SLOPE;
  const dash = row.notes.some((note) => note.level === 'problem') ? ' stroke-dasharray="6 4"' : '';
  const back = toServer ? -8 : 8;
  yield text(14, y + 4, String(row.packet), 'start', '#333333');
  yield text(70, y + 4, last === null ? '0' : delta(row.timeNs - last.timeNs), 'start', '#767676');
  const [client, server] = [stateText(row.client), stateText(row.server)];
  if (last === null || client !== stateText(last.client)) yield text(CLIENT_X - 12, y + 4, client, 'end', '#333333');
  if (last === null || server !== stateText(last.server)) yield text(SERVER_X + 12, y + 4, server, 'start', '#333333');
  yield `<line x1="${x1}" y1="${y}" x2="${x2}" y2="${y2}" stroke="${colour}" stroke-width="1.5"${dash}/>`;
  yield `<path d="M${x2} ${y2}l${back} -5l0 8z" fill="${colour}"/>`;
  yield text((CLIENT_X + SERVER_X) / 2, y - 3, row.label, 'middle', colour);
  yield text(SERVER_X + 130, y + 4, happening(source, row), 'start', '#333333');
}

function colourOf(row: SegmentRow): string {
  if (row.flags.includes('RST')) return COLOURS.reset;
  if (row.notes.some((note) => note.level === 'problem')) return COLOURS.problem;
  if (row.flags.includes('SYN')) return COLOURS.open;
  if (row.flags.includes('FIN')) return COLOURS.close;
  return row.len > 0 ? COLOURS.data : COLOURS.ack;
}

const text = (x: number, y: number, said: string, anchor: string, fill: string, more = ''): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${fill}"${more && ` ${more}`}>${escaped(said)}</text>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const escaped = (said: string): string => said.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
