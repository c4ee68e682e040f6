import { damagedStream } from './decompressed';
import {
  decodeHuffman,
  fseBase,
  fseBits,
  fseOf,
  fseSymbol,
  type BitPlace,
  type FseTable,
  fseTable,
  highestBit,
  type HuffmanTable,
  readFseTable,
  readHuffmanTable,
} from './zstd-tables';

/** RFC 8878 §3.1.1.2.3: no block has or makes more. */
export const MAX_BLOCK_BYTES = 1 << 17;
/** Readers of bits take whole bytes beyond the last one. */
const PADDING_BYTES = 4;

const filled = (length: number, value: number): number[] => Array.from({ length }, () => value);

/** What a code stands for: a least value, and how many bits are added to it. */
interface Codes {
  readonly bases: Int32Array;
  readonly bits: Uint8Array;
  readonly mostAccuracyLog: number;
  readonly usual: FseTable;
}

function codes(
  first: number,
  bits: readonly number[],
  mostAccuracyLog: number,
  usual: readonly number[],
  log: number,
): Codes {
  const bases = new Int32Array(bits.length);
  bits.reduce((base, count, code) => (bases[code] = base) + 2 ** count, first);
  return { bases, bits: Uint8Array.from(bits), mostAccuracyLog, usual: fseTable(usual, log) };
}

