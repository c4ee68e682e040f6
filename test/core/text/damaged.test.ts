import assert from 'node:assert/strict';
import { LOSSY, readText } from '../../support/text-traces';

const LINES = LOSSY.trimEnd().split('\n');
const PACKETS = LINES.filter((line) => line.startsWith('10:'));

/** What is noted, by line; the segments that are read all the same. */
const read = (text: string): { noted: unknown[]; segments: number } => {
  const { notices, segments } = readText(text).summary();
  return { noted: notices.map(({ code, line, severity }) => [code, line, severity]), segments };
};

/** The list of packets that tshark prints of a connection. */
const LIST = Array.from(
  { length: 8 },
  (_, i) =>
    `    ${i + 1}   0.00000${i}     10.0.0.1 → 10.0.0.2     TCP 66 40000 → 80 [ACK] Seq=${1 + i * 10} Ack=1 Win=502 Len=10`,
);

/** A text with one of its lines changed. */
const with3 = (lines: readonly string[], change: (line: string) => string): string =>
  lines.map((line, i) => (i === 2 ? change(line) : line)).join('\n');

describe('damaged text', () => {
  const all = PACKETS.length;

  it('is told of at the line, and the rest is read: tcpdump', () => {
    assert.deepEqual(read(PACKETS.join('\n')), { noted: [], segments: all });
    for (const length of [20, 30, 45, 55, 62, 70])
      assert.deepEqual(
        read(with3(PACKETS, (line) => line.slice(0, length))).noted,
        [['cut-line', 3, 'warning']],
        `cut after ${length}: ${PACKETS[2]!.slice(0, length)}`,
      );
    assert.deepEqual(read(PACKETS.join('\n').slice(0, -12)).noted, [['cut-line', all, 'warning']]);
    assert.deepEqual(read(with3(PACKETS, (line) => line.replace('40000', '4\x00\x00\x0000'))), {
      noted: [['damaged-line', 3, 'warning']],
      segments: all - 1,
    });
    const joined = [...PACKETS.slice(0, 2), PACKETS[2]! + PACKETS[3]!, ...PACKETS.slice(4)];
    assert.deepEqual(read(joined.join('\n')), { noted: [['damaged-line', 3, 'warning']], segments: all - 1 });
  });

  it('is told of at the line, and the rest is read: tshark', () => {
    assert.deepEqual(read(LIST.join('\n')), { noted: [], segments: 8 });
    assert.deepEqual(read(with3(LIST, (line) => line.slice(0, 30))), {
      noted: [['cut-line', 3, 'warning']],
      segments: 7,
    });
    assert.deepEqual(read(LIST.join('\n').slice(0, -8)).noted, [['cut-line', 8, 'warning']]);
    assert.deepEqual(read(with3(LIST, (line) => line.replace('10.0.0.1', '10.\x00.0.1'))).noted, [
      ['damaged-line', 3, 'warning'],
    ]);
    assert.deepEqual(read(with3(LIST, (line) => `Nov 21 15:00:00 host app[7]: ${line}`)), {
      noted: [['prefixed-line', 3, 'info']],
      segments: 8,
    });
  });

  it('is whole where a mailer has wrapped and quoted it', () => {
    const wrap = (line: string): string[] => {
      const at = line.lastIndexOf(' ', 72);
      return line.length <= 72 || at < 1 ? [line] : [line.slice(0, at), ...wrap(line.slice(at + 1))];
    };
    for (const quote of ['', '> '])
      assert.deepEqual(
        read(PACKETS.flatMap((line) => wrap(line).map((part) => quote + part)).join('\n')),
        { noted: [], segments: all },
        `quoted by “${quote}”`,
      );
  });

  it('is whole with any line ends, as code in Markdown, and in a diff', () => {
    for (const text of [
      PACKETS.join('\r'),
      PACKETS.join('\r\n'),
      PACKETS.map((line) => `    ${line}`).join('\n'),
      PACKETS.map((line) => `+${line}`).join('\n'),
    ]) {
      assert.deepEqual(read(text), { noted: [], segments: all }, text.slice(0, 20));
      assert.equal(readText(text).time(1), '36000.000000000');
    }
  });
});
