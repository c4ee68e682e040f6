import type { FlagName } from './flags';
import type { Message } from './message';
import type { StateName } from './states';

export type Side = 'client' | 'server';
export type ChecksumVerdict = 'unverified' | 'good' | 'bad' | 'partial';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** What the capture calls the address, made inert; left out where it does not. */
  readonly name?: string;
}

/** Notes that carry a Wireshark name; each means exactly what it means there. */
export const WIRESHARK_NOTES = [
  'retransmission',
  'fast-retransmission',
  'spurious-retransmission',
  'out-of-order',
  'lost-segment',
  'ack-lost-segment',
  'duplicate-ack',
  'keep-alive',
  'keep-alive-ack',
  'zero-window',
  'zero-window-probe',
  'zero-window-probe-ack',
  'window-update',
  'window-full',
  'reused-ports',
] as const;

export type WiresharkNoteKind = (typeof WIRESHARK_NOTES)[number];

/** All bits of notes in that column; above them there are marks. */
export const NOTE_BITS = (1 << WIRESHARK_NOTES.length) - 1;

/** Our own findings: what the course of a connection shows beyond a single segment, each with its clause. */
export const OWN_NOTES = [
  'retransmission-timeout',
  'tail-loss-probe',
  'fast-recovery',
  'duplicate-sack',
  'sack-reneging',
  'zero-window-period',
  'window-limited',
  'nagle-delayed-ack',
  'silly-window',
  'congestion-notification',
  'accurate-ecn',
  'paws-rejected',
  'mtu-black-hole',
  'keep-alive-series',
  'challenge-ack',
  'half-open',
] as const;
export type OwnNoteKind = (typeof OWN_NOTES)[number];

/** Every kind of note. */
export const NOTE_KINDS = [...WIRESHARK_NOTES, ...OWN_NOTES] as const;
export type NoteKind = WiresharkNoteKind | OwnNoteKind;

/** Bit of a kind in the notes column. */
export const noteBit = (kind: WiresharkNoteKind): number => 1 << WIRESHARK_NOTES.indexOf(kind);

/** How much a note matters: `problem` counts in the tables and in "next problem", `info` explains. */
export type NoteLevel = 'problem' | 'info';

/** A finding about a segment. */
export interface Note {
  readonly kind: NoteKind;
  readonly level: NoteLevel;
  /** Packet that it refers to: the original of a retransmission, the first of a series of duplicate ACKs. */
  readonly of?: number;
  /** Position in the series, from 1 (duplicate ACKs). */
  readonly number?: number;
  /** Time since the packet that it refers to, where that is a retransmission timeout, in nanoseconds. */
  readonly rtoNs?: number;
  /** How long what it tells of lasts, in nanoseconds (our own findings). */
  readonly lastsNs?: number;
  /** One sentence for a person. */
  readonly text: Message;
}

/** Why a segment has a note: the conditions of its rule, with the numbers that were compared. */
export interface NoteReason {
  readonly kind: NoteKind;
  /** Where the rule comes from: "RFC 5681 §2". */
  readonly cites: string;
  readonly conditions: readonly NoteCondition[];
}

export interface NoteCondition {
  /** English; a key of the translation. */
  readonly text: string;
  /** Sequence numbers are relative, names that end in `Ns` are nanoseconds; `null` is unknown. */
  readonly values: Readonly<Record<string, number | null>>;
  readonly holds: boolean;
}

/** A test that the receiver makes of an arriving segment, with the numbers that it compares. */
export interface AcceptanceCheck {
  /** The segment acceptability test, that of its acknowledgment number, or what else decides in the receiver's state. */
  readonly test: 'segment' | 'ack' | 'reset' | 'syn' | 'timestamp' | 'state';
  readonly holds: boolean;
  readonly text: Message;
  readonly cites: string;
}

/** A segment that was lost, or that its receiver's next segment crossed on the way. */
export interface Arrival {
  /** The packet that its receiver sent before it had arrived. */
  readonly after: number;
  /** Whether that packet is a reset. */
  readonly isReset: boolean;
  /** The packet that carries the same again, where there is one: it was lost, as its sender thinks. */
  readonly sentAgain: number | null;
}

/** Calls of the sockets API that a segment can betray. `close` stands for `shutdown(SHUT_WR)` too where it is not certain. */
export const SOCKET_CALLS = ['connect', 'listen', 'accept', 'send', 'recv', 'shutdown', 'close'] as const;
export type SocketCallName = (typeof SOCKET_CALLS)[number];

