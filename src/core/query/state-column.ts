import { CLIENT_IS_B } from '../tcp/connection-table';
import { type Endpoint, endpointPair } from '../tcp/endpoint';
import type { Tracker } from '../tcp/tracker';
import { Replay } from '../tcp/replay';
import { stateOf } from './tcb';

/** In place of a state that has not been replayed. */
export const UNKNOWN_STATE = 0xf;
const UNKNOWN = 0xff;

/**
 * Both endpoints' states after every segment, one byte a segment: the replay that makes rows, run once over whole
 * connections when somebody asks for states of many. {@link step} does a bounded part of it.
 */
export class StateColumn {
  private states = new Uint8Array(0);
  private connections = 0;
  private connection = 0;
  private segment = -1;
  private readonly pair = endpointPair();
  private readonly replay: Replay;

  constructor(private readonly tracker: Tracker) {
    this.replay = new Replay(tracker);
  }

  /** Segments whose states this is about: as many as there were when it was last started. */
  get length(): number {
    return this.states.length;
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
    this.states = new Uint8Array(segments.length).fill(UNKNOWN);
    this.connections = connections.length;
    this.connection = 0;
    this.segment = -1;
  }

  /** Replays at most `segments` more of them. */
  step(segments: number): void {
    const { segments: table, connections } = this.tracker;
    const { states, pair, replay } = this;
    for (let left = segments; left > 0 && !this.done; left--) {
      const isFirst = this.segment < 0;
      const segment = isFirst ? connections.firstSegment[this.connection]! : this.segment;
      if (segment < 0 || segment >= states.length) {
        this.connection++;
        this.segment = -1;
        continue;
      }
      const direction = table.flow[segment]! & 1;
      const sender = pair[direction]!;
      const receiver = pair[1 - direction]!;
      if (isFirst) replay.begin(segment, sender, receiver);
      replay.move(segment, sender, receiver);
      const clientIsB = connections.marks[this.connection]! & CLIENT_IS_B;
      const [client, server] = clientIsB ? [pair[1], pair[0]] : pair;
      states[segment] = (shown(client) << 4) | shown(server);
      this.segment = table.next[segment]!;
      if (this.segment < 0) {
        this.connection++;
        this.segment = -1;
      }
    }
  }

  /** Index into `STATES`, or {@link UNKNOWN_STATE}. */
  client(segment: number): number {
    return segment < this.states.length ? this.states[segment]! >> 4 : UNKNOWN_STATE;
  }

  server(segment: number): number {
    return segment < this.states.length ? this.states[segment]! & 0xf : UNKNOWN_STATE;
  }
}

const shown = (endpoint: Endpoint): number => (stateOf(endpoint) === null ? UNKNOWN_STATE : endpoint.state);
