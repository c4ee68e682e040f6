import { mtuBlackHole } from '../findings/mtu-black-hole';
import { Survey } from '../findings/survey';
import { zeroWindowPeriod } from '../findings/zero-window-period';
import { seqAdd, seqGe } from '../bytes/seq';
import { count } from '../format/number';
import { duration } from '../format/time';
import { ACK } from '../model/flags';
import { message } from '../model/message';
import { noteBit } from '../model/segment';
import type { DiagnosisContext } from './context';
import { type Conclusion, crossed, type Detector, finding, type KindOf } from './finding';
import { IntList } from './int-list';
import { RETRANSMITTED } from './walk';

const ZERO_WINDOW: KindOf = {
  kind: 'zero-window-receiver',
  title: message('Receiver with a closed window'),
  cites: 'RFC 9293 §3.8.6.1',
  caution: message('A program that stops reading on purpose, to slow the sender down, does it, too.'),
};
const BLACK_HOLE: KindOf = {
  kind: 'mtu-black-hole',
  title: message('MTU black hole'),
  cites: 'RFC 4821 §2, RFC 8899 §4.4',
  caution: message('Loss that hits large segments by chance looks the same for a while.'),
};

const CLOSED = noteBit('zero-window');
/** A black hole shows only where segments are lost at least three times. */
const LEAST_RETRANSMISSIONS = 2;
/** Connections that are surveyed, and segments of one. */
const MAX_CONNECTIONS = 2000;
const PIECE_SEGMENTS = 20_000;
const MAX_SEGMENTS = 2_000_000;

/** What the courses of connections show (`core/findings/`) that matters for the whole capture. */
export const courseFindings: Detector = {
  group: 'performance',
  kinds: [ZERO_WINDOW, BLACK_HOLE],
  watch(context) {
    const candidates = new IntList(MAX_CONNECTIONS);
    return {
      connection({ connection, allNotes, retransmissions }) {
        const resent = allNotes & RETRANSMITTED && retransmissions[0]! + retransmissions[1]! >= LEAST_RETRANSMISSIONS;
        if (allNotes & CLOSED || resent) candidates.add(connection);
      },
      *conclude() {
        let left = MAX_SEGMENTS;
        for (const [i, connection] of candidates.values.entries()) {
          if (left <= 0) return;
          const survey = new Survey(context.tracker, connection, [zeroWindowPeriod, mtuBlackHole]);
          left -= context.tracker.connections.segments(connection);
          while (survey.step(PIECE_SEGMENTS)) yield null;
          yield* tell(context, connection, survey);
          if (i % 20 === 19) yield null;
        }
      },
    };
  },
};

function* tell(context: DiagnosisContext, connection: number, { findings }: Survey): Conclusion {
  const closed = findings.filter(({ kind }) => kind === 'zero-window-period');
  const lastedNs = closed.reduce((sum, { lastsNs }) => sum + lastsNs, 0);
  if (lastedNs >= context.thresholds.zeroWindow * 1e6)
    yield finding('performance', ZERO_WINDOW, {
      severity: 'warning',
      text: message(
        'In connection {0} the receiver’s window was closed for {1} in all (times: {2}): its program does not read fast enough.',
        connection,
        duration(lastedNs),
        count(closed.length),
      ),
      packets: closed.flatMap(({ at }) => at.map((segment) => context.packet(segment))),
      crossed: [crossed(context, 'zeroWindow', Math.floor(lastedNs / 1e6))],
    });
  for (const { kind, at, of, text } of findings)
    if (kind === 'mtu-black-hole' && !getsThrough(context, of, at[0]!))
      yield finding('performance', BLACK_HOLE, {
        severity: 'warning',
        text: message('Connection {0}: {1}', connection, text),
        packets: [of, ...at].filter((segment) => segment >= 0).map((segment) => context.packet(segment)),
      });
}

/** Whether a segment that was sent again and again arrives whole after all: acknowledged, and not in smaller pieces. */
function getsThrough(context: DiagnosisContext, original: number, repeated: number): boolean {
  const { segments: table } = context.tracker;
  const bytes = table.payloadBytes.of(original);
  const seq = table.seq[original]!;
  for (let at = table.next[repeated]!; at >= 0; at = table.next[at]!) {
    if (table.flow[at] === table.flow[original]) {
      if (table.seq[at] === seq && table.payloadBytes.of(at) > 0 && table.payloadBytes.of(at) < bytes) return false;
    } else if ((table.bits[at]! & ACK) !== 0 && seqGe(table.ack[at]!, seqAdd(seq, bytes))) return true;
  }
  return false;
}
