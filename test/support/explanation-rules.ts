/**
 * What must be true of a segment, of the states shown beside it and of the segments around it, wherever a sentence is said
 * of it. Worked out anew from the rows, apart from the code that chooses the sentences.
 */
import { count } from '../../src/core/format/number';
import { duration } from '../../src/core/format/time';
import type { Message, MessageArgument } from '../../src/core/model/message';
import type { SegmentRow, Tcb } from '../../src/core/model/segment';
import {
  type Said,
  type Truth,
  completes,
  diff,
  earlier,
  endOf,
  hasSentFin,
  isBareSyn,
  isCoveredUpTo,
  isOpen,
  isRaw,
  isResentFrom,
  isReset,
  isSide,
  later,
  lengthOf,
  moved,
  noted,
  notedAsWireshark,
  own,
  ownBefore,
  packetRows,
  peer,
  peerBefore,
  peerOf,
  says,
  set,
} from './said';

/** "X + 1": the letter of the acknowledged side, and by how much the number is beyond its ISN. */
const isSum = (arg: MessageArgument | undefined, { row, letter }: { row: SegmentRow; letter: string }): boolean => {
  const iss = row[letter === 'X' ? 'client' : 'server'].iss;
  return iss === null
    ? typeof arg === 'string' && arg.startsWith(letter)
    : arg === `${letter} + ${diff(row.ackRaw, iss)}`;
};

/** SYNs, or SYN-ACKs, with the same number from the same end, up to this one. */
const sameSyns = (said: Said): SegmentRow[] =>
  [...earlier(said), said.row].filter(
    (other) =>
      other.from === said.row.from &&
      set(other, 'SYN') &&
      !set(other, 'RST') &&
      set(other, 'ACK') === set(said.row, 'ACK') &&
      other.seqRaw === said.row.seqRaw,
  );

const isRepeatedSyn = (said: Said, name: MessageArgument | undefined, number: MessageArgument | undefined): boolean =>
  set(said.row, 'SYN') && (name === 'SYN-ACK') === set(said.row, 'ACK') && sameSyns(said).length === number;

/** A packet of the receiver that came after this one without acknowledging it. */
const isUnacknowledgedBy = (said: Said, packet: MessageArgument | undefined): boolean =>
  packetRows(said, packet).some(
    (other) =>
      other.connection === said.row.connection &&
      other.from === peerOf(said.row) &&
      other.row > said.row.row &&
      // A SYN is answered by a SYN: an ACK alone is about a connection before it (RFC 9293 §3.10.7.2).
      (lengthOf(said.row) === 0 ||
        set(said.row, 'RST') ||
        !set(other, 'ACK') ||
        set(said.row, 'SYN') !== set(other, 'SYN') ||
        diff(other.ackRaw, endOf(said.row)) < 0),
  );

/** A later packet of the same end with bytes of this one. */
const isSentAgainIn = (said: Said, packet: MessageArgument | undefined): boolean =>
  packetRows(said, packet).some(
    (other) =>
      other.from === said.row.from &&
      other.row > said.row.row &&
      diff(other.seqRaw, endOf(said.row)) < 0 &&
      diff(endOf(other), said.row.seqRaw) > 0,
  );

/** "acknowledges Y + 1", and more where the SYN-ACK carried data; the number alone where the ISN is not known. */
const saysWhatIsAcknowledged = (arg: MessageArgument | undefined, { row }: Said): boolean => {
  const { text, args } = arg as Message;
  const letter = row.from === 'client' ? 'Y' : 'X';
  const { iss } = peer(row);
  if (text === 'acknowledges {0}') return args[0] === row.ackRaw && iss === null;
  const beyond = text === 'acknowledges {0} + 1' ? 1 : args[1];
  return iss !== null && args[0] === letter && diff(row.ackRaw, iss) === beyond;
};

