import { count } from '../format/number';
import { duration } from '../format/time';
import { FIN, RST, SYN } from '../model/flags';
import { message } from '../model/message';
import { crossed, type Detector, finding, type KindOf } from './finding';
import { type Role, sideName } from './walk';

const IDLE_CUT: KindOf = {
  kind: 'idle-cut',
  title: message('Connection that no longer works after a silence'),
  cites: 'RFC 5382 §5, RFC 9293 §3.5.1',
  caution: message('A host that was switched off or restarted meanwhile looks the same.'),
};

/** Segments without an answer from which on somebody is not there any more. */
const UNANSWERED = 3;
/** Time that an answer is given before it is missed. */
const LONGEST_ANSWER_NS = 1e9;
const MAX_TOLD = 1000;

interface Cut {
  readonly connection: number;
  readonly role: Role;
  readonly idleNs: number;
  readonly first: number;
  readonly last: number;
  readonly tries: number;
  readonly reset: boolean;
}

/**
 * Connections that were silent for long and then did not work any more: a firewall or an address translator between them
 * has forgotten them. Whoever speaks first is not answered, or is answered by a reset.
 */
export const idleCut: Detector = {
  group: 'connectivity',
  kinds: [IDLE_CUT],
  watch(context) {
    const limitNs = context.thresholds.idleCut * 1e9;
    const cuts: Cut[] = [];
    let connection = -1;
    let lastNs = 0;
    let last = -1;
    let wasOpen = false;
    // What has happened since the last long silence.
    let idleNs = 0;
    let first = -1;
    let speaker: Role = 0;
    let tries = 0;
    const stop = (): void => {
      idleNs = 0;
      tries = 0;
      first = -1;
    };
    const cut = (reset: boolean): void => {
      if (cuts.length < MAX_TOLD) cuts.push({ connection, role: speaker, idleNs, first, last, tries, reset });
      stop();
    };
    return {
      segment(walk) {
        const { segment, role, flags, timeNs } = walk;
        if (walk.connection !== connection) {
          connection = walk.connection;
          wasOpen = false;
          lastNs = timeNs;
          stop();
        }
        const silenceNs = timeNs - lastNs;
        lastNs = timeNs;
        if (first >= 0 && role !== speaker) {
          // An answer: the connection lives, unless it is a reset.
          if (flags & RST) {
            last = segment;
            cut(true);
          } else stop();
        } else if (first >= 0) {
          tries++;
          last = segment;
        } else if (silenceNs >= limitNs && wasOpen && (flags & (SYN | RST | FIN)) === 0 && isOpen(walk)) {
          idleNs = silenceNs;
          first = last = segment;
          speaker = role;
          tries = 1;
        }
        if ((flags & (SYN | RST)) === 0 && walk.segments[0]! > 0 && walk.segments[1]! > 0) wasOpen = true;
      },
      connection() {
        if (first >= 0 && tries >= UNANSWERED && context.timeOf(last) - context.timeOf(first) >= LONGEST_ANSWER_NS)
          cut(false);
        stop();
      },
      *conclude() {
        for (const one of cuts)
          yield finding('connectivity', IDLE_CUT, {
            severity: 'warning',
            text: one.reset
              ? message(
                  'Connection {0} was silent for {1}; then the {2} spoke and got a reset.',
                  one.connection,
                  duration(one.idleNs),
                  sideName(one.role),
                )
              : message(
                  'Connection {0} was silent for {1}; then the {2} spoke and got no answer to {3} segments.',
                  one.connection,
                  duration(one.idleNs),
                  sideName(one.role),
                  count(one.tries),
                ),
            packets: [context.packet(one.first), context.packet(one.last)],
            packetsTotal: one.tries + (one.reset ? 1 : 0),
            crossed: [crossed(context, 'idleCut', Math.floor(one.idleNs / 1e9))],
          });
      },
    };
  },
};

const isOpen = ({ reset, fin }: { readonly reset: readonly number[]; readonly fin: readonly number[] }): boolean =>
  reset[0]! < 0 && reset[1]! < 0 && fin[0]! < 0 && fin[1]! < 0;
