import assert from 'node:assert/strict';
import { readText } from '../../support/text-traces';

/** A packet as `tshark -V` prints it, in so far as it is read. */
const details = (more: string): string => `\
Frame 1: 60 bytes on wire (480 bits), 60 bytes captured (480 bits)
    Epoch Time: 1700000000.000000000 seconds
    Frame Number: 1
Internet Protocol Version 4, Src: 10.0.0.1, Dst: 10.0.0.2
Transmission Control Protocol, Src Port: 40000, Dst Port: 80, Seq: 1, Ack: 1, Len: 6
    Source Port: 40000
    Destination Port: 80
    [TCP Segment Len: 6]
    Sequence Number: 1    (relative sequence number)
    Sequence Number (raw): 1001
    Acknowledgment Number: 1    (relative ack number)
    Acknowledgment number (raw): 5001
    1010 .... = Header Length: 40 bytes (10)
    Flags: 0x018 (PSH, ACK)
    Window: 502
    Options: (20 bytes), TCP MD5 signature, End of Option List (EOL), End of Option List (EOL)
        TCP Option - TCP MD5 signature
            MD5 digest: 1e7b2a31bec7f944f072b14b927caffd
        TCP Option - End of Option List (EOL)
        TCP Option - End of Option List (EOL)
${more}`;

describe('details of tshark', () => {
  it('have ports, addresses and numbers on lines of their own where titles have none', () => {
    const words = details('')
      .replace(/(Protocol Version 4), .*/, '$1\n    Source Address: 10.0.0.1\n    Destination Address: 10.0.0.2')
      .replace(/(Transmission Control Protocol), .*/, '$1');
    // One whose capture ends in front of the ports is none.
    const cut = words.replace(/ {4}Source Port[\s\S]*/, '');
    for (const [text, seqRaw] of [
      [words + cut, 1001],
      [words.replaceAll(/.*\(raw\).*\n/g, ''), null],
    ] as const) {
      const trace = readText(text);
      const [connection] = trace.connections(0, 1);
      const ends = [connection!.client, connection!.server].map(({ address, port }) => `${address}:${port}`);
      assert.deepEqual(ends, ['10.0.0.1:40000', '10.0.0.2:80']);
      const rows = [...trace.allSegments()].map(({ packet, seq, ack, len }) => [packet, seq, ack, len]);
      assert.deepEqual(rows, [[1, 1, 1, 6]]);
      if (seqRaw !== null) assert.equal([...trace.allSegments()][0]!.seqRaw, seqRaw);
    }
  });

  it('takes the bytes of a digest from the line below its option', () => {
    assert.deepEqual(readText(details('')).options(0), [
      { kind: 'md5-signature', option: 19, data: '1e7b2a31bec7f944f072b14b927caffd' },
      { kind: 'end' },
    ]);
  });

  it('does not take the dump of something that was put together for the packet’s bytes', () => {
    const trace = readText(
      details(`Hypertext Transfer Protocol
    Data (17 bytes)

0000  21 48 54 54 50 2f 31 2e 31 20 32 30 34 20 4e 6f   !HTTP/1.1 204 No
0010  20                                                 
        Data: 21485454502f312e3120323034204e6f20
`),
    );
    const [row] = [...trace.allSegments()];
    assert.deepEqual([row?.seqRaw, row?.len], [1001, 6]);
  });
});

describe('records of a capture', () => {
  it('are cut where tshark says so', () => {
    const packet = (
      number: number,
      ports: string,
      numbers: string,
      flags: string,
      window: number,
      more = '',
    ): string => `\
Frame ${number}: 74 bytes on wire (592 bits), 60 bytes captured (480 bits)
    Epoch Time: 1700000000.00000000${number} seconds
Internet Protocol Version 4, Src: 10.0.0.1, Dst: 10.0.0.1
Transmission Control Protocol, ${ports}, ${numbers}, Len: 0
    Flags: ${flags}
    Window: ${window}
${more}`;
    const scaled = (more: string): number | null =>
      [
        ...readText(
          packet(1, 'Src Port: 4000, Dst Port: 80', 'Seq: 0', '0x002 (SYN)', 5840, more) +
            packet(2, 'Src Port: 80, Dst Port: 4000', 'Seq: 0, Ack: 1', '0x012 (SYN, ACK)', 5792, more) +
            packet(3, 'Src Port: 4000, Dst Port: 80', 'Seq: 1, Ack: 1', '0x010 (ACK)', 46),
        ).allSegments(),
      ][2]!.scaledWindow;
    assert.equal(scaled(''), 46);
    assert.equal(scaled('[Packet size limited during capture: TCP truncated]\n'), null);
  });

  it('have a number each, also those that are no packets', () => {
    const block =
      'PCAPNG Custom Block 1: 12 bytes (96 bits) of custom data and options, PEN 32473\n    Frame Number: 1\n\n';
    const trace = readText(block + details('').replace('Frame 1:', 'Frame 2:'));
    assert.deepEqual([trace.summary().frames, [...trace.allSegments()][0]!.packet], [2, 2]);
    const row = 'TCP 54 40000 → 80 [SYN] Seq=0 Win=64240 Len=0';
    const list = readText(
      `                        →              PCAPNG 12 Custom Block: PEN = 32473, will be copied\n1276712410.371775  10.0.0.1 → 10.0.0.2  ${row}\n1276712410.371780  10.0.0.1 → 10.0.0.2  ${row}\n`,
    );
    assert.deepEqual([list.summary().frames, [...list.allSegments()][0]!.packet], [3, 2]);
  });
});

