import { seqDiff } from '../bytes/seq';
import { stateText } from '../format/state';
import { duration } from '../format/time';
import { count } from '../format/number';
import { type Message, message } from '../model/message';
import type { NoteKind, SegmentRow, Tcb } from '../model/segment';
import { otherSide, SIDE_NAMES } from '../model/side';
import { explainLastTry, explainRepetition, type SynSeries } from './series';

/** What the explanation of a segment rests on, besides {@link SegmentEvidence}. */
type Told = Omit<SegmentRow, 'explanation' | 'label' | 'checks' | 'calls'>;

/** What only a segment's neighbours or its bytes tell. */
export interface SegmentEvidence {
  /** First line of the payload where it is text, else `null`; whether that is all of it but for the line's end. */
  readonly payloadStart: { readonly text: string; readonly isAll: boolean } | null;
  /** The packet that this one is a copy of, as a mirror port makes; `null` where it was sent. */
  readonly copyOf: () => number | null;
  /** From the first SYN to this segment, in nanoseconds; 0 where that is unknown. */
  readonly handshakeNs: () => number;
  /** A SYN's place among those with the same number; `null` for all other segments. */
  readonly series: SynSeries | null;
  /** Whether a SYN had to be sent again before it. */
  readonly synWasRepeated: () => boolean;
}

/** What happens with a segment, in words; the most important first. */
export function explainSegment(e: Told, evidence: SegmentEvidence): Message[] {
  const has = new Set(e.flags);
  const said: Message[] = e.notes.map((note) => note.text);
  const original = e.notes.some(({ kind }) => LIKE_A_COPY.has(kind)) ? evidence.copyOf() : null;
  if (original !== null)
    return [
      message('Packet {0}, captured again: it has the same IP identification. Nothing was sent twice.', original),
      ...said,
    ];
  const probe = explainProbe(e);
  if (probe !== null) said.push(probe);
  if (has.has('RST')) return [explainReset(e), ...said];
  if (isStray(e))
    return [
      ...said,
      message(
        'Belongs to no connection: within one, every segment has the ACK flag (RFC 9293 §3.1). Scanners send such.',
      ),
    ];
  const events: Message[] = [];
  if (evidence.series !== null) events.push(...explainSynInSeries(e, evidence.series));
  if (has.has('FIN')) events.push(explainFin(e));
  const moved = explainMoves(e, evidence);
  if (moved !== null) events.push(moved);
  if (completesHandshake(e) && evidence.synWasRepeated())
    events.push(
      message('A SYN had to be sent again: for data the timer begins at 3 s where it was shorter (RFC 6298 §5.7).'),
    );
  if (e.len > 0 && !has.has('SYN')) events.push(explainData(e, evidence));
  if (events.length === 0 && has.has('ACK')) events.push(explainAck(e));
  else if (e.acks !== null && e.len === 0 && !has.has('SYN') && !has.has('FIN')) events.push(explainAck(e));
  return [...said, ...events];
}

/** What a copy of a packet is taken for by its numbers. */
const LIKE_A_COPY: ReadonlySet<NoteKind> = new Set([
  'retransmission',
  'fast-retransmission',
  'spurious-retransmission',
  'out-of-order',
  'duplicate-ack',
  'keep-alive',
]);

const isStray = (e: Told): boolean =>
  e[e.from].state === 'CLOSED' &&
  (e.before?.[e.from].state ?? 'CLOSED') === 'CLOSED' &&
  !e.flags.includes('SYN') &&
  !e.flags.includes('ACK');

/** What Wireshark calls a keep-alive is a window probe as well, where the peer's window is zero. */
function explainProbe(e: Told): Message | null {
  const isProbe = e.notes.some(({ kind }) => kind === 'keep-alive') && e.before?.[e.from].sndWnd === 0;
  return isProbe
    ? message(
        'The window of the {0} is zero: this is the {1}’s window probe.',
        SIDE_NAMES[otherSide(e.from)],
        SIDE_NAMES[e.from],
      )
    : null;
}

/** In place of a raw number where a text gives relative ones only. */
const NOT_IN_TEXT = message('(not in this text)');

function explainSynInSeries(e: Told, series: SynSeries): Message[] {
  const repetition = explainRepetition(series);
  if (opensNothing(e))
    return repetition.length > 0
      ? repetition
      : [message('Has the SYN flag, but opens nothing: the {0} is {1}.', SIDE_NAMES[e.from], stateText(e[e.from]))];
  return [...(repetition.length > 0 ? repetition : [explainSyn(e)]), ...explainLastTry(series)];
}

