import assert from 'node:assert/strict';
import { sackSpans } from '../../../webview/draw/sackStrip';

const spans = (ackRaw: number, ...sack: [number, number][]): string[] =>
  sackSpans({ ackRaw, sack }).map(({ start, end, kind }) => `${kind} ${start}-${end}`);

describe('what SACK blocks say', () => {
  it('is what was received, and the holes before it', () => {
    // RFC 2018 §4: the second of eight segments of 500 bytes is lost, then the fourth.
    assert.deepEqual(spans(5500, [7000, 7500], [6000, 6500]), [
      'hole 0-500',
      'held 500-1000',
      'hole 1000-1500',
      'held 1500-2000',
    ]);
    assert.deepEqual(spans(5500), []);
  });

  it('counts across 2^32', () => {
    assert.deepEqual(spans(0xffff_ff00, [0x100, 0x200]), ['hole 0-512', 'held 512-768']);
  });

  it('tells what came twice by the first block alone', () => {
    // RFC 2883 §4.1: a duplicate below the acknowledgment; §4.2: one that a larger block holds.
    assert.deepEqual(spans(4000, [3000, 3500]), ['twice -1000--500']);
    assert.deepEqual(spans(4000, [5000, 5500], [4500, 6000]), ['twice 1000-1500', 'hole 0-500', 'held 500-2000']);
  });
});
