import assert from 'node:assert/strict';
import { readText } from '../../support/text-traces';

/** What tshark says of the three packets of `media/samples/handshake.pcap`. */
const PACKETS = [
  {
    time: '0.000000',
    date: '2026-11-21 02:20:03.228056',
    words: 'Nov 21, 2026 02:20:03.228056000 UTC',
    ends: ['10.1.0.2', '10.2.0.9'],
    ports: [50001, 4000],
    info: '50001 → 4000 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 SACK_PERM TSval=2333057416 TSecr=0 WS=128',
    length: 74,
    letters: '··········S·',
    raw: [3087838205, 0],
    relative: [0, 0],
    window: 64240,
    options: '020405b40402080a8b0fa1880000000001030307',
  },
  {
    time: '0.020610',
    date: '2026-11-21 02:20:03.248666',
    words: 'Nov 21, 2026 02:20:03.248666000 UTC',
    ends: ['10.2.0.9', '10.1.0.2'],
    ports: [4000, 50001],
    info: '4000 → 50001 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0 MSS=1460 SACK_PERM TSval=1146547617 TSecr=2333057416 WS=128',
    length: 74,
    letters: '·······A··S·',
    raw: [33490789, 3087838206],
    relative: [0, 1],
    window: 65160,
    options: '020405b40402080a4456eda18b0fa18801030307',
  },
  {
    time: '0.020664',
    date: '2026-11-21 02:20:03.248720',
    words: 'Nov 21, 2026 02:20:03.248720000 UTC',
    ends: ['10.1.0.2', '10.2.0.9'],
    ports: [50001, 4000],
    info: '50001 → 4000 [ACK] Seq=1 Ack=1 Win=64256 Len=0 TSval=2333057436 TSecr=1146547617',
    length: 66,
    letters: '·······A····',
    raw: [3087838206, 33490790],
    relative: [1, 1],
    window: 502,
    options: '0101080a8b0fa19c4456eda1',
  },
] as const;
type Packet = (typeof PACKETS)[number];

const lines = (line: (packet: Packet, number: number) => string): string =>
  PACKETS.map((packet, index) => `${line(packet, index + 1)}\n`).join('');

/** The names by which fields are asked for (`-e`), with their values. */
const fieldsOf = (packet: Packet, time: readonly [string, string]): readonly (readonly [string, string])[] => [
  time,
  ['ip.src', packet.ends[0]],
  ['ip.dst', packet.ends[1]],
  ['tcp.srcport', String(packet.ports[0])],
  ['tcp.dstport', String(packet.ports[1])],
  ['tcp.flags.str', packet.letters],
  ['tcp.seq_raw', String(packet.raw[0])],
  ['tcp.ack_raw', String(packet.raw[1])],
  ['tcp.len', '0'],
  ['tcp.window_size_value', String(packet.window)],
  ['tcp.options', packet.options],
];

const table = (
  time: (packet: Packet) => readonly [string, string],
  separator: string,
  quote = '',
  reversed = false,
): string => {
  const rows = PACKETS.map((packet) =>
    reversed ? fieldsOf(packet, time(packet)).toReversed() : fieldsOf(packet, time(packet)),
  );
  const line = (cells: readonly string[]): string => `${cells.map((cell) => quote + cell + quote).join(separator)}\n`;
  return (
    rows[0]!.map(([name]) => name).join(separator) +
    '\n' +
    rows.map((row) => line(row.map(([, value]) => value))).join('')
  );
};

/** `-T json -e …`: an array a field. */
const json = (): string =>
  JSON.stringify(
    PACKETS.map((packet) => ({
      _index: 'packets-2026-11-21',
      _source: {
        layers: Object.fromEntries(
          fieldsOf(packet, ['frame.time', packet.words]).map(([name, value]) => [name, [value]]),
        ),
      },
    })),
    null,
    2,
  );

/** `-T ek -e …`: the same, a line a packet, in names with underscores. */
const ek = (): string =>
  lines((packet) => {
    const layers = fieldsOf(packet, ['frame.time_relative', `${packet.time}000`]).map(([name, value]) => [
      name.replaceAll('.', '_'),
      [value],
    ]);
    return `{"index":{"_index":"packets-2026-11-21","_type":"doc"}}
${JSON.stringify({ timestamp: '1795227603228', layers: Object.fromEntries(layers) as object })}`;
  });

