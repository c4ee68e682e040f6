import { AddressTable } from '../model/addresses';
import { bareHead, charactersOf, type Coat, isBare, untabbedDumpAt } from './bare-lines';
import { BEGINS, CONTINUES, type Dialect, type Framer, PacketText, type TextFormat, type TextHead } from './format';
import {
  type Front,
  frontEnd,
  frontsOf,
  hasFraction,
  isQuotation,
  isQuoted,
  QUOTATION,
  shareOf,
  timeStyleOf,
} from './front';
import { linkTypeOf } from './link-guess';
import { endOfLine, isEmpty, linesOf } from './lines';
import { logMemberOf } from './logged-string';
import { WRAPPED_LINE } from './damage';
import type { MarkId, Marks } from './marks';
import { ascii, find } from './scan';
import { ServiceNames } from './service-names';
import { tailOf } from './tail';
import { wrappingsOf } from './wrapping';

/** Bytes of the text on which coats are tried, and lines: of hardly any bytes each they would cost the most. */
const SAMPLE_BYTES = 20 << 10;
const SAMPLE_LINES = 600;
/** Those of it that stand before the first packet. */
const BEFORE_BYTES = 1 << 11;
/** Those of a line of titles. */
const MAX_TITLE_BYTES = 1 << 12;

/** Words without which a text has no packet, whatever its format. */
const EVIDENCE = [
  ...['Flags [', 'Seq=', 'SEQ', ' win ', ' bytes on wire', '0x0000:', '0000  ', ': tcp ', ' ack '],
  ...['tcp.srcport', 'tcp_srcport', '<packet>', '"_source'],
].map(ascii);

/**
 * What is to be taken off the lines of a text, by what is understood of them without it: of several coats the one under
 * which most is found, and none where that is as good.
 *
 * @param detect the format of a text, as {@link detectTextFormat} tells it
 */
export function coatOf(head: TextHead, detect: (head: TextHead) => TextFormat | null): Coat {
  const sample = sampleOf(head);
  const characters = charactersOf(head);
  const logged = logMemberOf(sample);
  const plain: Coat = { ...characters, spaces: false, entities: false };
  let best = plain;
  let bare = isBare(plain) ? sample : bareHead(sample, plain);
  let most = understood(bare, detect);
  const offer = (coat: Coat): void => {
    if (most.isWritten) return;
    const { joints, ...offered } = bareHead(sample, coat);
    const isTimed = timeStyleOf(coat.front) !== 'none';
    // A logger puts its time in front of every line: one without it does not go on from the one before.
    const strangers = isTimed ? linesWithout(coat.front, sample) : 0;
    const found = understood(offered, detect, isTimed, joints, strangers);
    // What goes on in the next line is no matter there.
    if (found.isStructure && (coat.wrapping !== null || coat.tabs)) return;
    // Seconds with a fraction are the packets' own time, unless those have others; a counter has no fraction.
    const takesTime = hasFraction(coat.front) && most.timed > 0 && found.clocked < found.told;
    if (takesTime && found.bytes <= most.bytes * CLEARLY_MORE) return;
    const isBetter = found.isWritten ? isScript : coat.wrapping === null ? isMore : isMoreTogether;
    if (isBetter(found, most)) [best, bare, most] = [coat, offered, found];
  };
  const tail = tailOf(bare);
  // The last column of a table that somebody asked for may be empty.
  if (tail !== null && !most.isTitled) {
    best = { ...plain, tail };
    bare = bareHead(sample, best);
    most = understood(bare, detect);
  }
  if (characters.spaces || characters.entities) offer({ ...characters, tail: best.tail });
  if (logged !== null) offer({ ...best, member: logged });
  const base = best;
  const plainSample = bare;
  const offerWrapped = (coat: Coat): void => {
    for (const wrapping of wrappingsOf(bareHead(sample, coat))) offer({ ...coat, wrapping });
  };
  // Some formats pass over the marks of a quotation, but lines go on from each other behind them.
  if (isQuoted(bare)) {
    const coat = { ...best, front: QUOTATION };
    const found = understood(bareHead(sample, coat), detect);
    if (isAsMuch(found, most)) [best, most] = [coat, found];
  }
  offerWrapped(best);
  // People write scripts as they want: what is in front of their lines belongs to them.
  if (most.isWritten || isAll(most)) return best;
  if (most.isTitled && most.claimed >= NEARLY_EVERY) return best;
  const fronts = [[], ...frontsOf(plainSample)].slice(0, MAX_TRIALS).sort((a, b) => a.length - b.length);
  for (const front of fronts) {
    const coat = { ...base, front };
    if (front.length > 0) {
      if (shareOf(front, plainSample) < NEARLY_EVERY) continue;
      // A time that some of the lines begin with is none of a logger.
      if (timeStyleOf(front) !== 'none' && !isThroughout(front, plainSample)) continue;
      offer(coat);
      // What was broken has the front of a logger in front of its first piece alone.
      if (isQuotation(front)) offerWrapped(coat);
    }
    if (hasUntabbedDumps(bareHead(sample, coat))) offer({ ...coat, tabs: true });
  }
  return best;
}

