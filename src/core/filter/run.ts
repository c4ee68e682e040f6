import { grown, lowerBound } from '../bytes/columns';
import type { CompiledFilter } from './compile';
import type { FieldSources } from './field';

/** Work of one {@link FilterRun.step}, so that a step takes some 10 ms: packets walked, segments replayed, packets tested. */
const WALKED = 20_000;
export const REPLAYED = 50_000;
const TESTED = 200_000;
/** Packets tested at once where the test reads them again. */
const TESTED_READING = 5_000;

/** A filter over the first `total` packets of a trace: {@link step} does a bounded part of it, and what was found can be used at once. */
export class FilterRun {
  /** Packets that have been tested. */
  tested = 0;
  /** Matching packets (0-based frames) in order; the first {@link length} are valid. */
  private frames = new Int32Array(64);
  length = 0;
  private segment = 0;
  /** 1 for each connection with a segment in a matching packet. */
  private connections = new Uint8Array(0);
  private connectionCount = 0;
  private connectionList: Int32Array | null = null;
  private statesStarted = false;

  constructor(
    private readonly filter: CompiledFilter,
    private readonly sources: FieldSources,
    /** Packets that this is about: as many as had been read. */
    readonly total: number,
  ) {}

  get done(): boolean {
    return this.tested >= this.total;
  }

  /** Connections with a matching segment. */
  get matchingConnections(): number {
    return this.connectionCount;
  }

  /** How much of the work is done, 0 to 1. What has to be made first counts as half of it. */
  get share(): number {
    const { needs } = this.filter;
    const { layers, states } = this.sources;
    const shares: number[] = [];
    if (needs.has('layers')) shares.push(Math.min(1, layers.length / Math.max(1, this.total)));
    if (needs.has('states')) shares.push(this.statesStarted ? states.share : 0);
    const tested = this.total === 0 ? 1 : this.tested / this.total;
    if (shares.length === 0) return tested;
    return (shares.reduce((sum, share) => sum + share, 0) / shares.length + tested) / 2;
  }

  /** Does the next part of the work. */
  step(): void {
    if (this.done || this.prepare()) return;
    const { segments } = this.sources.tracker;
    const end = Math.min(this.total, this.tested + (this.filter.reads ? TESTED_READING : TESTED));
    for (let frame = this.tested; frame < end; frame++) {
      const first = this.segment;
      while (this.segment < segments.length && segments.frameOf(this.segment) === frame) this.segment++;
      if (this.filter.matches(frame, first, this.segment)) this.add(frame, first, this.segment);
    }
    this.tested = end;
  }

  /** The matching packets `[start, end)` of them in order, 0-based frames. */
  matches(start: number, end: number): Int32Array {
    return this.frames.subarray(Math.max(0, start), Math.min(end, this.length));
  }

  /** Position of a packet among the matching ones, or where it would be: the first that is not before it. */
  position(frame: number): number {
    return lowerBound(this.frames, this.length, frame);
  }

  has(frame: number): boolean {
    const at = this.position(frame);
    return at < this.length && this.frames[at] === frame;
  }

  /** The numbers of the connections with a matching segment, ascending. */
  connectionsFound(): Int32Array {
    if (this.connectionList?.length !== this.connectionCount) {
      const list = new Int32Array(this.connectionCount);
      let at = 0;
      this.connections.forEach((is, connection) => {
        if (is !== 0) list[at++] = connection;
      });
      this.connectionList = list;
    }
    return this.connectionList;
  }

  /** Makes a part of what the fields need; false when all of it is there. */
  private prepare(): boolean {
    const { needs } = this.filter;
    const { layers, states } = this.sources;
    if (needs.has('layers') && layers.length < this.total) {
      layers.step(Math.min(WALKED, this.total - layers.length));
      return true;
    }
    if (!needs.has('states')) return false;
    if (!this.statesStarted) {
      this.statesStarted = true;
      const { segments } = this.sources.tracker;
      if (states.length < segments.firstFrom(this.total)) states.restart();
    }
    if (states.done) return false;
    states.step(REPLAYED);
    return true;
  }

  private add(frame: number, first: number, end: number): void {
    if (this.length === this.frames.length) this.frames = grown(this.frames, this.length * 2);
    this.frames[this.length++] = frame;
    const { segments, connections } = this.sources.tracker;
    for (let segment = first; segment < end; segment++) {
      const connection = segments.flow[segment]! >> 1;
      if (connection >= this.connections.length)
        this.connections = grown(this.connections, Math.max(connections.length, connection + 1));
      if (this.connections[connection] !== 0) continue;
      this.connections[connection] = 1;
      this.connectionCount++;
    }
  }
}
