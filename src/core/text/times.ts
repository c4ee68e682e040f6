import { ascii, isDigit, Scanner, SPACE, startsWith, TAB } from './scan';

/** How a trace writes times. */
export type TimeStyle =
  /** Nothing at all (`tcpdump -t`). */
  | 'none'
  /** `00:51:49.119790`: no date. */
  | 'time-of-day'
  /** ` 00:00:00.000005` or `-00:00:00.000005`: a span (`tcpdump -ttt`, `-ttttt`). */
  | 'span'
  /** `1259023909.119790`, and seconds since the first packet or the last one, perhaps as `55m 11.346149s`. */
  | 'seconds'
  /**
   * `2009-11-24 00:51:49.119790`, `2009/328 00:51:49.119790`, with a space or a `T` between;
   * `Nov 24, 2009 00:51:49.119790000 UTC` (`frame.time`).
   */
  | 'date';

/** Whole seconds, and nanoseconds within the second in [0, 1e9); counted forward also where the time is negative. */
export class TimeValue {
  seconds = 0;
  nanos = 0;

  /** Takes what a sign, whole seconds and a fraction stand for. */
  private assign(negative: boolean, seconds: number, nanos: number): void {
    const carried = Math.floor(nanos / 1e9);
    this.seconds = seconds + carried;
    this.nanos = nanos - carried * 1e9;
    if (!negative) return;
    this.seconds = -this.seconds;
    if (this.nanos > 0) {
      this.seconds--;
      this.nanos = 1e9 - this.nanos;
    }
  }

  /** Takes a time in `style`; returns false, and leaves the scanner where it was, where there is none. */
  take(s: Scanner, style: TimeStyle): boolean {
    const from = s.at;
    if (this.taken(s, style)) return true;
    s.at = from;
    return false;
  }

  private taken(s: Scanner, style: TimeStyle): boolean {
    switch (style) {
      case 'none':
        return true;
      case 'time-of-day':
        return this.clock(s, 0, false);
      case 'span': {
        const negative = s.takeByte(0x2d);
        if (!negative && !s.takeByte(SPACE)) return false;
        // A day and more is written in front: "1 day 00:00:00.000000" is not, so hours may exceed 23.
        return this.clock(s, 0, negative);
      }
      case 'seconds':
        return this.plain(s);
      case 'date':
        return this.date(s);
    }
  }

  /** `3311.346149`, or `55m 11.346149s`, `1h  2m  3.000000s` and `- 0.000041s` (`tshark -u hms`). */
  private plain(s: Scanner): boolean {
    const negative = s.takeByte(0x2d);
    // A mark of a diff stands before plain seconds, not before those with their unit.
    const isApart = negative && s.takeByte(SPACE);
    let before = 0;
    let seconds = s.uint();
    for (const [letter, factor] of [
      [0x68, 3600],
      [0x6d, 60],
    ] as const)
      if (seconds >= 0 && s.next === letter) {
        s.at++;
        s.skipSpaces();
        before += seconds * factor;
        seconds = s.uint();
      }
    if (seconds < 0) return false;
    const nanos = s.next === 0x2e || s.next === 0x2c ? (s.at++, signedFraction(s)) : 0;
    if (!s.takeByte(0x73) && isApart) return false;
    this.assign(negative, before + seconds, nanos);
    return true;
  }

  private date(s: Scanner): boolean {
    const month = MONTHS.findIndex((name) => startsWith(s.bytes, s.at, s.end, name));
    return month < 0 ? this.numericDate(s) : this.namedDate(s, month + 1);
  }

  private namedDate(s: Scanner, month: number): boolean {
    s.at += 4;
    s.skipSpaces();
    const day = s.uint();
    if (day < 1 || day > 31 || !s.takeByte(0x2c) || !s.takeByte(SPACE)) return false;
    const yearAt = s.at;
    const year = s.uint();
    if (s.at - yearAt !== 4 || !s.takeByte(SPACE)) return false;
    return this.clock(s, daysBefore(year, month, day) * 86_400, false);
  }

  private numericDate(s: Scanner): boolean {
    const yearAt = s.at;
    const year = s.uint();
    if (year < 0 || s.at - yearAt !== 4) return false;
    const separator = s.next;
    if (separator !== 0x2d && separator !== 0x2f) return false;
    s.at++;
    const monthAt = s.at;
    const month = s.uint();
    if (month < 1) return false;
    let days: number;
    if (s.at - monthAt === 3) days = daysBefore(year, 1, 1) + month - 1;
    else {
      if (month > 12 || !s.takeByte(separator)) return false;
      const day = s.uint();
      if (day < 1 || day > 31) return false;
      days = daysBefore(year, month, day);
    }
    if (s.next !== SPACE && s.next !== 0x54 && s.next !== TAB) return false;
    s.at++;
    if (!this.clock(s, days * 86_400, false)) return false;
    this.zone(s);
    return true;
  }