/** Share of the lines that have what stands in front of every line: packets of one kind may have as much in common. */
const NEARLY_EVERY = 0.8;
/** Fronts that are tried at most. */
const MAX_TRIALS = 14;

/** The first place that may be in a packet; the end of the text where there is none. */
function firstEvidence({ bytes, start, end }: TextHead): number {
  let first = end;
  for (const word of EVIDENCE) {
    const at = find(bytes, start, first, word);
    if (at >= 0) first = at;
  }
  return first;
}

/** Whether nearly every line has a front, from the first that may be of a packet on. */
function isThroughout(front: Front, head: TextHead): boolean {
  const evidence = firstEvidence(head);
  return shareOf(front, head, evidence === head.end ? head.start : evidence) >= NEARLY_EVERY;
}

/** How many lines have no such front, from the first that may be of a packet on. */
function linesWithout(front: Front, head: TextHead): number {
  const first = firstEvidence(head);
  let without = 0;
  for (const { start, end } of linesOf(head))
    if (end > first && !isEmpty(head.bytes, start, end) && frontEnd(front, head.bytes, start, end) < 0) without++;
  return without;
}

/** Some of the text around the first line that may be of a packet. */
function sampleOf(head: TextHead): TextHead {
  const { bytes, start, end } = head;
  const first = firstEvidence(head);
  if (first === end) return { bytes, start, end: sampleEnd(bytes, start, start, end) };
  const before = Math.max(start, first - BEFORE_BYTES);
  const from = before === start ? start : endOfLine(bytes, before, first) + 1;
  const sample = { bytes, start: Math.min(from, first), end: sampleEnd(bytes, from, first, end) };
  return sample.start === start ? sample : withTitles(head, sample);
}

/** Columns are known by their titles, which stand in the first line. */
function withTitles({ bytes, start }: TextHead, sample: TextHead): TextHead {
  const behind = endOfLine(bytes, start, sample.start) + 1;
  if (behind - start > MAX_TITLE_BYTES) return sample;
  const together = new Uint8Array(behind - start + sample.end - sample.start);
  together.set(bytes.subarray(start, behind));
  together.set(bytes.subarray(sample.start, sample.end), behind - start);
  return { bytes: together, start: 0, end: together.length };
}

/** Where a sample ends that begins at `from`, and whose lines are counted from `first` on. */
function sampleEnd(bytes: Uint8Array, from: number, first: number, end: number): number {
  const most = from + SAMPLE_BYTES;
  let at = first;
  let whole = first;
  for (let lines = 0; lines < SAMPLE_LINES && at < end && at <= most; lines++) {
    whole = at;
    at = endOfLine(bytes, at, end) + 1;
  }
  if (at <= most) return Math.min(end, at);
  // A line that is cut would be one that is not understood, unless it is most of the sample.
  return Math.min(end, whole > from + SAMPLE_BYTES / 2 ? whole : most);
}

/** What is in front of a packet, or nothing in particular: a coat may look like it. Bytes are counted by themselves. */
const UNTOLD: ReadonlySet<MarkId> = new Set(['frame.number', 'frame.time', 'text', 'comment', 'code', 'hex']);

/** What is found in a text. */
interface Understood {
  readonly packets: number;
  /** Those with a segment or bytes, and those of them that have a time, and one that tells the time of the day. */
  readonly told: number;
  readonly timed: number;
  readonly clocked: number;
  /** Those with a time of the day of their own behind one that was taken off. */
  readonly logged: number;
  /** Bytes of those that mean something, the packets' own among them. */
  readonly bytes: number;
  /** Lines that go on from one before. */
  readonly joined: number;
  /** Lines that have been put behind the one in front of them before the format saw them; they count as bytes. */
  readonly joints: number;
  /** Packets whose lines the format has put together, as something had broken them. */
  readonly wrapped: number;
  /** The format is one that people write. */
  readonly isWritten: boolean;
  /** Packets are pieces of a structure, not lines. */
  readonly isStructure: boolean;
  /** Titles of columns tell where everything is. */
  readonly isTitled: boolean;
  /** Share of the text that are lines of the format, those of packets without TCP among them. */
  readonly claimed: number;
  /** Lines that are not empty, from the first that may be of a packet on, and those of packets that mean something. */
  readonly lines: number;
  readonly explained: number;
}

