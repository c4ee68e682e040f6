import assert from 'node:assert/strict';
import { brokenLines, gapsOf, toScale } from '../../../webview/draw/gaps';

const MS = 1e6;
const SECOND = 1e9;

describe('time between segments', () => {
  it('is a broken line from a second on, or from a tenth of a short connection', () => {
    assert.equal(brokenLines(60 * SECOND).atLeastNs, SECOND);
    assert.equal(brokenLines(2 * SECOND).atLeastNs, 200 * MS);
    assert.equal(brokenLines(20 * MS).atLeastNs, 10 * MS);
    assert.deepEqual(gapsOf([{ row: 4, ns: 7 * SECOND }], brokenLines(60 * SECOND)), [
      { row: 4, ns: 7 * SECOND, lines: 1 },
    ]);
  });

  it('is as many lines to scale as it lasts steps of the series 1, 2, 5', () => {
    const scale = toScale(8 * SECOND, 0);
    assert.equal(scale.stepNs, 100 * MS);
    assert.deepEqual(
      gapsOf(
        [
          { row: 1, ns: 100 * MS },
          { row: 2, ns: 1250 * MS },
        ],
        scale,
      ).map(({ lines }) => lines),
      [1, 12],
    );
    assert.deepEqual(
      [1, 2, 3, -1, -2].map((zoom) => toScale(8 * SECOND, zoom).stepNs! / MS),
      [200, 500, 1000, 50, 20],
    );
    assert.deepEqual(
      [0, 1].map((zoom) => toScale(9 * SECOND, zoom).stepNs! / MS),
      [200, 500],
    );
  });

  it('has a step whatever the connection lasts', () => {
    assert.equal(toScale(0, -20).stepNs, 1e3);
    assert.equal(toScale(1e18, 20).stepNs, 86_400e9);
  });
});
