import { mix } from '../bytes/hash';

const COUNTER_BITS = 21;
/** Counts end here. */
export const MOST = 255;

/**
 * Counts of keys of three integers in a fixed amount of memory (2 MB): never less than there were, rarely more. It tells
 * which keys are worth an exact count when there may be millions of them.
 */
export class RoughCounts {
  private readonly counters = new Uint8Array(1 << COUNTER_BITS);
  private readonly seed = (Math.random() * 0x1_0000_0000) | 0;

  /** The highest count. */
  highest = 0;

  /** Counts a key, up to 255. */
  add(a: number, b: number, c: number): void {
    const slot = this.slot(a, b, c);
    const counted = this.counters[slot]! + 1;
    if (counted > MOST) return;
    this.counters[slot] = counted;
    if (counted > this.highest) this.highest = counted;
  }

  /** Whether a key may have been counted so often. */
  mayReach(limit: number, a: number, b: number, c: number): boolean {
    return this.counters[this.slot(a, b, c)]! >= Math.min(limit, MOST);
  }

  private slot(a: number, b: number, c: number): number {
    return mix(a, b, c, this.seed) & ((1 << COUNTER_BITS) - 1);
  }
}

const MAP_BITS = 1 << 23;

/** How many different keys there are, in 1 MB: exact to about a percent up to some ten millions (linear counting). */
export class DistinctKeys {
  private readonly map = new Uint32Array(MAP_BITS / 32);
  private readonly seed = (Math.random() * 0x1_0000_0000) | 0;
  private set = 0;

  add(a: number, b: number): void {
    const bit = mix(a, b, 0, this.seed) & (MAP_BITS - 1);
    const word = bit >>> 5;
    const mask = 1 << (bit & 31);
    if ((this.map[word]! & mask) !== 0) return;
    this.map[word]! |= mask;
    this.set++;
  }

  get count(): number {
    return this.set >= MAP_BITS ? MAP_BITS * 16 : Math.round(-MAP_BITS * Math.log(1 - this.set / MAP_BITS));
  }
}
