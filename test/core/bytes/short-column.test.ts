import assert from 'node:assert/strict';
import { ShortColumn } from '../../../src/core/bytes/short-column';

describe('a column of numbers that hardly ever need more than 16 bits', () => {
  const odd = [0, 1, -1, 0xfffd, 0xfffe, 0xffff, 0x10000, 262_144, 2 ** 32];

  it('gives back whatever it was given', () => {
    const column = new ShortColumn(odd.length);
    odd.forEach((value, row) => column.set(row, value));
    assert.deepEqual(
      odd.map((_, row) => column.of(row)),
      odd,
    );
  });

  it('keeps what it has when it grows and when a row is set again', () => {
    const column = new ShortColumn(2);
    column.set(0, 70_000);
    column.set(1, 7);
    column.grow(4);
    column.set(3, -1);
    assert.deepEqual(
      [0, 1, 3].map((row) => column.of(row)),
      [70_000, 7, -1],
    );
    column.set(0, 5);
    assert.equal(column.of(0), 5);
  });
});
