/** A damaged copy: bits flipped, bytes set to telling values, a stretch cut out, doubled or overwritten. */
export function mutate(content: Uint8Array, next: (limit: number) => number): Uint8Array {
  let damaged: Uint8Array = content.slice();
  for (let times = 1 + next(4); times > 0 && damaged.length > 0; times--) {
    const at = next(damaged.length);
    const end = Math.min(damaged.length, at + 1 + next(40));
    switch (next(6)) {
      case 0:
      case 1:
        damaged[at]! ^= 1 << next(8);
        break;
      case 2:
        damaged[at] = TELLING[next(TELLING.length)]!;
        break;
      case 3:
        damaged.fill(TELLING[next(TELLING.length)]!, at, end);
        break;
      case 4:
        damaged = joined(damaged.subarray(0, at), damaged.subarray(end));
        break;
      default:
        damaged = joined(damaged.subarray(0, end), damaged.subarray(at));
    }
  }
  return damaged;
}

const TELLING = [0, 1, 0x7f, 0x80, 0xff];

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