/** States of an end whose SYN is part of a handshake; where nothing is known of it, it may be. */
const OPENING: ReadonlySet<string | null> = new Set(['SYN-SENT', 'SYN-RECEIVED', null]);

/** A SYN that its sender sends in the midst of a connection, or after it. */
const opensNothing = (e: Told): boolean => !OPENING.has(e[e.from].state) && !opensPeer(e);

/** The second SYN-ACK of a simultaneous open: its sender has the first, and is ESTABLISHED already. */
const opensPeer = (e: Told): boolean =>
  e.before?.[otherSide(e.from)].state === 'SYN-RECEIVED' && e[otherSide(e.from)].state === 'ESTABLISHED';

function explainSyn(e: Told): Message {
  const isAnswer = e.flags.includes('ACK');
  const seq = e.relativeOnly[e.from] ? NOT_IN_TEXT : e.seqRaw;
  const ack = e.relativeOnly[otherSide(e.from)] ? NOT_IN_TEXT : e.ackRaw;
  if (!isAnswer)
    return e.from === 'client'
      ? message('The client opens with its initial sequence number X = {0}.', seq)
      : message('The server opens as well: simultaneous open, Y = {0}.', seq);
  const letter = e.from === 'server' ? 'Y' : 'X';
  const acked = e.from === 'server' ? 'X' : 'Y';
  const peer = e.before === null ? null : e.before[otherSide(e.from)].iss;
  const beyond = peer === null ? 1 : seqDiff(e.ackRaw, peer);
  if (beyond < 1)
    return message(
      'The {0} answers an older SYN: {1} = {2}, and acknowledges {3}, which is not {4} + 1.',
      ...[SIDE_NAMES[e.from], letter, seq, ack, acked],
    );
  // More than the SYN is acknowledged where that carried data (RFC 7413).
  const sum = beyond === 1 ? `${acked} + 1` : `${acked} + ${beyond}`;
  return e.from === 'server' && e.before?.server.iss === null
    ? message('The server accepts: {0} = {1}, and acknowledges {2} = {3}.', letter, seq, sum, ack)
    : message(
        'The {0}, which has opened as well, answers the SYN of the {1}: {2} = {3}, acknowledges {4} = {5}.',
        ...[SIDE_NAMES[e.from], SIDE_NAMES[otherSide(e.from)], letter, seq, sum, ack],
      );
}

function explainFin(e: Told): Message {
  const me = SIDE_NAMES[e.from];
  if (e.before !== null && hasSentFin(e.before[e.from], e[e.from])) return message('The {0} sends its FIN again.', me);
  if (!AFTER_FIN.has(e[e.from].state) && (e[e.from].state !== 'CLOSED' || e.before?.[e.from].state === 'CLOSED'))
    return message('Has the FIN flag, but closes nothing: the {0} is {1}.', me, stateText(e[e.from]));
  const peer = e.before?.[otherSide(e.from)].state;
  if (e[e.from].state === 'FIN-WAIT-1' && (peer === 'FIN-WAIT-1' || peer === 'CLOSING'))
    return message('The {0} closes at the same time, the two FINs cross.', me);
  return e[e.from].state === 'LAST-ACK' || e[e.from].state === 'CLOSED'
    ? message('The {0} closes too.', me)
    : message('The {0} starts the close.', me);
}

const AFTER_FIN: ReadonlySet<string | null> = new Set(['FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSING', 'LAST-ACK', 'TIME-WAIT']);

/** Whether an end had sent its FIN before it sent this one; one that was closed is back in LAST-ACK then. */
const hasSentFin = (before: Tcb, after: Tcb): boolean =>
  AFTER_FIN.has(before.state) || (before.state === 'CLOSED' && after.state === 'LAST-ACK');

const completesHandshake = (e: Told): boolean =>
  e.before?.[otherSide(e.from)].state === 'SYN-RECEIVED' &&
  e[otherSide(e.from)].state !== 'SYN-RECEIVED' &&
  !e.flags.includes('SYN');

