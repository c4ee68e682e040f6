import { grown } from '../bytes/columns';
import { type Endpoint, endpointPair } from '../tcp/endpoint';
import type { Tracker } from '../tcp/tracker';
import { Replay } from '../tcp/replay';

/** Rows between two checkpoints: what a replay to any row costs at most. */
const CHECKPOINT_ROWS = 1024;

/** Blocks before the end of which what is still to come may say more. */
const UNSETTLED_BLOCKS = 2;

/** Visits one row of a replay. `client` and `server` are views that move on; what is to be kept must be copied. */
export interface ReplayVisitor {
  /** Before the segment; not called for a connection's first. */
  before(segment: number, client: Endpoint, server: Endpoint): void;
  after(row: number, segment: number, client: Endpoint, server: Endpoint): void;
}

/**
 * The segments of one connection by row, and both endpoints' variables at any of them. The variables are not stored per
 * segment: they are replayed from the nearest checkpoint by the same rules that the tracker ran.
 */
export class ConnectionView {
  /** Segment of each row; the first {@link length} are valid. */
  segments = new Int32Array(64);
  length = 0;
  private readonly checkpoints: Int32Array[] = [];
  private readonly pair = endpointPair();
  private readonly moves: Replay;

  constructor(
    private readonly tracker: Tracker,
    readonly connection: number,
  ) {
    this.moves = new Replay(tracker);
    this.refresh();
  }

  /** 0 or 1: the direction in which the client sends. */
  get clientDirection(): number {
    return this.tracker.connections.clientDirection(this.connection);
  }

  /** Takes in the segments that have been tracked since. */
  refresh(): void {
    const { segments: table, connections } = this.tracker;
    const total = connections.segments(this.connection);
    if (this.length === total) return;
    // What comes may show that segments of the last blocks had not arrived.
    this.checkpoints.length = Math.max(0, this.checkpoints.length - UNSETTLED_BLOCKS);
    if (total > this.segments.length) this.segments = grown(this.segments, Math.max(total, this.segments.length * 2));
    let segment =
      this.length === 0 ? connections.firstSegment(this.connection) : table.next[this.segments[this.length - 1]!]!;
    for (; segment >= 0 && this.length < total; segment = table.next[segment]!) this.segments[this.length++] = segment;
  }

  /** Row of a segment, by binary search; -1 where it is not of this connection. */
  rowOf(segment: number): number {
    let low = 0;
    let high = this.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const there = this.segments[middle]!;
      if (there === segment) return middle;
      if (there < segment) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** Replays rows `[start, end)`, which must exist. */
  replay(start: number, end: number, visitor: ReplayVisitor): void {
    const checkpoint = Math.floor(start / CHECKPOINT_ROWS);
    while (this.checkpoints.length <= checkpoint) this.addCheckpoint();
    this.restore(checkpoint);
    this.run(checkpoint * CHECKPOINT_ROWS, end, start, visitor);
  }

  /** Stores the state at the start of the next block of rows. */
  private addCheckpoint(): void {
    const next = this.checkpoints.length;
    if (next > 0) {
      this.restore(next - 1);
      this.run((next - 1) * CHECKPOINT_ROWS, next * CHECKPOINT_ROWS, Infinity, null);
    }
    this.checkpoints.push(this.pair[0].words.slice());
  }

  private restore(checkpoint: number): void {
    this.pair[0].words.set(this.checkpoints[checkpoint]!);
  }

  private run(from: number, to: number, visitFrom: number, visitor: ReplayVisitor | null): void {
    const { segments: table } = this.tracker;
    const { clientDirection, moves, pair } = this;
    const client = pair[clientDirection]!;
    const server = pair[1 - clientDirection]!;
    for (let row = from; row < to; row++) {
      const segment = this.segments[row]!;
      const direction = table.flow[segment]! & 1;
      const sender = pair[direction]!;
      const receiver = pair[1 - direction]!;
      const visited = visitor !== null && row >= visitFrom;
      if (row === 0) moves.begin(segment, sender, receiver);
      else if (visited) visitor.before(segment, client, server);
      moves.move(segment, sender, receiver);
      if (visited) visitor.after(row, segment, client, server);
    }
  }
}
