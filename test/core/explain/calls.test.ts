import assert from 'node:assert/strict';
import { callText } from '../../../src/core/format/calls';
import { render } from '../../../src/core/format/message';
import type { SegmentRow, Side } from '../../../src/core/model/segment';
import { recordingOf } from '../../support/kernel/fixtures';
import { HANDSHAKE, script } from '../../support/script';
import { readTrace, sampleFile } from '../../support/traces';

const callsOf = (rows: Iterable<SegmentRow>): string[] =>
  [...rows].flatMap((row) => row.calls.map((call) => `${row.packet} ${call.side} ${callText(call)}`));
const textsOf = (rows: Iterable<SegmentRow>): string[] =>
  [...rows].flatMap(({ calls }) => calls.map(({ text }) => render(text)));

const rowsOfSample = (name: string): SegmentRow[] => [...readTrace(sampleFile(`${name}.pcap`)).allSegments()];
const rowsOfRecording = (scenario: string, vantage: Side): SegmentRow[] => [
  ...readTrace(recordingOf(scenario).vantage[vantage]).allSegments(),
];

const OPENING = ['1 client connect()', '2 server listen()', '3 server accept()'];
const EXCHANGE = ['4 client send()?', '6 server send()?'];
const OPEN_AND_EXCHANGE = [...OPENING, ...EXCHANGE];

