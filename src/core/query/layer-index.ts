import { grown, lowerBound, roomFor } from '../bytes/columns';
import type { AddressTable } from '../model/addresses';
import { NAME } from '../model/facts';
import type { FrameTable } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import { isSupported, PROTOCOLS } from '../wire/registry';
import { HeaderWalk, IP_FAMILY } from './header-walk';
import type { PacketQueries } from './packet-queries';

const NO_LAYERS = 0;
const MAX_STACKS = 0xffff;

/** Pairs of numbers that few frames have, some of them several; rows in order of frames. */
class PairTable {
  length = 0;
  private frame = new Int32Array(64);
  private family = new Uint8Array(64);
  private source = new Int32Array(64);
  private destination = new Int32Array(64);

  add(frame: number, family: number, source: number, destination: number): void {
    const row = this.length++;
    if (row === this.frame.length) {
      const room = roomFor(row + 1, row, 0);
      this.frame = grown(this.frame, room);
      this.family = grown(this.family, room);
      this.source = grown(this.source, room);
      this.destination = grown(this.destination, room);
    }
    this.frame[row] = frame;
    this.family[row] = family;
    this.source[row] = source;
    this.destination[row] = destination;
  }

  /** The first row of a frame; -1 where it has none. */
  first(frame: number): number {
    const row = lowerBound(this.frame, this.length, frame);
    return row < this.length && this.frame[row] === frame ? row : -1;
  }

  /** Calls `visit` with the pairs of a frame, from its first row on, until it returns true. */
  some(first: number, visit: PairVisitor): boolean {
    if (first < 0) return false;
    const frame = this.frame[first]!;
    for (let row = first; row < this.length && this.frame[row] === frame; row++)
      if (visit(this.family[row]!, this.source[row]!, this.destination[row]!)) return true;
    return false;
  }
}

/** Is given addresses with their family, or ports. */
export type PairVisitor = (family: number, source: number, destination: number) => boolean;

/**
 * Which headers every packet has, and the addresses and ports of those that are not the columns' own: made by walking all
 * packets again when somebody asks, a bounded part at a time, in their order. A packet of one IP header around one segment
 * is the rule, and has its addresses in its connection.
 */
export class LayerIndex {
  /** Packets that have been walked. */
  length = 0;
  private stack = new Uint16Array(0);
  /** Of each stack the protocols, outermost first; a stack is found by the one that it goes on from. */
  private readonly stacks: (readonly number[])[] = [[]];
  private readonly longer = new Map<number, number>();
  private readonly ip = new PairTable();
  private readonly udp = new PairTable();
  private readonly headers: HeaderWalk;

  constructor(
    private readonly frames: FrameTable,
    private readonly tracker: Tracker,
    addresses: AddressTable,
    private readonly packets: PacketQueries,
  ) {
    this.headers = new HeaderWalk(addresses);
  }

  /** Walks at most `packets` more of those that have been read. */
  step(packets: number): void {
    const end = Math.min(this.length + packets, this.frames.length);
    if (this.stack.length < end) this.stack = grown(this.stack, roomFor(this.frames.length, this.stack.length, 0));
    for (; this.length < end; this.length++) this.stack[this.length] = this.walk(this.length);
  }

  /** The headers of a packet, outermost first, as indices of `PROTOCOLS`; empty where it has not been walked. */
  protocols(frame: number): readonly number[] {
    return frame < this.length ? this.stacks[this.stack[frame]!]! : [];
  }

  /** Calls `visit` with the addresses of a packet's IP headers, outermost first, until it returns true. */
  someIp(frame: number, visit: PairVisitor): boolean {
    const first = this.ip.first(frame);
    return first >= 0 ? this.ip.some(first, visit) : this.ofSegment(frame, visit);
  }

  /** Calls `visit` with the ports of a packet's UDP headers, outermost first, until it returns true. */
  someUdp(frame: number, visit: PairVisitor): boolean {
    return this.udp.some(this.udp.first(frame), visit);
  }

  private ofSegment(frame: number, visit: PairVisitor): boolean {
    const { segments, connections } = this.tracker;
    const segment = segments.firstOf(frame);
    if (segment < 0) return false;
    const connection = segments.flow[segment]! >> 1;
    const a = connections.address(connection, 0);
    const b = connections.address(connection, 1);
    const family = connections.family(connection);
    return segments.flow[segment]! & 1 ? visit(family, b, a) : visit(family, a, b);
  }

  private walk(frame: number): number {
    const { frames, packets, headers } = this;
    const { linkType, fcsBytes } = packets.interfaceOf(frame);
    if (!isSupported(linkType)) return this.stackOfText(frame);
    const bytes = packets.bytes(frame);
    if (bytes === null) return NO_LAYERS;
    const original = frames.originalOf(frame);
    headers.walk(frame, linkType, fcsBytes, bytes, 0, bytes.length, original, frames.secondsOf(frame));
    const { ip, udp, protocols } = headers;
    if (ip.length !== 3 || headers.segments !== 1)
      for (let i = 0; i < ip.length; i += 3) this.ip.add(frame, ip[i]!, ip[i + 1]!, ip[i + 2]!);
    for (let i = 0; i < udp.length; i += 2) this.udp.add(frame, 0, udp[i]!, udp[i + 1]!);
    let stack = NO_LAYERS;
    for (const protocol of protocols) stack = this.longerStack(stack, protocol);
    return stack;
  }

  /** A packet of which a text says no more than its segment. */
  private stackOfText(frame: number): number {
    const { segments, connections } = this.tracker;
    const segment = segments.firstOf(frame);
    if (segment < 0) return NO_LAYERS;
    const family = connections.family(segments.flow[segment]! >> 1);
    const network = IP_FAMILY.indexOf(family);
    return this.longerStack(family === NAME ? NO_LAYERS : this.longerStack(NO_LAYERS, network), TCP);
  }

  private longerStack(stack: number, protocol: number): number {
    const key = stack * PROTOCOLS.length + protocol;
    let found = this.longer.get(key);
    if (found === undefined) {
      if (this.stacks.length >= MAX_STACKS) return stack;
      found = this.stacks.push([...this.stacks[stack]!, protocol]) - 1;
      this.longer.set(key, found);
    }
    return found;
  }
}

const TCP = PROTOCOLS.findIndex(({ id }) => id === 'tcp');
