/** The entropy tables of zstd (RFC 8878 §4): how they are described in a block, and how they are looked up. */

/** Bits that a forward reader has taken: a table's description is read from its first bit on. */
export interface BitPlace {
  /** Bit within the block, counted from the lowest bit of its first byte. */
  bit: number;
}

/** Finite state entropy (RFC 8878 §4.1): a state is an index into `entries`, each {@link fseEntry}. */
export interface FseTable {
  readonly accuracyLog: number;
  readonly entries: Int32Array;
}

/** Symbol in the lowest byte, bits to read for the next state in the second, what they are added to above. */
const fseEntry = (symbol: number, bits: number, base: number): number => symbol | (bits << 8) | (base << 16);
export const fseSymbol = (entry: number): number => entry & 0xff;
export const fseBits = (entry: number): number => (entry >> 8) & 0xff;
export const fseBase = (entry: number): number => entry >>> 16;

/** A table of one symbol, for which no bit is read. */
export const fseOf = (symbol: number): FseTable => ({
  accuracyLog: 0,
  entries: Int32Array.of(fseEntry(symbol, 0, 0)),
});

export const highestBit = (value: number): number => 31 - Math.clz32(value);

/** A probability of "less than one": the symbol gets one state at the end of the table. */
const LESS_THAN_ONE = -1;

/**
 * Builds a table from probabilities in units of 2^-accuracyLog, which must add up to one (RFC 8878 §4.1.1).
 * @param probabilities one a symbol, -1 for "less than one"
 */
export function fseTable(probabilities: readonly number[], accuracyLog: number): FseTable {
  const size = 1 << accuracyLog;
  const symbols = new Uint8Array(size);
  let end = size;
  probabilities.forEach((probability, symbol) => {
    if (probability === LESS_THAN_ONE) symbols[--end] = symbol;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  probabilities.forEach((probability, symbol) => {
    for (let i = 0; i < probability; i++) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= end);
    }
  });
  const nth = probabilities.map((probability) => Math.abs(probability));
  const entries = new Int32Array(size);
  for (let state = 0; state < size; state++) {
    const symbol = symbols[state]!;
    const next = nth[symbol]!++;
    const bits = accuracyLog - highestBit(next);
    entries[state] = fseEntry(symbol, bits, (next << bits) - size);
  }
  return { accuracyLog, entries };
}

/**
 * Reads a table's description from `place` on, which ends up behind it at the next whole byte (RFC 8878 §4.1.1).
 * `null` where it is malformed or goes beyond byte `end`.
 */
export function readFseTable(
  bytes: Uint8Array,
  place: BitPlace,
  end: number,
  mostSymbols: number,
  mostAccuracyLog: number,
): FseTable | null {
  const take = (count: number): number => {
    const value = bitsAt(bytes, place.bit, count);
    place.bit += count;
    return value;
  };
  const accuracyLog = 5 + take(4);
  if (accuracyLog > mostAccuracyLog) return null;
  const probabilities: number[] = [];
  let remaining = 1 << accuracyLog;
  while (remaining > 0) {
    if (probabilities.length >= mostSymbols || place.bit > end * 8) return null;
    // Of the values 0…remaining + 1 the lower ones take one bit less.
    const bits = highestBit(remaining + 1);
    const short = (1 << (bits + 1)) - 2 - remaining;
    let value = take(bits);
    if (value >= short && take(1) === 1) value += (1 << bits) - short;
    const probability = value - 1;
    probabilities.push(probability);
    remaining -= Math.abs(probability);
    if (probability !== 0) continue;
    for (let zeros = 3; zeros === 3;) {
      zeros = take(2);
      if (probabilities.length + zeros > mostSymbols || place.bit > end * 8) return null;
      for (let i = 0; i < zeros; i++) probabilities.push(0);
    }
  }
  place.bit = Math.ceil(place.bit / 8) * 8;
  return remaining < 0 || place.bit > end * 8 ? null : fseTable(probabilities, accuracyLog);
}

/** `count` bits, at most 16, from bit `bit` on. Bytes beyond the array are zeros. */
const bitsAt = (bytes: Uint8Array, bit: number, count: number): number => {
  const i = bit >> 3;
  const word = (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16);
  return (word >> (bit & 7)) & ((1 << count) - 1);
};

/** Huffman codes (RFC 8878 §4.2): the next `bits` bits are an index into `entries`, each symbol << 4 | length. */
export interface HuffmanTable {
  readonly bits: number;
  readonly entries: Uint16Array;
}

