import assert from 'node:assert/strict';
import { inert } from '../../../src/core/format/text';

describe('inert', () => {
  it('leaves ordinary text alone, in any script', () => {
    const text = 'GET /数据 – naïve ‘ok’ 26\u202f280 😀';
    assert.equal(inert(text), text);
  });
  it('shows control characters by name', () => {
    assert.equal(inert('\u0000\u001b[31mred\r\n\u007f'), '‹NUL›‹ESC›[31mred‹CR›‹LF›‹DEL›');
    assert.equal(inert('\u009b31m'), '‹U+009B›31m');
  });
  it('shows bidirectional and invisible characters by number', () => {
    assert.equal(inert('a\u202egnp.exe'), 'a‹U+202E›gnp.exe');
    assert.equal(inert('\u2066\u200b\ufeff'), '‹U+2066›‹U+200B›‹U+FEFF›');
    assert.equal(inert('\u{e0041}'), '‹U+E0041›');
  });
  it('shows lone surrogates by number', () => {
    assert.equal(inert('\ud800x\udc00'), '‹U+D800›x‹U+DC00›');
  });
});
