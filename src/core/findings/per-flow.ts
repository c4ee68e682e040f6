/** A value for each direction of a connection, `null` where there is none. */
export interface PerFlow<T> {
  get(direction: number): T | null;
  set(direction: number, value: T | null): void;
}

export function perFlow<T>(): PerFlow<T> {
  const values: [T | null, T | null] = [null, null];
  return {
    get: (direction) => values[direction as 0 | 1],
    set: (direction, value) => {
      values[direction as 0 | 1] = value;
    },
  };
}
