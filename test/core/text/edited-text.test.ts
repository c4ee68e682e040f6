import assert from 'node:assert/strict';
import { Trace } from '../../../src/core/analyze';
import { CannotOpen } from '../../../src/core/trace-reader';
import { bytesSource, type ByteSource } from '../../../src/core/bytes/source';
import { SegmentFacts } from '../../../src/core/model/facts';
import type { LineEdit } from '../../../src/core/model/text';
import { EditedText } from '../../../src/core/text/edited-text';
import { PacketText } from '../../../src/core/text/format';
import type { PacketMemory } from '../../../src/core/text/packet-memory';
import { PacketRecords } from '../../../src/core/text/packet-records';
import { Splices } from '../../../src/core/text/splices';
import { random } from '../../support/random';
import { textFixtures } from '../../support/text-fixtures';
import { LOSSY } from '../../support/text-traces';
import { SAMPLES } from './samples';

/** Edits of each text: `EDITS=100 npx mocha test/core/text/edited-text.test.ts` for more of them. */
const EDITS = Number(process.env.EDITS ?? 4);
/** Lines of each text that are looked at. */
const LINES = 60;

const OPTIONS = { decompressionLimit: 1 << 20 };
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Everything that a reading has found; a text that is no trace is known by what is said of it. */
function found(source: ByteSource, memory: PacketMemory | null): unknown {
  let trace: Trace;
  try {
    trace = Trace.open(source, OPTIONS, memory);
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    return error.reason;
  }
  while (trace.step());
  const segments = [...trace.allSegments()];
  return {
    summary: trace.summary(),
    segments,
    connections: trace.connections(0, Infinity),
    lines: Array.from({ length: trace.summary().frames }, (_, i) => trace.linesOf(i + 1)),
    options: segments.map((_, i) => trace.options(i)),
    events: trace.events(),
    findings: trace.textFindings(0, 1000, true).found,
  };
}

/** How many packets a reading has taken over, of how many. */
function counted(text: EditedText): { readonly taken: number; readonly all: number } {
  const memory = text.read();
  let taken = 0;
  const take = memory.take.bind(memory);
  memory.take = (run) => {
    const packet = take(run);
    if (packet !== null) taken++;
    return packet;
  };
  const trace = Trace.open(text.source(), OPTIONS, memory);
  while (trace.step());
  text.finished();
  return { taken, all: trace.summary().frames };
}

/** Lines that make trouble wherever they stand. */
const STRANGE = [
  '',
  'kernel: something else was logged',
  '\t0x0000:  4500 0034 0000 4000 4006 0000 0a00 0001',
  '    10.0.0.1.40000 > 10.0.0.2.80: Flags [.], ack 1, win 502, length 0',
  '10:00:00.1 IP 10.0.0.1.40000 > 10.0.0.2.nosuchname: Flags [.], ack 1,',
  'win 502, length 0',
  '{"index":{"_index":"packets"}}',
  '<packet>',
  '</packet>',
  'Reassembled TCP (20 bytes):',
  '0000  45 00 00 28 00 01 40 00',
  `x${'y'.repeat(70_000)}`,
  '中文 🙂',
];

/** Edits at places that the seed decides, none of which touch each other, and the lines after them. */
function edited(lines: readonly string[], any: (limit: number) => number): { edits: LineEdit[]; lines: string[] } {
  const edits: LineEdit[] = [];
  const result: string[] = [];
  let from = 0;
  for (let left = 1 + any(3); left > 0 && from < lines.length; left--) {
    const first = from + any(lines.length - from);
    const count = Math.min(lines.length - first, any(4) === 0 ? any(12) : any(2));
    const old = lines.slice(first, first + count);
    const line = lines[any(lines.length)]!;
    const made = [
      () => [...old, STRANGE[any(STRANGE.length)]!],
      () => [line],
      () => old.map((text) => text.slice(0, any(text.length + 1))),
      () => old.map((text) => text.replace(/\d/, String(any(10)))),
      () => [...old, line, ...old],
      () => [old.join('')],
    ][any(6)]!();
    const by = made.length === 0 ? [''] : made;
    edits.push({ first, count, lines: utf8(by.join('\n')) });
    result.push(...lines.slice(from, first), ...by);
    from = first + count;
    // The next edit leaves a line between.
    if (from < lines.length) result.push(lines[from++]!);
  }
  return { edits, lines: [...result, ...lines.slice(from)] };
}

