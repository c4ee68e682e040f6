import assert from 'node:assert/strict';
import { frontsOf } from '../../../src/core/text/front';
import { readText } from '../../support/text-traces';
import { SAMPLES } from './samples';

/** What tcpdump -nvx prints of a handshake. */
const DUMPED = `\
02:20:03.228056 IP (tos 0x0, ttl 64, id 36366, offset 0, flags [DF], proto TCP (6), length 60)
    10.1.0.2.50001 > 10.2.0.9.4000: Flags [S], cksum 0xd56d (correct), seq 3087838205, win 64240, options [mss 1460,sackOK,TS val 2333057416 ecr 0,nop,wscale 7], length 0
\t0x0000:  4500 003c 8e0e 4000 4006 98a0 0a01 0002
\t0x0010:  0a02 0009 c351 0fa0 b80c abfd 0000 0000
\t0x0020:  a002 faf0 d56d 0000 0204 05b4 0402 080a
\t0x0030:  8b0f a188 0000 0000 0103 0307
02:20:03.248666 IP (tos 0x0, ttl 64, id 0, offset 0, flags [DF], proto TCP (6), length 60)
    10.2.0.9.4000 > 10.1.0.2.50001: Flags [S.], cksum 0x9668 (correct), seq 33490789, ack 3087838206, win 65160, options [mss 1460,sackOK,TS val 1146547617 ecr 2333057416,nop,wscale 7], length 0
\t0x0000:  4500 003c 0000 4000 4006 26af 0a02 0009
\t0x0010:  0a01 0002 0fa0 c351 01ff 0765 b80c abfe
\t0x0020:  a012 fe88 9668 0000 0204 05b4 0402 080a
\t0x0030:  4456 eda1 8b0f a188 0103 0307
02:20:03.248720 IP (tos 0x0, ttl 64, id 36367, offset 0, flags [DF], proto TCP (6), length 52)
    10.1.0.2.50001 > 10.2.0.9.4000: Flags [.], cksum 0xc1b3 (correct), ack 1, win 502, options [nop,nop,TS val 2333057436 ecr 1146547617], length 0
\t0x0000:  4500 0034 8e0f 4000 4006 98a7 0a01 0002
\t0x0010:  0a02 0009 c351 0fa0 b80c abfe 01ff 0766
\t0x0020:  8010 01f6 c1b3 0000 0101 080a 8b0f a19c
\t0x0030:  4456 eda1
`;
/** The same with -nv, and with -nx. */
const DETAILED = DUMPED.replaceAll(/\t.*\n/g, '');
const SHORT = DUMPED.replaceAll(/ \(tos .*\n {3}/g, '').replaceAll(/cksum \S+ \(correct\), /g, '');
/** What tshark -x prints of the second packet, with more of the same. */
const BYTES = `\
0000  45 00 00 3c 00 00 40 00 40 06 26 af 0a 02 00 09   E..<..@.@.&.....
0010  0a 01 00 02 0f a0 c3 51 01 ff 07 65 b8 0c ab fe   .......Q...e....
0020  a0 12 fe 88 96 68 00 00 02 04 05 b4 04 02 08 0a   .....h..........
0030  44 56 ed a1 8b 0f a1 88 01 03 03 07               DV..........

`.repeat(3);

const padded = (n: number, width: number, by = '0'): string => String(n).padStart(width, by);

/** What people and programs put in front of the `i`-th line, or make of it. */
const COATS: Readonly<Record<string, (line: string, i: number) => string>> = {
  'docker logs -t': (line, i) => `2026-11-21T12:00:${padded(i, 2)}.${padded(i * 7919, 9)}Z ${line}`,
  'kubectl logs --timestamps': (line, i) => `2026-11-21T12:00:01.${i * 7 + 1}Z ${line}`,
  'a container runtime': (line, i) => `2026-11-21T12:00:01.${padded(i, 9)}+01:00 stdout F ${line}`,
  'docker compose': (line) => `tcpdump-1  | ${line}`,
  'kubectl logs --prefix': (line) => `[pod/net-7d9c/tcpdump] ${line}`,
  syslog: (line, i) => `Nov ${padded(9 + (i >> 3), 2, ' ')} 12:00:${padded(i, 2)} host tcpdump[123]: ${line}`,
  'journalctl -o short-iso': (line, i) => `2026-11-21T12:00:${padded(i, 2)}+0000 host tcpdump[123]: ${line}`,
  'a job of continuous integration': (line, i) => `[12:00:${padded(i, 2)}] ${line}`,
  'docker logs, as they are stored': (line, i) =>
    JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: `2026-11-21T12:00:${padded(i, 2)}.5Z` }),
  'journalctl -o json': (line, i) => JSON.stringify({ __CURSOR: `s=${i * 4099}`, MESSAGE: line, _PID: '123' }),
  'a logger in JSON, in ASCII alone': (line, i) =>
    `{"level": 30, "time": ${1795262400000 + i}, "msg": ${JSON.stringify(line).replaceAll('>', '\\u003e')}}`,
  'a logger in logfmt': (line, i) => `time="2026-11-21T12:00:${padded(i, 2)}Z" level=info msg=${JSON.stringify(line)}`,
  'Ansible, which prints lines as strings': (line) => `            ${JSON.stringify(line)},`,
  'cat -n': (line, i) => `${padded(i + 1, 6, ' ')}\t${line}`,
  'grep -n': (line, i) => `${i + 1}:${line}`,
  'grep -Hn': (line, i) => `file.txt:${i + 1}:${line}`,
  'a quotation': (line) => `> ${line}`.trimEnd(),
  'a quotation of quotations': (line, i) => `${i % 5 === 4 ? '> ' : ''}> ${line}`.trimEnd(),
  'Markdown with blanks': (line) => (line === '' ? '' : `    ${line}`),
  'Markdown with a tab': (line) => (line === '' ? '' : `\t${line}`),
  'a table in Markdown': (line) => `| ${line} |`,
  'a table whose cells are padded': (line) => `| ${line.padEnd(200)} |`,
  'a page with line breaks': (line) => `${line}<br>`,
  'a comment': (line) => `# ${line}`.trimEnd(),
  'a diff': (line) => `+${line}`,
  'colours of lines': (line) => `\x1b[38;2;18;39;46m${line}\x1b[0m`,
  'colours of words': (line) => line.replaceAll(/Flags|TCP|0x0/g, '\x1b[01;31m\x1b[K$&\x1b[m\x1b[K'),
  'marks of the direction': (line) => line.replaceAll(' > ', ' \u200f> \u2066').replace(/$/, '\u200b'),
  'a terminal that shows tabs as blanks': (line) => line.replace(/^\t/, '        '),
  'a page that has lost tabs': (line) => line.replace(/^\t/, ''),
  'blanks that do not break': (line) => line.replaceAll(' ', '\u00a0'),
  'what HTML writes': (line) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
};

