import assert from 'node:assert/strict';
import { seqDiff } from '../../../src/core/bytes/seq';
import { captured, holds, script, type Told } from '../../support/script';
import { readTrace } from '../../support/traces';

const isns = { iss: 1000, irs: 5000 };

/** RCV.NXT of the right end after each line, counted from the left end's ISN; `null` where it is unknown. */
const received = ({ rows }: Told): (number | null)[] =>
  rows.map(({ server }) => (server.rcvNxt === null ? null : seqDiff(server.rcvNxt, isns.iss)));

const OPEN = `
  > S   0:0 win 60000          sackok
  < S.  0:0   ack 1 win 60000  sackok
  > .   1:1   ack 1 win 60000
`;

/*
 * What an end acknowledges is RCV.NXT (RFC 9293 §3.10.7.4: "ACK is set to RCV.NXT"), so that each of its segments proves
 * what had arrived when it was sent, wherever the capture was taken.
 */
describe('what a receiver acknowledges corrects what was taken for arrived', () => {
  it('data lost behind the capture point: it waits for the repair', () => {
    const told = holds(
      isns,
      `${OPEN}
      > P.  1:501      ack 1 win 60000                                               => ESTABLISHED | ESTABLISHED  # lost
      > P.  501:1001   ack 1 win 60000                                               => ESTABLISHED | ESTABLISHED
      < .   1:1        ack 1 win 60000  sack 501:1001            ; duplicate-ack     => ESTABLISHED | ESTABLISHED
      > FP. 1001:1501  ack 1 win 60000                                               => FIN-WAIT-1 | ESTABLISHED
      < .   1:1        ack 1 win 60000  sack 501:1502            ; duplicate-ack     => FIN-WAIT-1 | ESTABLISHED
      > .   1:501      ack 1 win 60000                           ; fast-retransmission => FIN-WAIT-1 | CLOSE-WAIT
      < .   1:1        ack 1502 win 60000                                            => FIN-WAIT-2 | CLOSE-WAIT
    `,
    );
    assert.deepEqual(received(told).slice(3), [1, 1, 1, 1, 1, 1502, 1502]);
    const repair = told.rows[8]!;
    assert.ok(repair.checks.every(({ holds }) => holds));
  });

  it('data still under way when the receiver acknowledges what came before', () => {
    const told = holds(
      isns,
      `${OPEN}
      > P.  1:501      ack 1 win 60000
      > P.  501:1001   ack 1 win 60000
      < .   1:1        ack 501 win 60000
      > P.  1001:1501  ack 1 win 60000
      < .   1:1        ack 1501 win 60000
    `,
    );
    assert.deepEqual(received(told).slice(3), [501, 501, 501, 501, 1501]);
  });

  it('a tail that is lost: the receiver says nothing until it is sent again', () => {
    const told = holds(
      isns,
      `${OPEN}
      > P.  1:501      ack 1 win 60000
      < .   1:1        ack 501 win 60000
      > P.  501:1001   ack 1 win 60000
      < P.  1:11       ack 501 win 60000
      +1 > P. 501:1001 ack 11 win 60000  ; retransmission
      < .   11:11      ack 1001 win 60000
    `,
    );
    assert.deepEqual(received(told).slice(5), [501, 501, 1001, 1001]);
  });

  it('a FIN that is lost', () => {
    holds(
      isns,
      `${OPEN}
      > F.  1:1   ack 1 win 60000                     => FIN-WAIT-1 | ESTABLISHED
      < P.  1:11  ack 1 win 60000                     => FIN-WAIT-1 | ESTABLISHED
      > .   2:2   ack 11 win 60000                    => FIN-WAIT-1 | ESTABLISHED
      < P.  11:21 ack 1 win 60000                     => FIN-WAIT-1 | ESTABLISHED
      +1 > F. 1:1 ack 21 win 60000  ; retransmission  => FIN-WAIT-1 | CLOSE-WAIT
      < .   21:21 ack 2 win 60000                     => FIN-WAIT-2 | CLOSE-WAIT
    `,
    );
  });

  it('an acknowledgment that is overtaken proves nothing', () => {
    const told = holds(
      isns,
      `${OPEN}
      > P.  1:501      ack 1 win 60000
      > P.  501:1001   ack 1 win 60000
      < .   1:1        ack 1001 win 60000
      < .   1:1        ack 501 win 60000
    `,
    );
    assert.deepEqual(received(told).slice(3), [501, 1001, 1001, 1001]);
  });

  it('what is held beyond the gap is delivered with the repair (RFC 2018)', () => {
    const told = holds(
      isns,
      `${OPEN}
      > .   1:101    ack 1 win 60000
      > .   101:201  ack 1 win 60000
      > .   201:301  ack 1 win 60000
      > .   301:401  ack 1 win 60000
      < .   1:1      ack 1 win 60000  sack 101:201            ; duplicate-ack
      < .   1:1      ack 1 win 60000  sack 301:401,101:201    ; duplicate-ack
      > .   1:101    ack 1 win 60000                          ; fast-retransmission
      < .   1:1      ack 201 win 60000 sack 301:401
      > .   201:301  ack 1 win 60000                          ; retransmission
      < .   1:1      ack 401 win 60000
    `,
    );
    assert.deepEqual(received(told).slice(3), [1, 1, 1, 1, 1, 1, 201, 201, 401, 401]);
  });

  it('a handshake whose last ACK is lost: the server is in SYN-RECEIVED while it repeats its SYN-ACK', () => {
    holds(
      isns,
      `
      > S     0:0 win 60000                             => SYN-SENT | SYN-RECEIVED
      < S.    0:0   ack 1 win 60000                     => ESTABLISHED | SYN-RECEIVED
      > .     1:1   ack 1 win 60000                     => ESTABLISHED | SYN-RECEIVED
      > P.    1:101 ack 1 win 60000                     => ESTABLISHED | SYN-RECEIVED
      +1 < S. 0:0   ack 1 win 60000  ; retransmission   => ESTABLISHED | SYN-RECEIVED
      > .     101:101 ack 1 win 60000 ; duplicate-ack  => ESTABLISHED | ESTABLISHED
    `,
    );
  });

  it('a client that is silent while SYN-ACKs are repeated has got none of them', () => {
    holds(
      isns,
      `
      > S     0:0 win 60000                             => SYN-SENT | SYN-RECEIVED
      < S.    0:0   ack 1 win 60000                     => SYN-SENT | SYN-RECEIVED
      +1 < S. 0:0   ack 1 win 60000  ; retransmission   => SYN-SENT | SYN-RECEIVED
      +2 < S. 0:0   ack 1 win 60000  ; retransmission   => SYN-SENT | SYN-RECEIVED
    `,
    );
  });

  it('and has got the last one, when it answers after all', () => {
    const { rows } = holds(
      isns,
      `
      > S     0:0 win 60000                             => SYN-SENT | SYN-RECEIVED
      < S.    0:0   ack 1 win 60000                     => SYN-SENT | SYN-RECEIVED
      +1 < S. 0:0   ack 1 win 60000  ; retransmission   => ESTABLISHED | SYN-RECEIVED
      > .     1:1   ack 1 win 60000                     => ESTABLISHED | ESTABLISHED
    `,
    );
    assert.equal(rows.at(-1)!.client.sndWnd, 60000);
  });

  describe('what the table of connections says at the end is what the last row says', () => {
    const ends = (text: string): void => {
      holds(isns, text);
      const trace = readTrace(captured(isns, text));
      const { client, server } = trace.segments(0, 0, 100).at(-1)!;
      assert.deepEqual(trace.connections(0, 1)[0]!.state, { client: client.state, server: server.state });
    };

    it('of SYN-ACKs whose client the capture lacks', () =>
      ends(`
        < S.    0:0   ack 1 win 60000                     => SYN-SENT | SYN-RECEIVED
        +1 < S. 0:0   ack 1 win 60000  ; retransmission   => SYN-SENT | SYN-RECEIVED
      `));

    it('of SYN-ACKs that cross a SYN which the capture lacks (simultaneous open, found by fuzzing)', () =>
      ends(`
        > S     0:0 win 60000                             => SYN-SENT | SYN-RECEIVED
        > S.    0:0   ack 1 win 60000  ; retransmission   => SYN-RECEIVED | SYN-RECEIVED
        +1 > S. 0:0   ack 1 win 60000  ; retransmission   => SYN-RECEIVED | SYN-RECEIVED
        +2 > S. 0:0   ack 1 win 60000  ; retransmission   => SYN-RECEIVED | SYN-RECEIVED
      `));

    it('of a FIN that is sent again after numbers half the sequence space away (found by fuzzing)', () => {
      const { rows } = script(
        isns,
        `${OPEN}
        > S     0:0           win 60000
        < F.    1:1   ack 1   win 60000
        > F.    1:1   ack 2   win 60000
        < .     2147483650:2147483650 ack 1 win 60000
        > S     0:39          win 60000
        < R     2:2           win 0
        > .     40:41 ack 2   win 60000
        < .     2:4   ack 41  win 60000
        > .     40:1040 ack 4 win 60000
        < F.    4:4   ack 1040 win 60000
      `,
      );
      // RFC 9293 §3.4: SND.UNA =< SND.NXT.
      for (const { server } of rows)
        assert.ok(server.sndUna === null || server.sndNxt === null || seqDiff(server.sndUna, server.sndNxt) <= 0);
    });

    it('of an acknowledgment of a FIN beyond the window, as a later segment shows (found by fuzzing)', () =>
      ends(`
        > S     0:0             win 1000
        < S.    0:0     ack 1   win 1000
        > .     1:1     ack 1   win 1000
        < .     1:101   ack 1   win 1000
        > .     1:1001  ack 101 win 1000  ; window-full
        < F.    101:111 ack 1   win 1000
        > .     1:1001  ack 101 win 1000  ; retransmission window-full
        > .     1001:1001 ack 112 win 1000
        < .     112:112 ack 901 win 1000
      `));

    it('of a SYN-ACK after data of one who opened, too (found by fuzzing)', () =>
      ends(`
        > S     0:0             win 1000
        < S     0:10            win 1000
        +1 > S  0:0             win 1000  ; retransmission
        < .     11:12   ack 1   win 1000
        < S.    0:0     ack 1   win 1000  ; retransmission
      `));

    it('of a SYN that is sent again after a reset (found by fuzzing)', () =>
      ends(`
        > S     0:0           win 1000
        < S     0:0           win 1000
        < R.    1:1   ack 1   win 0
        +1 < S  0:0           win 1000   ; retransmission
        +1 < S  0:0           win 1000   ; retransmission
      `));

    it('of a FIN whose acknowledgment was held against one that crosses it (found by fuzzing)', () =>
      ends(`${OPEN}
        > F.    1:1   ack 1   win 60000                   => FIN-WAIT-1 | ESTABLISHED
        > P.    1:101 ack 1   win 60000                   => FIN-WAIT-1 | ESTABLISHED
        < F.    1:1   ack 1   win 60000                   => CLOSING    | FIN-WAIT-1
        > .     101:103 ack 2 win 60000
        < .     2:102 ack 1   win 60000                   => CLOSING    | FIN-WAIT-2
      `));

    it('of a payload in a SYN that a later SYN-ACK acknowledges (found by fuzzing)', () =>
      ends(`
        > S     0:10          win 1000
        < S.    0:0   ack 1   win 1    ; reused-ports
        > .     11:11 ack 1   win 1000
        < S.    500:500 ack 11 win 1   ; reused-ports lost-segment
      `));
  });

  it('data sent again to a receiver that is silent: the last repetition is the one that got through', () => {
    const told = holds(
      isns,
      `${OPEN}
      > P.       1:101  ack 1  win 60000
      +0.3 > P.  1:101  ack 1  win 60000   ; retransmission
      +0.6 > P.  1:101  ack 1  win 60000   ; retransmission
      +0.02 < .  1:1    ack 101 win 60000
    `,
    );
    assert.deepEqual(received(told).slice(3), [1, 1, 101, 101]);
    assert.ok(
      told.rows[5]!.checks.every((check) => check.holds),
      'it is accepted',
    );
  });

  it('a last ACK that is lost: the end is in LAST-ACK until its FIN has been acknowledged after all', () => {
    holds(
      isns,
      `${OPEN}
      > F.       1:1  ack 1  win 60000                    => FIN-WAIT-1 | CLOSE-WAIT
      < F.       1:1  ack 2  win 60000                    => TIME-WAIT | LAST-ACK
      > .        2:2  ack 2  win 60000                    => TIME-WAIT | LAST-ACK
      +0.3 < F.  1:1  ack 2  win 60000  ; retransmission  => TIME-WAIT | LAST-ACK
      > .        2:2  ack 2  win 60000  ; duplicate-ack   => TIME-WAIT | CLOSED
    `,
    );
  });
});
