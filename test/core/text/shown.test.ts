import assert from 'node:assert/strict';
import type { SegmentRow } from '../../../src/core/model/segment';
import { readText } from '../../support/text-traces';

/** Flags, raw numbers and length of a row; `null` for what the text does not have. */
const told = (row: SegmentRow): unknown[] => {
  const { client, server } = row.relativeOnly;
  const [own, peer] = row.from === 'client' ? [client, server] : [server, client];
  return [
    row.flags.join(' '),
    own || row.missing.includes('seq') ? null : row.seqRaw,
    peer || row.missing.includes('ack') ? null : row.ackRaw,
    row.len,
  ];
};
const rowsOf = (text: string): unknown[][] => [...readText(text).allSegments()].map(told);
const codesOf = (text: string): string[] =>
  readText(text)
    .summary()
    .notices.map(({ code }) => code);
/** Seconds of all segments. */
const timesOf = (text: string): number[] => {
  const trace = readText(text);
  return [...trace.allSegments()].map(({ timeNs }) =>
    Math.floor(Number(trace.summary().start) + (timeNs ?? NaN) / 1e9),
  );
};
const labelOf = (text: string): string => [...readText(text).allSegments()][0]!.label;

describe('tcpdump as people show it', () => {
  it('is complete where they leave out fields of most lines', () => {
    const text = `
# the handshake
10.1.0.7.34000 > 10.5.0.5.80: Flags [S], seq 597000000, ..      # with the pod
10.5.0.5.80    > 10.1.0.7.34000: Flags [S.], seq 466000000, ..
10.1.0.7.34000 > 10.5.0.5.80:    Flags [.], ack 1

10.1.0.7.34000 > 10.5.0.5.80:    Flags [P.], seq 1:7, ack 1: HTTP
10.5.0.5.80    > 10.1.0.7.34000: Flags [.], ack 7
10.5.0.5.80    > 10.1.0.7.34000: Flags [P.], seq 1:496, ... length 495
`;
    assert.deepEqual(rowsOf(text), [
      ['SYN', 597_000_000, null, 0],
      ['SYN ACK', 466_000_000, null, 0],
      ['ACK', null, 466_000_001, 0],
      ['PSH ACK', 597_000_001, 466_000_001, 6],
      ['ACK', null, 597_000_007, 0],
      ['PSH ACK', 466_000_001, null, 495],
    ]);
    assert.deepEqual(codesOf(text), []);
  });

  it('is cut where most lines end at the same column', () => {
    const lines = [
      '10:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1000000001, win 64240, options [mss 1460], length 0',
      '10:00:00.000100 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [S.], seq 900000000, ack 1000000002, win 65160, length 0',
      '10:00:00.000200 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 1:78, ack 1, win 502, length 77: HTTP: GET / HTTP/1.1',
    ];
    assert.deepEqual(codesOf(lines.map((line) => line.slice(0, 78)).join('\n')), ['cut-line', 'cut-line', 'cut-line']);
  });

  it('reads what the manual shows, where only segments with data have a length', () => {
    const text = `
IP alpha.1023 > beta.login: Flags [S], seq 768512:768512, win 4096, opts [mss 1024]
IP beta.login > alpha.1023: Flags [S.], seq, 947648:947648, ack 768513, win 4096, opts [mss 1024]
IP alpha.1023 > beta.login: Flags [.], ack 1, win 4096
IP alpha.1023 > beta.login: Flags [P.], seq 1:2, ack 1, win 4096, length 1
IP beta.login > alpha.1023: Flags [.], ack 2, win 4096
`;
    assert.deepEqual(rowsOf(text), [
      ['SYN', 768_512, null, 0],
      ['SYN ACK', 947_648, 768_513, 0],
      ['ACK', null, 947_649, 0],
      ['PSH ACK', 768_513, 947_649, 1],
      ['ACK', null, 768_514, 0],
    ]);
    assert.deepEqual(codesOf(text), []);
    assert.equal(labelOf(text), 'SYN seq 0 win 4096 mss 1024');
  });

  it('takes a description of a line for no packet', () => {
    const text = `src > dst: Flags [tcpflags], seq data-seqno, ack ackno, win window, length len
10:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1000, win 64240, length 0
`;
    assert.deepEqual(rowsOf(text), [['SYN', 1000, null, 0]]);
  });

  it('takes sentences for no packets where lines have no time', () => {
    const text = `
IP addresses are resolved first.
IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1000, win 64240, length 0
IP over Ethernet
IP gw.40000 > web.80: Flags [S], seq 1000, win 64240, length 0
`;
    assert.deepEqual([readText(text).summary().frames, codesOf(text)], [2, []]);
  });

  it('reads flags in words, and in brackets alone', () => {
    const text = `
10:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [SYN], seq 1000, win 64240, length 0
10:00:00.000100 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [SYN.ACK], seq 2000, ack 1001, win 64240, length 0
10:00:00.000200 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [PUSH, ACK], seq 1:11, ack 1, win 64240, length 10
10:00:00.000300 IP 10.0.0.2.80 > 10.0.0.1.40000: [R.] seq 1, ack 11
`;
    assert.deepEqual(rowsOf(text), [
      ['SYN', 1000, null, 0],
      ['SYN ACK', 2000, 1001, 0],
      ['PSH ACK', 1001, 2001, 10],
      ['RST ACK', 2001, 1011, 0],
    ]);
  });

  it('reads options that stand alone', () => {
    const text = '25.070622 IP 10.8.5.4.1025 > 10.8.1.2.80: Flags [S], seq 11, win 64240, [mss 1400]\n';
    assert.equal(labelOf(text), 'SYN seq 0 win 64240 mss 1400');
  });

  it('takes 0 for ports that are not there, and says so', () => {
    const text =
      '10:00:00.000000 00:50:56:01:02:03 > 00:50:56:0a:0b:0c, ethertype IPv4 (0x0800), length 294: 192.168.1.3 > 192.168.1.124: Flags [P.], seq ...\n';
    const [connection] = readText(text).connections(0, 1);
    assert.deepEqual([connection?.client, connection?.server].map((end) => [end?.address, end?.port]).sort(), [
      ['192.168.1.124', 0],
      ['192.168.1.3', 0],
    ]);
    assert.deepEqual(codesOf(text), ['no-ports']);
  });

  it('reads the second line of -v however far it is indented', () => {
    const first = '03:03:15.670771 IP (tos 0x10, ttl 64, id 17278, offset 0, flags [DF], proto TCP (6), length 60)';
    const second =
      '10.0.0.1.34133 > 10.0.0.2.22: Flags [S], cksum 0x977b (correct), seq 2193487479, win 14600, length 0';
    for (const indent of ['', ' ', '  ', '    ', '\u00a0\u00a0'])
      assert.deepEqual(
        [rowsOf(`${first}\n${indent}${second}\n`), timesOf(`${first}\n${indent}${second}\n`)],
        [[['SYN', 2_193_487_479, null, 0]], [3 * 3600 + 3 * 60 + 15]],
        JSON.stringify(indent),
      );
  });

  it('reads a tunnel that it once took for OTV', () => {
    const text = `\
1660897108.334556 0c:42:a1:00:00:01 > 0c:42:a1:00:00:02, ethertype IPv4 (0x0800), length 124: (tos 0x0, ttl 64, id 32118, offset 0, flags [none], proto UDP (17), length 110)
    192.168.0.1.56773 > 192.168.0.3.8472: OTV, flags [I] (0x08), overlay 0, instance 1
56:fa:69:00:00:01 > 4e:95:a9:00:00:02, ethertype IPv4 (0x0800), length 74: (tos 0x0, ttl 63, id 41108, offset 0, flags [DF], proto TCP (6), length 60)
    172.19.0.6.35118 > 172.19.2.39.80: Flags [S], cksum 0x10c8 (correct), seq 582983385, win 64860, options [mss 1410], length 0
`;
    assert.deepEqual([rowsOf(text), timesOf(text)], [[['SYN', 582_983_385, null, 0]], [1_660_897_108]]);
  });
});

