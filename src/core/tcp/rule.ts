import type { Message } from '../model/message';
import type { NoteLevel, WiresharkNoteKind } from '../model/segment';
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

/** One thing that must hold for a rule to match. */
export interface Condition {
  /** As a person says it; a key of the translation. */
  readonly text: string;
  readonly holds: (s: Subject, own: Memory, peer: Memory) => boolean;
  /** The numbers that are compared: sequence numbers relative, times in nanoseconds, the rest as on the wire. */
  readonly values: (s: Subject, own: Memory, peer: Memory) => ConditionValues;
}

export type ConditionValues = Readonly<Record<string, number | null>>;

/**
 * A kind of finding. One file under `rules/` and one line in its registry.
 *
 * It matches where all of its conditions hold: pure functions of the segment, of what was remembered of its own flow and
 * of the peer's, *before* the segment. `unless` names the kinds that exclude this one; they stand earlier in the registry.
 */
export interface Rule {
  readonly kind: WiresharkNoteKind;
  readonly level: NoteLevel;
  /** Where the rule comes from: an RFC section, or Wireshark's analysis. */
  readonly cites: string;
  /** `acknowledgment` rules run before the counters of acknowledgments move, `data` rules after. */
  readonly phase: 'acknowledgment' | 'data';
  readonly unless?: readonly WiresharkNoteKind[];
  readonly conditions: readonly Condition[];
  /** Whether all conditions hold. */
  readonly matches: Condition['holds'];
  /** One sentence for a person. */
  readonly text: (facts: NoteFacts) => Message;
}

/** Makes a rule of its conditions. The cheapest and rarest go first: they are asked in order, for every segment. */
export const defineRule = (rule: Omit<Rule, 'matches'>): Rule => ({
  ...rule,
  matches: allOf(rule.conditions.map((condition) => condition.holds)),
});

function allOf(all: readonly Condition['holds'][]): Condition['holds'] {
  const [a, b, ...rest] = all;
  if (a === undefined) return () => true;
  if (b === undefined) return a;
  const others = allOf(rest);
  return rest.length === 0
    ? (s, own, peer) => a(s, own, peer) && b(s, own, peer)
    : (s, own, peer) => a(s, own, peer) && b(s, own, peer) && others(s, own, peer);
}
