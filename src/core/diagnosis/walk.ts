import { ACK, FIN, RST, SYN } from '../model/flags';
import type { Message } from '../model/message';
import { noteBit } from '../model/segment';
import { SIDE_NAMES } from '../model/side';
import { FLAG_BITS } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import { hopsOf } from './hops';

/** Which end of a connection, as an index. */
export const CLIENT = 0;
export const SERVER = 1;
export type Role = 0 | 1;

export const sideName = (role: Role): Message => SIDE_NAMES[role === CLIENT ? 'client' : 'server'];

export const RETRANSMITTED =
  noteBit('retransmission') | noteBit('fast-retransmission') | noteBit('spurious-retransmission');

/** Flags that say what a segment is for. */
export const PURPOSE = FIN | SYN | RST | ACK;

/**
 * A walk over the segments of one connection: what the current segment is, and what the connection has had up to it. One
 * object serves all connections; whoever wants to keep something copies it. Segments are -1 where there is none.
 */
export class Walk {
  connection = -1;
  /** Direction (0 is endpoint A) of the client's segments. */
  clientDirection = 0;

  // The current segment.
  segment = -1;
  role: Role = CLIENT;
  flags = 0;
  /** Payload bytes, 0 where unknown. */
  len = 0;
  /** Nanoseconds since the capture's first packet. */
  timeNs = 0;
  notes = 0;

  // The connection so far, by role.
  readonly segments = [0, 0];
  readonly payloadBytes = [0, 0];
  readonly dataSegments = [0, 0];
  readonly retransmissions = [0, 0];
  readonly firstOf = [-1, -1];
  readonly lastOf = [-1, -1];
  readonly reset = [-1, -1];
  readonly fin = [-1, -1];
  /** Hops to the first segment that tells, -1 where none does, and whether another segment tells otherwise. */
  readonly hops = [-1, -1];
  readonly hopsVary = [false, false];
  /** First and last SYN of the client, SYN-ACK of the server, and how many. */
  syn = -1;
  lastSyn = -1;
  syns = 0;
  synAck = -1;
  lastSynAck = -1;
  synAcks = 0;
  /** The client's segment that completes the handshake. */
  completed = -1;
  /** All notes of its segments. */
  allNotes = 0;

  constructor(readonly tracker: Tracker) {}

  /** Goes through a connection; `visit` sees each segment once it counts. */
  go(connection: number, visit?: () => void): this {
    this.begin(connection);
    const { connections, segments: table } = this.tracker;
    const last = connections.lastSegment(connection);
    for (let segment = connections.firstSegment(connection); ; segment = table.next[segment]!) {
      this.take(segment);
      visit?.();
      if (segment === last) return this;
    }
  }

  begin(connection: number): void {
    this.connection = connection;
    this.clientDirection = this.tracker.connections.clientDirection(connection);
    // One by one: a flood begins millions of connections.
    this.segments[0] = this.segments[1] = 0;
    this.payloadBytes[0] = this.payloadBytes[1] = 0;
    this.dataSegments[0] = this.dataSegments[1] = 0;
    this.retransmissions[0] = this.retransmissions[1] = 0;
    this.firstOf[0] = this.firstOf[1] = -1;
    this.lastOf[0] = this.lastOf[1] = -1;
    this.reset[0] = this.reset[1] = -1;
    this.fin[0] = this.fin[1] = -1;
    this.hops[0] = this.hops[1] = -1;
    this.hopsVary[0] = this.hopsVary[1] = false;
    this.syn = this.lastSyn = this.synAck = this.lastSynAck = this.completed = -1;
    this.syns = this.synAcks = this.allNotes = 0;
  }

  take(segment: number): void {
    const { segments: table } = this.tracker;
    const role = ((table.flow[segment]! & 1) ^ this.clientDirection) as Role;
    const flags = table.bits[segment]! & FLAG_BITS;
    const len = Math.max(0, table.payloadBytes.of(segment));
    const notes = table.notes[segment]!;
    this.segment = segment;
    this.role = role;
    this.flags = flags;
    this.len = len;
    this.notes = notes;
    this.timeNs = this.tracker.timeNs(segment);
    this.segments[role]!++;
    this.allNotes |= notes;
    if (this.firstOf[role]! < 0) this.firstOf[role] = segment;
    this.lastOf[role] = segment;
    if (len > 0) {
      this.payloadBytes[role]! += len;
      this.dataSegments[role]!++;
    }
    if (notes & RETRANSMITTED && len > 0) this.retransmissions[role]!++;
    const hops = hopsOf(table.ttl[segment]!);
    if (hops !== this.hops[role] && hops >= 0) {
      if (this.hops[role]! < 0) this.hops[role] = hops;
      else this.hopsVary[role] = true;
    }
    if (flags & (SYN | FIN | RST)) this.takeControl(segment, role, flags);
    else if (flags & ACK) this.takeAck(segment, role);
  }

  /** Where the server's direction was not captured, the client's ACK shows that it got its SYN-ACK. */
  private takeAck(segment: number, role: Role): void {
    if (role === CLIENT && this.completed < 0 && (this.synAck >= 0 || this.syn >= 0)) this.completed = segment;
  }

  private takeControl(segment: number, role: Role, flags: number): void {
    if (flags & RST) {
      if (this.reset[role]! < 0) this.reset[role] = segment;
    } else if ((flags & (SYN | ACK)) === SYN && role === CLIENT) {
      if (this.syn < 0) this.syn = segment;
      this.lastSyn = segment;
      this.syns++;
    } else if (flags & SYN && role === SERVER) {
      if (this.synAck < 0) this.synAck = segment;
      this.lastSynAck = segment;
      this.synAcks++;
    } else if (flags & FIN && this.fin[role]! < 0) {
      this.fin[role] = segment;
      if (flags & ACK) this.takeAck(segment, role);
    }
  }

  timeOf(segment: number): number {
    return this.tracker.timeNs(segment);
  }

  /** The first segment of the connection. */
  get first(): number {
    return this.tracker.connections.firstSegment(this.connection);
  }

  family(): number {
    return this.tracker.connections.family(this.connection);
  }

  /** Number of an end's address, and its port. */
  address(role: Role): number {
    return this.tracker.connections.address(this.connection, role === this.clientDirection ? 0 : 1);
  }

  port(role: Role): number {
    const ports = this.tracker.connections.ports(this.connection);
    return role === this.clientDirection ? ports >>> 16 : ports & 0xffff;
  }
}