describe('tcpdump before version 4', () => {
  const SYN = [['SYN', 2_844_323_318, null, 0]];

  it('has a checksum behind the flags with -v', () => {
    const text =
      '16:48:49.844750 IP (tos 0x0, ttl 64, id 7514, offset 0, flags [DF], proto TCP (6), length 60) 10.1.1.2.34018 > 10.1.1.1.www: S, cksum 0x0dcf (correct), 2844323318:2844323318(0) win 5840 <mss 1460,sackOK,timestamp 61612 0,nop,wscale 5>\n';
    const [row] = readText(text).allSegments();
    assert.deepEqual([told(row!), row!.checksum], [SYN[0], 'good']);
    assert.deepEqual(rowsOf(text.replace('S, cksum 0x0dcf (correct),', 'S [tcp sum ok]')), SYN);
  });

  it('is put together where a mailer has wrapped it, wherever that is', () => {
    const words =
      '16:48:49.844750 00:01:02:03:04:05 > 00:11:22:33:44:55, ethertype IPv4 (0x0800), length 74: IP 10.1.1.2.34018 > 10.1.1.1.ssh: S 2844323318:2844323318(0) win 5840 <mss 1460,sackOK,timestamp 693446023 0,nop,wscale 2>'.split(
        ' ',
      );
    const next = '16:48:52.844750 IP 10.1.1.1.ssh > 10.1.1.2.34018: R 0:0(0) ack 2844323319 win 0';
    for (let at = 7; at < words.length; at++) {
      // What begins with the arrow looks like a quotation.
      if (words[at] === '>') continue;
      for (const lineBreak of ['\n', ' \n', '\n\n']) {
        const wrapped = `${words.slice(0, at).join(' ')}${lineBreak}${words.slice(at).join(' ')}`;
        assert.deepEqual(
          rowsOf(`Hello,\n\n${wrapped}\n${next}\n\nBye\n`),
          [...SYN, ['RST ACK', 0, 2_844_323_319, 0]],
          JSON.stringify(wrapped),
        );
      }
    }
  });

  it('has dumps without a colon behind the offset (-X before 3.8)', () => {
    const [row] = readText(`\
14:37:45.398786 10.0.0.1.40000 > 10.0.0.2.80: S 1000:1000(0) win 64240 (ttl 64, id 0, len 40)
0x0000   4500 0028 0000 4000 4006 26ce 0a00 0001        E..(..@.@.&.....
0x0010   0a00 0002 9c40 0050 0000 03e8 0000 0000        .....@.P........
0x0020   5002 faf0 0000 0000                            P.......
14:37:46.398786 10.0.0.2.80 > 10.0.0.1.40000: R 0:0(0) ack 1001 win 0 (ttl 64, id 0, len 40)
`).allSegments();
    // A checksum of 0 is in the bytes only.
    assert.deepEqual([told(row!), row!.checksum, row!.timeNs], [['SYN', 1000, 0, 0], 'bad', 0]);
  });

  it('is read past what an editor puts in front of what it has wrapped', () => {
    const text =
      '15:26:11.119964 212.31.78.62.22 > 192.168.53.4.4819: S 3560917622:3560917622(0) +ack 2626815413 win 17520 +<mss 1460>\n';
    assert.deepEqual(rowsOf(text), [['SYN ACK', 3_560_917_622, 2_626_815_413, 0]]);
  });

  it('is put together behind what a logger writes', () => {
    const text = `\
Apr 29 22:07:36.108037 rule 25/(match) pass out on xl0: 213.187.179.198.25 >
213.236.166.45.65106: P 2038177705:2038177719(14) ack 149019161 win 17424 (DF)
Apr 29 22:07:37.108240 rule def/(match) pass out on em0: 213.187.179.198.22 >
192.168.103.44.30827: P 76:232(156) ack 1 win 17520 [tos 0x10]
`;
    assert.deepEqual(
      rowsOf(text).map(([flags, , , length]) => [flags, length]),
      [
        ['PSH ACK', 14],
        ['PSH ACK', 156],
      ],
    );
    assert.deepEqual(timesOf(text), [79_656, 79_657]);
  });
});

