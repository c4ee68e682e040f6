import { bytesSource } from '../../src/core/bytes/source';
import { Trace } from '../../src/core/analyze';
import { LOAD_ALL } from '../../src/core/model/load';
import { type NoteKind, type SegmentRow, type Tcb, WIRESHARK_NOTES } from '../../src/core/model/segment';

/** One thing that a text gives differently from the capture that it was made of. */
export interface TextDifference {
  readonly packet: number;
  readonly field: string;
  readonly capture: string;
  readonly text: string;
}

export interface TextComparison {
  /** Segments in the capture; those that the text has; those up to which everything follows from the text. */
  readonly segments: number;
  readonly carried: number;
  readonly determined: number;
  /** Fields that were compared. */
  readonly fields: number;
  readonly differences: readonly TextDifference[];
}

/** What a kind of text carries of a segment, judged by the text of its packet alone (never by what we read in it). */
export interface Carries {
  /** Whether the packet's text has TCP's ports, so that a segment is to be found in it. */
  segment(lines: string): boolean;
  /** Whether the packet's text has the identification of the IP packet, which tells copies from what is sent again. */
  identification(lines: string): boolean;
  /** Fields of {@link FIELDS} that the packet's text has. */
  field(name: string, lines: string): boolean;
  /** The packet's text is that of a further piece of an IP packet (RFC 791 §3.2), which has no header of TCP. */
  piece?(lines: string): boolean;
  /** Of several values of a field the text has the first, or the last: of several segments in a packet that one. */
  readonly occurrence?: 'first' | 'last';
  /** The tool gave the packet up before it judged it. */
  unfinished?(lines: string): boolean;
  /** Nowhere in the text are options, nor how long headers are: it may as well have left them out. */
  optionless?(text: string): boolean;
  /** Flags that the text has no letter for. */
  readonly hiddenFlags?: readonly string[];
  /** Names stand for hosts. */
  readonly names?: boolean;
  /** Notes are those of the tool that printed the text; ours rest on the numbers. */
  readonly stated?: boolean;
  /** Numbers count from the tool's base, which one pass may take from elsewhere than two. */
  readonly relative?: boolean;
  /** The tool has gone through the capture twice. */
  readonly twice?: boolean;
  /** No times: which of the notes about repeated data it is cannot be told, nor whether it had arrived before. */
  readonly untimed?: boolean;
  /** Nothing but addresses and lengths: no numbers, no states. */
  readonly bare?: boolean;
  /** What was found of segments is not printed, and cannot be found again where lines hide their numbers. */
  readonly unjudged?: boolean;
  /** Times are since the packet before, which in a text of few packets looks like since the first. */
  readonly delta?: boolean;
}

const LIMITS = { decompressionLimit: 1 << 30 };

/** The trace, or its packets up to one. */
export function analysed(content: Uint8Array, to = Infinity): Trace {
  const trace = Trace.open(bytesSource(content), { ...LIMITS, load: { ...LOAD_ALL, to } });
  while (trace.step());
  return trace;
}

type Fields = Readonly<Record<string, string>>;

/** What both traces are asked of a segment. */
function fieldsOf(trace: Trace, row: SegmentRow, hiddenFlags: readonly string[]): Fields {
  const { client, server } = trace.endpoints(row.connection);
  const [source, destination] = row.from === 'client' ? [client, server] : [server, client];
  const acks = row.flags.includes('ACK');
  return {
    source: source.address,
    destination: destination.address,
    sourcePort: String(source.port),
    destinationPort: String(destination.port),
    seq: String(row.seq),
    ack: String(acks ? row.ack : null),
    seqRaw: String(row.seqRaw),
    ackRaw: String(acks ? row.ackRaw : null),
    len: String(row.lengthKnown ? row.len : null),
    flags: row.flags.filter((flag) => !hiddenFlags.includes(flag)).join(' '),
    window: String(row.window),
    scaledWindow: String(row.scaledWindow),
    checksum: row.checksum,
    options: trace
      .options(row.segment)
      .map((option) => JSON.stringify(option))
      .join(' '),
  };
}

