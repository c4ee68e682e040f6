import assert from 'node:assert/strict';
import { render } from '../../../src/core/format/message';
import { script } from '../../support/script';

const saidOf = (text: string): string[][] =>
  script({}, text).rows.map(({ explanation }) => explanation.map((part) => render(part)));

describe('a SYN or a SYN-ACK that is sent again', () => {
  // Linux' series: 1, 2, 4, 8, 16 s between them, given up 32 s after the last: 63 s (tcp_synack_retries 5).
  const SYN_ACKS = [1, 2, 4, 8, 16].map((seconds) => `+${seconds} < S. 0:0 ack 1`).join('\n');

  it('says how long it waited, and how long it is half-open', () => {
    const said = saidOf(`> S 0:0\n < S. 0:0 ack 1\n ${SYN_ACKS}`).map((texts) => texts.join(' '));
    assert.match(said[2]!, /SYN-ACK number 2, 1\.00 s after the first: the timer of RFC 6298 §2\.1 has expired\./);
    assert.match(said[3]!, /SYN-ACK number 3, 2\.00 s after the one before and 3\.00 s after the first: .*§5\.5\)/);
    assert.match(said[6]!, /SYN-ACK number 6, 16\.0 s after the one before and 31\.0 s after the first/);
    assert.match(said[6]!, /half-open for 31\.0 s by now\. Linux .* 5 times, and forgets the connection after 63 s\.$/);
    assert.ok(said.slice(0, 6).every((text) => !text.includes('half-open for')));
  });

  it('says that nobody answered, at the last SYN only', () => {
    const said = saidOf('> S 0:0\n +1 > S 0:0\n +2 > S 0:0').map((texts) => texts.join(' '));
    assert.match(said[2]!, /SYN number 3, 2\.00 s after the one before and 3\.00 s after the first/);
    assert.deepEqual(
      said.map((text) => text.includes('No answer is in the capture.')),
      [false, false, true],
    );
  });

  it('tells a SYN-ACK that answers a repeated SYN from one that a timer sends', () => {
    const said = saidOf('> S 0:0\n < S. 0:0 ack 1\n +1 > S 0:0\n < S. 0:0 ack 1').map((texts) => texts.join(' '));
    assert.match(said[3]!, /SYN-ACK number 2, in answer to the SYN that came again in packet 3\./);
  });

  it('takes no copy for a timer', () => {
    const said = saidOf('> S 0:0\n +0.0004 > S 0:0\n < S. 0:0 ack 1').map((texts) => texts.join(' '));
    assert.match(said[1]!, /SYN number 2, 400 µs after the one before: too soon for a timer/);
  });

  it('says which timer data starts with, where one was sent again (RFC 6298 §5.7)', () => {
    const after = (syns: string): boolean =>
      saidOf(`${syns}\n < S. 0:0 ack 1\n > . 1:1 ack 1`)
        .at(-1)!
        .some((text) => text.includes('§5.7'));
    assert.equal(after('> S 0:0\n +1 > S 0:0'), true);
    assert.equal(after('> S 0:0'), false);
  });
});
