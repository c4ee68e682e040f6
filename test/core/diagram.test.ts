import assert from 'node:assert/strict';
import { DIAGRAMS } from '../../src/core/diagram/registry';
import { diagramSource } from '../../src/core/diagram/source';
import { render } from '../../src/core/format/message';
import { readTrace, sampleFile } from '../support/traces';

describe('a diagram of the beginning of a connection', () => {
  // Twenty segments (media/samples/README.md).
  const trace = readTrace(sampleFile('ftp-textbook.pcap'));
  const [connection] = trace.connections(0, 1);
  const drawn = (writer: (typeof DIAGRAMS)[keyof typeof DIAGRAMS], rows: number): string => {
    const source = diagramSource({
      connection: connection!,
      phases: trace.phases(0),
      rows: () => trace.segments(0, 0, rows),
      left: connection!.segments - rows,
      text: render,
      rename: null,
    });
    return [...writer.lines(source)].join('\n');
  };

  for (const [format, writer] of Object.entries(DIAGRAMS))
    it(`says what is left out, as ${format}`, () => {
      const said = /The diagram shows the first 5 segments(?:;|#59;) 15 more are left out\./;
      assert.match(drawn(writer, 5), said);
      assert.doesNotMatch(drawn(writer, 20), /left out/);
    });
});
