import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Trace } from '../../../src/core/analyze';
import { HEXADECIMAL, type StreamProgress, type StreamRow, type StreamSides } from '../../../src/core/model/stream';
import { inOrder, type Sent } from '../../../src/core/query/stream-order';
import { random } from '../../support/random';
import { readTrace, sampleFile } from '../../support/traces';

function built(trace: Trace, sides: StreamSides, lineBytes: number): { progress: StreamProgress; rows: StreamRow[] } {
  let progress = trace.stream(0, sides, lineBytes)!;
  while (!progress.done) progress = trace.stream(0, sides, lineBytes)!;
  return { progress, rows: trace.streamRows(0, sides, lineBytes, 0, progress.rows) };
}

const textOf = (row: StreamRow): string =>
  row.kind === 'gap' ? `[${row.length} missing]` : Buffer.from(row.bytes).toString('latin1');

/** A classic little-endian pcap without some of its packets (from 1). */
function without(file: string, packets: readonly number[]): Uint8Array {
  const bytes = readFileSync(file);
  const parts = [bytes.subarray(0, 24)];
  for (let at = 24, packet = 1; at < bytes.length; packet++) {
    const end = at + 16 + bytes.readUInt32LE(at + 8);
    if (!packets.includes(packet)) parts.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts);
}

/** The same with every packet cut to a snap length. */
function cut(file: string, snap: number): Uint8Array {
  const bytes = readFileSync(file);
  const parts = [bytes.subarray(0, 24)];
  for (let at = 24; at < bytes.length;) {
    const length = bytes.readUInt32LE(at + 8);
    const header = Buffer.from(bytes.subarray(at, at + 16));
    header.writeUInt32LE(Math.min(length, snap), 8);
    parts.push(header, bytes.subarray(at + 16, at + 16 + Math.min(length, snap)));
    at += 16 + length;
  }
  return Buffer.concat(parts);
}

describe('what was sent, side by side', () => {
  const lay = (...sent: readonly (readonly [start: number, end: number])[]): string[] =>
    inOrder(sent.map(([start, end], row) => ({ start, end, row }))).map(
      ({ start, end, sent: from }) => `${start}-${end} ${from === null ? 'missing' : from.row}`,
    );

  it('gives each byte to the segment that brought it first', () => {
    assert.deepEqual(lay([0, 10], [10, 20]), ['0-10 0', '10-20 1']);
    assert.deepEqual(lay([0, 10], [0, 10]), ['0-10 0']);
    assert.deepEqual(lay([0, 10], [5, 20]), ['0-10 0', '10-20 1']);
    assert.deepEqual(lay([5, 10], [0, 20]), ['0-5 1', '5-10 0', '10-20 1']);
    assert.deepEqual(lay([10, 20], [0, 10]), ['0-10 1', '10-20 0']);
    assert.deepEqual(lay([0, 5], [10, 15]), ['0-5 0', '5-10 missing', '10-15 1']);
    assert.deepEqual(lay(), []);
    assert.deepEqual(
      inOrder([{ start: 5, end: 7, row: 0 }], 0, 9).map(({ start, end }) => [start, end]),
      [
        [0, 5],
        [5, 7],
        [7, 9],
      ],
    );
  });

  it('does so however segments overlap', () => {
    const pick = random(20_260_301);
    for (let turn = 0; turn < 200; turn++) {
      const sent: Sent[] = Array.from({ length: 1 + pick(12) }, (_, row) => {
        const start = pick(60);
        return { start, end: start + 1 + pick(25), row };
      });
      const owners = Array.from({ length: 90 }, (_, at) => sent.find(({ start, end }) => start <= at && at < end)?.row);
      const first = Math.min(...sent.map(({ start }) => start));
      const last = Math.max(...sent.map(({ end }) => end));
      const pieces = inOrder(sent);
      assert.equal(pieces[0]!.start, first);
      assert.equal(pieces.at(-1)!.end, last);
      for (const { start, end, sent: from } of pieces)
        for (let at = start; at < end; at++) assert.equal(from?.row, owners[at]);
      pieces.slice(1).forEach((piece, i) => assert.equal(piece.start, pieces[i]!.end));
    }
  });

  it('takes a reversed million without being slow', function () {
    this.timeout(10_000);
    const count = 300_000;
    const pieces = inOrder(
      Array.from({ length: count }, (_, row) => ({ start: count - row, end: count - row + 1, row })),
    );
    assert.equal(pieces.length, count);
  });
});

