import { seqDiff, u32 } from '../bytes/seq';
import { OTHER_STATE_NAMES, stateText } from '../format/state';
import { LESSON_TOPICS, type LessonPart, type LessonTopic } from '../model/lesson';
import { type Message, message } from '../model/message';
import type { SegmentRow, Tcb } from '../model/segment';
import { otherSide, SIDE_NAMES } from '../model/side';
import { type Step, stepOf } from './step';

/** In place of a raw number where a text gives relative ones only. */
const NOT_IN_TEXT = message('(not in this text)');

/**
 * What a segment teaches: its role, what each side knows after it, which queue of the server holds the connection, why it
 * is done so, and what would happen if it were lost. Empty where it is no step of a connection that is worth a lesson.
 * @param bothOpened whether both ends of the connection have sent a SYN of their own (simultaneous open)
 */
export function lessonOf(e: SegmentRow, bothOpened: () => boolean): LessonPart[] {
  const step = stepOf(e, bothOpened);
  if (step === null) return [];
  const parts = [...LESSONS[step](new Taught(e)), ...statesLesson(e)];
  parts.sort((a, b) => LESSON_TOPICS.indexOf(a.topic) - LESSON_TOPICS.indexOf(b.topic));
  // Nobody knows more by what did not arrive, and it is not asked what would be if it had not.
  return e.arrival === null ? parts : parts.filter(({ topic }) => !['knows', 'queue', 'lost'].includes(topic));
}

/** A segment with the names and numbers that lessons speak of. */
class Taught {
  readonly me: Message;
  readonly other: Message;
  readonly own: Tcb;
  readonly peer: Tcb;
  readonly peerBefore: Tcb | null;

  constructor(readonly e: SegmentRow) {
    const other = otherSide(e.from);
    this.me = SIDE_NAMES[e.from];
    this.other = SIDE_NAMES[other];
    this.own = e[e.from];
    this.peer = e[other];
    this.peerBefore = e.before?.[other] ?? null;
  }

  /** X or Y, as the initial sequence numbers of client and server are called. */
  get letter(): string {
    return this.e.from === 'client' ? 'X' : 'Y';
  }

  /** A number counted from the initial one of the side that sent this segment, as {@link SegmentRow.seq} is. */
  relative(raw: number): number {
    return u32(this.e.seq + seqDiff(raw, this.e.seqRaw));
  }
}

const part = (topic: LessonTopic, text: Message): LessonPart => ({ topic, text });

const LESSONS: Readonly<Record<Step, (s: Taught) => LessonPart[]>> = {
  syn: synLesson,
  'crossing-syn': () => [
    part(
      'role',
      message('Simultaneous open: both ends have sent a SYN before that of the other came (RFC 9293 §3.5).'),
    ),
    part('why', message('Two programs that connect to each other open one connection, not two. Nobody has to listen.')),
  ],
  'syn-ack': synAckLesson,
  'handshake-ack': handshakeAckLesson,
  fin: finLesson,
  'crossing-fin': ({ me }) => [
    part('role', message('Simultaneous close: this FIN of the {0} crosses the other on the way (RFC 9293 §3.6).', me)),
    part(
      'why',
      message(
        'Each direction is closed by a FIN and its ACK. Both ends begin, so each of them waits in CLOSING for the ACK.',
      ),
    ),
    part('lost', message('A FIN takes a sequence number: the {0} would send it again, as it would data.', me)),
  ],
  'fin-ack': finAckLesson,
  'second-fin': secondFinLesson,
  'fin-ack-and-fin': finAckAndFinLesson,
  'last-ack': lastAckLesson,
  'crossing-fin-ack': ({ other }) => [
    part('role', message('An ACK of one of the two FINs that have crossed.')),
    part('lost', message('The {0} would send its FIN again, and be answered again.', other)),
  ],
  reset: resetLesson,
  'window-closes': ({ me, other }) => [
    part(
      'knows',
      message('The {0} knows that it must wait. It may only probe now and then (RFC 9293 §3.8.6.1).', other),
    ),
    part(
      'why',
      message(
        'The window is the room that the {0} has left for data its program has not read yet: so a fast sender cannot swamp a slow reader (flow control, RFC 9293 §3.8.6).',
        me,
      ),
    ),
  ],
  'window-opens': ({ other }) => [
    part('knows', message('The {0} knows that there is room again, and may go on.', other)),
    part(
      'lost',
      message(
        'Both would wait for each other, if the {0} did not probe the closed window from time to time (RFC 9293 §3.8.6.1).',
        other,
      ),
    ),
  ],
  'keep-alive': ({ me, other }) => [
    part(
      'why',
      message(
        'A silent connection looks the same whether the other end is still there or not. The {0} has seen this number before, so it must answer with an ACK (RFC 9293 §3.8.4).',
        other,
      ),
    ),
    part('lost', message('The {0} would ask again later. Only after several without an answer it gives up.', me)),
  ],
  'duplicate-ack': ({ me, e }) => [
    part('role', message('The {0} asks for {1} once more: that is where its data end that are complete.', me, e.ack)),
    part(
      'why',
      message(
        'An ACK tells up to where everything has come, so each segment that comes out of order makes the receiver repeat it. Three such are taken for a loss (RFC 5681 §3.2).',
      ),
    ),
  ],
  data: dataLesson,
  'data-again': (s) => [...heardData(s), ...lostData(s)],
  ack: ackLesson,
};

