import assert from 'node:assert/strict';
import { codeBlockAt } from '../../src/extension/language/code-block';

/** The blocks that each line of a text is in, as they are found from there: `start-end`, `end` excluded; 0-based. */
const blocksOf = (lines: readonly string[]): string[] =>
  lines.map((_, line) => {
    const block = codeBlockAt({ lineCount: lines.length, lineAt: (at) => ({ text: lines[at]! }) }, line);
    return block === null ? '' : `${block.start}-${block.end}`;
  });

describe('a block of code in Markdown', () => {
  it('is what its fences enclose, and they belong to it', () => {
    assert.deepEqual(blocksOf(['text', '```', 'a', 'b', '```', 'text', '~~~sh', 'c', '~~~']), [
      ...['', '2-4', '2-4', '2-4', '2-4'],
      ...['', '7-8', '7-8', '7-8'],
    ]);
  });

  // CommonMark 0.31 §4.5
  it('ends with a fence of its own signs that is as long', () => {
    assert.deepEqual(blocksOf(['```', 'aaa', '~~~', '```']), ['1-3', '1-3', '1-3', '1-3']);
    assert.deepEqual(blocksOf(['````', 'aaa', '```', '``````']), ['1-3', '1-3', '1-3', '1-3']);
    assert.deepEqual(blocksOf(['```', 'aaa', '``` bbb', '```']), ['1-3', '1-3', '1-3', '1-3']);
  });

  it('ends with the text where it is not closed', () => {
    assert.deepEqual(blocksOf(['', '```', 'aaa', 'bbb']), ['', '2-4', '2-4', '2-4']);
  });

  it('may be indented in a list, or quoted', () => {
    assert.deepEqual(blocksOf(['- it says', '  ```', '  aaa', '  ```']), ['', '2-3', '2-3', '2-3']);
    assert.deepEqual(blocksOf(['> ```', '> aaa', '> ```', 'so what']), ['1-2', '1-2', '1-2', '']);
  });

  it('is none where it is empty, or within a line', () => {
    assert.deepEqual(blocksOf(['```', '```', 'text']), ['', '', '']);
    assert.deepEqual(blocksOf(['``` aaa ```', 'text']), ['', '']);
  });
});
