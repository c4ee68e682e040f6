import assert from 'node:assert/strict';
import { staleness, type Lock } from '../support/packages.mjs';

const lock = (packages: Lock['packages']): Lock => ({ packages: { '': { version: '1.0.0' }, ...packages } });
const WANTED = lock({
  'node_modules/a': { version: '1.0.0' },
  'node_modules/b': { version: '2.0.0', optional: true },
});

describe('the installed packages', () => {
  const cases: readonly [title: string, installed: Lock | null, stale: RegExp | null][] = [
    ['are what the lock file says', WANTED, null],
    ['may lack an optional one, which is for another platform', lock({ 'node_modules/a': { version: '1.0.0' } }), null],
    ['are not there at first', null, /not there/],
    ['lack one that was added', lock({ 'node_modules/b': { version: '2.0.0' } }), /a is missing/],
    ['have another version', lock({ 'node_modules/a': { version: '0.9.0' } }), /a is 0\.9\.0, but should be 1\.0\.0/],
    [
      'have one that was removed',
      lock({ ...WANTED.packages, 'node_modules/c': { version: '1.0.0' } }),
      /c is no longer wanted/,
    ],
  ];
  for (const [title, installed, stale] of cases)
    it(title, () => {
      const reason = staleness(WANTED, installed);
      if (stale === null) assert.equal(reason, null);
      else assert.match(reason ?? '', stale);
    });
});
