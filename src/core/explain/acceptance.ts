import { stateText } from '../format/state';
import { seqGe, seqGt, seqLe, seqLt, u32 } from '../bytes/seq';
import { type Message, message } from '../model/message';
import type { FlagName } from '../model/flags';
import type { AcceptanceCheck, SegmentRow, Tcb } from '../model/segment';
import { otherSide } from '../model/side';
import type { StateName } from '../model/states';

type Evidence = Pick<
  SegmentRow,
  | 'from'
  | 'flags'
  | 'seq'
  | 'seqRaw'
  | 'ack'
  | 'ackRaw'
  | 'len'
  | 'lengthKnown'
  | 'before'
  | 'arrival'
  | 'client'
  | 'server'
>;

/** A segment's timestamp and the one that its receiver keeps, where the segment's is older. */
export interface OldTimestamp {
  readonly value: number;
  readonly recent: number;
}

/**
 * The tests that the receiver makes of a segment when it arrives, in their order, up to the first that fails, with the
 * numbers of this trace: sequence numbers are relative, as they are shown elsewhere. Empty where the receiver's variables
 * are not known, and for what has not arrived.
 */
export function acceptanceChecks(e: Evidence, timestamp: OldTimestamp | null): AcceptanceCheck[] {
  if (e.before === null || !e.lengthKnown) return [];
  const flags = new Set(e.flags);
  if (e.arrival !== null && (flags.has('SYN') || (e.len === 0 && !flags.has('FIN')))) return [];
  const side = otherSide(e.from);
  const receiver = e.before[side];
  // After a reset the port is listened at as before the connection.
  const listens = receiver.state === 'CLOSED' && e[side].state === 'SYN-RECEIVED';
  const checks: AcceptanceCheck[] = [];
  for (const test of testsIn(listens ? 'LISTEN' : receiver.state, flags)) {
    const check = test({ ...e, set: flags, timestamp }, receiver);
    if (check === null) continue;
    checks.push(check);
    if (!check.holds) break;
  }
  return checks;
}

interface Arriving extends Evidence {
  readonly set: ReadonlySet<FlagName>;
  readonly timestamp: OldTimestamp | null;
}

/** `null` where there is nothing to test, or the variables are not known. */
type Test = (e: Arriving, receiver: Tcb) => AcceptanceCheck | null;

/** RFC 9293 §3.10.7: which tests are made, in their order. */
function testsIn(state: StateName | null, flags: ReadonlySet<FlagName>): readonly Test[] {
  if (state === 'CLOSED') return [closedTest];
  if (state === 'LISTEN') return [listenTest];
  if (state === 'SYN-SENT') return [ackTest, synSentTest];
  return flags.has('RST') ? [timestampTest, segmentTest, resetTest] : [timestampTest, segmentTest, synTest, ackTest];
}

const closedTest: Test = () => ({
  test: 'state',
  holds: false,
  text: message('The receiver is CLOSED: there is no connection that could take it'),
  cites: 'RFC 9293 §3.10.7.1',
});

const listenTest: Test = ({ set }) => ({
  test: 'state',
  holds: set.has('SYN') && !set.has('ACK') && !set.has('RST'),
  text: message('In LISTEN only a SYN without ACK is accepted'),
  cites: 'RFC 9293 §3.10.7.2',
});

/** Fourth and fifth: a RST counts with an acceptable ACK only, and what has neither SYN nor RST is dropped. */
const synSentTest: Test = ({ set }) => ({
  test: 'state',
  holds: set.has('RST') ? set.has('ACK') : set.has('SYN'),
  text: set.has('RST')
    ? message('In SYN-SENT a RST is accepted if it acknowledges the SYN')
    : message('In SYN-SENT only a SYN or a RST is accepted'),
  cites: 'RFC 9293 §3.10.7.3',
});

const timestampTest: Test = ({ timestamp }) =>
  timestamp === null
    ? null
    : {
        test: 'timestamp',
        holds: false,
        text: message('SEG.TSval {0} < TS.Recent {1}: an old duplicate', timestamp.value, timestamp.recent),
        cites: 'RFC 7323 §5.3',
      };