describe('a stream', () => {
  // The FTP session of the textbooks.
  const ftp = readTrace(sampleFile('ftp-textbook.pcap'));

  it('is a conversation in lines', () => {
    const { rows, progress } = built(ftp, 'both', 400);
    const spoken = rows.map((row) => `${row.from[0]} ${textOf(row).trim()}`);
    assert.match(spoken[0]!, /^s 220 /);
    assert.match(spoken[1]!, /^c USER /);
    assert.match(spoken[2]!, /^s 331 /);
    assert.match(spoken[3]!, /^c PASS /);
    assert.equal(progress.missing, 0);
    assert.equal(progress.beyond, 0);
  });

  it('has the bytes of its segments, in rows of sixteen and as a whole', () => {
    const { rows, progress } = built(ftp, 'client', HEXADECIMAL);
    const whole = Buffer.concat(rows.map((row) => (row.kind === 'gap' ? Buffer.alloc(0) : Buffer.from(row.bytes))));
    assert.equal(whole.length, progress.bytes);
    assert.deepEqual(Buffer.from(ftp.streamBytes(0, 'client', 0, 1e9)), whole);
    assert.deepEqual(Buffer.from(ftp.streamBytes(0, 'client', 5, 9)), whole.subarray(5, 9));
    assert.equal(ftp.streamBytes(0, 'client', progress.bytes, 1e9).length, 0);
    for (const row of rows) {
      assert.ok(row.kind === 'data' && row.bytes.length <= 16);
      for (const part of row.parts) {
        const segment = ftp.segments(0, part.row, part.row + 1)[0]!;
        assert.equal(segment.packet, part.packet);
        // Offsets count from the byte behind the SYN, relative sequence numbers from the SYN.
        assert.ok(segment.seq - 1 <= row.offset + part.start && row.offset + part.end <= segment.seq - 1 + segment.len);
      }
    }
  });

  it('breaks lines that are longer than asked for', () => {
    const { rows } = built(ftp, 'server', 16);
    assert.ok(rows.every((row) => row.kind === 'data' && row.bytes.length <= 16));
    assert.equal(rows.map(textOf).join(''), Buffer.from(ftp.streamBytes(0, 'server', 0, 1e9)).toString('latin1'));
  });

  it('finds the row of a segment', () => {
    const { rows } = built(ftp, 'both', 400);
    const user = rows.findIndex((row) => textOf(row).startsWith('USER'));
    const row = rows[user]!;
    assert.ok(row.kind === 'data');
    assert.equal(ftp.streamRowOf(0, 'both', 400, row.parts[0]!.row), user);
    assert.equal(ftp.streamRowOf(0, 'both', 400, 0), -1);
  });

  it('shows what was sent again once, and says how much there was', () => {
    // Three transmissions of one segment (media/samples/README.md).
    const { progress } = built(readTrace(sampleFile('retransmission-timeout.pcap')), 'client', HEXADECIMAL);
    assert.deepEqual([progress.bytes, progress.repeated, progress.conflicts], [32, 51, 0]);
  });

  it('flags bytes that were sent again and differ, with both packets', () => {
    const trace = readTrace(sampleFile('hijack-injection.pcap'));
    const { progress, rows } = built(trace, 'client', 400);
    assert.ok(progress.conflicts > 0);
    const parts = rows
      .flatMap((row) => (row.kind === 'data' ? row.parts : []))
      .filter(({ conflict }) => conflict !== null);
    assert.ok(parts.length > 0);
    for (const { packet, conflict } of parts) assert.ok(conflict! > packet);
  });

  it('marks what is missing with its size', () => {
    const file = sampleFile('ftp-textbook.pcap');
    const whole = readTrace(file);
    const user = whole.segments(0, 0, 20).find((row) => row.from === 'client' && row.len > 0)!;
    const trace = readTrace(without(file, [user.packet]));
    const { progress, rows } = built(trace, 'client', 400);
    assert.equal(progress.missing, user.len);
    assert.deepEqual(rows[0], { kind: 'gap', from: 'client', offset: 0, length: user.len, cut: false });
    assert.equal(progress.bytes, whole.stream(0, 'client', 400)!.bytes - user.len);
  });

  it('tells what the capture cut off from what was sent', () => {
    const user = ftp.segments(0, 0, 20).find((row) => row.from === 'client' && row.len > 0)!;
    const headers = ftp.packet(user.packet)!.originalBytes - user.len;
    const trace = readTrace(cut(sampleFile('ftp-textbook.pcap'), headers + 4));
    const { rows } = built(trace, 'client', HEXADECIMAL);
    const [first] = rows;
    assert.ok(first?.kind === 'data');
    assert.equal(first.parts[0]!.captured, 4);
    assert.equal(Buffer.from(first.bytes.subarray(0, 4)).toString('latin1'), 'USER');
    const nothing = built(readTrace(cut(sampleFile('ftp-textbook.pcap'), headers)), 'client', HEXADECIMAL).rows[0];
    assert.ok(nothing?.kind === 'gap' && nothing.cut);
  });
});