const isState = (arg: MessageArgument | undefined, { state }: Tcb): boolean =>
  arg === state || (typeof arg === 'object' && arg.args.includes(state ?? ''));

const isMoved = ({ row }: Said): boolean => own(row).state !== ownBefore(row)?.state && hasSentFin(own(row));

const isTimeWait = ({ row, args }: Said): boolean =>
  (['client', 'server'] as const).some((side) => isSide(args[0], side) && row[side].state === 'TIME-WAIT');

/** By the English text of the sentence. */
export const EXPLANATION_RULES: Readonly<Record<string, Truth>> = {
  // The handshake
  'The client opens with its initial sequence number X = {0}.': (said) =>
    isBareSyn(said) && said.row.from === 'client' && isRaw(said.args[0], said.row.seqRaw) && !isOpen(said.row.client),
  'The server opens as well: simultaneous open, Y = {0}.': (said) =>
    isBareSyn(said) &&
    said.row.from === 'server' &&
    isRaw(said.args[0], said.row.seqRaw) &&
    earlier(said).some((other) => other.from === 'client' && set(other, 'SYN')),
  'The server accepts: {0} = {1}, and acknowledges {2} = {3}.': ({ row, args }) =>
    set(row, 'SYN', 'ACK') &&
    row.from === 'server' &&
    args[0] === 'Y' &&
    isRaw(args[1], row.seqRaw) &&
    isSum(args[2], { row, letter: 'X' }) &&
    isRaw(args[3], row.ackRaw) &&
    row.server.state === 'SYN-RECEIVED',
  'The {0}, which has opened as well, answers the SYN of the {1}: {2} = {3}, acknowledges {4} = {5}.': ({
    row,
    args,
  }) =>
    set(row, 'SYN', 'ACK') &&
    isSide(args[0], row.from) &&
    isSide(args[1], peerOf(row)) &&
    args[2] === (row.from === 'server' ? 'Y' : 'X') &&
    isRaw(args[3], row.seqRaw) &&
    isSum(args[4], { row, letter: row.from === 'server' ? 'X' : 'Y' }) &&
    isRaw(args[5], row.ackRaw) &&
    ownBefore(row)?.iss !== null,
  'The {0} answers an older SYN: {1} = {2}, and acknowledges {3}, which is not {4} + 1.': ({ row, args }) =>
    set(row, 'SYN', 'ACK') &&
    isSide(args[0], row.from) &&
    isRaw(args[2], row.seqRaw) &&
    isRaw(args[3], row.ackRaw) &&
    peerBefore(row)?.iss !== (row.ackRaw - 1) >>> 0,
  'Has the SYN flag, but opens nothing: the {0} is {1}.': (said) =>
    set(said.row, 'SYN') &&
    says(said) &&
    isState(said.args[1], own(said.row)) &&
    own(said.row).state !== 'SYN-RECEIVED',
  'Handshake complete after {0}: {1}.': (said) => {
    const syn = said.rows.find((other) => set(other, 'SYN'))!;
    const { row, args } = said;
    return completes(said) && saysWhatIsAcknowledged(args[1], said) && args[0] === duration(row.timeNs! - syn.timeNs!);
  },
  'Handshake complete: {0}.': (said) => completes(said) && saysWhatIsAcknowledged(said.args[0], said),
  'A SYN had to be sent again: for data the timer begins at 3 s where it was shorter (RFC 6298 §5.7).': (said) =>
    completes(said) &&
    earlier(said).some((syn, i, all) =>
      all
        .slice(0, i)
        .some(
          (other) => set(other, 'SYN') && set(syn, 'SYN') && other.from === syn.from && other.seqRaw === syn.seqRaw,
        ),
    ),
  '{0} number 2, {1} after the first: the timer of RFC 6298 §2.1 has expired.': (said) =>
    isRepeatedSyn(said, said.args[0], 2),
  '{0} number {1}, {2} after the one before and {3} after the first: the timer doubles each time (RFC 6298 §5.5).': (
    said,
  ) => isRepeatedSyn(said, said.args[0], said.args[1]),
  '{0} number {1}, {2} after the one before: too soon for a timer (RFC 6298 §2.1), perhaps a copy that the network made.':
    (said) => isRepeatedSyn(said, said.args[0], said.args[1]),
  'SYN-ACK number {0}, in answer to the SYN that came again in packet {1}.': (said) =>
    isRepeatedSyn(said, 'SYN-ACK', said.args[0]) &&
    packetRows(said, said.args[1]).some(
      (syn) => syn.from === peerOf(said.row) && set(syn, 'SYN') && syn.row < said.row.row,
    ),
  'No answer is in the capture. RFC 9293 §3.8.3 asks for 3 minutes of trying; Linux sends the SYN again after 1, 2, 4 … s, 6 times, and gives up after 127 s.':
    (said) => isBareSyn(said) && !later(said).some(({ from }) => from !== said.row.from),
  'No ACK of it is in the capture: the connection stays half-open. {0}': (said) =>
    set(said.row, 'SYN', 'ACK') && own(said.row).state === 'SYN-RECEIVED' && staysHalfOpen(said),
  'No ACK of it is in the capture: half-open for {0} by now. {1}': (said) =>
    set(said.row, 'SYN', 'ACK') && own(said.row).state === 'SYN-RECEIVED' && staysHalfOpen(said),

  // The close
  'The {0} starts the close.': (said) =>
    set(said.row, 'FIN') &&
    says(said) &&
    hasSentFin(own(said.row)) &&
    !['LAST-ACK', 'CLOSING'].includes(own(said.row).state ?? ''),
  'The {0} closes too.': (said) =>
    set(said.row, 'FIN') &&
    says(said) &&
    ['LAST-ACK', 'CLOSED'].includes(own(said.row).state ?? '') &&
    earlier(said).some((other) => other.from === peerOf(said.row) && set(other, 'FIN')),
  'The {0} closes at the same time, the two FINs cross.': (said) =>
    set(said.row, 'FIN') &&
    says(said) &&
    earlier(said).some(
      (other) => other.from === peerOf(said.row) && set(other, 'FIN') && diff(said.row.ackRaw, endOf(other)) < 0,
    ),
  'The {0} sends its FIN again.': (said) =>
    set(said.row, 'FIN') &&
    says(said) &&
    (said.row.row === 0 || earlier(said).some((other) => other.from === said.row.from)),
  'Acknowledges the FIN of the {0}.': (said) =>
    moved(said, 'FIN-WAIT-1', 'FIN-WAIT-2') && isSide(said.args[0], peerOf(said.row)) && set(said.row, 'FIN'),
  'Acknowledges the FIN: the {0} has stopped sending, the connection is half-closed.': (said) =>
    moved(said, 'FIN-WAIT-1', 'FIN-WAIT-2') &&
    isSide(said.args[0], peerOf(said.row)) &&
    !set(said.row, 'FIN') &&
    (!said.isOrdinary ||
      earlier(said).some(
        (fin) => fin.from === peerOf(said.row) && set(fin, 'FIN') && diff(endOf(fin), said.row.ackRaw) <= 0,
      )),
  'Acknowledges the last FIN: the {0} is closed.': (said) =>
    moved(said, 'LAST-ACK', 'CLOSED') && isSide(said.args[0], peerOf(said.row)),
  'Has the FIN flag, but closes nothing: the {0} is {1}.': (said) =>
    set(said.row, 'FIN') && says(said) && isState(said.args[1], own(said.row)) && !isMoved(said),
  'Acknowledges the last FIN: closed. The {0} stays in TIME-WAIT for 2·MSL.': (said) =>
    moved(said, 'LAST-ACK', 'CLOSED') && says(said) && own(said.row).state === 'TIME-WAIT',
  'Acknowledges the FIN of the {0}: both closed at the same time, it waits 2·MSL now.': (said) =>
    moved(said, 'CLOSING', 'TIME-WAIT') && isSide(said.args[0], peerOf(said.row)),
  'FIN and acknowledgment in one: the {0} goes straight to TIME-WAIT.': (said) =>
    moved(said, 'FIN-WAIT-1', 'TIME-WAIT') && set(said.row, 'FIN', 'ACK') && isSide(said.args[0], peerOf(said.row)),
  'TIME-WAIT of the {0} lasts until {1} s of the capture: 2·MSL, 240 s (RFC 9293 §3.4.2); Linux waits 60 s.':
    isTimeWait,
  'TIME-WAIT of both ends lasts until {0} s of the capture: 2·MSL, 240 s (RFC 9293 §3.4.2); Linux waits 60 s.': ({
    row,
  }) => row.client.state === 'TIME-WAIT' && row.server.state === 'TIME-WAIT',
  'The FIN again: TIME-WAIT of the {0}, which had lasted {1}, starts anew (RFC 9293 §3.10.7.4).': (said) =>
    isTimeWait(said) && set(said.row, 'FIN') && isSide(said.args[0], peerOf(said.row)),
  'TIME-WAIT of the {0} began {1} ago, more than 2·MSL (240 s).': isTimeWait,
  'TIME-WAIT of the {0} has lasted {1} of 240 s.': isTimeWait,
  'TIME-WAIT reuse: the {0} has held the connection before this one, of the same addresses and ports, for {1}.': (
    said,
  ) => isBareSyn(said),
  'It opens anew by itself: RFC 6191 is about SYNs from the other end; Linux allows it (tcp_tw_reuse).': isBareSyn,
  'Acceptable: its timestamp {0} is later than {1}, the last one before (RFC 6191 §2).': (said) =>
    isBareSyn(said) && diff(Number(said.args[0]), Number(said.args[1])) > 0,
  'Not acceptable: its timestamp {0} is before {1}, the last one (RFC 6191 §2).': (said) =>
    isBareSyn(said) && diff(Number(said.args[0]), Number(said.args[1])) < 0,
  'Acceptable: it has a timestamp, and the connection before had none (RFC 6191 §2).': isBareSyn,
  'Acceptable: SEG.SEQ {0} is beyond the numbers used before, RCV.NXT {1} (RFC 9293 §3.6.1).': (said) =>
    isBareSyn(said) && said.args[0] === said.row.seqRaw && diff(said.row.seqRaw, Number(said.args[1])) >= 0,
  'Not acceptable: SEG.SEQ {0} is below RCV.NXT {1} of the connection before (RFC 9293 §3.6.1).': (said) =>
    isBareSyn(said) && said.args[0] === said.row.seqRaw && diff(said.row.seqRaw, Number(said.args[1])) < 0,

  // Resets, and what fits no connection
  'Refused: the {0} answers the SYN with a reset.': (said) =>
    isReset(said) &&
    set(said.row, 'ACK') &&
    says(said) &&
    peerBefore(said.row)?.state === 'SYN-SENT' &&
    (said.row.arrival !== null || peer(said.row).state === 'CLOSED'),
  'Reset: the {0} has no such connection.': (said) =>
    isReset(said) && says(said) && ['CLOSED', 'LISTEN'].includes(own(said.row).state ?? ''),
  'Reset in answer to a segment that fits no connection of the {0}.': (said) =>
    isReset(said) && says(said) && own(said.row).state === 'SYN-SENT',
  'Reset: the {0} has closed already and knows this connection no more.': (said) =>
    isReset(said) && says(said) && ['CLOSED', 'TIME-WAIT'].includes(own(said.row).state ?? ''),
  'Reset: the {0} aborts the connection.': (said) =>
    isReset(said) && says(said) && own(said.row).state !== 'TIME-WAIT' && ownBefore(said.row)?.state !== 'CLOSED',
  'Belongs to no connection: within one, every segment has the ACK flag (RFC 9293 §3.1). Scanners send such.': ({
    row,
  }) => !set(row, 'ACK') && !set(row, 'SYN') && !set(row, 'RST') && own(row).state === 'CLOSED',

  // Data and acknowledgments
  'Sends 1 byte.': ({ row }) => row.len === 1,
  'Sends {0} bytes.': ({ row, args }) => row.len > 1 && args[0] === count(row.len),
  'Sends {0} bytes: “{1}”': ({ row, args }) =>
    args[0] === count(row.len) && typeof args[1] === 'string' && args[1].length <= row.len,
  'Sends {0} bytes that begin with “{1}”': ({ row, args }) => args[0] === count(row.len) && row.len > 0,
  'Acknowledges packet {0} after {1}.': (said) => {
    const { row, args } = said;
    return packetRows(said, args[0]).some(
      (other) =>
        other.from === peerOf(row) &&
        diff(endOf(other), row.ackRaw) <= 0 &&
        lengthOf(other) > 0 &&
        (row.timeNs! > Number.MAX_SAFE_INTEGER || args[1] === duration(row.timeNs! - other.timeNs!)),
    );
  },
  'Acknowledges packet {0}.': (said) =>
    packetRows(said, said.args[0]).some(
      (other) => other.from === peerOf(said.row) && diff(endOf(other), said.row.ackRaw) <= 0 && lengthOf(other) > 0,
    ),
  'Acknowledges everything before {0}.': ({ row, args }) => set(row, 'ACK') && args[0] === row.ack,
  'Packet {0}, captured again: it has the same IP identification. Nothing was sent twice.': (said) =>
    packetRows(said, said.args[0]).some(
      (other) =>
        other.segment < said.row.segment &&
        other.from === said.row.from &&
        other.seqRaw === said.row.seqRaw &&
        other.ackRaw === said.row.ackRaw &&
        other.len === said.row.len &&
        other.flags.join() === said.row.flags.join(),
    ),
  'The window of the {0} is zero: this is the {1}’s window probe.': (said) =>
    isSide(said.args[0], peerOf(said.row)) && isSide(said.args[1], said.row.from) && ownBefore(said.row)?.sndWnd === 0,

  // What had not arrived
  'It had not arrived when the {0} sent packet {1}: still on its way, or lost.': (said) =>
    said.row.arrival !== null && isSide(said.args[0], peerOf(said.row)) && isUnacknowledgedBy(said, said.args[1]),
  'It had not arrived when the {0} sent packet {1}; packet {2} carries the same again.': (said) =>
    said.row.arrival !== null &&
    isSide(said.args[0], peerOf(said.row)) &&
    isUnacknowledgedBy(said, said.args[1]) &&
    isSentAgainIn(said, said.args[2]),
  'Nothing shows that it arrived: the {0} says nothing until packet {1} has carried the same again.': (said) =>
    said.row.arrival !== null && isSide(said.args[0], peerOf(said.row)) && isSentAgainIn(said, said.args[1]),
  'No program listens at this port of the {0}, as its reset in packet {1} shows.': (said) =>
    isBareSyn(said) &&
    isSide(said.args[0], peerOf(said.row)) &&
    ['CLOSED', 'LISTEN'].includes(peer(said.row).state ?? '') &&
    packetRows(said, said.args[1]).some(
      (other) =>
        other.from === peerOf(said.row) &&
        set(other, 'RST') &&
        (!set(other, 'ACK') || other.ackRaw === endOf(said.row) >>> 0),
    ),
  'The {0} has no such connection, as its reset in packet {1} shows.': (said) =>
    isSide(said.args[0], peerOf(said.row)) &&
    peer(said.row).state === 'CLOSED' &&
    packetRows(said, said.args[1]).some(
      (other) => other.from === peerOf(said.row) && set(other, 'RST') && other.row > said.row.row,
    ),

  // Calls of programs
  'connect(): the program at the {0} opens the connection.': (said) => isBareSyn(said) && says(said),
  'connect(), or a program that writes its own segments: this SYN has no options.': isBareSyn,
  'connect(), or a program that writes its own segments: packet {0} resets the answer.': (said) =>
    isBareSyn(said) &&
    packetRows(said, said.args[0]).some((other) => other.from === said.row.from && set(other, 'RST')),
  'sendto() with MSG_FASTOPEN, or connect() with Fast Open switched on (RFC 7413).': isBareSyn,
  'listen(): the {0} has a listening socket, in whose queue of half-open connections this one waits for its ACK.': (
    said,
  ) => set(said.row, 'SYN', 'ACK') && says(said) && own(said.row).state === 'SYN-RECEIVED',
  'accept(): the connection waits in the accept queue of the {0}.': (said) =>
    completes(said) && isSide(said.args[0], peerOf(said.row)),
  'accept(): the connection goes to the accept queue of the {0}, whose program has taken it by packet {1}.': (said) =>
    completes(said) &&
    isSide(said.args[0], peerOf(said.row)) &&
    packetRows(said, said.args[1]).some(
      (other) => other.from === peerOf(said.row) && (other.len > 0 || set(other, 'FIN')),
    ),
  'send() or write(): PSH says that the data of the {0} ends here.': (said) =>
    set(said.row, 'PSH') && said.row.len > 0 && says(said),
  'recv() or read(): the program at the {0} has taken data, so that its window opens.': (said) =>
    says(said) && said.row.scaledWindow! > (ownBefore(said.row)?.rcvWnd ?? Infinity),
  'shutdown(SHUT_WR): the {0} goes on receiving, as packet {1} shows.': (said) =>
    set(said.row, 'FIN') &&
    says(said) &&
    packetRows(said, said.args[1]).some(
      (other) => other.from === said.row.from && other.row > said.row.row && diff(other.ackRaw, said.row.ackRaw) > 0,
    ),
  'close(): nobody reads at the {0} any more, which packet {1} tells by a reset.': (said) =>
    set(said.row, 'FIN') &&
    says(said) &&
    packetRows(said, said.args[1]).some((other) => other.from === said.row.from && set(other, 'RST')),
  'close() or shutdown(SHUT_WR): both send a FIN, and what follows fits either.': ({ row }) => set(row, 'FIN'),
  'close() with data unread: a reset instead of a FIN (RFC 1122 §4.2.2.13, RFC 2525 §2.17).': isReset,
  'close() with SO_LINGER and a time of 0: a reset instead of a FIN.': isReset,
  'close() with data unread (RFC 1122 §4.2.2.13), or with SO_LINGER and a time of 0: a reset instead of a FIN, and nothing tells them apart.':
    isReset,

  // Notes with Wireshark's names
  'The same addresses and ports as an earlier connection, with a new initial sequence number.': noted(
    'reused-ports',
    ({ row }) => set(row, 'SYN'),
  ),
  'Zero window probe: one byte sent into the closed window to hear when it opens.': noted(
    'zero-window-probe',
    ({ row }) => row.len === 1,
  ),
  'Zero window: the receive buffer is full, the peer must stop sending.': noted(
    'zero-window',
    ({ row }) => row.window === 0 && !set(row, 'SYN') && !set(row, 'FIN') && !set(row, 'RST'),
  ),
  'A segment before this one has not come: it is late, lost, or missing from the capture.': notedAsWireshark(
    'lost-segment',
    (said) =>
      !earlier(said).some(
        (other) => other.from === said.row.from && lengthOf(other) > 0 && endOf(other) >>> 0 === said.row.seqRaw,
      ),
  ),
  'Keep-alive: starts one byte below what is new, to make the peer answer.': noted(
    'keep-alive',
    ({ row }) => row.len <= 1,
  ),
  'Answer to a keep-alive: the peer is still there.': noted('keep-alive-ack', ({ row }) => row.len === 0),
  'Answer to a zero window probe: the window is still closed.': noted(
    'zero-window-probe-ack',
    ({ row }) => row.window === 0 && row.len === 0,
  ),
  'Window update: nothing new is acknowledged, only the receive window changed.': noted(
    'window-update',
    (said) =>
      said.row.len === 0 && earlier(said).findLast(({ from }) => from === said.row.from)?.ackRaw === said.row.ackRaw,
  ),
  'Window full: this segment fills the receive window to its last byte.': noted(
    'window-full',
    ({ row }) => row.len > 0,
  ),
  'Duplicate ACK {0} of the one in packet {1}: something came that was not the next in order.': noted(
    'duplicate-ack',
    (said) =>
      said.row.len === 0 &&
      packetRows(said, said.args[1]).some((other) => other.ackRaw === said.row.ackRaw && other.row < said.row.row),
  ),
  'Duplicate ACK {0}.': noted('duplicate-ack', ({ row }) => row.len === 0),
  'Acknowledges up to the end of packet {0}, more than was seen in order: data may be missing.': noted(
    'ack-lost-segment',
    (said) =>
      packetRows(said, said.args[0]).some(
        (other) => other.from === peerOf(said.row) && endOf(other) >>> 0 === said.row.ackRaw,
      ),
  ),
  'Acknowledges data that is not in the capture.': notedAsWireshark(
    'ack-lost-segment',
    (said) =>
      !isCoveredUpTo(
        earlier(said).filter(({ from }) => from === peerOf(said.row)),
        said.row.ackRaw,
      ),
  ),
  'Spurious retransmission of packet {0}: the peer had acknowledged this data before.': notedAsWireshark(
    'spurious-retransmission',
    (said) => isResentFrom(said, said.args[0]) && wasAcknowledged(said),
  ),
  'Spurious retransmission: the peer had acknowledged this data before.': notedAsWireshark(
    'spurious-retransmission',
    wasAcknowledged,
  ),
  'Fast retransmission of packet {0}: duplicate ACKs asked for it.': noted('fast-retransmission', (said) =>
    isResentFrom(said, said.args[0]),
  ),
  'Fast retransmission: duplicate ACKs asked for this data.': noted('fast-retransmission', (said) =>
    earlier(said).some(
      (other) => other.from === peerOf(said.row) && other.notes.some(({ kind }) => kind === 'duplicate-ack'),
    ),
  ),
  'Out of order: a segment with later data came first. It was overtaken on its way, or lost and quickly sent again.':
    noted('out-of-order', (said) =>
      earlier(said).some((other) => other.from === said.row.from && diff(endOf(other), said.row.seqRaw) > 0),
    ),
  'Retransmission of packet {0}, {1} after it.': noted('retransmission', (said) => isResentFrom(said, said.args[0])),
  'Retransmission of packet {0}.': noted('retransmission', (said) => isResentFrom(said, said.args[0])),
  'Retransmission of data that was sent before.': noted('retransmission', (said) =>
    earlier(said).some((other) => other.from === said.row.from && diff(endOf(other), said.row.seqRaw) >= 0),
  ),
};

/** No ACK of the SYN-ACK comes that is no SYN again. */
function staysHalfOpen(said: Said): boolean {
  return !later(said).some(
    (other) =>
      other.from === peerOf(said.row) &&
      !set(other, 'SYN') &&
      !set(other, 'RST') &&
      set(other, 'ACK') &&
      diff(other.ackRaw, endOf(said.row)) >= 0,
  );
}

function wasAcknowledged(said: Said): boolean {
  return earlier(said).some(
    (other) => other.from === peerOf(said.row) && set(other, 'ACK') && diff(other.ackRaw, endOf(said.row)) >= 0,
  );
}
