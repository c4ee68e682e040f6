import { ACK, FIN, PSH, SYN } from '../../../src/core/model/flags';
import { seqAdd, u32 } from '../../../src/core/bytes/seq';

/** Bytes of Ethernet II + IPv4 + TCP, with correct checksums, for samples whose exact numbers matter. */

export interface TcpOptions {
  readonly mss?: number;
  readonly sackPermitted?: boolean;
  readonly timestamps?: { readonly value: number; readonly echo: number };
  readonly windowScale?: number;
}

export interface TcpPacket {
  readonly ethernet: { readonly source: string; readonly destination: string };
  readonly ip: {
    readonly source: string;
    readonly destination: string;
    readonly id: number;
    readonly ttl: number;
    readonly dontFragment: boolean;
  };
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  /** As on the wire, unscaled. */
  readonly window: number;
  readonly options?: TcpOptions;
  readonly payload?: Uint8Array;
}

const ETHERNET_HEADER_BYTES = 14;
const IPV4_HEADER_BYTES = 20;
const TCP_HEADER_BYTES = 20;
const TCP_PROTOCOL = 6;

/** The Internet checksum (RFC 1071) of `bytes`; `sum` carries what was added before. */
export function internetChecksum(bytes: Uint8Array, sum = 0): number {
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

const macBytes = (mac: string): number[] => mac.split(':').map((part) => parseInt(part, 16));
const ipv4Bytes = (address: string): number[] => address.split('.').map(Number);
const u16Bytes = (value: number): number[] => [(value >>> 8) & 0xff, value & 0xff];
const u32Bytes = (value: number): number[] => [...u16Bytes(value >>> 16), ...u16Bytes(value & 0xffff)];

/** Options in the order in which Linux writes them, padded with NOPs to a multiple of four bytes (RFC 9293 §3.1). */
function optionBytes(options: TcpOptions): number[] {
  const { mss, sackPermitted, timestamps, windowScale } = options;
  const bytes: number[] = [];
  if (mss !== undefined) bytes.push(2, 4, ...u16Bytes(mss));
  if (timestamps) {
    bytes.push(...(sackPermitted ? [4, 2] : [1, 1]), 8, 10);
    bytes.push(...u32Bytes(timestamps.value), ...u32Bytes(timestamps.echo));
  } else if (sackPermitted) {
    bytes.push(1, 1, 4, 2);
  }
  if (windowScale !== undefined) bytes.push(1, 3, 3, windowScale);
  return bytes;
}

export function encodeTcpPacket(packet: TcpPacket): Uint8Array {
  const { ethernet, ip } = packet;
  const options = optionBytes(packet.options ?? {});
  const payload = packet.payload ?? new Uint8Array();
  const tcpHeaderBytes = TCP_HEADER_BYTES + options.length;
  const tcpBytes = tcpHeaderBytes + payload.length;
  const addresses = [...ipv4Bytes(ip.source), ...ipv4Bytes(ip.destination)];

  const segment = Uint8Array.from([
    ...u16Bytes(packet.sourcePort),
    ...u16Bytes(packet.destinationPort),
    ...u32Bytes(packet.seq),
    ...u32Bytes(packet.ack),
    ...u16Bytes(((tcpHeaderBytes / 4) << 12) | packet.flags),
    ...u16Bytes(packet.window),
    ...[0, 0], // checksum
    ...[0, 0], // urgent pointer
    ...options,
    ...payload,
  ]);
  // The pseudo-header of RFC 9293 §3.1; its length is even, so its sum can be carried into the segment's.
  const pseudoHeader = Uint8Array.from([...addresses, 0, TCP_PROTOCOL, ...u16Bytes(tcpBytes)]);
  segment.set(u16Bytes(internetChecksum(segment, ~internetChecksum(pseudoHeader) & 0xffff)), 16);

  const header = Uint8Array.from([
    ...[0x45, 0], // version 4, five words; no DSCP, no ECN
    ...u16Bytes(IPV4_HEADER_BYTES + tcpBytes),
    ...u16Bytes(ip.id),
    ...u16Bytes(ip.dontFragment ? 0x4000 : 0),
    ip.ttl,
    TCP_PROTOCOL,
    ...[0, 0], // checksum
    ...addresses,
  ]);
  header.set(u16Bytes(internetChecksum(header)), 10);

  const frame = new Uint8Array(ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES + tcpBytes);
  frame.set([...macBytes(ethernet.destination), ...macBytes(ethernet.source), 0x08, 0x00]);
  frame.set(header, ETHERNET_HEADER_BYTES);
  frame.set(segment, ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES);
  return frame;
}

/** One end of a {@link Conversation}, as seen at the point of capture. */
export interface Speaker {
  readonly address: string;
  readonly port: number;
  /** Hardware address of the frames that carry its segments: its own, or its gateway's. */
  readonly mac: string;
  readonly ttl: number;
  readonly isn: number;
  /** Identification of its first packet; the next ones count up, as Linux does within a connection. */
  readonly firstIpId: number;
  /** What its timestamp clock (one tick a millisecond) shows when the capture starts; without it no timestamps. */
  readonly timestampAtStart?: number;
  /** Milliseconds from its sending of a segment to the point of capture. */
  readonly distanceMs: number;
  readonly mss: number;
  readonly windowScale: number;
  /** Raw windows: the unscaled one of its SYN, and the scaled one of everything later. */
  readonly synWindow: number;
  readonly window: number;
}

export interface Frame {
  /** Microseconds since the epoch. */
  readonly timeUs: number;
  readonly bytes: Uint8Array;
}

export type Side = 'client' | 'server';

/** What to say next. Numbers that are not given follow from what was said before. */
export interface Utterance {
  readonly from: Side;
  /** Milliseconds after the previous frame, at the point of capture. */
  readonly afterMs: number;
  readonly flags: number;
  readonly text?: string;
}

/** What a segment tells its receiver, and when it gets there. */
interface News {
  readonly arrivesMs: number;
  readonly next: number;
  readonly timestamp: number;
}

/**
 * Keeps the books of both ends of a connection on which nothing is lost, and writes its frames. An end acknowledges and
 * echoes only what had reached it when its segment left, not what had passed the point of capture.
 */
export class Conversation {
  readonly frames: Frame[] = [];
  private readonly sndNxt: Record<Side, number>;
  private readonly ipId: Record<Side, number>;
  private readonly news: Record<Side, News[]> = { client: [], server: [] };
  private elapsedMs = 0;

  constructor(
    private readonly startUs: number,
    private readonly ends: Readonly<Record<Side, Speaker>>,
  ) {
    this.sndNxt = { client: ends.client.isn, server: ends.server.isn };
    this.ipId = { client: ends.client.firstIpId, server: ends.server.firstIpId };
  }

  say({ from, afterMs, flags, text = '' }: Utterance): void {
    const to: Side = from === 'client' ? 'server' : 'client';
    const sender = this.ends[from];
    const payload = new TextEncoder().encode(text);
    const isSyn = (flags & SYN) !== 0;
    this.elapsedMs += afterMs;

    const departsMs = this.elapsedMs - sender.distanceMs;
    const heard = this.news[from].filter((news) => news.arrivesMs <= departsMs).at(-1);
    const timestamp =
      sender.timestampAtStart === undefined ? undefined : sender.timestampAtStart + Math.floor(departsMs);

    this.frames.push({
      timeUs: this.startUs + Math.round(this.elapsedMs * 1000),
      bytes: encodeTcpPacket({
        ethernet: { source: sender.mac, destination: this.ends[to].mac },
        ip: {
          source: sender.address,
          destination: this.ends[to].address,
          // Linux answers a SYN before the socket exists that counts its packets: with identification 0.
          id: isSyn && flags & ACK ? 0 : this.ipId[from]++,
          ttl: sender.ttl,
          dontFragment: true,
        },
        sourcePort: sender.port,
        destinationPort: this.ends[to].port,
        seq: this.sndNxt[from],
        ack: flags & ACK ? (heard?.next ?? 0) : 0,
        flags: payload.length > 0 ? flags | PSH : flags,
        window: isSyn ? sender.synWindow : sender.window,
        options: {
          ...(isSyn ? { mss: sender.mss, sackPermitted: true, windowScale: sender.windowScale } : {}),
          ...(timestamp === undefined ? {} : { timestamps: { value: timestamp, echo: heard?.timestamp ?? 0 } }),
        },
        payload,
      }),
    });

    const occupied = payload.length + (isSyn ? 1 : 0) + (flags & FIN ? 1 : 0);
    this.sndNxt[from] = u32(seqAdd(this.sndNxt[from], occupied));
    this.news[to].push({
      arrivesMs: this.elapsedMs + this.ends[to].distanceMs,
      next: this.sndNxt[from],
      timestamp: timestamp ?? 0,
    });
  }
}
