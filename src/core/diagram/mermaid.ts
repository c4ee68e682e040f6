import { stateText } from '../format/state';
import { type DiagramWriter, happening, Legend } from './diagram';

/** A Mermaid sequence diagram (https://mermaid.js.org/syntax/sequenceDiagram.html), with a note where a state changes. */
export const mermaid: DiagramWriter = {
  *lines(source) {
    yield 'sequenceDiagram';
    yield `  participant C as client ${escaped(source.client)}`;
    yield `  participant S as server ${escaped(source.server)}`;
    const legend = new Legend();
    let client = '';
    let server = '';
    for (const row of source.rows()) {
      const arrow = row.flags.includes('RST')
        ? '-x'
        : row.notes.some((note) => note.level === 'problem')
          ? '-->>'
          : '->>';
      const [from, to] = row.from === 'client' ? ['C', 'S'] : ['S', 'C'];
      yield `  ${from}${arrow}${to}: #35;${row.packet} ${escaped(row.label)}`;
      const said = happening(source, row);
      if (row.notes.length > 0 && said !== '') yield `  Note over C,S: ${escaped(said)}`;
      if (stateText(row.client) !== client) yield `  Note left of C: ${(client = stateText(row.client))}`;
      if (stateText(row.server) !== server) yield `  Note right of S: ${(server = stateText(row.server))}`;
      legend.see(row);
    }
    for (const line of legend.lines(source)) yield `  Note over C,S: ${escaped(line)}`;
  },
};

/** Characters that Mermaid gives a meaning, as its entity codes. */
const escaped = (text: string): string => text.replace(/[#;<>&"{}]/g, (character) => `#${character.charCodeAt(0)};`);
