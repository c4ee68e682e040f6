import assert from 'node:assert/strict';
import { bytesSource, ReadError } from '../../src/core/bytes/source';
import { FrameBatch } from '../../src/core/capture/batch';
import { openCapture } from '../../src/core/capture/detect';
import { CAPTURE_SAMPLES } from '../support/capture-samples';
import { mutate } from '../support/mutate';
import { random } from '../support/random';
import type { FuzzTarget } from './target';

const LIMIT_BYTES = 1 << 20;
const NO_SINK = { notice: () => undefined, comment: () => undefined, name: () => undefined };

/** Reads a capture to its end and checks what a reader promises of every batch. */
function readThrough(content: Uint8Array): void {
  const capture = openCapture(bytesSource(content), NO_SINK, { decompressionLimit: LIMIT_BYTES });
  if (capture === null) return;
  const { reader, window } = capture;
  const batch = new FrameBatch();
  let frames = 0;
  let idle = 0;
  while (reader.read(batch)) {
    for (let row = 0; row < batch.count; row++) {
      const at = batch.at[row]!;
      const captured = batch.captured[row]!;
      assert.ok(at >= 0 && captured >= 0 && at + captured <= window.filled, 'bytes are in the window');
      assert.equal(batch.position[row], window.base + at, 'position');
      assert.ok(batch.nanos[row]! >= 0 && batch.nanos[row]! < 1e9, 'nanoseconds');
      assert.ok(Number.isFinite(batch.seconds[row]!), 'seconds');
      assert.ok(batch.interface[row]! < reader.interfaces.length, 'interface');
    }
    frames += batch.count;
    idle = batch.count > 0 ? 0 : idle + 1;
    assert.ok(idle < 10_000, 'comes to an end');
  }
  // The shortest record of all has eight bytes.
  assert.ok(frames <= capture.source.size / 4, `${frames} frames`);
}

export const readers: FuzzTarget = {
  id: 'readers',
  about: 'damaged captures of every file format',
  share: 80,
  prepare: () => (seed) => {
    const next = random(seed);
    const { content, name } = CAPTURE_SAMPLES[next(CAPTURE_SAMPLES.length)]!;
    try {
      readThrough(mutate(content, next));
    } catch (error) {
      // Not even the beginning can be decompressed, or no more of it.
      if (error instanceof ReadError) return;
      throw new Error(name, { cause: error });
    }
  },
};
