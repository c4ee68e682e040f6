import assert from 'node:assert/strict';
import { type ByteSource, bytesSource } from '../../../src/core/bytes/source';
import { ByteWindow } from '../../../src/core/bytes/window';

const data = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

/** A source that gives at most `piece` bytes at once. */
const slow = (piece: number): ByteSource => ({
  size: data.length,
  read: (position, target, at, length) => bytesSource(data).read(position, target, at, Math.min(length, piece)),
});

const shown = (window: ByteWindow, position: number, length: number): number[] => [
  ...window.bytes.subarray(window.at(position), window.at(position) + length),
];

describe('a window over bytes', () => {
  for (const piece of [1, 7, 4096])
    it(`shows what lies under it, from a source that gives ${piece} bytes at once`, () => {
      const window = new ByteWindow(slow(piece), 64);
      for (const position of [0, 10, 40, 41, 500, 900, 20]) {
        assert.ok(window.load(position, 30) >= 30);
        assert.ok(window.has(position, 30));
        assert.deepEqual(shown(window, position, 30), [...data.subarray(position, position + 30)]);
      }
    });

  it('says how many bytes are left before the end', () => {
    const window = new ByteWindow(bytesSource(data), 64);
    assert.equal(window.load(990, 30), 10);
    assert.equal(window.has(990, 11), false);
    assert.equal(window.load(5000, 1), 0);
  });

  it('never holds more than its capacity', () => {
    const window = new ByteWindow(bytesSource(data), 64);
    assert.equal(window.load(0, 500), 64);
    assert.equal(window.has(0, 65), false);
  });

  it('does not move where everything is there', () => {
    const window = new ByteWindow(bytesSource(data), 64);
    window.load(100, 64);
    window.load(120, 20);
    assert.equal(window.base, 100);
  });

  it('sees a source that has grown', () => {
    const source = slow(1);
    const growing = { size: 10 };
    const window = new ByteWindow(
      { size: growing.size, read: (p, t, a, n) => source.read(p, t, a, Math.min(n, growing.size - p)) },
      64,
    );
    assert.equal(window.load(0, 20), 10);
    growing.size = 20;
    assert.equal(window.load(0, 20), 20);
  });
});
