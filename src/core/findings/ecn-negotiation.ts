import { ACE, ACK, AE, aceOf, CWR, ECE, SYN } from '../model/flags';
import type { Course } from './course';

/** What a SYN-ACK answers in AE, CWR and ECE to a SYN that has all three, where its sender can count (RFC 9768 Table 2). */
const ACCEPTED: ReadonlySet<number> = new Set([CWR, CWR | ECE, AE, AE | CWR]);

/** Whether AE, CWR and ECE are the counter of Accurate ECN in a connection (RFC 9768 §3.1), by its segments so far. */
export class EcnNegotiation {
  /** Behind the handshake the three bits are a counter; otherwise ECE and CWR mean what RFC 3168 says. */
  isAccurate = false;
  /** ACE in the SYN-ACK, which is what it says of the SYN; -1 while there is none. */
  answer = -1;
  private isOffered = false;
  private isSeen = false;

  /** Takes in the next segment of the connection. */
  see({ flags }: Course): void {
    if (flags & SYN) {
      this.isSeen = true;
      if (!(flags & ACK)) this.isOffered ||= (flags & ACE) === ACE;
      else if (this.answer < 0) {
        // What another SYN-ACK says changes nothing any more (RFC 9768 §3.1.5).
        this.answer = aceOf(flags);
        this.isAccurate = this.isOffered && ACCEPTED.has(flags & ACE);
      }
      // Where the handshake is not in the capture, AE alone tells: nothing else has set it since RFC 8311.
    } else if (!this.isSeen && flags & AE) this.isAccurate = true;
  }
}
