import { u32 } from '../bytes/seq';
import { verdictOf, type VerdictFacts } from '../explain/verdict';
import type { AddressTable } from '../model/addresses';
import { COMPLETENESS, type ConnectionRow, type PerSide } from '../model/connection';
import { FIN, RST } from '../model/flags';
import { type Endpoint as EndpointName, NOTE_KINDS, type NoteKind, type Side } from '../model/segment';
import { type StateName, STATES, SYN_RECEIVED, SYN_SENT } from '../model/states';
import { CLIENT_IS_B, CORRECTED, REJECTED, ROLES_KNOWN, SAW_SYN } from '../tcp/connection-table';
import { Endpoint } from '../tcp/endpoint';
import type { Rule } from '../tcp/rule';
import { FLAG_BITS, type FrameTable } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import type { ConnectionView } from './connection-view';
import type { HostNames } from './host-names';
import { isAssumed } from './tcb';

/** Sums over the segments of one connection, as far as they have been walked. */
interface Sums {
  /** Last segment that is in the sums. */
  last: number;
  readonly payload: [a: number, b: number];
  readonly notes: Int32Array;
  resets: number;
  /** Direction of the first FIN and RST, -1 while there is none. */
  firstFin: number;
  firstReset: number;
}

/** Connections whose sums are kept; those of a page on screen fit. */
const KEPT_SUMS = 512;

/** Makes the rows of the connection table. Sums are walked on demand and go on from where they were. */
export class ConnectionRows {
  private readonly sums = new Map<number, Sums>();
  private readonly a = new Endpoint();
  private readonly b = new Endpoint();
  private readonly problemKinds: readonly NoteKind[];

  constructor(
    private readonly frames: FrameTable,
    private readonly tracker: Tracker,
    private readonly addresses: AddressTable,
    private readonly names: HostNames,
    rules: readonly Rule[],
    /** Replays a connection. */
    private readonly viewOf: (connection: number) => ConnectionView,
  ) {
    this.problemKinds = rules.filter((rule) => rule.level === 'problem').map((rule) => rule.kind);
  }

  endpoints(connection: number): PerSide<EndpointName> {
    const { connections } = this.tracker;
    const family = connections.family(connection);
    const ports = connections.ports[connection]!;
    const a = this.endpoint(family, connections.addressA[connection]!, ports >>> 16);
    const b = this.endpoint(family, connections.addressB[connection]!, ports & 0xffff);
    return connections.marks[connection]! & CLIENT_IS_B ? { client: b, server: a } : { client: a, server: b };
  }

  private endpoint(family: number, number: number, port: number): EndpointName {
    const address = this.addresses.text(family, number);
    const name = this.names.of(address);
    return name === undefined ? { address, port } : { address, port, name };
  }

  row(connection: number): ConnectionRow {
    const { tracker, frames } = this;
    const { connections, segments: table } = tracker;
    const marks = connections.marks[connection]!;
    const clientDirection = marks & CLIENT_IS_B ? 1 : 0;
    const sums = this.sumsOf(connection);
    const side = (direction: number): Side | null =>
      direction < 0 ? null : direction === clientDirection ? 'client' : 'server';
    const perSide = <T>(of: (direction: number) => T): PerSide<T> => ({
      client: of(clientDirection),
      server: of(1 - clientDirection),
    });
    const notes: Partial<Record<NoteKind, number>> = {};
    NOTE_KINDS.forEach((kind, bit) => {
      if (sums.notes[bit]! > 0) notes[kind] = sums.notes[bit]!;
    });
    const firstFrame = table.frame[connections.firstSegment[connection]!]!;
    const lastFrame = table.frame[connections.lastSegment[connection]!]!;
    const completeness = connections.completeness(connection);
    const rtt = tracker.initialRttNs(connection);
    const { client, server } = this.endpoints(connection);
    const ends = this.ends(connection, clientDirection);
    const shown: Omit<ConnectionRow, 'verdict'> = {
      connection,
      client,
      server,
      partial: (marks & (SAW_SYN | ROLES_KNOWN)) === 0,
      firstPacket: firstFrame + 1,
      lastPacket: lastFrame + 1,
      segments: connections.segments[connection]!,
      start: frames.epochText(firstFrame),
      startNs: frames.elapsedNs(0, firstFrame),
      durationNs: frames.elapsedNs(firstFrame, lastFrame),
      payloadBytes: perSide((direction) => sums.payload[direction as 0 | 1]),
      state: { client: ends.client.state, server: ends.server.state },
      assumed: { client: ends.client.assumed, server: ends.server.assumed },
      completeness: COMPLETENESS.filter((_, bit) => completeness & (1 << bit)),
      handshakeRttNs: rtt === 0 ? null : rtt,
      notes,
      problems: this.problemKinds.reduce((sum, kind) => sum + (notes[kind] ?? 0), 0) + sums.resets,
    };
    const facts: VerdictFacts = { ...shown, firstFin: side(sums.firstFin), firstReset: side(sums.firstReset) };
    return { ...shown, verdict: verdictOf(facts) };
  }

  /** Both ends after the last segment. */
  private ends(connection: number, clientDirection: number): PerSide<{ state: StateName; assumed: boolean }> {
    const { a, b } = this;
    const parted = CORRECTED | REJECTED;
    if ((this.tracker.connections.marks[connection]! & parted) === parted) return endsOf(this.viewOf(connection));
    if (!this.tracker.endpointsOf(connection, a, b))
      return {
        client: { state: STATES[SYN_SENT], assumed: false },
        server: { state: STATES[SYN_RECEIVED], assumed: true },
      };
    const [client, server] = clientDirection === 0 ? [a, b] : [b, a];
    return { client: endOf(client), server: endOf(server) };
  }

  private sumsOf(connection: number): Sums {
    const { segments: table, connections } = this.tracker;
    let sums = this.sums.get(connection);
    let segment: number;
    if (sums === undefined) {
      sums = {
        last: -1,
        payload: [0, 0],
        notes: new Int32Array(NOTE_KINDS.length),
        resets: 0,
        firstFin: -1,
        firstReset: -1,
      };
      if (this.sums.size >= KEPT_SUMS) this.sums.delete(this.sums.keys().next().value!);
      this.sums.set(connection, sums);
      segment = connections.firstSegment[connection]!;
    } else segment = table.next[sums.last]!;
    for (; segment >= 0; segment = table.next[segment]!) {
      const direction = (table.flow[segment]! & 1) as 0 | 1;
      sums.payload[direction] += Math.max(0, table.payloadBytes[segment]!);
      const flags = table.bits[segment]! & FLAG_BITS;
      if (flags & FIN && sums.firstFin < 0) sums.firstFin = direction;
      if (flags & RST) {
        sums.resets++;
        if (sums.firstReset < 0) sums.firstReset = direction;
      }
      for (let notes = u32(table.notes[segment]!); notes !== 0; notes &= notes - 1) sums.notes[lowestBit(notes)]!++;
      sums.last = segment;
    }
    return sums;
  }
}

const endOf = (endpoint: Endpoint): { state: StateName; assumed: boolean } => ({
  state: STATES[endpoint.state]!,
  assumed: isAssumed(endpoint, false),
});

function endsOf(view: ConnectionView): PerSide<{ state: StateName; assumed: boolean }> {
  let ends: PerSide<{ state: StateName; assumed: boolean }> | null = null;
  view.replay(view.length - 1, view.length, {
    before: () => undefined,
    after: (_row, _segment, client, server) => {
      ends = { client: endOf(client), server: endOf(server) };
    },
  });
  return ends!;
}

const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);
