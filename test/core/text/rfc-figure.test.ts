import assert from 'node:assert/strict';
import { bytesSource } from '../../../src/core/bytes/source';
import { Trace } from '../../../src/core/analyze';

const analysed = (text: string): Trace => {
  const trace = Trace.open(bytesSource(Buffer.from(text)), { decompressionLimit: 1 });
  while (trace.step());
  return trace;
};

/** Figures 6 to 13 of RFC 9293 (RFC 793's figures 7 to 14 have the same lines). */
const FIGURES: readonly (readonly [name: string, segments: number, text: string])[] = [
  [
    '6: basic three-way handshake',
    4,
    `
 1.  CLOSED                                               LISTEN
 2.  SYN-SENT    --> <SEQ=100><CTL=SYN>               --> SYN-RECEIVED
 3.  ESTABLISHED <-- <SEQ=300><ACK=101><CTL=SYN,ACK>  <-- SYN-RECEIVED
 4.  ESTABLISHED --> <SEQ=101><ACK=301><CTL=ACK>       --> ESTABLISHED
 5.  ESTABLISHED --> <SEQ=101><ACK=301><CTL=ACK><DATA> --> ESTABLISHED
`,
  ],
  [
    '7: simultaneous connection synchronization',
    4,
    `
 1.  CLOSED                                           CLOSED
 2.  SYN-SENT     --> <SEQ=100><CTL=SYN>              ...
 3.  SYN-RECEIVED <-- <SEQ=300><CTL=SYN>              <-- SYN-SENT
 4.               ... <SEQ=100><CTL=SYN>              --> SYN-RECEIVED
 5.  SYN-RECEIVED --> <SEQ=100><ACK=301><CTL=SYN,ACK> ...
 6.  ESTABLISHED  <-- <SEQ=300><ACK=101><CTL=SYN,ACK> <-- SYN-RECEIVED
 7.               ... <SEQ=100><ACK=301><CTL=SYN,ACK> --> ESTABLISHED
`,
  ],
  [
    '8: recovery from an old duplicate SYN',
    5,
    `
 1.  CLOSED                                           LISTEN
 2.  SYN-SENT    --> <SEQ=100><CTL=SYN>               ...
 3.  (duplicate) ... <SEQ=90><CTL=SYN>               --> SYN-RECEIVED
 4.  SYN-SENT    <-- <SEQ=300><ACK=91><CTL=SYN,ACK>  <-- SYN-RECEIVED
 5.  SYN-SENT    --> <SEQ=91><CTL=RST>               --> LISTEN
 6.              ... <SEQ=100><CTL=SYN>               --> SYN-RECEIVED
 7.  ESTABLISHED <-- <SEQ=400><ACK=101><CTL=SYN,ACK>  <-- SYN-RECEIVED
 8.  ESTABLISHED --> <SEQ=101><ACK=401><CTL=ACK>      --> ESTABLISHED
`,
  ],
  [
    '9: half-open connection discovery',
    4,
    `
 1.  (REBOOT)                              (send 300,receive 100)
 2.  CLOSED                                           ESTABLISHED
 3.  SYN-SENT --> <SEQ=400><CTL=SYN>              --> (??)
 4.  (!!)     <-- <SEQ=300><ACK=100><CTL=ACK>     <-- ESTABLISHED
 5.  SYN-SENT --> <SEQ=100><CTL=RST>              --> (Abort!!)
 6.  SYN-SENT                                         CLOSED
 7.  SYN-SENT --> <SEQ=400><CTL=SYN>              -->
`,
  ],
  [
    '10: active side causes half-open connection discovery',
    2,
    `
 1.  (REBOOT)                                       (send 300,receive 100)
 2.  (??)    <-- <SEQ=300><ACK=100><DATA=10><CTL=ACK> <-- ESTABLISHED
 3.          --> <SEQ=100><CTL=RST>                   --> (ABORT!!)
`,
  ],
  [
    '11: old duplicate SYN initiates a reset on two passive sockets',
    3,
    `
 1.  LISTEN                                     LISTEN
 2.       ... <SEQ=Z><CTL=SYN>                -->  SYN-RECEIVED
 3.  (??) <-- <SEQ=X><ACK=Z+1><CTL=SYN,ACK>   <--  SYN-RECEIVED
 4.       --> <SEQ=Z+1><CTL=RST>              -->  (return to LISTEN!)
 5.  LISTEN                                     LISTEN
`,
  ],
  [
    '12: normal close sequence',
    4,
    `
 1.  ESTABLISHED                                          ESTABLISHED
 2.  (Close)
     FIN-WAIT-1  --> <SEQ=100><ACK=300><CTL=FIN,ACK>  --> CLOSE-WAIT
 3.  FIN-WAIT-2  <-- <SEQ=300><ACK=101><CTL=ACK>      <-- CLOSE-WAIT
 4.                                                       (Close)
     TIME-WAIT   <-- <SEQ=300><ACK=101><CTL=FIN,ACK>  <-- LAST-ACK
 5.  TIME-WAIT   --> <SEQ=101><ACK=301><CTL=ACK>      --> CLOSED
 6.  (2 MSL)
     CLOSED
`,
  ],
  [
    '13: simultaneous close sequence',
    4,
    `
 1.  ESTABLISHED                                          ESTABLISHED
 2.  (Close)                                              (Close)
     FIN-WAIT-1  --> <SEQ=100><ACK=300><CTL=FIN,ACK>  ... FIN-WAIT-1
                 <-- <SEQ=300><ACK=100><CTL=FIN,ACK>  <--
                 ... <SEQ=100><ACK=300><CTL=FIN,ACK>  -->
 3.  CLOSING     --> <SEQ=101><ACK=301><CTL=ACK>      ... CLOSING
                 <-- <SEQ=301><ACK=101><CTL=ACK>      <--
                 ... <SEQ=101><ACK=301><CTL=ACK>      -->
 4.  TIME-WAIT                                            TIME-WAIT
     (2 MSL)                                              (2 MSL)
     CLOSED                                               CLOSED
`,
  ],
];

