import { message } from '../model/message';
import { ACK, FIN, RST, SYN } from '../model/flags';
import { because, type Detector } from './finding';
import { perFlow } from './per-flow';

interface Challenge {
  readonly segment: number;
  readonly flags: number;
}

/**
 * A SYN in a synchronized state, or a RST that is not exact, is answered with an ACK, so that a forger learns nothing and
 * a peer that has lost the connection can show it with an exact RST (RFC 5961 §3.2, §4.2).
 */
export const challengeAck: Detector = {
  kind: 'challenge-ack',
  level: 'info',
  cites: 'RFC 5961 §3.2, §4.2',
  watch(found) {
    const odd = perFlow<Challenge>();
    /** Whether a flow has sent something else than SYN and RST: its sender is past the handshake. */
    const spoke = perFlow<true>();
    return {
      see(c) {
        const kind = c.flags & (SYN | ACK | RST);
        if (kind === SYN || c.flags & RST) {
          // A SYN may be the first that this connection has of an older one, which goes on.
          if (spoke.get(1 - c.direction) || kind === SYN) odd.set(c.direction, { segment: c.segment, flags: c.flags });
          return;
        }
        const asked = odd.get(1 - c.direction);
        odd.set(1 - c.direction, null);
        const isOlder =
          asked !== null && (spoke.get(c.direction) === true || (c.relative(1 - c.direction, c.ack) | 0) <= 0);
        if (c.len === 0 && isOlder && (c.flags & (SYN | ACK | RST | FIN)) === ACK && c.newlyAcked === 0)
          found({
            at: [c.segment],
            of: asked.segment,
            text:
              asked.flags & RST
                ? message(
                    'Challenge ACK: the reset of packet {0} is not at RCV.NXT exactly and is not obeyed.',
                    c.packet(asked.segment),
                  )
                : message(
                    'Challenge ACK: answers the SYN of packet {0} within an existing connection.',
                    c.packet(asked.segment),
                  ),
            why: [
              because('the peer’s segment has SYN or RST, and the connection is established', {
                packet: c.packet(asked.segment),
              }),
              because('the answer is an acknowledgment that carries nothing new', {
                ack: c.relative(1 - c.direction, c.ack),
              }),
            ],
          });
        if ((c.flags & SYN) === 0) spoke.set(c.direction, true);
      },
    };
  },
};
