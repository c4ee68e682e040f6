import { seqGt, seqLt } from '../bytes/seq';
import { ACK } from '../model/flags';
import { message } from '../model/message';
import type { Rule } from '../tcp/rule';

/**
 * While the peer's data has moved on since the last such ACK every ACK beyond it counts; while it stands still only the
 * first does (the counter of duplicate ACKs is borrowed to remember that, as Wireshark does).
 */
export const ackLostSegment: Rule = {
  kind: 'ack-lost-segment',
  level: 'problem',
  cites: 'RFC 9293 §3.10.7.4',
  phase: 'acknowledgment',
  matches: (s, _own, peer) =>
    (s.flags & ACK) !== 0 &&
    peer.maxToAck !== 0 &&
    seqGt(s.ack, peer.maxToAck) &&
    (seqLt(peer.maxToAck, peer.nextSeq) || peer.duplicateAcks === 0),
  text: () => message('Acknowledges data that is not in the capture.'),
};