/** Both states where the segment has changed one, by their names in the RFC and in textbooks and tools. */
function statesLesson({ before, client, server }: SegmentRow): LessonPart[] {
  const isMoved = before === null || before.client.state !== client.state || before.server.state !== server.state;
  if (!isMoved || client.state === null || server.state === null) return [];
  return [part('states', message('The client is {0}, the server {1}.', namesOf(client), namesOf(server)))];
}

function namesOf(tcb: Tcb): Message | string {
  const others = tcb.state === null ? undefined : OTHER_STATE_NAMES[tcb.state];
  const name = stateText(tcb);
  return others === undefined ? name : message('{0} (also written {1})', name, others.join(', '));
}

function synLesson({ e, me, other, letter, peer, peerBefore }: Taught): LessonPart[] {
  const parts = [
    part('role', message('Step 1 of the three-way handshake: the {0} asks to open a connection (SYN).', me)),
  ];
  if (peer.state === 'SYN-RECEIVED') {
    parts.push(
      part(
        'knows',
        message(
          'The {0} knows that the {1} asks, and {2} = {3}. The {1} knows nothing of the {0} yet, not even that it is there.',
          ...[other, me, letter, e.relativeOnly[e.from] ? NOT_IN_TEXT : e.seqRaw],
        ),
      ),
    );
    if (peerBefore?.state !== 'SYN-RECEIVED')
      parts.push(
        part(
          'queue',
          message(
            'The {0} puts the connection in its queue of half-open connections (SYN queue), unless it makes do without by SYN cookies (RFC 4987 §3.6).',
            other,
          ),
        ),
      );
  }
  parts.push(
    part(
      'lost',
      message(
        'The {0} would send it again after about 1 s, and wait twice as long each time (RFC 6298 §2.1, §5.5).',
        me,
      ),
    ),
  );
  return parts;
}

function synAckLesson({ e, me, other, letter, peer }: Taught): LessonPart[] {
  const parts = [
    part(
      'role',
      message('Step 2 of the three-way handshake: the {0} agrees and asks in turn (SYN and ACK in one).', me),
    ),
  ];
  if (peer.state === 'ESTABLISHED')
    parts.push(
      part(
        'knows',
        message(
          'The {0} knows {1} = {2}, and that its own SYN has arrived: for it the connection is open. The {3} does not know yet whether this segment arrives.',
          ...[other, letter, e.relativeOnly[e.from] ? NOT_IN_TEXT : e.seqRaw, me],
        ),
      ),
    );
  parts.push(
    part(
      'queue',
      message('The connection stays in the queue of half-open connections of the {0} until Y + 1 is acknowledged.', me),
    ),
    part(
      'why',
      message(
        'Two numbers have to be told and acknowledged, which makes four steps. The ACK of X and the SYN with Y travel in one segment: three are enough.',
      ),
    ),
    part(
      'lost',
      message('The {0} would send its SYN again, and the {1} its SYN-ACK, each by its own timer.', other, me),
    ),
  );
  return parts;
}

