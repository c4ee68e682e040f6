import assert from 'node:assert/strict';
import { byteSize, count, percent } from '../../../src/core/format/number';

describe('count', () => {
  it('groups thousands with narrow no-break spaces', () => {
    assert.equal(count(0), '0');
    assert.equal(count(999), '999');
    assert.equal(count(3400), '3\u202f400');
    assert.equal(count(26280), '26\u202f280');
    assert.equal(count(1234567), '1\u202f234\u202f567');
    assert.equal(count(-1000), '-1\u202f000');
    assert.equal(count(Number.MAX_SAFE_INTEGER).replaceAll('\u202f', ''), '9007199254740991');
  });
});

describe('byteSize', () => {
  it('keeps three significant digits', () => {
    assert.equal(byteSize(0), '0 B');
    assert.equal(byteSize(999), '999 B');
    assert.equal(byteSize(1000), '1.00 kB');
    assert.equal(byteSize(26280), '26.3 kB');
    assert.equal(byteSize(999499), '999 kB');
    assert.equal(byteSize(999500), '1.00 MB');
    assert.equal(byteSize(1.07e9), '1.07 GB');
  });
});

describe('percent', () => {
  it('is 100 only when all is done', () => {
    assert.equal(percent(0, 0), 0);
    assert.equal(percent(1, 3), 33);
    assert.equal(percent(999, 1000), 99);
    assert.equal(percent(1000, 1000), 100);
    assert.equal(percent(1001, 1000), 100);
  });
});
