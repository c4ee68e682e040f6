import { u32 } from '../bytes/seq';
import { acceptanceChecks, type OldTimestamp } from '../explain/acceptance';
import { socketCalls } from '../explain/calls';
import { explainArrival } from '../explain/arrival';
import { arrowLabel } from '../explain/label';
import { explainSegment, type SegmentEvidence } from '../explain/segment';
import { explainTimeWait } from '../explain/time-wait';
import {
  CHECKSUM_VERDICTS,
  NO_ACK,
  NO_ACK_BASE,
  NO_FLAGS,
  NO_SEQ,
  NO_SEQ_BASE,
  NO_WINDOW,
  type SegmentFacts,
} from '../model/facts';
import type { PerSide } from '../model/connection';
import { FIN, flagNames, RST, SYN } from '../model/flags';
import { message } from '../model/message';
import {
  type MissingField,
  type Note,
  NOTE_BITS,
  noteBit,
  type SegmentRow,
  type Side,
  type Tcb,
} from '../model/segment';
import type { Endpoint } from '../tcp/endpoint';
import type { Rule } from '../tcp/rule';
import { CHECKSUM_SHIFT, CUT_HEADER, FLAG_BITS, type FrameTable, OLD_TIMESTAMP } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import { arrivalOf } from './arrival';
import { Surroundings } from './surroundings';
import { explainReuses, timeWaitAfter, timeWaitBefore } from './time-wait';
import type { ConnectionView } from './connection-view';
import { relativeAck, relativeSeq, scaledWindow } from './segment-numbers';
import { type Findings, noteOf } from './findings';
import { tcbOf } from './tcb';

/** What is read from the packet itself for a row; everything is optional, since the bytes may be gone. */
export type FactsOf = (segment: number) => SegmentFacts | null;

export interface RowSources {
  readonly frames: FrameTable;
  readonly tracker: Tracker;
  readonly rules: readonly Rule[];
  readonly findings: Findings;
  readonly factsOf: FactsOf;
  /** Comments that the capture carries on a packet. */
  readonly commentsOf: (packet: number) => readonly string[];
  /** Whether explanations quote what programs sent and what people wrote about packets. */
  readonly quotes: boolean;
}

/** Segments that are searched backwards for the original of a retransmission. */
const ORIGINAL_SEARCH_ROWS = 4096;

const RESENT =
  noteBit('retransmission') |
  noteBit('fast-retransmission') |
  noteBit('spurious-retransmission') |
  noteBit('out-of-order');
const DUPLICATE_ACK = noteBit('duplicate-ack');
const RETRANSMISSION = noteBit('retransmission');
/** Notes about the window that a segment announces: its label says it. */
const WINDOW_ANNOUNCED = noteBit('zero-window') | noteBit('zero-window-probe-ack') | noteBit('window-update');

/** A segment whose row is to be made: where it is, and both endpoints before and after it. */
export interface SegmentPlace {
  readonly segment: number;
  readonly row: number;
  readonly connection: number;
  readonly clientDirection: number;
  readonly before: SegmentRow['before'];
  readonly after: { readonly client: Tcb; readonly server: Tcb };
  /** The segment before another one in the same connection, -1 before its first. */
  readonly previous: (segment: number) => number;
  /** The segment by which each end's 2·MSL began before this one, -1 where the end is not in TIME-WAIT. */
  readonly timeWait: PerSide<number>;
}

/** Rows `[start, end)` of a connection, clipped to what there is. */
export function segmentRows(sources: RowSources, view: ConnectionView, start: number, end: number): SegmentRow[] {
  const rows: SegmentRow[] = [];
  const last = Math.min(end, view.length);
  if (start >= last) return rows;
  const { connection, clientDirection } = view;
  const previous = (segment: number): number => {
    const row = view.rowOf(segment);
    return row > 0 ? view.segments[row - 1]! : -1;
  };
  const { tracker } = sources;
  const lastOf = {
    client: tracker.lastSegmentOf(connection, clientDirection),
    server: tracker.lastSegmentOf(connection, 1 - clientDirection),
  };
  const both = (segment: number, client: Endpoint, server: Endpoint): SegmentPlace['after'] => ({
    client: tcbOf(client, lastOf.client >= segment),
    server: tcbOf(server, lastOf.server >= segment),
  });
  let before: SegmentRow['before'] = null;
  let timeWait = timeWaitBefore(tracker, view, start);
  view.replay(start, last, {
    before(segment, client, server) {
      before = both(segment, client, server);
    },
    after(row, segment, client, server) {
      const after = both(segment, client, server);
      const place = { segment, row, connection, clientDirection, before, after, previous, timeWait };
      rows.push(segmentRow(sources, place));
      timeWait = timeWaitAfter(tracker, place);
    },
  });
  return rows;
}

