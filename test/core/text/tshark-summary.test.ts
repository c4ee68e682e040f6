import assert from 'node:assert/strict';
import { bytesSource } from '../../../src/core/bytes/source';
import { Trace } from '../../../src/core/analyze';
import { render } from '../../../src/core/format/message';

const analysed = (text: string): Trace => {
  const trace = Trace.open(bytesSource(Buffer.from(text)), { decompressionLimit: 1 });
  while (trace.step());
  return trace;
};

const line = (number: number, time: string, info: string, protocol = 'TCP'): string =>
  `${String(number).padStart(5)} ${time.padStart(10)}     10.0.0.1 → 10.0.0.2     ${protocol} 66 ${info}\n`;

describe('tshark’s list of packets', () => {
  it('gives relative numbers and says that it has no others', () => {
    const [row] = [
      ...analysed(line(1, '0.000000', '40000 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 WS=128')).allSegments(),
    ];
    assert.equal(row!.seq, 0);
    assert.deepEqual(row!.relativeOnly, { client: true, server: false });
  });

  it('takes numbers for raw where a SYN-ACK alone tells that they are', () => {
    const [, row] = analysed(
      line(1, '0.000000', '80 → 1080 [SYN, ACK] Seq=561136855 Ack=1363213724 Win=65160 Len=0') +
        `    2   0.000020     10.0.0.2 → 10.0.0.1     TCP 66 1080 → 80 [ACK] Seq=1363213724 Ack=561136856 Win=502 Len=0\n`,
    ).allSegments();
    assert.deepEqual([row!.seq, row!.ack, row!.seqRaw, row!.ackRaw], [1, 1, 1363213724, 561136856]);
  });

  it('takes numbers for raw where the first of all packets has another one than 0 or 1', () => {
    const first = (number: number): number =>
      [
        ...analysed(
          line(number, '0.000000', '40000 → 80 [PSH, ACK] Seq=6000 Ack=503000 Win=502 Len=100'),
        ).allSegments(),
      ][0]!.seq;
    assert.deepEqual([first(1), first(2)], [1, 6000]);
  });

  it('takes numbers for raw where those that tell none cannot have carried so much', () => {
    const behind = (packets: number, seq: number): number => {
      const others = Array.from({ length: packets }, (_, i) => line(i + 1, `0.${i}`, 'Application Data', 'TLSv1.2'));
      const text =
        others.join('') + line(packets + 1, '0.9', `40000 → 443 [ACK] Seq=${seq} Ack=4000000001 Win=502 Len=0`);
      return [...analysed(text).allSegments()][0]!.seq;
    };
    // Packets have 65535 bytes at most.
    assert.deepEqual([behind(2, 131_071), behind(2, 131_072)], [131_071, 1]);
  });

  it('reads hours, minutes and seconds (-u hms), and lines that have neither number nor time', () => {
    const info = '40000 → 80 [SYN] Seq=0 Win=64240 Len=0';
    const time = (text: string): (string | null)[] => {
      const trace = analysed(line(1, text, info) + line(2, text, info));
      return [trace.time(1), trace.summary().clock];
    };
    assert.deepEqual(time('55m 11.346149s'), ['3311.346149000', 'elapsed']);
    assert.deepEqual(time('1h  2m  3.000001s'), ['3723.000001000', 'elapsed']);
    assert.deepEqual(time('0.132627s'), ['0.132627000', 'elapsed']);
    const bare = analysed(`   10.0.0.1 → 10.0.0.2     TCP 66 ${info}\n`);
    assert.deepEqual([bare.summary().segments, bare.time(1)], [1, null]);
  });

  it('takes the scale off the windows that it prints scaled', () => {
    const rows = [
      ...analysed(
        line(1, '0.000000', '40000 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 WS=128') +
          `    2   0.000100     10.0.0.2 → 10.0.0.1     TCP 66 80 → 40000 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0 MSS=1460 WS=256\n` +
          line(3, '0.000200', '40000 → 80 [ACK] Seq=1 Ack=1 Win=64256 Len=0'),
      ).allSegments(),
    ];
    assert.deepEqual(
      rows.map((row) => [row.window, row.scaledWindow]),
      [
        [64240, 64240],
        [65160, 65160],
        [502, 64256],
      ],
    );
  });

  it('reads the counter of AccECN in place of its three flags, and its options', () => {
    const trace = analysed(
      line(1, '0.000000', '40000 → 80 [ACK, ACE=5] Seq=1 Ack=1 Win=502 Len=0 EE0B=1 ECEB=1000 EE1B=2') +
        line(2, '0.000100', '40000 → 80 [PSH, ACK, ACE=2] Seq=1 Ack=1 Win=502 Len=9 EE1B=1'),
    );
    assert.deepEqual(
      [...trace.allSegments()].map(({ flags }) => flags.join(' ')),
      ['ACK ECE AE', 'PSH ACK CWR'],
    );
    // draft-ietf-tcpm-accurate-ecn §3.2.3: kinds 172 and 174, counters of 24 bits.
    const options = [trace.options(0), trace.options(1)].flat();
    assert.deepEqual(
      options.map((option) => `${option.kind} ${'data' in option ? option.data : ''}`),
      ['accecn0 0000010003e8000002', 'accecn1 000001'],
    );
  });

  it('has the notes that it states', () => {
    const rows = [
      ...analysed(
        line(1, '0.000000', '40000 → 80 [PSH, ACK] Seq=1 Ack=1 Win=64256 Len=10') +
          line(2, '0.300000', '[TCP Retransmission] 40000 → 80 [PSH, ACK] Seq=1 Ack=1 Win=64256 Len=10') +
          line(3, '0.400000', 'GET / HTTP/1.1 ', 'HTTP'),
      ).allSegments(),
    ];
    assert.deepEqual(
      rows.map((row) => row.notes.map(({ kind }) => kind)),
      [[], ['retransmission']],
    );
  });

  it('reads times before the first packet, and addresses that end in colons', () => {
    const seconds = ['0.000000', '-0.000041', ...Array.from({ length: 10 }, (_, i) => `0.${12_533 + i}`)];
    const trace = analysed(
      seconds
        .map(
          (time, i) =>
            `    ${i + 1} ${time.replace('-', '- ')}s 2001:db8:1::1 → 5678:: TCP 78 80 → 36951 [SYN] Seq=0 Win=1 Len=0\n`,
        )
        .join(''),
    );
    assert.deepEqual(
      [...trace.allSegments()].map(({ packet }) => Number(trace.time(packet))),
      seconds.map(Number),
    );
  });

  it('concludes nothing from what is missing where lines hide their segments', () => {
    const handshake =
      line(1, '0.000000', '40000 → 443 [SYN] Seq=0 Win=64240 Len=0 MSS=1460') +
      line(2, '0.020000', '443 → 40000 [SYN, ACK] Seq=0 Ack=1 Win=65535 Len=0 MSS=1460').replace(
        /(\S+) → (\S+)/,
        '$2 → $1',
      );
    const kindsIn = (text: string): string[] =>
      [...analysed(text).allSegments()].flatMap(({ notes }) => notes.map(({ kind }) => kind));
    const saidOf = (text: string): string => render(analysed(text).connections(0, 1)[0]!.verdict.sentence);
    // The ACK travels with the data of the line that shows them.
    const hidden = handshake + line(3, '0.021000', 'Client Hello', 'TLSv1.2');
    assert.deepEqual(kindsIn(hidden), []);
    assert.doesNotMatch(saidOf(hidden), /never completed/);
    assert.deepEqual(kindsIn(handshake + line(3, '0.021000', 'Standard query', 'UDP')), ['half-open']);
    assert.match(saidOf(handshake), /never completed/);
  });

  it('takes a SYN-ACK that reuses ports for one with another initial sequence number', () => {
    const answer = (number: number, time: string, info: string): string =>
      line(number, time, info).replace(/(\S+) → (\S+)/, '$2 → $1');
    const rows = [
      ...analysed(
        line(1, '0.000000', '40000 → 80 [SYN] Seq=0 Win=14000 Len=0 MSS=1400') +
          answer(2, '0.020000', '80 → 40000 [SYN, ACK] Seq=0 Ack=1 Win=4380 Len=0 MSS=1400') +
          line(3, '0.021000', '40000 → 80 [ACK] Seq=1 Ack=1 Win=14000 Len=0') +
          answer(
            4,
            '0.700000',
            '[TCP Previous segment not captured] [TCP Port numbers reused] 80 → 40000 [SYN, ACK] Seq=0 Ack=1 Win=4380 Len=0 MSS=1400',
          ),
      ).allSegments(),
    ];
    // The first SYN-ACK again would show that the ACK was lost; another one shows nothing of it.
    assert.deepEqual([rows[2]!.client.state, rows[2]!.server.state], ['ESTABLISHED', 'ESTABLISHED']);
  });

  it('counts packets whose numbers have five digits, and those that hide TCP behind another protocol', () => {
    const text = Array.from({ length: 10_010 }, (_, i) =>
      line(
        i + 1,
        (i / 1000).toFixed(6),
        i % 2 ? 'Application Data' : `40000 → 80 [ACK] Seq=${1 + i} Ack=1 Win=1 Len=1`,
        i % 2 ? 'TLSv1.2' : 'TCP',
      ),
    ).join('');
    const { frames, segments } = analysed(text).summary();
    assert.deepEqual([frames, segments], [10_010, 5005]);
  });

  it('reads ASCII arrows, names of services and columns that are not there', () => {
    const trace = analysed('  0.000000 10.0.0.1 -> 10.0.0.2 TCP 74 40000 -> https(443) [SYN] Seq=0 Win=64240 Len=0\n');
    assert.equal(trace.endpoints(0).server.port, 443);
  });

  it('keeps a packet whose time is beyond all times', () => {
    // tshark -t e, of a fraction of 4292819813 ns.
    const trace = analysed(`\
    1 1418145369.999999999 131.155.215.69 → 137.116.81.94 TCP 76 46656 → 80 [SYN] Seq=0 Win=27200 Len=0
    2 1418145370.1000000000 137.116.81.94 → 131.155.215.69 TCP 76 80 → 46656 [SYN, ACK] Seq=0 Ack=1 Win=8192 Len=0
    3 -1418145370.-2147483648 131.155.215.69 → 137.116.81.94 TCP 68 46656 → 80 [ACK] Seq=1 Ack=1 Win=27264 Len=0
`);
    assert.deepEqual([trace.summary().frames, trace.summary().segments], [3, 3]);
  });

  it('has the notes in front of what a device has done to a segment', () => {
    const rows = [
      ...analysed(`\
2020-11-02 08:19:58.454924 10.17.34.139 → 10.17.51.8   TCP 86 S+, 64016 → 4343 [SYN] Seq=0 Win=64240 Len=0 MSS=1386 WS=256 SACK_PERM
2020-11-02 08:19:58.454980 10.17.34.139 → 10.17.51.8   TCP 86 [TCP Retransmission] S+, 64016 → 4343 [SYN] Seq=0 Win=64240 Len=0 MSS=1386 WS=256 SACK_PERM
`).allSegments(),
    ];
    assert.deepEqual(
      rows.map(({ notes }) => notes.map(({ kind }) => kind)),
      [[], ['retransmission']],
    );
  });
});
