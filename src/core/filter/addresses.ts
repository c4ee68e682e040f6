import type { AddressTable } from '../model/addresses';
import { IPV4 } from '../model/facts';

/** An address or a network (a prefix of 16 bytes for IPv6, 4 for IPv4), or the name of a host in a text trace. */
export interface AddressPattern {
  readonly bytes: Uint8Array | null;
  /** Leading bits that count. */
  readonly prefix: number;
  readonly text: string;
}

/** Above it a key is the number of an address in the {@link AddressTable}. */
const NUMBERED = 2 ** 32;

/** One number for an address of any family: the address itself for IPv4. */
export const addressKey = (family: number, address: number): number =>
  family === IPV4 ? address >>> 0 : NUMBERED + address;

/** `10.0.0.0/8`, `2001:db8::/32`, without a prefix the one address; a word that is neither may be a host's name. */
export function parseAddress(text: string): AddressPattern | null {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const bytes = parseIpv4(address) ?? parseIpv6(address);
  const bits = bytes === null ? 0 : bytes.length * 8;
  if (slash < 0) {
    if (bytes !== null) return { bytes, prefix: bits, text };
    // Digits and dots alone, or colons, were meant to be an address.
    return /^[\d.]*$|:|\//.test(text) ? null : { bytes: null, prefix: 0, text };
  }
  const length = text.slice(slash + 1);
  if (bytes === null || !/^\d{1,3}$/.test(length) || Number(length) > bits) return null;
  return { bytes, prefix: Number(length), text };
}

/** Whether the address of a key is in the pattern. What IPv6 addresses give is remembered: a capture has few of them. */
export function addressTest(pattern: AddressPattern, addresses: AddressTable): (key: number) => boolean {
  const { bytes, prefix, text } = pattern;
  const known = new Map<number, boolean>();
  const mask = prefix === 0 ? 0 : (-1 << (32 - Math.min(prefix, 32))) >>> 0;
  const wanted = bytes?.length === 4 ? (word(bytes) & mask) >>> 0 : -1;
  return (key) => {
    if (key < NUMBERED) return wanted >= 0 && (key & mask) >>> 0 === wanted;
    let holds = known.get(key);
    if (holds === undefined) {
      const name = addresses.text(0, key - NUMBERED);
      const itself = parseIpv6(name) ?? parseIpv4(name);
      holds =
        bytes === null || itself === null
          ? name === text
          : itself.length === bytes.length && samePrefix(itself, bytes, prefix);
      known.set(key, holds);
    }
    return holds;
  };
}

function samePrefix(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  for (let i = 0; i * 8 < bits; i++) {
    const mask = bits - i * 8 >= 8 ? 0xff : (0xff00 >> (bits - i * 8)) & 0xff;
    if ((a[i]! & mask) !== (b[i]! & mask)) return false;
  }
  return true;
}

const word = (b: Uint8Array): number => ((b[0]! << 24) | (b[1]! << 16) | (b[2]! << 8) | b[3]!) >>> 0;

export function parseIpv4(text: string): Uint8Array | null {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return null;
  return Uint8Array.from(parts, Number);
}

/** RFC 4291 §2.2: groups, one `::`, and a dotted quad for the last two groups. */
export function parseIpv6(text: string): Uint8Array | null {
  if (!text.includes(':') || text.length > 45) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map(groupsOf) as [number[] | null, (number[] | null)?];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...(tail ?? [])];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function groupsOf(text: string): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    const quad = i === parts.length - 1 ? parseIpv4(part) : null;
    if (quad !== null) groups.push((quad[0]! << 8) | quad[1]!, (quad[2]! << 8) | quad[3]!);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(parseInt(part, 16));
    else return null;
  }
  return groups;
}
