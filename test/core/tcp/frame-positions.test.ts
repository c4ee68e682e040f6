import assert from 'node:assert/strict';
import { FramePositions } from '../../../src/core/tcp/frame-positions';
import { random } from '../../support/random';

describe('positions of frames', () => {
  /** Lengths of captured data, and where each would be if records followed each other by `next`. */
  function positions(frames: number, next: (position: number, captured: number, frame: number) => number) {
    const die = random(7);
    const captured = Array.from({ length: frames }, () => die(1514));
    const kept = new FramePositions((frame) => captured[frame]!);
    const at: number[] = [];
    let position = 40;
    for (let frame = 0; frame < frames; frame++) {
      kept.add(frame, position);
      at.push(position);
      position = next(position, captured[frame]!, frame);
    }
    return { kept, at };
  }

  const layouts: Record<string, (position: number, captured: number, frame: number) => number> = {
    // libpcap: 16 bytes of header before each.
    'one after another': (position, captured) => position + captured + 16,
    // pcapng: padded to words, a length behind and a header before.
    'padded to words': (position, captured) => position + 4 * Math.ceil(captured / 4) + 32,
    'with something between now and then': (position, captured, frame) =>
      position + captured + 16 + (frame % 700 === 699 ? 5_000_000_000 : 0),
    'with another header from somewhere on': (position, captured, frame) =>
      position + captured + (frame < 1000 ? 16 : 24),
    'in any order': (position, captured, frame) => (frame % 3 === 0 ? position - 20 : position + captured * 7),
  };
  for (const [name, next] of Object.entries(layouts))
    it(`are as they were given, records ${name}`, () => {
      for (const frames of [1, 2, 255, 256, 257, 3000]) {
        const { kept, at } = positions(frames, next);
        const die = random(frames);
        for (let i = 0; i < 2000; i++) {
          const frame = die(frames);
          assert.equal(kept.of(frame), at[frame]);
        }
        for (let frame = 0; frame < frames; frame++) assert.equal(kept.of(frame), at[frame]);
      }
    });
});
