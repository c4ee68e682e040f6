import { duration, seconds } from '../format/time';
import { type Message, message } from '../model/message';
import type { PerSide } from '../model/connection';
import type { SegmentRow, Side } from '../model/segment';
import { SIDE_NAMES } from '../model/side';

/** 2·MSL, the MSL being 2 minutes (RFC 9293 §3.4.2), in nanoseconds. */
export const TIME_WAIT_NS = 240e9;

const SIDES: readonly Side[] = ['client', 'server'];

/** @param sinceNs when each end's 2·MSL began before this segment, on the clock of `timeNs`; `null` outside TIME-WAIT */
export function explainTimeWait(
  e: Pick<SegmentRow, 'from' | 'flags' | 'timeNs' | 'before' | 'client' | 'server'>,
  sinceNs: PerSide<number | null>,
): Message[] {
  const { timeNs } = e;
  // How long it lasts is all there is to tell.
  if (timeNs === null) return [];
  const begins = (side: Side): boolean =>
    e[side].state === 'TIME-WAIT' && (sinceNs[side] === null || e.before?.[side].state !== 'TIME-WAIT');
  if (SIDES.every(begins))
    return [
      message(
        'TIME-WAIT of both ends lasts until {0} s of the capture: 2·MSL, 240 s (RFC 9293 §3.4.2); Linux waits 60 s.',
        seconds(timeNs + TIME_WAIT_NS, 3),
      ),
    ];
  return SIDES.flatMap((side) => {
    if (e[side].state !== 'TIME-WAIT') return [];
    const since = sinceNs[side];
    if (since === null || begins(side))
      return [
        message(
          'TIME-WAIT of the {0} lasts until {1} s of the capture: 2·MSL, 240 s (RFC 9293 §3.4.2); Linux waits 60 s.',
          SIDE_NAMES[side],
          seconds(timeNs + TIME_WAIT_NS, 3),
        ),
      ];
    const running = duration(timeNs - since);
    if (restartsTimeWait(e, side))
      return [
        message(
          'The FIN again: TIME-WAIT of the {0}, which had lasted {1}, starts anew (RFC 9293 §3.10.7.4).',
          SIDE_NAMES[side],
          running,
        ),
      ];
    return [
      timeNs - since > TIME_WAIT_NS
        ? message('TIME-WAIT of the {0} began {1} ago, more than 2·MSL (240 s).', SIDE_NAMES[side], running)
        : message('TIME-WAIT of the {0} has lasted {1} of 240 s.', SIDE_NAMES[side], running),
    ];
  });
}

/** Whether a segment restarts the 2·MSL of an end that is in TIME-WAIT: only a FIN does. */
export const restartsTimeWait = ({ from, flags }: Pick<SegmentRow, 'from' | 'flags'>, side: Side): boolean =>
  from !== side && flags.includes('FIN') && !flags.includes('RST');

/** A SYN between the addresses and ports of a connection that one end holds in TIME-WAIT. */
export interface TimeWaitReuse {
  /** The end of the new connection that holds the old one. */
  readonly holder: Side;
  /** Time since TIME-WAIT began, in nanoseconds. */
  readonly elapsedNs: number;
  /** Whether the holder itself sends the SYN. */
  readonly byHolder: boolean;
  /** The SYN's number, and the next one that the holder expected; raw. */
  readonly seq: number;
  readonly expected: number;
  /** How far the SYN's number is beyond what was expected: negative where it is older. */
  readonly ahead: number;
  /** Timestamps of the SYN and of the last segment of its sender before; `null` where there is none. */
  readonly timestamp: number | null;
  readonly lastTimestamp: number | null;
  readonly timestampAhead: number;
}

/** Whether the SYN may end TIME-WAIT (RFC 9293 §3.6.1 MAY-2, RFC 6191 §2), with the numbers that decide it. */
export function explainReuse(reuse: TimeWaitReuse): Message[] {
  const { holder, elapsedNs, byHolder } = reuse;
  const began = message(
    'TIME-WAIT reuse: the {0} has held the connection before this one, of the same addresses and ports, for {1}.',
    SIDE_NAMES[holder],
    duration(elapsedNs),
  );
  if (byHolder)
    return [
      began,
      message('It opens anew by itself: RFC 6191 is about SYNs from the other end; Linux allows it (tcp_tw_reuse).'),
    ];
  return [began, condition(reuse)];
}

/** The cases of RFC 6191 §2. */
function condition({ seq, expected, ahead, timestamp, lastTimestamp, timestampAhead }: TimeWaitReuse): Message {
  const numbers = [seq, expected] as const;
  if (timestamp !== null && lastTimestamp !== null) {
    const times = [timestamp, lastTimestamp] as const;
    if (timestampAhead > 0)
      return message('Acceptable: its timestamp {0} is later than {1}, the last one before (RFC 6191 §2).', ...times);
    if (timestampAhead < 0)
      return message('Not acceptable: its timestamp {0} is before {1}, the last one (RFC 6191 §2).', ...times);
  }
  if (timestamp !== null && lastTimestamp === null)
    return message('Acceptable: it has a timestamp, and the connection before had none (RFC 6191 §2).');
  return ahead >= 0
    ? message('Acceptable: SEG.SEQ {0} is beyond the numbers used before, RCV.NXT {1} (RFC 9293 §3.6.1).', ...numbers)
    : message(
        'Not acceptable: SEG.SEQ {0} is below RCV.NXT {1} of the connection before (RFC 9293 §3.6.1).',
        ...numbers,
      );
}
