import { grown, lowerBound, roomFor } from '../bytes/columns';
import { ShortColumn } from '../bytes/short-column';
import { FramePositions } from './frame-positions';
import { PacketNumbers } from './packet-numbers';

const FIRST_ROWS = 1024;

/** One row a frame. Rows are in file order. */
export class FrameTable {
  length = 0;
  /** Which packet of the file a frame is: row `i` is packet `i + 1` where all of it is loaded. */
  numbers = new PacketNumbers();
  /** Seconds of the first frame since 1970-01-01 UTC; {@link seconds} count from it. */
  baseSeconds = 0;
  /** Whole seconds since {@link baseSeconds}; see {@link setTime}. */
  seconds = new Int32Array(FIRST_ROWS);
  /** Frames have no time at all (a text trace without): all read 0, and no time passes between them. */
  untimed = false;
  /** Nanoseconds within the second, in [0, 1e9). */
  nanos = new Int32Array(FIRST_ROWS);
  readonly captured = new ShortColumn(FIRST_ROWS);

  private readonly positions = new FramePositions((frame) => this.captured.of(frame));
  /** Bytes on the wire; without rows while all frames were captured whole. */
  private original = new Uint32Array(0);
  /** Index into the reader's interfaces; without rows while there is only the first. */
  private interface = new Uint16Array(0);
  /** Frames whose seconds do not fit into the column; hardly ever any. */
  private readonly farSeconds = new Map<number, number>();

  /** Sets the time of a frame: whole seconds since 1970-01-01 UTC, and nanoseconds within the second. */
  setTime(frame: number, seconds: number, nanos: number): void {
    const since = seconds - this.baseSeconds;
    this.seconds[frame] = since;
    this.nanos[frame] = nanos;
    if (this.seconds[frame] !== since) this.farSeconds.set(frame, since);
  }

  /** Sets where the next frame is in the file and how long it is, captured and on the wire. */
  setPlace(frame: number, position: number, captured: number, original: number, index: number): void {
    this.positions.add(frame, position);
    this.captured.set(frame, captured);
    if (original !== captured || this.original.length > 0) this.setOriginal(frame, original);
    if (index !== 0 || this.interface.length > 0) this.setInterface(frame, index);
  }

  /** Sets the bytes on the wire of the last frame alone, where only its bytes tell. */
  setOriginal(frame: number, original: number): void {
    if (this.original.length === 0) {
      this.original = new Uint32Array(this.capacity);
      for (let before = 0; before < frame; before++) this.original[before] = this.captured.of(before);
    }
    this.original[frame] = original;
  }

  private setInterface(frame: number, index: number): void {
    if (this.interface.length === 0) this.interface = new Uint16Array(this.capacity);
    this.interface[frame] = index;
  }

  /** Position of a frame's first byte in the file. */
  positionOf(frame: number): number {
    return this.positions.of(frame);
  }

  /** Bytes of a frame on the wire. */
  originalOf(frame: number): number {
    return this.original.length === 0 ? this.captured.of(frame) : this.original[frame]!;
  }

  /** Index of a frame's interface among the reader's. */
  interfaceOf(frame: number): number {
    return this.interface.length === 0 ? 0 : this.interface[frame]!;
  }

  /** Whole seconds of a frame since 1970-01-01 UTC. */
  secondsOf(frame: number): number {
    return this.baseSeconds + this.sinceBase(frame);
  }

  private sinceBase(frame: number): number {
    return (this.farSeconds.size > 0 ? this.farSeconds.get(frame) : undefined) ?? this.seconds[frame]!;
  }

  /** Rows that there is room for. */
  get capacity(): number {
    return this.seconds.length;
  }

  /** Makes room for `more` rows; `expected` is how many rows the whole input may have. */
  reserve(more: number, expected: number): void {
    const needed = this.length + more;
    const capacity = this.seconds.length;
    if (needed <= capacity) return;
    const room = roomFor(needed, capacity, expected);
    this.seconds = grown(this.seconds, room);
    this.nanos = grown(this.nanos, room);
    this.captured.grow(room);
    if (this.original.length > 0) this.original = grown(this.original, room);
    if (this.interface.length > 0) this.interface = grown(this.interface, room);
  }

  /** Nanoseconds from frame `from` to frame `to`; negative where the clock went back. Exact below 2^53. */
  elapsedNs(from: number, to: number): number {
    return (this.sinceBase(to) - this.sinceBase(from)) * 1e9 + (this.nanos[to]! - this.nanos[from]!);
  }

  /** The same as it is told: NaN where the text has no times. */
  lapseNs(from: number, to: number): number {
    return this.untimed ? NaN : this.elapsedNs(from, to);
  }

  /** Seconds since 1970-01-01 UTC as text with nine decimals. */
  epochText(frame: number): string {
    return epochText(this.secondsOf(frame), this.nanos[frame]!);
  }
}

