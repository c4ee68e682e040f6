import type { Message } from './message';

/** Something that can be typed into a filter. */
export interface Suggestion {
  readonly kind: 'field' | 'operator' | 'value';
  readonly text: string;
  readonly about: Message;
}

/** What is wrong with a filter, and where: characters `[start, end)` of its text. */
export interface FilterFault {
  readonly start: number;
  readonly end: number;
  readonly message: Message;
}

/** What can be typed at a place; it takes the place of characters `[start, end)`. And what is wrong with the whole. */
export interface Suggestions {
  readonly start: number;
  readonly end: number;
  readonly items: readonly Suggestion[];
  readonly faults: readonly FilterFault[];
}

/** A connection among those with a packet that a filter has found. */
export interface ConnectionIndex {
  /** How many those are. */
  readonly length: number;
  /** Of the connection, or of the first behind where it would be. */
  readonly index: number;
  /** Whether the connection is one of them. */
  readonly has: boolean;
}

/** While a capture is read, a filter starts over when it has grown by this factor: the sum of the work stays linear. */
const RESTART_GROWTH = 1.5;

/** Whether a filter is to start over, that was run over `total` packets (0: not at all), now that so many have been read. */
export const isOutgrown = (total: number, read: number, done: boolean): boolean =>
  done ? read > total : total === 0 ? read > 0 : read > total * RESTART_GROWTH;

/** How far a filter has come over the packets that were read when it was asked for. */
export interface FilterProgress {
  /** What is wrong with its text; then it finds nothing. */
  readonly faults: readonly FilterFault[];
  /** Packets that match so far, and connections with a segment in one of them. */
  readonly packets: number;
  readonly connections: number;
  /** Packets that this is about. */
  readonly total: number;
  /** How much of the work is done, 0 to 1. */
  readonly share: number;
  readonly done: boolean;
}