/** What follows from all segments so far. */
const followingOf = (row: SegmentRow, carries: Carries): Fields => ({
  from: row.from,
  states: `${row.client.state} ${row.server.state}`,
  notes: notesOf(row, carries),
  acks: String(row.acks),
  bytesInFlight: String(row.bytesInFlight),
  client: tcbOf(row.client),
  server: tcbOf(row.server),
});

/**
 * What follows only where there are times: whether an end had to wait for what is sent to it again, which is a matter of
 * round trips, and so what it had received before.
 */
const BY_TIMES = new Set(['states', 'client', 'server']);

/** Variables apart from where they count from. */
const tcbOf = ({ sndUna, sndNxt, sndWnd, rcvWnd, irs, rcvNxt }: Tcb): string =>
  [
    sndUna === null || sndNxt === null ? null : (sndNxt - sndUna) >>> 0,
    sndWnd,
    rcvWnd,
    irs === null || rcvNxt === null ? null : (rcvNxt - irs) >>> 0,
  ].join(' ');

const isWiresharks = (kind: NoteKind): boolean => (WIRESHARK_NOTES as readonly NoteKind[]).includes(kind);

const REPEATS = new Set<NoteKind>(['retransmission', 'fast-retransmission', 'spurious-retransmission', 'out-of-order']);

const notesOf = (row: SegmentRow, { untimed, stated, unjudged }: Carries): string =>
  row.notes
    .filter(({ kind }) => unjudged !== true || !isWiresharks(kind))
    .filter(({ kind }) => stated !== true || kind !== 'reused-ports')
    // Most of our own rest on times.
    .filter(({ kind }) => untimed !== true || isWiresharks(kind))
    .map(
      ({ kind, of, number }) =>
        `${untimed === true && REPEATS.has(kind) ? 'repeated' : kind} ${of ?? ''} ${number ?? ''}`,
    )
    .sort()
    .join(', ');

const kindsOf = (row: SegmentRow): string =>
  row.notes
    .map(({ kind }) => kind)
    // One pass tells it of the last of several SYNs alone; findings of our own are in no text.
    .filter((kind) => kind !== 'reused-ports' && isWiresharks(kind))
    .sort()
    .join(' ');

function byPacket(trace: Trace): Map<number, SegmentRow[]> {
  const rows = new Map<number, SegmentRow[]>();
  for (const row of trace.allSegments()) {
    const known = rows.get(row.packet);
    if (known === undefined) rows.set(row.packet, [row]);
    else known.push(row);
  }
  return rows;
}

/** Takes from a trace the identification of IP packets of which the text has none, before anything is concluded from it. */
function withoutIdentification(capture: Trace, isTold: (packet: number) => boolean): void {
  const { segments } = capture['tracker'];
  const { ipId, ttl, length } = segments;
  const { numbers } = capture['frames'];
  for (let segment = 0; segment < length; segment++)
    if (!isTold(numbers.of(segments.frameOf(segment)))) ipId[segment] = ttl[segment] = 0;
}

const otherEnd = (row: SegmentRow): 'client' | 'server' => (row.from === 'client' ? 'server' : 'client');

type Numbers = readonly [capture: number, text: number];

/**
 * Wireshark remembers acknowledgment numbers also of segments without ACK, of which most tools print none. Mostly it is 0,
 * and acknowledges or not by where 0 lies: where the other direction's numbers are relative, the text does not tell, unless
 * the invented ones lie on the same side of it.
 */
function hidesAck(row: SegmentRow, mine: SegmentRow, others: Numbers | undefined): boolean {
  if (row.flags.includes('ACK')) return false;
  if (row.ackRaw !== mine.ackRaw) return true;
  if (!mine.relativeOnly.client && !mine.relativeOnly.server) return false;
  const isBehind = (number: number): boolean => ((row.ackRaw - number) | 0) < 0;
  return row.ackRaw !== 0 || (others !== undefined && isBehind(others[0]) !== isBehind(others[1]));
}

