import assert from 'node:assert/strict';
import { bytesSource } from '../../../src/core/bytes/source';
import { Trace } from '../../../src/core/analyze';
import type { SegmentRow } from '../../../src/core/model/segment';

const analysed = (text: string | Uint8Array): Trace => {
  const trace = Trace.open(bytesSource(typeof text === 'string' ? Buffer.from(text) : text), { decompressionLimit: 1 });
  while (trace.step());
  return trace;
};
const rowsOf = (text: string): SegmentRow[] => [...analysed(text).allSegments()];

/** Numbers of a row; `null` for what the text does not have. */
const numbers = (row: SegmentRow): (number | null)[] => [
  row.missing.includes('seq') ? null : row.seqRaw,
  row.missing.includes('ack') ? null : row.ackRaw,
  row.len,
  row.missing.includes('window') ? null : row.window,
];

const HANDSHAKE = `
10:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1000, win 64240, options [mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7], length 0
10:00:00.000100 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [S.], seq 900000000, ack 1001, win 65160, options [mss 1460,sackOK,TS val 9 ecr 1,nop,wscale 8], length 0
10:00:00.000200 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], ack 1, win 502, options [nop,nop,TS val 2 ecr 9], length 0
10:00:00.000300 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 1:78, ack 1, win 502, options [nop,nop,TS val 3 ecr 9], length 77: HTTP: GET / HTTP/1.1
`.trimStart();

