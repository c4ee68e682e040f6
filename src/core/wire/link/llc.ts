import { u16be, u24be } from '../../bytes/endian';
import type { Cursor } from '../cursor';
import { hexOf } from '../header-view';
import { END, ETHERTYPE, linkType, LLC_SAP, NEXT_ETHERNET, NEXT_LLC, NEXT_SNAP, PPP_PROTOCOL } from '../next';
import { etherTypeMeaning, nameOf } from '../numbers';
import type { Protocol } from '../protocol';

const SNAP_SAP = 0xaa;
/** The two low bits of a control field of one byte (IEEE 802.2 §5.4); the others have two. */
const UNNUMBERED = 0x03;

/** Whether a frame carries something: information frames, and unnumbered information without poll bit. */
const hasInformation = (control: number): boolean => (control & 1) === 0 || control === UNNUMBERED;

/** Passed in `cursor.extra` to SNAP: bytes of padding before a bridged frame (RFC 2684 §5.2; none in Frame Relay). */
const BRIDGED_PADDING = 2;
/** Passed as well: the control field says that nothing of a higher layer follows. Bridged frames follow all the same. */
const WITHOUT_INFORMATION = 0x10;

const SAPS: Readonly<Record<number, string>> = {
  0x06: 'IP',
  0x42: 'Spanning Tree',
  0xaa: 'SNAP',
  0xe0: 'IPX',
  0xf0: 'NetBIOS',
  0xfe: 'OSI',
};

/** IEEE 802.2 logical link control. */
export const llc: Protocol = {
  id: 'llc',
  place: 'link',
  name: 'Logical Link Control',
  claims: [NEXT_LLC, linkType(100), linkType(11), ETHERTYPE + 0x8870, PPP_PROTOCOL + 0x004b],
  step(cursor) {
    if (!cursor.has(3)) return END;
    const { bytes, at } = cursor;
    const destination = bytes[at]!;
    const length = (bytes[at + 2]! & UNNUMBERED) === UNNUMBERED ? 3 : 4;
    if (!cursor.has(length)) return END;
    cursor.skip(length);
    const isEmpty = !hasInformation(bytes[at + 2]!);
    if (destination !== SNAP_SAP || bytes[at + 1] !== SNAP_SAP) return isEmpty ? END : LLC_SAP + destination;
    cursor.extra = BRIDGED_PADDING | (isEmpty ? WITHOUT_INFORMATION : 0);
    return NEXT_SNAP;
  },
  describe(view) {
    view.hex('llc.dsap', 'Destination Service Access Point', 0, 1, { meaning: nameOf(SAPS, view.u8(0)) });
    view.hex('llc.ssap', 'Source Service Access Point', 1, 1, { meaning: nameOf(SAPS, view.u8(1)) });
    view.hex('llc.control', 'Control', 2, (view.u8(2) & UNNUMBERED) === UNNUMBERED ? 1 : 2);
    return `${hexOf(2)(view.u8(1))} → ${hexOf(2)(view.u8(0))}`;
  },
};

const OUI_ENCAPSULATED_ETHERNET = 0x000000;
/** Bridge tunnel encapsulation (IEEE 802.1H). */
const OUI_BRIDGE_TUNNEL = 0x0000f8;
const OUI_802_1 = 0x0080c2;
const BRIDGED_WITH_FCS = 0x0001;
const BRIDGED = 0x0007;
const FCS_BYTES = 4;

/** What a SNAP header names (RFC 1042; bridged frames: RFC 2427 §4.2). */
function snapNext(cursor: Cursor, organization: number, protocol: number): number {
  const padding = cursor.extra & BRIDGED_PADDING;
  const isEmpty = (cursor.extra & WITHOUT_INFORMATION) !== 0;
  cursor.extra = 0;
  switch (organization) {
    case OUI_ENCAPSULATED_ETHERNET:
    case OUI_BRIDGE_TUNNEL:
      return isEmpty ? END : ETHERTYPE + protocol;
    case OUI_802_1:
      if (protocol !== BRIDGED_WITH_FCS && protocol !== BRIDGED) return END;
      if (!cursor.has(padding)) return END;
      cursor.skip(padding);
      if (protocol === BRIDGED_WITH_FCS) cursor.trim(FCS_BYTES);
      return NEXT_ETHERNET;
    default:
      return END;
  }
}

/** Subnetwork access protocol (RFC 1042). */
export const snap: Protocol = {
  id: 'snap',
  place: 'link',
  name: 'Subnetwork Access Protocol',
  claims: [NEXT_SNAP],
  step(cursor) {
    if (!cursor.has(5)) return END;
    const { bytes, at } = cursor;
    cursor.skip(5);
    return snapNext(cursor, u24be(bytes, at), u16be(bytes, at + 3));
  },
  describe(view) {
    view.hex('llc.oui', 'Organization Code', 0, 3);
    view.hex('llc.type', 'Protocol', 3, 2, { meaning: etherTypeMeaning(view.u16(3)) });
    return `${hexOf(6)(view.u32(0) >>> 8)} ${hexOf(4)(view.u16(3))}`;
  },
};
