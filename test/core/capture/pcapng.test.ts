import assert from 'node:assert/strict';
import {
  block,
  bytes,
  END_OF_OPTIONS,
  enhancedPacket,
  integers,
  interfaceBlock,
  LITTLE,
  obsoletePacket,
  option,
  pattern,
  section,
  simplePacket,
} from '../../support/capture-builders';
import { readCapture, said, type ReadCapture } from '../../support/capture-reading';
import { namesRecord, richPcapng } from '../../support/capture-samples';

const { u32, u64 } = LITTLE;
const read = (...parts: Uint8Array[]): ReadCapture => readCapture(bytes(...parts))!;
const captured = (capture: ReadCapture): number[] => capture.frames.map((f) => f.captured);
const some = (count: number, first = 0): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => enhancedPacket(pattern(60 + first + i)));

describe('pcapng', () => {
  for (const little of [true, false]) {
    it(`gives time, lengths and bytes of Enhanced Packet Blocks, ${little ? 'little' : 'big'}-endian`, () => {
      const capture = read(
        section({ little }),
        interfaceBlock({ little, snapLength: 96 }),
        enhancedPacket(pattern(61, 5), { little, original: 1514 }),
      );
      assert.equal(capture.description, `pcapng 1.0, ${little ? 'little' : 'big'}-endian`);
      const [{ time, original, position, bytes: content }] = capture.frames as [ReadCapture['frames'][0]];
      assert.deepEqual([time, original, position], ['1700000000.123456000', 1514, 28 + 20 + 28]);
      assert.deepEqual(content, pattern(61, 5));
    });
  }

  it('has sections of their own byte order and interfaces', () => {
    const capture = read(
      section({ length: 20 + 96 }),
      interfaceBlock({ linkType: 101 }),
      ...some(1),
      section({ little: false }),
      interfaceBlock({ little: false }),
      enhancedPacket(pattern(61), { little: false }),
    );
    assert.deepEqual(
      capture.frames.map((f) => [f.captured, f.linkType, f.time]),
      [
        [60, 101, '1700000000.123456000'],
        [61, 1, '1700000000.123456000'],
      ],
    );
  });

  it('reads what describes an interface', () => {
    const options = bytes(
      option(2, 'enp0s3'),
      option(3, 'the left one'),
      option(9, new Uint8Array([9])),
      option(14, u64(-100)),
      option(13, new Uint8Array([4])),
      END_OF_OPTIONS,
    );
    const capture = read(
      section(),
      interfaceBlock({ snapLength: 96, options }),
      enhancedPacket(pattern(60), { time: 123_456_789_012n }),
    );
    assert.deepEqual(capture.interfaces, [
      { linkType: 1, fcsBytes: 4, name: 'enp0s3', description: 'the left one', snapLength: 96, dropped: null },
    ]);
    assert.equal(capture.frames[0]!.time, '23.456789012');
  });

  it('takes a check sequence given in bits for what it is', () => {
    const options = option(13, new Uint8Array([32]));
    assert.equal(read(section(), interfaceBlock({ options })).interfaces[0]!.fcsBytes, 4);
  });

  it('follows a packet that has another check sequence than its interface', () => {
    const flags = (fcsBytes: number): Uint8Array => bytes(option(2, u32(fcsBytes << 5)), END_OF_OPTIONS);
    const capture = read(
      section(),
      interfaceBlock(),
      enhancedPacket(pattern(64), { options: flags(4) }),
      enhancedPacket(pattern(64), { options: flags(0) }),
      enhancedPacket(pattern(64), { options: flags(4) }),
    );
    assert.deepEqual(
      capture.frames.map((f) => f.fcsBytes),
      [4, 0, 4],
    );
    assert.equal(capture.interfaces.length, 2);
  });

  it('reads Simple Packet Blocks, which have no time and are cut at the snap length', () => {
    const capture = read(
      section(),
      interfaceBlock({ snapLength: 41 }),
      simplePacket(pattern(41), { original: 60 }),
      simplePacket(pattern(30)),
    );
    assert.deepEqual(
      capture.frames.map((f) => [f.time, f.captured, f.original]),
      [
        [null, 41, 60],
        [null, 30, 30],
      ],
    );
    assert.deepEqual(
      capture.interfaces.map((one) => one.untimed),
      [true],
    );
  });

  it('keeps packets with and without time apart', () => {
    const capture = read(section(), interfaceBlock(), simplePacket(pattern(60)), ...some(1), simplePacket(pattern(60)));
    assert.deepEqual(
      capture.frames.map((f) => f.time),
      [null, '1700000000.123456000', null],
    );
  });

  it('reads the obsolete Packet Block', () => {
    const capture = read(
      section(),
      interfaceBlock(),
      interfaceBlock({ linkType: 101 }),
      obsoletePacket(pattern(60), { interface: 1, original: 99 }),
    );
    const [{ time, original, linkType }] = capture.frames as [ReadCapture['frames'][0]];
    assert.deepEqual([time, original, linkType], ['1700000000.123456000', 99, 101]);
  });

  it('hands over comments on packets, sections and interfaces', () => {
    const comment = (text: string): Uint8Array => bytes(option(1, text), END_OF_OPTIONS);
    const capture = read(
      section({ options: comment('a section') }),
      interfaceBlock({ options: comment('an interface') }),
      ...some(1),
      enhancedPacket(pattern(60), { options: bytes(option(1, 'one'), option(1, '二'), END_OF_OPTIONS) }),
      // The last option may end the list without a mark.
      enhancedPacket(pattern(60), { options: option(1, 'three') }),
    );
    assert.deepEqual(capture.comments, [
      [0, 'a section'],
      [0, 'an interface'],
      [2, 'one'],
      [2, '二'],
      [3, 'three'],
    ]);
  });

  it('hands over the names of addresses', () => {
    const capture = read(
      section(),
      block(
        4,
        bytes(
          namesRecord(1, [192, 0, 2, 1], 'one.example\0uno.example\0'),
          namesRecord(2, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 'six.example\0'),
          namesRecord(3, [0, 0, 0, 0, 0, 1], 'an EUI-48\0'),
          END_OF_OPTIONS,
        ),
      ),
    );
    assert.deepEqual(capture.names, [
      ['192.0.2.1', 'one.example'],
      ['192.0.2.1', 'uno.example'],
      ['2001:db8::1', 'six.example'],
    ]);
  });

  it('counts the packets that were lost, by the statistics where there are some', () => {
    const lost = (count: number): Uint8Array => bytes(option(4, u64(count)), END_OF_OPTIONS);
    const packets = [
      enhancedPacket(pattern(60), { options: lost(3) }),
      obsoletePacket(pattern(60), { lost: 4 }),
      obsoletePacket(pattern(60), { lost: 0xffff }),
    ];
    const statistics = block(
      5,
      bytes(u32(0), u64(0), option(4, u64(1000)), option(5, u64(20)), option(7, u64(5)), END_OF_OPTIONS),
    );
    assert.equal(read(section(), interfaceBlock(), ...some(1)).interfaces[0]!.dropped, null);
    assert.equal(read(section(), interfaceBlock(), ...packets).interfaces[0]!.dropped, 7);
    assert.equal(read(section(), interfaceBlock(), ...packets, statistics).interfaces[0]!.dropped, 25);
  });

  it('numbers custom blocks, journal entries and system calls as tshark does, and skips others', () => {
    const body = new Uint8Array(48);
    for (const [type, length] of [
      [0xbad, 44],
      [0x4000_0bad, 44],
      [9, 48],
      [0x204, 48],
      [0x216, 48],
      [0x221, 48],
    ] as const) {
      const capture = read(section(), interfaceBlock(), block(type, body), ...some(1));
      assert.deepEqual(
        capture.frames.map((f) => [f.linkType, f.time, f.captured]),
        [
          [-1, null, length],
          [1, '1700000000.123456000', 60],
        ],
        `block ${type}`,
      );
    }
    for (const type of [0, 7, 8, 0x0a, 0x0b, 0x205, 0x208, 0x8000_0001])
      assert.deepEqual(
        captured(read(section(), interfaceBlock(), block(type, body), ...some(1))),
        [60],
        `block ${type}`,
      );
  });

  it('skips blocks that are longer than what is read at once', () => {
    const long = (type: number): Uint8Array => block(type, new Uint8Array(3_000_000));
    const capture = read(
      section(),
      interfaceBlock(),
      ...some(1),
      long(0x77),
      ...some(1, 1),
      long(0xbad),
      long(4),
      ...some(1, 2),
    );
    assert.deepEqual(captured(capture), [60, 61, 0, 62]);
    assert.deepEqual(said(capture.notices), [`A list of 3000012 bytes of host names at byte 6000260 is left out.`]);
  });

  it('reads everything at once', () => {
    const { frames, comments, names, interfaces, notices } = readCapture(richPcapng())!;
    assert.deepEqual(
      frames.map((f) => [f.time, f.captured, f.linkType, f.fcsBytes]),
      Array.from({ length: 2 }, () => [
        ['1700000000.123456000', 60, 1, 0],
        ['1699996400.123456789', 61, 101, 2],
        [null, 62, 1, 0],
        ['1700000000.123456000', 63, 1, 0],
        [null, 6, -1, 0],
        ['1700000000.123456000', 64, 1, 0],
      ])
        .flat()
        .map((frame) => (frame[2] === -1 ? [null, 8, -1, 0] : frame)),
    );
    assert.equal(comments.length, 6);
    assert.equal(names.length, 4);
    assert.deepEqual(
      interfaces.filter((one) => one.name !== null && one.dropped !== null).map((one) => [one.name, one.dropped]),
      [
        ['eth0', 15],
        ['eth0', 15],
      ],
    );
    assert.deepEqual(notices, []);
  });

  it('is not any text that begins with line ends', () => {
    assert.equal(readCapture(bytes('\n\r\r\n and a text that follows, quite long')), null);
    assert.equal(readCapture(bytes('\n\r\r\n')), null);
  });

  describe('that is damaged', () => {
    it('says where it was cut', () => {
      const whole = bytes(section(), interfaceBlock(), ...some(2));
      const capture = read(whole.subarray(0, whole.length - 1));
      assert.deepEqual(captured(capture), [60]);
      const [{ code, packet, offset }] = capture.notices as [ReadCapture['notices'][0]];
      assert.deepEqual({ code, packet, offset }, { code: 'cut-record', packet: 2, offset: 140 });
    });

    for (const [name, broken] of [
      ['that is too short', bytes(u32(6), u32(8), u32(8))],
      ['whose length is no multiple of 4', bytes(u32(6), u32(61), new Uint8Array(52), u32(61))],
      ['whose lengths differ', bytes(enhancedPacket(pattern(60)).subarray(0, 88), u32(96))],
      ['with more data than fits', enhancedPacket(pattern(60), { captured: 100 })],
      ['with an impossible packet', enhancedPacket(pattern(60), { captured: 0x7fff_ffff })],
      ['of zeros', new Uint8Array(64)],
      ['of an unknown type with an impossible length', bytes(u32(0x77), u32(0x7fff_fff0), new Uint8Array(40))],
      ['that is too short for its type', block(6, new Uint8Array(16))],
    ] as const) {
      it(`goes on behind a block ${name}`, () => {
        const capture = read(section(), interfaceBlock(), ...some(2), broken, ...some(2, 2));
        assert.deepEqual(captured(capture), [60, 61, 62, 63]);
        assert.deepEqual(
          capture.notices.map(({ code, packet, offset, length }) => ({ code, packet, offset, length })),
          [{ code: 'damaged-record', packet: 3, offset: 48 + 92 + 96, length: broken.length }],
        );
      });
    }

    it('goes on behind garbage, however long', () => {
      for (const garbage of [3, 1001, 3_000_000]) {
        const capture = read(
          section(),
          interfaceBlock(),
          ...some(2),
          new Uint8Array(garbage).fill(0xff),
          ...some(2, 2),
        );
        assert.deepEqual(captured(capture), [60, 61, 62, 63], `${garbage} bytes`);
        assert.equal(capture.notices.length, 1);
      }
    });

    it('leaves out packets of an interface that is not described', () => {
      const capture = read(
        section(),
        interfaceBlock(),
        enhancedPacket(pattern(60), { interface: 3 }),
        ...some(1),
        enhancedPacket(pattern(60), { interface: 3 }),
      );
      assert.deepEqual(captured(capture), [60]);
      assert.deepEqual(said(capture.notices), [
        'Interface 3 is not described before byte 48: its packets cannot be read and are not counted.',
      ]);
    });

    it('keeps a packet whose options are broken', () => {
      const capture = read(
        section(),
        interfaceBlock(),
        enhancedPacket(pattern(60), { options: bytes(integers(true).u16(1), integers(true).u16(9999)) }),
        ...some(1),
      );
      assert.deepEqual(captured(capture), [60, 60]);
      assert.deepEqual(said(capture.notices), ['The option at byte 136 is longer than the block that it stands in.']);
    });

    it('reads an unknown version as 1.0, and says so', () => {
      const capture = read(section({ version: [2, 0] }), interfaceBlock(), ...some(1));
      assert.equal(capture.frames.length, 1);
      assert.deepEqual(said(capture.notices), [
        'The section at byte 0 is of version 2.0, which is not known: it is read as 1.0.',
      ]);
      assert.deepEqual(read(section({ version: [1, 2] }), interfaceBlock(), ...some(1)).notices, []);
    });

    it('stops at more interfaces than can be told apart', () => {
      const one = interfaceBlock();
      const many = new Uint8Array(one.length * 65_537);
      for (let i = 0; i < 65_537; i++) many.set(one, i * one.length);
      const capture = read(section(), many, ...some(1));
      assert.equal(capture.interfaces.length, 65_536);
      assert.match(said(capture.notices)[0]!, /^More than 65536 interfaces are described up to byte 1310748\./);
    });
  });
});
