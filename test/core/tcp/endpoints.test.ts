import assert from 'node:assert/strict';
import type { Tcb } from '../../../src/core/model/segment';
import type { script } from '../../support/script';
import { HANDSHAKE, holds } from '../../support/script';

const isns = { iss: 1000, irs: 5000 };

/** Variables of the left end, which is the client here, and of the right one after the last line. */
const last = (options: Parameters<typeof script>[0], text: string): { client: Tcb; server: Tcb } => {
  const { client, server } = holds(options, text).rows.at(-1)!;
  return { client, server };
};

describe('both ends of a connection', () => {
  describe('open', () => {
    it('with variables that follow from the handshake (RFC 9293 §3.3.1)', () => {
      const { client, server } = last(
        isns,
        `
        > S   0:0           win 64240  => SYN-SENT | SYN-RECEIVED
        < S.  0:0   ack 1   win 65160  => ESTABLISHED | SYN-RECEIVED
        > .   1:1   ack 1   win 502    => ESTABLISHED | ESTABLISHED
      `,
      );
      assert.deepEqual(client, {
        state: 'ESTABLISHED',
        assumed: false,
        iss: 1000,
        sndUna: 1001,
        sndNxt: 1001,
        sndWnd: 65160,
        sndUp: null,
        sndWl1: 5000,
        sndWl2: 1001,
        irs: 5000,
        rcvNxt: 5001,
        rcvWnd: 502,
        rcvUp: null,
      });
      assert.deepEqual(server, {
        state: 'ESTABLISHED',
        assumed: true,
        iss: 5000,
        sndUna: 5001,
        sndNxt: 5001,
        sndWnd: 502,
        sndUp: null,
        sndWl1: 1001,
        sndWl2: 5001,
        irs: 1000,
        rcvNxt: 1001,
        rcvWnd: 65160,
        rcvUp: null,
      });
    });

    it('and know nothing that nobody has said yet', () => {
      const { client, server } = last(isns, '> S  0:0  win 64240');
      assert.deepEqual(
        [client.irs, client.rcvNxt, client.sndWnd, client.sndUna, client.sndNxt, client.rcvWnd],
        [null, null, null, 1000, 1001, 64240],
      );
      assert.deepEqual([server.iss, server.sndNxt, server.irs, server.rcvNxt], [null, null, 1000, 1001]);
    });

    it('with a SYN-ACK that is lost and sent again', () => {
      holds(
        isns,
        `
        > S     0:0                           => SYN-SENT | SYN-RECEIVED
        < S.    0:0   ack 1                   => SYN-SENT | SYN-RECEIVED       # lost: the client says so below
        +1 > S  0:0          ; retransmission => SYN-SENT | SYN-RECEIVED
        < S.    0:0   ack 1  ; retransmission => ESTABLISHED | SYN-RECEIVED
        > .     1:1   ack 1                   => ESTABLISHED | ESTABLISHED
      `,
      );
    });

    it('with data in the SYN that the server takes (RFC 7413)', () => {
      const { rows } = holds(
        isns,
        `
        > S   0:10                            => SYN-SENT | SYN-RECEIVED
        < S.  0:0    ack 11                   => ESTABLISHED | SYN-RECEIVED
        > .   11:11  ack 1                    => ESTABLISHED | ESTABLISHED
      `,
      );
      assert.deepEqual(
        rows.map(({ server }) => server.rcvNxt),
        [1011, 1011, 1011],
      );
    });

    it('with data in the SYN that the server leaves', () => {
      const { rows } = holds(
        isns,
        `
        > S   0:10                            => SYN-SENT | SYN-RECEIVED
        < S.  0:0    ack 1                    => ESTABLISHED | SYN-RECEIVED
        > .   1:11   ack 1  ; retransmission  => ESTABLISHED | ESTABLISHED
      `,
      );
      assert.deepEqual(
        rows.map(({ server }) => server.rcvNxt),
        [1001, 1001, 1011],
      );
    });

    it('with data in the SYN-ACK, which §3.10.7.3 lets the client take at once', () => {
      const { client } = last(
        isns,
        `
        > S   0:0                             => SYN-SENT | SYN-RECEIVED
        < S.  0:10   ack 1                    => ESTABLISHED | SYN-RECEIVED
        > .   1:1    ack 11                   => ESTABLISHED | ESTABLISHED
      `,
      );
      assert.equal(client.rcvNxt, 5011);
    });

    it('with a FIN in the SYN-ACK', () => {
      const { client, server } = last(
        isns,
        `
        > S   0:0                             => SYN-SENT | SYN-RECEIVED
        < SF. 0:10   ack 1                    => CLOSE-WAIT | FIN-WAIT-1
        > .   1:1    ack 12 ; ack-lost-segment => CLOSE-WAIT | FIN-WAIT-2   # Wireshark counts one of SYN and FIN
      `,
      );
      assert.deepEqual([client.rcvNxt, server.sndUna], [5012, 5012]);
    });

    it('with data in the SYN-ACK that the client leaves, as its acknowledgment shows', () => {
      const { rows } = holds(
        isns,
        `
        > S   0:0                             => SYN-SENT | SYN-RECEIVED
        < SF. 0:10   ack 1                    => ESTABLISHED | FIN-WAIT-1
        > .   1:1    ack 1                    => ESTABLISHED | FIN-WAIT-1
      `,
      );
      assert.deepEqual(
        rows.map(({ client }) => client.rcvNxt),
        [null, 5001, 5001],
      );
    });

    it('without an answer', () => {
      holds(isns, '> S  0:0  => SYN-SENT | SYN-RECEIVED');
    });

    it('and are refused', () => {
      holds(
        isns,
        `
        > S   0:0                             => SYN-SENT | CLOSED             # nobody listens
        < R.  0:0    ack 1  win 0             => CLOSED | CLOSED
      `,
      );
    });

    it('and are refused again and again', () => {
      holds(
        isns,
        `
        > S   0:0                             => SYN-SENT | CLOSED
        < R.  0:0    ack 1  win 0             => CLOSED | CLOSED
        > S   0:0    ; retransmission         => SYN-SENT | CLOSED
        < R.  0:0    ack 1  win 0             => CLOSED | CLOSED
      `,
      );
    });

    it('and are given up before the SYN-ACK comes', () => {
      holds(
        isns,
        `
        > S   0:0                             => SYN-SENT | SYN-RECEIVED
        < S.  0:0    ack 1                    => SYN-SENT | SYN-RECEIVED       # the reset answers a stray segment
        > R   1:1           win 0             => CLOSED | LISTEN
      `,
      );
    });

    it('and reset at once, by one who has received the SYN-ACK', () => {
      holds(
        isns,
        `
        > S   0:0                             => SYN-SENT | SYN-RECEIVED
        < S.  0:0    ack 1                    => ESTABLISHED | SYN-RECEIVED
        > R.  1:1    ack 1                    => CLOSED | LISTEN
      `,
      );
    });

    it('and the client takes no reset that does not acknowledge its SYN (§3.10.7.3)', () => {
      holds(
        isns,
        `
        > S   0:0                             => SYN-SENT | SYN-RECEIVED
        < R   0:0           win 0             => SYN-SENT | CLOSED
      `,
      );
      holds(
        isns,
        `
        > S   0:0                             => SYN-SENT | CLOSED
        < R.  0:0    ack 2  win 0  ; ack-lost-segment  => SYN-SENT | CLOSED
      `,
      );
    });
  });

  describe('send and receive', () => {
    it('data both ways', () => {
      const { client, server } = last(
        isns,
        `${HANDSHAKE}
        > P.  1:101    ack 1                  => ESTABLISHED | ESTABLISHED
        < P.  1:51     ack 101                => ESTABLISHED | ESTABLISHED
        > .   101:101  ack 51                 => ESTABLISHED | ESTABLISHED
      `,
      );
      assert.deepEqual([client.sndUna, client.sndNxt, client.rcvNxt], [1101, 1101, 5051]);
      assert.deepEqual([server.sndUna, server.sndNxt, server.rcvNxt], [5051, 5051, 1101]);
    });

    it('what is in order moves RCV.NXT, what lies behind a gap does not', () => {
      const { server } = last(
        isns,
        `${HANDSHAKE}
        > .   1:101    ack 1
        > .   201:301  ack 1  ; lost-segment
      `,
      );
      assert.equal(server.rcvNxt, 1101);
    });

    it('what lies behind a gap counts once the gap is filled, and the right edge stays', () => {
      const { server } = last(
        isns,
        `${HANDSHAKE}
        > .   1:101    ack 1
        < .   1:1      ack 101  win 1000
        > .   401:501  ack 1  ; lost-segment
        > .   201:301  ack 1  ; out-of-order
        > .   501:601  ack 1
        > .   101:201  ack 1  ; out-of-order
      `,
      );
      assert.deepEqual([server.rcvNxt, server.rcvWnd], [1301, 800]);
    });

    it('and of many pieces behind a gap those nearest to it', () => {
      const { server } = last(
        isns,
        `${HANDSHAKE}
        > .   1301:1311    ack 1  ; lost-segment
        > .   301:311      ack 1  ; out-of-order
        > .   901:911      ack 1  ; retransmission
        > .   501:511      ack 1  ; retransmission
        > .   701:711      ack 1  ; retransmission
        > .   1101:1111    ack 1  ; retransmission
        > .   1:906        ack 1  ; retransmission
        > .   911:1306     ack 1  ; retransmission
      `,
      );
      assert.equal(server.rcvNxt, 1000 + 1306);
    });

    it('and an acknowledgment proves what was received unseen', () => {
      const { server, client } = last(
        isns,
        `${HANDSHAKE}
        > .   1:101    ack 1
        < .   1:1      ack 301  ; ack-lost-segment
      `,
      );
      assert.equal(server.rcvNxt, 1301);
      assert.deepEqual([client.sndUna, client.sndNxt], [1301, 1301]);
    });

    it('numbers that wrap on both sides', () => {
      const { client, server } = last(
        { iss: 0xffff_fff0, irs: 0xffff_ff80 },
        `${HANDSHAKE}
        > P.  1:101    ack 1
        < P.  1:201    ack 101
        > F.  101:101  ack 201                => FIN-WAIT-1 | CLOSE-WAIT
        < F.  201:201  ack 102                => TIME-WAIT | LAST-ACK
        > .   102:102  ack 202                => TIME-WAIT | CLOSED
      `,
      );
      assert.deepEqual([client.sndNxt, client.rcvNxt], [0xffff_fff0 + 102 - 2 ** 32, 0xffff_ff80 + 202 - 2 ** 32]);
      assert.deepEqual([server.sndNxt, server.rcvNxt], [client.rcvNxt, client.sndNxt]);
    });

    it('and an old segment does not take the window back (SND.WL1, SND.WL2, §3.10.7.4)', () => {
      const { client } = last(
        isns,
        `${HANDSHAKE}
        > .          1:101  ack 1
        < P.         1:11   ack 101  win 700
        +0.001 < .   1:1    ack 1    win 900
      `,
      );
      assert.deepEqual([client.sndWnd, client.sndUna], [700, 1101]);
    });

    it('urgent data', () => {
      const { client, server } = last(isns, `${HANDSHAKE} > U.  1:11  ack 1  urg 10`);
      assert.deepEqual([client.sndUp, server.rcvUp], [1011, 1011]);
      assert.deepEqual([client.rcvUp, server.sndUp], [null, null]);
    });
  });

  describe('scale their windows (RFC 7323 §2.2)', () => {
    const open = (client: string, server: string): string => `
        > S   0:0           win 65535  ${client}
        < S.  0:0    ack 1  win 65535  ${server}
        > .   1:1    ack 1  win 100
        < .   1:1    ack 1  win 200  ; window-update
      `;

    it('each by its own shift', () => {
      const { client, server } = last(isns, open('wscale 14', 'wscale 2'));
      assert.deepEqual([client.rcvWnd, server.sndWnd], [100 << 14, 100 << 14]);
      assert.deepEqual([server.rcvWnd, client.sndWnd], [200 << 2, 200 << 2]);
    });

    it('by 14 at the most', () => {
      const { client } = last(isns, open('wscale 15', 'wscale 0'));
      assert.equal(client.rcvWnd, 100 << 14);
    });

    it('not at all where one does not offer it', () => {
      const { client, server } = last(isns, open('wscale 7', ''));
      assert.deepEqual([client.rcvWnd, server.rcvWnd], [100, 200]);
    });

    it('but never that of a SYN', () => {
      const { server } = last(
        isns,
        `
        > S   0:0           win 1000  wscale 7
        < S.  0:0    ack 1  win 2000  wscale 7
      `,
      );
      assert.deepEqual([server.sndWnd, server.rcvWnd], [1000, 2000]);
    });

    it('by a factor that nobody knows where no SYN was captured', () => {
      const { client, server } = last(isns, '> P.  1:11  ack 1  win 100');
      assert.deepEqual([client.rcvWnd, server.sndWnd], [null, null]);
    });
  });

  describe('close', () => {
    it('one after the other, in four steps', () => {
      holds(
        isns,
        `${HANDSHAKE}
        > F.  1:1    ack 1                    => FIN-WAIT-1 | CLOSE-WAIT
        < .   1:1    ack 2                    => FIN-WAIT-2 | CLOSE-WAIT
        < F.  1:1    ack 2                    => TIME-WAIT | LAST-ACK
        > .   2:2    ack 2                    => TIME-WAIT | CLOSED
      `,
      );
    });

    it('in three steps', () => {
      holds(
        isns,
        `${HANDSHAKE}
        > F.  1:1    ack 1                    => FIN-WAIT-1 | CLOSE-WAIT
        < F.  1:1    ack 2                    => TIME-WAIT | LAST-ACK
        > .   2:2    ack 2                    => TIME-WAIT | CLOSED
      `,
      );
    });

    it('the server first', () => {
      holds(
        isns,
        `${HANDSHAKE}
        < F.  1:1    ack 1                    => CLOSE-WAIT | FIN-WAIT-1
        > .   1:1    ack 2                    => CLOSE-WAIT | FIN-WAIT-2
        > F.  1:1    ack 2                    => LAST-ACK | TIME-WAIT
        < .   2:2    ack 2                    => CLOSED | TIME-WAIT
      `,
      );
    });

    it('half, with data going on the other way', () => {
      const { client } = last(
        isns,
        `${HANDSHAKE}
        > F.  1:1      ack 1                  => FIN-WAIT-1 | CLOSE-WAIT
        < .   1:1      ack 2                  => FIN-WAIT-2 | CLOSE-WAIT
        < P.  1:501    ack 2                  => FIN-WAIT-2 | CLOSE-WAIT
        > .   2:2      ack 501                => FIN-WAIT-2 | CLOSE-WAIT
        < F.  501:601  ack 2                  => TIME-WAIT | LAST-ACK
        > .   2:2      ack 602                => TIME-WAIT | CLOSED
      `,
      );
      assert.equal(client.rcvNxt, 5602);
    });

    it('with data in the FIN', () => {
      const { server } = last(isns, `${HANDSHAKE} > FP.  1:101  ack 1  => FIN-WAIT-1 | CLOSE-WAIT`);
      assert.equal(server.rcvNxt, 1102);
    });

    it('at the same time', () => {
      holds(
        isns,
        `${HANDSHAKE}
        > F.  1:1    ack 1                    => FIN-WAIT-1 | ESTABLISHED
        < F.  1:1    ack 1                    => CLOSING | FIN-WAIT-1
        > .   2:2    ack 2                    => CLOSING | CLOSING
        < .   2:2    ack 2                    => TIME-WAIT | TIME-WAIT
      `,
      );
    });

    it('only when the FIN is in order: data before it is missing', () => {
      holds(
        isns,
        `${HANDSHAKE}
        > F.          101:101  ack 1  ; lost-segment  => FIN-WAIT-1 | ESTABLISHED
        +0.001 > .    1:101    ack 1  ; out-of-order  => FIN-WAIT-1 | CLOSE-WAIT
      `,
      );
    });

    it('with a last ACK that is lost', () => {
      holds(
        isns,
        `${HANDSHAKE}
        > F.        1:1    ack 1                      => FIN-WAIT-1 | CLOSE-WAIT
        < F.        1:1    ack 2                      => FIN-WAIT-2 | LAST-ACK
        +0.3 < F.   1:1    ack 2    ; retransmission  => TIME-WAIT | LAST-ACK
        > .         2:2    ack 2                      => TIME-WAIT | CLOSED
      `,
      );
    });

    it('and stay closed when an old segment comes late', () => {
      holds(
        isns,
        `${HANDSHAKE}
        > P.       1:101    ack 1
        > F.       101:101  ack 1                     => FIN-WAIT-1 | CLOSE-WAIT
        < F.       1:1      ack 102                   => TIME-WAIT | LAST-ACK
        > .        102:102  ack 2                     => TIME-WAIT | CLOSED
        +0.3 > P.  1:101    ack 1  ; spurious-retransmission  => TIME-WAIT | CLOSED
      `,
      );
    });
  });

  describe('are reset', () => {
    const established = `${HANDSHAKE} > P.  1:11  ack 1`;

    for (const [what, lines, states] of [
      ['in ESTABLISHED by the client', `${established}\n > R.  11:11  ack 1`, 'CLOSED | CLOSED'],
      ['in ESTABLISHED by the server', `${established}\n < R.  1:1  ack 11`, 'CLOSED | CLOSED'],
      ['in SYN-RECEIVED, which returns to LISTEN', '> S 0:0\n < S. 0:0 ack 1\n > R 1:1', 'CLOSED | LISTEN'],
      ['in CLOSE-WAIT', `${HANDSHAKE} > F. 1:1 ack 1\n < . 1:1 ack 2\n < R. 1:1 ack 2`, 'CLOSED | CLOSED'],
      ['in FIN-WAIT-2', `${HANDSHAKE} > F. 1:1 ack 1\n < . 1:1 ack 2\n > R. 2:2 ack 1`, 'CLOSED | CLOSED'],
      ['in LAST-ACK', `${HANDSHAKE} > F. 1:1 ack 1\n < F. 1:1 ack 2\n > R 2:2`, 'TIME-WAIT | CLOSED'],
    ] as const)
      it(what, () => {
        holds(isns, `${lines}  => ${states}`);
      });

    it('not by a RST outside the window (§3.10.7.4 first)', () => {
      holds(isns, `${established}\n > R  5000:5000  => CLOSED | ESTABLISHED`);
    });

    it('not by a RST that is lost, which shows when the other end goes on', () => {
      holds(
        isns,
        `${HANDSHAKE}
        < F.  1:1    ack 1                    => CLOSE-WAIT | FIN-WAIT-1
        > .   1:1    ack 2                    => CLOSE-WAIT | FIN-WAIT-2
        < R.  2:2    ack 1                    => CLOSE-WAIT | CLOSED
        > P.  1:11   ack 2                    => CLOSE-WAIT | CLOSED
      `,
      );
    });

    it('by a RST after which the other end says nothing, as it would if it had closed', () => {
      const { client } = last(isns, `${HANDSHAKE}\n < R.  1:1  ack 1  => CLOSED | CLOSED`);
      assert.equal(client.assumed, false);
    });

    it('by a RST that lets more through before the other end goes on', () => {
      holds(
        isns,
        `${HANDSHAKE}
        < R.  1:1    ack 1                    => CLOSED | CLOSED
        < P.  1:11   ack 1                    => CLOSED | ESTABLISHED
        > .   1:1    ack 11                   => ESTABLISHED | ESTABLISHED
      `,
      );
    });

    it('not by a RST within the window that is not exact (RFC 5961 §3.2)', () => {
      holds(isns, `${established}\n > R  500:500  => CLOSED | ESTABLISHED`);
    });
  });

  describe('are assumed to have received', () => {
    const assumptions = (text: string): (readonly [boolean, boolean])[] =>
      holds(isns, text).rows.map(({ client, server }) => [client.assumed, server.assumed] as const);

    it('what opens and closes the connection, where they never speak again', () => {
      assert.deepEqual(
        assumptions(`
        > S   0:0                             => SYN-SENT | SYN-RECEIVED
        < S.  0:0    ack 1                    => ESTABLISHED | SYN-RECEIVED
        > .   1:1    ack 1                    => ESTABLISHED | ESTABLISHED
        > P.  1:11   ack 1                    => ESTABLISHED | ESTABLISHED
        < .   1:1    ack 11                   => ESTABLISHED | ESTABLISHED
        > F.  11:11  ack 1                    => FIN-WAIT-1 | CLOSE-WAIT
        < .   1:1    ack 12                   => FIN-WAIT-2 | CLOSE-WAIT
      `),
        [
          [false, false],
          [false, false],
          [false, false],
          [false, false],
          [false, false],
          [false, false],
          [true, false],
        ],
      );
    });

    it('and data alone is no assumption about a state', () => {
      const rows = assumptions(`${HANDSHAKE.trimEnd()}\n < P.  1:11  ack 1\n > P.  1:11  ack 11`);
      assert.deepEqual(rows.at(-1), [false, false]);
    });
  });

  describe('are shown as far as they are known', () => {
    it('where the capture starts in mid-connection', () => {
      const { rows } = holds(
        isns,
        `
        > P.  101:201  ack 301                => ESTABLISHED | ESTABLISHED
        < .   301:301  ack 201                => ESTABLISHED | ESTABLISHED
        > F.  201:201  ack 301                => FIN-WAIT-1 | CLOSE-WAIT
      `,
      );
      const { client } = rows[0]!;
      assert.deepEqual([client.iss, client.irs, client.sndUna, client.rcvNxt], [null, null, 1101, 5301]);
      assert.deepEqual([rows[0]!.seq, rows[0]!.ack], [1, 1]);
    });

    it('where only the client’s segments are captured', () => {
      const { server } = last(
        isns,
        `
        > S   0:0                             => SYN-SENT | SYN-RECEIVED
        > .   1:1      ack 1                  => ESTABLISHED | ESTABLISHED
        > P.  1:101    ack 1                  => ESTABLISHED | ESTABLISHED
        > F.  101:101  ack 51                 => FIN-WAIT-1 | CLOSE-WAIT
        > .   102:102  ack 52                 => FIN-WAIT-1 | CLOSE-WAIT
      `,
      );
      assert.deepEqual([server.sndNxt, server.rcvNxt], [5052, 1102]);
    });

    it('where only the server’s segments are captured', () => {
      const { client } = last(
        isns,
        `
        < S.  0:0      ack 1                  => ESTABLISHED | SYN-RECEIVED
        < .   1:1      ack 101                => ESTABLISHED | ESTABLISHED
        < P.  1:501    ack 101                => ESTABLISHED | ESTABLISHED
      `,
      );
      assert.deepEqual([client.iss, client.sndUna, client.rcvNxt], [1000, 1101, 5501]);
    });

    it('where ports are used again', () => {
      const { rows } = holds(
        isns,
        `${HANDSHAKE}
        > F.  1:1          ack 1              => FIN-WAIT-1 | CLOSE-WAIT
        > S   70000:70000      ; reused-ports => SYN-SENT | SYN-RECEIVED
        < S.  80000:80000  ack 70001          => ESTABLISHED | SYN-RECEIVED
      `,
      );
      assert.deepEqual(
        rows.map((row) => row.connection),
        [0, 0, 0, 0, 1, 1],
      );
      assert.deepEqual([rows.at(-1)!.seq, rows.at(-1)!.ack], [0, 1]);
    });
  });

  it('are two for each connection, side by side', () => {
    const { rows } = holds(
      { iss: 1000, irs: 5000, second: { iss: 2 ** 31, irs: 7 } },
      `
      > S    0:0                              => SYN-SENT | SYN-RECEIVED
      >2 S   0:0                              => SYN-SENT | SYN-RECEIVED
      <2 S.  0:0  ack 1                       => ESTABLISHED | SYN-RECEIVED
      < S.   0:0  ack 1                       => ESTABLISHED | SYN-RECEIVED
      >2 R.  1:1  ack 1                       => CLOSED | LISTEN
      > .    1:1  ack 1                       => ESTABLISHED | ESTABLISHED
    `,
    );
    assert.deepEqual(
      rows.map((row) => [row.connection, row.row]),
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
        [1, 2],
        [0, 2],
      ],
    );
  });
});
