import { count } from '../format/number';
import { duration, lapse } from '../format/time';
import type { Finding } from '../findings/finding';
import type { Clause, ConnectionRow, Verdict } from '../model/connection';
import type { Course, EndCourse } from '../model/course';
import { type Message, message } from '../model/message';
import type { OwnNoteKind, Side } from '../model/segment';
import { otherSide, SIDE_NAMES } from '../model/side';

/** What a verdict rests on. */
export interface VerdictFacts {
  /** Everything of the row but the verdict itself. */
  readonly row: Omit<ConnectionRow, 'verdict'>;
  readonly course: Course;
  /** What its course shows, as far as that is known. */
  readonly findings: readonly Finding[];
  /** The ends of the course. */
  readonly ends: Readonly<Record<Side, EndCourse>>;
  /** Who sent the first RST; `null` where nobody did. */
  readonly resetBy: Side | null;
  /** The capture was cut off or is damaged: what is missing may have been in it. */
  readonly captureCut: boolean;
  /** A text trace has lines of the connection that tell nothing of TCP. */
  readonly partlyHidden: boolean;
}

/** Where and when segments are. */
export interface Places {
  /** 1-based packet number. */
  readonly packet: (segment: number) => number;
  readonly elapsedNs: (from: number, to: number) => number;
}

/** Whether there is nothing but a handshake, which was not completed. Lines that hide TCP are no SYN-ACKs. */
export const isAttempt = ({ course, row, ends, partlyHidden }: VerdictFacts): boolean =>
  course.established < 0 &&
  !(partlyHidden && ends.server.synAck >= 0) &&
  !row.partial &&
  ends.client.syn >= 0 &&
  !row.completeness.includes('DATA');

export function verdictOf(f: VerdictFacts, places: Places): Verdict {
  const opening: Clause[] = [];
  const rest: Clause[] = [];
  const tell = tellTo(rest, places);
  if (f.row.state.client === null)
    tell(message('only addresses and lengths are known, and no states'), f.course.first, f.course.last);
  else if (isAttempt(f)) tellAttempt(f, places, tell);
  else if (f.course.stray && f.course.reset !== f.course.first) tellStray(f, tell);
  else {
    tellOpening(f, places, tellTo(opening, places));
    tellSynAcks(f, places, tell);
    tellEnd(f, places, tell);
    tellTrouble(f, tell);
  }
  const clauses = [...opening, ...rest];
  return { sentence: joined(clauses), brief: joined(rest), clauses };
}

export type Tell = (text: Message, ...segments: number[]) => void;

export const tellTo =
  (clauses: Clause[], { packet }: Places): Tell =>
  (text, ...segments) => {
    const packets: number[] = [];
    for (const segment of segments) if (segment >= 0) insert(packets, packet(segment));
    clauses.push({ text, packets });
  };

/** Puts a number in its place among ascending ones, unless it is there. */
function insert(numbers: number[], number: number): void {
  let at = numbers.length;
  while (at > 0 && numbers[at - 1]! > number) at--;
  if (numbers[at - 1] !== number) numbers.splice(at, 0, number);
}

const joined = (clauses: readonly Clause[]): Message =>
  clauses.map(({ text }) => text).reduce((before, text) => message('{0}; {1}', before, text));

/** A SYN that no connection came of. */
function tellAttempt(f: VerdictFacts, { elapsedNs }: Places, tell: Tell): void {
  const { course, resetBy } = f;
  const { client, server } = f.ends;
  if (resetBy === 'server' && server.synAck < 0) {
    tell(message('refused by the server'), client.syn, course.reset);
    return;
  }
  if (resetBy === 'client' && server.synAck >= 0 && course.resetAnswers >= 0) {
    tell(message('the client answered the SYN-ACK with a reset'), client.syn, course.resetAnswers, course.reset);
    return;
  }
  if (server.synAcks > 1) {
    const { synAck, synAcks, lastSynAck } = server;
    const time = lapse(elapsedNs(synAck, lastSynAck));
    tell(
      message('handshake never completed: SYN-ACK sent {0} times over {1}, never acknowledged', synAcks, time),
      ...[client.syn, synAck, lastSynAck],
    );
  } else if (server.synAck >= 0 || server.syn >= 0)
    tell(message('handshake never completed'), client.syn, server.syn, server.synAck);
  else if (client.syns > 1) {
    const { syn, syns, lastSyn } = client;
    tell(message('SYN sent {0} times over {1}, without an answer', syns, lapse(elapsedNs(syn, lastSyn))), syn, lastSyn);
  } else tell(message('SYN without an answer'), client.syn);
  if (resetBy !== null) tell(message('reset by the {0}', SIDE_NAMES[resetBy]), course.reset);
}

