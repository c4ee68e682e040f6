import { seqGe } from '../bytes/seq';
import { SYN } from '../model/flags';
import type { Course, Flow } from '../findings/course';

/**
 * An estimate of one sender's congestion window: the most bytes that it had in flight within a round trip, where nothing
 * else that can be seen held it back. A round trip counts from when data is sent until it is acknowledged.
 *
 * What holds a sender back is either the receiver's window (not even a full segment more would have fitted into it) or
 * the application (everything sent was acknowledged before more was sent, or the last segment before an ACK was a short
 * one: there was nothing more to put into it). After such a round trip the window is not known. The capture is taken
 * somewhere on the way, so that what is in flight there may differ from what the sender counts: it stays an estimate.
 */
export class CongestionWindow {
  /** Bytes; NaN while it is not known. */
  estimate = NaN;
  private inRound = false;
  /** The round trip is over when this number is acknowledged. */
  private roundEnd = 0;
  private largest = 0;
  private limited = false;
  private lastWasShort = false;

  /** Takes in a segment of the sender, after the course has. */
  sent({ own, peer, len, flags, isResend }: Course): void {
    if (len === 0 || flags & SYN) return;
    if (!this.inRound) this.begin(own);
    this.largest = Math.max(this.largest, own.flight);
    this.limited ||= peer.window < 0 || own.flight + own.largest > peer.window;
    if (!isResend) this.lastWasShort = len < own.largest;
  }

  /** Takes in a segment of the receiver, after the course has. */
  acked({ peer, newlyAcked }: Course): void {
    if (newlyAcked === 0 || !this.inRound) return;
    const isEmpty = peer.una === peer.max;
    this.limited ||= isEmpty || this.lastWasShort;
    if (!seqGe(peer.una, this.roundEnd)) return;
    this.estimate = this.limited ? NaN : this.largest;
    if (isEmpty) this.inRound = false;
    else this.begin(peer);
  }

  private begin(flow: Flow): void {
    this.inRound = true;
    this.roundEnd = flow.max;
    this.largest = flow.flight;
    this.limited = false;
  }
}
