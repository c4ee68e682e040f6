import assert from 'node:assert/strict';
import type { MissingField } from '../../../src/core/model/segment';
import { LOSSY, readText } from '../../support/text-traces';

const LINES = LOSSY.trimEnd().split('\n');
const PACKETS = LINES.filter((line) => line.startsWith('10:'));

/** What is noted, by line; the segments that are read all the same. */
const read = (
  text: string,
): { noted: [code: string, line: number | undefined, severity: string][]; segments: number } => {
  const { notices, segments } = readText(text).summary();
  return { noted: notices.map(({ code, line, severity }) => [code, line, severity]), segments };
};

/** The list of packets that tshark prints of a connection. */
const LIST = Array.from(
  { length: 8 },
  (_, i) =>
    `    ${i + 1}   0.00000${i}     10.0.0.1 → 10.0.0.2     TCP 66 40000 → 80 [ACK] Seq=${1 + i * 10} Ack=1 Win=502 Len=10`,
);

/** One with everything in it that a line may be wrapped at. */
const LONG_LIST = [
  '40000 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 SACK_PERM TSval=111111 TSecr=0 WS=128',
  '80 → 40000 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0 MSS=1460 SACK_PERM TSval=222222 TSecr=111111 WS=128',
  '40000 → 80 [ACK] Seq=1 Ack=1 Win=64256 Len=0 TSval=111112 TSecr=222222',
  '[TCP Previous segment not captured] 40000 → 80 [PSH, ACK] Seq=11 Ack=1 Win=64256 Len=10 TSval=111113 TSecr=222222',
  '80 → 40000 [ACK] Seq=1 Ack=1 Win=65152 Len=0 TSval=222223 TSecr=111112 SLE=11 SRE=21',
  '[TCP Dup ACK 5#1] 80 → 40000 [ACK] Seq=1 Ack=1 Win=65152 Len=0 TSval=222224 TSecr=111112 SLE=11 SRE=21',
].map((info, i) => {
  const [from, to] = /^(\[.*?\] )?80/.test(info) ? [2, 1] : [1, 2];
  return `    ${i + 1}   0.00000${i}     10.0.0.${from} → 10.0.0.${to}     TCP 66 ${info}`;
});

/** The bytes of a packet of that connection, as `-x` prints them. */
const DUMP = `\
0000  45 00 00 28 8e 0e 40 00 40 06 98 b4 0a 00 00 01   E..(..@.@.......
0010  0a 00 00 02 9c 40 00 50 b8 0c ab fd 00 00 00 01   .....@.P........
0020  50 10 01 f6 00 00 00 00                           P.......
`;

/** A text with one of its lines changed. */
const with3 = (lines: readonly string[], change: (line: string) => string): string =>
  lines.map((line, i) => (i === 2 ? change(line) : line)).join('\n');

