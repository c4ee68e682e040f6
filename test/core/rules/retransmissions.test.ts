import assert from 'node:assert/strict';
import { HANDSHAKE, holds } from '../../support/script';

const isns = { iss: 1000, irs: 5000 };

describe('retransmission', () => {
  it('sends again what was sent, after a timeout that is measured', () => {
    const { rows } = holds(
      isns,
      `${HANDSHAKE}
      > .        1:101    ack 1
      +0.2 > .   1:101    ack 1    ; retransmission
      +0.4 > .   1:101    ack 1    ; retransmission
    `,
    );
    assert.deepEqual(
      rows.slice(4).map(({ notes: [note] }) => ({ of: note!.of, rtoNs: note!.rtoNs })),
      [
        { of: 4, rtoNs: 200_000_000 },
        { of: 5, rtoNs: 600_000_000 },
      ],
    );
  });

  it('may be of a part, or bring new bytes behind the old ones', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .        1:101    ack 1
      > .        101:201  ack 1
      +0.2 > .   51:151   ack 1    ; retransmission
      +0.2 > .   101:401  ack 1    ; retransmission
      > .        401:501  ack 1
    `,
    );
  });

  it('may be of a SYN, a SYN-ACK or a FIN', () => {
    holds(
      isns,
      `
      > S        0:0
      +1 > S     0:0               ; retransmission
      < S.       0:0      ack 1
      +1 < S.    0:0      ack 1    ; retransmission
      > .        1:1      ack 1
      > F.       1:1      ack 1
      +0.3 > F.  1:1      ack 1    ; retransmission
    `,
    );
  });

  it('is none of an ACK without data, nor of new data', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .        1:101    ack 1
      +1 > .     101:201  ack 1
      +1 > .     1:1      ack 1
    `,
    );
  });

  it('is found where numbers wrap', () => {
    holds(
      { iss: 0xffff_ffd0, irs: 0xffff_fff0 },
      `${HANDSHAKE}
      > .        1:101    ack 1
      +0.3 > .   1:101    ack 1    ; retransmission
      < .        1:101    ack 101
      +0.3 < .   1:101    ack 101  ; retransmission
    `,
    );
  });
});

describe('spurious-retransmission', () => {
  it('sends again what has been acknowledged', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .        1:101    ack 1
      < .        1:1      ack 101
      +0.3 > .   1:101    ack 1    ; spurious-retransmission
    `,
    );
  });

  it('is a plain one where the last byte is not acknowledged', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .        1:101    ack 1
      < .        1:1      ack 100
      +0.3 > .   1:101    ack 1    ; retransmission
    `,
    );
  });

  it('is none of a FIN alone, which has no byte', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > F.       1:1      ack 1
      < .        1:1      ack 2
      +0.3 > F.  1:1      ack 1    ; retransmission
    `,
    );
  });
});

describe('fast-retransmission', () => {
  const lossOf = (trigger: string): string => `${HANDSHAKE}
      > .        1:101    ack 1
      < .        1:1      ack 101
      > .        101:201  ack 1
      > .        201:301  ack 1
      > .        301:401  ack 1
      < .        1:1      ack 101  sack 201:301  ; duplicate-ack
      < .        1:1      ack 101  sack 201:401  ; duplicate-ack
      ${trigger}`;

  it('follows two duplicate ACKs at once, where they ask', () => {
    holds(isns, lossOf('+0.019999999 > .  101:201  ack 1  ; fast-retransmission'));
  });

  it('is a plain one after 20 ms', () => {
    holds(isns, lossOf('+0.02 > .  101:201  ack 1  ; retransmission'));
  });

  it('is a plain one elsewhere', () => {
    holds(isns, lossOf('+0.1 > .  201:301  ack 1  ; retransmission'));
  });

  it('needs two duplicate ACKs', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .        1:101    ack 1
      < .        1:1      ack 101
      > .        101:201  ack 1
      > .        201:301  ack 1
      < .        1:1      ack 101  ; duplicate-ack
      +0.015 > .  101:201  ack 1   ; retransmission
    `,
    );
  });

  // Wireshark's counter of duplicate ACKs is -1 then, which it takes for a very large number.
  it('may come after one’s own ACK of data that is not in the capture', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .          1:101  ack 1
      +0.001 < .   1:1    ack 301  ; ack-lost-segment
      +0.001 < P.  1:101  ack 401
      +0.001 < P.  1:101  ack 401  ; fast-retransmission
    `,
    );
  });
});

describe('out-of-order', () => {
  it('is late by less than the initial round trip', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .               1:101    ack 1
      > .               201:301  ack 1    ; lost-segment
      +0.019999999 > .  101:201  ack 1    ; out-of-order
    `,
    );
  });

  it('is a retransmission when it is later', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .               1:101    ack 1
      > .               201:301  ack 1    ; lost-segment
      +0.02 > .         101:201  ack 1    ; retransmission
    `,
    );
  });

  it('is late by less than 3 ms where the round trip is not known', () => {
    holds(
      isns,
      `
      > .               1:101    ack 1
      > .               201:301  ack 1    ; lost-segment
      +0.002999999 > .  101:201  ack 1    ; out-of-order
      > .               401:501  ack 1    ; lost-segment
      +0.003 > .        301:401  ack 1    ; retransmission
    `,
    );
  });

  it('is none where it ends where the highest data ends', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .               1:101    ack 1
      > .               101:201  ack 1
      +0.001 > .        151:201  ack 1    ; retransmission
    `,
    );
  });

  it('is no matter of time where the clock goes back', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .               1:101    ack 1
      > .               201:301  ack 1    ; lost-segment
      -0.005 > .        101:201  ack 1    ; retransmission
    `,
    );
  });
});

describe('lost-segment', () => {
  it('is told at the first segment after the gap', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .   1:101    ack 1
      > .   201:301  ack 1    ; lost-segment
      > .   301:401  ack 1
    `,
    );
  });

  it('is told of an empty segment, too, but not of a reset', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .   101:101  ack 1    ; lost-segment
      > R   500:500
    `,
    );
  });

  it('is none of the first segment, nor where numbers go on across the wrap', () => {
    holds(
      { iss: 0xffff_ff00, irs: 5000 },
      `
      > .   100:200  ack 1
      > .   200:300  ack 1
      > .   300:400  ack 1
    `,
    );
  });
});