/** Makes one row. */
export function segmentRow(sources: RowSources, place: SegmentPlace): SegmentRow {
  const { frames, tracker } = sources;
  const { segments: table } = tracker;
  const { segment, row, connection, before } = place;
  const frame = table.frameOf(segment);
  const direction = table.flow[segment]! & 1;
  const from: Side = direction === place.clientDirection ? 'client' : 'server';
  const bits = table.bits[segment]!;
  const flags = bits & FLAG_BITS;
  const seqRaw = u32(table.seq[segment]!);
  const ackRaw = u32(table.ack[segment]!);
  const window = table.window[segment]!;
  const payloadBytes = table.payloadBytes.of(segment);
  const len = Math.max(0, payloadBytes);
  const absent = table.absentOf(segment);
  const seq = relativeSeq(tracker, segment);
  const ack = relativeAck(tracker, segment);
  const acked = table.acked[segment]!;
  const rtt = acked < 0 ? 0 : tracker.elapsedNs(acked, segment);
  const facts = sources.factsOf(segment);
  const around = new Surroundings(tracker, segment, place.previous, facts?.options ?? null);
  const evidence = {
    row,
    segment,
    packet: frames.numbers.of(frame),
    timeNs: frames.untimed ? null : frames.elapsedNs(0, frame),
    connection,
    from,
    seq,
    ack,
    seqRaw,
    ackRaw,
    len,
    lengthKnown: payloadBytes >= 0,
    headerCut: (bits & CUT_HEADER) !== 0,
    flags: flagNames(flags),
    missing: absent === 0 ? NOTHING : MISSING.filter(([, bits]) => absent & bits).map(([field]) => field),
    relativeOnly: relativeOnly(absent, from),
    window,
    scaledWindow: scaledWindow(tracker, segment),
    checksum: CHECKSUM_VERDICTS[(bits >> CHECKSUM_SHIFT) & 3]!,
    notes: [...notesOf(sources, place), ...ownNotesOf(sources, place)],
    sack: facts === null || facts.sackBlocks === 0 ? NO_BLOCKS : sackBlocks(facts),
    acks: acked < 0 ? null : tracker.packetOf(acked),
    ackRttNs: rtt === 0 ? null : rtt,
    bytesInFlight: table.inFlight[segment] === 0 ? null : u32(table.inFlight[segment]!),
    client: place.after.client,
    server: place.after.server,
    before,
    arrival: arrivalOf(tracker, segment),
  };
  const calls = absent === 0 && !evidence.headerCut ? socketCalls(evidence, around) : [];
  const sinceNs = (side: Side): number | null =>
    place.timeWait[side] < 0 ? null : tracker.timeNs(place.timeWait[side]);
  // Copying so many properties would cost as much as all the rest.
  return Object.assign(evidence, {
    label: labelOf(tracker, segment, facts),
    calls,
    checks: acceptanceChecks(evidence, oldTimestamp(tracker, segment)),
    explanation: [
      ...explainSegment(evidence, {
        payloadStart: facts === null || !sources.quotes ? null : payloadStart(facts, len),
        copyOf: () => around.copyOf(),
        handshakeNs: () => around.sinceFirstSyn(),
        series: (flags & (SYN | RST)) === SYN ? around.synSeries() : null,
        synWasRepeated: () => around.synWasRepeated(),
      }),
      ...explainReuses(sources, place, facts),
      ...explainTimeWait(evidence, { client: sinceNs('client'), server: sinceNs('server') }),
      ...explainArrival(evidence),
      ...calls.map(({ text }) => text),
      ...(sources.quotes ? sources.commentsOf(frames.numbers.of(frame)) : []).map((comment) =>
        message('Comment: {0}', comment),
      ),
    ],
  });
}

const NO_BLOCKS: SegmentRow['sack'] = [];

const sackBlocks = ({ sack, sackBlocks: blocks }: SegmentFacts): SegmentRow['sack'] =>
  Array.from({ length: blocks }, (_, i) => [u32(sack[2 * i]!), u32(sack[2 * i + 1]!)] as const);

const NOTHING: readonly MissingField[] = [];
const MISSING: readonly (readonly [MissingField, bits: number])[] = [
  ['seq', NO_SEQ | NO_FLAGS],
  ['ack', NO_ACK | NO_FLAGS],
  ['flags', NO_FLAGS],
  ['window', NO_WINDOW | NO_FLAGS],
];

const BOTH_RAW = { client: false, server: false };

function relativeOnly(absent: number, from: Side): SegmentRow['relativeOnly'] {
  if ((absent & (NO_SEQ_BASE | NO_ACK_BASE)) === 0) return BOTH_RAW;
  const own = (absent & NO_SEQ_BASE) !== 0;
  const peer = (absent & NO_ACK_BASE) !== 0;
  return from === 'client' ? { client: own, server: peer } : { client: peer, server: own };
}

