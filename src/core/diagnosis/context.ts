import type { AddressTable } from '../model/addresses';
import type { CaptureInterface } from '../model/capture';
import type { Thresholds } from '../model/diagnosis';
import type { SegmentFacts } from '../model/facts';
import type { FrameTable } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import { KeyTable } from './key-table';

/** An ICMP error about a segment. */
export interface IcmpError {
  /** The connection of the segment that it quotes, -1 where that was not captured. */
  readonly connection: number;
  readonly family: number;
  readonly type: number;
  readonly code: number;
}

/** What a diagnosis is made of. */
export interface DiagnosisSources {
  readonly tracker: Tracker;
  readonly frames: FrameTable;
  readonly addresses: AddressTable;
  readonly interfaces: readonly CaptureInterface[];
  /** Whether the lengths of frames are those of packets: not in a text trace. */
  readonly hasBytes: boolean;
  /** By frame. */
  readonly icmpErrors: ReadonlyMap<number, IcmpError>;
  /** A segment with its options and payload, read again; `null` where its bytes cannot be had. */
  readonly factsOf: (segment: number) => SegmentFacts | null;
}

/** A server that was flooded. */
export interface Flooded {
  readonly family: number;
  readonly address: number;
  readonly port: number;
  /** When the flood began, in nanoseconds since the capture's first packet. */
  readonly startNs: number;
  /** Hops to the server's own answers, -1 where it gave none. */
  readonly hops: number;
}

/** The sources, the thresholds, and what detectors leave for those after them. */
export class DiagnosisContext {
  readonly tracker: Tracker;
  readonly frames: FrameTable;
  readonly flooded: Flooded[] = [];
  /** How many segments of a connection are copies of packets. */
  readonly copies = new Map<number, number>();
  /** Pairs of a scanner and the host that it scans by SYNs: family, scanner, host. */
  readonly scans = new KeyTable();

  constructor(
    readonly sources: DiagnosisSources,
    readonly thresholds: Thresholds,
  ) {
    this.tracker = sources.tracker;
    this.frames = sources.frames;
  }

  host(family: number, address: number): string {
    return this.sources.addresses.text(family, address);
  }

  endpoint(family: number, address: number, port: number): string {
    const host = this.host(family, address);
    return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  }

  packet(segment: number): number {
    return this.tracker.packetOf(segment);
  }

  timeOf(segment: number): number {
    return this.tracker.timeNs(segment);
  }

  isFlooded(family: number, address: number, port: number): boolean {
    return this.flooded.some((one) => one.family === family && one.address === address && one.port === port);
  }
}
