import { grown } from '../bytes/columns';
import type { SegmentFacts } from '../model/facts';

const FIRST_ROWS = 256;
const FIRST_SLOTS = 1024;

/**
 * Numbers the flows of a trace: a pair of rows for each pair of endpoints, even for the direction of the lower one. Open
 * addressing with linear probing at a load of at most one half, seeded, so that a text cannot bring chosen collisions.
 */
export class FlowIndex {
  private count = 0;
  private low = new Int32Array(FIRST_ROWS);
  private high = new Int32Array(FIRST_ROWS);
  private ports = new Int32Array(FIRST_ROWS);
  private family = new Uint8Array(FIRST_ROWS);
  private slots = new Int32Array(FIRST_SLOTS).fill(-1);
  private readonly seed = (Math.random() * 0x1_0000_0000) | 0;

  /** Row of the direction in which a segment goes; the other direction is that row with its last bit flipped. */
  row(facts: SegmentFacts): number {
    const { source, destination, sourcePort, destinationPort, family } = facts;
    const swapped = source !== destination ? source > destination : sourcePort > destinationPort;
    const pair = swapped
      ? this.pair(family, destination, source, (destinationPort << 16) | sourcePort)
      : this.pair(family, source, destination, (sourcePort << 16) | destinationPort);
    return pair * 2 + (swapped ? 1 : 0);
  }

  private pair(family: number, low: number, high: number, ports: number): number {
    let slot = this.slot(family, low, high, ports);
    if (this.slots[slot]! >= 0) return this.slots[slot]!;
    const pair = this.count++;
    if (pair === this.low.length) this.grow();
    this.low[pair] = low;
    this.high[pair] = high;
    this.ports[pair] = ports;
    this.family[pair] = family;
    if (this.count * 2 > this.slots.length) {
      this.slots = new Int32Array(this.slots.length * 2).fill(-1);
      for (let old = 0; old < pair; old++)
        this.slots[this.slot(this.family[old]!, this.low[old]!, this.high[old]!, this.ports[old]!)] = old;
      slot = this.slot(family, low, high, ports);
    }
    this.slots[slot] = pair;
    return pair;
  }

  private slot(family: number, low: number, high: number, ports: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = hash(low, high, ports ^ family, this.seed) & mask;
    for (;;) {
      const pair = slots[slot]!;
      if (
        pair < 0 ||
        (this.low[pair] === low &&
          this.high[pair] === high &&
          this.ports[pair] === ports &&
          this.family[pair] === family)
      )
        return slot;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const room = Math.ceil(this.low.length * 1.6);
    this.low = grown(this.low, room);
    this.high = grown(this.high, room);
    this.ports = grown(this.ports, room);
    this.family = grown(this.family, room);
  }
}

/** MurmurHash3's finalizer over three words. */
function hash(a: number, b: number, c: number, seed: number): number {
  let h = seed;
  for (const word of [a, b, c]) {
    h = Math.imul(h ^ word, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h;
}