/** Directions whose first segment is empty and one behind what comes next, as a keep-alive is (RFC 9293 §3.8.4). */
function directionsBehind(trace: Trace): Set<string> {
  const firsts = new Map<string, SegmentRow>();
  const behind = new Set<string>();
  for (const row of trace.allSegments()) {
    const direction = `${row.connection} ${row.from}`;
    const first = firsts.get(direction);
    if (first === undefined) firsts.set(direction, row);
    else if (first.len === 0 && row.seqRaw === (first.seqRaw + 1) >>> 0) behind.add(direction);
    // A keep-alive that comes first: its answer is one ahead of it.
    const asked = firsts.get(`${row.connection} ${otherEnd(row)}`);
    const isEmpty = asked?.len === 0 && !asked.flags.includes('SYN') && !asked.flags.includes('FIN');
    if (isEmpty && row.ackRaw === (asked.seqRaw + 1) >>> 0) behind.add(`${row.connection} ${otherEnd(row)}`);
  }
  return behind;
}

/** Directions, by connection, of which segments stand in front of a SYN that gives them another base, with its packet. */
function lateSyns(trace: Trace): Map<string, number> {
  const firsts = new Map<string, number>();
  const late = new Map<string, number>();
  for (const { connection, from, seqRaw, flags, packet } of trace.allSegments()) {
    const direction = `${connection} ${from}`;
    const base = flags.includes('SYN') ? seqRaw : (seqRaw - 1) >>> 0;
    const first = firsts.get(direction);
    if (first === undefined) firsts.set(direction, base);
    else if (flags.includes('SYN') && base !== first) late.set(direction, packet);
  }
  return late;
}

/** Texts have microseconds, some of them cut and not rounded, of both of two times. */
const PRECISION_SECONDS = 2e-6;
const DAY_SECONDS = 86_400;

/** Packets of which the text has another time since the first packet than the capture, in seconds, or none. */
function timesApart(capture: Trace, text: Trace): Map<number, { readonly capture: string; readonly text: string }> {
  const apart = new Map<number, { readonly capture: string; readonly text: string }>();
  const [base, ownBase] = [capture.time(1), text.time(1)];
  // Times of the day begin anew with each day, and so do tcpdump's spans.
  const isOfDay = text.summary().clock !== 'absolute';
  for (let packet = 1; packet <= text.summary().frames; packet++) {
    const [theirs, ours] = [capture.time(packet), text.time(packet)];
    if (theirs === null || base === null) continue;
    const expected = Number(theirs) - Number(base);
    const found = ours === null || ownBase === null ? NaN : Number(ours) - Number(ownBase);
    const difference = Math.abs(expected - found) % (isOfDay ? DAY_SECONDS : Infinity);
    const isSame = Math.min(difference, isOfDay ? DAY_SECONDS - difference : Infinity) <= PRECISION_SECONDS;
    if (!isSame) apart.set(packet, { capture: expected.toFixed(9), text: found.toFixed(9) });
  }
  return apart;
}

/** A difference in what follows, which later segments may have caused. */
interface Following {
  readonly difference: TextDifference;
  readonly connection: number;
  /** Of several segments of a packet, which. */
  readonly index: number;
}

/**
 * Holds the analysis of a text against that of the capture that it was made of. A field is compared where the text has
 * it; everything that follows (states, notes, variables) up to the first segment of a connection of which the text lacks
 * something that does not follow from what came before: from there on no reader of the text can know it. What such a
 * segment, or one behind it, corrects of earlier ones is not known either: those are compared without it.
 */