describe('a text that is edited', () => {
  const kinds = new Map(textFixtures().map((fixture) => [fixture.kind, fixture.text]));
  kinds.set('lossy', LOSSY);
  kinds.set(
    'lines that were broken',
    LOSSY.replaceAll(/(?=.{64}).{1,64} (?=.)/g, (line) => `${line.trimEnd()}\n`),
  );
  for (const id of ['tshark-json', 'tshark-ek', 'pdml', 'psml']) {
    const lines = SAMPLES[id]!.repeat(8).trimEnd().split('\n');
    kinds.set(`${id}, quoted`, lines.map((line) => `> ${line}`).join('\n'));
    kinds.set(`${id}, logged in JSON`, lines.map((line) => JSON.stringify({ log: `${line}\n` })).join('\n'));
  }
  for (const [kind, text] of kinds)
    it(`is found to be what a fresh reading finds, whatever is edited: ${kind}`, function () {
      this.timeout(10_000 * EDITS);
      const any = random(kind.length * 7919 + text.length + EDITS);
      let lines = text.replaceAll('\r\n', '\n').split('\n').slice(0, LINES);
      const edit = new EditedText(utf8(lines.join('\n')));
      const read = (isToEnd: boolean): void => {
        const memory = edit.read();
        if (!isToEnd) {
          // Given up after a step, as while somebody types.
          try {
            Trace.open(edit.source(), OPTIONS, memory).step();
          } catch (error) {
            if (!(error instanceof CannotOpen)) throw error;
          }
          return;
        }
        const again = found(edit.source(), memory);
        edit.finished();
        assert.deepEqual(again, found(bytesSource(utf8(lines.join('\n'))), null));
      };
      read(true);
      for (let round = 0; round < EDITS; round++) {
        const next = edited(lines, any);
        edit.edit(next.edits);
        lines = next.lines;
        read(any(4) > 0);
      }
      read(true);
    });

  it('is not read again where it is as before', () => {
    const lines = Array.from(
      { length: 1000 },
      (_, i) =>
        `10:00:${String(i % 60).padStart(2, '0')}.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], seq ${i}:${i + 1}, ack 1, win 502, length 1`,
    );
    const edit = new EditedText(utf8(lines.join('\n')));
    assert.deepEqual(counted(edit), { taken: 0, all: 1000 });
    edit.edit([{ first: 500, count: 1, lines: utf8('x') }]);
    // The packet before the line, and the last one of the text, depend on what is behind them.
    assert.deepEqual(counted(edit), { taken: 997, all: 999 });
    assert.deepEqual(counted(edit), { taken: 998, all: 999 });
  });

  it('goes on with the beginning of a reading that was given up', () => {
    const lines = LOSSY.repeat(200).split('\n');
    const edit = new EditedText(utf8(lines.join('\n')));
    Trace.open(edit.source(), OPTIONS, edit.read()).step();
    edit.edit([{ first: lines.length - 1, count: 1, lines: utf8('x') }]);
    const { taken, all } = counted(edit);
    assert.ok(taken > all / 2, `${taken} of ${all}`);
  });
});

