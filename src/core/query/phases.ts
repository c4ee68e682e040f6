import { ACK, FIN, RST, SYN } from '../model/flags';
import type { PhaseKind } from '../model/text';
import { FLAG_BITS } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import type { ConnectionView } from './connection-view';
import { CourseWalk } from './course';

/** A part of a connection: rows `[start, end)`. */
export interface Phase {
  readonly kind: PhaseKind;
  readonly start: number;
  readonly end: number;
}

/**
 * Handshake, data and close of a connection, those that there are, in order and without gaps. The handshake ends with
 * the segment that completes it (RFC 9293 §3.5), or where it is not completed, with the last SYN that begins the
 * connection; the close begins with the first FIN or reset (§3.6).
 */
export function phasesOf(tracker: Tracker, view: ConnectionView): Phase[] {
  const { segments: table } = tracker;
  const flagsAt = (row: number): number => table.bits[view.segments[row]!]! & FLAG_BITS;
  const { established } = new CourseWalk(tracker, view.connection, () => 0).walk();
  let opened = 0;
  if (established >= 0) opened = view.rowOf(established) + 1;
  else while (opened < view.length && flagsAt(opened) & SYN && !(flagsAt(opened) & RST)) opened++;
  // A SYN may carry data or FIN (RFC 9293 §3.4), and the segment that completes the handshake may be the FIN itself.
  if (established >= 0 && opened > 0 && (flagsAt(opened - 1) & (FIN | ACK)) === (FIN | ACK)) opened--;
  let closing = opened;
  while (closing < view.length && (flagsAt(closing) & (FIN | RST)) === 0) closing++;
  const phases: Phase[] = [
    { kind: 'handshake', start: 0, end: opened },
    { kind: 'data', start: opened, end: closing },
    { kind: 'close', start: closing, end: view.length },
  ];
  return phases.filter(({ start, end }) => end > start);
}
