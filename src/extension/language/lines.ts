/** Lines `[start, end)` of a document, 0-based. */
export interface Lines {
  readonly start: number;
  readonly end: number;
}

/** A change of a document: the lines that it touches, first and last, and how many lines replace them. */
export interface LineChange {
  readonly first: number;
  readonly last: number;
  readonly replacedBy: number;
}

/**
 * Where lines are after a change elsewhere or within them. What is typed at their border belongs to them, since it may
 * be more of the trace.
 */
export function moved({ start, end }: Lines, { first, last, replacedBy }: LineChange): Lines {
  const delta = replacedBy - (last - first + 1);
  if (first >= end) return { start, end };
  if (last < start) return { start: start + delta, end: end + delta };
  const newStart = Math.min(start, first);
  return { start: newStart, end: Math.max(newStart, end + delta, first + replacedBy) };
}

/**
 * The newer side of a diff, line by line: lines that were taken away are left empty, and the column that says what
 * became of a line is left out, so that every line keeps its number.
 */
export const newerSide = (diff: string): string => diff.replace(/^(?:-.*|[+ ])/gm, '');
