import type { FrameBatch } from './batch';

/** Stores a 64-bit count of units since 1970, given as two unsigned halves, as the time of one row. */
export type StoreTime = (batch: FrameBatch, row: number, high: number, low: number) => void;

/**
 * Reader of the timestamps of a pcapng interface, exact to the nanosecond; what is finer is cut off, as in Wireshark.
 * @param resolution `if_tsresol`: a power of ten, or of two when the top bit is set, both negative
 * @param offset `if_tsoffset`: seconds to add
 */
export function timestampReader(resolution: number, offset: number): StoreTime {
  const exponent = resolution & 0x7f;
  if (resolution < 0x80 && exponent <= 9) return decimal(10 ** exponent, offset);
  return arbitrary((resolution < 0x80 ? 10n : 2n) ** BigInt(exponent), BigInt(offset));
}

/** `unit` is a power of ten up to 1e9, so a long division in 16-bit digits stays below 2^53 and needs no BigInt. */
function decimal(unit: number, offset: number): StoreTime {
  const nanosPerUnit = 1e9 / unit;
  return (batch, row, high, low) => {
    const top = Math.floor(high / unit);
    const middle = (high - top * unit) * 0x10000 + (low >>> 16);
    const middleQuotient = Math.floor(middle / unit);
    const bottom = (middle - middleQuotient * unit) * 0x10000 + (low & 0xffff);
    const bottomQuotient = Math.floor(bottom / unit);
    batch.seconds[row] = top * 0x1_0000_0000 + middleQuotient * 0x10000 + bottomQuotient + offset;
    batch.nanos[row] = (bottom - bottomQuotient * unit) * nanosPerUnit;
  };
}

function arbitrary(unit: bigint, offset: bigint): StoreTime {
  return (batch, row, high, low) => {
    const count = (BigInt(high) << 32n) | BigInt(low);
    batch.seconds[row] = Number(count / unit + offset);
    batch.nanos[row] = Number(((count % unit) * 1_000_000_000n) / unit);
  };
}
