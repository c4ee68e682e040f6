import assert from 'node:assert/strict';
import { render } from '../../../src/core/format/message';
import { DETECTORS } from '../../../src/core/findings/registry';
import {
  type Note,
  OWN_NOTES,
  type OwnNoteKind,
  type SegmentRow,
  WIRESHARK_NOTES,
} from '../../../src/core/model/segment';
import { FINDING_RULES } from '../../support/finding-rules';
import { script, type ScriptOptions } from '../../support/script';

const isns = { iss: 1000, irs: 5000 };

/** Own findings by packet: `7 retransmission-timeout of 6`. */
function found(options: ScriptOptions, text: string): string[] {
  return trueRows(script(options, text).rows).flatMap((row) =>
    ownNotes(row.notes).map(({ kind, of }) => `${row.packet} ${kind}${of === undefined ? '' : ` of ${of}`}`),
  );
}

/** Rows of one connection, each finding of which is held against them (`finding-rules.ts`). */
function trueRows(rows: readonly SegmentRow[]): readonly SegmentRow[] {
  const packets = new Map(rows.map((row) => [row.packet, [row]]));
  for (const row of rows)
    for (const { text } of ownNotes(row.notes)) {
      const said = { row, rows, packets, args: text.args, isOrdinary: true };
      assert.ok(FINDING_RULES[text.text]!(said), `packet ${row.packet}: ${render(text)}`);
    }
  return rows;
}

const ownNotes = (notes: readonly Note[]): Note[] =>
  notes.filter(({ kind }) => !(WIRESHARK_NOTES as readonly string[]).includes(kind));

/** The only finding of a kind, with its text. */
function only(kind: OwnNoteKind, text: string): Note & { readonly said: string } {
  const told = trueRows(script(isns, text).rows).flatMap(({ notes }) => notes.filter((note) => note.kind === kind));
  assert.ok(told.length > 0, `no ${kind}`);
  const [note] = told as [Note];
  for (const other of told) assert.deepEqual(other, note, 'one finding says the same at each of its segments');
  return { ...note, said: render(note.text) };
}

/** A handshake with a round trip of 20 ms and windows that limit nothing. Packets 1 to 3. */
const OPEN = `
  > S   0:0          win 60000 sackok
  < S.  0:0   ack 1  win 60000 sackok
  > .   1:1   ack 1  win 60000
`;

describe('the registry of findings', () => {
  it('has a detector for each kind, in order', () => {
    assert.deepEqual(
      DETECTORS.map(({ kind }) => kind),
      OWN_NOTES,
    );
  });

  it('cites a clause for each', () => {
    for (const { kind, cites } of DETECTORS) assert.match(cites, /^RFC \d{3,4} §[\d.]+/, kind);
  });
});

