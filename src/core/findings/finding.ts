import type { Message } from '../model/message';
import type { NoteCondition, NoteLevel, OwnNoteKind } from '../model/segment';
import type { Course } from './course';

/** Something that the course of a connection shows, at one segment or over a stretch of it. */
export interface Finding {
  readonly kind: OwnNoteKind;
  readonly level: NoteLevel;
  /** Where it comes from: an RFC section. */
  readonly cites: string;
  /** Segments of the capture: those that it is told at, ascending. The first and the last bound the stretch. */
  readonly at: readonly number[];
  /** The segment that it refers to, -1 where there is none. */
  readonly of: number;
  /** How long the stretch lasts, in nanoseconds; 0 for a single segment. */
  readonly lastsNs: number;
  /** One sentence for a person. */
  readonly text: Message;
  /** Why: what was compared, with the values of this instance. Sequence numbers are relative, `…Ns` nanoseconds. */
  readonly why: readonly NoteCondition[];
}

/** What looks for one kind of finding in one connection. It sees every segment, in order, and then the end. */
export interface Watcher {
  /** After the course has taken the segment in. */
  see(course: Course): void;
  end?(course: Course): void;
}

/** A kind of finding: one file and one line in the registry. */
export interface Detector {
  readonly kind: OwnNoteKind;
  readonly level: NoteLevel;
  readonly cites: string;
  watch(found: (told: Told) => void): Watcher;
}

/** What a detector tells of an instance; the rest is the same for all of its kind. */
export interface Told {
  readonly at: readonly number[];
  readonly of?: number;
  readonly lastsNs?: number;
  readonly text: Message;
  readonly why: readonly NoteCondition[];
}

/** A condition that holds, with the values that were compared. */
export const because = (text: string, values: NoteCondition['values'] = {}): NoteCondition => ({
  text,
  values,
  holds: true,
});
