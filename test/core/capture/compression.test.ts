import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import { bytesSource, ReadError, type ByteSource } from '../../../src/core/bytes/source';
import { detectCompression, openCapture, openCompressed } from '../../../src/core/capture/detect';
import { gzip } from '../../../src/core/capture/compression/gzip';
import { lz4 } from '../../../src/core/capture/compression/lz4';
import { Xxh32 } from '../../../src/core/capture/compression/xxh32';
import { Xxh64 } from '../../../src/core/capture/compression/xxh64';
import { zstd } from '../../../src/core/capture/compression/zstd';
import type { Compression } from '../../../src/core/capture/format';
import { render } from '../../../src/core/format/message';
import { bytes, LITTLE, pattern, pcapHeader, pcapRecord } from '../../support/capture-builders';
import { drip, readCapture } from '../../support/capture-reading';
import { repetitivePcap } from '../../support/capture-samples';
import { random } from '../../support/random';

const { u16, u32 } = LITTLE;
const NO_LIMIT = 2 ** 40;
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(path.join(__dirname, '../../fixtures/capture', name)));
const NO_SINK = { notice: () => undefined, comment: () => undefined, name: () => undefined };

interface Everything {
  readonly content: Uint8Array;
  readonly error: ReadError | null;
}

/** Reads a source to its end or its first error. */
function everything(source: ByteSource, pieceBytes = 100_000): Everything {
  const parts: Uint8Array[] = [];
  const target = new Uint8Array(pieceBytes);
  for (let position = 0; ;) {
    try {
      const got = source.read(position, target, 0, pieceBytes);
      if (got === 0) return { content: bytes(...parts), error: null };
      parts.push(target.slice(0, got));
      position += got;
    } catch (error) {
      assert.ok(error instanceof ReadError, String(error));
      assert.equal(error.position, position);
      return { content: bytes(...parts), error };
    }
  }
}

const decompress = (how: Compression, content: Uint8Array, limit = NO_LIMIT): Everything =>
  everything(how.open(bytesSource(content), limit));
const sentence = (error: ReadError | null): string => (error === null ? '' : render(error.sentence));

/** A block of a zstd frame as it stands (RFC 8878 §3.1.1.2): raw, one byte many times over, or compressed. */
type ZstdBlock =
  | { readonly raw: Uint8Array }
  | { readonly byte: number; readonly times: number }
  | { readonly compressed: readonly number[] };

/** Blocks behind a frame's header; the usual one has a window of 2^17 bytes (descriptor 0x38). */
function zstdFrame(blocks: readonly ZstdBlock[], header: readonly number[] = [0x00, 0x38]): Uint8Array {
  const parts = blocks.map((block, i) => {
    const last = i === blocks.length - 1 ? 1 : 0;
    const [type, size, content] =
      'raw' in block
        ? [0, block.raw.length, block.raw]
        : 'byte' in block
          ? [1, block.times, [block.byte]]
          : [2, block.compressed.length, block.compressed];
    return bytes(u32((size << 3) | (type << 1) | last).subarray(0, 3), content);
  });
  return bytes(u32(0xfd2fb528), header, ...parts);
}

/** An LZ4 frame without checks; the block size code 4 is 64 KiB. */
function lz4Frame(blocks: readonly Uint8Array[], flags = 0x60): Uint8Array {
  const descriptor = bytes([flags, 0x40]);
  const check = (new Xxh32().update(descriptor, 0, 2).digest() >>> 8) & 0xff;
  return bytes(u32(0x184d2204), descriptor, [check], ...blocks, u32(0));
}
const lz4Raw = (content: Uint8Array): Uint8Array => bytes(u32((0x80000000 | content.length) >>> 0), content);
const lz4Block = (content: Uint8Array): Uint8Array => bytes(u32(content.length), content);

/** The check sum that `printf TEXT | zstd` puts at the end: the lower half of XXH64. */
const XXH64: readonly (readonly [text: string, low: number])[] = [
  ['', 0x51d8e999],
  ['a', 0xa98c6e5b],
  ['abc', 0xad770999],
  ['0123456789abcdef0123456789abcde', 0xebacfde7],
  ['0123456789abcdef0123456789abcdef', 0x8e71e6c5],
  ['the quick brown fox jumps over the lazy dog, and then once more over another dog that is no less lazy', 0xa40790e9],
];