  /** `Z`, `+02:00`, `+0200` directly behind. */
  private zone(s: Scanner): void {
    if (s.takeByte(0x5a)) return;
    const sign = s.next;
    if (sign !== 0x2b && sign !== 0x2d) return;
    const from = s.at++;
    const at = s.at;
    const first = s.uint();
    if (first < 0) {
      s.at = from;
      return;
    }
    const minutes =
      s.at - at === 4
        ? Math.floor(first / 100) * 60 + (first % 100)
        : first * 60 + (s.takeByte(0x3a) ? Math.max(0, s.uint()) : 0);
    this.seconds -= (sign === 0x2b ? 1 : -1) * minutes * 60;
  }

  /** `HH:MM:SS.fraction`, after `before` seconds. */
  private clock(s: Scanner, before: number, negative: boolean): boolean {
    const hours = s.uint();
    if (hours < 0 || !s.takeByte(0x3a)) return false;
    const minutes = s.uint();
    if (minutes < 0 || minutes > 59 || !s.takeByte(0x3a)) return false;
    const seconds = s.uint();
    if (seconds < 0 || seconds > 60) return false;
    const nanos = s.next === 0x2e || s.next === 0x2c ? (s.at++, fraction(s)) : 0;
    this.assign(negative, before + hours * 3600 + minutes * 60 + seconds, nanos);
    return true;
  }
}

/**
 * The digits of a fraction as nanoseconds. tcpdump prints the count of micro- or nanoseconds in the file with at least
 * six or nine digits: seven or eight digits are a count of microseconds above a million, ten or more one of nanoseconds.
 */
function fraction(s: Scanner): number {
  const { bytes, end } = s;
  let value = 0;
  let digits = 0;
  while (s.at < end && isDigit(bytes[s.at]!)) {
    if (digits < 15) value = value * 10 + bytes[s.at]! - 0x30;
    digits++;
    s.at++;
  }
  if (digits === 7 || digits === 8) return value * 1000;
  return digits >= 9 ? value : value * 10 ** (9 - digits);
}

