import assert from 'node:assert/strict';
import { render } from '../../../src/core/format/message';
import { recordingOf } from '../../support/kernel/fixtures';
import { captured, HANDSHAKE } from '../../support/script';
import { captureFiles, readTrace, sampleFile } from '../../support/traces';

/** Each phase as `close 7–11: three segments instead of four [10 11]`: packets where rows are packets. */
const phasesOf = (capture: string | Uint8Array): string[] =>
  readTrace(capture)
    .phases(0)
    .map(({ kind, start, end, remarks }) => {
      const said = remarks.map(({ text, packets }) => `${render(text)} [${packets.join(' ')}]`);
      return `${kind} ${start + 1}–${end}${said.length > 0 ? `: ${said.join('; ')}` : ''}`;
    });

describe('the phases of a connection', () => {
  // What media/samples/README.md says that one sees in each.
  for (const [sample, phases] of [
    ['handshake', ['handshake 1–3']],
    ['ftp-textbook', ['handshake 1–3', 'data 4–16', 'close 17–20']],
    ['four-way-close', ['handshake 1–3', 'data 4–7', 'close 8–11']],
    ['half-close', ['handshake 1–3', 'data 4–4', 'close 5–15: half-close: the server sent 14 bytes more [8 12]']],
    ['simultaneous-open', ['handshake 1–5: simultaneous open [1 2]', 'data 6–10', 'close 11–14']],
    ['simultaneous-close', ['handshake 1–3', 'data 4–7', 'close 8–11: simultaneous close: the two FINs cross [8 9]']],
    ['refused', ['handshake 1–2: reset by the server [2]']],
    [
      'lost-syn-ack',
      [
        // SYNs at 0, 1.0038 and 3.0180 s; SYN-ACKs at 0.0001, 1.0038, 2.0198 and 3.0181 s; ACK at 3.0387 s.
        'handshake 1–8: SYN sent 3 times over 3.02 s [1 6]; SYN-ACK sent 4 times: half-open for 3.04 s [2 7]',
        'data 9–12',
        'close 13–15: three segments instead of four: ACK and FIN are one [13 14 15]',
      ],
    ],
    ['reset-linger-zero', ['handshake 1–3', 'data 4–7', 'close 8–8: reset instead of a close [8]']],
  ] as const)
    it(sample, () => assert.deepEqual(phasesOf(sampleFile(`${sample}.pcap`)), phases));

  it('say that a close was cut short (data-after-close)', () => {
    assert.deepEqual(
      phasesOf(recordingOf('data-after-close').vantage.client).at(-1),
      ['close 8–11: half-close: the server sent 100 bytes more [10]; reset before the close was complete [11]'][0],
    );
  });

  it('say that a handshake never got its ACK (half-open-expires)', () => {
    assert.deepEqual(phasesOf(recordingOf('half-open-expires').vantage.server), [
      'handshake 1–3: SYN-ACK sent 2 times: half-open for 1.03 s [2 3]; no ACK: half-open [3]',
    ]);
  });

  for (const [what, text, phases] of [
    ['begins in the middle', '> P. 1:11 ack 1\n < . 1:1 ack 11', ['data 1–2: handshake not captured []']],
    [
      'begins with the close',
      '> F. 1:1 ack 1\n < . 1:1 ack 2',
      ['close 1–2: handshake not captured []; no FIN of the server []'],
    ],
    ['begins with the SYN-ACK', '< S. 0:0 ack 1\n > . 1:1 ack 1', ['handshake 1–2: SYN not captured [1]']],
    ['is a SYN alone', '> S 0:0', ['handshake 1–1: no answer [1]']],
    [
      'lacks the last ACK',
      `${HANDSHAKE} > F. 1:1 ack 1\n < F. 1:1 ack 2`,
      [
        'handshake 1–3',
        'close 4–5: three segments instead of four: ACK and FIN are one [4 5]; no ACK of the last FIN [5]',
      ],
    ],
    [
      'has data when both ends have closed',
      `${HANDSHAKE} > F. 1:1 ack 1\n < . 1:1 ack 2\n < F. 1:1 ack 2\n > . 2:2 ack 2\n < P. 2:12 ack 2`,
      ['handshake 1–3', 'close 4–8: data in TIME-WAIT [8]'],
    ],
  ] as const)
    it(`of one that ${what}: ${phases.join(', ')}`, () => {
      assert.deepEqual(phasesOf(captured({ iss: 1000, irs: 5000 }, text)), phases);
    });

  it('leave no row out and come in order, in every capture', function () {
    this.timeout(120_000);
    for (const file of captureFiles()) {
      const trace = readTrace(file);
      for (const { connection, segments } of trace.connections(0, 500)) {
        const phases = trace.phases(connection);
        assert.deepEqual([phases[0]!.start, phases.at(-1)!.end], [0, segments], `${file} #${connection}`);
        for (const [i, { start, end }] of phases.entries())
          assert.ok(start < end && (phases[i + 1]?.start ?? end) === end);
      }
    }
  });
});
