import { phasesOf } from '../explain/phases';
import type { Finding } from '../findings/finding';
import { type Places, verdictOf, type VerdictFacts } from '../explain/verdict';
import type { AddressTable } from '../model/addresses';
import { COMPLETENESS, type ConnectionRow, type PerSide, type Phase, type Verdict } from '../model/connection';
import { message } from '../model/message';
import { type Endpoint as EndpointName, NOTE_KINDS, type NoteKind, type Side } from '../model/segment';
import {
  CLOSE_WAIT,
  CLOSING,
  FIN_WAIT_1,
  FIN_WAIT_2,
  LAST_ACK,
  type StateName,
  STATES,
  SYN_RECEIVED,
  SYN_SENT,
} from '../model/states';
import { CORRECTED, PARTLY_HIDDEN, REJECTED, ROLES_KNOWN, SAW_SYN } from '../tcp/connection-table';
import { Endpoint } from '../tcp/endpoint';
import type { Rule } from '../tcp/rule';
import type { FrameTable } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import type { ConnectionView } from './connection-view';
import { CourseWalk } from './course';
import type { HostNames } from './host-names';
import { isAssumed, stateOf } from './tcb';

/** Connections whose courses are kept; those of a page on screen fit. */
const KEPT_COURSES = 512;
/** Segments of a connection that are sooner walked again than its course is kept. */
const SOON_WALKED = 32;

/** Without a note, nothing but a delay can be found, and none is shorter (acknowledgments wait for 40 ms in Linux). */
const SHORTEST_DELAY_NS = 35e6;

/**
 * A row whose verdict is put in last. To copy a row into one that has it costs more than to make the row: objects that are
 * spread are slow to make and slow to read.
 */
type UnfinishedRow = ConnectionRow & { verdict: Verdict };

const NO_VERDICT: Verdict = { sentence: message(''), brief: message(''), clauses: [] };

/** Makes the rows of the connection table. Courses are walked on demand and go on from where they were. */
export class ConnectionRows {
  private readonly courses = new Map<number, CourseWalk>();
  private readonly a = new Endpoint();
  private readonly b = new Endpoint();
  private readonly problemKinds: readonly NoteKind[];
  private readonly places: Places = {
    packet: (segment) => this.tracker.packetOf(segment),
    elapsedNs: (from, to) => this.tracker.lapseNs(from, to),
  };

  constructor(
    private readonly frames: FrameTable,
    private readonly tracker: Tracker,
    private readonly addresses: AddressTable,
    private readonly names: HostNames,
    rules: readonly Rule[],
    /** Replays a connection. */
    private readonly viewOf: (connection: number) => ConnectionView,
    /** What its course shows, as far as that is at hand. */
    private readonly findingsOf: (connection: number) => readonly Finding[],
    /** Whether the capture was cut off, or is damaged. */
    private readonly captureCut: () => boolean,
  ) {
    this.problemKinds = rules.filter((rule) => rule.level === 'problem').map((rule) => rule.kind);
  }

  endpoints(connection: number): PerSide<EndpointName> {
    const { connections } = this.tracker;
    const family = connections.family(connection);
    const ports = connections.ports(connection);
    const a = this.endpoint(family, connections.address(connection, 0), ports >>> 16);
    const b = this.endpoint(family, connections.address(connection, 1), ports & 0xffff);
    return connections.clientDirection(connection) === 1 ? { client: b, server: a } : { client: a, server: b };
  }

  private endpoint(family: number, number: number, port: number): EndpointName {
    const address = this.addresses.text(family, number);
    const name = this.names.of(address);
    return name === undefined ? { address, port } : { address, port, name };
  }

  /** Makes rows anew from the first segment on: what came later may have changed what is known of earlier ones. */
  forget(): void {
    this.courses.clear();
  }

  row(connection: number): ConnectionRow {
    const facts = this.factsOf(connection);
    facts.row.verdict = verdictOf(facts, this.places);
    return facts.row;
  }

  /** The phases of a connection, by the rows that its view gives to its segments. */
  phases(connection: number, view: ConnectionView): Phase[] {
    return phasesOf(this.factsOf(connection), this.places, (segment) => view.rowOf(segment), view.length);
  }

