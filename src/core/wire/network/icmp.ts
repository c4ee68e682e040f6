import { message } from '../../model/message';
import type { Cursor } from '../cursor';
import type { HeaderView } from '../header-view';
import { END, IP_PROTOCOL, NEXT_IP, NEXT_IPV6 } from '../next';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';

const HEADER_BYTES = 8;

const V4_NAMES: Readonly<Record<number, string>> = {
  0: 'Echo Reply',
  3: 'Destination Unreachable',
  4: 'Source Quench',
  5: 'Redirect',
  8: 'Echo Request',
  9: 'Router Advertisement',
  10: 'Router Solicitation',
  11: 'Time Exceeded',
  12: 'Parameter Problem',
  13: 'Timestamp Request',
  14: 'Timestamp Reply',
};
const UNREACHABLE_CODES: Readonly<Record<number, string>> = {
  0: 'network unreachable',
  1: 'host unreachable',
  2: 'protocol unreachable',
  3: 'port unreachable',
  4: "fragmentation needed and Don't Fragment set",
  5: 'source route failed',
  9: 'network administratively prohibited',
  10: 'host administratively prohibited',
  13: 'communication administratively prohibited',
};
/** Messages that quote the packet that caused them (RFC 792, RFC 4443 §2.1). */
const V4_ERRORS = new Set([3, 4, 5, 11, 12]);
const V6_ERRORS = new Set([1, 2, 3, 4]);

const V6_NAMES: Readonly<Record<number, string>> = {
  1: 'Destination Unreachable',
  2: 'Packet Too Big',
  3: 'Time Exceeded',
  4: 'Parameter Problem',
  128: 'Echo Request',
  129: 'Echo Reply',
  133: 'Router Solicitation',
  134: 'Router Advertisement',
  135: 'Neighbor Solicitation',
  136: 'Neighbor Advertisement',
  137: 'Redirect',
};

function quote(cursor: Cursor, errors: ReadonlySet<number>, next: number): number {
  if (!cursor.has(HEADER_BYTES)) return END;
  const { bytes, at } = cursor;
  const type = bytes[at]!;
  cursor.skip(HEADER_BYTES);
  if (!errors.has(type)) return END;
  if (!cursor.quoted) {
    cursor.quoted = true;
    cursor.errorType = type;
    cursor.errorCode = bytes[at + 1]!;
  }
  return next;
}

function describeHeader(view: HeaderView, id: string, names: Readonly<Record<number, string>>): string {
  const type = view.u8(0);
  const meaning = nameOf(names, type);
  view.uint(`${id}.type`, 'Type', 0, 1, { meaning });
  view.uint(`${id}.code`, 'Code', 1, 1, {
    meaning: id === 'icmp' && type === 3 ? nameOf(UNREACHABLE_CODES, view.u8(1)) : undefined,
  });
  view.hex(`${id}.checksum`, 'Checksum', 2, 2);
  const isTooBig = id === 'icmp' ? type === 3 && view.u8(1) === 4 : type === 2;
  if (isTooBig) {
    const mtu = id === 'icmp' ? view.u16(6) : view.u32(4);
    view.hex(`${id}.mtu`, 'Next-Hop MTU', 4, 4, { meaning: message('{0} bytes', mtu) });
  } else {
    view.hex(`${id}.data`, 'Rest of Header', 4, 4);
  }
  return meaning?.text ?? `type ${type}`;
}

/** Internet Control Message Protocol (RFC 792): its errors quote the header of the packet that caused them. */
export const icmp: Protocol = {
  id: 'icmp',
  place: 'network',
  name: 'Internet Control Message Protocol',
  claims: [IP_PROTOCOL + 1],
  step: (cursor) => quote(cursor, V4_ERRORS, NEXT_IP),
  describe: (view) => describeHeader(view, 'icmp', V4_NAMES),
};

/** ICMP for IPv6 (RFC 4443). */
export const icmpv6: Protocol = {
  id: 'icmpv6',
  place: 'network',
  name: 'Internet Control Message Protocol v6',
  claims: [IP_PROTOCOL + 58],
  step: (cursor) => quote(cursor, V6_ERRORS, NEXT_IPV6),
  describe: (view) => describeHeader(view, 'icmpv6', V6_NAMES),
};