function handshakeAckLesson({ e, me, other }: Taught): LessonPart[] {
  const { client, server } = e;
  const parts = [part('role', message('Step 3 of the three-way handshake: the {0} confirms (ACK).', me))];
  if (client.iss !== null && server.iss !== null)
    parts.push(
      part(
        'knows',
        message(
          'Each end knows the number of the other, and that its own has arrived. The data of the client begin at X + 1 = {0}, those of the server at Y + 1 = {1}.',
          e.relativeOnly.client ? NOT_IN_TEXT : u32(client.iss + 1),
          e.relativeOnly.server ? NOT_IN_TEXT : u32(server.iss + 1),
        ),
      ),
    );
  if (e.calls.some(({ call }) => call === 'accept'))
    parts.push(
      part(
        'queue',
        message(
          'The {0} moves the connection from the queue of half-open connections (SYN queue) to that of complete ones (accept queue), where the program takes it by accept().',
          other,
        ),
      ),
    );
  parts.push(
    part(
      'why',
      message(
        'Three steps, not two: without this one the {0} would not know that Y has arrived, and an old SYN that comes late would open a connection that nobody wants (RFC 9293 §3.5).',
        other,
      ),
    ),
    part(
      'lost',
      message(
        'The {0} would repeat its SYN-ACK until it gets this acknowledgment, which every segment of the {1} carries from now on.',
        ...[other, me],
      ),
    ),
  );
  return parts;
}

function finLesson({ me, other, peer }: Taught): LessonPart[] {
  const parts = [part('role', message('Step 1 of the four-way close: the {0} has nothing more to send (FIN).', me))];
  if (peer.state === 'CLOSE-WAIT') parts.push(learnsOfFin(me, other));
  parts.push(fin(me));
  return parts;
}

const learnsOfFin = (me: Message, other: Message): LessonPart =>
  part(
    'knows',
    message('The {0} knows that no more data will come. It may still send, and the {1} still receives.', other, me),
  );

const fin = (me: Message): LessonPart =>
  part('lost', message('A FIN takes a sequence number: the {0} would send it again, as it would data.', me));

function finAckLesson({ me, other }: Taught): LessonPart[] {
  return [
    part('role', message('Step 2 of the four-way close: the {0} acknowledges the FIN of the {1}.', me, other)),
    part(
      'knows',
      message(
        'The {0} knows that everything it has sent has arrived, its FIN too. It waits for the FIN of the {1}.',
        other,
        me,
      ),
    ),
    part(
      'why',
      message(
        'Four steps: each direction closes on its own. The system of the {0} acknowledges at once; its FIN follows when its program closes, too (RFC 9293 §3.6).',
        me,
      ),
    ),
    part(
      'lost',
      message(
        'The {0} would send its FIN again, unless a later segment that acknowledges it as well comes first.',
        other,
      ),
    ),
  ];
}

function secondFinLesson({ me, other }: Taught): LessonPart[] {
  return [
    part('role', message('Step 3 of the four-way close: the {0} has nothing more to send, either (FIN).', me)),
    part('knows', message('The {0} knows that it has got everything: both directions are closed.', other)),
    fin(me),
  ];
}

function finAckAndFinLesson({ me, other }: Taught): LessonPart[] {
  return [
    part(
      'role',
      message('Steps 2 and 3 of the four-way close in one: the {0} acknowledges the FIN and closes, too.', me),
    ),
    part('knows', message('The {0} knows that everything has arrived, and that it has got everything.', other)),
    part(
      'why',
      message(
        'Three segments, not four: the {0} had nothing left to send when the FIN came, so that its ACK and its own FIN travel in one.',
        me,
      ),
    ),
    fin(me),
  ];
}

