import { ipv6Text } from '../../model/addresses';
import { IPV6 } from '../../model/facts';
import { message } from '../../model/message';
import { hexOf } from '../header-view';
import {
  BSD_FAMILY,
  CISCO_HDLC_PROTOCOL,
  END,
  ETHERTYPE,
  GRE_PROTOCOL,
  IP_PROTOCOL,
  linkType,
  NEXT_IPV6,
  NLPID,
  PPP_PROTOCOL,
} from '../next';
import { ipProtocolMeaning } from '../numbers';
import type { Protocol } from '../protocol';
import { describeTrafficClass } from './ipv4';

const HEADER_BYTES = 40;
const HOP_BY_HOP = 0;
/** Passed in `cursor.extra` to the hop-by-hop options: they must tell how long the packet is. */
export const JUMBOGRAM = 1;

/** Internet Protocol version 6 (RFC 8200 §3). */
export const ipv6: Protocol = {
  id: 'ipv6',
  place: 'network',
  name: 'Internet Protocol Version 6',
  claims: [
    ETHERTYPE + 0x86dd,
    IP_PROTOCOL + 41,
    PPP_PROTOCOL + 0x0057,
    PPP_PROTOCOL + 0x86dd,
    NLPID + 0x8e,
    GRE_PROTOCOL + 0x86dd,
    CISCO_HDLC_PROTOCOL + 0x86dd,
    BSD_FAMILY + 24,
    BSD_FAMILY + 28,
    BSD_FAMILY + 30,
    NEXT_IPV6,
    linkType(229),
  ],
  step(cursor) {
    const { bytes, at } = cursor;
    if (cursor.end - at < HEADER_BYTES || bytes[at]! >>> 4 !== 6) return END;
    const payloadBytes = (bytes[at + 4]! << 8) | bytes[at + 5]!;
    const next = bytes[at + 6]!;
    if (payloadBytes === 0 && next === HOP_BY_HOP) {
      // A jumbogram: its length is in the hop-by-hop options (RFC 2675).
      cursor.extra = JUMBOGRAM;
      cursor.packetEnd = cursor.limit;
    } else {
      const limit = at + HEADER_BYTES + payloadBytes;
      cursor.packetEnd = limit;
      if (limit < cursor.limit) cursor.limit = limit;
      if (limit < cursor.end) cursor.end = limit;
    }
    cursor.family = IPV6;
    cursor.addressBytes = bytes;
    cursor.sourceAt = at + 8;
    cursor.destinationAt = at + 24;
    cursor.ttl = bytes[at + 7]!;
    cursor.ipId = 0;
    cursor.ecn = (bytes[at + 1]! >>> 4) & 3;
    cursor.at = at + HEADER_BYTES;
    return IP_PROTOCOL + next;
  },
  describe(view) {
    view.bits('ipv6.version', 'Version', 0, 4, String, { verdict: view.u8(0) >>> 4 === 6 ? undefined : 'bad' });
    describeTrafficClass(view, 'ipv6.tclass', 'Traffic Class', 4);
    view.bits('ipv6.flow', 'Flow Label', 12, 20, hexOf(5));
    const payloadBytes = view.u16(4);
    view.uint('ipv6.plen', 'Payload Length', 4, 2, {
      meaning: payloadBytes === 0 ? message('jumbogram') : undefined,
      verdict: payloadBytes > view.limit - view.start - HEADER_BYTES ? 'bad' : undefined,
    });
    view.uint('ipv6.nxt', 'Next Header', 6, 1, { meaning: ipProtocolMeaning(view.u8(6)) });
    view.uint('ipv6.hlim', 'Hop Limit', 7, 1);
    view.ipv6('ipv6.src', 'Source Address', 8);
    view.ipv6('ipv6.dst', 'Destination Address', 24);
    return view.captured >= HEADER_BYTES
      ? `${ipv6Text(view.bytes, view.start + 8)} → ${ipv6Text(view.bytes, view.start + 24)}`
      : 'cut header';
  },
};
