import assert from 'node:assert/strict';
import { detectCompression, detectFormat, HEAD_BYTES } from '../../../src/core/capture/detect';
import { CAPTURE_FORMATS, COMPRESSIONS } from '../../../src/core/capture/registry';
import { bytes } from '../../support/capture-builders';
import { readCapture } from '../../support/capture-reading';
import { CAPTURE_SAMPLES } from '../../support/capture-samples';

const ALL = [...CAPTURE_FORMATS, ...COMPRESSIONS];

describe('capture formats', () => {
  it('have an id each', () => {
    const ids = ALL.map((one) => one.id);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('have a sample each', () => {
    const sampled = new Set(CAPTURE_SAMPLES.map((sample) => sample.id));
    assert.deepEqual([...sampled].sort(), ALL.map((one) => one.id).sort());
  });

  for (const { id, name, content, frames } of CAPTURE_SAMPLES) {
    it(`know ${name} for theirs, and nobody else does`, () => {
      const head = content.subarray(0, HEAD_BYTES);
      assert.deepEqual(
        ALL.filter((one) => one.sniff(head)).map((one) => one.id),
        [id],
      );
      const capture = readCapture(content)!;
      assert.deepEqual([capture.frames.length, capture.notices, capture.error], [frames, [], null]);
      assert.ok(
        capture.description.toLowerCase().includes(name.split(',')[0]!.split(' in ')[0]!.toLowerCase()),
        capture.description,
      );
    });
  }

  it('are known by their content from the first byte on', () => {
    for (const { content } of CAPTURE_SAMPLES) {
      const head = bytes(' ', content.subarray(0, HEAD_BYTES - 1));
      assert.deepEqual([detectFormat(head), detectCompression(head)], [null, null]);
    }
  });

  it('leave everything else alone', () => {
    const others: readonly (Uint8Array | string)[] = [
      '',
      '\n',
      '\n\r\r\n',
      'snoop',
      'GMBUS',
      'RTSS is a text about real-time streaming',
      '12:34:56.789012 IP 10.0.0.1.80 > 10.0.0.2.1234: Flags [S], seq 1, win 1, length 0\n',
      '{"json": true}',
      bytes([0x50, 0x4b, 3, 4], new Uint8Array(60)),
      bytes([0x89], 'PNG\r\n\x1a\n'),
      bytes([0x1f, 0x8b]),
      bytes([0xa1, 0xb2, 0xc3]),
      new Uint8Array(64),
      new Uint8Array(64).fill(0xff),
    ];
    for (const other of others) {
      const head = bytes(other);
      assert.deepEqual(
        [detectFormat(head), detectCompression(head)],
        [null, null],
        Buffer.from(head).toString('latin1'),
      );
      assert.equal(readCapture(head), null);
    }
  });
});
