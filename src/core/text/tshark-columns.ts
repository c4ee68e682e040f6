import { Cells } from './delimited';
import { isDumpLabel } from './dump-labels';
import {
  BEGINS,
  CONTINUES,
  type Dialect,
  type NumberStyle,
  OTHER,
  type PacketText,
  type TextContext,
  type TextFormat,
  type TextHead,
} from './format';
import { isListDump } from './hex-lines';
import { ipv4Of, ipv6Of, isHardwareAddress } from './hosts';
import { endOfLine, isEmpty, linesOf } from './lines';
import type { Marks } from './marks';
import { longestListDump, takeDump } from './packet-dump';
import { ascii, find, isBlank, Scanner, SPACE, startsWith } from './scan';
import { CELL_STYLES, type TimeMeaning, type TimeStyle, TimeValue } from './times';
import { arrowAt, ARROWS, infoAt } from './tshark-info';
import { type Column, DEFAULT_PLACE, ListReader, ListSample, type Place } from './tshark-list';

/**
 * Wireshark's list of packets in other columns than the default ones, or apart by tabs (`tshark -T tabs`): what is in
 * front of TCP's own column is told by the lines of TCP, where two words are addresses, and is the same in all lines.
 */
export const tsharkColumns: TextFormat = {
  id: 'tshark-columns',
  name: 'tshark columns',
  sniff(head) {
    const { bytes } = head;
    let claimed = 0;
    /** Rows of other protocols, whose cells may be empty: they look as in the default columns. */
    let others = 0;
    let isKnown = false;
    let hasDefault = false;
    /** The packet's row was the last but for dumps. */
    let behindRow = false;
    for (const { start, end } of linesOf(head)) {
      if (isListDump(bytes, start, end)) {
        if (behindRow) claimed += end - start;
      } else if (isTitle(bytes, start, end) || layoutOf(bytes, start, end) !== null) {
        isKnown = behindRow = true;
        claimed += end - start;
      } else if (!isEmpty(bytes, start, end) && !isDumpLabel(bytes, start, end)) {
        behindRow = isOtherRow(bytes, start, end);
        if (behindRow) others += end - start;
        hasDefault ||= behindRow && infoOf(bytes, start, end) >= 0;
      }
    }
    return isKnown ? claimed + (hasDefault ? 0 : others) : 0;
  },
  open: (head, context) => new ColumnsDialect(head, context),
};

/** Which words in front of the info a column is, from 0. */
interface Layout {
  readonly numbered: boolean;
  readonly time: number;
  readonly timeStyle: TimeStyle;
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly length: number;
  /** Words in front of the info. */
  readonly words: number;
  /** Hosts have names: the columns are known by their order, which is Wireshark's own. */
  readonly named: boolean;
}

/** Written where the destination has its column in front of the source. */
const BACKWARDS = [Uint8Array.of(0xe2, 0x86, 0x90), ascii('<-')];
/** Words in front of the info that are looked at. */
const MAX_WORDS = 40;

const words = new Cells();
const cells = new Cells();
const scanner = new Scanner();
const time = new TimeValue();

const TITLES = ['No.', 'Time', 'Source', 'Destination', 'Protocol'].map(ascii);

/** The titles of Wireshark's own columns, as it exports them in front of each packet. */
function isTitle(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > MAX_TITLE_BYTES || find(bytes, start, end, TITLES[0]!) < 0) return false;
  splitWords(bytes, start, end);
  return words.count >= TITLES.length && TITLES.every((title, word) => isWord(bytes, word, [title]));
}

const MAX_TITLE_BYTES = 300;

/** Whether a line begins with a time, perhaps behind a number, and has two hosts, as rows do of whatever protocol. */
function isOtherRow(bytes: Uint8Array, start: number, end: number): boolean {
  splitWords(bytes, start, Math.min(end, start + FRONT_BYTES));
  let hosts = 0;
  for (let word = 0; word < Math.min(words.count, HOSTS_WITHIN); word++) if (isHost(bytes, word)) hosts++;
  return hosts > 1 && [0, 1].some((word) => CELL_STYLES.some((style) => takeTime(bytes, word, style)));
}

