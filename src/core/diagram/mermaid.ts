import { type DiagramWriter, happening } from './diagram';

/** A Mermaid sequence diagram (https://mermaid.js.org/syntax/sequenceDiagram.html), with a note where a state changes. */
export const mermaid: DiagramWriter = {
  *lines(source) {
    yield 'sequenceDiagram';
    yield `  participant C as client ${escaped(source.client)}`;
    yield `  participant S as server ${escaped(source.server)}`;
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
      if (row.client.state !== client) yield `  Note left of C: ${(client = row.client.state)}`;
      if (row.server.state !== server) yield `  Note right of S: ${(server = row.server.state)}`;
    }
  },
};

/** Characters that Mermaid gives a meaning, as its entity codes. */
const escaped = (text: string): string => text.replace(/[#;<>&"{}]/g, (character) => `#${character.charCodeAt(0)};`);
