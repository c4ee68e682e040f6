import { END, linkType, NEXT_LLC } from '../next';
import type { Protocol } from '../protocol';

const HEADER_BYTES = 13;
/** Frame control: asynchronous LLC frames (ANSI X3.139 §7.3.3). */
const isLlc = (frameControl: number): boolean => frameControl >>> 4 === 5;

/** Fiber Distributed Data Interface. */
export const fddi: Protocol = {
  id: 'fddi',
  place: 'link',
  name: 'Fiber Distributed Data Interface',
  claims: [linkType(10)],
  step(cursor) {
    if (!cursor.has(HEADER_BYTES)) return END;
    const frameControl = cursor.bytes[cursor.at]!;
    cursor.skip(HEADER_BYTES);
    return isLlc(frameControl) ? NEXT_LLC : END;
  },
  describe(view) {
    view.hex('fddi.fc', 'Frame Control', 0, 1);
    view.mac('fddi.dst', 'Destination', 1);
    view.mac('fddi.src', 'Source', 7);
    return `${view.macText(7)} → ${view.macText(1)}`;
  },
};
