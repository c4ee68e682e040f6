import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/capture/utf8';
import { random } from '../../support/random';

describe('text of a capture', () => {
  it('is UTF-8', () => {
    const text = 'naïve 抓包 🦈\u0000end';
    const bytes = new TextEncoder().encode(`<${text}>`);
    assert.equal(utf8(bytes, 1, bytes.length - 1), text);
  });

  it('shows U+FFFD for what is not', () => {
    const next = random(3);
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    // Bytes that begin, go on with and break off sequences of every length.
    const telling = [0x41, 0x80, 0xbf, 0xc1, 0xc3, 0xe0, 0xa0, 0xed, 0x9f, 0xef, 0xf0, 0x90, 0xf4, 0x8f, 0xf5, 0xff];
    for (let run = 0; run < 2000; run++) {
      const bytes = Uint8Array.from({ length: 8 }, () => telling[next(telling.length)]!);
      // Where platforms differ is only how many U+FFFD stand for one broken sequence.
      const once = (text: string): string => text.replace(/\ufffd+/g, '\ufffd');
      assert.equal(once(utf8(bytes, 0, 8)), once(decoder.decode(bytes)), Buffer.from(bytes).toString('hex'));
    }
  });

  it('may be long', () => {
    const text = 'x抓'.repeat(50_000);
    const bytes = new TextEncoder().encode(text);
    assert.equal(utf8(bytes, 0, bytes.length), text);
  });
});