/** `1700000000.000000021`; times before 1970 count down from zero: `-0.500000000`. */
export function epochText(seconds: number, nanos: number): string {
  if (seconds >= 0 || nanos === 0) return `${seconds}.${String(nanos).padStart(9, '0')}`;
  const whole = -(seconds + 1);
  return `-${whole}.${String(1e9 - nanos).padStart(9, '0')}`;
}

/** One row a TCP segment, in file order; of several in one frame, the outermost first. */
export class SegmentTable {
  length = 0;
  /** Connection << 1 | direction: 0 is sent by the connection's endpoint A, 1 by B. */
  flow = new Int32Array(FIRST_ROWS);
  /** Sequence and acknowledgment numbers as on the wire (raw bits). */
  seq = new Int32Array(FIRST_ROWS);
  ack = new Int32Array(FIRST_ROWS);
  /** Payload bytes; -1 where they cannot be told (`LENGTH_UNKNOWN`). */
  readonly payloadBytes = new ShortColumn(FIRST_ROWS);
  /** Window as on the wire; the last one of its side where the text has none (`NO_WINDOW`). */
  window = new Uint16Array(FIRST_ROWS);
  /** Bits 0–8: flags; 9: {@link UNDELIVERED}; 10: {@link WITH_SACK}; 11: {@link TEXT_UNDELIVERED}; 12–13: checksum verdict; 14: {@link BOGUS_HEADER}; 15: {@link CUT_HEADER}. */
  bits = new Uint16Array(FIRST_ROWS);
  /** Bit `i`: the note `WIRESHARK_NOTES[i]`; and {@link CONGESTION_EXPERIENCED}, {@link OLD_TIMESTAMP}. */
  notes = new Int32Array(FIRST_ROWS);
  /** Next segment of the same connection, -1 at its last. */
  next = new Int32Array(FIRST_ROWS);
  /** Segment that this one acknowledges to its last byte, -1 where there is none. */
  acked = new Int32Array(FIRST_ROWS);
  /** Bytes in flight after this segment, 0 where unknown. */
  inFlight = new Int32Array(FIRST_ROWS);
  /** Time to live or hop limit of its IP header, 0 where unknown; and the identification, 0 in IPv6. */
  ttl = new Uint8Array(FIRST_ROWS);
  ipId = new Uint16Array(FIRST_ROWS);
  /** Bits `NO_*`: what a text trace does not carry. Without rows where everything is carried, as in every capture. */
  absent = new Uint8Array(0);
  /** 0-based frames; without rows while every frame so far is one segment. */
  private frame = new Int32Array(0);

  /** Rows that there is room for. */
  get capacity(): number {
    return this.flow.length;
  }

  /** 0-based frame of a segment. */
  frameOf(segment: number): number {
    return this.frame.length === 0 ? segment : this.frame[segment]!;
  }

  /** Sets the frame of the last segment. */
  setFrame(segment: number, frame: number): void {
    if (this.frame.length === 0) {
      if (frame === segment) return;
      this.frame = new Int32Array(this.capacity);
      for (let before = 0; before < segment; before++) this.frame[before] = before;
    }
    this.frame[segment] = frame;
  }

  /** The first segment that is not before a frame; {@link length} where there is none. */
  firstFrom(frame: number): number {
    return this.frame.length === 0 ? Math.min(frame, this.length) : lowerBound(this.frame, this.length, frame);
  }

  /** The first segment of a frame, -1 where it has none. */
  firstOf(frame: number): number {
    const segment = this.firstFrom(frame);
    return segment < this.length && this.frameOf(segment) === frame ? segment : -1;
  }

  /** Bits `NO_*` of a segment. */
  absentOf(segment: number): number {
    return this.absent.length === 0 ? 0 : this.absent[segment]!;
  }

  setAbsent(segment: number, bits: number): void {
    if (this.absent.length === 0) {
      if (bits === 0) return;
      this.absent = new Uint8Array(this.capacity);
    }
    this.absent[segment] = bits;
  }

  /** Whether two segments are equal in direction, numbers, flags, window and IP identification. */
  isAlike(a: number, b: number): boolean {
    return (
      this.flow[a] === this.flow[b] &&
      this.seq[a] === this.seq[b] &&
      this.ack[a] === this.ack[b] &&
      this.payloadBytes.of(a) === this.payloadBytes.of(b) &&
      this.ipId[a] === this.ipId[b] &&
      this.window[a] === this.window[b] &&
      ((this.bits[a]! ^ this.bits[b]!) & FLAG_BITS) === 0
    );
  }

  reserve(more: number, expected: number): void {
    const needed = this.length + more;
    const { capacity } = this;
    if (needed <= capacity) return;
    const room = roomFor(needed, capacity, expected);
    if (this.frame.length > 0) this.frame = grown(this.frame, room);
    this.flow = grown(this.flow, room);
    this.seq = grown(this.seq, room);
    this.ack = grown(this.ack, room);
    this.payloadBytes.grow(room);
    this.window = grown(this.window, room);
    this.bits = grown(this.bits, room);
    this.notes = grown(this.notes, room);
    this.next = grown(this.next, room);
    this.acked = grown(this.acked, room);
    this.inFlight = grown(this.inFlight, room);
    this.ttl = grown(this.ttl, room);
    this.ipId = grown(this.ipId, room);
    if (this.absent.length > 0) this.absent = grown(this.absent, room);
  }
}

