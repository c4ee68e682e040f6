/** What one end of a connection did, told by its segments: -1 stands for a segment that there is not. */
export interface EndCourse {
  /** Bytes of payload, retransmissions included. */
  readonly payload: number;
  /** First and last SYN without ACK, and how many there were. */
  readonly syn: number;
  readonly lastSyn: number;
  readonly syns: number;
  /** The same of the SYNs with ACK. */
  readonly synAck: number;
  readonly lastSynAck: number;
  readonly synAcks: number;
  /** First FIN, and the first segment of the other end that acknowledges it. */
  readonly fin: number;
  readonly finAcked: number;
  /** New data sent after having acknowledged the other end's FIN: bytes, first and last segment. */
  readonly afterFinBytes: number;
  readonly afterFinFirst: number;
  readonly afterFinLast: number;
  /** What it sent again, or to probe, since the other end was last heard: how often, after which segment. */
  readonly repeats: number;
  readonly repeatsFrom: number;
  /** Last segment. */
  readonly last: number;
  /** Nanoseconds with a window of zero, up to the last segment that told of it, and the first that announced one. */
  readonly zeroWindowNs: number;
  readonly zeroWindow: number;
}

/** Kinds of trouble of which the first segments are remembered. */
export const TROUBLES = ['resent', 'outOfOrder', 'missing'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** The course of a connection from its first to its last segment; ends are A and B of its row. */
export interface Course {
  readonly first: number;
  readonly last: number;
  readonly ends: readonly [a: EndCourse, b: EndCourse];
  /** First segment that completes the handshake by acknowledging a SYN-ACK. */
  readonly established: number;
  /** First segment that answers a SYN without SYN, by an acknowledgment from before it (RFC 5961 §4.2). */
  readonly challenged: number;
  /** SYNs and SYN-ACKs that were sent again, by their notes. */
  readonly resentSyns: number;
  /** First segment with data after both FINs had been acknowledged. */
  readonly afterClose: number;
  readonly resets: number;
  /** First reset, and the segment that it answers by its numbers (RFC 9293 §3.10.7.1). */
  readonly reset: number;
  readonly resetAnswers: number;
  /** Whether no segment but resets and what no connection sends: neither SYN nor ACK. */
  readonly stray: boolean;
  /** First segments with each trouble. */
  readonly evidence: Readonly<Partial<Record<Trouble, readonly number[]>>>;
}
