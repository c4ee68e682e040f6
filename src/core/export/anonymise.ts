import { checksumSum, foldSum } from '../bytes/checksum';
import { ipv4Text, ipv6Text } from '../model/addresses';
import type { Field, Layer } from '../model/packet';
import { parseIpv4, parseIpv6 } from '../filter/addresses';
import type { Endpoint } from '../model/segment';
import type { AnonymiseKey } from '../model/export';
import { halfSipHash } from './half-sip-hash';

/** Leading bits of an address that say what kind it is and stay as they are: the classes of IPv4 as far as they go. */
const IPV6_KIND_BITS = 10;

/**
 * Replaces addresses, always the same one by the same other, and so that two that share their first `n` bits still do
 * (J. Xu et al., "Prefix-preserving IP address anonymization"): each bit is flipped or not as a keyed hash of the bits
 * before it says. Multicast, broadcast, loopback and unspecified addresses stay: they name nobody.
 */
export class Anonymiser {
  private readonly known = new Map<string, Uint8Array>();

  constructor(private readonly key: AnonymiseKey) {}

  /** What stands in for an address of 4 (IPv4), 16 (IPv6) or any other number of bytes (a link's). */
  replacement(address: Uint8Array): Uint8Array {
    const name = address.join();
    let found = this.known.get(name);
    if (found === undefined) {
      found =
        address.length === 4 ? this.ipv4(address) : address.length === 16 ? this.ipv6(address) : this.link(address);
      this.known.set(name, found);
    }
    return found;
  }

  /** An endpoint with another address and without a name; a host that a text trace names is left nameless. */
  endpoint({ address, port }: Endpoint): Endpoint {
    const bytes = parseIpv4(address) ?? parseIpv6(address);
    if (bytes === null) return { address: 'host', port };
    const other = this.replacement(bytes);
    const text =
      other.length === 4
        ? ipv4Text((other[0]! << 24) | (other[1]! << 16) | (other[2]! << 8) | other[3]!)
        : ipv6Text(other, 0);
    return { address: text, port };
  }

  private ipv4(address: Uint8Array): Uint8Array {
    const first = address[0]!;
    if (first === 127 || first >= 224 || address.every((byte) => byte === 0)) return address;
    // 0, 10 and 110 begin the classes of unicast addresses: what they begin with stays, so that none becomes multicast.
    return this.flipped(address, Math.min(3, Math.clz32(~(first << 24)) + 1));
  }

  private ipv6(address: Uint8Array): Uint8Array {
    const isLow = address.subarray(0, 15).every((byte) => byte === 0) && address[15]! < 2;
    return isLow || address[0] === 0xff ? address : this.flipped(address, IPV6_KIND_BITS);
  }

  /** The first `kept` bits stay. */
  private flipped(address: Uint8Array, kept: number): Uint8Array {
    const result = address.slice();
    for (let bit = kept; bit < address.length * 8; bit++) {
      const prefix = new Uint8Array(address.length + 2);
      prefix[0] = address.length;
      prefix[1] = bit;
      const whole = bit >> 3;
      prefix.set(address.subarray(0, whole), 2);
      prefix[2 + whole] = address[whole]! & (0xff00 >> (bit & 7));
      if (halfSipHash(this.key, prefix) & 1) result[whole]! ^= 0x80 >> (bit & 7);
    }
    return result;
  }

  /** A group address stays; another becomes a locally administered one (IEEE 802, clause 8.2). */
  private link(address: Uint8Array): Uint8Array {
    if (address.length === 0 || address[0]! & 1 || address.every((byte) => byte === 0)) return address;
    const result = address.map((_, index) => halfSipHash(this.key, Uint8Array.of(0, index, ...address)));
    result[0] = (result[0]! & ~1) | 2;
    return result;
  }
}

const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;
const MAC = /^[\da-f]{2}(:[\da-f]{2}){5}$/i;
/** Addresses of a link that are shown as plain bytes. */
const LINK_ADDRESSES = new Set([
  'sll.src.other',
  'sll.src.eth',
  'ap1394.dst',
  'ap1394.src',
  'ipfc.nh.da',
  'ipfc.nh.sa',
  'isl.addr',
  'arcnet.src',
  'arcnet.dst',
]);