const dressed = (text: string, coat: (line: string, i: number) => string): string =>
  `${text.trimEnd().split('\n').map(coat).join('\n')}\n`;

const rowsOf = (text: string): unknown[] => {
  const trace = readText(text);
  assert.deepEqual(trace.summary().notices, []);
  return [...trace.allSegments()].map((row) => [
    trace.time(row.packet),
    row.seqRaw,
    row.window,
    row.checksum,
    row.client.state,
    row.server.state,
  ]);
};

/** What tshark reads in the capture, whose times of the day these are. */
const HANDSHAKE = [
  ['8403.228056000', 3087838205, 64240, 'good', 'SYN-SENT', 'SYN-RECEIVED'],
  ['8403.248666000', 33490789, 65160, 'good', 'ESTABLISHED', 'SYN-RECEIVED'],
  ['8403.248720000', 3087838206, 502, 'good', 'ESTABLISHED', 'ESTABLISHED'],
];

describe('texts in what has copied or logged them', () => {
  for (const [name, coat] of Object.entries(COATS))
    it(`${name}: packets of several lines are whole, with their own times and bytes`, () => {
      for (const text of [DETAILED, DUMPED, SHORT])
        assert.deepEqual(rowsOf(dressed(text, coat)), HANDSHAKE, dressed(text, coat));
      const prose = `Dear all,\n\nhere is what I saw:\n\n${dressed(DUMPED, coat)}\nWhat is it - 3 > 2?\n`;
      assert.deepEqual(rowsOf(prose), HANDSHAKE, prose);
      const bytes = readText(dressed(BYTES, coat));
      assert.deepEqual(
        [...bytes.allSegments()].map(({ seqRaw, checksum }) => [seqRaw, checksum]),
        [1, 2, 3].map(() => [33490789, 'good']),
        dressed(BYTES, coat),
      );
    });

  for (const [name, coat] of Object.entries(COATS))
    it(`${name}: packets that are pieces of a structure are whole`, () => {
      for (const id of ['tshark-json', 'tshark-ek', 'pdml', 'psml', 'tshark-verbose', 'tshark-csv', 'tshark-fields']) {
        const [trace, bare] = [readText(dressed(SAMPLES[id]!, coat)), readText(SAMPLES[id]!)];
        assert.deepEqual(
          [...trace.allSegments()].map(({ flags, client, packet }) => [
            flags.join(' '),
            client.state,
            trace.time(packet),
          ]),
          [
            ['SYN', 'SYN-SENT', bare.time(1)],
            ['SYN ACK', 'ESTABLISHED', bare.time(2)],
            ['ACK', 'ESTABLISHED', bare.time(3)],
          ],
          id,
        );
      }
    });

  it('have structures of any length behind them, and lines as well', () => {
    const ek = SAMPLES['tshark-ek']!.trimEnd().split('\n');
    const many = Array.from({ length: 600 }, (_, i) => ek.slice((i % 3) * 2, (i % 3) * 2 + 2)).flat();
    // One has a field of 700 kB, longer than what is looked through at once.
    many[801] = many[801]!.replace('"frame":{', `"frame":{"data":"${'41'.repeat(350_000)}",`);
    for (const name of ['syslog', 'docker logs, as they are stored', 'a table in Markdown', 'a logger in logfmt']) {
      const trace = readText(dressed(many.join('\n'), COATS[name]!));
      assert.equal([...trace.allSegments()].length, 600, name);
    }
  });

  it('cat -n: one line a packet, whose counter gets wider', () => {
    const line = (i: number): string =>
      `02:20:${padded(i, 2)}.000000 IP 10.1.0.2.50001 > 10.2.0.9.4000: Flags [.], ack ${i + 1}, win 502, length 0`;
    const list = Array.from({ length: 30 }, (_, i) => line(i)).join('\n');
    const trace = readText(dressed(list, COATS['cat -n']!));
    assert.equal([...trace.allSegments()].length, 30);
    // 2 hours and 20 minutes are 8400 seconds.
    assert.deepEqual([trace.time(1), trace.time(30)], ['8400.000000000', '8429.000000000']);
  });

  it('have the times of their logger where they have none of their own', () => {
    const untimed = DETAILED.replaceAll(/^\S+ IP/gm, 'IP');
    const trace = readText(dressed(untimed, (line, i) => `2026-11-21T12:00:0${i}Z ${line}`));
    assert.deepEqual(
      [1, 2, 3].map((packet) => trace.time(packet)),
      // date -ud 2026-11-21T12:00:00Z +%s; each packet has two lines.
      ['1795262400.000000000', '1795262402.000000000', '1795262404.000000000'],
    );
  });

  it('say where each field is in the line as it stands', () => {
    for (const name of ['syslog', 'grep -Hn', 'colours of words', 'what HTML writes']) {
      const text = dressed(DETAILED, COATS[name]!);
      const trace = readText(text);
      const detail = trace.packet(2)!;
      const fields = detail.layers.flatMap((layer) => layer.fields);
      const found = ['ip.ttl', 'ip.src', 'tcp.seq', 'tcp.ack'].map((id) => fields.find((field) => field.id === id));
      assert.deepEqual(
        found.map((field) => field?.value),
        ['64', '10.2.0.9', '33490789', '3087838206'],
        name,
      );
      const lines = text.split('\n').slice(2, 4).join('\n');
      for (const field of found) assert.equal(lines.substr(field!.bit / 8, field!.bits / 8), field!.value, name);
    }
  });

  it('have their damage told at the line', () => {
    const lines = dressed(DETAILED, COATS.syslog!).split('\n');
    lines[3] = lines[3]!.slice(0, 100);
    const { notices } = readText(lines.join('\n')).summary();
    assert.deepEqual(
      notices.map(({ code, line }) => [code, line]),
      [['cut-line', 4]],
    );
  });

  it('are whole where a payload in words has lost the tab of its empty line (tcpdump -vx)', () => {
    const text = DUMPED.replace('length 0\n\t0x', 'length 0: HTTP\n\tGET / HTTP/1.1\n\n\t0x');
    assert.deepEqual(rowsOf(text), HANDSHAKE);
  });

  it('have packets without TCP, also where there are no others', () => {
    const other = (i: number): string =>
      `02:20:${padded(i, 2)}.000000 IP 10.1.0.2 > 10.2.0.9: ICMP echo request, id 7, seq ${i}, length 64`;
    const unknown = '02:20:59.000000 unknown ip 3';
    for (const name of ['cat -n', 'grep -n', 'a quotation', 'Markdown with blanks', 'docker logs -t'])
      for (const lines of [
        Array.from({ length: 9 }, (_, i) => other(i)),
        [unknown, other(1), SHORT.split('\n')[0]!, unknown],
      ]) {
        const text = dressed(lines.join('\n'), COATS[name]!);
        assert.equal(readText(text).summary().frames, lines.length, text);
      }
  });

  it('have packets without TCP where there are neither times nor flags (-t -q)', () => {
    const other = 'IP 192.168.12.2.51907 > 255.255.255.255.53: UDP, length 43';
    const segments = Array.from({ length: 24 }, (_, i) =>
      i % 2 ? `IP 192.168.12.1.22 > 192.168.12.2.64333: tcp ${i}` : 'IP 192.168.12.2.64333 > 192.168.12.1.22: tcp 0',
    );
    const lines = [other, other, ...segments].join('\n');
    for (const name of ['cat -n', 'grep -n', 'a quotation', 'docker logs -t']) {
      const { frames, segments } = readText(dressed(lines, COATS[name]!)).summary();
      assert.deepEqual([frames, segments], [26, 24], name);
    }
  });

  it('are no lines that were broken where most packets without TCP are of one length', () => {
    const lines = [
      ...Array.from({ length: 18 }, () => 'IP 10.0.4.131.137 > 10.0.5.255.137: UDP, length 50'),
      ...Array.from({ length: 9 }, () => 'IP 10.0.5.233.137 > 10.0.5.255.137: UDP, length 50'),
      'IP 10.0.4.24.139 > 10.0.4.131.1398: tcp 1',
      'IP 10.0.4.131.1398 > 10.0.4.24.139: tcp 0',
    ];
    for (const name of ['cat -n', 'grep -n', 'a quotation', 'Markdown with blanks']) {
      const { frames, segments } = readText(dressed(lines.join('\n'), COATS[name]!)).summary();
      assert.deepEqual([frames, segments], [29, 2], name);
    }
  });

  it('have a single packet without a time behind the blanks of code in Markdown', () => {
    const line = 'IP6 2001:db8::1.30000 > 2001:db8::2.80: tcp 7';
    const trace = readText(`    ${line}\n`);
    assert.deepEqual([trace.summary().frames, ...[...trace.allSegments()].map(({ len }) => len)], [1, 7]);
  });

  it('are no lines that were broken where there are few, and most without flags', () => {
    const lines = [
      'IP 1.1.1.1.12345 > 2.2.2.2.8080:  [|tcp]',
      ...['1', '2'].map(() => 'IP 1.1.1.1 > 2.2.2.2: ip-proto-6'),
    ];
    const { frames, segments } = readText(dressed(lines.join('\n'), COATS['Markdown with blanks']!)).summary();
    assert.deepEqual([frames, segments], [3, 1]);
  });

  it('have labels and tunnels with their packet', () => {
    const labelled = DETAILED.replaceAll(
      ' IP (tos',
      ' MPLS (label 16, tc 0, ttl 64)\n\t(label 17, tc 0, [S], ttl 64)\n\tIP (tos',
    );
    for (const name of ['docker logs -t', 'cat -n', 'a quotation']) {
      const { frames, segments } = readText(dressed(labelled.repeat(4), COATS[name]!)).summary();
      assert.deepEqual([frames, segments], [12, 12], name);
    }
  });

  it('are not the tab in front of most lines of tcpdump -vvv -e -XX, behind which a frame may begin', () => {
    const packet = (i: number): string => `\
${padded(i, 5, ' ')}  2023-01-12 09:43:32.58${i}234 00:00:00:00:00:00 (oui Ethernet) > 00:00:00:00:00:00 (oui Ethernet), ethertype IPv4 (0x0800), length 124: (tos 0x0, ttl 64, id ${i}, offset 0, flags [DF], proto UDP (17), length 110)
    localhost.47101 > localhost.6081: [no cksum] Geneve, Flags [none], vni 0x1092, proto TEB (0x6558)
\t50:eb:71:47:df:c4 (oui Unknown) > 38:43:7d:c8:78:8e (oui Unknown), ethertype IPv4 (0x0800), length 74: (tos 0x0, ttl 63, id 17744, offset 0, flags [DF], proto TCP (6), length 60)
    192.168.0.107.45474 > 145.40.68.75.https: Flags [S], cksum 0xdf39 (correct), seq 2224877773, win 64240, options [mss 1460,sackOK,TS val 578456588 ecr 0,nop,wscale 7], length 0
\t0x0000:  0000 0000 0000 0000 0000 0000 0800 4500  ..............E.
\t0x0010:  006e e5de 4000 4011 569e 7f00 0001 7f00  .n..@.@.V.......
\t0x0020:  0001 b7fd 17c1 005a 0000 0000 6558 0010  .......Z....eX..
\t0x0030:  9200 3843 7dc8 788e 50eb 7147 dfc4 0800  ..8C}.x.P.qG....
\t0x0040:  4500 003c 4550 4000 3f06 5fe5 c0a8 006b  E..<EP@.?._....k
\t0x0050:  9128 444b b1a2 01bb 849c f0cd 0000 0000  .(DK............
\t0x0060:  a002 faf0 df39 0000 0204 05b4 0402 080a  .....9..........
\t0x0070:  227a 8c0c 0000 0000 0103 0307 0000 0000  "z..............
${Array.from({ length: 12 }, (_, line) => `\t0x0${(line + 8).toString(16).padStart(2, '0')}0:  ${'0000 '.repeat(8)} ................\n`).join('')}`;
    const trace = readText([1, 2, 3, 4, 5, 6].map(packet).join(''));
    const rows = [...trace.allSegments()];
    assert.equal(trace.summary().frames, 6);
    assert.deepEqual(
      rows.map(({ packet, seqRaw }) => [packet, seqRaw]),
      [1, 2, 3, 4, 5, 6].map((i) => [i, 2224877773]),
    );
  });

  it('have packets without TCP behind the time of a logger, where payloads stand between (-A)', () => {
    const payload = ['\x60', '...,.@ ...............&.G.........h..&.', '...Evl.........,.............'];
    const packet = (i: number, rest: string): string[] => [
      `21:${padded(Math.floor(i / 60), 2)}:${padded(i % 60, 2)}.114955 IP6 2001:db8::1.57098 > 2001:db8::2.443: ${rest}`,
      ...payload,
    ];
    // More segments than it takes to tell what is in front of them, and then others.
    const lines = Array.from({ length: 150 }, (_, i) =>
      packet(i, i < 130 ? `Flags [.], ack ${i + 1}, win 65535, length 0` : '2980+ A? example.com. (29)'),
    ).flat();
    const logged = lines.map(
      (line, i) => `2026-11-21T12:${padded(Math.floor(i / 60), 2)}:${padded(i % 60, 2)}.000000001Z ${line}`,
    );
    const { frames, segments } = readText(logged.join('\n')).summary();
    assert.deepEqual([frames, segments], [150, 130]);
    // What looks like a packet of no protocol behind the time is a payload.
    const page = ['<html>', '<p><a href="https://example.com">More</a></p>', '</html>'];
    const paged = [...packet(1, 'Flags [P.], seq 1:58, ack 1, win 65535, length 57'), ...page];
    const journal = [...paged, ...packet(2, 'Flags [.], ack 58, win 65535, length 0')].map(
      (line, i) => `Nov 22 13:11:${padded(i, 2)} host tcpdump[1234]: ${line}`,
    );
    assert.equal(readText(journal.join('\n')).summary().frames, 2);
  });

  it('are none where a part of the packets’ own times is the same in all lines', () => {
    const rows = Array.from({ length: 9 }, (_, i) => {
      const rest = i % 3 ? 'SMTP\t60\tC: DATA' : `TCP\t60\t42116 → 25 [ACK] Seq=${i + 1} Ack=1 Win=64256 Len=0`;
      return `  0.0192${padded(i, 2)}\t    ${i + 1}\t 192.168.1.4\t→\t217.12.11.66\t${rest}`;
    });
    const trace = readText(rows.join('\n'));
    assert.deepEqual([trace.time(1), trace.time(9)], ['0.019200000', '0.019208000']);
  });

  it('are none where the packets’ own times stand in front (-t r)', () => {
    for (const behind of ['1 ', '0 ']) {
      const rows = Array.from(
        { length: 12 },
        (_, i) =>
          `${behind === '1 ' ? '' : padded(i + 1, 5, ' ')}   0.0016${padded(i, 2)} ${behind === '1 ' ? padded(i + 1, 5, ' ') : '0'} ` +
          `10.0.0.1 → 10.0.0.2 ${i % 3 ? 'SSH 107 Client: Protocol' : `TCP 66 42116 → 22 [ACK] Seq=${i + 1} Ack=1 Win=64256 Len=0`}`,
      );
      const trace = readText(rows.join('\n'));
      assert.deepEqual([trace.time(1), trace.time(12)], ['0.001600000', '0.001611000'], rows.join('\n'));
    }
  });

  it('are none where most lines have a word behind their time, and one has another (-# -ttttt -q)', () => {
    const [client, server] = ['198.51.100.10.55408', '192.0.2.31.9001'];
    const rows = Array.from({ length: 50 }, (_, i) => {
      const hosts = i % 2 ? `${server} > ${client}` : `${client} > ${server}`;
      const what = i === 1 ? 'ARP, Reply 192.0.2.31 is-at 02:42:ac:10:ee:0b, length 28' : `IP ${hosts}: tcp ${i % 2}`;
      const seconds = i < 3 ? `00.${padded(i * 137_800, 6)}` : `15.${838_476 + i * 89}`;
      return `${padded(i + (i < 3 ? 1 : 110), 5, ' ')}   00:00:${seconds} ${what}`;
    });
    const { frames, segments } = readText(rows.join('\n')).summary();
    assert.deepEqual([frames, segments], [50, 49]);
  });

  it('are none where lines of a dump share their offset and bytes', () => {
    const dump = '\t0x0010:  d4c3 b2a1 0200 1a00\n\t0x0020:  d4c3 b2a1 0201 1b00\n';
    const bytes = Buffer.from(`02:20:03.228056 CFMv0 unknown (204), MD Level 0, length 168\n${dump}`);
    assert.deepEqual(
      frontsOf({ bytes, start: 0, end: bytes.length }).filter((front) => front.includes('x'.charCodeAt(0))),
      [],
    );
  });

  it('keep dates apart from what is in front of them', () => {
    const line = (i: number): string =>
      `2026-11-21 02:20:${padded(i, 2)}.000000 02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 76: ` +
      (i % 9 === 8
        ? '192.0.2.10.55000 > 198.51.100.5.53: 43981+ A? test.example.com. (34)'
        : `192.0.2.10.43210 > 198.51.100.5.443: Flags [.], ack ${i + 1}, win 8192, length 0`);
    const text = dressed(Array.from({ length: 18 }, (_, i) => line(i)).join('\n'), COATS['a quotation']!);
    const trace = readText(text);
    // date -ud 2026-11-21T02:20:00Z +%s
    assert.deepEqual(
      [trace.summary().frames, trace.summary().segments, trace.time(1), trace.time(18)],
      [18, 16, '1795227600.000000000', '1795227617.000000000'],
    );
  });

  it('leave scripts as they were, comments and columns of times in front included', () => {
    const script = `\
// A server that reads, with more words about it than there are statements, as licences
// and explanations are: nothing of them is a statement, nor are they told of.
\`../common/defaults.sh\`

    0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
   +0 bind(3, ..., ...) = 0
   +0 listen(3, 1) = 0
   +0...0.200 accept(3, ..., ...) = 4

  +.1 < S 0:0(0) win 1000 <mss 1000,nop,nop>
   +0 > S. 0:0(0) ack 1 <mss 1460>
  +.1 < . 1:1(0) ack 1 win 1000
`;
    const told = (text: string): unknown => {
      const trace = readText(text);
      const { frames, connections, notices } = trace.summary();
      return [frames, connections, notices, trace.time(3), trace.events().map(({ text: call }) => call)];
    };
    for (const name of ['cat -n', 'grep -n', 'grep -Hn', 'a quotation', 'docker logs -t', 'syslog'])
      assert.deepEqual(told(dressed(script, COATS[name]!)), told(script), name);
  });

  it('cat -n: lines that have hardly anything else in front of what they share', () => {
    const list = Array.from({ length: 18 }, (_, i) =>
      i % 2 ? `IP6 ::1.1883 > ::1.38368: tcp ${i}` : `IP6 ::1.38368 > ::1.1883: tcp ${i}`,
    ).join('\n');
    const trace = readText(dressed(list, COATS['cat -n']!));
    assert.deepEqual([trace.summary().segments, trace.summary().clock], [18, 'none']);
  });
});

