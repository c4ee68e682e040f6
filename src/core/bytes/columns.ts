/** Typed arrays that columns are made of. */
export type ColumnArray =
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** A column of the same kind with room for `capacity` rows and the old rows in it. */
export function grown<A extends ColumnArray>(column: A, capacity: number): A {
  const Kind = column.constructor as new (length: number) => A;
  const bigger = new Kind(capacity);
  bigger.set(column.length > capacity ? column.subarray(0, capacity) : column);
  return bigger;
}

/** From so many rows on, what they took of the input tells how many it has. */
const TELLING_ROWS = 1 << 16;

/**
 * Rows to make room for when `needed` do not fit into `capacity`: what the input's size promises (`expected`), a tenth
 * on top, but never less than half as much again, so that growing stays linear when the promise is wrong. A promise by
 * few rows is not trusted far; a later one is, because room that is not used takes no memory, and each further step
 * would hold the old columns and the new ones at once.
 */
export const roomFor = (needed: number, capacity: number, expected: number): number =>
  Math.max(
    needed,
    Math.ceil(capacity * 1.5),
    Math.min(Math.ceil(expected * 1.1), capacity < TELLING_ROWS ? capacity * 8 : Infinity),
  ) + 64;

/** The first of the indices `[0, length)` that is so, of which all behind it are, too; `length` for none. Binary search. */
export function firstWhere(length: number, isSo: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isSo(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Index of the first of `length` ascending numbers that is not less than `value`, by binary search; `length` for none. */
export function lowerBound(column: Int32Array | Float64Array, length: number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