describe('what a packet says', () => {
  it('is kept field by field', () => {
    const packet = new PacketText();
    const facts = packet.addSegment();
    const values = facts as unknown as Record<string, unknown>;
    Object.keys(facts).forEach((name, i) => {
      // The frame and the bases depend on the packets before.
      if (typeof values[name] === 'number' && !['frame', 'seqBase', 'ackBase'].includes(name)) values[name] = 3 + i;
    });
    facts.seq = -5;
    facts.windowIsScaled = true;
    facts.sackBlocks = 3;
    facts.sack.set([1, -2, 3, 4, 5, 6]);
    facts.payloadAt = 20;
    facts.payloadCaptured = 4;
    facts.bytes = Uint8Array.from({ length: 24 }, (_, i) => i);
    packet.time.seconds = 17_000_000_000;
    packet.time.nanos = 5;
    Object.assign(packet, { timed: true, isCut: true, isDelta: true, wireBytes: 99, linkType: 1 });
    for (const byte of [9, 8, 7]) packet.addHex(byte);
    const before = structuredClone({ facts, time: packet.time, hex: packet.hex.slice(0, 3) });
    const problem = { code: 'x', severity: 'info', message: { text: 'x', args: [] }, line: 1, offset: 2 } as const;
    const records = new PacketRecords();
    records.put(new PacketText(), []);
    const record = records.put(packet, [problem]);
    packet.reset();
    packet.segments[0] = new SegmentFacts();
    assert.deepEqual(records.take(record, packet), [problem]);
    assert.equal(packet.segmentCount, 1);
    const { bytes, ...rest } = packet.segments[0];
    const { bytes: expected, ...others } = before.facts;
    assert.deepEqual({ ...rest }, { ...others });
    assert.deepEqual([...bytes.subarray(0, 24)], [...expected]);
    assert.deepEqual({ ...packet.time }, { ...before.time });
    assert.deepEqual([...packet.hex.subarray(0, packet.hexLength)], [9, 8, 7]);
    const { timed, isCut, isDelta, wireBytes, linkType } = packet;
    assert.deepEqual([timed, isCut, isDelta, wireBytes, linkType], [true, true, true, 99, 1]);
  });

  it('is not kept where it does not fit', () => {
    const packet = new PacketText();
    packet.addSegment().payloadBytes = 2 ** 40;
    const records = new PacketRecords();
    assert.equal(records.put(packet, []), -1);
    assert.equal(records.length, 0);
  });
});

describe('splices', () => {
  it('tell what was replaced, however it was', () => {
    const any = random(4);
    for (let round = 0; round < 300; round++) {
      const before = Array.from({ length: 40 }, (_, i) => i);
      const now: number[] = [...before];
      const splices = new Splices();
      for (let i = 0; i < 12; i++) {
        const start = any(now.length + 1);
        const end = Math.min(now.length, start + any(4));
        const by = Array.from({ length: any(4) }, () => 100 + any(100));
        splices.replace(start, end, by.length);
        now.splice(start, end - start, ...by);
      }
      // Put together again from what was not replaced.
      const made: number[] = [];
      let at = 0;
      for (const { oldStart, oldEnd, newStart, newEnd } of splices.all) {
        made.push(...before.slice(at, oldStart), ...now.slice(newStart, newEnd));
        at = oldEnd;
      }
      assert.deepEqual([...made, ...before.slice(at)], now);
      now.forEach((value, place) => {
        const old = splices.before(place);
        if (old === null) return;
        const same = Math.min(old.sameUntil, before.length) - old.old;
        assert.deepEqual(now.slice(place, place + same), before.slice(old.old, old.old + same));
        assert.ok(same > 0 && value < 100);
        assert.equal(splices.after(old.old), place);
      });
      before.forEach((value, place) => {
        const after = splices.after(place);
        if (after === null) assert.ok(!now.includes(value) || splices.before(now.indexOf(value)) === null);
        else assert.ok(now[after] === value || splices.before(after) === null);
      });
    }
  });

  it('tell where a place is that was replaced by one', () => {
    const splices = new Splices();
    splices.replace(3, 4, 1);
    splices.replace(6, 7, 2);
    assert.deepEqual(
      [2, 3, 5, 6, 7].map((place) => splices.after(place)),
      [2, 3, 5, null, 8],
    );
    assert.deepEqual(
      [3, 6, 7, 8].map((place) => splices.before(place)?.old ?? null),
      [null, null, null, 7],
    );
  });

  it('count as one where there are too many of them', () => {
    const splices = new Splices();
    for (let i = 0; i < 1000; i++) splices.replace(3 * i, 3 * i + 1, 2);
    assert.ok(splices.all.length <= 256);
    assert.equal(splices.all[0]!.oldStart, 0);
  });
});