export const FLAG_BITS = 0x01ff;
/** A later segment of its receiver shows that it had not arrived when that was sent: it was lost, or still on its way. */
export const UNDELIVERED = 0x0200;
/** It has SACK blocks. */
export const WITH_SACK = 0x0400;
/** Its receiver's next segment shows that its payload or FIN had not arrived: lost, or still on its way. */
export const TEXT_UNDELIVERED = 0x0800;
/** In the column of notes: a SYN whose payload its receiver has taken (RFC 7413), as the answer acknowledges. */
export const TEXT_TAKEN = 1 << 27;
/** In the column of notes: a SYN to an end that has an older connection still, as its answer shows. */
export const MEETS_OLDER = 1 << 28;
/** In the column of notes: the IP header says that the packet met congestion (RFC 3168 §5). */
export const CONGESTION_EXPERIENCED = 1 << 29;
/** In the column of notes: the timestamp is older than the one that the receiver keeps (RFC 7323 §5.3). */
export const OLD_TIMESTAMP = 1 << 30;
export const CHECKSUM_SHIFT = 12;
/** The data offset says less than five words: what follows the fixed header is not known (Wireshark: bogus length). */
export const BOGUS_HEADER = 0x4000;

/** So little of the header was captured that neither flags nor window are known. */
export const CUT_HEADER = 0x8000;

/** Numbers that few segments have, found by binary search: rows of (segment, number, other segment). */
export class DetailTable {
  length = 0;
  private segment = new Int32Array(256);
  private number = new Int32Array(256);
  private other = new Int32Array(256);

  /** Segments must be added in ascending order. `other` is a segment or -1. */
  add(segment: number, number: number, other: number): void {
    const row = this.length++;
    if (row === this.segment.length) {
      const room = roomFor(row + 1, row, 0);
      this.segment = grown(this.segment, room);
      this.number = grown(this.number, room);
      this.other = grown(this.other, room);
    }
    this.segment[row] = segment;
    this.number[row] = number;
    this.other[row] = other;
  }

  find(segment: number): { readonly number: number; readonly other: number } | null {
    let low = 0;
    let high = this.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const there = this.segment[middle]!;
      if (there === segment) return { number: this.number[middle]!, other: this.other[middle]! };
      if (there < segment) low = middle + 1;
      else high = middle - 1;
    }
    return null;
  }
}

/** SACK blocks of the segments that have some, found by binary search. */
export class SackTable {
  length = 0;
  private segment = new Int32Array(256);
  /** Where the edges of a row begin; those of the next begin where they end. */
  private start = new Int32Array(257);
  private edges = new Int32Array(512);

  /** Segments must be added in ascending order. `edges` holds left, right, left, right… */
  add(segment: number, edges: Int32Array, blocks: number): void {
    const row = this.length++;
    if (row === this.segment.length) {
      const room = roomFor(row + 1, row, 0);
      this.segment = grown(this.segment, room);
      this.start = grown(this.start, room + 1);
    }
    const at = this.start[row]!;
    const end = at + 2 * blocks;
    if (end > this.edges.length) this.edges = grown(this.edges, roomFor(end, this.edges.length, 0));
    this.segment[row] = segment;
    for (let i = 0; i < 2 * blocks; i++) this.edges[at + i] = edges[i]!;
    this.start[row + 1] = end;
  }

  /** Copies the edges of a segment into `edges`. Returns how many blocks there are. */
  read(segment: number, edges: Int32Array): number {
    let low = 0;
    let high = this.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const there = this.segment[middle]!;
      if (there === segment) {
        const at = this.start[middle]!;
        const end = this.start[middle + 1]!;
        for (let i = at; i < end; i++) edges[i - at] = this.edges[i]!;
        return (end - at) / 2;
      }
      if (there < segment) low = middle + 1;
      else high = middle - 1;
    }
    return 0;
  }
}

/** From a segment on something about a flow is another. */
export interface Change {
  readonly segment: number;
  readonly value: number;
}

/** What changes in few flows and few times, found by binary search. */
export class ChangeTable<T extends Change> {
  private readonly flows = new Map<number, T[]>();

  /** Changes of one flow must be added in ascending order of segments. */
  add(flow: number, change: T): void {
    const changes = this.flows.get(flow);
    if (changes === undefined) this.flows.set(flow, [change]);
    else changes.push(change);
  }

  first(flow: number): T | null {
    return this.flows.get(flow)?.[0] ?? null;
  }

  /** The last change of a flow up to a segment; `null` where there is none. */
  at(flow: number, segment: number): T | null {
    const changes = this.flows.size === 0 ? undefined : this.flows.get(flow);
    if (changes === undefined) return null;
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (changes[middle]!.segment <= segment) low = middle + 1;
      else high = middle;
    }
    return changes[low - 1] ?? null;
  }
}