describe('numbers of tcpdump', () => {
  it('count from the SYN where the SYN-ACK that they counted from is not in the text', () => {
    const text = `
12:10:30.083284 IP 10.6.2.2.51136 > 10.7.3.3.8080: Flags [S], seq 1658620893, win 29200, length 0
12:10:30.083612 IP 10.6.2.2.51136 > 10.7.3.3.8080: Flags [.], ack 1, win 229, length 0
12:10:30.083899 IP 10.6.2.2.51136 > 10.7.3.3.8080: Flags [P.], seq 1:107, ack 1, win 229, length 106
12:10:30.084038 IP 10.7.3.3.8080 > 10.6.2.2.51136: Flags [.], ack 107, win 227, length 0
`;
    assert.deepEqual(rowsOf(text), [
      ['SYN', 1_658_620_893, null, 0],
      ['ACK', null, null, 0],
      ['PSH ACK', 1_658_620_894, null, 106],
      ['ACK', null, 1_658_621_000, 0],
    ]);
  });

  it('are raw from the first segment with an acknowledgment on, where only one direction was captured', () => {
    const text = `
12:10:30.083284 IP 10.6.2.2.51136 > 10.7.3.3.8080: Flags [S], seq 1658620893, win 29200, length 0
12:10:30.083612 IP 10.6.2.2.51136 > 10.7.3.3.8080: Flags [.], ack 2918345429, win 229, length 0
12:10:30.083899 IP 10.6.2.2.51136 > 10.7.3.3.8080: Flags [P.], seq 0:106, ack 1, win 229, length 106
`;
    assert.deepEqual(rowsOf(text), [
      ['SYN', 1_658_620_893, null, 0],
      ['ACK', null, 2_918_345_429, 0],
      ['PSH ACK', 1_658_620_894, 2_918_345_429, 106],
    ]);
  });
});

