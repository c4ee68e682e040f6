import { ENDPOINT_WORDS } from './endpoint';
import { HANDSHAKE_WORDS, MEMORY_WORDS } from './memory';

/** Layout of a record, in words: endpoints A and B, what is remembered of each one's flow, and of the handshake. */
export const MEMORY_AT = 2 * ENDPOINT_WORDS;
export const HANDSHAKE_AT = 2 * (ENDPOINT_WORDS + MEMORY_WORDS);
export const RECORD_WORDS = HANDSHAKE_AT + HANDSHAKE_WORDS;

const BLOCK_SHIFT = 10;
const BLOCK_MASK = (1 << BLOCK_SHIFT) - 1;

/**
 * What is known of every connection, in records of words. They are kept in blocks that never move: growing one array of
 * all would copy it again and again, and touch several times the memory.
 */
export class RecordStore {
  private readonly blocks: Int32Array[] = [];
  private length = 0;

  /** Adds a record of zeros and returns its number. */
  add(): number {
    const record = this.length++;
    if ((record & BLOCK_MASK) === 0) this.blocks.push(new Int32Array(RECORD_WORDS << BLOCK_SHIFT));
    return record;
  }

  /** The array that a record is in. */
  wordsOf(record: number): Int32Array {
    return this.blocks[record >>> BLOCK_SHIFT]!;
  }

  /** Where a record begins in its array. */
  placeOf(record: number): number {
    return (record & BLOCK_MASK) * RECORD_WORDS;
  }

  /** One word of a record. */
  word(record: number, index: number): number {
    return this.wordsOf(record)[this.placeOf(record) + index]!;
  }
}
