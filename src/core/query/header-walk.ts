import { i32be, u16be } from '../bytes/endian';
import type { AddressTable } from '../model/addresses';
import { IPV4, IPV6, type SegmentFacts } from '../model/facts';
import { Cursor } from '../wire/cursor';
import { Reassembler } from '../wire/reassembly';
import { ANSWERS, PROTOCOLS } from '../wire/registry';
import { walkSlowly, type WalkObserver } from '../wire/walk';

const MIN_IPV4_BYTES = 20;
const IPV6_BYTES = 40;
/** "More fragments" and the offset (RFC 791 §3.1). */
const IS_FRAGMENT = 0x3fff;

/** Walks through the headers of packets, which must come in their order, and says which there are and what they name. */
export class HeaderWalk {
  /** Of the last packet: its headers as indices of `PROTOCOLS`, outermost first. */
  readonly protocols: number[] = [];
  /** Version, source and destination of each IP header, outermost first. */
  readonly ip: number[] = [];
  /** Source and destination port of each UDP header. */
  readonly udp: number[] = [];
  /** TCP segments in it. */
  segments = 0;
  /** Whether it holds a piece of an IP packet. */
  isFragment = false;

  private readonly cursor: Cursor;
  private readonly observer: WalkObserver = {
    before: (protocol) => this.before(protocol),
    after: () => undefined,
  };

  constructor(addresses: AddressTable, segment: (facts: SegmentFacts) => void = () => undefined) {
    const sink = {
      segment: (facts: SegmentFacts): void => {
        this.segments++;
        segment(facts);
      },
      icmpError: (): void => undefined,
    };
    this.cursor = new Cursor(addresses, sink, new Reassembler(), false, ANSWERS);
  }

  /** Walks through a packet of a link type that is supported; parameters as of a decoder. */
  walk(
    frame: number,
    linkType: number,
    fcsBytes: number,
    bytes: Uint8Array,
    at: number,
    captured: number,
    original: number,
    seconds: number,
  ): void {
    this.clear();
    this.cursor.start(frame, fcsBytes, bytes, at, captured, original, seconds);
    walkSlowly(this.cursor, linkType, this.observer);
  }

  /** Forgets the last packet. */
  clear(): void {
    this.protocols.length = 0;
    this.ip.length = 0;
    this.udp.length = 0;
    this.segments = 0;
    this.isFragment = false;
  }

  private before(protocol: number): void {
    const { bytes, at, end, addresses } = this.cursor;
    const family = IP_FAMILY[protocol]!;
    // The step for IPv4 also looks what version there is.
    if (family !== 0 && (at >= end || bytes[at]! >>> 4 !== family)) return;
    this.protocols.push(protocol);
    if (family === IPV4 && end - at >= MIN_IPV4_BYTES) {
      this.ip.push(family, i32be(bytes, at + 12), i32be(bytes, at + 16));
      if (u16be(bytes, at + 6) & IS_FRAGMENT) this.isFragment = true;
    } else if (family === IPV6 && end - at >= IPV6_BYTES)
      this.ip.push(family, addresses.internIpv6(bytes, at + 8), addresses.internIpv6(bytes, at + 24));
    else if (protocol === UDP && end - at >= 4) this.udp.push(u16be(bytes, at), u16be(bytes, at + 2));
    else if (protocol === FRAGMENT) this.isFragment = true;
  }
}

const FAMILIES: Readonly<Record<string, number>> = { ip: IPV4, ipv6: IPV6 };
/** For each protocol its IP version, 0 for others. */
export const IP_FAMILY = Uint8Array.from(PROTOCOLS, ({ id }) => FAMILIES[id] ?? 0);
const UDP = PROTOCOLS.findIndex(({ id }) => id === 'udp');
const FRAGMENT = PROTOCOLS.findIndex(({ id }) => id === 'ipv6.fraghdr');
