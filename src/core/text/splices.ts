import { firstWhere } from '../bytes/columns';

/** A stretch that was replaced: `[oldStart, oldEnd)` of what was by `[newStart, newEnd)` of what is. */
export interface Splice {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Stretches that are told apart; of more the hull counts as replaced. */
const MAX_SPLICES = 256;

/**
 * What lies between an old and a new state of a sequence (bytes of a text, lines of a document): the stretches that were
 * replaced, in order, apart from each other. What is outside of them is the same, only moved.
 */
export class Splices {
  private splices: Splice[] = [];

  get all(): readonly Splice[] {
    return this.splices;
  }

  get isEmpty(): boolean {
    return this.splices.length === 0;
  }

  clear(): void {
    this.splices = [];
  }

  /** Takes in that `[start, end)` of the sequence as it is now is replaced by `length` others. */
  replace(start: number, end: number, length: number): void {
    const { splices } = this;
    const from = lowest(splices, (splice) => splice.newEnd >= start);
    const to = lowest(splices, (splice) => splice.newStart > end);
    const grown = length - (end - start);
    const oldStart = start - deltaBefore(splices, from);
    const oldEnd = end - deltaBefore(splices, to);
    const first = splices[from];
    const last = splices[to - 1];
    const merged =
      from === to
        ? { oldStart, oldEnd, newStart: start, newEnd: end + grown }
        : {
            oldStart: Math.min(oldStart, first!.oldStart),
            oldEnd: Math.max(oldEnd, last!.oldEnd),
            newStart: Math.min(start, first!.newStart),
            newEnd: Math.max(end, last!.newEnd) + grown,
          };
    const moved = splices.slice(to).map((splice) => ({
      ...splice,
      newStart: splice.newStart + grown,
      newEnd: splice.newEnd + grown,
    }));
    this.splices = [...splices.slice(0, from), merged, ...moved];
    if (this.splices.length > MAX_SPLICES) this.splices = [{ ...this.splices[0]!, ...ends(this.splices.at(-1)!) }];
  }

  /**
   * Where a place of the new sequence was in the old one, and how far from there everything is the same; `null` in the
   * middle of what was replaced.
   */
  before(place: number): { readonly old: number; readonly sameUntil: number } | null {
    const { splices } = this;
    const next = lowest(splices, (splice) => splice.newEnd > place);
    if (next < splices.length && splices[next]!.newStart < place) return null;
    // What begins here was put in: what was here before comes behind it.
    if (next < splices.length && splices[next]!.newStart === place) return null;
    return { old: place - deltaBefore(splices, next), sameUntil: splices[next]?.oldStart ?? Infinity };
  }

  /**
   * Where a place of the old sequence is in the new one. In what was replaced by as many as there were it is the place
   * that took its place, elsewhere in what was replaced `null`.
   */
  after(place: number): number | null {
    const { splices } = this;
    const next = lowest(splices, (splice) => splice.oldEnd > place);
    const { oldStart, oldEnd, newStart, newEnd } = splices[next] ?? NOTHING;
    if (place < oldStart) return place + deltaBefore(splices, next);
    return newEnd - newStart === oldEnd - oldStart ? place - oldStart + newStart : null;
  }
}

/** What lies behind the last splice. */
const NOTHING: Splice = { oldStart: Infinity, oldEnd: Infinity, newStart: Infinity, newEnd: Infinity };

const ends = ({ oldEnd, newEnd }: Splice): Pick<Splice, 'oldEnd' | 'newEnd'> => ({ oldEnd, newEnd });

/** How far what lies behind the first `count` splices has moved. */
function deltaBefore(splices: readonly Splice[], count: number): number {
  const last = splices[count - 1];
  return last === undefined ? 0 : last.newEnd - last.oldEnd;
}

/** Index of the first splice that is so, of which all behind it are, too. */
const lowest = (splices: readonly Splice[], isSo: (splice: Splice) => boolean): number =>
  firstWhere(splices.length, (index) => isSo(splices[index]!));
