import { hexOf, setOrNot } from '../header-view';
import { END, NEXT_ETHERNET, NEXT_IP, NEXT_IPV6, NEXT_MPLS, NEXT_NSH, UDP_PORT } from '../next';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';

const HEADER_BYTES = 8;

/** Virtual eXtensible LAN (RFC 7348). */
export const vxlan: Protocol = {
  id: 'vxlan',
  place: 'tunnel',
  name: 'Virtual eXtensible Local Area Network',
  claims: [UDP_PORT + 4789],
  step(cursor) {
    if (!cursor.has(HEADER_BYTES)) return END;
    cursor.skip(HEADER_BYTES);
    return NEXT_ETHERNET;
  },
  describe(view) {
    view.bits('vxlan.flags', 'Flags', 0, 16, hexOf(4), {
      children: view.children(() => {
        view.bits('vxlan.flag_g', 'Group Policy Extension', 0, 1, setOrNot);
        view.bits('vxlan.flag_i', 'Network Identifier Valid', 4, 1, setOrNot);
        view.bits('vxlan.flag_d', "Don't Learn", 9, 1, setOrNot);
        view.bits('vxlan.flag_a', 'Policy Applied', 12, 1, setOrNot);
      }),
    });
    view.uint('vxlan.gbp', 'Group Policy ID', 2, 2);
    view.uint('vxlan.vni', 'Network Identifier', 4, 3);
    view.uint('vxlan.reserved8', 'Reserved', 7, 1);
    return `VNI ${view.u32(4) >>> 8}`;
  },
};

/** Next protocols of VXLAN-GPE and of the network service header: the same numbers mean the same. */
export const GENERIC_NEXT: Readonly<Record<number, number>> = {
  1: NEXT_IP,
  2: NEXT_IPV6,
  3: NEXT_ETHERNET,
  4: NEXT_NSH,
  5: NEXT_MPLS,
};
export const GENERIC_NEXT_NAMES: Readonly<Record<number, string>> = {
  1: 'IPv4',
  2: 'IPv6',
  3: 'Ethernet',
  4: 'NSH',
  5: 'MPLS',
};

/** Generic protocol extension for VXLAN (draft-ietf-nvo3-vxlan-gpe). */
export const vxlanGpe: Protocol = {
  id: 'vxlan_gpe',
  place: 'tunnel',
  name: 'VXLAN Generic Protocol Extension',
  claims: [UDP_PORT + 4790],
  step(cursor) {
    if (!cursor.has(HEADER_BYTES)) return END;
    const next = cursor.bytes[cursor.at + 3]!;
    cursor.skip(HEADER_BYTES);
    return GENERIC_NEXT[next] ?? END;
  },
  describe(view) {
    view.bits('vxlan.flags', 'Flags', 0, 8, hexOf(2));
    view.bits('vxlan.reserved_16', 'Reserved', 8, 16);
    view.uint('vxlan.next_proto', 'Next Protocol', 3, 1, { meaning: nameOf(GENERIC_NEXT_NAMES, view.u8(3)) });
    view.uint('vxlan.vni', 'Network Identifier', 4, 3);
    view.uint('vxlan.reserved8', 'Reserved', 7, 1);
    return `VNI ${view.u32(4) >>> 8}`;
  },
};
