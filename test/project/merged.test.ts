import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inProject } from '../support/command';

describe('the project', () => {
  it('has no marks of a merge that was not finished', () => {
    const files = execFileSync('git', ['ls-files', '-z'], { cwd: inProject(), encoding: 'utf8', maxBuffer: 1 << 26 });
    const marked = files
      .split('\0')
      .filter((file) => /\.(c?[jt]s|mjs|json|md|css|html|yml|svg)$/.test(file))
      .filter((file) => /^(<{7}|={7}|>{7})( |$)/m.test(readFileSync(inProject(file), 'utf8')));
    assert.deepEqual(marked, []);
  });
});