describe('several addresses in a field', () => {
  const source = (length: number): string => {
    const trace =
      readText(`frame.len;ip.src;ip.dst;tcp.srcport;tcp.dstport;tcp.seq_raw;tcp.ack_raw;tcp.flags;tcp.window_size_value;tcp.len;tcp.options
${length};127.0.0.1,192.168.1.1;127.0.0.2,192.168.1.2;6633;40000;1000;5000;0x0018;502;100;
`);
    return trace.endpoints(0).client.address;
  };
  // Ethernet 14, IPv4 20, TCP 20, payload 100.
  it('are those of what the payload quotes, where the frame has room for one IP header', () => {
    assert.match(source(14 + 20 + 20 + 100), /^127/);
  });

  it('are those around the packet, where it has room for another one', () => {
    assert.match(source(14 + 20 + 20 + 20 + 100), /^192/);
  });
});

describe('packets that are pieces of a structure', () => {
  it('stand at their lines also behind what is read at once', () => {
    const packets = 4000;
    const object = (i: number): string =>
      JSON.stringify({
        timestamp: String(1_700_000_000_000 + i),
        layers: {
          frame: { frame_frame_comment: 'x'.repeat(2000) },
          ip: { ip_ip_src: '10.0.0.1', ip_ip_dst: '10.0.0.2' },
          tcp: { tcp_tcp_srcport: '40000', tcp_tcp_dstport: '80', tcp_tcp_seq_raw: String(i), tcp_tcp_flags: '0x0010' },
        },
      });
    const text = Array.from({ length: packets }, (_, i) => `{"index":{}}\n${object(i)}\n`).join('');
    assert.ok(text.length > 8 << 20, 'longer than the window');
    const trace = readText(text);
    for (const packet of [1, 2, packets / 2, packets])
      assert.deepEqual(trace.linesOf(packet), { first: packet * 2, count: 1 });
  });

  it('are read up to a bound, and so is the one behind, where the text of one is longer', () => {
    const field = (name: string, show: string): string => `<field name="${name}" show="${show}"/>\n`;
    const packet = (seq: number, more: string): string =>
      `<packet>\n<proto name="ip">${field('ip.src', '10.0.0.1')}${field('ip.dst', '10.0.0.2')}</proto>\n<proto name="tcp">` +
      ['srcport:40000', 'dstport:80', `seq_raw:${seq}`, 'flags:0x0018', 'len:5', 'window_size_value:99']
        .map((one) => field(`tcp.${one.split(':')[0]!}`, one.split(':')[1]!))
        .join('') +
      `</proto>\n${more}</packet>\n`;
    const long = '0'.repeat(9 << 20);
    const text = `<pdml>\n${packet(100, '')}${packet(105, field('data.data', long))}${packet(110, '')}</pdml>\n`;
    const trace = readText(text);
    assert.deepEqual(
      [...trace.allSegments()].map(({ packet, seqRaw, len }) => [packet, seqRaw, len]),
      [
        [1, 100, 5],
        [2, 105, 5],
        [3, 110, 5],
      ],
    );
    assert.deepEqual(
      trace.summary().notices.map(({ code }) => code),
      ['long-packet'],
    );
    assert.equal(trace.linesOf(3)!.first, text.slice(0, text.lastIndexOf('<packet>')).split('\n').length);
  });

  it('are read up to a bound, and so is the one behind, where the lines of one are more', () => {
    const long = '    Reassembled: 00112233445566778899\n'.repeat(150_000);
    const text = details(long) + details('').replaceAll('Frame 1', 'Frame 2').replace('1001', '1007');
    const trace = readText(text);
    assert.deepEqual(
      [...trace.allSegments()].map(({ packet, seqRaw }) => [packet, seqRaw]),
      [
        [1, 1001],
        [2, 1007],
      ],
    );
    assert.deepEqual(
      trace.summary().notices.map(({ code }) => code),
      ['long-packet'],
    );
    assert.equal(trace.linesOf(2)!.first, details(long).split('\n').length);
  });

  it('have no time where only the bytes of one are there (-T jsonraw)', () => {
    const ip = '4500002800010000400600000a0000010a000002';
    const tcp = '9c40005000000001000000005002faf000000000';
    const trace = readText(
      JSON.stringify([{ _source: { layers: { frame_raw: [`${'02'.repeat(12)}0800${ip}${tcp}`, 0, 54, 0, 1] } } }]),
    );
    assert.deepEqual([trace.summary().segments, trace.summary().clock, trace.time(1)], [1, 'none', null]);
  });

  it('have the counter of AccECN in place of its three flags (EK)', () => {
    const layers = {
      ip: { ip_ip_src: '10.0.0.1', ip_ip_dst: '10.0.0.2' },
      tcp: {
        ...{ tcp_tcp_srcport: '40000', tcp_tcp_dstport: '80', tcp_tcp_seq_raw: '1', tcp_tcp_flags: '0x0158' },
        ...{ tcp_tcp_flags_ace: '5', tcp_tcp_flags_str: '···-5-·AP···' },
      },
    };
    const [row] = readText(`{"index":{}}\n${JSON.stringify({ timestamp: '1700000000000', layers })}\n`).allSegments();
    // RFC 9768 §3.1.1: 5 is AE and ECE.
    assert.deepEqual([...row!.flags].sort(), ['ACK', 'AE', 'ECE', 'PSH']);
  });

  it('have the bytes of AccECN and Fast Open options in words', () => {
    const trace = readText(`\
Frame 1: 74 bytes on wire (592 bits), 74 bytes captured (592 bits)
Internet Protocol Version 4, Src: 10.0.0.1, Dst: 10.0.0.2
Transmission Control Protocol, Src Port: 40000, Dst Port: 80, Seq: 0, Len: 0
    Sequence Number (raw): 100
    1111 .... = Header Length: 60 bytes (15)
    Flags: 0x002 (SYN)
    Window: 65535
    Options: (40 bytes)
        TCP Option - Accurate ECN (Order 1): EE1B 1, ECEB 1000
            Kind: Accurate ECN Order 1 (174)
        TCP Option - No-Operation (NOP)
        TCP Option - TCP Fast Open
            Kind: TCP Fast Open Cookie (34)
            Length: 10
            Fast Open Cookie: 434f4f4b49453031
        TCP Option - TCP Fast Open
            Fast Open Cookie Request
        TCP Option - Experimental: Fast Open
            Kind: RFC3692-style Experiment 2 (254)
            Experiment Identifier: Fast Open (0xf989)
            Fast Open Cookie: 434f4f4b49453032
`);
    const bytes = trace
      .options(0)
      .map((option) => ('data' in option ? `${option.option} ${String(option.data)}` : option.kind));
    assert.deepEqual(bytes, [
      // Counters of three bytes (RFC 9768 §3.2.3).
      '174 0000010003e8',
      'nop',
      '34 434f4f4b49453031',
      '34 ',
      '254 f989434f4f4b49453032',
    ]);
  });

  it('have each segment’s own hosts where layers of one kind stand together (EK, sampled packets)', () => {
    const ip = (proto: number, source: string, destination: string): object => ({
      ...{ ip_ip_proto: String(proto), ip_ip_src: source, ip_ip_dst: destination },
    });
    const tcp = (port: number): object => ({
      ...{ tcp_tcp_srcport: String(port), tcp_tcp_dstport: '80', tcp_tcp_seq_raw: '1', tcp_tcp_flags: '0x0010' },
    });
    const layers = {
      frame: {},
      ip: ip(17, '10.0.0.1', '10.0.0.2'),
      sflow: {
        ip: [ip(6, '10.1.0.1', '10.1.0.2'), ip(17, '10.2.0.1', '10.2.0.2'), ip(6, '10.3.0.1', '10.3.0.2')],
        tcp: [tcp(40001), tcp(40003)],
      },
    };
    const trace = readText(`{"index":{}}\n${JSON.stringify({ timestamp: '1700000000000', layers })}\n`);
    assert.deepEqual(
      trace.connections(0, 4).map(({ client, server }) => [client.address, client.port, server.address]),
      [
        ['10.1.0.1', 40001, '10.1.0.2'],
        ['10.3.0.1', 40003, '10.3.0.2'],
      ],
    );
  });

  it('have numbers as on the wire where none is called relative', () => {
    const text = (more: string): string => `\
Frame 1: 74 bytes on wire (592 bits), 74 bytes captured (592 bits)
Internet Protocol Version 6, Src: ::1, Dst: ::1
Transmission Control Protocol, Src Port: 8065, Dst Port: 52064, Seq: 3681467876, Ack: 3173477025, Len: 0
    Sequence Number: 3681467876${more}
    Flags: 0x010 (ACK)
    Window: 6351
`;
    const [raw] = readText(text('')).allSegments();
    assert.deepEqual([raw?.seqRaw, raw?.ackRaw, raw?.seq], [3681467876, 3173477025, 1]);
    const [relative] = readText(text('    (relative sequence number)')).allSegments();
    assert.deepEqual([relative?.seq, relative?.relativeOnly], [3681467876, { client: true, server: true }]);
  });
});
