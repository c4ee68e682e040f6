import { grown, roomFor } from '../bytes/columns';
import { mix } from '../bytes/hash';

const FIRST_ROWS = 256;
const FIRST_SLOTS = 1024;

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
export const FAMILY_SHIFT = 4;
/** Wireshark's completeness, six bits. */
export const COMPLETENESS_SHIFT = 8;

/**
 * One row a connection, found by address and port pairs. A reused pair of endpoints has a row for each incarnation;
 * {@link find} gives the latest.
 *
 * Endpoint A is the one with the lower (address, port); whether A or B is the client is a mark. Open addressing with
 * linear probing at a load of at most one half; the hash is seeded per process, so that a file cannot bring chosen
 * collisions.
 */
export class ConnectionTable {
  length = 0;
  addressA = new Int32Array(FIRST_ROWS);
  addressB = new Int32Array(FIRST_ROWS);
  /** Port of A << 16 | port of B. */
  ports = new Int32Array(FIRST_ROWS);
  marks = new Int32Array(FIRST_ROWS);
  firstSegment = new Int32Array(FIRST_ROWS);
  lastSegment = new Int32Array(FIRST_ROWS);
  segments = new Int32Array(FIRST_ROWS);
  /** Record of the tracker, -1 while the connection is a lone SYN. */
  record = new Int32Array(FIRST_ROWS);
  /** Window scale of a lone SYN, counted from `SHIFT_NONE`: 0 is none, 1 unknown, 2 a shift of 0. */
  synShift = new Uint8Array(FIRST_ROWS);

  private slots = new Int32Array(FIRST_SLOTS).fill(-1);
  private keys = 0;
  private readonly seed = (Math.random() * 0x1_0000_0000) | 0;

  /** The latest connection between two endpoints, or -1. */
  find(family: number, addressA: number, addressB: number, ports: number): number {
    return this.slots[this.slot(family, addressA, addressB, ports)]!;
  }

  /** Adds a connection, which {@link find} gives from now on. */
  add(family: number, addressA: number, addressB: number, ports: number): number {
    const row = this.length++;
    if (row === this.addressA.length) this.reserve(row + 1);
    this.addressA[row] = addressA;
    this.addressB[row] = addressB;
    this.ports[row] = ports;
    this.marks[row] = family << FAMILY_SHIFT;
    this.record[row] = -1;
    let slot = this.slot(family, addressA, addressB, ports);
    if (this.slots[slot]! < 0) {
      if (++this.keys * 2 > this.slots.length) {
        this.rehash();
        slot = this.slot(family, addressA, addressB, ports);
      }
    }
    this.slots[slot] = row;
    return row;
  }

  family(row: number): number {
    return (this.marks[row]! >> FAMILY_SHIFT) & 0xf;
  }

  completeness(row: number): number {
    return (this.marks[row]! >> COMPLETENESS_SHIFT) & 0x3f;
  }

  private slot(family: number, addressA: number, addressB: number, ports: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = mix(addressA, addressB, ports, this.seed) & mask;
    for (;;) {
      const row = slots[slot]!;
      if (
        row < 0 ||
        (this.ports[row] === ports &&
          this.addressA[row] === addressA &&
          this.addressB[row] === addressB &&
          this.family(row) === family)
      )
        return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** Moves every key to a table of twice the size. Rows of earlier incarnations are no longer reachable and are left out. */
  private rehash(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2).fill(-1);
    const mask = this.slots.length - 1;
    for (const row of old) {
      if (row < 0) continue;
      let slot = mix(this.addressA[row]!, this.addressB[row]!, this.ports[row]!, this.seed) & mask;
      while (this.slots[slot]! >= 0) slot = (slot + 1) & mask;
      this.slots[slot] = row;
    }
  }

  private reserve(needed: number): void {
    const room = roomFor(needed, this.addressA.length, 0);
    this.addressA = grown(this.addressA, room);
    this.addressB = grown(this.addressB, room);
    this.ports = grown(this.ports, room);
    this.marks = grown(this.marks, room);
    this.firstSegment = grown(this.firstSegment, room);
    this.lastSegment = grown(this.lastSegment, room);
    this.segments = grown(this.segments, room);
    this.record = grown(this.record, room);
    this.synShift = grown(this.synShift, room);
  }
}
