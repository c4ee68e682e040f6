import assert from 'node:assert/strict';
import type { Trace } from '../../../src/core/analyze';
import type { Side } from '../../../src/core/model/segment';
import { HEXADECIMAL, type StreamMatch, type StreamSearch, type StreamSides } from '../../../src/core/model/stream';
import { MAX_MATCHES, type SearchedBlock, StreamFind } from '../../../src/core/query/stream-find';
import { random } from '../../support/random';
import { readTrace, sampleFile } from '../../support/traces';

const bytesOf = (text: string, ignoreCase = false): StreamSearch => ({ bytes: [...Buffer.from(text)], ignoreCase });

/** Where Node finds bytes in bytes, none overlapping the one before. */
function foundByNode(bytes: Buffer, wanted: Buffer): number[] {
  const at: number[] = [];
  for (let i = bytes.indexOf(wanted); i >= 0; i = bytes.indexOf(wanted, i + wanted.length)) at.push(i);
  return at;
}

describe('finding in made-up streams', () => {
  interface Piece extends SearchedBlock {
    readonly bytes: Uint8Array;
  }

  /** `c` and `s` say whose bytes; `-` for some that are missing; `…` behind bytes of which the capture cut one off. */
  function streams(...said: readonly string[]): Piece[] {
    const at: Record<Side, number> = { client: 0, server: 0 };
    return said.map((words) => {
      const side = words.startsWith('c') ? 'client' : 'server';
      const [gap, cut] = [words[1] === '-', words.endsWith('…')];
      const bytes = gap ? Buffer.alloc(0) : Buffer.from(words.slice(1).replace('…', ''));
      const start = at[side];
      at[side] += gap ? 10 : bytes.length + (cut ? 1 : 0);
      return { direction: { side }, start, end: at[side], gap, bytes };
    });
  }

  function search(blocks: readonly Piece[], wanted: StreamSearch, step = Infinity): StreamFind<Piece> {
    const total = blocks.reduce((sum, { gap, start, end }) => sum + (gap ? 0 : end - start), 0);
    const find = new StreamFind(blocks, total, wanted, (block, start, end) => [
      { offset: start, length: end - start, bytes: block.bytes.subarray(start - block.start, end - block.start) },
    ]);
    while (!find.progress.done) find.step(step);
    return find;
  }

  const placesOf = (find: StreamFind<Piece>): string[] =>
    Array.from({ length: find.progress.matches }, (_, i) => {
      const { side, start, end, block } = find.match(i)!;
      return `${side[0]} ${start}-${end} in ${block}`;
    });

  it('finds across segments and what the other side says between', () => {
    assert.deepEqual(placesOf(search(streams('cGE', 'sGET no', 'cT /'), bytesOf('GET'))), ['s 0-3 in 1', 'c 0-3 in 0']);
    assert.deepEqual(placesOf(search(streams('cG', 'sx', 'cE', 'sy', 'cT'), bytesOf('GET'))), ['c 0-3 in 0']);
  });

  it('finds nothing across what is missing or was cut off', () => {
    assert.deepEqual(placesOf(search(streams('cGE', 'c-', 'cT GET'), bytesOf('GET'))), ['c 14-17 in 2']);
    assert.deepEqual(placesOf(search(streams('cGE…', 'cT'), bytesOf('GET'))), []);
    // What is missing of one side does not part the other's bytes.
    assert.deepEqual(placesOf(search(streams('cGE', 's-', 'cT'), bytesOf('GET'))), ['c 0-3 in 0']);
  });

  it('does not overlap matches', () => {
    assert.deepEqual(placesOf(search(streams('caaaaa'), bytesOf('aa'))), ['c 0-2 in 0', 'c 2-4 in 0']);
    assert.deepEqual(placesOf(search(streams('cabababa'), bytesOf('aba'))), ['c 0-3 in 0', 'c 4-7 in 0']);
  });

  it('takes letters of ASCII in either case when asked to, and no others', () => {
    assert.equal(search(streams('cGet GET get gEt'), bytesOf('get', true)).progress.matches, 4);
    assert.equal(search(streams('cGet GET get gEt'), bytesOf('get')).progress.matches, 1);
    assert.equal(search(streams('c[]{}@`'), bytesOf('{', true)).progress.matches, 1);
    assert.equal(search(streams('cÄ'), bytesOf('ä', true)).progress.matches, 0);
  });

  it('agrees with Node on the bytes of each side, however they are cut and in however small steps', () => {
    const pick = random(20_261_121);
    for (let turn = 0; turn < 300; turn++) {
      const said = Array.from(
        { length: 1 + pick(12) },
        () => (pick(2) === 0 ? 'c' : 's') + Array.from({ length: 1 + pick(9) }, () => 'ab'[pick(2)]!).join(''),
      );
      const wanted = Array.from({ length: 1 + pick(6) }, () => 'ab'[pick(2)]!).join('');
      const blocks = streams(...said);
      const find = search(blocks, bytesOf(wanted), 1 + pick(20));
      for (const side of ['client', 'server'] as const) {
        const whole = Buffer.concat(blocks.filter(({ direction }) => direction.side === side).map((b) => b.bytes));
        const expected = foundByNode(whole, Buffer.from(wanted));
        const found = Array.from({ length: find.progress.matches }, (_, i) => find.match(i)!);
        assert.deepEqual(
          found.filter((match) => match.side === side).map(({ start }) => start),
          expected,
          `${wanted} in ${said.join(' ')}`,
        );
        // Each block knows the matches with bytes in it.
        blocks.forEach(({ direction, start, end }, block) => {
          if (direction.side !== side) return;
          assert.deepEqual(
            find.within(block, start, end).map((match) => match.start),
            expected.filter((at) => at < end && at + wanted.length > start),
            `${wanted} in ${block} of ${said.join(' ')}`,
          );
        });
      }
    }
  });

  it('takes a time in proportion to the bytes for the worst of patterns', function () {
    this.timeout(20_000);
    // A search that starts over after every byte would take 500 times as long.
    const zeros = Buffer.alloc(1 << 24);
    const blocks: Piece[] = [{ direction: { side: 'client' }, start: 0, end: zeros.length, gap: false, bytes: zeros }];
    const wanted = { bytes: [...Array.from({ length: 999 }, () => 0), 1], ignoreCase: false };
    const started = performance.now();
    assert.equal(search(blocks, wanted, 1 << 20).progress.matches, 0);
    const took = performance.now() - started;
    assert.ok(took < 2000, `${took} ms for 16 MiB`);
  });

  it('ends at the most matches that it keeps, and says that there may be more', () => {
    const blocks = streams(`c${'a'.repeat(MAX_MATCHES + 5)}`, 'sa');
    assert.deepEqual(search(blocks, bytesOf('a')).progress, { done: true, share: 1, matches: MAX_MATCHES, more: true });
    const exact = streams(`c${'a'.repeat(MAX_MATCHES)}`);
    assert.equal(search(exact, bytesOf('a')).progress.matches, MAX_MATCHES);
  });
});