describe('a part of what tcpdump printed', () => {
  const notesOf = (text: string): string[] =>
    [...readText(text).allSegments()].flatMap(({ notes }) => notes.map(({ kind }) => kind));
  const numbersOf = (text: string): unknown[] => [...readText(text).allSegments()].map(({ seq, ack }) => [seq, ack]);

  it('has relative numbers where it begins with 1', () => {
    const text = `
20:12:56.487520 IP 10.0.0.1.34574 > 10.0.0.2.21: Flags [.], ack 1, win 512, length 0
20:12:56.491689 IP 10.0.0.2.21 > 10.0.0.1.34574: Flags [P.], seq 1:36, ack 1, win 512, length 35: FTP: 220 ready
20:12:56.491719 IP 10.0.0.1.34574 > 10.0.0.2.21: Flags [.], ack 36, win 512, length 0
20:12:57.491719 IP 10.0.0.1.34574 > 10.0.0.2.21: Flags [P.], seq 1:17, ack 36, win 512, length 16: FTP: USER anonymous
`;
    assert.deepEqual(
      [numbersOf(text), notesOf(text)],
      [
        [
          [1, 1],
          [1, 1],
          [1, 36],
          [1, 36],
        ],
        [],
      ],
    );
    assert.deepEqual(rowsOf(text)[1], ['PSH ACK', null, null, 35]);
  });

  it('has numbers as on the wire where later ones count from them', () => {
    // tcpdump prints the first segment with an acknowledgment as it is, here with number 1, and others from there.
    const text = `
20:12:56.000000 IP 10.0.0.1.34574 > 10.0.0.2.21: Flags [P.], seq 1:53, ack 1, win 512, length 52
20:12:56.100000 IP 10.0.0.2.21 > 10.0.0.1.34574: Flags [.], ack 52, win 512, length 0
20:12:56.200000 IP 10.0.0.1.34574 > 10.0.0.2.21: Flags [P.], seq 52:104, ack 1, win 512, length 52
`;
    assert.deepEqual(
      [numbersOf(text), notesOf(text)],
      [
        [
          [1, 1],
          [1, 53],
          [53, 1],
        ],
        [],
      ],
    );
  });

  it('is refused with a number of 0 and an acknowledgment as on the wire', () => {
    const text =
      '22:15:16.348105 IP 127.0.0.1.9999 > 127.0.0.1.32803: Flags [R.], seq 0, ack 3357881820, win 0, length 0\n';
    assert.deepEqual(rowsOf(text), [['RST ACK', 0, 3_357_881_820, 0]]);
  });
});