// The codes of RFC 8878 §3.1.1.3.2.1.1 with the distributions of its appendix A.
const LITERAL_LENGTHS = codes(
  0,
  [...filled(16, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
  9,
  [4, 3, ...filled(11, 2), 1, 1, 1, ...filled(9, 2), 3, 2, ...filled(5, 1), ...filled(4, -1)],
  6,
);
const MATCH_LENGTHS = codes(
  3,
  [...filled(32, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
  9,
  [1, 4, 3, ...filled(6, 2), ...filled(37, 1), ...filled(7, -1)],
  6,
);
/** The largest offset code has 30 bits: more would reach beyond any window that is accepted. */
const OFFSETS = codes(
  1,
  Array.from({ length: 31 }, (_, code) => code),
  8,
  [...filled(6, 1), 2, 2, 2, ...filled(15, 1), ...filled(5, -1)],
  5,
);

/** Copies of this many bytes and more are faster by the engine's own means. */
const BULK_BYTES = 48;

/**
 * The blocks of one frame (RFC 8878 §3.1.1.2), one after the other: they share tables, the last offsets, and the window,
 * of which only as much is reserved as has been decoded.
 */
export class ZstdBlocks {
  /** The last block's bytes are `[from, to)` of it, and before them as much of the window as there is. */
  output = new Uint8Array(0);
  from = 0;
  to = 0;
  /** Bytes that were moved out of the window. */
  private gone = 0;
  private readonly blockBytes: number;
  private readonly mostBytes: number;
  private readonly offsets = [1, 4, 8];
  private huffman: HuffmanTable | null = null;
  private literalLengths: FseTable | null = null;
  private matchLengths: FseTable | null = null;
  private offsetCodes: FseTable | null = null;
  /** The block at hand, followed by padding. */
  private input = new Uint8Array(0);
  private literals = new Uint8Array(0);

  constructor(private readonly windowBytes: number) {
    this.blockBytes = Math.min(windowBytes, MAX_BLOCK_BYTES);
    // What is decoded moves to the front once in a quarter of a window, so that a byte is moved four times at most.
    this.mostBytes = windowBytes + Math.max(windowBytes >> 2, 4 * this.blockBytes);
  }

  /** Bytes that all blocks have made. */
  get made(): number {
    return this.gone + this.to;
  }

  raw(bytes: Uint8Array, start: number, size: number, position: number): void {
    this.begin(size, position);
    this.output.set(bytes.subarray(start, start + size), this.to);
    this.to += size;
  }

  repeated(byte: number, times: number, position: number): void {
    this.begin(times, position);
    this.output.fill(byte, this.to, this.to + times);
    this.to += times;
  }

  /** @throws {DamagedStream} that names `position`, where the block begins in the file */
  compressed(bytes: Uint8Array, start: number, size: number, position: number): void {
    if (size > this.blockBytes) throw damagedStream(position);
    this.begin(this.blockBytes, position);
    if (this.input.length < size + PADDING_BYTES) this.input = new Uint8Array(size + PADDING_BYTES);
    this.input.set(bytes.subarray(start, start + size));
    this.input.fill(0, size, size + PADDING_BYTES);
    const place = { bit: 0 };
    const literals = this.readLiterals(place, size);
    if (literals < 0 || !this.readSequences(place, size, literals)) throw damagedStream(position);
  }

  /** Makes room for a block, and puts its beginning where the last one ended. */
  private begin(size: number, position: number): void {
    if (size > this.blockBytes) throw damagedStream(position);
    const { output, windowBytes, mostBytes } = this;
    if (output.length - this.to < size) {
      if (output.length < mostBytes) {
        this.output = new Uint8Array(Math.min(mostBytes, 2 * this.to + 4 * this.blockBytes));
        this.output.set(output.subarray(0, this.to));
      } else {
        output.copyWithin(0, this.to - windowBytes, this.to);
        this.gone += this.to - windowBytes;
        this.to = windowBytes;
      }
    }
    this.from = this.to;
  }

  /** Reads the literals section (RFC 8878 §3.1.1.3.1) into `literals`; returns how many there are, -1 for damage. */
  private readLiterals(place: BitPlace, end: number): number {
    const { input } = this;
    const head = input[0]!;
    const type = head & 3;
    const format = (head >> 2) & 3;
    if (type < 2) {
      const headBytes = [1, 2, 1, 3][format]!;
      const word = head | (input[1]! << 8) | (input[2]! << 16);
      const count = headBytes === 1 ? head >> 3 : (headBytes === 2 ? word & 0xffff : word) >> 4;
      const stored = type === 0 ? count : 1;
      if (headBytes + stored > end || !this.roomForLiterals(count)) return -1;
      if (type === 0) this.literals.set(input.subarray(headBytes, headBytes + count));
      else this.literals.fill(input[headBytes]!, 0, count);
      place.bit = (headBytes + stored) * 8;
      return count;
    }
    const sizeBits = [10, 10, 14, 18][format]!;
    const headBytes = [3, 3, 4, 5][format]!;
    // Two lengths after four bits; 40 bits of the longest header are too many for integer operations.
    const word = head + input[1]! * 2 ** 8 + input[2]! * 2 ** 16 + input[3]! * 2 ** 24 + input[4]! * 2 ** 32;
    const count = Math.floor(word / 16) % 2 ** sizeBits;
    const stored = Math.floor(word / 2 ** (4 + sizeBits)) % 2 ** sizeBits;
    const last = headBytes + stored;
    if (last > end || !this.roomForLiterals(count)) return -1;
    place.bit = headBytes * 8;
    if (type === 2) this.huffman = readHuffmanTable(input, place, last);
    const table = this.huffman;
    if (table === null) return -1;
    const start = place.bit >> 3;
    place.bit = last * 8;
    const { literals } = this;
    if (format === 0) return decodeHuffman(input, start, last, table, literals, 0, count) ? count : -1;
    return this.decodeFour(start, last, table, count) ? count : -1;
  }

  /** Four streams with the lengths of the first three before them; the last one's is what remains. */
  private decodeFour(start: number, end: number, table: HuffmanTable, count: number): boolean {
    const { input, literals } = this;
    const each = (count + 3) >> 2;
    let at = start + 6;
    for (let stream = 0; stream < 4; stream++) {
      const size = input[start + 2 * stream]! | (input[start + 2 * stream + 1]! << 8);
      const to = stream === 3 ? end : at + size;
      const made = stream === 3 ? count - 3 * each : each;
      if (to > end || made < 0 || !decodeHuffman(input, at, to, table, literals, stream * each, made)) return false;
      at = to;
    }
    return true;
  }

  private roomForLiterals(count: number): boolean {
    if (count > this.blockBytes) return false;
    if (this.literals.length < count) this.literals = new Uint8Array(count);
    return true;
  }

  /** The table that a sequences section uses for one kind of code; `null` for damage. */
  private readTable(mode: number, place: BitPlace, end: number, of: Codes, before: FseTable | null): FseTable | null {
    switch (mode) {
      case 0:
        return of.usual;
      case 1: {
        const symbol = this.input[place.bit >> 3]!;
        place.bit += 8;
        return symbol < of.bits.length && place.bit <= end * 8 ? fseOf(symbol) : null;
      }
      case 2:
        return readFseTable(this.input, place, end, of.bits.length, of.mostAccuracyLog);
      default:
        return before;
    }
  }

  /** Reads the sequences section (RFC 8878 §3.1.1.3.2) and carries it out; false for damage. */
  private readSequences(place: BitPlace, end: number, literals: number): boolean {
    const { input } = this;
    let at = place.bit >> 3;
    if (at >= end) return false;
    let count = input[at++]!;
    if (count === 255) {
      count = input[at]! + (input[at + 1]! << 8) + 0x7f00;
      at += 2;
    } else if (count > 127) count = ((count - 128) << 8) + input[at++]!;
    if (count === 0) {
      this.append(0, literals);
      return at === end;
    }
    const modes = input[at++]!;
    if (at >= end || (modes & 3) !== 0) return false;
    place.bit = at * 8;
    this.literalLengths = this.readTable(modes >> 6, place, end, LITERAL_LENGTHS, this.literalLengths);
    this.offsetCodes = this.readTable((modes >> 4) & 3, place, end, OFFSETS, this.offsetCodes);
    this.matchLengths = this.readTable((modes >> 2) & 3, place, end, MATCH_LENGTHS, this.matchLengths);
    const { literalLengths, offsetCodes, matchLengths } = this;
    if (literalLengths === null || offsetCodes === null || matchLengths === null) return false;
    at = place.bit >> 3;
    if (at >= end || input[end - 1] === 0) return false;
    return this.carryOut(count, literals, at * 8, end, literalLengths, offsetCodes, matchLengths);
  }

  /** The bits of the sequences are read from their end to `first`. */
  private carryOut(
    count: number,
    literals: number,
    first: number,
    end: number,
    literalTable: FseTable,
    offsetTable: FseTable,
    matchTable: FseTable,
  ): boolean {
    const { input, output } = this;
    const literalEntries = literalTable.entries;
    const offsetEntries = offsetTable.entries;
    const matchEntries = matchTable.entries;
    const limit = this.from + this.blockBytes;
    let bit = (end - 1) * 8 + highestBit(input[end - 1]!);
    let literalState = wordAt(input, (bit -= literalTable.accuracyLog), literalTable.accuracyLog);
    let offsetState = wordAt(input, (bit -= offsetTable.accuracyLog), offsetTable.accuracyLog);
    let matchState = wordAt(input, (bit -= matchTable.accuracyLog), matchTable.accuracyLog);
    if (bit < first) return false;
    let used = 0;
    for (let i = count; i > 0; i--) {
      const literalEntry = literalEntries[literalState]!;
      const offsetEntry = offsetEntries[offsetState]!;
      const matchEntry = matchEntries[matchState]!;
      const offsetCode = fseSymbol(offsetEntry);
      const matchCode = fseSymbol(matchEntry);
      const literalCode = fseSymbol(literalEntry);
      const matchBits = MATCH_LENGTHS.bits[matchCode]!;
      const literalBits = LITERAL_LENGTHS.bits[literalCode]!;
      const offsetValue = OFFSETS.bases[offsetCode]! + longWordAt(input, (bit -= offsetCode), offsetCode);
      const matchLength = MATCH_LENGTHS.bases[matchCode]! + wordAt(input, (bit -= matchBits), matchBits);
      const literalLength = LITERAL_LENGTHS.bases[literalCode]! + wordAt(input, (bit -= literalBits), literalBits);
      if (i > 1) {
        bit -= fseBits(literalEntry);
        literalState = nextState(literalEntry, input, bit);
        bit -= fseBits(matchEntry);
        matchState = nextState(matchEntry, input, bit);
        bit -= fseBits(offsetEntry);
        offsetState = nextState(offsetEntry, input, bit);
      }
      const offset = this.offsetOf(offsetValue, literalLength === 0);
      const o = this.to + literalLength;
      if (bit < first || used + literalLength > literals || o + matchLength > limit || offset > o || offset < 1)
        return false;
      this.append(used, literalLength);
      used += literalLength;
      if (matchLength >= BULK_BYTES && offset >= matchLength)
        output.copyWithin(o, o - offset, o - offset + matchLength);
      else for (let k = o, last = o + matchLength; k < last; k++) output[k] = output[k - offset]!;
      this.to = o + matchLength;
    }
    if (bit !== first || this.to + literals - used > limit) return false;
    this.append(used, literals - used);
    return true;
  }

  /** Values of up to three stand for offsets that were used before (RFC 8878 §3.1.1.5). */
  private offsetOf(value: number, noLiterals: boolean): number {
    const { offsets } = this;
    const [last, second] = offsets as [number, number];
    const repeated = value + (noLiterals ? 1 : 0);
    if (value <= 3 && repeated === 1) return last;
    const offset = value > 3 ? value - 3 : repeated === 4 ? last - 1 : offsets[repeated - 1]!;
    if (value > 3 || repeated > 2) offsets[2] = second;
    offsets[1] = last;
    offsets[0] = offset;
    return offset;
  }

  /** Copies literals `[at, at + count)` to the output. */
  private append(at: number, count: number): void {
    const { literals, output, to } = this;
    if (count >= BULK_BYTES) output.set(literals.subarray(at, at + count), to);
    else for (let k = 0; k < count; k++) output[to + k] = literals[at + k]!;
    this.to = to + count;
  }
}

/** `count` bits, at most 24, from bit `bit` on. */
function wordAt(bytes: Uint8Array, bit: number, count: number): number {
  const i = bit >> 3;
  const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
  return (word >>> (bit & 7)) & ((1 << count) - 1);
}

const nextState = (entry: number, bytes: Uint8Array, bit: number): number =>
  fseBase(entry) + wordAt(bytes, bit, fseBits(entry));

const longWordAt = (bytes: Uint8Array, bit: number, count: number): number =>
  count <= 24 ? wordAt(bytes, bit, count) : wordAt(bytes, bit, 16) | (wordAt(bytes, bit + 16, count - 16) << 16);
