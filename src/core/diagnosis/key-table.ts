import { grown, roomFor } from '../bytes/columns';
import { mix } from '../bytes/hash';

const FIRST_ROWS = 64;

/** Rows found by three integers, with columns to count in. The hash is seeded, so that a file cannot choose collisions. */
export class KeyTable {
  length = 0;
  a = new Int32Array(FIRST_ROWS);
  b = new Int32Array(FIRST_ROWS);
  c = new Int32Array(FIRST_ROWS);
  readonly columns: Int32Array<ArrayBuffer>[];
  private slots = new Int32Array(4 * FIRST_ROWS).fill(-1);
  private readonly seed = (Math.random() * 0x1_0000_0000) | 0;

  constructor(
    columns = 0,
    private readonly mostRows = Infinity,
  ) {
    this.columns = Array.from({ length: columns }, () => new Int32Array(FIRST_ROWS));
  }

  /** The row of a key; -1 where it has none. */
  find(a: number, b: number, c: number): number {
    return this.slots[this.slot(a, b, c)]!;
  }

  /** The row of a key, a new one of zeros where it had none; -1 where the table is full. */
  add(a: number, b: number, c: number): number {
    let slot = this.slot(a, b, c);
    if (this.slots[slot]! >= 0) return this.slots[slot]!;
    if (this.length >= this.mostRows) return -1;
    if ((this.length + 1) * 2 > this.slots.length) {
      this.rehash();
      slot = this.slot(a, b, c);
    }
    const row = this.length++;
    if (row === this.a.length) this.reserve(row + 1);
    this.a[row] = a;
    this.b[row] = b;
    this.c[row] = c;
    this.slots[slot] = row;
    return row;
  }

  private slot(a: number, b: number, c: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = mix(a, b, c, this.seed) & mask;
    for (;;) {
      const row = slots[slot]!;
      if (row < 0 || (this.a[row] === a && this.b[row] === b && this.c[row] === c)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(-1);
    for (let row = 0; row < this.length; row++) this.slots[this.slot(this.a[row]!, this.b[row]!, this.c[row]!)] = row;
  }

  private reserve(needed: number): void {
    const room = roomFor(needed, this.a.length, 0);
    this.a = grown(this.a, room);
    this.b = grown(this.b, room);
    this.c = grown(this.c, room);
    this.columns.forEach((column, i) => (this.columns[i] = grown(column, room)));
  }
}
