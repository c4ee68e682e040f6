import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type SegmentRow, WIRESHARK_NOTES } from '../../../src/core/model/segment';
import { readTrace, sampleFile } from '../../support/traces';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;

/** A little-endian pcap in which each packet stands twice, as a mirror port delivers it. */
function mirrored(file: Uint8Array): Uint8Array {
  const bytes = Buffer.from(file);
  const parts: Buffer[] = [bytes.subarray(0, FILE_HEADER)];
  for (let at = FILE_HEADER; at < bytes.length;) {
    const end = at + RECORD_HEADER + bytes.readUInt32LE(at + 8);
    parts.push(bytes.subarray(at, end), bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts);
}

/** Own findings by the number of the packet among those that were sent. */
const findingsOf = (rows: readonly SegmentRow[], copies: number): string[] =>
  rows.flatMap(({ packet, notes }) =>
    notes
      .filter(({ kind }) => !(WIRESHARK_NOTES as readonly string[]).includes(kind))
      .map(({ kind }) => `${Math.ceil(packet / copies)} ${kind}`),
  );

describe('findings in a capture that has every packet twice', () => {
  for (const name of ['fast-retransmit', 'retransmission-timeout', 'keep-alive', 'zero-window', 'lost-syn-ack'])
    it(`are those of the capture that has it once: ${name}`, () => {
      const file = readFileSync(sampleFile(`${name}.pcap`));
      const once = findingsOf(readTrace(file).segments(0, 0, 1000), 1);
      assert.ok(once.length > 0);
      assert.deepEqual(findingsOf(readTrace(mirrored(file)).segments(0, 0, 1000), 2), once);
    });
});
