import assert from 'node:assert/strict';
import { MAX_BYTES, MAX_DATAGRAMS, Reassembler } from '../../../src/core/wire/reassembly';

const letters = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const textOf = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString();

/** Adds fragments `offset:letters`, the last one with a full stop, each in a frame of its own. */
function assemble(script: string, reassembler = new Reassembler(), firstFrame = 0): (string | null)[] {
  return script.split(' ').map((word, i) => {
    const [, offset, text, end] = /^(\d+):([a-zA-Z]*)(\.?)$/.exec(word)!;
    const bytes = letters(text!);
    return textOf(reassembler.add('key', firstFrame + i, 0, bytes, 0, bytes.length, Number(offset), end !== '.'));
  });
}

describe('reassembly', () => {
  it('puts fragments together in whatever order they come', () => {
    assert.deepEqual(assemble('0:abc 3:def 6:gh.'), [null, null, 'abcdefgh']);
    assert.deepEqual(assemble('6:gh. 0:abc 3:def'), [null, null, 'abcdefgh']);
  });

  it('takes a fragment that came twice once', () => {
    assert.deepEqual(assemble('0:abc 0:abc 3:d.'), [null, null, 'abcd']);
  });

  it('waits for what is missing', () => {
    assert.deepEqual(assemble('0:abc 6:gh. 4:ef'), [null, null, null]);
  });

  it('gives overlapping bytes to the fragment with the lower offset, then to the earlier one', () => {
    assert.deepEqual(assemble('0:abcd 2:WXYZ 6:gh.'), [null, null, 'abcdYZgh']);
    assert.deepEqual(assemble('2:WXYZ 0:abcd 6:gh.'), [null, null, 'abcdYZgh']);
    assert.deepEqual(assemble('0:abc 0:WXYZ 4:e.'), [null, null, 'abcZe']);
  });

  it('believes the first last fragment about the length, and cuts what is longer', () => {
    assert.deepEqual(assemble('2:cd. 2:cdef. 0:ab'), [null, null, 'abcd']);
    assert.deepEqual(assemble('2:c. 0:abcdef'), [null, 'abc']);
  });

  it('starts anew when a datagram is done', () => {
    assert.deepEqual(assemble('0:ab 2:c. 2:z. 0:xy'), [null, 'abc', null, 'xyz']);
  });

  it('tells which frames a datagram was made of, also through another one', () => {
    const reassembler = new Reassembler();
    assemble('0:a 1:b 1:b 2:c.', reassembler, 10);
    assert.deepEqual([...reassembler.fragmentsOf(13)!], [10, 11, 12]);
    assert.equal(reassembler.fragmentsOf(12), null);
    // A fragment that arrived in what frame 13 completed, and its other half in frame 14.
    reassembler.add('inner', 13, 0, letters('p'), 0, 1, 0, true);
    reassembler.add('inner', 14, 0, letters('q'), 0, 1, 1, false);
    assert.deepEqual([...reassembler.fragmentsOf(14)!], [10, 11, 12, 13]);
  });

  it('numbers the fragments of 802.11', () => {
    const reassembler = new Reassembler();
    const add = (text: string, number: number, more: boolean): string | null =>
      textOf(reassembler.addNumbered('key', 0, 0, letters(text), 0, text.length, number, more));
    assert.deepEqual([add('ab', 0, true), add('cde', 1, true), add('f', 2, false)], [null, null, 'abcdef']);
    assert.deepEqual([add('ab', 0, true), add('ab', 0, true), add('f', 1, false)], [null, null, 'abf']);
    assert.equal(reassembler.isOpen('key'), false);
    assert.equal(add('ab', 0, true), null);
    assert.equal(reassembler.isOpen('key'), true);
  });

  it('does not keep more than its bounds, and forgets the oldest first', () => {
    const reassembler = new Reassembler();
    const piece = new Uint8Array(1);
    const add = (key: number, offset: number, more: boolean, bytes = piece): Uint8Array | null =>
      reassembler.add(`${key}`, 0, 0, bytes, 0, bytes.length, offset, more);
    for (let key = 0; key <= MAX_DATAGRAMS; key++) add(key, 0, true);
    assert.equal(add(0, 1, false), null, 'the first was given up');
    assert.notEqual(add(MAX_DATAGRAMS, 1, false), null, 'the last was not');
    const large = new Uint8Array(60_000);
    for (let key = 0; key * large.length <= MAX_BYTES; key++) add(100_000 + key, 0, true, large);
    assert.equal(add(100_000, large.length, false), null);
    assert.notEqual(add(100_000 + Math.floor(MAX_BYTES / large.length), large.length, false), null);
  });

  it('gives up a datagram whose fragments alone are more than the bound', () => {
    const reassembler = new Reassembler();
    const large = new Uint8Array(60_000);
    for (let i = 0; i * large.length < 2 * MAX_BYTES; i++)
      assert.equal(reassembler.add('key', i, 0, large, 0, large.length, 8, true), null);
  });
});
