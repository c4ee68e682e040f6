import type { Message } from './message';
import type { Endpoint, NoteKind } from './segment';
import type { StateName } from './states';

export interface PerSide<T> {
  readonly client: T;
  readonly server: T;
}

/** What a connection had (Wireshark's `tcp.completeness`), in this order. */
export const COMPLETENESS = ['SYN', 'SYN-ACK', 'ACK', 'DATA', 'FIN', 'RST'] as const;
export type CompletenessPart = (typeof COMPLETENESS)[number];

/** Something said of a connection, and the packets that it rests on. */
export interface Clause {
  /** Begins with a small letter where the language has some: a clause of a sentence. */
  readonly text: Message;
  /** 1-based packet numbers, ascending; of many that would do, the first. */
  readonly packets: readonly number[];
}

/** Who opened a connection, whether it was completed, who ended it and how, and what slowed it. */
export interface Verdict {
  /** Its clauses as one sentence. */
  readonly sentence: Message;
  /** The same without the opening, where there is something else to say: for lists, whose columns tell who opened it. */
  readonly brief: Message;
  readonly clauses: readonly Clause[];
}

/** One connection as views and the command line show it. */
export interface ConnectionRow {
  /** Counts from 0 in order of first appearance. */
  readonly connection: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** No SYN was captured: the roles are guessed. */
  readonly partial: boolean;
  /** 1-based packet numbers. */
  readonly firstPacket: number;
  readonly lastPacket: number;
  readonly segments: number;
  /** Seconds since 1970-01-01 UTC with nine decimals; `null` in a text without times. */
  readonly start: string | null;
  /** Since the capture's first packet, in nanoseconds. */
  readonly startNs: number;
  /** `null` in a text without times. */
  readonly durationNs: number | null;
  /** Bytes of payload sent by each side, retransmissions included. */
  readonly payloadBytes: PerSide<number>;
  /** At the end of the capture. */
  /** `null` where nothing is known of an end (see `Tcb.state`). */
  readonly state: PerSide<StateName | null>;
  /** The state follows from a segment that is assumed to have arrived (see `Tcb.assumed`). */
  readonly assumed: PerSide<boolean>;
  readonly completeness: readonly CompletenessPart[];
  /** From the SYN to the ACK that completes the handshake. */
  readonly handshakeRttNs: number | null;
  readonly notes: Partial<Readonly<Record<NoteKind, number>>>;
  /** Notes of level `problem`, and resets. */
  readonly problems: number;
  readonly verdict: Verdict;
}

export const PHASES = ['handshake', 'data', 'close'] as const;
export type PhaseKind = (typeof PHASES)[number];

/** A stretch of a connection. Rows are `[start, end)`; phases come in order and leave no row out. */
export interface Phase {
  readonly kind: PhaseKind;
  readonly start: number;
  readonly end: number;
  /** Steps that are missing or unusual. */
  readonly remarks: readonly Clause[];
}

/** A run of rows without anything worth a look, which a view may fold into one. Rows are `[start, end)`. */
export interface QuietRun {
  readonly start: number;
  readonly end: number;
  readonly dataSegments: PerSide<number>;
  readonly payloadBytes: PerSide<number>;
  readonly acks: PerSide<number>;
  readonly durationNs: number;
}

/** Kinds of marks in the overview beside the diagram. */
export type MarkKind = 'open' | 'close' | 'reset' | 'problem';

/** Something in a connection that can be stepped to, at a row. */
export interface Mark {
  readonly row: number;
  readonly kind: MarkKind;
}

/** Time in which nothing was sent, before a row. */
export interface Pause {
  readonly row: number;
  readonly ns: number;
}

/** Bytes of payload that each side sent in each of equal parts of a connection's time; retransmissions count. */
export type Sparkline = PerSide<readonly number[]>;
