/**
 * What must be true wherever a test of arriving segments is shown (RFC 9293 §3.10.7): its numbers are those of the
 * segment and of the receiver's variables before it, its sign is that of the comparison, and what it lets through or
 * not is what the state beside it shows. Worked out with integers beyond 32 bits, apart from `seqLt` and its like.
 */
import type { AcceptanceCheck, SegmentRow, Tcb } from '../../src/core/model/segment';
import { diff, peer, peerBefore, type Said, set } from './said';

/** Whether a check says what is so. */
export type Judged = (said: Said & { readonly check: AcceptanceCheck }) => boolean;

/** A raw number of the sender's sequence space, or of the one that it acknowledges, as the row shows such. */
const inSeq = (row: SegmentRow, raw: number): number => (row.seq + diff(raw, row.seqRaw)) >>> 0;
const inAck = (row: SegmentRow, raw: number): number => (row.ack + diff(raw, row.ackRaw)) >>> 0;
/** SEG.LEN counts both SYN and FIN (RFC 9293 §3.4). */
const segLen = (row: SegmentRow): number => row.len + (set(row, 'SYN') ? 1 : 0) + (set(row, 'FIN') ? 1 : 0);
const receiver = ({ row }: Said): Tcb => peerBefore(row)!;

/** RCV.NXT and the edge of the window, in the places where the text has them. */
const hasWindow = (said: Said, next: number, edge: number): boolean => {
  const { rcvNxt, rcvWnd } = receiver(said);
  const shown = inSeq(said.row, rcvNxt!);
  return said.args[next] === shown && said.args[edge] === shown + rcvWnd!;
};
const isInside = (said: Said, raw: number): boolean => {
  const { rcvNxt, rcvWnd } = receiver(said);
  const distance = (raw - rcvNxt!) >>> 0;
  return distance < rcvWnd!;
};
/** SND.UNA, SEG.ACK and SND.NXT, in this order. */
const hasAckNumbers = ({ row, args, ...said }: Said): boolean => {
  const { sndUna, sndNxt } = receiver({ row, args, ...said });
  return args[0] === inAck(row, sndUna!) && args[1] === row.ack && args[2] === inAck(row, sndNxt!);
};
const beyondUna = (said: Said): number => diff(said.row.ackRaw, receiver(said).sndUna!);
const beyondNext = (said: Said): number => diff(said.row.ackRaw, receiver(said).sndNxt!);
const holds =
  (truth: Judged): Judged =>
  (said) =>
    said.check.holds && truth(said);
/** What is rejected moves nothing that its receiver has got. */
const fails =
  (truth: Judged): Judged =>
  (said) =>
    !said.check.holds && truth(said) && isUntouched(said);
const isUntouched = (said: Said): boolean => peer(said.row).rcvNxt === receiver(said).rcvNxt || isOpenedAnew(said);
/** A SYN that a listener takes begins a connection anew, whatever there was before. */
const isOpenedAnew = ({ row }: Said): boolean => set(row, 'SYN') && peer(row).state === 'SYN-RECEIVED';

