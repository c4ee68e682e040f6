/** Payload of a segment in its direction's stream, `[start, end)`; `arrival` counts in the order of the capture. */
export interface Sent {
  readonly start: number;
  readonly end: number;
  /** Row of the segment in its connection; larger is later. */
  readonly row: number;
}

/** Bytes `[start, end)` that one segment brought first, or that none brought. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** `null` for a gap. */
  readonly sent: Sent | null;
}

/**
 * Lays what was sent side by side: every byte once, from the segment that brought it first, with the gaps between. A sweep
 * over the starts with the segments that reach the sweep's place in a heap: n log n, however they overlap.
 * @param from where the stream is known to begin
 * @param to where it is known to end
 */
export function inOrder(sent: readonly Sent[], from: number | null = null, to: number | null = null): Piece[] {
  const byStart = isSorted(sent) ? sent : [...sent].sort((a, b) => a.start - b.start || a.row - b.row);
  const pieces: Piece[] = [];
  const reaching = new Heap();
  let at = Math.min(from ?? Infinity, byStart[0]?.start ?? from ?? 0);
  let next = 0;
  const emit = (end: number, by: Sent | null): void => {
    const last = pieces[pieces.length - 1];
    if (last !== undefined && last.sent === by) pieces[pieces.length - 1] = { ...last, end };
    else pieces.push({ start: at, end, sent: by });
    at = end;
  };
  for (;;) {
    while (next < byStart.length && byStart[next]!.start <= at) reaching.push(byStart[next++]!);
    while (reaching.first !== undefined && reaching.first.end <= at) reaching.pop();
    const { first } = reaching;
    const following = byStart[next]?.start;
    if (first !== undefined) emit(Math.min(first.end, following ?? Infinity), first);
    else if (following !== undefined) emit(following, null);
    else if (to !== null && to > at) emit(to, null);
    else return pieces;
  }
}

const isSorted = (sent: readonly Sent[]): boolean => sent.every((one, i) => i === 0 || sent[i - 1]!.start <= one.start);

/** The segment that came first is at the top. */
class Heap {
  private readonly items: Sent[] = [];

  get first(): Sent | undefined {
    return this.items[0];
  }

  push(item: Sent): void {
    const { items } = this;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent]!.row <= items[at]!.row) return;
      [items[parent], items[at]] = [items[at]!, items[parent]!];
      at = parent;
    }
  }

  pop(): void {
    const { items } = this;
    const last = items.pop();
    if (last === undefined || items.length === 0) return;
    items[0] = last;
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let least = at;
      if (left < items.length && items[left]!.row < items[least]!.row) least = left;
      if (right < items.length && items[right]!.row < items[least]!.row) least = right;
      if (least === at) return;
      [items[least], items[at]] = [items[at]!, items[least]!];
      at = least;
    }
  }
}

/** Index of the piece that has a byte; pieces follow each other without a hole. -1 outside them. */
export function pieceAt(pieces: readonly Piece[], offset: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (pieces[middle]!.end <= offset) low = middle + 1;
    else if (pieces[middle]!.start > offset) high = middle - 1;
    else return middle;
  }
  return -1;
}