const NOTHING: Understood = {
  isWritten: false,
  isStructure: false,
  isTitled: false,
  packets: 0,
  told: 0,
  timed: 0,
  clocked: 0,
  logged: 0,
  bytes: 0,
  joined: 0,
  joints: 0,
  wrapped: 0,
  claimed: 0,
  lines: 0,
  explained: 0,
};

/**
 * Whether a coat that is taken off makes more of a text. What is told may be as much, where lines that belong together
 * have been taken for packets of their own, by the time that a logger has put in front of each.
 */
function isMore(a: Understood, b: Understood): boolean {
  // Of what had a time, a part has none: it was in front of the packet's other lines alone.
  const isUntimed = a.clocked * b.told * CLEARLY_MORE < b.clocked * a.told;
  if (a.bytes > b.bytes * CLEARLY_MORE) return !isUntimed;
  // What goes on in the next line has the front of that among its bytes.
  const isNoLess = a.packets > b.packets && a.told === b.told ? a.bytes * A_LITTLE_MORE >= b.bytes : a.bytes >= b.bytes;
  if (!isNoLess) return false;
  // Two times of the day: the first is that of a logger.
  if (a.logged > 0 && a.logged === a.told && b.logged === 0) return true;
  // A counter may look like a time, but not like one of the day.
  if (a.clocked > b.timed) return true;
  if (a.timed < b.clocked) return false;
  // Packets without TCP, of which nothing else is told.
  if (a.packets >= b.packets && a.claimed > b.claimed * (a.packets > b.packets ? CLEARLY_MORE : FAR_MORE)) return true;
  if (a.claimed * CLEARLY_MORE < b.claimed) return false;
  return a.packets > b.packets ? a.joined >= b.joined && a.told === b.told : a.joined > b.joined;
}

/** Whether nothing is lost under a coat that is taken off. */
const isAsMuch = (a: Understood, b: Understood): boolean =>
  a.claimed > 0 && a.claimed * CLEARLY_MORE >= b.claimed && a.timed >= b.timed && a.bytes * A_LITTLE_MORE >= b.bytes;

/**
 * The same where lines have been put behind others: more is told, or as much, and more of it has times, as what stands
 * behind another line has none, or of the packets that a format has put together by itself half are whole, or more: it
 * does not see where a number was broken.
 */
function isMoreTogether(a: Understood, b: Understood): boolean {
  // Packets with a time of their own have gone behind others.
  if (a.timed < b.timed) return false;
  const [toldByA, toldByB] = [a.bytes - a.joined - a.joints, b.bytes - b.joined - b.joints];
  if (toldByA > toldByB * CLEARLY_MORE) return true;
  if (toldByB > toldByA * CLEARLY_MORE) return false;
  const isWhole = b.wrapped > 0 && a.wrapped * 2 <= b.wrapped;
  return a.timed > b.timed || (a.timed === b.timed && isWhole);
}

/** Whether a coat that is taken off leaves a script: of its lines alone, and more than without. */
const isScript = (a: Understood, b: Understood): boolean =>
  b.told === 0 && a.claimed >= LEAST_OF_SCRIPT && a.claimed > b.claimed * CLEARLY_MORE;

/** Scripts have comments and lines that go on. */
const LEAST_OF_SCRIPT = 0.1;

/** A little more may be an accident. */
const CLEARLY_MORE = 1.02;
/** A front is short beside its line. */
const A_LITTLE_MORE = 1.05;
/** What is in front of lines is part of their share of the text. */
const FAR_MORE = 1.5;

/** Whether nothing is left to be found: a coat would only take away. */
const isAll = ({ isStructure, told, timed, claimed, lines, explained }: Understood): boolean =>
  !isStructure && told > 0 && timed === told && claimed >= ALL && explained >= lines * NEARLY;

const NEARLY = 0.95;
/** But for a line that tells what is captured. */
const ALL = 0.99;

