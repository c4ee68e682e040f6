import { seqAdd, seqDiff, u32 } from '../bytes/seq';
import { count } from '../format/number';
import { BAD, type SegmentFacts } from '../model/facts';
import { SYN } from '../model/flags';
import { message } from '../model/message';
import { noteBit } from '../model/segment';
import { SIDE_NAMES } from '../model/side';
import { CHECKSUM_SHIFT } from '../tcp/tables';
import type { DiagnosisContext } from './context';
import { type Conclusion, type Detector, finding, type KindOf } from './finding';
import { IntList } from './int-list';

const OVERLAP: KindOf = {
  kind: 'overlapping-payloads',
  title: message('Different bytes for the same sequence numbers'),
  cites: 'RFC 9293 §3.4, §3.10.7.4',
  caution: message(
    'A capture that was altered (anonymised, cut and filled), a proxy that rewrites what it repeats, or damage that the checksum did not show, looks the same.',
  ),
};

/** Notes of what carries numbers that were sent before. */
const AGAIN =
  noteBit('retransmission') |
  noteBit('fast-retransmission') |
  noteBit('spurious-retransmission') |
  noteBit('out-of-order');
/** Probes repeat an old number with any byte. */
const PROBES = noteBit('keep-alive') | noteBit('zero-window-probe');
/** Segments that are compared, and earlier ones of their flow that each is compared with. */
const MAX_CANDIDATES = 20_000;
const LOOK_BACK = 128;
const MAX_READS = 100_000;
const PIECE_READS = 500;
/** Bytes that are shown. */
const SHOWN = 16;

interface Conflict {
  readonly connection: number;
  readonly direction: number;
  readonly earlier: number;
  readonly later: number;
  readonly seq: number;
  readonly earlierBytes: string;
  readonly laterBytes: string;
}

/**
 * What is sent again is compared with what was sent before, byte by byte, as far as both were captured: a sender repeats
 * its own bytes, so other bytes for the same numbers have another author.
 */
export const overlappingPayloads: Detector = {
  group: 'attack',
  kinds: [OVERLAP],
  watch(context) {
    const { segments: table } = context.tracker;
    const candidates = new IntList(MAX_CANDIDATES);
    return {
      segment({ segment, notes, len }) {
        if (len === 0 || (notes & AGAIN) === 0 || notes & PROBES) return;
        if (((table.bits[segment]! >> CHECKSUM_SHIFT) & 3) !== BAD) candidates.add(segment);
      },
      conclude: () => conclude(context, candidates.values),
    };
  },
};

function* conclude(context: DiagnosisContext, candidates: Int32Array): Conclusion {
  const { segments: table, connections } = context.tracker;
  const conflicts = new Map<number, Conflict[]>();
  let reads = 0;
  for (let from = 0; from < candidates.length && reads < MAX_READS;) {
    const flow = table.flow[candidates[from]!]!;
    let to = from;
    while (to < candidates.length && table.flow[candidates[to]!]! >> 1 === flow >> 1) to++;
    // Those of one connection stand together, as the walk came to them.
    const wanted = new Set(candidates.subarray(from, to));
    from = to;
    const connection = flow >> 1;
    const recent: [number[], number[]] = [[], []];
    for (let segment = connections.firstSegment(connection); segment >= 0; segment = table.next[segment]!) {
      const direction = (table.flow[segment]! & 1) as 0 | 1;
      if (table.payloadBytes.of(segment) <= 0) continue;
      if (wanted.has(segment)) {
        const { conflict, cost } = compare(context, recent[direction], segment);
        if ((reads += cost) % PIECE_READS < cost) yield null;
        if (conflict !== null) {
          const there = conflicts.get(table.flow[segment]!);
          if (there === undefined) conflicts.set(table.flow[segment]!, [conflict]);
          else there.push(conflict);
        }
      }
      recent[direction].push(segment);
      if (recent[direction].length > 2 * LOOK_BACK) recent[direction].splice(0, LOOK_BACK);
    }
  }
  for (const those of conflicts.values()) yield tell(context, those);
}

