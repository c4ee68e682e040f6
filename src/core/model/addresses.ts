import { IPV4, IPV6 } from './facts';

/** Numbers for addresses that are wider than 32 bits (IPv6) or have no bits at all (names in a text trace). */
export class AddressTable {
  private readonly numbers = new Map<string, number>();
  private readonly texts: string[] = [];
  /** Two-level: high 64 bits, then low 64 bits would allocate; a small cache by hash of the 16 bytes avoids the text. */
  private readonly cache = new Int32Array(CACHE_SLOTS * CACHE_STRIDE).fill(-1);

  /** Number of the IPv6 address in the 16 bytes at `at`. Numbers count from 0 and are shared by all families. */
  internIpv6(bytes: Uint8Array, at: number): number {
    const a = word(bytes, at);
    const b = word(bytes, at + 4);
    const c = word(bytes, at + 8);
    const d = word(bytes, at + 12);
    const slot = (hash(a, b, c, d) & (CACHE_SLOTS - 1)) * CACHE_STRIDE;
    const { cache } = this;
    if (
      cache[slot + 4]! >= 0 &&
      cache[slot] === a &&
      cache[slot + 1] === b &&
      cache[slot + 2] === c &&
      cache[slot + 3] === d
    )
      return cache[slot + 4]!;
    const number = this.intern(ipv6Text(bytes, at));
    cache[slot] = a;
    cache[slot + 1] = b;
    cache[slot + 2] = c;
    cache[slot + 3] = d;
    cache[slot + 4] = number;
    return number;
  }

  /** Number of a host by its text, exactly as it will be shown. */
  intern(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.texts.length;
      this.texts.push(text);
      this.numbers.set(text, number);
    }
    return number;
  }

  /** The address as people write it: dotted quad, RFC 5952, or the name. */
  text(family: number, address: number): string {
    return family === IPV4 ? ipv4Text(address) : (this.texts[address] ?? (family === IPV6 ? '::' : ''));
  }
}

const CACHE_SLOTS = 1024;
const CACHE_STRIDE = 5;

const word = (b: Uint8Array, i: number): number => (b[i]! << 24) | (b[i + 1]! << 16) | (b[i + 2]! << 8) | b[i + 3]!;

function hash(a: number, b: number, c: number, d: number): number {
  let h = Math.imul(a ^ (b >>> 15), 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f);
  h ^= h >>> 13;
  h = Math.imul(h, 0x9e3779b1);
  return h ^ (h >>> 16);
}

/** `10.1.0.2` from the 32 raw bits. */
export const ipv4Text = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

/** The canonical text of the IPv6 address in the 16 bytes at `at` (RFC 5952 §4, with §5's dotted quad for ::ffff:0:0/96). */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[at + i]! << 8) | bytes[at + i + 1]!);
  if (groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff)
    return `::ffff:${ipv4Text(word(bytes, at + 12))}`;
  let bestStart = -1;
  let bestLength = 1; // a single zero group is not shortened (§4.2.2)
  for (let start = 0; start < 8;) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > bestLength) {
      bestStart = start;
      bestLength = length;
    }
    start += Math.max(1, length);
  }
  const hex = groups.map((g) => g.toString(16));
  if (bestStart < 0) return hex.join(':');
  return `${hex.slice(0, bestStart).join(':')}::${hex.slice(bestStart + bestLength).join(':')}`;
}
