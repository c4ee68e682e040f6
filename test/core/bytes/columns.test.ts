import assert from 'node:assert/strict';
import { grown, roomFor } from '../../../src/core/bytes/columns';

describe('columns', () => {
  it('grow with their rows in them, and keep their kind', () => {
    const bigger = grown(Uint16Array.of(1, 2, 65535), 5);
    assert.ok(bigger instanceof Uint16Array);
    assert.deepEqual([...bigger], [1, 2, 65535, 0, 0]);
  });

  it('can be cut to fewer rows', () => {
    assert.deepEqual([...grown(Int32Array.of(1, -2, 3), 2)], [1, -2]);
  });

  it('get room for what is needed, whatever was expected', () => {
    for (const [needed, capacity, expected] of [
      [10, 4, 0],
      [1000, 4, 0],
      [5, 4, 1e9],
      [2000, 1000, 1],
    ] as const)
      assert.ok(roomFor(needed, capacity, expected) >= needed);
  });

  it('grow by half at least, so that growing row by row stays linear', () => {
    let capacity = 1024;
    let copied = 0;
    for (let rows = 0; rows < 1_000_000; rows++) {
      if (rows < capacity) continue;
      copied += capacity;
      capacity = roomFor(rows + 1, capacity, 0);
    }
    assert.ok(copied < 3_000_000, `${copied} rows were copied`);
  });

  it('grow to what the input promises, but never more than eightfold at once', () => {
    assert.ok(roomFor(1025, 1024, 5000) >= 5500);
    assert.ok(roomFor(1025, 1024, 1e12) <= 8 * 1024 + 64);
  });
});
