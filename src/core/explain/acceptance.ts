import { seqGe, seqGt, seqLe, seqLt, u32 } from '../bytes/seq';
import { type Message, message } from '../model/message';
import type { AcceptanceCheck, SegmentRow, Tcb } from '../model/segment';

type Evidence = Pick<
  SegmentRow,
  'from' | 'flags' | 'seq' | 'seqRaw' | 'ack' | 'ackRaw' | 'len' | 'lengthKnown' | 'before'
>;

/** States in which the segment test of RFC 9293 §3.10.7.4 is made. */
const UNSYNCHRONIZED = new Set(['CLOSED', 'LISTEN', 'SYN-SENT']);

/**
 * The tests that the receiver makes of a segment when it arrives, with the numbers of this trace: sequence numbers are
 * relative, as they are shown elsewhere. Empty where the receiver's variables are not known.
 */
export function acceptanceChecks(e: Evidence): AcceptanceCheck[] {
  if (e.before === null || !e.lengthKnown) return [];
  const receiver = e.from === 'client' ? e.before.server : e.before.client;
  const checks: AcceptanceCheck[] = [];
  if (!UNSYNCHRONIZED.has(receiver.state)) {
    const check = segmentTest(e, receiver);
    if (check !== null) checks.push(check);
  }
  if (e.flags.includes('ACK') && receiver.state !== 'CLOSED' && receiver.state !== 'LISTEN') {
    const check = ackTest(e, receiver);
    if (check !== null) checks.push(check);
  }
  return checks;
}

/** The four cases of table 6: by the length of the segment and by whether the window is open. */
function segmentTest(e: Evidence, { rcvNxt, rcvWnd }: Tcb): AcceptanceCheck | null {
  if (rcvNxt === null || rcvWnd === null) return null;
  const length = e.len + (e.flags.includes('SYN') ? 1 : 0) + (e.flags.includes('FIN') ? 1 : 0);
  const shown = (raw: number): number => u32(raw - (e.seqRaw - e.seq));
  const cites = 'RFC 9293 §3.10.7.4';
  const next = shown(rcvNxt);
  const edge = next + rcvWnd;
  const inWindow = (raw: number): boolean => seqLe(rcvNxt, raw) && seqLt(raw, rcvNxt + rcvWnd);
  const make = (holds: boolean, text: Message): AcceptanceCheck => ({ test: 'segment', holds, text, cites });
  if (rcvWnd === 0) {
    if (length > 0)
      return make(false, message('SEG.LEN {0} > 0 while RCV.WND = 0: no segment with data is acceptable', length));
    const holds = e.seqRaw === rcvNxt;
    return make(
      holds,
      message(holds ? 'SEG.SEQ {0} = RCV.NXT {1}, RCV.WND = 0' : 'SEG.SEQ {0} ≠ RCV.NXT {1}, RCV.WND = 0', e.seq, next),
    );
  }
  if (inWindow(e.seqRaw))
    return make(true, message('RCV.NXT {0} ≤ SEG.SEQ {1} < RCV.NXT + RCV.WND {2}', next, e.seq, edge));
  if (length === 0)
    return make(
      false,
      message('SEG.SEQ {0} is outside RCV.NXT {1} ≤ SEG.SEQ < RCV.NXT + RCV.WND {2}', e.seq, next, edge),
    );
  const last = e.seq + length - 1;
  return inWindow(e.seqRaw + length - 1)
    ? make(true, message('RCV.NXT {0} ≤ SEG.SEQ + SEG.LEN − 1 {1} < RCV.NXT + RCV.WND {2}', next, last, edge))
    : make(
        false,
        message('SEG.SEQ {0} to {1} is outside RCV.NXT {2} ≤ SEG.SEQ < RCV.NXT + RCV.WND {3}', e.seq, last, next, edge),
      );
}

function ackTest(e: Evidence, { state, iss, sndUna, sndNxt }: Tcb): AcceptanceCheck | null {
  if (sndNxt === null) return null;
  const shown = (raw: number): number => u32(raw - (e.ackRaw - e.ack));
  const next = shown(sndNxt);
  if (state === 'SYN-SENT') {
    if (iss === null) return null;
    const holds = seqGt(e.ackRaw, iss) && seqLe(e.ackRaw, sndNxt);
    const text = holds
      ? 'ISS {0} < SEG.ACK {1} ≤ SND.NXT {2}'
      : 'SEG.ACK {1} is outside ISS {0} < SEG.ACK ≤ SND.NXT {2}';
    return { test: 'ack', holds, text: message(text, shown(iss), e.ack, next), cites: 'RFC 9293 §3.10.7.3' };
  }
  if (sndUna === null) return null;
  const cites = 'RFC 9293 §3.10.7.4';
  const una = shown(sndUna);
  const values = [una, e.ack, next] as const;
  const make = (holds: boolean, text: string): AcceptanceCheck => ({
    test: 'ack',
    holds,
    text: message(text, ...values),
    cites,
  });
  if (seqGt(e.ackRaw, sndNxt)) return make(false, 'SEG.ACK {1} > SND.NXT {2}: acknowledges what has not been sent');
  if (seqGt(e.ackRaw, sndUna)) return make(true, 'SND.UNA {0} < SEG.ACK {1} ≤ SND.NXT {2}');
  if (state === 'SYN-RECEIVED') return make(false, 'SEG.ACK {1} is outside SND.UNA {0} < SEG.ACK ≤ SND.NXT {2}');
  return seqGe(e.ackRaw, sndUna)
    ? make(true, 'SEG.ACK {1} = SND.UNA {0}: acknowledges nothing new')
    : make(true, 'SEG.ACK {1} < SND.UNA {0}: an old acknowledgment, ignored');
}