describe('texts whose lines were broken', () => {
  /** As mailers do, and `fold -s`, which leaves the blank. */
  const betweenWords = (line: string, columns: number, blank = ''): string => {
    const at = line.length <= columns ? -1 : line.lastIndexOf(' ', columns - 1);
    return line.slice(0, at).trim() === '' || at < 0
      ? line
      : `${line.slice(0, at)}${blank}\n${betweenWords(line.slice(at + 1), columns, blank)}`;
  };
  const atColumns = (line: string, columns: number): string =>
    line.replaceAll(new RegExp(`.{${columns}}(?=.)`, 'gu'), '$&\n');
  const each = (text: string, change: (line: string) => string): string => text.split('\n').map(change).join('\n');
  const told = (text: string): unknown => [...readText(text).allSegments()];
  const codes = (text: string): string[] =>
    readText(text)
      .summary()
      .notices.map(({ code }) => code);

  for (const [name, text] of Object.entries({ '-n': SHORT.replaceAll(/\t.*\n/g, ''), '-nv': DETAILED })) {
    const whole = text.repeat(2);
    for (const columns of [64, 72, 76, 80, 100]) {
      it(`${name}: of ${columns} characters say what the whole lines say`, () => {
        for (const quote of ['', '> '])
          for (const broken of [
            each(whole, (line) => betweenWords(line, columns)),
            each(whole, (line) => betweenWords(line, columns, ' ')),
            each(whole, (line) => atColumns(line, columns)),
          ]) {
            const shown = each(broken, (line) => `${quote}${line}`);
            assert.deepEqual(told(shown), told(whole), shown);
            assert.ok(
              codes(shown).every((code) => /^wrapped-lines?$/.test(code)),
              shown,
            );
          }
      });
    }
  }

  it('have their numbers whole where `fold` has cut one, which counts bytes', () => {
    const row = (i: number, notes: string): string =>
      `   ${i + 10}   6.4342${i + 10}    10.77.0.1 → 10.77.0.2    TCP 68 ${notes}60110 → 4000 [PSH, ACK] ` +
      `Seq=1 Ack=1 Win=64512 Len=2 TSval=337769952${i} TSecr=21573972${80 + i}\n`;
    const whole = Array.from({ length: 9 }, (_, i) => row(i, i === 5 ? '[TCP Retransmission] ' : '')).join('');
    const folded = each(whole, (line) => {
      const bytes = Buffer.from(line);
      return Array.from({ length: Math.ceil(bytes.length / 80) }, (_, i) =>
        bytes.subarray(i * 80, i * 80 + 80).toString(),
      ).join('\n');
    });
    assert.match(folded, /TSecr=21573972\n85\n/);
    const { layers } = readText(folded).packet(6)!;
    const options = layers.flatMap(({ fields }) => fields).find(({ id }) => id === 'tcp.options');
    assert.equal(options?.value, 'TSval=3377699525 TSecr=21573972\n85');
  });

  it('are put together as they were also where there is hardly one', () => {
    for (const whole of [SHORT.replaceAll(/\t.*\n/g, ''), DETAILED])
      for (const packets of [1, 2, 3]) {
        const some = whole
          .split(/^(?=02:)/m)
          .slice(0, packets)
          .join('');
        for (const columns of [66, 72, 80, 84, 98, 104])
          for (const broken of [
            each(some, (line) => betweenWords(line, columns)),
            each(some, (line) => betweenWords(line, columns, ' ')),
            each(some, (line) => atColumns(line, columns)),
          ])
            assert.deepEqual(told(broken), told(some), broken);
      }
  });

  it('are as wide as the others where a word that was too long has a line of its own', () => {
    const payload = `02:20:04.000000 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 240)
    10.1.0.2.50001 > 10.2.0.9.4000: Flags [P.], cksum 0x211b (correct), seq 1:201, ack 1, win 32736, length 200
\tGET /${'MFEwTzBNMEsw'.repeat(14)}
`;
    const whole = `${DETAILED}${payload}`.replaceAll(/^02:20:0/gm, '170000000');
    for (const columns of [64, 72, 76])
      assert.deepEqual(told(each(whole, (line) => betweenWords(line, columns))), told(whole), String(columns));
  });

  it('begin anew with a time in seconds, also where each is behind a line that is full', () => {
    const line = (i: number): string => `\
170000000${i}.123456 IP (tos 0x0, ttl 64, id ${43540 + i}, offset 0, flags [DF], proto TCP (6), length 64, bad cksum 0 (->929b)!)
    127.0.0.1.62270 > 127.0.0.1.1080: Flags [S], cksum 0xfe34 (incorrect -> 0x7c78), seq 257233214, win 65535, options [mss 16344,nop,wscale 3,nop,nop,TS val 153248052 ecr 0,sackOK,eol], length 0
`;
    const whole = Array.from({ length: 9 }, (_, i) => line(i)).join('');
    // Soon after a start, too.
    for (const text of [whole, whole.replaceAll(/^170000000/gm, '18')])
      for (const columns of [72, 73, 74])
        assert.deepEqual(told(each(text, (one) => betweenWords(one, columns))), told(text), String(columns));
  });

  it('go on with what begins like a time that is written in another way', () => {
    const payload = `02:20:04.000000 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 124)
    10.2.0.9.4000 > 10.1.0.2.50001: Flags [P.], cksum 0x211b (correct), seq 1:85, ack 1, win 32736, length 84
\t220 pigeon.eyrie.af.mil ESMTP Sendmail 8.8.7/8.8.7; Sat, 7 Aug 1999 08:20:11 -0400
`;
    const whole = `${payload}${DETAILED}`;
    for (const columns of [64, 66, 68, 69, 70, 71, 72, 73, 74])
      assert.deepEqual(told(each(whole, (line) => betweenWords(line, columns))), told(whole), String(columns));
  });

  it('count packets without TCP, quoted and of any age and address', () => {
    const flow = 'IP 192.168.1.101.1577 > 192.168.100.124.1153: Flags [P.],';
    const quoted = [
      '01:59:45.690512 IP 10.9.3.124.55092 > 10.208.0.9.1153: UDP, length 50',
      '02:00:04.761735 IP 10.9.3.124.55092 > 10.208.0.9.1153: UDP, length 121',
      `23:55:53.828241 ${flow} seq 12615620:12615693, ack 27381761, win 65535, options [nop,nop,TS val 1503351 ecr 203301285], length 73`,
      `23:55:54.958339 ${flow} seq 73:184, ack 73, win 5767, options [TS val 203301395 ecr 1503351,nop,nop], length 111`,
    ].map((line) => each(betweenWords(line, 74), (piece) => `> ${piece}`));
    assert.equal(readText(quoted.join('\n')).summary().frames, 4);
    const sixth = `IP 192.168.1.101.1577 > 192.168.100.124.1153: Flags [P.], seq 1:74, ack
1, win 65535, options [nop,nop,TS val 1503351 ecr 203301285], length 73
IP 192.168.100.124.1153 > 192.168.1.101.1577: Flags [P.], seq 1:112, ack
74, win 5767, options [TS val 203301395 ecr 1503351,nop,nop], length 111
IP6 fe80::21e:ecff:fe30:9474 > ff02::1:ffeb:3faf: ICMP6, neighbor
solicitation, who has fe80::203:47ff:feeb:3faf, length 32
IP6 fe80::21e:ecff:fe30:9474.42787 > fe80::203:47ff:feeb:3faf.1153:
Flags [S], seq 2440557130, win 5760, options [mss 1440], length 0
IP6 fe80::203:47ff:feeb:3faf.1153 > fe80::21e:ecff:fe30:9474.42787:
Flags [S.], seq 2089490462, ack 2440557131, win 5712, options [mss
1440], length 0
`;
    assert.equal(readText(sixth).summary().frames, 5);
    // The beginning, by which it is told how lines were broken, has none that is older than the first packet.
    const list = Array.from({ length: 400 }, (_, i) =>
      i > 390
        ? `-${i}.010000  2001:db8::1 → 2001:db8::2  CFLOW 134 total: 1 (v5) flow`
        : `${1000 + i}.010000     10.0.0.1 → 10.0.0.2     TCP 54 80 → 50001 [SYN, ACK] Seq=1 Win=8192 Urg=0 Len=0`,
    );
    assert.equal(readText(list.map((line) => betweenWords(line, 72)).join('\n')).summary().frames, 400);
  });

  it('are told of, and have each place where it is', () => {
    const broken = each(DETAILED, (line) => betweenWords(line, 64));
    const trace = readText(broken);
    const lines = broken.split('\n');
    assert.deepEqual(codes(broken), ['wrapped-lines']);
    const packets = trace.textPackets(1, lines.length);
    const begin = lines.flatMap((line, i) => (line.startsWith('02:20:03') ? [i + 1] : []));
    assert.deepEqual(
      packets.map(({ first }) => first),
      begin,
    );
    for (const { marks } of packets) {
      const [flags] = marks.filter(({ id }) => id === 'tcp.flags');
      assert.match(lines[flags!.line - 1]!.slice(flags!.start, flags!.end), /^(S|S\.|\.)$/);
    }
  });

  it('are none where packets begin anew behind lines of nearly one length (tshark -P -V)', () => {
    const { frames, notices } = readText(`\
    4  -0.008245  192.0.2.180 → 192.0.2.110  TCP 66 55936 → 443 [ACK] Seq=1 Ack=1 Win=1040 Len=0 TSval=647770294 TSecr=2364779354
Frame 4: 66 bytes on wire (528 bits), 66 bytes captured (528 bits)
    5   0.040019  192.0.2.210 → 192.0.2.180  RPKI-RTR 413 Unknown (100), Error Report[Malformed Packet], Error Report[Malformed Packet]
Frame 5: 413 bytes on wire (3304 bits), 413 bytes captured (3304 bits)
    6 2097152.008626 198.51.100.1 → 192.0.2.180  TCP 66 50079 → 22 [ACK] Seq=1 Ack=1 Win=4094 Len=0 TSval=941371775 TSecr=4294967242
Frame 6: 66 bytes on wire (528 bits), 66 bytes captured (528 bits)
`).summary();
    assert.deepEqual([frames, notices.map(({ code }) => code)], [3, []]);
  });

  it('is none where two lines of a dump begin alike', () => {
    const trace = readText(`\
    1   0.000000    192.0.2.1 → 192.0.2.2    HTTP 92 HTTP/1.1 200 OK  (text/html)

Frame (92 bytes):
0000  02 00 00 00 00 01 02 00 00 00 00 02 08 00 45 00   
0010  00 4e 00 01 40 00 40 06 b6 a5 c0 00 02 01 c0 00   
0020  02 02 00 50 c0 09 00 00 03 e8 00 00 07 d0 50 19   
0030  02 00 de d7 00 00 3c 68 74 6d 6c 3e 3c 70 3e 0a   
0040  64 79 3e 0d 0a 48 65 6c 6c 6f 0d 0a 3c 2f 62 6f   
0050  64 79 3e 0d 0a 3c 2f 68 74 6d 6c 3e               
Reassembled TCP (57 bytes):
0000  48 54 54 50 2f 31 2e 31 20 32 30 30 20 4f 4b 0d   
0010  0a 0d 0a 3c 68 74 6d 6c 3e 3c 70 3e 0a 64 79 3e   
0020  0d 0a 48 65 6c 6c 6f 0d 0a 3c 2f 62 6f 64 79 3e   
0030  0d 0a 3c 2f 68 74 6d 6c 3e                        

    2   0.000300    192.0.2.2 → 192.0.2.1    TCP 54 49161 → 80 [ACK] Seq=1 Ack=40 Win=512 Len=0

0000  02 00 00 00 00 01 02 00 00 00 00 02 08 00 45 00   
0010  00 28 00 02 40 00 40 06 b6 ca c0 00 02 02 c0 00   
0020  02 01 c0 09 00 50 00 00 07 d0 00 00 04 0f 50 10   
0030  02 00 5d 98 00 00                                 
`);
    assert.deepEqual(
      [...trace.allSegments()].map(({ packet, len, checksum, flags }) => [packet, len, checksum, flags.join(' ')]),
      [
        [1, 38, 'good', 'FIN PSH ACK'],
        [2, 0, 'good', 'ACK'],
      ],
    );
  });
});
