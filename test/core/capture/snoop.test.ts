import assert from 'node:assert/strict';
import { BARE_IPOIB, type CaptureInterface } from '../../../src/core/model/capture';
import { bytes, pattern, snoopHeader, snoopRecord } from '../../support/capture-builders';
import { readCapture, said, type ReadCapture } from '../../support/capture-reading';

const read = (...parts: Uint8Array[]): ReadCapture => readCapture(bytes(...parts))!;

describe('snoop', () => {
  it('gives time, lengths and bytes of every record', () => {
    const capture = read(
      snoopHeader(),
      snoopRecord(pattern(61), { seconds: 1_700_000_000, micros: 123_456, original: 1514 }),
      snoopRecord(pattern(60, 1), { seconds: 1_700_000_001, micros: 1_500_000, padding: 8 }),
      snoopRecord(pattern(0)),
    );
    assert.equal(capture.description, 'snoop 2');
    assert.deepEqual(
      capture.frames.map((f) => [f.time, f.captured, f.original]),
      [
        ['1700000000.123456000', 61, 1514],
        ['1700000002.500000000', 60, 60],
        ['1700000000.000000000', 0, 0],
      ],
    );
    assert.deepEqual(capture.frames[1]!.bytes, pattern(60, 1));
    assert.deepEqual(capture.notices, []);
  });

  it('knows the datalink types of RFC 1761 and of Solaris that have a LINKTYPE_ number', () => {
    const linkTypeOf = (datalink: number): number => read(snoopHeader(datalink)).interfaces[0]!.linkType;
    assert.deepEqual([0, 2, 4, 8, 9, 14, 16, 18].map(linkTypeOf), [1, 6, 1, 10, 0, 0, 122, 123]);
    assert.deepEqual([26, 0x8000_0005].map(linkTypeOf), [BARE_IPOIB, 226]);
    assert.deepEqual([1, 3, 5, 99].map(linkTypeOf), [-2, -2, -2, -2]);
  });

  it("tells Surveyor's captures by the room behind their packets, and has its datalink types", () => {
    const padding = 16;
    const first = (datalink: number, o: { padding: number }): CaptureInterface =>
      read(snoopHeader(datalink), snoopRecord(pattern(60), o)).interfaces[0]!;
    // Link types and lengths of check sequences as tshark 4.0.17 takes them.
    assert.deepEqual(
      [0, 2, 4, 8, 10, 11, 12, 13, 14, 18, 19, 16].map((datalink) => first(datalink, { padding }).linkType),
      [1, 6, 1, 10, 1, 6, 1, 6, 6, 105, 1, -2],
    );
    assert.deepEqual(
      [4, 12, 18, 2].map((datalink) => first(datalink, { padding }).fcsBytes),
      [4, 4, 4, 0],
    );
    assert.deepEqual([first(4, { padding: 15 }).fcsBytes, first(12, { padding: 15 }).linkType], [0, -2]);
  });

  it("takes the radio header off Surveyor's wireless frames", () => {
    const radio = Uint8Array.of(0, 0, 0, 8, 0, 0, 0x16, 0, 3, 0x40, 0x50, 6);
    const capture = read(snoopHeader(18), snoopRecord(bytes(radio, pattern(50)), { original: 112, padding: 16 }));
    assert.deepEqual(
      capture.frames.map(({ captured, original, bytes: frame }) => [captured, original, frame]),
      [[50, 100, pattern(50)]],
    );
    const cut = read(snoopHeader(18), snoopRecord(Uint8Array.of(0, 0, 0, 200, 1), { padding: 16 }));
    assert.deepEqual([cut.frames[0]!.captured, cut.frames[0]!.original], [0, 0]);
  });

  it('counts the packets that were lost', () => {
    const capture = read(snoopHeader(), snoopRecord(pattern(60), { lost: 0 }), snoopRecord(pattern(60), { lost: 7 }));
    assert.equal(capture.interfaces[0]!.dropped, 7);
    assert.equal(read(snoopHeader()).interfaces[0]!.dropped, null);
  });

  it('says where it was cut, in the data, the padding or the header', () => {
    const whole = bytes(snoopHeader(), snoopRecord(pattern(60)), snoopRecord(pattern(61)));
    for (const missing of [1, 10, 80]) {
      const capture = read(whole.subarray(0, whole.length - missing));
      assert.deepEqual(
        capture.notices.map(({ code, packet, offset }) => ({ code, packet, offset })),
        [{ code: 'cut-record', packet: 2, offset: 100 }],
      );
    }
    assert.equal(read(whole.subarray(0, 12)).notices[0]!.code, 'cut-header');
  });

  it('goes on behind a record that is broken', () => {
    for (const broken of [
      snoopRecord(pattern(60), { length: 80 }),
      snoopRecord(pattern(60), { length: 0x7fff_ffff }),
      snoopRecord(pattern(60), { captured: 0x7fff_ffff }),
      new Uint8Array(33).fill(0xff),
    ]) {
      const good = [60, 61, 62].map((length) => snoopRecord(pattern(length)));
      const capture = read(snoopHeader(), ...good, broken, ...good);
      assert.deepEqual(
        capture.frames.map((f) => f.captured),
        [60, 61, 62, 60, 61, 62],
      );
      assert.deepEqual(
        capture.notices.map(({ code, length }) => ({ code, length })),
        [{ code: 'damaged-record', length: broken.length }],
      );
    }
  });

  it('is read the same in every version up to 5, and others are said', () => {
    assert.deepEqual(read(snoopHeader(4, 5), snoopRecord(pattern(60))).notices, []);
    assert.deepEqual(said(read(snoopHeader(4, 6), snoopRecord(pattern(60))).notices), [
      'This is snoop of version 6, which is not known: it is read as version 2.',
    ]);
  });
});
