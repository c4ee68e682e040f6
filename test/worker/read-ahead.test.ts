import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ByteSource, ReadError } from '../../src/core/bytes/source';
import { ByteWindow } from '../../src/core/bytes/window';
import { readAhead } from '../../src/worker/read-ahead';

describe('reading a file ahead', () => {
  const SIZE = 5_000_000;
  const folder = mkdtempSync(path.join(tmpdir(), 'read-ahead-'));
  const name = path.join(folder, 'file');
  const content = Uint8Array.from({ length: SIZE }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
  let file: number;

  before(() => {
    writeFileSync(name, content);
    file = openSync(name, 'r');
  });
  after(() => {
    closeSync(file);
    rmSync(folder, { recursive: true });
  });

  const source: ByteSource = {
    size: SIZE,
    read: (position, target, at, length) => readSync(file, target, at, length, position),
  };

  /** Whether the thread is there: whoever asks for the first time may come too early. */
  async function begun(ahead: NonNullable<ReturnType<typeof readAhead>>, position: number): Promise<void> {
    for (let tries = 0; !ahead.begin(position); tries++) {
      assert.ok(tries < 1000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it('is not worth a thread for a small file', () => {
    assert.equal(readAhead(file, SIZE), null);
  });

  it('gives all of it, piece by piece, to its end', async () => {
    const ahead = readAhead(file, Infinity)!;
    await begun(ahead, 1000);
    let position = 1000;
    let index = ahead.first;
    for (;;) {
      const got = ahead.next(position);
      assert.deepEqual(ahead.bytes.slice(index, index + got), content.slice(position, position + got));
      position += got;
      index = index + got >= ahead.bytes.length ? ahead.first : index + got;
      if (got < ahead.pieceBytes) break;
    }
    assert.equal(position, SIZE);
    assert.equal(ahead.next(position), 0);
  });

  it('serves a window that walks through it', async () => {
    const ahead = readAhead(file, Infinity)!;
    const window = new ByteWindow(source, 1 << 20, ahead);
    let readAheadTo = 0;
    for (let position = 0; position < SIZE; position += 1514) {
      const length = Math.min(1514, SIZE - position);
      assert.ok(window.load(position, 1514) >= length);
      const at = window.at(position);
      assert.ok(content.subarray(position, position + length).every((byte, i) => byte === window.bytes[at + i]));
      if (window.bytes === ahead.bytes) readAheadTo = position;
      // Time for the thread to come up.
      if (position < 100_000) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    assert.ok(readAheadTo > SIZE - ahead.pieceBytes);
  });

  it('ends where the file cannot be read, and whoever goes on meets the error', async () => {
    const gone = openSync(name, 'r');
    const ahead = readAhead(gone, Infinity)!;
    closeSync(gone);
    await begun(ahead, 0);
    assert.equal(ahead.next(0), 0);
    const window = new ByteWindow(
      {
        size: SIZE,
        read: (position) => {
          throw new ReadError('gone', position);
        },
      },
      1 << 20,
      ahead,
    );
    assert.throws(() => window.load(0, 4), ReadError);
  });

  it('can be stopped at any time', async () => {
    const ahead = readAhead(file, Infinity)!;
    ahead.stop();
    assert.equal(ahead.begin(0), false);
    const other = readAhead(file, Infinity)!;
    await begun(other, 0);
    assert.equal(other.next(0), other.pieceBytes);
    other.stop();
  });
});
