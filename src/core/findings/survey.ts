import type {} from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import { Course } from './course';
import type { Detector, Finding, Watcher } from './finding';

/** A copy comes so many segments and so long after its packet, at most. */
const NEAR = 8;
const NEAR_NS = 10e6;

/** Walks one connection with all detectors, a piece at a time, up to the segments that there are when it begins. */
export class Survey {
  /** What has been found; complete and in order of the first segment once {@link step} returns false. */
  readonly findings: Finding[] = [];
  private readonly course: Course;
  private readonly watchers: readonly Watcher[];
  private next: number;
  private readonly last: number;
  private done = false;
  /** The latest segments, in a ring. */
  private readonly recent = new Int32Array(NEAR).fill(-1);
  private seen = 0;

  constructor(
    private readonly tracker: Tracker,
    connection: number,
    detectors: readonly Detector[],
  ) {
    this.course = new Course(tracker, connection);
    this.next = tracker.connections.firstSegment(connection);
    this.last = tracker.connections.lastSegment(connection);
    this.watchers = detectors.map((detector) => {
      const { kind, level, cites } = detector;
      return detector.watch((told) => this.findings.push({ of: -1, lastsNs: 0, ...told, kind, level, cites }));
    });
  }

  /** Takes so many segments more. Returns whether some are left. */
  step(segments: number): boolean {
    const { course, watchers, tracker } = this;
    for (let taken = 0; taken < segments && this.next >= 0; taken++) {
      const segment = this.next;
      this.next = segment === this.last ? -1 : tracker.segments.next[segment]!;
      if (this.isCopy(segment)) continue;
      if (course.take(segment)) for (const watcher of watchers) watcher.see(course);
    }
    if (this.next >= 0) return true;
    if (!this.done) {
      this.done = true;
      for (const watcher of watchers) watcher.end?.(course);
      this.findings.sort((a, b) => a.at[0]! - b.at[0]!);
    }
    return false;
  }

  /**
   * A copy that a mirror port made, or that was captured on a second interface, is nothing that an end has sent: what is
   * sent again gets another IP identification.
   */
  private isCopy(segment: number): boolean {
    const { segments: table } = this.tracker;
    if (table.ipId[segment] !== 0)
      for (const other of this.recent)
        if (other >= 0 && table.isAlike(other, segment) && this.tracker.elapsedNs(other, segment) <= NEAR_NS)
          return true;
    this.recent[this.seen++ % NEAR] = segment;
    return false;
  }
}
