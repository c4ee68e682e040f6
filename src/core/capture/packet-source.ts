import type { CaptureInterface } from '../model/capture';
import { timestampReader, type StoreTime } from './timestamps';

/** What an Interface Description Block says. */
export interface InterfaceDescription {
  readonly linkType: number;
  readonly snapLength: number;
  readonly fcsBytes: number;
  readonly name: string | null;
  readonly description: string | null;
  readonly resolution: number;
  readonly offset: number;
}

/**
 * One interface of a pcapng section and its entries in the reader's table: one as long as all its packets are alike, more
 * where some carry another check sequence than described, or no time.
 */
export class PacketSource {
  readonly storeTime: StoreTime;
  private readonly entries: { readonly fcsBytes: number; readonly timed: boolean; readonly index: number }[] = [];
  private readonly firstIndex: number;
  private lostBetweenPackets = 0;
  private hasStatistics = false;

  constructor(
    readonly description: InterfaceDescription,
    private readonly table: CaptureInterface[],
  ) {
    this.storeTime = timestampReader(description.resolution, description.offset);
    this.firstIndex = table.length;
    table.push(this.entry(description.fcsBytes, true));
  }

  /** Index in the table for a packet of that kind; `fcsBytes` is -1 where the packet does not say. */
  index(fcsBytes: number, timed: boolean): number {
    const fcs = fcsBytes < 0 ? this.description.fcsBytes : fcsBytes;
    for (const entry of this.entries) if (entry.fcsBytes === fcs && entry.timed === timed) return entry.index;
    const index = this.entries.length === 0 ? this.firstIndex : this.table.length;
    this.table[index] = this.entry(fcs, timed, this.table[index]?.dropped ?? null);
    this.entries.push({ fcsBytes: fcs, timed, index });
    return index;
  }

  /** Packets that were lost before a packet. Statistics, which come last, know better. */
  addLost(packets: number): void {
    this.lostBetweenPackets += packets;
    if (!this.hasStatistics) this.table[this.firstIndex]!.dropped = this.lostBetweenPackets;
  }

  /** Packets lost since the capture began. */
  setLost(packets: number): void {
    this.hasStatistics = true;
    this.table[this.firstIndex]!.dropped = packets;
  }

  private entry(fcsBytes: number, timed: boolean, dropped: number | null = null): CaptureInterface {
    const { linkType, name, description, snapLength } = this.description;
    const entry = { linkType, fcsBytes, name, description, snapLength, dropped };
    return timed ? entry : { ...entry, untimed: true };
  }
}
