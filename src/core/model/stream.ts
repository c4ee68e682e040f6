import type { Side } from './segment';

/** Whose bytes: what one side sent, or both in the order in which they could be read. */
export type StreamSides = Side | 'both';
/**
 * Lines of text of at most so many bytes, or {@link HEXADECIMAL}: rows of sixteen bytes, which are found without reading
 * what is before them.
 */
export type LineBytes = number;
export const HEXADECIMAL: LineBytes = 0;

/** How far a stream has been put together, and what is in it. */
export interface StreamProgress {
  readonly done: boolean;
  /** How much of the work is done, 0 to 1. */
  readonly share: number;
  /** Rows that it has in the form that was asked for. */
  readonly rows: number;
  /** Bytes of what was asked for that are there. */
  readonly bytes: number;
  /** Bytes that were not captured. */
  readonly missing: number;
  /** Bytes that were sent again, and are shown once. */
  readonly repeated: number;
  /** Places where bytes that were sent again differ from those before. */
  readonly conflicts: number;
  /** Bytes behind the last row, where there is more than this form shows. */
  readonly beyond: number;
}

/** Bytes of one row that one segment brought: `[start, end)` within the row. */
export interface StreamPart {
  readonly start: number;
  readonly end: number;
  /** How many of them were captured, from its start; the others are 0. */
  readonly captured: number;
  readonly packet: number;
  /** Row of the segment in its connection. */
  readonly row: number;
  /** Sent again in this packet with other bytes; `null` where that is not so. */
  readonly conflict: number | null;
}

export type StreamRow =
  | {
      readonly kind: 'data';
      readonly from: Side;
      /** Position of the first byte in its direction's stream, from 0 behind the SYN. */
      readonly offset: number;
      readonly bytes: Uint8Array;
      readonly parts: readonly StreamPart[];
    }
  /** Bytes that are not in the capture: never captured, or cut off by the snap length. */
  | {
      readonly kind: 'gap';
      readonly from: Side;
      readonly offset: number;
      readonly length: number;
      readonly cut: boolean;
    };

/** Bytes that are looked for, 1 to {@link MAX_SEARCH_BYTES} of them. */
export interface StreamSearch {
  readonly bytes: readonly number[];
  /** Letters of ASCII are found in either case. */
  readonly ignoreCase: boolean;
}
export const MAX_SEARCH_BYTES = 1000;

/** How far a stream has been searched. */
export interface StreamFindProgress {
  readonly done: boolean;
  /** How much of the work is done, 0 to 1. */
  readonly share: number;
  /** Found so far, at most 100 000. */
  readonly matches: number;
  /** The search ended there, though there may be more. */
  readonly more: boolean;
}

/** Where one match is. */
export interface StreamMatch {
  /** From 0, in the order of the display. */
  readonly index: number;
  readonly from: Side;
  /** Position of the first byte in its direction's stream. */
  readonly offset: number;
  /** Row that shows the first byte; -1 where it is beyond what this form shows. */
  readonly row: number;
}

/** Bytes `[start, end)` of a row that were found. */
export interface StreamMark {
  readonly start: number;
  readonly end: number;
  /** Position of the match's first byte in its direction's stream: it may be in an earlier row. */
  readonly offset: number;
}
