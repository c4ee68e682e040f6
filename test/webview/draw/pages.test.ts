import assert from 'node:assert/strict';
import { PagedRows } from '../../../webview/draw/pages';

const range = (start: number, end: number): number[] => Array.from({ length: end - start }, (_, i) => start + i);
/** Lets everything that is ready happen. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A table whose rows are their own numbers, and what was asked of it. */
function table(rows: number) {
  const asked: [start: number, end: number][] = [];
  let arrivals = 0;
  const state = { failing: false };
  const pages = new PagedRows<number>(
    (start, end) => {
      asked.push([start, end]);
      return state.failing ? Promise.reject(new Error('no')) : Promise.resolve(range(start, Math.min(end, rows)));
    },
    () => arrivals++,
  );
  return { pages, asked, state, arrivals: () => arrivals };
}

describe('paged rows', () => {
  it('are asked for once, in whole pages that are joined where they touch', async () => {
    const { pages, asked, arrivals } = table(1000);
    pages.want(range(10, 50));
    assert.equal(pages.get(10), undefined);
    await settle();
    assert.deepEqual(asked, [[0, 64]]);
    assert.equal(pages.get(10), 10);
    assert.equal(pages.get(63), 63);
    assert.equal(arrivals(), 1);
    pages.want(range(10, 50));
    await settle();
    assert.equal(asked.length, 1);
  });

  it('far apart are asked for one by one', async () => {
    const { pages, asked } = table(10_000);
    pages.want([5, 5000]);
    await settle();
    assert.deepEqual(asked, [
      [0, 16],
      [4992, 5008],
    ]);
  });

  it('end where the table ends', async () => {
    const { pages } = table(20);
    pages.want(range(0, 20));
    await settle();
    assert.equal(pages.get(19), 19);
    assert.equal(pages.get(20), undefined);
  });

  it('are only asked for while they are wanted', async () => {
    const { pages, asked } = table(1_000_000);
    // More requests than may be under way at once, then another place altogether.
    pages.want(range(0, 40).map((i) => i * 1000));
    const early = asked.length;
    pages.want([900_000]);
    await settle();
    await settle();
    assert.ok(early < 40);
    assert.equal(pages.get(900_000), 900_000);
    assert.equal(asked.length, early + 1);
  });

  it('that could not be had are asked for again only when they are wanted again', async () => {
    const { pages, asked, state } = table(100);
    state.failing = true;
    pages.want([3]);
    await settle();
    assert.equal(asked.length, 1);
    state.failing = false;
    pages.want([3]);
    await settle();
    assert.equal(pages.get(3), 3);
  });

  it('stay while they are refreshed', async () => {
    const { pages, asked } = table(100);
    pages.want([3]);
    await settle();
    pages.refresh();
    assert.equal(pages.get(3), 3);
    pages.want([3]);
    await settle();
    assert.equal(asked.length, 2);
  });

  it('are forgotten when too many others came', async () => {
    const { pages } = table(1_000_000);
    pages.want([0]);
    await settle();
    for (let i = 1; i <= 40; i++) {
      pages.want(range(i * 1000, i * 1000 + 256));
      await settle();
    }
    assert.equal(pages.get(0), undefined);
    assert.equal(pages.get(40_000), 40_000);
  });
});
