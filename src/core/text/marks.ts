/**
 * Meanings of pieces of a line. Fields have Wireshark's names, where it has one; `note` is a finding that the text
 * states, `text` what is there for people, `hex` bytes of the packet.
 */
export const MARK_IDS = [
  'frame.number',
  'frame.time',
  'frame.len',
  'frame.interface_name',
  'eth.src',
  'eth.dst',
  'ip.src',
  'ip.dst',
  'ip.ttl',
  'ip.id',
  'ip.len',
  'ip.dsfield',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.flags',
  'tcp.checksum',
  'tcp.seq',
  'tcp.nxtseq',
  'tcp.ack',
  'tcp.window_size_value',
  'tcp.window_size',
  'tcp.urgent_pointer',
  'tcp.len',
  'tcp.options',
  'tcp.options.mss',
  'tcp.options.wscale',
  'tcp.options.sack_perm',
  'tcp.options.sack',
  'tcp.options.timestamp',
  'tcp.options.nop',
  'tcp.options.eol',
  'tcp.options.tfo',
  'tcp.options.mptcp',
  'tcp.options.md5',
  'tcp.options.other',
  'protocol',
  'note',
  'hex',
  'text',
  'state',
  'syscall',
  'keyword',
  'comment',
  'code',
] as const;

export type MarkId = (typeof MARK_IDS)[number];

/** Is told what each piece of a packet's text means, in order: `[start, end)` are indexes of the bytes parsed. */
export interface Marks {
  mark(id: MarkId, start: number, end: number): void;
}