export function compareTexts(captureBytes: Uint8Array, textBytes: Uint8Array, kind: Carries): TextComparison {
  const [capture, text] = [analysed(captureBytes), analysed(textBytes)];
  // Of Simple Packet Blocks no time is known (draft-ietf-opsawg-pcapng §4.4).
  const isUntimed =
    (kind.delta === true && text.summary().clock === 'elapsed') ||
    capture.summary().interfaces.every(({ untimed }) => untimed === true);
  const carries = isUntimed ? { ...kind, untimed: true } : kind;
  const whole = Buffer.from(textBytes).toString('utf8');
  const lines = whole.split('\n');
  /** Fields that rest on the window scale option. */
  const unscaled = new Set(carries.optionless?.(whole) ? ['scaledWindow', 'options', 'client', 'server'] : []);
  const wordsOf = (packet: number): string | null => {
    const place = text.linesOf(packet);
    return place === null ? null : lines.slice(place.first - 1, place.first - 1 + place.count).join('\n');
  };
  const isIdentified = (packet: number): boolean => carries.identification(wordsOf(packet) ?? '');
  withoutIdentification(capture, isIdentified);
  const expected = byPacket(capture);
  const found = byPacket(text);
  const differences: TextDifference[] = [];
  const following: Following[] = [];
  /** Connections of which something that the text does not have decides what follows, with the packet that lacks it. */
  const lost = new Map<number, number>();
  const lose = (connection: number, packet: number): void => {
    if (!lost.has(connection)) lost.set(connection, packet);
  };
  const repeating = new Set<number>();
  if (carries.untimed === true)
    for (const row of capture.allSegments())
      if (row.notes.some(({ kind }) => REPEATS.has(kind))) repeating.add(row.connection);
  /** Those of which segments are hidden: numbers may count from one of them. */
  const hidden = new Set<number>();
  /** Directions, by connection, of which the first segment has no number in the text, and is one behind the next. */
  const uncounted = new Set<string>();
  const begun = new Set<string>();
  /** Numbers of the last segment of each direction. */
  const latest = new Map<string, Numbers>();
  const probing = directionsBehind(capture);
  // One pass counts from the first number, two from that of a SYN that comes later.
  const late = carries.relative === true && carries.twice !== true ? lateSyns(capture) : new Map<string, number>();
  const isBeforeSyn = (row: SegmentRow, field: string): boolean =>
    (field === 'seq' || field === 'ack') &&
    row.packet < (late.get(`${row.connection} ${field === 'seq' ? row.from : otherEnd(row)}`) ?? 0);
  const isOneOff = (row: SegmentRow, field: string, theirs: string, ours: string): boolean =>
    (field === 'seq' || field === 'ack') &&
    uncounted.has(`${row.connection} ${field === 'seq' ? row.from : otherEnd(row)}`) &&
    Number(theirs) === Number(ours) + 1;
  let segments = 0;
  let carried = 0;
  let determined = 0;
  let fields = 0;
  const compare = (packet: number, field: string, theirs: string, ours: string): boolean => {
    fields++;
    if (theirs !== ours) differences.push({ packet, field, capture: theirs, text: ours });
    return theirs === ours;
  };
  compare(0, 'packets', String(capture.summary().frames), String(text.summary().frames));
  if (carries.untimed !== true && carries.delta !== true)
    for (const [packet, time] of timesApart(capture, text)) compare(packet, 'time', time.capture, time.text);
  for (const [packet, all] of expected) {
    segments += all.length;
    const words = wordsOf(packet);
    if (words === null) continue;
    const rows =
      carries.occurrence === undefined ? all : carries.occurrence === 'first' ? all.slice(0, 1) : all.slice(-1);
    for (const row of all) if (!rows.includes(row)) lose(row.connection, packet);
    const ours = found.get(packet) ?? [];
    if (!carries.segment(words)) {
      for (const row of rows) {
        lose(row.connection, packet);
        hidden.add(row.connection);
      }
      compare(packet, 'segments', '0', String(ours.length));
      continue;
    }
    if (!compare(packet, 'segments', String(rows.length), String(ours.length))) {
      for (const row of rows) lose(row.connection, packet);
      continue;
    }
    rows.forEach((row, index) => {
      carried++;
      const mine = ours[index]!;
      const theirs = fieldsOf(capture, row, carries.hiddenFlags ?? []);
      const own = fieldsOf(text, mine, carries.hiddenFlags ?? []);
      const direction = `${row.connection} ${row.from}`;
      if (!begun.has(direction) && probing.has(direction) && !carries.field('seq', words)) uncounted.add(direction);
      begun.add(direction);
      for (const [field, value] of Object.entries(theirs)) {
        if (carries.names && (field === 'source' || field === 'destination')) continue;
        if (!carries.field(field, words) || unscaled.has(field)) continue;
        // Where the first number of a direction is printed nowhere, the others count from it.
        const other = mine.from === 'client' ? 'server' : 'client';
        if (mine.relativeOnly[mine.from] && field === 'seqRaw') continue;
        if (mine.relativeOnly[other] && field === 'ackRaw') continue;
        const isRelative = field === 'seq' || field === 'ack';
        if (isRelative && (hidden.has(row.connection) || (carries.relative && lost.has(row.connection)))) continue;
        // Without addresses nobody can tell the sum of the pseudo-header.
        if (carries.names && field === 'checksum' && value === 'partial') continue;
        if (isOneOff(row, field, value, own[field]!) || isBeforeSyn(row, field)) continue;
        compare(packet, field, value, own[field]!);
      }
      if (carries.stated && !carries.unfinished?.(words)) compare(packet, 'kinds', kindsOf(row), kindsOf(mine));
      const follows =
        row.seq === mine.seq && row.ack === mine.ack && row.len === mine.len && theirs.flags === own.flags;
      if (carries.bare === true || !follows || carries.unfinished?.(words)) lose(row.connection, packet);
      if (!lost.has(row.connection)) {
        determined++;
        const before = followingOf(row, carries);
        const after = followingOf(mine, carries);
        for (const [field, value] of Object.entries(before)) {
          if ((repeating.has(row.connection) && BY_TIMES.has(field)) || unscaled.has(field)) continue;
          fields++;
          if (value !== after[field])
            following.push({
              difference: { packet, field, capture: value, text: after[field]! },
              connection: row.connection,
              index,
            });
        }
      }
      if (hidesAck(row, mine, latest.get(`${row.connection} ${otherEnd(row)}`))) lose(row.connection, packet);
      latest.set(direction, [row.seqRaw, mine.seqRaw]);
    });
  }
  /** The text has a segment with the first piece of a packet, the capture with the last one that arrived. */
  const isPutTogether = (packet: number, mine: SegmentRow): boolean => {
    const own = fieldsOf(text, mine, carries.hiddenFlags ?? []);
    for (const [last, [row]] of expected) {
      if (last <= packet || !carries.piece?.(wordsOf(last) ?? '')) continue;
      const theirs = fieldsOf(capture, row!, carries.hiddenFlags ?? []);
      if (theirs.sourcePort !== own.sourcePort || theirs.destinationPort !== own.destinationPort) continue;
      for (const field of ['seqRaw', 'ackRaw', 'flags', 'window'])
        if (carries.field(field, wordsOf(packet) ?? '') && !mine.relativeOnly[mine.from])
          compare(packet, field, theirs[field]!, own[field]!);
      return true;
    }
    return false;
  };
  for (const [packet, rows] of found)
    if (!expected.has(packet) && !isPutTogether(packet, rows[0]!))
      compare(packet, 'segments', '0', String(rows.length));
  const parts = new Map<number, readonly [capture: Trace, text: Trace]>();
  const partBefore = (packet: number): readonly [Trace, Trace] => {
    const known = parts.get(packet);
    if (known !== undefined) return known;
    const part = [analysed(captureBytes, packet - 1), analysed(textBytes, packet - 1)] as const;
    withoutIdentification(part[0], isIdentified);
    parts.set(packet, part);
    return part;
  };
  for (const { difference, connection, index } of following) {
    const end = lost.get(connection);
    if (end === undefined || end <= difference.packet) {
      differences.push(difference);
      continue;
    }
    const [theirs, ours] = partBefore(end).map((trace) => {
      const row = [...trace.allSegments()].filter(({ packet }) => packet === difference.packet)[index];
      return row === undefined ? '' : followingOf(row, carries)[difference.field]!;
    });
    if (theirs !== ours) differences.push({ ...difference, capture: theirs!, text: ours! });
  }
  return { segments, carried, determined, fields, differences };
}
