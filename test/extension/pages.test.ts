import assert from 'node:assert/strict';
import { PAGE_LINES, pagesOf, pathTo, type Page } from '../../src/extension/views/pages';

/** Every connection that stands below a page, in order, and the longest list of lines on the way. */
function walk(page: Page): { connections: number; longest: number } {
  const pages = pagesOf(page);
  if (pages.length === 0) return { connections: page.end - page.start, longest: page.end - page.start };
  let at = page.start;
  let connections = 0;
  let longest = pages.length;
  for (const one of pages) {
    assert.equal(one.start, at, 'pages follow each other');
    at = one.end;
    const below = walk(one);
    connections += below.connections;
    longest = Math.max(longest, below.longest);
  }
  assert.equal(at, page.end, 'pages leave nothing out');
  return { connections, longest };
}

describe('pages of the tree of connections', () => {
  it('are not there where one list will do', () => {
    for (const connections of [0, 1, 1000]) assert.deepEqual(pagesOf({ start: 0, end: connections }), []);
  });

  it('are as few as hold all', () => {
    assert.deepEqual(pagesOf({ start: 0, end: 1001 }), [
      { start: 0, end: 1000 },
      { start: 1000, end: 1001 },
    ]);
    assert.equal(pagesOf({ start: 0, end: 300_000 }).length, 300);
    assert.equal(pagesOf({ start: 0, end: 1_000_000 }).length, 1000);
    assert.equal(pagesOf({ start: 0, end: 1_000_001 }).length, 2);
  });

  for (const connections of [1001, 300_000, 999_999, 1_000_001, 3_000_500])
    it(`hold each of ${connections} connections once, in lists of at most ${PAGE_LINES}`, () => {
      const found = walk({ start: 0, end: connections });
      assert.equal(found.connections, connections);
      assert.ok(found.longest <= PAGE_LINES);
    });

  it('lead to a connection from the outside in', () => {
    assert.deepEqual(pathTo(5, 1000), []);
    assert.deepEqual(pathTo(299_999, 300_000), [{ start: 299_000, end: 300_000 }]);
    assert.deepEqual(pathTo(1_000_000, 1_000_001), [{ start: 1_000_000, end: 1_000_001 }]);
    assert.deepEqual(pathTo(1234, 2_000_000), [
      { start: 0, end: 1_000_000 },
      { start: 1000, end: 2000 },
    ]);
  });
});
