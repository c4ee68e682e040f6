import assert from 'node:assert/strict';
import { readText } from '../../support/text-traces';

/** The first packet of `media/samples/handshake.pcap` as each tool prints it. */
const PRINTED: Readonly<Record<string, string>> = {
  'hexdump -C': `\
00000000  02 00 0a 02 00 09 02 00  0a 01 00 02 08 00 45 00  |..............E.|
00000010  00 3c 8e 0e 40 00 40 06  98 a0 0a 01 00 02 0a 02  |.<..@.@.........|
00000020  00 09 c3 51 0f a0 b8 0c  ab fd 00 00 00 00 a0 02  |...Q............|
00000030  fa f0 00 00 00 00 02 04  05 b4 04 02 08 0a 8b 0f  |................|
00000040  a1 88 00 00 00 00 01 03  03 07                    |..........|
0000004a
`,
  hexdump: `\
0000000 0002 020a 0900 0002 010a 0200 0008 0045
0000010 3c00 0e8e 0040 0640 a098 010a 0200 020a
0000020 0900 51c3 a00f 0cb8 fdab 0000 0000 02a0
0000030 f0fa 0000 0000 0402 b405 0204 0a08 0f8b
0000040 88a1 0000 0000 0301 0703
000004a
`,
  'od -x': `\
0000000 0002 020a 0900 0002 010a 0200 0008 0045
0000020 3c00 0e8e 0040 0640 a098 010a 0200 020a
0000040 0900 51c3 a00f 0cb8 fdab 0000 0000 02a0
0000060 f0fa 0000 0000 0402 b405 0204 0a08 0f8b
0000100 88a1 0000 0000 0301 0703
0000112
`,
  'od -tx1': `\
0000000 02 00 0a 02 00 09 02 00 0a 01 00 02 08 00 45 00
0000020 00 3c 8e 0e 40 00 40 06 98 a0 0a 01 00 02 0a 02
0000040 00 09 c3 51 0f a0 b8 0c ab fd 00 00 00 00 a0 02
0000060 fa f0 00 00 00 00 02 04 05 b4 04 02 08 0a 8b 0f
0000100 a1 88 00 00 00 00 01 03 03 07
0000112
`,
  xxd: `\
00000000: 0200 0a02 0009 0200 0a01 0002 0800 4500  ..............E.
00000010: 003c 8e0e 4000 4006 98a0 0a01 0002 0a02  .<..@.@.........
00000020: 0009 c351 0fa0 b80c abfd 0000 0000 a002  ...Q............
00000030: faf0 0000 0000 0204 05b4 0402 080a 8b0f  ................
00000040: a188 0000 0000 0103 0307                 ..........
`,
  'xxd -p': `\
02000a02000902000a0100020800450000 3c8e0e40004006
98a00a0100020a020009c3510fa0b80cabfd00000000a002faf000000000
020405b40402080a8b0fa1880000000001030307
`.replaceAll(' ', ''),
};

