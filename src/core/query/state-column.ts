import type { Endpoint } from '../tcp/endpoint';
import type { Tracker } from '../tcp/tracker';
import { ReplayWalk, type WalkVisitor } from './replay-walk';
import { stateOf } from './tcb';

/** In place of a state that has not been replayed. */
export const UNKNOWN_STATE = 0xf;
const UNKNOWN = 0xff;

/** Both endpoints' states after every segment, one byte a segment, as far as they have been replayed. */
export class StateColumn implements WalkVisitor {
  private states = new Uint8Array(0);
  private readonly walk: ReplayWalk;

  constructor(tracker: Tracker) {
    this.walk = new ReplayWalk(tracker);
  }

  /** Segments whose states this is about: as many as there were when it was last started. */
  get length(): number {
    return this.states.length;
  }

  get done(): boolean {
    return this.walk.done;
  }

  /** How much of it is done, 0 to 1. */
  get share(): number {
    return this.walk.share;
  }

  /** Starts over for all segments that there are now. */
  restart(): void {
    this.walk.restart();
    this.states = new Uint8Array(this.walk.length).fill(UNKNOWN);
  }

  /** Replays at most `segments` more of them. */
  step(segments: number): void {
    this.walk.step(segments, this);
  }

  after(segment: number, client: Endpoint, server: Endpoint): void {
    this.states[segment] = (shown(client) << 4) | shown(server);
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
