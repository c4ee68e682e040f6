import type { Cursor } from './cursor';
import { END } from './next';
import { ANSWERS, PROTOCOLS } from './registry';

/** Headers that one frame may have; a hostile one nests until its bytes are used up. */
const MAX_HEADERS = 128;

const STEPS = [() => END, ...PROTOCOLS.map((protocol) => protocol.step)];

/** Walks through the headers of the frame at the cursor, from the header that `next` names. */
export function walk(cursor: Cursor, next: number): void {
  for (let left = MAX_HEADERS; left > 0; left--) {
    const answer = next < 0 ? 0 : ANSWERS[next]!;
    next = answer === 0 ? END : STEPS[answer]!(cursor);
    if (next === END) {
      next = cursor.resume();
      if (next === END) return;
    }
  }
}

/** Called before each header of a {@link walkSlowly} with the protocol's index, and after it with what followed. */
export interface WalkObserver {
  before(protocol: number): void;
  after(protocol: number, next: number): void;
}

/** The same walk with somebody watching, for describing. */
export function walkSlowly(cursor: Cursor, next: number, observer: WalkObserver): void {
  for (let left = MAX_HEADERS; left > 0; left--) {
    const answer = next < 0 ? 0 : ANSWERS[next]!;
    if (answer !== 0) observer.before(answer - 1);
    next = answer === 0 ? END : STEPS[answer]!(cursor);
    if (answer !== 0) observer.after(answer - 1, next);
    if (next === END) {
      next = cursor.resume();
      if (next === END) return;
    }
  }
}