describe('hex dumps', () => {
  for (const [tool, text] of Object.entries(PRINTED))
    it(`are read as ${tool} prints them, several in a row as well`, () => {
      for (const count of tool === 'xxd -p' ? [1] : [1, 3]) {
        const rows = [...readText(text.repeat(count)).allSegments()];
        assert.deepEqual(
          rows.map(({ seqRaw, flags, window, len }) => [seqRaw, flags.join(), window, len]),
          Array.from({ length: count }, () => [3087838205, 'SYN', 64240, 0]),
        );
      }
    });

  it('are lines of their own where they are as long as the width of a terminal', () => {
    const text = `\
I
0000 1c 7e e5 4c a1 cb b0 75 0c 00 00 01 08 00 45 00
0010 00 2c 00 06 00 00 ff 06 f4 b3 c0 a8 00 64 03 03
0020 03 03 32 f7 32 fe 0d 05 af 64 00 00 00 00 60 02
0030 05 78 b9 66 00 00 fe 04 f9 89

I
0000 b0 75 0c 00 00 02 1c 7e e5 4c a1 cc 08 00 45 00
0010 00 30 00 06 00 00 fe 06 a4 aa 09 09 09 09 03 03
0020 03 03 32 f7 32 fe 0d 05 af 64 00 00 00 00 70 02
0030 05 78 50 a5 00 00 02 04 05 b4 fe 04 f9 89
`;
    const trace = readText(text);
    assert.deepEqual(
      [...trace.allSegments()].map(({ seqRaw, window, flags }) => [seqRaw, window, flags]),
      [
        [218476388, 1400, ['SYN']],
        [218476388, 1400, ['SYN']],
      ],
    );
    assert.deepEqual(trace.summary().notices, []);
  });

  it('have as many bytes as the offset behind a “*” says', () => {
    // An ACK with 101 bytes of zeros, whose checksum is that of these bytes.
    const [row] = readText(`\
0000000 02 00 0a 02 00 09 02 00 0a 01 00 02 08 00 45 00
0000020 00 8d 8e 10 40 00 40 06 98 4d 0a 01 00 02 0a 02
0000040 00 09 c3 51 0f a0 b8 0c ab fe 01 ff 08 e6 50 10
0000060 01 f6 00 00 00 00 00 00 00 00 00 00 00 00 00 00
0000100 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
*
0000220 00 00 00 00 00 00 00 00 00 00 00
0000233
`).allSegments();
    assert.deepEqual([row?.len, row?.seqRaw], [101, 3087838206]);
  });

  it('of a whole capture file are told of, and are no packet', () => {
    const trace = readText(`\
0000000 c3d4 a1b2 0002 0004 0000 0000 0000 0000
0000010 07d0 0000 0001 0000 ed23 6a8a 7ad8 0003
`);
    const dump = readText(`\
00000000: d4c3 b2a1 0200 0400 0000 0000 0000 0000  ................
00000010: d007 0000 0100 0000 23ed 8a6a d87a 0300  ........#..j.z..
`);
    for (const one of [trace, dump])
      assert.deepEqual([one.summary().frames, one.summary().notices.map(({ code }) => code)], [0, ['dump-of-capture']]);
  });

  it('begin with a PPP header of one byte, where that is what the link has (RFC 1661 §6.5)', () => {
    // 0x57 is IPv6 (RFC 5072 §3); from ::1 to ::1, ports 12345 and 8080, SYN.
    const trace = readText(`\
00000000: 57 60 00 00 00 00 14 06 40 00 00 00 00 00 00 00
00000010: 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00
00000020: 00 00 00 00 00 00 00 00 01 30 39 1f 90 00 00 00
00000030: 64 00 00 00 00 50 02 20 00 00 00 00 00
`);
    const [row] = trace.allSegments();
    const [connection] = trace.connections(0, 1);
    assert.deepEqual(
      [row?.seqRaw, row?.flags, row?.window, connection?.client.address, connection?.client.port],
      [100, ['SYN'], 8192, '::1', 12345],
    );
  });

  it('without offsets end in a line of any length, and are cut where they are as long as the longest', () => {
    /** An IP packet of 60 bytes, of which 44 are there; then one of 44. */
    const bytes = (total: string): string => `\
45 00 00 ${total} 00 01 40 00 40 06 00 00 0a 00 00 01
0a 00 00 02 9c 40 00 50 00 00 00 64 00 00 00 00
50 02 20 00 00 00 00 00 61 62 63 64
`;
    const trace = readText(`${bytes('3c')}\n${bytes('2c')}`);
    assert.deepEqual(
      [...trace.allSegments()].map(({ seqRaw, len, checksum }) => [seqRaw, len, checksum]),
      [
        [100, 20, 'unverified'],
        // As text2pcap has it: the sum of these bytes is wrong.
        [100, 4, 'bad'],
      ],
    );
    const short = readText(bytes('2c').replaceAll(' ', '').replace('61626364', '61626364\n'));
    assert.deepEqual([short.summary().frames, short.summary().segments], [1, 1]);
  });

  it('begin with a PPPoE header and a protocol of one byte', () => {
    const trace = readText(`\
\t0x0000:  1100 002d 0029 2145 0000 2800 0040 0040  ...-.=!E..<....@
\t0x0010:  06ed da0a 6400 008e fab3 83de b500 50d4  ....d.........P.
\t0x0020:  bd76 5400 0000 0050 02fe cc74 2f00 00    .vT........t/..
`);
    const [row] = trace.allSegments();
    assert.deepEqual([row?.seqRaw, row?.flags, row?.window], [0xd4bd7654, ['SYN'], 0xfecc]);
  });

  it('keep to the packet’s own bytes where their labels are indented', () => {
    const dump = (seq: string): string => `\
    0000  45 00 00 28 00 01 40 00 40 06 00 00 0a 00 00 01
    0010  0a 00 00 02 9c 40 00 50 00 00 00 ${seq} 00 00 00 00
    0020  50 02 20 00 00 00 00 00
`;
    const ofOne = '    Decrypted TLS (1 byte):\n    0000  30\n';
    const text = `    Frame (40 bytes):\n${dump('64')}${ofOne}    Reassembled TCP (40 bytes):\n${dump('65')}\n${dump('66')}`;
    assert.deepEqual(
      [...readText(text).allSegments()].map(({ packet, seqRaw }) => [packet, seqRaw]),
      [
        [1, 100],
        [2, 102],
      ],
    );
  });
});
