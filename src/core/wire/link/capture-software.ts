import { u16be } from '../../bytes/endian';
import type { Cursor } from '../cursor';
import { ascii } from '../header-view';
import {
  END,
  linkType,
  NEXT_ETHERNET,
  NEXT_FRAME_RELAY,
  NEXT_IP,
  NEXT_IPV6,
  NEXT_LLC,
  NEXT_MPLS,
  NEXT_PPP,
  NEXT_PPP_HDLC,
  NEXT_WLAN,
} from '../next';
import type { Protocol } from '../protocol';

/** Headers of programs that write what they have already taken out of a frame. */

const TAG_END = 0;
const TAG_PROTOCOL = 12;

/** Names of Wireshark's for what may lead to TCP. */
const BY_NAME: ReadonlyMap<string, number> = new Map([
  ['eth_maybefcs', NEXT_ETHERNET],
  ['eth_withoutfcs', NEXT_ETHERNET],
  ['fr', NEXT_FRAME_RELAY],
  ['ip', NEXT_IP],
  ['ipv6', NEXT_IPV6],
  ['llc', NEXT_LLC],
  ['mpls', NEXT_MPLS],
  ['ppp', NEXT_PPP],
  ['ppp_hdlc', NEXT_PPP_HDLC],
  ['raw_ip', linkType(101)],
  ['wlan', NEXT_WLAN],
]);

/** What Wireshark exports of a layer: tags, one of which names the protocol, and the bytes. */
export const exportedPdu: Protocol = {
  id: 'exported_pdu',
  place: 'capture',
  name: 'Wireshark Exported PDU',
  claims: [linkType(252)],
  step(cursor) {
    const { bytes } = cursor;
    let name = '';
    while (cursor.has(4)) {
      const tag = u16be(bytes, cursor.at);
      const length = u16be(bytes, cursor.at + 2);
      cursor.skip(4);
      if (!cursor.has(length)) return END;
      if (tag === TAG_END) {
        cursor.skip(length);
        return BY_NAME.get(name) ?? END;
      }
      if (tag === TAG_PROTOCOL) name = ascii(bytes, cursor.at, cursor.at + length);
      cursor.skip(length);
    }
    return END;
  },
  describe(view) {
    let name = '';
    for (let at = 0; at + 4 <= view.headerBytes; at += 4 + view.u16(at + 2)) {
      const tag = view.u16(at);
      const length = view.u16(at + 2);
      const start = view.start + at + 4;
      const isName = tag === TAG_PROTOCOL;
      if (isName) name = ascii(view.bytes, start, Math.min(view.end, start + length));
      if (isName) view.put('exported_pdu.prot_name', 'Protocol Name', at * 8, (4 + length) * 8, name);
      else view.raw('exported_pdu.tag', 'Tag', at, 4 + length);
    }
    return name;
  },
};

const VPP_VERSION = 1;
const VPP_FIXED_BYTES = 8;
/** Strings that always follow: the node's name, and three about the buffer. */
const VPP_STRINGS = 4;

/** What a node says of the packet that it is given. */
const VPP_HINTS: Readonly<Record<number, number>> = { 2: NEXT_IP, 3: NEXT_IPV6 };
const VPP_TRANSPORT = new Set([4, 5]);
const VPP_NO_HINT = 0;
const MAX_VPP_HINT = 5;
const PLAIN_IPV4 = 0x45;
const PLAIN_IPV6 = 0x60;

/** Steps behind a string that ends with a zero byte; false where it does not end. */
function skipString(cursor: Cursor): boolean {
  const { bytes, end } = cursor;
  let at = cursor.at;
  while (at < end && bytes[at] !== 0) at++;
  if (at >= end) return false;
  cursor.skip(at + 1 - cursor.at);
  return true;
}

/** FD.io VPP dispatch trace: what a node of the packet processor was given. */
export const vppDispatch: Protocol = {
  id: 'vpp',
  place: 'capture',
  name: 'VPP Dispatch Trace',
  claims: [linkType(280)],
  step(cursor) {
    if (!cursor.has(VPP_FIXED_BYTES)) return END;
    const { bytes, at } = cursor;
    if (bytes[at] !== VPP_VERSION) return END;
    const strings = VPP_STRINGS + (bytes[at + 2]! > VPP_STRINGS ? 1 : 0);
    cursor.skip(VPP_FIXED_BYTES);
    for (let i = 0; i < strings; i++) if (!skipString(cursor)) return END;
    if (!cursor.has(1)) return END;
    const hint = bytes[at + 3]!;
    // A transport header without the addresses is no segment of anything.
    if (VPP_TRANSPORT.has(hint)) return END;
    const first = bytes[cursor.at];
    if (hint === VPP_NO_HINT || hint > MAX_VPP_HINT) {
      if (first === PLAIN_IPV4) return NEXT_IP;
      if (first === PLAIN_IPV6) return NEXT_IPV6;
    }
    return VPP_HINTS[hint] ?? NEXT_ETHERNET;
  },
  describe(view) {
    const name = ascii(view.bytes, view.start + VPP_FIXED_BYTES, view.end);
    view.uint('vpp.MajorVersion', 'Major Version', 0, 1);
    view.uint('vpp.MinorVersion', 'Minor Version', 1, 1);
    view.uint('vpp.strings', 'Strings', 2, 1);
    view.uint('vpp.ProtocolHint', 'Protocol Hint', 3, 1);
    view.hex('vpp.BufferIndex', 'Buffer Index', 4, 4);
    if (view.headerBytes <= VPP_FIXED_BYTES) return '';
    view.put('vpp.NodeName', 'Node Name', VPP_FIXED_BYTES * 8, (name.length + 1) * 8, name);
    const at = VPP_FIXED_BYTES + name.length + 1;
    if (view.headerBytes > at) view.raw('vpp.metadata', 'Metadata', at, view.headerBytes - at);
    return name;
  },
};
