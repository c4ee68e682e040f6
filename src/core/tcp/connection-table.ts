import { mix } from '../bytes/hash';
import { RecordStore } from './records';

const FIRST_SLOTS = 1024;

/** Words of a row: half a line of the processor's cache, because most segments need nearly all of them. */
const ADDRESS_A = 0;
const ADDRESS_B = 1;
/** Port of A << 16 | port of B. */
const PORTS = 2;
const MARKS = 3;
const FIRST_SEGMENT = 4;
const LAST_SEGMENT = 5;
const SEGMENTS = 6;
/** Record of the tracker; negative while the connection is a lone SYN, of whose window scale it tells then. */
const RECORD = 7;
const ROW_WORDS = 8;

/** Bits of {@link ConnectionTable.marks}. */
export const CLIENT_IS_B = 0x01;
/** A SYN (without ACK) was captured. */
export const SAW_SYN = 0x02;
/** Client and server are known from a SYN or a SYN-ACK, not guessed from ports. */
export const ROLES_KNOWN = 0x04;
/**
 * Something was taken for arrived that was not, and something was rejected: the tracker's endpoints may have parted from
 * what a replay, which knows better, makes of the connection.
 */
export const CORRECTED = 0x4000;
export const REJECTED = 0x8000;
/** A text trace has lines of it that tell nothing of TCP: that something is missing shows nothing. */
export const PARTLY_HIDDEN = 0x1_0000;
export const FAMILY_SHIFT = 4;
/** Wireshark's completeness, six bits. */
export const COMPLETENESS_SHIFT = 8;

/**
 * One row a connection, found by address and port pairs. A reused pair of endpoints has a row for each incarnation;
 * {@link find} gives the latest.
 *
 * Endpoint A is the one with the lower (address, port); whether A or B is the client is a mark. Open addressing with
 * linear probing at a load of at most one half, each slot with its key's hash, so that other connections' rows are hardly
 * ever looked at; the hash is seeded per process, so that a file cannot bring chosen collisions.
 */
export class ConnectionTable {
  private readonly rows = new RecordStore(ROW_WORDS);
  /** Hash and row of each slot; a row of -1 is an empty slot. */
  private slots = emptySlots(FIRST_SLOTS);
  private keys = 0;
  private readonly seed = (Math.random() * 0x1_0000_0000) | 0;

  get length(): number {
    return this.rows.length;
  }

  /** The latest connection between two endpoints, or -1. */
  find(family: number, addressA: number, addressB: number, ports: number): number {
    const hash = mix(addressA, addressB, ports, this.seed);
    return this.slots[this.slot(hash, family, addressA, addressB, ports) + 1]!;
  }

  /** Adds a connection, which {@link find} gives from now on; `segment` is its first, which is not counted yet. */
  add(family: number, addressA: number, addressB: number, ports: number, segment: number): number {
    const row = this.rows.add();
    const words = this.rows.wordsOf(row);
    const at = this.rows.placeOf(row);
    words[at + ADDRESS_A] = addressA;
    words[at + ADDRESS_B] = addressB;
    words[at + PORTS] = ports;
    words[at + MARKS] = family << FAMILY_SHIFT;
    words[at + FIRST_SEGMENT] = segment;
    words[at + LAST_SEGMENT] = segment;
    words[at + RECORD] = -1;
    const hash = mix(addressA, addressB, ports, this.seed);
    let slot = this.slot(hash, family, addressA, addressB, ports);
    if (this.slots[slot + 1]! < 0 && ++this.keys * 4 > this.slots.length) {
      this.rehash();
      slot = this.slot(hash, family, addressA, addressB, ports);
    }
    this.slots[slot] = hash;
    this.slots[slot + 1] = row;
    return row;
  }

  /** Number of the address of an endpoint: 0 is A, 1 is B. */
  address(row: number, endpoint: number): number {
    return this.rows.word(row, ADDRESS_A + endpoint);
  }

  /** Port of A << 16 | port of B. */
  ports(row: number): number {
    return this.rows.word(row, PORTS);
  }

  family(row: number): number {
    return (this.marks(row) >> FAMILY_SHIFT) & 0xf;
  }

  marks(row: number): number {
    return this.rows.word(row, MARKS);
  }

  setMarks(row: number, marks: number): void {
    this.rows.wordsOf(row)[this.rows.placeOf(row) + MARKS] = marks;
  }

  /** Adds marks to those that a connection has. */
  mark(row: number, marks: number): void {
    this.rows.wordsOf(row)[this.rows.placeOf(row) + MARKS]! |= marks;
  }

  /** Wireshark's completeness. */
  completeness(row: number): number {
    return (this.marks(row) >> COMPLETENESS_SHIFT) & 0x3f;
  }

  /** Direction of what the client sends: 0 where A is the client, 1 where B is. */
  clientDirection(row: number): 0 | 1 {
    return this.marks(row) & CLIENT_IS_B ? 1 : 0;
  }

  firstSegment(row: number): number {
    return this.rows.word(row, FIRST_SEGMENT);
  }

  lastSegment(row: number): number {
    return this.rows.word(row, LAST_SEGMENT);
  }

  segments(row: number): number {
    return this.rows.word(row, SEGMENTS);
  }

  /** Counts a segment, which is the last one now. */
  append(row: number, segment: number): void {
    const words = this.rows.wordsOf(row);
    const at = this.rows.placeOf(row);
    words[at + LAST_SEGMENT] = segment;
    words[at + SEGMENTS]!++;
  }

  /** Record of the tracker, negative while the connection is a lone SYN. */
  record(row: number): number {
    return this.rows.word(row, RECORD);
  }

  setRecord(row: number, record: number): void {
    this.rows.wordsOf(row)[this.rows.placeOf(row) + RECORD] = record;
  }

  /** Window scale of a lone SYN, counted from `SHIFT_NONE`: 0 is none, 1 unknown, 2 a shift of 0. */
  synShift(row: number): number {
    return -1 - this.record(row);
  }

  setSynShift(row: number, shift: number): void {
    this.setRecord(row, -1 - shift);
  }

  private slot(hash: number, family: number, addressA: number, addressB: number, ports: number): number {
    const { slots, rows } = this;
    const mask = slots.length - 1;
    let slot = (hash << 1) & mask;
    for (;;) {
      const row = slots[slot + 1]!;
      if (row < 0) return slot;
      if (slots[slot] === hash) {
        const words = rows.wordsOf(row);
        const at = rows.placeOf(row);
        if (
          words[at + PORTS] === ports &&
          words[at + ADDRESS_A] === addressA &&
          words[at + ADDRESS_B] === addressB &&
          ((words[at + MARKS]! >> FAMILY_SHIFT) & 0xf) === family
        )
          return slot;
      }
      slot = (slot + 2) & mask;
    }
  }

  /** Moves every key to a table of twice the size. Rows of earlier incarnations are no longer reachable and are left out. */
  private rehash(): void {
    const old = this.slots;
    const slots = (this.slots = emptySlots(old.length));
    const mask = slots.length - 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1]! < 0) continue;
      let slot = (old[from]! << 1) & mask;
      while (slots[slot + 1]! >= 0) slot = (slot + 2) & mask;
      slots[slot] = old[from]!;
      slots[slot + 1] = old[from + 1]!;
    }
  }
}

const emptySlots = (slots: number): Int32Array => new Int32Array(2 * slots).fill(-1);
