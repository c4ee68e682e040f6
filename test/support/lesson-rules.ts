/**
 * What must be true of a segment, and of those before it, wherever it is made a lesson of (see `said.ts`). Worked out
 * anew from the rows, apart from the code that chooses the lesson.
 */
import type { MessageArgument } from '../../src/core/model/message';
import type { SegmentRow, Tcb } from '../../src/core/model/segment';
import {
  completes,
  diff,
  earlier,
  endOf,
  isBareSyn,
  isCoveredUpTo,
  isRaw,
  isReset,
  isSide,
  lengthOf,
  moved,
  own,
  ownBefore,
  peer,
  peerBefore,
  peerOf,
  type Said,
  says,
  set,
  type Truth,
} from './said';

const isOther = ({ row, args }: Said, at = 0): boolean => isSide(args[at], peerOf(row));
const isMe = ({ row, args }: Said, at: number): boolean => isSide(args[at], row.from);
const ofOwn = (said: Said): readonly SegmentRow[] => earlier(said).filter(({ from }) => from === said.row.from);
const ofPeer = (said: Said): readonly SegmentRow[] => earlier(said).filter(({ from }) => from === peerOf(said.row));
const letterOf = ({ from }: SegmentRow): string => (from === 'client' ? 'X' : 'Y');
const has = (row: SegmentRow, kind: string): boolean => row.notes.some((note) => note.kind === kind);
/** Nothing but SYNs has come from either end. */
const isOpening = (said: Said): boolean => ofOwn(said).every((other) => set(other, 'SYN') || set(other, 'RST'));
const isSynAck = ({ row }: Said): boolean => set(row, 'SYN', 'ACK') && row.from === 'server';
const opensAlone = (said: Said): boolean =>
  !said.rows.some((row) => row.from === 'server' && isBareSyn({ ...said, row }));
const finOf = (rows: readonly SegmentRow[]): SegmentRow | undefined => rows.find((row) => set(row, 'FIN'));
/** The other end's FIN, which a segment acknowledges. */
const acknowledgesFin = (said: Said): boolean => {
  const fin = finOf(ofPeer(said));
  return fin !== undefined && diff(said.row.ackRaw, endOf(fin)) >= 0;
};
/** A segment before it has acknowledged the other end's FIN already. */
const hadAcknowledgedFin = (said: Said): boolean => {
  const fin = finOf(ofPeer(said));
  return (
    fin !== undefined &&
    ofOwn(said).some((ack) => set(ack, 'ACK') && ack.row > fin.row && diff(ack.ackRaw, endOf(fin)) >= 0)
  );
};
const isFirstFin = (said: Said): boolean =>
  set(said.row, 'FIN') && own(said.row).state === 'FIN-WAIT-1' && ownBefore(said.row)?.state !== 'FIN-WAIT-1';
const isFinAck = (said: Said): boolean =>
  moved(said, 'FIN-WAIT-1', 'FIN-WAIT-2') && !set(said.row, 'FIN') && acknowledgesFin(said);
const isSecondFin = (said: Said): boolean =>
  set(said.row, 'FIN') && own(said.row).state === 'LAST-ACK' && peer(said.row).state === 'TIME-WAIT';
const isJoined = (said: Said): boolean =>
  isSecondFin(said) && moved(said, 'FIN-WAIT-1', 'TIME-WAIT') && acknowledgesFin(said);
const isLastAck = (said: Said): boolean =>
  moved(said, 'LAST-ACK', 'CLOSED') && own(said.row).state === 'TIME-WAIT' && acknowledgesFin(said);
const isCrossing = (said: Said): boolean =>
  isFirstFin(said) && finOf(ofPeer(said)) !== undefined && !acknowledgesFin(said);
const isAck = ({ row }: Said): boolean => row.len === 0 && set(row, 'ACK') && !set(row, 'SYN') && !set(row, 'FIN');
const isData = ({ row }: Said): boolean => row.len > 0 && !set(row, 'SYN') && !set(row, 'RST');
/** Everything that the other end has sent before is acknowledged. */
const isEverything = (said: Said): boolean =>
  ofPeer(said).every((other) => set(other, 'RST') || diff(endOf(other), said.row.ackRaw) <= 0);
