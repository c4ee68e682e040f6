import assert from 'node:assert/strict';
import { readText } from '../../support/text-traces';

/** A segment of 120 bytes in its IP packet (RFC 791, RFC 9293), as the dump of one line each of 16 bytes has it. */
const HEADERS = [
  '45000078000040004006266e0a000001', // 120 bytes in all, checksum 0x266e
  '0a0000029c4000500000000100000001', // 40000 to 80, 1:81
  '501001f600000000', // ACK, window 502
].join('');
const BYTES = HEADERS + '41'.repeat(80);

const lineOf = (offset: number): string => BYTES.slice(offset * 2, offset * 2 + 32);
const OFFSETS = [0, 16, 32, 48, 64, 80, 96, 112];
const hex4 = (offset: number): string => offset.toString(16).padStart(4, '0');
const pairs = (digits: string): string => (digits.match(/../g) ?? []).join(' ');
const words = (digits: string): string => (digits.match(/.{1,4}/g) ?? []).join(' ');

const TCPDUMP_LINE = (at: number): string =>
  `10:00:0${at}.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], seq 1:81, ack 1, win 502, length 80`;
const LIST_LINE = (at: number): string =>
  `    ${at}   ${at}.000000     10.0.0.1 → 10.0.0.2     TCP 134 40000 → 80 [ACK] Seq=1 Ack=1 Win=502 Len=80`;
const DETAILS = (at: number): string => `\
Frame ${at}: 120 bytes on wire (960 bits), 120 bytes captured (960 bits)
    Arrival Time: Jan  1, 2020 10:00:0${at}.000000000 UTC
Raw packet data
Internet Protocol Version 4, Src: 10.0.0.1, Dst: 10.0.0.2
Transmission Control Protocol, Src Port: 40000, Dst Port: 80, Seq: 1, Ack: 1, Len: 80
    Source Port: 40000
    Destination Port: 80
    Sequence Number: 1    (relative sequence number)
    Acknowledgment Number: 1    (relative ack number)
    0101 .... = Header Length: 20 bytes (5)
    Flags: 0x010 (ACK)
    Window: 502`;

const tsharkDump = (at: number): string => `${hex4(at)}  ${pairs(lineOf(at)).padEnd(47)}   ................`;

/** How tools print a line of bytes. */
const WAYS: Readonly<Record<string, (at: number) => string>> = {
  'tcpdump -x': (at) => `\t0x${hex4(at)}:  ${words(lineOf(at))}`,
  'tcpdump -X': (at) => `\t0x${hex4(at)}:  ${words(lineOf(at)).padEnd(39)}  ................`,
  'tshark -x': tsharkDump,
  'tshark -P -x': tsharkDump,
  'tshark -V -x': tsharkDump,
};

/** The lines in front of the dump of a packet. */
const frontOf = (way: string, at: number): string[] => {
  if (way.startsWith('tcpdump')) return [TCPDUMP_LINE(at)];
  if (way === 'tshark -P -x') return [LIST_LINE(at), ''];
  return way === 'tshark -V -x' ? [...DETAILS(at).split('\n'), ''] : [];
};

/** Three packets, of which the second one's dump is another. Its first line has the number that is told. */
function textOf(way: string, change: (dump: string[]) => string[]): { text: string; line: number } {
  const whole = OFFSETS.map(WAYS[way]!);
  const behind = way.startsWith('tcpdump') ? [] : [''];
  const first = [...frontOf(way, 1), ...whole, ...behind, ...frontOf(way, 2)];
  const lines = [...first, ...change(whole), ...behind, ...frontOf(way, 3), ...whole, ...behind];
  return { text: `${lines.join('\n')}\n`, line: first.length + 1 };
}

function read(text: string): { noted: (string | number | undefined)[][]; payload: number[] } {
  const trace = readText(text);
  const { notices, segments } = trace.summary();
  return {
    noted: notices.map(({ code, line, severity }) => [code, line, severity]),
    payload: Array.from({ length: segments }, (_, id) => trace['tracker'].segments.payloadBytes.of(id)),
  };
}

describe('dumps of which something is missing', () => {
  for (const way of Object.keys(WAYS)) {
    const hasWords = way !== 'tshark -x';

    it(`${way}: tells nothing of a whole one`, () => {
      assert.deepEqual(read(textOf(way, (dump) => dump).text).noted, []);
    });

    it(`${way}: tells of a line that is cut, and takes what stands before`, () => {
      const { text, line } = textOf(way, (dump) => dump.with(4, dump[4]!.slice(0, 30)));
      const { noted, payload } = read(text);
      assert.deepEqual(noted, [['cut-dump', line + 4, 'warning']]);
      assert.deepEqual(payload, [80, 80, 80]);
    });

    it(`${way}: tells of a line that is lost`, () => {
      const { text, line } = textOf(way, (dump) => dump.toSpliced(5, 1));
      assert.deepEqual(read(text).noted, [['cut-dump', line + 5, 'warning']]);
    });

    it(`${way}: tells of lines that are lost at the end`, () => {
      const { text, line } = textOf(way, (dump) => dump.slice(0, 5));
      const { noted, payload } = read(text);
      assert.deepEqual(noted, [['cut-dump', line + 4, 'warning']]);
      // Nothing else says that the packet was longer than 80 bytes, 40 of them headers.
      assert.deepEqual(payload, [80, hasWords ? 80 : 40, 80]);
    });

    it(`${way}: has the segment from words where its headers are cut`, () => {
      const { text, line } = textOf(way, (dump) => dump.toSpliced(1, 1));
      const { noted, payload } = read(text);
      assert.deepEqual(noted, [['cut-dump', line + 1, 'warning']]);
      if (hasWords) assert.deepEqual(payload, [80, 80, 80]);
    });

    it(`${way}: tells of a first line that is lost`, () => {
      const { text, line } = textOf(way, (dump) => dump.slice(1));
      assert.deepEqual(read(text).noted, [['cut-dump', line, 'warning']]);
    });
  }
});
