import { DIAGNOSIS_GROUPS, type DiagnosisFinding, type DiagnosisProgress, SEVERITIES } from '../model/diagnosis';
import type { DiagnosisContext } from './context';
import type { Detector, Watcher } from './finding';
import { Walk } from './walk';

/** Segments that a step walks: some milliseconds. A single connection is walked in pieces, too. */
const PIECE_SEGMENTS = 50_000;
/** Pauses of a conclusion that a step passes over. */
const PIECE_PAUSES = 4;
/** Findings of one kind that are told; a capture of the whole Internet has thousands of unanswered hosts. */
const MAX_OF_KIND = 20;

/** One diagnosis of what has been read when it begins, made a piece at a time. */
export class DiagnosisRun {
  private readonly walk: Walk;
  private readonly watchers: readonly Watcher[];
  private readonly bySegment: readonly Watcher[];
  private readonly byConnection: readonly Watcher[];
  /** Connections and segments that there are. */
  private readonly connections: number;
  private readonly segments: number;
  private next = 0;
  /** The next segment of the connection that is being walked; -1 between connections. */
  private at = -1;
  private walked = 0;
  private readonly found: DiagnosisFinding[] = [];
  private omitted = 0;
  private readonly conclusions: Iterator<DiagnosisFinding | null, void>;
  private done = false;

  constructor(context: DiagnosisContext, detectors: readonly Detector[]) {
    const { tracker } = context;
    this.walk = new Walk(tracker);
    this.connections = tracker.connections.length;
    this.segments = tracker.segments.length;
    this.watchers = detectors.map((detector) => detector.watch(context));
    this.bySegment = this.watchers.filter((watcher) => watcher.segment !== undefined);
    this.byConnection = this.watchers.filter((watcher) => watcher.connection !== undefined);
    this.conclusions = this.conclude();
  }

  /** Does the next piece. Returns whether there is more. */
  step(): boolean {
    if (this.done) return false;
    if (this.next < this.connections || this.at >= 0) this.walkOn();
    else
      for (let pauses = 0; pauses < PIECE_PAUSES;) {
        const next = this.conclusions.next();
        if (next.done === true) {
          this.done = true;
          break;
        }
        if (next.value === null) pauses++;
        else this.keep(next.value);
      }
    return !this.done;
  }

  progress(): DiagnosisProgress {
    const { done, walked, segments, omitted } = this;
    return { done, walked, segments, findings: done ? sorted(this.found) : [], omitted };
  }

  private walkOn(): void {
    const { walk, bySegment, byConnection } = this;
    const { connections, segments: table } = walk.tracker;
    for (let budget = PIECE_SEGMENTS; budget > 0; budget--) {
      if (this.at < 0) {
        if (this.next >= this.connections) return;
        walk.begin(this.next);
        this.at = connections.firstSegment(this.next);
      }
      const segment = this.at;
      walk.take(segment);
      this.walked++;
      for (const watcher of bySegment) watcher.segment!(walk);
      this.at = table.next[segment]!;
      // While more is being read, connections grow at their ends.
      if (this.at >= this.segments) this.at = -1;
      if (this.at >= 0) continue;
      for (const watcher of byConnection) watcher.connection!(walk);
      this.next++;
    }
  }

  private *conclude(): Generator<DiagnosisFinding | null, void> {
    for (const watcher of this.watchers) {
      yield* watcher.conclude();
      yield null;
    }
  }

  private keep(finding: DiagnosisFinding): void {
    const there = this.found.reduce((sum, { kind }) => sum + (kind === finding.kind ? 1 : 0), 0);
    if (there < MAX_OF_KIND) this.found.push(finding);
    else this.omitted++;
  }
}

/** By group, then by severity, then in the order in which they were told. */
function sorted(findings: readonly DiagnosisFinding[]): DiagnosisFinding[] {
  const rank = ({ group, severity }: DiagnosisFinding): number =>
    DIAGNOSIS_GROUPS.indexOf(group) * SEVERITIES.length + SEVERITIES.indexOf(severity);
  return [...findings].sort((a, b) => rank(a) - rank(b));
}
