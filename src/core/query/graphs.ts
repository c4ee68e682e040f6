import type { Side } from '../model/segment';
import type { GraphData, GraphKind, GraphProgress } from '../model/graph';
import type {} from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import { graphData } from './graph-data';
import type { GraphRange } from './graph-lines';
import { GraphWalk } from './graph-walk';

/** Connections whose columns are kept: editors side by side may look at different ones. */
const KEPT = 2;

/** Graphs of connections, for those who ask. */
export class Graphs {
  private readonly walks = new Map<number, GraphWalk>();

  constructor(private readonly tracker: Tracker) {}

  /** Walks the next segments of a connection, some milliseconds of them, and says how far it is. */
  advance(connection: number): GraphProgress {
    return this.walk(connection).step();
  }

  /** A graph of what one side sends, as far as {@link advance} has come. */
  data(connection: number, graph: GraphKind, from: Side, range: GraphRange, intervalNs = 0): GraphData {
    const walk = this.walk(connection);
    const client = walk.clientDirection;
    return graphData(walk, graph, from === 'client' ? client : ((1 - client) as 0 | 1), range, intervalNs);
  }

  /** The walk over a connection, the least recently used one giving way. */
  private walk(connection: number): GraphWalk {
    let walk = this.walks.get(connection);
    if (walk === undefined) {
      walk = new GraphWalk(this.tracker, connection);
      if (this.walks.size >= KEPT) this.walks.delete(this.walks.keys().next().value!);
    } else this.walks.delete(connection);
    this.walks.set(connection, walk);
    return walk;
  }
}
