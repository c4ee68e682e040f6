import { lapse } from '../format/time';
import { type Message, message } from '../model/message';

/** The place of a SYN or a SYN-ACK among those with the same number. */
export interface SynSeries {
  /** Whether it is a SYN-ACK. */
  readonly isAnswer: boolean;
  /** From 1. */
  readonly number: number;
  /** Since the one before and since the first, in nanoseconds. */
  readonly waitedNs: number;
  readonly totalNs: number;
  /** Packet with the repeated SYN that this repeated SYN-ACK answers; `null` where none came since the last one. */
  readonly answersAgain: number | null;
  /** Whether none follows, and whether the other end says something after it (of a SYN-ACK: something else than a SYN). */
  readonly isLast: boolean;
  readonly isAnswered: boolean;
}

/** RFC 6298 §2.1 and §2.4 let no timer be shorter than a second; systems that do are not ten times as fast. */
export const SHORTEST_TIMER_NS = 100e6;

/** What a repeated SYN or SYN-ACK waited for; empty for the first. */
export function explainRepetition({ isAnswer, number, waitedNs, totalNs, answersAgain }: SynSeries): Message[] {
  if (number === 1) return [];
  const waited = lapse(waitedNs);
  if (answersAgain !== null)
    return [message('SYN-ACK number {0}, in answer to the SYN that came again in packet {1}.', number, answersAgain)];
  const name = isAnswer ? 'SYN-ACK' : 'SYN';
  if (waitedNs < SHORTEST_TIMER_NS)
    return [
      message(
        '{0} number {1}, {2} after the one before: too soon for a timer (RFC 6298 §2.1), perhaps a copy that the network made.',
        ...[name, number, waited],
      ),
    ];
  if (number === 2)
    return [message('{0} number 2, {1} after the first: the timer of RFC 6298 §2.1 has expired.', name, waited)];
  return [
    message(
      '{0} number {1}, {2} after the one before and {3} after the first: the timer doubles each time (RFC 6298 §5.5).',
      ...[name, number, waited, lapse(totalNs)],
    ),
  ];
}

/** How long a handshake goes on that nobody answers; empty where it is answered, or tried again. */
export function explainLastTry({ isAnswer, number, totalNs, isLast, isAnswered }: SynSeries): Message[] {
  if (!isLast || isAnswered) return [];
  if (!isAnswer)
    return [
      message(
        'No answer is in the capture. RFC 9293 §3.8.3 asks for 3 minutes of trying; Linux sends the SYN again after 1, 2, 4 … s, 6 times, and gives up after 127 s.',
      ),
    ];
  const rule = message(
    'Linux sends a SYN-ACK again after 1, 2, 4 … s, 5 times, and forgets the connection after 63 s.',
  );
  return [
    number === 1
      ? message('No ACK of it is in the capture: the connection stays half-open. {0}', rule)
      : message('No ACK of it is in the capture: half-open for {0} by now. {1}', lapse(totalNs), rule),
  ];
}
