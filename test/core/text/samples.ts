/** A short text of each format, typed after the documentation of what writes it; the connection is the same in all. */
export const SAMPLES: Readonly<Record<string, string>> = {
  tcpdump: `reading from file a.pcap, link-type EN10MB (Ethernet), snapshot length 262144
10:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1000, win 64240, options [mss 1460], length 0
10:00:00.000100 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [S.], seq 5000, ack 1001, win 65160, options [mss 1460], length 0
10:00:00.000200 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], ack 1, win 502, length 0
`,
  'tshark-summary': `    1   0.000000     10.0.0.1 → 10.0.0.2     TCP 58 40000 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460
    2   0.000100     10.0.0.2 → 10.0.0.1     TCP 58 80 → 40000 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0 MSS=1460
    3   0.000200     10.0.0.1 → 10.0.0.2     TCP 54 40000 → 80 [ACK] Seq=1 Ack=1 Win=502 Len=0
`,
  'tshark-columns': `    1\t  0.000000\t    10.0.0.1\t→\t10.0.0.2    \tTCP\t58\t40000 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460
    2\t  0.000100\t    10.0.0.2\t→\t10.0.0.1    \tTCP\t58\t80 → 40000 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0 MSS=1460
    3\t  0.000200\t    10.0.0.1\t→\t10.0.0.2    \tTCP\t54\t40000 → 80 [ACK] Seq=1 Ack=1 Win=502 Len=0
`,
  psml: `<?xml version="1.0" encoding="utf-8"?>
<psml version="0" creator="wireshark/4.0.17">
<structure>
${['No.', 'Time', 'Source', 'Destination', 'Protocol', 'Length', 'Info'].map((title) => `<section>${title}</section>`).join('\n')}
</structure>

${[
  ['1', '0.000000', '10.0.0.1', '10.0.0.2', 'TCP', '58', '40000 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460'],
  ['2', '0.000100', '10.0.0.2', '10.0.0.1', 'TCP', '58', '80 → 40000 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0 MSS=1460'],
  ['3', '0.000200', '10.0.0.1', '10.0.0.2', 'TCP', '54', '40000 → 80 [ACK] Seq=1 Ack=1 Win=502 Len=0'],
]
  .map((cells) => `<packet>\n${cells.map((cell) => `<section>${cell}</section>\n`).join('')}</packet>\n`)
  .join('\n')}
</psml>
`,
  'tshark-csv': `"No.","Time","Source","Destination","Protocol","Length","Info"
"1","0.000000","10.0.0.1","10.0.0.2","TCP","58","40000  >  80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460"
"2","0.000100","10.0.0.2","10.0.0.1","TCP","58","80  >  40000 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0 MSS=1460"
"3","0.000200","10.0.0.1","10.0.0.2","TCP","54","40000  >  80 [ACK] Seq=1 Ack=1 Win=502 Len=0"
`.replaceAll('  >  ', ' > '),
  'tshark-fields': `frame.time_epoch,ip.src,ip.dst,tcp.srcport,tcp.dstport,tcp.seq_raw,tcp.ack_raw,tcp.flags,tcp.window_size_value,tcp.len
1700000000.0,10.0.0.1,10.0.0.2,40000,80,1000,0,0x0002,64240,0
1700000000.1,10.0.0.2,10.0.0.1,80,40000,5000,1001,0x0012,65160,0
1700000000.2,10.0.0.1,10.0.0.2,40000,80,1001,5001,0x0010,502,0
`,
  'tshark-json': `[${[
    [1, '10.0.0.1', '10.0.0.2', 40000, 80, 1000, 0, '0x0002', 64240],
    [2, '10.0.0.2', '10.0.0.1', 80, 40000, 5000, 1001, '0x0012', 65160],
    [3, '10.0.0.1', '10.0.0.2', 40000, 80, 1001, 5001, '0x0010', 502],
  ]
    .map(
      ([n, src, dst, sport, dport, seq, ack, flags, win]) => `
  {"_index": "packets-2023-11-14", "_source": {"layers": {
    "frame": {"frame.time_epoch": "1700000000.${n}00000000", "frame.number": "${n}", "frame.len": "54"},
    "ip": {"ip.src": "${src}", "ip.dst": "${dst}"},
    "tcp": {"tcp.srcport": "${sport}", "tcp.dstport": "${dport}", "tcp.len": "0", "tcp.seq_raw": "${seq}",
      "tcp.ack_raw": "${ack}", "tcp.flags": "${flags}", "tcp.window_size_value": "${win}"}}}}`,
    )
    .join(',')}
]
`,
  'tshark-ek': [
    ['10.0.0.1', '10.0.0.2', 40000, 80, 1000, 0, '0x0002', 64240],
    ['10.0.0.2', '10.0.0.1', 80, 40000, 5000, 1001, '0x0012', 65160],
    ['10.0.0.1', '10.0.0.2', 40000, 80, 1001, 5001, '0x0010', 502],
  ]
    .map(
      ([src, dst, sport, dport, seq, ack, flags, win], n) => `{"index":{"_index":"packets-2023-11-14","_type":"doc"}}
{"timestamp":"170000000000${n}","layers":{"frame":{"frame_frame_len":"54"},"ip":{"ip_ip_src":"${src}","ip_ip_dst":"${dst}"},"tcp":{"tcp_tcp_srcport":"${sport}","tcp_tcp_dstport":"${dport}","tcp_tcp_len":"0","tcp_tcp_seq_raw":"${seq}","tcp_tcp_ack_raw":"${ack}","tcp_tcp_flags":"${flags}","tcp_tcp_window_size_value":"${win}"}}}
`,
    )
    .join(''),
  pdml: `<?xml version="1.0" encoding="utf-8"?>
<pdml version="0" creator="wireshark/4.0.17">
${[
  ['10.0.0.1', '10.0.0.2', 40000, 80, 1000, 0, '0x0002', 64240],
  ['10.0.0.2', '10.0.0.1', 80, 40000, 5000, 1001, '0x0012', 65160],
  ['10.0.0.1', '10.0.0.2', 40000, 80, 1001, 5001, '0x0010', 502],
]
  .map(
    ([src, dst, sport, dport, seq, ack, flags, win], n) => `<packet>
  <proto name="frame"><field name="frame.time_epoch" show="1700000000.00000000${n}"/></proto>
  <proto name="ip"><field name="ip.src" show="${src}"/><field name="ip.dst" show="${dst}"/></proto>
  <proto name="tcp">
    <field name="tcp.srcport" size="2" pos="34" show="${sport}"/><field name="tcp.dstport" show="${dport}"/>
    <field name="tcp.len" show="0"/><field name="tcp.seq_raw" show="${seq}"/><field name="tcp.ack_raw" show="${ack}"/>
    <field name="tcp.flags" show="${flags}"/><field name="tcp.window_size_value" show="${win}"/>
  </proto>
</packet>
`,
  )
  .join('')}</pdml>
`,
  'tshark-verbose': [
    ['10.0.0.1', '10.0.0.2', 40000, 80, 1000, 0, '0x002 (SYN)', 64240],
    ['10.0.0.2', '10.0.0.1', 80, 40000, 5000, 1001, '0x012 (SYN, ACK)', 65160],
    ['10.0.0.1', '10.0.0.2', 40000, 80, 1001, 5001, '0x010 (ACK)', 502],
  ]
    .map(
      (
        [src, dst, sport, dport, seq, ack, flags, win],
        n,
      ) => `Frame ${n + 1}: 54 bytes on wire (432 bits), 54 bytes captured (432 bits)
    Epoch Time: 1700000000.00000000${n} seconds
Internet Protocol Version 4, Src: ${src}, Dst: ${dst}
    0100 .... = Version: 4
Transmission Control Protocol, Src Port: ${sport}, Dst Port: ${dport}, Seq: 0, Len: 0
    Sequence Number: 0    (relative sequence number)
    Sequence Number (raw): ${seq}
    Acknowledgment number (raw): ${ack}
    0101 .... = Header Length: 20 bytes (5)
    Flags: ${flags}
    Window: ${win}

`,
    )
    .join(''),
  'hex-dump': `I 2023-11-14 22:13:20.000000
0000  45 00 00 28 00 00 40 00 40 06 26 ce 0a 00 00 01
0010  0a 00 00 02 9c 40 00 50 00 00 03 e8 00 00 00 00
0020  50 02 fa f0 00 00 00 00

O 2023-11-14 22:13:20.000100
0000  45 00 00 28 00 00 40 00 40 06 26 ce 0a 00 00 02
0010  0a 00 00 01 00 50 9c 40 00 00 13 88 00 00 03 e9
0020  50 12 fe 88 00 00 00 00

I 2023-11-14 22:13:20.000200
0000  45 00 00 28 00 00 40 00 40 06 26 ce 0a 00 00 01
0010  0a 00 00 02 9c 40 00 50 00 00 03 e9 00 00 13 89
0020  50 10 01 f6 00 00 00 00
`,
  'byte-literals': `/* Frame (40 bytes) */
static const unsigned char pkt1[40] = {
0x45, 0x00, 0x00, 0x28, 0x00, 0x00, 0x40, 0x00, /* E..(..@. */
0x40, 0x06, 0x26, 0xce, 0x0a, 0x00, 0x00, 0x01, /* @.&..... */
0x0a, 0x00, 0x00, 0x02, 0x9c, 0x40, 0x00, 0x50, /* .....@.P */
0x00, 0x00, 0x03, 0xe8, 0x00, 0x00, 0x00, 0x00, /* ........ */
0x50, 0x02, 0xfa, 0xf0, 0x00, 0x00, 0x00, 0x00  /* P....... */
};

answer = (b"E\\x00\\x00(\\x00\\x00@\\x00@\\x06&\\xce\\n\\x00\\x00\\x02"
          b"\\n\\x00\\x00\\x01\\x00P\\x9c@\\x00\\x00\\x13\\x88\\x00\\x00\\x03\\xe9"
          b"P\\x12\\xfe\\x88\\x00\\x00\\x00\\x00")

"\\x45\\x00\\x00\\x28\\x00\\x00\\x40\\x00\\x40\\x06\\x26\\xce\\x0a\\x00\\x00\\x01" \\
"\\x0a\\x00\\x00\\x02\\x9c\\x40\\x00\\x50\\x00\\x00\\x03\\xe9\\x00\\x00\\x13\\x89" \\
"\\x50\\x10\\x01\\xf6\\x00\\x00\\x00\\x00"
`,
  packetdrill: `// A server accepts a connection.
\`sysctl -q net.ipv4.tcp_timestamps=0\`

    0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
   +0 bind(3, ..., ...) = 0
   +0 listen(3, 1) = 0
  +.1 < S 0:0(0) win 64240 <mss 1460>
   +0 > S. 0:0(0) ack 1 win 65160 <mss 1460>
 +.02 < . 1:1(0) ack 1 win 502
   +0 accept(3, ..., ...) = 4
`,
  'rfc-figure': `      TCP Peer A                                           TCP Peer B

  1.  CLOSED                                               LISTEN

  2.  SYN-SENT    --> <SEQ=1000><CTL=SYN>              --> SYN-RECEIVED

  3.  ESTABLISHED <-- <SEQ=5000><ACK=1001><CTL=SYN,ACK> <-- SYN-RECEIVED

  4.  ESTABLISHED --> <SEQ=1001><ACK=5001><CTL=ACK>    --> ESTABLISHED
`,
};
