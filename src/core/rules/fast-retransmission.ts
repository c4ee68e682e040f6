import { message } from '../model/message';
import type { Rule } from '../tcp/rule';
import { goesBack } from './conditions';

/** The retransmission must follow the duplicate ACK that triggers it within this time. */
const TRIGGERED_WITHIN_NS = 20_000_000;

export const fastRetransmission: Rule = {
  kind: 'fast-retransmission',
  level: 'problem',
  cites: 'RFC 5681 §3.2',
  phase: 'data',
  unless: ['keep-alive', 'spurious-retransmission'],
  matches: (s, own, peer) =>
    goesBack(s, own) && peer.duplicateAcks >= 2 && peer.lastAck === s.seq && within(s.sincePeerNs, TRIGGERED_WITHIN_NS),
  text: ({ of }) =>
    of === null
      ? message('Fast retransmission: duplicate ACKs asked for this data.')
      : message('Fast retransmission of packet {0}: duplicate ACKs asked for it.', of),
};

/** A time that went backwards is no short time. */
const within = (elapsedNs: number, limitNs: number): boolean => elapsedNs >= 0 && elapsedNs < limitNs;