describe('compression', () => {
  const capture = repetitivePcap();

  for (const [how, name, content] of [
    [gzip, 'gzip', gzipSync(capture)],
    [zstd, 'zstd', fixture('repetitive.pcap.zst')],
    [lz4, 'LZ4', fixture('repetitive.pcap.lz4')],
    [lz4, 'LZ4, older format', fixture('repetitive-legacy.pcap.lz4')],
  ] as const) {
    describe(name, () => {
      it('gives back what was compressed', () => {
        assert.deepEqual(decompress(how, content), { content: capture, error: null });
      });

      it('gives it back from a source that gives little at a time, and in any order', () => {
        assert.deepEqual(everything(how.open(drip(content, 7), NO_LIMIT), 1000).content, capture);
        const source = how.open(bytesSource(content), NO_LIMIT);
        const target = new Uint8Array(10);
        for (const position of [100_000, 3, 170_000, 99_995, 0]) {
          assert.equal(source.read(position, target, 0, 10), 10);
          assert.deepEqual(target, capture.slice(position, position + 10));
        }
        assert.equal(source.read(capture.length, target, 0, 10), 0);
        assert.deepEqual([source.size, source.consumed], [capture.length, content.length]);
      });

      it('gives back several after each other', () => {
        assert.deepEqual(decompress(how, bytes(content, content)), { content: bytes(capture, capture), error: null });
      });

      it('gives what there is where it was cut, and says so', () => {
        for (const kept of [content.length - 1, content.length >> 1, 12]) {
          const { content: got, error } = decompress(how, content.slice(0, kept));
          assert.deepEqual(got, capture.subarray(0, got.length));
          assert.equal(sentence(error), 'The compressed data was cut short.', `${kept} bytes`);
        }
      });

      it('is stopped at the limit, and not before', () => {
        assert.equal(decompress(how, content, capture.length).error, null);
        const { content: got, error } = decompress(how, content, capture.length - 1);
        assert.deepEqual(got, capture.subarray(0, capture.length - 1));
        assert.match(
          sentence(error),
          /^Decompression stops at the limit of [\d.]+ MiB \(setting tcpTrace\.decompressionLimit\)\.$/,
        );
      });

      it('says what follows that is something else', () => {
        const { content: got, error } = decompress(how, bytes(content, 'something else altogether'));
        assert.deepEqual(got, capture);
        assert.match(
          sentence(error),
          name === 'LZ4, older format' ? /damaged/ : /^What follows the compressed data at byte \d+ of the file is not/,
        );
      });

      it('survives flipped bits', () => {
        const next = random(1);
        for (let run = 0; run < 100; run++) {
          const flipped = content.slice();
          const at = 4 + next(content.length - 4);
          flipped[at]! ^= 1 << next(8);
          assert.ok(decompress(how, flipped, 10 * capture.length).content.length <= 10 * capture.length);
        }
      });
    });
  }

  it('that is damaged is noticed by its check sum', () => {
    for (const [how, content] of [
      [gzip, gzipSync(capture, { level: 0 })],
      [lz4, fixture('repetitive.pcap.lz4')],
      [zstd, fixture('repetitive.pcap.zst')],
    ] as const) {
      const flipped = content.slice();
      // Among literals: what comes out is as long as before.
      flipped[how === gzip ? 1000 : 60]! ^= 1;
      assert.equal(decompress(how, flipped).content.length, how === lz4 ? 0 : capture.length, how.name);
      assert.match(
        sentence(decompress(how, flipped).error),
        /^The compressed data is damaged at byte \d+ of the file\.$/,
      );
    }
  });

  it('of a bomb stops at the limit, in small steps', () => {
    const MIB = 1 << 20;
    const bombs: readonly (readonly [Compression, Uint8Array])[] = [
      [gzip, gzipSync(new Uint8Array(64 * MIB))],
      [
        zstd,
        bytes(
          ...Array.from({ length: 64 }, () =>
            zstdFrame(Array.from({ length: 8 }, () => ({ byte: 0, times: 1 << 17 }))),
          ),
        ),
      ],
      // 255 times 255 more of the same byte.
      [
        lz4,
        lz4Frame(
          Array.from({ length: 1024 }, () =>
            lz4Block(bytes([0x1f, 0x41, 1, 0], new Uint8Array(255).fill(255), [0, 0x50], 'ABCDE')),
          ),
        ),
      ],
    ];
    for (const [how, bomb] of bombs) {
      const source = how.open(bytesSource(bomb), 16 * MIB);
      let steps = 0;
      let largest = 0;
      for (let before = 0; source.prepare!(2 ** 50) === false; before = source.size, steps++)
        largest = Math.max(largest, source.size - before);
      assert.equal(source.size, 16 * MIB, how.name);
      assert.ok(largest <= MIB && steps >= 16, `${how.name}: ${steps} steps of up to ${largest} bytes`);
      assert.throws(() => source.read(16 * MIB, new Uint8Array(1), 0, 1), /stops at the limit of 16 MiB/);
    }
  });

  it('may be around another one, and what is inside need not be a capture', () => {
    const twice = openCompressed(bytesSource(gzipSync(gzipSync('some text'))), NO_LIMIT);
    assert.deepEqual(
      twice.compressions.map((one) => one.id),
      ['gzip', 'gzip'],
    );
    assert.equal(Buffer.from(twice.head).toString(), 'some text');
    assert.equal(readCapture(gzipSync('some text')), null);
    assert.equal(
      readCapture(gzipSync(fixture('repetitive.pcap.zst')))!.description,
      'pcap 2.4, little-endian, microseconds, gzip, zstd',
    );
  });

  it('may not be around itself without end', () => {
    let content: Uint8Array = new TextEncoder().encode('deep inside');
    for (let i = 0; i < 6; i++) content = gzipSync(content);
    assert.equal(openCompressed(bytesSource(content), NO_LIMIT).compressions.length, 4);
  });

  it('tells how far it has come in the file itself', () => {
    const content = gzipSync(capture);
    const { reader, progress } = openCapture(bytesSource(content), NO_SINK, { decompressionLimit: NO_LIMIT })!;
    assert.deepEqual(progress().bytesTotal, content.length);
    assert.ok(progress().bytesRead > 0 && reader.position === 24);
  });

  it('that cannot even begin to be read says so', () => {
    assert.throws(() => readCapture(bytes([0x1f, 0x8b, 8, 0])), ReadError);
  });

  it('that is cut gives the packets before, then says so', () => {
    const content = gzipSync(capture, { level: 1 });
    const read = readCapture(content.subarray(0, content.length >> 1))!;
    assert.ok(read.frames.length > 100 && read.frames.length < 600);
    assert.equal(read.error?.message, 'The compressed data was cut short.');
  });

  describe('gzip', () => {
    it('may be padded with zeros', () => {
      assert.deepEqual(decompress(gzip, bytes(gzipSync(capture), new Uint8Array(5000))), {
        content: capture,
        error: null,
      });
    });

    it('may have members without content', () => {
      const empty = gzipSync(new Uint8Array(0));
      assert.deepEqual(decompress(gzip, bytes(empty, gzipSync(capture), empty)), { content: capture, error: null });
    });
  });

  describe('zstd', () => {
    it('has raw blocks, repeated bytes, frames after each other and frames to skip', () => {
      const skipped = bytes(u32(0x184d2a53), u32(3), 'abc');
      const content = bytes(
        skipped,
        zstdFrame([{ raw: pattern(200) }, { byte: 7, times: 1000 }, { raw: pattern(0) }]),
        skipped,
        zstdFrame([{ raw: pattern(3) }]),
      );
      assert.deepEqual(decompress(zstd, content), {
        content: bytes(pattern(200), new Uint8Array(1000).fill(7), pattern(3)),
        error: null,
      });
      assert.equal(detectCompression(content.subarray(0, 64)), zstd);
    });

    it('may not claim a giant window', () => {
      // Window descriptor 0xf8: 2^41 bytes.
      const content = bytes(u32(0xfd2fb528), [0x00, 0xf8], [1, 0, 0], new Uint8Array(20));
      assert.match(sentence(decompress(zstd, content).error), /would take a window of 2199023255552 bytes/);
      // A single segment of 2^32 - 1 bytes.
      const single = bytes(u32(0xfd2fb528), [0xa0], u32(0xffff_ffff), [1, 0, 0], new Uint8Array(20));
      assert.match(sentence(decompress(zstd, single).error), /would take a window of 4294967295 bytes/);
    });

    it('has every kind of literals and sequences', () => {
      const { content, error } = decompress(zstd, fixture('kinds-of-blocks.pcap.zst'));
      assert.equal(error, null);
      // zstd -dc kinds-of-blocks.pcap.zst | sha256sum
      assert.equal(
        createHash('sha256').update(content).digest('hex'),
        '36e4ea990edb7d5ea22deaed7fa647cea99a2a1586e369ff119f25d278a1c96c',
      );
    });

    it('makes the same of damaged blocks as another decoder, as far as both go', () => {
      const others = (content: Uint8Array): Uint8Array => {
        const parts: Uint8Array[] = [];
        try {
          new Decompress((part) => parts.push(part)).push(content, true);
        } catch {
          // It says no more than we do about where the damage is.
        }
        return bytes(...parts);
      };
      const content = fixture('kinds-of-blocks.pcap.zst');
      assert.deepEqual(decompress(zstd, content).content, others(content));
      const next = random(2);
      let compared = 0;
      for (let run = 0; run < 40; run++) {
        const flipped = content.slice();
        // In the blocks of the first frame: a header that claims a large window takes the other one seconds.
        flipped[20 + next(5000)]! ^= 1 << next(8);
        const [ours, theirs] = [decompress(zstd, flipped).content, others(flipped)];
        const both = Math.min(ours.length, theirs.length);
        assert.deepEqual(ours.subarray(0, both), theirs.subarray(0, both), `run ${run}`);
        compared += both;
      }
      assert.ok(compared > 200_000, `${compared} bytes`);
    });

    /**
     * One kind of code each for all sequences (RFC 8878 §3.1.1.3.2.1.2): no literals, a match of three bytes, and an
     * offset value of 2 or 3 by one bit; the bits are read from the highest one below the mark.
     */
    const sequences = (count: number, bits: number): ZstdBlock => ({
      compressed: [0x00, count, 0x54, 0, 1, 0, bits],
    });
    const before = { raw: Buffer.from('abcdefgh') };

    it('repeats offsets without literals between', () => {
      // Value 2 is the third offset, 8 at first; value 3 then one less than the last one (RFC 8878 §3.1.1.5).
      assert.deepEqual(decompress(zstd, zstdFrame([before, sequences(2, 0b101)])), {
        content: bytes('abcdefgh', 'abc', 'efg'),
        error: null,
      });
      // One literal, "!", ten times.
      const run = { compressed: [0x51, 0x21, 0x00] };
      assert.deepEqual(decompress(zstd, zstdFrame([before, run])).content, bytes('abcdefgh', '!'.repeat(10)));
    });

    it('is damaged where a block does not come out even', () => {
      const damaged: readonly (readonly [string, Uint8Array])[] = [
        ['an offset of 0', zstdFrame([before, sequences(1, 0b11)])],
        ['an offset beyond the beginning', zstdFrame([sequences(1, 0b10)])],
        ['bits left over', zstdFrame([before, sequences(1, 0b100)])],
        ['too few bits', zstdFrame([before, sequences(3, 0b101)])],
        ['no mark at the end of the bits', zstdFrame([before, sequences(1, 0)])],
        ['tables of a block before that is none', zstdFrame([before, { compressed: [0, 1, 0xfc, 2] }])],
        ['a Huffman table of a block before that is none', zstdFrame([{ compressed: [0x13, 0x40, 0, 1, 0] }])],
        ['more literals than a block may have', zstdFrame([{ compressed: [0x0d, 0xff, 0xff, 0x21, 0] }], [0, 0])],
        ['a byte more often than a block may have', zstdFrame([{ byte: 1, times: 1025 }], [0, 0])],
        ['less than the frame says', zstdFrame([before], [0x20, 9])],
        ['a reserved bit', zstdFrame([before], [0x28, 8])],
      ];
      for (const [what, content] of damaged)
        assert.match(sentence(decompress(zstd, content).error), /^The compressed data is damaged at byte \d+/, what);
      assert.equal(decompress(zstd, zstdFrame([before], [0x20, 8])).error, null);
    });

    it('needs the dictionary that its frame names', () => {
      assert.match(sentence(decompress(zstd, zstdFrame([before], [0x01, 0x38, 7])).error), /needs a dictionary/);
      assert.equal(decompress(zstd, zstdFrame([before], [0x01, 0x38, 0])).error, null);
    });

    it('takes no time and memory for a window that a frame only claims', () => {
      // Descriptor 0x88: 2^27 bytes, and blocks of one byte.
      const content = zstdFrame(
        Array.from({ length: 3000 }, () => ({ raw: pattern(1) })),
        [0x00, 0x88],
      );
      const source = zstd.open(bytesSource(content), NO_LIMIT);
      const [cpu, memory] = [process.cpuUsage(), process.memoryUsage().arrayBuffers];
      while (!source.prepare!(2 ** 50));
      const { user, system } = process.cpuUsage(cpu);
      assert.equal(source.size, 3000);
      // Moving the window for each block takes half a minute.
      assert.ok(user + system < 1e6, `${(user + system) / 1000} ms`);
      assert.ok(process.memoryUsage().arrayBuffers - memory < 8 << 20);
    });

    it('reaches back to the beginning of its window, however much came after it', () => {
      // A window of 1 KiB (descriptor 0), filled many times over; RFC 8878 §3.1.1.5: offset 1024 is value 1027.
      const noise = Array.from({ length: 40 }, (_, i) => ({ raw: pattern(500 + i, i) }));
      const made = bytes(...noise.map(({ raw }) => raw));
      // Offset code 10 with ten bits, 1027 = 1024 + 3, then the mark.
      const reach = { compressed: [0x00, 1, 0x54, 0, 10, 0, 3, 0b100] };
      const { content, error } = decompress(zstd, zstdFrame([...noise, reach], [0x00, 0x00]));
      assert.equal(error, null);
      assert.deepEqual(content, bytes(made, made.subarray(made.length - 1024, made.length - 1021)));
    });
  });

  describe('LZ4', () => {
    it('has matches that overlap themselves and reach into the block before', () => {
      const first = bytes([0x32], 'abc', u16(3), [0x50], 'defgh');
      const second = bytes([0x04], u16(5), [0x50], 'vwxyz');
      // The first: abc, six more from 3 back, defgh. The second, linked: eight from 5 back, vwxyz.
      assert.deepEqual(decompress(lz4, lz4Frame([lz4Block(first), lz4Block(second)], 0x40)), {
        content: bytes('abc', 'abcabc', 'defgh', 'defghdef', 'vwxyz'),
        error: null,
      });
      assert.match(sentence(decompress(lz4, lz4Frame([lz4Block(first), lz4Block(second)], 0x60)).error), /damaged/);
    });

    it('has blocks that are not compressed', () => {
      assert.deepEqual(
        decompress(lz4, lz4Frame([lz4Raw(pattern(200)), lz4Raw(pattern(7))])).content,
        bytes(pattern(200), pattern(7)),
      );
    });

    it('needs the dictionary that its frame names', () => {
      const header = bytes([0x61, 0x40], u32(1));
      const check = (new Xxh32().update(header, 0, 6).digest() >>> 8) & 0xff;
      assert.match(
        sentence(decompress(lz4, bytes(u32(0x184d2204), header, [check], u32(0))).error),
        /needs a dictionary/,
      );
    });
  });

  it('checks by xxHash as specified', () => {
    const hash = (text: string): number => {
      const content = bytes(text);
      return new Xxh32().update(content, 0, content.length).digest();
    };
    // Known answers, as the reference implementation prints them.
    assert.equal(hash(''), 0x02cc5d05);
    assert.equal(hash('a'), 0x550d7456);
    assert.equal(hash('abc'), 0x32d153ff);
    assert.equal(hash('Nobody inspects the spammish repetition'), 0xe2293b2f);
    const pieces = new Xxh32();
    const content = bytes('Nobody inspects the spammish repetition');
    for (let i = 0; i < content.length; i += 5) pieces.update(content, i, Math.min(content.length, i + 5));
    assert.equal(pieces.digest(), 0xe2293b2f);
  });

  it('checks by the longer xxHash as specified', () => {
    const hash = (content: Uint8Array): number => new Xxh64().update(content, 0, content.length).digestLow();
    for (const [given, hashed] of XXH64) assert.equal(hash(bytes(given)), hashed, given);
    const [text, known] = XXH64.at(-1)!;
    const content = bytes(text);
    const pieces = new Xxh64();
    for (let i = 0; i < content.length; i += 7) pieces.update(content, i, Math.min(content.length, i + 7));
    assert.equal(pieces.digestLow(), known);
  });

  it('of a capture gives the same as without', () => {
    const plain = readCapture(capture)!;
    for (const content of [gzipSync(capture), fixture('repetitive.pcap.zst'), fixture('repetitive.pcap.lz4')])
      assert.deepEqual(readCapture(content)!.frames, plain.frames);
    assert.deepEqual(readCapture(gzipSync(bytes(pcapHeader(), pcapRecord(pattern(60)))))!.frames.length, 1);
  });
});
