import { type AddressTable, ipv6Text } from '../model/addresses';
import { IPV4, IPV6, NAME, type SegmentFacts } from '../model/facts';
import { ascii, hexDigit, isDigit, isLetter, slice } from './scan';
import type { ServiceNames } from './service-names';

/** The bytes of an IPv6 address that was read last. */
const ipv6Bytes = new Uint8Array(16);

/** The address in `[start, end)` as 32 bits; `null` where it is no dotted quad. */
export function ipv4Of(bytes: Uint8Array, start: number, end: number): number | null {
  let address = 0;
  let at = start;
  for (let part = 0; part < 4; part++) {
    if (part > 0 && (at >= end || bytes[at++] !== 0x2e)) return null;
    let value = 0;
    const from = at;
    while (at < end && isDigit(bytes[at]!) && at - from < 3) value = value * 10 + bytes[at++]! - 0x30;
    if (at === from || value > 255) return null;
    address = (address << 8) | value;
  }
  return at === end ? address : null;
}

/** The address in `[start, end)` as RFC 5952 writes it; `null` where it is no IPv6 address. A zone (`%eth0`) is passed over. */
export function ipv6Of(bytes: Uint8Array, start: number, end: number): string | null {
  return readIpv6(bytes, start, end) ? ipv6Text(ipv6Bytes, 0) : null;
}

/** Whether a hardware address begins at `at`: `00:0b:ab:0e:e8:ec`. */
export function isHardwareAddress(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 17) return false;
  for (let i = 0; i < 17; i++) {
    const c = bytes[at + i]!;
    if (i % 3 === 2 ? c !== 0x3a : hexDigit(c) < 0) return false;
  }
  return true;
}

/** The 16-bit words of an IPv6 address; none where the text is no such address. */
export function ipv6Words(text: string): number[] {
  if (!readIpv6(ascii(text), 0, text.length)) return [];
  return Array.from({ length: 8 }, (_, i) => (ipv6Bytes[2 * i]! << 8) | ipv6Bytes[2 * i + 1]!);
}

function readIpv6(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2 || end - start > 64) return false;
  let at = start;
  let filled = 0;
  let gap = -1;
  if (bytes[at] === 0x3a) {
    if (bytes[at + 1] !== 0x3a) return false;
    gap = 0;
    at += 2;
  }
  while (at < end && filled < 16) {
    if (bytes[at] === 0x25) break;
    const group = at;
    let value = 0;
    while (at < end && at - group < 5 && hexDigit(bytes[at]!) >= 0) value = value * 16 + hexDigit(bytes[at++]!);
    if (at === group || at - group > 4) return false;
    if (at < end && bytes[at] === 0x2e) {
      const quad = ipv4Of(bytes, group, end);
      if (quad === null || filled > 12) return false;
      for (let i = 0; i < 4; i++) ipv6Bytes[filled++] = (quad >>> (24 - 8 * i)) & 255;
      at = end;
      break;
    }
    ipv6Bytes[filled++] = value >> 8;
    ipv6Bytes[filled++] = value & 255;
    if (at >= end || bytes[at] === 0x25) break;
    if (bytes[at++] !== 0x3a) return false;
    if (at < end && bytes[at] === 0x3a) {
      if (gap >= 0) return false;
      gap = filled;
      at++;
    } else if (at >= end) return false;
  }
  if (at < end && bytes[at] !== 0x25) return false;
  if (gap < 0) return filled === 16;
  if (filled > 14) return false;
  ipv6Bytes.copyWithin(16 - (filled - gap), gap, filled);
  ipv6Bytes.fill(0, gap, 16 - (filled - gap));
  return true;
}

/** Longest name of a host that is kept. */
const MAX_NAME_BYTES = 255;

/**
 * Sets family and both addresses from two texts: numeric ones as such, names as names. Where only one of two is a
 * number, both count as names: a connection has one family.
 */
export function takeHosts(
  addresses: AddressTable,
  facts: SegmentFacts,
  bytes: Uint8Array,
  sourceStart: number,
  sourceEnd: number,
  destinationStart: number,
  destinationEnd: number,
): void {
  const source = ipv4Of(bytes, sourceStart, sourceEnd);
  const destination = ipv4Of(bytes, destinationStart, destinationEnd);
  if (source !== null && destination !== null) {
    facts.family = IPV4;
    facts.source = source;
    facts.destination = destination;
    return;
  }
  const name = (start: number, end: number): number =>
    addresses.intern(slice(bytes, start, Math.min(end, start + MAX_NAME_BYTES)));
  if (source === null && destination === null && readIpv6(bytes, sourceStart, sourceEnd)) {
    facts.source = addresses.internIpv6(ipv6Bytes, 0);
    if (readIpv6(bytes, destinationStart, destinationEnd)) {
      facts.destination = addresses.internIpv6(ipv6Bytes, 0);
      facts.family = IPV6;
      return;
    }
  }
  facts.family = NAME;
  facts.source = name(sourceStart, sourceEnd);
  facts.destination = name(destinationStart, destinationEnd);
}

/** The port in `[start, end)`: a number, or the name of a service; -1 where it is neither. */
export function portOf(services: ServiceNames, bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const c = bytes[at]!;
    if (!isDigit(c)) return isServiceName(bytes, start, end) ? services.port(slice(bytes, start, end)) : -1;
    value = value * 10 + c - 0x30;
    if (value > 0xffff) return -1;
  }
  return value;
}

/** RFC 6335 §5.1 allows letters, digits and hyphens; older lists have more than its 15 characters, and a few signs. */
function isServiceName(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 48) return false;
  for (let at = start; at < end; at++) {
    const c = bytes[at]!;
    if (!isLetter(c) && !isDigit(c) && c !== 0x2d && c !== 0x5f && c !== 0x2b && c !== 0x2f) return false;
  }
  return true;
}