/** By the English text of the check. */
export const ACCEPTANCE_RULES: Readonly<Record<string, Judged>> = {
  'The receiver is CLOSED: there is no connection that could take it': fails(
    (said) => receiver(said).state === 'CLOSED' && peer(said.row).state === 'CLOSED',
  ),
  'In LISTEN only a SYN without ACK is accepted': (said) =>
    said.check.holds === (set(said.row, 'SYN') && !set(said.row, 'ACK') && !set(said.row, 'RST')) &&
    (said.check.holds || peer(said.row).state !== 'SYN-RECEIVED'),
  'In SYN-SENT a RST is accepted if it acknowledges the SYN': (said) =>
    set(said.row, 'RST') && said.check.holds === set(said.row, 'ACK') && receiver(said).state === 'SYN-SENT',
  'In SYN-SENT only a SYN or a RST is accepted': (said) =>
    said.check.holds === set(said.row, 'SYN') && receiver(said).state === 'SYN-SENT',
  'SEG.TSval {0} < TS.Recent {1}: an old duplicate': fails(
    (said) => diff(Number(said.args[0]), Number(said.args[1])) < 0,
  ),
  'RST: SEG.SEQ {0} = RCV.NXT {1}': holds(
    (said) => set(said.row, 'RST') && said.row.seqRaw === receiver(said).rcvNxt && said.args[0] === said.row.seq,
  ),
  'RST: SEG.SEQ {0} ≠ RCV.NXT {1}: answered with a challenge ACK, not obeyed': fails(
    (said) =>
      set(said.row, 'RST') &&
      said.args[0] === said.row.seq &&
      said.args[1] === inSeq(said.row, receiver(said).rcvNxt!) &&
      said.args[0] !== said.args[1] &&
      peer(said.row).state === receiver(said).state,
  ),
  'SYN in {0}: answered with a challenge ACK': fails(
    (said) =>
      set(said.row, 'SYN') &&
      [receiver(said).state, `(${receiver(said).state})`].includes(said.args[0] as string) &&
      peer(said.row).state === receiver(said).state,
  ),
  'It has no ACK flag: dropped': fails((said) => !set(said.row, 'ACK')),

  'SEG.LEN {0} > 0 while RCV.WND = 0: no segment with data is acceptable': fails(
    (said) => receiver(said).rcvWnd === 0 && said.args[0] === segLen(said.row) && segLen(said.row) > 0,
  ),
  'SEG.SEQ {0} = RCV.NXT {1}, RCV.WND = 0': holds(
    (said) => receiver(said).rcvWnd === 0 && said.args[0] === said.row.seq && said.args[1] === said.row.seq,
  ),
  'SEG.SEQ {0} ≠ RCV.NXT {1}, RCV.WND = 0': fails(
    (said) => receiver(said).rcvWnd === 0 && said.args[0] === said.row.seq && said.args[1] !== said.row.seq,
  ),
  'RCV.NXT {0} ≤ SEG.SEQ {1} < RCV.NXT + RCV.WND {2}': holds(
    (said) => hasWindow(said, 0, 2) && said.args[1] === said.row.seq && isInside(said, said.row.seqRaw),
  ),
  'SEG.SEQ {0} is outside RCV.NXT {1} ≤ SEG.SEQ < RCV.NXT + RCV.WND {2}': fails(
    (said) => hasWindow(said, 1, 2) && said.args[0] === said.row.seq && !isInside(said, said.row.seqRaw),
  ),
  'RCV.NXT {0} ≤ SEG.SEQ + SEG.LEN − 1 {1} < RCV.NXT + RCV.WND {2}': holds(
    (said) =>
      hasWindow(said, 0, 2) &&
      said.args[1] === said.row.seq + segLen(said.row) - 1 &&
      isInside(said, said.row.seqRaw + segLen(said.row) - 1),
  ),
  'SEG.SEQ {0} to {1} is outside RCV.NXT {2} ≤ SEG.SEQ < RCV.NXT + RCV.WND {3}': fails(
    (said) =>
      hasWindow(said, 2, 3) &&
      said.args[0] === said.row.seq &&
      said.args[1] === said.row.seq + segLen(said.row) - 1 &&
      !isInside(said, said.row.seqRaw) &&
      !isInside(said, said.row.seqRaw + segLen(said.row) - 1),
  ),

  'ISS {0} < SEG.ACK {1} ≤ SND.NXT {2}': holds(
    (said) =>
      receiver(said).state === 'SYN-SENT' &&
      said.args[0] === inAck(said.row, receiver(said).iss!) &&
      diff(said.row.ackRaw, receiver(said).iss!) > 0 &&
      beyondNext(said) <= 0,
  ),
  'SEG.ACK {1} is outside ISS {0} < SEG.ACK ≤ SND.NXT {2}': fails(
    (said) =>
      receiver(said).state === 'SYN-SENT' &&
      said.args[1] === said.row.ack &&
      (diff(said.row.ackRaw, receiver(said).iss!) <= 0 || beyondNext(said) > 0) &&
      peer(said.row).state === 'SYN-SENT',
  ),
  'SEG.ACK {1} > SND.NXT {2}: acknowledges what has not been sent': (said) =>
    !said.check.holds && hasAckNumbers(said) && beyondNext(said) > 0 && receiver(said).state === 'SYN-RECEIVED',
  'SEG.ACK {1} > SND.NXT {2}: acknowledges what was sent, but not captured': holds(
    // Half of all numbers away is neither before nor after.
    (said) => hasAckNumbers(said) && (beyondNext(said) > 0 || beyondNext(said) === -(2 ** 31)),
  ),
  'SND.UNA {0} < SEG.ACK {1} ≤ SND.NXT {2}': holds(
    (said) =>
      hasAckNumbers(said) &&
      beyondUna(said) > 0 &&
      beyondNext(said) <= 0 && // Not at once where it is late, or crosses the other's (RFC 9293, figure 13).
      (said.row.arrival !== null || peer(said.row).state === 'CLOSING' || peer(said.row).sndUna === said.row.ackRaw),
  ),
  'SEG.ACK {1} is outside SND.UNA {0} < SEG.ACK ≤ SND.NXT {2}': (said) =>
    !said.check.holds &&
    hasAckNumbers(said) &&
    beyondUna(said) <= 0 &&
    receiver(said).state === 'SYN-RECEIVED' &&
    peer(said.row).state !== 'ESTABLISHED',
  'SEG.ACK {1} = SND.UNA {0}: acknowledges nothing new': holds(
    (said) => hasAckNumbers(said) && beyondUna(said) === 0 && peer(said.row).sndUna === receiver(said).sndUna,
  ),
  'SEG.ACK {1} < SND.UNA {0}: an old acknowledgment, ignored': holds(
    (said) => hasAckNumbers(said) && beyondUna(said) < 0 && peer(said.row).sndUna === receiver(said).sndUna,
  ),
};
