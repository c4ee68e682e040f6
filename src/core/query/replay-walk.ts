import { type Endpoint, endpointPair } from '../tcp/endpoint';
import { Replay } from '../tcp/replay';
import type { Tracker } from '../tcp/tracker';

/** Sees every segment of a replay over whole connections. The endpoints are views that move on. */
export interface WalkVisitor {
  /** Before a connection's first segment. */
  begin?(client: Endpoint, server: Endpoint): void;
  after(segment: number, client: Endpoint, server: Endpoint): void;
}

/**
 * The replay that makes rows, run once over all connections, one after the other, when somebody asks for what endpoints
 * did in all of them. {@link step} does a bounded part of it.
 */
export class ReplayWalk {
  /** Segments that this is about: as many as there were when it was last started. */
  length = 0;
  private connections = 0;
  private connection = 0;
  private segment = -1;
  private readonly pair = endpointPair();
  private readonly replay: Replay;

  constructor(private readonly tracker: Tracker) {
    this.replay = new Replay(tracker);
  }

  get done(): boolean {
    return this.connection >= this.connections;
  }

  /** How much of it is done, 0 to 1. */
  get share(): number {
    return this.connections === 0 ? 1 : this.connection / this.connections;
  }

  /** Starts over for all segments that there are now. What is tracked later may change what was assumed before. */
  restart(): void {
    const { segments, connections } = this.tracker;
    this.length = segments.length;
    this.connections = connections.length;
    this.connection = 0;
    this.segment = -1;
  }

  /** Replays at most `segments` more of them. */
  step(segments: number, visitor: WalkVisitor): void {
    const { segments: table, connections } = this.tracker;
    const { pair, replay } = this;
    for (let left = segments; left > 0 && !this.done; left--) {
      const isFirst = this.segment < 0;
      const segment = isFirst ? connections.firstSegment(this.connection) : this.segment;
      if (segment < 0 || segment >= this.length) {
        this.connection++;
        this.segment = -1;
        continue;
      }
      const direction = table.flow[segment]! & 1;
      const clientIsB = connections.clientDirection(this.connection);
      const client = pair[clientIsB];
      const server = pair[1 - clientIsB]!;
      if (isFirst) {
        replay.begin(segment, pair[direction]!, pair[1 - direction]!);
        visitor.begin?.(client, server);
      }
      replay.move(segment, pair[direction]!, pair[1 - direction]!);
      visitor.after(segment, client, server);
      this.segment = table.next[segment]!;
      if (this.segment < 0) {
        this.connection++;
        this.segment = -1;
      }
    }
  }
}
