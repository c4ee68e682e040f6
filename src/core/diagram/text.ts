import { stateText } from '../format/state';
import { delta } from '../format/time';
import { type DiagramWriter, happening, Legend } from './diagram';

const STATE_COLUMNS = 14;
const ARROW_COLUMNS = 46;

/** A diagram for a terminal or a mail: states on both sides, arrows between them. */
export const plainText: DiagramWriter = {
  *lines(source) {
    const indent = ' '.repeat(7 + 1 + 13 + 1);
    yield `${indent}client ${source.client}  ⇄  server ${source.server}`;
    yield '';
    let lastNs = 0;
    const legend = new Legend();
    for (const row of source.rows()) {
      const label = ` ${row.label} `;
      const dashes = '─'.repeat(Math.max(2, ARROW_COLUMNS - label.length - 2));
      const left = dashes.slice(0, dashes.length >> 1);
      const right = dashes.slice(dashes.length >> 1);
      const arrow = row.from === 'client' ? `${left}${label}${right}─→` : `←─${left}${label}${right}`;
      const states = [stateText(row.client).padStart(STATE_COLUMNS), stateText(row.server).padEnd(STATE_COLUMNS)];
      const time = row.row === 0 ? '0' : delta(row.timeNs - lastNs);
      lastNs = row.timeNs;
      yield `${String(row.packet).padStart(7)} ${time.padStart(13)} ${states[0]} ${arrow} ${states[1]} ${happening(source, row)}`.trimEnd();
      legend.see(row);
    }
    for (const line of legend.lines(source)) yield* ['', line];
  },
};
