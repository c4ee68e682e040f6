import type { Finding } from '../findings/finding';
import { DETECTORS } from '../findings/registry';
import { Survey } from '../findings/survey';
import type { Note, NoteReason } from '../model/segment';
import type {} from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';

/** Segments that are surveyed while somebody waits; longer connections are looked at in the background. */
const AT_ONCE = 20_000;
/** Segments of a piece of background work: some milliseconds. */
const PIECE = 20_000;

/**
 * Segments that are surveyed for a row of the table of connections, of which many are shown at once; and while the trace
 * is read, when what has been surveyed is soon out of date, so that a page of rows takes milliseconds all the same.
 */
const SHORT = 2000;
const SHORT_WHILE_READING = 50;

interface Surveyed {
  /** Segments that the connection had then. */
  readonly segments: number;
  readonly findings: readonly Finding[];
  readonly bySegment: ReadonlyMap<number, readonly Finding[]>;
}

const NONE: readonly Finding[] = [];
const NOWHERE: ReadonlyMap<number, readonly Finding[]> = new Map();

/** What the courses of connections show, surveyed when somebody asks and kept until more segments come. */
export class Findings {
  private readonly surveyed = new Map<number, Surveyed>();
  /** Long connections that somebody has asked about. */
  private readonly pending = new Map<number, Survey>();

  constructor(
    private readonly tracker: Tracker,
    /** Segments that are surveyed at once; longer connections have to wait for {@link lookOn}. */
    private readonly atOnce = AT_ONCE,
  ) {}

  /** Findings of a connection, in order; `null` while a long one is being looked at (see {@link lookOn}). */
  of(connection: number): readonly Finding[] | null {
    return this.look(connection)?.findings ?? null;
  }

  /** Those of a short connection, and of a longer one that has been looked at already; none of another one. */
  atHand(connection: number, reading: boolean): readonly Finding[] {
    const segments = this.tracker.connections.segments(connection);
    return (
      (segments <= (reading ? SHORT_WHILE_READING : SHORT) ? this.look(connection) : this.surveyed.get(connection))
        ?.findings ?? NONE
    );
  }

  /** Findings that are told at a segment; none while they are being looked for. */
  at(connection: number, segment: number): readonly Finding[] {
    return this.look(connection)?.bySegment.get(segment) ?? NONE;
  }

  /** A piece of background work. Returns whether there is more. */
  lookOn(): boolean {
    for (const [connection, survey] of this.pending) {
      if (!survey.step(PIECE)) {
        this.pending.delete(connection);
        this.keep(connection, survey.findings);
      }
      return this.pending.size > 0;
    }
    return false;
  }

  private look(connection: number): Surveyed | null {
    const segments = this.tracker.connections.segments(connection);
    const known = this.surveyed.get(connection);
    if (known?.segments === segments) return known;
    if (segments > this.atOnce) {
      if (!this.pending.has(connection)) this.pending.set(connection, new Survey(this.tracker, connection, DETECTORS));
      return known ?? null;
    }
    const survey = new Survey(this.tracker, connection, DETECTORS);
    survey.step(Infinity);
    return this.keep(connection, survey.findings);
  }

  private keep(connection: number, findings: readonly Finding[]): Surveyed {
    const segments = this.tracker.connections.segments(connection);
    // A search surveys every connection, and most show nothing: those share what they have.
    const kept =
      findings.length === 0
        ? { segments, findings: NONE, bySegment: NOWHERE }
        : { segments, findings, bySegment: bySegmentOf(findings) };
    this.surveyed.set(connection, kept);
    return kept;
  }
}

function bySegmentOf(findings: readonly Finding[]): ReadonlyMap<number, readonly Finding[]> {
  const bySegment = new Map<number, Finding[]>();
  for (const finding of findings)
    for (const segment of finding.at) {
      const there = bySegment.get(segment);
      if (there === undefined) bySegment.set(segment, [finding]);
      else there.push(finding);
    }
  return bySegment;
}

/** A finding as a note of one of its segments. */
export function noteOf({ kind, level, of, lastsNs, text }: Finding, packetOf: (segment: number) => number): Note {
  return { kind, level, ...(of < 0 ? {} : { of: packetOf(of) }), ...(lastsNs > 0 ? { lastsNs } : {}), text };
}

export const reasonOf = ({ kind, cites, why }: Finding): NoteReason => ({ kind, cites, conditions: why });
