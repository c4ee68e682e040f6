import assert from 'node:assert/strict';
import { bytesSource, ReadError } from '../../../src/core/bytes/source';
import { FrameBatch } from '../../../src/core/capture/batch';
import { openCapture } from '../../../src/core/capture/detect';
import {
  bytes,
  enhancedPacket,
  interfaceBlock,
  pattern,
  pcapHeader,
  pcapRecord,
  section,
} from '../../support/capture-builders';
import { drip, readCapture, type ReadCapture } from '../../support/capture-reading';
import { CAPTURE_SAMPLES } from '../../support/capture-samples';
import { mutate } from '../../support/mutate';
import { random } from '../../support/random';

const SMALL = CAPTURE_SAMPLES.filter((sample) => sample.content.length < 4000);
const LARGE = CAPTURE_SAMPLES.filter((sample) => sample.content.length >= 4000);

/** Reads a cut sample; a file too short to be told from others, or to decompress at all, gives nothing. */
function readCut(content: Uint8Array, kept: number): ReadCapture | null {
  try {
    return readCapture(content.subarray(0, kept));
  } catch (error) {
    if (error instanceof ReadError) return null;
    throw error;
  }
}

describe('capture readers', () => {
  for (const { name, id, content, toldFrom = 0 } of SMALL) {
    it(`show everything before a cut, at every byte: ${name}`, () => {
      const { frames } = readCapture(content)!;
      for (let kept = toldFrom; kept < content.length; kept++) {
        const cut = readCut(content, kept);
        if (cut === null) {
          assert.ok(kept < 40, `${kept} bytes`);
          continue;
        }
        assert.deepEqual(cut.frames, frames.slice(0, cut.frames.length), `${kept} bytes`);
        const whole = frames.filter((frame) => frame.position + frame.captured <= kept);
        // Behind the data there may still be padding or a length that is needed; compressed data is not counted.
        if (id !== 'gzip') assert.ok(cut.frames.length >= whole.length - 1, `${kept} bytes`);
        const said = cut.notices.length + (cut.error === null ? 0 : 1);
        // Where the table of Network Monitor is cut off, that is said as well.
        const most = id === 'netmon' ? 2 : 1;
        assert.ok(said <= most && (said > 0 || cut.frames.length === whole.length), `${kept} bytes: ${said} notices`);
      }
    });
  }

  for (const { name, content } of LARGE) {
    it(`show everything before a cut: ${name}`, () => {
      const { frames } = readCapture(content)!;
      let most = 0;
      for (let kept = 40; kept < content.length; kept += 487) {
        const cut = readCut(content, kept);
        if (cut === null) continue;
        assert.deepEqual(cut.frames, frames.slice(0, cut.frames.length));
        assert.notEqual(cut.error, null);
        most = cut.frames.length;
      }
      assert.ok(most >= frames.length / 2, `${most} frames`);
    });
  }

  for (const { name, content } of CAPTURE_SAMPLES) {
    it(`read the same one byte at a time: ${name}`, () => {
      assert.deepEqual(readCapture(drip(content, 1)), readCapture(content));
    });
  }

  for (const { name, content } of SMALL) {
    it(`end, and throw nothing, whatever bits are flipped: ${name}`, () => {
      const next = random(content.length);
      for (let run = 0; run < 300; run++) {
        const damaged = mutate(content, next);
        try {
          const capture = readCapture(damaged, 1 << 20);
          // A record takes at least eight bytes of the file.
          if (capture !== null && capture.error === null)
            assert.ok(capture.frames.length <= damaged.length * 4, `${capture.frames.length} frames`);
        } catch (error) {
          assert.ok(error instanceof ReadError, String(error));
        }
      }
    });
  }

  it('read on where a file has grown', () => {
    for (const [head, one] of [
      [pcapHeader(), pcapRecord(pattern(60))],
      [bytes(section(), interfaceBlock()), enhancedPacket(pattern(60))],
    ] as const) {
      const whole = bytes(head, one, one, one);
      let size = head.length + one.length + 10;
      const inner = bytesSource(whole);
      const source = {
        get size() {
          return size;
        },
        read: (position: number, target: Uint8Array, at: number, length: number) =>
          inner.read(position, target, at, Math.max(0, Math.min(length, size - position))),
      };
      const codes: string[] = [];
      const sink = {
        notice: ({ code }: { code: string }) => codes.push(code),
        comment: () => undefined,
        name: () => undefined,
      };
      const { reader } = openCapture(source, sink, { decompressionLimit: 1 })!;
      const batch = new FrameBatch();
      const readOn = (): number => {
        let frames = 0;
        while (reader.read(batch)) frames += batch.count;
        return frames;
      };
      assert.equal(readOn(), 1);
      assert.equal(readOn(), 0);
      assert.deepEqual(codes, ['cut-record']);
      size = whole.length;
      assert.equal(readOn(), 2);
      assert.equal(reader.position, whole.length);
    }
  });

  it('hand out what was read before the source fails', () => {
    const whole = bytes(pcapHeader(), ...Array.from({ length: 10 }, () => pcapRecord(pattern(60))));
    const inner = bytesSource(whole);
    const capture = readCapture({
      size: whole.length,
      read(position, target, at, length) {
        if (position >= 300) throw new ReadError('I/O error', position);
        return inner.read(position, target, at, Math.min(length, 300 - position));
      },
    })!;
    assert.equal(capture.frames.length, 3);
    assert.deepEqual([capture.error?.message, (capture.error as ReadError).position], ['I/O error', 300]);
  });
});
