/** MurmurHash3's mixing over three words (a plain XOR made a table of connections a hundred times slower). */
export function mix(a: number, b: number, c: number, seed: number): number {
  let h = seed;
  h = round(h, a);
  h = round(h, b);
  h = round(h, c);
  h ^= 12;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function round(h: number, k: number): number {
  k = Math.imul(k, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  h ^= Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}