/** Words that number, date, time, other columns and hosts with an arrow are. */
const HOSTS_WITHIN = 10;

/** Finds the words of `[start, end)`, at most {@link MAX_WORDS}. */
function splitWords(bytes: Uint8Array, start: number, end: number): void {
  words.count = 0;
  for (let at = start; at < end && words.count < MAX_WORDS;) {
    while (at < end && isBlank(bytes[at]!)) at++;
    const from = at;
    while (at < end && !isBlank(bytes[at]!)) at++;
    if (at > from) words.add(from, at);
  }
}

const isWord = (bytes: Uint8Array, word: number, texts: readonly Uint8Array[]): boolean =>
  texts.some(
    (text) =>
      words.end(word) - words.start(word) === text.length &&
      startsWith(bytes, words.start(word), words.end(word), text),
  );

/** Of IP, or of Ethernet where Wireshark could not read the packet as far. */
const isHost = (bytes: Uint8Array, word: number): boolean =>
  isAddress(bytes, word) || isHardwareAddress(bytes, words.start(word), words.end(word));

const isAddress = (bytes: Uint8Array, word: number): boolean =>
  ipv4Of(bytes, words.start(word), words.end(word)) !== null ||
  ipv6Of(bytes, words.start(word), words.end(word)) !== null;

/** The number that a word is; -1 where it is none. */
const numberOf = (bytes: Uint8Array, word: number): number => {
  const number = scanner.set(bytes, words.start(word), words.end(word)).uint();
  return scanner.atEnd ? number : -1;
};
const isNumber = (bytes: Uint8Array, word: number): boolean => numberOf(bytes, word) >= 0;

/** Headers of IPv4 and TCP. */
const SHORTEST_FRAME = 40;

/** Takes the time that begins with a word, which a date is two of. */
function takeTime(bytes: Uint8Array, word: number, style: TimeStyle): boolean {
  const last = style === 'date' ? word + 1 : word;
  if (last >= words.count || (style === 'seconds' && isNumber(bytes, word))) return false;
  return time.take(scanner.set(bytes, words.start(word), words.end(last)), style) && scanner.atEnd;
}

/** Where TCP's own column begins, behind addresses with an arrow between them or without; -1 where it is not. */
function infoOf(bytes: Uint8Array, start: number, end: number): number {
  const info = infoAt(bytes, start, end);
  if (info >= 0) return info;
  const arrow = arrowAt(bytes, start, Math.min(end, start + FRONT_BYTES));
  return arrow === null ? -1 : infoAt(bytes, arrow.end, end);
}

/** Blanks in place of a time and two addresses at least. */
const EMPTY_COLUMNS = 30;

/** In front of the info there are at most so many bytes, up to the arrow between the addresses. */
const FRONT_BYTES = 300;

/**
 * Whether a line may be one of the default list, its front perhaps a logger's: none has another time or a protocol behind
 * its time, nor a number behind a time in front of all.
 */
function isDefault(bytes: Uint8Array, layout: Layout): boolean {
  const { numbered, time: timeWord, source, protocol } = layout;
  const arrow = words.start(source + 1);
  if (source + 1 >= words.count || !isWord(bytes, source + 1, ARROWS) || bytes[arrow - 1] !== SPACE) return false;
  const behind = timeWord + (layout.timeStyle === 'date' ? 2 : 1);
  if (timeWord === 0) return source !== behind + 1 || !isNumber(bytes, behind);
  if (!numbered || timeWord !== 1 || behind === source) return true;
  if (protocol === behind) return false;
  for (let word = behind; word < source; word++)
    if (!isNumber(bytes, word) && !takeTime(bytes, word, 'seconds')) return true;
  return false;
}