describe('damaged text', () => {
  const all = PACKETS.length;

  it('is told of at the line, and the rest is read: tcpdump', () => {
    assert.deepEqual(read(PACKETS.join('\n')), { noted: [], segments: all });
    for (const length of [20, 30, 45, 55, 62, 70])
      assert.deepEqual(
        read(with3(PACKETS, (line) => line.slice(0, length))).noted,
        [['cut-line', 3, 'warning']],
        `cut after ${length}: ${PACKETS[2]!.slice(0, length)}`,
      );
    assert.deepEqual(read(PACKETS.join('\n').slice(0, -12)).noted, [['cut-line', all, 'warning']]);
    assert.deepEqual(read(with3(PACKETS, (line) => line.replace('40000', '4\x00\x00\x0000'))), {
      noted: [['damaged-line', 3, 'warning']],
      segments: all - 1,
    });
    const joined = [...PACKETS.slice(0, 2), PACKETS[2]! + PACKETS[3]!, ...PACKETS.slice(4)];
    assert.deepEqual(read(joined.join('\n')), { noted: [['damaged-line', 3, 'warning']], segments: all - 1 });
  });

  /** Of the fourth packet what the text carries, and its options and checksum in so many words. */
  const fourth = (text: string): Record<string, unknown> => {
    const trace = readText(text);
    const row = [...trace.allSegments()].find(({ packet }) => packet === 4);
    const value = (name: MissingField, number: number | undefined): number | null =>
      row === undefined || row.missing.includes(name) ? null : (number ?? null);
    return {
      flags: value('flags', 0) === null ? null : row?.flags.join(' '),
      seq: value('seq', row?.seqRaw),
      ack: value('ack', row?.ackRaw),
      window: value('window', row?.window),
      len: row?.lengthKnown === true ? row.len : null,
      checksum: row === undefined || row.checksum === 'unverified' ? null : row.checksum,
      mss: row === undefined ? null : (/mss \d+/.exec(row.label)?.[0] ?? null),
    };
  };

  for (const [name, line, bodyAt, damage] of [
    [
      'tcpdump -v',
      '10:00:00.020000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S.], cksum 0x0001 (correct), seq 1001:2001, ack 12345, win 64240, urg 17, options [mss 1460,nop,wscale 10], length 1000',
      'Flags [',
      'cut-line',
    ],
    [
      'before version 4',
      '10:00:00.020000 IP 10.0.0.1.40000 > 10.0.0.2.80: S, cksum 0x0001 (correct), 1001:2001(1000) ack 12345 win 64240',
      'S, cksum 0x',
      'cut-line',
    ],
  ] as const)
    it(`has no value of which digits may be missing, wherever the line breaks off: ${name}`, () => {
      const textOf = (changed: string): string => PACKETS.map((one, i) => (i === 3 ? changed : one)).join('\n');
      const whole = fourth(textOf(line));
      const shown = new Set<string>();
      // The number of the window is the last word of the old form.
      for (let length = line.indexOf(bodyAt) + bodyAt.length; length <= line.lastIndexOf(' '); length++) {
        const broken = line.slice(0, length);
        assert.deepEqual(read(textOf(broken)).noted, [[damage, 4, 'warning']], broken);
        for (const [field, value] of Object.entries(fourth(textOf(broken)))) {
          assert.ok(value === null || value === whole[field], `${field} ${String(value)} of ${broken}`);
          if (value !== null) shown.add(field);
        }
      }
      assert.deepEqual(
        Object.keys(whole).filter((field) => whole[field] !== null && !shown.has(field) && field !== 'window'),
        [],
      );
    });

  it('has its segment on the next line where the IP header breaks off (-v)', () => {
    const header =
      '10:00:00.020000 IP (tos 0x0, ttl 46, id 24440, offset 0, flags [none], proto TCP (6), length 403, bad cksum 938f (->313c)!)';
    const second =
      '    10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], cksum 0x185e (incorrect -> 0xb60a), seq 5001:5352, ack 1, win 665, length 351';
    const textOf = (cut: string): string => [...PACKETS.slice(0, 3), cut, second, ...PACKETS.slice(4)].join('\n');
    const whole = fourth(textOf(header));
    assert.deepEqual([whole.flags, whole.len, whole.checksum], ['PSH ACK', 351, 'bad']);
    for (let length = header.indexOf('(tos') + 7; length < header.length; length++) {
      if (header[length - 1] === ')') continue;
      const cut = header.slice(0, length);
      assert.deepEqual([fourth(textOf(cut)), read(textOf(cut)).noted], [whole, [['cut-line', 4, 'warning']]], cut);
    }
  });

  it('is told of at the line, and the rest is read: tshark', () => {
    assert.deepEqual(read(LIST.join('\n')), { noted: [], segments: 8 });
    assert.deepEqual(read(with3(LIST, (line) => line.slice(0, 30))), {
      noted: [['cut-line', 3, 'warning']],
      segments: 7,
    });
    assert.deepEqual(read(LIST.join('\n').slice(0, -8)).noted, [['cut-line', 8, 'warning']]);
    assert.deepEqual(read(with3(LIST, (line) => line.replace('10.0.0.1', '10.\x00.0.1'))).noted, [
      ['damaged-line', 3, 'warning'],
    ]);
    assert.deepEqual(read(with3(LIST, (line) => `Nov 21 15:00:00 host app[7]: ${line}`)), {
      noted: [['prefixed-line', 3, 'info']],
      segments: 8,
    });
  });

  it('has no number that its line breaks off in', () => {
    const old = (from: number, to: number, rest: string): string =>
      `10:00:0${from}.000000 10.0.0.${from}.4000${from} > 10.0.0.${to}.4000${to}: ${rest}`;
    // As Stevens' books have it.
    const printedOnce = [
      old(1, 2, 'S 1415531521:1415531521(0) win 4096 <mss 1024>'),
      old(2, 1, 'S 1823083521:1823083521(0) ack 1415531522 win 4096 <mss 1024>'),
      old(1, 2, '. ack 1 win 4096'),
      old(1, 2, 'P 1:1001(1000) ack 1 win 4096 <nop>'),
    ];
    for (const lines of [PACKETS, LIST, printedOnce])
      for (const at of [1, 3]) {
        const line = lines[at]!;
        const whole = [...readText(lines.join('\n')).allSegments()][at]!;
        for (let end = line.search(/Flags|Seq=|: [SP.] /) + 1; end < line.length; end++) {
          // Nothing tells that digits of what stands last are gone: the length in a list, the window long ago.
          const tail = lines === LIST ? ' Len=' : lines === printedOnce ? ' win ' : null;
          if (tail !== null && line.slice(0, end).includes(tail)) break;
          const cut = lines.map((one, i) => (i === at ? one.slice(0, end) : one)).join('\n');
          const row = [...readText(cut).allSegments()].find(({ packet }) => packet === at + 1);
          if (row === undefined) continue;
          const why = JSON.stringify(line.slice(0, end));
          for (const field of ['seq', 'ack', 'window'] as const)
            if (!row.missing.includes(field) && row.lengthKnown)
              assert.equal(row[field], whole[field], `${field}: ${why}`);
          if (row.lengthKnown) assert.equal(row.len, whole.len, why);
          // There, a word of its own says that there is an acknowledgment.
          if (lines !== printedOnce && !row.missing.includes('flags')) assert.deepEqual(row.flags, whole.flags, why);
        }
      }
  });

  /** A line as a mailer wraps it. */
  const wrap = (line: string, width = 72): string[] => {
    const at = line.lastIndexOf(' ', width);
    const isShort = line.length <= width || line.slice(0, at).trim() === '';
    return isShort ? [line] : [line.slice(0, at).trimEnd(), ...wrap(line.slice(at + 1), width)];
  };
  /** Numbers of the lines that go on in the next one, once every line is in its pieces. */
  const goingOn = (pieces: readonly (readonly string[])[]): number[] => {
    let lines = 0;
    return pieces.flatMap(({ length }) => {
      lines += length;
      return length > 1 ? [lines - length + 1] : [];
    });
  };
  /** Where a text is said to be wrapped: all of it at its first line that is, or line by line. */
  const isToldWrapped = ({ noted }: ReturnType<typeof read>, lines: readonly number[]): void => {
    assert.equal(noted[0]?.[1], lines[0]);
    for (const [code, line] of noted)
      assert.ok(code === 'wrapped-lines' || (code === 'wrapped-line' && lines.includes(line ?? 0)), `${code} ${line}`);
  };
  const QUOTES = ['', '> ', '>> ', '> > ', '| '];

  it('is told of at the line, and the rest is read: rows', () => {
    const names = [
      'frame.number',
      'ip.src',
      'ip.dst',
      'tcp.srcport',
      'tcp.dstport',
      'tcp.flags',
      'tcp.seq_raw',
      'tcp.len',
    ];
    const rows = LIST.map((_, i) => [i + 1, '10.0.0.1', '10.0.0.2', 40000, 80, '0x0010', 5000 + 10 * i, 10].join('\t'));
    const fields = (change: (line: string) => string): ReturnType<typeof read> =>
      read(`${names.join('\t')}\n${with3(rows, change)}\n`);
    assert.deepEqual(
      fields((line) => line),
      { noted: [], segments: 8 },
    );
    // In front of the ports, and behind them.
    assert.deepEqual(
      fields((line) => line.slice(0, 25)),
      { noted: [['cut-line', 4, 'warning']], segments: 7 },
    );
    assert.deepEqual(
      fields((line) => line.slice(0, 37)),
      { noted: [['cut-line', 4, 'warning']], segments: 8 },
    );
    const cells = LIST.map(
      (line, i) => `"${i + 1}","0.00000${i}","10.0.0.1","10.0.0.2","TCP","66","${line.slice(line.indexOf('40000'))}"`,
    );
    const csv = (change: (line: string) => string): ReturnType<typeof read> =>
      read(`"No.","Time","Source","Destination","Protocol","Length","Info"\n${with3(cells, change)}\n`);
    assert.deepEqual(
      csv((line) => line),
      { noted: [], segments: 8 },
    );
    assert.deepEqual(
      csv((line) => line.slice(0, 30)),
      { noted: [['cut-line', 4, 'warning']], segments: 7 },
    );
    assert.deepEqual(
      csv((line) => line.slice(0, -4)),
      { noted: [['cut-line', 4, 'warning']], segments: 8 },
    );
  });

  it('is told of at the line, and the rest is read: details', () => {
    const details = (number: number): string => `\
Frame ${number}: 60 bytes on wire (480 bits), 60 bytes captured (480 bits)
    Epoch Time: 1700000000.00000000${number} seconds
    Frame Number: ${number}
    [Protocols in frame: eth:ethertype:ip:tcp]
Internet Protocol Version 4, Src: 10.0.0.1, Dst: 10.0.0.2
    Identification: 0x0001 (1)
Transmission Control Protocol, Src Port: 40000, Dst Port: 80, Seq: 1, Ack: 1, Len: 6
    Sequence Number (raw): 1001
    Acknowledgment number (raw): 5001
    Flags: 0x018 (PSH, ACK)
    Window: 502

`;
    const whole = details(1);
    assert.deepEqual(read(whole + details(2)), { noted: [], segments: 2 });
    for (const [behind, line, segments] of [
      ['    Identification', 6, 1],
      ['    Sequence Number', 8, 2],
    ] as const)
      assert.deepEqual(read(whole.slice(0, whole.indexOf(behind) + behind.length) + '\n' + details(2)), {
        noted: [['cut-line', line, 'warning']],
        segments,
      });
    // Folded up, it has no more.
    assert.deepEqual(read(details(1).replaceAll(/^ {4}[SAFW].*\n/gm, '')).noted, []);
    // The capture ends in front of the ports.
    const cut = whole.replace(/Transmission[\s\S]*/, '[Packet size limited during capture: TCP truncated]\n');
    assert.deepEqual(read(cut).noted, []);
  });

  it('begins in the middle of a dump', () => {
    const dump = `\
0030  20 00 b1 74 00 00 02 04 05 b4 01 03 03 08 01 01    ..t............
0040  04 02                                             ..

`;
    const rest = Array.from({ length: 12 }, (_, i) => dump.slice(0, 72).replace('0030', `00${(i + 3).toString(16)}0`));
    const trace = readText(`${rest.join('')}\n${LIST[0]}\n\n${DUMP}\n${LIST[1]}\n\n${DUMP}`);
    assert.deepEqual([trace.summary().segments, trace.summary().clock], [2, 'elapsed']);
  });

  it('is whole where a mailer has broken packets of EK', () => {
    const packet = (flags: string, more: string): string =>
      `{"timestamp":"1700000000000","layers":{"frame":{"frame_frame_time_epoch":"2023-11-14T22:13:20.000000000Z"},` +
      `"ip":{"ip_ip_src":"10.0.0.1","ip_ip_dst":"10.0.0.2"},"tcp":{"tcp_tcp_srcport":"40000","tcp_tcp_dstport":"80",` +
      `"tcp_tcp_len":"0","tcp_tcp_seq_raw":"1000","tcp_tcp_flags":"${flags}","text":"${more}\\\\"}}}`;
    const text = `{"index":{"_index":"packets"}}\n${packet('0x0002', 'a')}\n${packet('0x0010', 'an odd number')}\n`;
    for (const width of [61, 72, 76]) {
      const broken = text.replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\n');
      const trace = readText(broken);
      const rows = [...trace.allSegments()].map(({ seqRaw, flags }) => [seqRaw, flags]);
      const [connection] = trace.connections(0, 1);
      assert.deepEqual(
        [rows, connection?.client.port],
        [
          [
            [1000, ['SYN']],
            [1000, ['ACK']],
          ],
          40000,
        ],
      );
      const { noted } = read(broken);
      assert.deepEqual([noted.length, noted[0]], [2, ['wrapped-line', 2, 'info']]);
    }
  });

  it('is whole where a mailer has wrapped and quoted it: tcpdump', () => {
    for (const quote of ['', '> '])
      assert.deepEqual(
        read(PACKETS.flatMap((line) => wrap(line).map((part) => quote + part)).join('\n')),
        { noted: [['wrapped-lines', goingOn(PACKETS.map((line) => wrap(line)))[0], 'info']], segments: all },
        `quoted by “${quote}”`,
      );
    // One alone, in a terminal that was narrower than the others.
    assert.deepEqual(read(with3(PACKETS, (line) => wrap(line, 40).join('\n'))), {
      noted: [['wrapped-line', 3, 'info']],
      segments: all,
    });
  });

  it('is whole where a mailer has wrapped and quoted it, but for payloads, which it could not: tcpdump -A', () => {
    const payload = ['E..<.@.@.......', `....${'.\t/a'.repeat(70)}`, ''];
    const inTunnel = ['.....B.!E..<.@.@', `....${'.\t/a'.repeat(70)}`];
    for (const [name, before, behind] of [
      ['on Ethernet', 'IP', payload],
      ['in PPPoE', 'PPPoE  [ses 0xf07] IP', inTunnel],
    ] as const) {
      const lines = PACKETS.map((line) => line.replace(' IP ', ` ${before} `));
      const whole = [...readText(lines.flatMap((line) => [line, ...behind]).join('\n')).allSegments()];
      assert.equal(whole.length, all);
      for (const quote of ['', '> '])
        for (const width of [44, 50, 56, 60, 66, 68, 70, 72, 74, 76]) {
          const pieces = lines.flatMap((line) => [...wrap(line, width), ...behind]).map((part) => quote + part);
          assert.deepEqual(
            [...readText(pieces.join('\n')).allSegments()],
            whole,
            `${name}, ${width} wide, quoted by “${quote}”`,
          );
        }
      // Each where somebody found it too long, which no width tells.
      for (const word of ['Flags', 'seq', 'ack', 'win', 'options', 'length']) {
        const broken = lines.map((line) => line.replace(`${word} `, `${word}\n`));
        const trace = readText(broken.flatMap((line) => [line, ...behind]).join('\n'));
        assert.deepEqual([...trace.allSegments()], whole, `${name}, broken behind “${word}”`);
        const { notices } = trace.summary();
        assert.ok(notices.length > 0 && notices.every(({ code }) => /^wrapped-lines?$/.test(code)), word);
      }
    }
  });

  it('is whole where a mailer has wrapped and quoted it: tshark', function () {
    this.timeout(60_000);
    const lists = [
      LONG_LIST,
      LONG_LIST.map((line) => line.slice(6)),
      LONG_LIST.map((line) => line.replace(/^ +(\d+) +[\d.]+/, '$1 ')),
      LONG_LIST.map((line) => line.replaceAll('10.0.0.', '2001:db8:85a3:1234:5678:8a2e:370:733')),
      LONG_LIST.map((line) => line.replace(/ {3}0\.0/, ' 2023-11-14 22:13:20.0')),
    ];
    for (const list of lists) {
      const whole = [...readText(list.join('\n')).allSegments()];
      assert.equal(whole.length, 6);
      QUOTES.forEach((quote, i) => {
        for (const width of [66, 72, 74, 75, 76, 78, 80]) {
          const end = (i + width) % 2 === 0 ? '\n' : '\r\n';
          const pieces = list.map((line) => wrap(line, width).map((part) => quote + part));
          const text = pieces.flat().join(end);
          const trace = readText(text);
          const which = `${width} wide, quoted by “${quote}”, ends ${JSON.stringify(end)}:\n${text}`;
          assert.deepEqual([...trace.allSegments()], whole, which);
          isToldWrapped(read(text), goingOn(pieces));
        }
      });
    }
  });

  it('is no quotation where one line goes on with an arrow', () => {
    PACKETS.forEach((packet, i) => {
      const text = PACKETS.map((line) => (line === packet ? line.replace(' > ', '\n> ') : line)).join('\n');
      assert.deepEqual(read(text), { noted: [['wrapped-line', i + 1, 'info']], segments: all });
    });
  });

  it('is whole where a mailer has wrapped and quoted it: dumps', () => {
    const header = [
      ...Buffer.from('4500005c8e0e400040060000' + '0a0000010a000002' + '9c400050b80cabfd000000015010', 'hex'),
    ];
    const packet = (text: string): string[] => {
      const bytes = [...header, 1, 246, 0, 0, 0, 0, ...Buffer.from(text)];
      return Array.from({ length: Math.ceil(bytes.length / 16) }, (_, i) => {
        const line = bytes.slice(16 * i, 16 * i + 16);
        const pairs = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
        const shown = line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
        return `${(16 * i).toString(16).padStart(4, '0')}  ${pairs.padEnd(47)}   ${shown}`;
      });
    };
    // What looks like bytes, like the mark of a quotation, like an edge, and nothing but blanks.
    const texts = Array.from({ length: 6 }, () => '0123456789abcdef'.repeat(4).slice(12));
    texts[1] = `${'x'.repeat(8)}>${'x'.repeat(15)}>${' x'.repeat(13)} `;
    texts[2] = `${'x'.repeat(7)}|${'x'.repeat(44)}`;
    texts[3] = `${' '.repeat(11)}x${' '.repeat(40)}`;
    const lines = LONG_LIST.flatMap((line, i) => [line, '', ...packet(texts[i]!), '']);
    const whole = [...readText(lines.join('\n')).allSegments()];
    assert.deepEqual(
      whole.map(({ len }) => len),
      [52, 52, 52, 52, 52, 52],
    );
    for (const quote of ['', '> ', '>> '])
      for (const width of [66, 70, 72, 76]) {
        const text = lines.flatMap((line) => wrap(line, width).map((part) => quote + part)).join('\n');
        const trace = readText(text);
        assert.deepEqual([...trace.allSegments()], whole, `${width} wide, quoted by “${quote}”`);
        assert.deepEqual(
          read(text).noted.map(([code]) => code),
          ['wrapped-lines'],
        );
      }
  });

  it('is whole where a mailer has wrapped and quoted it: CSV and PSML', function () {
    this.timeout(60_000);
    const titles = ['No.', 'Time', 'Source', 'Destination', 'Protocol', 'Length', 'Info'];
    // More than one looks at to find how lines were broken, with ever longer numbers and times.
    const rows = Array.from({ length: 32 }, (_, i) => LONG_LIST.map((line) => ({ line, time: 3 ** (i / 3) }))).flatMap(
      (round) =>
        round.map(({ line, time }, at) => {
          const [, , from, , to, protocol, length, ...info] = line.trim().split(/ +/);
          return [time + at / 1000, from, to, protocol, length, info.join(' ')] as const;
        }),
    );
    const cells = rows.map(([time, ...others], i) => [`${i + 1}`, time.toFixed(6), ...others]);
    const texts = {
      csv: [titles, ...cells].map((row) => row.map((cell) => `"${cell}"`).join(',')),
      psml: [
        ...['<?xml version="1.0" encoding="utf-8"?>', '<psml version="0" creator="wireshark/4.0.17">'],
        ...['<structure>', ...titles.map((title) => `<section>${title}</section>`), '</structure>', ''],
        ...cells.flatMap((row) => [
          ...['<packet>', ...row.map((cell) => `<section>${cell}</section>`), '</packet>', ''],
        ]),
        '</psml>',
      ],
    };
    for (const [name, lines] of Object.entries(texts)) {
      const whole = [...readText(lines.join('\n')).allSegments()];
      assert.equal(whole.length, rows.length);
      QUOTES.forEach((quote, i) => {
        for (const width of [72, 76, 80].slice(i % 3)) {
          const end = i % 2 === 0 ? '\n' : '\r\n';
          const text = lines.flatMap((line) => wrap(line, width).map((part) => quote + part)).join(end);
          assert.deepEqual([...readText(text).allSegments()], whole, `${name}, ${width} wide, quoted by “${quote}”`);
        }
      });
    }
  });

  it('is whole where a logger has put its own time in front: tcpdump', () => {
    const times = (text: string): string[] => {
      const trace = readText(text);
      return [...trace.allSegments()].map(({ packet }) => Number(trace.time(packet)).toFixed(6));
    };
    const expected = times(PACKETS.join('\n'));
    for (const time of [
      '2026-11-22T01:02:03+0000 host tcpdump[4711]:',
      '2026-11-22T01:02:03.1234567Z',
      '2026-11-22T01:02:03.5Z stdout F',
    ])
      assert.deepEqual(times(PACKETS.map((line) => `${time} ${line}`).join('\n')), expected, time);
  });

  it('has no packets in the dumps of a logged list (tshark -P -x)', () => {
    const dump = [
      '',
      '0000  02 00 0a 02 00 09 02 00 0a 01 00 02 08 00 45 00   ..............E.',
      '0010  00 3c 37 ca 40 00 40 06 ee e4 0a 01 00 02 0a 02   .<7.@.@.........',
      '',
    ];
    const lines = LONG_LIST.flatMap((line) => [line, ...dump]);
    for (const prefix of ['web-1  | ', 'Nov 21 15:00:00 host app[7]: ', '+', 'x.txt:1:', ''])
      assert.equal(
        readText(lines.map((line) => `${prefix}${line}  `).join('\n')).summary().frames,
        LONG_LIST.length,
        prefix,
      );
  });

  it('is whole where a logger has written a list, and a mailer has wrapped that', () => {
    const logged = LONG_LIST.map((line) => `Nov 21 15:00:00 host app[7]: ${line}`);
    for (const width of [1000, 80, 76, 72, 64]) {
      const pieces = logged.map((line) => wrap(line, width));
      const found = read(pieces.flat().join('\n'));
      assert.equal(found.segments, 6, `${width} wide`);
      isToldWrapped(found, goingOn(pieces));
    }
  });

  it('is told of at the line where a wrapped line lacks its end, and what comes between is passed over', () => {
    const wrapped = LONG_LIST.map((line) => wrap(line));
    const without = wrapped.map((pieces, i) => (i === 2 ? pieces.slice(0, 1) : pieces));
    const line = wrapped[0]!.length + wrapped[1]!.length + 1;
    const { noted } = read(without.flat().join('\n'));
    assert.deepEqual(
      noted.filter(([, , severity]) => severity === 'warning'),
      [['cut-line', line, 'warning']],
    );
    const between = wrapped.map((pieces) => [...pieces, 'and then it hung, Seq=7 was never seen']);
    const found = read(between.flat().join('\n'));
    assert.equal(found.segments, 6);
    const first = goingOn(wrapped.map((pieces, i) => (i === 0 ? pieces : [])))[0];
    assert.equal(found.noted[0]?.[1], first);
  });

  it('is whole with any line ends, as code in Markdown, and in a diff', () => {
    for (const text of [
      PACKETS.join('\r'),
      PACKETS.join('\r\n'),
      PACKETS.map((line) => `    ${line}`).join('\n'),
      PACKETS.map((line) => `+${line}`).join('\n'),
    ]) {
      assert.deepEqual(read(text), { noted: [], segments: all }, text.slice(0, 20));
      assert.equal(readText(text).time(1), '36000.000000000');
    }
  });
});
