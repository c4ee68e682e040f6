import { stateText } from '../format/state';
import { message } from '../model/message';
import type { Side } from '../model/segment';
import { callAt, type DiagramWriter, happening, Legend, phaseText } from './diagram';

/** A Mermaid sequence diagram (https://mermaid.js.org/syntax/sequenceDiagram.html), with a note where a phase begins, where a state changes and where a call shows. */
export const mermaid: DiagramWriter = {
  *lines(source) {
    yield 'sequenceDiagram';
    yield `  participant C as ${escaped(source.text(message('client')))} ${escaped(source.client)}`;
    yield `  participant S as ${escaped(source.text(message('server')))} ${escaped(source.server)}`;
    const legend = new Legend();
    let client = '';
    let server = '';
    for (const row of source.rows()) {
      const begins = source.phases.find(({ start }) => start === row.row);
      if (begins !== undefined) yield `  Note over C,S: ${escaped(phaseText(source, begins))}`;
      const arrow = row.flags.includes('RST')
        ? '-x'
        : row.notes.some((note) => note.level === 'problem')
          ? '-->>'
          : '->>';
      const [from, to] = row.from === 'client' ? ['C', 'S'] : ['S', 'C'];
      yield `  ${from}${arrow}${to}: #35;${row.packet} ${escaped(row.label)}`;
      const said = happening(source, row);
      if (row.notes.length > 0 && said !== '') yield `  Note over C,S: ${escaped(said)}`;
      const beside = (side: Side, before: string): string =>
        [callAt(row, side), ...(stateText(row[side]) === before ? [] : [stateText(row[side])])]
          .filter(Boolean)
          .join(' ');
      const [left, right] = [beside('client', client), beside('server', server)];
      if (left !== '') yield `  Note left of C: ${left}`;
      if (right !== '') yield `  Note right of S: ${right}`;
      client = stateText(row.client);
      server = stateText(row.server);
      legend.see(row);
    }
    for (const line of legend.lines(source)) yield `  Note over C,S: ${escaped(line)}`;
  },
};

/** Characters that Mermaid gives a meaning, as its entity codes. */
const escaped = (text: string): string => text.replace(/[#;<>&"{}]/g, (character) => `#${character.charCodeAt(0)};`);
