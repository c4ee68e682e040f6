/** What a field of a header is for, in a sentence, and where that is laid down. */
export interface FieldDoc {
  /** English; a key of the translation. */
  readonly text: string;
  readonly cites?: string;
}

const TCP_HEADER = 'RFC 9293 §3.1';
const TCP_OPTIONS = 'RFC 9293 §3.2';
const IPV4_HEADER = 'RFC 791 §3.1';
const IPV6_HEADER = 'RFC 8200 §3';
const IPV6_FRAGMENT = 'RFC 8200 §4.5';
const ETHERNET = 'IEEE 802.3';
const VLAN = 'IEEE 802.1Q';

/** By the fields' names. */
export const FIELD_DOCS: Readonly<Record<string, FieldDoc>> = {
  'tcp.srcport': { text: 'Port of the program that sent the segment.', cites: TCP_HEADER },
  'tcp.dstport': { text: 'Port of the program that the segment is for.', cites: TCP_HEADER },
  'tcp.seq': {
    text: 'Number of the first byte of the payload; in a SYN the initial sequence number, which the SYN itself takes.',
    cites: 'RFC 9293 §3.4',
  },
  'tcp.ack': {
    text: 'The next number that the sender of this segment expects: everything before it has arrived. Counts where ACK is set.',
    cites: 'RFC 9293 §3.4',
  },
  'tcp.hdr_len': { text: 'Length of the header in 32-bit words: where the payload begins.', cites: TCP_HEADER },
  'tcp.flags.res': { text: 'Kept for later use: sent as zero, and ignored by who receives it.', cites: TCP_HEADER },
  'tcp.flags': { text: 'Control bits: what the segment is for, and which fields count.', cites: TCP_HEADER },
  'tcp.flags.ae': {
    text: 'Together with CWR and ECE it counts congestion marks where both sides use Accurate ECN.',
    cites: 'RFC 9768 §3',
  },
  'tcp.flags.cwr': {
    text: 'The sender has reduced its congestion window, as it was told to by ECE.',
    cites: 'RFC 3168 §6.1.2',
  },
  'tcp.flags.ece': {
    text: 'A congestion mark came in; it is repeated until CWR answers it. In a SYN: the sender can use ECN.',
    cites: 'RFC 3168 §6.1.3',
  },
  'tcp.flags.urg': { text: 'The urgent pointer counts.', cites: 'RFC 9293 §3.8.5' },
  'tcp.flags.ack': {
    text: 'The acknowledgment number counts: set in every segment after the first SYN, some resets apart.',
    cites: TCP_HEADER,
  },
  'tcp.flags.push': {
    text: 'The data is to be handed to the program now, without waiting for more.',
    cites: 'RFC 9293 §3.9.1.2',
  },
  'tcp.flags.reset': {
    text: 'Ends the connection at once, or refuses it: no such connection, or it was aborted.',
    cites: 'RFC 9293 §3.5.2',
  },
  'tcp.flags.syn': {
    text: 'Opens a direction: its sequence number is the initial one, and takes one number itself.',
    cites: 'RFC 9293 §3.5',
  },
  'tcp.flags.fin': {
    text: 'The sender has no more data: closes its direction, and takes one number itself.',
    cites: 'RFC 9293 §3.6',
  },
  'tcp.window_size_value': {
    text: 'Bytes from the acknowledgment number on that the sender of this segment will take, before scaling.',
    cites: 'RFC 9293 §3.8.6',
  },
  'tcp.checksum': {
    text: 'Ones’ complement sum over the header, the payload, and a pseudo-header with both addresses.',
    cites: TCP_HEADER,
  },
  'tcp.urgent_pointer': {
    text: 'Distance from the sequence number to the byte after the urgent data, where URG is set.',
    cites: 'RFC 9293 §3.8.5',
  },
  'tcp.payload': { text: 'Bytes of the stream that the segment carries.', cites: TCP_HEADER },
  'tcp.options': { text: 'What the two sides tell each other beyond the fixed header.', cites: TCP_OPTIONS },
  'tcp.options.eol': { text: 'No option follows.', cites: TCP_OPTIONS },
  'tcp.options.nop': { text: 'Says nothing: aligns the option after it on 32 bits.', cites: TCP_OPTIONS },
  'tcp.options.padding': {
    text: 'Zeros up to the end of the header, which has whole 32-bit words.',
    cites: TCP_HEADER,
  },
  'tcp.option_kind': { text: 'Which option it is.', cites: TCP_OPTIONS },
  'tcp.option_len': { text: 'Bytes of the option, those of its kind and of this length included.', cites: TCP_OPTIONS },
  'tcp.options.mss': {
    text: 'Largest payload that the sender of this SYN wants to receive in a segment.',
    cites: 'RFC 9293 §3.7.1',
  },
  'tcp.options.mss_val': { text: 'Bytes of payload in a segment at most.', cites: 'RFC 9293 §3.7.1' },
  'tcp.options.wscale': {
    text: 'By how many bits this sender’s later windows are shifted; counts where both SYNs have it.',
    cites: 'RFC 7323 §2.2',
  },
  'tcp.options.wscale.shift': {
    text: 'Windows on the wire are multiplied by 2 to this power, 14 at most.',
    cites: 'RFC 7323 §2.3',
  },
  'tcp.options.sack_perm': {
    text: 'The sender understands selective acknowledgments; only in a SYN.',
    cites: 'RFC 2018 §2',
  },
  'tcp.options.sack': {
    text: 'Blocks that arrived beyond the acknowledgment number; what lies between is missing.',
    cites: 'RFC 2018 §3',
  },
  'tcp.options.sack_le': { text: 'First sequence number of the block.', cites: 'RFC 2018 §3' },
  'tcp.options.sack_re': { text: 'Sequence number after the last of the block.', cites: 'RFC 2018 §3' },
  'tcp.options.timestamp': {
    text: 'Clock readings by which round trips are measured and segments from the past are told (PAWS).',
    cites: 'RFC 7323 §3.2',
  },
  'tcp.options.timestamp.tsval': { text: 'The sender’s clock when the segment was sent.', cites: 'RFC 7323 §3.2' },
  'tcp.options.timestamp.tsecr': {
    text: 'The last clock reading of the other side, sent back; counts where ACK is set.',
    cites: 'RFC 7323 §3.2',
  },
  'tcp.options.tfo.cookie': {
    text: 'Cookie of the server, by which a client may send data in its SYN (Fast Open).',
    cites: 'RFC 7413 §4.1.1',
  },
  'tcp.options.user_to_val': {
    text: 'How long the sender keeps data that is not acknowledged before it gives up.',
    cites: 'RFC 5482 §3.3',
  },
  'tcp.options.user_to_granularity': {
    text: 'Whether the time is in minutes (1) or in seconds (0).',
    cites: 'RFC 5482 §3.3',
  },
  'tcp.options.mptcp': { text: 'Joins several TCP connections to one (Multipath TCP).', cites: 'RFC 8684 §3' },
  'tcp.options.mptcp.subtype': { text: 'What the Multipath TCP option is for.', cites: 'RFC 8684 §8.2' },
  'tcp.options.ao.keyid': { text: 'Key that this segment is signed with.', cites: 'RFC 5925 §2.2' },
  'tcp.options.ao.rnextkeyid': { text: 'Key that the sender is ready to receive with.', cites: 'RFC 5925 §2.2' },
  'tcp.options.ao.mac': { text: 'Signature over the segment.', cites: 'RFC 5925 §2.2' },
  'tcp.options.experimental.exid': {
    text: 'Tells experiments with the same option number apart.',
    cites: 'RFC 6994 §3',
  },

  'ip.version': { text: 'Version of the Internet Protocol: 4.', cites: IPV4_HEADER },
  'ip.hdr_len': { text: 'Length of the header in 32-bit words.', cites: IPV4_HEADER },
  'ip.dsfield': { text: 'How routers are to treat the packet, and congestion marks.', cites: 'RFC 2474 §3' },
  'ip.dsfield.dscp': { text: 'Which treatment by routers the packet asks for.', cites: 'RFC 2474 §3' },
  'ip.dsfield.ecn': {
    text: 'Whether the sender takes congestion marks (01, 10), and whether a router has set one (11).',
    cites: 'RFC 3168 §5',
  },
  'ip.len': { text: 'Bytes of the packet, header and payload.', cites: IPV4_HEADER },
  'ip.id': { text: 'Tells which fragments belong together.', cites: 'RFC 6864 §4' },
  'ip.flags': { text: 'Whether the packet may be, and is, in fragments.', cites: IPV4_HEADER },
  'ip.flags.rb': { text: 'Always zero.', cites: IPV4_HEADER },
  'ip.flags.df': { text: 'Routers must not fragment it: they answer that it is too big.', cites: IPV4_HEADER },
  'ip.flags.mf': { text: 'More fragments of the same packet follow.', cites: IPV4_HEADER },
  'ip.frag_offset': { text: 'Where the fragment belongs in its packet, in units of 8 bytes.', cites: IPV4_HEADER },
  'ip.ttl': {
    text: 'Routers that it may still pass: each takes one off, and at zero it is dropped.',
    cites: IPV4_HEADER,
  },
  'ip.proto': { text: 'What the payload is: 6 is TCP.', cites: IPV4_HEADER },
  'ip.checksum': { text: 'Ones’ complement sum over this header.', cites: IPV4_HEADER },
  'ip.src': { text: 'Address of the sender.', cites: IPV4_HEADER },
  'ip.dst': { text: 'Address of the receiver.', cites: IPV4_HEADER },
  'ip.options': { text: 'Rarely used extras, such as routes to take or to record.', cites: IPV4_HEADER },

  'ipv6.version': { text: 'Version of the Internet Protocol: 6.', cites: IPV6_HEADER },
  'ipv6.tclass': { text: 'How routers are to treat the packet, and congestion marks.', cites: 'RFC 8200 §7' },
  'ipv6.tclass.dscp': { text: 'Which treatment by routers the packet asks for.', cites: 'RFC 2474 §3' },
  'ipv6.tclass.ecn': {
    text: 'Whether the sender takes congestion marks (01, 10), and whether a router has set one (11).',
    cites: 'RFC 3168 §5',
  },
  'ipv6.flow': { text: 'The same in all packets of a flow, so that routers keep them together.', cites: 'RFC 8200 §6' },
  'ipv6.plen': { text: 'Bytes behind this header, extension headers included.', cites: IPV6_HEADER },
  'ipv6.nxt': { text: 'What follows this header: 6 is TCP.', cites: IPV6_HEADER },
  'ipv6.hlim': {
    text: 'Routers that it may still pass: each takes one off, and at zero it is dropped.',
    cites: IPV6_HEADER,
  },
  'ipv6.src': { text: 'Address of the sender.', cites: IPV6_HEADER },
  'ipv6.dst': { text: 'Address of the receiver.', cites: IPV6_HEADER },
  'ipv6.fraghdr.nxt': { text: 'What the packet holds behind the fragment header.', cites: IPV6_FRAGMENT },
  'ipv6.fraghdr.offset': {
    text: 'Where the fragment belongs in its packet, in units of 8 bytes.',
    cites: IPV6_FRAGMENT,
  },
  'ipv6.fraghdr.more': { text: 'More fragments of the same packet follow.', cites: IPV6_FRAGMENT },
  'ipv6.fraghdr.ident': { text: 'Tells which fragments belong together.', cites: IPV6_FRAGMENT },

  'eth.dst': { text: 'Hardware address that the frame is for on this link.', cites: ETHERNET },
  'eth.src': { text: 'Hardware address that sent the frame on this link.', cites: ETHERNET },
  'eth.type': { text: 'Which protocol the frame carries: 0x0800 is IPv4, 0x86dd IPv6.', cites: ETHERNET },
  'eth.len': { text: 'Bytes of the frame’s payload.', cites: ETHERNET },
  'eth.padding': { text: 'Fills the frame to the shortest that Ethernet allows.', cites: ETHERNET },
  'vlan.priority': { text: 'Which of eight priorities the frame has.', cites: VLAN },
  'vlan.dei': { text: 'The frame may be dropped first.', cites: VLAN },
  'vlan.id': { text: 'Number of the virtual network that the frame belongs to.', cites: VLAN },
  'vlan.etype': { text: 'Which protocol the frame carries: 0x0800 is IPv4, 0x86dd IPv6.', cites: VLAN },

  'udp.srcport': { text: 'Port of the program that sent the datagram.', cites: 'RFC 768' },
  'udp.dstport': { text: 'Port of the program that the datagram is for.', cites: 'RFC 768' },
  'udp.length': { text: 'Bytes of header and payload.', cites: 'RFC 768' },
  'gre.proto': { text: 'Which protocol the tunnel carries.', cites: 'RFC 2784 §2.4' },
  'mpls.label': { text: 'By what the next router forwards the packet.', cites: 'RFC 3032 §2.1' },
  'mpls.bottom': { text: 'The last label: the packet itself follows.', cites: 'RFC 3032 §2.1' },
  'vxlan.vni': { text: 'Number of the virtual network that the frame belongs to.', cites: 'RFC 7348 §5' },
};
