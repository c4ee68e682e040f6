import { type Message, message } from '../model/message';
import type { SegmentRow } from '../model/segment';
import { otherSide, SIDE_NAMES } from '../model/side';

/** That a segment had not arrived when one would think so, and what shows it. */
export function explainArrival(
  e: Pick<SegmentRow, 'arrival' | 'from' | 'flags' | 'before' | 'client' | 'server'>,
): Message[] {
  const { arrival, from, before } = e;
  if (arrival === null) return [];
  const { after, isReset, sentAgain } = arrival;
  const receiver = otherSide(from);
  const name = SIDE_NAMES[receiver];
  const isClosed = e[receiver].state === 'CLOSED' && (before?.[receiver].state ?? 'CLOSED') === 'CLOSED';
  // One that was closed and speaks again later has not told what it got meanwhile.
  if (isClosed && !isReset && !e.flags.includes('SYN')) return [];
  if (isClosed && isReset)
    return [
      e.flags.includes('SYN')
        ? message('No program listens at this port of the {0}, as its reset in packet {1} shows.', name, after)
        : message('The {0} has no such connection, as its reset in packet {1} shows.', name, after),
    ];
  if (sentAgain !== null && sentAgain < after)
    return [
      message(
        'Nothing shows that it arrived: the {0} says nothing until packet {1} has carried the same again.',
        name,
        sentAgain,
      ),
    ];
  return [
    sentAgain === null
      ? message('It had not arrived when the {0} sent packet {1}: still on its way, or lost.', name, after)
      : message(
          'It had not arrived when the {0} sent packet {1}; packet {2} carries the same again.',
          name,
          after,
          sentAgain,
        ),
  ];
}