describe('finding in a stream', () => {
  const ftp = readTrace(sampleFile('ftp-textbook.pcap'));

  function found(trace: Trace, sides: StreamSides, search: StreamSearch, lineBytes = 400): StreamMatch[] {
    while (!trace.stream(0, sides, lineBytes)!.done);
    let progress = trace.streamFind(0, sides, search)!;
    while (!progress.done) progress = trace.streamFind(0, sides, search)!;
    return Array.from({ length: progress.matches }, (_, i) => trace.streamMatch(0, sides, lineBytes, search, i)!);
  }

  // What is said, with the bytes of each turn, as `tshark -z follow,tcp,ascii,0` prints it:
  // s 23 "220 FTP server ready.", c 10 "USER ftp", s 34 "331 Please specify the password.", c 10 "PASS me@",
  // s 23 "230 Login successful.", c 6 "QUIT", s 14 "221 Goodbye.", each with CR LF.
  it('finds in both sides, in the order in which they spoke', () => {
    assert.deepEqual(
      found(ftp, 'both', bytesOf('ss')).map(({ from, offset, row }) => [from, offset, row]),
      [
        ['server', 23 + 25, 2],
        ['server', 23 + 34 + 15, 4],
      ],
    );
    assert.deepEqual(
      found(ftp, 'both', bytesOf('ss', true)).map(({ from, offset, row }) => [from, offset, row]),
      [
        ['server', 23 + 25, 2],
        ['client', 10 + 2, 3],
        ['server', 23 + 34 + 15, 4],
      ],
    );
  });

  it('finds in one side alone, across its segments', () => {
    // CR LF P: the end of USER and the beginning of PASS; the server answers between.
    const search = bytesOf('\r\nP');
    assert.deepEqual(
      found(ftp, 'client', search).map(({ offset, row }) => [offset, row]),
      [[8, 0]],
    );
    assert.deepEqual(
      found(ftp, 'both', search).map(({ offset, row }) => [offset, row]),
      [[8, 1]],
    );
    // The match is marked in both rows.
    assert.deepEqual(ftp.streamMarks(0, 'both', 400, search, 0, 5), [
      [],
      [{ start: 8, end: 10, offset: 8 }],
      [],
      [{ start: 0, end: 1, offset: 8 }],
      [],
    ]);
    assert.deepEqual(found(ftp, 'server', search), []);
  });

  it('knows the rows in hexadecimal', () => {
    const search = bytesOf('221');
    // 80 bytes before it in the server's stream: the first of the sixth row of sixteen.
    assert.deepEqual(found(ftp, 'server', search, HEXADECIMAL), [{ index: 0, from: 'server', offset: 80, row: 5 }]);
    assert.deepEqual(ftp.streamMarks(0, 'server', HEXADECIMAL, search, 4, 6), [[], [{ start: 0, end: 3, offset: 80 }]]);
  });

  it('goes on from a row', () => {
    const search = bytesOf('\r\n');
    assert.equal(found(ftp, 'both', search).length, 7);
    assert.deepEqual(
      [0, 3, 6, 7].map((row) => ftp.streamMatchFrom(0, 'both', 400, search, row)),
      [0, 3, 6, -1],
    );
  });

  it('has no match by a number that there is none of', () => {
    const search = bytesOf('USER');
    assert.equal(found(ftp, 'both', search).length, 1);
    assert.equal(ftp.streamMatch(0, 'both', 400, search, 1), null);
    assert.equal(ftp.streamFind(99, 'both', search), null);
  });
});
