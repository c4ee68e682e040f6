import { count } from '../format/number';
import { duration } from '../format/time';
import { ACK, FIN, RST, SYN } from '../model/flags';
import { message } from '../model/message';
import { because, type Detector } from './finding';

/** Linux repeats a SYN-ACK five times (tcp_synack_retries), after 1, 2, 4, 8 and 16 s, and gives up 32 s later. */
const LINUX_RETRIES = 5;
const LINUX_LIFETIME_NS = 63e9;

/** The server has answered the SYN and waits in SYN-RECEIVED for an ACK that does not come. */
export const halfOpen: Detector = {
  kind: 'half-open',
  level: 'problem',
  cites: 'RFC 9293 §3.10.7.4, RFC 6298 §5.5',
  watch(found) {
    const synAcks: number[] = [];
    let direction = 0;
    let over = false;
    return {
      see(c) {
        if (over) return;
        if ((c.flags & (SYN | ACK | RST)) === (SYN | ACK)) {
          synAcks.push(c.segment);
          direction = c.direction;
        } else if (synAcks.length > 0) {
          // The handshake is complete, or somebody has ended it. What the server says after it shows that it has the ACK.
          if (c.flags & RST || (c.direction !== direction && c.flags & ACK) || c.len > 0 || c.flags & FIN) over = true;
        } else if ((c.flags & SYN) === 0) over = true;
      },
      end(c) {
        if (over || synAcks.length === 0 || c.isPartlyHidden) return;
        const lastsNs = c.timeOf(synAcks.at(-1)!) - c.timeOf(synAcks[0]!);
        const tries = synAcks.length;
        const values = [count(tries), duration(lastsNs)] as const;
        found({
          at: synAcks,
          lastsNs,
          text:
            tries === 1
              ? message('Half-open: no ACK completes the handshake.')
              : tries > LINUX_RETRIES
                ? message(
                    'Half-open: the SYN-ACK was sent {0} times within {1}, without an answer. Linux gives up after {2}.',
                    ...values,
                    duration(LINUX_LIFETIME_NS),
                  )
                : message('Half-open: the SYN-ACK was sent {0} times within {1}, without an answer.', ...values),
          why: [because('no segment of the client follows the SYN-ACK', { synAcks: tries, lastsNs })],
        });
      },
    };
  },
};
