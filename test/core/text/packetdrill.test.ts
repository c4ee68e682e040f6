import assert from 'node:assert/strict';
import { bytesSource } from '../../../src/core/bytes/source';
import { Trace } from '../../../src/core/analyze';

const analysed = (text: string | Uint8Array): Trace => {
  const trace = Trace.open(bytesSource(typeof text === 'string' ? Buffer.from(text) : text), { decompressionLimit: 1 });
  while (trace.step());
  return trace;
};

const SCRIPT = `
--tolerance_usecs=10000
/* A client that
   closes first. */
\`../common/defaults.sh
 sysctl -q net.ipv4.tcp_sack=1\`

    0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0...0.030 connect(3, ..., ...) = 0
   +0 > S 0:0(0) win 65535 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 8>
 +.03 < S. 0:0(0) ack 1 win 5792 <mss 1460,nop,nop,sackOK,TS val 700 ecr 100,nop,wscale 7>
   +0 > . 1:1(0) ack 1 <...>

   +0 %{ assert tcpi_state == 1, tcpi_state
assert tcpi_snd_cwnd == 10 }%
   +0 write(3, ..., 1000) = 1000 // one segment
   +0 > P. 1:1001(1000) ack 1
 +.03 < [ect0] . 1:1(0) ack 1001 win 257 <sack 1:501 701:901,nop,nop>
    * > .5 1001:1001(0) ack 1
 +0~+.5 recvmsg(3, {msg_name(...)=...,
                    msg_iov(1)=[{...,0}],
                    msg_flags=MSG_ERRQUEUE}, 0) = -1 EAGAIN (Resource temporarily unavailable)
  1.0 close(3) = 0
   +0 > F. 1001:1001(0) ack 1
`;

