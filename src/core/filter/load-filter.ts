import type { AddressTable } from '../model/addresses';
import type { SegmentFacts } from '../model/facts';
import type { FilterFault } from '../model/filter';
import { message } from '../model/message';
import { HeaderWalk } from '../query/header-walk';
import type { LayerIndex, PairVisitor } from '../query/layer-index';
import type { ConnectionTable } from '../tcp/connection-table';
import { isSupported, PROTOCOLS } from '../wire/registry';
import { compile, fieldsOf } from './compile';
import type { FieldSources } from './field';
import { parse } from './parser';

/** Fields whose values stand in the packet alone, whatever came before it. */
const IN_THE_PACKET = new Set([
  'address',
  'port',
  'ip.addr',
  'ip.src',
  'ip.dst',
  'ipv6.addr',
  'ipv6.src',
  'ipv6.dst',
  'tcp.port',
  'tcp.srcport',
  'tcp.dstport',
  'udp.port',
  'udp.srcport',
  'udp.dstport',
  ...PROTOCOLS.map(({ id }) => id),
]);

/** Of those, what every piece of an IP packet tells by itself. */
const IN_EVERY_FRAGMENT = /^ip/;

/** Segments of a packet (of a tunnel, or of an aggregate) that are looked at. */
const MAX_SEGMENTS = 64;

/** Decides by its headers alone whether a packet is loaded. Packets must come in their order. */
export interface LoadFilter {
  /** Parameters as of a decoder. */
  takesFrame(
    linkType: number,
    fcsBytes: number,
    bytes: Uint8Array,
    at: number,
    captured: number,
    original: number,
    seconds: number,
  ): boolean;
  /** The same for a segment that a text gives in words. */
  takesSegment(facts: SegmentFacts): boolean;
}

/** What is wrong with a filter that decides which packets are loaded; `null` where nothing is. */
export function loadFilterFault(text: string): FilterFault | null {
  const { filter, faults } = parse(text);
  if (filter === null) return faults[0] ?? null;
  const late = fieldsOf(filter).find((field) => !IN_THE_PACKET.has(field.name));
  if (late === undefined) return null;
  const start = Math.max(0, text.indexOf(late.name));
  return {
    start,
    end: start + late.name.length,
    message: message(
      '{0} is known only once packets are loaded: load by addresses, ports and protocols, and filter by {0} then',
      late.name,
    ),
  };
}

/** A filter without a fault ({@link loadFilterFault}) as a decision about packets; the empty one is none. */
export function loadFilter(text: string, addresses: AddressTable): LoadFilter | null {
  const { filter } = parse(text);
  if (filter === null) return null;
  const packet = new PacketAlone(addresses);
  const { matches } = compile(filter, packet.sources);
  const needsWhole = fieldsOf(filter).some(({ name }) => !IN_EVERY_FRAGMENT.test(name));
  const takes = (): boolean => matches(0, 0, packet.segments) || (needsWhole && packet.headers.isFragment);
  return {
    takesFrame(linkType, ...frame) {
      packet.clear();
      if (isSupported(linkType)) packet.headers.walk(0, linkType, ...frame);
      return takes();
    },
    takesSegment(facts) {
      packet.clear();
      packet.add(facts);
      return takes();
    },
  };
}

/**
 * One packet as fields are read from: its segments are connections of their own, each sent by endpoint A. Nothing is kept
 * of it, so nothing of a capture that is not loaded takes memory.
 */
class PacketAlone {
  segments = 0;
  readonly headers: HeaderWalk;
  private readonly flow = Int32Array.from({ length: MAX_SEGMENTS }, (_, segment) => segment << 1);
  private readonly family = new Uint8Array(MAX_SEGMENTS);
  /** Source and destination of each. */
  private readonly addresses = new Int32Array(2 * MAX_SEGMENTS);
  private readonly ports = new Uint32Array(MAX_SEGMENTS);
  /** The fields of {@link IN_THE_PACKET} read nothing else. */
  readonly sources: FieldSources;

  constructor(addresses: AddressTable) {
    this.headers = new HeaderWalk(addresses, (facts) => this.add(facts));
    const { flow, family, addresses: pairs, ports } = this;
    const connections: Pick<ConnectionTable, 'family' | 'address' | 'ports'> = {
      family: (segment) => family[segment]!,
      address: (segment, endpoint) => pairs[2 * segment + endpoint]!,
      ports: (segment) => ports[segment]!,
    };
    const layers: Pick<LayerIndex, 'protocols' | 'someIp' | 'someUdp'> = {
      protocols: () => this.headers.protocols,
      someIp: (_: number, visit: PairVisitor) => this.someIp(visit),
      someUdp: (_: number, visit: PairVisitor) => this.someUdp(visit),
    };
    this.sources = { addresses, layers, tracker: { segments: { flow }, connections } } as unknown as FieldSources;
  }

  clear(): void {
    this.segments = 0;
    this.headers.clear();
  }

  add(facts: SegmentFacts): void {
    if (this.segments === MAX_SEGMENTS) return;
    const segment = this.segments++;
    this.family[segment] = facts.family;
    this.addresses[2 * segment] = facts.source;
    this.addresses[2 * segment + 1] = facts.destination;
    this.ports[segment] = (facts.sourcePort << 16) | facts.destinationPort;
  }

  private someIp(visit: PairVisitor): boolean {
    const { ip } = this.headers;
    for (let i = 0; i < ip.length; i += 3) if (visit(ip[i]!, ip[i + 1]!, ip[i + 2]!)) return true;
    // Of a segment that a text gives in words there are no headers.
    return ip.length === 0 && this.segments > 0 && visit(this.family[0]!, this.addresses[0]!, this.addresses[1]!);
  }

  private someUdp(visit: PairVisitor): boolean {
    const { udp } = this.headers;
    for (let i = 0; i < udp.length; i += 2) if (visit(0, udp[i]!, udp[i + 1]!)) return true;
    return false;
  }
}