describe('the books', () => {
  it('have the flags on a line below the addresses', () => {
    for (const indent of ['    ', '       ', ' ', '\t'])
      assert.deepEqual(
        rowsOf(`\
1 22:15:16.348064 127.0.0.1.32803 > 127.0.0.1.9999:
${indent}S [tcp sum ok] 3357881819:3357881819(0) win 32767
${indent}<mss 16396,sackOK,timestamp 16945235 0,nop,wscale 0>

2 22:15:16.348105 127.0.0.1.9999 > 127.0.0.1.32803:
${indent}R [tcp sum ok] 0:0(0) ack 3357881820 win 0
`),
        [
          ['SYN', 3_357_881_819, null, 0],
          ['RST ACK', 0, 3_357_881_820, 0],
        ],
        JSON.stringify(indent),
      );
  });
});

describe('Wireshark’s list as people show it', () => {
  it('reads rows of its CSV without their titles, in a list of their own or behind blanks', () => {
    const rows = [
      '"76","5.052936","10.0.0.40","10.0.0.1","DNS","72","Standard query 0x90f1 A example.com"',
      '"79","5.057728","10.0.0.40","172.66.40.156","TCP","66","56302  >  443 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 WS=256"',
      '"80","5.078213","172.66.40.156","10.0.0.40","TCP","66","443  >  56302 [SYN, ACK] Seq=0 Ack=1 Win=65535 Len=0"',
    ];
    for (const front of ['', '\t', '* ', '> ', '  - '])
      assert.deepEqual(
        [rowsOf(`As follows:\n\n${rows.map((row) => `${front}${row}\n\n`).join('')}`), front],
        [
          [
            ['SYN', null, null, 0],
            ['SYN ACK', null, null, 0],
          ],
          front,
        ],
      );
  });

  it('knows its arrows also where they have become something else, and ports that are written together', () => {
    for (const arrow of ['→', '->', 'â†’', 'ÔåÆ', '?', '-'])
      for (const blank of [' ', ''])
        for (const row of [
          `1\t0.000000\t10.0.0.1\t10.0.0.2\tTCP\t66\t48113${blank}${arrow}${blank}443 [SYN] Seq=0 Win=8192 Len=0`,
          `"1","0.000000","10.0.0.1","10.0.0.2","TCP","66","48113${blank}${arrow}${blank}443 [SYN] Seq=0 Win=8192 Len=0"`,
        ])
          assert.deepEqual(
            readText(`${row}\n`)
              .connections(0, 9)
              .map(({ client, server }) => [client.port, server.port]),
            [[48_113, 443]],
            row,
          );
    const summary = '    1   0.000000     10.0.0.1 → 10.0.0.2     TCP 66 48113 → 443 [SYN] Seq=0 Win=8192 Len=0\n';
    assert.deepEqual(rowsOf(summary.replaceAll('→', 'â†’')), rowsOf(summary));
  });

  it('leaves lines of packets alone that stand below words like its titles', () => {
    const text = `Packet  Time    Source  Destination Protocol    Length  Info
139 10.187547   x-server    Y--client   TCP 62  ftp-data > 15943 [SYN] Seq=0 Win=8192 Len=0 MSS=4034 SACK_PERM=1
140 10.187632   Y--client   x-server    TCP 62  15943 > ftp-data [SYN, ACK] Seq=0 Ack=1 Win=8192 Len=0
141 10.203807   Y--client   x-server    FTP-DATA    8122    FTP Data: 8068 bytes
142 10.204378   x-server    Y--client   TCP 60  ftp-data > 15943 [ACK] Seq=1 Ack=8069 Win=64544 Len=0
`;
    assert.deepEqual(
      [...readText(text).allSegments()].map(({ label, packet }) => [packet, label]),
      [
        [1, 'SYN seq 0 win 8192 mss 4034'],
        [2, 'SYN ACK seq 0 ack 1 win 8192'],
        [4, 'ACK ack 8069'],
      ],
    );
    assert.equal(readText(text).summary().start, '10.187547000');
    const [connection] = readText(text).connections(0, 1);
    assert.deepEqual(
      [connection?.client, connection?.server].map((end) => [end?.address, end?.port]),
      [
        ['x-server', 20],
        ['Y--client', 15943],
      ],
    );
  });

  it('reads the shift of windows and the timestamps of versions before 1.8', () => {
    const text = `4331.365739 10.0.0.1 -> 10.0.0.2 TCP 55906 > 7890 [SYN] Seq=0 Win=65535 Len=0 MSS=1460 WS=3 TSV=951696379 TSER=0
4331.365771 10.0.0.2 -> 10.0.0.1 TCP 7890 > 55906 [SYN, ACK] Seq=0 Ack=1 Win=5792 Len=0 MSS=1460 TSV=19 TSER=951696379 WS=8
4331.440504 10.0.0.1 -> 10.0.0.2 TCP 55906 > 7890 [ACK] Seq=1 Ack=1 Win=524280 Len=0 TSV=951696380 TSER=19
`;
    // 524280 is 65535 shifted by 3.
    const { window, scaledWindow } = [...readText(text).allSegments()][2]!;
    assert.deepEqual([window, scaledWindow], [65_535, 524_280]);
    assert.deepEqual(readText(text).options(1), [
      { kind: 'mss', value: 1460 },
      { kind: 'timestamps', value: 19, echo: 951_696_379 },
      { kind: 'window-scale', shift: 8 },
    ]);
  });
});

