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