/** What no connection sends (RFC 9293 §3.1), with a reset in answer where nobody listens (§3.10.7.1). */
function tellStray({ course, resetBy }: VerdictFacts, tell: Tell): void {
  tell(message('no connection: without SYN and ACK, as scanners send'), course.first);
  if (resetBy === null) tell(message('no answer'), course.last);
  else tell(message('the {0} answers with a reset: its port is closed', SIDE_NAMES[resetBy]), course.reset);
}

function tellOpening(f: VerdictFacts, { elapsedNs }: Places, tell: Tell): void {
  const { course } = f;
  const { client, server } = f.ends;
  if (client.syn < 0 && server.synAck < 0) {
    if (course.resetAnswers !== course.first) tell(message('begun before the capture'), course.first);
    return;
  }
  if (course.challenged >= 0 && server.synAck < 0) {
    tell(message('within an older connection, which goes on after a SYN of the client'), client.syn, course.challenged);
    return;
  }
  const handshake = [client.syn, server.syn, server.synAck, course.established];
  const tookNs = client.syn < 0 || course.established < 0 ? 0 : elapsedNs(client.syn, course.established);
  if (client.syn < 0) tell(message('opened by the client, whose SYN is not in the capture'), ...handshake);
  else if (server.syn >= 0 && client.synAck >= 0) tell(message('opened by both at the same time'), ...handshake);
  else if (client.syns > 1)
    tell(
      message(
        'opened by the client, whose SYN was sent {0} times over {1}',
        client.syns,
        lapse(elapsedNs(client.syn, client.lastSyn)),
      ),
      client.lastSyn,
      ...handshake,
    );
  else if (tookNs > 0) tell(message('opened by the client in {0}', duration(tookNs)), ...handshake);
  else tell(message('opened by the client'), ...handshake);
}

/** A handshake that took longer because nobody seemed to hear the server. */
function tellSynAcks({ ends: { client, server } }: VerdictFacts, { elapsedNs }: Places, tell: Tell): void {
  const { synAck, synAcks, lastSynAck } = server;
  if (synAcks < 2 || client.synAck >= 0) return;
  tell(message('SYN-ACK sent {0} times over {1}', synAcks, lapse(elapsedNs(synAck, lastSynAck))), synAck, lastSynAck);
}

const isOver = (state: string | null): boolean => state === 'CLOSED' || state === 'TIME-WAIT';

function tellEnd(f: VerdictFacts, places: Places, tell: Tell): void {
  const { course, ends, resetBy } = f;
  const { state } = f.row;
  const first = firstFin(f);
  if (first !== null) {
    const [own, peer] = [ends[first], ends[otherSide(first)]];
    const fins = [own.fin, own.finAcked, peer.fin, peer.finAcked];
    const bothDone = isOver(state.client) && isOver(state.server);
    const cutShort = resetBy !== null && (own.finAcked < 0 || peer.finAcked < 0);
    if (cutShort) {
      if (course.resetAnswers !== course.first)
        tell(message('closed by the {0}', SIDE_NAMES[first]), own.fin, own.finAcked);
    } else if (state.client === 'TIME-WAIT' && state.server === 'TIME-WAIT')
      tell(message('closed in order, by both at the same time'), ...fins);
    else if (bothDone) tell(message('closed in order, {0} first', SIDE_NAMES[first]), ...fins);
    else tell(message('closed by the {0}, by the other side not yet', SIDE_NAMES[first]), own.fin, own.finAcked);
    if (peer.afterFinBytes > 0)
      tell(
        message('after that the {0} sent {1} bytes', SIDE_NAMES[otherSide(first)], count(peer.afterFinBytes)),
        peer.afterFinFirst,
        peer.afterFinLast,
      );
    if (course.afterClose >= 0) tell(message('data after both had closed'), course.afterClose);
    if (cutShort) tellReset(f, resetBy, places, tell);
    if (bothDone || resetBy !== null) return;
  } else if (resetBy !== null) {
    tellReset(f, resetBy, places, tell);
    return;
  }
  tellSilence(f, places, tell);
  if (first !== null) return;
  if (f.captureCut) tell(message('open where the capture breaks off'), course.last);
  else if (f.row.partial) tell(message('open at both ends of the capture'), course.last);
  else tell(message('still open at the end of the capture'), course.last);
}

