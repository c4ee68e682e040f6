import { u16be } from '../../bytes/endian';
import type { HeaderView } from '../header-view';
import { END, linkType, NEXT_ETHERNET } from '../next';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';
import { afterLengthOrType, describeLengthOrType } from './ethernet';

/**
 * Tags between a switch and the processor that manages it (Linux: "distributed switch architecture"), as they are seen
 * on the interface between the two: the port that a frame came by or is to go by.
 */

const ADDRESS_BYTES = 12;

/** Describes a tag, which begins at byte `at`, and returns one line about it. */
type Describe = (view: HeaderView, at: number) => string;

/** Ethernet with a tag of so many bytes between addresses and type. */
const tagged = (id: string, name: string, number: number, tagBytes: number, describe: Describe): Protocol => ({
  id,
  place: 'link',
  name,
  claims: [linkType(number)],
  step(cursor) {
    const length = ADDRESS_BYTES + tagBytes + 2;
    if (!cursor.has(length)) return END;
    cursor.skip(length);
    return afterLengthOrType(cursor, u16be(cursor.bytes, cursor.at - 2));
  },
  describe(view) {
    view.mac('eth.dst', 'Destination', 0);
    view.mac('eth.src', 'Source', 6);
    const summary = describe(view, ADDRESS_BYTES);
    describeLengthOrType(view, 'eth', ADDRESS_BYTES + tagBytes);
    return summary;
  },
});

const TO_SWITCH = 1;
const OPERATIONS: Readonly<Record<number, string>> = { 0: 'from the switch', [TO_SWITCH]: 'to the switch' };

const describeBroadcom: Describe = (view, at) => {
  const operation = view.u8(at) >>> 5;
  const bit = at * 8;
  view.bits('brcm.opcode', 'Operation', bit, 3, String, { meaning: nameOf(OPERATIONS, operation) });
  if (operation === TO_SWITCH) {
    view.bits('brcm.tc', 'Traffic Class', bit + 3, 3);
    view.bits('brcm.te', 'Tag Enforcement', bit + 6, 2);
    view.bits('brcm.ts', 'Time Stamp', bit + 8, 1);
    view.bits('brcm.dst_map', 'Destination Ports', bit + 23, 9, (ports) => `0x${ports.toString(16).padStart(3, '0')}`);
    return 'to the switch';
  }
  view.uint('brcm.cid', 'Classification', at + 1, 1);
  view.hex('brcm.rc', 'Reason', at + 2, 1);
  view.bits('brcm.tc', 'Traffic Class', bit + 24, 3);
  view.bits('brcm.port', 'Source Port', bit + 27, 5);
  return `port ${view.u8(at + 3) & 0x1f}`;
};

const BROADCOM_BYTES = 4;

/** Broadcom's tag between the addresses and the type. */
export const broadcomTag = tagged('brcm', 'Ethernet with Broadcom Switch Tag', 281, BROADCOM_BYTES, describeBroadcom);

/** The same before the whole frame. */
export const broadcomTagBefore: Protocol = {
  id: 'brcm.prepend',
  place: 'link',
  name: 'Broadcom Switch Tag',
  claims: [linkType(282)],
  step(cursor) {
    if (!cursor.has(BROADCOM_BYTES)) return END;
    cursor.skip(BROADCOM_BYTES);
    return NEXT_ETHERNET;
  },
  describe: (view) => describeBroadcom(view, 0),
};

const MODES: Readonly<Record<number, string>> = {
  0: 'to the processor',
  1: 'from the processor',
  2: 'to the sniffer',
  3: 'forwarded',
};

const describeMarvell: Describe = (view, at) => {
  const bit = at * 8;
  const mode = view.u8(at) >>> 6;
  const device = view.u8(at) & 0x1f;
  const port = view.u8(at + 1) >>> 3;
  view.bits('dsa.mode', 'Mode', bit, 2, String, { meaning: nameOf(MODES, mode) });
  view.bits('dsa.tagged', 'Tagged', bit + 2, 1);
  view.bits('dsa.dev', 'Device', bit + 3, 5);
  view.bits('dsa.port', 'Port or Trunk', bit + 8, 5);
  view.bits('dsa.code', 'Code, Trunk or Direction', bit + 13, 2);
  view.bits('dsa.cfi', 'Canonical Format Indicator', bit + 15, 1);
  view.bits('dsa.prio', 'Priority', bit + 16, 3);
  view.bits('dsa.code.low', 'Code, lowest bit', bit + 19, 1);
  view.bits('dsa.vid', 'VLAN', bit + 20, 12);
  return `${MODES[mode]}, port ${device}.${port}, VLAN ${view.u16(at + 2) & 0xfff}`;
};

/** Marvell's tag between the addresses and the type. */
export const marvellTag = tagged('dsa', 'Ethernet with Marvell Switch Tag', 284, 4, describeMarvell);

/** The same with an EtherType of its own before it, which can be set to any. */
export const marvellEtherTypeTag = tagged('edsa', 'Ethernet with Marvell EtherType Switch Tag', 285, 8, (view, at) => {
  view.hex('edsa.etype', 'Tag Type', at, 2);
  view.hex('edsa.reserved', 'Reserved', at + 2, 2);
  return describeMarvell(view, at + 4);
});