const hasUntabbedDumps = (head: TextHead): boolean => {
  for (const { start, end } of linesOf(head)) if (untabbedDumpAt(head.bytes, start, end) >= 0) return true;
  return false;
};

/**
 * What is found in a text by the format that it is in.
 *
 * @param isTimed the text has times in front of it that were taken off
 * @param joints lines of it that have been put behind the one in front of them
 * @param strangers lines of it that go on from none, whatever they are taken for
 */
function understood(
  head: TextHead,
  detect: (head: TextHead) => TextFormat | null,
  isTimed = false,
  joints = 0,
  strangers = 0,
): Understood {
  const format = detect(head);
  if (format === null) return NOTHING;
  const services = new ServiceNames(() => undefined);
  const dialect = format.open(head, { addresses: new AddressTable(), services });
  const isClock = dialect.times === 'absolute' || dialect.times === 'time-of-day';
  let content = 0;
  for (const { start, end } of linesOf(head)) content += end - start;
  const claimed = format.sniff(head) / Math.max(1, content);
  const { isWritten = false, isTitled = false } = format;
  const isStructure = dialect.framer !== undefined;
  const found = {
    ...NOTHING,
    isWritten,
    isTitled,
    isStructure,
    bytes: joints - strangers,
    joined: -strangers,
    joints,
    claimed,
  };
  if (found.isWritten) return found;
  /** Ends of the packet's lines that mean something. */
  const marked = new Set<number>();
  let toldBytes = 0;
  const marks: Marks = {
    mark(id, start, end) {
      if (!UNTOLD.has(id)) toldBytes += end - start;
      if (!UNTOLD.has(id) || id === 'hex') marked.add(endOfLine(head.bytes, start, head.end));
    },
  };
  const packet = new PacketText();
  let first = head.end;
  let lastLines = 0;
  for (const { start, end, lines } of isStructure ? piecesOf(head, dialect.framer) : packetsOf(head, dialect)) {
    packet.reset();
    marked.clear();
    toldBytes = 0;
    dialect.parse(head.bytes, start, end, packet, marks);
    found.packets++;
    lastLines = lines;
    // Bytes that nobody can read may be anything.
    const hasBytes = packet.hexLength > 0 && linkTypeOf(packet) >= 0;
    if (!hasBytes && packet.segmentCount === 0) {
      // The sample may end in front of its segment.
      if (isStructure) found.bytes += toldBytes;
      continue;
    }
    lastLines = 0;
    if (found.told++ === 0) first = start;
    found.explained += marked.size;
    found.bytes += toldBytes + (hasBytes ? packet.hexLength : 0);
    // Of formats that tell the same, one that has more lines to tell it in explains more of the text.
    found.bytes += lines - 1;
    found.joined += lines - 1;
    if (packet.problems.some(({ code }) => code === WRAPPED_LINE)) found.wrapped++;
    if (packet.timed || isTimed) found.timed++;
    if ((packet.timed && isClock) || isTimed) found.clocked++;
    if (packet.timed && isClock && isTimed) found.logged++;
  }
  first = Math.min(first, firstEvidence(head));
  for (const { start, end } of linesOf(head)) if (end > first && !isEmpty(head.bytes, start, end)) found.lines++;
  // The sample may end in the middle of a packet.
  found.lines -= lastLines;
  return found;
}

/** The pieces of a structure that are packets; the last may be cut. */
function* piecesOf({ bytes, start, end }: TextHead, framer: Framer): Generator<Found> {
  for (let at = start; at < end;) {
    const found = framer.feed(bytes, at, end);
    const stop = found < 0 ? end : found;
    if (framer.behind > 0) yield { start: stop - framer.behind, end: stop, lines: 1 };
    framer.reset();
    at = stop;
  }
}

interface Found {
  readonly start: number;
  end: number;
  /** Its lines that are not empty. */
  lines: number;
}

/** The lines of each packet, as a reader finds them. */
function* packetsOf(head: TextHead, dialect: Dialect): Generator<Found> {
  let packet: Found | null = null;
  for (const { start, end } of linesOf(head)) {
    const lines = isEmpty(head.bytes, start, end) ? 0 : 1;
    const role = dialect.line(head.bytes, start, end, packet !== null);
    if (role === CONTINUES && packet !== null) {
      packet.end = end;
      packet.lines += lines;
      continue;
    }
    if (packet !== null) yield packet;
    packet = role === BEGINS ? { start, end, lines } : null;
  }
  if (packet !== null) yield packet;
}