/** Whether a field is an address, whatever protocol it is of. */
function isAddress({ id, bits, value, children }: Field): boolean {
  if (children !== undefined && children.length > 0) return false;
  if (bits === 32) return IPV4.test(value);
  if (bits === 48 && MAC.test(value)) return true;
  if (bits === 128 && value.includes(':') && !value.includes(' ')) return true;
  return LINK_ADDRESSES.has(id);
}

function* leaves(fields: readonly Field[]): Generator<Field> {
  for (const field of fields) {
    yield field;
    if (field.children !== undefined) yield* leaves(field.children);
  }
}

/** Checksums by their field, and whether the addresses of the IP header around them count (a pseudo-header). */
const CHECKSUMS: Readonly<Record<string, { readonly pseudo: boolean; readonly headerOnly: boolean }>> = {
  'ip.checksum': { pseudo: false, headerOnly: true },
  'tcp.checksum': { pseudo: true, headerOnly: false },
  'udp.checksum': { pseudo: true, headerOnly: false },
  'gre.checksum': { pseudo: false, headerOnly: false },
};

/**
 * Replaces every address in a frame, in place, and adjusts the checksums by as much as what they cover has changed (RFC
 * 1624 §3): one that was right is right again, one that was wrong stays wrong by as much, and it does not matter how much
 * of the packet was captured. `layers` are those of the frame's own bytes.
 */
export function anonymise(frame: Uint8Array, layers: readonly Layer[], anonymiser: Anonymiser): void {
  const before = frame.slice();
  const ipAddresses: { readonly layer: number; readonly start: number; readonly end: number }[] = [];
  layers.forEach(({ fields }, layer) => {
    for (const field of leaves(fields)) {
      if (!isAddress(field) || field.bit & 7) continue;
      const start = field.bit >> 3;
      const end = start + (field.bits >> 3);
      if (end > frame.length) continue;
      frame.set(anonymiser.replacement(before.subarray(start, end)), start);
      if (/^ip(v6)?\.(src|dst)$/.test(field.id)) ipAddresses.push({ layer, start, end });
    }
  });
  // From the inside out: a checksum further out covers those further in.
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    const { start, end, fields } = layers[layer]!;
    for (const field of fields) {
      const covers = CHECKSUMS[field.id];
      const at = field.bit >> 3;
      if (covers === undefined || at + 2 > frame.length) continue;
      const old = (frame[at]! << 8) | frame[at + 1]!;
      // No checksum at all (RFC 768).
      if (field.id === 'udp.checksum' && old === 0) continue;
      const last = covers.headerOnly ? end : frame.length;
      let sum = difference(before, frame, start, last);
      if (covers.pseudo) {
        const outer = Math.max(-1, ...ipAddresses.filter((one) => one.layer < layer).map((one) => one.layer));
        for (const one of ipAddresses)
          if (one.layer === outer) sum = foldSum(sum + difference(before, frame, one.start, one.end));
      }
      // RFC 1624 §3, eqn. 3: HC' = ~(~HC + ~m + m'). What was left to the network card is the sum of the pseudo-header.
      const isPartial = field.verdict === 'warning';
      const fresh = isPartial ? foldSum(old + sum) : ~foldSum((~old & 0xffff) + sum) & 0xffff;
      const stored = field.id === 'udp.checksum' && fresh === 0 ? 0xffff : fresh;
      frame[at] = stored >> 8;
      frame[at + 1] = stored & 0xff;
    }
  }
}

/** ~m + m' over all words of a range (RFC 1624), folded. */
const difference = (before: Uint8Array, after: Uint8Array, start: number, end: number): number => {
  const old = checksumSum(before, start, end);
  const now = checksumSum(after, start, end);
  return old === now ? 0 : foldSum((~old & 0xffff) + now);
};