/** What the last step of a handshake acknowledges: "acknowledges Y + 1", and more where the SYN-ACK carried data. */
function sumText(e: Told): Message {
  const letter = e.from === 'client' ? 'Y' : 'X';
  const { iss } = e[otherSide(e.from)];
  const beyond = iss === null ? 0 : seqDiff(e.ackRaw, iss);
  if (beyond === 1) return message('acknowledges {0} + 1', letter);
  return beyond > 1 ? message('acknowledges {0} + {1}', letter, beyond) : message('acknowledges {0}', e.ackRaw);
}

/** What the states of the two ends tell: the handshake is complete, a FIN is acknowledged, the connection is over. */
function explainMoves(e: Told, { handshakeNs }: SegmentEvidence): Message | null {
  if (e.before === null) return null;
  const receiver = otherSide(e.from);
  const was = e.before[receiver].state;
  const is = e[receiver].state;
  if (completesHandshake(e)) {
    const y = sumText(e);
    const took = handshakeNs();
    return took > 0
      ? message('Handshake complete after {0}: {1}.', duration(took), y)
      : message('Handshake complete: {0}.', y);
  }
  if (was === 'FIN-WAIT-1' && is === 'FIN-WAIT-2' && e.flags.includes('FIN'))
    return message('Acknowledges the FIN of the {0}.', SIDE_NAMES[receiver]);
  if (was === 'FIN-WAIT-1' && is === 'FIN-WAIT-2')
    return message(
      'Acknowledges the FIN: the {0} has stopped sending, the connection is half-closed.',
      SIDE_NAMES[receiver],
    );
  if (was === 'LAST-ACK' && is === 'CLOSED' && e[e.from].state !== 'TIME-WAIT')
    return message('Acknowledges the last FIN: the {0} is closed.', SIDE_NAMES[receiver]);
  if (was === 'LAST-ACK' && is === 'CLOSED')
    return message('Acknowledges the last FIN: closed. The {0} stays in TIME-WAIT for 2·MSL.', SIDE_NAMES[e.from]);
  if (was === 'CLOSING' && is === 'TIME-WAIT')
    return message(
      'Acknowledges the FIN of the {0}: both closed at the same time, it waits 2·MSL now.',
      SIDE_NAMES[receiver],
    );
  if (was === 'FIN-WAIT-1' && is === 'TIME-WAIT')
    return message('FIN and acknowledgment in one: the {0} goes straight to TIME-WAIT.', SIDE_NAMES[receiver]);
  return null;
}

function explainData(e: Told, { payloadStart }: SegmentEvidence): Message {
  if (payloadStart === null) return e.len === 1 ? message('Sends 1 byte.') : message('Sends {0} bytes.', count(e.len));
  // What an application said stands in quotation marks: it must not be taken for a sentence of ours.
  const { text, isAll } = payloadStart;
  return isAll
    ? message('Sends {0} bytes: “{1}”', count(e.len), text)
    : message('Sends {0} bytes that begin with “{1}”', count(e.len), text);
}

function explainAck(e: Told): Message {
  if (e.acks !== null)
    return e.ackRttNs !== null
      ? message('Acknowledges packet {0} after {1}.', e.acks, duration(e.ackRttNs))
      : message('Acknowledges packet {0}.', e.acks);
  return message('Acknowledges everything before {0}.', e.ack);
}

function explainReset(e: Told): Message {
  const me = SIDE_NAMES[e.from];
  const was = e.before === null ? null : e.before[e.from];
  const peer = e.before === null ? null : e.before[otherSide(e.from)];
  // A reset that does not acknowledge the SYN leaves it in SYN-SENT (RFC 9293 §3.10.7.3).
  const isObeyed = e.arrival !== null || e[otherSide(e.from)].state !== 'SYN-SENT';
  if (peer?.state === 'SYN-SENT' && e.flags.includes('ACK') && isObeyed)
    return message('Refused: the {0} answers the SYN with a reset.', me);
  if (was?.state === 'CLOSED' && peer !== null && was.sndNxt === null)
    return message('Reset: the {0} has no such connection.', me);
  if (was?.state === 'SYN-SENT' && e[e.from].state === 'SYN-SENT')
    return message('Reset in answer to a segment that fits no connection of the {0}.', me);
  if (was?.state === 'CLOSED' || was?.state === 'TIME-WAIT')
    return message('Reset: the {0} has closed already and knows this connection no more.', me);
  return message('Reset: the {0} aborts the connection.', me);
}
