import assert from 'node:assert/strict';
import { moved, zoomed } from '../../../webview/draw/graph-range';

describe('the shown part of a graph', () => {
  const whole = [0, 100] as const;

  it('shrinks and grows around the place that is pointed at', () => {
    assert.deepEqual(zoomed(whole, whole, 0.5, 20, 1), [10, 60]);
    assert.deepEqual(zoomed([10, 60], whole, 1.5, 35, 1), [0, 75]);
  });

  it('stays inside the whole, and is all of it from there on', () => {
    assert.deepEqual(zoomed([80, 100], whole, 2, 80, 1), [60, 100]);
    assert.equal(zoomed([40, 60], whole, 5, 50, 1), null);
    assert.deepEqual(moved([10, 30], whole, -50), [0, 20]);
    assert.deepEqual(moved([10, 30], whole, 500), [80, 100]);
  });

  it('is never shorter than can be shown', () => {
    assert.deepEqual(zoomed([50, 52], whole, 0.1, 51, 1), [50.5, 51.5]);
  });
});
