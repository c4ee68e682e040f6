import assert from 'node:assert/strict';
import { DIAGRAMS } from '../../src/core/diagram/registry';
import { diagramSource } from '../../src/core/diagram/source';
import { render } from '../../src/core/format/message';
import { readTrace, sampleFile } from '../support/traces';

describe('a diagram of a part of a connection', () => {
  // Twenty segments (media/samples/README.md): three of the handshake, four of the close.
  const trace = readTrace(sampleFile('ftp-textbook.pcap'));
  const [connection] = trace.connections(0, 1);
  const drawn = (writer: (typeof DIAGRAMS)[keyof typeof DIAGRAMS], start: number, end: number): string => {
    const source = diagramSource({
      connection: connection!,
      phases: trace.phases(0),
      rows: () => trace.segments(0, start, end),
      start,
      end,
      text: render,
      rename: null,
    });
    return [...writer.lines(source)].join('\n');
  };

  for (const [format, writer] of Object.entries(DIAGRAMS)) {
    it(`says what is left out behind it, as ${format}`, () => {
      const said = /The diagram shows the first 5 segments(?:;|#59;) 15 more are left out\./;
      assert.match(drawn(writer, 0, 5), said);
      assert.doesNotMatch(drawn(writer, 0, 20), /left out|The diagram shows/);
    });

    it(`says where it begins and ends, and names the phases that it shows, as ${format}`, () => {
      const part = drawn(writer, 5, 8);
      assert.match(part, /The diagram shows segments 6 to 8 of 20\./);
      assert.doesNotMatch(part, /Handshake|Close/);
      assert.match(part, /Data/);
    });
  }

  it('as SVG keeps the brackets of phases beside their rows', () => {
    const svg = drawn(DIAGRAMS.svg, 5, 8);
    const [, top, bottom] = /<path d="M24 (-?\d+)h-6V(-?\d+)h6"/.exec(svg)!;
    const [, height] = /height="(\d+)"/.exec(svg)!;
    // Three rows of 28 px, and 12 px on either side of their middles.
    assert.equal(Number(bottom) - Number(top), 2 * 28 + 24);
    assert.ok(Number(top) > 0 && Number(bottom) < Number(height));
  });
});
