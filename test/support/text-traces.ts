import { Trace } from '../../src/core/analyze';
import { bytesSource } from '../../src/core/bytes/source';

/** Reads a text trace to its end. */
export function readText(text: string): Trace {
  const trace = Trace.open(bytesSource(new TextEncoder().encode(text)), { decompressionLimit: 1 << 20 });
  while (trace.step());
  return trace;
}

/**
 * Two connections as tcpdump prints them, among lines of something else. The first is complete, and loses its second
 * segment of data; the second is refused. A line of it stands in the middle of the first.
 */
export const LOSSY = `\
listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
10:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1000, win 64240, options [mss 1460], length 0
10:00:00.010000 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [S.], seq 5000, ack 1001, win 65160, options [mss 1460], length 0
10:00:00.010100 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], ack 1, win 64240, length 0
10:00:00.020000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], seq 1:1001, ack 1, win 64240, length 1000
10:00:00.020100 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], seq 1001:2001, ack 1, win 64240, length 1000
10:00:00.020200 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], seq 2001:3001, ack 1, win 64240, length 1000
10:00:00.020300 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], seq 3001:4001, ack 1, win 64240, length 1000
10:00:00.030000 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack 1001, win 65160, length 0
10:00:00.030100 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack 1001, win 65160, length 0
kernel: something else was logged
10:00:00.030150 IP 10.0.0.3.50000 > 10.0.0.2.81: Flags [S], seq 77, win 64240, options [mss 1460], length 0
10:00:00.030200 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack 1001, win 65160, length 0
10:00:00.300000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], seq 1001:2001, ack 1, win 64240, length 1000
10:00:00.310000 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack 4001, win 65160, length 0
10:00:00.320000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [F.], seq 4001, ack 1, win 64240, length 0
10:00:00.330000 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [F.], seq 1, ack 4002, win 65160, length 0
10:00:00.330100 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], ack 2, win 64240, length 0
10:00:00.330150 IP 10.0.0.2.81 > 10.0.0.3.50000: Flags [R.], seq 0, ack 78, win 0, length 0
`;

/** One connection that transfers data, as tcpdump prints it, of about so many MiB. */
export function longTrace(mib: number): string {
  const lines = [
    '10:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1000, win 64240, options [mss 1460], length 0',
    '10:00:00.000100 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [S.], seq 5000, ack 1001, win 65160, options [mss 1460], length 0',
  ];
  const most = (mib * 2 ** 20) / 100;
  const two = (value: number): string => String(value).padStart(2, '0');
  for (let i = 0; i < most; i++) {
    const time = `10:${two(Math.floor(i / 6000) % 60)}:${two(Math.floor(i / 100) % 60)}.${two(i % 100)}0000`;
    lines.push(
      i % 2 === 0
        ? `${time} IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq ${1 + i * 500}:${1001 + i * 500}, ack 1, win 502, length 1000`
        : `${time} IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack ${1001 + (i - 1) * 500}, win 502, length 0`,
    );
  }
  return `${lines.join('\n')}\n`;
}
