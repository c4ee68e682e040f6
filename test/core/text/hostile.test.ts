import assert from 'node:assert/strict';
import { type ByteSource, bytesSource } from '../../../src/core/bytes/source';
import { Trace } from '../../../src/core/analyze';
import { SAMPLES } from './samples';

const LIMITS = { decompressionLimit: 1 };

function analysed(source: ByteSource): Trace {
  const trace = Trace.open(source, LIMITS);
  while (trace.step());
  return trace;
}

/** Everything that can be asked of a trace is asked, and answers. */
function ask(trace: Trace): void {
  const { frames, connections } = trace.summary();
  for (const row of trace.allSegments()) trace.options(row.segment);
  for (let packet = 1; packet <= Math.min(frames, 50); packet++) trace.packet(packet);
  trace.connections(0, connections);
}

/** What may be put into a line to make a scanner slow: each repeats what some scanner looks for. */
const SPINES = [
  ' > ',
  ' → ',
  'Flags [',
  ', seq 1',
  'options [',
  '{',
  '[',
  '<',
  '"',
  '"""',
  '\\"',
  '(',
  '<SEQ=',
  '<packet>',
  '<field name="',
  '...',
  '`',
  '%{',
  '/*',
  '0000  ',
  '00 ',
  'Frame 1: 9 bytes on wire',
  ',',
  '\t',
  '1',
  '.',
  ':',
  'tcpi_',
  ' 2023-11-14 22:13:20',
  '::',
  ' msg="',
  ' |',
  '<br>',
  '"_source',
  '\t0x0010:  4500 ',
];

/** Milliseconds of processor time that reading takes: other programs do not count. */
function cost(text: Buffer): number {
  const start = process.cpuUsage();
  try {
    analysed(bytesSource(text));
  } catch (error) {
    assert.equal((error as Error).name, 'CannotOpen');
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Eight times the text may take so many times as long: linear is 8, quadratic 64. */
const GROWTH = 20;
/** Short times are noise. */
const NOISE_MS = 60;

describe('hostile texts', () => {
  for (const [id, text] of Object.entries(SAMPLES)) {
    it(`${id}: cut anywhere`, function () {
      this.timeout(60_000);
      const bytes = Buffer.from(text);
      for (let length = 1; length < bytes.length; length += 1 + Math.floor(bytes.length / 200)) {
        try {
          ask(analysed(bytesSource(bytes.subarray(0, length))));
        } catch (error) {
          assert.equal((error as Error).name, 'CannotOpen', `cut after ${length} bytes: ${(error as Error).stack}`);
        }
      }
    });

    it(`${id}: with NULs, marks of right-to-left text and control codes in it`, () => {
      const dirty = text.replaceAll('\n', '\u0000\n\u202e\u0007\u001b[31m garbage\u0000\n') + '\u0000'.repeat(1000);
      try {
        ask(analysed(bytesSource(Buffer.from(dirty))));
      } catch (error) {
        assert.equal((error as Error).name, 'CannotOpen');
      }
    });

    it(`${id}: takes time in proportion to the length, whatever is repeated in a line or in lines`, function () {
      this.timeout(120_000);
      const slow: string[] = [];
      for (const spine of SPINES)
        for (const separator of ['', '\n']) {
          const of = (count: number): Buffer => Buffer.from(text + (spine + separator).repeat(count) + '\n' + text);
          const isSlow = (): boolean => cost(of(16_000)) > GROWTH * cost(of(2_000)) + NOISE_MS;
          if (isSlow() && isSlow() && isSlow()) slow.push(JSON.stringify(spine + separator));
        }
      assert.deepEqual(slow, []);
    });
  }

  it('many packets in one line that has something in front of it take time in proportion to their number', function () {
    this.timeout(60_000);
    const packet = SAMPLES['tshark-json']!.replaceAll('\n', ' ').trim().slice(1, -1);
    const of = (count: number, filling: string): Buffer =>
      Buffer.from(
        SAMPLES['tshark-json']!.trimEnd()
          .replace(/\]$/, `,\n${packet},${filling.repeat(count)}{}]`)
          .replaceAll(/^/gm, '# '),
      );
    for (const filling of ['{},', '{"_source":{"layers":{}}},', '\u0000', '{"', '|']) {
      const isSlow = (): boolean => cost(of(160_000, filling)) > GROWTH * cost(of(20_000, filling)) + NOISE_MS;
      assert.equal(isSlow() && isSlow() && isSlow(), false, filling);
    }
    assert.equal(analysed(bytesSource(of(1000, '{},'))).summary().segments, 6);
  });

  it('a line of a gigabyte is passed over in bounded memory, and what follows is read', function () {
    this.timeout(120_000);
    const before = Buffer.from(SAMPLES.tcpdump!);
    const after = Buffer.from(`\n${SAMPLES.tcpdump!}`);
    const LONG = 2 ** 30;
    const source: ByteSource = {
      size: before.length + LONG + after.length,
      read(position, target, at, length) {
        let end = position + length;
        if (position < before.length) {
          end = Math.min(end, before.length);
          target.set(before.subarray(position, end), at);
        } else if (position < before.length + LONG) {
          end = Math.min(end, before.length + LONG);
          target.fill(0x41, at, at + end - position);
        } else {
          end = Math.min(end, this.size);
          if (end <= position) return 0;
          target.set(after.subarray(position - before.length - LONG, end - before.length - LONG), at);
        }
        return end - position;
      },
    };
    const heap = process.memoryUsage().arrayBuffers;
    const trace = analysed(source);
    assert.equal(trace.summary().segments, 6);
    assert.deepEqual(
      trace.summary().notices.map(({ code, line }) => [code, line]),
      [['long-line', 5]],
    );
    assert.ok(process.memoryUsage().arrayBuffers - heap < 64 * 2 ** 20, 'no more than windows and columns');
  });

  it('a JSON object without an end is passed over in bounded memory', function () {
    this.timeout(60_000);
    const text = Buffer.concat([
      Buffer.from(SAMPLES['tshark-json']!.trim().replace(/\]$/, ',{"a":"')),
      Buffer.alloc(20 << 20, 0x62),
    ]);
    const trace = analysed(bytesSource(text));
    assert.equal(trace.summary().segments, 3);
    assert.ok(trace.summary().notices.length >= 1);
  });

  it('lines are read the same in pieces of one byte', () => {
    for (const [id, text] of Object.entries(SAMPLES)) {
      const bytes = Buffer.from(text);
      const byByte: ByteSource = {
        size: bytes.length,
        read(position, target, at, length) {
          if (length === 0 || position >= bytes.length) return 0;
          target[at] = bytes[position]!;
          return 1;
        },
      };
      const rows = (trace: Trace): unknown => [...trace.allSegments()];
      assert.deepEqual(rows(analysed(byByte)), rows(analysed(bytesSource(bytes))), id);
    }
  });
});
