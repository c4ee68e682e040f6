import assert from 'node:assert/strict';
import { render } from '../../../src/core/format/message';
import type { SegmentRow } from '../../../src/core/model/segment';
import { recordingOf } from '../../support/kernel/fixtures';
import { captured, HANDSHAKE, script } from '../../support/script';
import { readTrace } from '../../support/traces';

const saidOf = (rows: readonly SegmentRow[]): string[] =>
  rows.map(({ explanation }) =>
    explanation
      .map((part) => render(part))
      .filter((text) => /TIME-WAIT (of|reuse)|cceptable|opens anew/.test(text))
      .join(' '),
  );

/** Closed by the left end, 60 ms after the first segment: 3 of the handshake, 3 of the close, 10 ms apart. */
const CLOSED = `${HANDSHAKE} > F. 1:1 ack 1\n < F. 1:1 ack 2\n > . 2:2 ack 2`;
const ENTERS =
  'TIME-WAIT of the client lasts until 240.040 s of the capture: 2·MSL, 240 s (RFC 9293 §3.4.2); Linux waits 60 s.';

describe('TIME-WAIT', () => {
  it('lasts 2·MSL from the segment that begins it, and tells how long it has lasted', () => {
    const { rows } = script({}, `${CLOSED}\n +30 < . 2:2 ack 2\n +210 < . 2:2 ack 2`);
    assert.deepEqual(saidOf(rows).slice(4), [
      ENTERS,
      'TIME-WAIT of the client has lasted 10.0 ms of 240 s.',
      'TIME-WAIT of the client has lasted 30.0 s of 240 s.',
      'TIME-WAIT of the client began 4 min ago, more than 2·MSL (240 s).',
    ]);
  });

  it('of both ends is told once, where both begin with the same segment (RFC 9293 figure 13)', () => {
    const { rows } = script({}, `${HANDSHAKE} > F. 1:1 ack 1\n < F. 1:1 ack 1\n > . 2:2 ack 2\n < . 2:2 ack 2`);
    assert.deepEqual(
      rows.slice(-1).map(({ client, server }) => [client.state, server.state]),
      [['TIME-WAIT', 'TIME-WAIT']],
    );
    assert.match(saidOf(rows).join('|'), /TIME-WAIT of both ends lasts until 240\.060 s of the capture/);
    assert.doesNotMatch(saidOf(rows).join('|'), /TIME-WAIT of the (client|server) lasts/);
  });

  it('starts anew with each FIN', () => {
    const { rows } = script({}, `${CLOSED}\n +1 < F. 1:1 ack 2\n > . 2:2 ack 2`);
    assert.deepEqual(saidOf(rows).slice(6), [
      'The FIN again: TIME-WAIT of the client, which had lasted 1.01 s, starts anew (RFC 9293 §3.10.7.4).',
      'TIME-WAIT of the client has lasted 10.0 ms of 240 s.',
    ]);
  });

  it('is the same from any page', () => {
    const trace = readTrace(captured({}, `${CLOSED}\n +1 < F. 1:1 ack 2\n > . 2:2 ack 2\n +1 > . 2:2 ack 2`));
    const all = saidOf(trace.segments(0, 0, 100));
    for (let row = 0; row < all.length; row++) assert.deepEqual(saidOf(trace.segments(0, row, 100)), all.slice(row));
  });

  const held = (elapsed: string, holder = 'client'): string =>
    `TIME-WAIT reuse: the ${holder} has held the connection before this one, of the same addresses and ports, for ${elapsed}. `;

  // The server closes first and holds the connection; the client has used the numbers up to 2.
  const BY_SERVER = `
    > S   0:0          ts 100/0
    < S.  0:0   ack 1  ts 900/100
    > .   1:1   ack 1  ts 110/900
    < F.  1:1   ack 1  ts 910/110
    > F.  1:1   ack 2  ts 120/910
    < .   2:2   ack 2  ts 920/120
  `;
  for (const [what, text, verdict] of [
    [
      'a later timestamp (RFC 6191 §2)',
      `${BY_SERVER} +1 > S 5:5 ts 130/0`,
      'Acceptable: its timestamp 130 is later than 120, the last one before (RFC 6191 §2).',
    ],
    [
      'an earlier timestamp',
      `${BY_SERVER} +1 > S 5000:5000 ts 119/0`,
      'Not acceptable: its timestamp 119 is before 120, the last one (RFC 6191 §2).',
    ],
    [
      'the same timestamp and a number beyond',
      `${BY_SERVER} +1 > S 5000:5000 ts 120/0`,
      'Acceptable: SEG.SEQ 5000 is beyond the numbers used before, RCV.NXT 2 (RFC 9293 §3.6.1).',
    ],
    [
      'no timestamps and a number below',
      `${BY_SERVER.replaceAll(/ts \d+\/\d+/g, '')} +1 > S 1:1`,
      'Not acceptable: SEG.SEQ 1 is below RCV.NXT 2 of the connection before (RFC 9293 §3.6.1).',
    ],
    [
      'timestamps that the connection before had not',
      `${BY_SERVER.replaceAll(/ts \d+\/\d+/g, '')} +1 > S 1:1 ts 5/0`,
      'Acceptable: it has a timestamp, and the connection before had none (RFC 6191 §2).',
    ],
  ] as const)
    it(`may be ended by a new SYN with ${what}: ${verdict}`, () => {
      assert.equal(saidOf(script({}, text).rows).at(-1), held('1.01 s', 'server') + verdict);
    });

  it('may be left by the end that holds it', () => {
    const [said] = saidOf(script({}, `${CLOSED}\n +1 > S 5000:5000`).rows).slice(-1);
    assert.match(said!, /^TIME-WAIT reuse: the client .* for 1\.01 s\. It opens anew by itself: /);
  });

  it('was ended so in the recording of the Linux kernel (time-wait-reused), which let the SYN in', () => {
    for (const vantage of ['client', 'server'] as const) {
      const said = saidOf([...readTrace(recordingOf('time-wait-reused').vantage[vantage]).allSegments()]);
      assert.match(said[11]!, /^TIME-WAIT reuse: the server has held .* Acceptable: its timestamp \d+ is later than/);
    }
  });
});