/** `-T pdml -e …`: fields beside each other, behind what each packet has in front. */
const pdml = (): string =>
  `<?xml version="1.0" encoding="utf-8"?>
<pdml version="0" creator="wireshark/4.0.17" time="Sat Nov 21 03:00:00 2026" capture_file="handshake.pcap">
${lines((packet) => {
  const [seconds] = packet.date.split(' ').slice(1);
  const fields = fieldsOf(packet, ['frame.len', String(packet.length)]);
  return `<packet>
  <proto name="geninfo" pos="0" showname="General information" size="${packet.length}">
    <field name="len" pos="0" show="${packet.length}" showname="Frame Length" value="4a" size="${packet.length}"/>
    <field name="timestamp" pos="0" show="${packet.words}" showname="Captured Time" value="17952276${seconds!.slice(6)}000" size="${packet.length}"/>
  </proto>
${fields.map(([name, value]) => `  <field name="${name}" value="${value}"/>\n`).join('')}</packet>

`;
})}</pdml>
`;

const FORMS: Readonly<Record<string, string>> = {
  'fields as PDML (-T pdml -e)': pdml(),
  'a span in front of the addresses that is not the time': lines(
    ({ time, ends, length, info }, n) =>
      `    ${n}   ${time}   0.000010     ${ends[0]} → ${ends[1]}     TCP ${length} ${info}`,
  ),
  'the protocol in front of the addresses': lines(
    ({ time, ends, length, info }, n) => `    ${n}   ${time} TCP     ${ends[0]} → ${ends[1]}     ${length} ${info}`,
  ),
  'the time in front of the number': lines(
    ({ time, ends, length, info }, n) => `  ${time}     ${n}     ${ends[0]} → ${ends[1]}     TCP ${length} ${info}`,
  ),
  'columns of ports': lines(
    ({ time, ends, ports, length, info }, n) =>
      `    ${n}   ${time}     ${ends[0]} ${ports[0]} ${ends[1]}     ${ports[1]} TCP ${length} ${info}`,
  ),
  'no column of lengths': lines(
    ({ time, ends, info }, n) => `    ${n}   ${time}     ${ends[0]} → ${ends[1]}     TCP ${info}`,
  ),
  'no column of protocols': lines(
    ({ time, ends, length, info }, n) => `    ${n}   ${time}     ${ends[0]} → ${ends[1]}     ${length} ${info}`,
  ),
  'the stream’s number behind the protocol': lines(
    ({ time, ends, length, info }, n) => `    ${n}   ${time}     ${ends[0]} → ${ends[1]}     TCP 0 ${length} ${info}`,
  ),
  'lengths in front of the addresses': lines(
    ({ time, ends, length, info }, n) => `    ${n}   ${time} ${length}     ${ends[0]} → ${ends[1]}     TCP ${info}`,
  ),
  'the destination in front of the source': lines(
    ({ date, ends, info }) => `${date} ${ends[1]}     ←     ${ends[0]} TCP ${info}`,
  ),
  'tabs (-T tabs)': lines(
    ({ time, ends, length, info }, n) =>
      `    ${n}\t  ${time}\t    ${ends[0]}\t→\t${ends[1]}    \tTCP\t${length}\t${info}`,
  ),
  'fields with a time in words': table(({ words }) => ['frame.time', words], '\t'),
  'fields with quotes, time last': table(({ words }) => ['frame.time', words], ',', '"', true),
  'fields with spans': table(({ time }) => ['frame.time_relative', `${time}000`], ';', "'"),
  'fields as JSON (-T json -e)': json(),
  'the layers of JSON alone (jq)': (JSON.parse(json()) as { _source: { layers: object } }[])
    .map(({ _source }) => JSON.stringify(_source.layers, null, 2))
    .join('\n'),
  'fields as EK (-T ek -e)': ek(),
};