describe('fields of tshark without titles', () => {
  const command = `I ran this:

$ tshark -r x.pcap -Y tcp -T fields -e frame.number -e frame.time_relative \\
     -e ip.src -e "tcp.srcport" -e ip.dst -e tcp.dstport \\
     -e tcp.flags -e tcp.seq -e tcp.ack -e tcp.len`;
  const rows = [
    ['1', '0.000000000', '10.0.0.1', '40000', '10.0.0.2', '80', '0x0002', '0', '0', '0'],
    ['2', '0.000100000', '10.0.0.2', '80', '10.0.0.1', '40000', '0x0012', '0', '1', '0'],
    ['3', '0.000300000', '10.0.0.1', '40000', '10.0.0.2', '80', '0x0018', '1', '1', '5'],
  ];
  const check = (text: string): void =>
    assert.deepEqual(
      [...readText(text).allSegments()].map(({ from, flags, seq, ack, len, timeNs }) => [
        from,
        flags.join(' '),
        seq,
        ack,
        len,
        timeNs,
      ]),
      [
        ['client', 'SYN', 0, 0, 0, 0],
        ['server', 'SYN ACK', 0, 1, 0, 100_000],
        ['client', 'PSH ACK', 1, 1, 5, 300_000],
      ],
    );

  it('are those that the command names', () => {
    check(`${command}\n${rows.map((row) => row.join('\t')).join('\n')}\n`);
    check(`${command} -E separator=,\n${rows.map((row) => row.join(',')).join('\n')}\n`);
    check(`${command} -E separator=/s\n${rows.map((row) => row.join(' ')).join('\n')}\n`);
  });

  it('may have blanks in place of tabs, and so may titles', () => {
    const blanks = rows.map((row) => row.map((cell) => cell.padEnd(16)).join('')).join('\n');
    check(`${command}\n${blanks}\n`);
    const titles = command.match(/(?<=-e "?)[a-z._]+/g)!;
    check(`${titles.map((title) => title.padEnd(24)).join('')}\n${blanks}\n`);
  });
});

describe('bytes as people show them', () => {
  // IPv4 from 10.0.0.1 to 10.0.0.2, TCP from 40000 to 80, sequence number 1000, SYN, window 64240; and its answer.
  const syn = '45000028000040004006 26ce0a0000010a0000029c400050000003e8000000005002faf000000000'.replace(' ', '');
  const answer = '4500002800004000400626ce0a0000020a00000100509c4000001388000003e95012fe8800000000';
  const both = [
    ['SYN', 1000, 0, 0],
    ['SYN ACK', 5000, 1001, 0],
  ];

  it('are a packet on a line of its own (Wireshark’s Hex Stream)', () => {
    assert.deepEqual(rowsOf(`The packet is:\n\n${syn}\n`), both.slice(0, 1));
    assert.deepEqual(rowsOf(`${syn}\n${answer}\n`), both);
  });

  it('are no trace where they are something else', () => {
    const digest = 'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce';
    const tcpdump = '10:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1000, win 64240, length 0\n';
    assert.throws(() => readText(`${digest}\n`));
    assert.deepEqual(rowsOf(`${`${digest}\n`.repeat(9)}\n${tcpdump}`), [['SYN', 1000, null, 0]]);
    const code =
      'const crc = [0x00000000, 0x77073096];\nconst mask = { 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80 };\n';
    assert.throws(() => readText(code));
    assert.deepEqual(rowsOf(code.repeat(9) + tcpdump), [['SYN', 1000, null, 0]]);
  });

  it('are a packet in each array or row of strings of source code', () => {
    const inHex = (text: string, before: string, apart: string): string =>
      Array.from({ length: text.length / 2 }, (_, i) => `${before}${text.slice(2 * i, 2 * i + 2)}`).join(apart);
    const rows = (text: string): string[] => [text.slice(0, 32), text.slice(32, 64), text.slice(64)];
    const array = (text: string): string =>
      `{\n${rows(text)
        .map((row) => `  ${inHex(row, '0x', ', ')}`)
        .join(',\n')}\n};\n`;
    const strings = (text: string): string =>
      rows(text)
        .map((row) => `"${inHex(row, '\\x', '')}"`)
        .join(' \\\n');
    assert.deepEqual(rowsOf(`u8 a[] = ${array(syn)}u8 b[] = ${array(answer)}u32 length = 40;\n`), both);
    assert.deepEqual(rowsOf(`packets = [${inHex(syn, '0x', ',')}],\n  [${inHex(answer, '0x', ',')}]\n`), both);
    assert.deepEqual(rowsOf(`${strings(syn)};\n\nx = (${strings(answer)})\n`), both);
  });
});

describe('a part of Wireshark’s list', () => {
  const text = `\
13710   1.694047   10.0.0.100 → 10.0.0.101   TCP 54 5001 → 18442 [FIN, ACK] Seq=1 Ack=10000002 Win=262140 Len=0
13711   1.694124   10.0.0.101 → 10.0.0.100   TCP 54 18442 → 5001 [ACK] Seq=10000002 Ack=2 Win=262140 Len=0
13712   1.694272   10.0.0.100 → 10.0.0.101   TCP 54 5001 → 18442 [ACK] Seq=2 Ack=10000002 Win=262140 Len=0
13713   1.694373   10.0.0.101 → 10.0.0.100   TCP 54 18442 → 5001 [ACK] Seq=10000002 Ack=2 Win=262140 Len=0
`;

  it('has the relative numbers that it prints', () => {
    assert.deepEqual(
      [...readText(text).allSegments()].map(({ seq, ack }) => [seq, ack]),
      [
        [1, 10_000_002],
        [10_000_002, 2],
        [2, 10_000_002],
        [10_000_002, 2],
      ],
    );
  });

  it('has the same numbers where a note says why', () => {
    const values = readText(text)
      .reasons(0, 3)
      .flatMap(({ conditions }) => conditions.map((condition) => condition.values));
    assert.deepEqual(
      values.filter((value) => 'seq' in value || 'ack' in value),
      [
        { seq: 10_000_002, nextSeq: 10_000_002 },
        { ack: 2, lastAck: 2 },
      ],
    );
  });
});

describe('Wireshark’s details as people show them', () => {
  const titled = (
    number: number,
    time: string,
    info: string,
    tcp: string,
  ): string => `No.     Time        Source                Destination           Protocol Info
      ${number} ${time}    192.168.1.1           192.168.1.2           TCP      ${info}

Frame ${number} (74 bytes on wire, 74 bytes captured)
Ethernet II, Src: 02:04:06:9d:e2:92 (02:04:06:9d:e2:92), Dst: 02:04:06:91:d5:bb (02:04:06:91:d5:bb)
Internet Protocol, Src: 192.168.1.1 (192.168.1.1), Dst: 192.168.1.2 (192.168.1.2)
Transmission Control Protocol, Src Port: 3809 (3809), Dst Port: http (80), ${tcp}

`;

  it('have flags, window, options and the time of the line of the list above them where they are folded up', () => {
    const text =
      titled(1, '0.000000', '3809 > http [SYN] Seq=0 Win=5840 Len=0 MSS=1460', 'Seq: 0, Len: 0') +
      titled(2, '0.250000', '3809 > http [PSH, ACK] Seq=1 Ack=1 Win=5840 Len=7', 'Seq: 1, Ack: 1, Len: 7');
    const trace = readText(text);
    const rows = [...trace.allSegments()];
    assert.deepEqual(
      rows.map(({ flags, seq, len, window, timeNs }) => [flags.join(' '), seq, len, window, timeNs]),
      [
        ['SYN', 0, 0, 5840, 0],
        ['PSH ACK', 1, 7, 5840, 250_000_000],
      ],
    );
    assert.deepEqual([trace.summary().frames, readText(text).options(0)], [2, [{ kind: 'mss', value: 1460 }]]);
  });

  it('belong to the line of the list in front of them where that has no titles (-P)', () => {
    const packet = (number: number, time: string, info: string, tcp: string): string => `\
    ${number}   ${time} 10.0.0.1 → 10.0.0.2 TCP 74 ${info}
Frame ${number}: 74 bytes on wire (592 bits), 74 bytes captured (592 bits) on interface unknown, id 0
Ethernet II, Src: 02:04:06:9d:e2:92, Dst: 02:04:06:91:d5:bb
Internet Protocol Version 4, Src: 10.0.0.1, Dst: 10.0.0.2
Transmission Control Protocol, Src Port: 3809, Dst Port: 80, ${tcp}

`;
    const trace = readText(
      packet(1, '0.000000', '3809 → 80 [SYN] Seq=0 Win=5840 Len=0', 'Seq: 0, Len: 0') +
        packet(2, '0.250000', '3809 → 80 [PSH, ACK] Seq=1 Ack=1 Win=5840 Len=7', 'Seq: 1, Ack: 1, Len: 7'),
    );
    assert.deepEqual(
      [...trace.allSegments()].map(({ flags, len, timeNs, packet: number }) => [
        flags.join(' '),
        len,
        timeNs,
        trace.linesOf(number)?.first,
      ]),
      [
        ['SYN', 0, 0, 1],
        ['PSH ACK', 7, 250_000_000, 7],
      ],
    );
  });

  it('have the window of versions before 1.6', () => {
    const text = `${titled(1, '0.000000', '', 'Seq: 0, Len: 0').trimEnd()}
    Sequence number: 0    (relative sequence number)
    Flags: 0x02 (SYN)
    Window size: 5840
    Checksum: 0xfa74 [correct]
`;
    const [row] = readText(text).allSegments();
    assert.deepEqual([row?.flags, row?.window, row?.checksum], [['SYN'], 5840, 'good']);
  });

  it('need not be indented', () => {
    const text = `/*
        Frame 54: 78 bytes on wire (624 bits), 78 bytes captured (624 bits) on interface en0, id 0
        Arrival Time: Jun 29, 2014 14:07:42.841398000 CEST
        Internet Protocol Version 4, Src: 192.168.1.102, Dst: 36.155.189.213
        Transmission Control Protocol, Src Port: 62231, Dst Port: 80, Seq: 0, Len: 0
        Source Port: 62231
        [Stream index: 2]
        Sequence Number (raw): 1502734453
        1011 .... = Header Length: 44 bytes (11)
        Flags: 0x002 (SYN)
        Window: 65535
*/
`;
    const [row] = readText(text).allSegments();
    assert.deepEqual([row?.flags, row?.seqRaw, row?.window], [['SYN'], 1_502_734_453, 65_535]);
  });
});
