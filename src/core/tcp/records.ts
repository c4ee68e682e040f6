const BLOCK_SHIFT = 10;
const BLOCK_MASK = (1 << BLOCK_SHIFT) - 1;

/**
 * Records of words, all of one size. They are kept in blocks that never move: growing one array of all would copy it
 * again and again, and touch several times the memory.
 */
export class RecordStore {
  length = 0;
  private readonly blocks: Int32Array[] = [];

  /** @param size words of a record */
  constructor(private readonly size: number) {}

  /** Adds a record of zeros and returns its number. */
  add(): number {
    const record = this.length++;
    if ((record & BLOCK_MASK) === 0) this.blocks.push(new Int32Array(this.size << BLOCK_SHIFT));
    return record;
  }

  /** The array that a record is in. */
  wordsOf(record: number): Int32Array {
    return this.blocks[record >>> BLOCK_SHIFT]!;
  }

  /** Where a record begins in its array. */
  placeOf(record: number): number {
    return (record & BLOCK_MASK) * this.size;
  }

  /** One word of a record. */
  word(record: number, index: number): number {
    return this.wordsOf(record)[this.placeOf(record) + index]!;
  }
}
