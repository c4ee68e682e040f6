import type { SegmentRow, Side } from '../../src/core/model/segment';
import type { StateName } from '../../src/core/model/states';

/** What is asked: in which state an end is after a segment. */
export interface Question {
  readonly row: SegmentRow;
  readonly side: Side;
  readonly answer: StateName;
}

/**
 * A question about a segment, `null` where nothing can be asked: about the end that moves, and where both do, about one
 * and the other in turn. A state that nothing in the trace shows is not asked for.
 */
export function questionOf(row: SegmentRow): Question | null {
  const moved = (['client', 'server'] as const).filter(
    (side) => row.before?.[side].state !== row[side].state && row[side].assumed !== true,
  );
  const side = moved[row.row % Math.max(1, moved.length)];
  const answer = side === undefined ? null : row[side].state;
  return side === undefined || answer === null ? null : { row, side, answer };
}

/** Of the questions so far, how many were answered right. */
export interface Score {
  readonly asked: number;
  readonly right: number;
}

export const NO_SCORE: Score = { asked: 0, right: 0 };

export const scored = ({ asked, right }: Score, isRight: boolean): Score => ({
  asked: asked + 1,
  right: right + (isRight ? 1 : 0),
});
