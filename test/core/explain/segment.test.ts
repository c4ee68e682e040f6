import assert from 'node:assert/strict';
import { render } from '../../../src/core/format/message';
import type { SegmentRow } from '../../../src/core/model/segment';
import { encodePcapNs } from '../../support/pcap-ns';
import { encodeFrame } from '../../support/tcp-frames';
import { readTrace, sampleFile } from '../../support/traces';

const rowsOf = (input: string | Uint8Array): SegmentRow[] => [...readTrace(input).allSegments()];
/** What is said of a segment, but for the calls that it betrays. */
const said = ({ explanation, calls }: SegmentRow): string[] =>
  explanation.filter((part) => !calls.some(({ text }) => text === part)).map((part) => render(part));

/** What is said of a segment with this payload. */
function saidOfData(payload: string | Uint8Array): string {
  const bytes = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload;
  const ends = { source: 1, destination: 2, sourcePort: 40_000, destinationPort: 80, window: 1000 };
  const frame = encodeFrame({ ...ends, seq: 1, ack: 1, flags: 0x018, payload: bytes });
  return said(rowsOf(encodePcapNs([{ timeNs: 0n, bytes: frame }]))[0]!).join('|');
}

describe('what happens with a segment', () => {
  it('quotes what an application says, so that it is not taken for an explanation', () => {
    // The payloads of packets 4, 6 and 8 as tshark prints them (tcp.payload).
    const rows = rowsOf(sampleFile('ftp-textbook.pcap'));
    assert.deepEqual(
      [4, 6, 8].map((packet) => said(rows[packet - 1]!).at(-1)),
      [
        'Sends 23 bytes: “220 FTP server ready.”',
        'Sends 10 bytes: “USER ftp”',
        'Sends 34 bytes: “331 Please specify the password.”',
      ],
    );
  });

  it('says where more than the quoted line was sent', () => {
    assert.equal(saidOfData('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), 'Sends 27 bytes that begin with “GET / HTTP/1.1”');
    assert.equal(saidOfData('a'.repeat(100)), `Sends 100 bytes that begin with “${'a'.repeat(64)}”`);
    assert.equal(saidOfData('a'.repeat(64)), `Sends 64 bytes: “${'a'.repeat(64)}”`);
    assert.equal(saidOfData('a\tb\n\n'), 'Sends 5 bytes: “a b”');
  });

  it('quotes nothing that is no text', () => {
    assert.equal(saidOfData('x'), 'Sends 1 byte.');
    assert.equal(saidOfData('\r\nHTTP'), 'Sends 6 bytes.');
    assert.equal(saidOfData(Uint8Array.of(0x47, 0x45, 0x00)), 'Sends 3 bytes.');
    assert.equal(saidOfData('caf\u00e9'), 'Sends 4 bytes.');
  });

  it('is about the window where that closes or opens, and the label says which it is', () => {
    // tcp.window_size of the segments that tshark calls tcp.analysis.zero_window or window_update.
    const rows = rowsOf(sampleFile('zero-window.pcap'));
    const announced = [16, 18, 20, 22, 23].map((packet) => /win \d+$/.exec(rows[packet - 1]!.label)?.[0]);
    assert.deepEqual(announced, ['win 0', 'win 0', 'win 0', 'win 0', 'win 8688']);
    assert.equal(rows.filter(({ label }) => label.includes('win')).length, 7, 'these, and the two SYNs');
  });
});
