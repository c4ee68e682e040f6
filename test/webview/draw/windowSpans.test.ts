import assert from 'node:assert/strict';
import type { SegmentRow } from '../../../src/core/model/segment';
import { windowPicture } from '../../../webview/draw/windowSpans';
import { captured, HANDSHAKE } from '../../support/script';
import { readTrace } from '../../support/traces';

const rows = (text: string, iss = 1000): SegmentRow[] =>
  readTrace(captured({ iss, irs: 5000 }, text)).segments(0, 0, 100);

/** Spans with their lengths in bytes, without what lies left of the windows. */
const lengths = (row: SegmentRow, sender: 'client' | 'server' = 'client'): Record<string, string[]> => {
  const picture = windowPicture(row, sender);
  const of = (bar: typeof picture.send): string[] =>
    (bar?.spans ?? [])
      .filter(({ kind }) => kind !== 'acked' && kind !== 'received')
      .map(({ kind, start, end }) => `${kind} ${Math.round(end - start)}`);
  return { send: of(picture.send), receive: of(picture.receive) };
};

describe('windows over sequence space', () => {
  const TEXT = `${HANDSHAKE}
    < .  1:1      ack 1    win 1000
    > .  1:101    ack 1    win 500
    > .  101:301  ack 1    win 500
    < .  1:1      ack 101  win 900`;

  it('are what is in flight, what may be sent, and what the other end takes', () => {
    const [, , , , first, second, ack] = rows(TEXT);
    assert.deepEqual(lengths(first!).send, ['flight 100', 'usable 900']);
    assert.deepEqual(lengths(second!).send, ['flight 300', 'usable 700']);
    // 900 bytes from 101 on are allowed, 200 of them are under way.
    assert.deepEqual(lengths(ack!).send, ['flight 200', 'usable 700']);
    assert.deepEqual([windowPicture(ack!, 'client').inFlight, windowPicture(ack!, 'client').usable], [200, 700]);
    assert.deepEqual(lengths(ack!, 'server').send, ['usable 500']);
  });

  it('count across 2^32', () => {
    const wrapped = rows(TEXT, 0xffff_ffc0);
    assert.deepEqual(lengths(wrapped[6]!).send, ['flight 200', 'usable 700']);
  });

  it('tell which edges a segment moved, and from where', () => {
    const [, , , , , second, ack] = rows(TEXT);
    assert.deepEqual(
      windowPicture(second!, 'client').send!.moved.map(({ of }) => of),
      ['nxt'],
    );
    const { send, receive } = windowPicture(ack!, 'client');
    // SND.UNA went 100 bytes on, the right edge stayed at 1001.
    assert.deepEqual(
      send!.moved.map(({ of }) => of),
      ['una'],
    );
    const acked = send!.spans.find(({ kind }) => kind === 'acked')!;
    assert.equal(Math.round(acked.end - send!.moved[0]!.at), 100);
    assert.notEqual(receive, null);
  });

  it('show what the receiver holds out of order', () => {
    const [, , , , , second] = rows(TEXT);
    const row: SegmentRow = { ...second!, from: 'server', ackRaw: 1001, sack: [[1101, 1301]] };
    assert.deepEqual(
      lengths(row).receive!.filter((span) => span.startsWith('held')),
      ['held 200'],
    );
  });

  it('are none where nothing is known', () => {
    const [syn] = rows('> S 0:0 win 1000');
    const { send } = windowPicture({ ...syn!, server: { ...syn!.server, rcvNxt: null, sndUna: null } }, 'server');
    assert.equal(send, null);
  });
});
