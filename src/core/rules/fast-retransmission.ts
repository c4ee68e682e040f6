import { message } from '../model/message';
import { defineRule } from '../tcp/rule';
import { isNotAfterProbe, knownNs, occupiesSequence, relativeTo, startsBelowNext } from './conditions';

/** The retransmission must follow the duplicate ACK that triggers it within this time (Wireshark's constant). */
const TRIGGERED_WITHIN_NS = 20_000_000;

export const fastRetransmission = defineRule({
  kind: 'fast-retransmission',
  level: 'problem',
  cites: 'RFC 5681 §3.2',
  phase: 'data',
  unless: ['keep-alive', 'spurious-retransmission'],
  conditions: [
    {
      text: 'the other side has sent at least two duplicate ACKs',
      // After an ACK of something unseen the count is -1, which Wireshark takes for a very large number.
      holds: (_s, _own, peer) => peer.duplicateAcks >>> 0 >= 2,
      values: (_s, _own, peer) => ({ duplicateAcks: Math.max(0, peer.duplicateAcks) }),
    },
    {
      text: 'it starts where they ask for data',
      holds: (s, _own, peer) => peer.lastAck === s.seq,
      values: (s, own, peer) => ({ seq: relativeTo(own, s.seq), lastAck: relativeTo(own, peer.lastAck) }),
    },
    {
      text: 'it follows the last of them within 20 ms',
      // A time that went backwards is no short time.
      holds: (s) => s.sincePeerNs >= 0 && s.sincePeerNs < TRIGGERED_WITHIN_NS,
      values: (s) => ({ elapsedNs: knownNs(s.sincePeerNs), limitNs: TRIGGERED_WITHIN_NS }),
    },
    occupiesSequence,
    startsBelowNext,
    isNotAfterProbe,
  ],
  text: ({ of }) =>
    of === null
      ? message('Fast retransmission: duplicate ACKs asked for this data.')
      : message('Fast retransmission of packet {0}: duplicate ACKs asked for it.', of),
});