/** What it says that is new: no segment before has acknowledged as much. */
const isNews = (said: Said): boolean =>
  ofOwn(said).every(
    (other) =>
      !set(other, 'ACK') || other.arrival !== null || set(other, 'SYN') || diff(other.ackRaw, said.row.ackRaw) < 0,
  );
const arrived = ({ row }: Said): boolean => row.arrival === null;
const relative = (row: SegmentRow, raw: number): number => (row.seq + diff(raw, row.seqRaw)) >>> 0;

/** The highest number that the other end has acknowledged before, as far as its ACKs have come. */
const mostAcknowledged = (said: Said): number | null =>
  ofPeer(said)
    .filter((other) => set(other, 'ACK') && !set(other, 'RST') && (other.arrival?.after ?? 0) <= said.row.packet)
    .reduce<number | null>((known, { ackRaw }) => (known === null || diff(ackRaw, known) > 0 ? ackRaw : known), null);

/** It was not lost, though it may have come late. */
const comes = ({ arrival }: SegmentRow): boolean => arrival === null || arrival.sentAgain === null;

/** The receiver has every byte up to the end of it, as far as the capture tells: it was sent, or acknowledged. */
const isComplete = (said: Said, end: MessageArgument | undefined): boolean => {
  const { row } = said;
  const all = [...ofOwn(said), row];
  const sent = all
    .slice(
      Math.max(
        0,
        all.findLastIndex((other) => set(other, 'SYN')),
      ),
    )
    .filter(comes);
  const known = sent.filter((other) => lengthOf(other) > 0);
  const acked = mostAcknowledged(said);
  const to = row.seqRaw + row.len;
  const isCovered = isCoveredUpTo(known, to) || (acked !== null && isCoveredUpTo(fromAcknowledged(known, acked), to));
  return end === (row.seq + row.len) >>> 0 && peer(row).rcvNxt === (row.seqRaw + row.len) >>> 0 && isCovered;
};
/** What was sent from the highest acknowledgment on, which must begin there. */
const fromAcknowledged = (sent: readonly SegmentRow[], acked: number): SegmentRow[] => {
  const later = sent.filter((other) => diff(endOf(other), acked) > 0);
  return later.sort((a, b) => diff(a.seqRaw, b.seqRaw));
};
/** From where on nothing had been acknowledged when it was sent. */
const isUnacknowledgedFrom = (said: Said, from: MessageArgument | undefined): boolean => {
  const most = mostAcknowledged(said);
  return most === null || from === relative(said.row, most);
};

/** A state by the name that is shown beside the arrow, brackets included, and its names in textbooks where it has any. */
const isNamed = (arg: MessageArgument | undefined, { state, assumed }: Tcb): boolean => {
  const name = assumed ? `(${state})` : state;
  return arg === name || (typeof arg === 'object' && arg.args[0] === name && arg.args[1] === TEXTBOOK_NAMES[state!]);
};
/** As textbooks, netstat(8) and the sockets of BSD and Linux write them. */
const TEXTBOOK_NAMES: Readonly<Record<string, string>> = {
  CLOSED: 'CLOSE',
  'SYN-SENT': 'SYN_SENT, SYN_SEND',
  'SYN-RECEIVED': 'SYN_RCVD, SYN_RECV',
  'FIN-WAIT-1': 'FIN_WAIT_1, FIN_WAIT1',
  'FIN-WAIT-2': 'FIN_WAIT_2, FIN_WAIT2',
  'CLOSE-WAIT': 'CLOSE_WAIT',
  'LAST-ACK': 'LAST_ACK',
  'TIME-WAIT': 'TIME_WAIT',
};
const hasMoved = ({ before, client, server }: SegmentRow): boolean =>
  before!.client.state !== client.state || before!.server.state !== server.state;