describe('what the course of a connection shows', () => {
  it('nothing in an orderly exchange', () => {
    assert.deepEqual(
      found(
        isns,
        `${OPEN}
        > P.  1:501     ack 1    win 60000
        < P.  1:1001    ack 501  win 60000
        > .   501:501   ack 1001 win 60000
        > F.  501:501   ack 1001 win 60000
        < F.  1001:1001 ack 502  win 60000
        > .   502:502   ack 1002 win 60000`,
      ),
      [],
    );
  });

  describe('retransmission timeouts (RFC 6298 §5)', () => {
    it('with the back-off', () => {
      // Waits of 0.3, 0.6 and 1.2 s double each time: 2.1 s from the first transmission to the last.
      const text = `${OPEN}
        > P.       1:501  ack 1   win 60000
        +0.3 > P.  1:501  ack 1   win 60000
        +0.6 > P.  1:501  ack 1   win 60000
        +1.2 > P.  1:501  ack 1   win 60000
        < .        1:1    ack 501 win 60000`;
      assert.deepEqual(found(isns, text), [
        '5 retransmission-timeout of 4',
        '6 retransmission-timeout of 4',
        '7 retransmission-timeout of 4',
      ]);
      const { lastsNs, said } = only('retransmission-timeout', text);
      assert.equal(lastsNs, 2_100_000_000);
      assert.match(said, /client’s .* 3 times in a row, 2\.10 s in all: it waited 300 ms, 600 ms, 1\.20 s/);
    });

    it('not the probe before the first, after which the timer starts anew (RFC 8985 §7.3)', () => {
      const text = `${OPEN}
        > P.        1:501  ack 1   win 60000
        +0.22 > P.  1:501  ack 1   win 60000
        +0.22 > P.  1:501  ack 1   win 60000
        +0.44 > P.  1:501  ack 1   win 60000`;
      assert.deepEqual(found(isns, text), ['6 retransmission-timeout of 4', '7 retransmission-timeout of 4']);
    });

    it('of a SYN that nobody answers', () => {
      assert.deepEqual(found(isns, `> S 0:0\n +1 > S 0:0\n +2 > S 0:0\n`), [
        '2 retransmission-timeout of 1',
        '3 retransmission-timeout of 1',
      ]);
    });

    it('not where duplicate ACKs asked for the segment', () => {
      const text = `${OPEN}
        > .  1:501      ack 1 win 60000
        > .  501:1001   ack 1 win 60000
        > .  1001:1501  ack 1 win 60000
        > .  1501:2001  ack 1 win 60000
        < .  1:1        ack 1 win 60000 sack 501:1001
        < .  1:1        ack 1 win 60000 sack 501:1501
        < .  1:1        ack 1 win 60000 sack 501:2001
        > .  1:501      ack 1 win 60000
        < .  1:1        ack 2001 win 60000`;
      assert.deepEqual(found(isns, text), ['11 fast-recovery', '12 fast-recovery']);
      const { lastsNs, said } = only('fast-recovery', text);
      assert.equal(lastsNs, 10_000_000);
      assert.match(said, /client: 1 sent again, over after 10\.0 ms/);
    });
  });

  it('a tail loss probe: the last segment again, two round trips after it (RFC 8985 §7)', () => {
    assert.deepEqual(
      found(
        isns,
        `${OPEN}
        > .        1:501      ack 1    win 60000
        < .        1:1        ack 501  win 60000
        > .        501:1001   ack 1    win 60000
        > P.       1001:1501  ack 1    win 60000
        +0.06 > P. 1001:1501  ack 1    win 60000
        < .        1:1        ack 501  win 60000 sack 1001:1501
      `,
      ),
      ['8 tail-loss-probe of 7'],
    );
  });

  describe('duplicate SACK blocks (RFC 2883)', () => {
    it('below the acknowledgment: the retransmission was not needed', () => {
      const text = `${OPEN}
        > P.       1:501  ack 1    win 60000
        +0.3 > P.  1:501  ack 1    win 60000
        < .        1:1    ack 501  win 60000
        < .        1:1    ack 501  win 60000 sack 1:501`;
      assert.ok(found(isns, text).includes('7 duplicate-sack of 5'));
      assert.match(only('duplicate-sack', text).said, /1 to 501 .* packet 5 was unnecessary/);
    });

    it('within the second block (§4.2)', () => {
      assert.ok(
        found(
          isns,
          `${OPEN}
          > .  1:501      ack 1 win 60000
          > .  501:1001   ack 1 win 60000
          < .  1:1        ack 1 win 60000 sack 501:1001
          > .  501:1001   ack 1 win 60000
          < .  1:1        ack 1 win 60000 sack 501:1001,501:1001`,
        ).includes('8 duplicate-sack of 7'),
      );
    });
  });

  it('a receiver that throws away what it had reported to hold (RFC 2018 §8)', () => {
    assert.deepEqual(
      found(
        isns,
        `${OPEN}
        > .  1:501      ack 1   win 60000
        > .  501:1001   ack 1   win 60000
        < .  1:1        ack 1   win 60000 sack 501:1001
        > .  1:501      ack 1   win 60000
        < .  1:1        ack 501 win 60000`,
      ).filter((note) => note.includes('reneging')),
      ['8 sack-reneging of 5'],
    );
  });

  it('how long a window was closed, and how often it was probed', () => {
    // Closed at packet 5, open at packet 9: 10 + 1000 + 10 + 500 ms.
    const text = `${OPEN}
      > P.      1:501    ack 1   win 60000
      < .       1:1      ack 501 win 0
      +1 > .    500:500  ack 1   win 60000
      < .       1:1      ack 501 win 0
      +0.5 < .  1:1      ack 501 win 30000`;
    const { said, lastsNs } = only('zero-window-period', text);
    assert.equal(lastsNs, 1_510_000_000);
    assert.match(said, /server was closed for 1\.51 s \(probes: 1\)/);
    assert.deepEqual(found(isns, text), ['5 zero-window-period', '8 zero-window-period']);
  });

  it('how long a sender stood still because the window was full', () => {
    const text = `
      > S   0:0          win 60000
      < S.  0:0   ack 1  win 1000
      > .   1:1   ack 1  win 60000
      > .        1:501     ack 1    win 60000
      > P.       501:1001  ack 1    win 60000
      +0.2 < .   1:1       ack 1001 win 1000
      > .        1001:1501 ack 1    win 60000`;
    const { said, lastsNs } = only('window-limited', text);
    assert.equal(lastsNs, 210_000_000);
    assert.match(said, /client filled the window and waited 210 ms/);
    assert.deepEqual(found(isns, text), ['5 window-limited']);
  });

  it('Nagle’s algorithm and a delayed acknowledgment waiting for each other', () => {
    const text = `${OPEN}
      > P.       1:101     ack 1    win 60000
      +0.2 < .   1:1       ack 101  win 60000
      +0.001 > P. 101:201  ack 1    win 60000
      < P.       1:11      ack 201  win 60000`;
    assert.deepEqual(found(isns, text), ['4 nagle-delayed-ack', '5 nagle-delayed-ack', '6 nagle-delayed-ack']);
    assert.equal(only('nagle-delayed-ack', text).lastsNs, 200_000_000);
  });

  it('not where the sender had nothing to send meanwhile', () => {
    assert.deepEqual(
      found(
        isns,
        `${OPEN}
        > P.       1:101     ack 1    win 60000
        +0.2 < .   1:1       ack 101  win 60000
        +0.5 > P.  101:201   ack 1    win 60000`,
      ),
      [],
    );
  });

  it('a window that opens by less than a segment (RFC 9293 §3.8.6.2.2)', () => {
    assert.deepEqual(
      found(
        isns,
        `
        > S   0:0          win 60000
        < S.  0:0   ack 1  win 4000
        > .   1:1   ack 1  win 60000
        > .   1:1001     ack 1    win 60000
        > .   1001:2001  ack 1    win 60000
        > .   2001:3001  ack 1    win 60000
        > .   3001:4001  ack 1    win 60000
        < .   1:1        ack 4001 win 0
        +1 < . 1:1       ack 4001 win 100`,
      ).filter((note) => note.includes('silly')),
      ['9 silly-window'],
    );
  });

  it('ECN: what the receiver echoes and the sender answers (RFC 3168 §6.1)', () => {
    const text = `${OPEN}
      > P.   1:501     ack 1    win 60000
      < .E   1:1       ack 501  win 60000
      > P.   501:1001  ack 1    win 60000
      < .E   1:1       ack 1001 win 60000
      > P.W  1001:1501 ack 1    win 60000`;
    assert.deepEqual(found(isns, text), ['5 congestion-notification', '8 congestion-notification']);
    assert.match(
      only('congestion-notification', text).said,
      /server reports congestion in 2 segments; CWR answers it after 30\.0 ms/,
    );
  });

  describe('Accurate ECN: AE, CWR and ECE are a counter of three bits (RFC 9768 §3.2)', () => {
    // The SYN has all three; CWR in the SYN-ACK and in the first ACK say that the SYNs came without ECN (Tables 2 and 3).
    const agreed = `
      > SEWe  0:0          win 60000 sackok
      < S.W   0:0   ack 1  win 60000 sackok
      > .W    1:1   ack 1  win 60000`;

    it('5 is where it begins: nothing was marked', () => {
      const text = `${agreed}
        > P.eE  1:501   ack 1    win 60000
        < .eE   1:1     ack 501  win 60000`;
      assert.deepEqual(found(isns, text), []);
    });

    it('stays agreed on where another SYN-ACK comes without it (RFC 9768 §3.1.5)', () => {
      const text = `${agreed}
        < S.    0:0   ack 1  win 60000 sackok
        > P.eE  1:501 ack 1  win 60000
        < .eE   1:1   ack 501 win 60000`;
      assert.deepEqual(found(isns, text), []);
    });

    it('counts beyond 7, and is not misled by a segment that others have overtaken', () => {
      const text = `${agreed}
        > P.eE  1:501     ack 1    win 60000
        > P.eE  501:1001  ack 1    win 60000
        < .eW   1:1       ack 501  win 60000
        < .     1:1       ack 1001 win 60000
        < .eW   1:1       ack 501  win 60000
        > P.eE  1001:1501 ack 1    win 60000
        < .E    1:1       ack 1501 win 60000`;
      // 5 → 6, 6 → 8, which is 0 in three bits, 8 → 9.
      assert.deepEqual(found(isns, text), ['6 accurate-ecn', '7 accurate-ecn', '10 accurate-ecn']);
      assert.match(only('accurate-ecn', text).said, /the server has counted 4 packets that met congestion/);
    });

    it('begins at 6 behind a marked SYN or SYN-ACK, and at what it is where no handshake is there', () => {
      const marked = `
        > SEWe  0:0          win 60000
        < S.eW  0:0   ack 1  win 60000
        > .W    1:1   ack 1  win 60000
        > P.eE  1:501 ack 1  win 60000
        < .eW   1:1   ack 501 win 60000`;
      assert.deepEqual(found(isns, marked), []);
      const late = `
        > P.eE  1:501   ack 1    win 60000
        < .eW   1:1     ack 501  win 60000
        > P.eE  501:901 ack 1    win 60000
        < .eWE  1:1     ack 901  win 60000`;
      assert.match(only('accurate-ecn', late).said, /the server has counted 1 packets/);
    });

    it('is not meant where the SYN-ACK agrees on ECE alone (RFC 3168 §6.1.1)', () => {
      const text = `
        > SEWe  0:0          win 60000
        < S.E   0:0   ack 1  win 60000
        > .     1:1   ack 1  win 60000
        > P.    1:501 ack 1  win 60000
        < .E    1:1   ack 501 win 60000`;
      assert.deepEqual(found(isns, text), ['5 congestion-notification']);
    });
  });

  it('an old duplicate that only its timestamp gives away (RFC 7323 §5)', () => {
    const told = script(
      isns,
      `
      > S   0:0          win 60000 ts 100/0
      < S.  0:0   ack 1  win 60000 ts 900/100
      > .   1:1   ack 1  win 60000 ts 101/900
      > P.  1:501     ack 1   win 60000 ts 200/900
      < .   1:1       ack 501 win 60000 ts 901/200
      > P.  501:1001  ack 1   win 60000 ts 50/900
    `,
    );
    const last = told.rows.at(-1)!;
    assert.deepEqual(
      ownNotes(last.notes).map(({ kind }) => kind),
      ['paws-rejected'],
    );
    assert.match(render(last.notes.at(-1)!.text), /timestamp 50 is older than 200, which the server/);
    assert.equal(last.server.rcvNxt, 1501, 'it is not taken');
  });

  it('large segments that never get through while small ones do (RFC 4821)', () => {
    const text = `${OPEN}
      > P.       1:101     ack 1    win 60000
      < .        1:1       ack 101  win 60000
      > .        101:1561  ack 1    win 60000
      +0.3 > .   101:1561  ack 1    win 60000
      +0.6 > .   101:1561  ack 1    win 60000
      +1.2 > .   101:1561  ack 1    win 60000`;
    assert.ok(found(isns, text).includes('9 mtu-black-hole of 6'));
    assert.match(only('mtu-black-hole', text).said, /1\u202f460 bytes .* sent 4 times, while up to 100 bytes/);
  });

  it('keep-alives, how far apart, how many answered (RFC 9293 §3.8.4)', () => {
    const text = `${OPEN}
      > P.      1:101     ack 1    win 60000
      < .       1:1       ack 101  win 60000
      +30 > .   100:100   ack 1    win 60000
      < .       1:1       ack 101  win 60000
      +10 > .   100:100   ack 1    win 60000
      < .       1:1       ack 101  win 60000`;
    assert.deepEqual(found(isns, text), ['6 keep-alive-series', '8 keep-alive-series']);
    assert.match(
      only('keep-alive-series', text).said,
      /client sent 2 keep-alives, the first after 30\.0 s of silence, then every 10\.0 s; 2 answered/,
    );
  });

  it('an ACK that challenges a SYN or an inexact reset (RFC 5961)', () => {
    assert.deepEqual(
      found(
        isns,
        `${OPEN}
        > P.  1:101     ack 1    win 60000
        < .   1:1       ack 101  win 60000
        < R   500:500            win 0
        > .   101:101   ack 1    win 60000`,
      ),
      ['7 challenge-ack of 6'],
    );
  });

  it('a handshake that stays half-open, with the tries of the server', () => {
    const text = `
      > S     0:0
      < S.    0:0  ack 1
      +1 < S. 0:0  ack 1
      +2 < S. 0:0  ack 1`;
    const { said, lastsNs } = only('half-open', text);
    assert.equal(lastsNs, 3_000_000_000);
    assert.match(said, /sent 3 times within 3\.00 s/);
    // RFC 9293 §3.10.7.4: a server that sends data has the ACK, though it was not captured.
    const served = script(isns, `${text}\n+0.1 < P. 1:101 ack 1`).rows.flatMap(({ notes }) => ownNotes(notes));
    assert.deepEqual(
      served.filter(({ kind }) => kind === 'half-open'),
      [],
    );
  });
});