  private factsOf(connection: number): VerdictFacts & { readonly row: UnfinishedRow } {
    const { tracker, frames } = this;
    const { connections, segments: table } = tracker;
    const marks = connections.marks(connection);
    const clientDirection = connections.clientDirection(connection);
    const course = this.courseOf(connection);
    const side = (direction: number): Side => (direction === clientDirection ? 'client' : 'server');
    const perSide = <T>(of: (direction: number) => T): PerSide<T> => ({
      client: of(clientDirection),
      server: of(1 - clientDirection),
    });
    const notes: Partial<Record<NoteKind, number>> = {};
    for (const [bit, times] of course.notes?.entries() ?? []) if (times > 0) notes[NOTE_KINDS[bit]!] = times;
    const firstFrame = table.frameOf(connections.firstSegment(connection));
    const lastFrame = table.frameOf(connections.lastSegment(connection));
    const durationNs = frames.elapsedNs(firstFrame, lastFrame);
    const findings = course.notes !== null || durationNs >= SHORTEST_DELAY_NS ? this.findingsOf(connection) : [];
    for (const { kind } of findings) notes[kind] = (notes[kind] ?? 0) + 1;
    const completeness = connections.completeness(connection);
    const rtt = tracker.initialRttNs(connection);
    const { client, server } = this.endpoints(connection);
    const ends = this.ends(connection, clientDirection);
    const row: UnfinishedRow = {
      connection,
      client,
      server,
      partial: (marks & (SAW_SYN | ROLES_KNOWN)) === 0,
      firstPacket: frames.numbers.of(firstFrame),
      lastPacket: frames.numbers.of(lastFrame),
      segments: connections.segments(connection),
      start: frames.untimed ? null : frames.epochText(firstFrame),
      startNs: frames.elapsedNs(0, firstFrame),
      durationNs: frames.untimed ? null : durationNs,
      payloadBytes: perSide((direction) => course.ends[direction as 0 | 1].payload),
      state: { client: ends.client.state, server: ends.server.state },
      assumed: { client: ends.client.assumed, server: ends.server.assumed },
      completeness: COMPLETENESS.filter((_, bit) => completeness & (1 << bit)),
      handshakeRttNs: rtt === 0 ? null : rtt,
      notes,
      problems: this.problemKinds.reduce((sum, kind) => sum + (notes[kind] ?? 0), 0) + course.resets,
      verdict: NO_VERDICT,
    };
    return {
      row,
      course,
      findings,
      ends: perSide((direction) => course.ends[direction as 0 | 1]),
      resetBy: course.reset < 0 ? null : side(table.flow[course.reset]! & 1),
      captureCut: this.captureCut(),
      partlyHidden: (marks & PARTLY_HIDDEN) !== 0,
    };
  }

  /** Both ends after the last segment. */
  private ends(connection: number, clientDirection: number): PerSide<{ state: StateName | null; assumed: boolean }> {
    const { a, b } = this;
    const { connections } = this.tracker;
    if (!this.tracker.endpointsOf(connection, a, b))
      return {
        client: { state: STATES[SYN_SENT], assumed: false },
        server: { state: STATES[SYN_RECEIVED], assumed: true },
      };
    const marks = connections.marks(connection);
    // What was corrected may have been rejected for that, which only a replay sees; in a state that does not stay, it shows.
    const isPassing = PASSING.has(a.state) || PASSING.has(b.state);
    const mayHaveParted = marks & REJECTED || (isPassing && connections.segments(connection) <= MOST_REPLAYED);
    if (marks & CORRECTED && mayHaveParted) return endsOf(this.viewOf(connection));
    const [client, server] = clientDirection === 0 ? [a, b] : [b, a];
    return { client: endOf(client), server: endOf(server) };
  }

  /** Whether both ends have sent a SYN of their own: a simultaneous open. */
  bothOpened(connection: number): boolean {
    return this.courseOf(connection).ends.every(({ syn }) => syn >= 0);
  }

  /** The course of a connection up to now. */
  private courseOf(connection: number): CourseWalk {
    let course = this.courses.get(connection);
    if (course === undefined) {
      course = new CourseWalk(this.tracker, connection, this.places.elapsedNs);
      if (this.tracker.connections.segments(connection) <= SOON_WALKED) return course.walk();
      if (this.courses.size >= KEPT_COURSES) this.courses.delete(this.courses.keys().next().value!);
      this.courses.set(connection, course);
    }
    return course.walk();
  }
}

/** States that an end passes through. */
const PASSING: ReadonlySet<number> = new Set([
  SYN_SENT,
  SYN_RECEIVED,
  FIN_WAIT_1,
  FIN_WAIT_2,
  CLOSE_WAIT,
  CLOSING,
  LAST_ACK,
]);

/** Segments that are replayed for a row of the table on suspicion alone: a few milliseconds. */
const MOST_REPLAYED = 4096;

const endOf = (endpoint: Endpoint): { state: StateName | null; assumed: boolean } => ({
  state: stateOf(endpoint),
  assumed: isAssumed(endpoint, false),
});

function endsOf(view: ConnectionView): PerSide<{ state: StateName | null; assumed: boolean }> {
  let ends: PerSide<{ state: StateName | null; assumed: boolean }> | null = null;
  view.replay(view.length - 1, view.length, {
    before: () => undefined,
    after: (_row, _segment, client, server) => {
      ends = { client: endOf(client), server: endOf(server) };
    },
  });
  return ends!;
}