function lastAckLesson({ me, other }: Taught): LessonPart[] {
  return [
    part('role', message('Last step of the four-way close: the {0} acknowledges the FIN of the {1}.', me, other)),
    part(
      'knows',
      message(
        'The {0} knows that everything has arrived, and forgets the connection. The {1} cannot know whether this ACK arrives.',
        ...[other, me],
      ),
    ),
    part(
      'why',
      message(
        'TIME-WAIT is needed: if this ACK is lost, the FIN comes again and has to be answered; and old segments die out before the same ports are used again (RFC 9293 §3.3.2).',
      ),
    ),
    part(
      'lost',
      message(
        'The {0} would stay in LAST-ACK and send its FIN again, which the {1} answers from TIME-WAIT.',
        other,
        me,
      ),
    ),
  ];
}

function resetLesson({ e, me, other, peerBefore }: Taught): LessonPart[] {
  const parts = [
    part(
      'role',
      message(
        'A reset ends the connection at once: nothing more is sent, and nobody acknowledges it (RFC 9293 §3.5.3).',
      ),
    ),
    part('knows', message('The {0} knows that the {1} has no such connection, or no longer.', other, me)),
  ];
  if (e.from === 'client' && peerBefore?.state === 'SYN-RECEIVED')
    parts.push(
      part('queue', message('The {0} takes the connection out of its queue of half-open connections.', other)),
    );
  parts.push(
    part(
      'lost',
      message('A reset is not repeated: the {0} would learn it from the answer to what it sends next.', other),
    ),
  );
  return parts;
}

function dataLesson(s: Taught): LessonPart[] {
  const { e, me } = s;
  const last = u32(e.seq + e.len - 1);
  return [
    e.len === 1
      ? part('role', message('Data of the {0}: one byte, with the sequence number {1}.', me, e.seq))
      : part('role', message('Data of the {0}: each byte has a sequence number, here {1} to {2}.', me, e.seq, last)),
    ...heardData(s),
    ...lostData(s),
  ];
}

/** What the receiver has, and what the sender does not know yet. */
function heardData(s: Taught): LessonPart[] {
  const { e, me, other, own, peer, peerBefore } = s;
  const end = u32(e.seqRaw + e.len);
  if (peer.rcvNxt === null || peerBefore === null) return [];
  if (peer.rcvNxt === end && peerBefore.rcvNxt === e.seqRaw && own.sndUna !== null && seqDiff(end, own.sndUna) > 0)
    return [
      part(
        'knows',
        message(
          'The {0} has everything before {1}. The {2} learns that only from an acknowledgment: until then it keeps everything from {3} on, to send it again if it must.',
          ...[other, s.relative(end), me, s.relative(own.sndUna)],
        ),
      ),
    ];
  const isAhead = seqDiff(e.seqRaw, peer.rcvNxt) > 0 && e.checks.every(({ holds }) => holds);
  if (isAhead && peerBefore.rcvNxt === peer.rcvNxt)
    return [
      part(
        'knows',
        message(
          'The {0} has these bytes, but not {1} to {2}: until those come, its program gets nothing of it.',
          ...[other, s.relative(peer.rcvNxt), u32(e.seq - 1)],
        ),
      ),
    ];
  return [];
}

/** What follows the loss of data that are next in order. */
function lostData({ e, me, other, peerBefore }: Taught): LessonPart[] {
  if (peerBefore?.rcvNxt !== e.seqRaw) return [];
  return [
    part(
      'lost',
      message(
        'The {0} would go on asking for {1}. The {2} would send it again after three duplicate ACKs, or when its timer expires (RFC 5681 §3.2, RFC 6298 §5.4).',
        ...[other, e.seq, me],
      ),
    ),
  ];
}

function ackLesson({ e, other, peer }: Taught): LessonPart[] {
  return [
    part('role', message('An ACK alone. It takes no sequence number, so it is not acknowledged in turn.')),
    part(
      'knows',
      peer.sndNxt === e.ackRaw
        ? message('The {0} knows that everything it has sent has arrived.', other)
        : message('The {0} knows that everything before {1} has arrived, and need not keep it.', other, e.ack),
    ),
    part(
      'lost',
      message(
        'A later ACK would say the same and more. If none came, the {0} would send its data again, and be answered again.',
        other,
      ),
    ),
  ];
}
