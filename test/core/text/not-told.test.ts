import assert from 'node:assert/strict';
import { render } from '../../../src/core/format/message';
import { connectionJson, segmentJson } from '../../../src/core/export/json';
import { readText } from '../../support/text-traces';

const line = (front: string, from: string, rest: string): string =>
  `${front}IP ${from === '>' ? '10.0.0.1.40000 > 10.0.0.2.80' : '10.0.0.2.80 > 10.0.0.1.40000'}: ${rest}\n`;

describe('what a text does not tell', () => {
  it('is the states, where there are only addresses and lengths (tcpdump -q)', () => {
    const trace = readText(
      line('10:00:00.000000 ', '>', 'tcp 0') +
        line('10:00:00.010000 ', '<', 'tcp 0') +
        line('10:00:00.020000 ', '>', 'tcp 77'),
    );
    for (const row of trace.allSegments()) assert.deepEqual([row.client.state, row.server.state], [null, null]);
    const [connection] = trace.connections(0, 1);
    assert.deepEqual(connection!.state, { client: null, server: null });
    assert.deepEqual(connection!.payloadBytes, { client: 77, server: 0 });
    assert.equal(render(connection!.verdict.sentence), 'only addresses and lengths are known, and no states');
  });

  it('is what was sent again, where there are no sequence numbers', () => {
    // Data after data, seconds apart, as a person types: with numbers, nobody would take it for repeated.
    const typed = [0, 2, 5, 10, 20].map((second) => `10:00:${String(second).padStart(2, '0')}.000000 `);
    const trace = readText(
      typed.map((time) => line(time, '>', 'tcp 10') + line(time.replace('.0', '.1'), '<', 'tcp 10')).join(''),
    );
    assert.deepEqual(
      trace.textFindings(0, 100, true).found.map(({ packet, kind }) => [packet, kind]),
      [],
    );
  });

  it('is every time, date and duration, where there are none (tcpdump -t)', () => {
    const syn = 'Flags [S], seq 1000, win 64240, length 0';
    const trace = readText(line('', '>', syn) + line('', '>', syn));
    const { start, durationNs, clock } = trace.summary();
    assert.deepEqual({ start, durationNs, clock }, { start: null, durationNs: null, clock: 'none' });
    const [connection] = trace.connections(0, 1);
    assert.deepEqual([connection!.start, connection!.durationNs], [null, null]);
    const written = JSON.stringify([
      connectionJson(connection!),
      ...[...trace.allSegments()].map((row) => [segmentJson(trace, row, null), row.explanation.map((m) => render(m))]),
    ]);
    for (const invented of ['1970', '"0 s', ' 0 s', 'Ns":0'])
      assert.ok(!written.includes(invented), `${invented} in ${written}`);
    assert.deepEqual(
      [...trace.allSegments()].map(({ timeNs }) => timeNs),
      [null, null],
    );
  });

  it('is the scale of windows, where the capture has cut the options of a SYN off', () => {
    // tshark's lines of packets that were cut after 60 bytes.
    const limited = '[Packet size limited during capture]';
    const listed = readText(`\
    1   0.000000  192.168.1.3 → 63.116.243.97 TCP 74 58816 → 80 [SYN] Seq=0 Win=5840 Len=0 MSS=1460 SACK_PERM${limited}
    2   0.022285 63.116.243.97 → 192.168.1.3  TCP 74 80 → 58816 [SYN, ACK] Seq=0 Ack=1 Win=5792 Len=0 MSS=1460 SACK_PERM${limited}
    3   0.022300  192.168.1.3 → 63.116.243.97 TCP 66 58816 → 80 [ACK] Seq=1 Ack=1 Win=46 Len=0${limited}
`);
    assert.equal([...listed.allSegments()][2]!.scaledWindow, null);
    const fields = (options: string, header: number): string =>
      `frame.time_epoch,frame.len,ip.src,ip.dst,tcp.srcport,tcp.dstport,tcp.seq_raw,tcp.ack_raw,tcp.flags,tcp.window_size_value,tcp.len,tcp.options,tcp.hdr_len
1,74,10.0.0.1,10.0.0.2,40000,80,1000,0,0x0002,5840,0,${options},${header}
2,74,10.0.0.2,10.0.0.1,80,40000,5000,1001,0x0012,5792,0,${options},${header}
3,66,10.0.0.1,10.0.0.2,40000,80,1001,5001,0x0010,46,0,,20
`;
    // 40 bytes of header have room for 20 bytes of options: most are not there.
    assert.equal([...readText(fields('020405b40402', 40)).allSegments()][2]!.scaledWindow, null);
    assert.equal([...readText(fields('020405b404020000', 28)).allSegments()][2]!.scaledWindow, 46);
  });

  it('is a segment behind another protocol’s words, which is said at its line', () => {
    const row = (number: number, protocol: string, info: string): string =>
      `    ${number}   0.00000${number}     10.0.0.1 → 10.0.0.2     ${protocol} 66 ${info}\n`;
    const trace = readText(
      row(1, 'TCP', '40000 → 80 [SYN] Seq=0 Win=64240 Len=0') +
        row(2, 'HTTP', 'GET / HTTP/1.1 ') +
        row(3, 'DHCP', 'DHCP Discover') +
        row(4, 'TCP', '[TCP segment of a reassembled PDU]') +
        row(5, 'TCP', '40000 → 80 [ACK] Seq=78 Ack=1 Win=64240 Len=0'),
    );
    assert.deepEqual(
      trace.summary().notices.map(({ code, line: at, severity }) => [code, at, severity]),
      [
        ['hidden-segment', 2, 'info'],
        ['hidden-segment', 4, 'info'],
      ],
    );
  });
});
