import assert from 'node:assert/strict';
import { paintGraph } from '../../../webview/draw/graph-paint';
import { graphSvg, PRINT_COLOURS } from '../../../webview/draw/graph-picture';
import { SvgPen } from '../../../webview/draw/svg-pen';
import type { GraphData } from '../../../src/core/model/graph';

const DATA: GraphData = {
  graph: 'flight',
  lines: [
    {
      kind: 'flight',
      times: Float64Array.of(0, 5, 10),
      values: Float64Array.of(0, 100, 50),
      rows: Int32Array.of(0, 1, 2),
    },
  ],
  marks: [
    {
      kind: 'zero-window',
      times: Float64Array.of(5),
      lows: Float64Array.of(0),
      highs: Float64Array.of(0),
      rows: Int32Array.of(1),
    },
  ],
  intervalNs: 0,
  points: 4,
};

const pictureOf = (head: string): string =>
  graphSvg({
    heads: [head, 'second'],
    x: [0, 10],
    y: [0, 100],
    formatX: (value) => `${value} s`,
    formatY: (value) => `${value} B`,
    xTitle: 'Seconds',
    paint: (area) => paintGraph(area, DATA, 'tcptrace', PRINT_COLOURS),
    legend: [{ name: 'Flight', meaning: 'what is under way', paint: () => undefined }],
    summary: 'one · two',
  });

describe('a graph as a picture', () => {
  it('has axes in round numbers, what was painted, a legend and what is said of it', () => {
    const svg = pictureOf('Bytes in flight');
    for (const said of ['Bytes in flight', 'second', 'Seconds', '>Flight<', 'what is under way', 'one · two'])
      assert.ok(svg.includes(said), said);
    const numbers = [...svg.matchAll(/>(\d+) ([sB])</g)].map(([, n, unit]) => `${n}${unit}`);
    assert.deepEqual(numbers, [
      '0s',
      '1s',
      '2s',
      '3s',
      '4s',
      '5s',
      '6s',
      '7s',
      '8s',
      '9s',
      '10s',
      '0B',
      '20B',
      '40B',
      '60B',
      '80B',
      '100B',
    ]);
    // Steps: the value holds until the next. The area is 984 px wide and 480 px high, from (92, 56) on.
    assert.ok(svg.includes('d="M92 536L584 536L584 56L1076 56L1076 296L1076 296"'), svg);
    assert.ok(svg.includes(`stroke="${PRINT_COLOURS.red}"`));
  });

  it('takes what it is called as text only, and nothing from outside', () => {
    const svg = pictureOf('<script>alert("1")</script>');
    assert.ok(!svg.includes('<script'));
    assert.ok(svg.includes('&lt;script&gt;alert(&quot;1&quot;)'));
    assert.ok(!/href|url\((?!#)|style=/.test(svg));
  });

  it('paints circles and boxes where a canvas has them', () => {
    const pen = new SvgPen();
    pen.beginPath();
    pen.arc(10, 20, 5);
    pen.rect(1, 2, 3, 4);
    pen.fill();
    assert.match(pen.drawn[0]!, /d="M15 20A5 5 0 1 1 5 20A5 5 0 1 1 15 20M1 2h3v4h-3z"/);
  });
});
