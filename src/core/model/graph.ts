import type { PerSide } from './connection';

/** The graphs of one direction of a connection. Every one has its own unit, see {@link GraphData}. */
export const GRAPH_KINDS = ['sequence', 'rtt', 'throughput', 'flight', 'window'] as const;
export type GraphKind = (typeof GRAPH_KINDS)[number];

/** Intervals that throughput can be counted over, in nanoseconds; 0 is what fits the range that is shown. */
export const GRAPH_INTERVALS = [0, 1e6, 1e7, 1e8, 1e9, 1e10] as const;

/**
 * What a line shows. `ack` is what has been acknowledged and `edge` the right edge of the receive window, in sequence
 * numbers; `rtt` are samples by Karn's rule, `ambiguous-rtt` those that it leaves out, `srtt` and `rto` what RFC 6298
 * makes of the first; `congestion-window` is an estimate; `raw-window` is the field on the wire.
 */
export type GraphLineKind =
  | 'ack'
  | 'edge'
  | 'rtt'
  | 'ambiguous-rtt'
  | 'srtt'
  | 'rto'
  | 'throughput'
  | 'goodput'
  | 'flight'
  | 'window'
  | 'congestion-window'
  | 'raw-window';

/** What a mark shows: a range of sequence numbers, or one value (low and high are the same). */
export const GRAPH_MARK_KINDS = [
  'data',
  'retransmission',
  'fast-retransmission',
  'spurious-retransmission',
  'out-of-order',
  'probe',
  'reset',
  'sack',
  'duplicate-sack',
  'duplicate-ack',
  'zero-window',
] as const;
export type GraphMarkKind = (typeof GRAPH_MARK_KINDS)[number];

/**
 * Points in the order of time. Every one is a point of the connection: what is left out of many in one pixel column is
 * neither the first, the last, the lowest nor the highest. The first and the last may lie outside the range that was
 * asked for, so that the line can be drawn to its edges.
 */
export interface GraphLine {
  readonly kind: GraphLineKind;
  /** Nanoseconds since the connection's first segment. */
  readonly times: Float64Array;
  /** NaN where there is no value from then on. */
  readonly values: Float64Array;
  /** Row of the segment in its connection. */
  readonly rows: Int32Array;
}

/** Marks in the order of time. Ranges in one pixel column that touch are one mark. */
export interface GraphMarks {
  readonly kind: GraphMarkKind;
  readonly times: Float64Array;
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  /** Row of the segment, of several the first. */
  readonly rows: Int32Array;
}

/**
 * One graph of one direction over a range of time. Units: `sequence` relative sequence numbers (they go on counting
 * beyond 2^32); `rtt` nanoseconds; `throughput` bits a second; `flight` and `window` bytes.
 */
export interface GraphData {
  readonly graph: GraphKind;
  readonly lines: readonly GraphLine[];
  readonly marks: readonly GraphMarks[];
  /** Width of the intervals that throughput is counted in, in nanoseconds; 0 in other graphs. */
  readonly intervalNs: number;
  /** Points in the range before any were left out. */
  readonly points: number;
}

/** One direction of a connection in figures: what a graph tells to those who do not see it. */
export interface FlowSummary {
  readonly segments: number;
  readonly dataSegments: number;
  /** Bytes of payload sent, retransmissions included, and those that have been acknowledged. */
  readonly payloadBytes: number;
  readonly ackedBytes: number;
  readonly retransmissions: number;
  readonly fastRetransmissions: number;
  readonly spuriousRetransmissions: number;
  readonly outOfOrder: number;
  /** Raw number that relative ones count from. */
  readonly base: number;
  /** Samples by Karn's rule; `null` while there are none. In nanoseconds. */
  readonly rtt: {
    readonly samples: number;
    readonly shortestNs: number;
    readonly meanNs: number;
    readonly longestNs: number;
  } | null;
  /** Most bytes that were sent and neither acknowledged nor reported as received. */
  readonly largestFlight: number;
  /** Largest estimate of the congestion window; `null` where there is none. */
  readonly largestCongestionWindow: number | null;
  /** Receive window that this side advertises, scaled: lowest and highest outside SYNs; `null` while none is known. */
  readonly window: { readonly lowest: number; readonly highest: number } | null;
  /** Times that this side closed its window. */
  readonly zeroWindows: number;
  /** Shift of this side's window; `null` while it is not known. */
  readonly windowShift: number | null;
}

/** How far the walk over a connection has come that graphs are made from. */
export interface GraphProgress {
  /** Segments walked, of how many. */
  readonly walked: number;
  readonly segments: number;
  readonly done: boolean;
  /** From the first segment to the latest, in nanoseconds. */
  readonly durationNs: number;
  readonly flows: PerSide<FlowSummary>;
}