describe('the calls that segments betray', () => {
  // What the two programs of each sample did: test/support/samples/capture.py.
  for (const [sample, calls] of [
    ['handshake', [...OPENING.slice(0, 2), '3 server accept()?']],
    ['four-way-close', [...OPEN_AND_EXCHANGE, '8 client close()?', '10 server close()?']],
    [
      'half-close',
      [
        ...OPENING,
        '4 client send()?',
        '5 client shutdown()',
        '8 server send()?',
        '10 server send()?',
        '12 server send()?',
        '14 server close()?',
      ],
    ],
    [
      'simultaneous-open',
      [
        '1 client connect()',
        '2 server connect()',
        '7 client send()?',
        '9 server send()?',
        '11 client close()?',
        '13 server close()?',
      ],
    ],
    ['simultaneous-close', [...OPEN_AND_EXCHANGE, '8 client close()?', '9 server close()?']],
    ['refused', ['1 client connect()']],
    ['reset-linger-zero', [...OPEN_AND_EXCHANGE, '8 client close()?']],
    ['reset-unread-data', [...OPEN_AND_EXCHANGE, '8 client send()?', '10 server close()?']],
    // SYNs 3 and 6, SYN-ACKs 4, 5 and 7, data 9 to 11 and all probes are the system's.
    [
      'lost-syn-ack',
      [
        '1 client connect()',
        '2 server listen()',
        '8 server accept()',
        '9 client send()?',
        '11 server send()?',
        '13 client close()?',
        '14 server close()?',
      ],
    ],
    [
      'retransmission-timeout',
      [...OPEN_AND_EXCHANGE, '8 client send()?', '12 server send()?', '14 client close()?', '15 server close()?'],
    ],
    [
      'keep-alive',
      [...OPEN_AND_EXCHANGE, '14 client send()?', '15 server send()?', '17 client close()?', '18 server close()?'],
    ],
    // The reader takes data after 3 s; the last data and the FIN come together.
    ['zero-window', [...OPENING, '23 server recv()?', '36 client send()?', '36 client close()?', '38 server close()?']],
  ] as const)
    it(sample, () => {
      assert.deepEqual(callsOf(rowsOfSample(sample)), calls);
    });

  // What test/support/kernel/scenarios.py says that the programs called, seen from either end.
  for (const [scenario, calls] of [
    ['close-in-three-segments', [...OPEN_AND_EXCHANGE, '8 client close()?', '9 server close()?']],
    ['data-after-close', [...OPEN_AND_EXCHANGE, '8 client close()', '10 server send()?']],
    ['linger-zero', [...OPEN_AND_EXCHANGE, '8 client close()?']],
    ['reset-unread-data', [...OPENING.slice(0, 2), '3 server accept()?', '4 client send()?', '6 server close()?']],
    ['abandoned', ['1 client connect()?', '2 server listen()']],
  ] as const)
    for (const vantage of ['client', 'server'] as const)
      it(`${scenario} at the ${vantage}`, () => {
        assert.deepEqual(callsOf(rowsOfRecording(scenario, vantage)), calls);
      });

  it('are shutdown() where the other end goes on sending and is listened to', () => {
    for (const vantage of ['client', 'server'] as const) {
      const ends = callsOf(rowsOfRecording('half-close', vantage)).filter((call) => /shutdown|close/.test(call));
      assert.deepEqual(
        ends.map((call) => call.replace(/^\d+ /, '')),
        ['client shutdown()', 'server close()?'],
      );
    }
  });

  it('do not tell close() from shutdown() where nothing follows (simultaneous-shutdown)', () => {
    const texts = textsOf(rowsOfRecording('simultaneous-shutdown', 'client'));
    assert.equal(texts.filter((text) => text.startsWith('close() or shutdown(SHUT_WR)')).length, 2);
  });

  it('are none of the system’s own: keep-alives and the reset that follows them', () => {
    assert.deepEqual(callsOf(rowsOfRecording('keep-alive-unanswered', 'client')), OPEN_AND_EXCHANGE);
  });

  it('name Fast Open where the SYN has data or asks for a cookie', () => {
    for (const scenario of ['fast-open', 'fast-open-asks-for-cookie', 'fast-open-declined'])
      assert.match(textsOf(rowsOfRecording(scenario, 'client'))[0]!, /^sendto\(\) with MSG_FASTOPEN/);
  });

  /** The text of the call that the last line betrays. */
  const lastOf = (text: string): string => textsOf(script({}, text).rows.slice(-1)).join('|');

  it('say that data was unread where the window has not moved since', () => {
    // 2000 bytes have come, and the right edge is still 1 + 8000.
    const unread = `${HANDSHAKE} > .  1:1 ack 1\n< . 1:1 ack 1 win 8000\n > P. 1:2001 ack 1\n < . 1:1 ack 2001 win 6000`;
    assert.match(lastOf(`${unread}\n < R. 1:1 ack 2001`), /^close\(\) with data unread: /);
  });

  it('say both where the window tells nothing, and SO_LINGER where nothing is unread', () => {
    const read = `${HANDSHAKE} < . 1:1 ack 1 win 8000\n > P. 1:2001 ack 1\n < . 1:1 ack 2001 win 8000`;
    assert.match(lastOf(`${read}\n < R. 1:1 ack 2001`), /^close\(\) with data unread .*, or with SO_LINGER/);
    assert.match(lastOf(`${read}\n < P. 1:11 ack 2001\n < R. 11:11 ack 2001`), /^close\(\) with SO_LINGER/);
    assert.match(lastOf(`${HANDSHAKE} > R. 1:1 ack 1`), /^close\(\) with SO_LINGER/);
  });

  it('are none for a reset that answers a segment, nor for one after the program has closed', () => {
    assert.equal(lastOf(`${HANDSHAKE} > F. 1:1 ack 1\n < . 1:1 ack 2\n < P. 1:11 ack 2\n > R 2:2`), '');
    assert.equal(lastOf('> S 0:0\n < R. 0:0 ack 1'), '');
  });

  it('end a write at PSH, but not where segments are as long as can be', () => {
    const { rows } = script({}, `${HANDSHAKE} > . 1:1449 ack 1\n > P. 1449:2897 ack 1\n > P. 2897:3000 ack 1`);
    assert.deepEqual(
      rows.slice(3).map(({ calls }) => calls.length),
      [0, 0, 1],
    );
  });
});
