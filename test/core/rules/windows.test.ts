import { HANDSHAKE, holds } from '../../support/script';

const isns = { iss: 1000, irs: 5000 };

describe('zero-window', () => {
  it('advertises no room', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .   1:101  ack 1
      < .   1:1    ack 101  win 0  ; zero-window
      < .   1:11   ack 101  win 0  ; zero-window
    `,
    );
  });

  it('is none of a SYN, a FIN or a reset', () => {
    holds(
      isns,
      `
      > S   0:0             win 0
      < S.  0:0    ack 1    win 0
      > .   1:1    ack 1
      > F.  1:1    ack 1    win 0
      < R.  1:1    ack 2    win 0
    `,
    );
  });
});

describe('zero-window-probe', () => {
  it('is one byte into the closed window; the answer keeps it closed', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .        1:1001     ack 1           ; window-full
      < .        1:1        ack 1001  win 0  ; zero-window
      +0.3 > .   1001:1002  ack 1           ; zero-window-probe
      < .        1:1        ack 1001  win 0  ; zero-window zero-window-probe-ack
      +0.6 > .   1001:1002  ack 1           ; zero-window-probe
      < .        1:1        ack 1001  win 0  ; zero-window zero-window-probe-ack
      < .        1:1        ack 1001        ; window-update
      > .        1001:1101  ack 1
    `,
    );
  });

  it('is none with two bytes, elsewhere, or into an open window', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .        1:101      ack 1
      < .        1:1        ack 101  win 1
      +0.3 > .   101:102    ack 1           ; window-full
      < .        1:1        ack 102  win 0  ; zero-window
      +0.3 > .   102:104    ack 1
      < .        1:1        ack 102  win 0  ; zero-window
      +0.3 > .   106:107    ack 1           ; lost-segment
    `,
    );
  });

  // A probe that is accepted is not counted: Wireshark does not take its byte for sent.
  it('that is accepted makes the next numbers look lost', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .        1:101      ack 1
      < .        1:1        ack 101  win 0  ; zero-window
      +0.3 > .   101:102    ack 1           ; zero-window-probe
      < .        1:1        ack 102  win 0  ; zero-window ack-lost-segment
      +0.3 > .   102:103    ack 1           ; lost-segment
    `,
    );
  });
});

describe('window-update', () => {
  it('changes nothing but the window', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .   1:101  ack 1
      < .   1:1    ack 101
      < .   1:1    ack 101  win 2000  ; window-update
      < .   1:1    ack 101  win 500   ; window-update
    `,
    );
  });

  it('is none where something new is acknowledged or sent', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .   1:101  ack 1
      < .   1:1    ack 101  win 2000
      < .   1:11   ack 101  win 3000
    `,
    );
  });

  // Raw windows are compared: that of the SYN is not scaled, the next one is.
  it('is what the first ACK of a scaled handshake looks like', () => {
    holds(
      isns,
      `
      > S   0:0            win 64240  wscale 7
      < S.  0:0    ack 1   win 65160  wscale 7
      > .   1:1    ack 1   win 502
      > .   1:1    ack 1   win 501    ; window-update
    `,
    );
  });
});

describe('window-full', () => {
  it('fills the window to its last byte', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .   1:501    ack 1
      > .   501:1001 ack 1  ; window-full
    `,
    );
  });

  it('is none one byte before or behind the edge', () => {
    holds(
      isns,
      `${HANDSHAKE}
      > .   1:1000     ack 1
      > .   1000:1002  ack 1
    `,
    );
  });

  it('counts the scaled window: 4 << 8 is 1024', () => {
    holds(
      isns,
      `
      > S   0:0              win 1000  wscale 0
      < S.  0:0      ack 1   win 1000  wscale 8
      > .   1:1      ack 1   win 1000
      < .   1:1      ack 1   win 4     ; window-update
      > .   1:1001   ack 1
      > .   1001:1025 ack 1            ; window-full
    `,
    );
  });

  it('is not told where the scale is not known', () => {
    holds(
      isns,
      `
      < .   1:1      ack 1   win 100
      > .   1:101    ack 1   win 100
    `,
    );
  });

  it('is none of a FIN that ends there', () => {
    holds(isns, `${HANDSHAKE} > F.  1:1001  ack 1`);
  });
});

describe('reused-ports', () => {
  it('opens a new connection with another initial sequence number', () => {
    const { rows } = holds(
      isns,
      `${HANDSHAKE}
      > R.  1:1        ack 1
      > S   70000:70000       ; reused-ports
      < S.  90000:90000 ack 70001
      > .   70001:70001 ack 90001
    `,
    );
    if (rows.at(-1)!.connection !== 1) throw new Error('it is a connection of its own');
  });

  it('is none where the SYN is the same', () => {
    holds(
      isns,
      `
      > S     0:0
      +1 > S  0:0   ; retransmission
    `,
    );
  });

  it('is none of the same ports on another side', () => {
    holds(
      { iss: 1000, irs: 5000, second: { iss: 9000, irs: 8000 } },
      `${HANDSHAKE}
      >2 S   0:0
      <2 S.  0:0  ack 1
    `,
    );
  });
});
