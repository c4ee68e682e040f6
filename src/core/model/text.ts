import type { ConnectionRow } from './connection';
import type { Message } from './message';
import type { NoteKind, NoteLevel, Side, Tcb } from './segment';

/** Lines of a text trace, `[first, first + count)`, 1-based. */
export interface LineRange {
  readonly first: number;
  readonly count: number;
}

/** A piece of a line. */
export interface TextPlace {
  /** 1-based line. */
  readonly line: number;
  /** Columns `[start, end)` in that line, in UTF-16 code units, as editors count. */
  readonly start: number;
  readonly end: number;
}

/** A piece of a packet's text and what it means. */
export interface TextMark extends TextPlace {
  /** One of `MARK_IDS` in `core/text/marks.ts`. */
  readonly id: string;
}

/** What is shown of an endpoint's state beside a line. */
export type ShownState = Pick<Tcb, 'state' | 'assumed'>;

/** States of both ends. */
export interface ShownStates {
  readonly client: ShownState;
  readonly server: ShownState;
}

/** A packet of a text trace where it stands in the text, with what an editor shows beside it. */
export interface TextPacket extends LineRange {
  /** 1-based packet number. */
  readonly packet: number;
  /** Of its first TCP segment, `null` where it has none. */
  readonly segment: TextSegment | null;
  /** In the order of the text. */
  readonly marks: readonly TextMark[];
}

export interface TextSegment {
  readonly connection: number;
  readonly row: number;
  readonly from: Side;
  readonly after: ShownStates;
  /** `null` before the connection's first segment. */
  readonly before: ShownStates | null;
  /** It has a note that is a problem, or is a reset. */
  readonly problem: boolean;
}

/** Parts of a connection, in order. */
export type PhaseKind = 'handshake' | 'data' | 'close';

/** A part of a connection: rows `[start, end)`, from the first line of the first to the last line of the last. */
export interface TextPhase {
  readonly kind: PhaseKind;
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
}

/** A connection and where it stands in the text. */
export interface TextConnection {
  readonly row: ConnectionRow;
  /** 1-based first and last line. */
  readonly first: number;
  readonly last: number;
  /** Last line before the first one of another packet's: from `first` to here there is nothing but this connection. */
  readonly until: number;
  readonly phases: readonly TextPhase[];
}

/** How one segment refers to another one. */
export type SegmentLinkKind =
  /** It carries the same bytes (or SYN, or FIN) again, or did before. */
  | 'same-bytes'
  /** It is the first that acknowledges the other to its last byte. */
  | 'acknowledgment'
  /** It repeats the acknowledgment that asks for the other, or that acknowledges it. */
  | 'duplicate-ack';

/** Another segment of the same connection. */
export interface SegmentLink {
  readonly kind: SegmentLinkKind;
  readonly row: number;
  /** 1-based packet number. */
  readonly packet: number;
  /** Where it is in a text trace; `null` in a capture. */
  readonly lines: LineRange | null;
  /** The number in these lines by which it refers to the other; `null` where they do not tell it. */
  readonly place: TextPlace | null;
}

/** A finding about a segment, at its line. */
export interface TextFinding {
  /** The first line of its packet. */
  readonly line: number;
  /** What the finding is about in the packet's text; `null` where that does not tell it. */
  readonly place: TextPlace | null;
  readonly packet: number;
  readonly connection: number;
  readonly row: number;
  /** `reset` for a segment that is one. */
  readonly kind: NoteKind | 'reset';
  readonly level: NoteLevel;
  readonly text: Message;
  /** Where the packet is that it refers to, as in `Note.of`. */
  readonly of: { readonly packet: number; readonly line: number } | null;
}

/** Lines `[first, first + count)` of a text, 0-based, are replaced by others, at least one. */
export interface LineEdit {
  readonly first: number;
  readonly count: number;
  /** The lines that replace them in UTF-8, `\n` between them and none at the end. */
  readonly lines: Uint8Array;
}