/** By the English text of the sentence. */
export const LESSON_RULES: Readonly<Record<string, Truth>> = {
  'The client is {0}, the server {1}.': ({ row, args }) =>
    isNamed(args[0], row.client) && isNamed(args[1], row.server) && (row.before === null || hasMoved(row)),

  // The handshake
  'Step 1 of the three-way handshake: the {0} asks to open a connection (SYN).': (said) =>
    isBareSyn(said) && says(said) && own(said.row).state === 'SYN-SENT' && isOpening(said) && opensAlone(said),
  'The {0} knows that the {1} asks, and {2} = {3}. The {1} knows nothing of the {0} yet, not even that it is there.': (
    said,
  ) =>
    isBareSyn(said) &&
    isOther(said) &&
    isMe(said, 1) &&
    said.args[2] === letterOf(said.row) &&
    isRaw(said.args[3], said.row.seqRaw) &&
    peer(said.row).irs === said.row.seqRaw &&
    own(said.row).irs === null,
  'The {0} puts the connection in its queue of half-open connections (SYN queue), unless it makes do without by SYN cookies (RFC 4987 §3.6).':
    (said) =>
      isBareSyn(said) &&
      isSide(said.args[0], 'server') &&
      said.row.server.state === 'SYN-RECEIVED' &&
      said.row.before?.server.state !== 'SYN-RECEIVED',
  'The {0} would send it again after about 1 s, and wait twice as long each time (RFC 6298 §2.1, §5.5).': (said) =>
    isBareSyn(said) && says(said) && arrived(said),
  'Simultaneous open: both ends have sent a SYN before that of the other came (RFC 9293 §3.5).': (said) =>
    isBareSyn(said) &&
    said.rows.some((other) => other.from !== said.row.from && isBareSyn({ ...said, row: other })) &&
    own(said.row).state !== 'LISTEN',
  'Two programs that connect to each other open one connection, not two. Nobody has to listen.': (said) =>
    isBareSyn(said) && !opensAlone(said),
  'Step 2 of the three-way handshake: the {0} agrees and asks in turn (SYN and ACK in one).': (said) =>
    isSynAck(said) &&
    says(said) &&
    opensAlone(said) &&
    (ofPeer(said).length === 0 ||
      ofPeer(said).some((syn) => isBareSyn({ ...said, row: syn }) && diff(said.row.ackRaw, syn.seqRaw) >= 1)),
  'The {0} knows {1} = {2}, and that its own SYN has arrived: for it the connection is open. The {3} does not know yet whether this segment arrives.':
    (said) =>
      isSynAck(said) &&
      isOther(said) &&
      said.args[1] === 'Y' &&
      isRaw(said.args[2], said.row.seqRaw) &&
      isMe(said, 3) &&
      peer(said.row).state === 'ESTABLISHED' &&
      peer(said.row).irs === said.row.seqRaw &&
      own(said.row).state === 'SYN-RECEIVED',
  'The connection stays in the queue of half-open connections of the {0} until Y + 1 is acknowledged.': (said) =>
    isSynAck(said) && says(said) && own(said.row).state === 'SYN-RECEIVED',
  'Two numbers have to be told and acknowledged, which makes four steps. The ACK of X and the SYN with Y travel in one segment: three are enough.':
    (said) => isSynAck(said) && opensAlone(said),
  'The {0} would send its SYN again, and the {1} its SYN-ACK, each by its own timer.': (said) =>
    isSynAck(said) && isOther(said) && isMe(said, 1) && arrived(said),
  'Step 3 of the three-way handshake: the {0} confirms (ACK).': (said) =>
    completes(said) && says(said) && said.row.from === 'client' && opensAlone(said),
  'Each end knows the number of the other, and that its own has arrived. The data of the client begin at X + 1 = {0}, those of the server at Y + 1 = {1}.':
    (said) => {
      const begin = (side: SegmentRow['from']): number | undefined =>
        earlier(said).findLast((row) => row.from === side && set(row, 'SYN'))?.seqRaw;
      const isBegin = (arg: MessageArgument | undefined, syn: number | undefined): boolean =>
        syn === undefined || isRaw(arg, (syn + 1) >>> 0);
      return completes(said) && isBegin(said.args[0], begin('client')) && isBegin(said.args[1], begin('server'));
    },
  'The {0} moves the connection from the queue of half-open connections (SYN queue) to that of complete ones (accept queue), where the program takes it by accept().':
    (said) => completes(said) && isSide(said.args[0], 'server') && opensAlone(said),
  'Three steps, not two: without this one the {0} would not know that Y has arrived, and an old SYN that comes late would open a connection that nobody wants (RFC 9293 §3.5).':
    (said) => completes(said) && isSide(said.args[0], 'server'),
  'The {0} would repeat its SYN-ACK until it gets this acknowledgment, which every segment of the {1} carries from now on.':
    (said) => completes(said) && isSide(said.args[0], 'server') && isSide(said.args[1], 'client'),

  // The close
  'Step 1 of the four-way close: the {0} has nothing more to send (FIN).': (said) =>
    isFirstFin(said) && says(said) && !['FIN-WAIT-1', 'CLOSING'].includes(peerBefore(said.row)?.state ?? ''),
  'The {0} knows that no more data will come. It may still send, and the {1} still receives.': (said) =>
    isFirstFin(said) && isOther(said) && isMe(said, 1) && peer(said.row).state === 'CLOSE-WAIT' && arrived(said),
  'A FIN takes a sequence number: the {0} would send it again, as it would data.': (said) =>
    set(said.row, 'FIN') && says(said) && arrived(said),
  'Simultaneous close: this FIN of the {0} crosses the other on the way (RFC 9293 §3.6).': (said) =>
    isCrossing(said) && says(said),
  'Each direction is closed by a FIN and its ACK. Both ends begin, so each of them waits in CLOSING for the ACK.':
    isCrossing,
  'An ACK of one of the two FINs that have crossed.': (said) =>
    moved(said, 'CLOSING', 'TIME-WAIT') && acknowledgesFin(said),
  'The {0} would send its FIN again, and be answered again.': (said) =>
    moved(said, 'CLOSING', 'TIME-WAIT') && isOther(said),
  'Step 2 of the four-way close: the {0} acknowledges the FIN of the {1}.': (said) =>
    isFinAck(said) && says(said) && isOther(said, 1),
  'The {0} knows that everything it has sent has arrived, its FIN too. It waits for the FIN of the {1}.': (said) =>
    isFinAck(said) && isOther(said) && isMe(said, 1) && isEverything(said) && finOf(ofOwn(said)) === undefined,
  'Four steps: each direction closes on its own. The system of the {0} acknowledges at once; its FIN follows when its program closes, too (RFC 9293 §3.6).':
    (said) => isFinAck(said) && says(said),
  'The {0} would send its FIN again, unless a later segment that acknowledges it as well comes first.': (said) =>
    isFinAck(said) && isOther(said),
  'Step 3 of the four-way close: the {0} has nothing more to send, either (FIN).': (said) =>
    isSecondFin(said) && says(said) && (hadAcknowledgedFin(said) || finOf(ofPeer(said)) === undefined),
  'The {0} knows that it has got everything: both directions are closed.': (said) =>
    isSecondFin(said) && isOther(said) && peer(said.row).rcvNxt === endOf(said.row) >>> 0,
  'Steps 2 and 3 of the four-way close in one: the {0} acknowledges the FIN and closes, too.': (said) =>
    isJoined(said) && says(said) && !hadAcknowledgedFin(said),
  'The {0} knows that everything has arrived, and that it has got everything.': (said) =>
    isJoined(said) && isOther(said),
  'Three segments, not four: the {0} had nothing left to send when the FIN came, so that its ACK and its own FIN travel in one.':
    (said) => isJoined(said) && says(said),
  'Last step of the four-way close: the {0} acknowledges the FIN of the {1}.': (said) =>
    isLastAck(said) && says(said) && isOther(said, 1),
  'The {0} knows that everything has arrived, and forgets the connection. The {1} cannot know whether this ACK arrives.':
    (said) => isLastAck(said) && isOther(said) && isMe(said, 1),
  'TIME-WAIT is needed: if this ACK is lost, the FIN comes again and has to be answered; and old segments die out before the same ports are used again (RFC 9293 §3.3.2).':
    isLastAck,
  'The {0} would stay in LAST-ACK and send its FIN again, which the {1} answers from TIME-WAIT.': (said) =>
    isLastAck(said) && isOther(said) && isMe(said, 1),

  // Resets
  'A reset ends the connection at once: nothing more is sent, and nobody acknowledges it (RFC 9293 §3.5.3).': (said) =>
    isReset(said) && peer(said.row).state === 'CLOSED' && peerBefore(said.row)?.state !== 'CLOSED',
  'The {0} knows that the {1} has no such connection, or no longer.': (said) =>
    isReset(said) && isOther(said) && isMe(said, 1) && peer(said.row).state === 'CLOSED',
  'The {0} takes the connection out of its queue of half-open connections.': (said) =>
    isReset(said) && isSide(said.args[0], 'server') && moved(said, 'SYN-RECEIVED', 'CLOSED'),
  'A reset is not repeated: the {0} would learn it from the answer to what it sends next.': (said) =>
    isReset(said) && isOther(said) && arrived(said),

  // Windows and probes
  'The window is the room that the {0} has left for data its program has not read yet: so a fast sender cannot swamp a slow reader (flow control, RFC 9293 §3.8.6).':
    (said) => says(said) && said.row.window === 0,
  'The {0} knows that it must wait. It may only probe now and then (RFC 9293 §3.8.6.1).': (said) =>
    isOther(said) && said.row.window === 0 && (peer(said.row).sndWnd ?? 0) === 0,
  'The {0} knows that there is room again, and may go on.': (said) =>
    isOther(said) && said.row.window > 0 && ofOwn(said).at(-1)?.window === 0,
  'Both would wait for each other, if the {0} did not probe the closed window from time to time (RFC 9293 §3.8.6.1).': (
    said,
  ) => isOther(said) && said.row.window > 0 && ofOwn(said).at(-1)?.window === 0,
  'A silent connection looks the same whether the other end is still there or not. The {0} has seen this number before, so it must answer with an ACK (RFC 9293 §3.8.4).':
    (said) => isOther(said) && has(said.row, 'keep-alive') && ownBefore(said.row)?.sndWnd !== 0,
  'The {0} would ask again later. Only after several without an answer it gives up.': (said) =>
    says(said) && has(said.row, 'keep-alive'),
  'The {0} asks for {1} once more: that is where its data end that are complete.': (said) =>
    says(said) && said.args[1] === said.row.ack && ofOwn(said).some(({ ackRaw }) => ackRaw === said.row.ackRaw),
  'An ACK tells up to where everything has come, so each segment that comes out of order makes the receiver repeat it. Three such are taken for a loss (RFC 5681 §3.2).':
    (said) => has(said.row, 'duplicate-ack') && isAck(said),

  // Data and acknowledgments
  'Data of the {0}: one byte, with the sequence number {1}.': (said) =>
    isData(said) && says(said) && said.row.len === 1 && said.args[1] === said.row.seq,
  'Data of the {0}: each byte has a sequence number, here {1} to {2}.': (said) =>
    isData(said) &&
    says(said) &&
    said.args[1] === said.row.seq &&
    diff(Number(said.args[2]), Number(said.args[1])) === said.row.len - 1 &&
    !set(said.row, 'RST'),
  'The {0} has everything before {1}. The {2} learns that only from an acknowledgment: until then it keeps everything from {3} on, to send it again if it must.':
    (said) =>
      isData(said) &&
      isOther(said) &&
      isMe(said, 2) &&
      arrived(said) &&
      isComplete(said, said.args[1]) &&
      isUnacknowledgedFrom(said, said.args[3]),
  'The {0} has these bytes, but not {1} to {2}: until those come, its program gets nothing of it.': (said) =>
    isData(said) &&
    isOther(said) &&
    arrived(said) &&
    said.args[1] === relative(said.row, peer(said.row).rcvNxt!) &&
    said.args[2] === (said.row.seq - 1) >>> 0 &&
    diff(said.row.seqRaw, peer(said.row).rcvNxt!) > 0,
  'The {0} would go on asking for {1}. The {2} would send it again after three duplicate ACKs, or when its timer expires (RFC 5681 §3.2, RFC 6298 §5.4).':
    (said) =>
      isData(said) &&
      isOther(said) &&
      said.args[1] === said.row.seq &&
      isMe(said, 2) &&
      arrived(said) &&
      !ofPeer(said).some((ack) => set(ack, 'ACK') && diff(ack.ackRaw, said.row.seqRaw) > 0),
  'An ACK alone. It takes no sequence number, so it is not acknowledged in turn.': (said) =>
    isAck(said) && isNews(said),
  'The {0} knows that everything it has sent has arrived.': (said) =>
    isAck(said) && isOther(said) && isEverything(said),
  'The {0} knows that everything before {1} has arrived, and need not keep it.': (said) =>
    isAck(said) &&
    isOther(said) &&
    said.args[1] === said.row.ack &&
    !ofPeer(said).every((other) => diff(endOf(other), said.row.ackRaw) <= 0),
  'A later ACK would say the same and more. If none came, the {0} would send its data again, and be answered again.': (
    said,
  ) => isAck(said) && isOther(said) && arrived(said),
};
