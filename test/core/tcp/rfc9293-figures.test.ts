import assert from 'node:assert/strict';
import { script } from '../../support/script';

/**
 * The figures of RFC 9293 §3.5 and §3.6 as somebody between the two peers captures them. The left end is TCP Peer A;
 * numbers are those of the RFC. A line of a figure at which no segment passes the observer has no row of its own, and a
 * segment that the figure shows under way ("...") is taken for delivered until something tells otherwise. Where that
 * makes a row differ from the figure's line, the line says so.
 */
describe('the figures of RFC 9293', () => {
  it('6: basic three-way handshake', () => {
    const { found, expected } = script(
      {},
      `
      > S   100:100                => SYN-SENT | SYN-RECEIVED
      < S.  300:300  ack 101       => ESTABLISHED | SYN-RECEIVED
      > .   101:101  ack 301       => ESTABLISHED | ESTABLISHED
      > .   101:111  ack 301       => ESTABLISHED | ESTABLISHED
    `,
    );
    assert.deepEqual(found, expected);
  });

  // Lines 2 and 4 of the figure are one segment, as are 5 and 7. B's SYN shows that A's had not arrived when it left.
  it('7: simultaneous connection synchronization, seen near A', () => {
    const { found, expected } = script(
      {},
      `
      > S   100:100                                  => SYN-SENT | CLOSED            # 2
      < S   300:300                                  => SYN-RECEIVED | SYN-SENT      # 3
      > S.  100:100  ack 301        ; retransmission => SYN-RECEIVED | ESTABLISHED   # 5 and, at its arrival, 7
      < S.  300:300  ack 101        ; retransmission => ESTABLISHED | ESTABLISHED    # 6; B: after 7
    `,
    );
    assert.deepEqual(found, expected);
  });

  it('7: the same, seen near B', () => {
    const { found, expected } = script(
      {},
      `
      < S   300:300                                  => CLOSED | SYN-SENT            # 3; A: before its own
      > S   100:100                                  => SYN-SENT | SYN-RECEIVED      # 4; A: at its departure, 2
      < S.  300:300  ack 101        ; retransmission => ESTABLISHED | SYN-RECEIVED   # 6
      > S.  100:100  ack 301        ; retransmission => ESTABLISHED | ESTABLISHED    # 7; A: after 6
    `,
    );
    assert.deepEqual(found, expected);
  });

  // The old duplicate of line 3 was sent long ago: it does not pass by A any more.
  it('8: recovery from an old duplicate SYN, seen near A', () => {
    const { found, expected } = script(
      {},
      `
      > S   100:100                                   => SYN-SENT | SYN-RECEIVED      # 2; B: after 6, assumed
      < S.  300:300  ack 91             ; reused-ports => SYN-SENT | SYN-RECEIVED      # 4: answers another SYN
      > R   91:91                                     => SYN-SENT | LISTEN            # 5
      < S.  400:400  ack 101  ; lost-segment reused-ports => ESTABLISHED | SYN-RECEIVED   # 7
      > .   101:101  ack 401        ; ack-lost-segment => ESTABLISHED | ESTABLISHED    # 8
    `,
    );
    assert.deepEqual(found, expected);
  });

  // Near B the old duplicate looks like any SYN of A: that A is in SYN-SENT with another number shows only afterwards.
  // The second SYN has another initial sequence number, which makes it another connection.
  it('8: the same, seen near B', () => {
    const { found, expected } = script(
      {},
      `
      > S   90:90                                     => SYN-SENT | SYN-RECEIVED      # 3
      < S.  300:300  ack 91                           => SYN-SENT | SYN-RECEIVED      # 4
      > R   91:91                                     => CLOSED | LISTEN              # 5; A: of this connection
      > S   100:100                     ; reused-ports => SYN-SENT | SYN-RECEIVED      # 6
      < S.  400:400  ack 101                          => ESTABLISHED | SYN-RECEIVED   # 7
      > .   101:101  ack 401                          => ESTABLISHED | ESTABLISHED    # 8
    `,
    );
    assert.deepEqual(found, expected);
  });

  // The figure begins in a connection that exists; two segments show it to the observer. The SYN opens another one.
  it('9: half-open connection discovery', () => {
    const { found, expected } = script(
      {},
      `
      > .   90:100   ack 300                          => ESTABLISHED | ESTABLISHED
      < .   300:300  ack 100                          => ESTABLISHED | ESTABLISHED
      > S   400:400                     ; reused-ports => SYN-SENT | ESTABLISHED       # 3; B: "(??)"
      < .   300:300  ack 100                          => SYN-SENT | ESTABLISHED       # 4
      > R   100:100                                   => SYN-SENT | CLOSED            # 5
      > S   400:400                   ; retransmission => SYN-SENT | SYN-RECEIVED      # 7
    `,
    );
    assert.deepEqual(found, expected);
  });

  // What A has forgotten shows when it resets.
  it('10: active side causes half-open connection discovery', () => {
    const { found, expected } = script(
      {},
      `
      < .   300:310  ack 100                          => CLOSED | ESTABLISHED         # 2; A: "(??)", it has crashed
      > R   100:100                                   => CLOSED | CLOSED              # 3
    `,
    );
    assert.deepEqual(found, expected);
  });

  // Nobody can see that A did not send the SYN that bears its address; by line 4 it has no such connection.
  it('11: old duplicate SYN initiates a reset on two passive sockets', () => {
    const { found, expected } = script(
      {},
      `
      > S   700:700                                   => SYN-SENT | SYN-RECEIVED      # 2; A: LISTEN in truth
      < S.  300:300  ack 701                          => SYN-SENT | SYN-RECEIVED      # 3; A: LISTEN in truth
      > R   701:701                                   => CLOSED | LISTEN              # 4; A: has no such connection
    `,
    );
    assert.deepEqual(found, expected);
  });

  it('12: normal close sequence', () => {
    const { found, expected } = script(
      {},
      `
      > .   99:100   ack 300                          => ESTABLISHED | ESTABLISHED
      > F.  100:100  ack 300                          => FIN-WAIT-1 | CLOSE-WAIT      # 2
      < .   300:300  ack 101                          => FIN-WAIT-2 | CLOSE-WAIT      # 3
      < F.  300:300  ack 101                          => TIME-WAIT | LAST-ACK         # 4
      > .   101:101  ack 301                          => TIME-WAIT | CLOSED           # 5
    `,
    );
    assert.deepEqual(found, expected);
  });

  // B's FIN shows that A's had not arrived when it left, also at A's row; it arrives before whatever A sends next.
  it('13: simultaneous close sequence', () => {
    const { found, expected } = script(
      {},
      `
      > .   99:100   ack 300                          => ESTABLISHED | ESTABLISHED
      > F.  100:100  ack 300                          => FIN-WAIT-1 | ESTABLISHED     # 2; B: before its own
      < F.  300:300  ack 100                          => CLOSING | FIN-WAIT-1         # 2
      > .   101:101  ack 301                          => CLOSING | CLOSING            # 3
      < .   301:301  ack 101                          => TIME-WAIT | TIME-WAIT        # 3 and, at their arrivals, 4
    `,
    );
    assert.deepEqual(found, expected);
  });
});