/** The text on a segment's arrow; `facts` for what stands in its options. */
export function labelOf(tracker: Tracker, segment: number, facts: SegmentFacts | null): string {
  const { segments: table } = tracker;
  const window = table.window[segment]!;
  const announced = table.notes[segment]! & WINDOW_ANNOUNCED ? (scaledWindow(tracker, segment) ?? window) : null;
  return arrowLabel({
    flags: table.bits[segment]! & FLAG_BITS,
    seq: relativeSeq(tracker, segment),
    ack: relativeAck(tracker, segment),
    absent: table.absentOf(segment),
    len: Math.max(0, table.payloadBytes.of(segment)),
    window,
    announced,
    options: facts?.options ?? 0,
    mss: facts?.mss ?? 0,
  });
}

function notesOf(sources: RowSources, place: SegmentPlace): Note[] {
  const { segment } = place;
  const { frames, tracker, rules } = sources;
  const { segments: table, details } = tracker;
  const bits = table.notes[segment]! & NOTE_BITS;
  if (bits === 0) return [];
  const detail = bits & (DUPLICATE_ACK | RETRANSMISSION) ? details.find(segment) : null;
  const packetOf = (other: number): number | null => (other < 0 ? null : tracker.packetOf(other));
  const original = bits & RESENT ? originalOf(sources, place) : -1;
  return rules
    .filter((rule) => bits & noteBit(rule.kind))
    .map((rule): Note => {
      if (rule.kind === 'duplicate-ack') {
        const of = packetOf(detail?.other ?? -1);
        const number = detail?.number ?? 1;
        return {
          ...common(rule),
          number,
          ...(of === null ? {} : { of }),
          text: rule.text({ of, number, elapsedNs: null }),
        };
      }
      if (noteBit(rule.kind) & RESENT) {
        const of = packetOf(original);
        const elapsedNs = original < 0 || frames.untimed ? null : tracker.elapsedNs(original, segment);
        const text = rule.text({ of, number: null, elapsedNs });
        const since = rule.kind === 'retransmission' ? (detail?.other ?? -1) : -1;
        const rtoNs = since < 0 ? 0 : tracker.elapsedNs(since, segment);
        return { ...common(rule), ...(of === null ? {} : { of }), ...(rtoNs === 0 ? {} : { rtoNs }), text };
      }
      const acked = rule.kind === 'ack-lost-segment' ? packetOf(table.acked[segment]!) : null;
      return { ...common(rule), text: rule.text({ of: acked, number: null, elapsedNs: null }) };
    });
}

function oldTimestamp({ segments: table, timestamps }: Tracker, segment: number): OldTimestamp | null {
  if ((table.notes[segment]! & OLD_TIMESTAMP) === 0) return null;
  const { number, other } = timestamps.find(segment)!;
  return { value: u32(number), recent: u32(other) };
}

const ownNotesOf = ({ findings, tracker }: RowSources, { connection, segment }: SegmentPlace): Note[] =>
  findings.at(connection, segment).map((finding) => noteOf(finding, (other) => tracker.packetOf(other)));

const common = (rule: Rule): Pick<Note, 'kind' | 'level'> => ({ kind: rule.kind, level: rule.level });

/** The nearest earlier segment of the same direction that carried this segment's first sequence number; -1 for none. */
function originalOf({ tracker }: RowSources, { segment, previous }: SegmentPlace): number {
  const { segments: table } = tracker;
  const direction = table.flow[segment]! & 1;
  const seq = table.seq[segment]!;
  let candidate = previous(segment);
  for (let looked = 0; candidate >= 0 && looked < ORIGINAL_SEARCH_ROWS; looked++, candidate = previous(candidate)) {
    if ((table.flow[candidate]! & 1) !== direction) continue;
    const flags = table.bits[candidate]! & FLAG_BITS;
    const length = Math.max(0, table.payloadBytes.of(candidate)) + (flags & (SYN | FIN) ? 1 : 0);
    if ((seq - table.seq[candidate]!) >>> 0 < length) return candidate;
  }
  return -1;
}

const PREVIEW_BYTES = 64;

/** The first line of the payload where it is readable ASCII, cut to a glance; `null` where it is not text. */
function payloadStart(facts: SegmentFacts, len: number): SegmentEvidence['payloadStart'] {
  const { bytes, payloadAt, payloadCaptured } = facts;
  const captured = payloadAt + payloadCaptured;
  const end = Math.min(captured, payloadAt + PREVIEW_BYTES);
  let text = '';
  let at = payloadAt;
  for (; at < end && !isLineEnd(bytes[at]!); at++) {
    const byte = bytes[at]!;
    if ((byte < 0x20 && byte !== 0x09) || byte > 0x7e) return null;
    text += byte === 0x09 ? ' ' : String.fromCharCode(byte);
  }
  if (text.trim().length < 2) return null;
  while (at < captured && isLineEnd(bytes[at]!)) at++;
  return { text, isAll: at - payloadAt === len };
}

const isLineEnd = (byte: number): boolean => byte === 0x0d || byte === 0x0a;
