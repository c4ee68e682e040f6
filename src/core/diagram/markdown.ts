import { stateText } from '../format/state';
import { message } from '../model/message';
import type { SegmentRow, Side } from '../model/segment';
import { callAt, type DiagramSource, type DiagramWriter, happening, Legend, phaseText, timeBetween } from './diagram';

/** A table of GitHub Flavored Markdown (https://github.github.com/gfm/#tables-extension-) under a heading; a bold line where a phase begins. */
export const markdown: DiagramWriter = {
  *lines(source) {
    yield `### ${escaped(source.text(message('TCP connection {0} ⇄ {1}', source.client, source.server)))}`;
    const columns = [
      message('Packet'),
      message('Time'),
      message('Client'),
      message('Segment'),
      message('Server'),
      message('What happens'),
    ].map((name) => escaped(source.text(name)));
    yield* ['', tableLine(columns), '| --: | --: | :-- | :-: | :-- | :-- |'];
    const legend = new Legend();
    let last: SegmentRow | null = null;
    for (const row of source.rows()) {
      const begins = source.phases.find(({ start }) => start === row.row);
      if (begins !== undefined) yield tableLine(['', '', '', `**${escaped(phaseText(source, begins))}**`, '', '']);
      yield tableLine(cells(source, row, last));
      legend.see(row);
      last = row;
    }
    for (const line of legend.lines(source)) yield* ['', escaped(line)];
  },
};

const cells = (source: DiagramSource, row: SegmentRow, last: SegmentRow | null): string[] => [
  String(row.packet),
  timeBetween(last, row),
  besides(row, last, 'client'),
  row.from === 'client' ? `${escaped(row.label)} →` : `← ${escaped(row.label)}`,
  besides(row, last, 'server'),
  escaped(happening(source, row)),
];

/** An end's state where it has moved, and its call. */
function besides(row: SegmentRow, last: SegmentRow | null, side: Side): string {
  const state = stateText(row[side]);
  const isNew = last === null || state !== stateText(last[side]);
  return [callAt(row, side), isNew ? state : ''].filter(Boolean).map(escaped).join(' ');
}

const tableLine = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;

/** Text that Markdown shows as it is: what may mean something, also to GitHub, behind a backslash (CommonMark §2.4). */
const escaped = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>#|~&$@]|:(?=\/\/)|(?<=www)\./g, (character) => `\\${character}`);