const MOST_CODE_BITS = 11;
const MOST_WEIGHTS = 255;
const WEIGHT_ACCURACY_LOG = 6;

/** Reads a tree's description from `place` on, which ends up behind it; `null` where it is malformed. */
export function readHuffmanTable(bytes: Uint8Array, place: BitPlace, end: number): HuffmanTable | null {
  let at = place.bit >> 3;
  const header = bytes[at++]!;
  const direct = header - 127;
  const last = at + (direct > 0 ? (direct + 1) >> 1 : header);
  if (last > end) return null;
  const weights: number[] = [];
  if (direct > 0)
    for (let i = 0; i < direct; i++) weights.push(i & 1 ? bytes[at + (i >> 1)]! & 15 : bytes[at + (i >> 1)]! >> 4);
  else if (!readWeights(bytes, at, last, weights)) return null;
  place.bit = last * 8;
  return huffmanTable(weights);
}

/** Reads weights that are compressed by two states which take turns (RFC 8878 §4.2.1.2). */
function readWeights(bytes: Uint8Array, start: number, end: number, weights: number[]): boolean {
  const place = { bit: start * 8 };
  const table = readFseTable(bytes, place, end, MOST_CODE_BITS + 1, WEIGHT_ACCURACY_LOG);
  const first = place.bit;
  if (table === null || first >= end * 8 || bytes[end - 1] === 0) return false;
  const { accuracyLog, entries } = table;
  let bit = (end - 1) * 8 + highestBit(bytes[end - 1]!);
  // Bits before the first are zeros; a state that needed them is the last but one.
  const take = (count: number): number => {
    bit -= count;
    if (bit >= first) return bitsAt(bytes, bit, count);
    const there = Math.max(0, bit + count - first);
    return bitsAt(bytes, first, there) << (count - there);
  };
  let state = take(accuracyLog);
  let other = take(accuracyLog);
  if (bit < first) return false;
  while (weights.length < MOST_WEIGHTS) {
    const entry = entries[state]!;
    weights.push(fseSymbol(entry));
    const next = fseBase(entry) + take(fseBits(entry));
    if (bit < first) {
      weights.push(fseSymbol(entries[other]!));
      return weights.length <= MOST_WEIGHTS;
    }
    [state, other] = [other, next];
  }
  return false;
}

/** The last symbol's weight is not written: it fills the table up to a power of two (RFC 8878 §4.2.1). */
function huffmanTable(weights: number[]): HuffmanTable | null {
  let sum = 0;
  for (const weight of weights) {
    if (weight > MOST_CODE_BITS) return null;
    sum += weight > 0 ? 1 << (weight - 1) : 0;
  }
  if (sum === 0) return null;
  const bits = highestBit(sum) + 1;
  const rest = (1 << bits) - sum;
  if (bits > MOST_CODE_BITS || (rest & (rest - 1)) !== 0) return null;
  const all = [...weights, highestBit(rest) + 1];
  const entries = new Uint16Array(1 << bits);
  let at = 0;
  for (let weight = 1; weight <= bits; weight++)
    for (let symbol = 0; symbol < all.length; symbol++)
      if (all[symbol] === weight) {
        entries.fill((symbol << 4) | (bits + 1 - weight), at, at + (1 << (weight - 1)));
        at += 1 << (weight - 1);
      }
  return { bits, entries };
}

/**
 * Decodes `count` symbols of the stream in `[start, end)`, which is read from its end, to index `at` of `out`; false
 * where it is malformed. The array must go on for two bytes beyond the stream.
 */
export function decodeHuffman(
  bytes: Uint8Array,
  start: number,
  end: number,
  table: HuffmanTable,
  out: Uint8Array,
  at: number,
  count: number,
): boolean {
  if (end <= start || bytes[end - 1] === 0) return false;
  const { bits, entries } = table;
  const mask = (1 << bits) - 1;
  const first = start * 8;
  const last = at + count;
  // The highest bit of all marks the end.
  let bit = (end - 1) * 8 + highestBit(bytes[end - 1]!);
  let o = at;
  for (const whole = first + bits; bit >= whole && o < last; o++) {
    const from = bit - bits;
    const i = from >> 3;
    const entry = entries[((bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16)) >> (from & 7)) & mask]!;
    out[o] = entry >> 4;
    bit -= entry & 15;
  }
  for (; bit > first && o < last; o++) {
    const there = bit - first;
    const entry = entries[(bitsAt(bytes, first, there) << (bits - there)) & mask]!;
    out[o] = entry >> 4;
    bit -= entry & 15;
  }
  return o === last && bit === first;
}
