/** Differences between a text and its capture that are the text's, or its printer's. The tests hold this list. */
export interface KnownDifference {
  readonly capture: string;
  readonly texts: RegExp;
  readonly packets: ReadonlySet<number>;
  /** `null`: all. */
  readonly fields: readonly string[] | null;
  readonly why: string;
}

export const KNOWN: readonly KnownDifference[] = [
  {
    capture: 'pcap-snap60.pcap',
    texts: /^tshark-(fields|json-fields|ek-fields)/,
    packets: new Set(Array.from({ length: 39 }, (_, i) => i + 1)),
    fields: ['client', 'server', 'scaledWindow', 'options'],
    why: 'The capture cuts options off. None of these fields tells how long the headers are.',
  },
  {
    capture: 'simsong+tcpflow__tests_test5-lines-randomized.pcap',
    texts: /^tshark-(summary|csv|psml|tabs|layout)(?!.*(-x|two-passes))/,
    packets: new Set([1]),
    fields: ['ack'],
    why: 'One pass counts from the first number, two passes from that of a SYN that comes later.',
  },
  {
    capture: 'simsong+tcpflow__tests_test5-lines-randomized.pcap',
    texts: /^tcpdump(?!.*-[xX])/,
    packets: new Set([4, 6, 7, 8, 9]),
    fields: ['seq', 'ack'],
    why: 'The first segment of the client is an ACK, of which tcpdump prints no number to count from.',
  },
  {
    capture: 'OISF+suricata-verify__tests_transform-base64-7296_input.pcap',
    texts: /^tcpdump(?!.*-(tt|ttt|tttt|ttttt)\b)/,
    packets: new Set([39, 40, 41]),
    fields: ['notes'],
    why: 'A time is 18 hours off. The text has times of the day alone: it may as well be 6 hours the other way.',
  },
  {
    capture: 'blitz+tcptrace__input_all.snoop.gz',
    texts: /^tshark-fields/,
    packets: new Set(Array.from({ length: 300 }, (_, i) => i + 95)),
    fields: ['client', 'server', 'scaledWindow', 'options'],
    why: 'The capture cuts the options of a SYN off. The fields show none, so that the windows seem not to be scaled.',
  },
  {
    capture: 'AlexeyVasilev+PcapFlowLab__examples_showcase_pcap_flow_lab_showcase.pcap',
    texts: /^tshark-fields/,
    packets: new Set([1327]),
    fields: null,
    why: 'A pseudowire in which tshark finds no TCP: README.md.',
  },
  {
    capture: 'zeek+zeek__testing_btest_Traces_pppoe-over-qinq.pcap',
    texts: /^tcpdump-(?!nn_XX)/,
    packets: new Set([19, 33, 41, 47, 63, 81]),
    fields: null,
    why: 'tcpdump takes the length from the IP header, which says six bytes more than the PPPoE header has room for.',
  },
  {
    capture: 'ntop+nDPI__tests_cfgs_default_pcap_reasm_crash_anon.pcapng',
    texts: /^tshark-/,
    packets: new Set(Array.from({ length: 209 }, (_, i) => i + 1)),
    fields: ['seq', 'ack', 'kinds'],
    why: 'One pass counts from the first number, two passes from that of a damaged SYN-ACK that comes later.',
  },
  {
    capture: 'ntop+nDPI__tests_cfgs_default_pcap_reasm_crash_anon.pcapng',
    texts: /^tshark-(json|ek|pdml)/,
    packets: new Set([95]),
    fields: ['ackRaw', 'flags', 'window', 'scaledWindow', 'options'],
    why: 'The data offset is impossible, and tshark stops at it: README.md.',
  },
  {
    capture: 'OISF+suricata-verify__tests_defrag_bug-6887-defrag-ppp-ipv4-tcp-syn_frag-ppp-ip-tcp-syn.pcap',
    texts: /^tcpdump-(?!nn_XX)/,
    packets: new Set([1, 3]),
    fields: ['segments'],
    why: 'A header in three fragments. tcpdump shows the ports in the first; its -x leaves four bytes of a link layer off that has one.',
  },
  {
    capture: 'OISF+suricata-verify__tests_defrag_bug-6887-defrag-ppp-ipv6-tcp_frag-ppp-ipv6-tcp.pcap',
    texts: /^tcpdump-(?!.*-XX)/,
    packets: new Set([1, 3]),
    fields: null,
    why: 'tcpdump puts no fragments together: it shows the segment with the first; its -x leaves off the link layer that is needed.',
  },
  {
    capture: 'KakaoTalk_talk.pcap',
    texts: /^tshark-(summary|csv|psml|tabs|layout)/,
    packets: new Set([23, 24]),
    fields: ['acks', 'client'],
    why: 'Two SYN-ACKs with different initial numbers, both printed as 0: that of the first, which is acknowledged, is not told.',
  },
  {
    capture: 'OISF+suricata-verify__tests_detection_filter-distinct-srcport-no-dups_input.pcap',
    texts: /^tcpdump-.*-ttttt/,
    packets: new Set([1, 2]),
    fields: ['states', 'server', 'notes'],
    why: 'The first time is 0, which tcpdump takes for none: it counts from the second packet.',
  },
  ...['rpki-rtr-oobr', 'bgp-bgp_capabilities_print-oobr-2'].map((name) => ({
    capture: `the-tcpdump-group+tcpdump__tests_${name}.pcap`,
    texts: /^tcpdump(?!.*-v)(?!.*-[xX])/,
    packets: new Set([1]),
    fields: ['len', 'seq'],
    why: 'The first fragment of a packet: without -v nothing says so.',
  })),
  {
    capture: 'zeek+zeek__testing_btest_Traces_tcp_syn-then-ack-then-rst.pcap',
    texts: /^tcpdump(?!.*-[xX])/,
    packets: new Set([2]),
    fields: ['notes'],
    why: 'An ACK whose numbers are both 0, as those that nothing is known of: tcpdump prints one of them.',
  },
  {
    capture: 'OISF+suricata-verify__tests_bug-3286-03-windows-evasion_with_evasion_windows.pcap',
    texts: /^tshark-(summary|csv|psml|tabs|layout)/,
    packets: new Set([2, 3]),
    fields: ['seq', 'ack'],
    why: 'One pass counts from the first number, two passes from that of a SYN that comes later.',
  },
  {
    capture: 'ntop+nDPI__tests_cfgs_default_pcap_ajp.pcap',
    texts: /^tshark-(?!.*x$)(?!jsonraw)/,
    packets: new Set(Array.from({ length: 38 }, (_, i) => i + 1)),
    fields: null,
    why: 'FabricPath with a check sequence: tshark takes the packets in it for cut, and gives them up before it judges them.',
  },
  ...['bad', 'good'].map((sum) => ({
    capture: `zeek+zeek__testing_btest_Traces_chksums_ip6-hoa-tcp-${sum}-chksum.pcap`,
    texts: /^(tcpdump(?!.*-[xX])(?!.*-vv)|tshark-(fields(?!-columns)|json-fields|ek-fields))/,
    packets: new Set([1]),
    fields: ['source'],
    why: 'A home address in an IPv6 option, of which only -vv and details tell.',
  })),
  {
    capture: 'zeek+zeek__testing_btest_Traces_chksums_ip6-hoa-tcp-good-chksum.pcap',
    texts: /^tcpdump(?!.*-[xX]).*-vv/,
    packets: new Set([1]),
    fields: ['checksum'],
    why: 'tcpdump does not know of home addresses: it calls a checksum wrong that is right with it.',
  },
  {
    capture: 'OISF+suricata-verify__tests_detect-ipopts_input.pcap',
    texts: /^tcpdump(?!.*-[xXv])/,
    packets: new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    fields: ['destination', 'notes', 'from', 'states', 'client', 'server'],
    why: 'Source routes, which -v alone prints: without it the segments seem to be of one connection.',
  },
  {
    capture: 'the-tcpdump-group+tcpdump__tests_sflow_expanded.pcap',
    texts: /^tshark-(fields|json-fields|ek-fields)/,
    packets: new Set([1]),
    fields: ['segments'],
    why: 'A sampled header, of which there is no length: in these fields it looks like one that an ICMP error quotes.',
  },
  {
    capture: 'the-tcpdump-group+tcpdump__tests_kday3.pcap',
    texts: /^tcpdump(?!.*-(tt|ttt|tttt|ttttt)\b)/,
    packets: new Set([9]),
    fields: ['notes'],
    why: 'One time is 24 days off. The text has times of the day alone.',
  },
  {
    capture: 'AlexeyVasilev+PcapFlowLab__examples_showcase_pcap_flow_lab_showcase.pcap',
    texts: /^tshark-x$/,
    packets: new Set([1421]),
    fields: ['len', 'checksum'],
    why: 'A packet that the capture cuts, and not the longest: bytes alone do not tell a cut from a length that is wrong.',
  },
  ...['bad', 'good'].map((sum) => ({
    capture: `zeek+zeek__testing_btest_Traces_chksums_ip6-route0-tcp-${sum}-chksum.pcap`,
    texts: /^tshark-(fields(?!-columns)|json-fields|ek-fields|json-filtered-flat|(P-)?O-tcp)/,
    packets: new Set([1]),
    fields: ['destination'],
    why: 'A routing header, of which none of these fields and layers tells.',
  })),
  {
    capture: 'the-tcpdump-group+tcpdump__tests_kday4.pcap',
    texts: /^tcpdump(?!.*-(tt|ttt|tttt|ttttt)\b)/,
    packets: new Set([13]),
    fields: ['notes'],
    why: 'Two times are 24 days off. The text has times of the day alone.',
  },
  {
    capture: 'the-tcpdump-group+tcpdump__tests_mptcp-dss-oobr.pcap',
    texts: /^tcpdump.*-[xX]/,
    packets: new Set([1]),
    fields: ['checksum', 'options'],
    why: 'The packet is a byte longer than the snapshot length of its file: tcpdump leaves that byte off.',
  },
];
