import assert from 'node:assert/strict';
import { HANDSHAKE, holds } from '../../support/script';

const isns = { iss: 1000, irs: 5000 };

describe('duplicate-ack', () => {
  it('repeats number and window, carries nothing, and is counted', () => {
    const { rows } = holds(
      isns,
      `${HANDSHAKE}
      > .   1:101    ack 1
      < .   1:1      ack 101
      > .   101:201  ack 1
      < .   1:1      ack 101  ; duplicate-ack
      < .   1:1      ack 101  ; duplicate-ack
      < .   1:1      ack 201
      < .   1:1      ack 201  ; duplicate-ack
    `,
    );
    const counted = rows.flatMap((row) => row.notes.map((note) => [row.packet, note.number, note.of]));
    assert.deepEqual(counted, [
      [7, 1, 5],
      [8, 2, 5],
      [10, 1, 9],
    ]);
  });

  it('is none where the window moves, where it carries data, or where it closes or resets', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .   1:101  ack 1
      < .   1:1    ack 101
      < .   1:1    ack 101  win 900  ; window-update
      < P.  1:11   ack 101  win 900
      < F.  11:11  ack 101  win 900
      < R.  12:12  ack 101  win 900
    `,
    );
  });

  // The rule does not ask whether data is outstanding (RFC 5681 §2 (a)): Wireshark's does not.
  it('may repeat the handshake’s ACK', () => {
    holds(isns, `${HANDSHAKE} > .  1:1  ack 1  ; duplicate-ack`);
  });

  it('is none of a closed window', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .   1:101  ack 1
      < .   1:1    ack 101  win 0  ; zero-window
      < .   1:1    ack 101  win 0  ; zero-window
    `,
    );
  });

  it('may name no packet, where the capture begins with it', () => {
    const { rows } = holds(
      isns,
      `
      > .   1:101  ack 1
      < .   1:1    ack 0
      < .   1:1    ack 0    ; duplicate-ack
    `,
    );
    assert.deepEqual(
      rows[2]!.notes.map((note) => [note.number, note.of]),
      [[1, 2]],
    );
  });

  it('is none right after a new kind of Multipath TCP option (RFC 8684 §4)', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .   1:101  ack 1
      < .   1:1    ack 101
      < .   1:1    ack 101  mptcp 2  ; duplicate-ack
      < .   1:1    ack 101  mptcp 2                   # the option came with the one before
      < .   1:1    ack 101  mptcp 2  ; duplicate-ack
    `,
    );
  });
});

describe('ack-lost-segment', () => {
  it('acknowledges what is not in the capture', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .   1:101    ack 1
      < .   1:1      ack 301  ; ack-lost-segment
      > .   301:401  ack 1    ; lost-segment
      < .   1:1      ack 401  ; ack-lost-segment  # what came after the gap may not be acknowledged yet
    `,
    );
  });

  it('is told once while the data stands still', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .   1:101    ack 1
      < .   1:1      ack 301  ; ack-lost-segment
      < .   1:1      ack 401
      < .   1:1      ack 501
    `,
    );
  });

  it('is none of the last byte that was seen, across the wrap', () => {
    holds(
      { iss: 0xffff_ffd0, irs: 5000 },
      `${HANDSHAKE}
      > .   1:101  ack 1
      < .   1:1    ack 101
      < .   1:1    ack 102  ; ack-lost-segment
    `,
    );
  });

  it('is none in a connection of which the other side was never seen', () => {
    holds(
      isns,
      `
      < .   1:1  ack 100
      < .   1:1  ack 300
      < .   1:1  ack 900
    `,
    );
  });
});

describe('keep-alive', () => {
  it('repeats the last number, with no byte or one', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .        1:101    ack 1
      < .        1:1      ack 101
      +7200 > .  100:100  ack 1    ; keep-alive
      < .        1:1      ack 101  ; keep-alive-ack
      +75 > .    100:101  ack 1    ; keep-alive
      < .        1:1      ack 101  ; keep-alive-ack
    `,
    );
  });

  it('is none with two bytes, or two numbers before, or with a FIN', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .        1:101    ack 1
      < .        1:1      ack 101
      +1 > .     100:102  ack 1                           # taken for new data after a probe
      < .        1:1      ack 102  ; ack-lost-segment
      +1 > .     100:100  ack 1
      +1 > F.    101:101  ack 1    ; retransmission
    `,
    );
  });

  it('unanswered is repeated; an ACK that says something else is no answer', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .        1:101    ack 1
      < .        1:1      ack 101
      +75 > .    100:100  ack 1    ; keep-alive
      +75 > .    100:100  ack 1    ; keep-alive
      < .        1:1      ack 101  win 900  ; window-update
      < .        1:1      ack 101  win 900  ; keep-alive-ack
    `,
    );
  });
});
