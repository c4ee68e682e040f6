import assert from 'node:assert/strict';
import { searchPattern } from '../../../webview/searchPattern';

describe('what is written to find something', () => {
  const text = (written: string): string => {
    const pattern = searchPattern(written);
    assert.ok(pattern?.fault === null && pattern.isText);
    return Buffer.from(pattern.bytes).toString();
  };
  const hex = (written: string): string => {
    const pattern = searchPattern(written);
    assert.ok(pattern?.fault === null && !pattern.isText);
    return Buffer.from(pattern.bytes).toString('hex');
  };

  it('is text as UTF-8', () => {
    assert.equal(text('GET /'), 'GET /');
    assert.equal(text(' 重传 '), ' 重传 ');
    assert.equal(text('0xyz'), '0xyz');
    assert.equal(text('16 03'), '16 03');
    assert.equal(searchPattern(''), null);
  });

  it('is bytes behind 0x, however they are parted', () => {
    assert.equal(hex('0x16 03'), '1603');
    assert.equal(hex('0x1603'), '1603');
    assert.equal(hex(' 0X16:3:fF '), '1603ff');
    assert.equal(hex('0x16, 0x03'), '1603');
  });

  it('is text in double quotes, whatever it looks like', () => {
    assert.equal(text('"0x16"'), '0x16');
    assert.equal(text('"'), '"');
    assert.equal(text('""'), '""');
  });

  it('says what is wrong with it', () => {
    assert.equal(searchPattern('0x')?.fault, 'Hexadecimal digits follow 0x');
    assert.equal(searchPattern('0x160')?.fault, 'Two hexadecimal digits make a byte');
    assert.equal(searchPattern('é'.repeat(501))?.fault, 'Too long: at most 1000 bytes can be found');
    assert.equal(searchPattern('a'.repeat(1000))?.fault, null);
  });
});
