import { stateText } from '../format/state';
import { message } from '../model/message';
import type { SegmentRow } from '../model/segment';
import { callAt, type DiagramWriter, happening, Legend, phaseText, timeBetween } from './diagram';

const NUMBER_COLUMNS = 7;
const TIME_COLUMNS = 13;
/** `shutdown()` is the longest. */
const CALL_COLUMNS = 10;
const STATE_COLUMNS = 14;
const ARROW_COLUMNS = 46;

/** A diagram for a terminal or a mail: phases in brackets, calls and states on both sides, arrows between them. */
export const plainText: DiagramWriter = {
  *lines(source) {
    const indent = ' '.repeat(2 + NUMBER_COLUMNS + 1 + TIME_COLUMNS + 1);
    yield `${indent}${source.text(message('client'))} ${source.client}  ⇄  ${source.text(message('server'))} ${source.server}`;
    let last: SegmentRow | null = null;
    let phase = 0;
    const legend = new Legend();
    for (const row of source.rows()) {
      while (phase + 1 < source.phases.length && source.phases[phase]!.end <= row.row) phase++;
      const within = source.phases[phase];
      if (within?.start === row.row) yield* ['', phaseText(source, within)];
      const label = ` ${row.label} `;
      const dashes = '─'.repeat(Math.max(2, ARROW_COLUMNS - label.length - 2));
      const left = dashes.slice(0, dashes.length >> 1);
      const right = dashes.slice(dashes.length >> 1);
      const time = timeBetween(last, row);
      last = row;
      yield [
        `${bracket(row.row, within?.start ?? 0, within?.end ?? 0)}${String(row.packet).padStart(NUMBER_COLUMNS)}`,
        time.padStart(TIME_COLUMNS),
        callAt(row, 'client').padStart(CALL_COLUMNS),
        stateText(row.client).padStart(STATE_COLUMNS),
        row.from === 'client' ? `${left}${label}${right}─→` : `←─${left}${label}${right}`,
        stateText(row.server).padEnd(STATE_COLUMNS),
        callAt(row, 'server').padEnd(CALL_COLUMNS),
        happening(source, row),
      ]
        .join(' ')
        .trimEnd();
      legend.see(row);
    }
    for (const line of legend.lines(source)) yield* ['', line];
  },
};

/** The piece of a phase's bracket beside one of its rows. */
function bracket(row: number, start: number, end: number): string {
  if (row < start || row >= end) return '  ';
  if (end - start === 1) return '╶ ';
  return row === start ? '┌ ' : row === end - 1 ? '└ ' : '│ ';
}
