import { grown } from '../bytes/columns';
import type { StateMove, StateMoves, StateMovesProgress } from '../model/state-diagram';
import { type StateName, STATES } from '../model/states';
import type { Endpoint } from '../tcp/endpoint';
import type { Tracker } from '../tcp/tracker';
import { ReplayWalk, type WalkVisitor } from './replay-walk';
import { stateOf } from './tcb';

/** Segments that one step replays: about 20 ms. */
const REPLAYED = 100_000;

/** Moves between two states, as `segment · 2 + (1 for the server)`. */
class MoveList {
  places = new Float64Array(16);
  length = 0;
  client = 0;

  add(segment: number, isServer: 0 | 1): void {
    if (this.length === this.places.length) this.places = grown(this.places, 2 * this.length);
    this.places[this.length++] = segment * 2 + isServer;
    if (isServer === 0) this.client++;
  }
}

/** Which segments took an endpoint from one state to another, in the whole capture: found when somebody asks. */
export class StateMoveIndex implements WalkVisitor {
  private readonly walk: ReplayWalk;
  /** By `from · 16 + to`, indices into `STATES`. */
  private lists = new Map<number, MoveList>();
  private client = 0;
  private server = 0;

  constructor(private readonly tracker: Tracker) {
    this.walk = new ReplayWalk(tracker);
  }

  /** Does the next part of the search over all segments that there are now, and says what has been found so far. */
  advance(): StateMovesProgress {
    const { walk } = this;
    if (walk.done && walk.length < this.tracker.segments.length) {
      walk.restart();
      this.lists = new Map();
    }
    walk.step(REPLAYED, this);
    const moves: StateMoves[] = [];
    for (const [key, { length, client }] of this.lists)
      moves.push({ from: STATES[key >> 4]!, to: STATES[key & 0xf]!, client, server: length - client });
    return { share: walk.done ? 1 : Math.min(walk.share, 0.999), moves };
  }

  /** Moves `[start, end)` from one state to another, by connection. */
  movesOf(from: StateName, to: StateName, start: number, end: number): StateMove[] {
    const list = this.lists.get((STATES.indexOf(from) << 4) | STATES.indexOf(to));
    if (list === undefined) return [];
    const { segments } = this.tracker;
    return Array.from(list.places.subarray(start, Math.min(end, list.length)), (place) => {
      const segment = Math.floor(place / 2);
      return {
        packet: this.tracker.packetOf(segment),
        connection: segments.flow[segment]! >> 1,
        side: place % 2 === 0 ? ('client' as const) : ('server' as const),
      };
    });
  }

  begin(client: Endpoint, server: Endpoint): void {
    this.client = known(client);
    this.server = known(server);
  }

  after(segment: number, client: Endpoint, server: Endpoint): void {
    this.client = this.take(this.client, known(client), segment, 0);
    this.server = this.take(this.server, known(server), segment, 1);
  }

  /** Returns where the end is now. */
  private take(from: number, to: number, segment: number, isServer: 0 | 1): number {
    if (from === to || from < 0 || to < 0) return to;
    const key = (from << 4) | to;
    let list = this.lists.get(key);
    if (list === undefined) this.lists.set(key, (list = new MoveList()));
    list.add(segment, isServer);
    return to;
  }
}

/** Index into `STATES`, -1 where nothing tells. */
const known = (endpoint: Endpoint): number => (stateOf(endpoint) === null ? -1 : endpoint.state);
