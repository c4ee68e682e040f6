import { ACK, AE, CWR, ECE, SYN } from '../model/flags';
import type { Course } from './course';

const COUNTER = AE | CWR | ECE;

/** What a SYN-ACK answers in AE, CWR and ECE to a SYN that has all three, where its sender can count (RFC 9768 Table 2). */
const ACCEPTED: ReadonlySet<number> = new Set([CWR, CWR | ECE, AE, AE | CWR]);

/** Whether AE, CWR and ECE are the counter of Accurate ECN in a connection (RFC 9768 §3.1), by its segments so far. */
export class EcnNegotiation {
  /** Behind the handshake the three bits are a counter; otherwise ECE and CWR mean what RFC 3168 says. */
  isAccurate = false;
  private isOffered = false;
  private isAnswered = false;
  private isSeen = false;

  /** Takes in the next segment of the connection. */
  see({ flags }: Course): void {
    if (flags & SYN) {
      this.isSeen = true;
      if (!(flags & ACK)) this.isOffered ||= (flags & COUNTER) === COUNTER;
      else if (!this.isAnswered) {
        // What another SYN-ACK says changes nothing any more (RFC 9768 §3.1.5).
        this.isAnswered = true;
        this.isAccurate = this.isOffered && ACCEPTED.has(flags & COUNTER);
      }
      // Where the handshake is not in the capture, AE alone tells: nothing else has set it since RFC 8311.
    } else if (!this.isSeen && flags & AE) this.isAccurate = true;
  }
}

/** The three bits of a segment as a number, ACE, in [0, 7] (RFC 9768 §3.2.1). */
export const aceOf = (flags: number): number => (flags & AE ? 4 : 0) | (flags & CWR ? 2 : 0) | (flags & ECE ? 1 : 0);