/** Second: within the window is not enough for a RST, lest anybody could guess one (RFC 5961 §3.2). */
const resetTest: Test = (e, { rcvNxt }) => {
  if (rcvNxt === null) return null;
  const holds = e.seqRaw === rcvNxt;
  const next = u32(rcvNxt - (e.seqRaw - e.seq));
  return {
    test: 'reset',
    holds,
    text: holds
      ? message('RST: SEG.SEQ {0} = RCV.NXT {1}', e.seq, next)
      : message('RST: SEG.SEQ {0} ≠ RCV.NXT {1}: answered with a challenge ACK, not obeyed', e.seq, next),
    cites: 'RFC 9293 §3.10.7.4, RFC 5961 §3.2',
  };
};

/** Fourth and fifth: no SYN in a synchronized state, and an ACK always. */
const synTest: Test = (e, receiver) => {
  if (e.set.has('SYN') && !crossesSyn(e, receiver))
    return {
      test: 'syn',
      holds: false,
      text: message('SYN in {0}: answered with a challenge ACK', stateText(receiver)),
      cites: 'RFC 9293 §3.10.7.4, RFC 5961 §4.2',
    };
  return e.set.has('ACK')
    ? null
    : {
        test: 'ack',
        holds: false,
        text: message('It has no ACK flag: dropped'),
        cites: 'RFC 9293 §3.10.7.4',
      };
};

/** The SYN-ACK of a simultaneous open repeats the peer's ISN; figure 7 of the RFC lets its ACK count. */
const crossesSyn = ({ set, seqRaw }: Arriving, { state, irs }: Tcb): boolean =>
  state === 'SYN-RECEIVED' && set.has('SYN') && set.has('ACK') && seqRaw === irs;

/** The four cases of table 6: by the length of the segment and by whether the window is open. */
function segmentTest(e: Arriving, receiver: Tcb): AcceptanceCheck | null {
  const { rcvNxt, rcvWnd } = receiver;
  if (rcvNxt === null || rcvWnd === null || crossesSyn(e, receiver)) return null;
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
      holds
        ? message('SEG.SEQ {0} = RCV.NXT {1}, RCV.WND = 0', e.seq, next)
        : message('SEG.SEQ {0} ≠ RCV.NXT {1}, RCV.WND = 0', e.seq, next),
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

function ackTest(e: Arriving, { state, iss, sndUna, sndNxt }: Tcb): AcceptanceCheck | null {
  if (sndNxt === null || !e.set.has('ACK')) return null;
  const shown = (raw: number): number => u32(raw - (e.ackRaw - e.ack));
  const next = shown(sndNxt);
  if (state === 'SYN-SENT') {
    if (iss === null) return null;
    const holds = seqGt(e.ackRaw, iss) && seqLe(e.ackRaw, sndNxt);
    const numbers = [shown(iss), e.ack, next] as const;
    const text = holds
      ? message('ISS {0} < SEG.ACK {1} ≤ SND.NXT {2}', ...numbers)
      : message('SEG.ACK {1} is outside ISS {0} < SEG.ACK ≤ SND.NXT {2}', ...numbers);
    return { test: 'ack', holds, text, cites: 'RFC 9293 §3.10.7.3' };
  }
  if (sndUna === null) return null;
  const cites = 'RFC 9293 §3.10.7.4';
  const una = shown(sndUna);
  const values = [una, e.ack, next] as const;
  const make = (holds: boolean, text: Message): AcceptanceCheck => ({ test: 'ack', holds, text, cites });
  if (seqGt(e.ackRaw, sndNxt))
    return state === 'SYN-RECEIVED'
      ? make(false, message('SEG.ACK {1} > SND.NXT {2}: acknowledges what has not been sent', ...values))
      : make(true, message('SEG.ACK {1} > SND.NXT {2}: acknowledges what was sent, but not captured', ...values));
  if (seqGt(e.ackRaw, sndUna)) return make(true, message('SND.UNA {0} < SEG.ACK {1} ≤ SND.NXT {2}', ...values));
  if (state === 'SYN-RECEIVED')
    return make(false, message('SEG.ACK {1} is outside SND.UNA {0} < SEG.ACK ≤ SND.NXT {2}', ...values));
  return seqGe(e.ackRaw, sndUna)
    ? make(true, message('SEG.ACK {1} = SND.UNA {0}: acknowledges nothing new', ...values))
    : make(true, message('SEG.ACK {1} < SND.UNA {0}: an old acknowledgment, ignored', ...values));
}