/** Holds a segment against earlier ones of its flow. */
function compare(
  context: DiagnosisContext,
  recent: readonly number[],
  later: number,
): { readonly conflict: Conflict | null; readonly cost: number } {
  const { segments: table } = context.tracker;
  let cost = 0;
  let read: SegmentFacts | null = null;
  for (let i = recent.length - 1; i >= 0; i--) {
    const earlier = recent[i]!;
    const start = seqDiff(payloadSeq(context, earlier), payloadSeq(context, later));
    if (start >= table.payloadBytes.of(later) || start + table.payloadBytes.of(earlier) <= 0) continue;
    if (((table.bits[earlier]! >> CHECKSUM_SHIFT) & 3) === BAD) continue;
    read ??= context.sources.factsOf(later);
    const other = context.sources.factsOf(earlier);
    cost += 2;
    if (read === null || other === null) break;
    const at = firstDifference(other, read, start);
    if (at >= 0)
      return {
        cost,
        conflict: {
          connection: table.flow[later]! >> 1,
          direction: table.flow[later]! & 1,
          earlier,
          later,
          seq: seqAdd(payloadSeq(context, later), at),
          earlierBytes: shown(other, at - start),
          laterBytes: shown(read, at),
        },
      };
    // What is repeated whole is compared with one that holds it whole; the others were held against that.
    if (start <= 0 && start + other.payloadCaptured >= table.payloadBytes.of(later)) break;
  }
  return { conflict: null, cost };
}

/** Number of the first byte of payload: a SYN comes before it (RFC 7413 lets a SYN carry some). */
const payloadSeq = ({ tracker: { segments } }: DiagnosisContext, segment: number): number =>
  seqAdd(segments.seq[segment]!, segments.bits[segment]! & SYN ? 1 : 0);

/** Offset in `later` of the first byte that differs; -1 where there is none. `start` is where `earlier` begins in it. */
function firstDifference(earlier: SegmentFacts, later: SegmentFacts, start: number): number {
  const end = Math.min(later.payloadCaptured, start + earlier.payloadCaptured);
  for (let at = Math.max(0, start); at < end; at++)
    if (later.bytes[later.payloadAt + at] !== earlier.bytes[earlier.payloadAt + at - start]) return at;
  return -1;
}

/** Bytes from an offset on, as text where they are printable. */
function shown({ bytes, payloadAt, payloadCaptured }: SegmentFacts, from: number): string {
  const part = bytes.subarray(payloadAt + from, payloadAt + Math.min(payloadCaptured, from + SHOWN));
  const more = from + SHOWN < payloadCaptured ? '…' : '';
  return Array.from(part).every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 13 || byte === 10)
    ? `“${String.fromCharCode(...part)
        .replace(/[\r\n]+/g, ' ')
        .trimEnd()}${more}”`
    : `${Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join(' ')}${more}`;
}

function tell(context: DiagnosisContext, those: readonly Conflict[]) {
  const { tracker } = context;
  const [first] = those as [Conflict];
  const base = tracker.baseSeqAt(first.connection, first.direction, first.later) ?? 0;
  const isClient = first.direction === tracker.connections.clientDirection(first.connection);
  return finding('attack', OVERLAP, {
    severity: 'error',
    text: message(
      'Packets {0} and {1} carry different bytes of the {2} for the same sequence numbers (connection {3}).',
      context.packet(first.earlier),
      context.packet(first.later),
      SIDE_NAMES[isClient ? 'client' : 'server'],
      first.connection,
    ),
    details: [
      message(
        'From relative sequence number {0} on: {1} in packet {2}, {3} in packet {4}.',
        String(u32(first.seq - base)),
        first.earlierBytes,
        context.packet(first.earlier),
        first.laterBytes,
        context.packet(first.later),
      ),
      ...(those.length > 1
        ? [message('{0} segments of this side differ from what was sent before.', count(those.length))]
        : []),
    ],
    packets: those.flatMap(({ earlier, later }) => [context.packet(earlier), context.packet(later)]),
  });
}
