import assert from 'node:assert/strict';
import { render } from '../../../src/core/format/message';
import type { AcceptanceCheck } from '../../../src/core/model/segment';
import { ACCEPTED } from '../../../src/core/tcp/observe';
import { endpointPair } from '../../../src/core/tcp/endpoint';
import { Replay } from '../../../src/core/tcp/replay';
import { hostileTraffic } from '../../support/hostile-traffic';
import { encodePcapNs } from '../../support/pcap-ns';
import { holds } from '../../support/script';
import { readTrace, trackerOf } from '../../support/traces';

const isns = { iss: 1000, irs: 5000 };

const OPEN = `
  > S   0:0          win 29200
  < S.  0:0   ack 1  win 29200
  > .   1:1   ack 1  win 29200
`;

/** The tests of a line's segment as `✓ text (clause)`. */
const checksOf = (text: string): string[] => {
  const { checks } = holds(isns, text).rows.at(-1)!;
  return checks.map((check: AcceptanceCheck) => `${check.holds ? '✓' : '✗'} ${render(check.text)} (${check.cites})`);
};

describe('the tests that a receiver makes of a segment', () => {
  it('segment and acknowledgment, with the numbers of the trace', () => {
    assert.deepEqual(checksOf(`${OPEN}\n > P. 1:21 ack 1 win 29200\n < P. 1:11 ack 21 win 29200`), [
      '✓ RCV.NXT 1 ≤ SEG.SEQ 1 < RCV.NXT + RCV.WND 29201 (RFC 9293 §3.10.7.4)',
      '✓ SND.UNA 1 < SEG.ACK 21 ≤ SND.NXT 21 (RFC 9293 §3.10.7.4)',
    ]);
  });

  it('a reset in the window that is not exact (RFC 5961 §3.2)', () => {
    assert.deepEqual(checksOf(`${OPEN}\n < R 100:100 win 0`), [
      '✓ RCV.NXT 1 ≤ SEG.SEQ 100 < RCV.NXT + RCV.WND 29201 (RFC 9293 §3.10.7.4)',
      '✗ RST: SEG.SEQ 100 ≠ RCV.NXT 1: answered with a challenge ACK, not obeyed (RFC 9293 §3.10.7.4, RFC 5961 §3.2)',
    ]);
  });

  it('a reset that is', () => {
    assert.deepEqual(checksOf(`${OPEN}\n < R 1:1 win 0`).slice(1), [
      '✓ RST: SEG.SEQ 1 = RCV.NXT 1 (RFC 9293 §3.10.7.4, RFC 5961 §3.2)',
    ]);
  });

  it('outside the window', () => {
    assert.deepEqual(checksOf(`${OPEN}\n > P. 40000:40010 ack 1 win 29200 ; lost-segment`), [
      '✗ SEG.SEQ 40000 to 40009 is outside RCV.NXT 1 ≤ SEG.SEQ < RCV.NXT + RCV.WND 29201 (RFC 9293 §3.10.7.4)',
    ]);
  });

  it('the SYN-ACK, in SYN-SENT (§3.10.7.3)', () => {
    assert.deepEqual(checksOf(`> S 0:0\n < S. 0:0 ack 1`), [
      '✓ ISS 0 < SEG.ACK 1 ≤ SND.NXT 1 (RFC 9293 §3.10.7.3)',
      '✓ In SYN-SENT only a SYN or a RST is accepted (RFC 9293 §3.10.7.3)',
    ]);
  });

  it('decide as the tracker does, whatever comes', () => {
    for (let seed = 1; seed <= 1000; seed += 100) {
      const packets = Array.from({ length: 100 }, (_, i) => hostileTraffic(seed + i, 30)).flat();
      const trace = readTrace(encodePcapNs(packets));
      const tracker = trackerOf(trace);
      const replay = new Replay(tracker);
      const { connections } = trace.summary();
      for (let connection = 0; connection < connections; connection++) {
        const pair = endpointPair();
        for (const row of trace.segments(connection, 0, 1000)) {
          const direction = tracker.segments.flow[row.segment]! & 1;
          const [sender, receiver] = direction === 0 ? pair : ([pair[1], pair[0]] as const);
          if (row.row === 0) replay.begin(row.segment, sender, receiver);
          const outcome = replay.move(row.segment, sender, receiver);
          if (outcome < ACCEPTED || row.checks.length === 0 || row.before === null) continue;
          assert.equal(
            row.checks.every((check) => check.holds),
            outcome === ACCEPTED,
            `seed ${seed}, packet ${row.packet}: outcome ${outcome}, ${row.checks.map(({ text }) => render(text)).join('; ')}`,
          );
        }
      }
    }
  }).timeout(60_000);
});
