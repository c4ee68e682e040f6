import { seqGt, seqLt } from '../bytes/seq';
import { ACK } from '../model/flags';
import { message } from '../model/message';
import { defineRule } from '../tcp/rule';
import { relativeTo } from './conditions';

export const ackLostSegment = defineRule({
  kind: 'ack-lost-segment',
  level: 'problem',
  cites: 'RFC 9293 §3.10.7.4',
  phase: 'acknowledgment',
  conditions: [
    {
      text: 'it acknowledges more than was seen of the other side',
      holds: (s, _own, peer) => peer.maxToAck !== 0 && seqGt(s.ack, peer.maxToAck),
      values: (s, _own, peer) => ({ ack: relativeTo(peer, s.ack), seen: relativeTo(peer, peer.maxToAck) }),
    },
    {
      text: 'it has the ACK flag',
      holds: (s) => (s.flags & ACK) !== 0,
      values: (s) => ({ flags: s.flags }),
    },
    {
      // The counter of duplicate ACKs is borrowed to remember that, as Wireshark does.
      text: 'the other side has sent more since the last such acknowledgment, or this is the first of a series',
      holds: (_s, _own, peer) => seqLt(peer.maxToAck, peer.nextSeq) || peer.duplicateAcks === 0,
      values: (_s, _own, peer) => ({
        seen: relativeTo(peer, peer.maxToAck),
        nextSeq: relativeTo(peer, peer.nextSeq),
        duplicateAcks: peer.duplicateAcks,
      }),
    },
  ],
  // Wireshark's memory of what was seen ends at a hole, and does not take in what fills an earlier one only in part.
  text: ({ of }) =>
    of === null
      ? message('Acknowledges data that is not in the capture.')
      : message('Acknowledges up to the end of packet {0}, more than was seen in order: data may be missing.', of),
});
