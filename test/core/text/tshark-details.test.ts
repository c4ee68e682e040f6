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

  it('have no time where only the bytes of one are there (-T jsonraw)', () => {
    const ip = '4500002800010000400600000a0000010a000002';
    const tcp = '9c40005000000001000000005002faf000000000';
    const trace = readText(
      JSON.stringify([{ _source: { layers: { frame_raw: [`${'02'.repeat(12)}0800${ip}${tcp}`, 0, 54, 0, 1] } } }]),
    );
    assert.deepEqual([trace.summary().segments, trace.summary().clock, trace.time(1)], [1, 'none', null]);
  });
});
