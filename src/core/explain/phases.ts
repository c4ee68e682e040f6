import { count } from '../format/number';
import { lapse } from '../format/time';
import type { Clause, Phase } from '../model/connection';
import { type Message, message } from '../model/message';
import { otherSide, SIDE_NAMES } from '../model/side';
import { firstFin, isAttempt, type Places, type Tell, tellTo, type VerdictFacts } from './verdict';

/** Handshake, data and close of a connection of `rows` rows, as far as there are any. */
export function phasesOf(f: VerdictFacts, places: Places, rowOf: (segment: number) => number, rows: number): Phase[] {
  const { course, ends } = f;
  const dataFrom = isAttempt(f) ? rows : course.established < 0 ? 0 : rowOf(course.established) + 1;
  const closing = [ends.client.fin, ends.server.fin, course.reset].filter((segment) => segment >= 0).map(rowOf);
  const closeFrom = Math.max(dataFrom, Math.min(rows, ...closing));
  const handshake: Clause[] = [];
  const data: Clause[] = [];
  const close: Clause[] = [];
  tellHandshake(f, places, tellTo(handshake, places));
  if (closeFrom < rows) tellClose(f, tellTo(close, places));
  // What is said of a handshake that is not there stands with what comes first.
  if (dataFrom === 0) (closeFrom > 0 ? data : close).unshift(...handshake);
  const phases: Phase[] = [
    { kind: 'handshake', start: 0, end: dataFrom, remarks: handshake },
    { kind: 'data', start: dataFrom, end: closeFrom, remarks: data },
    { kind: 'close', start: closeFrom, end: rows, remarks: close },
  ];
  return phases.filter(({ start, end }) => start < end);
}

function tellHandshake(f: VerdictFacts, { elapsedNs }: Places, tell: Tell): void {
  const { course, resetBy } = f;
  const { client, server } = f.ends;
  if (client.syn < 0 && server.synAck < 0) {
    tell(message('handshake not captured'));
    return;
  }
  if (client.syn < 0) tell(message('SYN not captured'), server.synAck);
  if (client.syn >= 0 && server.syn >= 0) tell(message('simultaneous open'), client.syn, server.syn);
  for (const { syn, syns, lastSyn } of [client, server])
    if (syns > 1) tell(message('SYN sent {0} times over {1}', syns, lapse(elapsedNs(syn, lastSyn))), syn, lastSyn);
  const { synAck, synAcks, lastSynAck } = server;
  if (synAcks > 1)
    tell(
      message('SYN-ACK sent {0} times: half-open for {1}', synAcks, halfOpen(f, elapsedNs)),
      ...[synAck, lastSynAck],
    );
  if (!isAttempt(f)) {
    if (course.established < 0) tell(message('handshake not complete in the capture'));
  } else if (resetBy !== null) tell(message('reset by the {0}', SIDE_NAMES[resetBy]), course.reset);
  else if (synAck >= 0) tell(message('no ACK: half-open'), lastSynAck);
  else tell(message('no answer'), client.lastSyn);
}

/** From the first SYN-ACK to the ACK, or to the last thing that is known of a handshake without one. */
function halfOpen({ course, ends }: VerdictFacts, elapsedNs: Places['elapsedNs']): string | Message {
  return lapse(elapsedNs(ends.server.synAck, course.established >= 0 ? course.established : ends.server.lastSynAck));
}

function tellClose(f: VerdictFacts, tell: Tell): void {
  const { course, ends, resetBy } = f;
  const first = firstFin(f);
  if (first === null) {
    tell(message('reset instead of a close'), course.reset);
    return;
  }
  const [own, peer] = [ends[first], ends[otherSide(first)]];
  if (peer.fin >= 0) {
    if (own.finAcked < 0 || peer.fin < own.finAcked)
      tell(message('simultaneous close: the two FINs cross'), own.fin, peer.fin);
    else if (peer.fin === own.finAcked)
      tell(message('three segments instead of four: ACK and FIN are one'), own.fin, peer.fin, peer.finAcked);
  }
  if (peer.afterFinBytes > 0)
    tell(
      message('half-close: the {0} sent {1} bytes more', SIDE_NAMES[otherSide(first)], count(peer.afterFinBytes)),
      ...[peer.afterFinFirst, peer.afterFinLast],
    );
  const isClosed = own.finAcked >= 0 && peer.fin >= 0 && peer.finAcked >= 0;
  if (!isClosed && resetBy !== null) tell(message('reset before the close was complete'), course.reset);
  else if (own.finAcked < 0) tell(message('no ACK of the FIN'), own.fin);
  else if (peer.fin < 0) tell(message('no FIN of the {0}', SIDE_NAMES[otherSide(first)]));
  else if (peer.finAcked < 0) tell(message('no ACK of the last FIN'), peer.fin);
  if (course.afterClose >= 0) tell(message('data in TIME-WAIT'), course.afterClose);
}