/** The columns of a line of TCP that are not Wireshark's own; `null` where it is none. */
function layoutOf(bytes: Uint8Array, start: number, end: number): Layout | null {
  const info = infoOf(bytes, start, end);
  if (info < 0) return null;
  splitWords(bytes, start, info);
  let first = -1;
  let second = -1;
  for (let word = 0; word < words.count && second < 0; word++)
    if (isAddress(bytes, word)) {
      if (first < 0) first = word;
      else second = word;
    }
  if (second < 0) return namedLayout(bytes);
  const isBackwards = second === first + 2 && isWord(bytes, first + 1, BACKWARDS);
  let timeWord = -1;
  let timeStyle: TimeStyle = 'none';
  for (let word = 0; word < words.count && timeWord < 0; word++)
    for (const style of CELL_STYLES)
      if (timeWord < 0 && word !== first && word !== second && takeTime(bytes, word, style)) {
        timeWord = word;
        timeStyle = style;
      }
  let protocol = -1;
  let length = -1;
  for (let word = second + 1; word < words.count; word++)
    if (isNumber(bytes, word)) {
      // Others count streams, or bytes of payload.
      if (protocol >= 0 && length < 0 && numberOf(bytes, word) >= SHORTEST_FRAME) length = word;
    } else if (protocol < 0) protocol = word;
  const behind = timeWord + (timeStyle === 'date' ? 2 : 1);
  // A single word in front of the addresses, and none behind them.
  if (protocol < 0 && timeWord >= 0 && first === behind + 1 && !isNumber(bytes, behind)) protocol = behind;
  const layout = {
    numbered: timeWord !== 0 && isNumber(bytes, 0),
    time: timeWord,
    timeStyle,
    source: isBackwards ? second : first,
    destination: isBackwards ? first : second,
    protocol,
    length,
    words: words.count,
    named: false,
  };
  return isDefault(bytes, layout) ? null : layout;
}

/** The default columns with blanks between them, where names stand for the hosts; `null` where they are others. */
function namedLayout(bytes: Uint8Array): Layout | null {
  const timeStyle = CELL_STYLES.find((style) => takeTime(bytes, 1, style));
  if (timeStyle === undefined || !isNumber(bytes, 0)) return null;
  const layout = defaultLayout(timeStyle, isNumber(bytes, words.count - 1));
  if (words.count !== layout.words || isNumber(bytes, layout.protocol)) return null;
  return [layout.source, layout.destination].some((word) => isWord(bytes, word, ARROWS)) ? null : layout;
}

/** Wireshark's own columns, where no row is of TCP and their titles are all that tells of them. */
function titledLayout({ bytes, start, end }: TextHead): Layout {
  let timeStyle: TimeStyle | undefined;
  let isBehind = false;
  for (const line of linesOf({ bytes, start, end })) {
    if (isTitle(bytes, line.start, line.end)) isBehind = true;
    else if (isBehind && timeStyle === undefined) {
      splitWords(bytes, line.start, line.end);
      timeStyle = CELL_STYLES.find((style) => takeTime(bytes, 1, style));
    }
  }
  return defaultLayout(timeStyle ?? 'seconds', true);
}

/** Wireshark's own columns, which names may stand in for the hosts. */
function defaultLayout(timeStyle: TimeStyle, hasLength: boolean): Layout {
  const source = timeStyle === 'date' ? 3 : 2;
  const length = source + 3;
  return {
    numbered: true,
    time: 1,
    timeStyle,
    source,
    destination: source + 1,
    protocol: source + 2,
    length: hasLength ? length : -1,
    words: hasLength ? length + 1 : length,
    named: true,
  };
}

/** Words that a protocol's name has at most, but for the first. */
const MAX_SHIFT = 2;

class ColumnsDialect implements Dialect {
  readonly description: string;
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle;
  readonly key: string;
  private readonly layout: Layout;
  private readonly place: Place;
  private readonly reader: ListReader;
  private readonly longestDump: number;

