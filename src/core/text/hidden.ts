import type { AddressTable } from '../model/addresses';
import { SegmentFacts } from '../model/facts';
import { message } from '../model/message';
import type { PacketText } from './format';
import { takeHosts } from './hosts';
import { slice } from './scan';

/** Protocols whose packets are none of TCP, by what Wireshark calls them. */
const NOT_TCP = new Set([
  ...['UDP', 'ICMP', 'ICMPv6', 'IGMP', 'IGMPv2', 'IGMPv3', 'ARP', 'DHCP', 'DHCPv6', 'NTP', 'MDNS', 'LLMNR', 'NBNS'],
  ...['SSDP', 'QUIC', 'GQUIC', 'SNMP', 'TFTP', 'RIP', 'RIPv2', 'OSPF', 'VRRP', 'HSRP', 'SCTP', 'ESP', 'GRE', 'RTP'],
  ...['RTCP', 'STUN', 'DTLS', 'DTLSv1.2', 'WireGuard', 'ISAKMP', 'IPv4', 'IPv6', 'IP'],
]);

/**
 * Lines of Wireshark's list in which a protocol above TCP says something of itself in place of TCP's ports and numbers.
 * Between hosts that have a TCP connection in the same text such a line is told of, so that no segment is missing
 * silently.
 */
export class HiddenSegments {
  /** Pairs of hosts with a segment, the lower address first: the latest of their connections, by ports. */
  private readonly pairs = new Map<string, Map<number, SegmentFacts>>();
  private readonly facts = new SegmentFacts();
  private readonly protocol = { name: '', at: -1 };

  constructor(private readonly addresses: AddressTable) {}

  /** Notes where hosts and protocol of the packet are that was read last, which has no segment. */
  see(
    bytes: Uint8Array,
    hosts: readonly [sourceStart: number, sourceEnd: number, destinationStart: number, destinationEnd: number],
    protocolStart: number,
    protocolEnd: number,
  ): void {
    this.protocol.at = -1;
    if (hosts[1] <= hosts[0] || hosts[3] <= hosts[2]) return;
    takeHosts(this.addresses, this.facts, bytes, ...hosts);
    this.protocol.name = slice(bytes, protocolStart, Math.min(protocolEnd, protocolStart + 40));
    this.protocol.at = protocolStart;
  }

  /** Goes on with the next packet of the text, whether it has a segment or not. */
  follow(packet: PacketText): void {
    const { protocol } = this;
    if (packet.segmentCount > 0) this.remember(packet.segments[0]!);
    else if (protocol.at >= 0 && packet.hexLength === 0 && !NOT_TCP.has(protocol.name)) {
      const connections = this.pairs.get(pairOf(this.facts));
      if (connections !== undefined) packet.hidden.push(...connections.values());
    }
    if (packet.hidden.length > 0)
      packet.problem(
        'hidden-segment',
        'info',
        message(
          'These hosts have a TCP connection, but this line shows “{0}” without ports and numbers: its segment is not known',
          protocol.name,
        ),
        protocol.at,
      );
    protocol.at = -1;
  }

  private remember(facts: SegmentFacts): void {
    const pair = pairOf(facts);
    let connections = this.pairs.get(pair);
    if (connections === undefined) this.pairs.set(pair, (connections = new Map<number, SegmentFacts>()));
    const ports =
      Math.min(facts.sourcePort, facts.destinationPort) * 65536 + Math.max(facts.sourcePort, facts.destinationPort);
    if (connections.has(ports)) return;
    const { family, source, destination, sourcePort, destinationPort } = facts;
    const ends = { family, source, destination, sourcePort, destinationPort };
    connections.set(ports, Object.assign(new SegmentFacts(), ends));
    if (connections.size > MAX_CONNECTIONS) connections.delete(connections.keys().next().value!);
  }
}

/** Connections of two hosts that are remembered: the line may be one of any. */
const MAX_CONNECTIONS = 64;

const pairOf = ({ family, source, destination }: SegmentFacts): string =>
  `${family} ${Math.min(source, destination)} ${Math.max(source, destination)}`;
