import { grown } from './columns';

/** Instead of the number: it is kept apart; it is -1. */
const APART = 0xffff;
const MINUS_ONE = 0xfffe;

/** A column of whole numbers from -1 on, hardly any of which needs more than 16 bits: two bytes a row. */
export class ShortColumn {
  private rows: Uint16Array<ArrayBuffer>;
  private readonly apart = new Map<number, number>();

  constructor(capacity: number) {
    this.rows = new Uint16Array(capacity);
  }

  of(row: number): number {
    const short = this.rows[row]!;
    if (short < MINUS_ONE) return short;
    return short === MINUS_ONE ? -1 : this.apart.get(row)!;
  }

  set(row: number, value: number): void {
    if (value >= 0 && value < MINUS_ONE) this.rows[row] = value;
    else this.setOdd(row, value);
  }

  /** Makes the column as long as `capacity`. */
  grow(capacity: number): void {
    this.rows = grown(this.rows, capacity);
  }

  private setOdd(row: number, value: number): void {
    this.rows[row] = value === -1 ? MINUS_ONE : APART;
    if (value !== -1) this.apart.set(row, value);
  }
}