  constructor(head: TextHead, context: TextContext) {
    const { bytes } = head;
    const counts = new Map<string, number>();
    for (const { start, end } of linesOf(head)) {
      const layout = layoutOf(bytes, start, end);
      if (layout === null) continue;
      const key = JSON.stringify(layout);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const [most] = [...counts].sort((a, b) => b[1] - a[1]);
    const layout = most === undefined ? titledLayout(head) : (JSON.parse(most[0]) as Layout);
    this.layout = layout;
    const place: Partial<Record<Column, number>> = { ...DEFAULT_PLACE };
    if (!layout.numbered) delete place['No.'];
    if (layout.time < 0) delete place.Time;
    if (layout.protocol < 0) delete place.Protocol;
    if (layout.length < 0) delete place.Length;
    this.place = place;
    const sample = new ListSample();
    for (const { start, end } of linesOf(head)) if (this.takeRow(bytes, start, end)) sample.add(bytes, cells, place);
    const { style } = sample;
    this.times = style.meaning;
    this.numbers = style.numbers;
    this.longestDump = longestListDump(head);
    this.key = JSON.stringify([layout, style, this.longestDump]);
    this.description = 'tshark text, columns of its own';
    this.reader = new ListReader(style, context);
  }

  /** Finds the cells of a line; false where it is no row. */
  private takeRow(bytes: Uint8Array, start: number, end: number): boolean {
    const { layout } = this;
    const info = infoOf(bytes, start, end);
    splitWords(bytes, start, info < 0 ? end : info);
    // Cells behind the addresses may be empty: of the row of another protocol, or of a packet that is malformed.
    const least = Math.max(layout.source, layout.destination) + 1;
    if (words.count < (info >= 0 && layout.named ? layout.words : least)) return false;
    if (layout.numbered && !isNumber(bytes, 0)) return false;
    if (layout.numbered && info < 0 && words.start(1) - words.end(0) >= EMPTY_COLUMNS) {
      // A record that is no packet has neither time nor addresses.
      cells.count = 0;
      for (let cell = 0; cell < 7; cell++) this.addCell(cell === 0 ? 0 : -1, 0);
      return true;
    }
    if (layout.time >= 0 && !takeTime(bytes, layout.time, layout.timeStyle)) return false;
    const shift = this.shiftIn(bytes);
    const [source, destination] = [layout.source + shift, layout.destination + shift];
    const isApart = layout.named || (isHost(bytes, source) && isHost(bytes, destination));
    if (!isApart && (info >= 0 || !layout.numbered || layout.time < 0)) return false;
    cells.count = 0;
    this.addCell(0, 0);
    this.addCell(layout.time, layout.timeStyle === 'date' ? layout.time + 1 : layout.time);
    for (const word of [source, destination]) this.addCell(word, word);
    this.addCell(layout.protocol, layout.protocol + shift);
    this.addCell(layout.length, layout.length);
    const behind = Math.min(layout.words, words.count) - 1;
    cells.add(info < 0 ? words.end(behind) : info, end);
    return true;
  }

  /** How many words more than one the protocol in front of the hosts has: "SMB Pipe". */
  private shiftIn(bytes: Uint8Array): number {
    const { source, destination, protocol, named } = this.layout;
    if (named || protocol < 0 || protocol > Math.min(source, destination)) return 0;
    for (let shift = 0; shift <= MAX_SHIFT && destination + shift < words.count; shift++)
      if (isHost(bytes, source + shift) && isHost(bytes, destination + shift)) return shift;
    return 0;
  }

  private addCell(first: number, last: number): void {
    if (first < 0 || last >= words.count) cells.add(0, 0);
    else cells.add(words.start(first), words.end(last));
  }

  line(bytes: Uint8Array, start: number, end: number, after: boolean): number {
    if (this.takeRow(bytes, start, end)) return BEGINS;
    // An empty line stands in front of a dump, and of several each has a line that says what it is of.
    const isPart = isEmpty(bytes, start, end) || isListDump(bytes, start, end) || isDumpLabel(bytes, start, end);
    return after && isPart ? CONTINUES : OTHER;
  }

  follow(packet: PacketText): void {
    this.reader.follow(packet);
  }

  parse(bytes: Uint8Array, start: number, all: number, packet: PacketText, marks: Marks | null): void {
    const end = endOfLine(bytes, start, all);
    if (this.takeRow(bytes, start, end)) this.reader.take(bytes, cells, this.place, packet, marks);
    if (end < all) takeDump(packet, bytes, end + 1, all, this.longestDump, marks);
  }
}
