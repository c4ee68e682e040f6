import type { Message } from '../model/message';
import type { NoteKind, NoteLevel } from '../model/segment';
import type { Memory } from './memory';

/** The segment that rules judge. One object, refilled for every segment. */
export class Subject {
  segment = 0;
  seq = 0;
  ack = 0;
  flags = 0;
  /** As on the wire. */
  window = 0;
  len = 0;
  /** `seq + len`. */
  end = 0;
  /** Time since the segment that set the flow's highest sequence number, in nanoseconds; Infinity where there is none. */
  sinceHighestNs = Infinity;
  /** Time since the peer's last segment, in nanoseconds; Infinity where there is none. */
  sincePeerNs = Infinity;
  /** The connection's initial RTT, in nanoseconds; 0 while it is unknown. */
  initialRttNs = 0;
}

/** What the text of a note may name. */
export interface NoteFacts {
  /** Packet that the note refers to, where it does. */
  readonly of: number | null;
  readonly number: number | null;
  readonly elapsedNs: number | null;
}

/**
 * A kind of finding. One file under `rules/` and one line in its registry.
 *
 * `matches` is a pure function of the segment, of what was remembered of its own flow and of the peer's, *before* the
 * segment. `unless` names the kinds that exclude this one; they stand earlier in the registry.
 */
export interface Rule {
  readonly kind: NoteKind;
  readonly level: NoteLevel;
  /** Where the rule comes from: an RFC section, or Wireshark's analysis. */
  readonly cites: string;
  /** `acknowledgment` rules run before the counters of acknowledgments move, `data` rules after. */
  readonly phase: 'acknowledgment' | 'data';
  readonly unless?: readonly NoteKind[];
  readonly matches: (s: Subject, own: Memory, peer: Memory) => boolean;
  /** One sentence for a person. */
  readonly text: (facts: NoteFacts) => Message;
}