describe('forms that tshark can be told to write', () => {
  for (const [form, text] of Object.entries(FORMS))
    it(`say the same: ${form}`, () => {
      const trace = readText(text);
      const rows = [...trace.allSegments()];
      assert.deepEqual(
        rows.map(({ packet, from, flags, seq, ack, scaledWindow, client, server }) => [
          packet,
          from,
          flags.join(', '),
          seq,
          flags.includes('ACK') ? ack : null,
          scaledWindow,
          client.state,
          server.state,
        ]),
        [
          [1, 'client', 'SYN', 0, null, 64240, 'SYN-SENT', 'SYN-RECEIVED'],
          [2, 'server', 'SYN, ACK', 0, 1, 65160, 'ESTABLISHED', 'SYN-RECEIVED'],
          [3, 'client', 'ACK', 1, 1, 64256, 'ESTABLISHED', 'ESTABLISHED'],
        ],
      );
      const [connection] = trace.connections(0, 1);
      assert.deepEqual(
        [connection?.client, connection?.server].map((end) => `${end?.address}:${end?.port}`),
        ['10.1.0.2:50001', '10.2.0.9:4000'],
      );
      assert.equal(connection?.handshakeRttNs, 20_664_000);
      assert.deepEqual(trace.summary().notices, []);
    });

  it('count lines of other protocols, whatever the columns are', () => {
    const text = `    1   0.000000 10.1.0.2 50001 10.2.0.9 80 HTTP 313 GET / HTTP/1.1
    2   0.000048 00:00:5e:00:53:01  00:00:5e:00:53:02  ARP 42 Who has 10.1.0.2? Tell 10.2.0.9
    3   0.000050 10.2.0.9 80 10.1.0.2 50001 TCP 54 [TCP Window Update] 80 → 50001 [ACK] Seq=1 Ack=260 Win=237 Len=0
`;
    const [row] = [...readText(text).allSegments()];
    assert.deepEqual([row?.packet, row?.len, row?.notes.map(({ kind }) => kind)], [3, 0, ['window-update']]);
  });

  it('have packets whose cells are empty, or of which no address of IP is known, whatever the columns are', () => {
    const text = `    1\t  0.000000\t10.1.0.2\t→\t10.2.0.9\tTCP\t74\t0\t50001 → 80 [SYN] Seq=0 Win=64240 Len=0
    2\t  0.000010\t10.1.0.2\t→\t10.2.0.9\tTCP\t70\t\t50001 → 80 [SYN] Seq=0 Win=8192[Malformed Packet]
    3\t  0.000020\t10.2.0.9\t→\t10.1.0.2\tTCP\t74\t0\t80 → 50001 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0
`;
    const rows = [...readText(text).allSegments()];
    assert.deepEqual(
      rows.map(({ packet }) => packet),
      [1, 2, 3],
    );
    const named = `    1   0.000000 TCP 10.1.0.2 → 10.2.0.9     74 50001 → 445 [SYN] Seq=0 Win=64240 Len=0
    2   0.000010 SMB Pipe 10.1.0.2 → 10.2.0.9     528 50001 → 445 [PSH, ACK] Seq=1 Ack=1 Win=65535 Len=462
`;
    assert.deepEqual(
      [...readText(named).allSegments()].map(({ packet, len }) => [packet, len]),
      [
        [1, 0],
        [2, 462],
      ],
    );
    const timed = `  0.000000     1      10.1.0.2 → 10.2.0.9     TCP 74 50001 → 80 [SYN] Seq=0 Win=64240 Len=0
  0.000010     2     2001:db8::50 → 3c:93:ba:49:bb:2e IPv6 70 Invalid IPv6 header (36 bytes, need exactly 40)[Malformed Packet]
  0.000020     3      10.2.0.9 → 10.1.0.2     TCP 74 80 → 50001 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0
`;
    assert.deepEqual(
      [...readText(timed).allSegments()].map(({ packet }) => packet),
      [1, 3],
    );
  });

  it('have the column of TCP alone empty in rows of other protocols', () => {
    const tcp = (n: number, info: string): string =>
      `   ${n} 0.00000${n} 0 10.1.0.2 → 10.2.0.9 TCP 74 50001 → 80 ${info}\n`;
    const udp = (n: number): string => `   ${n} 0.00000${n}  10.1.0.2 → 10.2.0.9 UDP 60 5000 → 6000 Len=18\n`;
    const trace = readText(
      [
        tcp(1, '[SYN] Seq=0 Win=64240 Len=0'),
        ...[2, 3, 4].map((n) => tcp(n, `[ACK] Seq=${n} Ack=1 Win=64240 Len=1`)),
        ...[5, 6, 7].map(udp),
      ].join(''),
    );
    // "0" is the stream, no time.
    assert.deepEqual([trace.summary().frames, trace.time(3)], [7, '0.000003000']);
  });

  it('are no rows with something in front of them where titles tell what that is', () => {
    const row = (n: number, stream: string, rest: string): string =>
      `${n}\t${stream}\t0.00000${n}000\t10.1.0.2\t10.2.0.9\t${rest}\n`;
    const text =
      'frame.number\ttcp.stream\tframe.time_relative\tip.src\tip.dst\ttcp.srcport\ttcp.dstport\ttcp.flags\ttcp.seq\ttcp.len\t_ws.col.Info\n' +
      row(1, '0', '50001\t80\t0x0002\t0\t0\t50001 → 80 [SYN] Seq=0 Win=64240 Len=0') +
      row(2, '', '\t\t\t\t\tStandard query 0x1234 A example.com') +
      row(3, '0', '50001\t80\t0x0010\t1\t0\t50001 → 80 [ACK] Seq=1 Ack=1 Win=64240 Len=0');
    assert.deepEqual(
      [...readText(text).allSegments()].map(({ packet }) => packet),
      [1, 3],
    );
    const cell = (n: number, time: string, protocol: string, info: string): string =>
      `"2024-08-16 12:${time}:48.335977","${n}","10.1.0.2","10.2.0.9","${protocol}","74","${info}"\n`;
    const list =
      'Time,No.,Source,Destination,Protocol,Length,Info\n' +
      Array.from({ length: 10 }, (_, i) =>
        cell(i + 1, '16', 'TCP', `50001 → 80 [ACK] Seq=${i + 1} Ack=1 Win=9 Len=1`),
      ).join('') +
      Array.from({ length: 4 }, (_, i) => cell(i + 11, '08', 'UDP', '5000 → 6000 Len=32')).join('');
    assert.equal(readText(list).summary().frames, 14);
  });

  it('join several values of a field in any way', () => {
    for (const joined of [',', ';', ' ', '|']) {
      const [connection] = readText(`ip.src\ttcp.srcport\tip.dst\ttcp.dstport\ttcp.flags\ttcp.len
10.9.9.1${joined}10.1.0.2\t50001\t10.9.9.2${joined}10.2.0.9\t4000\t0x0002\t0
`).connections(0, 1);
      assert.deepEqual([connection?.client.address, connection?.server.address], ['10.1.0.2', '10.2.0.9']);
    }
  });

  it('have several segments in one packet, each with the innermost addresses (an aggregate of IEEE 802.11)', () => {
    const names = ['ip.src', 'ip.dst', 'tcp.srcport', 'tcp.dstport', 'tcp.seq_raw', 'tcp.len', 'tcp.flags'];
    const values = [
      ['10.226.22.9', '157.240.18.16', '157.240.18.17'],
      ['10.102.16.187', '149.159.130.184', '149.159.130.185'],
      ['443', '444'],
      ['49392', '49393'],
      ['2467456022', '2467456251'],
      ['229', '23'],
      ['0x0018', '0x0010'],
    ];
    const texts = [
      ...[',', ' '].map((by) => `${names.join('\t')}\n${values.map((one) => one.join(by)).join('\t')}\n`),
      JSON.stringify([{ _source: { layers: Object.fromEntries(names.map((name, i) => [name, values[i]])) } }]),
    ];
    for (const text of texts) {
      const trace = readText(text);
      assert.deepEqual(
        [...trace.allSegments()].map(({ packet, seqRaw, len, flags }) => [packet, seqRaw, len, flags]),
        [
          [1, 2467456022, 229, ['PSH', 'ACK']],
          [1, 2467456251, 23, ['ACK']],
        ],
        text,
      );
      assert.deepEqual(
        trace.connections(0, 2).map(({ client, server }) => [client.address, server.address].sort()),
        [
          ['149.159.130.184', '157.240.18.16'],
          ['149.159.130.185', '157.240.18.17'],
        ],
      );
    }
  });

  it('have each edge of several SACK blocks', () => {
    const trace = readText(`\
ip.src\ttcp.srcport\tip.dst\ttcp.dstport\ttcp.seq_raw\ttcp.ack_raw\ttcp.flags\ttcp.len\ttcp.options.sack_le\ttcp.options.sack_re
10.0.0.2\t80\t10.0.0.1\t40000\t500\t1000\t0x0010\t0\t2000,4000\t3000,5000
`);
    assert.deepEqual(trace.options(0)[0], {
      kind: 'sack',
      blocks: [
        [2000, 3000],
        [4000, 5000],
      ],
    });
  });

  it('know the end of a route by their columns and layers (RFC 8200 §4.4)', () => {
    const tcp = {
      'tcp.srcport': '30000',
      'tcp.dstport': '80',
      'tcp.seq_raw': '0',
      'tcp.flags': '0x0002',
      'tcp.len': '0',
    };
    const route = { 'ipv6.routing.segleft': '2', 'ipv6.routing.src.addr': '2001:db8::3' };
    const json = { 'ipv6.src': '2001:db8::1', 'ipv6.dst': '2001:db8::9', 'ipv6.routing': route };
    const ek = {
      ipv6_ipv6_src: '2001:db8::1',
      ipv6_ipv6_dst: '2001:db8::9',
      ipv6_routing: {
        ipv6_routing_ipv6_routing_segleft: '2',
        ipv6_routing_ipv6_routing_src_addr: ['2001:db8::2', '2001:db8::3'],
      },
    };
    const flat = Object.fromEntries(
      Object.entries(tcp).map(([name, value]) => [`tcp_${name.replace('.', '_')}`, value]),
    );
    const field = (name: string, show: string): string => `<field name="${name}" show="${show}"/>`;
    const texts = [
      `ipv6.src\tipv6.dst\t_ws.col.Destination\t${Object.keys(tcp).join('\t')}\n2001:db8::1\t2001:db8::9\t2001:db8::3\t${Object.values(tcp).join('\t')}\n`,
      JSON.stringify([{ _source: { layers: { frame: {}, ipv6: json, tcp } } }]),
      `{"index":{}}\n${JSON.stringify({ timestamp: '1700000000000', layers: { ipv6: ek, tcp: flat } })}\n`,
      `<pdml><packet><proto name="ipv6">${field('ipv6.src', '2001:db8::1')}${field('ipv6.dst', '2001:db8::9')}` +
        `<proto name="ipv6.routing">${Object.entries(route)
          .map(([name, show]) => field(name, show))
          .join('')}</proto></proto>` +
        `<proto name="tcp">${Object.entries(tcp)
          .map(([name, show]) => field(name, show))
          .join('')}</proto></packet></pdml>`,
      `Frame 1: 114 bytes on wire (912 bits), 114 bytes captured (912 bits)
Internet Protocol Version 6, Src: 2001:db8::1, Dst: 2001:db8::9
    Routing Header for IPv6 (Source Route)
        Segments Left: 2
        Address[1]: 2001:db8::2
        Address[2]: 2001:db8::3
Transmission Control Protocol, Src Port: 30000, Dst Port: 80, Seq: 0, Len: 0
`,
    ];
    for (const text of texts)
      assert.deepEqual(
        readText(text)
          .connections(0, 2)
          .map(({ client, server }) => [client.address, server.address].sort()),
        [['2001:db8::1', '2001:db8::3']],
        text,
      );
  });

  it('count records that are no packets, whatever the columns are', () => {
    const text = `\
    1                                        PCAPNG 12 Custom Block: PEN = Example Enterprise Number for Documentation Use (32473), will be copied
    2 1276712410.371775  192.168.1.3 58816 63.116.243.97 80 TCP 74 58816 → 80 [SYN] Seq=0 Win=5840 Len=0
`;
    assert.deepEqual(
      [...readText(text).allSegments()].map(({ packet, flags }) => [packet, flags]),
      [[2, ['SYN']]],
    );
  });

  it('have times and bytes where Wireshark exports a list with the bytes of each packet', () => {
    const trace = readText(`\
No.     Time           Source                Destination           Protocol Length Info
      1 0.000000       10.77.0.1             10.77.0.2             TCP      74     43230 → 4000 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 SACK_PERM TSval=614274879 TSecr=0 WS=1024

0000  fe 67 f0 b0 e3 31 72 da 43 4d 81 14 08 00 45 00   .g...1r.CM....E.
0010  00 3c 97 70 40 00 40 06 8e af 0a 4d 00 01 0a 4d   .<.p@.@....M...M
0020  00 02 a8 de 0f a0 cc 2f 0b 18 00 00 00 00 a0 02   ......./........
0030  fa f0 6c cd 00 00 02 04 05 b4 04 02 08 0a 24 9d   ..l...........$.
0040  17 3f 00 00 00 00 01 03 03 0a                     .?........

No.     Time           Source                Destination           Protocol Length Info
      2 0.034300       10.77.0.2             10.77.0.1             TCP      74     4000 → 43230 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0 MSS=1460 SACK_PERM TSval=504263416 TSecr=614274879 WS=1024

0000  72 da 43 4d 81 14 fe 67 f0 b0 e3 31 08 00 45 00   r.CM...g...1..E.
0010  00 3c 00 00 40 00 40 06 26 20 0a 4d 00 02 0a 4d   .<..@.@.& .M...M
0020  00 01 0f a0 a8 de b3 18 47 65 cc 2f 0b 19 a0 12   ........Ge./....
0030  fe 88 dd 9f 00 00 02 04 05 b4 04 02 08 0a 1e 0e   ................
0040  72 f8 24 9d 17 3f 01 03 03 0a                     r.$..?....

No.     Time           Source                Destination           Protocol Length Info
      3 0.034333       10.77.0.1             10.77.0.2             TCP      66     43230 → 4000 [ACK] Seq=1 Ack=1 Win=64512 Len=0 TSval=614274913 TSecr=504263416

0000  fe 67 f0 b0 e3 31 72 da 43 4d 81 14 08 00 45 00   .g...1r.CM....E.
0010  00 34 97 71 40 00 40 06 8e b6 0a 4d 00 01 0a 4d   .4.q@.@....M...M
0020  00 02 a8 de 0f a0 cc 2f 0b 19 b3 18 47 66 80 10   ......./....Gf..
0030  00 3f 0a 97 00 00 01 01 08 0a 24 9d 17 61 1e 0e   .?........$..a..
0040  72 f8                                             r.
`);
    assert.deepEqual(
      [...trace.allSegments()].map(({ packet, seqRaw, checksum }) => [trace.time(packet), seqRaw, checksum]),
      [
        ['0.000000000', 3425635096, 'good'],
        ['0.034300000', 3004712805, 'good'],
        ['0.034333000', 3425635097, 'good'],
      ],
    );
  });

  it('have times and bytes where Wireshark exports a packet of which its list tells nothing of TCP', () => {
    const trace = readText(`\
No.     Time           Source                Destination           Protocol Length Info
      7 1.250000       10.77.0.2             10.77.0.1             HTTP     66     Continuation

0000  72 da 43 4d 81 14 fe 67 f0 b0 e3 31 08 00 45 00   r.CM...g...1..E.
0010  00 3c 00 00 40 00 40 06 26 20 0a 4d 00 02 0a 4d   .<..@.@.& .M...M
0020  00 01 0f a0 a8 de b3 18 47 65 cc 2f 0b 19 a0 12   ........Ge./....
0030  fe 88 dd 9f 00 00 02 04 05 b4 04 02 08 0a 1e 0e   ................
0040  72 f8 24 9d 17 3f 01 03 03 0a                     r.$..?....
`);
    const [row] = [...trace.allSegments()];
    assert.deepEqual([trace.time(1), row?.seqRaw, row?.checksum], ['1.250000000', 3004712805, 'good']);
  });
});
