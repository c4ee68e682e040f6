import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inProject } from '../support/command';
import { textFixtures } from '../support/text-fixtures';
import { carriesOf } from './text-carries';
import { compareTexts } from './text-pairs';

describe('texts of our own captures say the same as the captures', () => {
  for (const { capture, kind, command, text } of textFixtures())
    it(`${path.basename(capture)}: ${command.slice(0, 80)}`, () => {
      const carries = carriesOf(kind);
      assert.ok(carries, `nothing is known of ${kind}`);
      const { differences, carried } = compareTexts(readFileSync(inProject(capture)), Buffer.from(text), carries);
      assert.ok(carried > 0, 'something was compared');
      assert.deepEqual(
        differences.slice(0, 10).map((d) => `#${d.packet} ${d.field}: capture ${d.capture}, text ${d.text}`),
        [],
        `${differences.length} differences`,
      );
    });
});