/** tshark prints a count of nanoseconds above 2^31 as a negative one: the packet's time is not known then. */
function signedFraction(s: Scanner): number {
  const isNegative = s.takeByte(0x2d);
  const nanos = fraction(s);
  return isNegative ? 0 : nanos;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map((name) =>
  ascii(`${name} `),
);

/** Days from 1970-01-01 to a date of the Gregorian calendar. */
function daysBefore(year: number, month: number, day: number): number {
  return Math.floor(Date.UTC(year, month - 1, day) / 86_400_000);
}

/** What the times of a trace mean. */
export type TimeMeaning =
  /** Since 1970-01-01 UTC. */
  | 'absolute'
  /** Since midnight of a day that the trace does not tell. */
  | 'time-of-day'
  /** Since the first packet. */
  | 'elapsed'
  /** Since the packet before. */
  | 'delta'
  /** There are none. */
  | 'none';

const DAY = 86_400;
/** Seconds by which a packet may be earlier than the one before: the end of daylight saving time, and a little. */
const LONGEST_STEP_BACK = 3900;

/** Makes times that go on from packet to packet out of those that are printed. */
export class Clock {
  seconds = 0;
  nanos = 0;
  private started = false;

  constructor(readonly meaning: TimeMeaning) {}

  /**
   * Takes the next packet's time as printed.
   * @param isDelta it counts from the one before, whatever the others do
   */
  advance(printed: TimeValue, isDelta = false): void {
    switch (isDelta ? 'delta' : this.meaning) {
      case 'none':
        return;
      case 'delta':
        this.seconds += printed.seconds;
        this.nanos += printed.nanos;
        if (this.nanos >= 1e9) {
          this.nanos -= 1e9;
          this.seconds++;
        }
        return;
      case 'time-of-day': {
        // Time goes on: what is earlier is of the next day, unless packets are out of order, or an hour is given back.
        const days = this.started ? Math.ceil((this.seconds - printed.seconds - LONGEST_STEP_BACK) / DAY) : 0;
        this.started = true;
        this.seconds = printed.seconds + days * DAY;
        this.nanos = printed.nanos;
        return;
      }
      default:
        this.seconds = printed.seconds;
        this.nanos = printed.nanos;
    }
  }
}

/** Steps of which a single one back shows that spans are since the packet before. */
const FEW_STEPS = 8;
/** Of more steps, at least one in so many leads back behind the middle of what was reached. */
const STEPS_PER_FALL = 8;
/** Or one in so many leads back, and one in so many spans is shorter than the one half as far behind the first. */
const STEPS_PER_DECREASE = 4;
const SPANS_PER_SHORTER = 5;
/** At least so many spans, of which four in five are the same: packets at even distances. */
const EVEN_SPANS = 5;
/** Spans before the first packet that follow each other and differ by less than one in so many: packets of another clock. */
const APART = 8;
/** Clocks tick in round spans, in nanoseconds. */
const TICK = 1_000_000;
/** Lists that begin with 0 one behind the other grow, each at least so many times, and never fall. */
const GROWTH_OF_LIST = 3;

/**
 * Tells of a sample of printed times, in order, whether they are since the first packet or since the one before. Those
 * since the first packet grow, and where packets are out of order, they hardly fall; those since the one before fall
 * again and again, nearly to 0, or stay the same.
 */
export class SpanSample {
  private count = 0;
  /** Changes from one to the next; those to less; those to less than half of the largest so far. */
  private steps = 0;
  private decreases = 0;
  private falls = 0;
  private last = 0;
  private largest = 0;
  private first = 0;
  /** How often in a row, and at most, the same span has come that is not 0. */
  private same = 0;
  private mostSame = 0;
  private readonly spans: number[] = [];
  private shorter = 0;
  /** How often spans have grown since the last that is 0, and how often at least between two such. */
  private growth = 0;
  private leastGrowth = Infinity;
  /** Decreases that do not lead to 0. */
  private inner = 0;
  /** Two in a row are before the first packet, and about as far. */
  private areBefore = false;
  /** The span that is not 0, where there is one alone; NaN behind a second. */
  private only = 0;
  /** The last span below a day, and how many of them are less than the one before. */
  private lastWithinDay = -Infinity;
  private decreasesWithinDay = 0;

  add({ seconds, nanos }: TimeValue): void {
    const time = seconds + nanos / 1e9;
    if (this.count === 0) this.first = seconds;
    else if (time !== this.last) this.steps++;
    if (this.count > 0 && time < this.last) {
      this.decreases++;
      if (time === 0) {
        this.leastGrowth = Math.min(this.leastGrowth, this.growth);
        this.growth = 0;
      } else this.inner++;
      if (time < this.largest / 2) this.falls++;
    }
    if (this.count > 0 && time > this.last) this.growth++;
    if (time < 0 && this.last < 0 && Math.abs(time - this.last) * APART < -time) this.areBefore = true;
    if (time !== 0 && time !== this.only) this.only = this.only === 0 ? time : NaN;
    if (Math.abs(time) < DAY) {
      if (time < this.lastWithinDay) this.decreasesWithinDay++;
      this.lastWithinDay = time;
    }
    this.same = time !== 0 && time === this.last ? this.same + 1 : 1;
    this.mostSame = Math.max(this.mostSame, this.same);
    this.largest = Math.max(this.largest, time);
    this.spans.push(time);
    if (time < this.spans[this.count >> 1]!) this.shorter++;
    this.count++;
    this.last = time;
  }

  /** Plain seconds that begin at a date since 1990 are a date, not a span. */
  meaning(): TimeMeaning {
    if (this.first > 600_000_000) return 'absolute';
    if (this.count >= EVEN_SPANS && this.mostSame * 5 >= this.count * 4) return 'delta';
    const areLists = this.inner === 0 && Math.min(this.leastGrowth, this.growth) >= GROWTH_OF_LIST;
    // Two ends, each with a clock that stands still, as programs write captures: no packet comes so evenly.
    const areClocks = this.count > 2 && this.first === 0 && Math.round(this.only * 1e9) % TICK > 0;
    // Spans of days among others that grow are damaged dates: hosts that are silent so long do not go on in order.
    if (this.decreasesWithinDay === 0 || areLists || areClocks || this.areBefore) return 'elapsed';
    const falls = this.steps <= FEW_STEPS || this.falls * STEPS_PER_FALL >= this.steps;
    const isLevel = this.decreases * STEPS_PER_DECREASE >= this.steps && this.shorter * SPANS_PER_SHORTER >= this.count;
    return falls || isLevel ? 'delta' : 'elapsed';
  }
}

/** Styles that the cells of a table may have. */
export const CELL_STYLES: readonly TimeStyle[] = ['date', 'time-of-day', 'seconds'];
const scanner = new Scanner();
const cellTime = new TimeValue();

/** How a column of a table writes its times: the style of most, and what they mean. */
export class TimeColumn {
  private readonly styles = new Map<TimeStyle, number>();
  private readonly spans = new SpanSample();

  add(bytes: Uint8Array, start: number, end: number): void {
    const style = CELL_STYLES.find((one) => cellTime.take(scanner.set(bytes, start, end), one) && isOver(scanner));
    if (style === undefined) return;
    this.styles.set(style, (this.styles.get(style) ?? 0) + 1);
    if (style === 'seconds') this.spans.add(cellTime);
  }

  get style(): TimeStyle {
    return [...this.styles].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'none';
  }

  get meaning(): TimeMeaning {
    switch (this.style) {
      case 'none':
        return 'none';
      case 'date':
        return 'absolute';
      case 'time-of-day':
        return 'time-of-day';
      default:
        return this.spans.meaning();
    }
  }
}

/** Nothing is left but the name of a time zone. */
const isOver = (s: Scanner): boolean => s.atEnd || s.next === SPACE;
