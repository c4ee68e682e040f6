import type { QueueChart } from '../model/diagnosis';

const SECOND = 1e9;

/** Linux repeats a SYN-ACK after 1, 2, 4, 8 and 16 s and gives up 32 s later (tcp_synack_retries 5). */
export const HALF_OPEN_NS = 63 * SECOND;
/** When the first repetition is due (RFC 6298 §2.1), with some room. */
const FIRST_REPEAT_NS = 1.5 * SECOND;
/** A SYN that gets no answer counts this long: until its sender has repeated it twice. */
export const UNANSWERED_NS = 3 * SECOND;

const BINS = 2048;
/** Points of a chart: what is drawn is not wider. */
const POINTS = 512;

/** One attempt to connect, times in nanoseconds since the capture's first packet; -1 where there is none. */
export interface Attempt {
  readonly synNs: number;
  readonly synAckNs: number;
  readonly lastSynAckNs: number;
  readonly synAcks: number;
  /** When it was completed, reset or refused. */
  readonly endNs: number;
}

/** When the server lets go of an attempt that was answered and never completed, by its own repetitions. */
export function expiryNs(attempt: Attempt): number {
  if (attempt.endNs >= 0) return attempt.endNs;
  if (attempt.synAcks < 2) return attempt.synAckNs + HALF_OPEN_NS;
  // The waits double: the last one is as long as all before it, and one more.
  const waited = attempt.lastSynAckNs - attempt.synAckNs;
  return Math.min(attempt.lastSynAckNs + waited + SECOND, attempt.synAckNs + HALF_OPEN_NS);
}

/** Whether an answer that was sent once should have been repeated by `nowNs`, had the server remembered it. */
export const isForgotten = (attempt: Attempt, nowNs: number): boolean =>
  attempt.synAcks === 1 &&
  nowNs - attempt.synAckNs > FIRST_REPEAT_NS &&
  (attempt.endNs < 0 || attempt.endNs - attempt.synAckNs > FIRST_REPEAT_NS);

/**
 * The length of a server's queue of half-open connections over time, estimated from outside: an attempt enters with its
 * SYN-ACK and leaves when it is completed, reset or given up. Times are counted in bins, so that a flood of millions
 * costs no more than its chart.
 */
export class HalfOpenQueue {
  private readonly enters = new Int32Array(BINS + 1);
  private readonly leaves = new Int32Array(BINS + 2);
  private readonly unanswered = new Int32Array(BINS + 1);
  private readonly binNs: number;

  constructor(
    private readonly fromNs: number,
    toNs: number,
  ) {
    this.binNs = Math.max(1, (toNs - fromNs) / BINS);
  }

  add(startNs: number, endNs: number): void {
    this.enters[this.bin(startNs)]!++;
    this.leaves[Math.max(this.bin(startNs), this.bin(endNs))]!++;
  }

  addUnanswered(timeNs: number): void {
    this.unanswered[this.bin(timeNs)]!++;
  }

  /** Takes in what another queue over the same time holds. */
  merge(other: HalfOpenQueue): void {
    for (let bin = 0; bin <= BINS; bin++) {
      this.enters[bin]! += other.enters[bin]!;
      this.leaves[bin]! += other.leaves[bin]!;
      this.unanswered[bin]! += other.unanswered[bin]!;
    }
  }

  private bin(timeNs: number): number {
    return Math.min(BINS, Math.max(0, Math.floor((timeNs - this.fromNs) / this.binNs)));
  }

  /** The longest that it was, and when. */
  peak(): { readonly length: number; readonly timeNs: number } {
    let longest = 0;
    let at = 0;
    this.each((bin, length) => {
      if (length <= longest) return;
      longest = length;
      at = bin;
    });
    return { length: longest, timeNs: this.fromNs + at * this.binNs };
  }

  chart(backlog: number): QueueChart {
    const step = BINS / POINTS;
    const times: number[] = [];
    const lengths: number[] = [];
    const unanswered: number[] = [];
    this.each((bin, length) => {
      const point = Math.min(POINTS - 1, Math.floor(bin / step));
      if (point === times.length) {
        times.push(Math.round(this.fromNs + bin * this.binNs));
        lengths.push(0);
        unanswered.push(0);
      }
      lengths[point] = Math.max(lengths[point]!, length);
      unanswered[point]! += this.unanswered[bin]!;
    });
    return { chart: 'half-open-queue', times, lengths, unanswered, backlog };
  }

  private each(visit: (bin: number, longest: number) => void): void {
    let length = 0;
    for (let bin = 0; bin <= BINS; bin++) {
      length += this.enters[bin]!;
      visit(bin, length);
      length -= this.leaves[bin]!;
    }
  }
}
