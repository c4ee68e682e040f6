import { count } from '../format/number';
import type { SegmentFacts } from '../model/facts';
import { message } from '../model/message';
import type { DiagnosisContext } from './context';
import { IntList } from './int-list';
import { crossed, type Detector, finding, type KindOf, Sample } from './finding';

const DUPLICATES: KindOf = {
  kind: 'duplicate-packets',
  title: message('Packets captured twice'),
  cites: 'RFC 791 §3.1, RFC 6864 §4.2',
  caution: message('A network that really delivers packets twice looks the same.'),
};

/** Segments of the connection before it that a segment is compared with. */
const LOOK_BACK = 8;
/** A sender that repeats a packet gives it a new identification; without one, it takes longer than this to repeat it. */
const LONGEST_NS = 500e6;
const LONGEST_WITHOUT_ID_NS = 3e6;
/** Pairs whose bytes are compared, too. */
const MAX_COMPARED = 200;
const PIECE = 50;
/** Copies whose connections are remembered. */
const MAX_COPIES = 100_000;

/** The same packet twice: same IP identification, same numbers, same bytes; mirror ports and `-i any` do it. */
export const duplicatePackets: Detector = {
  group: 'quality',
  kinds: [DUPLICATES],
  watch(context) {
    const { segments: table } = context.tracker;
    const recent = new Int32Array(LOOK_BACK);
    let filled = 0;
    let connection = -1;
    const pairs = new IntList(2 * MAX_COMPARED);
    let total = 0;
    const isSame = (a: number, b: number): boolean => {
      if (table.ttl[a] === 0 || !table.isAlike(a, b)) return false;
      const apart = context.timeOf(b) - context.timeOf(a);
      if (apart < 0) return false;
      return table.ipId[a] !== 0 ? apart <= LONGEST_NS : table.payloadBytes.of(a) > 0 && apart <= LONGEST_WITHOUT_ID_NS;
    };
    return {
      segment(walk) {
        const { segment } = walk;
        if (walk.connection !== connection) {
          connection = walk.connection;
          filled = 0;
        }
        for (let i = Math.max(0, filled - LOOK_BACK); i < filled; i++) {
          const earlier = recent[i % LOOK_BACK]!;
          if (!isSame(earlier, segment)) continue;
          total++;
          if (total <= MAX_COPIES) context.copies.set(connection, (context.copies.get(connection) ?? 0) + 1);
          pairs.add(earlier);
          pairs.add(segment);
          break;
        }
        recent[filled++ % LOOK_BACK] = segment;
      },
      *conclude() {
        const found = new Sample();
        const { values } = pairs;
        for (let i = 0; i < values.length; i += 2) {
          if (i % PIECE === 0) yield null;
          if (haveSameBytes(context, values[i]!, values[i + 1]!)) found.add(context.packet(values[i + 1]!));
        }
        if (found.total === 0) return;
        // What was not compared is counted by the share of those that were.
        const duplicates = Math.round((total * found.total) / (pairs.length / 2));
        const share = Math.floor((100 * duplicates) / table.length);
        const isMany = share >= context.thresholds.duplicatePackets;
        yield finding('quality', DUPLICATES, {
          severity: isMany ? 'warning' : 'info',
          text: message(
            '{0} of {1} segments are copies of a packet that had just been captured.',
            count(duplicates),
            count(table.length),
          ),
          details: [message('Retransmissions and duplicate ACKs among them are none.')],
          packets: found.kept,
          packetsTotal: duplicates,
          crossed: isMany ? [crossed(context, 'duplicatePackets', share)] : [],
        });
      },
    };
  },
};

function haveSameBytes(context: DiagnosisContext, a: number, b: number): boolean {
  const first = context.sources.factsOf(a);
  const second = context.sources.factsOf(b);
  if (first === null || second === null || first.headerCaptured !== second.headerCaptured) return false;
  const [x, y] = [bytesOf(first), bytesOf(second)];
  return x.length === y.length && x.every((byte, i) => byte === y[i]);
}

/** The TCP header and the payload: what a router or a mirror port does not touch. */
const bytesOf = ({ bytes, payloadAt, headerBytes, payloadCaptured }: SegmentFacts): Uint8Array =>
  bytes.subarray(Math.max(0, payloadAt - headerBytes), payloadAt + payloadCaptured);
