/** How the diagram's columns share a width, in pixels. */
export interface DiagramLayout {
  /**
   * `wide`: one line a row, words beside the arrow. `stacked`: the words stand under the arrow. `tiny`: the states'
   * names too, and the time is left to the details.
   */
  readonly mode: 'wide' | 'stacked' | 'tiny';
  readonly rowHeight: number;
  readonly number: number;
  readonly time: number;
  /** Each side's column of state names, without the lane. */
  readonly state: number;
  readonly lane: number;
  /** Between the lanes: where arrows fly. */
  readonly flight: number;
  readonly words: number;
}

const LANE = 10;

/** Below this there is no room for words beside the arrows. */
const WIDE_FROM = 940;
const TINY_BELOW = 520;

/** At the left edge: the brackets that name the phases. */
const GUTTER = 14;
/** What a time of day takes more than seconds do. */
const TIME_OF_DAY = 16;

/** @param digits of the largest packet number on screen; `timeOfDay` makes room for one */
export function diagramLayout(width: number, digits: number, timeOfDay = false): DiagramLayout {
  const number = Math.max(42, 18 + digits * 7.5) + GUTTER;
  if (width >= WIDE_FROM) {
    const [seconds, state] = width < 1150 ? [90, 98] : [104, 118];
    const time = seconds + (timeOfDay ? TIME_OF_DAY : 0);
    const rest = width - number - time - 2 * (state + LANE);
    const flight = Math.round(Math.min(760, Math.max(268, rest * 0.42)));
    return { mode: 'wide', rowHeight: 30, number, time, state, lane: LANE, flight, words: rest - flight };
  }
  if (width >= TINY_BELOW) {
    // Number and time stand one above the other.
    const [first, state] = [Math.max(number, 88 + GUTTER) + (timeOfDay ? TIME_OF_DAY : 0), 94];
    const flight = Math.max(80, width - first - 2 * (state + LANE) - 6);
    return { mode: 'stacked', rowHeight: 58, number: first, time: 0, state, lane: LANE, flight, words: flight };
  }
  const flight = Math.max(80, width - number - 2 * LANE - 10);
  return { mode: 'tiny', rowHeight: 70, number, time: 0, state: 0, lane: LANE, flight, words: flight };
}