describe('tcpdump text', () => {
  it('is no hex dump where what it begins with is no IP, and most of it is dumps', () => {
    const dump = Array.from(
      { length: 12 },
      (_, i) =>
        `\t0x${(i * 16).toString(16).padStart(4, '0')}:  84b5 9cbe 3048 0cc4 ad37 10e0 8902 00cc  ....0H...7......\n`,
    ).join('');
    const trace = analysed(
      `    1   00:00:00.000000 CFMv0 unknown (204), MD Level 0, length 168\n\tFirst TLV offset 52\n${dump}` +
        '    2   06:32:32.008521 IP (tos 0x10, ttl 62, id 64806, offset 0, flags [DF], proto TCP (6), length 52)\n' +
        '    204.9.51.132.50079 > 204.9.54.80.ssh: tcp 0\n',
    );
    const { textFormat, frames } = trace.summary();
    assert.deepEqual([textFormat, frames], ['tcpdump', 2]);
    assert.equal([...trace.allSegments()][0]!.packet, 2);
  });

  it('reads frames to a hardware address that begins as an IP header does (-xx), and packets alone (-x)', () => {
    // The same SYN in a frame to 60:38:e0:c5:35:a0 from 00:18:f3:64:b1:88, in one with a VLAN tag, and without a link layer.
    const ip =
      '4500 0028 b7ac 4000 7906 c8bd c0a8 0001 c0a8 0014 9944 7a69 2ba2 59b2 0000 0000 5002 03ec 9092 0000'.split(' ');
    const addresses = ['6038', 'e0c5', '35a0', '0018', 'f364', 'b188'];
    const dumps = [[...addresses, '0800', ...ip], [...addresses, '8100', '0007', '0800', ...ip], ip];
    for (const words of dumps) {
      const lines = Array.from(
        { length: Math.ceil(words.length / 8) },
        (_, i) => `\t0x${(i * 16).toString(16).padStart(4, '0')}:  ${words.slice(i * 8, i * 8 + 8).join(' ')}\n`,
      );
      const [row] = rowsOf(
        '18:09:00.401990 IP 192.168.0.1.39236 > 192.168.0.20.31337: Flags [S], seq 732060082, win 1004, length 0\n' +
          lines.join(''),
      );
      assert.deepEqual(numbers(row!), [732_060_082, 0, 0, 1004]);
    }
  });

  it('takes no IP packet from the dump of what has another type', () => {
    const trace = analysed(`\
10:00:00.000000 00:50:8b:93:93:7c > 08:00:20:b2:5d:7b, ethertype Unknown (0x0900), length 60:${' '}
\t0x0000:  4500 0028 f04a 4000 8006 ac4a ac14 0305
\t0x0010:  ac14 030d 0a28 0050 e415 fdfe c96b ff6d
\t0x0020:  5011 21a9 7a89 0000
10:00:00.000018 IP 172.20.3.13.80 > 172.20.3.5.2600: Flags [.], ack 3826646527, win 33580, length 0
`);
    assert.deepEqual(
      [...trace.allSegments()].map(({ packet }) => packet),
      [2],
    );
  });

  it('takes the last of two dumps: what a printer makes of a payload stands before the packet', () => {
    const [row] = rowsOf(`\
2015-10-18 08:28:59.131847 unknown PPP protocol (0x000f)${' '}
\t0x0000:  0008 0045 c000 2cf8 9240 0001 06b6 5664
\t0x0010:  1001 0264 1001 0147 9400 b3bc ea75 d100
\t0x0020:  0000 0060 0240 0013 0000 0002 0405 b4
\t0x0000:  45c0 002c f892 4000 0106 b656 6410 0102
\t0x0010:  6410 0101 4794 00b3 bcea 75d1 0000 0000
\t0x0020:  6002 4000 1300 0000 0204 05b4
`);
    assert.deepEqual([row!.seqRaw, row!.flags, row!.window], [0xbcea75d1, ['SYN'], 0x4000]);
  });

  it('does not know the length of a packet of which a line has the first fragment', () => {
    const [row] = [
      ...analysed(`\
00:20:33.999999 IP (tos 0x0, ttl 254, id 40207, offset 0, flags [+, DF, rsvd], proto TCP (6), length 296)
    241.0.32.19.179 > 239.0.0.1.0: Flags [.], seq 2146695561:2146695813, ack 7, win 56026, length 252
`).allSegments(),
    ];
    assert.equal(row!.lengthKnown, false);
  });

  it('takes no IP header from a dump of LLC, whose service access points may look like one', () => {
    const trace = analysed(`\
17:19:33.684826 84:b5:9c:be:30:48 Unknown SSAP 0x10 > 0c:c4:7a:08:e9:12 Unknown DSAP 0x44 Information, send seq 0, rcv seq 26, Flags [Command], length 52
\t0x0000:  4510 0034 f5c8 4000 3e06 4504 cc09 3384  E..4..@.>.E...3.
\t0x0010:  cc09 3650 c39f 0016 49d1 c854 6c6f 1322  ..6P....I..Tlo."
\t0x0020:  8010 0ffc 858b 0000 0101 080a 381c 3209  ............8.2.
\t0x0030:  4fe7 cfd4                                O...
17:19:33.703625 IP 204.0.55.10.323 > 204.9.54.80.55936: Flags [.], ack 370436242, win 1040, length 0
`);
    assert.deepEqual([trace.summary().frames, trace.summary().segments], [2, 1]);
  });

  it('gives the numbers on the wire back that tcpdump printed relative', () => {
    assert.deepEqual(rowsOf(HANDSHAKE).map(numbers), [
      [1000, null, 0, 64240],
      [900000000, 1001, 0, 65160],
      [null, 900000001, 0, 502],
      [1001, 900000001, 77, 502],
    ]);
  });

  it('takes numbers as they are where they are raw (-S)', () => {
    const raw = HANDSHAKE.replaceAll('ack 1,', 'ack 900000001,').replace('seq 1:78', 'seq 1001:1078');
    assert.deepEqual(rowsOf(raw).map(numbers), rowsOf(HANDSHAKE).map(numbers));
  });

  it('counts from the first number that it sees where there was no SYN, as tcpdump does', () => {
    // The first line is printed raw; the second counts from 5000, the third from 7000 - 1.
    const rows = rowsOf(`
10:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 5000:5010, ack 7000, win 502, length 10
10:00:00.000100 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 10:20, ack 1, win 502, length 10
10:00:00.000200 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [P.], seq 1:6, ack 20, win 502, length 5
`);
    assert.deepEqual(rows.map(numbers), [
      [5000, 7000, 10, 502],
      [5010, 7000, 10, 502],
      [7000, 5020, 5, 502],
    ]);
  });

  it('has states, notes and windows as a capture has', () => {
    const rows = rowsOf(HANDSHAKE);
    assert.deepEqual(
      rows.map((row) => [row.client.state, row.server.state]),
      [
        ['SYN-SENT', 'SYN-RECEIVED'],
        ['ESTABLISHED', 'SYN-RECEIVED'],
        ['ESTABLISHED', 'ESTABLISHED'],
        ['ESTABLISHED', 'ESTABLISHED'],
      ],
    );
    assert.equal(rows[3]!.scaledWindow, 502 * 128);
  });

  it('knows every option that tcpdump names', () => {
    const line = (options: string): string =>
      `10:00:00.000000 IP 10.0.0.1.4 > 10.0.0.2.80: Flags [S], seq 1, win 1, options [${options}], length 0\n`;
    const options = (text: string): unknown => analysed(line(text)).options(0);
    assert.deepEqual(options('mss 1460,nop,wscale 7,sackOK,TS val 4294967295 ecr 5,eol'), [
      { kind: 'mss', value: 1460 },
      { kind: 'nop' },
      { kind: 'window-scale', shift: 7 },
      { kind: 'sack-permitted' },
      { kind: 'timestamps', value: 4294967295, echo: 5 },
      { kind: 'end' },
    ]);
    assert.deepEqual(options('tfo  cookie d4e718bf,nop'), [
      { kind: 'fast-open', option: 34, data: 'd4e718bf', cookie: 'd4e718bf' },
      { kind: 'nop' },
    ]);
    assert.deepEqual(options('unknown-200 0xc0ff,uto 0x8001 60,echo 7'), [
      { kind: 'option-200', option: 200, data: 'c0ff' },
      { kind: 'user-timeout', option: 28, data: '8001', unit: 'minutes', value: 1 },
      { kind: 'echo', option: 6, data: '00000007', value: 7 },
    ]);
  });

  it('makes SACK edges those on the wire', () => {
    const trace = analysed(
      `${HANDSHAKE}10:00:00.000400 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack 1, win 502, options [nop,nop,sack 1 {78:155}], length 0\n`,
    );
    assert.deepEqual(trace.options(4).at(-1), { kind: 'sack', blocks: [[1078, 1155]] });
  });

  it('reads what is inside VXLAN on the line below, and headers on lines of their own', () => {
    const inside = 'IP 10.0.0.1.4 > 10.0.0.2.80: Flags [S], seq 1, win 1, length 0\n';
    const outside = '10.9.0.1.40000 > 10.9.0.2.4789: VXLAN, flags [I] (0x08), vni 10\n';
    for (const time of ['10:00:00.000000 ', '    1  ', '']) {
      const trace = analysed(`${time}IP ${outside}${inside}`.repeat(2));
      assert.deepEqual([trace.summary().frames, trace.summary().segments], [2, 2], time);
    }
    const ip = '(tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 40)';
    const mpls = `10:00:00.000000 MPLS (label 16, tc 0, ttl 64)\n\t(label 17, tc 0, [S], ttl 64)\n\tIP ${ip}\n    `;
    const rows = rowsOf(mpls + inside.slice(3));
    assert.deepEqual(
      rows.map(({ flags, seqRaw }) => [flags, seqRaw]),
      [[['SYN'], 1]],
    );
  });

  it('knows a packet without a time by how link layers begin their lines', () => {
    const segment = '10.0.0.1.4 > 10.0.0.2.80: Flags [S], seq 1, win 1, length 0\n';
    for (const front of [
      '02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 54: ',
      ' In 02:00:00:00:00:01 ethertype IPv4 (0x0800), length 56: ',
      'eth0  Out IP ',
      '?     In  ifindex 20 02:00:00:00:00:01 ethertype IPv4 (0x0800), length 60: ',
      'async0 02:00:00:00:00:01 > 02:00:00:00:00:02, IPv4, length 61: ',
      'unicast, ethertype IPv4 (0x0800), length 44: ',
      'Q.922, hdr-len 2, DLCI 102, Flags [none], cisco-ethertype IPv4 (0x0800), length 44: ',
      'IPv4, length 44: ',
    ]) {
      const trace = analysed(`${front}${segment}`.repeat(3));
      assert.deepEqual([trace.summary().clock, trace.summary().segments], ['none', 3], front);
    }
  });

  it('learns number and time of the two-line form from its first line', () => {
    const first = '(tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 40)';
    const second = '    10.0.0.1.4 > 10.0.0.2.80: Flags [S], seq 1, win 1, length 0\n';
    const text = (front: string): string => `${front}, IPv4, length 60: ${first}\n${second}`.repeat(2);
    const described = (front: string): unknown[] => {
      const { clock, segments } = analysed(text(front)).summary();
      return [clock, segments];
    };
    assert.deepEqual(described('    1  02:00:00:00:00:01 > 02:00:00:00:00:02'), ['none', 2]);
    assert.deepEqual(described('1276712410.371775 02:00:00:00:00:01 > 02:00:00:00:00:02'), ['absolute', 2]);
  });

  it('tells raw numbers near 0 from relative ones by what must come next', () => {
    const near = HANDSHAKE.replace('900000000', '9000').replaceAll('ack 1,', 'ack 9001,').replace('1:78', '1001:1078');
    assert.deepEqual(rowsOf(near).map(numbers), [
      [1000, null, 0, 64240],
      [9000, 1001, 0, 65160],
      [null, 9001, 0, 502],
      [1001, 9001, 77, 502],
    ]);
  });

  it('reads every kind of time', () => {
    const time = (front: string): string | null =>
      analysed(`${front}IP 10.0.0.1.4 > 10.0.0.2.80: Flags [S], seq 1, win 1, length 0\n`).time(1);
    assert.equal(time('10:00:01.000002 '), '36001.000002000');
    assert.equal(time('1700000000.123456 '), '1700000000.123456000');
    assert.equal(time('2023-11-14 22:13:20.123456 '), '1700000000.123456000');
    assert.equal(time('2023-11-14 22:13:20.123456789 '), '1700000000.123456789');
    assert.equal(time(' 00:00:00.000005 '), '0.000005000');
    assert.equal(time(''), null);
    assert.equal(time('    1  '), null);
  });

  it('adds up times since the packet before', () => {
    const line = (time: string): string =>
      ` 00:00:${time} IP 10.0.0.1.4 > 10.0.0.2.80: Flags [.], ack 1, win 1, length 0\n`;
    const trace = analysed(['00.000000', '01.500000', '00.600000', '01.000000', '00.100000'].map(line).join(''));
    assert.equal(trace.time(5), '3.200000000');
    assert.equal(trace.summary().clock, 'delta');
  });

  it('begins a new day at midnight', () => {
    const line = (time: string): string => `${time} IP 10.0.0.1.4 > 10.0.0.2.80: Flags [.], ack 1, win 1, length 0\n`;
    const rows = rowsOf(line('23:59:59.900000') + line('00:00:00.100000'));
    assert.equal(rows[1]!.timeNs, 200_000_000);
  });

  it('knows hosts and services by their names', () => {
    const trace = analysed(
      '10:00:00.000000 IP my.host.example.40000 > www.example.com.https: Flags [S], seq 1, win 1, length 0\n',
    );
    assert.deepEqual(trace.endpoints(0), {
      client: { address: 'my.host.example', port: 40000 },
      server: { address: 'www.example.com', port: 443 },
    });
  });

  it('keeps services apart that it does not know, and says so', () => {
    const line = (service: string): string =>
      `10:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.${service}: Flags [S], seq 1, win 1, length 0\n`;
    const trace = analysed(line('gizmo') + line('gadget') + line('gizmo'));
    assert.equal(trace.summary().connections, 2);
    assert.deepEqual(
      trace.summary().notices.map(({ code, message }) => [code, message.args[0]]),
      [
        ['unknown-service', 'gizmo'],
        ['unknown-service', 'gadget'],
      ],
    );
  });

  it('reads what Stevens printed', () => {
    // TCP/IP Illustrated, volume 1, §18.2: the numbers are those of figure 18.1.
    const printed: readonly (readonly [time: string, since: string, ends: string, rest: string, more: string])[] = [
      ['0.0', '', 'svr4.1037 > bsdi.discard', 'S 1415531521:1415531521(0)', 'win 4096 <mss 1024>'],
      [
        '0.002402',
        '(0.0024)',
        'bsdi.discard > svr4.1037',
        'S 1823083521:1823083521(0)',
        'ack 1415531522 win 4096 <mss 1024>',
      ],
      ['0.007224', '(0.0048)', 'svr4.1037 > bsdi.discard', '. ack 1823083522', 'win 4096'],
      ['4.155441', '(4.1482)', 'svr4.1037 > bsdi.discard', 'F 1415531522:1415531522(0)', 'ack 1823083522 win 4096'],
      ['4.156747', '(0.0013)', 'bsdi.discard > svr4.1037', '. ack 1415531523', 'win 4096'],
    ];
    const gap = ' '.repeat(40);
    const texts = {
      'one line each': printed.map(([time, , ends, ...rest]) => `${time} ${ends}: ${rest.join(' ')}`),
      'as in the book': printed.map(
        ([time, since, ends, rest, more], i) => `${i + 1}  ${time} ${since}   ${ends}: ${rest}\n${gap}${more}`,
      ),
      // From the eighth on, behind others: a number gets wider.
      'in the middle of more': [
        ...Array.from({ length: 7 }, (_, i) => `  ${i + 1}  0.0 (0.0000)   other.1 > else.2: udp 20`),
        ...printed.map(
          ([time, since, ends, rest, more], i) =>
            `${String(i + 8).padStart(3)}  ${time} ${since}   ${ends}: ${rest}\n${gap}${more}`,
        ),
      ],
    };
    for (const [name, lines] of Object.entries(texts))
      assert.deepEqual(
        rowsOf(`${lines.join('\n')}\n`).map((row) => [
          row.from,
          row.flags.join(' '),
          row.client.state,
          row.server.state,
        ]),
        [
          ['client', 'SYN', 'SYN-SENT', 'SYN-RECEIVED'],
          ['server', 'SYN ACK', 'ESTABLISHED', 'SYN-RECEIVED'],
          ['client', 'ACK', 'ESTABLISHED', 'ESTABLISHED'],
          ['client', 'FIN ACK', 'FIN-WAIT-1', 'CLOSE-WAIT'],
          ['server', 'ACK', 'FIN-WAIT-2', 'CLOSE-WAIT'],
        ],
        name,
      );
  });

  it('has an option for SACK without a block where tcpdump prints so', () => {
    const options = analysed(
      '10:45:25.547150 IP 10.0.0.1.443 > 10.0.0.2.49506: Flags [.], ack 2084, win 65375, options [nop,nop,sack 0 ], length 0\n',
    ).options(0);
    assert.deepEqual(options, [{ kind: 'nop' }, { kind: 'nop' }, { kind: 'malformed', option: 5, data: '' }]);
  });

  it('finds the segment behind tags, labels and tunnels', () => {
    const core = '10.0.0.1.4 > 10.0.0.2.80: Flags [S], seq 7, win 1, length 0';
    for (const front of [
      '00:11:22:33:44:55 > 66:77:88:99:aa:bb, ethertype 802.1Q (0x8100), length 78: vlan 5, p 0, ethertype IPv4 (0x0800), ',
      'PPPoE  [ses 0xf07] IP ',
      'MPLS (label 16, tc 0, [S], ttl 254) IP ',
      'eth0  In  IP ',
      'IP 1.1.1.1 > 2.2.2.2: IP ',
      'IP 1.1.1.1 > 2.2.2.2: GREv0, length 48: IP ',
    ]) {
      const [row] = rowsOf(`10:00:00.000000 ${front}${core}\n`);
      assert.equal(row?.seqRaw, 7, front);
      assert.equal(row.client.state, 'SYN-SENT', front);
    }
  });

  it('takes no segment from the quotation in an ICMP error', () => {
    const trace = analysed(
      '10:00:00.000000 IP (tos 0x0, ttl 64, id 0, offset 0, flags [none], proto ICMP (1), length 88)\n' +
        '    10.0.0.9 > 10.0.0.1: ICMP host 10.0.0.2 unreachable, length 68\n' +
        '\tIP (tos 0x0, ttl 63, id 1, offset 0, flags [DF], proto TCP (6), length 60)\n' +
        '    10.0.0.1.4 > 10.0.0.2.80: Flags [S], seq 1, win 1, length 0\n',
    );
    assert.equal(trace.summary().frames, 1);
    assert.equal(trace.summary().segments, 0);
  });

  it('says what a quiet trace (-q) does not have', () => {
    const [row] = rowsOf('10:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: tcp 198\n');
    assert.deepEqual(row!.missing, ['seq', 'ack', 'flags', 'window']);
    assert.equal(row!.len, 198);
  });

  it('passes over other lines and keeps the rest', () => {
    const lines = HANDSHAKE.split('\n');
    const mixed = ['kernel: eth0 is up', lines[0], '', 'a remark > with an arrow', lines[1], lines[2], 'bye', lines[3]];
    const trace = analysed(mixed.join('\n'));
    assert.equal(trace.summary().segments, 4);
    assert.deepEqual(
      [1, 2, 3, 4].map((packet) => trace.linesOf(packet)!.first),
      [2, 5, 6, 8],
    );
    assert.deepEqual(
      [1, 2, 4, 8, 9].map((line) => trace.packetAtLine(line)),
      [null, 1, null, 4, null],
    );
  });

  it('joins a line that a mailer wrapped', () => {
    const rows = rowsOf(
      HANDSHAKE.replace(', win 502, options [nop,nop,TS val 3', ',\nwin 502, options [nop,nop,TS val 3'),
    );
    assert.deepEqual(numbers(rows[3]!), [1001, 900000001, 77, 502]);
  });

  it('reads a packet behind what a logger puts in front, and says at which line', () => {
    const lines = HANDSHAKE.split('\n');
    lines[2] = `Nov 14 10:00:01 host tcpdump[77]: ${lines[2]}`;
    const trace = analysed(lines.join('\n'));
    assert.equal(trace.summary().segments, 4);
    assert.deepEqual(
      trace.summary().notices.map(({ code, line }) => [code, line]),
      [['prefixed-line', 3]],
    );
  });

  it('says at which line a packet breaks off, and reads the rest', () => {
    const lines = HANDSHAKE.split('\n');
    lines[3] = lines[3]!.slice(0, lines[3]!.indexOf(', win'));
    const trace = analysed(lines.join('\n'));
    assert.deepEqual(
      trace.summary().notices.map(({ code, line }) => [code, line]),
      [['cut-line', 4]],
    );
    assert.equal([...trace.allSegments()][3]!.len, 77);
  });

  it('reads a text in UTF-16, with CRLF, with a byte order mark and without a last line break', () => {
    const expected = rowsOf(HANDSHAKE).map(numbers);
    const crlf = HANDSHAKE.replaceAll('\n', '\r\n');
    const wide = Buffer.from(`\uFEFF${crlf}`, 'utf16le');
    for (const text of [
      Buffer.from(crlf),
      Buffer.from(`\uFEFF${HANDSHAKE}`),
      wide,
      Buffer.from(wide).swap16(),
      Buffer.from(HANDSHAKE.trimEnd()),
    ]) {
      const rows = [...analysed(text).allSegments()];
      assert.deepEqual(rows.map(numbers), expected);
    }
  });

  it('marks the characters of each field', () => {
    const trace = analysed(HANDSHAKE);
    const detail = trace.packet(4)!;
    const shown = Buffer.from(detail.buffers[0]!.bytes).toString();
    const field = (id: string): string => {
      const found = detail.layers.flatMap((layer) => layer.fields).find((one) => one.id === id)!;
      return shown.slice(found.bit / 8, (found.bit + found.bits) / 8);
    };
    assert.equal(field('tcp.seq'), '1');
    assert.equal(field('tcp.nxtseq'), '78');
    assert.equal(field('tcp.dstport'), '80');
    assert.equal(field('tcp.flags'), 'P.');
    assert.equal(field('tcp.window_size_value'), '502');
    assert.equal(field('frame.time'), '10:00:00.000300');
    const missing = detail.layers.flatMap((layer) => layer.fields).filter((one) => one.bits === 0);
    assert.deepEqual(
      missing.map(({ id }) => id),
      ['tcp.checksum'],
    );
  });

  it('puts the Ethernet header, which -x leaves off, in front of a frame of a type that tcpdump does not know', () => {
    // Cisco FabricPath; the same frame, by tshark: 172.29.9.147:8009 to 172.29.9.146:38856, SYN and ACK.
    const payload = `	0x0000:  4020 0050 5683 5d58 0050 5683 8ef3 8100
	0x0010:  0007 0800 4500 003c 0000 4000 4006 cf5c
	0x0020:  ac1d 0993 ac1d 0992 1f49 97c8 93a0 2eb8
	0x0030:  72c5 db30 a012 3890 15ec 0000 0204 05b4
	0x0040:  0402 080a 1e57 efd8 4e9c 69e7 0103 0307
`;
    for (const type of ['ethertype Unknown (0x8903)', 'Unknown Ethertype (0x8903)']) {
      const trace = analysed(`18:29:44.447556 02:0a:bc:00:00:00 > 02:0a:bd:00:00:00, ${type}, length 94: \n${payload}`);
      const [row] = [...trace.allSegments()];
      const [connection] = trace.connections(0, 1);
      assert.deepEqual(
        [row?.seqRaw, row?.ackRaw, row?.flags, connection?.server.address, connection?.server.port],
        [2476748472, 1925569328, ['SYN', 'ACK'], '172.29.9.147', 8009],
      );
    }
  });

  it('does not count the link layer’s header as payload where the IP header has no length', () => {
    // A segment that the network card was to divide: 2030 - 14 - 20 - 20 bytes, by tshark.
    const [row] = rowsOf(`\
19:50:14.587897 78:e7:d1:64:f8:00 > 00:00:0c:07:ac:01, ethertype IPv4 (0x0800), length 2030: bad-len 0
	0x0000:  4500 0000 42c9 4000 8006 0000 1e07 b579  E...B.@........y
	0x0010:  c72b 44a3 9a84 1f90 70bb 89c8 2b5b 50d7  .+D.....p...+[P.
	0x0020:  5018 0100 df55 0000 504f 5354 2068 7474  P....U..POST.htt
`);
    assert.equal(row?.len, 1976);
  });

  it('tells a checksum left to the network card from a wrong one over IPv6, too', () => {
    const line = (field: string): string =>
      `IP6 (class 0xc0, flowlabel 0x8b071, hlim 1, next-header TCP (6) payload length: 55) 2a02:abc::17.37754 > 2a02:abc::123.179: Flags [P.], cksum 0x${field} (incorrect -> 0xd8aa), seq 3973869487:3973869510, ack 742445183, win 501, options [nop,nop,TS val 1477990677 ecr 1816731457], length 23: BGP\n`;
    // 2a02 + 0abc + 17 + 2a02 + 0abc + 123 + 6 + 55 (decimal) in words, with what is carried over: 6af3 (RFC 8200 §8.1).
    assert.deepEqual(
      ['6af3', '6af4'].map((field) => rowsOf(line(field))[0]?.checksum),
      ['partial', 'bad'],
    );
  });

  it('knows raw numbers (-S) where the first segment prints none of its own', () => {
    const rows = rowsOf(`\
08:58:43.954061 IP 10.0.0.1.40526 > 10.0.0.2.443: Flags [.], ack 349241683, win 242, length 0
08:58:43.971846 IP 10.0.0.2.443 > 10.0.0.1.40526: Flags [.], ack 1260775768, win 265, length 0
08:58:44.395120 IP 10.0.0.1.40526 > 10.0.0.2.443: Flags [P.], seq 1260775768:1260775950, ack 349241683, win 353, length 182
`);
    assert.deepEqual(
      rows.map(({ ack, notes }) => [ack, notes.map(({ kind }) => kind)]),
      [
        [1, []],
        [1, []],
        [1, []],
      ],
    );
  });

  it('takes no line of a payload (-A) for a packet because a number stands at its beginning', () => {
    const rows = rowsOf(`\
1679930257.936781 IP (tos 0x0, ttl 64, id 3364, offset 0, flags [DF], proto TCP (6), length 82)
    127.0.0.1.25 > 127.0.0.1.44478: Flags [P.], cksum 0x4439 (correct), seq 1:31, ack 1, win 512, length 30: SMTP, length: 30
	250-PIPE_CONNECT
	250 HELP
E..R....@.@...............{..d..aj..........250-PIPE_CONNECT
250 HELP
1679930257.936787 IP (tos 0x0, ttl 64, id 18138, offset 0, flags [DF], proto TCP (6), length 40)
    127.0.0.1.44478 > 127.0.0.1.25: Flags [.], cksum 0x06fc (correct), seq 1, ack 31, win 511, length 0
E..4F.@.@.................aj{..C...........
`);
    assert.deepEqual(
      rows.map(({ packet, len }) => [packet, len]),
      [
        [1, 30],
        [2, 0],
      ],
    );
  });

  it('reads Juniper’s captures, whose extensions have a line each, and their own header in the bytes', () => {
    // Parts of tcpdump's test bgp-aigp, the payload left out.
    const header = `\
\tJuniper PCAP Flags [Ext], PCAP Extension(s) total length 16
\t  Device Media Type Extension TLV #3, length 1, value Ethernet (1)
\t  Logical Interface Encapsulation Extension TLV #6, length 1, value Ethernet (14)
\t  Device Interface Index Extension TLV #1, length 2, value 140
\t  Logical Interface Index Extension TLV #4, length 4, value 332
\t-----original packet-----
\tIP (tos 0xc0, ttl 64, id 35063, offset 0, flags [none], proto TCP (6), length 182)
    172.16.20.5.59631 > 172.16.20.3.179: Flags [P.], cksum 0xe112 (correct), seq 3923783171:3923783301, ack 3341773693, win 16384, options [nop,nop,TS val 32734022 ecr 32695671], length 130: BGP
\tUpdate Message (2), length: 100
\t  Origin (1), length: 1, Flags [T]: Incomplete
\t    0x0000:  02
`;
    const dump = `\
\t0x0000:  4d47 4380 0010 0301 0106 010e 0102 8c00  MGC.............
\t0x0010:  0404 4c01 0000 0050 568b 5e9f 0050 568b  ..L....PV.^..PV.
\t0x0020:  6dde 0800 45c0 00b6 88f7 0000 4006 7062  m...E.......@.pb
\t0x0030:  ac10 1405 ac10 1403 e8ef 00b3 e9e0 2e03  ................
\t0x0040:  c72f 6b7d 8018 4000 e112 0000 0101 080a  ./k}..@.........
\t0x0050:  01f3 7b46 01f2 e577 ffff ffff ffff ffff  ..{F...w........
`;
    for (const text of [
      ` 00:00:00.000000 \n${header}`,
      ` 00:00:00.000000 \n${header}${dump}`,
      `11:07:03.786633 Out \n${header}`,
      `11:07:03.786633 IP 172.16.20.5.59631 > 172.16.20.3.179: tcp 130\n${dump}`,
    ]) {
      const trace = analysed(text.repeat(2));
      assert.deepEqual(
        [...trace.allSegments()].map((row) => [row.packet, row.seqRaw, row.ackRaw, row.len, row.window]),
        [1, 2].map((packet) => [packet, 3923783171, 3341773693, 130, 16384]),
        text,
      );
    }
  });

  it('goes on to a packet’s dump behind lines that a protocol’s printer leaves without an indent', () => {
    const rows = rowsOf(`\
00:00:00.000000 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 42)
    10.0.0.1.40000 > 10.0.0.2.179: Flags [P.], cksum 0x0000 (incorrect -> 0x0001), seq 1:3, ack 1, win 512, length 2: BGP
	Update Message (2), length: 106
[|BGP Update]
	0x0000:  4500 002a 0001 4000 4006 0000 0a00 0001
	0x0010:  0a00 0002 9c40 00b3 0000 0065 0000 0301
	0x0020:  5018 0200 0000 0000 6869
`);
    assert.deepEqual([rows.length, rows[0]?.seqRaw, rows[0]?.ackRaw, rows[0]?.len], [1, 101, 769, 2]);
  });

  it('reads the digest of an option that it was given no secret to check (-v)', () => {
    const trace = analysed(`\
IP 172.17.0.0.179 > 172.17.128.3.50651: Flags [.], cksum 0xc80b (incorrect -> 0x9361), seq 1, ack 2, win 31761, options [md5 shared secret not supplied with -M, can't check - 02f77f975463199362b9fbfb089a2e56,eol], length 0
`);
    assert.deepEqual(trace.options(0)[0], {
      kind: 'md5-signature',
      option: 19,
      data: '02f77f975463199362b9fbfb089a2e56',
    });
  });

  it('knows a mobile node by its home address (-vv)', () => {
    const [connection] = analysed(`\
IP6 (hlim 64, next-header unknown (60) payload length: 44) 2001:4f8:4:7:2e0:81ff:fe52:ffff > 2001:4f8:4:7:2e0:81ff:fe52:9a6b: DSTOPT (padn)(homeaddr: 2001:78:1:32::1) 30000 > 80: Flags [S], cksum 0x0001 (incorrect -> 0x2f8a), seq 0, win 8192, length 0
`).connections(0, 1);
    assert.deepEqual([connection?.client.address, connection?.client.port], ['2001:78:1:32::1', 30000]);
  });

  it('reads runs in different options one after the other', () => {
    /** The same SYN as tcpdump -n, -nv, -ntttt -v, -nttttt -v and -nev print it, each from a port of its own. */
    const runs = [
      '02:20:03.228056 IP 10.1.0.2.50001 > 10.2.0.9.4000: Flags [S], seq 3087838205, win 64240, length 0',
      ...['02:20:03.228056 IP', '2026-11-21 02:20:03.228056 IP', ' 00:00:00.000000 IP'].map(
        (front, i) => `${front} (tos 0x0, ttl 64, id 36366, offset 0, flags [DF], proto TCP (6), length 40)
    10.1.0.2.5000${i + 2} > 10.2.0.9.4000: Flags [S], cksum 0xd56d (correct), seq 3087838205, win 64240, length 0`,
      ),
      `02:20:03.228056 02:00:0a:01:00:02 > 02:00:0a:02:00:09, ethertype IPv4 (0x0800), length 54: (tos 0x0, ttl 64, id 36366, offset 0, flags [DF], proto TCP (6), length 40)
    10.1.0.2.50005 > 10.2.0.9.4000: Flags [S], cksum 0xd56d (correct), seq 3087838205, win 64240, length 0`,
    ];
    for (const first of runs)
      for (const second of runs) {
        if (first === second) continue;
        const text = `$ tcpdump -r a.pcap\n${first}\n$ tcpdump -r a.pcap\n${second}\n`;
        const trace = analysed(text);
        assert.equal(trace.summary().frames, 2, text);
        const ports = trace.connections(0, 2).map(({ client }) => client.port);
        const printed = [first, second].map((run) => Number(/10\.1\.0\.2\.(\d+)/.exec(run)![1]));
        assert.deepEqual(ports, printed, text);
      }
  });

  it('knows raw numbers (-S) by the acknowledgment number where the sequence number is 0', () => {
    const rows = rowsOf(`\
20:53:53.895523 IP 10.0.0.1.58432 > 10.0.0.2.80: Flags [S], seq 1501560049, win 8192, length 0
20:53:53.921825 IP 10.0.0.2.80 > 10.0.0.1.58432: Flags [R.], seq 0, ack 1501560050, win 8192, length 0
20:53:53.922866 IP 10.0.0.2.80 > 10.0.0.1.58432: Flags [F.], seq 0, ack 1501560050, win 8192, length 0
`);
    assert.deepEqual(rows.map(({ seqRaw, ackRaw }) => [seqRaw, ackRaw]).slice(1), [
      [0, 1501560050],
      [0, 1501560050],
    ]);
  });

  it('counts packets of which the capture has nothing, which have no time', () => {
    const text = `${HANDSHAKE.trimEnd()}\n[Invalid header: caplen==0, len==0]\n[Invalid header: caplen==0, len==0]\n`;
    const [{ frames }, whole] = [analysed(text).summary(), analysed(HANDSHAKE).summary()];
    assert.equal(frames, whole.frames + 2);
  });

  it('calls options by their names, and says of each what the line says', () => {
    const { layers } = analysed(HANDSHAKE).packet(1)!;
    const options = layers.flatMap(({ fields }) => fields).find(({ id }) => id === 'tcp.options');
    assert.deepEqual(options?.children?.map(({ name, value }) => [name, value]).slice(0, 1), [
      ['Maximum Segment Size', 'mss 1460'],
    ]);
  });

  it('knows whether numbers are raw by the number that is whole where the other is damaged', () => {
    // The first acknowledgment number is damaged, so that nothing fits the sequence numbers of the other side.
    const rowsWith = (seq: string, ack: string): unknown[] =>
      rowsOf(`\
18:14:55.447686 IP 172.20.3.5.2602 > 172.20.3.13.80: Flags [P.], seq 3831809899:3831810607, ack 1859263201, win 8760, length 708
18:14:55.448529 IP 172.20.3.13.80 > 172.20.3.5.2602: Flags [.], seq ${seq}, ack ${ack}, win 33580, length 0
`).map(({ seqRaw, ackRaw }) => [seqRaw, ackRaw]);
    const onTheWire = [
      [3831809899, 1859263201],
      [3385989857, 3831810607],
    ];
    assert.deepEqual(rowsWith('3385989857', '3831810607'), onTheWire);
    // 3385989857 - (1859263201 - 1), 3831810607 - 3831809899.
    assert.deepEqual(rowsWith('1526726657', '708'), onTheWire);
  });

  it('knows the end of a route by what the IP header prints of it (RFC 791 §3.1, RFC 8200 §4.4)', () => {
    const v4 = (options: string): string => `\
13:15:18.749989 IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto TCP (6), length 52, options (${options}))
    9.10.11.12.20 > 13.14.15.16.80: Flags [S], cksum 0x6f5b (correct), seq 0, win 8192, length 0
`;
    const v6 = (route: string): string => `\
18:05:25.596793 IP6 2001:db8::1 > 2001:db8::9: RT6 (len=4, ${route}, [0]2001:db8::2, [1]2001:db8::3) 30000 > 80: Flags [S], seq 0, win 8192, length 0
`;
    const destinations = (text: string): string[] =>
      analysed(text)
        .connections(0, 9)
        .map(({ server }) => server.address);
    const cases: readonly (readonly [text: string, destination: string])[] = [
      [v4('LSRR 1.2.3.4 5.6.7.8,EOL'), '5.6.7.8'],
      [v4('SSRR 1.2.3.4, 5.6.7.8'), '5.6.7.8'],
      // A comma behind an address that the packet has been at.
      [v4('LSRR 1.2.3.4, 5.6.7.8,,EOL'), '13.14.15.16'],
      [v4('RR 1.2.3.4,EOL'), '13.14.15.16'],
      [v6('type=0 [Deprecated], segleft=2'), '2001:db8::3'],
      [v6('type=0 [Deprecated], segleft=0'), '2001:db8::9'],
      // Segment routing has them in reverse (RFC 8754 §2).
      [v6('type=4, segleft=1, last-entry=1, flags=0x0, tag=0'), '2001:db8::2'],
    ];
    for (const [text, destination] of cases) assert.deepEqual(destinations(text), [destination], text);
    // The route is that of its own packet.
    assert.deepEqual(destinations(v4('LSRR 1.2.3.4 5.6.7.8') + v4('EOL')), ['5.6.7.8', '13.14.15.16']);
  });

  it('takes fields of the IP header from its own packet (-v)', () => {
    // ::1 and ::1, TCP and 32 bytes: the sum of the pseudo-header is 0x0028.
    const trace = analysed(`\
IP (tos 0x0, ttl 128, id 7, offset 0, flags [none], proto TCP (6), length 40)
    10.0.0.1.1 > 10.0.0.2.2: Flags [.], cksum 0x0001 (correct), ack 1, win 1, length 0
IP6 (hlim 64, next-header TCP (6) payload length: 20) ::1.8065 > ::1.52064: Flags [.], cksum 0x001c (incorrect -> 0xeb05), ack 1, win 6351, length 0
IP6 (hlim 64, next-header TCP (6) payload length: 32) ::1.52064 > ::1.8065: Flags [.], cksum 0x0028 (incorrect -> 0xaa18), ack 1, win 6347, length 0
`);
    assert.deepEqual(
      [...trace.allSegments()].map(({ checksum }) => checksum),
      ['good', 'partial', 'partial'],
    );
    assert.deepEqual([...trace['tracker'].segments.ttl.slice(0, 3)], [128, 64, 64]);
  });

  it('begins a packet of a cooked capture without addresses of hardware (-e -q -t)', () => {
    const text = `\
Out 131.155.215.69.46656 > 137.116.81.94.http: tcp 0
\t0x0000:  4500 0028 29a9 4000 4006 db73 839b d745
\t0x0010:  8974 515e b640 0050 2f84 2acb 0000 0000
\t0x0020:  5002 6a40 50c4 0000
 In (tos 0x0, ttl 117, id 7236, offset 0, flags [DF], proto TCP (6), length 40)
    137.116.81.94.http > 131.155.215.69.46656: tcp 0
\t0x0000:  4500 0028 1c44 4000 7506 b3d8 8974 515e
\t0x0010:  839b d745 0050 b640 b783 9f90 2f84 2acc
\t0x0020:  5012 2000 8648 0000
`;
    assert.deepEqual(
      rowsOf(text).map(({ packet, seqRaw, flags }) => [packet, seqRaw, flags]),
      [
        [1, 0x2f842acb, ['SYN']],
        [2, 0xb7839f90, ['SYN', 'ACK']],
      ],
    );
  });

  it('takes no line of a payload that is cut for a packet (-t)', () => {
    const trace = analysed(`\
IP (tos 0xc0, ttl 254, id 697, offset 0, flags [none], proto TCP (6), length 100)
    172.17.0.0.179 > 172.17.0.3.50651: Flags [P.], seq 1:61, ack 1, win 31761, length 60: BGP
\tUpdate Message (2), length: 106
[|BGP Update]
IP 172.17.0.3.50651 > 172.17.0.0.179: Flags [.], ack 61, win 31761, length 0
[|ether]
`);
    assert.deepEqual([trace.summary().frames, trace.summary().segments], [3, 2]);
  });

  it('is told from bytes that nobody can read, which a payload of digits looks like (-A)', () => {
    const trace = analysed(`\
05:27:12.999999 30:30:30:30:30:30 > 30:30:30:30:30:30, Unknown Ethertype (0x3030), length 262144: ${'\n'}${'0'.repeat(220)}
05:27:12.999999 30:30:30:30:30:30 > 30:30:30:30:30:30, Unknown Ethertype (0x3030), length 262144: ${'\n'}${'0'.repeat(220)}
05:27:12.999999 IP 48.48.48.48.12336 > 48.48.48.48.2049: Flags [P.], seq 1:5, ack 1, win 9, length 4: NFS
E00000@.0.00000000000000000000000000
`);
    assert.deepEqual([trace.summary().frames, trace.summary().segments], [3, 1]);
  });

  it('begins a packet of any protocol where there are no times (-t)', () => {
    // Of tcpdump's own tests.
    const others = [
      ...['IP1 (invalid)', 'PTPv2, v1 compat : no, msg type : management msg, length : 72', 'LACPv1, length 110'],
      ...['3472us tsft 2462 MHz 11n -51dBm signal antenna 1', 'UDLDv1, Code Probe message (1), length 60'],
      ...[
        'VIRTIO 3.1024 > 2.1234 CONNECT, length 76',
        'EDSA 0xdada, Forward port 0.2, VLAN 1337u, IP 1.2.3.4 > 1.2.3.5: ICMP',
      ],
    ];
    const tcp = 'IP 10.0.0.1.1 > 10.0.0.2.2: Flags [.], ack 1, win 1, length 0';
    const trace = analysed(`${others.flatMap((other) => [tcp, other]).join('\n')}\n`);
    assert.deepEqual([trace.summary().frames, trace.summary().segments], [2 * others.length, others.length]);
  });
});
