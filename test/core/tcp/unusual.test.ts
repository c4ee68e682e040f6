import assert from 'node:assert/strict';
import { captured, HANDSHAKE, holds, script } from '../../support/script';
import { readTrace } from '../../support/traces';

const isns = { iss: 1000, irs: 5000 };

describe('captures that are not a clean single conversation', () => {
  it('the largest window scale (RFC 7323 §2.3): a shift of 14, and more taken for 14', () => {
    for (const shift of [14, 15]) {
      const { rows } = holds(
        isns,
        `
        > S   0:0          win 65535 wscale ${shift}
        < S.  0:0   ack 1  win 65535 wscale 14
        > .   1:1   ack 1  win 65535
      `,
      );
      // 65535 · 2^14
      assert.equal(rows[2]!.scaledWindow, 1_073_725_440);
      assert.equal(rows[2]!.server.sndWnd, 1_073_725_440);
    }
  });

  it('more than 4 GiB on one connection, around the sequence space once', () => {
    const SIZE = 1_000_000;
    const COUNT = 4400; // 4.4 · 10^9 bytes, 2^32 is 4.29 · 10^9
    let text = `
      > S   0:0          win 65535 wscale 14
      < S.  0:0   ack 1  win 65535 wscale 14
      > .   1:1   ack 1  win 65535`;
    for (let i = 0; i < COUNT; i++) {
      const start = 1 + i * SIZE;
      text += `\n > .  ${start}:${start + SIZE}  ack 1  win 65535\n < .  1:1  ack ${start + SIZE}  win 65535`;
    }
    const { rows } = script(isns, text);
    const last = rows.at(-1)!;
    const sent = 1 + COUNT * SIZE;
    assert.deepEqual(
      rows.filter(({ notes }) => notes.length > 0).map(({ packet, notes }) => [packet, notes]),
      [],
    );
    assert.equal(last.server.rcvNxt, (isns.iss + sent) % 2 ** 32);
    assert.equal(last.client.sndUna, (isns.iss + sent) % 2 ** 32);
    assert.equal(last.ack, sent % 2 ** 32, 'relative numbers are 32 bits wide, as everywhere');
  });

  it('a data offset that is impossible: nothing is told of the segment, because its length is a guess', () => {
    const { rows } = holds(
      isns,
      `
      ${HANDSHAKE}
      > P.  1:101   ack 1
      < P.  1:51    ack 101  bogus
      < P.  51:101  ack 101
    `,
    );
    assert.deepEqual([rows[4]!.acks, rows[4]!.bytesInFlight], [null, null]);
    // For the next one it counts all the same, as it does in tshark.
    assert.equal(rows[5]!.bytesInFlight, 100);
  });

  it('segments without SYN and ACK, which no connection sends: nobody has one', () => {
    // RFC 9293 §3.1: ACK is always sent once a connection is established. §3.10.7.1: answered with a reset in CLOSED.
    for (const flags of ['-', 'F', 'FPU', 'P'])
      holds(
        isns,
        `
        > ${flags}   5:5             => CLOSED | CLOSED
        < R.         0:0    ack 5    => CLOSED | CLOSED`,
      );
  });

  it('an ACK out of nowhere, which a bare reset answers: it was sent to nobody', () => {
    holds(
      isns,
      `
      > .    5:5    ack 900          => ESTABLISHED | CLOSED
      < R    900:900                 => CLOSED | CLOSED`,
    );
  });

  it('a FIN without ACK before the handshake is over, and one with the number of the SYN', () => {
    holds(
      isns,
      `
      > S    0:0                             => SYN-SENT | SYN-RECEIVED
      > F    0:0          ; retransmission   => SYN-SENT | SYN-RECEIVED
      < S.   0:0   ack 1                     => ESTABLISHED | SYN-RECEIVED
      > F.   0:0   ack 1  ; retransmission   => ESTABLISHED | SYN-RECEIVED`,
    );
  });

  it('a FIN far below what has been acknowledged: none of this connection', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > P.  1:101                  ack 1                    => ESTABLISHED | ESTABLISHED
      < .   1:1                    ack 101                  => ESTABLISHED | ESTABLISHED
      > F.  3000000000:3000000000  ack 1  ; retransmission  => ESTABLISHED | ESTABLISHED`,
    );
  });

  it('a SYN that is sent again to a silent server: the first was lost', () => {
    const { rows } = holds(
      isns,
      `
      > S    0:0                             => SYN-SENT | LISTEN
      +1 > S 0:0          ; retransmission   => SYN-SENT | SYN-RECEIVED
      < S.   0:0   ack 1                     => ESTABLISHED | SYN-RECEIVED`,
    );
    assert.ok(
      rows[1]!.checks.every(({ holds }) => holds),
      'the second is not rejected',
    );
  });

  it('ports that are used again within a second', () => {
    const text = `${HANDSHAKE}
      > F.  1:1       ack 1                  => FIN-WAIT-1 | CLOSE-WAIT
      < F.  1:1       ack 2                  => TIME-WAIT | LAST-ACK
      > .   2:2       ack 2                  => TIME-WAIT | CLOSED
      +0.3 > S   70000:70000   ; reused-ports => SYN-SENT | SYN-RECEIVED
      < S.  90000:90000 ack 70001            => ESTABLISHED | SYN-RECEIVED
      > .   70001:70001 ack 90001            => ESTABLISHED | ESTABLISHED`;
    holds(isns, text);
    const trace = readTrace(captured(isns, text));
    assert.deepEqual(
      trace.connections(0, 9).map(({ firstPacket, lastPacket }) => [firstPacket, lastPacket]),
      [
        [1, 6],
        [7, 9],
      ],
    );
  });

  it('a SYN to an end that has a connection still (RFC 5961 §4.2): it has been there all along, with its numbers', () => {
    // The client has crashed and opens again; RFC 9293 figure 9, here with the connection before it.
    const { rows } = holds(
      isns,
      `${HANDSHAKE}
      > P.  1:101     ack 1                                  => ESTABLISHED | ESTABLISHED
      < .   1:1       ack 101                                => ESTABLISHED | ESTABLISHED
      +9 > S  70000:70000           ; reused-ports           => SYN-SENT | ESTABLISHED
      < .   1:1       ack 101                                => SYN-SENT | ESTABLISHED
      > R   101:101                                          => SYN-SENT | CLOSED
      +1 > S  70000:70000           ; retransmission         => SYN-SENT | SYN-RECEIVED
      < S.  90000:90000 ack 70001 ; lost-segment reused-ports => ESTABLISHED | SYN-RECEIVED
      > .   70001:70001 ack 90001 ; ack-lost-segment         => ESTABLISHED | ESTABLISHED`,
    );
    const numbers = rows.slice(5, 9).map(({ server }) => [server.iss, server.sndNxt, server.irs, server.rcvNxt]);
    assert.deepEqual(numbers, [
      [5000, 5001, 1000, 1101],
      [5000, 5001, 1000, 1101],
      [5000, 5001, 1000, 1101],
      [null, null, 71000, 71001],
    ]);
  });

  it('every packet captured twice (a mirror port): the states are those of the conversation', () => {
    const once = `
      > S   0:0                 => SYN-SENT | SYN-RECEIVED
      < S.  0:0    ack 1        => ESTABLISHED | SYN-RECEIVED
      > .   1:1    ack 1        => ESTABLISHED | ESTABLISHED
      > P.  1:101  ack 1        => ESTABLISHED | ESTABLISHED
      < .   1:1    ack 101      => ESTABLISHED | ESTABLISHED
      > F.  101:101 ack 1       => FIN-WAIT-1 | CLOSE-WAIT
      < F.  1:1    ack 102      => TIME-WAIT | LAST-ACK
      > .   102:102 ack 2       => TIME-WAIT | CLOSED`;
    const lines = once.trim().split('\n');
    const twice = script(
      isns,
      lines.flatMap((line) => [line, line.replace(/[<>]/, (arrow) => `+0.000005 ${arrow}`)]).join('\n'),
    );
    // The copy of the SYN-ACK looks like one that is repeated before the client has heard the first.
    const expected = lines.map((line) => line.split('=>')[1]!.trim());
    const path = (states: readonly string[]): string[] => states.filter((state, i) => state !== states[i - 1]);
    const shown = twice.rows.map(({ client, server }) => `${client.state} | ${server.state}`);
    assert.deepEqual(path(shown), path(expected));
  });

  describe('one side only', () => {
    it('the client', () => {
      holds(
        isns,
        `
        > S   0:0                 => SYN-SENT | SYN-RECEIVED
        > .   1:1    ack 1        => ESTABLISHED | ESTABLISHED
        > P.  1:101  ack 1        => ESTABLISHED | ESTABLISHED
        > .   101:101 ack 501     => ESTABLISHED | ESTABLISHED
        > F.  101:101 ack 501     => FIN-WAIT-1 | CLOSE-WAIT
      `,
      );
    });

    it('the server', () => {
      holds(
        isns,
        `
        < S.  0:0    ack 1        => ESTABLISHED | SYN-RECEIVED
        < .   1:1    ack 101      => ESTABLISHED | ESTABLISHED
        < P.  1:501  ack 101      => ESTABLISHED | ESTABLISHED
        < F.  501:501 ack 102     => CLOSE-WAIT | FIN-WAIT-1
      `,
      );
    });
  });
});
