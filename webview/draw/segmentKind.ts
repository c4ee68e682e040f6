import type { SegmentRow } from '../../src/core/model/segment';

/** What a segment is drawn as. */
export type SegmentKind = 'rst' | 'syn' | 'fin' | 'data' | 'ack';

/** The most telling property first: a SYN that carries data is still drawn as a SYN. */
export function segmentKind({ flags, len }: SegmentRow): SegmentKind {
  if (flags.includes('RST')) return 'rst';
  if (flags.includes('SYN')) return 'syn';
  if (flags.includes('FIN')) return 'fin';
  return len > 0 ? 'data' : 'ack';
}

export const isProblem = (row: SegmentRow): boolean => row.notes.some((note) => note.level === 'problem');