describe('figures of the RFC', () => {
  for (const [name, segments, text] of FIGURES)
    it(`${name}: the tracker is in every state that is drawn`, () => {
      const trace = analysed(text);
      assert.deepEqual(trace.summary().notices, []);
      assert.equal(trace.summary().segments, segments);
      assert.equal(trace.summary().connections, 1);
    });

  it('are a connection each', () => {
    const trace = analysed(FIGURES.map(([, , text]) => text).join('\n'));
    assert.equal(trace.summary().connections, FIGURES.length);
    assert.deepEqual(trace.summary().notices, []);
  });

  it('are told where they draw another state', () => {
    const wrong = FIGURES[0]![2].replace('ESTABLISHED <-- <SEQ=300>', 'SYN-SENT    <-- <SEQ=300>');
    assert.deepEqual(
      analysed(wrong)
        .summary()
        .notices.map(({ code, line, message }) => [code, line, message.args]),
      [['state-differs', 4, ['A', 'SYN-SENT', 'ESTABLISHED']]],
    );
    // Nothing that B sends would prove its state: it is the same, and is called by its name.
    const last = FIGURES[0]![2].replace(/(<CTL=ACK>\s*-->) ESTABLISHED[^]*/, '$1 FIN-WAIT-1\n');
    assert.deepEqual(
      analysed(last)
        .summary()
        .notices.map(({ message }) => message.args),
      [['B', 'FIN-WAIT-1', 'ESTABLISHED']],
    );
  });

  it('are read as people type them: arrows of any length, blanks, small letters, names of states in kernels and books', () => {
    const trace = analysed(`
1. Client SYN-SENT ---> <SEQ = 100> <CTL = SYN> ---> SYN_RCVD
2. ESTAB <--- <seq=300> <ack=101> <ctl=syn|ack> <--- syn-recv
3. established ==> <SEQ=101><ACK=301><CTL=ACK> ==> established
4. FIN_WAIT_1 → <SEQ=101><ACK=301><CTL=FIN,ACK> → CLOSE_WAIT
5. FinWait2 ← <SEQ=301><ACK=102><CTL=ACK> ← CLOSE_WAIT

1. A: SYN_SENT -> <SEQ=7><CTL=SYN> -> LISTEN
`);
    const rows = [...trace.allSegments()];
    assert.deepEqual(
      rows.map(({ connection, from, flags, seqRaw }) => [connection, from, flags.join(' '), seqRaw]),
      [
        [0, 'client', 'SYN', 100],
        [0, 'server', 'SYN ACK', 300],
        [0, 'client', 'ACK', 101],
        [0, 'client', 'FIN ACK', 101],
        [0, 'server', 'ACK', 301],
        [1, 'client', 'SYN', 7],
      ],
    );
    // RFC 9293 §3.10.7.2: a listener that gets a SYN is in SYN-RECEIVED, so the last line is wrong, and no other.
    assert.deepEqual(
      trace.summary().notices.map(({ line }) => line),
      [8],
    );
  });
});