/** Who sent the first FIN; `null` where nobody did. */
export function firstFin({ ends: { client, server } }: VerdictFacts): Side | null {
  if (client.fin < 0 && server.fin < 0) return null;
  return server.fin < 0 || (client.fin >= 0 && client.fin < server.fin) ? 'client' : 'server';
}

function tellReset({ course, ends, row }: VerdictFacts, by: Side, { packet, elapsedNs }: Places, tell: Tell): void {
  const { reset, resetAnswers } = course;
  if (row.partial && resetAnswers === course.first) {
    tell(message('the {0} knows of no such connection and answers with a reset', SIDE_NAMES[by]), resetAnswers, reset);
    return;
  }
  if (!isOver(row.state[otherSide(by)]) && row.state[otherSide(by)] !== 'LISTEN') {
    tell(message('a reset of the {0} that the {1} does not accept', SIDE_NAMES[by], SIDE_NAMES[otherSide(by)]), reset);
    return;
  }
  if (resetAnswers >= 0) {
    tell(
      message('reset by the {0} in answer to packet {1}', SIDE_NAMES[by], packet(resetAnswers)),
      resetAnswers,
      reset,
    );
    return;
  }
  const { repeats, repeatsFrom } = ends[by];
  // Where it sent in vain before, it has given up.
  if (repeats > 1 && repeatsFrom >= 0)
    tell(
      message(
        'reset by the {0}, which had heard nothing for {1} after {2} repetitions or probes',
        SIDE_NAMES[by],
        lapse(elapsedNs(repeatsFrom, reset)),
        repeats,
      ),
      repeatsFrom,
      reset,
    );
  else tell(message('reset by the {0}', SIDE_NAMES[by]), reset);
}

/** Data that was sent again and again, and nothing came any more. */
function tellSilence({ ends }: VerdictFacts, { elapsedNs }: Places, tell: Tell): void {
  for (const side of ['client', 'server'] as const) {
    const { repeats, repeatsFrom, last } = ends[side];
    if (repeats < 2 || repeatsFrom < 0) continue;
    tell(
      message(
        'the {0} fell silent: {1} repetitions or probes in {2} without an answer',
        SIDE_NAMES[otherSide(side)],
        repeats,
        lapse(elapsedNs(repeatsFrom, last)),
      ),
      repeatsFrom,
      last,
    );
  }
}

/** Findings that cost time, by how they are told. */
const SLOWED_BY: readonly (readonly [OwnNoteKind, (lastsNs: number) => Message])[] = [
  ['retransmission-timeout', (ns) => message('timeouts cost {0}', duration(ns))],
  ['nagle-delayed-ack', (ns) => message('small segments waited {0} for delayed acknowledgments', duration(ns))],
  ['mtu-black-hole', () => message('large segments do not get through')],
];

/** Packets that a clause about findings names at most. */
const MAX_EVIDENCE = 4;

/** What slowed it, and what the capture has not. */
function tellTrouble({ row: { notes }, course, ends, findings }: VerdictFacts, tell: Tell): void {
  const { evidence } = course;
  const of = (...kinds: (keyof typeof notes)[]): number => kinds.reduce((sum, kind) => sum + (notes[kind] ?? 0), 0);
  // Those of the opening have been told.
  const resent = of('retransmission', 'fast-retransmission', 'spurious-retransmission') - course.resentSyns;
  // Numbers before the SYN of a connection that is really an older one look like repetitions.
  if (resent > 0 && course.challenged < 0)
    tell(
      resent === 1 ? message('1 retransmission') : message('{0} retransmissions', count(resent)),
      ...(evidence.resent ?? []),
    );
  for (const side of ['client', 'server'] as const) {
    const { zeroWindow, zeroWindowNs } = ends[side];
    if (zeroWindow >= 0)
      tell(message('window of the {0} closed for {1}', SIDE_NAMES[side], duration(zeroWindowNs)), zeroWindow);
  }
  for (const [kind, slowedBy] of SLOWED_BY) {
    // What the opening took has been told.
    const found = findings.filter((finding) => finding.kind === kind && finding.at[0]! > course.established);
    const lastsNs = found.reduce((sum, finding) => sum + finding.lastsNs, 0);
    if (found.length > 0) tell(slowedBy(lastsNs), ...found.slice(0, MAX_EVIDENCE).map(({ at }) => at[0]!));
  }
  const late = of('out-of-order');
  const lost = of('lost-segment', 'ack-lost-segment');
  if (late > 0) tell(message('segments arrived out of order'), ...(evidence.outOfOrder ?? []));
  // What comes late, or again, fills a gap that was told before.
  if (lost > late + resent) tell(message('segments are missing from the capture'), ...(evidence.missing ?? []));
}
