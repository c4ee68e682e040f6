import assert from 'node:assert/strict';
import { ackText, sackBlockText, seqText, sequenceDistance, textbookNumber } from '../../../src/core/format/sequence';
import type { SegmentRow } from '../../../src/core/model/segment';
import { captured, HANDSHAKE } from '../../support/script';
import { readTrace } from '../../support/traces';

const rows = (isns: { iss: number; irs: number }, text: string): SegmentRow[] =>
  readTrace(captured(isns, text)).segments(0, 0, 100);

describe('sequence numbers', () => {
  it('are written as textbooks do', () => {
    assert.equal(textbookNumber('X', 0), 'X');
    assert.equal(textbookNumber('Y', 1), 'Y + 1');
    assert.equal(textbookNumber('X', -1), 'X − 1');
  });

  it('count across 2^32, and back to a number just before the base', () => {
    assert.equal(sequenceDistance(5, 0xffff_fffe), 7);
    assert.equal(sequenceDistance(0xffff_fffe, 0xffff_ffff), -1);
  });

  it('count from X in the client’s space and from Y in the server’s', () => {
    const [syn, synAck, ack, data] = rows({ iss: 0xffff_fff0, irs: 7000 }, `${HANDSHAKE}> P. 1:101 ack 1`);
    assert.deepEqual([seqText(syn!, 'xy'), seqText(synAck!, 'xy'), ackText(synAck!, 'xy')], ['X', 'Y', 'X + 1']);
    assert.deepEqual([seqText(ack!, 'xy'), ackText(ack!, 'xy')], ['X + 1', 'Y + 1']);
    // 0xfffffff0 + 1; the next segment begins beyond 2^32.
    assert.deepEqual([seqText(data!, 'raw'), seqText(data!, 'relative')], ['4294967281', '1']);
  });

  it('have no X where no SYN was captured, or where the number is nowhere near', () => {
    const [first] = rows({ iss: 1000, irs: 5000 }, '> P. 1:11 ack 1\n< . 1:1 ack 11');
    assert.equal(seqText(first!, 'xy'), String(first!.seq));
    const [syn] = rows({ iss: 1000, irs: 5000 }, HANDSHAKE);
    const stray: SegmentRow = { ...syn!, seqRaw: 3_000_000_000, seq: 2_999_999_000 };
    assert.equal(seqText(stray, 'xy'), '3000000000');
  });

  it('print the edges of a SACK block in the other side’s numbers', () => {
    const [, , , data] = rows({ iss: 1000, irs: 5000 }, `${HANDSHAKE}< . 1:1 ack 1`);
    const row: SegmentRow = { ...data!, ack: 1, ackRaw: 1001, sack: [[2001, 3001]] };
    assert.equal(sackBlockText(row, row.sack[0]!, 'relative'), '1001–2001');
    assert.equal(sackBlockText(row, row.sack[0]!, 'raw'), '2001–3001');
    assert.equal(sackBlockText(row, row.sack[0]!, 'xy'), 'X + 1001–X + 2001');
  });
});