/** A call by the program at one end that a segment betrays; what the system sends by itself has none. */
export interface SocketCall {
  readonly side: Side;
  readonly call: SocketCallName;
  /** `likely`: something else does the same, which {@link text} names. */
  readonly certainty: 'certain' | 'likely';
  readonly text: Message;
}

/** Variables of a transmission control block (RFC 9293 §3.3.1): raw 32-bit numbers, windows scaled; `null` is unknown. */
export interface Tcb {
  /** `null` where nothing is known of the endpoint: all that a text has of it is addresses and lengths. */
  readonly state: StateName | null;
  /** The state follows from a segment that is assumed to have arrived: the endpoint sends nothing any more to prove it. */
  readonly assumed: boolean;
  readonly iss: number | null;
  readonly sndUna: number | null;
  readonly sndNxt: number | null;
  readonly sndWnd: number | null;
  readonly sndUp: number | null;
  readonly sndWl1: number | null;
  readonly sndWl2: number | null;
  readonly irs: number | null;
  readonly rcvNxt: number | null;
  readonly rcvWnd: number | null;
  readonly rcvUp: number | null;
}

export type TcpOption =
  | { readonly kind: 'end' | 'nop' | 'sack-permitted' }
  | { readonly kind: 'mss'; readonly value: number }
  | { readonly kind: 'window-scale'; readonly shift: number }
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly kind: 'sack'; readonly blocks: readonly (readonly [left: number, right: number])[] }
  | { readonly kind: 'malformed'; readonly option: number; readonly data: string }
  /** Everything else by its name, with its bytes in hexadecimal and what they say where that is known. */
  | { readonly kind: string; readonly option: number; readonly data: string; readonly [detail: string]: unknown };

/** What a text trace may not carry of a segment. */
export type MissingField = 'seq' | 'ack' | 'flags' | 'window';

/** One TCP segment as views show it. Made for rows that somebody asked for. */
export interface SegmentRow {
  /** 0-based position among the segments of its connection. */
  readonly row: number;
  /** 0-based position among all segments of the capture. */
  readonly segment: number;
  /** 1-based packet number. */
  readonly packet: number;
  /** Since the capture's first packet, in nanoseconds (exact below 2^53); `null` in a text without times. */
  readonly timeNs: number | null;
  readonly connection: number;
  readonly from: Side;
  /** Relative to the first number seen of that direction. */
  readonly seq: number;
  readonly ack: number;
  readonly seqRaw: number;
  readonly ackRaw: number;
  /** Payload bytes; 0 where they cannot be told. */
  readonly len: number;
  /** Whether {@link len} can be told: not where the header is cut, or longer than the packet that holds it. */
  readonly lengthKnown: boolean;
  /** The capture holds fewer than 16 bytes of the header: no number but the ports is sure; flags are empty. */
  readonly headerCut: boolean;
  readonly flags: readonly FlagName[];
  /**
   * What the text of the segment does not carry; always empty in a capture. A number that is missing holds what follows
   * from the segments before, as far as anything does: it was not seen.
   */
  readonly missing: readonly MissingField[];
  /**
   * The text gives the sequence numbers of a side by their distance from its first one, and nowhere that itself: raw
   * numbers of that side, those of both {@link Tcb}s included, count from an invented one.
   */
  readonly relativeOnly: { readonly client: boolean; readonly server: boolean };
  readonly window: number;
  readonly scaledWindow: number | null;
  readonly checksum: ChecksumVerdict;
  readonly notes: readonly Note[];
  /** Blocks that it acknowledges selectively (RFC 2018 §3), raw numbers `[left, right)`, as the option lists them. */
  readonly sack: readonly (readonly [left: number, right: number])[];
  /** Packet that this acknowledges to its last byte. */
  readonly acks: number | null;
  readonly ackRttNs: number | null;
  readonly bytesInFlight: number | null;
  /** After the segment's departure at the sender and its arrival at the receiver (RFC 9293's figures). */
  readonly client: Tcb;
  readonly server: Tcb;
  /** The same before the segment; `null` before the connection's first. */
  readonly before: { readonly client: Tcb; readonly server: Tcb } | null;
  /** What shows that it had not arrived at once; `null` where nothing does. */
  readonly arrival: Arrival | null;
  /** What the receiver tests when it arrives; empty where it tests nothing or its variables are not known. */
  readonly checks: readonly AcceptanceCheck[];
  /** Calls by the programs at both ends that it betrays. */
  readonly calls: readonly SocketCall[];
  /** Shown on the arrow: "SYN seq 0 win 29200 mss 1460". English field names, as in traces. */
  readonly label: string;
  /** What happens, in words, most important first; the rest is for the details. */
  readonly explanation: readonly Message[];
}
