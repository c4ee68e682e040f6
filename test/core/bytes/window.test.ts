import assert from 'node:assert/strict';
import { type ByteSource, bytesSource, type ReadAhead } from '../../../src/core/bytes/source';
import { ByteWindow } from '../../../src/core/bytes/window';
import { random } from '../../support/random';

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

describe('a window over what is read ahead', () => {
  const PIECE = 16;
  const PIECES = 4;
  const FIRST = 20;

  /** Reads ahead in pieces of 16 bytes. What was given up is overwritten at once, so that nobody may have needed it. */
  function pieces(content: Uint8Array, readyFrom: number): ReadAhead & { taken: number; stopped: boolean } {
    const bytes = new Uint8Array(FIRST + PIECES * PIECE);
    let start = 0;
    let next = 0;
    return {
      bytes,
      first: FIRST,
      pieceBytes: PIECE,
      taken: 0,
      stopped: false,
      begin(position) {
        start = position;
        return position >= readyFrom;
      },
      next(needed) {
        const free = Math.floor((needed - start) / PIECE);
        for (let piece = Math.max(0, next - PIECES); piece < Math.min(free, next); piece++)
          bytes.fill(0xee, FIRST + (piece % PIECES) * PIECE, FIRST + ((piece % PIECES) + 1) * PIECE);
        assert.ok(next - free < PIECES, 'never more than there is room for');
        const from = start + next * PIECE;
        const piece = content.subarray(from, from + PIECE);
        bytes.set(piece, FIRST + (next++ % PIECES) * PIECE);
        this.taken++;
        return piece.length;
      },
      stop() {
        this.stopped = true;
        bytes.fill(0xee);
      },
    };
  }

  function walk(seed: number, longest: number, readyFrom = 1): ReturnType<typeof pieces> {
    const die = random(seed);
    const content = Uint8Array.from({ length: 3000 }, () => die(256));
    const ahead = pieces(content, readyFrom);
    const window = new ByteWindow(bytesSource(content), 64, ahead);
    let position = 0;
    while (position < content.length) {
      const length = 1 + die(longest);
      const held = window.load(position, length);
      const there = Math.min(length, content.length - position);
      assert.ok(held >= there);
      assert.ok(window.has(position, there));
      for (let i = 0; i < held; i++) assert.equal(window.bytes[window.at(position) + i], content[position + i]);
      // A record, some of it passed over.
      position += Math.min(there, 1 + die(length));
    }
    assert.equal(window.load(content.length, 4), 0);
    return ahead;
  }

  it('shows what lies under it, from pieces that are given up behind it', () => {
    for (let seed = 0; seed < 200; seed++) {
      const ahead = walk(seed, PIECE);
      assert.ok(ahead.taken > 3000 / PIECE - 8, 'nearly all of it was read ahead');
    }
  });

  it('reads itself until somebody is ready, and from where records are longer than a piece', () => {
    for (let seed = 0; seed < 200; seed++) {
      assert.equal(walk(seed, PIECE, Infinity).taken, 0);
      assert.ok(walk(seed, PIECE, 1000).taken > 100);
      assert.ok(walk(seed, 3 * PIECE).stopped);
    }
  });

  it('reads itself once it is taken elsewhere', () => {
    const content = Uint8Array.from({ length: 600 }, (_, i) => i);
    const ahead = pieces(content, 1);
    const window = new ByteWindow(bytesSource(content), 64, ahead);
    for (let at = 0; at < 200; at += 10) window.load(at, 10);
    assert.ok(ahead.taken > 0);
    for (const at of [20, 500, 190, 510]) {
      assert.equal(window.load(at, 10) >= 10, true);
      assert.deepEqual(
        [...window.bytes.subarray(window.at(at), window.at(at) + 10)],
        [...content.subarray(at, at + 10)],
      );
    }
    assert.ok(ahead.stopped);
  });
});
