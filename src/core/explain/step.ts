import { seqDiff } from '../bytes/seq';
import type { NoteKind, SegmentRow, Side } from '../model/segment';
import { otherSide } from '../model/side';
import type { StateName } from '../model/states';

/** What a segment does in the course of a connection, by the states that it moves and by its notes. */
export type Step =
  | 'syn'
  | 'crossing-syn'
  | 'syn-ack'
  | 'handshake-ack'
  | 'fin'
  | 'crossing-fin'
  | 'fin-ack'
  | 'second-fin'
  | 'fin-ack-and-fin'
  | 'last-ack'
  | 'crossing-fin-ack'
  | 'reset'
  | 'window-closes'
  | 'window-opens'
  | 'keep-alive'
  | 'duplicate-ack'
  | 'data'
  | 'data-again'
  | 'ack';

/** Notes of segments that carry data which was sent before. */
const RESENT: readonly NoteKind[] = ['retransmission', 'fast-retransmission', 'spurious-retransmission'];
/** Segments that are there to be answered, or answer such: their notes say all. */
const PROBES: ReadonlySet<NoteKind> = new Set(['zero-window-probe', 'zero-window-probe-ack', 'keep-alive-ack']);

/**
 * The step that a segment is; `null` where it is none of these, or too little of it is known.
 * @param bothOpened whether both ends of the connection have sent a SYN of their own (simultaneous open)
 */
export function stepOf(e: SegmentRow, bothOpened: () => boolean): Step | null {
  if (e.missing.length > 0 || e.headerCut || !e.lengthKnown) return null;
  const flags = new Set(e.flags);
  if (flags.has('RST')) return movedTo(e, otherSide(e.from), 'CLOSED') ? 'reset' : null;
  if (flags.has('SYN')) return stepOfSyn(e, flags.has('ACK'), bothOpened);
  if (!flags.has('ACK') || e.before === null || e.notes.some(({ kind }) => PROBES.has(kind))) return null;
  if (flags.has('FIN')) return stepOfFin(e);
  const step = stepOfMove(e, bothOpened) ?? stepOfNotes(e);
  if (step !== null || e.checks.some(({ holds }) => !holds)) return step;
  return e.len > 0 ? dataStep(e) : acknowledgesMore(e) ? 'ack' : null;
}

const stateBefore = (e: SegmentRow, side: Side): StateName | null => e.before?.[side].state ?? null;

const movedTo = (e: SegmentRow, side: Side, state: StateName): boolean =>
  e[side].state === state && e.before !== null && ![state, null].includes(stateBefore(e, side));

function stepOfSyn(e: SegmentRow, isAnswer: boolean, bothOpened: () => boolean): Step | null {
  const { state } = e[e.from];
  if (!isAnswer) {
    if (e.from === 'server') return state === 'SYN-SENT' && e.client.iss !== null ? 'crossing-syn' : null;
    return state !== 'SYN-SENT' ? null : bothOpened() ? 'crossing-syn' : 'syn';
  }
  const { iss } = e.client;
  const answersIt = iss === null || seqDiff(e.ackRaw, iss) >= 1;
  return e.from === 'server' && state === 'SYN-RECEIVED' && answersIt && !bothOpened() ? 'syn-ack' : null;
}

function stepOfFin(e: SegmentRow): Step | null {
  const peer = otherSide(e.from);
  const own = e[e.from].state;
  if (own === stateBefore(e, e.from)) return null;
  const was = stateBefore(e, peer);
  if (own === 'FIN-WAIT-1') return was === 'FIN-WAIT-1' || was === 'CLOSING' ? 'crossing-fin' : 'fin';
  if (own !== 'LAST-ACK') return null;
  if (!movedTo(e, peer, 'TIME-WAIT')) return null;
  return was === 'FIN-WAIT-1' ? 'fin-ack-and-fin' : 'second-fin';
}

/** Steps that are an ACK alone. */
function stepOfMove(e: SegmentRow, bothOpened: () => boolean): Step | null {
  const peer = otherSide(e.from);
  const was = stateBefore(e, peer);
  const is = e[peer].state;
  if (was === 'SYN-RECEIVED' && is === 'ESTABLISHED')
    return e[e.from].state === 'ESTABLISHED' && e.from === 'client' && !bothOpened() ? 'handshake-ack' : null;
  if (e.len > 0) return null;
  if (was === 'FIN-WAIT-1' && is === 'FIN-WAIT-2') return 'fin-ack';
  if (was === 'LAST-ACK' && is === 'CLOSED' && e[e.from].state === 'TIME-WAIT') return 'last-ack';
  return was === 'CLOSING' && is === 'TIME-WAIT' ? 'crossing-fin-ack' : null;
}

function stepOfNotes(e: SegmentRow): Step | null {
  const has = (kind: NoteKind): boolean => e.notes.some((note) => note.kind === kind);
  const told = e.before?.[otherSide(e.from)].sndWnd ?? null;
  if (has('keep-alive')) return e.before?.[e.from].sndWnd === 0 ? null : 'keep-alive';
  if (has('duplicate-ack')) return 'duplicate-ack';
  if (has('zero-window') && told !== 0) return 'window-closes';
  return has('window-update') && told === 0 && e.scaledWindow !== 0 ? 'window-opens' : null;
}

const dataStep = (e: SegmentRow): Step => (e.notes.some(({ kind }) => RESENT.includes(kind)) ? 'data-again' : 'data');

function acknowledgesMore(e: SegmentRow): boolean {
  const peer = otherSide(e.from);
  const before = e.before?.[peer].sndUna ?? null;
  return e[peer].sndUna === e.ackRaw && before !== null && seqDiff(e.ackRaw, before) > 0;
}
