import { grown, lowerBound, roomFor } from '../bytes/columns';
import { AddressTable } from '../model/addresses';
import type { Dialect, PacketText, TextFormat } from './format';
import { PacketRecords, type PlacedProblem } from './packet-records';
import type { ServiceNames } from './service-names';
import type { Splices } from './splices';

/** Where a packet is in a text. */
export interface Stretch {
  /** Position of its first byte, and how many bytes it is. */
  readonly position: number;
  readonly length: number;
  /** 1-based first line, and how many lines it is. */
  readonly line: number;
  readonly lines: number;
}

/** Packets of the reading before that can be taken over one after the other. */
export interface Run {
  /** The next one. */
  next: number;
  /** Position in the text before up to which everything is the same. */
  readonly sameUntil: number;
  /** How far they have moved. */
  readonly bytes: number;
  readonly lines: number;
  /** Packets are found by their structure: what comes behind one tells nothing about it. */
  readonly framed: boolean;
}

/** In place of a record: the packet is to be read anew. */
const NOT_KEPT = -1;

/** Records that nothing refers to any more are thrown away, and the text read anew, once they are so many times the others. */
const MOST_GARBAGE = 3;
const SMALL = 4096;

/**
 * What one reading of a text that is edited has found, packet by packet, so that the next reading need not look again at
 * packets whose lines have not changed. Two things make that exact: a packet's lines are read alone
 * ({@link Dialect.parse}), and a line that begins a packet makes what was before it irrelevant to the lines behind it
 * ({@link Dialect.key}). So a packet is taken over where its lines, and those up to the first line of the next packet
 * with it, are the same as before.
 */
export class PacketMemory {
  /** Shared by all readings, since what is kept of packets refers to it. */
  readonly addresses: AddressTable;
  readonly records: PacketRecords;
  private format: TextFormat | null = null;
  private key: string | null = null;

  private count = 0;
  private position = new Float64Array(1024);
  private bytes = new Uint32Array(1024);
  private line = new Uint32Array(1024);
  private lines = new Uint32Array(1024);
  /** Number of its record, or {@link NOT_KEPT}. */
  private record = new Int32Array(1024);
  /** The next packet is to be read anew the next time. */
  private isSpoiled = false;

  private services: ServiceNames | null = null;
  private inventions = 0;

  private previous: PacketMemory | null;

  /** @param changes what was replaced since the reading that `previous` remembers, in bytes */
  constructor(
    previous: PacketMemory | null,
    private readonly changes: Splices,
  ) {
    const isUsable = previous !== null && previous.records.length <= MOST_GARBAGE * previous.count + SMALL;
    this.previous = isUsable ? previous : null;
    this.addresses = isUsable ? previous.addresses : new AddressTable();
    this.records = isUsable ? previous.records : new PacketRecords();
  }

  /** How this text is read: what is remembered of another format, or of another style of it, is of no use. */
  begin(format: TextFormat, dialect: Dialect, services: ServiceNames): void {
    this.format = format;
    this.services = services;
    this.key = dialect.key ?? null;
    const { previous } = this;
    if (this.key === null || previous?.format !== format || previous.key !== this.key) this.previous = null;
  }

  /** Lets go of the reading before: the text has been read to its end. */
  forgetPrevious(): void {
    this.previous = null;
  }

  /**
   * Keeps the next packet of this reading, as its own lines have it; what it says only if that is all that it depends on.
   * @param problems asked for where it is kept
   */
  put(packet: PacketText, stretch: Stretch, problems: () => readonly PlacedProblem[]): void {
    if (this.key === null) return;
    const { inventions } = this.services!;
    const isAlone =
      !packet.isRemembered &&
      packet.events.length === 0 &&
      packet.states.length === 0 &&
      inventions === this.inventions;
    this.inventions = inventions;
    this.add(stretch, isAlone ? this.records.put(packet, problems()) : NOT_KEPT);
  }

  /** Keeps where the next packet of this reading is, and the number of its record. */
  add({ position, length, line, lines }: Stretch, record: number): void {
    const at = this.count++;
    if (at === this.position.length) {
      const room = roomFor(at + 1, at, 0);
      this.position = grown(this.position, room);
      this.bytes = grown(this.bytes, room);
      this.line = grown(this.line, room);
      this.lines = grown(this.lines, room);
      this.record = grown(this.record, room);
    }
    this.position[at] = position;
    this.bytes[at] = length;
    this.line[at] = line;
    this.lines[at] = lines;
    this.record[at] = this.isSpoiled ? NOT_KEPT : record;
    this.isSpoiled = false;
  }

  /** Something was told that belongs to no packet: it is to be told again, so what is around it is read anew. */
  spoil(): void {
    if (this.count > 0) this.record[this.count - 1] = NOT_KEPT;
    this.isSpoiled = true;
  }

  /** The packets from the one that begins at `position`, in that line, that may be as they were. */
  from(position: number, line: number): Run | null {
    const { previous } = this;
    const place = previous === null ? null : this.changes.before(position);
    if (previous === null || place === null) return null;
    const next = lowerBound(previous.position, previous.count, place.old);
    if (next >= previous.count || previous.position[next] !== place.old) return null;
    const lines = line - previous.line[next]!;
    return { next, sameUntil: place.sameUntil, bytes: position - place.old, lines, framed: false };
  }

  /** The packets behind the one that ends at `position`, in that line, that may be as they were. */
  behind(position: number, line: number): Run | null {
    const { previous } = this;
    const place = previous === null ? null : this.changes.before(position);
    if (previous === null || place === null) return null;
    const next = lowerBound(previous.position, previous.count, place.old);
    if (next === 0 || previous.endOf(next - 1) !== place.old) return null;
    const lines = line - (previous.line[next - 1]! + previous.lines[next - 1]! - 1);
    return { next, sameUntil: place.sameUntil, bytes: position - place.old, lines, framed: true };
  }

  /** The next packet of a run, and the number of its record; `null` where it is to be read anew. */
  take(run: Run): { readonly stretch: Stretch; readonly record: number } | null {
    const { previous } = this;
    const at = run.next;
    if (previous === null || at >= previous.count) return null;
    const record = previous.record[at]!;
    if (record === NOT_KEPT) return null;
    if (run.framed ? previous.endOf(at) > run.sameUntil : !(previous.endOf(at + 1) < run.sameUntil)) return null;
    run.next++;
    return { stretch: previous.stretchOf(at, run), record };
  }

  /** Where the next packet of a run is that consists of lines; there is one. */
  placeOf(run: Run): Stretch {
    return this.previous!.stretchOf(run.next, run);
  }

  private stretchOf(at: number, { bytes, lines }: Run): Stretch {
    return {
      position: this.position[at]! + bytes,
      length: this.bytes[at]!,
      line: this.line[at]! + lines,
      lines: this.lines[at]!,
    };
  }

  /** Position behind a packet; infinite where there is none. */
  private endOf(at: number): number {
    return at < this.count ? this.position[at]! + this.bytes[at]! : Infinity;
  }
}
