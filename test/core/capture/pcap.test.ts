import assert from 'node:assert/strict';
import { bytes, MODIFIED, NANOSECONDS, pattern, pcapHeader, pcapRecord } from '../../support/capture-builders';
import { readCapture, said, type ReadCapture } from '../../support/capture-reading';

const read = (...parts: Uint8Array[]): ReadCapture => readCapture(bytes(...parts))!;
const summary = (capture: ReadCapture): unknown[] => capture.frames.map((f) => [f.time, f.captured, f.original]);
/** Frames of different lengths a second apart. */
const someRecords = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => pcapRecord(pattern(60 + i, i), { seconds: 1_700_000_000 + i }));

describe('pcap', () => {
  for (const little of [true, false]) {
    const order = little ? 'little-endian' : 'big-endian';

    it(`gives time, lengths and bytes of every record, ${order}`, () => {
      const capture = read(
        pcapHeader({ little, snapLength: 96 }),
        pcapRecord(pattern(60), { little, seconds: 1_700_000_000, fraction: 999_999 }),
        pcapRecord(pattern(96, 7), { little, seconds: 1_700_000_001, fraction: 1, original: 1514 }),
      );
      assert.equal(capture.description, `pcap 2.4, ${order}, microseconds`);
      assert.deepEqual(summary(capture), [
        ['1700000000.999999000', 60, 60],
        ['1700000001.000001000', 96, 1514],
      ]);
      assert.deepEqual(capture.frames[1]!.bytes, pattern(96, 7));
      assert.deepEqual(
        capture.frames.map((f) => f.position),
        [24 + 16, 24 + 16 + 60 + 16],
      );
      assert.deepEqual(capture.interfaces, [
        { linkType: 1, fcsBytes: 0, name: null, description: null, snapLength: 96, dropped: null },
      ]);
      assert.deepEqual(capture.notices, []);
    });

    it(`may count in nanoseconds, ${order}`, () => {
      const capture = read(
        pcapHeader({ little, magic: NANOSECONDS }),
        pcapRecord(pattern(60), { little, fraction: 123_456_789 }),
      );
      assert.equal(capture.description, `pcap 2.4, ${order}, nanoseconds`);
      assert.equal(capture.frames[0]!.time, '1700000000.123456789');
    });

    it(`may have longer record headers of the "modified" variant, ${order}`, () => {
      const records = [0, 1].map((i) => pcapRecord(pattern(60, i), { little, extra: 8, seconds: i }));
      const capture = read(pcapHeader({ little, magic: MODIFIED }), ...records);
      assert.equal(capture.description, `modified pcap 2.4, ${order}, microseconds`);
      assert.deepEqual(capture.frames[1]!.bytes, pattern(60, 1));
    });
  }

  for (const [name, magic, extra] of [
    ['Red Hat 6.1 pcap', 0xa1b2c3d4, 8],
    ['Nokia pcap', 0xa1b2c3d4, 4],
    ['SuSE 6.3 pcap', MODIFIED, 12],
  ] as const) {
    it(`tells ${name} by its chain of records`, () => {
      for (const count of [2, 3, 20]) {
        const records = Array.from({ length: count }, (_, i) => pcapRecord(pattern(60 + i, i), { extra, seconds: i }));
        const capture = read(pcapHeader({ magic }), ...records);
        assert.equal(capture.description, `${name} 2.4, little-endian, microseconds`);
        assert.deepEqual(
          capture.frames.map((f) => f.captured),
          records.map((_, i) => 60 + i),
        );
      }
    });
  }

  it('takes a few bytes after the first record for the beginning of another, not for a sign of a variant', () => {
    for (const more of [4, 8]) {
      const capture = read(pcapHeader(), ...someRecords(1), someRecords(1)[0]!.subarray(0, more));
      assert.equal(capture.description, 'pcap 2.4, little-endian, microseconds');
      assert.deepEqual(capture.frames[0]!.bytes, pattern(60));
    }
  });

  it('skips the four bytes that Ixia puts after the file header', () => {
    for (const magic of [0x1c0001ac, 0x1c0001ab]) {
      const capture = read(pcapHeader({ magic }), new Uint8Array(4), ...someRecords(2));
      assert.equal(capture.description, 'Ixia pcap 2.4, little-endian, microseconds');
      assert.equal(capture.frames.length, 2);
    }
  });

  describe('of older versions', () => {
    const swapped = pcapRecord(pattern(60), { captured: 80, original: 60 });
    const plain = pcapRecord(pattern(60), { captured: 60, original: 80 });

    for (const minor of [0, 1, 2]) {
      it(`2.${minor} has the original length first`, () => {
        assert.deepEqual(summary(read(pcapHeader({ version: [2, minor] }), swapped)), [
          ['1700000000.000000000', 60, 80],
        ]);
      });
    }

    it('2.3 has the lengths either way round', () => {
      const capture = read(pcapHeader({ version: [2, 3] }), swapped, plain);
      assert.deepEqual(summary(capture), [
        ['1700000000.000000000', 60, 80],
        ['1700000000.000000000', 60, 80],
      ]);
    });

    it('543.0, of DG/UX, has the original length first', () => {
      const capture = read(pcapHeader({ version: [543, 0] }), swapped);
      assert.deepEqual([capture.frames[0]!.captured, capture.notices], [60, []]);
    });

    it('2.2 of AIX counts nanoseconds and numbers link types in its own way', () => {
      const record = pcapRecord(pattern(60), { fraction: 123_456_789, captured: 80, original: 60 });
      const capture = read(pcapHeader({ version: [2, 2], link: 6 }), record);
      assert.equal(capture.description, 'AIX pcap 2.2, little-endian, nanoseconds');
      assert.deepEqual([capture.frames[0]!.time, capture.frames[0]!.linkType], ['1700000000.123456789', 1]);
    });

    it('that are not known are read as 2.4, and said', () => {
      const capture = read(pcapHeader({ version: [1, 0] }), ...someRecords(2));
      assert.equal(capture.frames.length, 2);
      assert.deepEqual(said(capture.notices), [
        'This is pcap of version 1.0, which is not known: it is read as version 2.4.',
      ]);
    });
  });

  it('takes the length of the frame check sequence out of the link-type word', () => {
    const of = (link: number): unknown => {
      const { linkType, fcsBytes } = read(pcapHeader({ link })).interfaces[0]!;
      return [linkType, fcsBytes];
    };
    assert.deepEqual(of(0x2400_0001), [1, 4]);
    assert.deepEqual(of(0x1400_0001), [1, 2]);
    // The length counts only where bit 26 says so.
    assert.deepEqual(of(0x3000_00e5), [229, 0]);
    // Other bits are reserved.
    assert.deepEqual(of(0x0bff_0114), [276, 0]);
  });

  it('carries a fraction of a second that is more than one', () => {
    const capture = read(pcapHeader(), pcapRecord(pattern(60), { seconds: 10, fraction: 1_500_000 }));
    assert.equal(capture.frames[0]!.time, '11.500000000');
  });

  it('keeps an original length below the captured one, and a record without bytes', () => {
    const capture = read(pcapHeader(), pcapRecord(pattern(60), { original: 40 }), pcapRecord(pattern(0)));
    assert.deepEqual(
      capture.frames.map((f) => [f.captured, f.original]),
      [
        [60, 40],
        [0, 0],
      ],
    );
  });

  it('may have packets of 262144 bytes', () => {
    const capture = read(pcapHeader(), pcapRecord(new Uint8Array(262_144)), ...someRecords(1));
    assert.deepEqual(
      capture.frames.map((f) => f.captured),
      [262_144, 60],
    );
  });

  it('without packets is a capture without packets', () => {
    const capture = read(pcapHeader());
    assert.deepEqual([capture.frames.length, capture.notices, capture.interfaces.length], [0, [], 1]);
  });

  describe('that is damaged', () => {
    it('says where it was cut', () => {
      const whole = bytes(pcapHeader(), ...someRecords(2));
      const capture = read(whole.subarray(0, whole.length - 1));
      assert.equal(capture.frames.length, 1);
      const [{ code, packet, offset, length }] = capture.notices as [ReadCapture['notices'][0]];
      assert.deepEqual({ code, packet, offset, length }, { code: 'cut-record', packet: 2, offset: 100, length: 76 });
      assert.deepEqual(said(capture.notices), ['The file was cut short in the middle of packet 2, at byte 100.']);
    });

    it('says when not even its header is whole', () => {
      const capture = read(pcapHeader().subarray(0, 20));
      assert.deepEqual([capture.frames.length, capture.notices[0]!.code], [0, 'cut-header']);
    });

    it('goes on behind a record with an impossible length', () => {
      const records = someRecords(5);
      records[2] = pcapRecord(pattern(62), { captured: 0x8000_0000 });
      const capture = read(pcapHeader(), ...records);
      assert.deepEqual(
        capture.frames.map((f) => f.captured),
        [60, 61, 63, 64],
      );
      assert.deepEqual(said(capture.notices), [
        'Packet 3 at byte 177 claims 2147483648 captured bytes, more than any packet has. 78 bytes are left out; packet 3 is the next that can be read.',
      ]);
    });

    it('goes on behind garbage, however long', () => {
      for (const garbage of [1, 1000, 3_000_000]) {
        const capture = read(pcapHeader(), ...someRecords(3), new Uint8Array(garbage).fill(0xff), ...someRecords(3));
        assert.deepEqual(
          capture.frames.map((f) => f.captured),
          [60, 61, 62, 60, 61, 62],
          `${garbage} bytes`,
        );
        assert.deepEqual([capture.notices.length, capture.notices[0]!.length], [1, garbage]);
      }
    });

    it('ends where nothing that can be read follows', () => {
      const capture = read(pcapHeader(), ...someRecords(3), new Uint8Array(1_000_000).fill(0xff));
      assert.equal(capture.frames.length, 3);
      assert.match(said(capture.notices)[0]!, /Nothing that can be read follows\.$/);
    });
  });
});