describe('packetdrill scripts', () => {
  it('keep what stands in front of their lines, however alike it is', () => {
    const text = `// A server that is reset.
    0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
   +0 bind(3, ..., ...) = 0
   +0 listen(3, 1) = 0

   +0 < S 0:0(0) win 1000 <mss 1000,nop,nop>
   +0 > S. 0:0(0) ack 1 <mss 1460>
   +0 < . 1:1(0) ack 1 win 1000
   +0 < P. 1:11(10) ack 1 win 1000
   +0 > . 1:1(0) ack 11
   +0 < R. 11:11(0) ack 1 win 1000
   +0 accept(3, ..., ...) = 4
   +0 read(4, ..., 512) = 10
   +0 read(4, ..., 512) = -1 ECONNRESET (Connection reset by peer)
   +0 close(4) = 0
`;
    const { notices, segments } = analysed(text).summary();
    assert.deepEqual([notices, segments], [[], 6]);
  });

  it('give the segments with their times', () => {
    const trace = analysed(SCRIPT);
    assert.deepEqual(trace.summary().notices, []);
    assert.deepEqual(
      [...trace.allSegments()].map((row) => [
        Number(trace.time(row.packet)).toFixed(2),
        row.from,
        row.flags.join(' '),
        row.seq,
        row.len,
        row.client.state,
      ]),
      [
        ['0.00', 'client', 'SYN', 0, 0, 'SYN-SENT'],
        ['0.03', 'server', 'SYN ACK', 0, 0, 'ESTABLISHED'],
        ['0.03', 'client', 'ACK', 1, 0, 'ESTABLISHED'],
        ['0.03', 'client', 'PSH ACK', 1, 1000, 'ESTABLISHED'],
        ['0.06', 'server', 'ACK', 1, 0, 'ESTABLISHED'],
        // AccECN's counter 5 is AE and ECE.
        ['0.06', 'client', 'ACK ECE AE', 1001, 0, 'ESTABLISHED'],
        ['1.00', 'client', 'FIN ACK', 1001, 0, 'FIN-WAIT-1'],
      ],
    );
  });

  it('say what is not in them', () => {
    const rows = [...analysed(SCRIPT).allSegments()];
    assert.deepEqual(rows[2]!.missing, ['window']);
    assert.deepEqual(rows[0]!.relativeOnly, { client: true, server: false });
    assert.equal(rows[2]!.notes.length, 0, 'a window that is not given is not closed');
  });

  it('tell the calls, with what they return and until when they block', () => {
    const calls = analysed(SCRIPT)
      .events()
      .filter(({ kind }) => kind === 'syscall');
    assert.deepEqual(
      calls.map(({ text, line, lines, timeNs, untilNs, nextPacket }) => [
        text,
        line,
        lines,
        timeNs,
        untilNs,
        nextPacket,
      ]),
      [
        ['socket(..., SOCK_STREAM, IPPROTO_TCP) = 3', 8, 1, 0, null, 1],
        ['connect(3, ..., ...) = 0', 9, 1, 0, 30_000_000, 1],
        ['write(3, ..., 1000) = 1000', 16, 1, 30_000_000, null, 4],
        [
          'recvmsg(3, {msg_name(...)=..., msg_iov(1)=[{...,0}], msg_flags=MSG_ERRQUEUE}, 0) = -1 EAGAIN (Resource temporarily unavailable)',
          20,
          3,
          60_000_000,
          null,
          7,
        ],
        ['close(3) = 0', 23, 1, 1_000_000_000, null, 7],
      ],
    );
  });

  it('tell what they demand of the TCP', () => {
    const demands = analysed(SCRIPT)
      .events()
      .flatMap(({ assertion, line, timeNs }) => (assertion === null ? [] : [{ ...assertion, line, timeNs }]));
    assert.deepEqual(demands, [
      { name: 'tcpi_state', mask: null, operator: '==', value: '1', line: 14, timeNs: 30_000_000 },
      { name: 'tcpi_snd_cwnd', mask: null, operator: '==', value: '10', line: 15, timeNs: 30_000_000 },
    ]);
  });

  it('tell limits on both sides, and bits', () => {
    const code = '   +0 %{ assert 10000 <= tcpi_rtt < 20000 and (tcpi_options & TCPI_OPT_SYN_DATA) != 0, tcpi_rtt }%\n';
    const demands = analysed(SCRIPT + code)
      .events()
      .flatMap(({ assertion }) => (assertion === null ? [] : [assertion]))
      .slice(2);
    assert.deepEqual(demands, [
      { name: 'tcpi_rtt', mask: null, operator: '>=', value: '10000' },
      { name: 'tcpi_rtt', mask: null, operator: '<', value: '20000' },
      { name: 'tcpi_options', mask: 'TCPI_OPT_SYN_DATA', operator: '!=', value: '0' },
    ]);
  });

  it('count the numbers of all other segments from that of the SYN', () => {
    const rows = [
      ...analysed(`   +0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
   +0 connect(3, ..., ...) = 0
   +0 > S 0:0(0) <mss 1460>
 +.02 < S. 9999:9999(0) ack 1 win 5792 <mss 1460>
   +0 > . 1:1(0) ack 1
 +.02 < P. 1:11(10) ack 1 win 5792
   +0 > . 1:1(0) ack 11
`).allSegments(),
    ];
    assert.deepEqual(
      rows.map(({ seq, ack, client, server }) => [seq, ack, client.state, server.state]),
      [
        [0, 0, 'SYN-SENT', 'SYN-RECEIVED'],
        [0, 1, 'ESTABLISHED', 'SYN-RECEIVED'],
        [1, 1, 'ESTABLISHED', 'ESTABLISHED'],
        [1, 1, 'ESTABLISHED', 'ESTABLISHED'],
        [1, 11, 'ESTABLISHED', 'ESTABLISHED'],
      ],
    );
    assert.deepEqual(
      rows.flatMap(({ notes }) => notes.map(({ kind }) => kind)),
      [],
    );
  });

  it('have a connection for each socket that connects', () => {
    const once = `   +0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
   +0 connect(3, ..., ...) = 0
   +0 > S 0:0(0) <mss 1460>
   +0 > S 0:0(0) <mss 1460>
   +0 < R. 0:0(0) ack 1
`;
    assert.equal(analysed(once + once).summary().connections, 2);
  });

  it('go through the preprocessor where they are FreeBSD’s', () => {
    const trace = analysed(`+0.00 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0.00 fcntl(3, F_GETFL) = 0x02 (flags O_RDWR)
+0.00 listen(3, 1) = 0
+0.00 < SEWA  0:0(0)        win 65535 <mss 1460,sackOK,eol,eol>/udp(9811 > 1)
#ifdef STANDARD
+0.00 > R.  0:0(0)! ack 1   win     0
#else
+0.00 > S.  0:0(0)  ack 1   win 65535 <mss 1460,sackOK,eol,eol>
#endif
`);
    assert.deepEqual(trace.summary().notices, []);
    assert.deepEqual(
      [...trace.allSegments()].map((row) => row.flags.join(' ')),
      ['SYN ECE CWR AE', 'SYN ACK'],
    );
  });

  it('name the addresses of subflows in the dialect for Multipath TCP; what names none is of the one opened last', () => {
    const trace = analysed(`    0 socket(..., SOCK_STREAM, IPPROTO_MPTCP) = 3
   +0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
   +0 > addr[here0] > addr[there0] S 0:0(0) <mss 1460,nop,wscale 8,mpcapable v1 flags[flag_h] nokey>
   +0 < S. 0:0(0) ack 1 win 65535 <mss 1460,nop,wscale 8,mpcapable v1 flags[flag_h] key[skey]>
   +0 > . 1:1(0) ack 1 <mpcapable v1 flags[flag_h] key[ckey, skey]>
   +0 < . 1:1(0) ack 1 win 256 <dss dack8=1 dll=trunc_l32(sha1(a, b))+1,add_address addr[there1=inet_addr("10.0.0.9")] hmac=auto>
   +0 > > addr[there1] S 0:0(0) <mss 1460,nop,wscale 8,mp_join_syn address_id=0 token=auto> sock(3)
   +0 > > addr[there0] . 1:1(0) ack 1 <mp_prio>
   +0 < S. 0:0(0) ack 1 win 65535 <mss 1460,nop,wscale 8,mp_join_syn_ack address_id=1>
   +0 > . 1:1(0) ack 1 <mp_join_ack sender_hmac=auto>
`);
    assert.deepEqual(trace.summary().notices, []);
    assert.deepEqual(
      trace.connections(0, 9).map(({ client, server, segments }) => [client.address, server.address, segments]),
      [
        ['here0', 'there0', 5],
        ['here0', 'there1', 3],
      ],
    );
    const subtypes = [...trace.allSegments()].flatMap(({ segment }) =>
      trace.options(segment).flatMap((option) => (option.kind === 'mptcp' ? [option.subtypeName] : [])),
    );
    const expected = 'MP_CAPABLE MP_CAPABLE MP_CAPABLE DSS ADD_ADDR MP_JOIN MP_PRIO MP_JOIN MP_JOIN';
    assert.equal(subtypes.join(' '), expected, 'RFC 8684 §8.2');
  });

  it('may leave options unchecked, and say what a fuzzer does to a packet', () => {
    const trace = analysed(`    0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
   +0 > S 0:0(0) win 1000 <mss 1460, nocheck>
   +0 < S. 0:0(0) ack 1 win 1000 <nocheck>
   +0 > . 1:1(0) ack 1 <nocheck>
   +0 < P. 1:2(1) ack 1 win 257 {rep tcp data_off 0x0F}
`);
    assert.deepEqual(trace.summary().notices, []);
    assert.equal(trace.summary().segments, 4);
    assert.equal([...trace.allSegments()][2]!.scaledWindow, null, 'whether windows are scaled is not told');
  });

  it('are no chats, in which names in brackets stand behind a time', () => {
    for (const said of ['13:11 <bob> what is it', '11 <bob> what is it', '0.5 <S> what is it'])
      assert.throws(() => analysed(`${said}\n`.repeat(5)), /Not a capture file/);
  });

  it('say at which line there is something else', () => {
    const trace = analysed(`    0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
   +0 > S 0:0(0) win 1000 <mss 1460>
   +0 < Q. 0:0(0) ack 1 win 1000
   +0 < S. 0:0(0) ack 1 win 1000 frobnicate
   +0 write(3, ..., 10
`);
    assert.deepEqual(
      trace.summary().notices.map(({ code, line }) => [code, line]),
      [
        ['unknown-syntax', 3],
        ['unknown-syntax', 4],
        ['unknown-syntax', 5],
      ],
    );
  });
});
