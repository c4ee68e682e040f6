import assert from 'node:assert/strict';
import { i32be, i32le, readU16, readU32, u16be, u16le, u24be, u32be, u32le } from '../../../src/core/bytes/endian';

const bytes = Uint8Array.of(0xff, 0x80, 0x01, 0x02, 0x03);

describe('integers in bytes', () => {
  it('are read in both orders, at any offset', () => {
    assert.equal(u16be(bytes, 1), 0x8001);
    assert.equal(u16le(bytes, 1), 0x0180);
    assert.equal(u24be(bytes, 0), 0xff8001);
    assert.equal(u32be(bytes, 1), 0x80010203);
    assert.equal(u32le(bytes, 1), 0x03020180);
  });

  it('are raw bits in a signed integer where the name says so', () => {
    assert.equal(i32be(bytes, 0), 0xff800102 | 0);
    assert.equal(i32le(bytes, 0), 0x020180ff);
  });

  it('are read in the order of the file', () => {
    assert.equal(readU16(bytes, 1, true), 0x0180);
    assert.equal(readU16(bytes, 1, false), 0x8001);
    assert.equal(readU32(bytes, 1, true), 0x03020180);
    assert.equal(readU32(bytes, 1, false), 0x80010203);
  });

  it('past the end read as 0', () => {
    assert.equal(u32be(bytes, 4), 0x03000000);
    assert.equal(u32le(bytes, 9), 0);
  });
});
